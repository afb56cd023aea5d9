//! A message queue between a producer and its workers, and a store in which what they do is counted.
//!
//! A broker hands a message out and cannot know what becomes of it. When it takes the message off the queue
//! decides what a crash costs:
//!
//! | mode | off the queue | a worker that dies |
//! |---|---|---|
//! | auto | as it is handed out | takes the message with it: at most once |
//! | after | when the worker has acknowledged it | has it handed out again: at least once |
//! | after, with an inbox | the same | once: the store notes the message's id together with the effect |
//!
//! A message that was handed out is hidden until it is acknowledged, or until its time is up (*visibility*). Each
//! time has a receipt handle of its own; one from an earlier time acknowledges nothing. What has been handed out
//! so often that no more tries are due is set aside in a dead-letter queue, or dropped where there is none.
//! Setting aside by two steps, off the one queue and then on the other, loses what a crash finds between them.
//!
//! Results go back through a queue of the same broker: the producer sees one as its OK. *As written*, the worker
//! copies requests to results and does no work.
//!
//! Sources: Amazon SQS Developer Guide, *Visibility timeout*, *Dead-letter queues*; RabbitMQ, *Quorum queues*
//! (delivery limit, at-least-once dead lettering); Kafka, *Design*, 4.6 (delivery semantics).

use crate::order::Set;
use crate::protocol::plain::{choice, message, phase, range, record, role, switch, timer, verb};
use crate::protocol::{
    Ctx, Gauge, Input, Message, Meta, NodeId, NodeSpec, Offer, Out, Params, Record, Request, Role, Stance,
    Status, Style, Timer,
};
use serde::{Deserialize, Serialize};

mod broker;

mod param {
    pub const ACK: usize = 0;
    pub const INBOX: usize = 1;
    pub const MESSAGES: usize = 2;
    pub const WORKERS: usize = 3;
    pub const POISON: usize = 4;
    pub const LIMIT: usize = 5;
    pub const DEAD: usize = 6;
}

const PRODUCER: u8 = 0;
const BROKER: u8 = 1;
const WORKER: u8 = 2;
const STORE: u8 = 3;

/// The message that has been out for longest is shown again.
const VISIBILITY: Timer = Timer(0);
/// The broker puts what it has taken off the queue on the dead-letter queue.
const SET_ASIDE: Timer = Timer(1);
/// A worker does what the next message asks for.
const WORK: Timer = Timer(2);

const PRODUCE: u8 = 0;
const RESEND: u8 = 1;

/// How often the producer sends at most beyond once for each message.
const RESENDS: u8 = 2;

static META: Meta = Meta {
    id: "queue",
    source: "Amazon SQS Developer Guide; RabbitMQ, Quorum queues; Kafka, Design",
    roles: &[role("producer", false), role("broker", true), role("worker", false), role("store", false)],
    messages: &[
        message("produce", "P", Style::Request),
        message("deliver", "D", Style::Decision),
        message("ack", "a", Style::Ack),
        message("nack", "n", Style::Vote),
        message("stale-handle", "x", Style::Vote),
        message("result", "=", Style::Ack),
        message("apply", "W", Style::Request),
        message("applied", "w", Style::Ack),
    ],
    records: &[
        record("intent"),
        record("put"),
        record("out"),
        record("taken"),
        record("back"),
        record("done"),
        record("dead"),
        record("removed"),
        record("dropped"),
        record("effect"),
        record("effect+id"),
    ],
    timers: &[timer("visibility", false), timer("set-aside", true), timer("work", true)],
    verbs: &[verb("produce", true), verb("resend", false)],
    phases: &[
        phase("not-asked"),
        phase("waiting"),
        phase("saw-ok"),
        phase("empty"),
        phase("queued"),
        phase("handed-out"),
        phase("idle"),
        phase("working"),
        phase("open"),
    ],
    params: &[
        choice("ack", &["after", "auto", "as-written"], 0),
        switch("inbox", true),
        range("messages", 1, 3, 1),
        range("workers", 1, 2, 1),
        choice("poison", &["none", "first", "second"], 0),
        range("limit", 1, 5, 3),
        choice("dead-letters", &["one-step", "two-steps", "off"], 0),
    ],
    properties: &["once", "conserved", "wal", "alarm"],
    rules: &[],
    conflict: |_| None,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dead {
    OneStep,
    TwoSteps,
    Off,
}

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn auto(self) -> bool {
        self.0.get(param::ACK) != 0
    }

    fn as_written(self) -> bool {
        self.0.get(param::ACK) == 2
    }

    fn workers(self) -> u8 {
        self.0.get(param::WORKERS) as u8
    }

    fn broker(self) -> NodeId {
        NodeId(1)
    }

    fn worker(self, i: u8) -> NodeId {
        NodeId(2 + i)
    }

    fn store(self) -> NodeId {
        NodeId(2 + self.workers())
    }

    fn poison(self, id: u8) -> bool {
        self.0.get(param::POISON) == u16::from(id)
    }

    fn limit(self) -> u8 {
        self.0.get(param::LIMIT) as u8
    }

    fn dead(self) -> Dead {
        [Dead::OneStep, Dead::TwoSteps, Dead::Off][usize::from(self.0.get(param::DEAD))]
    }
}

