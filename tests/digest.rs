//! The same worlds and links as ever, here as in a browser.

mod digests;

#[test]
fn worlds_and_links_are_as_pinned() {
    digests::check();
}
