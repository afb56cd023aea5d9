//! The Content-Security-Policy of the built page, and the list of its files for use without a network.
//!
//! Trunk calls `cargo xtask csp` after every build, so there is one pipeline whoever starts it. A
//! release build gets the policy as the first thing in its head, and its service worker the files. A development build is
//! left alone: Trunk's reload script is inline.

use std::fs;
use std::path::Path;

use crate::offline;
use crate::process::{Outcome, say};

/// Nothing, then what the page needs.
const POLICY: [&str; 10] = [
    "default-src 'none'",
    // WebAssembly is compiled; no string is ever evaluated, and no script is inline.
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
];

const CHARSET: &str = r#"<meta charset="utf-8">"#;
const MARK: &str = r#"<meta http-equiv="Content-Security-Policy""#;

/// Trunk's reload script, present in what `trunk serve` builds.
const RELOAD_SCRIPT: &str = "__TRUNK_";

/// Does what Trunk's hook asks for, told by Trunk's environment variables.
pub fn from_trunk() -> Outcome {
    let variable = |name| std::env::var(name).map_err(|_| format!("Trunk sets {name} for its hooks"));
    if variable("TRUNK_PROFILE")? != "release" {
        return Ok(());
    }
    let page = Path::new(&variable("TRUNK_STAGING_DIR")?).join("index.html");
    let html = read(&page)?;
    if html.contains(RELOAD_SCRIPT) {
        say("served for development: the page carries no Content-Security-Policy");
        return Ok(());
    }
    let site = Path::new(&variable("TRUNK_STAGING_DIR")?).to_owned();
    let html = offline::marked(&with_policy(&html)?);
    fs::write(&page, html).map_err(|error| format!("cannot write {}: {error}", page.display()))?;
    offline::fill(&site)
}

/// Makes sure that a built page carries the policy and nothing that it forbids.
pub fn check(page: &Path) -> Outcome {
    let html = read(page)?;
    if !html.contains(MARK) {
        return Err(format!("{} carries no Content-Security-Policy", page.display()));
    }
    forbid_inline(&html)
}

fn with_policy(html: &str) -> Outcome<String> {
    if html.contains(MARK) {
        return Ok(html.to_owned());
    }
    forbid_inline(html)?;
    let meta = format!("{CHARSET}\n    {MARK} content=\"{}\">", POLICY.join("; "));
    if !html.contains(CHARSET) {
        return Err(format!("index.html must say {CHARSET}: the policy goes behind it"));
    }
    Ok(html.replacen(CHARSET, &meta, 1))
}

/// Every script comes from a file, no element has its style inside.
fn forbid_inline(html: &str) -> Outcome {
    for (tag, attribute) in [("<script", "src="), ("<style", "none allowed")] {
        for (start, _) in html.match_indices(tag) {
            let end = html[start..].find('>').map_or(html.len(), |end| start + end + 1);
            let element = &html[start..end];
            if !element.contains(attribute) {
                return Err(format!("index.html: the policy forbids the inline {element}"));
            }
        }
    }
    Ok(())
}

fn read(page: &Path) -> Outcome<String> {
    fs::read_to_string(page).map_err(|error| format!("cannot read {}: {error}", page.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!("<!doctype html><head>{CHARSET}</head><body>{body}</body>")
    }

    #[test]
    fn the_policy_comes_right_behind_the_charset() {
        let html = with_policy(&page("")).unwrap();
        let (_, behind) = html.split_once(CHARSET).unwrap();
        assert!(behind.trim_start().starts_with(MARK), "{html}");
    }

    #[test]
    fn the_policy_is_put_in_once() {
        let once = with_policy(&page("")).unwrap();
        assert_eq!(with_policy(&once).unwrap(), once);
    }

    #[test]
    fn scripts_are_never_allowed_inline() {
        let scripts = POLICY.iter().find(|rule| rule.starts_with("script-src")).unwrap();
        assert!(!scripts.contains("'unsafe-inline'"));
        assert!(!scripts.contains("'unsafe-eval'"));
    }

    #[test]
    fn an_inline_script_is_refused() {
        assert!(with_policy(&page("<script>alert(1)</script>")).is_err());
        assert!(with_policy(&page(r#"<script type="module">alert(1)</script>"#)).is_err());
        assert!(with_policy(&page(r#"<script src="a.js"></script>"#)).is_ok());
    }

    #[test]
    fn an_inline_style_sheet_is_refused() {
        assert!(with_policy(&page("<style>p{}</style>")).is_err());
    }
}
