//! One component a file.

pub mod dialog;
pub mod drawer;
pub mod help;
pub mod icon;
pub mod menu;
pub mod node_card;
pub mod notice;
pub mod settings;
pub mod share;
