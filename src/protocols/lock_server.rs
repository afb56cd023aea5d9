//! A lock server, clients that write to a resource while they believe that they hold the lock, and the resource.
//!
//! A holder can die, so a lock is only leased: when the lease is up the server grants it to the next, whatever
//! the old holder believes. An old holder that was merely slow wakes up and writes. No lock can stop that
//! write; only the resource can, by a token that grows with every grant.
//!
//! | who compares tokens | what becomes of an old holder's write |
//! |---|---|
//! | the resource | refused: it has seen a newer token |
//! | the lock server | asked before the write, and true when it answered; the write comes later |
//! | nobody | overwrites the new holder's |
//!
//! A client whose grant was lost asks again. A server that knows its clients answers the same again; one that
//! does not puts it in the queue a second time, behind itself.
//!
//! *As written*: every acquire draws a random key of its own and is entered under it, so that nobody waits, and
//! no two keys can be told old from new. There is no lease.
//!
//! Sources: Kleppmann, *How to do distributed locking*, 2016 (fencing tokens); ZooKeeper, *Recipes: locks*, and
//! ZOOKEEPER-1262 (an acquire that was sent again).

mod client;
mod words;

pub use client::Client;
pub use words::{Msg, Pass, Rec};

use crate::protocol::plain::{
    choice, message, of_clients, phase, range, record, refusal, refused, role, switch, timer, verb,
};
use crate::protocol::{
    Ctx, Gauge, Input, Lock, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Resource, Role, Stance,
    Status, Style, Timer, VerbKind,
};
use serde::{Deserialize, Serialize};

mod param {
    pub const VARIANT: usize = 0;
    pub const FENCING: usize = 1;
    pub const CLIENTS: usize = 2;
    pub const DEDUPE: usize = 3;
    pub const LEASE: usize = 4;
    pub const TRIES: usize = 5;
}

const CLIENT: u8 = 0;
const SERVER: u8 = 1;
const RESOURCE: u8 = 2;

/// The oldest holder's time is up.
const LEASE: Timer = Timer(0);
/// The client, which was told that its token is good, writes.
const WRITE_NOW: Timer = Timer(1);

const ACQUIRE: u8 = 0;
const WRITE: u8 = 1;
const RELEASE: u8 = 2;

const LOCK: Resource = Resource(0);

static META: Meta = Meta {
    id: "lock",
    source: "Kleppmann 2016; ZooKeeper, Recipes",
    family: "shared",
    roles: &[role("client", false), role("lock-server", true), role("resource", false)],
    messages: &[
        message("acquire", "A", Style::Request),
        message("grant", "G", Style::Decision),
        message("release", "F", Style::Ack),
        message("check", "?", Style::Inquiry),
        message("valid", "v", Style::Vote),
        refusal("stale", "s", Style::Vote),
        message("write", "W", Style::Request),
        message("ok", "=", Style::Ack),
        refusal("rejected", "x", Style::Vote),
    ],
    records: &[record("grant"), record("free"), record("expired"), record("write")],
    timers: &[timer("lease", false), timer("write", true)],
    verbs: &[
        verb("acquire", true),
        VerbKind { usual: true, ..verb("write", false) },
        VerbKind { usual: true, ..verb("release", false) },
    ],
    phases: &[
        phase("outside"),
        phase("waits"),
        phase("holds"),
        phase("wrote"),
        refused("rejected"),
        phase("free"),
        phase("leased"),
        phase("open"),
    ],
    params: &[
        choice("variant", &["correct", "as-written"], 0),
        choice("fencing", &["resource", "lock-server", "none"], 0),
        of_clients(range("clients", 2, 3, 2)),
        switch("dedupe", true),
        switch("lease", true),
        // Each may lead to a grant with a token of its own.
        super::client::TRIES,
    ],
    properties: &["one-holder", "fencing", "wal", "alarm"],
    rules: &[],
    retries: None,
    conflict: |_| None,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fencing {
    Resource,
    Server,
    None,
}

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn as_written(self) -> bool {
        self.0.get(param::VARIANT) == 1
    }

    /// Who compares tokens. Keys without an order cannot be compared.
    fn fencing(self) -> Fencing {
        match self.0.get(param::FENCING) {
            _ if self.as_written() => Fencing::None,
            0 => Fencing::Resource,
            1 => Fencing::Server,
            _ => Fencing::None,
        }
    }

    fn leases(self) -> bool {
        self.0.on(param::LEASE) && !self.as_written()
    }

    /// How often a client asks for the lock at most.
    fn tries(self) -> u8 {
        self.0.get(param::TRIES) as u8
    }

    fn server(self) -> NodeId {
        NodeId(self.0.get(param::CLIENTS) as u8)
    }

    fn resource(self) -> NodeId {
        NodeId(self.0.get(param::CLIENTS) as u8 + 1)
    }
}

