//! Two-phase commit as three articles have it: run as written, each breaks what it promises.
//!
//! - `self-confirming`: every participant asks the coordinator to commit, and the coordinator always says
//!   yes, whatever the others did. A participant that never prepared answers "Not Prepared". Breaks AC1, AC3.
//! - `execute-first`: phase one sends the request, phase two executes and reports; the transaction "failed"
//!   if one did, and those that executed stay executed. Breaks conservation and AC1.
//! - `calls-itself`: `prepare` calls `commit`, which calls `commit`, which calls `commit`. Never ends, and
//!   commits before the second participant has been asked. Breaks AC3.
//!
//! None of them writes a promise to a log or waits for one. Method calls between objects are messages here,
//! since the objects are on different machines.

use crate::order::Map;
use crate::protocol::plain::{choice, message, phase, range, record, refusal, verb};
use crate::protocol::{
    Ballot, COMMITMENT, Command, Ctx, Input, Message, Meta, NodeId, NodeSpec, Offer, Out, Outcome, ParamKind,
    ParamSpec, Params, Receipt, Record, Resource, Role, RoleKind, Stance, Status, Style, Tally, Vote,
};
use crate::worlds::bank;
use serde::{Deserialize, Serialize};

const ARTICLE: usize = 0;
const PARTICIPANTS: usize = 1;
const CAN: usize = 2;

const COORDINATOR: u8 = 0;
const PARTICIPANT: u8 = 1;

const BEGIN: u8 = 0;
const PREPARE: u8 = 1;
const COMMIT: u8 = 2;

/// After how many rounds of the same call the run is called endless.
const ROUNDS: u8 = 3;

static META: Meta = Meta {
    id: "as-written",
    source: "three articles on distributed transactions, as published",
    family: "commit",
    roles: &[
        RoleKind { word: "coordinator", votes: false, decides: true, hub: true, client: false },
        RoleKind { word: "participant", votes: true, decides: true, hub: false, client: false },
    ],
    messages: &[
        message("prepare", "P", Style::Request),
        message("prepared", "Y", Style::Vote),
        message("execute", "E", Style::Request),
        message("done", "Y", Style::Vote),
        refusal("failed", "N", Style::Vote),
        message("may-i-commit", "?", Style::Inquiry),
        message("commit", "C", Style::Decision),
    ],
    records: &[record("executed")],
    timers: &[],
    verbs: &[verb("begin", true), verb("prepare", false), verb("commit", false)],
    phases: &[
        phase("not-begun"),
        phase("asking"),
        phase("succeeded"),
        phase("failed"),
        phase("working"),
        phase("prepared"),
        phase("committed"),
        phase("not-prepared"),
    ],
    params: &[
        choice("article", &["self-confirming", "execute-first", "calls-itself"], 0),
        range("participants", 2, 8, 2),
        ParamSpec { key: "can", kind: ParamKind::Each(&["yes", "no"]), default: 0, group: "protocol" },
    ],
    properties: COMMITMENT,
    rules: &[],
    retries: None,
    conflict: |_| None,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Article {
    SelfConfirming,
    ExecuteFirst,
    CallsItself,
}

fn article(params: &Params) -> Article {
    match params.get(ARTICLE) {
        0 => Article::SelfConfirming,
        1 => Article::ExecuteFirst,
        _ => Article::CallsItself,
    }
}

/// What the objects call each other for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// `participant.prepare()`
    Prepare,
    /// `coordinator.prepare(self)`
    Prepared,
    /// "Execute the transaction."
    Execute,
    /// It did.
    Done,
    /// It could not.
    Failed,
    /// `coordinator.commit(self)`
    MayICommit,
    /// "Committed", or `participant.commit()`
    Commit,
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Prepare => "prepare",
            Msg::Prepared => "prepared",
            Msg::Execute => "execute",
            Msg::Done => "done",
            Msg::Failed => "failed",
            Msg::MayICommit => "may-i-commit",
            Msg::Commit => "commit",
        }
    }
}

/// The only thing that lasts: the change itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Executed;

