//! Keys for the whole page: one table, which the help and the palette show as well.

use super::browser;
use super::components::drawer::Tab;
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
    /// Take back the last thing done.
    TakeBack,
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
    /// Let it go on by itself, or stop that.
    Play,
    /// Play more slowly.
    Slower,
    /// Play faster.
    Faster,
    /// The choice with this number.
    Choice(u8),
    /// What can go wrong with what is selected.
    Fault,
    /// Crash or recover the selected node.
    Crash,
    /// Drop the selected message.
    Drop,
    /// Duplicate the selected message.
    Duplicate,
    /// Cut or heal the link of the selected message.
    Link,
    /// Pin this moment, or take the pin away.
    Pin,
    /// Compare this moment with another.
    Compare,
    /// The explorer, or back to the run.
    Explore,
    /// Search, or stop that.
    Check,
    /// Everything that can be done, by name.
    Palette,
    /// Open or close the help.
    Help,
    /// Open what can be shared.
    Share,
    /// Open the settings.
    Settings,
    /// The run as text, or as the diagram.
    Text,
    /// Something for the diagram.
    Figure(FigureCmd),
    /// A tab beside the diagram: by name only.
    Panel(Tab),
    /// Close what lies over the page, or stop playing.
    Escape,
}

/// The table: what each key does, as a key of its text, and the keys as they are shown. Those for 1 to 9
/// and for the arrows of the diagram stand in one line each.
pub const KEYS: &[(Option<Key>, &str, &str)] = &[
    (Some(Key::Step), "help.key.step", "→ N"),
    (Some(Key::Back), "help.key.back", "← Backspace"),
    (Some(Key::Forward), "help.key.forward", "Shift+→"),
    (Some(Key::First), "help.key.first", "Home"),
    (Some(Key::Last), "help.key.last", "End"),
    (Some(Key::Play), "help.key.play", "Space"),
    (Some(Key::Slower), "help.key.slower", "["),
    (Some(Key::Faster), "help.key.faster", "]"),
    (None, "help.key.choose", "1–9"),
    (Some(Key::Fault), "help.key.fault", "F"),
    (Some(Key::Crash), "help.key.crash", "X"),
    (Some(Key::Drop), "help.key.drop", "D"),
    (Some(Key::Duplicate), "help.key.duplicate", "U"),
    (Some(Key::Link), "help.key.link", "L"),
    (Some(Key::TakeBack), "help.key.undo", "Ctrl+Z"),
    (Some(Key::Forward), "help.key.redo", "Ctrl+Shift+Z Ctrl+Y"),
    (Some(Key::PreviousBranch), "help.key.branch-before", "Alt+←"),
    (Some(Key::NextBranch), "help.key.branch-after", "Alt+→"),
    (Some(Key::Pin), "help.key.pin", "P"),
    (Some(Key::Compare), "help.key.compare", "M"),
    (None, "help.key.events", "↑ ↓"),
    (None, "help.key.follow", "Enter"),
    (None, "help.key.lifeline", "Ctrl+↑ Ctrl+↓"),
    (Some(Key::Figure(FigureCmd::Follow)), "help.key.other-end", "."),
    (Some(Key::Figure(FigureCmd::Past)), "help.key.past", "H"),
    (None, "help.key.zoom", "+ - 0"),
    (Some(Key::Figure(FigureCmd::Turn)), "help.key.turn", "R"),
    (Some(Key::Explore), "help.key.explore", "E"),
    (Some(Key::Check), "help.key.check", "C"),
    (Some(Key::Palette), "help.key.palette", "Ctrl+K"),
    (Some(Key::Settings), "help.key.settings", ","),
    (Some(Key::Text), "help.key.text", "T"),
    (Some(Key::Share), "help.key.share", "S"),
    (Some(Key::Help), "help.key.help", "?"),
    (Some(Key::Escape), "help.key.close", "Esc"),
];

