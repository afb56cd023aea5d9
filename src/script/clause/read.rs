//! Reads a clause.

use super::{Clause, Counter, Group, InFlight, LampKind, STATES};
use crate::order::Set;
use crate::order::{sorted, unique};
use crate::properties::{self, Lamp};
use crate::protocol::{NodeId, Outcome};
use crate::script::parse::{number, read_link, read_node, read_timer};
use crate::script::words::{Word, Words};
use crate::script::{Names, ScriptError};

/// The words that a clause can begin with, besides properties, groups and counters.
const HEADS: &[&str] = &[
    "log",
    "locks",
    "phase",
    "balance",
    "gauge",
    "effects",
    "answered",
    "lamp",
    "delay",
    "in-flight",
    "remark",
    "decided",
    "armed",
    "quiet",
];

/// Reads one clause, to its end.
pub fn read_clause(words: &mut Words, names: &Names) -> Result<Clause, ScriptError> {
    let head = words.need("a clause", heads)?;
    let group = Group::ALL.iter().find(|(w, _)| *w == head.text).map(|(_, g)| *g);
    let counter = Counter::ALL.iter().find(|(w, _)| *w == head.text).map(|(_, c)| *c);
    // `blocked` and `locks` name a property and also a clause of their own: the next word tells.
    let own = group.is_some() || HEADS.contains(&head.text);
    let says_state = words.peek().is_some_and(|w| state(w.text).is_some());
    let property = properties::IDS.iter().find(|id| **id == head.text && (says_state || !own));
    let clause = match (property, group, counter) {
        (Some(id), _, _) => read_property(id, words, names)?,
        (None, Some(group), _) => Clause::Nodes(group, node_set(words, names)?),
        (None, None, Some(counter)) => Clause::Count(counter, read_number(words)?),
        (None, None, None) => read_other(head, words, names)?,
    };
    words.finish()?;
    Ok(clause)
}

fn heads() -> Vec<String> {
    let groups = Group::ALL.iter().map(|(w, _)| *w);
    let counters = Counter::ALL.iter().map(|(w, _)| *w);
    let properties = properties::IDS.iter().copied();
    let all = groups.chain(counters).chain(properties).chain(HEADS.iter().copied());
    unique(all.map(String::from).collect())
}

fn state(word: &str) -> Option<properties::State> {
    STATES.iter().find(|(w, _)| *w == word).map(|(_, s)| *s)
}

fn read_other(head: Word, words: &mut Words, names: &Names) -> Result<Clause, ScriptError> {
    Ok(match head.text {
        "log" => read_log(words, names)?,
        "locks" => Clause::Locks(word_set(words, "a lock")?),
        "phase" => read_phase(words, names)?,
        "balance" => Clause::Balance(list(words, "an account", |w| read_numbered(w, "ACCOUNT"))?),
        "gauge" => {
            let node = read_node(words, names)?;
            Clause::Gauges(node, list(words, "what is counted", |w| read_numbered(w, "WORD"))?)
        }
        "effects" => Clause::Effects(list(words, "whose request", |w| read_numbered(w, "WHOSE"))?),
        "answered" => Clause::Answered(word_set(words, "whose request")?),
        "lamp" => Clause::Lamps(list(words, "a lamp", |words| read_lamp(words, names))?),
        "delay" => read_delay(words)?,
        "in-flight" => Clause::InFlight(sorted(list(words, "a message", |words| read_flight(words, names))?)),
        "remark" => Clause::Remarks(read_node(words, names)?, word_set(words, "a remark")?),
        "decided" => read_decided(words, names)?,
        "armed" => {
            let node = read_node(words, names)?;
            Clause::Armed(
                node,
                list(words, "a timer", |words| read_timer(words, names))?.into_iter().collect(),
            )
        }
        "quiet" => Clause::Quiet(true),
        _ => return Err(words.unknown(head, "a clause", heads())),
    })
}

/// Reads to the end of the clause, or nothing where it says `none`.
fn list<T>(
    words: &mut Words,
    what: &'static str,
    mut read: impl FnMut(&mut Words) -> Result<T, ScriptError>,
) -> Result<Vec<T>, ScriptError> {
    match words.peek() {
        Some(word) if word.text == "none" => {
            words.take();
            return Ok(Vec::new());
        }
        Some(_) => {}
        None => drop(words.need(what, || vec![what.into(), "none".into()])?),
    }
    let mut all = Vec::new();
    while !words.is_empty() {
        all.push(read(words)?);
    }
    Ok(all)
}

fn node_set(words: &mut Words, names: &Names) -> Result<Set<NodeId>, ScriptError> {
    Ok(list(words, "a node", |words| read_node(words, names))?.into_iter().collect())
}

fn word_set(words: &mut Words, what: &'static str) -> Result<Set<String>, ScriptError> {
    let read = |words: &mut Words| Ok(words.need(what, Vec::new)?.text.to_string());
    Ok(list(words, what, read)?.into_iter().collect())
}

fn read_number(words: &mut Words) -> Result<u32, ScriptError> {
    let word = words.need("a number", || vec!["a number".into()])?;
    number(words, word, word.text)
}

fn read_property(id: &'static str, words: &mut Words, names: &Names) -> Result<Clause, ScriptError> {
    let possible = || STATES.iter().map(|(w, _)| w.to_string()).collect::<Vec<_>>();
    let word = words.need("how the property stands", possible)?;
    let Some(state) = state(word.text) else {
        return Err(words.unknown(word, "how a property can stand", possible()));
    };
    let who = if words.is_empty() { None } else { Some(node_set(words, names)?) };
    Ok(Clause::Property { id, state, who })
}

