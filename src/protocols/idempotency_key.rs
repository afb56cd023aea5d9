//! The `Idempotency-Key` header as the HTTP draft has it, and how services that exist differ from it.
//!
//! | request | record | answer |
//! |---|---|---|
//! | no key | – | 400 |
//! | new key | none | claim, run, store status and body, answer |
//! | same key, same request | stored | the stored answer again, success or error |
//! | same key, same request | claimed | 409 |
//! | same key, other request | any | 422, looked at before the record's status |
//! | same key | forgotten | as if new: it runs again |
//!
//! | preset | what differs |
//! |---|---|
//! | draft | whatever came of the first run is stored, refused input too |
//! | stripe-v1 | the same once execution began, 500 too; input that fails validation and conflicts leave nothing |
//! | stripe-v2 | a failed run is not stored: the next one does what is missing, and nothing that is done again |
//! | powertools | whatever was thrown removes the record; a claim can be taken over when its time is up |
//! | tigerbeetle | insert, effect and result are one transaction, with words of its own |
//!
//! Claim, charge and stored answer are separate here, and anything may come in between; what becomes of services
//! that put them together otherwise is the subject of [`super::resend`].
//!
//! Sources: IETF draft *The Idempotency-Key HTTP Header Field*, revision 07; Stripe API reference, *Idempotent
//! requests*; Powertools for AWS Lambda, *Idempotency*; TigerBeetle reference, `create_transfers`.

mod config;
mod words;

pub use words::{Msg, Rec, Verdict};

use super::client::{self, Ask, Asks, Client, Code, Key, Note, Reply};
use crate::order::{Map, Set};
use crate::protocol::{
    Ctx, Gauge, Input, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Role, Stance, Status, Timer,
};
use config::{CLIENT, Compare, Config, Handler, META, Preset, SERVICE, param};
use serde::{Deserialize, Serialize};
use words::Slot;

/// How many requests the service works on at once. Each has a timer, which is its next step.
const WORKERS: u8 = 3;
/// A claim's time is up.
const EXPIRY: Timer = Timer(3);
/// What the service remembers of a finished request is forgotten.
const FORGET: Timer = Timer(4);

/// How it stands with a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum At {
    InProgress,
    Completed(Code, u8),
    /// It may be run again.
    Failed,
}

/// A row of the table of keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Row {
    /// What the request was.
    body: u8,
    at: At,
    /// The receipt of what was charged under it; 0 where nothing was.
    charged: u8,
}

/// What is durable at the service: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Store {
    charges: u8,
    /// How often something was begun.
    runs: u8,
    rows: Map<Slot, Row>,
}

impl Store {
    fn of(log: &[Rec]) -> Store {
        let mut store = Store { charges: 0, runs: 0, rows: Map::new() };
        for record in log {
            store.add(record);
        }
        store
    }

    fn add(&mut self, record: &Rec) {
        match *record {
            Rec::Note(_) => {}
            Rec::Claim(slot, body) => {
                self.runs += 1;
                // Who takes over knows what is done; it is up to the preset whether anybody asks.
                let charged = self.rows.get(&slot).map_or(0, |row| row.charged);
                self.rows.insert(slot, Row { body, at: At::InProgress, charged });
            }
            Rec::Charge(slot) => {
                self.charges += 1;
                let charges = self.charges;
                self.change(slot, |row| row.charged = charges);
            }
            Rec::Answer { slot, body, code, says } => {
                // A row that somebody else has removed meanwhile is written anew, as an update of a key-value store does.
                let charged = self.rows.get(&slot).map_or(says, |row| row.charged);
                self.rows.insert(slot, Row { body, at: At::Completed(code, says), charged });
            }
            Rec::Failed(slot) => self.change(slot, |row| row.at = At::Failed),
            Rec::Delete(slot) | Rec::Forget(slot) => drop(self.rows.remove(&slot)),
            Rec::Created(slot, body, says) => {
                self.runs += 1;
                self.charges = says;
                self.rows.insert(slot, Row { body, at: At::Completed(Code::Ok, says), charged: says });
            }
            Rec::FailedId(slot, body) => {
                self.runs += 1;
                self.rows.insert(slot, Row { body, at: At::Completed(Code::Error, 0), charged: 0 });
            }
        }
    }

