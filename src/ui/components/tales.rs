//! Runs that have already gone wrong, to walk into. Each is a script, and a test plays it.

use crate::session::Action;
use crate::ui::context::use_ui;
use yew::prelude::*;

/// The scripts, by the middle of the keys of their texts.
const TALES: [(&str, &str); 4] = [
    ("half-way", include_str!("../../../www/tales/half-way.txt")),
    ("not-forced", include_str!("../../../www/tales/not-forced.txt")),
    ("impatient", include_str!("../../../www/tales/impatient.txt")),
    ("asked-again", include_str!("../../../www/tales/asked-again.txt")),
];

/// Runs that have already gone wrong.
#[component]
pub fn Tales() -> Html {
    let ui = use_ui();
    let tale = |(key, script): &(&str, &'static str)| {
        let act = ui.act.clone();
        let script = *script;
        html! {
            <li>
                <button class="tale" onclick={Callback::from(move |_: MouseEvent| act.emit(Action::Script(script.into())))}>
                    { picture(key) }
                    <span>
                        <b>{ ui.get(&format!("tale.{key}")) }</b>
                        <span class="quiet">{ ui.get(&format!("tale.{key}.why")) }</span>
                    </span>
                </button>
            </li>
        }
    };
    html! {
        <section class="tales" aria-labelledby="tales-title">
            <h2 class="label" id="tales-title">{ ui.get("tale.title") }</h2>
            <ul>{ for TALES.iter().map(tale) }</ul>
        </section>
    }
}

/// What one will see, in the figure's own signs.
fn picture(key: &str) -> Html {
    let lifelines = match key {
        "asked-again" => html! { <path class="life" d="M26 4V60M86 4V60" /> },
        _ => html! { <path class="life" d="M22 4V60M60 4V60M98 4V60" /> },
    };
    let rest = match key {
        "asked-again" => html! {
            <>
                <path class="msg" d="M26 8 84 14M26 34 84 40" />
                <rect class="slip-r effect" x="72" y="17" width="28" height="11" rx="2" />
                <rect class="slip-r effect again" x="72" y="44" width="28" height="11" rx="2" />
                <path class="msg vote" d="M71 23 52 27" /><path class="cut" d="M44 23l8 8M52 23l-8 8" />
            </>
        },
        "half-way" => html! {
            <>
                <rect class="band" x="12" y="14" width="20" height="22" /><rect class="band-h" x="12" y="14" width="20" height="22" />
                <rect class="band" x="88" y="18" width="20" height="42" /><rect class="band-x" x="88" y="18" width="20" height="42" />
                <rect class="lane" x="111" y="4" width="4" height="56" rx="2" />
                <path class="msg decide" d="M58 30 36 36" /><path class="msg decide-in" d="M58 30 36 36" />
                <path class="cut" d="M55 38l10 10M65 38l-10 10" />
            </>
        },
        "not-forced" => html! {
            <>
                <rect class="slip-r ghost" x="6" y="16" width="32" height="12" rx="2" />
                <path class="cut" d="M17 34l10 10M27 34l-10 10" />
                <rect class="slip-r good" x="46" y="38" width="28" height="12" rx="2" />
                <path class="msg vote" d="M38 24 56 32" />
            </>
        },
        _ => html! {
            <>
                <rect class="band" x="12" y="12" width="20" height="18" /><rect class="band-x" x="12" y="12" width="20" height="18" />
                <rect class="band" x="88" y="12" width="20" height="18" /><rect class="band-x" x="88" y="12" width="20" height="18" />
                <rect class="slip-r good" x="8" y="36" width="28" height="12" rx="2" />
                <rect class="slip-r" x="84" y="36" width="28" height="12" rx="2" /><path class="cut" d="M92 38l10 8M102 38l-10 8" />
            </>
        },
    };
    html! { <svg width="120" height="64" viewBox="0 0 120 64" aria-hidden="true">{ lifelines }{ rest }</svg> }
}
