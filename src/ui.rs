//! The screen. Geometry is pure and tested natively; the rest needs a browser.

pub mod layout;
pub mod prefs;
pub mod recent;
pub mod tales;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod context;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod hand;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod moment;
#[cfg(target_arch = "wasm32")]
mod store;
#[cfg(target_arch = "wasm32")]
mod trail;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
pub use app::App;
#[cfg(target_arch = "wasm32")]
pub use browser::report;

/// Begins: the page, or in a worker the explorer's search. One program is both, so that it is loaded and compiled
/// once.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    if web_sys::window().is_some() { app::start() } else { worker::start() }
}
