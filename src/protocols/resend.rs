//! Requests sent again to a service that charges for a ticket, and every way in which services try to make that
//! harmless.
//!
//! A strategy is a list of steps ([`program`]). Between two steps anything may come in between: a second
//! delivery of the same request, a crash. What one step does to the durable store can still be torn between two
//! of its records, unless it is one record, which is one local transaction.
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

use super::client::{self, Ask, Asks, Client, Code, Key, Manner, Note, Reply};
use crate::order::{Map, Set};
use crate::protocol::plain::{choice, joined, message, phase, record, role, switch, timer};
use crate::protocol::{
    Ctx, Gauge, Input, Lock, Message, Meta, NodeId, NodeSpec, Offer, Out, Params, Record, Request, Resource,
    Role, Stance, Status, Style, Timer,
};
use serde::{Deserialize, Serialize};

mod param {
    pub const STRATEGY: usize = 0;
    pub const OPERATION: usize = 1;
    pub const CLIENTS: usize = 2;
    pub const FINGERPRINT: usize = 5;
    pub const TTL: usize = 6;
    /// Keys, tries and only the same: what clients are like.
    pub const MANNER: [usize; 3] = [3, 4, 7];
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

/// A way to make a second delivery harmless.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Strategy {
    Nothing,
    Cache,
    DurableCache,
    MarkBefore,
    MarkAfter,
    Counter,
    Sequence,
    Version,
    VersionId,
    Lock,
    LockMark,
    Claim,
    ClaimExpires,
    ClaimTx,
    ClaimToken,
    UniqueInsert,
}

/// Every strategy with its word, in the order of the parameter.
const STRATEGIES: [(&str, Strategy); 16] = [
    ("nothing", Strategy::Nothing),
    ("cache", Strategy::Cache),
    ("durable-cache", Strategy::DurableCache),
    ("mark-before", Strategy::MarkBefore),
    ("mark-after", Strategy::MarkAfter),
    ("counter", Strategy::Counter),
    ("sequence", Strategy::Sequence),
    ("version", Strategy::Version),
    ("version-id", Strategy::VersionId),
    ("lock", Strategy::Lock),
    ("lock-mark", Strategy::LockMark),
    ("claim", Strategy::Claim),
    ("claim-expires", Strategy::ClaimExpires),
    ("claim-tx", Strategy::ClaimTx),
    ("claim-token", Strategy::ClaimToken),
    ("unique-insert", Strategy::UniqueInsert),
];

/// The words of [`STRATEGIES`].
const WORDS: &[&str] = &{
    let mut words = [""; STRATEGIES.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = STRATEGIES[i].0;
        i += 1;
    }
    words
};

/// What a step consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Op {
    /// Answers with what is remembered of the key, if anything is.
    Look,
    /// Takes the lock on the goods, or waits for it; it is held until the answer.
    Lock,
    /// Writes down that the key was seen.
    Mark,
    /// Charges.
    Charge,
    /// Keeps the reply in memory.
    Remember,
    /// Counts the request.
    Count,
    /// Writes down the reply; it takes the place of a claim.
    Keep,
    /// Claims the key, or answers that it is claimed.
    Claim,
    /// Charges and writes down the reply, in one transaction.
    ChargeAndKeep,
    /// The same, if the claim is still this worker's own.
    ChargeIfMine,
    /// Inserts the key, charges and keeps the reply in one transaction; answers with the reply if the key is there.
    InsertAndCharge,
    /// Charges if the number is the next one of this client; answers again if it is the last one.
    ChargeIfNext,
    /// Charges if the version is the one that is meant, and makes a new one.
    ChargeIfSame,
    /// Answers.
    Reply,
}

