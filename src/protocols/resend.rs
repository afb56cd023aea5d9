//! Requests sent again to a service that charges for a ticket, and every way in which services try to make that
//! harmless.
//!
//! A strategy is a list of steps (`strategies.rs`), and a step a list of operations (`operations.rs`). Between
//! two steps anything may come in: a second delivery of the same request, a crash. What one step does to the
//! durable store can still be torn between two of its records, unless it is one record, which is one local
//! transaction.
//!
//! | strategy | what it does |
//! |---|---|
//! | nothing | charge, reply |
//! | cache | look in memory · charge, remember, reply |
//! | durable-cache | look · charge, keep the reply, reply |
//! | mark-before | look, mark · charge, reply |
//! | mark-after | look · charge · mark, reply |
//! | counter | look · charge · count · keep the result, reply |
//! | sequence | [next number? charge, number] reply |
//! | version | [same version? charge, version] reply |
//! | version-id | [known? same version? charge, version, key] reply |
//! | lock | lock · charge, reply, unlock |
//! | lock-mark | lock · look · charge · mark, reply, unlock |
//! | claim | claim · charge · keep the reply, reply |
//! | claim-expires | the same, and a claim can be taken over when its time is up |
//! | claim-tx | claim · [charge, keep the reply] reply |
//! | claim-token | claim · [mine still? charge, keep the reply] reply |
//! | unique-insert | [insert the key, charge, keep the reply] reply |
//!
//! Square brackets are one transaction, dots the places where others come in between.
//!
//! Sources: IETF draft *The Idempotency-Key HTTP Header Field*, revision 07; RFC 9110, 13.1.1 (If-Match), and
//! RFC 6585, 3 (428); Powertools for AWS Lambda, *Idempotency* (claims that expire); Kleppmann, *How to do
//! distributed locking*, 2016 (why a token is needed).

mod operations;
mod store;
mod strategies;
mod words;

pub use words::{Msg, Rec};

use super::client::{self, Ask, Asks, Client, Code, Key, Manner, Note, Reply};
use crate::order::{Map, Set};
use crate::protocol::plain::{
    choice, joined, lifetime, message, phase, range, record, refusal, refused, role, switch, timer,
};
use crate::protocol::{
    Ctx, Gauge, Input, Lock, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Resource, Role, Stance,
    Status, Style, Timer,
};
use crate::worlds::ticket::{Look, Sale};
use operations::Next;
use serde::{Deserialize, Serialize};
use store::{Known, Store};
use strategies::{STRATEGIES, Strategy, WORDS, step};

mod param {
    pub const STRATEGY: usize = 0;
    pub const OPERATION: usize = 1;
    pub const CLIENTS: usize = 2;
    pub const FINGERPRINT: usize = 5;
    pub const TTL: usize = 6;
    /// Keys, tries and only the same: what clients are like.
    pub const MANNER: [usize; 3] = [3, 4, 7];
    pub const SEATS: usize = 8;
    pub const LOOK: usize = 9;
}

const CLIENT: u8 = 0;
const SERVICE: u8 = 1;

/// How many requests the service works on at once. Each has a timer, which is its next step.
const WORKERS: u8 = 3;
/// A claim's time is up.
const EXPIRY: Timer = Timer(3);
/// What the service remembers of a finished request is forgotten.
const FORGET: Timer = Timer(4);

const GOODS: Resource = Resource(0);

static META: Meta = Meta {
    id: "resend",
    source: "IETF draft Idempotency-Key 07; RFC 9110; AWS Powertools; Kleppmann 2016",
    family: "requests",
    roles: &[role("client", false), role("service", true)],
    messages: &[
        message("request", "R", Style::Request),
        message("ok", "=", Style::Decision),
        refusal("400", "4", Style::Ack),
        refusal("409", "9", Style::Ack),
        refusal("412", "2", Style::Ack),
        refusal("422", "2", Style::Ack),
        refusal("428", "8", Style::Ack),
        refusal("500", "5", Style::Ack),
        refusal("503", "3", Style::Ack),
        refusal("out-of-order", "9", Style::Ack),
        refusal("sold-out", "0", Style::Ack),
    ],
    records: &[
        record("intent"),
        record("restart"),
        record("charge"),
        record("mark"),
        record("count"),
        record("reply"),
        record("claim"),
        record("charge+reply"),
        record("charge+key"),
        record("charge+number"),
        record("charge+version"),
        record("set"),
        record("set+reply"),
        record("set+key"),
        record("set+number"),
        record("set+version"),
        record("number"),
        record("sold-out"),
        record("forget"),
    ],
    timers: &[
        timer("work-1", true),
        timer("work-2", true),
        timer("work-3", true),
        timer("claim", false),
        lifetime("ttl"),
    ],
    verbs: &client::VERBS,
    phases: joined!(
        client::PHASES,
        [phase("idle"), phase("working"), refused("saw-out-of-order"), refused("saw-sold-out")]
    ),
    params: &[
        choice("strategy", WORDS, 0),
        choice("operation", &["charge", "set"], 0),
        client::CLIENTS,
        client::KEYS,
        client::TRIES,
        switch("fingerprint", true),
        switch("ttl", false),
        client::SAME,
        // More than a client who sends three times can take by mistake, and asks once more.
        range("seats", 1, 6, 4),
        choice("look", Look::WORDS, 0),
    ],
    properties: &["once", "answers", "invariant", "wal", "alarm"],
    rules: &[],
    retries: Some(&client::retries(&["strategy", "operation", "look", "keys"])),
    conflict: |_| None,
};

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn strategy(self) -> Strategy {
        STRATEGIES[usize::from(self.0.get(param::STRATEGY))].1
    }

    /// Whether the operation sets the seat's owner rather than charging once more.
    fn sets(self) -> bool {
        self.0.get(param::OPERATION) == 1
    }

    fn sale(self) -> Sale {
        if self.sets() { Sale::Same } else { Sale::Next(self.0.get(param::SEATS) as u8) }
    }

    fn look(self) -> Look {
        Look::of(self.0.get(param::LOOK))
    }

    fn clients(self) -> u16 {
        self.0.get(param::CLIENTS)
    }

    fn manner(self) -> Manner {
        Manner {
            versions: self.strategy().versions(),
            ..Manner::of(self.0, param::MANNER, NodeId(self.clients() as u8))
        }
    }
}

