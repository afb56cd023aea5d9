//! One component a file.

pub mod choices;
pub mod compare;
pub mod diagram;
pub mod dialog;
pub mod drawer;
pub mod faults;
pub mod figure;
pub mod help;
pub mod hint;
pub mod icon;
pub mod menu;
pub mod node_card;
pub mod notice;
pub mod palette;
pub mod phone;
pub mod player;
pub mod recent;
pub mod scissors;
pub mod separator;
pub mod settings;
pub mod share;
pub mod story;
pub mod strip;
pub mod tales;
pub mod topbar;
