//! What was wanted once, and how often it happened: one row for every request that was begun.

use super::icon::icon;
use crate::protocol::Request;
use crate::text::Text;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use crate::view::silence::has_silences;
use std::rc::Rc;
use yew::prelude::*;

/// The moment to count at.
#[derive(Properties, PartialEq)]
pub struct TallyProps {
    /// The present moment.
    pub view: Rc<View>,
}

/// More happenings than these are told by their number alone.
const DRAWN: u32 = 4;

/// What was wanted, and what happened. Nothing where no effects are counted.
#[component]
pub fn Tally(props: &TallyProps) -> Html {
    let ui = use_ui();
    let setup = &props.view.scene.setup;
    let silences = use_memo(setup.clone(), |setup| has_silences(setup));
    let begun = props.view.scene.begun();
    if begun.is_empty() {
        return Html::default();
    }
    let open = ui.show.reform(|_: MouseEvent| Show::Silences);
    html! { <>
        <ul class="tally" aria-label={ui.get("tally.title")}>
            { for begun.iter().map(|request| row(&ui, &props.view, *request)) }
        </ul>
        if *silences {
            <p class="tally-more"><button class="mini" id="silences" onclick={open}>{ icon("compare") }{ ui.get("silence.title") }</button></p>
        }
    </> }
}

fn row(ui: &Ui, view: &View, request: Request) -> Html {
    let n = view.scene.effects().get(&request).copied().unwrap_or(0);
    let seen = view.scene.answered().contains(&request);
    let who = view.scene.intent(request);
    let unknown = || ui.say(&Text::new("tally.unknown").word("who", who.clone()));
    let (class, sign, verdict) = match (n, seen) {
        (0, false) => ("", "clock", ui.get("tally.never")),
        (0, true) => ("bad", "cross", ui.get("tally.lost")),
        (1, true) => ("good", "check", ui.get("tally.right")),
        (1, false) => ("open", "clock", unknown()),
        (n, _) => ("bad", "cross", ui.say(&Text::new("tally.more").number("n", n - 1))),
    };
    let one = |i: u32| html! { <i class={classes!("once", (i > 0).then_some("again"))}></i> };
    html! {
        <li class={class} key={request.0}>
            <span class="quiet">{ &who }{ " " }{ ui.get("tally.wanted") }</span>
            <span class="marks">{ one(0) }</span>
            <span class="quiet">{ ui.get("tally.happened") }</span>
            <span class="marks" aria-hidden="true">{ for (0..n.min(DRAWN)).map(one) }</span>
            <b class="num">{ n }{ "×" }</b>
            <span class="verdict-word">{ icon(sign) }{ verdict }</span>
        </li>
    }
}
