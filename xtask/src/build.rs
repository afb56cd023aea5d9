//! The release site.

use std::fs;

use crate::process::{Outcome, run, say};
use crate::size::Payload;
use crate::workspace::dist;
use crate::{csp, node, setup, trunk};

/// Builds dist/ and says what it weighs.
pub fn build() -> Outcome<Payload> {
    setup::wasm_target()?;
    setup::bindgen()?;
    trunk::install()?;
    node::packages()?;

    say(
        "building the release site (link-time optimisation and wasm-opt: a minute or two when the code has changed)",
    );
    // So that what is there afterwards is from this build, and a failed build leaves nothing to test.
    if dist().exists() {
        fs::remove_dir_all(dist()).map_err(|error| format!("cannot empty dist/: {error}"))?;
    }
    run(trunk::trunk().args(["build", "--release"]))?;
    csp::check(&dist().join("index.html"))?;

    let payload = Payload::of(&dist())?;
    println!("\n{payload}");
    say("dist/ is ready: any static host can serve it from any folder");
    Ok(payload)
}