/// A request that is being worked on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Job {
    from: NodeId,
    ask: Ask,
    /// The next step of the program.
    at: u8,
    /// Its claim, if it has one.
    owner: u8,
    /// What it will answer.
    says: u8,
}

impl Job {
    /// The intent that it is for.
    fn taker(&self) -> Request {
        client::intent(self.from.0, self.ask.wish)
    }
}

/// The service.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Service {
    store: Store,
    /// Requests and replies that are remembered and not written down.
    cache: Map<Key, (u8, u8)>,
    /// By worker.
    jobs: Map<u8, Job>,
    /// The worker that holds the lock.
    lock: Option<u8>,
    /// Workers that wait for it, first come first.
    queue: Vec<u8>,
    /// Claims whose time is up.
    late: Set<Key>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Resend {
    /// Wants a ticket.
    Client(Client),
    /// Sells them.
    Service(Service),
}

impl Asks for Resend {
    fn ask(ask: Ask) -> Msg {
        Msg::Request(ask)
    }

    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for Resend {
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
        "goods".into()
    }

    fn intent(params: &Params, request: Request) -> String {
        client::whose(Config(params).clients(), request)
    }

    fn wording(params: &Params) -> Option<&'static str> {
        Config(params).sets().then_some("set")
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        if ctx.role() == CLIENT {
            let notes = log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
            return Resend::Client(Client::boot(ctx, notes, Config(ctx.params).manner(), out));
        }
        let service = Service {
            store: Store::of(log),
            cache: Map::new(),
            jobs: Map::new(),
            lock: None,
            queue: Vec::new(),
            late: Set::new(),
        };
        service.watch(ctx, out);
        Resend::Service(service)
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (Resend::Client(client), Input::Command(command)) => {
                client.command(ctx, command, Config(ctx.params).manner(), out);
            }
            (Resend::Client(client), Input::Message { msg: Msg::Reply(reply), .. }) => {
                client.hear(ctx, reply, out);
            }
            (Resend::Service(service), Input::Message { from, msg: Msg::Request(ask) }) => {
                service.accept(ctx, from, ask, out);
            }
            (Resend::Service(service), Input::Timer(EXPIRY)) => service.claim_is_late(ctx, out),
            (Resend::Service(service), Input::Timer(FORGET)) => service.forget(out),
            (Resend::Service(service), Input::Timer(Timer(worker))) => service.work(ctx, worker, out),
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            Resend::Client(client) => client.offers(Config(ctx.params).manner()),
            Resend::Service(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, log: &[Rec]) -> Status {
        match self {
            Resend::Client(client) => client.status(ctx),
            Resend::Service(service) => service.status(ctx, log),
        }
    }
}

impl Service {
    /// A request comes in: a worker begins with its first step at once.
    fn accept(&mut self, ctx: &Ctx, from: NodeId, ask: Ask, out: &mut Out<Resend>) {
        let strategy = Config(ctx.params).strategy();
        if strategy.needs_key() && ask.key == Key::None {
            return reply(from, ask.key, Code::BadRequest, 0, out);
        }
        let Some(worker) = (0..WORKERS).find(|w| !self.jobs.contains_key(w)) else {
            return reply(from, ask.key, Code::Unavailable, 0, out);
        };
        self.jobs.insert(worker, Job { from, ask, at: 0, owner: 0, says: 0 });
        self.work(ctx, worker, out);
    }

