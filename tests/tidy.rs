//! Style as tests: which layer may know which, and that both languages say everything.

use indoubt::i18n::Lang;
use indoubt::protocol::ParamKind;
use indoubt::protocols;
use indoubt::sim::RULES;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            files.extend(rust_files(&entry));
        } else if entry.extension().is_some_and(|e| e == "rs") {
            files.push(entry);
        }
    }
    files.sort();
    files
}

/// A file's code: without comments, and without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("readable");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_string();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// A module's place: `src/view/plot.rs` belongs to `view`.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix("src").expect("below src");
    let first = inside.components().next().expect("a part").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_string()
}

/// What a module may use, besides itself. Never upward.
fn allowed(module: &str) -> &'static [&'static str] {
    match module {
        "text" | "order" => &[],
        // A role states its blocking in closed form over a scene.
        "protocol" => &["sim"],
        "worlds" => &["protocol"],
        "sim" => &["protocol"],
        "protocols" => &["protocol", "sim", "worlds"],
        "properties" => &["protocol", "sim", "text"],
        "run" => &["protocol", "sim", "properties"],
        "explore" => &["protocol", "protocols", "sim", "properties"],
        "script" | "link" => &["protocol", "protocols", "sim", "properties", "run", "text", "i18n", "view"],
        // Of the explorer, the view knows questions and answers, and never searches.
        "view" => &["protocol", "protocols", "sim", "properties", "run", "explore", "text"],
        "i18n" => &["text"],
        "session" => &[
            "protocol",
            "protocols",
            "sim",
            "properties",
            "run",
            "script",
            "link",
            "view",
            "explore",
            "text",
        ],
        "ui" => &[
            "protocol",
            "protocols",
            "sim",
            "properties",
            "run",
            "script",
            "link",
            "view",
            "session",
            "explore",
            "text",
            "i18n",
        ],
        "bin" | "lib" => &[
            "ui",
            "script",
            "link",
            "run",
            "sim",
            "protocol",
            "protocols",
            "properties",
            "view",
            "explore",
            "text",
            "i18n",
        ],
        other => panic!("say in tests/tidy.rs what {other} may use"),
    }
}

#[test]
fn no_module_looks_upward() {
    for path in rust_files(Path::new("src")) {
        let (here, text) = (module(&path), code(&path));
        for (at, _) in text.match_indices("crate::") {
            let used: String =
                text[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let fine = used == here || matches!(used.as_str(), "" | "order");
            let fine = fine || allowed(&here).contains(&used.as_str());
            assert!(fine, "{}: {here} may not use {used}", path.display());
        }
    }
}

#[test]
fn below_the_screen_there_is_no_browser_no_clock_no_chance_and_no_float() {
    let banned = [
        "yew",
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "getrandom",
        "std::time",
        "HashMap",
        "HashSet",
        "f32",
        "f64",
        "unsafe",
        "thread_rng",
    ];
    for path in rust_files(Path::new("src")) {
        if matches!(module(&path).as_str(), "ui" | "bin") {
            continue;
        }
        let text = code(&path);
        for word in banned {
            let whole = |at: usize| {
                let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
                edge(text[..at].chars().next_back()) && edge(text[at + word.len()..].chars().next())
            };
            let found = text.match_indices(word).any(|(at, _)| whole(at));
            assert!(!found, "{}: {word}", path.display());
        }
    }
}

fn keys(lang: Lang) -> BTreeSet<&'static str> {
    lang.table().keys().copied().collect()
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (en, zh) = (keys(Lang::En), keys(Lang::Zh));
    assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&&str>::new(), "missing in zh-CN");
    assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&&str>::new(), "missing in en");
    let names = |text: &str| -> BTreeSet<String> {
        let starts = text.match_indices('{').map(|(at, _)| &text[at + 1..]);
        starts.map(|rest| rest.split(['}', '|']).next().unwrap_or_default().to_string()).collect()
    };
    for (key, english) in Lang::En.table().iter() {
        let chinese = Lang::Zh.table().get(key).expect("both tables have the same keys");
        // Chinese needs no plural, so it may leave out the number that only chooses one.
        let missing: Vec<_> = names(chinese).difference(&names(english)).cloned().collect();
        assert!(missing.is_empty(), "{key}: {chinese} uses {missing:?}");
        let counted = |name: &String| {
            english.contains(&format!("{{{name}|")) && !english.contains(&format!("{{{name}}}"))
        };
        let left: Vec<_> =
            names(english).difference(&names(chinese)).filter(|n| !counted(n)).cloned().collect();
        assert!(left.is_empty(), "{key}: {chinese} leaves out {left:?}");
    }
}

