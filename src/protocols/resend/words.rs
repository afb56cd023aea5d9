//! What is said and what is written down when requests are sent again.

use crate::protocol::{Message, NodeSpec, Record, Request};
use crate::protocols::client::{self, Ask, Key, Note, Reply};
use serde::{Deserialize, Serialize};

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Sell me a ticket.
    Request(Ask),
    /// What became of it.
    Reply(Reply),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Request(_) => "request",
            Msg::Reply(reply) => reply.code.word(),
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Request(ask) => ask.print(),
            Msg::Reply(reply) => reply.print(),
        }
    }
}

/// What nodes write down. The service forces everything: these are its transactions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// A ticket is sold for this intent, and charged for.
    Charge(u8),
    /// The seat is this intent's.
    Set(u8),
    /// The key was seen, with this request.
    Mark(Key, u8),
    /// This request with this key was carried out.
    Count(Key, u8),
    /// What was answered to this key.
    Reply {
        /// Which.
        key: Key,
        /// What the request was.
        body: u8,
        /// What was answered.
        says: u8,
    },
    /// What was answered to the client's number, where nothing changed.
    Number {
        /// The client's place.
        client: u8,
        /// Its number.
        key: Key,
        /// What the request was.
        body: u8,
        /// What was answered.
        says: u8,
    },
    /// There was no seat left for this request.
    SoldOut {
        /// The client's place, where it is told by its number.
        client: Option<u8>,
        /// Its key.
        key: Key,
        /// What the request was.
        body: u8,
    },
    /// The key is worked on, by this owner.
    Claim {
        /// Which.
        key: Key,
        /// What the request was.
        body: u8,
        /// Who works on it: the how manieth claim it is.
        owner: u8,
    },
    /// Everything at once.
    Booked {
        /// The intent that the ticket is for.
        taker: u8,
        /// Whether the seat is set rather than charged for once more.
        sets: bool,
        /// The key.
        key: Key,
        /// What the request was.
        body: u8,
        /// What was answered.
        says: u8,
        /// What else changed with it.
        with: With,
    },
    /// What is known of the key is removed.
    Forget(Key),
}

/// What changes together with a charge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum With {
    /// The reply takes the place of the claim.
    Reply,
    /// The key is new.
    Key,
    /// The client's number goes up.
    Number,
    /// The version goes up.
    Version,
}

impl Rec {
    /// The key whose row it writes or removes, and whether it removes it.
    pub fn entry(&self) -> Option<(Key, bool)> {
        match *self {
            Rec::Forget(key) => Some((key, true)),
            Rec::Mark(key, _) | Rec::Count(key, _) | Rec::Reply { key, .. } | Rec::Claim { key, .. } => {
                Some((key, false))
            }
            Rec::Number { key, .. } | Rec::SoldOut { key, .. } | Rec::Booked { key, .. } => {
                Some((key, false))
            }
            Rec::Note(_) | Rec::Charge(_) | Rec::Set(_) => None,
        }
    }
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Charge(_) => "charge",
            Rec::Set(_) => "set",
            Rec::Mark(..) => "mark",
            Rec::Count(..) => "count",
            Rec::Reply { .. } => "reply",
            Rec::Number { .. } => "number",
            Rec::SoldOut { .. } => "sold-out",
            Rec::Claim { .. } => "claim",
            Rec::Booked { sets: false, with, .. } => match with {
                With::Reply => "charge+reply",
                With::Key => "charge+key",
                With::Number => "charge+number",
                With::Version => "charge+version",
            },
            Rec::Booked { sets: true, with, .. } => match with {
                With::Reply => "set+reply",
                With::Key => "set+key",
                With::Number => "set+number",
                With::Version => "set+version",
            },
            Rec::Forget(_) => "forget",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Charge(taker) | Rec::Set(taker) => {
                let request = Request(*taker);
                let name = &nodes[usize::from(client::client(request))].name;
                if client::is_other(request) { format!("{name}′") } else { name.clone() }
            }
            Rec::Mark(key, body) | Rec::Count(key, body) | Rec::SoldOut { key, body, .. } => key.of(*body),
            Rec::Forget(key) => key.print(),
            Rec::Reply { key, body, says } | Rec::Number { key, body, says, .. } => {
                format!("{} #{says}", key.of(*body))
            }
            Rec::Claim { key, body, owner } => format!("{} {owner}", key.of(*body)),
            Rec::Booked { key, body, says, .. } => format!("{} #{says}", key.of(*body)).trim().to_string(),
        }
    }
}
