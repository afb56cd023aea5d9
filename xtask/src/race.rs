//! How fast the explorer's worker is in a browser, beside the same search on the command line.

use crate::process::{Outcome, run, say};
use crate::workspace::dist;
use crate::{browser, build, node};

/// Measures with e2e/race.mjs; `sizes` are numbers of resource managers.
pub fn race(sizes: &[&str]) -> Outcome {
    if let Some(bad) = sizes.iter().find(|n| !matches!(n.parse(), Ok(1u8..=10))) {
        return Err(format!("`{bad}` is not a number of resource managers, 1 to 10"));
    }
    node::packages()?;
    let browser = browser::browser()?;
    if dist().join("index.html").exists() {
        say("measuring dist/ as it is; `cargo xtask build` brings it up to date");
    } else {
        build::build()?;
    }
    run(node::node_command().arg("race.mjs").args(sizes).env("CHROMIUM", browser.chromium))
}
