//! The browser: address, storage, theme, language, panics. The only place that touches them.

use super::prefs::Theme;
use crate::i18n::Lang;
use wasm_bindgen::prelude::*;
use web_sys::{Storage, Window, window};

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

/// What is kept under a key.
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value under a key.
pub fn store(key: &str, value: &str) {
    // A full or forbidden storage costs a preference, not the run.
    if let Some(Err(error)) = storage().map(|s| s.set_item(key, value)) {
        web_sys::console::warn_2(&"not kept".into(), &error);
    }
}

/// Forgets what is kept under a key.
pub fn forget(key: &str) {
    // It fails only where nothing can be kept.
    let _ = storage().map(|s| s.remove_item(key));
}

/// What the address holds after its `#`.
pub fn hash() -> String {
    let hash = the_window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_string()
}

/// Lets the address hold a run, without a new entry in the browser's history.
pub fn set_hash(hash: &str) {
    let replaced =
        the_window().history().and_then(|h| h.replace_state_with_url(&h.state()?, "", Some(&address(hash))));
    warn(replaced);
}

/// What the present entry of the browser's history holds.
pub fn entry() -> JsValue {
    the_window().history().and_then(|h| h.state()).unwrap_or(JsValue::NULL)
}

/// Lets the present entry hold something else.
pub fn set_entry(state: &JsValue) {
    warn(the_window().history().and_then(|h| h.replace_state(state, "")));
}

/// A new entry at the same address.
pub fn push_entry(state: &JsValue) {
    warn(the_window().history().and_then(|h| h.push_state(state, "")));
}

/// To the entry before.
pub fn go_back() {
    warn(the_window().history().and_then(|h| h.back()));
}

/// Some frames have no history of their own. Everything else works there.
fn warn(done: Result<(), JsValue>) {
    if let Err(error) = done {
        web_sys::console::warn_2(&"address not updated".into(), &error);
    }
}

/// Whether the address asks for something: `?nodemo`, `?embed=1`.
pub fn asked(what: &str) -> bool {
    let search = the_window().location().search().unwrap_or_default();
    search.trim_start_matches('?').split('&').any(|part| part.split('=').next() == Some(what))
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

/// Where the worker starts: beside the page, in whatever folder that is; and the script around the program, which is
/// the page's own.
pub fn worker_program() -> Option<(String, String)> {
    let document = the_window().document()?;
    let meta = document.query_selector("meta[name=indoubt-module]").ok()??;
    // A worker's addresses are resolved against its own, not against the page's base: these are whole.
    let base = document.base_uri().ok()??;
    let whole = |address: &str| Some(web_sys::Url::new_with_base(address, &base).ok()?.href());
    let program = meta.get_attribute("data-js")?;
    // Its name changes with every build: so no cache hands out yesterday's start to today's page.
    let start = format!("./explore.js?{}", program.rsplit('/').next()?);
    Some((whole(&start)?, whole(&program)?))
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

/// The browser's language, or else English.
pub fn language() -> Lang {
    the_window().navigator().language().and_then(|tag| Lang::from_tag(&tag)).unwrap_or_default()
}

/// The language that the page is in.
pub fn page_language() -> Lang {
    root().and_then(|r| r.get_attribute("lang")).and_then(|t| Lang::from_tag(&t)).unwrap_or_default()
}

/// Sets the page's language.
pub fn set_language(lang: Lang) {
    if let Some(root) = root() {
        set(&root, "lang", lang.tag());
    }
}

/// Sets the page's title, by which the browser tells entries of its history apart.
pub fn set_title(title: &str) {
    if let Some(document) = the_window().document() {
        document.set_title(title);
    }
}

/// Tells the page's own scripts something.
pub fn announce(what: &str) {
    if let Ok(event) = web_sys::Event::new(what) {
        let heard = the_window().dispatch_event(&event);
        debug_assert!(heard.is_ok());
    }
}

/// Whether there is room for the drawer beside the figure.
pub fn is_wide() -> bool {
    the_window().match_media("(min-width: 68.75em)").ok().flatten().is_none_or(|m| m.matches())
}

/// Whether there is only room for one thing at a time.
pub fn is_narrow() -> bool {
    the_window().match_media("(max-width: 39.9375em)").ok().flatten().is_some_and(|m| m.matches())
}

/// How much larger the reader's letters are than usual: what the root element's size is to 16 pixels.
pub fn letters() -> f64 {
    (text_size() / 16.0).clamp(1.0, 3.0)
}

/// Milliseconds since some fixed time, to share the page's time fairly. Nothing that is shown depends on it.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Does something when the page has been painted next.
pub fn after_paint(then: impl FnOnce() + 'static) {
    // What is asked for in a frame still comes before it is painted; the next task comes after.
    let call = Closure::once_into_js(move || gloo_timers::callback::Timeout::new(0, then).forget());
    let asked = the_window().request_animation_frame(call.unchecked_ref());
    debug_assert!(asked.is_ok());
}

/// Calls back when the page is about to be printed (true) and when it has been (false). The result ends that.
pub fn on_print(call: impl Fn(bool) + Clone + 'static) -> impl FnOnce() {
    let after = call.clone();
    let (before, after) =
        (listen("beforeprint", move |_| call(true)), listen("afterprint", move |_| after(false)));
    move || {
        before();
        after();
    }
}

/// What an input holds.
pub fn value_of(event: &web_sys::InputEvent) -> String {
    let input = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|i| i.value()).unwrap_or_default()
}

/// What an input holds after it was changed.
pub fn changed_value(event: &web_sys::Event) -> String {
    let input = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|i| i.value()).unwrap_or_default()
}

