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
    /// Somebody saw the answer to a request that took effect so often; three is three or more, and none is none when
    /// nothing is left to do.
    Seen(u8),
    /// Nothing is left to do by itself, and a request that was begun took effect so often; three is three or more.
    Quiet(u8),
    /// Nothing is left to do by itself, somebody was not told, and asking again will never change that.
    Vain,
}

impl Kind {
    /// What becomes of a transaction, the worst first.
    pub const COMMITMENT: &[Kind] = &[Kind::Split, Kind::Blocked, Kind::Commit, Kind::Abort, Kind::Open];
    /// What becomes of requests: how often they took effect.
    pub const EFFECTS: &[Kind] = &[
        Kind::Seen(0),
        Kind::Seen(1),
        Kind::Seen(2),
        Kind::Seen(3),
        Kind::Quiet(0),
        Kind::Quiet(1),
        Kind::Quiet(2),
        Kind::Quiet(3),
        Kind::Vain,
    ];

    /// The word in texts (`explore.outcome.<word>`).
    pub fn word(self) -> &'static str {
        match self {
            Kind::Split => "split",
            Kind::Blocked => "blocked",
            Kind::Commit => "commit",
            Kind::Abort => "abort",
            Kind::Open => "open",
            Kind::Seen(n) => ["seen-0", "seen-1", "seen-2", "seen-3"][usize::from(n.min(3))],
            Kind::Quiet(n) => ["quiet-0", "quiet-1", "quiet-2", "quiet-3"][usize::from(n.min(3))],
            Kind::Vain => "vain",
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
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// How many worlds.
    pub worlds: u32,
    /// The first of them: none is nearer.
    pub first: u32,
    /// What it takes: no world took less of one counted fault and not more of another. With each the first world that
    /// took no more; those that take the fewest faults in all come first.
    pub needs: Vec<(u32, [u8; Fault::COUNT])>,
}

/// How many worlds there are of each outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Census {
    /// Every outcome there can be, and what is known of it.
    pub all: Vec<(Kind, Tally)>,
}

impl Census {
    /// A census of these outcomes, before any world.
    pub fn of(kinds: &[Kind]) -> Census {
        Census { all: kinds.iter().map(|kind| (*kind, Tally::default())).collect() }
    }

    /// Counts a world.
    pub fn count(&mut self, kind: Kind, world: u32, spent: &[u8; Fault::COUNT]) {
        let Some((_, tally)) = self.all.iter_mut().find(|(k, _)| *k == kind) else { return };
        if tally.worlds == 0 {
            tally.first = world;
        }
        tally.worlds += 1;
        let within = |a: &[u8; Fault::COUNT], b: &[u8; Fault::COUNT]| a.iter().zip(b).all(|(a, b)| a <= b);
        if !tally.needs.iter().any(|(_, known)| within(known, spent)) {
            tally.needs.retain(|(_, known)| !within(spent, known));
            let sum = |spent: &[u8; Fault::COUNT]| spent.iter().map(|n| u32::from(*n)).sum::<u32>();
            let at = tally.needs.partition_point(|(_, known)| sum(known) <= sum(spent));
            tally.needs.insert(at, (world, *spent));
        }
    }
}
