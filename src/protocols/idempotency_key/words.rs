//! What is said and what is written down about idempotency keys.

use crate::protocol::{Message, NodeSpec, Record};
use crate::protocols::client::{Ask, Code, Key, Note, Reply};
use serde::{Deserialize, Serialize};

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Sell me a ticket.
    Request(Ask),
    /// What became of it.
    Reply {
        /// The answer.
        reply: Reply,
        /// Its word.
        word: Verdict,
        /// Whether it was stored and is given again (`Idempotent-Replayed`).
        again: bool,
    },
}

/// What a service says, each in its own words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Verdict {
    /// The status of HTTP.
    Status,
    /// Stripe: the key belongs to another request.
    IdempotencyError,
    /// Stripe: a request with this key is being worked on.
    KeyInUse,
    /// Powertools: the key belongs to another request.
    ValidationError,
    /// Powertools: a request with this key is being worked on.
    AlreadyInProgress,
    /// TigerBeetle: it is done.
    Created,
    /// It was done before.
    Exists,
    /// Something else was done under this id.
    ExistsWithDifferent,
    /// It cannot be done now.
    ExceedsCredits,
    /// It could not be done when it was tried; this id will never be done.
    AlreadyFailed,
    /// It can never be done.
    Invalid,
    /// It has no id.
    NoId,
}

impl Verdict {
    fn word(self, code: Code) -> &'static str {
        match self {
            Verdict::Status => code.word(),
            Verdict::IdempotencyError => "idempotency_error",
            Verdict::KeyInUse => "idempotency_key_in_use",
            Verdict::ValidationError => "IdempotencyValidationError",
            Verdict::AlreadyInProgress => "IdempotencyAlreadyInProgressError",
            Verdict::Created => "created",
            Verdict::Exists => "exists",
            Verdict::ExistsWithDifferent => "exists_with_different",
            Verdict::ExceedsCredits => "exceeds_credits",
            Verdict::AlreadyFailed => "id_already_failed",
            Verdict::Invalid => "ledger_must_not_be_zero",
            Verdict::NoId => "id_must_not_be_zero",
        }
    }
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Request(_) => "request",
            Msg::Reply { reply, word, .. } => word.word(reply.code),
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Request(ask) => ask.print(),
            Msg::Reply { reply, again: true, .. } => format!("{} ↻", reply.print()).trim().to_string(),
            Msg::Reply { reply, .. } => reply.print(),
        }
    }
}

/// A key as the service finds it: with whose it is, where that counts.
pub type Slot = (u8, Key);

/// What nodes write down. The service forces everything: these are its transactions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// The key is worked on, for this request.
    Claim(Slot, u8),
    /// A ticket is sold and charged for, under this key.
    Charge(Slot),
    /// What was answered to this key, with which status: from now on the answer is that.
    Answer {
        /// The key.
        slot: Slot,
        /// What the request was.
        body: u8,
        /// With which status.
        code: Code,
        /// What was answered.
        says: u8,
    },
    /// The run failed: the key is free to be run again, and what is done stays known.
    Failed(Slot),
    /// The record is removed, because the run threw something.
    Delete(Slot),
    /// Key, request, charge and result in one.
    Created(Slot, u8, u8),
    /// Key and failure in one.
    FailedId(Slot, u8),
    /// The record is removed, because its time is up.
    Forget(Slot),
}

impl Rec {
    /// The row that it writes anew or removes because its time is up, and whether it removes it.
    pub fn entry(&self) -> Option<(Slot, bool)> {
        match *self {
            Rec::Forget(slot) => Some((slot, true)),
            Rec::Claim(slot, _) | Rec::Created(slot, ..) | Rec::FailedId(slot, _) => Some((slot, false)),
            _ => None,
        }
    }
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Claim(..) => "claim",
            Rec::Charge(_) => "charge",
            Rec::Answer { .. } => "answer",
            Rec::Failed(_) => "failed",
            Rec::Delete(_) => "delete",
            Rec::Created(..) => "charge+id",
            Rec::FailedId(..) => "failed-id",
            Rec::Forget(_) => "forget",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Claim((_, key), _) | Rec::Charge((_, key)) | Rec::Failed((_, key)) => key.print(),
            Rec::Delete((_, key)) | Rec::Forget((_, key)) | Rec::FailedId((_, key), _) => key.print(),
            Rec::Answer { slot: (_, key), code: Code::Ok, says, .. } => format!("{} #{says}", key.print()),
            Rec::Answer { slot: (_, key), code, .. } => format!("{} {}", key.print(), code.word()),
            Rec::Created((_, key), _, says) => format!("{} #{says}", key.print()),
        }
    }
}
