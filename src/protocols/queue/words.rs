//! What is said and written down about messages in a queue.

use crate::protocol::{Message, NodeSpec, Record};
use serde::{Deserialize, Serialize};

/// What nodes say to each other. A message of the producer's is known by its number, from 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Keep this.
    Produce(u8),
    /// Here is a message, and the handle by which to acknowledge it.
    Deliver(u8, u8),
    /// It is done, and this is the result.
    Ack(u8, u8),
    /// It failed.
    Nack(u8, u8),
    /// That handle is from an earlier time.
    StaleHandle(u8, u8),
    /// What came of a message.
    Result(u8),
    /// Do what the message asks for.
    Apply(u8, u8),
    /// It is done.
    Applied(u8, u8),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Produce(_) => "produce",
            Msg::Deliver(..) => "deliver",
            Msg::Ack(..) => "ack",
            Msg::Nack(..) => "nack",
            Msg::StaleHandle(..) => "stale-handle",
            Msg::Result(_) => "result",
            Msg::Apply(..) => "apply",
            Msg::Applied(..) => "applied",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Produce(id) | Msg::Result(id) => format!("m{id}"),
            Msg::Deliver(id, handle)
            | Msg::Ack(id, handle)
            | Msg::Nack(id, handle)
            | Msg::StaleHandle(id, handle)
            | Msg::Apply(id, handle)
            | Msg::Applied(id, handle) => format!("m{id} h{handle}"),
        }
    }
}

/// What nodes write down. Workers write nothing down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// The producer is about to send this.
    Intent(u8),
    /// The queue has a message more.
    Put(u8),
    /// A message was handed out under a handle, to a worker.
    Out(u8, u8, u8),
    /// A message was taken off the queue as it was handed out.
    Taken(u8, u8),
    /// A message that was out is shown again.
    Back(u8),
    /// A message is acknowledged.
    Done(u8),
    /// A message is on the dead-letter queue.
    Dead(u8, u8),
    /// A message is off the queue, to be put on the dead-letter queue.
    Removed(u8, u8),
    /// A message is dropped.
    Dropped(u8, u8),
    /// The store did what a message asks for.
    Effect(u8),
    /// It did so and noted the message's id, in one transaction.
    EffectId(u8),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Intent(_) => "intent",
            Rec::Put(_) => "put",
            Rec::Out(..) => "out",
            Rec::Taken(..) => "taken",
            Rec::Back(_) => "back",
            Rec::Done(_) => "done",
            Rec::Dead(..) => "dead",
            Rec::Removed(..) => "removed",
            Rec::Dropped(..) => "dropped",
            Rec::Effect(_) => "effect",
            Rec::EffectId(_) => "effect+id",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Out(id, handle, _)
            | Rec::Taken(id, handle)
            | Rec::Dead(id, handle)
            | Rec::Removed(id, handle)
            | Rec::Dropped(id, handle) => format!("m{id} h{handle}"),
            Rec::Back(handle) | Rec::Done(handle) => format!("h{handle}"),
            Rec::Intent(id) | Rec::Put(id) | Rec::Effect(id) | Rec::EffectId(id) => format!("m{id}"),
        }
    }
}