/// The steps of a strategy. Other requests come in between steps and not within one.
fn program(strategy: Strategy) -> &'static [&'static [Op]] {
    use Op::*;
    match strategy {
        Strategy::Nothing => &[&[Charge, Reply]],
        Strategy::Cache => &[&[Look], &[Charge, Remember, Reply]],
        Strategy::DurableCache => &[&[Look], &[Charge, Keep, Reply]],
        Strategy::MarkBefore => &[&[Look, Mark], &[Charge, Reply]],
        Strategy::MarkAfter => &[&[Look], &[Charge], &[Keep, Reply]],
        Strategy::Counter => &[&[Look], &[Charge], &[Count], &[Keep, Reply]],
        Strategy::Sequence => &[&[ChargeIfNext, Reply]],
        Strategy::Version => &[&[ChargeIfSame, Reply]],
        Strategy::VersionId => &[&[Look, ChargeIfSame, Reply]],
        Strategy::Lock => &[&[Lock], &[Charge, Reply]],
        Strategy::LockMark => &[&[Lock], &[Look], &[Charge], &[Keep, Reply]],
        Strategy::Claim | Strategy::ClaimExpires => &[&[Claim], &[Charge], &[Keep, Reply]],
        Strategy::ClaimTx => &[&[Claim], &[ChargeAndKeep, Reply]],
        Strategy::ClaimToken => &[&[Claim], &[ChargeIfMine, Reply]],
        Strategy::UniqueInsert => &[&[InsertAndCharge, Reply]],
    }
}

impl Strategy {
    /// Whether a request without a key is refused.
    fn needs_key(self) -> bool {
        !matches!(self, Strategy::Nothing | Strategy::Lock | Strategy::Version)
    }

    /// Whether a claim's time is up some time.
    fn expires(self) -> bool {
        matches!(self, Strategy::ClaimExpires | Strategy::ClaimTx | Strategy::ClaimToken)
    }

    fn versions(self) -> bool {
        matches!(self, Strategy::Version | Strategy::VersionId)
    }
}

static META: Meta = Meta {
    id: "resend",
    source: "IETF draft Idempotency-Key 07; RFC 9110; AWS Powertools; Kleppmann 2016",
    roles: &[role("client", false), role("service", true)],
    messages: &[
        message("request", "R", Style::Request),
        message("ok", "=", Style::Decision),
        message("400", "4", Style::Ack),
        message("409", "9", Style::Ack),
        message("412", "2", Style::Ack),
        message("422", "2", Style::Ack),
        message("428", "8", Style::Ack),
        message("500", "5", Style::Ack),
        message("503", "3", Style::Ack),
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
        record("forget"),
    ],
    timers: &[
        timer("work-1", true),
        timer("work-2", true),
        timer("work-3", true),
        timer("claim", false),
        timer("ttl", false),
    ],
    verbs: &client::VERBS,
    phases: joined!(client::PHASES, [phase("idle"), phase("working")]),
    params: &[
        choice("strategy", WORDS, 0),
        choice("operation", &["charge", "set"], 0),
        client::CLIENTS,
        client::KEYS,
        client::TRIES,
        switch("fingerprint", true),
        switch("ttl", false),
        client::SAME,
    ],
    properties: &["once", "answers", "wal", "alarm"],
    rules: &[],
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

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Sell me a ticket.
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
    /// A ticket is sold to a client, and charged for.
    Charge(u8),
    /// The key was seen.
    Mark(Key),
    /// A request with this key was carried out.
    Count(Key),
    /// What was answered to this key.
    Reply(Key, u8),
    /// The key is worked on, by this owner.
    Claim {
        /// Which.
        key: Key,
        /// What the request was.
        body: u8,
        /// Who works on it: the how manieth claim it is.
        owner: u8,
    },
    /// Everything at once.
    Booked {
        /// Whose ticket.
        client: u8,
        /// The key.
        key: Key,
        /// What the request was.
        body: u8,
        /// What was answered.
        says: u8,
        /// What else changed with it.
        with: With,
    },
    /// What is known of the key is removed.
    Forget(Key),
}