fn read_log(words: &mut Words, names: &Names) -> Result<Clause, ScriptError> {
    let word = words.need("a node and a colon", || names.nodes.iter().map(|n| format!("{n}:")).collect())?;
    let Some(node) = word.text.strip_suffix(':').and_then(|n| names.find(n)) else {
        let possible = names.nodes.iter().map(|n| format!("{n}:")).collect();
        return Err(words.unknown(word, "a node and a colon", possible));
    };
    let mut records = Vec::new();
    let possible = || {
        let kinds = names.meta.records.iter().map(|r| r.word.to_string());
        kinds.chain(["empty".into()]).collect::<Vec<_>>()
    };
    let first = words.need("a record, or `empty`", possible)?;
    if first.text == "empty" {
        return Ok(Clause::Log(node, records));
    }
    let mut next = Some(first);
    while let Some(word) = next {
        let (record, durable) = match word.text.strip_suffix('*') {
            Some(record) => (record, true),
            None => (word.text, false),
        };
        if names.meta.record(record).is_none() {
            return Err(words.unknown(word, "a record of this protocol", possible()));
        }
        records.push((record.to_string(), durable));
        next = words.take();
    }
    Ok(Clause::Log(node, records))
}

fn read_phase(words: &mut Words, names: &Names) -> Result<Clause, ScriptError> {
    let node = read_node(words, names)?;
    let possible = || names.meta.phases.iter().map(|p| p.word.to_string()).collect::<Vec<_>>();
    let word = words.need("a phase", possible)?;
    match names.meta.phases.iter().any(|p| p.word == word.text) {
        true => Ok(Clause::Phase(node, word.text.into())),
        false => Err(words.unknown(word, "a phase of this protocol", possible())),
    }
}

fn read_numbered(words: &mut Words, what: &'static str) -> Result<(String, i32), ScriptError> {
    let possible = || vec![format!("{what}=NUMBER")];
    let word = words.need("a name and a number", possible)?;
    let parts = word.text.split_once('=').and_then(|(name, n)| Some((name.to_string(), n.parse().ok()?)));
    parts.ok_or_else(|| words.unknown(word, "a name and a number", possible()))
}

fn read_lamp(words: &mut Words, names: &Names) -> Result<(LampKind, Option<NodeId>, Lamp), ScriptError> {
    let possible = || {
        let lamp = |(c, k): &(char, LampKind)| {
            format!("{c}({})=1", if *k == LampKind::Votes { "v" } else { "NODE" })
        };
        LampKind::ALL.iter().map(lamp).chain(["=0".into(), "=-".into()]).collect::<Vec<_>>()
    };
    let word = words.need("a lamp", possible)?;
    let read = || {
        let (left, value) = word.text.split_once('=')?;
        let value = match value {
            "1" => Some(true),
            "0" => Some(false),
            "-" => None,
            _ => return None,
        };
        let (letter, of) = left.strip_suffix(')')?.split_once('(')?;
        let (_, kind) = LampKind::ALL.iter().find(|(c, _)| letter.chars().eq([*c]))?;
        match (kind, of) {
            (LampKind::Votes, "v") => Some((*kind, None, value)),
            (LampKind::Votes, _) => None,
            (_, of) => Some((*kind, Some(names.find(of)?), value)),
        }
    };
    read().ok_or_else(|| words.unknown(word, "a lamp and its value", possible()))
}

fn read_delay(words: &mut Words) -> Result<Clause, ScriptError> {
    let possible = || vec!["DECISION/OUTCOME".to_string()];
    let word = words.need("two delays", possible)?;
    let delay = |text: &str| if text == "-" { Some(None) } else { text.parse().ok().map(Some) };
    let both = word.text.split_once('/').and_then(|(a, b)| Some((delay(a)?, delay(b)?)));
    let (decision, outcome) = both.ok_or_else(|| words.unknown(word, "two delays", possible()))?;
    Ok(Clause::Delay(decision, outcome))
}

fn read_flight(words: &mut Words, names: &Names) -> Result<InFlight, ScriptError> {
    let possible = || vec!["FROM>TO:WORD".to_string(), "FROM>TO:WORD/held".to_string()];
    let word = words.need("a message", possible)?;
    let Some((link, said)) = word.text.split_once(':') else {
        return Err(words.unknown(word, "a message in flight", possible()));
    };
    let (from, to) = read_link(words, Word { text: link, ..word }, names)?;
    let (said, held) = match said.strip_suffix("/held") {
        Some(said) => (said, true),
        None => (said, false),
    };
    match names.meta.message(said) {
        Some(kind) => Ok(InFlight { from, to, word: kind.word, held }),
        None => {
            let column = word.column + link.chars().count() + 1;
            Err(words.unknown(Word { text: said, column }, "a message of this protocol", names.messages()))
        }
    }
}

fn read_decided(words: &mut Words, names: &Names) -> Result<Clause, ScriptError> {
    let node = read_node(words, names)?;
    let possible = || ["commit", "abort", "both", "none"].map(String::from).to_vec();
    let word = words.need("an outcome", possible)?;
    let outcomes: &[Outcome] = match word.text {
        "commit" => &[Outcome::Commit],
        "abort" => &[Outcome::Abort],
        "both" => &Outcome::BOTH,
        "none" => &[],
        _ => return Err(words.unknown(word, "an outcome", possible())),
    };
    Ok(Clause::Decided(node, outcomes.iter().copied().collect()))
}
