//! How fast the release site is in a browser.

use crate::process::{Outcome, run, say};
use crate::workspace::dist;
use crate::{browser, build, node};

/// Measures with e2e/speed.mjs; `events` are the lengths of the runs to measure with.
pub fn speed(events: &[&str]) -> Outcome {
    measure("speed.mjs", events)
}

/// The explorer's worker beside the same search on the command line, with e2e/race.mjs; `sizes` are numbers of
/// resource managers.
pub fn race(sizes: &[&str]) -> Outcome {
    if let Some(bad) = sizes.iter().find(|n| !matches!(n.parse(), Ok(1u8..=10))) {
        return Err(format!("`{bad}` is not a number of resource managers, 1 to 10"));
    }
    measure("race.mjs", sizes)
}

/// Runs a script of e2e/ on the release site, which is built if it is not there.
fn measure(script: &str, arguments: &[&str]) -> Outcome {
    node::packages()?;
    let browser = browser::browser()?;
    if dist().join("index.html").exists() {
        say("measuring dist/ as it is; `cargo xtask build` brings it up to date");
    } else {
        build::build()?;
    }
    run(node::node_command().arg(script).args(arguments).env("CHROMIUM", browser.chromium))
}
