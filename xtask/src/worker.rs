//! The explorer's worker in a release build.
//!
//! Trunk names a worker's files after its program. Here they get their content into their names, as all
//! others do, so that no cache hands out the worker of yesterday to the page of today.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::process::Outcome;

const NAME: &str = "worker";
/// By this the page knows how the worker is called.
const MARK: &str = r#"<meta name="indoubt-worker" content="worker">"#;
/// What the worker's program consists of, behind its name.
const PARTS: [&str; 2] = [".js", "_bg.wasm"];

/// Gives the worker's files their final names; returns the page that knows of them.
pub fn rename(site: &Path, html: &str) -> Outcome<String> {
    if !html.contains(MARK) {
        return Err(format!("index.html must say {MARK}: there the name of the worker comes in"));
    }
    let mut digest = DefaultHasher::new();
    for part in PARTS {
        let path = site.join(format!("{NAME}{part}"));
        let bytes = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        bytes.hash(&mut digest);
    }
    let name = format!("{NAME}-{:016x}", digest.finish());
    for part in PARTS {
        let (old, new) = (site.join(format!("{NAME}{part}")), site.join(format!("{name}{part}")));
        fs::rename(&old, new).map_err(|error| format!("cannot rename {}: {error}", old.display()))?;
    }
    Ok(html.replacen(MARK, &MARK.replace(r#""worker">"#, &format!(r#""{name}">"#)), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_this_project_has_a_place_for_the_name() {
        let page = fs::read_to_string(crate::workspace::root().join("index.html")).unwrap();
        assert_eq!(page.matches(MARK).count(), 1);
    }

    #[test]
    fn files_and_page_get_the_same_name() {
        let site = std::env::temp_dir().join(format!("indoubt-worker-{}", std::process::id()));
        fs::create_dir_all(&site).unwrap();
        fs::write(site.join("worker.js"), "one").unwrap();
        fs::write(site.join("worker_bg.wasm"), "two").unwrap();
        let html = rename(&site, &format!("<head>{MARK}</head>")).unwrap();
        let (_, rest) = html.split_once(r#"content=""#).unwrap();
        let (name, _) = rest.split_once('"').unwrap();
        assert!(name.starts_with("worker-"));
        for part in PARTS {
            assert!(site.join(format!("{name}{part}")).exists());
        }
        fs::remove_dir_all(site).unwrap();
    }
}
