//! What must hold, checked after every step, each with a verdict that names the guilty.
//!
//! AC1 to AC5 are those of Bernstein, Hadzilacos and Goodman, *Concurrency Control and Recovery in
//! Database Systems*, 1987, chapter 7. The ledger is what they are checked on: a decision that was ever
//! made counts, also one that its node forgot.

mod bank;
mod blocking;
mod commitment;
mod durability;
mod lamps;
mod requests;

pub use blocking::waiters_of;
pub use commitment::undecided;
pub use lamps::{Lamp, Lamps, lamps};
pub use requests::broken;

use crate::order::Map;
use crate::protocol::{Meta, NodeId};
use crate::sim::{FaultKind, Scene};
use crate::text::Text;
use serde::Serialize;

/// How a property stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It holds, and has held at every moment of this run.
    Holds,
    /// It asks for something that has not come about yet.
    Open,
    /// It speaks of other runs than this one, for instance only of runs without faults.
    Untested,
    /// It is broken.
    Violated,
}

/// The verdict on one property.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Verdict {
    /// The property's name in scripts, for instance `ac1`; its title has the key `prop.<id>`.
    pub id: &'static str,
    /// How it stands.
    pub state: State,
    /// Who broke it, or is concerned.
    pub who: Vec<NodeId>,
    /// One line that says why.
    pub reason: Text,
}

impl Verdict {
    fn new(id: &'static str, state: State, who: Vec<NodeId>, reason: Text) -> Verdict {
        Verdict { id, state, who, reason }
    }
}

/// What a run remembers beside the world, as far as properties need it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Past {
    /// Faults so far, by kind.
    pub faults: Map<FaultKind, u32>,
    /// Timeouts that fired: each a suspicion, which a run without faults does not have.
    pub timeouts: u32,
    /// Commands that broke into the protocol from outside.
    pub operator: u32,
}

impl Past {
    /// Whether nothing has gone wrong yet.
    pub fn clean(&self) -> bool {
        self.faults.is_empty() && self.timeouts == 0 && self.operator == 0
    }
}

/// The names of all properties. A protocol says which of them speak of it ([`crate::protocol::Meta::properties`]).
pub const IDS: &[&str] = &[
    "blocked",
    "ac1",
    "ac2",
    "ac3",
    "ac4",
    "ac5",
    "wal",
    "locks",
    "money",
    "once",
    "answers",
    "fencing",
    "one-holder",
    "conserved",
    "invariant",
    "alarm",
];

/// The properties that a node sees broken by itself, and then raises as an alarm of the same name: what they
/// speak of is all in one place.
pub const RAISED: &[&str] = &["answers", "fencing", "one-holder", "conserved", "invariant"];

/// Whether a property is violated because an operator guessed, and not because the protocol broke. Where a
/// guess splits the outcome, the money follows it.
pub fn guessed(verdicts: &[Verdict], id: &str) -> bool {
    let by_guess = |v: &Verdict| v.state == State::Violated && v.reason.key == "prop.ac1.guessed";
    matches!(id, "ac1" | "money") && verdicts.iter().any(by_guess)
}

/// Judges a scene by every property that speaks of its protocol.
pub fn judge(scene: &Scene, past: &Past) -> Vec<Verdict> {
    let judged = |id: &&'static str| match *id {
        "blocked" => blocking::blocked(scene),
        "ac1" => commitment::ac1(scene),
        "ac2" => commitment::ac2(scene),
        "ac3" => commitment::ac3(scene),
        "ac4" => commitment::ac4(scene, past),
        "ac5" => commitment::ac5(scene),
        "wal" => durability::write_ahead(scene),
        "locks" => durability::locks(scene),
        "money" => bank::money(scene),
        "once" => requests::once(scene),
        "alarm" => durability::alarms(scene),
        raised => requests::raised(scene, raised),
    };
    scene.meta.properties.iter().map(judged).collect()
}

/// What a property is called, in the protocol's own words if it has any: a shop has stock, and no accounts.
pub fn title(meta: &Meta, id: &str) -> Text {
    Text::new(format!("{}.prop.{id}", meta.id))
}

/// What it is called that a property is violated.
pub fn law(meta: &Meta, id: &str) -> Text {
    Text::new(format!("{}.law.{id}", meta.id))
}

fn names(scene: &Scene, ids: &[NodeId]) -> Vec<String> {
    ids.iter().map(|id| scene.name(*id).to_string()).collect()
}
