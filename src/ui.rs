//! The screen. Geometry is pure and tested natively; the rest needs a browser.

pub mod layout;
pub mod prefs;
pub mod recent;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod context;
#[cfg(target_arch = "wasm32")]
mod hand;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod store;

#[cfg(target_arch = "wasm32")]
pub use app::{App, start};
#[cfg(target_arch = "wasm32")]
pub use browser::report;