/// A seed that nobody has seen yet: small enough to be read out.
pub fn fresh_seed() -> u64 {
    let mut bytes = [0; 2];
    // Without a source of randomness the same seed comes again, which the reader can change.
    let filled = getrandom::fill(&mut bytes);
    debug_assert!(filled.is_ok());
    u64::from(u16::from_le_bytes(bytes))
}

/// Brings the first element inside that a selector finds into sight, moving no more than is needed.
pub fn scroll_to_first(inside: &yew::NodeRef, selector: &str) {
    let found = inside.cast::<web_sys::Element>().and_then(|e| e.query_selector(selector).ok().flatten());
    if let Some(element) = found {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Which option of a select is chosen.
pub fn selected_of(event: &web_sys::Event) -> usize {
    let select = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
    select.and_then(|s| usize::try_from(s.selected_index()).ok()).unwrap_or(0)
}

/// Sets one of an element's styles. By script, since the page's policy allows no style attributes.
pub fn set_style(node: &yew::NodeRef, property: &str, value: &str) {
    let element = node.cast::<web_sys::HtmlElement>();
    if let Some(Err(error)) = element.map(|e| e.style().set_property(property, value)) {
        web_sys::console::warn_2(&"style not set".into(), &error);
    }
}

/// Moves the focus to the first element inside that a selector finds.
pub fn focus_first(inside: &yew::NodeRef, selector: &str) {
    focus(inside.cast::<web_sys::Element>().and_then(|e| e.query_selector(selector).ok().flatten()));
}

/// Whether something is open that the browser itself closes.
pub fn has_popover() -> bool {
    the_window().document().and_then(|d| d.query_selector(":popover-open").ok().flatten()).is_some()
}

/// How many processors the browser says there are.
pub fn processors() -> usize {
    the_window().navigator().hardware_concurrency() as usize
}

/// Moves the focus to what a selector finds, once the page shows it.
pub fn focus_soon(selector: &'static str) {
    once_shown(selector, |found| focus(Some(found)));
}

/// Shows the page from its top, once another run stands on it. What had the focus may be gone with the run
/// before; then the focus goes to what a selector finds.
pub fn arrive(selector: &'static str) {
    once_shown(selector, |found| {
        the_window().scroll_to_with_x_and_y(0.0, 0.0);
        if let Ok(Some(stage)) = found.closest(".stage") {
            stage.set_scroll_top(0);
        }
        if is_lost(&found) {
            focus(Some(found));
        }
    });
}

/// Whether the focus is inside what a selector finds, and a key brought it there.
pub fn key_in(selector: &str) -> bool {
    let active = the_window().document().and_then(|d| d.active_element());
    active.is_some_and(|e| {
        e.matches(":focus-visible").unwrap_or(false) && e.closest(selector).ok().flatten().is_some()
    })
}

/// Focuses what a selector finds, if what had the focus is gone.
pub fn focus_if_lost(selector: &'static str) {
    once_shown(selector, |found| {
        if is_lost(&found) {
            focus(Some(found));
        }
    });
}

/// Whether nothing on the page has the focus.
fn is_lost(any: &web_sys::Element) -> bool {
    any.owner_document().and_then(|d| d.active_element()).is_none_or(|e| e.tag_name() == "BODY")
}

/// Moves to what a selector finds, and the focus to the first in it that another finds, once the page shows it.
pub fn reveal(selector: &'static str, first: &'static str) {
    once_shown(selector, move |found| {
        found.scroll_into_view();
        focus(found.query_selector(first).ok().flatten());
    });
}

/// Presses the button that a selector finds, once the page shows it.
pub fn press_soon(selector: &'static str) {
    once_shown(selector, |found| {
        if let Ok(button) = found.dyn_into::<web_sys::HtmlElement>() {
            button.click();
        }
    });
}

fn once_shown(selector: &'static str, then: impl FnMut(web_sys::Element) + 'static) {
    gloo_timers::callback::Timeout::new(0, move || {
        let found = the_window().document().and_then(|d| d.query_selector(selector).ok().flatten());
        found.into_iter().for_each(then);
    })
    .forget();
}

fn focus(element: Option<web_sys::Element>) {
    let element = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(Err(error)) = element.map(|e| e.focus()) {
        web_sys::console::warn_2(&"focus not moved".into(), &error);
    }
}

/// Whether a key was pressed on a radio button.
pub fn is_radio(event: &web_sys::KeyboardEvent) -> bool {
    let input = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.is_some_and(|i| i.type_() == "radio")
}

const DARK: &str = "(prefers-color-scheme: dark)";

/// The colours that the system prefers.
pub fn theme() -> Theme {
    let dark = the_window().match_media(DARK).ok().flatten();
    if dark.is_some_and(|m| m.matches()) { Theme::Dark } else { Theme::Light }
}

/// Calls back when the system prefers other colours. The result ends that.
pub fn on_theme_change(call: impl Fn(Theme) + 'static) -> impl FnOnce() {
    let query = the_window().match_media(DARK).ok().flatten();
    let listener =
        query.map(|query| gloo_events::EventListener::new(&query, "change", move |_| call(theme())));
    move || drop(listener)
}

/// Applies a theme to the page.
pub fn set_theme(theme: Theme) {
    if let Some(root) = root() {
        set(&root, "data-theme", theme.word());
    }
}

fn set(element: &web_sys::Element, name: &str, value: &str) {
    let done = element.set_attribute(name, value);
    debug_assert!(done.is_ok());
}

/// A panic shows a dialog that keeps the address, which holds the run, instead of a dead page.
pub fn show_panics() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let shown = report(&info.to_string());
        debug_assert!(shown.is_some());
    }));
}