    fn change(&mut self, slot: Slot, how: impl FnOnce(&mut Row)) {
        if let Some(mut row) = self.rows.get(&slot).copied() {
            how(&mut row);
            self.rows.insert(slot, row);
        }
    }
}

/// A request that is being worked on. Its claim is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Job {
    from: NodeId,
    ask: Ask,
    /// Which run of the service it is.
    run: u8,
    /// What will be answered, once it ran.
    ran: Option<(Code, u8)>,
}

/// The service.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Service {
    store: Store,
    /// By worker.
    jobs: Map<u8, Job>,
    /// Claims whose time is up.
    late: Set<Slot>,
    /// How many requests without a key were begun: nothing durable tells of them.
    unmarked: u8,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum IdempotencyKey {
    /// Wants a ticket.
    Client(Client),
    /// Sells them.
    Service(Service),
}

impl Asks for IdempotencyKey {
    fn ask(ask: Ask) -> Msg {
        Msg::Request(ask)
    }

    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for IdempotencyKey {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let service = NodeSpec::new("S", SERVICE);
        client::nodes(Config(params).clients(), CLIENT).chain([service]).collect()
    }

    fn intent(params: &Params, request: Request) -> String {
        client::whose(Config(params).clients(), request)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        if ctx.role() == CLIENT {
            let notes = log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
            return IdempotencyKey::Client(Client::boot(ctx, notes, Config(ctx.params).manner(), out));
        }
        let service = Service { store: Store::of(log), jobs: Map::new(), late: Set::new(), unmarked: 0 };
        service.watch(ctx, out);
        IdempotencyKey::Service(service)
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (IdempotencyKey::Client(client), Input::Command(command)) => {
                client.command(ctx, command, Config(ctx.params).manner(), out);
            }
            (IdempotencyKey::Client(client), Input::Message { msg: Msg::Reply { reply, .. }, .. }) => {
                client.hear(ctx, reply, out);
            }
            (IdempotencyKey::Service(service), Input::Message { from, msg: Msg::Request(ask) }) => {
                if Config(ctx.params).preset() == Preset::TigerBeetle {
                    service.create(ctx, from, ask, out);
                } else {
                    service.accept(ctx, from, ask, out);
                }
                service.watch(ctx, out);
            }
            (IdempotencyKey::Service(service), Input::Timer(EXPIRY)) => service.claim_is_late(ctx, out),
            (IdempotencyKey::Service(service), Input::Timer(FORGET)) => service.forget(out),
            (IdempotencyKey::Service(service), Input::Timer(Timer(worker))) => {
                service.work(ctx, worker, out);
                service.watch(ctx, out);
            }
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            IdempotencyKey::Client(client) => client.offers(Config(ctx.params).manner()),
            IdempotencyKey::Service(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, log: &[Rec]) -> Status {
        match self {
            IdempotencyKey::Client(client) => {
                let status = client.status(ctx);
                Status { phase: Config(ctx.params).preset().phase(status.phase), ..status }
            }
            IdempotencyKey::Service(service) => service.status(ctx, log),
        }
    }
}

impl Service {
    /// A request comes in: the table of the draft, row by row.
    fn accept(&mut self, ctx: &Ctx, from: NodeId, ask: Ask, out: &mut Out<IdempotencyKey>) {
        let config = Config(ctx.params);
        let mut answer = |code, says, again| reply(config.preset(), from, ask.key, (code, says), again, out);
        let marked = ask.key != Key::None;
        if !marked && !config.preset().keys_are_optional() {
            return answer(Code::BadRequest, 0, false);
        }
        let slot = slot(ctx, from, ask.key);
        let row = self.store.rows.get(&slot).copied();
        let other = row.is_some_and(|row| row.body != ask.body);
        // Misuse comes first: told to wait, a client would never learn of it.
        if other && config.compare() == Compare::First {
            return answer(Code::Unprocessable, 0, false);
        }
        match row.map(|row| row.at) {
            Some(At::InProgress) if !self.late.contains(&slot) => {
                return answer(Code::Conflict, 0, false);
            }
            Some(At::Completed(..)) if other && config.compare() == Compare::Last => {
                return answer(Code::Unprocessable, 0, false);
            }
            Some(At::Completed(code, says)) => return answer(code, says, true),
            None | Some(At::InProgress | At::Failed) => {}
        }
        let validates = matches!(config.preset(), Preset::StripeV1 | Preset::StripeV2);
        if validates && config.refuses(&ask) {
            return answer(Code::BadRequest, 0, false);
        }
        let Some(worker) = (0..WORKERS).find(|w| !self.jobs.contains_key(w)) else {
            return answer(Code::Unavailable, 0, false);
        };
        if marked {
            self.late.remove(&slot);
            self.write(Rec::Claim(slot, ask.body), out);
        } else {
            self.unmarked += 1;
        }
        self.jobs.insert(worker, Job { from, ask, run: self.store.runs + self.unmarked, ran: None });
        out.arm(Timer(worker));
    }

