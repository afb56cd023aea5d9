//! Runs every script under `tests/traces`.
//!
//! `UPDATE_EXPECT=1 cargo test --test golden` rewrites the output that scripts ask for. Commit a rewritten
//! script only when you understand the difference. Expectations are never rewritten: they are what the
//! sources say.

use indoubt::script;
use std::fs;
use std::path::{Path, PathBuf};

fn scripts(dir: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(dir).expect("a directory").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            scripts(&path, into);
        } else if path.extension().is_some_and(|e| e == "txt") {
            into.push(path);
        }
    }
}

fn traces() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    scripts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces"), &mut paths);
    paths
}

/// What is wrong with one script, a line each.
fn wrong(path: &Path, update: bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
    let text = fs::read_to_string(path).expect("a readable file");
    if !text.starts_with("# why: ") {
        return vec![format!("{name}:1:1: a script begins with `# why: `")];
    }
    let script = match script::parse(&text) {
        Ok(script) => script,
        Err(error) => return vec![format!("{name}:{error}")],
    };
    let mut outcome = script::run(&script);
    if update {
        let rewritten = script::rewrite(&text, &script, &outcome);
        if rewritten != text {
            fs::write(path, &rewritten).expect("a writable file");
            outcome =
                script::run(&script::parse(&rewritten).expect("a rewritten script reads like its original"));
        }
    }
    let failures = outcome.failures.iter().map(|f| format!("{name}:{f}"));
    failures.chain(outcome.error.iter().map(|e| format!("{name}:{e}"))).collect()
}

#[test]
fn every_trace_does_what_it_says() {
    let update = std::env::var("UPDATE_EXPECT").is_ok_and(|v| v == "1");
    let paths = traces();
    assert!(paths.len() > 40, "the traces are missing");
    let all: Vec<_> = paths.iter().flat_map(|path| wrong(path, update)).collect();
    assert!(all.is_empty(), "{} of {} traces\n{}", all.len(), paths.len(), all.join("\n"));
}

/// What nodes say of themselves in words that no list holds.
#[test]
fn every_word_that_a_trace_shows_has_a_text() {
    let mut missing = std::collections::BTreeSet::new();
    for path in traces() {
        let text = fs::read_to_string(&path).expect("a readable file");
        let Ok(loaded) = script::load(&text) else { continue };
        for place in loaded.history.branch() {
            let scene = loaded.history.run_at(place).now().scene.clone();
            for node in &scene.nodes {
                let gauges = node.status.gauges.iter().map(|g| format!("gauge.{}", g.word));
                let remarks = node.status.remarks.iter().map(|r| format!("remark.{r}"));
                let own = node.facts.alarms.iter().filter(|a| !indoubt::properties::RAISED.contains(a));
                let alarms = own.map(|a| format!("alarm.{a}"));
                let keys = gauges.chain(remarks).chain(alarms).map(|k| format!("{}.{k}", scene.meta.id));
                missing.extend(keys.filter(|k| indoubt::i18n::Lang::En.template(k).is_none()));
            }
        }
    }
    assert!(missing.is_empty(), "no text for {missing:#?}");
}

#[test]
fn every_trace_reads_back_from_its_own_print() {
    for path in traces() {
        let text = fs::read_to_string(&path).expect("a readable file");
        let Ok(loaded) = script::load(&text) else { continue };
        let printed = script::print_history(&loaded.history);
        let again = script::load(&printed).unwrap_or_else(|e| panic!("{}: {e}\n{printed}", path.display()));
        assert!(again.error.is_none(), "{}: {:?}", path.display(), again.error);
        assert_eq!(again.setup, loaded.setup, "{}", path.display());
        assert_eq!(again.steps, loaded.steps, "{}", path.display());
        assert_eq!(again.history.len(), loaded.history.len(), "{}", path.display());
    }
}
