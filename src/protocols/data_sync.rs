//! A replica that follows a source, change by change, over a network that loses, copies and overtakes.
//!
//! The source numbers its changes and sends each until it is confirmed: number, key, value, version. One of them
//! adds, and two set the same key, so that it matters what is applied, how often and in which order. The replica
//! compares the number with its position, that of the last change it took:
//!
//! | number | next | highest | all |
//! |---|---|---|---|
//! | up to the position | skipped, and confirmed | skipped, and confirmed | applied: an old value in place of a newer one, an increment twice |
//! | the next | applied | applied | applied |
//! | beyond a gap | held until the gap is filled, or refused and fetched again from the gap on | applied: what is in the gap is skipped when it comes | applied |
//!
//! The position has to last as long as the data does:
//!
//! | the position is written | a crash in between |
//! |---|---|
//! | together with the data | leaves both or neither |
//! | after the data | the change is applied again |
//! | before the data | the change is skipped, and confirmed |
//!
//! What must hold at every step: the replica is what the source once was, at the replica's own position.
//!
//! Sources: RFC 9293 and RFC 2018 (numbers, what comes out of order is held or refused, each confirmed by itself);
//! PostgreSQL documentation, *Replication progress tracking* (the position in the transaction of the data).

mod changes;

pub use changes::Data;

use crate::order::Set;
use crate::protocol::plain::{choice, message, phase, record, role, timer, verb};
use crate::protocol::{
    Ctx, Gauge, Input, Message, Meta, NodeId, NodeSpec, Offer, Out, Params, Record, Request, Role, Stance,
    Status, Style, Timer,
};
use changes::{CHANGES, print};
use serde::{Deserialize, Serialize};

mod param {
    pub const APPLY: usize = 0;
    pub const GAP: usize = 1;
    pub const POSITION: usize = 2;
}

const SOURCE: u8 = 0;
const REPLICA: u8 = 1;

const S: NodeId = NodeId(0);
const R: NodeId = NodeId(1);

/// What is not confirmed is sent again.
const RESEND: Timer = Timer(0);

const WRITE: u8 = 0;

static META: Meta = Meta {
    id: "sync",
    source: "RFC 9293, RFC 2018; PostgreSQL documentation, Replication progress tracking",
    family: "worlds",
    roles: &[role("source", true), role("replica", false)],
    messages: &[
        message("change", "c", Style::Request),
        message("fetch", "?", Style::Inquiry),
        message("ack", "=", Style::Ack),
    ],
    records: &[record("change"), record("data+position"), record("data"), record("position")],
    timers: &[timer("resend", false)],
    verbs: &[verb("write", true)],
    phases: &[phase("nothing-yet"), phase("unconfirmed"), phase("confirmed"), phase("follows"), phase("gap")],
    params: &[
        choice("apply", &["next", "highest", "all"], 0),
        choice("gap", &["hold", "refetch"], 0),
        choice("position", &["together", "after", "before"], 0),
    ],
    properties: &["once", "invariant", "wal", "alarm"],
    rules: &[],
    retries: None,
    conflict: |_| None,
};

/// What the replica takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apply {
    Next,
    Highest,
    All,
}

/// When the position is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Together,
    After,
    Before,
}

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn apply(self) -> Apply {
        [Apply::Next, Apply::Highest, Apply::All][usize::from(self.0.get(param::APPLY))]
    }

    fn refetches(self) -> bool {
        self.0.get(param::GAP) == 1
    }

    fn position(self) -> When {
        [When::Together, When::After, When::Before][usize::from(self.0.get(param::POSITION))]
    }
}

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// The change with this number.
    Change(u8),
    /// Send again from this number on.
    Fetch(u8),
    /// The change with this number is here.
    Ack(u8),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Change(_) => "change",
            Msg::Fetch(_) => "fetch",
            Msg::Ack(_) => "ack",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Change(n) => print(*n),
            Msg::Fetch(n) => format!("{n}…"),
            Msg::Ack(n) => n.to_string(),
        }
    }
}

/// What nodes write down, each a transaction of its own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// At the source: the change, and the data with it.
    Change(u8),
    /// At the replica: the change is applied, and its number is the position.
    Both(u8),
    /// At the replica: the change is applied.
    Data(u8),
    /// At the replica: this is the position.
    Position(u8),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Change(_) => "change",
            Rec::Both(_) => "data+position",
            Rec::Data(_) => "data",
            Rec::Position(_) => "position",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Change(n) | Rec::Both(n) | Rec::Data(n) => print(*n),
            Rec::Position(n) => n.to_string(),
        }
    }
}

/// The source. That something is confirmed it only remembers: what is sent once more is skipped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Source {
    /// How many changes there are.
    written: u8,
    /// Which of them the replica has confirmed.
    confirmed: Set<u8>,
}

/// The replica.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Replica {
    data: Data,
    /// The highest number that it has applied.
    highest: u8,
    /// The number up to which it believes to have everything.
    position: u8,
    /// What waits for a gap to be filled; a crash forgets it, and it comes again.
    held: Set<u8>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum DataSync {
    /// Is changed.
    Source(Source),
    /// Follows.
    Replica(Replica),
}

impl Role for DataSync {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(_params: &Params) -> Vec<NodeSpec> {
        vec![NodeSpec::new("S", SOURCE), NodeSpec::new("R", REPLICA)]
    }

