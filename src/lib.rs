//! Indoubt: distributed transactions whose messages the reader sequences.
//!
//! Everything but the components of [`ui`] is pure: no clock, no randomness, no browser, no global state. The same inputs
//! give the same outputs natively and in wasm, bit for bit.

pub mod explore;
pub mod i18n;
pub mod link;
mod order;
pub mod properties;
pub mod protocol;
pub mod protocols;
pub mod run;
pub mod script;
pub mod session;
pub mod sim;
pub mod text;
pub mod view;
pub mod worlds;

pub mod ui;
