//! Taking a run away, and opening one: as an address, or as a script.

use super::dialog::Dialog;
use super::icon::icon;
use super::notice::NoticeBar;
use super::recent::Recent;
use crate::session::{Action, Notice};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Show, use_ui};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Beyond this, some programs cut addresses.
const LONG: usize = 1_900;

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// The whole address of this run.
    pub address: AttrValue,
    /// This run as a script.
    pub script: AttrValue,
    /// What the session has to say, for instance about what was opened here.
    #[prop_or_default]
    pub notice: Option<Notice>,
}

/// The dialog. It closes when another run has been opened.
#[component]
pub fn Share(props: &ShareProps) -> Html {
    let ui = use_ui();
    let asked = use_mut_ref(|| false);
    {
        let (asked, show) = (asked.clone(), ui.show.clone());
        use_effect_with((props.address.clone(), props.script.clone()), move |_| {
            if asked.replace(false) {
                show.emit(Show::Nothing);
            }
        });
    }
    let pasted = use_node_ref();
    let open = {
        let (act, pasted) = (ui.act.clone(), pasted.clone());
        move |_: MouseEvent| {
            let text = pasted.cast::<HtmlTextAreaElement>().map(|t| t.value()).unwrap_or_default();
            if let Some(action) = opened(&text) {
                asked.replace(true);
                act.emit(action);
            }
        }
    };
    let length = props.address.chars().count();
    let long = length > LONG;
    let size = Text::new(if long { "share.too-long" } else { "share.length" }).number("n", length as i64);
    // An address of its own kind: the file never leaves the page.
    let file = js_sys::encode_uri_component(&props.script);
    let file = format!("data:text/plain;charset=utf-8,{}", String::from(file));
    html! {
        <Dialog id="share" title={ui.get("share.title")} on_close={ui.show.reform(|()| Show::Nothing)} focus_inside=true>
            if let Some(notice) = &props.notice {
                <NoticeBar notice={notice.clone()} inside=true />
            }
            <section class="share">
                <label for="share-address"><b>{ ui.get("share.address") }</b></label>
                <Copyable id="share-address" text={props.address.clone()} />
                <p class={classes!("note", long.then_some("warn"))}>{ ui.say(&size) }</p>
            </section>
            <section class="share">
                <label for="share-script"><b>{ ui.get("share.script") }</b></label>
                <Copyable id="share-script" text={props.script.clone()} long=true />
                <p class="note">
                    { ui.get("share.script.why") }{ " " }
                    <a href={file} download="indoubt.txt">{ ui.get("share.file") }</a>
                </p>
            </section>
            <section class="share">
                <label for="share-open"><b>{ ui.get("share.open") }</b></label>
                <textarea ref={pasted} id="share-open" class="code" rows="3" spellcheck="false"
                    placeholder={ui.get("share.placeholder")} />
                <button class="btn" onclick={open}>{ ui.get("share.open-it") }</button>
            </section>
            <section class="share" aria-labelledby="share-recent">
                <h3 id="share-recent">{ ui.get("recent.title") }</h3>
                <Recent />
                <p class="note">{ ui.get("recent.where") }</p>
            </section>
        </Dialog>
    }
}

/// What pasted text is: one line with a `#` and no space is an address, everything else a script.
fn opened(text: &str) -> Option<Action> {
    let text = text.trim();
    match text.split_once('#') {
        _ if text.is_empty() => None,
        Some((_, hash)) if !text.contains(char::is_whitespace) => Some(Action::Link(hash.to_string())),
        _ => Some(Action::Script(text.to_string())),
    }
}

/// What can be copied.
#[derive(Properties, PartialEq)]
pub struct CopyableProps {
    /// The id of its field, for its label.
    pub id: AttrValue,
    /// The text.
    pub text: AttrValue,
    /// Whether it has several lines.
    #[prop_or_default]
    pub long: bool,
}

/// A text that one cannot change, with a button that copies it.
#[component]
pub fn Copyable(props: &CopyableProps) -> Html {
    let ui = use_ui();
    let field = use_node_ref();
    let said = use_state_eq(|| "");
    {
        // What was copied is no longer what is shown.
        let said = said.setter();
        use_effect_with(props.text.clone(), move |_| said.set(""));
    }
    let copy = {
        let (field, said, text) = (field.clone(), said.setter(), props.text.clone());
        move |_: MouseEvent| {
            let (field, said, text) = (field.clone(), said.clone(), text.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let done = browser::to_clipboard(&text).await;
                if !done {
                    select(&field);
                }
                said.set(if done { "share.copied" } else { "share.selected" });
            });
        }
    };
    let everything = {
        let field = field.clone();
        move |_: FocusEvent| select(&field)
    };
    html! {
        <div class={classes!("copyable", props.long.then_some("long"))}>
            if props.long {
                <textarea ref={field} id={&props.id} class="code" readonly=true rows="6" spellcheck="false"
                    value={&props.text} />
            } else {
                <input ref={field} id={&props.id} class="code" readonly=true value={&props.text}
                    onfocus={everything} />
            }
            // Whoever opens this wants the address: Enter copies it.
            <button class="btn" onclick={copy} autofocus={!props.long}>{ icon("copy") }{ ui.get("share.copy") }</button>
            <span class="note" role="status">{ if said.is_empty() { AttrValue::from("") } else { ui.get(*said) } }</span>
        </div>
    }
}

fn select(field: &NodeRef) {
    let Some(element) = field.get() else { return };
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        let _ = input.focus();
        input.select();
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        let _ = area.focus();
        area.select();
    }
}
