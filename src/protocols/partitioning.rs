//! Data on two partitions, and where a request's dedupe record comes to lie.
//!
//! A router sends each request to the partition that owns it. Partitioning keeps nothing consistent by itself;
//! it decides whether a request that is sent again meets its record:
//!
//! | by | a retry | what helps |
//! |---|---|---|
//! | object | comes to the object, and the record is there: one transaction | nothing is needed |
//! | key | comes to the record, and the object is elsewhere: a crash between the two does it again | the key is passed on to the object's owner |
//! | value | with another value comes to where nothing is known | the key is claimed at a home of its own first |
//! | mixed | with another field comes to where nothing is known | the same |
//!
//! Rebalancing moves an object. Its records must move with it, in the same step:
//!
//! | moved | a retry at the new owner |
//! |---|---|
//! | together | meets its record |
//! | separately | comes in between, and does it again |
//! | data only | does it again |
//!
//! A claim binds a key to one request and may be repeated, so that no transaction over two partitions is needed:
//! only one request under a key gets through, and it always comes to the same partition.
//!
//! Sources: Lee et al., *Implementing Linearizability at Large Scale and Low Latency* (RIFL), 2015 (records move
//! with their objects); DSLabs, *Sharded key-value service*.

use super::client::{self, Ask, Asks, Client, Key, Manner, Note, Reply};
use crate::order::Map;
use crate::protocol::plain::{choice, joined, message, phase, record, refusal, role, verb};
use crate::protocol::{
    Ctx, Input, Message, Meta, NodeId, NodeSpec, Offer, Out, Params, Record, Request, Role, Stance, Status,
    Style, Timer, TimerKind, VerbKind,
};
use serde::{Deserialize, Serialize};

mod partition;

use partition::Partition;

mod param {
    pub const BY: usize = 0;
    pub const CHECK: usize = 1;
    pub const MOVES: usize = 2;
    pub const CLIENTS: usize = 3;
    /// Keys, tries and only the same: what clients are like.
    pub const MANNER: [usize; 3] = [4, 5, 6];
}

const CLIENT: u8 = 0;
const ROUTER: u8 = 1;
const PARTITION: u8 = 2;

/// What was moved is sent again.
const MOVE: Timer = Timer(0);

const REBALANCE: u8 = 5;

static META: Meta = Meta {
    id: "partition",
    source: "Lee et al. 2015 (RIFL); DSLabs",
    family: "shared",
    roles: &[role("client", false), role("router", true), role("partition", false)],
    messages: &[
        message("request", "R", Style::Request),
        message("forward", "f", Style::Request),
        message("charge", "c", Style::Request),
        message("charged", "d", Style::Ack),
        message("claim", "?", Style::Inquiry),
        message("claimed", "y", Style::Vote),
        message("move", "M", Style::Decision),
        message("records", "r", Style::Decision),
        message("arrived", "a", Style::Ack),
        message("ok", "=", Style::Ack),
        refusal("422", "2", Style::Ack),
        refusal("503", "3", Style::Ack),
    ],
    records: &[
        record("intent"),
        record("restart"),
        record("charge+key"),
        record("charge"),
        record("key"),
        record("claim"),
        record("moved"),
        record("arrived"),
        record("records"),
    ],
    timers: &[TimerKind { word: "move", local: false, decides: false, forgets: false }],
    verbs: joined!(client::VERBS, [VerbKind { usual: false, ..verb("rebalance", true) }]),
    phases: joined!(client::PHASES, [phase("routes"), phase("owns"), phase("owns-none")]),
    params: &[
        choice("by", &["object", "key", "value", "mixed"], 0),
        choice("check", &["local", "global"], 0),
        choice("moves", &["together", "separately", "data-only"], 0),
        client::CLIENTS,
        client::KEYS,
        client::TRIES,
        client::SAME,
    ],
    properties: &["once", "answers", "wal", "alarm"],
    rules: &[],
    retries: None,
    conflict: |_| None,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Object,
    Key,
    Value,
    Mixed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Moves {
    Together,
    Separately,
    DataOnly,
}

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn by(self) -> By {
        [By::Object, By::Key, By::Value, By::Mixed][usize::from(self.0.get(param::BY))]
    }

    /// Whether a key is known beyond the partition that its request comes to.
    fn global(self) -> bool {
        self.0.get(param::CHECK) == 1
    }

    fn moves(self) -> Moves {
        [Moves::Together, Moves::Separately, Moves::DataOnly][usize::from(self.0.get(param::MOVES))]
    }

    fn clients(self) -> u8 {
        self.0.get(param::CLIENTS) as u8
    }

    fn router(self) -> NodeId {
        NodeId(self.clients())
    }

    /// A partition, by 0 or 1.
    fn partition(self, place: u8) -> NodeId {
        NodeId(self.clients() + 1 + place)
    }

    /// Where a key is at home.
    fn home(self, key: Key) -> NodeId {
        self.partition(match key {
            Key::None => 0,
            Key::Drawn(client, n) => (client + n) % 2,
            Key::Tick(n) => n % 2,
        })
    }

    /// Where the router sends a request. All want the same object, which the first partition owned first.
    fn owner(self, client: NodeId, ask: &Ask) -> NodeId {
        match self.by() {
            By::Object => self.partition(0),
            By::Key => self.home(ask.key),
            By::Value => self.partition((ask.body + 1) % 2),
            By::Mixed => self.partition((client.0 + ask.body) % 2),
        }
    }

    fn manner(self) -> Manner {
        Manner::of(self.0, param::MANNER, self.router())
    }
}