/// Listens to the page's keys; the result ends that. `single` says whether keys without Ctrl or Alt mean
/// anything besides Escape: who speaks to the computer can turn them off.
pub fn listen(single: bool, call: impl Fn(Key) + 'static) -> impl FnOnce() {
    browser::listen("keydown", move |event| {
        let event: KeyboardEvent = event.unchecked_into();
        if event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        if let Some(key) = meaning(&event, target.as_ref(), single) {
            event.prevent_default();
            call(key);
        }
    })
}

/// Where one types.
const TYPING: &str =
    "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable]";

/// What a key press means where it happened. Single keys mean nothing while one types, nor in a dialog,
/// and arrows and the space bar belong to whatever control has them.
fn meaning(event: &KeyboardEvent, target: Option<&Element>, single: bool) -> Option<Key> {
    let inside = |selector: &str| target.is_some_and(|t| t.closest(selector).ok().flatten().is_some());
    // Caps Lock changes no meaning.
    let key = match event.key() {
        key if key.len() == 1 => key.to_ascii_lowercase(),
        key => key,
    };
    if key == "Escape" {
        // What the browser closes by itself comes first.
        return (!browser::has_popover()).then_some(Key::Escape);
    }
    let command = event.ctrl_key() || event.meta_key();
    if command && key.eq_ignore_ascii_case("k") && !inside("dialog") {
        return Some(Key::Palette);
    }
    if inside(TYPING) {
        return None;
    }
    if command && key.eq_ignore_ascii_case("z") {
        return Some(if event.shift_key() { Key::Forward } else { Key::TakeBack });
    }
    // On a Mac the command key and Y belong to the browser.
    if event.ctrl_key() && key == "y" {
        return Some(Key::Forward);
    }
    if event.alt_key() && !command {
        return match key.as_str() {
            "ArrowRight" => Some(Key::NextBranch),
            "ArrowLeft" => Some(Key::PreviousBranch),
            _ => None,
        };
    }
    // Arrows, Home and the like stand for no character: nobody types them by speaking (WCAG 2.1.4).
    let silent = !single && key.chars().count() == 1;
    if command || silent || inside("dialog, [role=dialog], [role=menu]") {
        return None;
    }
    let arrows =
        !inside("[role=tablist], [role=radiogroup], [role=slider], [role=separator], input, [data-arrows]");
    let space = !inside("a, button, input:not([type=range]), summary, [role=button], [role=separator]");
    match key.as_str() {
        "ArrowRight" if arrows && event.shift_key() => Some(Key::Forward),
        "ArrowRight" if arrows => Some(Key::Step),
        "ArrowLeft" if arrows => Some(Key::Back),
        "Home" if arrows => Some(Key::First),
        "End" if arrows => Some(Key::Last),
        " " if space => Some(Key::Play),
        "n" => Some(Key::Step),
        "Backspace" => Some(Key::Back),
        "[" => Some(Key::Slower),
        "]" => Some(Key::Faster),
        "f" => Some(Key::Fault),
        "x" => Some(Key::Crash),
        "d" => Some(Key::Drop),
        "u" => Some(Key::Duplicate),
        "l" => Some(Key::Link),
        "p" => Some(Key::Pin),
        "m" => Some(Key::Compare),
        "e" => Some(Key::Explore),
        "c" => Some(Key::Check),
        "t" => Some(Key::Text),
        "s" => Some(Key::Share),
        "," => Some(Key::Settings),
        "?" => Some(Key::Help),
        "+" | "=" => Some(Key::Figure(FigureCmd::ZoomIn)),
        "-" => Some(Key::Figure(FigureCmd::ZoomOut)),
        "0" => Some(Key::Figure(FigureCmd::Fit)),
        "r" => Some(Key::Figure(FigureCmd::Turn)),
        "h" => Some(Key::Figure(FigureCmd::Past)),
        "." => Some(Key::Figure(FigureCmd::Follow)),
        digit => match digit.as_bytes() {
            [d @ b'1'..=b'9'] => Some(Key::Choice(d - b'0')),
            _ => None,
        },
    }
}
