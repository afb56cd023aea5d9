//! Pictures of the site, to look at.

use crate::process::{Outcome, run, say};
use crate::workspace::dist;
use crate::{browser, build, node};

/// Photographs the states listed in e2e/shots.mjs; `options` go to that script.
pub fn shots(options: &[&str]) -> Outcome {
    node::packages()?;
    let browser = browser::browser()?;
    browser::chinese_font()?;
    if dist().join("index.html").exists() {
        say("photographing dist/ as it is; `cargo xtask build` brings it up to date");
    } else {
        build::build()?;
    }
    run(node::node_command().arg("shots.mjs").args(options).env("CHROMIUM", browser.chromium))
}
