//! The screen in a real browser: mount it, read the DOM. Run by `cargo xtask test web`.
#![cfg(target_arch = "wasm32")]

use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

/// The app on a page body of its own. The test runner writes its results into the body it finds, so
/// that one comes back when the test is over.
struct Mounted {
    document: Document,
    runners_body: HtmlElement,
}

impl Mounted {
    async fn app() -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let runners_body = document.body().unwrap();
        let own: HtmlElement = document.create_element("body").unwrap().unchecked_into();
        document.set_body(Some(&own));
        let mounted = Self {
            document,
            runners_body,
        };
        indoubt::ui::start();
        mounted.settle().await;
        mounted
    }

    /// Lets Yew do what it has put off.
    async fn settle(&self) {
        yew::platform::time::sleep(Duration::ZERO).await;
    }

    /// The text of every element that the selector finds.
    fn texts(&self, selector: &str) -> Vec<String> {
        let found = self.document.query_selector_all(selector).unwrap();
        let text = |index| {
            found
                .item(index)
                .unwrap()
                .text_content()
                .unwrap_or_default()
        };
        (0..found.length()).map(text).collect()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.document.set_body(Some(&self.runners_body));
    }
}

#[wasm_bindgen_test]
async fn the_page_has_one_heading_that_says_something() {
    let app = Mounted::app().await;
    let headings = app.texts("h1");
    assert_eq!(headings.len(), 1, "{headings:?}");
    assert!(!headings[0].trim().is_empty());
}
