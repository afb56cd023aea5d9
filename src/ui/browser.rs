//! The browser: address, storage, theme, language, panics. The only place that touches them.

use crate::i18n::Lang;
use wasm_bindgen::prelude::*;
use web_sys::{Storage, Window, window};

/// Which colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// Ink on paper.
    Light,
    /// The other way round.
    Dark,
}

impl Theme {
    fn word(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The other one.
    pub fn other(self) -> Theme {
        match self {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        }
    }
}

fn the_window() -> Window {
    window().expect("a page has a window")
}

fn root() -> Option<web_sys::Element> {
    the_window().document()?.document_element()
}

/// What was stored, if storage is allowed at all: in some frames and modes it is not.
fn storage() -> Option<Storage> {
    the_window().local_storage().ok().flatten()
}

fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn store(key: &str, value: &str) {
    // A full or forbidden storage costs a preference, not the run.
    if let Some(Err(error)) = storage().map(|s| s.set_item(key, value)) {
        web_sys::console::warn_2(&"preference not stored".into(), &error);
    }
}

/// What the address holds after its `#`.
pub fn hash() -> String {
    let hash = the_window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_string()
}

/// Lets the address hold a run, without a new entry in the browser's history.
pub fn set_hash(hash: &str) {
    let replaced = the_window()
        .history()
        .and_then(|h| h.replace_state_with_url(&JsValue::NULL, "", Some(&address(hash))));
    if let Err(error) = replaced {
        web_sys::console::warn_2(&"address not updated".into(), &error);
    }
}

/// The page's own address without a hash: a bare `#` would be resolved against the base element.
fn base() -> String {
    let href = the_window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_string()
}

/// The address of this page with a hash, which begins with its `#`.
pub fn address(hash: &str) -> String {
    format!("{}{hash}", base())
}

/// Calls back when the reader changes the address by hand. The result ends that.
pub fn on_hash_change(call: impl Fn(String) + 'static) -> impl FnOnce() {
    listen("hashchange", move |_| call(hash()))
}

/// Listens on the window; the result ends that.
pub fn listen(event: &'static str, call: impl Fn(web_sys::Event) + 'static) -> impl FnOnce() {
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(call);
    let target = the_window();
    let done = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    debug_assert!(done.is_ok());
    move || {
        let gone = target.remove_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        debug_assert!(gone.is_ok());
    }
}

/// The stored language, or else the browser's, or else English.
pub fn language() -> Lang {
    let stored = stored("indoubt.lang");
    let browser = the_window().navigator().language();
    [stored, browser].into_iter().flatten().find_map(|tag| Lang::from_tag(&tag)).unwrap_or_default()
}

/// Sets the page's language.
pub fn set_language(lang: Lang) {
    if let Some(root) = root() {
        set(&root, "lang", lang.tag());
    }
}

/// Remembers a language that the reader chose.
pub fn keep_language(lang: Lang) {
    store("indoubt.lang", lang.tag());
}

/// Whether there is room for the drawer beside the figure.
pub fn is_wide() -> bool {
    the_window().match_media("(min-width: 1100px)").ok().flatten().is_none_or(|m| m.matches())
}

/// How much larger the reader's letters are than usual: what the root element's size is to 16 pixels.
pub fn letters() -> f64 {
    let size = root().and_then(|r| the_window().get_computed_style(&r).ok().flatten());
    let size = size.and_then(|s| s.get_property_value("font-size").ok());
    let size = size.and_then(|s| s.trim_end_matches("px").parse::<f64>().ok());
    size.map_or(1.0, |s| (s / 16.0).clamp(1.0, 3.0))
}

/// Whether time runs to the right in the diagram, if the reader chose so.
pub fn runs_right() -> bool {
    stored("indoubt.time").as_deref() == Some("right")
}

/// Remembers which way time runs.
pub fn keep_runs_right(right: bool) {
    store("indoubt.time", if right { "right" } else { "down" });
}

/// What an input holds.
pub fn value_of(event: &web_sys::InputEvent) -> String {
    let input = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|i| i.value()).unwrap_or_default()
}

/// Which option of a select is chosen.
pub fn selected_of(event: &web_sys::Event) -> usize {
    let select = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
    select.and_then(|s| usize::try_from(s.selected_index()).ok()).unwrap_or(0)
}

/// Sets an element's width.
pub fn set_width(node: &yew::NodeRef, width: &str) {
    let element = node.cast::<web_sys::HtmlElement>();
    if let Some(Err(error)) = element.map(|e| e.style().set_property("width", width)) {
        web_sys::console::warn_2(&"width not set".into(), &error);
    }
}

/// Moves the focus to the first element inside that a selector finds.
pub fn focus_first(inside: &yew::NodeRef, selector: &str) {
    let found = inside.cast::<web_sys::Element>().and_then(|e| e.query_selector(selector).ok().flatten());
    let element = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(Err(error)) = element.map(|e| e.focus()) {
        web_sys::console::warn_2(&"focus not moved".into(), &error);
    }
}

/// Whether a key was pressed on a radio button.
pub fn is_radio(event: &web_sys::KeyboardEvent) -> bool {
    let input = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.is_some_and(|i| i.type_() == "radio")
}

/// The stored theme, or else the one the system prefers.
pub fn theme() -> Theme {
    match stored("indoubt.theme").as_deref() {
        Some("dark") => Theme::Dark,
        Some("light") => Theme::Light,
        _ => {
            let dark = the_window().match_media("(prefers-color-scheme: dark)").ok().flatten();
            if dark.is_some_and(|m| m.matches()) { Theme::Dark } else { Theme::Light }
        }
    }
}

/// Applies a theme to the page.
pub fn set_theme(theme: Theme) {
    if let Some(root) = root() {
        set(&root, "data-theme", theme.word());
    }
}

/// Remembers a theme that the reader chose.
pub fn keep_theme(theme: Theme) {
    store("indoubt.theme", theme.word());
}

fn set(element: &web_sys::Element, name: &str, value: &str) {
    let done = element.set_attribute(name, value);
    debug_assert!(done.is_ok());
}

/// A panic shows a dialog that keeps the address, which holds the run, instead of a dead page.
pub fn show_panics() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let shown = panic_dialog(&info.to_string());
        debug_assert!(shown.is_some());
    }));
}

/// Built without Yew, which may be what panicked.
fn panic_dialog(what: &str) -> Option<()> {
    let document = the_window().document()?;
    let lang = language();
    let dialog = document.create_element("div").ok()?;
    set(&dialog, "class", "panic");
    set(&dialog, "role", "alertdialog");
    set(&dialog, "aria-modal", "true");
    let say = |tag: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(text));
        dialog.append_child(&element).ok()?;
        Some(element)
    };
    say("h2", &lang.get("app.panel-failed"))?;
    say(
        "pre",
        &format!("{what}\n{}\nindoubt {}", the_window().location().href().ok()?, env!("CARGO_PKG_VERSION")),
    )?;
    let reload = say("button", &lang.get("app.reload"))?;
    let click = Closure::<dyn Fn()>::new(|| drop(the_window().location().reload()));
    reload.add_event_listener_with_callback("click", click.as_ref().unchecked_ref()).ok()?;
    click.forget();
    document.body()?.append_child(&dialog).ok()?;
    Some(())
}
