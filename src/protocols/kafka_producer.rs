//! Kafka's idempotent producer: numbers that a broker checks, and what a restart makes of them.
//!
//! A producer gets an id (PID) and an epoch and numbers its batches. The broker knows, for every PID, the epoch E,
//! the last number L and the last five batches:
//!
//! | batch of epoch e with number s | result |
//! |---|---|
//! | e < E | invalid producer epoch: a zombie, fenced |
//! | e = E, one of the five batches | acknowledged with its old offset, not appended |
//! | e = E, s = L + 1, or 0 after the highest | appended |
//! | e = E, any other s | out of order |
//! | e > E, s = 0 | appended, and the five batches are forgotten |
//! | e > E, any other s | out of order |
//! | nothing is known of the PID | appended, whatever s is; with transactions v2 only s = 0 |
//!
//! That helps against lost acknowledgements, and only as long as the producer lives: who starts again gets another
//! PID, under which everything is new. With a `transactional.id` it gets the same PID and the next epoch; the old
//! instance is fenced and its open transaction aborted, so that who reads only what is committed never sees it. What
//! is committed with the records is the position in the input: otherwise the new instance does not know where to go
//! on. With transactions v2 every transaction has an epoch of its own.
//!
//! Here, effects are what is committed, or appended where there are no transactions. What somebody did outside of
//! Kafka because of a record is covered by none of this.
//!
//! Broker and transaction coordinator are one node. A batch is one record, so that "exactly the same range" is "the
//! same number".
//!
//! Sources: Apache Kafka, `ProducerAppendInfo.java` and `ProducerStateEntry.java`; KIP-98, KIP-360, KIP-588, KIP-890.

mod broker;
mod producer;
mod words;

pub use broker::Broker;
pub use producer::Producer;
pub use words::{Batch, Msg, Rec};

use crate::protocol::plain::{
    choice, lifetime, message, of_clients, phase, range, record, refusal, refused, role, switch, verb,
};
use crate::protocol::{
    Ctx, Input, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Role, Status, Style, Timer,
};
use serde::{Deserialize, Serialize};

mod param {
    pub const PRODUCER: usize = 0;
    pub const POSITION: usize = 1;
    pub const RECORDS: usize = 2;
    pub const INSTANCES: usize = 3;
    pub const RESENDS: usize = 4;
    pub const EXPIRY: usize = 5;
    pub const WRAPS: usize = 6;
}

const PRODUCER: u8 = 0;
const BROKER: u8 = 1;

const INIT: u8 = 0;
const PRODUCE: u8 = 1;
const RESEND: u8 = 2;
const COMMIT: u8 = 3;
const ABORT: u8 = 4;

/// A PID has been silent for long enough, and what is known of it is removed.
const FORGET: Timer = Timer(0);

/// How a producer is configured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `enable.idempotence=false`.
    Plain,
    /// With a PID.
    Idempotent,
    /// With a `transactional.id`.
    Transactional,
    /// With a `transactional.id`, and an epoch for every transaction.
    TransactionalV2,
}

static META: Meta = Meta {
    id: "kafka",
    source: "Apache Kafka; KIP-98, KIP-360, KIP-588, KIP-890",
    family: "requests",
    roles: &[role("producer", false), role("broker", true)],
    messages: &[
        message("init", "I", Style::Inquiry),
        message("pid", "P", Style::Ack),
        message("batch", "B", Style::Request),
        message("ack", "=", Style::Decision),
        refusal("out-of-order-sequence", "O", Style::Ack),
        refusal("invalid-producer-epoch", "F", Style::Ack),
        refusal("invalid-txn-state", "S", Style::Ack),
        message("end-commit", "C", Style::Request),
        message("end-abort", "A", Style::Request),
        message("committed", "c", Style::Decision),
        refusal("aborted", "a", Style::Decision),
    ],
    records: &[
        record("done"),
        record("pid"),
        record("batch"),
        record("commit"),
        record("abort"),
        record("forget"),
    ],
    timers: &[lifetime("pid")],
    verbs: &[
        verb("init", true),
        verb("produce", true),
        verb("resend", false),
        verb("commit", true),
        verb("abort", false),
    ],
    phases: &[
        phase("no-pid"),
        phase("ready"),
        phase("waiting"),
        phase("in-transaction"),
        phase("ending"),
        phase("out-of-order"),
        refused("fenced"),
        phase("invalid-state"),
        phase("done"),
        phase("idle"),
    ],
    params: &[
        choice("producer", &["plain", "idempotent", "transactional", "transactional-v2"], 1),
        switch("position", true),
        of_clients(range("records", 1, 7, 2)),
        of_clients(range("instances", 1, 2, 1)),
        of_clients(range("resends", 0, 5, 3)),
        switch("expiry", false),
        switch("wraps", false),
    ],
    properties: &["once", "wal", "alarm"],
    rules: &[],
    retries: None,
    conflict: |_| None,
};

/// What was chosen.
#[derive(Clone, Copy)]
pub struct Config<'a>(&'a Params);

impl Config<'_> {
    fn kind(self) -> Kind {
        let all = [Kind::Plain, Kind::Idempotent, Kind::Transactional, Kind::TransactionalV2];
        all[usize::from(self.0.get(param::PRODUCER))]
    }

    fn transactional(self) -> bool {
        matches!(self.kind(), Kind::Transactional | Kind::TransactionalV2)
    }

    fn records(self) -> u8 {
        self.0.get(param::RECORDS) as u8
    }

    fn broker(self) -> NodeId {
        NodeId(self.0.get(param::INSTANCES) as u8)
    }

    /// The number after this one.
    fn next(self, last: Option<u8>) -> u8 {
        match last {
            Some(5) if self.0.on(param::WRAPS) => 0,
            Some(last) => last.wrapping_add(1),
            None => 0,
        }
    }
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Kafka {
    /// Has records to append.
    Producer(Producer),
    /// Appends them.
    Broker(Broker),
}

impl Role for Kafka {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let name = |i: u8| format!("P{i}");
        let producers = (1..=params.get(param::INSTANCES) as u8).map(|i| NodeSpec::new(name(i), PRODUCER));
        producers.chain([NodeSpec::new("B", BROKER)]).collect()
    }

    /// Every record is an intent: it is to be in the log once.
    fn intent(_params: &Params, request: Request) -> String {
        format!("r{}", request.0)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        if ctx.role() == PRODUCER {
            return Kafka::Producer(Producer::boot(log));
        }
        let broker = Broker::boot(Config(ctx.params), log);
        broker.watch(ctx, out);
        Kafka::Broker(broker)
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        let config = Config(ctx.params);
        match (self, input) {
            (Kafka::Producer(producer), Input::Command(command)) => {
                producer.command(config, command.verb, out);
            }
            (Kafka::Producer(producer), Input::Message { msg, .. }) => producer.hear(config, msg, out),
            (Kafka::Broker(broker), Input::Message { from, msg }) => {
                broker.hear(config, from, msg, out);
                broker.watch(ctx, out);
            }
            (Kafka::Broker(broker), Input::Timer(_)) => {
                broker.forget(config, out);
                broker.watch(ctx, out);
            }
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            Kafka::Producer(producer) => producer.offers(Config(ctx.params)),
            Kafka::Broker(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Kafka::Producer(producer) => producer.status(Config(ctx.params)),
            Kafka::Broker(broker) => broker.status(),
        }
    }
}