/// What nodes say to each other. A message of the producer's is known by its number, from 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Keep this.
    Produce(u8),
    /// Here is a message, and the handle by which to acknowledge it.
    Deliver(u8, u8),
    /// It is done, and this is the result.
    Ack(u8, u8),
    /// It failed.
    Nack(u8, u8),
    /// That handle is from an earlier time.
    StaleHandle(u8, u8),
    /// What came of a message.
    Result(u8),
    /// Do what the message asks for.
    Apply(u8, u8),
    /// It is done.
    Applied(u8, u8),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Produce(_) => "produce",
            Msg::Deliver(..) => "deliver",
            Msg::Ack(..) => "ack",
            Msg::Nack(..) => "nack",
            Msg::StaleHandle(..) => "stale-handle",
            Msg::Result(_) => "result",
            Msg::Apply(..) => "apply",
            Msg::Applied(..) => "applied",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Produce(id) | Msg::Result(id) => format!("m{id}"),
            Msg::Deliver(id, handle)
            | Msg::Ack(id, handle)
            | Msg::Nack(id, handle)
            | Msg::StaleHandle(id, handle)
            | Msg::Apply(id, handle)
            | Msg::Applied(id, handle) => format!("m{id} h{handle}"),
        }
    }
}

/// What nodes write down. Workers write nothing down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// The producer is about to send this.
    Intent(u8),
    /// The queue has a message more.
    Put(u8),
    /// A message was handed out under a handle, to a worker.
    Out(u8, u8, u8),
    /// A message was taken off the queue as it was handed out.
    Taken(u8, u8),
    /// A message that was out is shown again.
    Back(u8),
    /// A message is acknowledged.
    Done(u8),
    /// A message is on the dead-letter queue.
    Dead(u8, u8),
    /// A message is off the queue, to be put on the dead-letter queue.
    Removed(u8, u8),
    /// A message is dropped.
    Dropped(u8, u8),
    /// The store did what a message asks for.
    Effect(u8),
    /// It did so and noted the message's id, in one transaction.
    EffectId(u8),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Intent(_) => "intent",
            Rec::Put(_) => "put",
            Rec::Out(..) => "out",
            Rec::Taken(..) => "taken",
            Rec::Back(_) => "back",
            Rec::Done(_) => "done",
            Rec::Dead(..) => "dead",
            Rec::Removed(..) => "removed",
            Rec::Dropped(..) => "dropped",
            Rec::Effect(_) => "effect",
            Rec::EffectId(_) => "effect+id",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Out(id, handle, _)
            | Rec::Taken(id, handle)
            | Rec::Dead(id, handle)
            | Rec::Removed(id, handle)
            | Rec::Dropped(id, handle) => format!("m{id} h{handle}"),
            Rec::Back(handle) | Rec::Done(handle) => format!("h{handle}"),
            Rec::Intent(id) | Rec::Put(id) | Rec::Effect(id) | Rec::EffectId(id) => format!("m{id}"),
        }
    }
}

