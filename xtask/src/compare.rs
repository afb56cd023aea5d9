//! The explorer beside another checker: Stateright's two-phase commit, from its package, in one sitting.

use crate::process::{Outcome, find, read, run, say};
use crate::workspace::root;
use std::path::PathBuf;
use std::process::Command;

const VERSION: &str = "0.31.0";

/// Builds both, and runs them one after the other for each number of resource managers, several times, each
/// on one thread.
pub fn compare(sizes: &[&str]) -> Outcome {
    let sizes = if sizes.is_empty() { &["7", "8", "9"] } else { sizes };
    if let Some(bad) = sizes.iter().find(|n| !matches!(n.parse(), Ok(1u8..=10))) {
        return Err(format!("`{bad}` is not a number of resource managers, 1 to 10"));
    }
    let theirs = stateright()?;
    say("building the command line");
    run(Command::new("cargo").current_dir(root()).args(["build", "--release", "--bin", "indoubt"]))?;
    let ours = root().join("target/release/indoubt");
    for round in 1..=3 {
        say(&format!("round {round}"));
        run(single(&ours)?.arg("bench").args(sizes).args(["--times", "1"]))?;
        for n in sizes {
            let out = read(single(&theirs)?.args(["check", n])).ok_or("Stateright's example failed")?;
            let done = out.lines().find(|line| line.starts_with("Done")).unwrap_or("it said nothing");
            println!("Stateright N={n}: {done}");
        }
    }
    println!("Stateright's `states` are those generated, `unique` the distinct ones; it says whole seconds.");
    Ok(())
}

/// The program of the example `2pc`, built by cargo from the published package.
fn stateright() -> Outcome<PathBuf> {
    let at = root().join("target/stateright");
    let program = at.join("bin/2pc");
    if !program.is_file() {
        say(&format!("building Stateright {VERSION}'s example 2pc"));
        let install = ["install", "stateright", "--version", VERSION, "--example", "2pc", "--root"];
        run(Command::new("cargo").args(install).arg(&at))?;
    }
    Ok(program)
}

/// A program that sees one processor: Stateright takes a thread for each.
fn single(program: &PathBuf) -> Outcome<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let taskset =
        find("taskset", &path).ok_or("`taskset` (of util-linux) is needed to keep both on one processor")?;
    let mut command = Command::new(taskset);
    command.args(["-c", "0"]).arg(program);
    Ok(command)
}