#[test]
fn every_word_of_every_protocol_and_of_scripts_has_a_text() {
    let mut wanted = Vec::new();
    for protocol in protocols::ALL {
        let meta = (protocol.meta)();
        let id = meta.id;
        wanted.extend([format!("{id}.name"), format!("{id}.about"), format!("{id}.opening.nothing")]);
        wanted.push(format!("family.{}", meta.family));
        if meta.promises("once") {
            wanted.push(format!("{id}.apply"));
        }
        wanted.extend(meta.roles.iter().map(|k| format!("{id}.role.{}", k.word)));
        wanted.extend(meta.timers.iter().map(|k| format!("{id}.timer.{}", k.word)));
        wanted.extend(meta.verbs.iter().map(|k| format!("{id}.verb.{}", k.word)));
        wanted.extend(meta.phases.iter().map(|k| format!("{id}.phase.{}", k.word)));
        for spec in meta.params {
            wanted.extend(param_keys(&format!("{id}.param.{}", spec.key), spec.kind));
            wanted.push(format!("group.{}", spec.group));
        }
    }
    for spec in RULES {
        wanted.extend(param_keys(&format!("rule.{}", spec.key), spec.kind));
        wanted.push(format!("group.{}", spec.group));
    }
    wanted.extend(indoubt::properties::IDS.iter().map(|id| format!("prop.{id}")));
    let described = indoubt::script::WHATS.iter().map(|w| indoubt::script::described(w).key);
    wanted.extend(described);
    let missing: Vec<_> = wanted.iter().filter(|k| Lang::En.template(k).is_none()).collect();
    assert!(missing.is_empty(), "no text for {missing:#?}");
}

/// A list that is grouped must not jump: who reads on finds the same order that there is without groups.
#[test]
fn protocols_about_the_same_thing_stand_together() {
    let grouped = protocols::families().into_iter().flat_map(|(_, members)| members);
    let grouped: Vec<_> = grouped.map(|p| (p.meta)().id).collect();
    assert_eq!(grouped, protocols::ALL.iter().map(|p| (p.meta)().id).collect::<Vec<_>>());
}

/// They stand in one list.
#[test]
fn everything_that_can_be_asked_for_begins_with_a_capital() {
    let small = |text: &str| text.chars().next().is_some_and(char::is_lowercase);
    let verbs = Lang::En.table().iter().filter(|(key, _)| key.contains(".verb."));
    let wrong: Vec<_> = verbs.filter(|(_, text)| small(text)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn param_keys(stem: &str, kind: ParamKind) -> Vec<String> {
    let mut keys = vec![stem.to_string(), format!("{stem}.why")];
    if let ParamKind::Choice(words) | ParamKind::Each(words) = kind {
        keys.extend(words.iter().map(|w| format!("{stem}.{w}")));
    }
    keys
}

/// Keys that stand in the code as they are: `"story.broken"`.
#[test]
fn every_key_in_the_code_has_a_text() {
    let have = keys(Lang::En);
    let tops: BTreeSet<_> = have.iter().filter_map(|k| k.split('.').next()).collect();
    let mut missing = BTreeSet::new();
    for path in rust_files(Path::new("src")) {
        for literal in code(&path).split('"').skip(1).step_by(2) {
            let shaped = literal.split('.').count() >= 2
                && literal.split('.').all(|p| {
                    !p.is_empty()
                        && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                });
            let ours = literal.split('.').next().is_some_and(|top| tops.contains(top));
            if shaped && ours && !have.contains(literal) {
                missing.insert(format!("{} in {}", literal, path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no text for {missing:#?}");
}
