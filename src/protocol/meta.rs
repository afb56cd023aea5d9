//! What a protocol says of itself: everything that diagram, inspector, scripts and links need to know
//! without knowing the protocol.
//!
//! Words are the English words of traces and never translated. Texts live in `www/i18n` under keys that
//! start with [`Meta::id`], for instance `2pc.phase.prepared`.

use super::{ParamSpec, Params};
use serde::Serialize;

/// A protocol's description.
pub struct Meta {
    /// Short and stable; part of every link and script.
    pub id: &'static str,
    /// Who published it, where and when.
    pub source: &'static str,
    /// What it is about, in a word that it shares with others: they stand together wherever protocols are
    /// listed. Its text has the key `family.<word>`.
    pub family: &'static str,
    /// Roles, in the order of [`super::NodeSpec::role`].
    pub roles: &'static [RoleKind],
    /// Kinds of message.
    pub messages: &'static [MessageKind],
    /// Kinds of log record.
    pub records: &'static [RecordKind],
    /// Timers, in the order of [`super::Timer`].
    pub timers: &'static [TimerKind],
    /// What clients and operators can ask, in the order of [`super::Command::verb`].
    pub verbs: &'static [VerbKind],
    /// Phases that [`super::Status::phase`] may name.
    pub phases: &'static [PhaseKind],
    /// Parameters, in the order in which [`Params`] holds them.
    pub params: &'static [ParamSpec],
    /// The properties that speak of this protocol, by their ids, in the order in which they are shown.
    pub properties: &'static [&'static str],
    /// Rules of the world that are other than [`crate::sim::RULES`] has them when nothing is said: keys and
    /// values as scripts write them. Links and scripts hold what differs from these, so once published they
    /// never change.
    pub rules: &'static [(&'static str, &'static str)],
    /// How whoever asks asks again, where it can be measured how often that leads to success; `None` if it is not
    /// stated.
    pub retries: Option<&'static Retries>,
    /// Which parameters cannot be combined: an error names the key of a text, or `None` if all is well.
    pub conflict: fn(&Params) -> Option<&'static str>,
}

/// How somebody asks and asks again. Where exchanges of a request with its answer fail at random, this is all that
/// is needed to measure how often the protocol succeeds: by everybody's commit if it votes, else by the client's
/// having seen OK.
#[derive(Debug, Serialize)]
pub struct Retries {
    /// The messages that ask. What comes back on the same link is the answer.
    pub asks: &'static [&'static str],
    /// What makes whoever asked ask again.
    pub again: Again,
    /// The timer after which whoever asked gives up; `None` if it simply stops.
    pub gives_up: Option<&'static str>,
    /// The parameter that says how many are asked, all of whom must answer; `None` if there is one.
    pub asked: Option<&'static str>,
    /// Parameters that are measured as they are in the world that is shown; the others have their defaults.
    pub keeps: &'static [&'static str],
    /// Parameters that are measured at a value of their own, where there are such: keys and values as scripts write
    /// them.
    pub sets: &'static [(&'static str, &'static str)],
}

/// What makes somebody ask again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Again {
    /// This timer, which asks everybody who has not answered.
    Timer(&'static str),
    /// This command.
    Verb(&'static str),
}

/// The properties of an atomic commitment: [`Meta::properties`] of every commit protocol.
pub const COMMITMENT: &[&str] =
    &["blocked", "ac1", "ac2", "ac3", "ac4", "ac5", "wal", "locks", "money", "alarm"];

/// A role of a protocol.
#[derive(Debug, Serialize)]
pub struct RoleKind {
    /// The word, for instance `coordinator`.
    pub word: &'static str,
    /// True for those whose votes a commit needs.
    pub votes: bool,
    /// True for those that decide.
    pub decides: bool,
    /// True for the one the others talk to; it is drawn in the middle.
    pub hub: bool,
    /// True for those that stand outside the protocol: their messages and records cost nothing.
    pub client: bool,
}

/// How a message is drawn: its line and colour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Asks for work or a promise: solid.
    Request,
    /// Answers with a vote: dashed.
    Vote,
    /// Tells the outcome: double.
    Decision,
    /// Confirms receipt: dotted.
    Ack,
    /// Asks for the outcome: dash and dot.
    Inquiry,
    /// To or from a client: thin.
    Client,
}

/// A kind of message.
#[derive(Debug, Serialize)]
pub struct MessageKind {
    /// The word in traces.
    pub word: &'static str,
    /// One letter for narrow screens.
    pub glyph: &'static str,
    /// How it is drawn.
    pub style: Style,
    /// True when it says no: a vote against, an abort, a request turned down. It is drawn as such.
    pub refuses: bool,
}

/// A kind of log record.
#[derive(Debug, Serialize)]
pub struct RecordKind {
    /// The word in traces.
    pub word: &'static str,
    /// True for the record that is a promise to be able to commit.
    pub promise: bool,
    /// False for records outside the protocol, such as a client's local transaction.
    pub counted: bool,
    /// True for the record that sums up those before it.
    pub checkpoint: bool,
}

/// A timer.
#[derive(Debug, Serialize)]
pub struct TimerKind {
    /// The word in traces.
    pub word: &'static str,
    /// True for a local step of work rather than a timeout: it may always happen and is no suspicion.
    pub local: bool,
    /// True when firing it may decide; false when it may only ask or resend.
    pub decides: bool,
    /// True when all that comes of it is that something is forgotten. Nobody gets any further by it, so it happens
    /// when the reader wants it to.
    pub forgets: bool,
}

/// What a verb is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgKind {
    /// Nothing more.
    None,
    /// A node.
    Node,
}

/// Something a client or an operator can ask of a node.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct VerbKind {
    /// The word in traces.
    pub word: &'static str,
    /// What it is about.
    pub arg: ArgKind,
    /// True for the one that starts everything.
    pub starts: bool,
    /// True when it is given where nothing fails, as soon as it is possible: "Step" gives it.
    pub usual: bool,
    /// True when it breaks into the protocol from outside, as an operator's guess does. Searches for a
    /// way out leave such verbs alone.
    pub operator: bool,
}

/// A phase that a node can be in.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PhaseKind {
    /// The word; its text has the key `<id>.phase.<word>`.
    pub word: &'static str,
    /// True when the last that the node was told is an answer other than OK to what it asked for.
    pub refused: bool,
}

impl Meta {
    /// Whether a property speaks of this protocol.
    pub fn promises(&self, property: &str) -> bool {
        self.properties.contains(&property)
    }

    /// Whether a timer is a timeout, and not a step of the node's own.
    pub fn is_timeout(&self, timer: super::Timer) -> bool {
        self.timers.get(usize::from(timer.0)).is_none_or(|kind| !kind.local)
    }

    /// The kind of message with this word.
    pub fn message(&self, word: &str) -> Option<&'static MessageKind> {
        self.messages.iter().find(|k| k.word == word)
    }

    /// The kind of record with this word.
    pub fn record(&self, word: &str) -> Option<&'static RecordKind> {
        self.records.iter().find(|k| k.word == word)
    }

    /// The phase with this word.
    pub fn phase(&self, word: &str) -> Option<&'static PhaseKind> {
        self.phases.iter().find(|k| k.word == word)
    }

    /// The parameter with this key, with its place.
    pub fn param(&self, key: &str) -> Option<(usize, &'static ParamSpec)> {
        self.params.iter().enumerate().find(|(_, p)| p.key == key)
    }
}
