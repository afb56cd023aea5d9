//! What the author of a protocol sees.
//!
//! A protocol is one file in `src/protocols/`: a [`Role`] (one enum over coordinator, participant,
//! client, ...), its message and record types, and its [`Meta`]. A role is a state machine without
//! input or output of its own: it is told what happened and answers with a new state and an ordered
//! list of effects. It sees no clock, no randomness, no network and no screen. The same code drives
//! the screen, the scripts, the command line and every search.
//!
//! Three promises make everything else possible:
//!
//! 1. **Purity.** Equal state and equal input give equal state and equal effects.
//! 2. **Order.** Effects happen one after the other, and a crash may cut the list after any effect
//!    that leaves the node's memory ([`Effect::is_cut`]). "Forced the commit record, told P1, died
//!    before telling P2" is one step, cut after its second effect.
//! 3. **The log is what lasts.** A crash wipes the state; [`Role::boot`] rebuilds it from the records
//!    that survived. Balances, stock and dedupe tables are folds over the log.
//!
//! What is not atomic in reality is not one handler: a service that checks, then acts, then records
//! arms a *local step* ([`TimerKind::local`]) between, so that a crash or a second request can come in
//! between.

mod code;
mod effect;
mod meta;
mod params;
pub mod plain;
mod status;

pub(crate) use code::{AnyMessage, AnyRecord, AnyState, Code, Effects, Ran, Renaming};
pub use effect::{Decision, Effect, Out, Outcome, Request, Vote};
pub use meta::{
    Again, ArgKind, COMMITMENT, MessageKind, Meta, PhaseKind, RecordKind, Retries, RoleKind, Style,
    TimerKind, VerbKind,
};
pub use params::{ParamKind, ParamSpec, Params};
pub use status::{Account, Ballot, Blocked, Gauge, Lock, Offer, Receipt, Seat, Stance, Status, Tally, Want};

use crate::order::{self, Map, Set};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use std::hash::Hash;

/// What every piece of simulated state must be: plain data with a total order.
pub trait Data: Clone + Eq + Ord + Hash + Debug + Serialize + DeserializeOwned + 'static {}
impl<T: Clone + Eq + Ord + Hash + Debug + Serialize + DeserializeOwned + 'static> Data for T {}

/// A node's place in the list that [`Role::nodes`] returns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct NodeId(pub u8);

impl NodeId {
    /// The place as an index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A timer of the protocol, as an index into [`Meta::timers`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Timer(pub u8);

/// Something a client or an operator asks of a node: an index into [`Meta::verbs`] and, where the verb
/// takes one, a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Command {
    /// Index into [`Meta::verbs`].
    pub verb: u8,
    /// The node that the verb is about, if it takes one.
    pub arg: Option<NodeId>,
}

/// A resource that can be locked, as an index into a protocol's own list of names ([`Role::resource`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Resource(pub u8);

/// A node of the world: its name on screen and in scripts, and which [`RoleKind`] it plays.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NodeSpec {
    /// Short and unique, for instance `P1`.
    pub name: String,
    /// Index into [`Meta::roles`].
    pub role: u8,
}

impl NodeSpec {
    /// A node of this name that plays this role.
    pub fn new(name: impl Into<String>, role: u8) -> NodeSpec {
        NodeSpec { name: name.into(), role }
    }
}

/// What a handler may know besides its own state: who it is, who exists, and the parameters.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// The node that handles.
    pub me: NodeId,
    /// Every node of the world.
    pub nodes: &'a [NodeSpec],
    /// The protocol's parameters.
    pub params: &'a Params,
    /// True at the very first start: the log is empty because nothing has happened yet. False at every
    /// recovery, when an empty log means that everything was forgotten.
    pub first_boot: bool,
}

impl Ctx<'_> {
    /// The role that the node itself plays.
    pub fn role(&self) -> u8 {
        self.nodes[self.me.index()].role
    }

    /// The nodes that play the role with index `role`, in order.
    pub fn playing(&self, role: u8) -> impl Iterator<Item = NodeId> + '_ {
        (0u8..).zip(self.nodes).filter(move |(_, n)| n.role == role).map(|(i, _)| NodeId(i))
    }
}

/// What a role is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input<M> {
    /// A message arrived.
    Message {
        /// Who sent it.
        from: NodeId,
        /// What it says.
        msg: M,
    },
    /// An armed timer fired. It is no longer armed; arm it again if it is to fire again.
    Timer(Timer),
    /// A client or an operator asked for something that [`Role::offers`] allowed.
    Command(Command),
}

/// New names for nodes: the name of each, by its old place. A search uses it to count worlds once that differ
/// only in which of several interchangeable nodes is which.
#[derive(Clone, Copy)]
pub struct Names<'a>(pub &'a [NodeId]);

