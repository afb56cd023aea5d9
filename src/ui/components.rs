//! One component a file.

pub mod icon;
