//! All keys, what the marks in the diagram mean, and the words.

pub mod legend;

use super::dialog::Dialog;
use crate::text::Text;
use crate::ui::context::{Show, use_ui};
use yew::prelude::*;

/// What the keys do, in the order in which they are listed: the key of a text, and the keys, separated by
/// spaces.
pub const KEYS: &[(&str, &str)] = &[
    ("help.key.step", "→ N"),
    ("help.key.choose", "1–9"),
    ("help.key.back", "← Backspace"),
    ("help.key.forward", "Shift+→"),
    ("help.key.first", "Home"),
    ("help.key.last", "End"),
    ("help.key.undo", "Ctrl+Z"),
    ("help.key.redo", "Ctrl+Shift+Z"),
    ("help.key.branch", "Alt+← Alt+→"),
    ("help.key.events", "↑ ↓"),
    ("help.key.lifeline", "Ctrl+↑ Ctrl+↓"),
    ("help.key.follow", "Enter"),
    ("help.key.other-end", "."),
    ("help.key.past", "H"),
    ("help.key.zoom", "+ - 0"),
    ("help.key.turn", "T"),
    ("help.key.settings", ","),
    ("help.key.share", "S"),
    ("help.key.help", "?"),
    ("help.key.close", "Esc"),
];

/// The words that the story takes for granted.
const WORDS: &[&str] =
    &["in-doubt", "blocked", "forced", "presumption", "cooperative", "heuristic", "lock", "moment"];

/// The dialog.
#[component]
pub fn Help() -> Html {
    let ui = use_ui();
    let key = |(text, keys): &(&str, &str)| {
        let each = keys.split(' ').map(|k| html! { <kbd>{ k }</kbd> });
        html! { <tr key={text.to_string()}><th scope="row">{ ui.get(text) }</th><td>{ for each }</td></tr> }
    };
    let word = |w: &&str| {
        let text = Text::new(format!("help.word.{w}.means"));
        html! { <><dt>{ ui.get(&format!("help.word.{w}")) }</dt><dd>{ ui.rich(&text) }</dd></> }
    };
    html! {
        <Dialog id="help" title={ui.get("help.title")} on_close={ui.show.reform(|()| Show::Nothing)} class="large">
            <div class="help">
                <section>
                    <h3 class="label">{ ui.get("help.legend") }</h3>
                    <legend::Legend />
                    <h3 class="label">{ ui.get("help.words") }</h3>
                    <dl class="words-list">{ for WORDS.iter().map(word) }</dl>
                </section>
                <section>
                    <h3 class="label">{ ui.get("help.keys") }</h3>
                    <table class="keys">
                        <thead class="sr">
                            <tr><th scope="col">{ ui.get("help.act") }</th><th scope="col">{ ui.get("help.key") }</th></tr>
                        </thead>
                        <tbody>{ for KEYS.iter().map(key) }</tbody>
                    </table>
                    <p class="note">{ ui.get("help.keys.note") }</p>
                </section>
            </div>
        </Dialog>
    }
}
