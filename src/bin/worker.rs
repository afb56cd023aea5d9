//! The explorer's search, beside the page. Natively it only says where it belongs.

#[cfg(target_arch = "wasm32")]
fn main() {
    indoubt::ui::worker::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This program runs in a browser's worker. Natively there is `cargo run --bin indoubt`.");
}
