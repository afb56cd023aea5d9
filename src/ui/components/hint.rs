//! Three hints for somebody who is here for the first time. Each stands beside the thing it is about, covers
//! nothing, and goes when the reader has done it.

use crate::sim::FaultKind;
use crate::text::Text;
use crate::ui::context::Ui;
use crate::ui::prefs::{HINTS, Prefs};
use crate::view::View;
use yew::prelude::*;

const KEYS: [&str; HINTS as usize] = ["hint.step", "hint.crash", "hint.undo"];

/// How many hints are done, now that the run is as it is.
pub fn done(hints: u8, view: &View) -> u8 {
    let crashed = view.tokens.iter().any(|t| t.fault == FaultKind::Crash && t.spent > 0);
    let strip = &view.strip;
    let back = strip.branches.len() > 1 || strip.index + 1 < strip.branches[0].own.len();
    let did = [view.moment > 0, crashed, back];
    // In their order: a crash in a run from a link was not the reader's first step.
    hints + u8::from(did.get(usize::from(hints)).copied().unwrap_or(false))
}

/// The hint of the moment, if there is one left. Where nothing has happened yet only the first can be followed.
pub fn hint(ui: &Ui, opening: bool) -> Html {
    let hints = ui.prefs.hints;
    if opening && hints > 0 {
        return Html::default();
    }
    let Some(key) = KEYS.get(usize::from(hints)) else { return Html::default() };
    let skip = {
        let (set, prefs) = (ui.set_prefs.clone(), Prefs { hints: HINTS, ..(*ui.prefs).clone() });
        Callback::from(move |_: MouseEvent| set.emit(prefs.clone()))
    };
    let place = Text::new("hint.place").number("i", i64::from(hints) + 1).number("n", i64::from(HINTS));
    html! {
        <aside class={classes!("hint", (hints == 2).then_some("at-strip"))} aria-label={ui.say(&place)}>
            <p>{ ui.rich(&Text::new(*key)) }</p>
            <p class="hint-do">
                <span class="num quiet">{ ui.say(&place) }</span>
                <button class="link" onclick={skip}>{ ui.get("hint.skip") }</button>
            </p>
        </aside>
    }
}
