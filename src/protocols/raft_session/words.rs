//! What is said and what is written down.

use super::Entry;
use crate::protocol::{Message, NodeId, NodeSpec, Record};
use crate::protocols::numbered::{Answer, Note};
use serde::{Deserialize, Serialize};

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// A client wants something.
    Ask(Entry),
    /// A client has this session.
    Registered(u8),
    /// What became of a number under a session.
    Reply(u8, u8, Answer),
    /// The leader of a term wants an entry in the log; it has applied so many.
    Append(u8, Entry, u8),
    /// The log of a term from an entry on, counted from 0.
    Log(u8, u8, Vec<Entry>),
    /// There is a newer term: the entry was not taken.
    Refused(Entry),
    /// A server wants to be leader.
    Elect,
    /// It is, in this term, and this is the log.
    Elected(u8, Vec<Entry>),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Ask(Entry::Register(_)) => "register",
            Msg::Ask(_) => "command",
            Msg::Registered(_) => "registered",
            Msg::Reply(_, _, answer) => match answer {
                Answer::Done(_) => "ok",
                Answer::Taken(_) => "taken",
                Answer::Stale => "stale",
                Answer::Expired => "expired",
                Answer::InProgress | Answer::Elsewhere => "not-leader",
            },
            Msg::Append(..) => "append",
            Msg::Log(..) => "log",
            Msg::Refused(_) => "refused",
            Msg::Elect => "elect",
            Msg::Elected(..) => "elected",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Ask(Entry::Register(_)) | Msg::Elect => String::new(),
            Msg::Ask(entry) | Msg::Refused(entry) => entry.print(),
            Msg::Registered(session) => format!("s{session}"),
            Msg::Reply(_, _, Answer::Done(says)) => format!("#{says}"),
            Msg::Reply(_, _, Answer::Taken(by)) => nodes[usize::from(*by)].name.clone(),
            Msg::Reply(..) => String::new(),
            Msg::Append(term, entry, _) => format!("t{term} {}", entry.print()),
            Msg::Elected(term, entries) => format!("t{term} {}", entries.len()),
            Msg::Log(term, after, entries) => format!("t{term} {}", usize::from(*after) + entries.len()),
        }
    }
}

/// What nodes write down: clients for themselves, and the group what all servers go by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// Another server is leader, in a new term.
    Term(NodeId),
    /// An entry of the log.
    Entry(Entry),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Term(_) => "term",
            Rec::Entry(Entry::Register(_)) => "register",
            Rec::Entry(Entry::Command { .. }) => "command",
            Rec::Entry(Entry::Expire(_)) => "expire",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Term(leader) => nodes[leader.index()].name.clone(),
            Rec::Entry(entry) => entry.print(),
        }
    }
}
