//! Runs that have already gone wrong, on the opening page: a list to read down, not a wall of cards.

use crate::session::Action;
use crate::ui::context::use_ui;
use crate::ui::tales::{SHELVES, Shelf, Tale};
use yew::prelude::*;

/// Runs that have already gone wrong.
#[component]
pub fn Tales() -> Html {
    let ui = use_ui();
    let tale = |tale: &Tale| {
        let (act, script) = (ui.act.clone(), tale.script);
        html! {
            <li>
                <button class="tale" onclick={Callback::from(move |_: MouseEvent| act.emit(Action::Script(script.into())))}>
                    <svg width="84" height="45" viewBox="0 0 120 64" aria-hidden="true">{ picture(tale.key) }</svg>
                    <span>
                        <b>{ ui.get(&format!("tale.{}", tale.key)) }</b>
                        <span class="quiet">{ ui.get(&format!("tale.{}.why", tale.key)) }</span>
                    </span>
                </button>
            </li>
        }
    };
    let shelf = |shelf: &Shelf| {
        html! {
            <div class="shelf">
                <h3>{ ui.get(shelf.title) }</h3>
                <ul>{ for shelf.tales.iter().map(tale) }</ul>
            </div>
        }
    };
    html! {
        <section class="tales" aria-labelledby="tales-title">
            <h2 class="label" id="tales-title">{ ui.get("tale.title") }</h2>
            { for SHELVES.iter().map(shelf) }
        </section>
    }
}

/// What one will see, in the figure's own signs.
fn picture(key: &str) -> Html {
    let two = || html! { <path class="life" d="M26 4V60M86 4V60" /> };
    let three = || html! { <path class="life" d="M22 4V60M60 4V60M98 4V60" /> };
    match key {
        "half-way" => html! {
            <>
                { three() }
                <rect class="band" x="12" y="14" width="20" height="22" /><rect class="band-h" x="12" y="14" width="20" height="22" />
                <rect class="band" x="88" y="18" width="20" height="42" /><rect class="band-x" x="88" y="18" width="20" height="42" />
                <rect class="lane" x="111" y="4" width="4" height="56" rx="2" />
                <path class="msg decide" d="M58 30 36 36" /><path class="msg decide-in" d="M58 30 36 36" />
                <path class="cut" d="M55 38l10 10M65 38l-10 10" />
            </>
        },
        "not-forced" => html! {
            <>
                { three() }
                <rect class="slip-r ghost" x="6" y="16" width="32" height="12" rx="2" />
                <path class="cut" d="M17 34l10 10M27 34l-10 10" />
                <rect class="slip-r good" x="46" y="38" width="28" height="12" rx="2" />
                <path class="msg vote" d="M38 24 56 32" />
            </>
        },
        "impatient" => html! {
            <>
                { three() }
                <rect class="band" x="12" y="12" width="20" height="18" /><rect class="band-x" x="12" y="12" width="20" height="18" />
                <rect class="band" x="88" y="12" width="20" height="18" /><rect class="band-x" x="88" y="12" width="20" height="18" />
                <rect class="slip-r good" x="8" y="36" width="28" height="12" rx="2" />
                <rect class="slip-r" x="84" y="36" width="28" height="12" rx="2" /><path class="cut" d="M92 38l10 8M102 38l-10 8" />
            </>
        },
        "asked-again" => html! {
            <>
                { two() }
                <path class="msg" d="M26 8 84 14M26 34 84 40" />
                <rect class="slip-r effect" x="72" y="17" width="28" height="11" rx="2" />
                <rect class="slip-r effect again" x="72" y="44" width="28" height="11" rx="2" />
                <path class="msg vote" d="M71 23 52 27" /><path class="cut" d="M44 23l8 8M52 23l-8 8" />
            </>
        },
        "at-once" => html! {
            <>
                { three() }
                <path class="msg" d="M22 8 58 18M98 8 62 18" />
                <rect class="slip-r effect" x="44" y="24" width="32" height="12" rx="2" />
                <rect class="slip-r effect again" x="44" y="42" width="32" height="12" rx="2" />
            </>
        },
        "no-such-file" => html! {
            <>
                { two() }
                <path class="msg" d="M26 6 84 11M26 36 84 41" />
                <rect class="slip-r good" x="72" y="14" width="28" height="11" rx="2" />
                <path class="msg vote" d="M71 20 54 23" /><path class="cut" d="M44 20l8 8M52 20l-8 8" />
                <path class="msg vote no" d="M86 46 30 55" />
            </>
        },
        "late-holder" => html! {
            <>
                <path class="life" d="M22 4V18M22 46V60M60 4V60M98 4V60" /><path class="life paused" d="M22 18V46" />
                <rect class="lane" x="12" y="6" width="4" height="16" rx="2" /><rect class="lane" x="104" y="24" width="4" height="36" rx="2" />
                <path class="msg" d="M98 28 62 32M22 48 58 50" />
                <rect class="slip-r effect" x="46" y="24" width="28" height="11" rx="2" />
                <rect class="slip-r effect again" x="46" y="46" width="28" height="11" rx="2" />
            </>
        },
        "handed-out-again" => html! {
            <>
                { three() }
                <path class="msg" d="M22 6 58 10M60 12 96 16M22 38 58 42M60 44 96 48" />
                <rect class="slip-r effect" x="84" y="13" width="28" height="11" rx="2" />
                <rect class="slip-r effect again" x="84" y="45" width="28" height="11" rx="2" />
                <path class="cut" d="M55 21l10 10M65 21l-10 10" />
            </>
        },
        _ => html! {
            <>
                { three() }
                <rect class="slip-r good" x="46" y="10" width="28" height="12" rx="2" />
                <path class="msg decide" d="M74 20 84 24" /><path class="msg decide-in" d="M74 20 84 24" />
                <path class="cut" d="M82 20l9 9M91 20l-9 9" />
                <path class="msg ack" d="M46 22 24 30" />
                <rect class="slip-r ghost" x="82" y="40" width="32" height="12" rx="2" />
            </>
        },
    }
}
