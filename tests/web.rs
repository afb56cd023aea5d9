//! The screen in a real browser: mount it, read the DOM. Run by `cargo xtask test web`.
#![cfg(target_arch = "wasm32")]

use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;

wasm_bindgen_test_configure!(run_in_browser);

/// The app on a page body of its own.
///
/// It takes over the body, and the test runner keeps its results there: those move behind the body,
/// for good, since a panic in wasm runs no destructor that could bring them back.
struct Mounted {
    body: HtmlElement,
}

impl Mounted {
    async fn app() -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let page = document.document_element().unwrap();
        let runners_body = document.body().unwrap();
        while let Some(result) = runners_body.first_child() {
            page.append_child(&result).unwrap();
        }
        let body: HtmlElement = document.create_element("body").unwrap().unchecked_into();
        document.set_body(Some(&body));
        indoubt::ui::start();
        let mounted = Self { body };
        mounted.settle().await;
        mounted
    }

    /// Lets Yew do what it has put off.
    async fn settle(&self) {
        yew::platform::time::sleep(Duration::ZERO).await;
    }

    /// Presses the first element that the selector finds.
    async fn press(&self, selector: &str) {
        let found = self.body.query_selector(selector).unwrap().expect(selector);
        found.unchecked_into::<HtmlElement>().click();
        // Once for the session, once for what it sets off.
        self.settle().await;
        self.settle().await;
    }

    /// The text of every element that the selector finds.
    fn texts(&self, selector: &str) -> Vec<String> {
        let found = self.body.query_selector_all(selector).unwrap();
        let text = |index| found.item(index).unwrap().text_content().unwrap_or_default();
        (0..found.length()).map(text).collect()
    }
}

mod digests;
mod searches;

#[wasm_bindgen_test]
async fn the_page_has_one_heading_that_says_something() {
    let app = Mounted::app().await;
    let headings = app.texts("h1");
    assert_eq!(headings.len(), 1, "{headings:?}");
    assert!(!headings[0].trim().is_empty());
}

#[wasm_bindgen_test]
fn worlds_and_links_are_the_same_here_as_natively() {
    digests::check();
}

#[wasm_bindgen_test]
fn searches_count_the_same_worlds_here_as_natively() {
    searches::check();
}

#[wasm_bindgen_test]
async fn a_press_moves_the_run_on_and_the_sentence_with_it() {
    let app = Mounted::app().await;
    let before = app.texts("h1");
    app.press(".go-big").await;
    assert_ne!(app.texts("h1"), before);
    assert_eq!(app.texts(".where"), ["Moment 1"]);
    let choices = app.texts(".choice .what");
    assert!(choices.iter().filter(|c| c.contains("prepare")).count() >= 2, "{choices:?}");
}

#[wasm_bindgen_test]
async fn a_failure_is_told_with_the_link_and_the_version_and_the_report_can_be_copied() {
    let app = Mounted::app().await;
    indoubt::ui::report("index out of bounds at src/ui.rs:1").expect("a dialog");
    assert_eq!(app.texts(".panic[open] h2").len(), 1);
    let report = app.texts(".panic pre").concat();
    let href = web_sys::window().unwrap().location().href().unwrap();
    for part in ["index out of bounds at src/ui.rs:1", &href, concat!("indoubt ", env!("CARGO_PKG_VERSION"))]
    {
        assert!(report.contains(part), "{report}");
    }
    assert_eq!(app.texts(".panic button").len(), 2, "reload and copy");
    // Headless, the clipboard may be refused: either way the reader is told.
    app.press(".panic button + button").await;
    yew::platform::time::sleep(Duration::from_millis(200)).await;
    assert!(!app.texts(".panic [role=status]").concat().is_empty());
}