    /// A worker does its next step.
    fn work(&mut self, ctx: &Ctx, worker: u8, out: &mut Out<Resend>) {
        let Some(mut job) = self.jobs.get(&worker).copied() else { return };
        let config = Config(ctx.params);
        for op in step(config.strategy(), config.look(), job.at) {
            match self.act(ctx, worker, &mut job, *op, out) {
                Next::On => {}
                Next::Wait => return,
                Next::Answer(code, says) => {
                    reply(job.from, job.ask.key, code, says, out);
                    self.finish(worker, out);
                    return self.watch(ctx, out);
                }
            }
        }
        job.at += 1;
        self.jobs.insert(worker, job);
        out.arm(Timer(worker));
        self.watch(ctx, out);
    }

    /// A worker is done; who waits longest for its lock goes on.
    fn finish(&mut self, worker: u8, out: &mut Out<Resend>) {
        self.jobs.remove(&worker);
        if self.lock != Some(worker) {
            return;
        }
        self.lock = (!self.queue.is_empty()).then(|| self.queue.remove(0));
        if let Some(next) = self.lock
            && let Some(job) = self.jobs.get(&next).copied()
        {
            self.jobs.insert(next, Job { at: job.at + 1, ..job });
            out.arm(Timer(next));
        }
    }

    fn claimed(&self) -> impl Iterator<Item = Key> + '_ {
        let rows = self.store.rows.iter().filter(|(_, row)| matches!(row.known, Known::Claimed { .. }));
        rows.map(|(key, _)| *key)
    }

    /// What will be forgotten some time.
    fn finished(&self) -> impl Iterator<Item = Key> + '_ {
        let rows = self.store.rows.iter().filter(|(_, row)| !matches!(row.known, Known::Claimed { .. }));
        rows.map(|(key, _)| *key)
    }

    /// Watches the clock, where there is anything to watch it for.
    fn watch(&self, ctx: &Ctx, out: &mut Out<Resend>) {
        if Config(ctx.params).strategy().expires() {
            let open = self.claimed().any(|key| !self.late.contains(&key));
            if open { out.arm(EXPIRY) } else { out.cancel(EXPIRY) }
        }
        if ctx.params.on(param::TTL) && (!self.cache.is_empty() || self.finished().next().is_some()) {
            out.arm(FORGET);
        }
    }

    /// The time of the oldest claim is up: whoever asks next may take it over.
    fn claim_is_late(&mut self, ctx: &Ctx, out: &mut Out<Resend>) {
        let oldest = self.claimed().find(|key| !self.late.contains(key));
        if let Some(key) = oldest {
            self.late.insert(key);
        }
        self.watch(ctx, out);
    }

    /// What is known of finished requests has been kept long enough.
    fn forget(&mut self, out: &mut Out<Resend>) {
        self.cache = Map::new();
        for key in self.finished().collect::<Vec<_>>() {
            self.write(Rec::Forget(key), out);
        }
    }

    fn write(&mut self, record: Rec, out: &mut Out<Resend>) {
        self.store.add(&record);
        out.force(record);
    }

    fn status(&self, ctx: &Ctx, log: &[Rec]) -> Status {
        let config = Config(ctx.params);
        let phase = if self.jobs.is_empty() { "idle" } else { "working" };
        let hall = &self.store.hall;
        let mut gauges = if config.sets() {
            let owner = hall.last().map(|taker| NodeId(client::client(taker)));
            vec![Gauge::node("seat", owner), Gauge::new("written", hall.sold())]
        } else {
            vec![Gauge::new("charges", hall.sold())]
        };
        if config.strategy().versions() {
            gauges.push(Gauge::new("version", self.store.version));
        }
        if config.strategy() == Strategy::Cache {
            gauges.push(Gauge::count("cached", self.cache.len()));
        }
        let waiters = self.queue.iter().filter_map(|w| self.jobs.get(w)).map(|job| job.from).collect();
        let lock = Lock { resource: GOODS, name: "goods".into(), holder: None, waiters };
        let orphan = |key: &Key| !self.jobs.values().any(|job| job.ask.key == *key);
        // What is only remembered is gone without a trace.
        let nothing = config.strategy() == Strategy::Cache && self.cache.is_empty() && hall.sold() > 0;
        let gone = if nothing { Some(client::EXPIRED) } else { client::expired(log, Rec::entry) };
        let left = !config.strategy().expires() && self.claimed().any(|key| orphan(&key));
        Status {
            gauges,
            seats: hall.seats(config.sale()),
            locks: self.lock.map(|_| lock).into_iter().collect(),
            remarks: [left.then_some("claim-left"), gone].into_iter().flatten().collect(),
            ..Status::new(phase, Stance::Idle)
        }
    }
}

fn reply(to: NodeId, key: Key, code: Code, says: u8, out: &mut Out<Resend>) {
    out.send(to, Msg::Reply(Reply { key, code, says }));
}
