//! `cargo xtask`: everything between a fresh clone and a tested site.
//!
//! Each command sets up what it is missing and says what it does and why that takes a while; a
//! second run finds everything in place. Nothing outside the clone is changed, except that a missing
//! wasm target is added by rustup and that root, where apt exists, gets missing Debian packages.

mod browser;
mod build;
mod compare;
mod csp;
mod node;
mod offline;
mod process;
mod serve;
mod setup;
mod shots;
mod size;
mod speed;
mod test;
mod trunk;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [PORT]           build for development, serve on 127.0.0.1, rebuild on change
  build                  build the release site into dist/ and print what it weighs
  test [PART...]         run all checks, or some: fmt lint native web e2e
  lint                   the same as test fmt lint
  shots [--filter NAME]  photograph the release site into shots/
  speed [EVENTS...]      measure the release site: steps, undo, selecting, scrubbing
  compare [N...]         the explorer beside Stateright: two-phase commit with N resource managers (7 8 9)
  race [N...]            the explorer's worker in a browser beside the command line (8)
  csp                    (called by Trunk) put the Content-Security-Policy into a release build
  help                   print this
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[&str]) -> process::Outcome {
    match arguments {
        ["serve"] => serve::serve(None),
        ["serve", port] => serve::serve(Some(port)),
        ["build"] => build::build().map(|_| ()),
        ["test", parts @ ..] => test::test(parts),
        ["lint"] => test::test(&["fmt", "lint"]),
        ["shots", options @ ..] => shots::shots(options),
        ["speed", events @ ..] => speed::speed(events),
        ["race", sizes @ ..] => speed::race(sizes),
        ["compare", sizes @ ..] => compare::compare(sizes),
        ["csp"] => csp::from_trunk(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("cannot do {arguments:?}\n\n{USAGE}")),
    }
}
