//! What can happen: the only thing that a trace, a link or a script stores.

use super::Link;
use crate::protocol::{Command, NodeId, Timer};
use serde::{Deserialize, Serialize};

/// A message in flight, addressed by what it is rather than by when it was sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct MsgRef {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// Its place among the messages in flight on that link, in canonical order, counted from 0.
    pub nth: u8,
}

/// What a crash does with records that were appended but not forced. Both can happen to an unforced
/// write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Tail {
    /// They are gone.
    #[default]
    Lost,
    /// They happened to reach the disk.
    Kept,
}

/// A crash in the middle of a handler.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Torn {
    /// How many of the handler's cut-off points pass before the node dies: 0 kills it before the first
    /// effect that leaves its memory.
    pub after: u8,
    /// What becomes of the unforced records.
    pub tail: Tail,
    /// Who was told, if it died among messages that it sends in one go and those that left are not the first:
    /// their receivers, as bits by node. Otherwise 0.
    pub told: u16,
}

/// One thing that happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Act {
    /// A message arrives and is handled.
    Deliver(MsgRef),
    /// The network loses a message.
    Drop(MsgRef),
    /// The network makes a second copy of a message.
    Duplicate(MsgRef),
    /// A message is held back until it is released.
    Hold(MsgRef),
    /// A message that was held back may arrive again.
    Release(MsgRef),
    /// An armed timer fires.
    Fire(NodeId, Timer),
    /// A client or an operator asks for something.
    Command(NodeId, Command),
    /// A node loses its memory.
    Crash(NodeId, Tail),
    /// A node that is down starts again from its log.
    Recover(NodeId),
    /// A node stops, and keeps its memory.
    Pause(NodeId),
    /// A paused node goes on.
    Resume(NodeId),
    /// Nothing passes between two nodes any more.
    Cut(Link),
    /// A cut link works again.
    Heal(Link),
}

/// One step of a trace.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Step {
    /// What happens.
    pub act: Act,
    /// Whether the node that handles it dies half way.
    pub torn: Option<Torn>,
}

impl From<Act> for Step {
    fn from(act: Act) -> Step {
        Step { act, torn: None }
    }
}

/// Faults that can be limited.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// A node crashes.
    Crash,
    /// A message is lost.
    Drop,
    /// A message is copied.
    Duplicate,
    /// A link is cut.
    Cut,
    /// A node is paused.
    Pause,
}

impl Step {
    /// The same step, with the node dying after `after` effects.
    pub fn torn(self, after: u8, tail: Tail) -> Step {
        Step { torn: Some(Torn { after, tail, told: 0 }), ..self }
    }

    /// A torn step in which these were told before the others, as bits by node; see [`Torn::told`].
    pub fn told(self, told: u16) -> Step {
        Step { torn: self.torn.map(|torn| Torn { told, ..torn }), ..self }
    }

    /// Whether a handler runs in this step, so that it can be torn.
    pub fn runs_handler(&self) -> bool {
        matches!(self.act, Act::Deliver(_) | Act::Fire(..) | Act::Command(..) | Act::Recover(_))
    }

    /// The fault that this step is, if it is one.
    pub fn fault(&self) -> Option<FaultKind> {
        if self.torn.is_some() {
            return Some(FaultKind::Crash);
        }
        match self.act {
            Act::Crash(..) => Some(FaultKind::Crash),
            Act::Drop(_) => Some(FaultKind::Drop),
            Act::Duplicate(_) => Some(FaultKind::Duplicate),
            Act::Cut(_) => Some(FaultKind::Cut),
            Act::Pause(_) => Some(FaultKind::Pause),
            _ => None,
        }
    }

    /// The node that the step happens to; `None` for what happens in the network.
    pub fn node(&self) -> Option<NodeId> {
        match self.act {
            Act::Deliver(m) => Some(m.to),
            Act::Fire(n, _) | Act::Command(n, _) | Act::Crash(n, _) => Some(n),
            Act::Recover(n) | Act::Pause(n) | Act::Resume(n) => Some(n),
            Act::Drop(_)
            | Act::Duplicate(_)
            | Act::Hold(_)
            | Act::Release(_)
            | Act::Cut(_)
            | Act::Heal(_) => None,
        }
    }

    /// The message that the step is about.
    pub fn message(&self) -> Option<MsgRef> {
        match self.act {
            Act::Deliver(m) | Act::Drop(m) | Act::Duplicate(m) | Act::Hold(m) | Act::Release(m) => Some(m),
            _ => None,
        }
    }
}

/// Why a step cannot be done. The texts have the keys `no.<key>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Refusal {
    /// There is no such node.
    NoSuchNode,
    /// There is no such message in flight.
    NoSuchMessage,
    /// There is no such link.
    NoSuchLink,
    /// The node is down.
    Down {
        /// The node.
        node: NodeId,
    },
    /// The node is up.
    Up {
        /// The node.
        node: NodeId,
    },
    /// The node is paused.
    Paused {
        /// The node.
        node: NodeId,
    },
    /// The node is not paused.
    NotPaused {
        /// The node.
        node: NodeId,
    },
    /// The node is down and its messages wait for it.
    Waits {
        /// The node.
        node: NodeId,
    },
    /// The link is cut.
    LinkCut {
        /// The link.
        link: Link,
    },
    /// The link is not cut.
    LinkWhole {
        /// The link.
        link: Link,
    },
    /// The link carries as many messages as it may, and the step could add to them.
    LinkFull {
        /// The link.
        link: Link,
    },
    /// The message is held back.
    Held,
    /// The message is not held back.
    NotHeld,
    /// Links keep their order, and an earlier message comes first.
    NotFirst,
    /// The timer is not armed.
    NotArmed,
    /// Timers are synchronous, and a message can still reach the node.
    TooEarly,
    /// No such fault is left.
    Spent {
        /// The fault.
        fault: FaultKind,
    },
    /// Messages are never removed: none is lost, and a copy would add nothing.
    Kept,
    /// No handler runs in this step, so it cannot be cut.
    NotTearable,
    /// The handler has fewer effects than that.
    TornTooLate {
        /// How many it has.
        cuts: u8,
    },
    /// The node does not die among messages to these that it sends in one go, or they are the first anyway.
    NotInOneGo,
    /// The role refuses; the last part of the key `<id>.no.<reason>`.
    Role {
        /// The reason.
        reason: &'static str,
        /// The key of a parameter that would make it possible.
        switch: Option<&'static str>,
    },
    /// The role never takes this command.
    NoSuchCommand,
}
