//! The Rust half of the tool chain: target, components, wasm-bindgen's programs.

use std::process::Command;

use crate::process::{Outcome, find, read, run, say};
use crate::workspace::{programs, root, search_path};

/// The one target that is not native.
pub const WASM: &str = "wasm32-unknown-unknown";

/// A cargo that works on this workspace.
pub fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root()).env("PATH", search_path());
    command
}

/// Makes sure that rustc can compile to wasm.
pub fn wasm_target() -> Outcome {
    let libraries = read(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if libraries.is_some_and(|folder| std::path::Path::new(&folder).is_dir()) {
        return Ok(());
    }
    require_rustup("the target wasm32-unknown-unknown")?;
    say("adding the wasm32 target to the Rust toolchain (a download of some 20 MB)");
    run(Command::new("rustup").args(["target", "add", WASM]))
}

/// Makes sure that rustfmt and clippy are there.
pub fn components() -> Outcome {
    for (component, tool) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if read(Command::new("cargo").args([tool, "--version"])).is_some() {
            continue;
        }
        require_rustup(component)?;
        say(&format!("adding {component} to the Rust toolchain"));
        run(Command::new("rustup").args(["component", "add", component]))?;
    }
    Ok(())
}

/// Builds `wasm-bindgen` and `wasm-bindgen-test-runner` of exactly the library's version.
pub fn bindgen() -> Outcome {
    if find("wasm-bindgen-test-runner", &programs().into_os_string()).is_none() {
        say("building wasm-bindgen's own tools from the lock file (once, about a minute)");
    }
    run(cargo().args(["build", "--quiet", "--package", "bindgen-tools"]))
}

fn require_rustup(what: &str) -> Outcome {
    if find("rustup", &search_path()).is_some() {
        return Ok(());
    }
    Err(format!(
        "{what} is missing and there is no rustup to add it.\n\
         Install Rust by rustup (https://rustup.rs), or add it by the means you got Rust by, \
         then run this again."
    ))
}
