//! RIFL: calls that take effect once, with the record of a call beside the object that it changed.
//!
//! A client has a lease and numbers its calls, and says with each up to which number it has seen every result. A
//! server checks each call (`checkDuplicate`):
//!
//! | number | answer |
//! |---|---|
//! | up to what the client has acknowledged | stale |
//! | higher than any seen, and the lease is over | expired |
//! | higher than any seen | new: it is carried out |
//! | with a record | the result, or "in progress" |
//! | below the highest seen, without a record | new, out of order: it is carried out |
//!
//! The record of a completed call is durable together with the update, and moves with the object when that moves
//! to another server. Records that come after the update, or stay in memory, or stay behind, are what goes wrong.
//!
//! The lease belongs to a clock that all servers share; that its time is up is seen here by whoever has the
//! object. It is asked about also for calls out of order, as in the original.
//!
//! Sources: Lee, Park, Kejriwal, Matsushita, Ousterhout, *Implementing Linearizability at Large Scale and Low
//! Latency*, SOSP 2015; RAMCloud, `src/UnackedRpcResults.cc`.

mod words;

pub use words::{Call, Msg, Object, Rec, Track};

use super::client;
use super::numbered::{self, Answer, Asks, Manner, Note, Numbered};
use crate::order::Map;
use crate::protocol::plain::{
    choice, joined, lifetime, message, phase, record, refusal, role, switch, timer, verb,
};
use crate::protocol::{
    Ctx, Gauge, Input, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Role, Stance, Status, Style,
    Timer,
};
use serde::{Deserialize, Serialize};

mod param {
    pub const WRITES: usize = 0;
    pub const RECORDS_MOVE: usize = 1;
    pub const EXPIRY: usize = 2;
    pub const COMMANDS: usize = 3;
    pub const NUMBERS: usize = 4;
    pub const TRIES: usize = 5;
}

const CLIENT: u8 = 0;
const SERVER: u8 = 1;

const K: NodeId = NodeId(0);
const M1: NodeId = NodeId(1);
const M2: NodeId = NodeId(2);

const MIGRATE: u8 = 2;

/// How many calls a server works on at once. Each has a timer, which is its next step.
const WORKERS: u8 = 3;
/// A lease's time is up.
const LEASE: Timer = Timer(3);

/// When the record of a completed call is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Writes {
    /// With the update.
    Together,
    /// In a transaction of its own, after the update.
    After,
    /// Never: it is only remembered.
    Memory,
}

static META: Meta = Meta {
    id: "rifl",
    source: "Lee, Park, Kejriwal, Matsushita, Ousterhout, SOSP 2015; RAMCloud",
    family: "requests",
    roles: &[role("client", true), role("server", false)],
    messages: &[
        message("call", "C", Style::Request),
        message("ok", "=", Style::Decision),
        refusal("stale", "S", Style::Ack),
        refusal("expired", "X", Style::Ack),
        refusal("in-progress", "P", Style::Ack),
        refusal("not-here", "N", Style::Ack),
        message("object", "O", Style::Decision),
        message("got", "G", Style::Ack),
    ],
    records: &[
        record("name"),
        record("number"),
        record("told"),
        record("restart"),
        record("update"),
        record("result"),
        record("update+result"),
        record("lease-over"),
        record("moving"),
        record("object"),
        record("moved"),
    ],
    timers: &[timer("work-1", true), timer("work-2", true), timer("work-3", true), lifetime("lease")],
    verbs: joined!(numbered::VERBS, [verb("migrate", false)]),
    phases: joined!(
        numbered::PHASES,
        [phase("idle"), phase("working"), phase("moving"), phase("moved"), phase("without")]
    ),
    params: &[
        choice("writes", &["together", "after", "memory"], 0),
        switch("records-move", true),
        switch("expiry", false),
        numbered::COMMANDS,
        numbered::NUMBERS,
        client::TRIES,
    ],
    properties: &["once", "answers", "wal", "alarm"],
    rules: &[],
    retries: None,
    conflict: |_| None,
};

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn writes(self) -> Writes {
        [Writes::Together, Writes::After, Writes::Memory][usize::from(self.0.get(param::WRITES))]
    }

    fn manner(self) -> Manner {
        Manner::of(self.0, [param::COMMANDS, param::NUMBERS, param::TRIES])
    }
}

