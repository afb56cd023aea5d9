//! Two-phase commit, centralised: presumed nothing, presumed abort, presumed commit.
//!
//! Phase one asks every participant for a promise; the coordinator decides; phase two tells them. A
//! participant that promised may not decide alone, which is why it can be blocked.
//!
//! Sources: Gray, *Notes on Data Base Operating Systems*, 1978; Bernstein, Hadzilacos and Goodman,
//! *Concurrency Control and Recovery in Database Systems*, 1987, 7.4 and 7.5 (cooperative termination);
//! Mohan, Lindsay and Obermarck, *Transaction Management in the R\* Distributed Database Management System*,
//! TODS 11(4), 1986 (presumptions and log discipline); X/Open, *The XA Specification*, 1991 (heuristics).
//!
//! What is forced and acknowledged:
//!
//! | | presumed nothing | presumed abort | presumed commit |
//! |---|---|---|---|
//! | coordinator before `prepare` | (start) | – | collecting* |
//! | coordinator on commit | commit* | commit* | commit* |
//! | coordinator on abort | abort* | (abort) | abort |
//! | participant on yes | prepared* | prepared* | prepared* |
//! | participant on commit | commit*, ack | commit*, ack | commit |
//! | participant on abort | abort*, ack | abort | abort*, ack |
//! | participant on its own no | abort* | abort | abort |
//! | answer without a record | abort | abort | commit |
//!
//! `*` is forced; in parentheses what a parameter turns on or off. Where the protocol waits for receipts it
//! writes `end` after the last one and then forgets.
//!
//! With `ask-again` the coordinator may ask those who have not voted once more before it loses patience and aborts.
//!
//! With `checkpoints` every node can write down at any time what the records before would lead to; see
//! `checkpoint.rs` in this protocol's folder.

mod blocked;
mod checkpoint;
mod client;
mod coordinator;
mod participant;
mod words;

pub use client::Client;
pub use words::{Msg, Rec};

use crate::protocol::plain::{choice, message, phase, range, refusal, switch, timer};
use crate::protocol::{
    Again, ArgKind, Blocked, COMMITMENT, Command, Ctx, Input, Meta, Names, NodeId, NodeSpec, Offer, Out,
    Outcome, ParamKind, ParamSpec, Params, RecordKind, Resource, Retries, Role, RoleKind, Status, Style,
    Timer, TimerKind, VerbKind,
};
use crate::sim::Scene;
use crate::worlds::bank;
use checkpoint::Snapshot;
use coordinator::Coordinator;
use participant::Participant;
use serde::{Deserialize, Serialize};

/// Places in [`META`]'s parameters.
mod param {
    pub const PARTICIPANTS: usize = 0;
    pub const PRESUMPTION: usize = 1;
    pub const VOTES: usize = 2;
    pub const COOPERATIVE: usize = 3;
    pub const CLIENTS: usize = 4;
    pub const START_RECORD: usize = 5;
    pub const ABORT_RECORD: usize = 6;
    pub const SKIP_PREPARED: usize = 7;
    pub const SKIP_COMMIT: usize = 8;
    pub const SKIP_COLLECTING: usize = 9;
    pub const ACK_COMMIT_UNFORCED: usize = 10;
    pub const FORGET_COMMIT_EARLY: usize = 11;
    pub const FORGET_ABORT_EARLY: usize = 12;
    pub const ACK_ABORT_UNFORCED: usize = 13;
    pub const AWAIT_YES_ONLY: usize = 14;
    pub const TIMEOUT_ABORTS: usize = 15;
    pub const TIMEOUT_COMMITS: usize = 16;
    pub const CHECKPOINTS: usize = 17;
    pub const ASK_AGAIN: usize = 18;
}

const COORDINATOR: u8 = 0;
const PARTICIPANT: u8 = 1;
const CLIENT: u8 = 2;

/// The coordinator's patience for votes.
const T_VOTE: Timer = Timer(0);
/// The participant's patience for the request to prepare.
const T_PREP: Timer = Timer(1);
/// The prepared participant's patience for the decision.
const T_DEC: Timer = Timer(2);
/// The coordinator's patience for receipts.
const T_ACK: Timer = Timer(3);
/// The coordinator's patience before it asks for votes again.
const T_AGAIN: Timer = Timer(4);

const BEGIN: u8 = 0;
const REFUSE: u8 = 1;
const HEURISTIC_COMMIT: u8 = 2;
const HEURISTIC_ABORT: u8 = 3;
const FORGET: u8 = 4;
const ASK: u8 = 5;
const GIVE_UP: u8 = 6;
const DECIDE_ALONE: u8 = 7;
const ASK_PEERS: u8 = 8;
const CHECKPOINT: u8 = 9;

const fn mistake(key: &'static str) -> ParamSpec {
    ParamSpec { group: "mistakes", ..switch(key, false) }
}

const fn verb(word: &'static str, arg: ArgKind, starts: bool, operator: bool) -> VerbKind {
    VerbKind { word, arg, starts, usual: starts, operator }
}

const fn record(word: &'static str, promise: bool, counted: bool) -> RecordKind {
    RecordKind { word, promise, counted, checkpoint: false }
}

