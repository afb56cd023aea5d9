//! A dialog over the page: the browser's own, so that Esc, the focus and the page behind it are its business.

use super::icon::icon;
use crate::ui::context::use_ui;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

/// What a dialog shows.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Unique on the page.
    pub id: AttrValue,
    /// What it is about.
    pub title: AttrValue,
    /// Called when the reader wants it gone. Whoever shows it then no longer does.
    pub on_close: Callback<()>,
    /// `side` stands at the edge and dims nothing; `large` has room for tables.
    #[prop_or_default]
    pub class: Classes,
    /// Whether something inside takes the focus when it opens, rather than the title.
    #[prop_or_default]
    pub focus_inside: bool,
    /// What is in it.
    pub children: Html,
}

/// A dialog. It opens when it is mounted; when it goes, the focus returns to where it was.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let heading = format!("{}-title", props.id);
    {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        use_effect_with((), move |()| open(&node, on_close));
    }
    let on_close = props.on_close.clone();
    let close = move |_: MouseEvent| on_close.emit(());
    let outside = {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        move |e: MouseEvent| {
            if e.target().map(JsValue::from) == node.get().map(JsValue::from) {
                on_close.emit(());
            }
        }
    };
    html! {
        <dialog ref={node} class={classes!("dialog", props.class.clone())} aria-labelledby={heading.clone()}
            onclick={outside} onkeydown={|e: KeyboardEvent| e.stop_propagation()}>
            <div class="dialog-page">
                <header class="dialog-head">
                    <h2 id={heading} tabindex="-1" autofocus={!props.focus_inside}>{ &props.title }</h2>
                    <button class="pick square" onclick={close} aria-label={ui.get("drawer.close")}>
                        { icon("cross") }
                    </button>
                </header>
                <div class="dialog-body" tabindex="0">{ props.children.clone() }</div>
            </div>
        </dialog>
    }
}

/// Opens the dialog; what it returns closes it again.
fn open(node: &NodeRef, on_close: Callback<()>) -> Box<dyn FnOnce()> {
    let Some(dialog) = node.cast::<HtmlDialogElement>() else { return Box::new(|| ()) };
    let before = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    // It fails only for a dialog that is open or detached, and this one was just mounted.
    let _ = dialog.show_modal();
    let cancelled = on_close.clone();
    // The browser's own closing would leave our state behind: it asks, and we close.
    let cancel = EventListener::new_with_options(
        &dialog,
        "cancel",
        EventListenerOptions::enable_prevent_default(),
        move |event| {
            event.prevent_default();
            cancelled.emit(());
        },
    );
    let closed = EventListener::new(&dialog, "close", move |_| on_close.emit(()));
    Box::new(move || {
        drop((cancel, closed));
        dialog.close();
        if let Some(before) = before.and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
            let _ = before.focus();
        }
    })
}
