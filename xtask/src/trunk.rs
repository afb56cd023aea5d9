//! Trunk, which turns index.html and the crate into a site.

use std::path::Path;
use std::process::Command;

use crate::process::{Outcome, find, read, run, say};
use crate::workspace::{root, search_path, tools};

/// The version that is installed where there is none. Any other of its series is used as found.
const VERSION: &str = "0.21.14";
const SERIES: &str = "0.21.";

/// Makes sure that a Trunk of the right series is on the search path.
pub fn install() -> Outcome {
    if let Some(found) = find("trunk", &search_path()) {
        let version = version(&found);
        if version.starts_with(SERIES) {
            return Ok(());
        }
        say(&format!("the trunk on PATH is {version}; this project is built by {SERIES}x"));
    }
    say(&format!(
        "building Trunk {VERSION} into {} (once, four minutes on two cores; a Trunk {SERIES}x on PATH saves this)",
        tools().strip_prefix(root()).unwrap_or(&tools()).display()
    ));
    let package = format!("trunk@{VERSION}");
    run(Command::new("cargo")
        .current_dir(root())
        // Nobody debugs it here, and the program is a third of the size without.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .args(["install", "--locked", "--debug", "--no-default-features"])
        .arg("--root")
        .arg(tools())
        .arg(package))
}

/// A Trunk that works on this workspace and finds its tools.
pub fn trunk() -> Command {
    let mut command = Command::new("trunk");
    command
        .current_dir(root())
        .env("PATH", search_path())
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Trunk takes NO_COLOR as a flag and stops at NO_COLOR=1.
        .env_remove("NO_COLOR");
    command
}

/// The installed version, as in `trunk 0.21.14`.
fn version(program: &Path) -> String {
    let printed = read(Command::new(program).arg("--version").env_remove("NO_COLOR"));
    let printed = printed.unwrap_or_default();
    printed.split(' ').nth(1).unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::root;

    fn file(path: &str) -> String {
        fs::read_to_string(root().join(path)).unwrap()
    }

    /// What stands between the two marks, where they first occur.
    fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
        let (_, rest) = text.split_once(before).expect(before);
        rest.split_once(after).expect(after).0
    }

    #[test]
    fn library_and_tools_of_wasm_bindgen_have_one_version() {
        let cargo = file("Cargo.toml");
        let library = between(&cargo, "\nwasm-bindgen = \"=", "\"");
        let tools = between(&cargo, "\nwasm-bindgen-cli = { version = \"=", "\"");
        let trunk = file("Trunk.toml");
        let wanted_by_trunk = between(&trunk, "\nwasm_bindgen = \"", "\"");
        assert_eq!([tools, wanted_by_trunk], [library, library]);
    }

    #[test]
    fn npm_brings_the_wasm_opt_that_trunk_asks_for() {
        let trunk = file("Trunk.toml");
        let wanted = between(&trunk, "\nwasm_opt = \"version_", "\"");
        let packages = file("e2e/package.json");
        assert_eq!(between(&packages, "\"binaryen\": \"", "."), wanted);
    }

    #[test]
    fn the_lock_file_of_npm_names_no_host() {
        assert!(!file("e2e/package-lock.json").contains("\"resolved\""));
    }

    #[test]
    fn both_kinds_of_browser_test_start_chromium_alike() {
        let flags = |text: &str| {
            let flags = text.split('"').filter(|word| word.starts_with("--"));
            flags.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(flags(&file("webdriver.json")), flags(&file("e2e/chromium.mjs")));
    }
}