/// The lock server.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Server {
    /// Leases that are neither given back nor up; more than one is a mistake.
    held: Vec<(NodeId, Pass)>,
    /// First come first. Only remembered: who waits asks again after a crash.
    queue: Vec<NodeId>,
    /// How many grants there have been.
    grants: u8,
}

/// The resource.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Store {
    /// Whose value it holds, and by what it was written.
    last: Option<(NodeId, Pass)>,
    /// The highest token it has seen.
    max: u8,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum LockServer {
    /// Wants to write.
    Client(Client),
    /// Grants the lock.
    Server(Server),
    /// Is written to.
    Resource(Store),
}

impl Role for LockServer {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let clients = (1..=params.get(param::CLIENTS)).map(|i| NodeSpec::new(format!("K{i}"), CLIENT));
        clients.chain([NodeSpec::new("L", SERVER), NodeSpec::new("R", RESOURCE)]).collect()
    }

    fn resource(_resource: Resource) -> String {
        "lock".into()
    }

    fn intent(_params: &Params, request: Request) -> String {
        format!("K{}", request.0 + 1)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        match ctx.role() {
            CLIENT => LockServer::Client(Client::default()),
            SERVER => {
                let server = Server::of(log);
                server.watch(ctx, out);
                LockServer::Server(server)
            }
            _ => {
                let mut store = Store { last: None, max: 0 };
                for record in log {
                    store.add(record);
                }
                LockServer::Resource(store)
            }
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (LockServer::Client(client), Input::Command(command)) => client.command(ctx, command.verb, out),
            (LockServer::Client(client), Input::Message { msg, .. }) => client.hear(ctx, msg, out),
            (LockServer::Client(client), Input::Timer(_)) => client.write(ctx, out),
            (LockServer::Server(server), Input::Message { from, msg }) => server.hear(ctx, from, msg, out),
            (LockServer::Server(server), Input::Timer(_)) => server.lease_is_up(ctx, out),
            (LockServer::Resource(store), Input::Message { from, msg: Msg::Write(pass) }) => {
                store.write(ctx, from, pass, out);
            }
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            LockServer::Client(client) => client.offers(Config(ctx.params).tries()),
            LockServer::Server(_) | LockServer::Resource(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            LockServer::Client(client) => client.status(ctx),
            LockServer::Server(server) => server.status(),
            LockServer::Resource(store) => store.status(),
        }
    }
}

impl Server {
    fn of(log: &[Rec]) -> Server {
        let mut server = Server { held: Vec::new(), queue: Vec::new(), grants: 0 };
        for record in log {
            match *record {
                Rec::Grant(who, pass) => {
                    server.held.push((who, pass));
                    server.grants += 1;
                }
                Rec::Free(pass) | Rec::Expired(pass) => server.held.retain(|(_, held)| *held != pass),
                Rec::Write(..) => {}
            }
        }
        server
    }

    fn hear(&mut self, ctx: &Ctx, from: NodeId, msg: Msg, out: &mut Out<LockServer>) {
        match msg {
            Msg::Acquire if Config(ctx.params).as_written() => self.grant(ctx, from, out),
            Msg::Acquire => self.acquire(ctx, from, out),
            Msg::Release(pass) if self.held.iter().any(|(_, held)| *held == pass) => {
                self.end(ctx, Rec::Free(pass), out);
            }
            Msg::Check(pass) => {
                let good = self.held.contains(&(from, pass));
                out.send(from, if good { Msg::Valid(pass) } else { Msg::Stale(pass) });
            }
            _ => {}
        }
    }