/// What changes together with a charge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum With {
    /// The reply takes the place of the claim.
    Reply,
    /// The key is new.
    Key,
    /// The client's number goes up.
    Number,
    /// The version goes up.
    Version,
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Charge(_) => "charge",
            Rec::Mark(_) => "mark",
            Rec::Count(_) => "count",
            Rec::Reply(..) => "reply",
            Rec::Claim { .. } => "claim",
            Rec::Booked { with: With::Reply, .. } => "charge+reply",
            Rec::Booked { with: With::Key, .. } => "charge+key",
            Rec::Booked { with: With::Number, .. } => "charge+number",
            Rec::Booked { with: With::Version, .. } => "charge+version",
            Rec::Forget(_) => "forget",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Charge(client) => nodes[usize::from(*client)].name.clone(),
            Rec::Mark(key) | Rec::Count(key) | Rec::Forget(key) => key.print(),
            Rec::Reply(key, says) => format!("{} #{says}", key.print()),
            Rec::Claim { key, owner, .. } => format!("{} {owner}", key.print()),
            Rec::Booked { key, says, .. } => format!("{} #{says}", key.print()).trim().to_string(),
        }
    }
}

/// What is known of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum Known {
    Marked,
    Counted,
    Claimed { owner: u8 },
    Answered { says: u8 },
}

/// A row of the table of keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Row {
    /// What the request was; 0 where nobody wrote it down.
    body: u8,
    known: Known,
}

/// What is durable at the service: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Store {
    charges: u8,
    /// Whose the seat is, where the operation sets that: a client's place and one, or 0.
    seat: u8,
    version: u8,
    /// How many claims there have been.
    claims: u8,
    rows: Map<Key, Row>,
    /// The last number of each client, and what was answered.
    numbers: Map<u8, (u8, u8)>,
}

impl Store {
    fn of(log: &[Rec]) -> Store {
        let mut store =
            Store { charges: 0, seat: 0, version: 1, claims: 0, rows: Map::new(), numbers: Map::new() };
        for record in log {
            store.add(record);
        }
        store
    }

    fn sell(&mut self, client: u8) {
        self.charges = self.charges.saturating_add(1);
        self.seat = client + 1;
    }

    fn add(&mut self, record: &Rec) {
        let known = |body, known| Row { body, known };
        match *record {
            Rec::Note(_) => {}
            Rec::Charge(client) => self.sell(client),
            Rec::Mark(key) => drop(self.rows.insert(key, known(0, Known::Marked))),
            Rec::Count(key) => drop(self.rows.insert(key, known(0, Known::Counted))),
            Rec::Reply(key, says) => {
                let body = self.rows.get(&key).map_or(0, |row| row.body);
                self.rows.insert(key, known(body, Known::Answered { says }));
            }
            Rec::Claim { key, body, owner } => {
                self.claims = owner;
                self.rows.insert(key, known(body, Known::Claimed { owner }));
            }
            Rec::Booked { client, key, body, says, with } => {
                self.sell(client);
                match with {
                    With::Number => drop(self.numbers.insert(client, (number(key), says))),
                    With::Version => self.version += 1,
                    With::Reply | With::Key => {}
                }
                if with != With::Number && key != Key::None {
                    self.rows.insert(key, known(body, Known::Answered { says }));
                }
            }
            Rec::Forget(key) => drop(self.rows.remove(&key)),
        }
    }

    /// What a client that is sold a ticket now is told: the number of its receipt. Who sets the same again is
    /// told the same again.
    fn receipt(&self, client: u8, sets: bool) -> u8 {
        if sets { client + 1 } else { self.charges + 1 }
    }
}

/// The number in a key, for those who count.
fn number(key: Key) -> u8 {
    match key {
        Key::None => 0,
        Key::Drawn(_, n) | Key::Tick(n) => n,
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

/// The service.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Service {
    store: Store,
    /// Replies that are remembered and not written down.
    cache: Map<Key, u8>,
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

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Resend::Client(client) => client.status(),
            Resend::Service(service) => service.status(ctx),
        }
    }
}

