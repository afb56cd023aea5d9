//! Indoubt: virtual coordinators and participants whose messages the reader sequences.

#[cfg(target_arch = "wasm32")]
pub mod ui;