static RETRIES: Retries = Retries {
    asks: &["prepare"],
    again: Again::Timer("again"),
    gives_up: Some("vote"),
    asked: Some("participants"),
    keeps: &["participants"],
    sets: &[("clients", "0"), ("ask-again", "on")],
};

static META: Meta = Meta {
    id: "2pc",
    source: "Bernstein, Hadzilacos, Goodman 1987, ch. 7; Mohan, Lindsay, Obermarck 1986",
    family: "commit",
    roles: &[
        RoleKind { word: "coordinator", votes: false, decides: true, hub: true, client: false },
        RoleKind { word: "participant", votes: true, decides: true, hub: false, client: false },
        RoleKind { word: "client", votes: false, decides: false, hub: false, client: true },
    ],
    messages: &[
        message("prepare", "P", Style::Request),
        message("yes", "Y", Style::Vote),
        refusal("no", "N", Style::Vote),
        message("read-only", "R", Style::Vote),
        message("commit", "C", Style::Decision),
        refusal("abort", "A", Style::Decision),
        message("ack", "K", Style::Ack),
        message("inquiry", "?", Style::Inquiry),
        message("decision-req", "D", Style::Inquiry),
        message("heuristic", "H", Style::Ack),
        message("ask", "+", Style::Client),
        message("withdraw", "−", Style::Client),
        message("done", "=", Style::Client),
    ],
    records: &[
        record("start", false, true),
        record("collecting", false, true),
        record("prepared", true, true),
        record("commit", false, true),
        record("abort", false, true),
        record("end", false, true),
        record("heur-commit", false, true),
        record("heur-abort", false, true),
        record("forget", false, true),
        record("deposit", false, false),
        RecordKind { checkpoint: true, ..record("checkpoint", false, false) },
    ],
    timers: &[
        timer("vote", false),
        timer("prepare", false),
        TimerKind { word: "decision", local: false, decides: false, forgets: false },
        TimerKind { word: "ack", local: false, decides: false, forgets: false },
        TimerKind { word: "again", local: false, decides: false, forgets: false },
    ],
    verbs: &[
        verb("begin", ArgKind::None, true, false),
        verb("refuse", ArgKind::None, false, false),
        verb("heuristic-commit", ArgKind::None, false, true),
        verb("heuristic-abort", ArgKind::None, false, true),
        verb("forget", ArgKind::None, false, true),
        verb("ask", ArgKind::Node, false, false),
        verb("give-up", ArgKind::None, false, false),
        verb("decide-alone", ArgKind::None, false, false),
        verb("ask-peers", ArgKind::None, false, false),
        verb("checkpoint", ArgKind::None, false, false),
    ],
    phases: &[
        phase("not-begun"),
        phase("collecting"),
        phase("committing"),
        phase("aborting"),
        phase("ended"),
        phase("no-record"),
        phase("working"),
        phase("prepared"),
        phase("forgotten"),
        phase("committed"),
        phase("aborted"),
        phase("heur-committed"),
        phase("heur-aborted"),
        phase("idle"),
        phase("waits"),
    ],
    params: &[
        range("participants", 1, 8, 2),
        choice("presumption", &["nothing", "abort", "commit"], 1),
        ParamSpec {
            key: "votes",
            kind: ParamKind::Each(&["yes", "no", "read-only"]),
            default: 0,
            group: "protocol",
        },
        switch("cooperative", false),
        range("clients", 0, 2, 1),
        switch("start-record", false),
        switch("abort-record", true),
        mistake("skip-prepared-force"),
        mistake("skip-commit-force"),
        mistake("skip-collecting-force"),
        mistake("ack-commit-unforced"),
        mistake("forget-commit-early"),
        mistake("forget-abort-early"),
        mistake("ack-abort-unforced"),
        mistake("await-yes-only"),
        mistake("timeout-aborts"),
        mistake("timeout-commits"),
        switch("checkpoints", false),
        switch("ask-again", false),
    ],
    properties: COMMITMENT,
    rules: &[],
    retries: Some(&RETRIES),
    conflict: |params| {
        let both = params.on(param::TIMEOUT_ABORTS) && params.on(param::TIMEOUT_COMMITS);
        both.then_some("2pc.conflict.timeouts")
    },
};

/// What a node answers, or may forget, when it has no record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Presumption {
    Nothing,
    Abort,
    Commit,
}

