//! What properties need to know of a node, as a few numbers that add up over the nodes of a world.

use crate::properties::RAISED;
use crate::protocol::{AnyRecord, Outcome, RoleKind, Stance, Status};
use crate::sim::{Facts, Life};

/// What is so of a node, as bits.
pub mod flag {
    /// It runs.
    pub const UP: u32 = 1 << 0;
    /// It crashed.
    pub const DOWN: u32 = 1 << 1;
    /// It is paused.
    pub const PAUSED: u32 = 1 << 2;
    /// It is in doubt, or would on coming back know that it is.
    pub const IN_DOUBT: u32 = 1 << 3;
    /// It is up and in doubt: only such a node can be blocked.
    pub const ASKS: u32 = 1 << 4;
    /// It decided commit at some time.
    pub const COMMITTED: u32 = 1 << 5;
    /// It decided abort at some time.
    pub const ABORTED: u32 = 1 << 6;
    /// It decided both.
    pub const REVERSED: u32 = 1 << 7;
    /// It decided commit by the protocol, not by an operator's guess.
    pub const COMMITTED_BY_PROTOCOL: u32 = 1 << 8;
    /// Its vote is needed, and it has not voted yes.
    pub const NO_YES: u32 = 1 << 9;
    /// A message left before its record was durable.
    pub const EARLY: u32 = 1 << 10;
    /// It raised an alarm.
    pub const ALARM: u32 = 1 << 11;
    /// It is up and lacks a lock that it must hold.
    pub const LOCKLESS: u32 = 1 << 12;
    /// It has yet to decide.
    pub const OPEN: u32 = 1 << 13;
    /// It decides, and has not decided commit.
    pub const NOT_COMMITTED: u32 = 1 << 14;
    /// It decides, and has not decided abort.
    pub const NOT_ABORTED: u32 = 1 << 15;
    /// It holds a lock.
    pub const LOCKING: u32 = 1 << 16;
    /// It waits for a lock.
    pub const WAITING: u32 = 1 << 17;
    /// Its accounts are changed by a decision, so that the rest is owed.
    pub const BEGUN: u32 = 1 << 18;
    /// An account of it is overdrawn.
    pub const OVERDRAWN: u32 = 1 << 19;
    /// It voted no.
    pub const NO: u32 = 1 << 20;
    /// It decided one or the other.
    pub const DECIDED: u32 = 1 << 21;
    /// It is down, or has a step of its own to do.
    pub const BUSY: u32 = 1 << 22;
    /// It raised the alarm that stands at this place of [`crate::properties::RAISED`], counted from here.
    pub const RAISED: u32 = 1 << 23;
}

/// What properties need to know of one node.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fold {
    /// What is so, by [`flag`].
    pub flags: u32,
    /// What its accounts hold beyond what they should, in whole units.
    pub money: i32,
    /// What its open transaction would add.
    pub pending: i32,
    /// Whether it has accounts.
    pub has_accounts: bool,
    /// The requests that it began.
    pub asked: Vec<u8>,
    /// How often each request took effect here.
    pub effects: Vec<(u8, u8)>,
    /// The requests whose answers it saw.
    pub answers: Vec<u8>,
}

/// What of a node the closed form of being blocked may depend on; [`crate::protocol::Role::blocked`] promises to
/// read no more. Few nodes differ in this, so that few worlds have to be shown to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Face {
    life: Life,
    phase: &'static str,
    stance: Stance,
    remarks: Vec<&'static str>,
    /// Of a node in doubt.
    log: Vec<AnyRecord>,
}

impl Face {
    /// Looks at a node.
    pub fn of(life: Life, status: &Status, log: &[AnyRecord]) -> Face {
        let Status { phase, stance, ref remarks, .. } = *status;
        let log = if stance == Stance::InDoubt { log.to_vec() } else { Vec::new() };
        Face { life, phase, stance, remarks: remarks.clone(), log }
    }
}

impl Fold {
    /// Looks at a node.
    /// `busy` says whether it has a step of its own to do.
    pub fn of(kind: &RoleKind, life: Life, status: &Status, facts: &Facts, busy: bool) -> Fold {
        let open = matches!(status.stance, Stance::Working | Stance::InDoubt);
        let commit = facts.decided(Outcome::Commit);
        let abort = facts.decided(Outcome::Abort);
        let in_doubt = status.stance == Stance::InDoubt;
        let up = life == Life::Up;
        let so = [
            (flag::UP, up),
            (flag::DOWN, life == Life::Down),
            (flag::PAUSED, life == Life::Paused),
            (flag::IN_DOUBT, in_doubt),
            (flag::ASKS, in_doubt && up),
            (flag::COMMITTED, commit),
            (flag::ABORTED, abort),
            (flag::REVERSED, commit && abort),
            (flag::COMMITTED_BY_PROTOCOL, facts.decided_by_protocol(Outcome::Commit)),
            (flag::NO_YES, kind.votes && !facts.voted_yes),
            (flag::EARLY, facts.sent_too_early.is_some()),
            (flag::ALARM, facts.alarms.iter().any(|word| !RAISED.contains(word))),
            (flag::LOCKLESS, up && !status.has_its_locks()),
            (flag::OPEN, kind.decides && open),
            (flag::NOT_COMMITTED, kind.decides && !commit),
            (flag::NOT_ABORTED, kind.decides && !abort),
            (flag::LOCKING, !status.locks.is_empty()),
            (flag::WAITING, status.wants.is_some()),
            (flag::BEGUN, !status.accounts.is_empty() && status.stance == Stance::Committed && commit),
            (flag::OVERDRAWN, status.accounts.iter().any(|a| a.balance < 0)),
            (flag::NO, kind.votes && facts.voted_no),
            (flag::DECIDED, commit || abort),
            (flag::BUSY, !up || busy),
        ];
        let accounts = || status.accounts.iter();
        let alarms = RAISED.iter().zip(0..).filter(|(word, _)| facts.alarms.contains(*word));
        let alarms = alarms.fold(0, |all, (_, at)| all | flag::RAISED << at);
        Fold {
            flags: so.iter().filter(|(_, is)| *is).fold(alarms, |all, (flag, _)| all | flag),
            money: accounts().map(|a| a.balance - a.opening - a.deposited).sum(),
            pending: if open { accounts().map(|a| a.pending).sum() } else { 0 },
            has_accounts: accounts().next().is_some(),
            asked: facts.asked.iter().map(|r| r.0).collect(),
            effects: facts.effects.iter().map(|(r, n)| (r.0, *n)).collect(),
            answers: facts.answers.keys().map(|r| r.0).collect(),
        }
    }
}
