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

pub use blocking::waiters_of;
pub use commitment::undecided;
pub use lamps::{Lamp, Lamps, lamps};

use crate::order::Map;
use crate::protocol::NodeId;
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

/// The names of all properties, in the order in which [`judge`] gives them.
pub const IDS: &[&str] = &["blocked", "ac1", "ac2", "ac3", "ac4", "ac5", "wal", "locks", "money", "alarm"];

/// Whether a property is violated because an operator guessed, and not because the protocol broke. Where a
/// guess splits the outcome, the money follows it.
pub fn guessed(verdicts: &[Verdict], id: &str) -> bool {
    let by_guess = |v: &Verdict| v.state == State::Violated && v.reason.key == "prop.ac1.guessed";
    matches!(id, "ac1" | "money") && verdicts.iter().any(by_guess)
}

/// Judges a scene.
pub fn judge(scene: &Scene, past: &Past) -> Vec<Verdict> {
    vec![
        blocking::blocked(scene),
        commitment::ac1(scene),
        commitment::ac2(scene),
        commitment::ac3(scene),
        commitment::ac4(scene, past),
        commitment::ac5(scene),
        durability::write_ahead(scene),
        durability::locks(scene),
        bank::money(scene),
        durability::alarms(scene),
    ]
}

fn names(scene: &Scene, ids: &[NodeId]) -> Vec<String> {
    ids.iter().map(|id| scene.name(*id).to_string()).collect()
}
