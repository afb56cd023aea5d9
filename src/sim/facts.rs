//! What a node did that it cannot take back: its part of the ledger.

use crate::order::{Map, Set};
use crate::protocol::{Decision, Outcome, Request, Vote};
use serde::Serialize;

/// What a node did that it cannot take back. A crash does not change it, but for a decision that was neither
/// durable nor told to anybody: nobody can have seen it, so it never was one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub struct Facts {
    /// It voted yes, or that it changed nothing.
    pub voted_yes: bool,
    /// It voted no.
    pub voted_no: bool,
    /// Everything it ever decided.
    pub decisions: Set<Decision>,
    /// Those of them that are neither durable nor told yet.
    pub unsettled: Set<Decision>,
    /// The requests that it began.
    pub asked: Set<Request>,
    /// How often each request took effect here.
    pub effects: Map<Request, u8>,
    /// Those of them whose records are not durable yet.
    pub volatile: Map<Request, u8>,
    /// How often it saw the answer to each of its requests.
    pub answers: Map<Request, u8>,
    /// The word of the record that some message left without waiting for, if that ever happened.
    pub sent_too_early: Option<&'static str>,
    /// Alarms that it raised.
    pub alarms: Set<&'static str>,
}

impl Facts {
    /// Whether it ever decided this, by the protocol or by an operator.
    pub fn decided(&self, outcome: Outcome) -> bool {
        self.decisions.iter().any(|d| d.outcome == outcome)
    }

    /// Whether it ever decided this by the protocol.
    pub fn decided_by_protocol(&self, outcome: Outcome) -> bool {
        self.decisions.contains(&Decision { outcome, heuristic: false })
    }

    pub(super) fn decide(&mut self, decision: Decision, durable: bool) {
        if self.decisions.insert(decision) && !durable {
            self.unsettled.insert(decision);
        }
    }

    /// What was decided is on disk, or somebody was told.
    pub(super) fn settle(&mut self) {
        self.unsettled.clear();
    }

    /// Every record is on disk, and with it what it made happen.
    pub(super) fn harden(&mut self) {
        self.settle();
        self.volatile = Map::new();
    }

    /// A crash took the records that were not forced.
    pub(super) fn unsettle(&mut self) {
        for decision in std::mem::take(&mut self.unsettled) {
            self.decisions.remove(&decision);
        }
        for (request, lost) in std::mem::take(&mut self.volatile) {
            let left = self.effects.get(&request).map_or(0, |n| n.saturating_sub(lost));
            match left {
                0 => drop(self.effects.remove(&request)),
                n => drop(self.effects.insert(request, n)),
            }
        }
    }

    /// A request took effect, by a record that is durable or not.
    pub(super) fn apply(&mut self, request: Request, durable: bool) {
        Facts::count(&mut self.effects, request);
        if !durable {
            Facts::count(&mut self.volatile, request);
        }
    }

    pub(super) fn note_vote(&mut self, vote: Vote) {
        match vote {
            Vote::Yes | Vote::ReadOnly => self.voted_yes = true,
            Vote::No => self.voted_no = true,
        }
    }

    pub(super) fn count(map: &mut Map<Request, u8>, request: Request) {
        let n = map.or_insert_with(request, || 0);
        *n = n.saturating_add(1);
    }
}
