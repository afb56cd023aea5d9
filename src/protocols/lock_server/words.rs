//! What is said and written down about a lock, and what a holder shows for it.

use crate::protocol::{Message, NodeId, NodeSpec, Record};
use serde::{Deserialize, Serialize};

/// What a holder shows to say that it is one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Pass {
    /// A fencing token: the next grant's is higher.
    Token(u8),
    /// A random key: it says nothing about other keys.
    Key(u8),
}

impl Pass {
    fn print(self) -> String {
        match self {
            Pass::Token(n) => format!("#{n}"),
            Pass::Key(n) => format!("{}", char::from(b'p' + n)),
        }
    }

    /// The token, where there is one.
    pub fn token(self) -> Option<u8> {
        if let Pass::Token(n) = self { Some(n) } else { None }
    }
}

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// I want the lock.
    Acquire,
    /// It is yours, for a while.
    Grant(Pass),
    /// I no longer need it.
    Release(Pass),
    /// Is this still good?
    Check(Pass),
    /// It is.
    Valid(Pass),
    /// It is not.
    Stale(Pass),
    /// Write my value.
    Write(Pass),
    /// It is written.
    Ok(Pass),
    /// There is a newer token.
    Rejected(Pass),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Acquire => "acquire",
            Msg::Grant(_) => "grant",
            Msg::Release(_) => "release",
            Msg::Check(_) => "check",
            Msg::Valid(_) => "valid",
            Msg::Stale(_) => "stale",
            Msg::Write(_) => "write",
            Msg::Ok(_) => "ok",
            Msg::Rejected(_) => "rejected",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Acquire => String::new(),
            Msg::Grant(pass)
            | Msg::Release(pass)
            | Msg::Check(pass)
            | Msg::Valid(pass)
            | Msg::Stale(pass)
            | Msg::Write(pass)
            | Msg::Ok(pass)
            | Msg::Rejected(pass) => pass.print(),
        }
    }
}

/// What nodes write down. Clients write nothing down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// The lock is this client's.
    Grant(NodeId, Pass),
    /// Its holder gave it back.
    Free(Pass),
    /// Its holder's time was up.
    Expired(Pass),
    /// The resource holds this client's value.
    Write(NodeId, Pass),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Grant(..) => "grant",
            Rec::Free(_) => "free",
            Rec::Expired(_) => "expired",
            Rec::Write(..) => "write",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Grant(who, pass) | Rec::Write(who, pass) => {
                format!("{} {}", nodes[who.index()].name, pass.print())
            }
            Rec::Free(pass) | Rec::Expired(pass) => pass.print(),
        }
    }
}
