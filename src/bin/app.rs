//! The page, and beside it in a worker the explorer's search. Natively it only says where it belongs.

#[cfg(target_arch = "wasm32")]
fn main() {
    indoubt::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This program runs in a browser: `cargo xtask serve` builds and serves it.");
}
