//! Three hints for somebody who is here for the first time. Each stands beside the thing it is about, covers
//! nothing, and goes when the reader has done it.

use crate::session::Action;
use crate::sim::Act;
use crate::text::Text;
use crate::ui::context::Ui;
use crate::ui::prefs::{HINTS, Prefs};
use yew::prelude::*;

const KEYS: [&str; HINTS as usize] = ["hint.step", "hint.crash", "hint.undo"];

/// Which hint an action is the answer to: by its place, if to any. What a link or a script did is nobody's answer.
pub fn answers(action: &Action) -> Option<u8> {
    match action {
        Action::Do(step) if step.torn.is_some() || matches!(step.act, Act::Crash(..)) => Some(1),
        Action::Do(_) | Action::Default | Action::Round | Action::Quiet | Action::Play(_) => Some(0),
        Action::Undo | Action::First | Action::Go(_) | Action::Branch { .. } => Some(2),
        _ => None,
    }
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
        <aside class={"hint"} aria-label={ui.say(&place)}>
            <p>{ ui.rich(&Text::new(*key)) }</p>
            <p class="hint-do">
                <span class="num quiet">{ ui.say(&place) }</span>
                <button class="link" onclick={skip}>{ ui.get("hint.skip") }</button>
            </p>
        </aside>
    }
}
