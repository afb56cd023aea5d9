//! A world of any protocol behind one face, in plain data.

use super::{Flying, MsgRef, Refusal, Scene, Setup, Step};
use crate::protocol::{Effect, Meta, NodeId, Status};
use serde::Serialize;

/// A message or a record, as words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct Said {
    /// Its kind.
    pub word: &'static str,
    /// What else it says.
    pub detail: String,
}

/// An effect, as words.
pub type Shown = Effect<Said, Said>;

/// How a message left the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TakenHow {
    /// It was handled.
    Delivered,
    /// It reached a node that was down.
    NobodyThere,
    /// The network lost it.
    Dropped,
}

/// A message that left the network, or arrived and stays there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Taken {
    /// Its place in the canonical order before the step.
    pub index: usize,
    /// The message.
    pub said: Said,
    /// How it left.
    pub how: TakenHow,
    /// Whether it arrived and is in flight all the same, because messages are never removed.
    pub stays: bool,
}

/// What a message that was sent or copied did to the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Entered {
    /// It is in flight at this place of the canonical order.
    New(usize),
    /// It added nothing: messages are never removed, and an equal one is in flight at this place.
    Again(usize),
}

/// What a crash took.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Lost {
    /// Records that were not durable, oldest first.
    pub records: Vec<Said>,
    /// Records that were not durable and happened to survive.
    pub kept: Vec<Said>,
}

/// What one step did.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Report {
    /// The message that left the network.
    pub taken: Option<Taken>,
    /// Everything the handler asked for, in order, also what a crash cut off.
    pub effects: Vec<Shown>,
    /// How many of them happened.
    pub done: usize,
    /// Where each message that was sent or copied entered the canonical order, in sequence.
    pub entered: Vec<Entered>,
    /// What a crash took, if the node crashed.
    pub crashed: Option<Lost>,
    /// The message that was held back or released.
    pub about: Option<Said>,
    /// Where a message was moved from and to when it was held back or released.
    pub moved: Option<(usize, usize)>,
}

impl Report {
    /// How many places there are to cut the handler: a crash can come before the first and after each.
    pub fn cuts(&self) -> u8 {
        self.effects.iter().filter(|e| e.is_cut()).count() as u8
    }
}

/// What a node would come back with if it crashed now and lost what was not forced: from having started a
/// copy of it with what would be left of its log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Recovery {
    /// How many records at the front of the log a crash leaves: the recovery point.
    pub durable: usize,
    /// How many of them could be cut off at the front, and it would still come back the same.
    pub needed: usize,
    /// What it would say of itself.
    pub status: Status,
    /// What it would do at once.
    pub effects: Vec<Shown>,
}

/// Something that a reader may think of doing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Choice {
    /// The step.
    pub step: Step,
    /// Why it cannot be done now.
    pub refused: Option<Refusal>,
}

/// A world of any protocol.
pub trait Machine {
    /// A copy.
    fn boxed(&self) -> Box<dyn Machine>;
    /// The protocol.
    fn meta(&self) -> &'static Meta;
    /// What the world was built from.
    fn setup(&self) -> &Setup;
    /// The world as plain data.
    fn scene(&self) -> Scene;
    /// Everything a reader may think of, possible or not, in canonical order: commands, messages, timers,
    /// nodes, links.
    fn choices(&self) -> Vec<Choice>;
    /// The commands that are given now where nothing fails, in canonical order.
    fn usual(&self) -> Vec<Step>;
    /// Whether a step can be done, and if not why.
    fn check(&self, step: &Step) -> Result<(), Refusal>;
    /// Does a step, or changes nothing.
    fn apply(&mut self, step: &Step) -> Result<Report, Refusal>;
    /// What a step would do.
    fn preview(&self, step: &Step) -> Result<Report, Refusal> {
        self.boxed().apply(step)
    }
    /// The messages in flight on a link whose word is `word`, by their place on the link.
    fn flights(&self, from: NodeId, to: NodeId) -> Vec<(MsgRef, Said)>;
    /// Every message in flight, in canonical order.
    fn flying(&self) -> Vec<Flying>;
    /// What a node would come back with if it crashed now, whether it is up or not.
    fn recovery(&self, node: NodeId) -> Recovery;
    /// A number that equal worlds share, natively and in wasm. Not a proof of equality.
    fn digest(&self) -> u64;
    /// The whole state as bytes: equal exactly when the worlds are equal.
    fn bytes(&self) -> Vec<u8>;
    /// The same with equal messages in flight counted once: a world that differs from an earlier one only
    /// in asking the same once more has got nowhere.
    fn outline(&self) -> Vec<u8>;
}

impl Clone for Box<dyn Machine> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}