/// The producer: it waits for a result of everything that it sent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Producer {
    /// How many messages it has begun.
    begun: u8,
    resends: u8,
    /// Those that it saw a result of.
    results: Set<u8>,
}

/// A message that the broker has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Entry {
    id: u8,
    /// How often it was handed out.
    receives: u8,
    /// The handle by which it is out, if it is, and at which worker.
    out: Option<(u8, u8)>,
}

/// The broker: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Broker {
    /// In their order; what comes back comes back to its place.
    entries: Vec<Entry>,
    produced: u8,
    /// How often anything was handed out: the last handle.
    handles: u8,
    done: u8,
    dead: Vec<u8>,
    dropped: u8,
    /// Off the queue, and not yet on the dead-letter queue.
    between: Vec<(u8, u8)>,
}

/// A message at a worker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Job {
    id: u8,
    handle: u8,
    /// Whether the store was asked.
    asked: bool,
}

/// A worker.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Worker {
    jobs: Vec<Job>,
    /// A message that failed was no longer on any queue.
    lost: bool,
    /// The broker did not take its last handle.
    stale: bool,
}

/// The store: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Store {
    effects: u8,
    /// Messages whose ids it noted.
    inbox: Set<u8>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Queue {
    /// Wants things done.
    Producer(Producer),
    /// Keeps messages.
    Broker(Broker),
    /// Does what they ask for.
    Worker(Worker),
    /// Where it is done.
    Store(Store),
}

/// What a message wants to happen once.
fn intent(id: u8) -> Request {
    Request(id - 1)
}

impl Role for Queue {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let workers = Config(params).workers();
        let name = |i| if workers == 1 { "W".to_string() } else { format!("W{i}") };
        let workers = (1..=workers).map(|i| NodeSpec::new(name(i), WORKER));
        let first = [NodeSpec::new("P", PRODUCER), NodeSpec::new("Q", BROKER)];
        first.into_iter().chain(workers).chain([NodeSpec::new("D", STORE)]).collect()
    }

    fn intent(_params: &Params, request: Request) -> String {
        format!("m{}", request.0 + 1)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        match ctx.role() {
            PRODUCER => Queue::Producer(Producer { begun: log.len() as u8, resends: 0, results: Set::new() }),
            BROKER => Queue::Broker(Broker::boot(ctx, log, out)),
            WORKER => Queue::Worker(Worker { jobs: Vec::new(), lost: false, stale: false }),
            _ => {
                let noted = |r: &Rec| if let Rec::EffectId(id) = r { Some(*id) } else { None };
                let inbox = crate::order::set(log.iter().filter_map(noted));
                Queue::Store(Store { effects: log.len() as u8, inbox })
            }
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (Queue::Producer(producer), Input::Command(command)) => producer.command(ctx, command.verb, out),
            (Queue::Producer(producer), Input::Message { msg: Msg::Result(id), .. }) => {
                producer.hear(id, out)
            }
            (Queue::Broker(broker), Input::Message { from, msg }) => broker.hear(ctx, from, msg, out),
            (Queue::Broker(broker), Input::Timer(VISIBILITY)) => broker.time_is_up(ctx, out),
            (Queue::Broker(broker), Input::Timer(_)) => broker.set_aside(out),
            (Queue::Worker(worker), Input::Message { msg, .. }) => worker.hear(ctx, msg, out),
            (Queue::Worker(worker), Input::Timer(_)) => worker.work(ctx, out),
            (Queue::Store(store), Input::Message { from, msg: Msg::Apply(id, handle) }) => {
                store.apply(ctx, id, out);
                out.send(from, Msg::Applied(id, handle));
            }
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let Queue::Producer(producer) = self else { return Vec::new() };
        let refused = |verb| match verb {
            PRODUCE => (u16::from(producer.begun) == ctx.params.get(param::MESSAGES)).then_some("all-sent"),
            _ if producer.begun == 0 => Some("not-sent"),
            _ if producer.open().is_none() => Some("already-answered"),
            _ => (producer.resends >= RESENDS).then_some("no-tries-left"),
        };
        let offer = |verb| Offer::new(verb, refused(verb));
        (PRODUCE..=RESEND).map(offer).collect()
    }

    fn status(&self, _ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Queue::Producer(producer) => producer.status(),
            Queue::Broker(broker) => broker.status(),
            Queue::Worker(worker) => worker.status(),
            Queue::Store(store) => {
                let gauge = Gauge::new("effects", store.effects);
                Status { gauges: vec![gauge], ..Status::new("open", Stance::Idle) }
            }
        }
    }
}

