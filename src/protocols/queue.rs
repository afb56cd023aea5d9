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

mod broker;
mod words;
mod worker;

pub use broker::Broker;
pub use words::{Msg, Rec};
pub use worker::Worker;

use crate::order::Set;
use crate::protocol::plain::{choice, message, phase, range, record, refusal, role, switch, timer, verb};
use crate::protocol::{
    Ctx, Gauge, Input, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Role, Stance, Status, Style,
    Timer,
};
use serde::{Deserialize, Serialize};

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
    family: "shared",
    roles: &[role("producer", false), role("broker", true), role("worker", false), role("store", false)],
    messages: &[
        message("produce", "P", Style::Request),
        message("deliver", "D", Style::Decision),
        message("ack", "a", Style::Ack),
        refusal("nack", "n", Style::Vote),
        refusal("stale-handle", "x", Style::Vote),
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
    retries: None,
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

/// The producer: it waits for a result of everything that it sent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Producer {
    /// How many messages it has begun.
    begun: u8,
    resends: u8,
    /// Those that it saw a result of.
    results: Set<u8>,
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
            WORKER => Queue::Worker(Worker::default()),
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

    fn status(&self, _ctx: &Ctx, log: &[Rec]) -> Status {
        match self {
            Queue::Producer(producer) => producer.status(),
            Queue::Broker(broker) => broker.status(log),
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
