//! The table of strategies: which there are, and the steps of each.

use crate::worlds::ticket::Look;

/// A way to make a second delivery harmless.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strategy {
    Nothing,
    Cache,
    DurableCache,
    MarkBefore,
    MarkAfter,
    Counter,
    Sequence,
    Version,
    VersionId,
    Lock,
    LockMark,
    Claim,
    ClaimExpires,
    ClaimTx,
    ClaimToken,
    UniqueInsert,
}

/// Every strategy with its word, in the order of the parameter.
pub const STRATEGIES: [(&str, Strategy); 16] = [
    ("nothing", Strategy::Nothing),
    ("cache", Strategy::Cache),
    ("durable-cache", Strategy::DurableCache),
    ("mark-before", Strategy::MarkBefore),
    ("mark-after", Strategy::MarkAfter),
    ("counter", Strategy::Counter),
    ("sequence", Strategy::Sequence),
    ("version", Strategy::Version),
    ("version-id", Strategy::VersionId),
    ("lock", Strategy::Lock),
    ("lock-mark", Strategy::LockMark),
    ("claim", Strategy::Claim),
    ("claim-expires", Strategy::ClaimExpires),
    ("claim-tx", Strategy::ClaimTx),
    ("claim-token", Strategy::ClaimToken),
    ("unique-insert", Strategy::UniqueInsert),
];

/// The words of [`STRATEGIES`].
pub const WORDS: &[&str] = &{
    let mut words = [""; STRATEGIES.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = STRATEGIES[i].0;
        i += 1;
    }
    words
};

/// What a step consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// Answers that there is no seat left, if there is none.
    Room,
    /// Answers with what is remembered of the key, if anything is.
    Look,
    /// Takes the lock on the goods, or waits for it; it is held until the answer.
    Lock,
    /// Writes down that the key was seen.
    Mark,
    /// Charges.
    Charge,
    /// Keeps the reply in memory.
    Remember,
    /// Counts the request.
    Count,
    /// Writes down the reply; it takes the place of a claim.
    Keep,
    /// Claims the key, or answers that it is claimed.
    Claim,
    /// Charges and writes down the reply, in one transaction.
    ChargeAndKeep,
    /// The same, if the claim is still this worker's own.
    ChargeIfMine,
    /// Inserts the key, charges and keeps the reply in one transaction; answers with the reply if the key is there.
    InsertAndCharge,
    /// Charges if the number is the next one of this client; answers again if it is the last one.
    ChargeIfNext,
    /// Charges if the version is the one that is meant, and makes a new one.
    ChargeIfSame,
    /// Answers.
    Reply,
}

/// One step of a strategy, with a look for a seat in a step before the others where that is wanted.
pub fn step(strategy: Strategy, look: Look, at: u8) -> &'static [Op] {
    match (look, usize::from(at)) {
        (Look::Before, 0) => &[Op::Room],
        (Look::Before, at) => program(strategy)[at - 1],
        (_, at) => program(strategy)[at],
    }
}

/// The steps of a strategy. Other requests come in between steps and not within one.
fn program(strategy: Strategy) -> &'static [&'static [Op]] {
    use Op::*;
    match strategy {
        Strategy::Nothing => &[&[Charge, Reply]],
        Strategy::Cache => &[&[Look], &[Charge, Remember, Reply]],
        Strategy::DurableCache => &[&[Look], &[Charge, Keep, Reply]],
        Strategy::MarkBefore => &[&[Look, Mark], &[Charge, Reply]],
        Strategy::MarkAfter => &[&[Look], &[Charge], &[Keep, Reply]],
        Strategy::Counter => &[&[Look], &[Charge], &[Count], &[Keep, Reply]],
        Strategy::Sequence => &[&[ChargeIfNext, Reply]],
        Strategy::Version => &[&[ChargeIfSame, Reply]],
        Strategy::VersionId => &[&[Look, ChargeIfSame, Reply]],
        Strategy::Lock => &[&[Lock], &[Charge, Reply]],
        Strategy::LockMark => &[&[Lock], &[Look], &[Charge], &[Keep, Reply]],
        Strategy::Claim | Strategy::ClaimExpires => &[&[Claim], &[Charge], &[Keep, Reply]],
        Strategy::ClaimTx => &[&[Claim], &[ChargeAndKeep, Reply]],
        Strategy::ClaimToken => &[&[Claim], &[ChargeIfMine, Reply]],
        Strategy::UniqueInsert => &[&[InsertAndCharge, Reply]],
    }
}

impl Strategy {
    /// Whether a request without a key is refused.
    pub fn needs_key(self) -> bool {
        !matches!(self, Strategy::Nothing | Strategy::Lock | Strategy::Version)
    }

    /// Whether a key is claimed before the work begins.
    pub fn claims(self) -> bool {
        self.expires() || self == Strategy::Claim
    }

    /// Whether a claim's time is up some time.
    pub fn expires(self) -> bool {
        matches!(self, Strategy::ClaimExpires | Strategy::ClaimTx | Strategy::ClaimToken)
    }

    /// Whether clients say which version they mean.
    pub fn versions(self) -> bool {
        matches!(self, Strategy::Version | Strategy::VersionId)
    }
}
