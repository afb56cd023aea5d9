//! What caches and their database say and write down.

use super::Page;
use crate::protocol::{Message, NodeId, NodeSpec, Record};
use crate::protocols::client::{Ask, Key, Note, Reply};
use serde::{Deserialize, Serialize};

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Sell me a ticket.
    Request(Ask),
    /// What became of it.
    Reply(Reply),
    /// What is there?
    Load,
    /// This.
    Value(Page),
    /// Sell this client a ticket.
    Write(NodeId, Ask),
    /// What became of it.
    Written(NodeId, Reply),
    /// There is a newer version: drop the copy.
    Invalidate(u8),
    /// This is the newer version.
    Update(Page),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Request(_) => "request",
            Msg::Reply(reply) => reply.code.word(),
            Msg::Load => "load",
            Msg::Value(_) => "value",
            Msg::Write(..) => "write",
            Msg::Written(..) => "written",
            Msg::Invalidate(_) => "invalidate",
            Msg::Update(_) => "update",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Request(ask) | Msg::Write(_, ask) => ask.print(),
            Msg::Reply(reply) | Msg::Written(_, reply) => reply.print(),
            Msg::Load => String::new(),
            Msg::Value(page) | Msg::Update(page) => format!("{} v{}", page.stock, page.version),
            Msg::Invalidate(version) => format!("v{version}"),
        }
    }
}

/// What nodes write down. Caches write nothing down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// A ticket is sold, and what was answered to the key, in one transaction.
    Booked(Key, u8, u8),
    /// A ticket is sold to a client.
    Charge(u8),
    /// What was answered to a key.
    Key(Key, u8, u8),
    /// What was in memory is on disk.
    Flush,
    /// This page is the page.
    Root(Page),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Booked(..) => "charge+key",
            Rec::Charge(_) => "charge",
            Rec::Key(..) => "key",
            Rec::Flush => "flush",
            Rec::Root(_) => "root",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Booked(key, _, says) | Rec::Key(key, _, says) => {
                format!("{} #{says}", key.print()).trim().to_string()
            }
            Rec::Charge(client) => nodes[usize::from(*client)].name.clone(),
            Rec::Flush => String::new(),
            Rec::Root(page) => format!("{} v{}", page.stock, page.version),
        }
    }
}
