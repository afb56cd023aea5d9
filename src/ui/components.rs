//! One component a file.

pub mod choices;
pub mod diagram;
pub mod icon;
pub mod runner;
pub mod scissors;
pub mod story;
pub mod strip;
pub mod topbar;
