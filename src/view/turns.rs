//! What began and what ended with an event: doubt, blocking, locks, waiting, violations.

use crate::properties::title;
use crate::protocol::{NodeId, Stance};
use crate::run::{Event, NodeNow};
use crate::sim::Scene;
use crate::text::Text;
use std::rc::Rc;

/// Something that began or ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turn {
    /// What.
    pub text: Text,
    /// How it is coloured: doubt, blocked, lock, broken, or nothing.
    pub tone: &'static str,
}

/// What began and what ended with an event. `scene` is there for the names; `violated` are the properties
/// that were violated before.
pub fn turns(scene: &Scene, before: &[NodeNow], violated: &[&'static str], event: &Event) -> Vec<Turn> {
    let mut all = Vec::new();
    for (i, (was, is)) in before.iter().zip(&event.nodes).enumerate() {
        let id = NodeId(i as u8);
        let node = |key: &str| Text::new(key).word("node", scene.name(id));
        let mut push = |tone, text| all.push(Turn { text, tone });
        match (was.stance == Stance::InDoubt, is.stance == Stance::InDoubt) {
            (false, true) => push("is-doubt", node("turn.doubt-begins")),
            (true, false) => push("is-doubt", node("turn.doubt-ends")),
            _ => {}
        }
        match (was.blocked, is.blocked) {
            (false, true) => push("is-doubt", node("turn.blocked-begins")),
            (true, false) => push("is-doubt", node("turn.blocked-ends")),
            _ => {}
        }
        let name = |r: &crate::protocol::Resource| (scene.resource)(*r);
        for lock in is.locks.iter().filter(|l| !was.locks.contains(l)) {
            push("is-lock", node("turn.lock-begins").word("lock", name(lock)));
        }
        for lock in was.locks.iter().filter(|l| !is.locks.contains(l)) {
            push("is-lock", node("turn.lock-ends").word("lock", name(lock)));
        }
        match (was.waits, is.waits) {
            (false, true) => push("is-lock", node("turn.waits-begins")),
            (true, false) => push("is-lock", node("turn.waits-ends")),
            _ => {}
        }
    }
    // Who is blocked was said where it began.
    let other = |id: &&&str| **id != "blocked";
    for id in event.violated.iter().filter(|id| !violated.contains(id)).filter(other) {
        let (key, tone) = match event.guessed.contains(id) {
            true => ("turn.guessed", "is-doubt"),
            false => ("turn.violated", "is-abort"),
        };
        all.push(Turn { text: Text::new(key).text("prop", title(scene.meta, id)), tone });
    }
    for id in violated.iter().filter(|id| !event.violated.contains(id)).filter(other) {
        all.push(Turn {
            text: Text::new("turn.holds-again").text("prop", title(scene.meta, id)),
            tone: "is-holds",
        });
    }
    all
}

/// A stretch of moments at which a property was violated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spell {
    /// Which property.
    pub id: &'static str,
    /// The first such moment.
    pub from: u32,
    /// The last; `None` if it is violated still.
    pub to: Option<u32>,
}

/// When each property was violated, in order.
pub fn spells(events: &[Rc<Event>]) -> Vec<Spell> {
    let mut all: Vec<Spell> = Vec::new();
    for (i, event) in events.iter().enumerate() {
        let moment = i as u32 + 1;
        // Most events change nothing of it.
        if i > 0 && events[i - 1].violated == event.violated {
            continue;
        }
        for spell in all.iter_mut().filter(|s| s.to.is_none() && !event.violated.contains(&s.id)) {
            spell.to = Some(moment - 1);
        }
        for id in &event.violated {
            if !all.iter().any(|s| s.id == *id && s.to.is_none()) {
                all.push(Spell { id, from: moment, to: None });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    #[test]
    fn doubt_blocking_and_locks_begin_and_end() {
        let path = format!("{}/tests/traces/2pc/s08-half-told.txt", env!("CARGO_MANIFEST_DIR"));
        let history =
            script::load(&std::fs::read_to_string(path).expect("readable")).expect("a script").history;
        let scene = &history.run().now().scene;
        let branch = history.branch();
        let mut before = NodeNow::all(&history.run_at(0).now().scene);
        let mut violated: Vec<&'static str> = Vec::new();
        let mut told = Vec::new();
        for place in &branch[1..] {
            let event = history.event(*place).expect("an event");
            let keys = turns(scene, &before, &violated, event).into_iter().map(|t| t.text.key);
            told.push(keys.collect::<Vec<_>>());
            (before, violated) = (event.nodes.clone(), event.violated.clone());
        }
        assert_eq!(told[0], Vec::<String>::new());
        assert_eq!(told[1], ["turn.doubt-begins"]);
        assert_eq!(told[4], ["turn.blocked-begins"]);
        assert_eq!(told[5], ["turn.doubt-ends", "turn.lock-ends"]);
        let all: Vec<_> = told.concat();
        assert_eq!(all.iter().filter(|k| *k == "turn.blocked-ends").count(), 1);
        assert_eq!(all.iter().filter(|k| *k == "turn.lock-ends").count(), 2);
    }

    #[test]
    fn a_property_is_violated_in_spells() {
        let path = format!("{}/tests/traces/2pc/s08-half-told.txt", env!("CARGO_MANIFEST_DIR"));
        let history =
            script::load(&std::fs::read_to_string(path).expect("readable")).expect("a script").history;
        let branch = history.branch();
        let events: Vec<_> = branch[1..].iter().filter_map(|p| history.event(*p)).cloned().collect();
        let back =
            1 + events.iter().position(|e| matches!(e.step.act, crate::sim::Act::Recover(_))).expect("it is");
        assert_eq!(spells(&events), [Spell { id: "blocked", from: 5, to: Some(back as u32 - 1) }]);
        assert_eq!(spells(&events[..6]), [Spell { id: "blocked", from: 5, to: None }]);
    }
}
