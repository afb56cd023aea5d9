//! The browser's own way back: every page in place of the run, and every run that takes another's place, has an
//! entry in its history, so that "Back" leads to where the reader came from and not away from here.
//!
//! An entry holds which page it is. Its address holds the run, which steps replace in the same entry.

use super::browser;
use super::context::Instead;
use crate::session::Action;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;

/// The pages by the number that an entry holds; 0 is the run itself.
const PAGES: [Instead; 4] = [Instead::Explorer, Instead::Matrix, Instead::Silences, Instead::Odds];

/// The page that the present entry is of.
pub fn here() -> Option<Instead> {
    let number = browser::entry().as_f64()? as usize;
    PAGES.get(number.checked_sub(1)?).copied()
}

/// Which page is shown, and how the reader came there.
#[derive(Default)]
pub struct Trail {
    page: Cell<Option<Instead>>,
    /// Whether another run was opened on this page: then its entry is the run's.
    opened: Cell<bool>,
    /// Whether the browser itself goes to another entry.
    travels: Cell<bool>,
    /// Where it has gone and what is shown already.
    landed: RefCell<String>,
}

impl Trail {
    /// Takes note of the page that is shown.
    pub fn stands(&self, page: Option<Instead>) {
        self.page.set(page);
    }

    /// The browser itself goes to another entry, and shows its run.
    pub fn travel(&self, hash: String, load: impl Fn(String)) {
        self.landed.replace(hash.clone());
        self.opened.set(false);
        self.travels.set(true);
        load(hash);
        self.travels.set(false);
    }

    /// The address is another than it was: the reader wrote it, or the browser says once more that it went there.
    pub fn arrive(&self, hash: String, load: impl Fn(String)) {
        if self.landed.take() != hash {
            self.travel(hash, load);
            self.landed.take();
        }
    }

    /// Makes a new entry if another run is about to take the place of this one, whose address is written down first.
    /// Whether it did.
    pub fn opens(&self, action: &Action, address: impl FnOnce() -> String) -> bool {
        use Action::{Found, Link, Restore, Script, Setup};
        let another = matches!(action, Found { .. } | Link(_) | Restore | Script(_) | Setup(_));
        let new = another && !self.travels.get();
        if new {
            self.opened.set(true);
            self.enter(self.page.get(), address);
        }
        new
    }

    /// A page in place of the run, or the run again. From a page on which nothing was opened, that is the way back.
    pub fn turn_to(&self, page: Option<Instead>, address: impl FnOnce() -> String) {
        match page {
            Some(_) if page == self.page.get() => {}
            Some(_) => {
                self.opened.set(false);
                self.enter(page, address);
            }
            None if self.page.get().is_some() && here() == self.page.get() && !self.opened.get() => {
                browser::go_back();
            }
            None => browser::set_entry(&state(None)),
        }
    }

    fn enter(&self, page: Option<Instead>, address: impl FnOnce() -> String) {
        browser::set_hash(&address());
        browser::push_entry(&state(page));
    }
}

/// Calls back when the reader goes back or forward. The result ends that.
pub fn on_travel(call: impl Fn(Option<Instead>) + 'static) -> impl FnOnce() {
    browser::listen("popstate", move |_| call(here()))
}

fn state(page: Option<Instead>) -> JsValue {
    let number = page.and_then(|page| PAGES.iter().position(|p| *p == page)).map_or(0, |at| at + 1);
    JsValue::from_f64(number as f64)
}