/// Where the object is, as a server knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum Place {
    Here,
    /// Handed over, and perhaps not arrived.
    Moving,
    Moved,
    Elsewhere,
}

/// A call that is being carried out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Job {
    call: Call,
    /// The result, when the update is made and the record is not.
    says: Option<u8>,
}

/// A server.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Server {
    place: Place,
    object: Object,
    /// By worker.
    jobs: Map<u8, Job>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rifl {
    /// Wants a charge.
    Client(Numbered),
    /// Has the object, or not.
    Server(Server),
}

impl Asks for Rifl {
    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for Rifl {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(_params: &Params) -> Vec<NodeSpec> {
        vec![NodeSpec::new("K", CLIENT), NodeSpec::new("M1", SERVER), NodeSpec::new("M2", SERVER)]
    }

    fn intent(params: &Params, request: Request) -> String {
        numbered::whose(1, params.get(param::COMMANDS), request)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        if ctx.me == K {
            let notes = log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
            let mut client = Numbered::boot(ctx, notes, Config(ctx.params).manner(), out);
            // Who knows nothing of its lease has to take another.
            client.under = client.lives + 1;
            return Rifl::Client(client);
        }
        let place = if ctx.me == M1 { Place::Here } else { Place::Elsewhere };
        let mut server = Server { place, object: Object::default(), jobs: Map::new() };
        for record in log {
            server.add(record);
        }
        server.watch(ctx, out);
        Rifl::Server(server)
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        let manner = Config(ctx.params).manner();
        match (self, input) {
            (Rifl::Client(client), Input::Command(command)) => {
                let rpc = match command.verb {
                    numbered::SEND => client.begin(ctx, manner, out),
                    _ => client.again(),
                };
                let msg = Msg::Call(Call { lease: client.under, rpc, ack: client.low() - 1 });
                let to = command.arg.unwrap_or(M1);
                if manner.kept { out.send_after("number", to, msg) } else { out.send(to, msg) }
            }
            (Rifl::Client(client), Input::Message { msg: Msg::Reply(rpc, answer), .. }) => {
                client.hear(ctx, rpc, answer, manner, out);
            }
            (Rifl::Server(server), input) => {
                server.on(ctx, input, out);
                server.watch(ctx, out);
            }
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            Rifl::Client(client) => client.offers(&[M1, M2], None, Config(ctx.params).manner()),
            Rifl::Server(server) if ctx.me == M1 => {
                let refused = (server.place == Place::Moved).then_some("moved");
                vec![Offer::new(MIGRATE, refused)]
            }
            Rifl::Server(_) => Vec::new(),
        }
    }

    fn status(&self, _ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Rifl::Client(client) => client.status(),
            Rifl::Server(server) => server.status(),
        }
    }
}

