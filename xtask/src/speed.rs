//! How fast the site is in a browser.

use crate::process::{Outcome, run, say};
use crate::workspace::dist;
use crate::{browser, build, node};

/// Measures the release site with e2e/speed.mjs; `events` are the lengths of the runs to measure with.
pub fn speed(events: &[&str]) -> Outcome {
    node::packages()?;
    let browser = browser::browser()?;
    if dist().join("index.html").exists() {
        say("measuring dist/ as it is; `cargo xtask build` brings it up to date");
    } else {
        build::build()?;
    }
    run(node::node_command().arg("speed.mjs").args(events).env("CHROMIUM", browser.chromium))
}
