//! What the browser keeps for this page: the reader's preferences, and the last runs. What is found there may be damaged, foreign
//! or from a later version: then it is said and replaced. Where nothing may be kept, nothing is.

use super::browser;
use super::prefs::{Prefs, Theme, Value};
use super::recent::{self, Kept};
use crate::i18n::Lang;
use crate::session::{Level, Notice, verbatim};
use crate::text::Text;
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Where the preferences are. `www/start.js` reads it too, for the first paint.
const PREFS: &str = "indoubt";
/// What more than this is not ours.
const MAX_PREFS: usize = 4_000;

/// The preferences, and what was wrong with them. What could be read of them is kept.
pub fn prefs() -> (Prefs, Option<Notice>) {
    let mut prefs = Prefs::default();
    let Some(text) = browser::stored(PREFS) else {
        // Where earlier versions kept these two.
        prefs.lang = browser::stored("indoubt.lang").and_then(|tag| Lang::from_tag(&tag));
        prefs.theme = browser::stored("indoubt.theme").and_then(|word| Theme::from_word(&word));
        if prefs != Prefs::default() {
            keep_prefs(&prefs);
        }
        ["indoubt.lang", "indoubt.theme"].into_iter().for_each(browser::forget);
        return (prefs, None);
    };
    let wrong = read(&text, &mut prefs);
    let notice = wrong.map(|found| {
        keep_prefs(&prefs);
        Notice {
            level: Level::Error,
            text: Text::new("notice.prefs"),
            raw: Some(verbatim(found)),
            offer: None,
        }
    });
    (prefs, notice)
}

/// Takes over what can be read, and returns what cannot.
fn read(text: &str, prefs: &mut Prefs) -> Option<String> {
    let parsed = (text.len() <= MAX_PREFS).then(|| JSON::parse(text).ok()).flatten();
    let object = parsed.and_then(|v| v.dyn_into::<Object>().ok()).filter(|o| !Array::is_array(o));
    let Some(object) = object else { return Some(start(text)) };
    let version = Reflect::get(&object, &"v".into()).ok().and_then(|v| value(&v));
    if !version.is_some_and(|v| prefs.set("v", &v)) {
        return Some(start(text));
    }
    let mut wrong = None;
    for entry in Object::entries(&object).iter() {
        let entry: Array = entry.unchecked_into();
        let name = entry.get(0).as_string().unwrap_or_default();
        if !value(&entry.get(1)).is_some_and(|v| prefs.set(&name, &v)) {
            let found = entry.get(1);
            let found = JSON::stringify(&found).ok().and_then(|s| s.as_string()).unwrap_or_default();
            wrong.get_or_insert(start(&[&name, ": ", &found].concat()));
        }
    }
    wrong
}

fn value(value: &JsValue) -> Option<Value> {
    if let Some(flag) = value.as_bool() {
        return Some(Value::Flag(flag));
    }
    if let Some(number) = value.as_f64() {
        let fits = number.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&number);
        return fits.then_some(Value::Number(number as u16));
    }
    value.as_string().map(Value::Word)
}

/// As much as one wants to read of what should not be there.
fn start(text: &str) -> String {
    const MOST: usize = 60;
    let mut out: String = text.chars().take(MOST).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// Keeps the preferences.
pub fn keep_prefs(prefs: &Prefs) {
    let object = Object::new();
    for (name, value) in prefs.entries() {
        let value = match value {
            Value::Flag(flag) => JsValue::from(flag),
            Value::Number(number) => JsValue::from(number),
            Value::Word(word) => JsValue::from(word),
        };
        let set = Reflect::set(&object, &name.into(), &value);
        debug_assert!(set.is_ok(), "an object of our own takes a value");
    }
    if let Some(text) = JSON::stringify(&object).ok().and_then(|s| s.as_string()) {
        browser::store(PREFS, &text);
    }
}

/// Where the last runs are.
const RUNS: &str = "indoubt.runs";

/// The last runs, newest first, and what was wrong with what is kept of them.
pub fn runs() -> (Vec<Kept>, Option<Notice>) {
    let (mut runs, mut wrong) = read_runs();
    // Of what is no list nobody can say how many runs it held.
    let all = wrong.is_some() && runs.is_empty();
    let mut lost = usize::from(wrong.is_some());
    if let Some((n, error)) = recent::weed(&mut runs) {
        lost += n;
        wrong = Some(error.to_string());
    }
    let notice = wrong.map(|found| {
        keep_runs(&runs);
        let text = Text::new(if all { "notice.runs-all" } else { "notice.runs" }).number("n", lost as i64);
        Notice { level: Level::Error, text, raw: Some(verbatim(found)), offer: None }
    });
    (runs, notice)
}

/// The last runs as far as they have the right shape, and the start of what has not.
fn read_runs() -> (Vec<Kept>, Option<String>) {
    let Some(text) = browser::stored(RUNS) else { return (Vec::new(), None) };
    let parsed = (text.len() <= 2 * recent::MOST_BYTES).then(|| JSON::parse(&text).ok()).flatten();
    let Some(list) = parsed.and_then(|v| v.dyn_into::<Array>().ok()) else {
        return (Vec::new(), Some(start(&text)));
    };
    let mut wrong = None;
    let mut runs = Vec::new();
    for entry in list.iter().take(recent::MOST) {
        let fields: Vec<String> = entry
            .dyn_ref::<Array>()
            .map(|e| e.iter().filter_map(|f| f.as_string()).collect())
            .unwrap_or_default();
        match Kept::read(&fields) {
            Some(kept) => runs.push(kept),
            None => {
                let found = JSON::stringify(&entry).ok().and_then(|s| s.as_string());
                wrong.get_or_insert(start(&found.unwrap_or_default()));
            }
        }
    }
    (runs, wrong)
}

fn keep_runs(runs: &[Kept]) {
    let list = Array::new();
    for run in runs {
        let fields = Array::new();
        for field in run.fields() {
            fields.push(&JsValue::from(field));
        }
        list.push(&fields);
    }
    match JSON::stringify(&list).ok().and_then(|s| s.as_string()) {
        Some(text) if !runs.is_empty() => browser::store(RUNS, &text),
        _ => browser::forget(RUNS),
    }
}

/// Keeps a run that is told by its title, among the last ones.
pub fn keep_run(lang: Lang, title: &str, hash: &str) {
    let (mut runs, _) = read_runs();
    recent::keep(&mut runs, Kept::new(js_sys::Date::now(), lang, title, hash));
    keep_runs(&runs);
}

/// Forgets one of the last runs.
pub fn forget_run(hash: &str) {
    let (mut runs, _) = read_runs();
    runs.retain(|run| run.hash != hash);
    keep_runs(&runs);
}

/// Forgets the last runs.
pub fn forget_runs() {
    browser::forget(RUNS);
}

/// Forgets everything that is kept on this device, also the copy of the page itself.
pub fn forget_everything() {
    [PREFS, RUNS].into_iter().for_each(browser::forget);
    // start.js keeps the copy.
    browser::announce("indoubt-forget");
}

/// A time as people write it.
pub fn written(when_ms: f64, lang: Lang) -> String {
    let options = Object::new();
    for (name, value) in [("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")]
    {
        let set = Reflect::set(&options, &name.into(), &value.into());
        debug_assert!(set.is_ok(), "an object of our own takes a value");
    }
    let date = js_sys::Date::new(&JsValue::from(when_ms));
    String::from(date.to_locale_string(lang.tag(), &options))
}
