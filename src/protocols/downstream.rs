//! Two services, one after the other: a client asks A, and A asks B before it can answer.
//!
//! A sells the ticket, B charges for it. Each has a store of its own and inserts key, effect and reply in one
//! transaction there. No transaction spans both: what A knows of B is an answer that may not come.
//!
//! | A records | on a request | when B has answered |
//! |---|---|---|
//! | after | calls B | [insert the key, sell, keep the reply] reply |
//! | before | [insert the key, sell, keep the reply] calls B | reply |
//! | both | [insert the key, sell: begun] calls B | [done, keep the reply] reply |
//!
//! A dies after B has charged and before it has a record of that. Whoever asks again makes A call B again: with
//! the client's key B finds its own record and answers from it; with a key drawn anew B charges again. Where A
//! recorded before it called, the record says that all is done, and B may never have been called.
//!
//! Sources: IETF draft *The Idempotency-Key HTTP Header Field*, revision 07; TigerBeetle, *Reliable transaction
//! submission* (the id is made at the outermost client and passed on).

use super::client::{self, Ask, Asks, Client, Code, Key, Manner, Note, Reply};
use crate::order::Map;
use crate::protocol::plain::{choice, joined, message, phase, record, refusal, role, switch};
use crate::protocol::{
    Ctx, Gauge, Input, Message, Meta, NodeId, NodeSpec, Offer, Out, Params, Record, Request, Role, Stance,
    Status, Style,
};
use serde::{Deserialize, Serialize};

mod param {
    pub const PASS_KEY: usize = 0;
    pub const RECORD: usize = 1;
    /// Keys, tries and only the same: what clients are like.
    pub const MANNER: [usize; 3] = [2, 3, 4];
}

const CLIENT: u8 = 0;
const FRONT: u8 = 1;
const BACK: u8 = 2;

const A: NodeId = NodeId(1);
const B: NodeId = NodeId(2);

/// What the client wants at A; it is the intent of the client itself.
const AT_A: u8 = 0;
/// What the client wants at B, whom it does not know.
const AT_B: u8 = 1;

/// When A writes down that the key is dealt with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum When {
    After,
    Before,
    Both,
}

static META: Meta = Meta {
    id: "downstream",
    source: "IETF draft Idempotency-Key 07; TigerBeetle, Reliable transaction submission",
    family: "requests",
    roles: &[role("client", false), role("front", true), role("back", false)],
    messages: &[
        message("request", "R", Style::Request),
        message("call", "C", Style::Request),
        message("ok", "=", Style::Decision),
        refusal("400", "4", Style::Ack),
        refusal("422", "2", Style::Ack),
    ],
    records: &[
        record("intent"),
        record("restart"),
        record("sale+key"),
        record("begun+key"),
        record("done"),
        record("charge+key"),
    ],
    timers: &[],
    verbs: &client::VERBS,
    phases: joined!(client::PHASES, [phase("idle"), phase("calling")]),
    params: &[
        switch("pass-key", true),
        choice("record", &["after", "before", "both"], 0),
        client::KEYS,
        client::TRIES,
        client::SAME,
    ],
    properties: &["once", "answers", "wal", "alarm"],
    rules: &[],
    retries: Some(&client::retries(&["pass-key", "record", "keys"])),
    conflict: |_| None,
};

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn passes(self) -> bool {
        self.0.on(param::PASS_KEY)
    }

    fn when(self) -> When {
        [When::After, When::Before, When::Both][usize::from(self.0.get(param::RECORD))]
    }

    fn manner(self) -> Manner {
        Manner::of(self.0, param::MANNER, A)
    }
}

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Sell me a ticket.
    Request(Ask),
    /// Charge for it.
    Call(Ask),
    /// What became of it.
    Reply(Reply),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Request(_) => "request",
            Msg::Call(_) => "call",
            Msg::Reply(reply) => reply.code.word(),
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Request(ask) | Msg::Call(ask) => ask.print(),
            Msg::Reply(reply) => reply.print(),
        }
    }
}

