//! All checks, one after the other.
//!
//! A failed step does not stop the others, so that one run tells everything. Nothing is skipped in
//! silence: what cannot be set up stops the run before it starts.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::browser::{self, Browser};
use crate::process::{Outcome, run, say};
use crate::setup::{WASM, cargo};
use crate::size::SITE_LIMIT;
use crate::{build, node, setup, trunk};

/// What can be asked for by name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Fmt,
    Lint,
    Native,
    Web,
    E2e,
}

const PARTS: [(&str, Part); 5] = [
    ("fmt", Part::Fmt),
    ("lint", Part::Lint),
    ("native", Part::Native),
    ("web", Part::Web),
    ("e2e", Part::E2e),
];

/// One command of a part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Fmt,
    LintNative,
    LintWasm,
    Native,
    Web,
    Build,
    E2e,
}

const STEPS: [(Part, Step, &str); 7] = [
    (Part::Fmt, Step::Fmt, "fmt: rustfmt has nothing to change"),
    (Part::Lint, Step::LintNative, "lint: clippy, native"),
    (Part::Lint, Step::LintWasm, "lint: clippy, wasm32"),
    (Part::Native, Step::Native, "native: cargo test"),
    (Part::Web, Step::Web, "web: wasm-bindgen-test in headless browsers"),
    (Part::E2e, Step::Build, "e2e: release build"),
    (Part::E2e, Step::E2e, "e2e: Playwright and axe on the release build"),
];

/// How a step ended.
struct Report {
    step: Step,
    title: &'static str,
    took: Duration,
    outcome: Outcome,
}

/// Runs these parts, or all if none is named.
pub fn test(names: &[&str]) -> Outcome {
    let parts = parts(names)?;
    let browser = set_up(&parts)?;

    let mut reports: Vec<Report> = Vec::new();
    for (_, step, title) in STEPS.into_iter().filter(|(part, ..)| parts.contains(part)) {
        eprintln!("\n=== {title} ===");
        let start = Instant::now();
        let outcome = perform(step, browser.as_ref(), &reports);
        let took = start.elapsed();
        if let Err(message) = &outcome {
            eprintln!("{message}");
        }
        eprintln!("--- {} in {}", word(&outcome), seconds(took));
        reports.push(Report { step, title, took, outcome });
    }
    summary(&reports)
}

fn parts(names: &[&str]) -> Outcome<Vec<Part>> {
    if names.is_empty() {
        return Ok(PARTS.map(|(_, part)| part).to_vec());
    }
    let known = PARTS.map(|(name, _)| name).join(", ");
    let part = |name: &&str| {
        let found = PARTS.iter().find(|(known, _)| known == name);
        found.map(|&(_, part)| part).ok_or_else(|| format!("there is no part {name:?}; there are {known}"))
    };
    names.iter().map(part).collect()
}

/// Brings what these parts need, before the first of them starts.
fn set_up(parts: &[Part]) -> Outcome<Option<Browser>> {
    let needs = |wanted: &[Part]| parts.iter().any(|part| wanted.contains(part));
    if needs(&[Part::Fmt, Part::Lint]) {
        setup::components()?;
    }
    if needs(&[Part::Lint, Part::Web, Part::E2e]) {
        setup::wasm_target()?;
    }
    // Found first: whoever must install it by hand should not wait for the rest.
    let browser = if needs(&[Part::Web, Part::E2e]) { Some(browser::browser()?) } else { None };
    if needs(&[Part::E2e]) {
        node::packages()?;
        trunk::install()?;
    }
    if needs(&[Part::Web, Part::E2e]) {
        setup::bindgen()?;
    }
    Ok(browser)
}

fn perform(step: Step, browser: Option<&Browser>, before: &[Report]) -> Outcome {
    match step {
        Step::Fmt => run(cargo().args(["fmt", "--all", "--check"])),
        Step::LintNative => {
            run(cargo().args(["clippy", "--workspace", "--all-targets"]).args(["--", "-D", "warnings"]))
        }
        // Only the browser's own tests: the others are native.
        Step::LintWasm => run(cargo()
            .args(["clippy", "--target", WASM, "--lib", "--bins", "--test", "web"])
            .args(["--", "-D", "warnings"])),
        Step::Native => run(cargo().args(["test", "--package", "indoubt", "--package", "xtask"])),
        Step::Web => web(browser.expect("set up for this part")),
        Step::Build => release(),
        Step::E2e => e2e(browser.expect("set up for this part"), before),
    }
}

/// In Chromium, and in Firefox too where it and its driver are installed.
fn web(browser: &Browser) -> Outcome {
    let drivers =
        [("CHROMEDRIVER", Some(browser.driver.clone())), ("GECKODRIVER", browser::firefox_driver())];
    for (variable, driver) in drivers {
        match driver {
            Some(driver) => web_in(variable, &driver)?,
            None => say("Firefox was left out: it or geckodriver is not there (cargo install geckodriver)"),
        }
    }
    Ok(())
}

fn web_in(variable: &str, driver: &Path) -> Outcome {
    let runner = crate::workspace::programs().join("wasm-bindgen-test-runner");
    let mut command = cargo();
    // The runner takes the first driver that the environment names, whichever that is: it gets to see one.
    for other in ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER", "MSEDGEDRIVER"] {
        command.env_remove(other).env_remove(format!("{other}_REMOTE"));
    }
    run(command
        .args(["test", "--target", WASM, "--test", "web"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env(variable, driver)
        // A backtrace of the runner itself would bury what the test said.
        .env("RUST_LIB_BACKTRACE", "0")
        // In seconds, for the whole file; a busy machine starts a browser slowly.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120"))
}

fn release() -> Outcome {
    let payload = build::build()?;
    let brotli = payload.total().brotli;
    if brotli > SITE_LIMIT {
        return Err(format!("the site weighs {brotli} bytes after brotli, the limit is {SITE_LIMIT}"));
    }
    Ok(())
}

fn e2e(browser: &Browser, before: &[Report]) -> Outcome {
    let built = before.iter().any(|report| report.step == Step::Build && report.outcome.is_ok());
    if !built {
        return Err("there is no release build to test".to_owned());
    }
    run(node::node_command()
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .env("CHROMIUM", &browser.chromium))
}

fn summary(reports: &[Report]) -> Outcome {
    eprintln!();
    for Report { title, took, outcome, .. } in reports {
        eprintln!("  {:<6} {:>8}  {title}", word(outcome), seconds(*took));
    }
    let failed: Vec<&str> =
        reports.iter().filter(|report| report.outcome.is_err()).map(|report| report.title).collect();
    eprintln!("\n{} passed, {} failed", reports.len() - failed.len(), failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join("; "))) }
}

fn word(outcome: &Outcome) -> &'static str {
    if outcome.is_ok() { "passed" } else { "FAILED" }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_every_part() {
        assert_eq!(parts(&[]).unwrap().len(), PARTS.len());
    }

    #[test]
    fn an_unknown_part_is_named_together_with_the_known_ones() {
        let message = parts(&["fmt", "unit"]).err().unwrap();
        assert!(message.contains("unit") && message.contains("native"), "{message}");
    }

    #[test]
    fn every_part_has_a_step() {
        for (name, part) in PARTS {
            assert!(STEPS.iter().any(|(of, ..)| *of == part), "{name}");
        }
    }
}
