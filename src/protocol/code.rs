//! A protocol's code and data without their types.
//!
//! The world and the explorer are compiled once and not once for each protocol, of which there may be many. They
//! hold a protocol's states, messages and records sealed: these can be copied, compared, written as bytes and asked
//! what they say, and nothing but the code of their own protocol opens them. Who writes a protocol sees none of
//! this.

use super::{
    Blocked, Ctx, Data, Effect, Input, Message, Meta, Names, NodeId, NodeSpec, Offer, Out, Params, Record,
    Request, Resource, Role, Status,
};
use crate::sim::Scene;
use serde::ser::{Serialize, SerializeTuple, Serializer};
use std::any::Any;
use std::cmp::Ordering;
use std::ops::Deref;
use std::rc::Rc;

/// A value whose type is forgotten, but for what can be done with it. It is shared, since nobody changes it.
pub(crate) struct Sealed<T: ?Sized>(Rc<T>);

/// A message of some protocol.
pub(crate) type AnyMessage = Sealed<dyn Words<Sent>>;

/// A log record of some protocol.
pub(crate) type AnyRecord = Sealed<dyn Words<Written>>;

/// The state of a role of some protocol.
pub(crate) type AnyState = Sealed<dyn State>;

/// What a handler asked for, in order.
pub(crate) type Effects = Vec<Effect<AnyMessage, AnyRecord>>;

/// What came of a handler: the state afterwards, and what it asked for.
pub(crate) type Ran = (AnyState, Effects);

/// What can be done with plain data of whatever type.
pub(crate) trait Value {
    /// Itself, for who knows its type.
    fn any(&self) -> &dyn Any;
    /// How it compares with another of its type.
    fn compare(&self, other: &dyn Any) -> Ordering;
    /// What it is written as.
    fn bytes(&self) -> Vec<u8>;
}

/// Says of [`Words`] that they are a message.
pub(crate) enum Sent {}

/// Says of [`Words`] that they are a record.
pub(crate) enum Written {}

/// What a message or a record says.
pub(crate) trait Words<Kind>: Value {
    /// Its kind.
    fn word(&self) -> &'static str;
    /// What else it says.
    fn detail(&self, nodes: &[NodeSpec]) -> String;
}

/// What a state does: see the methods of [`Role`].
pub(crate) trait State: Value {
    /// Handles one input.
    fn on(&self, ctx: &Ctx, input: &Input<AnyMessage>, log: &[AnyRecord]) -> Ran;
    /// The commands that a reader may think of.
    fn offers(&self, ctx: &Ctx) -> Vec<Offer>;
    /// What it says of itself.
    fn status(&self, ctx: &Ctx, log: &[AnyRecord]) -> Status;
}

impl<T: Data> Value for T {
    fn any(&self) -> &dyn Any {
        self
    }

    fn compare(&self, other: &dyn Any) -> Ordering {
        self.cmp(open(other))
    }

    fn bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("plain data always serialises")
    }
}

impl<M: Message> Words<Sent> for M {
    fn word(&self) -> &'static str {
        Message::word(self)
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        Message::detail(self, nodes)
    }
}

impl<R: Record> Words<Written> for R {
    fn word(&self) -> &'static str {
        Record::word(self)
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        Record::detail(self, nodes)
    }
}

impl<R: Role> State for R {
    fn on(&self, ctx: &Ctx, input: &Input<AnyMessage>, log: &[AnyRecord]) -> Ran {
        let input = match input {
            Input::Message { from, msg } => Input::Message { from: *from, msg: msg.open::<R::Msg>().clone() },
            Input::Timer(timer) => Input::Timer(*timer),
            Input::Command(command) => Input::Command(*command),
        };
        let (mut state, mut out) = (self.clone(), Out::default());
        state.on_reading(ctx, input, &records::<R>(log), &mut out);
        (AnyState::of(state), out.into_effects())
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        Role::offers(self, ctx)
    }

    fn status(&self, ctx: &Ctx, log: &[AnyRecord]) -> Status {
        Role::status(self, ctx, &records::<R>(log))
    }
}

fn open<T: 'static>(value: &dyn Any) -> &T {
    value.downcast_ref().expect("a protocol gets back what is its own")
}

fn records<R: Role>(log: &[AnyRecord]) -> Vec<R::Record> {
    log.iter().map(|record| record.open::<R::Record>().clone()).collect()
}

impl AnyMessage {
    /// Seals a message.
    pub fn of(msg: impl Message) -> Self {
        Sealed(Rc::new(msg))
    }
}

impl AnyRecord {
    /// Seals a record.
    pub fn of(record: impl Record) -> Self {
        Sealed(Rc::new(record))
    }
}

impl AnyState {
    /// Seals a state.
    pub fn of(state: impl Role) -> Self {
        Sealed(Rc::new(state))
    }
}

impl<T: ?Sized + Value> Sealed<T> {
    fn open<V: 'static>(&self) -> &V {
        open(self.0.any())
    }
}

