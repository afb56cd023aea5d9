//! The line that names the world.

use super::words::{Word, Words};
use super::{ErrorKind, Names, ScriptError};
use crate::order::Set;
use crate::protocol::{ParamKind, ParamSpec};
use crate::protocols;
use crate::sim::{RULES, Setup};

/// Reads what follows `world`.
pub fn parse_world(words: &mut Words) -> Result<(Setup, Names), ScriptError> {
    let ids = || protocols::ALL.iter().map(|p| (p.meta)().id.to_string()).collect::<Vec<_>>();
    let word = words.need("a protocol", ids)?;
    let protocol = protocols::find(word.text).ok_or_else(|| words.unknown(word, "a protocol", ids()))?;
    let meta = (protocol.meta)();
    let mut setup = protocol.setup();
    let mut seen = Set::new();
    let mut last = word;
    while let Some(word) = words.take() {
        last = word;
        let keys = || meta.params.iter().chain(RULES).map(|p| format!("{}=", p.key)).collect();
        let Some((key, value)) = word.text.split_once('=') else {
            return Err(words.unknown(word, "a parameter and its value", keys()));
        };
        if !seen.insert(key) {
            return Err(words.error(Word { text: key, ..word }, ErrorKind::Repeated, Vec::new()));
        }
        let (specs, params) = match meta.param(key) {
            Some(_) => (meta.params, &mut setup.params),
            None => (RULES, &mut setup.rules),
        };
        let Some(at) = specs.iter().position(|p| p.key == key) else {
            return Err(words.unknown(Word { text: key, ..word }, "a parameter", keys()));
        };
        let read = specs[at].parse(value).is_some_and(|v| params.set(specs, at, v));
        if !read {
            let column = word.column + key.chars().count() + 1;
            let word = Word { text: value, column };
            return Err(words.unknown(word, "a value of this parameter", vec![specs[at].possible()]));
        }
    }
    if let Some(key) = setup.conflict(meta) {
        return Err(words.error(last, ErrorKind::Conflict { key }, Vec::new()));
    }
    let machine = protocols::build(setup.clone());
    let nodes = machine.scene().nodes.into_iter().map(|n| n.name).collect();
    Ok((setup, Names { meta, nodes }))
}

/// The line that names a world: what differs from the protocol's defaults.
pub fn print_setup(setup: &Setup) -> String {
    let mut line = format!("world {}", setup.protocol);
    let protocol = protocols::find(setup.protocol).expect("a setup names a protocol that exists");
    let usual = protocol.setup();
    let specs = (protocol.meta)().params;
    for (specs, params, usual) in [(specs, &setup.params, &usual.params), (RULES, &setup.rules, &usual.rules)]
    {
        for ((spec, value), usual) in specs.iter().zip(params.values()).zip(usual.values()) {
            if value != usual {
                line += &format!(" {}={}", spec.key, print_value(spec, *value));
            }
        }
    }
    line
}

/// A value, where a list is as long as what it says needs.
fn print_value(spec: &ParamSpec, value: u16) -> String {
    let count = match spec.kind {
        ParamKind::Each(_) => (0..8).rposition(|i| value >> (2 * i) & 3 != 0).map_or(1, |last| last + 1),
        _ => 1,
    };
    spec.print(value, count)
}
