//! The screen. Geometry is pure and tested natively; the rest needs a browser.

pub mod layout;
pub mod prefs;
pub mod recent;
pub mod tales;
#[cfg(target_arch = "wasm32")]
pub mod worker;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod app;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod browser;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod components;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod context;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod desk;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod hand;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod keys;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod moment;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod store;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod trail;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub use app::{App, start};
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub use browser::report;
