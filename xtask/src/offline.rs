//! Tells the service worker of a release build which files there are.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::process::Outcome;

const WORKER: &str = "sw.js";
const VERSION: &str = r#"const VERSION = "";"#;
const FILES: &str = "const FILES = [];";
/// By this the page knows that there is a worker to register.
const MARK: &str = r#"<meta name="indoubt-offline" content="sw.js">"#;

/// Writes the list of files and their common version into the site's worker.
pub fn fill(site: &Path) -> Outcome {
    let mut files = Vec::new();
    let mut version = DefaultHasher::new();
    let listed = fs::read_dir(site).map_err(|error| format!("cannot list {}: {error}", site.display()))?;
    let mut names: Vec<String> =
        listed.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    for name in names.into_iter().filter(|name| name != WORKER) {
        let bytes = fs::read(site.join(&name)).map_err(|error| format!("cannot read {name}: {error}"))?;
        (&name, bytes).hash(&mut version);
        files.push(name);
    }
    let path = site.join(WORKER);
    let worker = fs::read_to_string(&path).map_err(|error| format!("cannot read {WORKER}: {error}"))?;
    let worker = filled(&worker, &files, version.finish())?;
    fs::write(&path, worker).map_err(|error| format!("cannot write {WORKER}: {error}"))
}

/// The page with the mark by which it knows of the worker.
pub fn marked(html: &str) -> String {
    if html.contains(MARK) {
        html.to_owned()
    } else {
        html.replacen("<title>", &format!("{MARK}\n    <title>"), 1)
    }
}

fn filled(worker: &str, files: &[String], version: u64) -> Outcome<String> {
    if !worker.contains(VERSION) || !worker.contains(FILES) {
        return Err(format!("{WORKER} has no place for its files: it must say {VERSION} and {FILES}"));
    }
    let list: Vec<_> = files.iter().map(|name| format!("{name:?}")).collect();
    Ok(worker.replacen(VERSION, &format!(r#"const VERSION = "{version:016x}";"#), 1).replacen(
        FILES,
        &format!("const FILES = [{}];", list.join(", ")),
        1,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_of_this_project_has_a_place_for_its_files() {
        let worker = fs::read_to_string(crate::workspace::root().join("www").join(WORKER)).unwrap();
        let filled = filled(&worker, &["index.html".to_owned(), "app.wasm".to_owned()], 7).unwrap();
        assert!(filled.contains(r#"const FILES = ["index.html", "app.wasm"];"#));
        assert!(filled.contains(r#"const VERSION = "0000000000000007";"#));
    }

    #[test]
    fn a_worker_without_a_place_is_an_error() {
        assert!(filled("const FILES = [1];", &[], 0).is_err());
    }

    #[test]
    fn the_page_is_marked_once() {
        let once = marked("<head><title>x</title>");
        assert!(once.contains(MARK));
        assert_eq!(marked(&once), once);
    }
}
