//! What a search says.

use super::{Fault, Kind};
use crate::protocol::NodeId;
use crate::sim::Step;
use serde::{Deserialize, Serialize};

/// Why a question cannot be answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// A bound is out of range.
    Budget {
        /// Its key.
        key: String,
        /// What it was.
        found: u32,
        /// The least and the most that is possible.
        range: (u32, u32),
    },
    /// There is no such property, or nothing in this world that it speaks of.
    Property {
        /// What was asked.
        id: String,
        /// What can be asked.
        possible: Vec<String>,
    },
    /// The property promises something about what comes in the end, which no single world breaks.
    Promise {
        /// The property.
        id: String,
    },
    /// There is no such node.
    Node {
        /// Its number.
        node: u8,
    },
    /// There is no such world.
    World,
    /// The steps that lead to where the search is to start cannot be taken.
    Start {
        /// Which of them, counted from 1.
        step: usize,
    },
    /// Nodes cannot take each other's places.
    Symmetry {
        /// What tells them apart.
        why: Unlike,
    },
    /// Worlds of this protocol are too large to be packed.
    TooWide,
    /// Searching worlds whose links keep their order is not possible.
    Ordered,
}

/// What tells nodes apart, so that worlds under other names are not the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unlike {
    /// The protocol: no two nodes are alike.
    Nobody,
    /// The question: it speaks of one of them.
    Question,
    /// What happens: a step that one of them can take, or that is taken to one of them, has no equal for another.
    Steps,
}

/// How far a search has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// There is more to look at.
    Running,
    /// A world that is what was looked for; more may follow.
    Found,
    /// All worlds have been looked at.
    Exhausted,
    /// All worlds within the number of steps that was allowed have been looked at; there are others.
    Deep,
    /// There are as many worlds as were allowed.
    TooMany,
    /// There is no memory left of what was allowed.
    NoMemory,
}

/// How far a search has come, in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// How it stands.
    pub state: State,
    /// Different worlds seen.
    pub worlds: u32,
    /// Worlds whose steps have been tried.
    pub expanded: u32,
    /// Steps tried, and the first world.
    pub generated: u64,
    /// Worlds at each distance from the start; the last may still grow.
    pub levels: Vec<u32>,
    /// Memory in use, in bytes.
    pub bytes: u64,
    /// How often protocol code ran.
    pub runs: u32,
    /// How many worlds are what was looked for.
    pub hits: u32,
}

/// What a search knows of an outcome.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutcomeFound {
    /// Which.
    pub kind: Kind,
    /// How many worlds.
    pub worlds: u32,
    /// A shortest run to one of them.
    pub steps: Vec<Step>,
    /// Of the runs to one of them that need the fewest counted faults, a shortest.
    pub cheapest: Vec<Step>,
    /// What it takes, by [`Fault`]: some run comes to this with each of these, and none with less than all of them. The
    /// first is what `cheapest` takes.
    pub needs: Vec<[u8; Fault::COUNT]>,
}

/// Whether somebody who is blocked can get out of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WayOut {
    /// Who is blocked.
    pub who: NodeId,
    /// Without any repair, the shortest run after which it has decided; a blocked node has none.
    pub alone: Option<Vec<Step>>,
    /// How many worlds were looked at for that, and whether these are all there are.
    pub alone_worlds: u32,
    /// See `alone_worlds`.
    pub alone_all: bool,
    /// With repairs, the shortest run after which it has decided.
    pub repaired: Option<Vec<Step>>,
}