/// What was answered to which key, and what the request was.
type Rows = Map<Key, (u8, u8)>;

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Sell me a ticket.
    Request(Ask),
    /// A client's request, sent on to who owns it.
    Forward(NodeId, Ask),
    /// Charge this client; who asks keeps the record.
    Charge(NodeId, Ask),
    /// Charged.
    Charged(NodeId, Ask, u8),
    /// May this request have this key?
    Claim(NodeId, Ask),
    /// It may, or it may not.
    Claimed(NodeId, Ask, bool),
    /// The object, with records or without.
    Move(u8, Rows),
    /// Records, sent by themselves.
    Records(Rows),
    /// The object (0) or its records (1) have arrived.
    Arrived(u8),
    /// What became of a request.
    Reply(Reply),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Request(_) => "request",
            Msg::Forward(..) => "forward",
            Msg::Charge(..) => "charge",
            Msg::Charged(..) => "charged",
            Msg::Claim(..) => "claim",
            Msg::Claimed(..) => "claimed",
            Msg::Move(..) => "move",
            Msg::Records(_) => "records",
            Msg::Arrived(_) => "arrived",
            Msg::Reply(reply) => reply.code.word(),
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Request(ask) | Msg::Forward(_, ask) | Msg::Charge(_, ask) | Msg::Claim(_, ask) => {
                ask.print()
            }
            Msg::Charged(_, ask, says) => format!("{} #{says}", ask.print()),
            Msg::Claimed(_, ask, yes) => format!("{} {}", ask.print(), if *yes { "yes" } else { "no" }),
            Msg::Move(_, rows) | Msg::Records(rows) => keys(rows),
            Msg::Arrived(_) => String::new(),
            Msg::Reply(reply) => reply.print(),
        }
    }
}

/// The keys of records that move.
fn keys(rows: &Rows) -> String {
    rows.keys().map(|key| key.print()).collect::<Vec<_>>().join(" ")
}

/// What nodes write down. The router writes nothing down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// A ticket is sold, and what was answered to the key, in one transaction.
    Booked(Key, u8, u8),
    /// A ticket is sold to a client.
    Charge(NodeId),
    /// What was answered to a key.
    Key(Key, u8, u8),
    /// A key belongs to a request.
    Claim(Key, u8),
    /// The object is no longer here.
    Moved,
    /// The object is here, with these records.
    Arrived(u8, Rows),
    /// These records are here.
    Records(Rows),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Booked(..) => "charge+key",
            Rec::Charge(_) => "charge",
            Rec::Key(..) => "key",
            Rec::Claim(..) => "claim",
            Rec::Moved => "moved",
            Rec::Arrived(..) => "arrived",
            Rec::Records(_) => "records",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Booked(key, _, says) | Rec::Key(key, _, says) => {
                format!("{} #{says}", key.print()).trim().to_string()
            }
            Rec::Charge(client) => nodes[client.index()].name.clone(),
            Rec::Claim(key, _) => key.print(),
            Rec::Moved => String::new(),
            Rec::Arrived(_, rows) | Rec::Records(rows) => keys(rows),
        }
    }
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Partitioning {
    /// Wants a ticket.
    Client(Client),
    /// Knows who owns what was asked for.
    Router,
    /// Owns a part.
    Partition(Partition),
}

impl Asks for Partitioning {
    fn ask(ask: Ask) -> Msg {
        Msg::Request(ask)
    }

    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for Partitioning {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let rest =
            [NodeSpec::new("S", ROUTER), NodeSpec::new("P1", PARTITION), NodeSpec::new("P2", PARTITION)];
        client::nodes(Config(params).clients().into(), CLIENT).chain(rest).collect()
    }

    fn intent(params: &Params, request: Request) -> String {
        client::whose(Config(params).clients().into(), request)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        match ctx.role() {
            CLIENT => {
                let notes =
                    log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
                Partitioning::Client(Client::boot(ctx, notes, Config(ctx.params).manner(), out))
            }
            ROUTER => Partitioning::Router,
            _ => Partitioning::Partition(Partition::boot(ctx, log, out)),
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        let config = Config(ctx.params);
        match (self, input) {
            (Partitioning::Client(client), Input::Command(command)) => {
                client.command(ctx, command, config.manner(), out);
            }
            (Partitioning::Client(client), Input::Message { msg: Msg::Reply(reply), .. }) => {
                client.hear(ctx, reply, out);
            }
            (Partitioning::Router, Input::Message { from, msg: Msg::Request(ask) }) => {
                out.send(config.owner(from, &ask), Msg::Forward(from, ask));
            }
            (Partitioning::Partition(partition), Input::Command(_)) => partition.rebalance(ctx, out),
            (Partitioning::Partition(partition), Input::Message { from, msg }) => {
                partition.hear(ctx, from, msg, out);
            }
            (Partitioning::Partition(partition), Input::Timer(_)) => partition.send_moved(ctx, out),
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            Partitioning::Client(client) => client.offers(Config(ctx.params).manner()),
            Partitioning::Partition(partition) => partition.offers(ctx),
            Partitioning::Router => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Partitioning::Client(client) => client.status(ctx),
            Partitioning::Router => Status::new("routes", Stance::Idle),
            Partitioning::Partition(partition) => partition.status(),
        }
    }
}