    /// A worker does its next step: it runs the handler, or it writes down what came of it and answers.
    fn work(&mut self, ctx: &Ctx, worker: u8, out: &mut Out<IdempotencyKey>) {
        let Some(job) = self.jobs.get(&worker).copied() else { return };
        let slot = slot(ctx, job.from, job.ask.key);
        let Some((code, says)) = job.ran else {
            let ran = Some(self.handle(ctx, &job, slot, out));
            self.jobs.insert(worker, Job { ran, ..job });
            return out.arm(Timer(worker));
        };
        let preset = Config(ctx.params).preset();
        let record = match (preset, code) {
            (Preset::StripeV2, Code::Error) => Rec::Failed(slot),
            (Preset::Powertools, Code::Error | Code::BadRequest) => Rec::Delete(slot),
            _ => Rec::Answer { slot, body: job.ask.body, code, says },
        };
        if job.ask.key != Key::None {
            self.write(record, out);
        }
        reply(preset, job.from, job.ask.key, (code, says), false, out);
        self.jobs.remove(&worker);
    }

    /// Runs the handler: charges or not, and says what to answer.
    fn handle(&mut self, ctx: &Ctx, job: &Job, slot: Slot, out: &mut Out<IdempotencyKey>) -> (Code, u8) {
        let config = Config(ctx.params);
        if config.refuses(&job.ask) {
            return (Code::BadRequest, 0);
        }
        let fails = config.fails(job.run);
        if fails && config.handler() == Handler::FailsBefore {
            return (Code::Error, 0);
        }
        let known = self.store.rows.get(&slot).map_or(0, |row| row.charged);
        let says = match (config.preset(), known) {
            (Preset::StripeV2, done @ 1..) => done,
            _ => {
                self.write(Rec::Charge(slot), out);
                out.apply(client::intent(job.from.0, job.ask.wish));
                self.store.charges
            }
        };
        if fails { (Code::Error, 0) } else { (Code::Ok, says) }
    }

