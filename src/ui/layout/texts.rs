//! The words of the figure, in the reader's language. Words of messages, records and nodes are code and
//! come from the run.

use crate::order::Map;

/// The words of the figure. `{}` stands for a name or a number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Texts {
    /// On the flag of the present moment.
    pub now: String,
    /// Beside a band.
    pub in_doubt: String,
    /// Beside a band while nobody who is up can tell.
    pub blocked: String,
    /// `since moment {}`.
    pub since: String,
    /// `waits for {}`, beside a client.
    pub waits_for: String,
    /// Beside a crash.
    pub crashes: String,
    /// Beside a recovery.
    pub recovers: String,
    /// Beside the beginning of a pause.
    pub pauses: String,
    /// Beside its end.
    pub resumes: String,
    /// `never told {}`, beside the scissors.
    pub never_told: String,
    /// Where a message reached a node that was down.
    pub nobody_there: String,
    /// Where the network lost a message.
    pub lost: String,
    /// Beside a link that is cut.
    pub cut: String,
    /// Beside a link that works again.
    pub healed: String,
    /// Below the present: what the pencil stands for.
    pub pencil: String,
    /// `from {}`, on a message in flight.
    pub from: String,
    /// What messages say in plain words, by their word; used in pencil, before the reader knows them.
    pub glosses: Map<String, String>,
    /// The names of resources, in their order.
    pub resources: Vec<String>,
}

/// Fills the only gap of a text.
pub fn fill(text: &str, what: &str) -> String {
    text.replacen("{}", what, 1)
}
