//! The browser's own way back: every page in place of the run, and every run that takes another's place, has an
//! entry in its history, so that "Back" leads to where the reader came from and not away from here.
//!
//! An entry holds which page it is. Its address holds the run, which steps replace in the same entry.

use super::browser;
use super::context::Instead;
use crate::session::Action;
use wasm_bindgen::JsValue;

/// The pages by the number that an entry holds; 0 is the run itself.
const PAGES: [Instead; 4] = [Instead::Explorer, Instead::Matrix, Instead::Silences, Instead::Odds];

/// The page that the present entry is of.
pub fn here() -> Option<Instead> {
    let number = browser::entry().as_f64()? as usize;
    PAGES.get(number.checked_sub(1)?).copied()
}

/// A new entry for a page, or for another run; the one that is left keeps the address that it has.
pub fn enter(page: Option<Instead>) {
    browser::push_entry(&state(page));
}

/// Makes the present entry one of the run.
fn settle() {
    browser::set_entry(&state(None));
}

/// A page in place of the run, or the run again: a new entry in the browser's history, or the end of the present one.
pub fn turn_to(page: Option<Instead>, from: Option<Instead>) {
    match page {
        Some(_) if page == from => {}
        Some(_) => enter(page),
        None => settle(),
    }
}

/// Whether another run takes the place of this one.
pub fn replaces(action: &Action) -> bool {
    use Action::{Found, Link, Restore, Script, Setup};
    matches!(action, Found { .. } | Link(_) | Restore | Script(_) | Setup(_))
}

/// Calls back when the reader goes back or forward. The result ends that.
pub fn on_travel(call: impl Fn(Option<Instead>) + 'static) -> impl FnOnce() {
    browser::listen("popstate", move |_| call(here()))
}

fn state(page: Option<Instead>) -> JsValue {
    let number = page.and_then(|page| PAGES.iter().position(|p| *p == page)).map_or(0, |at| at + 1);
    JsValue::from_f64(number as f64)
}
