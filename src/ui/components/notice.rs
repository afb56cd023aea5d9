//! Something that the reader should know: what happened, why, and what to do.

use super::icon::icon;
use crate::session::{Action, Level, Notice};
use crate::ui::context::use_ui;
use yew::prelude::*;

/// What to say.
#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    /// The notice.
    pub notice: Notice,
    /// Shown inside a dialog: without the buttons that act on the page behind it.
    #[prop_or_default]
    pub inside: bool,
    /// Takes it away, if it is not the session's.
    #[prop_or_default]
    pub on_dismiss: Option<Callback<()>>,
}

/// What is longer than this is read when it is asked for.
const SHORT: usize = 160;

/// A banner. Errors are spoken at once, everything else when there is time.
#[component]
pub fn NoticeBar(props: &NoticeProps) -> Html {
    let ui = use_ui();
    let notice = &props.notice;
    let (role, class) = match notice.level {
        Level::Info => ("status", "info"),
        Level::Error => ("alert", "error"),
    };
    let act = |action: Action| {
        let act = ui.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(action.clone()))
    };
    let dismiss = match props.on_dismiss.clone() {
        Some(dismiss) => Callback::from(move |_: MouseEvent| dismiss.emit(())),
        None => act(Action::Dismiss),
    };
    // What is long waits behind a word.
    let raw = notice.raw.as_ref().map(|raw| ui.say(raw));
    let (short, long) = match raw {
        Some(raw) if raw.chars().count() > SHORT || raw.starts_with('#') => (None, Some(raw)),
        raw => (raw, None),
    };
    html! {
        <div class={classes!("notice", class)} role={role}>
            <p>
                { ui.rich(&notice.text) }
                if let Some(raw) = &short { <code class="code raw">{ raw }</code> }
            </p>
            if let Some(raw) = &long {
                <details><summary>{ ui.get("notice.raw") }</summary><code class="code raw">{ raw }</code></details>
            }
            if !props.inside {
                <div class="notice-do">
                    if let Some(offer) = &notice.offer {
                        <button class="link" onclick={act(offer.action.clone())}>{ ui.say(&offer.text) }</button>
                    }
                    if notice.level == Level::Info {
                        <button class="pick" aria-label={ui.get("notice.dismiss")} title={ui.get("notice.dismiss")}
                            onclick={dismiss}>{ icon("cross") }</button>
                    } else {
                        <button class="link" onclick={dismiss}>{ ui.get("notice.dismiss") }</button>
                    }
                </div>
            }
        </div>
    }
}