    fn acquire(&mut self, ctx: &Ctx, from: NodeId, out: &mut Out<LockServer>) {
        let known = ctx.params.on(param::DEDUPE);
        let holder = self.held.first().copied();
        match holder {
            None => self.grant(ctx, from, out),
            Some((who, pass)) if known && who == from => out.send_after("grant", from, Msg::Grant(pass)),
            Some(_) if known && self.queue.contains(&from) => {}
            Some(_) => self.queue.push(from),
        }
    }

    fn grant(&mut self, ctx: &Ctx, to: NodeId, out: &mut Out<LockServer>) {
        if self.held.iter().any(|(who, _)| *who != to) {
            out.alarm("one-holder");
        }
        self.grants += 1;
        // What is as written is a table in memory.
        if Config(ctx.params).as_written() {
            let pass = Pass::Key(self.grants);
            self.held.push((to, pass));
            return out.send(to, Msg::Grant(pass));
        }
        let pass = Pass::Token(self.grants);
        self.held.push((to, pass));
        out.force(Rec::Grant(to, pass));
        out.send_after("grant", to, Msg::Grant(pass));
        self.watch(ctx, out);
    }

    /// A lease ends; who waits longest gets the lock.
    fn end(&mut self, ctx: &Ctx, record: Rec, out: &mut Out<LockServer>) {
        let (Rec::Free(pass) | Rec::Expired(pass)) = record else { return };
        self.held.retain(|(_, held)| *held != pass);
        if Config(ctx.params).as_written() {
            return;
        }
        out.force(record);
        match self.queue.is_empty() {
            true => self.watch(ctx, out),
            false => {
                let next = self.queue.remove(0);
                self.grant(ctx, next, out);
            }
        }
    }

    fn lease_is_up(&mut self, ctx: &Ctx, out: &mut Out<LockServer>) {
        if let Some((_, pass)) = self.held.first().copied() {
            self.end(ctx, Rec::Expired(pass), out);
        }
    }

    fn watch(&self, ctx: &Ctx, out: &mut Out<LockServer>) {
        match self.held.is_empty() {
            true => out.cancel(LEASE),
            false if Config(ctx.params).leases() => out.arm(LEASE),
            false => {}
        }
    }

    fn status(&self) -> Status {
        let lock = Lock {
            resource: LOCK,
            name: "lock".into(),
            holder: self.held.first().map(|(who, _)| *who),
            waiters: self.queue.clone(),
        };
        let itself = self.held.first().is_some_and(|(who, _)| self.queue.contains(who));
        let several = self.held.len() > 1;
        let remarks = [itself.then_some("waits-for-itself"), several.then_some("several-holders")];
        Status {
            gauges: vec![
                Gauge::count("holders", self.held.len()),
                Gauge::node("holder", self.held.last().map(|(who, _)| *who)),
                Gauge::new("grants", self.grants),
            ],
            locks: (!self.held.is_empty()).then_some(lock).into_iter().collect(),
            remarks: remarks.into_iter().flatten().collect(),
            ..Status::new(if self.held.is_empty() { "free" } else { "leased" }, Stance::Idle)
        }
    }
}

impl Store {
    fn add(&mut self, record: &Rec) {
        if let Rec::Write(who, pass) = *record {
            self.last = Some((who, pass));
            self.max = self.max.max(pass.token().unwrap_or(0));
        }
    }

    fn write(&mut self, ctx: &Ctx, from: NodeId, pass: Pass, out: &mut Out<LockServer>) {
        let old = pass.token().is_some_and(|token| token < self.max);
        if old && Config(ctx.params).fencing() == Fencing::Resource {
            return out.send(from, Msg::Rejected(pass));
        }
        // To set what is set already, by the same holder, changes nothing.
        if self.last != Some((from, pass)) {
            if old {
                out.alarm("fencing");
            }
            let record = Rec::Write(from, pass);
            self.add(&record);
            out.force(record);
            out.apply(Request(from.0));
        }
        out.send_after("write", from, Msg::Ok(pass));
    }

    fn status(&self) -> Status {
        let old = self.last.and_then(|(_, pass)| pass.token()).is_some_and(|token| token < self.max);
        Status {
            gauges: vec![
                Gauge::node("value", self.last.map(|(who, _)| who)),
                Gauge::new("max-token", self.max),
            ],
            remarks: old.then_some("overwritten").into_iter().collect(),
            ..Status::new("open", Stance::Idle)
        }
    }
}