impl<T: ?Sized> Deref for Sealed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Sealed(Rc::clone(&self.0))
    }
}

// In the order of what is inside: the places of messages in flight are part of links and scripts.
impl<T: ?Sized + Value> Ord for Sealed<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        if Rc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.compare(other.0.any()) }
    }
}

impl<T: ?Sized + Value> PartialOrd for Sealed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: ?Sized + Value> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: ?Sized + Value> Eq for Sealed<T> {}

// Byte for byte as if it were not sealed: a tuple has no length in front.
impl<T: ?Sized + Value> Serialize for Sealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = self.0.bytes();
        let mut tuple = serializer.serialize_tuple(bytes.len())?;
        for byte in &bytes {
            tuple.serialize_element(byte)?;
        }
        tuple.end()
    }
}

/// What a protocol's code does without a state: see the methods of [`Role`].
pub(crate) struct Code {
    pub meta: fn() -> &'static Meta,
    pub nodes: fn(&Params) -> Vec<NodeSpec>,
    pub boot: fn(&Ctx, &[AnyRecord]) -> Ran,
    pub resource: fn(Resource) -> String,
    pub intent: fn(&Params, Request) -> String,
    pub wording: fn(&Params) -> Option<&'static str>,
    pub blocked: fn(&Scene, NodeId) -> Option<Blocked>,
    pub noticed: fn(&Scene, NodeId) -> Vec<&'static str>,
}

impl Code {
    /// The code of a protocol.
    pub const fn of<R: Role>() -> Code {
        Code {
            meta: R::meta,
            nodes: R::nodes,
            boot: |ctx, log| {
                let mut out = Out::default();
                let state = R::boot(ctx, &records::<R>(log), &mut out);
                (AnyState::of(state), out.into_effects())
            },
            resource: R::resource,
            intent: R::intent,
            wording: R::wording,
            blocked: R::blocked,
            noticed: R::noticed,
        }
    }
}

/// How a protocol gives nodes other names. Only a search does that, so it stands apart: what nobody looks up is
/// not in the program.
pub(crate) struct Renaming {
    pub interchangeable: fn(&Params) -> Vec<Vec<NodeId>>,
    pub state: fn(&AnyState, &Names) -> AnyState,
    pub message: fn(&AnyMessage, &Names) -> AnyMessage,
    pub record: fn(&AnyRecord, &Names) -> AnyRecord,
}

impl Renaming {
    /// How this protocol does it.
    pub const fn of<R: Role>() -> Renaming {
        Renaming {
            interchangeable: R::interchangeable,
            state: |state, names| AnyState::of(state.open::<R>().renamed(names)),
            message: |msg, names| AnyMessage::of(msg.open::<R::Msg>().renamed(names)),
            record: |record, names| AnyRecord::of(record.open::<R::Record>().renamed(names)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order;
    use crate::protocol::Outcome;
    use crate::protocols::two_phase::{Msg, Rec};

    fn messages() -> Vec<Msg> {
        use Msg::*;
        let told = Outcome::BOTH.into_iter().flat_map(|o| [Decision(o), Heuristic(o)]);
        told.chain([Withdraw, Ask, Inquiry, Done, Ack, Yes, Prepare, No]).collect()
    }

    /// Links and scripts say at which place a message is in flight, so sealing must not move it.
    #[test]
    fn what_is_sealed_keeps_its_order() {
        let sealed: Vec<_> = messages().into_iter().map(AnyMessage::of).collect();
        for (a, x) in messages().iter().zip(&sealed) {
            for (b, y) in messages().iter().zip(&sealed) {
                assert_eq!((x.cmp(y), x == y), (a.cmp(b), a == b), "{a:?} {b:?}");
            }
            assert!(*x == x.clone() && *x == AnyMessage::of(a.clone()));
        }
        let opened: Vec<Msg> = order::sorted(sealed).iter().map(|m| m.open::<Msg>().clone()).collect();
        assert_eq!(opened, order::sorted(messages()));
    }

    /// Digests of worlds are pinned.
    #[test]
    fn what_is_sealed_is_written_as_if_it_were_not() {
        let records = vec![
            Rec::Start,
            Rec::Decision(Outcome::Commit, order::set([NodeId(1), NodeId(3)])),
            Rec::Heuristic(Outcome::Abort),
        ];
        let sealed: Vec<_> = records.iter().cloned().map(AnyRecord::of).collect();
        let bytes = |sealed: postcard::Result<Vec<u8>>| sealed.expect("plain data");
        assert_eq!(
            bytes(postcard::to_allocvec(&(7u8, &sealed, Some(&sealed[1])))),
            bytes(postcard::to_allocvec(&(7u8, &records, Some(&records[1]))))
        );
    }

    #[test]
    #[should_panic(expected = "its own")]
    fn only_its_own_protocol_opens_what_is_sealed() {
        let theirs = AnyMessage::of(crate::protocols::lamport_two_phase::Msg::Prepared);
        let _ = theirs == AnyMessage::of(Msg::Yes);
    }
}