/// How a step goes on.
enum Next {
    /// With the next operation.
    On,
    /// The request is answered.
    Answer(Code, u8),
    /// The worker waits for the lock.
    Wait,
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
        for op in program(Config(ctx.params).strategy())[usize::from(job.at)] {
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

    fn act(&mut self, ctx: &Ctx, worker: u8, job: &mut Job, op: Op, out: &mut Out<Resend>) -> Next {
        let key = job.ask.key;
        match op {
            Op::Look => return self.look(ctx, key),
            Op::Lock if self.lock.is_none() => self.lock = Some(worker),
            Op::Lock => {
                self.queue.push(worker);
                return Next::Wait;
            }
            Op::Mark => self.write(Rec::Mark(key), out),
            Op::Count => self.write(Rec::Count(key), out),
            Op::Keep => self.write(Rec::Reply(key, job.says), out),
            Op::Remember => drop(self.cache.insert(key, job.says)),
            Op::Claim => return self.claim(ctx, job, out),
            Op::Charge => {
                let record = Rec::Charge(job.from.0);
                self.sell(ctx, job, record, None, out);
            }
            Op::ChargeAndKeep => self.book(ctx, job, With::Reply, out),
            Op::ChargeIfMine => return self.charge_if_mine(ctx, job, out),
            Op::InsertAndCharge => return self.insert(ctx, job, out),
            Op::ChargeIfNext => return self.charge_if_next(ctx, job, out),
            Op::ChargeIfSame => return self.charge_if_same(ctx, job, out),
            Op::Reply => return Next::Answer(Code::Ok, job.says),
        }
        Next::On
    }

    fn write(&mut self, record: Rec, out: &mut Out<Resend>) {
        self.store.add(&record);
        out.force(record);
    }

    /// Sells a ticket by a record; where the seat is already this client's, that changes nothing, and only what
    /// is to be known of the key is written.
    fn sell(&mut self, ctx: &Ctx, job: &mut Job, record: Rec, known: Option<Rec>, out: &mut Out<Resend>) {
        let sets = Config(ctx.params).sets();
        job.says = self.store.receipt(job.from.0, sets);
        if sets && self.store.seat == job.from.0 + 1 {
            known.into_iter().for_each(|record| self.write(record, out));
        } else {
            self.write(record, out);
            out.apply(client::intent(job.from.0));
        }
    }

    /// Sells a ticket and writes down what is to be known of it, in one transaction.
    fn book(&mut self, ctx: &Ctx, job: &mut Job, with: With, out: &mut Out<Resend>) {
        let config = Config(ctx.params);
        let says = self.store.receipt(job.from.0, config.sets());
        // A version alone says nothing of who made it.
        let key = if config.strategy() == Strategy::Version { Key::None } else { job.ask.key };
        let record = Rec::Booked { client: job.from.0, key, body: job.ask.body, says, with };
        self.sell(ctx, job, record, Some(Rec::Reply(job.ask.key, says)), out);
    }

    /// What a look at the key leads to.
    fn look(&self, ctx: &Ctx, key: Key) -> Next {
        if Config(ctx.params).strategy() == Strategy::Cache {
            return self.cache.get(&key).map_or(Next::On, |says| Next::Answer(Code::Ok, *says));
        }
        match self.store.rows.get(&key).map(|row| row.known) {
            None | Some(Known::Claimed { .. }) => Next::On,
            Some(Known::Marked) => Next::Answer(Code::Ok, 0),
            // It was done, so it says, and there is nothing to say about it.
            Some(Known::Counted) => Next::Answer(Code::Error, 0),
            Some(Known::Answered { says }) => Next::Answer(Code::Ok, says),
        }
    }

    /// Whether the key stands for another request than this.
    fn misused(&self, ctx: &Ctx, ask: &Ask) -> bool {
        let other = self.store.rows.get(&ask.key).is_some_and(|row| row.body != 0 && row.body != ask.body);
        ctx.params.on(param::FINGERPRINT) && other
    }

    fn claim(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        let key = job.ask.key;
        // Misuse comes first: told to wait, a client would never learn of it.
        if self.misused(ctx, &job.ask) {
            return Next::Answer(Code::Unprocessable, 0);
        }
        match self.store.rows.get(&key).map(|row| row.known) {
            Some(Known::Answered { says }) => return Next::Answer(Code::Ok, says),
            Some(Known::Claimed { .. }) if !self.late.contains(&key) => {
                return Next::Answer(Code::Conflict, 0);
            }
            _ => {}
        }
        self.late.remove(&key);
        job.owner = self.store.claims + 1;
        self.write(Rec::Claim { key, body: job.ask.body, owner: job.owner }, out);
        Next::On
    }

    fn charge_if_mine(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        match self.store.rows.get(&job.ask.key).map(|row| row.known) {
            Some(Known::Claimed { owner }) if owner == job.owner => self.book(ctx, job, With::Reply, out),
            Some(Known::Answered { says }) => return Next::Answer(Code::Ok, says),
            _ => return Next::Answer(Code::Conflict, 0),
        }
        Next::On
    }

    fn insert(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        if self.misused(ctx, &job.ask) {
            return Next::Answer(Code::Unprocessable, 0);
        }
        if let Some(Known::Answered { says }) = self.store.rows.get(&job.ask.key).map(|row| row.known) {
            return Next::Answer(Code::Ok, says);
        }
        self.book(ctx, job, With::Key, out);
        Next::On
    }

    fn charge_if_next(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        let (last, said) = self.store.numbers.get(&job.from.0).copied().unwrap_or((0, 0));
        match number(job.ask.key) {
            n if n == last + 1 => self.book(ctx, job, With::Number, out),
            n if n == last => return Next::Answer(Code::Ok, said),
            _ => return Next::Answer(Code::Conflict, 0),
        }
        Next::On
    }

    fn charge_if_same(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        match job.ask.version {
            None => return Next::Answer(Code::PreconditionRequired, 0),
            Some(v) if v != self.store.version => {
                return Next::Answer(Code::PreconditionFailed, self.store.version);
            }
            Some(_) => self.book(ctx, job, With::Version, out),
        }
        Next::On
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

    fn status(&self, ctx: &Ctx) -> Status {
        let config = Config(ctx.params);
        let phase = if self.jobs.is_empty() { "idle" } else { "working" };
        let mut gauges = vec![Gauge::new("charges", self.store.charges)];
        if config.sets() {
            gauges.push(Gauge::new("seat", self.store.seat));
        }
        if config.strategy().versions() {
            gauges.push(Gauge::new("version", self.store.version));
        }
        if config.strategy() == Strategy::Cache {
            gauges.push(Gauge::count("cached", self.cache.len()));
        }
        let waiters = self.queue.iter().filter_map(|w| self.jobs.get(w)).map(|job| job.from).collect();
        let lock = Lock { resource: GOODS, name: "goods".into(), waiters };
        let orphan = |key: &Key| !self.jobs.values().any(|job| job.ask.key == *key);
        let left = !config.strategy().expires() && self.claimed().any(|key| orphan(&key));
        Status {
            gauges,
            locks: self.lock.map(|_| lock).into_iter().collect(),
            remarks: left.then_some("claim-left").into_iter().collect(),
            ..Status::new(phase, Stance::Idle)
        }
    }
}

fn reply(to: NodeId, key: Key, code: Code, says: u8, out: &mut Out<Resend>) {
    out.send(to, Msg::Reply(Reply { key, code, says }));
}