/// Says that something went wrong inside the page, with what is needed to look into it. Built without Yew, which
/// may be what panicked, and on the browser's top layer, where an open dialog does not make it inert.
pub fn report(what: &str) -> Option<()> {
    let document = the_window().document()?;
    let lang = page_language();
    let dialog: web_sys::HtmlDialogElement = document.create_element("dialog").ok()?.dyn_into().ok()?;
    set(&dialog, "class", "panic");
    set(&dialog, "role", "alertdialog");
    set(&dialog, "aria-labelledby", "panic-title");
    let say = |tag: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(text));
        dialog.append_child(&element).ok()?;
        Some(element)
    };
    let press = |key: &str, act: Box<dyn Fn()>| {
        let button = say("button", &lang.get(key))?;
        let click = Closure::<dyn Fn()>::new(act);
        button.add_event_listener_with_callback("click", click.as_ref().unchecked_ref()).ok()?;
        // The page is at its end: nothing frees this, and nothing needs to.
        click.forget();
        Some(button)
    };
    set(&say("h2", &lang.get("app.panel-failed"))?, "id", "panic-title");
    let link = the_window().location().href().ok()?;
    let text = [what, "\n", &link, "\nindoubt ", env!("CARGO_PKG_VERSION")].concat();
    let shown = say("pre", &text)?;
    set(&shown, "tabindex", "0");
    press("app.reload", Box::new(|| drop(the_window().location().reload())))?;
    let copied = document.create_element("span").ok()?;
    set(&copied, "role", "status");
    let done = copied.clone();
    press(
        "app.copy-report",
        Box::new(move || {
            let (text, shown, done) = (text.clone(), shown.clone(), done.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let copied = to_clipboard(&text).await;
                if !copied {
                    // What is selected only has to be copied.
                    let selection = the_window().get_selection().ok().flatten();
                    drop(selection.map(|s| s.select_all_children(&shown)));
                }
                let key = if copied { "share.copied" } else { "app.copy-by-hand" };
                done.set_text_content(Some(&lang.get(key)));
            });
        }),
    )?;
    dialog.append_child(&copied).ok()?;
    document.body()?.append_child(&dialog).ok()?;
    dialog.show_modal().ok()
}

