//! Checkpoints: a record that sums up the log before it, so that recovery need not read all of it.
//!
//! A checkpoint says how the transaction ended, if it is over at this node, and what clients' own
//! transactions have added up to. It does not copy what a transaction that is *not* over has written: a promise
//! holds redo, undo and locks, and stays where it is. The checkpoint only says how far back it stands, and the log
//! may not be truncated beyond it (ARIES; PostgreSQL keeps the log of a forgotten prepared transaction in the same
//! way).
//!
//! Nothing is ever cut off here: what nobody needs any more is a prefix that recovery gives the same result
//! without, and the screen finds it by trying. So a reader can see what a truncation would take before it
//! happens, and a run can always be told from its log.
//!
//! A coordinator that has ended a transaction says nothing of it in a checkpoint. That is what forgetting
//! means: coming back, it has no record, and the presumption speaks, as it would have spoken before.

use super::{Config, PARTICIPANT, Rec};
use crate::protocol::{Ctx, Outcome};
use serde::{Deserialize, Serialize};

/// How the transaction ended at a participant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Over {
    /// How.
    pub outcome: Outcome,
    /// Whether it had promised before.
    pub promised: bool,
    /// Whether an operator guessed, and has let go of the guess.
    pub guessed: bool,
}

/// What a checkpoint says.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// How the transaction ended here, if it is over.
    pub over: Option<Over>,
    /// What clients' own transactions have added, in whole units of money.
    pub deposits: i32,
    /// How many records before the checkpoint the oldest one stands that is still needed; 0 if none is.
    pub back: u16,
}

impl Snapshot {
    /// What a checkpoint at the end of a log says.
    pub fn of(ctx: &Ctx, log: &[Rec]) -> Snapshot {
        let past = Past::of(log);
        let plays = ctx.role();
        let (over, needed) =
            if plays == PARTICIPANT { past.at_participant() } else { (None, past.at_coordinator(ctx)) };
        let back = needed.map_or(0, |at| u16::try_from(log.len() - at).unwrap_or(u16::MAX));
        Snapshot { over, deposits: past.deposits(), back }
    }

    /// The same in as few characters as possible.
    pub fn detail(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(
            self.over.map(|o| if o.outcome == Outcome::Commit { "commit" } else { "abort" }.to_string()),
        );
        parts.extend((self.deposits != 0).then(|| format!("+{}", self.deposits)));
        parts.extend((self.back != 0).then(|| format!("↑{}", self.back)));
        parts.join(" ")
    }
}

/// A log as recovery reads it.
pub struct Past<'a> {
    /// What the last checkpoint says; nothing if there is none.
    pub snapshot: Snapshot,
    log: &'a [Rec],
    /// Where reading begins, and where the checkpoint stands.
    from: usize,
    at: Option<usize>,
}

impl<'a> Past<'a> {
    /// Reads a log.
    pub fn of(log: &'a [Rec]) -> Past<'a> {
        let found = log.iter().enumerate().rev().find_map(|(at, r)| match r {
            Rec::Checkpoint(snapshot) => Some((at, *snapshot)),
            _ => None,
        });
        match found {
            Some((at, snapshot)) => {
                Past { snapshot, log, from: at.saturating_sub(usize::from(snapshot.back)), at: Some(at) }
            }
            None => Past { snapshot: Snapshot::default(), log, from: 0, at: None },
        }
    }

    /// The records of the transaction that the checkpoint does not replace, with their places, oldest first.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Rec)> {
        let log = self.log;
        let of_transaction = move |at: &usize| !matches!(log[*at], Rec::Deposit(_) | Rec::Checkpoint(_));
        (self.from..log.len()).filter(of_transaction).map(move |at| (at, &log[at]))
    }

    /// Whether a record is among them.
    pub fn has(&self, record: &Rec) -> bool {
        self.records().any(|(_, r)| r == record)
    }

    /// The last record that says where a participant stands.
    pub fn last_word(&self) -> Option<&'a Rec> {
        self.last().map(|(_, r)| r)
    }

    fn last(&self) -> Option<(usize, &'a Rec)> {
        let says = |r: &Rec| matches!(r, Rec::Decision(..) | Rec::Heuristic(_) | Rec::Prepared);
        self.records().rev().find(|(_, r)| says(r))
    }

    /// Whether the transaction took effect at a participant.
    pub fn committed(&self) -> bool {
        let commits =
            |r: &Rec| matches!(r, Rec::Decision(Outcome::Commit, _) | Rec::Heuristic(Outcome::Commit));
        self.snapshot.over.is_some_and(|o| o.outcome == Outcome::Commit)
            || self.records().any(|(_, r)| commits(r))
    }

    /// What clients' own transactions have added.
    pub fn deposits(&self) -> i32 {
        let since = self.at.map_or(self.log, |at| &self.log[at + 1..]);
        let each = since.iter().map(|r| if let Rec::Deposit(n) = r { *n } else { 0 });
        self.snapshot.deposits + each.sum::<i32>()
    }

    /// How it ended at a participant, or else the place of the record that is still needed.
    fn at_participant(&self) -> (Option<Over>, Option<usize>) {
        let over = |outcome, guessed| {
            let promised = self.has(&Rec::Prepared);
            (Some(Over { outcome, promised, guessed }), None)
        };
        match self.last() {
            Some((_, Rec::Decision(outcome, _))) => over(*outcome, false),
            Some((_, Rec::Heuristic(outcome))) if self.has(&Rec::Forget) => over(*outcome, true),
            Some((at, _)) => (None, Some(at)),
            None => (self.snapshot.over, None),
        }
    }

    /// The place of the record that a coordinator still needs.
    fn at_coordinator(&self, ctx: &Ctx) -> Option<usize> {
        let decision = self.records().find_map(|(at, r)| match r {
            Rec::Decision(outcome, _) => Some((at, *outcome)),
            _ => None,
        });
        match decision {
            Some((_, outcome)) if self.has(&Rec::End) || !Config(ctx.params).acknowledged(outcome) => None,
            Some((at, _)) => Some(at),
            None => self.records().next().map(|(at, _)| at),
        }
    }
}
