//! What a node says of itself, in terms that every protocol shares.

use super::{Command, NodeId, Resource, Vote};
use serde::Serialize;

/// Where a node stands in the transaction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// Not a party to the transaction, or not yet, or no longer.
    Idle,
    /// Undecided, and free to decide alone.
    Working,
    /// Voted yes and does not know the outcome: it may not decide alone.
    InDoubt,
    /// Knows that the outcome is commit.
    Committed,
    /// Knows that the outcome is abort.
    Aborted,
}

/// What the coordinator can conclude from the votes that it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tally {
    /// Some vote is still missing.
    Open,
    /// All voted yes, or changed nothing.
    AllYes,
    /// Somebody voted no, or the vote timer fired.
    Refused,
}

/// A node's vote as the coordinator knows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ballot {
    /// Who voted.
    pub node: NodeId,
    /// How, if it is known.
    pub vote: Option<Vote>,
    /// How it stands with this node's receipt of the decision.
    pub receipt: Receipt,
}

/// How it stands with a receipt, as the one who decides knows it. To have been told is not to know: the word
/// may still be under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Receipt {
    /// There is nothing to confirm, or nobody was told.
    None,
    /// Told, and the receipt is awaited.
    Awaited,
    /// Told, and no receipt is awaited.
    Needless,
    /// The receipt has come.
    Come,
}

/// A lock that is held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Lock {
    /// What is locked.
    pub resource: Resource,
    /// Its name.
    pub name: String,
    /// For whom it is held, where that is another than the node that says so: a lock server holds none itself.
    pub holder: Option<NodeId>,
    /// Who waits for it, first come first.
    pub waiters: Vec<NodeId>,
}

/// What a client waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Want {
    /// The node asked.
    pub node: NodeId,
    /// The resource asked for.
    pub resource: Resource,
}

/// An account in a bank: whole units of money.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// What was in it at the start.
    pub opening: i32,
    /// What committed transactions left in it.
    pub balance: i32,
    /// What the undecided transaction would add.
    pub pending: i32,
    /// What clients' own transactions have added.
    pub deposited: i32,
}

/// A seat, or a ticket that there is no seat for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Seat {
    /// The intent that it was sold to.
    pub holder: Option<super::Request>,
    /// Whether it is a ticket without a seat.
    pub beyond: bool,
}

/// Something else that a node counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Gauge {
    /// The word in traces; its text has the key `<id>.gauge.<word>`.
    pub word: &'static str,
    /// How many, or which number.
    pub value: i32,
    /// True where the number stands for a node: its place, from 1, and 0 for nobody.
    pub node: bool,
}

impl Gauge {
    /// What is counted, and how many there are.
    pub fn new(word: &'static str, value: impl Into<i32>) -> Gauge {
        Gauge { word, value: value.into(), node: false }
    }

    /// Who it is, if anybody.
    pub fn node(word: &'static str, who: Option<NodeId>) -> Gauge {
        Gauge { word, value: who.map_or(0, |id| i32::from(id.0) + 1), node: true }
    }

    /// The same for how many things there are in a list.
    pub fn count(word: &'static str, value: usize) -> Gauge {
        Gauge { word, value: value as i32, node: false }
    }
}

/// What a node says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Status {
    /// A word of [`super::Meta::phases`].
    pub phase: &'static str,
    /// Which of the things that it wants the phase speaks of, where it wants several.
    pub about: Option<super::Request>,
    /// Where it stands.
    pub stance: Stance,
    /// True when an operator decided for it.
    pub heuristic: bool,
    /// For one who counts votes: the result so far.
    pub tally: Option<Tally>,
    /// For one who counts votes: the votes.
    pub votes: Vec<Ballot>,
    /// Locks held.
    pub locks: Vec<Lock>,
    /// Locks that it must hold where it stands: the property L1 compares.
    pub must_hold: Vec<Resource>,
    /// For a client: what it waits for.
    pub wants: Option<Want>,
    /// Money, seats, stock: what is only ever moved and never made.
    pub accounts: Vec<Account>,
    /// The seats that it sells.
    pub seats: Vec<Seat>,
    /// What else it counts.
    pub gauges: Vec<Gauge>,
    /// What has become of requests that will not happen by themselves: the last part of the key `<id>.fate.<word>`.
    pub fates: Vec<(super::Request, &'static str)>,
    /// Keys of texts of the protocol that say what else is worth knowing.
    pub remarks: Vec<&'static str>,
}

impl Status {
    /// A status with nothing but a phase and a stance.
    pub fn new(phase: &'static str, stance: Stance) -> Status {
        Status {
            phase,
            about: None,
            stance,
            heuristic: false,
            tally: None,
            votes: Vec::new(),
            locks: Vec::new(),
            must_hold: Vec::new(),
            wants: None,
            accounts: Vec::new(),
            seats: Vec::new(),
            gauges: Vec::new(),
            fates: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Whether it holds every lock that it must.
    pub fn has_its_locks(&self) -> bool {
        self.must_hold.iter().all(|r| self.locks.iter().any(|l| l.resource == *r))
    }
}

/// A command that a reader may think of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Offer {
    /// The command.
    pub command: Command,
    /// Why it cannot be given now: the last part of the key `<id>.no.<reason>`.
    pub refused: Option<&'static str>,
    /// The key of a parameter that would make it possible.
    pub switch: Option<&'static str>,
    /// Whether it is given only when something went wrong, though it is of a usual kind: who has registered
    /// does not register again.
    pub unusual: bool,
}

impl Offer {
    /// A command that is about nobody else.
    pub fn new(verb: u8, refused: Option<&'static str>) -> Offer {
        Offer { command: Command { verb, arg: None }, refused, switch: None, unusual: false }
    }

    /// A command that is about a node.
    pub fn about(verb: u8, node: NodeId, refused: Option<&'static str>) -> Offer {
        Offer { command: Command { verb, arg: Some(node) }, refused, switch: None, unusual: false }
    }

    /// The same command, which is part of the usual course or not.
    pub fn usual(self, usual: bool) -> Offer {
        Offer { unusual: !usual, ..self }
    }
}

/// Why a node is blocked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Blocked {
    /// The last part of the key `<id>.blocked.<why>`.
    pub why: &'static str,
    /// Who could tell it, were they up and reachable.
    pub on: Vec<NodeId>,
}