    /// Each change is to be applied once; it is the source that wants to know.
    fn intent(_params: &Params, request: Request) -> String {
        format!("S.{}", request.0)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        if ctx.me == S {
            let source = Source { written: log.len() as u8, confirmed: Set::new() };
            source.watch(out);
            return DataSync::Source(source);
        }
        let mut replica = Replica { data: Data::default(), highest: 0, position: 0, held: Set::new() };
        log.iter().for_each(|record| replica.add(record));
        replica.judge(out);
        DataSync::Replica(replica)
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (DataSync::Source(source), Input::Command(_)) => source.write(out),
            (DataSync::Source(source), Input::Message { msg: Msg::Ack(n), .. }) => source.confirm(n, out),
            (DataSync::Source(source), Input::Message { msg: Msg::Fetch(n), .. }) => source.send_from(n, out),
            (DataSync::Source(source), Input::Timer(_)) => {
                source.send_from(1, out);
                source.watch(out);
            }
            (DataSync::Replica(replica), Input::Message { msg: Msg::Change(n), .. }) => {
                replica.hear(Config(ctx.params), n, out);
            }
            _ => {}
        }
    }

    fn offers(&self, _ctx: &Ctx) -> Vec<Offer> {
        match self {
            DataSync::Source(source) => {
                let spent = usize::from(source.written) == CHANGES.len();
                vec![Offer::new(WRITE, spent.then_some("nothing-left"))]
            }
            DataSync::Replica(_) => Vec::new(),
        }
    }

    fn status(&self, _ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            DataSync::Source(source) => source.status(),
            DataSync::Replica(replica) => replica.status(),
        }
    }
}

impl Source {
    /// A user changes something.
    fn write(&mut self, out: &mut Out<DataSync>) {
        self.written += 1;
        out.ask(Request(self.written));
        out.force(Rec::Change(self.written));
        self.send_from(self.written, out);
        self.watch(out);
    }

    /// Sends what is not confirmed, from this number on.
    fn send_from(&self, n: u8, out: &mut Out<DataSync>) {
        for n in (n..=self.written).filter(|n| !self.confirmed.contains(n)) {
            out.send_after("change", R, Msg::Change(n));
        }
    }

    fn confirm(&mut self, n: u8, out: &mut Out<DataSync>) {
        if self.confirmed.insert(n) {
            out.answer(Request(n));
        }
        self.watch(out);
    }

    fn is_confirmed(&self) -> bool {
        self.confirmed.len() == usize::from(self.written)
    }

    fn watch(&self, out: &mut Out<DataSync>) {
        if self.is_confirmed() { out.cancel(RESEND) } else { out.arm(RESEND) }
    }

    fn status(&self) -> Status {
        let phase = match self.written {
            0 => "nothing-yet",
            _ if self.is_confirmed() => "confirmed",
            _ => "unconfirmed",
        };
        let counts = [Gauge::new("written", self.written), Gauge::count("confirmed", self.confirmed.len())];
        let gauges = Data::at(self.written).gauges().into_iter().chain(counts).collect();
        Status { gauges, ..Status::new(phase, Stance::Idle) }
    }
}

impl Replica {
    /// What is durable, record by record.
    fn add(&mut self, record: &Rec) {
        if let Rec::Both(n) | Rec::Data(n) = *record {
            self.data.apply(n);
            self.highest = self.highest.max(n);
        }
        if let Rec::Both(n) | Rec::Position(n) = *record {
            self.position = self.position.max(n);
        }
    }

    fn write(&mut self, record: Rec, out: &mut Out<DataSync>) {
        self.add(&record);
        let applies = if let Rec::Both(n) | Rec::Data(n) = record { Some(Request(n)) } else { None };
        out.force(record);
        if let Some(request) = applies {
            out.apply(request);
        }
    }

    /// Applies a change, and confirms it.
    fn take(&mut self, config: Config, n: u8, out: &mut Out<DataSync>) {
        match config.position() {
            When::Together => self.write(Rec::Both(n), out),
            When::After => {
                self.write(Rec::Data(n), out);
                self.write(Rec::Position(n), out);
            }
            When::Before => {
                self.write(Rec::Position(n), out);
                self.write(Rec::Data(n), out);
            }
        }
        self.judge(out);
        self.confirm(config, n, out);
    }

    fn confirm(&self, config: Config, n: u8, out: &mut Out<DataSync>) {
        let written = if config.position() == When::Together { "data+position" } else { "position" };
        out.send_after(written, S, Msg::Ack(n));
    }

    /// A change comes in.
    fn hear(&mut self, config: Config, n: u8, out: &mut Out<DataSync>) {
        let next = self.position + 1;
        match config.apply() {
            Apply::All => self.take(config, n, out),
            // It is here already, or is taken to be.
            _ if n < next => self.confirm(config, n, out),
            Apply::Next if n > next && config.refetches() => out.send(S, Msg::Fetch(next)),
            Apply::Next if n > next => {
                self.held.insert(n);
            }
            Apply::Next | Apply::Highest => {
                self.take(config, n, out);
                while self.held.remove(&(self.position + 1)) {
                    self.take(config, self.position + 1, out);
                }
            }
        }
    }

    /// The replica must be what the source was at some time: when the position, or the last change that was
    /// applied after it, was the source's last.
    fn judge(&self, out: &mut Out<DataSync>) {
        if self.data != Data::at(self.highest.max(self.position)) {
            out.alarm("invariant");
        }
    }

    fn status(&self) -> Status {
        let phase = match self {
            Replica { held, .. } if !held.is_empty() => "gap",
            Replica { position: 0, .. } => "nothing-yet",
            _ => "follows",
        };
        let counts = [Gauge::new("position", self.position), Gauge::count("held", self.held.len())];
        let gauges = self.data.gauges().into_iter().chain(counts).collect();
        Status { gauges, ..Status::new(phase, Stance::Idle) }
    }
}