impl Record for Executed {
    fn word(&self) -> &'static str {
        "executed"
    }
}

/// A node of an article's protocol.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum AsWritten {
    /// Has the participants, and says yes.
    Coordinator {
        /// Whether somebody has begun.
        begun: bool,
        /// What it heard, by participant.
        heard: Map<NodeId, bool>,
    },
    /// Does as it likes.
    Participant {
        /// The attribute `prepared`.
        prepared: bool,
        /// How it ended.
        ended: Option<Outcome>,
        /// How often it was told to commit.
        rounds: u8,
    },
}

fn coordinator(ctx: &Ctx) -> NodeId {
    ctx.playing(COORDINATOR).next().expect("there is a coordinator")
}

fn place(ctx: &Ctx, id: NodeId) -> usize {
    ctx.playing(PARTICIPANT).position(|p| p == id).expect("a participant")
}

impl Role for AsWritten {
    type Msg = Msg;
    type Record = Executed;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let participants =
            (1..=params.get(PARTICIPANTS)).map(|i| NodeSpec::new(format!("P{i}"), PARTICIPANT));
        [NodeSpec::new("C", COORDINATOR)].into_iter().chain(participants).collect()
    }

    fn resource(resource: Resource) -> String {
        bank::account_name(usize::from(resource.0))
    }

    fn boot(ctx: &Ctx, log: &[Executed], _out: &mut Out<Self>) -> Self {
        match ctx.role() {
            COORDINATOR => AsWritten::Coordinator { begun: !ctx.first_boot, heard: Map::new() },
            _ => {
                let ended = (!log.is_empty()).then_some(Outcome::Commit);
                AsWritten::Participant { prepared: false, ended, rounds: 0 }
            }
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match self {
            AsWritten::Coordinator { begun, heard } => {
                on_coordinator(ctx, begun, heard, input, out);
            }
            AsWritten::Participant { prepared, ended, rounds } => {
                on_participant(ctx, prepared, ended, rounds, input, out);
            }
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match (self, article(ctx.params)) {
            (AsWritten::Coordinator { .. }, Article::SelfConfirming) => Vec::new(),
            (AsWritten::Coordinator { begun, .. }, _) => {
                vec![Offer::new(BEGIN, begun.then_some("already-begun"))]
            }
            (AsWritten::Participant { prepared, ended, .. }, Article::SelfConfirming) => vec![
                Offer::new(PREPARE, (*prepared || ended.is_some()).then_some("already-prepared")),
                Offer::new(COMMIT, ended.is_some().then_some("already-ended")),
            ],
            (AsWritten::Participant { .. }, _) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, log: &[Executed]) -> Status {
        match self {
            AsWritten::Coordinator { begun, heard } => coordinator_status(ctx, *begun, heard),
            AsWritten::Participant { prepared, ended, .. } => {
                let (phase, stance) = match (ended, prepared) {
                    (Some(Outcome::Commit), _) => ("committed", Stance::Committed),
                    (Some(Outcome::Abort), _) => ("not-prepared", Stance::Aborted),
                    (None, true) => ("prepared", Stance::Working),
                    (None, false) => ("working", Stance::Working),
                };
                let all = vec![true; usize::from(ctx.params.get(PARTICIPANTS))];
                let accounts = bank::accounts(place(ctx, ctx.me), &all, !log.is_empty(), ended.is_none(), 0);
                Status { accounts, ..Status::new(phase, stance) }
            }
        }
    }
}

fn on_coordinator(
    ctx: &Ctx,
    begun: &mut bool,
    heard: &mut Map<NodeId, bool>,
    input: Input<Msg>,
    out: &mut Out<AsWritten>,
) {
    let all = ctx.playing(PARTICIPANT).count();
    match input {
        Input::Command(_) => {
            *begun = true;
            match article(ctx.params) {
                Article::ExecuteFirst => {
                    for p in ctx.playing(PARTICIPANT) {
                        out.send(p, Msg::Execute);
                    }
                }
                // coordinator.prepare(participant1) has to return before participant2 is asked.
                Article::CallsItself => {
                    if let Some(first) = ctx.playing(PARTICIPANT).next() {
                        out.send(first, Msg::Prepare);
                    }
                }
                Article::SelfConfirming => {}
            }
        }
        Input::Message { from, msg: Msg::Prepared } => {
            heard.insert(from, true);
        }
        // "Committed", to everybody, always.
        Input::Message { from, msg: Msg::MayICommit } => out.send(from, Msg::Commit),
        Input::Message { from, msg: msg @ (Msg::Done | Msg::Failed) } => {
            heard.insert(from, msg == Msg::Done);
            if heard.len() == all {
                let success = heard.values().all(|ok| *ok);
                out.decide(if success { Outcome::Commit } else { Outcome::Abort });
            }
        }
        Input::Message { .. } | Input::Timer(_) => {}
    }
}

fn on_participant(
    ctx: &Ctx,
    prepared: &mut bool,
    ended: &mut Option<Outcome>,
    rounds: &mut u8,
    input: Input<Msg>,
    out: &mut Out<AsWritten>,
) {
    let c = coordinator(ctx);
    match input {
        Input::Command(Command { verb: PREPARE, .. }) => {
            *prepared = true;
            out.vote(Vote::Yes);
            out.send(c, Msg::Prepared);
        }
        Input::Command(_) if *prepared => out.send(c, Msg::MayICommit),
        // return "Not Prepared"
        Input::Command(_) => {
            *ended = Some(Outcome::Abort);
            out.decide(Outcome::Abort);
        }
        Input::Message { msg: Msg::Prepare, .. } => {
            *prepared = true;
            out.vote(Vote::Yes);
            out.send(c, Msg::MayICommit);
        }
        Input::Message { msg: Msg::Execute, .. } => match ctx.params.each(CAN, place(ctx, ctx.me)) {
            0 => {
                execute(ended, out);
                out.vote(Vote::Yes);
                out.send(c, Msg::Done);
            }
            _ => {
                *ended = Some(Outcome::Abort);
                out.vote(Vote::No);
                out.decide(Outcome::Abort);
                out.send(c, Msg::Failed);
            }
        },
        Input::Message { msg: Msg::Commit, .. } => {
            execute(ended, out);
            if article(ctx.params) == Article::CallsItself {
                *rounds = (*rounds + 1).min(ROUNDS);
                if *rounds == ROUNDS {
                    out.alarm("livelock");
                }
                out.send(c, Msg::MayICommit);
            }
        }
        Input::Message { .. } | Input::Timer(_) => {}
    }
}

fn execute(ended: &mut Option<Outcome>, out: &mut Out<AsWritten>) {
    if ended.is_none() {
        *ended = Some(Outcome::Commit);
        out.force(Executed);
        out.decide(Outcome::Commit);
    }
}

fn coordinator_status(ctx: &Ctx, begun: bool, heard: &Map<NodeId, bool>) -> Status {
    let all = ctx.playing(PARTICIPANT).count();
    let refused = heard.values().any(|ok| !ok);
    let complete = heard.len() == all;
    let tally = match (refused, complete) {
        (true, _) => Tally::Refused,
        (false, true) => Tally::AllYes,
        (false, false) => Tally::Open,
    };
    let (phase, stance) =
        match (begun || !heard.is_empty(), complete && article(ctx.params) == Article::ExecuteFirst) {
            (false, _) => ("not-begun", Stance::Idle),
            (true, false) => ("asking", Stance::Idle),
            (true, true) if refused => ("failed", Stance::Aborted),
            (true, true) => ("succeeded", Stance::Committed),
        };
    let ballot = |node| Ballot {
        node,
        vote: heard.get(&node).map(|ok| if *ok { Vote::Yes } else { Vote::No }),
        receipt: Receipt::None,
    };
    Status {
        tally: Some(tally),
        votes: ctx.playing(PARTICIPANT).map(ballot).collect(),
        ..Status::new(phase, stance)
    }
}
