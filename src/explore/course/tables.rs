//! What steps are looked up in. Several threads may read it while nothing new is learnt.

use crate::explore::question::{Budget, Fault};
use std::collections::BTreeMap;

/// What a table entry leads to: arcs, those that are no crash first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub(super) start: u32,
    pub(super) calm: u32,
    pub(super) all: u32,
    /// They can be in any world, as long as a crash is left for those that are one.
    pub free: bool,
    /// They change nothing.
    pub idle: bool,
}

impl Range {
    /// The arcs that can be, by whether a crash is left.
    #[inline(always)]
    pub fn of(&self, may_crash: bool) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.count(may_crash)
    }

    /// How many these are.
    #[inline(always)]
    pub fn count(&self, may_crash: bool) -> usize {
        if may_crash { self.all as usize } else { self.calm as usize }
    }
}

const UNKNOWN: Range = Range { start: u32::MAX, calm: 0, all: 0, free: false, idle: false };

/// What of a timer that fires too early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Early {
    /// Nobody counts.
    Free,
    /// So many times, or never.
    Counted,
}

/// What steps are looked up in.
#[derive(Clone)]
pub struct Tables {
    /// What the question and the world's own rules leave.
    pub budget: Budget,
    /// Messages stay in flight when they are delivered.
    pub kept: bool,
    /// How many equal messages there may be.
    pub copies: u8,
    pub early: Early,
    /// Messages may be lost or copied.
    pub noise: bool,
    /// What a message that is held back becomes.
    pub released: BTreeMap<u32, u32>,
    /// By node and state.
    pub(super) own: Vec<Vec<Range>>,
    /// By message and state.
    pub(super) deliver: Vec<Vec<Range>>,
}

impl Tables {
    /// Nothing is known yet.
    pub(super) fn new(budget: Budget, kept: bool) -> Tables {
        Tables {
            budget,
            kept,
            copies: budget.copies,
            early: if budget.of(Fault::Early).is_none() { Early::Free } else { Early::Counted },
            noise: budget.of(Fault::Drops) != Some(0) || budget.of(Fault::Duplicates) != Some(0),
            released: BTreeMap::new(),
            own: Vec::new(),
            deliver: Vec::new(),
        }
    }

    /// Whether a fault may come at all.
    pub fn allows(&self, fault: Fault) -> bool {
        self.budget.of(fault) != Some(0)
    }

    /// What a node can do of itself; `None` if that must be worked out first.
    #[inline(always)]
    pub fn own(&self, node: usize, local: u32) -> Option<&Range> {
        let own: &[Vec<_>] = &self.own;
        own[node].get(local as usize).filter(|r| r.start != UNKNOWN.start)
    }

    /// What a message leads to; `None` if that must be worked out first.
    #[inline(always)]
    pub fn deliver(&self, message: usize, local: u32) -> Option<&Range> {
        let deliver: &[Vec<_>] = &self.deliver;
        deliver[message].get(local as usize).filter(|r| r.start != UNKNOWN.start)
    }

    /// Fills an entry in.
    pub(super) fn know(table: &mut Vec<Range>, local: u32, range: Range) {
        let at = local as usize;
        if table.len() <= at {
            table.resize(at + 1, UNKNOWN);
        }
        table[at] = range;
    }
}
