//! Chromium and its driver, from wherever this machine has them or from apt; Firefox if it is there.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use crate::process::{Outcome, find, read, run, say};
use crate::workspace::search_path;

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const HOW_TO_INSTALL: &str = "\
Chromium and a chromedriver of the same version are needed. Install them and run this again:
  Debian:    sudo apt-get update && sudo apt-get install chromium chromium-driver
  elsewhere: Chrome or Chromium and its driver (https://googlechromelabs.github.io/chrome-for-testing),
             with CHROMIUM and CHROMEDRIVER set to the two programs";

/// A browser to test in and the program that drives it.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds Chromium and chromedriver, installing the Debian packages where that is possible.
pub fn browser() -> Outcome<Browser> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    apt_install(&["chromium", "chromium-driver"], "Chromium and its driver")?;
    installed().ok_or_else(|| HOW_TO_INSTALL.to_owned())
}

/// Makes sure that Chinese text has glyphs, which only pictures need.
pub fn chinese_font() -> Outcome {
    let fonts = read(Command::new("fc-list").arg(":lang=zh-cn"));
    if fonts.is_none_or(|list| list.is_empty()) && !apt_install(&["fonts-noto-cjk"], "a Chinese font")? {
        say("no Chinese font was found: the zh-CN pictures may show empty boxes (Debian: fonts-noto-cjk)");
    }
    Ok(())
}

/// Installs Debian packages if this is root on a machine with apt; says whether it did.
pub fn apt_install(packages: &[&str], what: &str) -> Outcome<bool> {
    let is_root = read(Command::new("id").arg("-u")).as_deref() == Some("0");
    if !is_root || find("apt-get", &search_path()).is_none() {
        return Ok(false);
    }
    say(&format!("installing {what} by apt-get: {} (half a minute)", packages.join(" ")));
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        command
    };
    run(apt().arg("update"))?;
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))?;
    Ok(true)
}

/// The program that drives Firefox, if both are there. Nothing needs them; where they are, they are used.
pub fn firefox_driver() -> Option<PathBuf> {
    // By this name geckodriver looks for it.
    find("firefox", &search_path())?;
    named("GECKODRIVER", &["geckodriver"])
}

fn installed() -> Option<Browser> {
    Some(Browser {
        chromium: named("CHROMIUM", &CHROMIUM)?,
        driver: named("CHROMEDRIVER", &["chromedriver"])?,
    })
}

/// The program that the environment variable names, or the first of these on the search path.
fn named(variable: impl AsRef<OsStr>, names: &[&str]) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Some(path.into());
    }
    let path = search_path();
    names.iter().find_map(|name| find(name, &path))
}
