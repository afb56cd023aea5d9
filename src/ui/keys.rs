//! Keys for the whole page.

use super::browser;
use super::context::FigureCmd;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What a key asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// Do what Step does.
    Step,
    /// To the moment before.
    Back,
    /// To the moment last visited from here.
    Forward,
    /// To the beginning.
    First,
    /// To the end.
    Last,
    /// The next branch.
    NextBranch,
    /// The branch before.
    PreviousBranch,
    /// The choice with this number.
    Choice(u8),
    /// Open or close the help.
    Help,
    /// Open what can be shared.
    Share,
    /// Open the settings.
    Settings,
    /// Something for the diagram.
    Figure(FigureCmd),
    /// Close what lies over the page.
    Escape,
}

/// Listens to the page's keys; the result ends that.
pub fn listen(call: impl Fn(Key) + 'static) -> impl FnOnce() {
    browser::listen("keydown", move |event| {
        let event: KeyboardEvent = event.unchecked_into();
        if event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        if let Some(key) = meaning(&event, target.as_ref()) {
            event.prevent_default();
            call(key);
        }
    })
}

/// What a key press means where it happened. Single keys mean nothing while one types, nor in a dialog,
/// and arrows belong to whatever control has them.
fn meaning(event: &KeyboardEvent, target: Option<&Element>) -> Option<Key> {
    let inside = |selector: &str| target.is_some_and(|t| t.closest(selector).ok().flatten().is_some());
    let key = event.key();
    if key == "Escape" {
        return Some(Key::Escape);
    }
    if inside(
        "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable]",
    ) {
        return None;
    }
    let command = event.ctrl_key() || event.meta_key();
    if command && key.eq_ignore_ascii_case("z") {
        return Some(if event.shift_key() { Key::Forward } else { Key::Back });
    }
    if event.alt_key() && !command {
        return match key.as_str() {
            "ArrowRight" => Some(Key::NextBranch),
            "ArrowLeft" => Some(Key::PreviousBranch),
            _ => None,
        };
    }
    if command || inside("dialog, [role=dialog], [role=menu]") {
        return None;
    }
    let arrows = !inside("[role=tablist], [role=radiogroup], [role=slider], input, [data-arrows]");
    match key.as_str() {
        "ArrowRight" if arrows && event.shift_key() => Some(Key::Forward),
        "ArrowRight" if arrows => Some(Key::Step),
        "ArrowLeft" if arrows => Some(Key::Back),
        "Home" if arrows => Some(Key::First),
        "End" if arrows => Some(Key::Last),
        "n" => Some(Key::Step),
        "Backspace" => Some(Key::Back),
        "s" => Some(Key::Share),
        "," => Some(Key::Settings),
        "?" => Some(Key::Help),
        "+" | "=" => Some(Key::Figure(FigureCmd::ZoomIn)),
        "-" => Some(Key::Figure(FigureCmd::ZoomOut)),
        "0" => Some(Key::Figure(FigureCmd::Fit)),
        "t" => Some(Key::Figure(FigureCmd::Turn)),
        "h" => Some(Key::Figure(FigureCmd::Past)),
        "." => Some(Key::Figure(FigureCmd::Follow)),
        digit => match digit.as_bytes() {
            [d @ b'1'..=b'9'] => Some(Key::Choice(d - b'0')),
            _ => None,
        },
    }
}