    /// A request comes in where everything is one transaction.
    fn create(&mut self, ctx: &Ctx, from: NodeId, ask: Ask, out: &mut Out<IdempotencyKey>) {
        let config = Config(ctx.params);
        let say = |word, code, says, out: &mut Out<IdempotencyKey>| {
            let reply = Reply { key: ask.key, code, says };
            out.send(from, Msg::Reply { reply, word, again: false });
        };
        if ask.key == Key::None {
            return say(Verdict::NoId, Code::BadRequest, 0, out);
        }
        // What can never be done leaves no trace.
        if config.refuses(&ask) {
            return say(Verdict::Invalid, Code::BadRequest, 0, out);
        }
        let slot = slot(ctx, from, ask.key);
        match self.store.rows.get(&slot).copied() {
            Some(Row { at: At::Completed(Code::Ok, says), body, .. }) => {
                return if body != ask.body && config.compare() != Compare::Never {
                    say(Verdict::ExistsWithDifferent, Code::Unprocessable, 0, out)
                } else {
                    say(Verdict::Exists, Code::Ok, says, out)
                };
            }
            Some(_) => return say(Verdict::AlreadyFailed, Code::Error, 0, out),
            None => {}
        }
        if config.fails(self.store.runs + 1) {
            self.write(Rec::FailedId(slot, ask.body), out);
            return say(Verdict::ExceedsCredits, Code::Error, 0, out);
        }
        let says = self.store.charges + 1;
        self.write(Rec::Created(slot, ask.body, says), out);
        out.apply(client::intent(from.0, ask.wish));
        say(Verdict::Created, Code::Ok, says, out);
    }

    fn write(&mut self, record: Rec, out: &mut Out<IdempotencyKey>) {
        self.store.add(&record);
        out.force(record);
    }

    fn claimed(&self) -> impl Iterator<Item = Slot> + '_ {
        self.store.rows.iter().filter(|(_, row)| row.at == At::InProgress).map(|(slot, _)| *slot)
    }

    fn finished(&self) -> impl Iterator<Item = Slot> + '_ {
        self.store.rows.iter().filter(|(_, row)| row.at != At::InProgress).map(|(slot, _)| *slot)
    }

    /// Watches the clock, where there is anything to watch it for.
    fn watch(&self, ctx: &Ctx, out: &mut Out<IdempotencyKey>) {
        if Config(ctx.params).preset() == Preset::Powertools {
            let open = self.claimed().any(|slot| !self.late.contains(&slot));
            if open { out.arm(EXPIRY) } else { out.cancel(EXPIRY) }
        }
        if ctx.params.on(param::TTL) && self.finished().next().is_some() {
            out.arm(FORGET);
        }
    }

    /// The time of the oldest claim is up: whoever asks next may take it over.
    fn claim_is_late(&mut self, ctx: &Ctx, out: &mut Out<IdempotencyKey>) {
        let oldest = self.claimed().find(|slot| !self.late.contains(slot));
        if let Some(slot) = oldest {
            self.late.insert(slot);
        }
        self.watch(ctx, out);
    }

    /// What is known of finished requests has been kept long enough.
    fn forget(&mut self, out: &mut Out<IdempotencyKey>) {
        for slot in self.finished().collect::<Vec<_>>() {
            self.write(Rec::Forget(slot), out);
        }
    }

    fn status(&self, ctx: &Ctx, log: &[Rec]) -> Status {
        let phase = if self.jobs.is_empty() { "idle" } else { "working" };
        let orphan = |s: &Slot| !self.jobs.values().any(|job| slot(ctx, job.from, job.ask.key) == *s);
        let left = Config(ctx.params).preset() != Preset::Powertools && self.claimed().any(|s| orphan(&s));
        let wrong = |row: &Row| row.charged > 0 && row.at == At::Completed(Code::Error, 0);
        let stored = self.store.rows.values().any(wrong);
        let remarks = [
            left.then_some("claim-left"),
            stored.then_some("error-stored"),
            client::expired(log, Rec::entry),
        ];
        Status {
            gauges: vec![Gauge::new("charges", self.store.charges)],
            remarks: remarks.into_iter().flatten().collect(),
            ..Status::new(phase, Stance::Idle)
        }
    }
}

/// Where the record of a key is found: among the caller's own, or among everybody's.
fn slot(ctx: &Ctx, from: NodeId, key: Key) -> Slot {
    (if ctx.params.on(param::SCOPE) { from.0 + 1 } else { 0 }, key)
}

fn reply(
    preset: Preset,
    to: NodeId,
    key: Key,
    (code, says): (Code, u8),
    again: bool,
    out: &mut Out<IdempotencyKey>,
) {
    out.send(to, Msg::Reply { reply: Reply { key, code, says }, word: preset.word(code), again });
}
