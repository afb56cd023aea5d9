//! What a handler asks for, in order.

use super::{AnyMessage, AnyRecord, Effects, NodeId, Role, Timer};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// How a transaction ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// All its effects, everywhere.
    Commit,
    /// None of its effects, anywhere.
    Abort,
}

impl Outcome {
    /// Both.
    pub const BOTH: [Outcome; 2] = [Outcome::Commit, Outcome::Abort];
}

/// A decision as the ledger remembers it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub outcome: Outcome,
    /// True when an operator decided by guessing, against the protocol.
    pub heuristic: bool,
}

/// A participant's vote.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Vote {
    /// It can commit and promises to be able to, whatever happens.
    Yes,
    /// It cannot commit.
    No,
    /// It changed nothing and does not care how the transaction ends.
    ReadOnly,
}

/// An intent that may be applied once, many times or never: the key under which effects are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Request(pub u8);

/// One effect of a handler.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect<M, R> {
    /// Writes a record to the log buffer; a crash may lose it.
    Append(R),
    /// Writes a record and waits until it and every earlier one is on disk.
    Force(R),
    /// Sends one message to one node. `after` names the record that must be durable before: the
    /// write-ahead property checks it, and the diagram draws the arrow from that record.
    Send {
        /// The receiver.
        to: NodeId,
        /// The message.
        msg: M,
        /// The word of the record that the message depends on.
        after: Option<&'static str>,
    },
    /// Arms a timer; arming an armed one changes nothing.
    Arm(Timer),
    /// Disarms a timer.
    Cancel(Timer),
    /// Casts a vote, for the ledger.
    Vote(Vote),
    /// Decides, for the ledger. Deciding again what was decided before is not a second decision.
    Decide(Decision),
    /// Begins a request, for the ledger: from now on somebody wants its effect to happen once.
    Ask(Request),
    /// Makes a request's effect happen, for the ledger. It belongs to the record written just before it: a
    /// crash that loses that record loses the effect with it.
    Apply(Request),
    /// Shows a client the answer to its request.
    Answer(Request),
    /// Raises an alarm that a correct protocol never raises; the word is a key of the protocol's texts.
    Alarm(&'static str),
}

impl<M, R> Effect<M, R> {
    /// Whether a crash right after this effect differs from a crash right before it. The others change
    /// only memory, which the crash wipes, or belong to the record written just before them, so they
    /// happen together with the effect they follow.
    pub fn is_cut(&self) -> bool {
        match self {
            Effect::Append(_) | Effect::Force(_) | Effect::Send { .. } | Effect::Answer(_) => true,
            Effect::Arm(_)
            | Effect::Cancel(_)
            | Effect::Vote(_)
            | Effect::Decide(_)
            | Effect::Ask(_)
            | Effect::Apply(_)
            | Effect::Alarm(_) => false,
        }
    }
}

/// Collects the effects of one handler, in order.
pub struct Out<R: Role> {
    effects: Effects,
    role: PhantomData<R>,
}

impl<R: Role> Default for Out<R> {
    fn default() -> Self {
        Out { effects: Vec::new(), role: PhantomData }
    }
}

impl<R: Role> Out<R> {
    /// Appends a record without forcing it.
    pub fn append(&mut self, record: R::Record) {
        self.effects.push(Effect::Append(AnyRecord::of(record)));
    }

    /// Appends a record and forces the log.
    pub fn force(&mut self, record: R::Record) {
        self.effects.push(Effect::Force(AnyRecord::of(record)));
    }

    /// Forces or merely appends, as the protocol's variant says.
    pub fn write(&mut self, record: R::Record, forced: bool) {
        if forced { self.force(record) } else { self.append(record) }
    }

    /// Sends a message that depends on no record.
    pub fn send(&mut self, to: NodeId, msg: R::Msg) {
        self.effects.push(Effect::Send { to, msg: AnyMessage::of(msg), after: None });
    }

    /// Sends a message that may leave only when a record of the kind `after` is durable here.
    pub fn send_after(&mut self, after: &'static str, to: NodeId, msg: R::Msg) {
        self.effects.push(Effect::Send { to, msg: AnyMessage::of(msg), after: Some(after) });
    }

    /// Arms a timer.
    pub fn arm(&mut self, timer: Timer) {
        self.effects.push(Effect::Arm(timer));
    }

    /// Disarms a timer.
    pub fn cancel(&mut self, timer: Timer) {
        self.effects.push(Effect::Cancel(timer));
    }

    /// Tells the ledger how this node voted.
    pub fn vote(&mut self, vote: Vote) {
        self.effects.push(Effect::Vote(vote));
    }

    /// Tells the ledger that this node decided by the protocol.
    pub fn decide(&mut self, outcome: Outcome) {
        self.effects.push(Effect::Decide(Decision { outcome, heuristic: false }));
    }

    /// Tells the ledger that an operator decided for this node.
    pub fn decide_heuristically(&mut self, outcome: Outcome) {
        self.effects.push(Effect::Decide(Decision { outcome, heuristic: true }));
    }

    /// Begins a request: whoever asks again for the same does not begin another.
    pub fn ask(&mut self, request: Request) {
        self.effects.push(Effect::Ask(request));
    }

    /// Makes a request's effect happen, together with the record written just before.
    pub fn apply(&mut self, request: Request) {
        self.effects.push(Effect::Apply(request));
    }

    /// Shows a client its answer.
    pub fn answer(&mut self, request: Request) {
        self.effects.push(Effect::Answer(request));
    }

    /// Raises an alarm.
    pub fn alarm(&mut self, word: &'static str) {
        self.effects.push(Effect::Alarm(word));
    }

    /// What was collected.
    pub(crate) fn into_effects(self) -> Effects {
        self.effects
    }
}
