//! A shop that has five of one article, and clients who want two each: `buy_goods` as an article has it, what
//! does not mend it, and what does.
//!
//! A purchase takes something off the stock and notes what was sold. At every moment stock and sold make what
//! there was at the start (*the accounts add up*), and what one client wants once is sold to it once.
//!
//! | variant | what it does |
//! |---|---|
//! | as-written | read the stock · lock the article · [stock = what was read − q] [purchase] unlock, reply |
//! | pair-lock | lock the article and the request id · read · [stock = what was read − q] [purchase] unlock, reply |
//! | recheck | lock the article · read · [stock = what was read − q] [purchase] unlock, reply |
//! | transaction | [stock − q, if there are q; purchase] reply |
//! | correct | [insert the request id; stock − q, if there are q; purchase; keep the reply] reply |
//!
//! Square brackets are one transaction, dots the places where others come in between. Between two transactions of
//! one step nobody comes in, but a crash does. Who finds less than q answers that it is sold out. With five at the
//! start and q = 2:
//!
//! | variant | the same request again, later | two requests at once | a crash between the two updates |
//! |---|---|---|---|
//! | as-written | 1 left, 4 sold, to one | 3 left, 4 sold | 3 left, none sold |
//! | pair-lock | 1 left, 4 sold, to one | 3 left, 4 sold | 3 left, none sold |
//! | recheck | 1 left, 4 sold, to one | 1 left, 4 sold | 3 left, none sold |
//! | transaction | 1 left, 4 sold, to one | 1 left, 4 sold | there is no between |
//! | correct | 3 left, 2 sold | 1 left, 4 sold | there is no between |
//!
//! A lock puts requests one after the other; it does not know a request that comes again. As written, what the
//! lock protects was read outside. Where the request id is part of what is locked, two requests do not even wait
//! for each other. The id itself is given to the lock and written down nowhere. As written, a request and its own
//! copy that come at once go wrong both ways: 3 left, 4 sold, to one.
//!
//! The lock lives in the service's memory: a crash frees it, and loses whoever worked or waited. What the first
//! of two updates has done stays done.
//!
//! A refusal changes nothing and leaves no record: who asks again under the same id is judged anew.
//!
//! Sources: *buy_goods* of an article on idempotence, as published; IETF draft *The Idempotency-Key HTTP Header
//! Field*, revision 07 (422, 400); TigerBeetle, *Reliable transaction submission*.

use super::client::{self, Ask, Asks, Client, Key, Manner, Note, Reply};
use crate::protocol::plain::{
    choice, joined, message, of_clients, phase, range, record, refusal, refused, role, timer,
};
use crate::protocol::{
    Ctx, Input, Message, Meta, NodeId, NodeSpec, Offer, Out, Params, Record, Request, Resource, Role, Status,
    Style, Timer,
};
use serde::{Deserialize, Serialize};

mod service;

use service::Service;

mod param {
    pub const VARIANT: usize = 0;
    pub const STOCK: usize = 1;
    pub const CLIENTS: usize = 2;
    /// Keys, tries and only the same: what clients are like.
    pub const MANNER: [usize; 3] = [3, 4, 5];
}

const CLIENT: u8 = 0;
const SERVICE: u8 = 1;

/// How the service sells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Variant {
    AsWritten,
    PairLock,
    Recheck,
    Transaction,
    Correct,
}

