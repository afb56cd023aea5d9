//! Node and the packages of e2e/: Playwright, axe and wasm-opt.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::process::{Outcome, read, run, say};
use crate::workspace::{e2e, search_path};

/// What Playwright asks for.
const OLDEST_MAJOR: u32 = 20;

/// Makes sure that e2e/node_modules is what package-lock.json says.
pub fn packages() -> Outcome {
    node()?;
    if is_up_to_date() {
        return Ok(());
    }
    say("fetching Playwright, axe and wasm-opt from npm into e2e/node_modules (some seconds)");
    run(npm_command().args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

/// A Node that works in e2e/ and finds this workspace's tools.
pub fn node_command() -> Command {
    let mut command = Command::new("node");
    command.current_dir(e2e()).env("PATH", search_path());
    command
}

fn npm_command() -> Command {
    // On Windows npm is a script, which starts only by its full name.
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(e2e());
    command
}

fn node() -> Outcome {
    let npm = read(npm_command().arg("--version")).is_some();
    let version = read(Command::new("node").arg("--version"));
    match version.as_deref().and_then(major) {
        Some(found) if found >= OLDEST_MAJOR && npm => Ok(()),
        _ => Err(format!(
            "Node {OLDEST_MAJOR} or newer and npm are needed: they bring wasm-opt and the end-to-end \
             tests.\nHere node is {} and npm is {}. Install them (https://nodejs.org, or the packages \
             nodejs and npm where they are new enough) and run this again.",
            version.as_deref().unwrap_or("missing"),
            if npm { "there" } else { "missing" },
        )),
    }
}

/// The 20 of `v20.11.0`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// npm writes the hidden lock file when it has installed everything.
fn is_up_to_date() -> bool {
    let installed = modified(&e2e().join("node_modules").join(".package-lock.json"));
    let wanted = modified(&e2e().join("package-lock.json"));
    installed.is_some() && installed >= wanted
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().ok()?.modified().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.11.0"), Some(20));
        assert_eq!(major("20.11.0"), None);
        assert_eq!(major(""), None);
    }
}