impl Names<'_> {
    /// The new name of a node.
    pub fn of(&self, id: NodeId) -> NodeId {
        self.0[id.index()]
    }

    /// The new names of a set of nodes.
    pub fn set(&self, ids: &Set<NodeId>) -> Set<NodeId> {
        order::set(ids.iter().map(|id| self.of(*id)))
    }

    /// What is known of each node, under its new name.
    pub fn map<V: Clone>(&self, known: &Map<NodeId, V>) -> Map<NodeId, V> {
        order::map(known.iter().map(|(id, what)| (self.of(*id), what.clone())))
    }
}

/// A message of a protocol.
pub trait Message: Data {
    /// The word in traces and on the arrow; it must appear in [`Meta::messages`].
    fn word(&self) -> &'static str;
    /// What else it carries, in as few characters as possible; empty if nothing.
    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        String::new()
    }
    /// The same under other names, if it names nodes; see [`Role::interchangeable`].
    fn renamed(&self, _names: &Names) -> Self {
        self.clone()
    }
}

/// A log record of a protocol.
pub trait Record: Data {
    /// The word on the slip; it must appear in [`Meta::records`].
    fn word(&self) -> &'static str;
    /// What else it holds, in as few characters as possible; empty if nothing.
    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        String::new()
    }
    /// The same under other names, if it names nodes; see [`Role::interchangeable`].
    fn renamed(&self, _names: &Names) -> Self {
        self.clone()
    }
}

/// A protocol's state machine, over all the roles it has.
pub trait Role: Data {
    /// What nodes say to each other.
    type Msg: Message;
    /// What nodes write down.
    type Record: Record;

    /// Names, words, parameters, sources.
    fn meta() -> &'static Meta;

    /// The nodes of the world for these parameters, in the order of their ids.
    fn nodes(params: &Params) -> Vec<NodeSpec>;

    /// Groups of nodes that can take each other's places: a run in which they are exchanged, and everything that
    /// names them is renamed, is a run too. A protocol that states a group must rename what it keeps of nodes
    /// ([`Role::renamed`], [`Message::renamed`], [`Record::renamed`]).
    fn interchangeable(_params: &Params) -> Vec<Vec<NodeId>> {
        Vec::new()
    }

    /// The same state under other names, if it names nodes.
    fn renamed(&self, _names: &Names) -> Self {
        self.clone()
    }

    /// The name of a lockable resource.
    fn resource(_resource: Resource) -> String {
        String::new()
    }

    /// Whose intent a request is, as the reader knows it: the name of a client, say. It is what effects are
    /// counted under.
    fn intent(_params: &Params, request: Request) -> String {
        request.0.to_string()
    }

    /// In whose words this world is told, where they differ from the protocol's own: the texts of `<id>@<wording>.…`
    /// come before those of `<id>.…`.
    fn wording(_params: &Params) -> Option<&'static str> {
        None
    }

    /// Starts a node, for the first time ([`Ctx::first_boot`], `log` empty) or after a crash (`log` as it
    /// survived).
    fn boot(ctx: &Ctx, log: &[Self::Record], out: &mut Out<Self>) -> Self;

    /// Handles one input. Called only while the node is up.
    fn on(&mut self, ctx: &Ctx, input: Input<Self::Msg>, out: &mut Out<Self>);

    /// Handles one input with the node's own log at hand. What writes about the log, as a checkpoint does,
    /// reads it here; everything else need not, and so this passes on to [`Role::on`].
    fn on_reading(&mut self, ctx: &Ctx, input: Input<Self::Msg>, _log: &[Self::Record], out: &mut Out<Self>) {
        self.on(ctx, input, out);
    }

    /// The commands that a reader may think of here, possible or not, each with the reason if not. Their
    /// order is the order on screen.
    fn offers(&self, ctx: &Ctx) -> Vec<Offer>;

    /// What the node would say of itself. `log` is the whole log, forced or not. For a node that is down
    /// it is asked of the state that [`Role::boot`] would rebuild.
    fn status(&self, ctx: &Ctx, log: &[Self::Record]) -> Status;

    /// Whether `node`, which is up and in doubt, is blocked: no sequence of steps of nodes that are up
    /// and can be reached lets it decide without a repair. The closed form; a test holds it against that
    /// definition by search. `None` means that it merely waits.
    ///
    /// The explorer asks once for each combination of what it may depend on: of each node its life, phase, stance,
    /// remarks and, while it is in doubt, its log; decisions in flight; cut links. It must read nothing else.
    fn blocked(_scene: &crate::sim::Scene, _node: NodeId) -> Option<Blocked> {
        None
    }

    /// Remarks about a node that only somebody can make who sees all of them at once: that its copy is older
    /// than what others were told, say. They stand beside those that it makes itself ([`Status::remarks`]).
    fn noticed(_scene: &crate::sim::Scene, _node: NodeId) -> Vec<&'static str> {
        Vec::new()
    }
}
