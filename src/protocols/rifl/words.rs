//! What is said and what is written down about calls and the object.

use crate::order::{Map, Set};
use crate::protocol::{Message, NodeSpec, Record};
use crate::protocols::numbered::{Answer, Note};
use serde::{Deserialize, Serialize};

/// A call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Call {
    /// Under which lease.
    pub lease: u8,
    /// Its number.
    pub rpc: u8,
    /// Up to which number the client has seen every result.
    pub ack: u8,
}

/// What is known of the calls under one lease.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Track {
    /// Up to which number the client has seen every result.
    pub ack: u8,
    /// The results that it may still ask for, by number.
    pub results: Map<u8, u8>,
}

impl Track {
    /// The client has seen every result up to this.
    pub fn acknowledge(&mut self, ack: u8) {
        self.ack = self.ack.max(ack);
        let seen: Vec<_> = self.results.keys().copied().filter(|rpc| *rpc <= self.ack).collect();
        for rpc in seen {
            self.results.remove(&rpc);
        }
    }

    /// A call is completed.
    pub fn complete(&mut self, rpc: u8, says: u8) {
        if rpc > self.ack {
            self.results.insert(rpc, says);
        }
    }
}

/// An object, with what belongs to it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Object {
    /// How often it was charged.
    pub charges: u8,
    /// The records of calls, by lease.
    pub tracks: Map<u8, Track>,
    /// Leases whose time is up: every clock says so.
    pub over: Set<u8>,
}

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Charge once more.
    Call(Call),
    /// What became of a call.
    Reply(u8, Answer),
    /// The object moves.
    Object(Object),
    /// It has arrived.
    Got,
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Call(_) => "call",
            Msg::Reply(_, answer) => match answer {
                Answer::Done(_) => "ok",
                Answer::Stale => "stale",
                Answer::Expired => "expired",
                Answer::InProgress => "in-progress",
                Answer::Taken(_) | Answer::Elsewhere => "not-here",
            },
            Msg::Object(_) => "object",
            Msg::Got => "got",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Call(call) => format!("L{}:{} ≤{}", call.lease, call.rpc, call.ack),
            Msg::Reply(_, Answer::Done(says)) => format!("#{says}"),
            Msg::Reply(rpc, _) => rpc.to_string(),
            Msg::Object(object) => object.charges.to_string(),
            Msg::Got => String::new(),
        }
    }
}

/// What nodes write down. Servers force everything: these are their transactions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// The object is charged.
    Update,
    /// A call is completed, with this result.
    Result(Call, u8),
    /// Both.
    Both(Call, u8),
    /// The time of a lease is up, and with it what is known of its calls.
    LeaseOver(u8),
    /// The object is handed over: from now on it is not served here.
    Moving,
    /// The object has come.
    Object(Object),
    /// The object has come to the other server.
    Moved,
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Update => "update",
            Rec::Result(..) => "result",
            Rec::Both(..) => "update+result",
            Rec::LeaseOver(_) => "lease-over",
            Rec::Moving => "moving",
            Rec::Object(_) => "object",
            Rec::Moved => "moved",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Result(call, _) | Rec::Both(call, _) => format!("L{}:{}", call.lease, call.rpc),
            Rec::LeaseOver(lease) => format!("L{lease}"),
            Rec::Object(object) => object.charges.to_string(),
            Rec::Update | Rec::Moving | Rec::Moved => String::new(),
        }
    }
}
