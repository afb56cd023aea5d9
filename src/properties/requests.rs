//! What becomes of requests that are sent again.

use super::{State, Verdict, names};
use crate::protocol::{NodeId, Request};
use crate::sim::Scene;
use crate::text::Text;

/// X1: no request takes effect twice, and one whose answer was seen took effect.
pub fn once(scene: &Scene) -> Verdict {
    let effects = scene.effects();
    let what = |request: &Request| scene.intent(*request);
    let at = |request: &Request| -> Vec<NodeId> {
        scene.ids().filter(|id| scene.node(*id).facts.effects.contains_key(request)).collect()
    };
    if let Some((request, n)) = effects.iter().find(|(_, n)| **n > 1) {
        let reason = about(scene, "prop.once.twice", *request)
            .number("n", i64::from(*n))
            .words("who", names(scene, &at(request)));
        return Verdict::new("once", State::Violated, at(request), reason);
    }
    let answered = scene.answered();
    // As long as somebody is at work it may still come.
    if let Some(request) = answered.iter().find(|r| !effects.contains_key(*r) && !scene.under_way()) {
        let saw = |id: &NodeId| scene.node(*id).facts.answers.contains_key(request);
        let who: Vec<_> = scene.ids().filter(saw).collect();
        let reason = about(scene, "prop.once.lost", *request).words("who", names(scene, &who));
        return Verdict::new("once", State::Violated, who, reason);
    }
    let key = match (effects.is_empty(), answered.len() == effects.len()) {
        (true, _) => return Verdict::new("once", State::Open, Vec::new(), Text::new("prop.once.none")),
        (false, true) => "prop.once.ok",
        (false, false) => "prop.once.unseen",
    };
    let whose: Vec<_> = effects.keys().map(what).collect();
    let n = whose.len() as i64;
    Verdict::new("once", State::Holds, Vec::new(), Text::new(key).words("what", whose).number("n", n))
}

/// A sentence about what somebody wants, or about what it wants from one of several.
fn about(scene: &Scene, key: &str, request: Request) -> Text {
    match scene.wish(request) {
        (asker, Some(at)) => Text::new(format!("{key}.at")).word("what", asker).word("at", at),
        (what, None) => Text::new(key).word("what", what),
    }
}

/// A property that nodes see broken by themselves ([`super::RAISED`]).
pub fn raised(scene: &Scene, id: &'static str) -> Verdict {
    let who: Vec<_> = scene.ids().filter(|node| scene.node(*node).facts.alarms.contains(id)).collect();
    if who.is_empty() {
        return Verdict::new(id, State::Holds, who, Text::new(format!("{}.prop.{id}.ok", scene.meta.id)));
    }
    let reason = broken(scene, id).words("who", names(scene, &who));
    Verdict::new(id, State::Violated, who, reason)
}

/// What it means that a property of [`super::RAISED`] is broken. What is invariant differs from protocol to
/// protocol.
pub fn broken(scene: &Scene, id: &str) -> Text {
    match id {
        "invariant" => Text::new(format!("{}.alarm.invariant", scene.words())),
        id => Text::new(format!("prop.{id}.broken")),
    }
}