static META: Meta = Meta {
    id: "shop",
    source: "an article on idempotence, as published; IETF draft Idempotency-Key 07; TigerBeetle",
    family: "worlds",
    roles: &[role("client", false), role("service", true)],
    messages: &[
        message("request", "R", Style::Request),
        message("ok", "=", Style::Decision),
        refusal("sold-out", "0", Style::Ack),
        refusal("400", "4", Style::Ack),
        refusal("422", "2", Style::Ack),
        refusal("503", "3", Style::Ack),
    ],
    records: &[
        record("intent"),
        record("restart"),
        record("stock"),
        record("purchase"),
        record("sale"),
        record("sale+key"),
    ],
    timers: &[timer("work-1", true), timer("work-2", true), timer("work-3", true)],
    verbs: &client::VERBS,
    phases: joined!(client::PHASES, [phase("idle"), phase("working"), refused("saw-sold-out")]),
    params: &[
        choice("variant", &["as-written", "pair-lock", "recheck", "transaction", "correct"], 0),
        range("stock", 1, 9, 5),
        of_clients(range("clients", 1, 3, 2)),
        client::KEYS,
        client::TRIES,
        client::SAME,
    ],
    properties: &["once", "money", "answers", "wal", "alarm"],
    rules: &[],
    retries: Some(&client::retries(&["variant", "stock", "keys"])),
    conflict: |_| None,
};

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn variant(self) -> Variant {
        match self.0.get(param::VARIANT) {
            0 => Variant::AsWritten,
            1 => Variant::PairLock,
            2 => Variant::Recheck,
            3 => Variant::Transaction,
            _ => Variant::Correct,
        }
    }

    /// How many there are at the start.
    fn stock(self) -> u8 {
        self.0.get(param::STOCK) as u8
    }

    fn clients(self) -> u16 {
        self.0.get(param::CLIENTS)
    }

    fn manner(self) -> Manner {
        Manner::of(self.0, param::MANNER, NodeId(self.clients() as u8))
    }
}

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Sell me some.
    Request(Ask),
    /// What became of it.
    Reply(Reply),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Request(_) => "request",
            Msg::Reply(reply) => reply.code.word(),
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Request(ask) => ask.print(),
            Msg::Reply(reply) => reply.print(),
        }
    }
}

/// What nodes write down. The service forces everything: these are its transactions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// So many are left.
    Stock(u8),
    /// A client, by its place, has bought so many. The stock does not change by it.
    Purchase(u8, u8),
    /// The same, and the stock goes down by as many.
    Sale(u8, u8),
    /// The same, with the request's id and the reply.
    SaleKey {
        /// Who has bought.
        client: u8,
        /// How many.
        quantity: u8,
        /// The request's id.
        key: Key,
        /// What was answered.
        says: u8,
    },
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Stock(_) => "stock",
            Rec::Purchase(..) => "purchase",
            Rec::Sale(..) => "sale",
            Rec::SaleKey { .. } => "sale+key",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        let who = |client: u8| &nodes[usize::from(client)].name;
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Stock(left) => left.to_string(),
            Rec::Purchase(client, n) | Rec::Sale(client, n) => format!("{} {n}", who(*client)),
            Rec::SaleKey { client, quantity, key, .. } => {
                format!("{} {quantity} {}", who(*client), key.print())
            }
        }
    }
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum BuyGoods {
    /// Wants two.
    Client(Client),
    /// Sells them.
    Service(Service),
}

impl Asks for BuyGoods {
    fn ask(ask: Ask) -> Msg {
        Msg::Request(ask)
    }

    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for BuyGoods {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let service = NodeSpec::new("S", SERVICE);
        client::nodes(Config(params).clients(), CLIENT).chain([service]).collect()
    }

    fn resource(_resource: Resource) -> String {
        service::GOODS.into()
    }

    fn intent(params: &Params, request: Request) -> String {
        client::whose(Config(params).clients(), request)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        let config = Config(ctx.params);
        if ctx.role() == CLIENT {
            let notes = log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
            return BuyGoods::Client(Client::boot(ctx, notes, config.manner(), out));
        }
        BuyGoods::Service(Service::new(config.stock(), log))
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (BuyGoods::Client(client), Input::Command(command)) => {
                client.command(ctx, command, Config(ctx.params).manner(), out);
            }
            (BuyGoods::Client(client), Input::Message { msg: Msg::Reply(reply), .. }) => {
                client.hear(ctx, reply, out);
            }
            (BuyGoods::Service(service), Input::Message { from, msg: Msg::Request(ask) }) => {
                service.accept(ctx, from, ask, out);
            }
            (BuyGoods::Service(service), Input::Timer(Timer(worker))) => service.work(ctx, worker, out),
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            BuyGoods::Client(client) => client.offers(Config(ctx.params).manner()),
            BuyGoods::Service(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            BuyGoods::Client(client) => client.status(ctx),
            BuyGoods::Service(service) => service.status(ctx),
        }
    }
}