/// What nodes write down. Services force everything: these are their transactions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's; and A's, that it began anew.
    Note(Note),
    /// At A: the key, the ticket and the reply.
    Sale(Key, u8),
    /// At A: the key and the ticket; B is still to be called.
    Begun(Key, u8),
    /// At A: B has answered.
    Done(Key),
    /// At B: the key, the charge and the reply.
    Charge(Key, u8),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Sale(..) => "sale+key",
            Rec::Begun(..) => "begun+key",
            Rec::Done(_) => "done",
            Rec::Charge(..) => "charge+key",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Sale(key, _) | Rec::Begun(key, _) | Rec::Done(key) | Rec::Charge(key, _) => key.print(),
        }
    }
}

/// What is known of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Row {
    /// What the request was.
    body: u8,
    /// The number of the receipt.
    says: u8,
    /// Whether nothing is left to do.
    done: bool,
}

/// A service's table of keys: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Store {
    rows: Map<Key, Row>,
    /// How often it sold, or charged.
    effects: u8,
    /// How often it came back from a crash, where that counts.
    lives: u8,
}

impl Store {
    fn of(log: &[Rec]) -> Store {
        let mut store = Store::default();
        for record in log {
            store.add(record);
        }
        store
    }

    fn add(&mut self, record: &Rec) {
        match *record {
            Rec::Note(_) => self.lives += 1,
            Rec::Sale(key, body) | Rec::Charge(key, body) => self.insert(key, body, true),
            Rec::Begun(key, body) => self.insert(key, body, false),
            Rec::Done(key) => {
                if let Some(row) = self.rows.get(&key).copied() {
                    self.rows.insert(key, Row { done: true, ..row });
                }
            }
        }
    }

    fn insert(&mut self, key: Key, body: u8, done: bool) {
        self.effects += 1;
        self.rows.insert(key, Row { body, says: self.effects, done });
    }
}

/// A: a service that needs another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Front {
    store: Store,
    /// What it waits for: by the key that B was called with, who asked and what.
    calls: Map<Key, (NodeId, Ask)>,
    /// How many keys it has drawn in this life.
    drawn: u8,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Downstream {
    /// Wants a ticket.
    Client(Client),
    /// Sells it.
    Front(Front),
    /// Charges for it.
    Back(Store),
}

