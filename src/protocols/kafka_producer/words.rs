//! What is said and what is written down.

use crate::protocol::{Message, NodeSpec, Record};
use serde::{Deserialize, Serialize};

/// A batch, which is one record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// Whose it is; 0 where there are no ids.
    pub pid: u8,
    /// The epoch of the producer.
    pub epoch: u8,
    /// Its number.
    pub seq: u8,
    /// Which record it is.
    pub record: u8,
    /// The how manieth transaction of its instance it belongs to: what the coordinator was told when the partition
    /// was added to the transaction.
    pub turn: u8,
}

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// A producer starts.
    Init,
    /// Its id, its epoch, and the position up to which records are committed.
    Pid(u8, u8, u8),
    /// Append this.
    Produce(Batch),
    /// It is at this offset.
    Ack(Batch, u8),
    /// Its number is not the next one.
    OutOfOrder(Batch),
    /// Its epoch is an old one: this PID and epoch are no longer anybody's.
    Fenced(u8, u8),
    /// The transaction is not in a state for that: it has ended, otherwise than the producer wants.
    Invalid(u8, u8),
    /// Commit the transaction, or abort it; the how manieth end that this instance asks for.
    End(u8, u8, bool, u8),
    /// It is so; the epoch from now on.
    Ended(u8, u8, bool, u8),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Init => "init",
            Msg::Pid(..) => "pid",
            Msg::Produce(_) => "batch",
            Msg::Ack(..) => "ack",
            Msg::OutOfOrder(_) => "out-of-order-sequence",
            Msg::Fenced(..) => "invalid-producer-epoch",
            Msg::Invalid(..) => "invalid-txn-state",
            Msg::End(_, _, true, _) => "end-commit",
            Msg::End(_, _, false, _) => "end-abort",
            Msg::Ended(_, _, true, _) => "committed",
            Msg::Ended(_, _, false, _) => "aborted",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Init => String::new(),
            Msg::Pid(pid, epoch, _) | Msg::Fenced(pid, epoch) | Msg::Invalid(pid, epoch) => {
                format!("{pid}/{epoch}")
            }
            Msg::End(_, epoch, ..) | Msg::Ended(_, epoch, ..) => format!("e{epoch}"),
            Msg::Produce(batch) => batch.print(),
            Msg::Ack(_, offset) => format!("@{offset}"),
            Msg::OutOfOrder(batch) => batch.seq.to_string(),
        }
    }
}

impl Batch {
    fn print(&self) -> String {
        if self.pid == 0 { format!("r{}", self.record) } else { format!("{}:r{}", self.seq, self.record) }
    }
}

/// What nodes write down. The broker's records are its log, and what it keeps beside that.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A producer knows that the records before this one are in the log.
    Done(u8),
    /// An id and its epoch were given out.
    Pid(u8, u8),
    /// A batch was appended.
    Batch(Batch),
    /// The open transaction ended so; the epoch from now on.
    Marker(u8, u8, bool),
    /// What is known of an id is removed.
    Forget(u8),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Done(_) => "done",
            Rec::Pid(..) => "pid",
            Rec::Batch(_) => "batch",
            Rec::Marker(_, _, true) => "commit",
            Rec::Marker(_, _, false) => "abort",
            Rec::Forget(_) => "forget",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Done(n) | Rec::Forget(n) => n.to_string(),
            Rec::Pid(pid, epoch) => format!("{pid}/{epoch}"),
            Rec::Batch(batch) => batch.print(),
            Rec::Marker(_, epoch, _) => format!("e{epoch}"),
        }
    }
}