/// The parameters, by name.
#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn presumption(self) -> Presumption {
        match self.0.get(param::PRESUMPTION) {
            0 => Presumption::Nothing,
            1 => Presumption::Abort,
            _ => Presumption::Commit,
        }
    }

    fn is(self, presumption: Presumption) -> bool {
        self.presumption() == presumption
    }

    fn on(self, at: usize) -> bool {
        self.0.on(at)
    }

    fn participants(self) -> usize {
        usize::from(self.0.get(param::PARTICIPANTS))
    }

    /// How the `i`-th participant will vote if asked.
    fn will(self, i: usize) -> Will {
        match self.0.each(param::VOTES, i) {
            0 => Will::Yes,
            1 => Will::No,
            _ => Will::ReadOnly,
        }
    }

    /// Whether the `i`-th participant votes that it changed nothing, and then is no longer part of it.
    fn leaves_at_vote(self, i: usize) -> bool {
        self.will(i) == Will::ReadOnly && !self.is(Presumption::Nothing)
    }

    /// At which participants the transaction changes anything.
    fn changes(self) -> Vec<bool> {
        (0..self.participants()).map(|i| self.will(i) != Will::ReadOnly).collect()
    }

    /// Whether a decision is acknowledged.
    fn acknowledged(self, outcome: Outcome) -> bool {
        match self.presumption() {
            Presumption::Nothing => true,
            Presumption::Abort => outcome == Outcome::Commit,
            Presumption::Commit => outcome == Outcome::Abort,
        }
    }

    /// Whether a mistake that is switched on lets the coordinator forget without a receipt.
    fn forgets_early(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Commit => self.on(param::FORGET_COMMIT_EARLY),
            Outcome::Abort => self.is(Presumption::Commit) && self.on(param::FORGET_ABORT_EARLY),
        }
    }

    /// What is answered without a record.
    fn presumed(self) -> Outcome {
        if self.is(Presumption::Commit) { Outcome::Commit } else { Outcome::Abort }
    }
}

/// How a participant will vote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Will {
    Yes,
    No,
    ReadOnly,
}

/// A node of two-phase commit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum TwoPhase {
    /// Asks, decides, tells.
    Coordinator(Coordinator),
    /// Promises and obeys.
    Participant(Participant),
    /// Wants a lock that a participant holds.
    Client(Client),
}

fn coordinator(ctx: &Ctx) -> NodeId {
    ctx.playing(COORDINATOR).next().expect("there is a coordinator")
}

fn participants<'a>(ctx: &'a Ctx) -> impl Iterator<Item = NodeId> + 'a {
    ctx.playing(PARTICIPANT)
}

/// The place of a participant among the participants.
fn place(ctx: &Ctx, id: NodeId) -> usize {
    participants(ctx).position(|p| p == id).expect("a participant")
}

impl Role for TwoPhase {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let mut nodes = vec![NodeSpec::new("C", COORDINATOR)];
        nodes.extend(
            (1..=params.get(param::PARTICIPANTS)).map(|i| NodeSpec::new(format!("P{i}"), PARTICIPANT)),
        );
        match params.get(param::CLIENTS) {
            1 => nodes.push(NodeSpec::new("K", CLIENT)),
            n => nodes.extend((1..=n).map(|i| NodeSpec::new(format!("K{i}"), CLIENT))),
        }
        nodes
    }

    /// Participants that vote alike. Their accounts hold different sums, which only money tells apart.
    fn interchangeable(params: &Params) -> Vec<Vec<NodeId>> {
        let votes = |i: usize| params.each(param::VOTES, i);
        let all = 0..usize::from(params.get(param::PARTICIPANTS));
        let alike =
            |vote: u16| all.clone().filter(|i| votes(*i) == vote).map(|i| NodeId(1 + i as u8)).collect();
        (0..3).map(alike).collect()
    }

    fn renamed(&self, names: &Names) -> Self {
        match self {
            TwoPhase::Coordinator(c) => TwoPhase::Coordinator(c.renamed(names)),
            TwoPhase::Client(k) => TwoPhase::Client(k.renamed(names)),
            TwoPhase::Participant(_) => self.clone(),
        }
    }

    fn resource(resource: Resource) -> String {
        bank::account_name(usize::from(resource.0))
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        match ctx.role() {
            COORDINATOR => TwoPhase::Coordinator(Coordinator::boot(ctx, log, out)),
            PARTICIPANT => TwoPhase::Participant(Participant::boot(ctx, log, out)),
            _ => TwoPhase::Client(Client::default()),
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match self {
            TwoPhase::Coordinator(c) => c.on(ctx, input, out),
            TwoPhase::Participant(p) => p.on(ctx, input, out),
            TwoPhase::Client(k) => k.on(input, out),
        }
    }

    fn on_reading(&mut self, ctx: &Ctx, input: Input<Msg>, log: &[Rec], out: &mut Out<Self>) {
        match input {
            Input::Command(Command { verb: CHECKPOINT, .. }) => {
                out.force(Rec::Checkpoint(Snapshot::of(ctx, log)));
            }
            other => self.on(ctx, other, out),
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let mut offers = match self {
            TwoPhase::Coordinator(c) => c.offers(),
            TwoPhase::Participant(p) => p.offers(ctx),
            TwoPhase::Client(k) => return k.offers(ctx),
        };
        if Config(ctx.params).on(param::CHECKPOINTS) {
            offers.push(Offer::new(CHECKPOINT, None));
        }
        offers
    }

    fn status(&self, ctx: &Ctx, log: &[Rec]) -> Status {
        match self {
            TwoPhase::Coordinator(c) => c.status(ctx),
            TwoPhase::Participant(p) => p.status(ctx, log),
            TwoPhase::Client(k) => k.status(ctx),
        }
    }

    fn blocked(scene: &Scene, node: NodeId) -> Option<Blocked> {
        blocked::blocked(scene, node)
    }
}