impl Asks for Downstream {
    fn ask(ask: Ask) -> Msg {
        Msg::Request(ask)
    }

    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for Downstream {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(_params: &Params) -> Vec<NodeSpec> {
        client::nodes(1, CLIENT).chain([NodeSpec::new("A", FRONT), NodeSpec::new("B", BACK)]).collect()
    }

    /// Effects are counted where they happen: what one person wants is two things.
    fn intent(_params: &Params, request: Request) -> String {
        let at = if client::client(request) == AT_B { "B" } else { "A" };
        let other = if client::is_other(request) { "′" } else { "" };
        format!("K{other}@{at}")
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        let config = Config(ctx.params);
        match ctx.role() {
            CLIENT => {
                let notes =
                    log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
                Downstream::Client(Client::boot(ctx, notes, config.manner(), out))
            }
            FRONT => {
                let mut store = Store::of(log);
                // A key that is drawn does not come twice, so what is drawn from now on is another.
                if !ctx.first_boot && !config.passes() {
                    store.add(&Rec::Note(Note::Restart));
                    out.force(Rec::Note(Note::Restart));
                }
                Downstream::Front(Front { store, calls: Map::new(), drawn: 0 })
            }
            _ => Downstream::Back(Store::of(log)),
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (Downstream::Client(client), Input::Command(command)) => {
                let before = client.wish();
                if command.verb == client::SEND {
                    out.ask(client::intent(AT_B, before));
                }
                client.command(ctx, command, Config(ctx.params).manner(), out);
                if client.wish() != before {
                    out.ask(client::intent(AT_B, client.wish()));
                }
            }
            (Downstream::Client(client), Input::Message { msg: Msg::Reply(reply), .. }) => {
                let knows = |client: &Client| client.status(ctx).phase == "saw-ok";
                let before = knows(client);
                client.hear(ctx, reply, out);
                // Who is told that it has a ticket takes it to be paid for.
                if !before && knows(client) {
                    out.answer(client::intent(AT_B, client.wish()));
                }
            }
            (Downstream::Front(front), Input::Message { from, msg: Msg::Request(ask) }) => {
                front.accept(ctx, from, ask, out);
            }
            (Downstream::Front(front), Input::Message { msg: Msg::Reply(reply), .. }) => {
                front.hear(ctx, reply, out);
            }
            (Downstream::Back(store), Input::Message { from, msg: Msg::Call(ask) }) => {
                charge(store, from, ask, out);
            }
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            Downstream::Client(client) => client.offers(Config(ctx.params).manner()),
            Downstream::Front(_) | Downstream::Back(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Downstream::Client(client) => client.status(ctx),
            Downstream::Front(front) => {
                let phase = if front.calls.is_empty() { "idle" } else { "calling" };
                Status {
                    gauges: vec![Gauge::new("tickets", front.store.effects)],
                    ..Status::new(phase, Stance::Idle)
                }
            }
            Downstream::Back(store) => Status {
                gauges: vec![Gauge::new("charges", store.effects)],
                ..Status::new("idle", Stance::Idle)
            },
        }
    }
}

impl Front {
    /// A request comes in.
    fn accept(&mut self, ctx: &Ctx, from: NodeId, ask: Ask, out: &mut Out<Downstream>) {
        if ask.key == Key::None {
            return reply(from, ask.key, Code::BadRequest, 0, out);
        }
        match self.store.rows.get(&ask.key) {
            Some(row) if row.body != ask.body => {
                return reply(from, ask.key, Code::Unprocessable, 0, out);
            }
            Some(row) if row.done => return reply(from, ask.key, Code::Ok, row.says, out),
            Some(_) => {}
            // The answer to the call under way will be for what was asked with it.
            None if self.calls.values().any(|(_, call)| call.key == ask.key && call.body != ask.body) => {
                return reply(from, ask.key, Code::Unprocessable, 0, out);
            }
            None => match Config(ctx.params).when() {
                When::After => {}
                When::Before => self.sell(Rec::Sale(ask.key, ask.body), ask.wish, out),
                When::Both => self.sell(Rec::Begun(ask.key, ask.body), ask.wish, out),
            },
        }
        let key = if Config(ctx.params).passes() { ask.key } else { self.draw() };
        self.calls.insert(key, (from, ask));
        out.send(B, Msg::Call(Ask { key, ..ask }));
    }

    /// A key of its own.
    fn draw(&mut self) -> Key {
        self.drawn += 1;
        Key::Drawn(A.0, self.store.lives * 5 + self.drawn)
    }

    fn sell(&mut self, record: Rec, wish: u8, out: &mut Out<Downstream>) {
        self.store.add(&record);
        out.force(record);
        out.apply(client::intent(AT_A, wish));
    }

    /// B has answered. What nobody waits for any more came to a call of another life, or came twice.
    fn hear(&mut self, ctx: &Ctx, answer: Reply, out: &mut Out<Downstream>) {
        let Some((from, ask)) = self.calls.remove(&answer.key) else { return };
        if answer.code != Code::Ok {
            return reply(from, ask.key, answer.code, 0, out);
        }
        match self.store.rows.get(&ask.key).copied() {
            None => self.sell(Rec::Sale(ask.key, ask.body), ask.wish, out),
            Some(row) if !row.done && Config(ctx.params).when() == When::Both => {
                let record = Rec::Done(ask.key);
                self.store.add(&record);
                out.force(record);
            }
            Some(_) => {}
        }
        let says = self.store.rows.get(&ask.key).map_or(0, |row| row.says);
        reply(from, ask.key, Code::Ok, says, out);
    }
}

/// A call comes in at B.
fn charge(store: &mut Store, from: NodeId, ask: Ask, out: &mut Out<Downstream>) {
    match store.rows.get(&ask.key).copied() {
        Some(row) if row.body != ask.body => reply(from, ask.key, Code::Unprocessable, 0, out),
        Some(row) => reply(from, ask.key, Code::Ok, row.says, out),
        None => {
            let record = Rec::Charge(ask.key, ask.body);
            store.add(&record);
            out.force(record);
            out.apply(client::intent(AT_B, ask.wish));
            reply(from, ask.key, Code::Ok, store.effects, out);
        }
    }
}

fn reply(to: NodeId, key: Key, code: Code, says: u8, out: &mut Out<Downstream>) {
    out.send(to, Msg::Reply(Reply { key, code, says }));
}