/// Copies a text. False if the browser did not let us; it has no clipboard on pages that are not secure.
pub async fn to_clipboard(text: &str) -> bool {
    let navigator = the_window().navigator();
    let found = js_sys::Reflect::get(&navigator, &JsValue::from("clipboard"));
    if found.map_or(true, |c| c.is_undefined()) {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Lets the element that a pointer is on have all of its events until it is let go.
pub fn capture(event: yew::PointerEvent) {
    let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    if let Some(Err(error)) = target.map(|t| t.set_pointer_capture(event.pointer_id())) {
        web_sys::console::warn_2(&"pointer not captured".into(), &error);
    }
}

/// The left and the right edge of what the event's element is in, in pixels.
pub fn edges(event: &web_sys::Event, inside: &str) -> (f64, f64) {
    let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let around = target.and_then(|t| t.closest(inside).ok().flatten());
    around.map_or((0.0, 0.0), |a| {
        let at = a.get_bounding_client_rect();
        (at.left(), at.right())
    })
}

/// A text in small letters, as the browser knows them for every script.
pub fn lowercase(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// How wide the columns are of the grid that the event's element is in, in pixels.
pub fn columns(event: &web_sys::Event, inside: &str) -> Vec<f64> {
    let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let around = target.and_then(|t| t.closest(inside).ok().flatten());
    let style = around.and_then(|a| the_window().get_computed_style(&a).ok().flatten());
    let columns = style.and_then(|s| s.get_property_value("grid-template-columns").ok()).unwrap_or_default();
    columns.split(' ').map(js_sys::parse_float).filter(|c| c.is_finite()).collect()
}

/// The size of the page's text, in pixels: 16, unless the reader wants another.
pub fn text_size() -> f64 {
    let style = root().and_then(|r| the_window().get_computed_style(&r).ok().flatten());
    let size = style.and_then(|s| s.get_property_value("font-size").ok());
    // The browser reads fractions already.
    size.map(|s| js_sys::parse_float(&s)).filter(|s| *s > 0.0).unwrap_or(16.0)
}

/// Sets one of the page's own properties to a width, in pixels at a text size of 16; `None` takes it away.
pub fn set_root(property: &str, width: Option<u16>) {
    let Some(root) = root().and_then(|r| r.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let done = match width {
        // In rem, so that it grows with the text.
        Some(width) => {
            root.style().set_property(property, &["calc(", &width.to_string(), " / 16 * 1rem)"].concat())
        }
        None => root.style().remove_property(property).map(drop),
    };
    debug_assert!(done.is_ok());
}
