//! The last runs: the offer to go on, and the list to open or delete them.

use super::icon::icon;
use super::notice::NoticeBar;
use crate::session::Action;
use crate::text::Text;
use crate::ui::context::{Ui, use_ui};
use crate::ui::recent::Kept;
use crate::ui::store;
use yew::prelude::*;

/// Where the list is.
#[derive(Properties, PartialEq)]
pub struct RecentProps {
    /// Before anything has happened: the last run is offered, the others fold away.
    #[prop_or_default]
    pub offer: bool,
}

/// The last runs. Nothing where there are none.
#[component]
pub fn Recent(props: &RecentProps) -> Html {
    let ui = use_ui();
    let found = use_state(store::runs);
    let again = {
        let found = found.setter();
        Callback::from(move |()| found.set(store::runs()))
    };
    let (runs, notice) = &*found;
    let damage = notice.as_ref().map(|notice| html! { <NoticeBar notice={notice.clone()} inside=true /> });
    let Some((last, others)) = runs.split_first() else { return damage.unwrap_or_default() };
    let clear = {
        let again = again.clone();
        Callback::from(move |_: MouseEvent| {
            store::forget_runs();
            again.emit(());
        })
    };
    let list = |runs: &[Kept]| {
        html! {
            <>
                <ul class="recent">{ for runs.iter().map(|run| entry(&ui, run, &again)) }</ul>
                <button class="link" onclick={clear}>{ ui.get("recent.clear") }</button>
            </>
        }
    };
    if !props.offer {
        return html! { <>{ damage }{ list(runs) }</> };
    }
    html! {
        <section class="go-on" aria-labelledby="go-on">
            <h2 class="label" id="go-on">{ ui.get("recent.go-on") }</h2>
            { damage }
            { open(&ui, last) }
            if !others.is_empty() {
                <details class="more">
                    <summary>{ ui.say(&Text::new("recent.others").number("n", others.len() as i64)) }</summary>
                    { list(others) }
                </details>
            }
        </section>
    }
}

fn entry(ui: &Ui, run: &Kept, again: &Callback<()>) -> Html {
    let (again, hash) = (again.clone(), run.hash.clone());
    let delete = Callback::from(move |_: MouseEvent| {
        store::forget_run(&hash);
        again.emit(());
    });
    let label = ui.say(&Text::new("recent.delete").word("title", run.title.clone()));
    html! {
        <li key={run.hash.clone()}>
            { open(ui, run) }
            <button class="pick square" onclick={delete} aria-label={label.clone()} title={label}>{ icon("cross") }</button>
        </li>
    }
}

/// A run as a button that opens it.
fn open(ui: &Ui, run: &Kept) -> Html {
    let (act, hash) = (ui.act.clone(), run.hash.clone());
    let steps = run.decode().map_or(0, |d| d.tree.len());
    let about = Text::new("recent.about")
        .number("n", steps as i64)
        .word("when", store::written(run.when_ms, ui.lang));
    html! {
        <button class="opt" onclick={Callback::from(move |_: MouseEvent| act.emit(Action::Link(hash.clone())))}>
            { icon("forward") }
            <span class="what" lang={run.lang.tag()}>{ &run.title }</span>
            <span class="why">{ ui.say(&about) }</span>
        </button>
    }
}
