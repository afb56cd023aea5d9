//! How many worlds there are of each outcome.

use super::fold::flag;
use super::question::Fault;
use serde::{Deserialize, Serialize};

/// What a world has come to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Some decided commit, some abort.
    Split,
    /// Somebody is blocked.
    Blocked,
    /// All who decide decided commit.
    Commit,
    /// All who decide decided abort.
    Abort,
    /// It is still open, and nobody is blocked.
    Open,
}

impl Kind {
    /// All of them, the worst first.
    pub const ALL: [Kind; 5] = [Kind::Split, Kind::Blocked, Kind::Commit, Kind::Abort, Kind::Open];

    /// The word in texts (`explore.outcome.<word>`).
    pub fn word(self) -> &'static str {
        match self {
            Kind::Split => "split",
            Kind::Blocked => "blocked",
            Kind::Commit => "commit",
            Kind::Abort => "abort",
            Kind::Open => "open",
        }
    }

    /// What a world has come to; the worst counts.
    pub fn of(any: u32, blocked: u16) -> Kind {
        if any & (flag::COMMITTED | flag::ABORTED) == flag::COMMITTED | flag::ABORTED {
            Kind::Split
        } else if blocked != 0 {
            Kind::Blocked
        } else if any & flag::NOT_COMMITTED == 0 {
            Kind::Commit
        } else if any & flag::NOT_ABORTED == 0 {
            Kind::Abort
        } else {
            Kind::Open
        }
    }
}

/// What is known of an outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// How many worlds.
    pub worlds: u32,
    /// The first of them: none is nearer.
    pub first: u32,
    /// The one that took the fewest faults, the first of those; and how many of each counted fault it took.
    pub cheapest: (u32, [u8; Fault::COUNT]),
}

/// How many worlds there are of each outcome, by [`Kind`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Census(pub [Tally; 5]);

impl Census {
    /// Counts a world.
    pub fn count(&mut self, kind: Kind, world: u32, spent: &[u8; Fault::COUNT]) {
        let tally = &mut self.0[kind as usize];
        let sum = |spent: &[u8; Fault::COUNT]| spent.iter().map(|n| u32::from(*n)).sum::<u32>();
        if tally.worlds == 0 {
            tally.first = world;
            tally.cheapest = (world, *spent);
        } else if sum(spent) < sum(&tally.cheapest.1) {
            tally.cheapest = (world, *spent);
        }
        tally.worlds += 1;
    }
}