impl Server {
    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Rifl>) {
        match input {
            Input::Message { msg: Msg::Call(call), .. } => self.accept(call, out),
            Input::Message { from, msg: Msg::Object(object) } => {
                if self.place == Place::Elsewhere {
                    self.write(Rec::Object(object), out);
                }
                out.send_after("object", from, Msg::Got);
            }
            Input::Message { msg: Msg::Got, .. } if self.place == Place::Moving => {
                self.write(Rec::Moved, out);
            }
            Input::Command(_) => {
                if self.place == Place::Here {
                    self.write(Rec::Moving, out);
                }
                let mut object = self.object.clone();
                if !ctx.params.on(param::RECORDS_MOVE) {
                    object.tracks = Map::new();
                }
                out.send_after("moving", M2, Msg::Object(object));
            }
            Input::Timer(LEASE) => {
                let first = self.object.tracks.keys().next().copied();
                if let Some(lease) = first {
                    self.write(Rec::LeaseOver(lease), out);
                }
            }
            Input::Timer(Timer(worker)) => self.work(ctx, worker, out),
            Input::Message { .. } => {}
        }
    }

    /// What is durable, record by record.
    fn add(&mut self, record: &Rec) {
        match record {
            Rec::Note(_) => {}
            Rec::Update => self.object.charges += 1,
            Rec::Result(call, says) => self.complete(*call, *says),
            Rec::Both(call, says) => {
                self.object.charges += 1;
                self.complete(*call, *says);
            }
            Rec::LeaseOver(lease) => {
                self.object.tracks.remove(lease);
                self.object.over.insert(*lease);
            }
            Rec::Moving => self.place = Place::Moving,
            Rec::Moved => self.place = Place::Moved,
            Rec::Object(object) => (self.place, self.object) = (Place::Here, object.clone()),
        }
    }

    fn write(&mut self, record: Rec, out: &mut Out<Rifl>) {
        self.add(&record);
        out.force(record);
    }

    fn track(&self, lease: u8) -> Track {
        self.object.tracks.get(&lease).cloned().unwrap_or_default()
    }

    fn complete(&mut self, call: Call, says: u8) {
        if self.object.over.contains(&call.lease) {
            return;
        }
        let mut track = self.track(call.lease);
        track.acknowledge(call.ack);
        track.complete(call.rpc, says);
        self.object.tracks.insert(call.lease, track);
    }

    /// A call comes in.
    fn accept(&mut self, call: Call, out: &mut Out<Rifl>) {
        if self.place != Place::Here {
            return out.send(K, Msg::Reply(call.rpc, Answer::Elsewhere));
        }
        if let Some(answer) = self.check_duplicate(call) {
            return out.send(K, Msg::Reply(call.rpc, answer));
        }
        let free = (0..WORKERS).find(|worker| !self.jobs.contains_key(worker));
        if let Some(worker) = free {
            self.jobs.insert(worker, Job { call, says: None });
            out.arm(Timer(worker));
        }
    }

    /// What is to be answered to a call; `None` if it is to be carried out. Whether its number is the highest
    /// yet or fills a gap makes no difference to that: either way there is no record of it.
    fn check_duplicate(&mut self, call: Call) -> Option<Answer> {
        let mut track = self.track(call.lease);
        let runs = |job: &Job| (job.call.lease, job.call.rpc) == (call.lease, call.rpc);
        let answer = match track.results.get(&call.rpc) {
            _ if call.rpc <= track.ack => return Some(Answer::Stale),
            Some(says) => Some(Answer::Done(*says)),
            None if self.jobs.values().any(runs) => Some(Answer::InProgress),
            None if self.object.over.contains(&call.lease) => return Some(Answer::Expired),
            None => None,
        };
        track.acknowledge(call.ack);
        self.object.tracks.insert(call.lease, track);
        answer
    }

    /// A worker does its next step.
    fn work(&mut self, ctx: &Ctx, worker: u8, out: &mut Out<Rifl>) {
        let Some(Job { call, says }) = self.jobs.remove(&worker) else { return };
        if self.place != Place::Here {
            return out.send(K, Msg::Reply(call.rpc, Answer::Elsewhere));
        }
        let next = self.object.charges + 1;
        let update = numbered::intent(K.0, call.rpc);
        let says = match (says, Config(ctx.params).writes()) {
            (Some(says), _) => {
                self.write(Rec::Result(call, says), out);
                says
            }
            (None, Writes::Together) => {
                self.write(Rec::Both(call, next), out);
                out.apply(update);
                next
            }
            (None, Writes::Memory) => {
                self.write(Rec::Update, out);
                out.apply(update);
                self.complete(call, next);
                next
            }
            (None, Writes::After) => {
                self.write(Rec::Update, out);
                out.apply(update);
                self.jobs.insert(worker, Job { call, says: Some(next) });
                return out.arm(Timer(worker));
            }
        };
        out.send(K, Msg::Reply(call.rpc, Answer::Done(says)));
    }

    fn watch(&self, ctx: &Ctx, out: &mut Out<Rifl>) {
        let open = self.place == Place::Here && !self.object.tracks.is_empty();
        if ctx.params.on(param::EXPIRY) && open { out.arm(LEASE) } else { out.cancel(LEASE) }
    }

    fn status(&self) -> Status {
        let phase = match self.place {
            Place::Here if self.jobs.is_empty() => "idle",
            Place::Here => "working",
            Place::Moving => "moving",
            Place::Moved => "moved",
            Place::Elsewhere => "without",
        };
        let records = self.object.tracks.values().map(|track| track.results.len()).sum();
        let here = self.place == Place::Here;
        let gauges = vec![Gauge::new("charges", self.object.charges), Gauge::count("records", records)];
        Status { gauges: if here { gauges } else { Vec::new() }, ..Status::new(phase, Stance::Idle) }
    }
}