impl Producer {
    /// The first message that it misses the result of.
    fn open(&self) -> Option<u8> {
        (1..=self.begun).find(|id| !self.results.contains(id))
    }

    fn command(&mut self, ctx: &Ctx, verb: u8, out: &mut Out<Queue>) {
        let id = match verb {
            PRODUCE => {
                self.begun += 1;
                out.ask(intent(self.begun));
                out.force(Rec::Intent(self.begun));
                self.begun
            }
            _ => {
                self.resends += 1;
                self.open().expect("offered only where something is open")
            }
        };
        out.send_after("intent", Config(ctx.params).broker(), Msg::Produce(id));
    }

    fn hear(&mut self, id: u8, out: &mut Out<Queue>) {
        if self.results.insert(id) {
            out.answer(intent(id));
        }
    }

    fn status(&self) -> Status {
        let phase = match (self.begun, self.open()) {
            (0, _) => "not-asked",
            (_, None) => "saw-ok",
            _ => "waiting",
        };
        let gauges = vec![Gauge::new("sent", self.begun), Gauge::count("results", self.results.len())];
        Status { gauges, ..Status::new(phase, Stance::Idle) }
    }
}

impl Worker {
    fn hear(&mut self, ctx: &Ctx, msg: Msg, out: &mut Out<Queue>) {
        let config = Config(ctx.params);
        match msg {
            Msg::Deliver(id, handle) => {
                // The broker hands the next one out when it takes the last one for over.
                if !config.auto() {
                    self.jobs.clear();
                }
                self.stale = false;
                self.jobs.push(Job { id, handle, asked: false });
                out.arm(WORK);
            }
            Msg::Applied(id, handle) => {
                let job = Job { id, handle, asked: true };
                if self.jobs.contains(&job) {
                    self.jobs.retain(|j| *j != job);
                    let done = if config.auto() { Msg::Result(id) } else { Msg::Ack(id, handle) };
                    out.send(config.broker(), done);
                }
            }
            Msg::StaleHandle(..) => self.stale = true,
            _ => {}
        }
    }

    /// Does what the first message asks for that was not begun.
    fn work(&mut self, ctx: &Ctx, out: &mut Out<Queue>) {
        let config = Config(ctx.params);
        let Some(at) = self.jobs.iter().position(|job| !job.asked) else { return };
        let Job { id, handle, .. } = self.jobs[at];
        if config.as_written() {
            self.jobs.remove(at);
            out.send(config.broker(), Msg::Result(id));
        } else if config.poison(id) {
            self.jobs.remove(at);
            if config.auto() {
                self.lost = true;
            } else {
                out.send(config.broker(), Msg::Nack(id, handle));
            }
        } else {
            self.jobs[at].asked = true;
            out.send(config.store(), Msg::Apply(id, handle));
        }
        if self.jobs.iter().any(|job| !job.asked) {
            out.arm(WORK);
        }
    }

    fn status(&self) -> Status {
        let jobs = Gauge::count("in-hand", self.jobs.len());
        let remarks = [self.lost.then_some("failed-and-gone"), self.stale.then_some("handle-refused")];
        Status {
            gauges: vec![jobs],
            remarks: remarks.into_iter().flatten().collect(),
            ..Status::new(if self.jobs.is_empty() { "idle" } else { "working" }, Stance::Idle)
        }
    }
}

impl Store {
    fn apply(&mut self, ctx: &Ctx, id: u8, out: &mut Out<Queue>) {
        let inbox = ctx.params.on(param::INBOX);
        if inbox && !self.inbox.insert(id) {
            return;
        }
        self.effects = self.effects.saturating_add(1);
        out.force(if inbox { Rec::EffectId(id) } else { Rec::Effect(id) });
        out.apply(intent(id));
    }
}
