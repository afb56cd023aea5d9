//! Two-phase commit as Gray and Lamport specify it: as small as it can be and still be two-phase commit.
//!
//! Resource managers prepare or abort of their own accord. The transaction manager commits once all have told
//! it that they are prepared, and may abort at any time before. Nobody asks, nobody confirms and nobody asks
//! again: messages are never removed from the network, so that one that was sent can arrive at any time, any
//! number of times, or never.
//!
//! Source: Gray and Lamport, *Consensus on Transaction Commit*, TODS 31(1), 2006, section 3, and the module
//! TwoPhase.tla that goes with it.
//!
//! As long as nobody crashes, a node here is a function of the state there: one step here is one step there,
//! and there are as many worlds (288 for three resource managers). Hence two things that look odd. Choosing
//! to abort casts no vote, since nobody could tell it from being told to abort. And whatever is an action
//! there although it changes nothing has an effect here: a decision is decided again, a timer armed again.
//!
//! The paper leaves out crashes. Here promises and decisions are forced to a log, and coming back means to say
//! again what the log says. What the transaction manager has heard is not on its log: it has to hear it again.

use crate::order::Set;
use crate::protocol::plain::{message, phase, range, refusal};
use crate::protocol::{
    Ballot, Blocked, COMMITMENT, Ctx, Input, Message, Meta, Names, NodeId, NodeSpec, Offer, Out, Outcome,
    Params, Receipt, Record, RecordKind, Resource, Role, RoleKind, Stance, Status, Style, Tally, Timer,
    TimerKind, Vote,
};
use crate::sim::{Life, Scene};
use crate::worlds::bank::{self, Till};
use serde::{Deserialize, Serialize};

const PARTICIPANTS: usize = 0;

const MANAGER: u8 = 0;
const RESOURCE: u8 = 1;

/// A resource manager's step to being prepared.
const PREPARE: Timer = Timer(0);
/// A resource manager's choice to abort.
const CHOOSE_ABORT: Timer = Timer(1);
/// The transaction manager's commit.
const COMMIT: Timer = Timer(2);
/// The transaction manager's abort.
const ABORT: Timer = Timer(3);

const fn step(word: &'static str, decides: bool) -> TimerKind {
    TimerKind { word, local: true, decides, forgets: false }
}

const fn record(word: &'static str, promise: bool) -> RecordKind {
    RecordKind { word, promise, counted: true, checkpoint: false }
}

static META: Meta = Meta {
    id: "tp",
    source: "Gray, Lamport 2006, section 3; TwoPhase.tla",
    family: "commit",
    roles: &[
        RoleKind { word: "transaction-manager", votes: false, decides: true, hub: true, client: false },
        RoleKind { word: "resource-manager", votes: true, decides: true, hub: false, client: false },
    ],
    messages: &[
        message("prepared", "P", Style::Vote),
        message("commit", "C", Style::Decision),
        refusal("abort", "A", Style::Decision),
    ],
    records: &[record("prepared", true), record("commit", false), record("abort", false)],
    timers: &[step("prepare", false), step("choose-abort", true), step("commit", true), step("abort", true)],
    verbs: &[],
    phases: &[phase("init"), phase("working"), phase("prepared"), phase("committed"), phase("aborted")],
    params: &[range("participants", 1, 10, 3)],
    properties: COMMITMENT,
    rules: &[("messages", "kept")],
    retries: None,
    conflict: |_| None,
};

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// I can commit, and no longer choose to abort.
    Prepared,
    /// The decision.
    Decision(Outcome),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Prepared => "prepared",
            Msg::Decision(Outcome::Commit) => "commit",
            Msg::Decision(Outcome::Abort) => "abort",
        }
    }
}

/// What nodes write down; all of it is forced.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// The promise.
    Prepared,
    /// The decision.
    Decision(Outcome),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Prepared => "prepared",
            Rec::Decision(Outcome::Commit) => "commit",
            Rec::Decision(Outcome::Abort) => "abort",
        }
    }
}

/// A node of the specification.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum LamportTwoPhase {
    /// `tmState` and `tmPrepared`.
    Manager {
        /// What it decided; `None` is `"init"`.
        decided: Option<Outcome>,
        /// The resource managers that it knows to be prepared.
        prepared: Set<NodeId>,
    },
    /// `rmState[r]`.
    Resource(ResourceState),
}

/// Where a resource manager stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum ResourceState {
    /// It has promised nothing.
    Working,
    /// It has promised.
    Prepared,
    /// It was told, or chose to abort.
    Decided(Outcome),
}

fn manager(ctx: &Ctx) -> NodeId {
    ctx.playing(MANAGER).next().expect("there is a transaction manager")
}

fn resources<'a>(ctx: &'a Ctx) -> impl Iterator<Item = NodeId> + 'a {
    ctx.playing(RESOURCE)
}

impl Role for LamportTwoPhase {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    // Resource managers first: whoever looks for something to do finds their steps before an abort.
    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let resources = (1..=params.get(PARTICIPANTS)).map(|i| NodeSpec::new(format!("R{i}"), RESOURCE));
        resources.chain([NodeSpec::new("TM", MANAGER)]).collect()
    }

    /// All resource managers. Their accounts hold different sums, which only money tells apart.
    fn interchangeable(params: &Params) -> Vec<Vec<NodeId>> {
        vec![(0..params.get(PARTICIPANTS) as u8).map(NodeId).collect()]
    }

    fn renamed(&self, names: &Names) -> Self {
        match self {
            LamportTwoPhase::Manager { decided, prepared } => {
                LamportTwoPhase::Manager { decided: *decided, prepared: names.set(prepared) }
            }
            LamportTwoPhase::Resource(_) => self.clone(),
        }
    }

    fn resource(resource: Resource) -> String {
        bank::account_name(usize::from(resource.0))
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        match ctx.role() {
            MANAGER => boot_manager(ctx, log, out),
            _ => LamportTwoPhase::Resource(boot_resource(ctx, log, out)),
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match self {
            LamportTwoPhase::Manager { decided, prepared } => on_manager(ctx, decided, prepared, input, out),
            LamportTwoPhase::Resource(state) => on_resource(ctx, state, input, out),
        }
    }

    fn offers(&self, _ctx: &Ctx) -> Vec<Offer> {
        Vec::new()
    }

    fn status(&self, ctx: &Ctx, log: &[Rec]) -> Status {
        match self {
            LamportTwoPhase::Manager { decided, prepared } => manager_status(ctx, *decided, prepared),
            LamportTwoPhase::Resource(state) => resource_status(ctx, *state, log),
        }
    }

    fn blocked(scene: &Scene, node: NodeId) -> Option<Blocked> {
        blocked(scene, node)
    }
}

fn boot_manager(ctx: &Ctx, log: &[Rec], out: &mut Out<LamportTwoPhase>) -> LamportTwoPhase {
    let decided = decision(log);
    match decided {
        // It may have died before it told anybody.
        Some(outcome) => tell(ctx, outcome, out),
        None => out.arm(ABORT),
    }
    LamportTwoPhase::Manager { decided, prepared: Set::new() }
}

fn boot_resource(ctx: &Ctx, log: &[Rec], out: &mut Out<LamportTwoPhase>) -> ResourceState {
    if let Some(outcome) = decision(log) {
        return ResourceState::Decided(outcome);
    }
    if log.contains(&Rec::Prepared) {
        out.send_after("prepared", manager(ctx), Msg::Prepared);
        return ResourceState::Prepared;
    }
    if ctx.first_boot {
        out.arm(PREPARE);
        out.arm(CHOOSE_ABORT);
        return ResourceState::Working;
    }
    // What it had done is gone, and it has promised nothing.
    end(Outcome::Abort, out)
}

/// The decision on a log.
fn decision(log: &[Rec]) -> Option<Outcome> {
    log.iter().find_map(|r| match r {
        Rec::Decision(outcome) => Some(*outcome),
        Rec::Prepared => None,
    })
}

fn tell(ctx: &Ctx, outcome: Outcome, out: &mut Out<LamportTwoPhase>) {
    let record = Rec::Decision(outcome);
    for r in resources(ctx) {
        out.send_after(record.word(), r, Msg::Decision(outcome));
    }
}

fn on_manager(
    ctx: &Ctx,
    decided: &mut Option<Outcome>,
    prepared: &mut Set<NodeId>,
    input: Input<Msg>,
    out: &mut Out<LamportTwoPhase>,
) {
    let outcome = match input {
        Input::Message { from, msg: Msg::Prepared } if decided.is_none() => {
            prepared.insert(from);
            // It goes on waiting, and may still abort.
            out.arm(ABORT);
            if prepared.len() == resources(ctx).count() {
                out.arm(COMMIT);
            }
            return;
        }
        Input::Timer(COMMIT) => {
            out.cancel(ABORT);
            Outcome::Commit
        }
        Input::Timer(ABORT) => {
            out.cancel(COMMIT);
            Outcome::Abort
        }
        Input::Message { .. } | Input::Timer(_) | Input::Command(_) => return,
    };
    *decided = Some(outcome);
    out.force(Rec::Decision(outcome));
    out.decide(outcome);
    tell(ctx, outcome, out);
}

fn on_resource(ctx: &Ctx, state: &mut ResourceState, input: Input<Msg>, out: &mut Out<LamportTwoPhase>) {
    match input {
        Input::Timer(PREPARE) => {
            *state = ResourceState::Prepared;
            out.cancel(CHOOSE_ABORT);
            out.force(Rec::Prepared);
            out.vote(Vote::Yes);
            out.send_after("prepared", manager(ctx), Msg::Prepared);
        }
        Input::Timer(CHOOSE_ABORT) => {
            out.cancel(PREPARE);
            *state = end(Outcome::Abort, out);
        }
        Input::Message { msg: Msg::Decision(outcome), .. } => match *state {
            // It has heard it before, and it changes nothing.
            ResourceState::Decided(_) => out.decide(outcome),
            ResourceState::Working => {
                out.cancel(PREPARE);
                out.cancel(CHOOSE_ABORT);
                *state = end(outcome, out);
            }
            ResourceState::Prepared => *state = end(outcome, out),
        },
        Input::Message { .. } | Input::Timer(_) | Input::Command(_) => {}
    }
}

/// How a resource manager ends.
fn end(outcome: Outcome, out: &mut Out<LamportTwoPhase>) -> ResourceState {
    out.force(Rec::Decision(outcome));
    out.decide(outcome);
    ResourceState::Decided(outcome)
}

fn stance(outcome: Outcome) -> (&'static str, Stance) {
    match outcome {
        Outcome::Commit => ("committed", Stance::Committed),
        Outcome::Abort => ("aborted", Stance::Aborted),
    }
}

fn manager_status(ctx: &Ctx, decided: Option<Outcome>, prepared: &Set<NodeId>) -> Status {
    let (phase, stance) = decided.map_or(("init", Stance::Working), stance);
    let all = resources(ctx).count() == prepared.len();
    let vote = |node| prepared.contains(&node).then_some(Vote::Yes);
    Status {
        tally: Some(match decided {
            Some(Outcome::Commit) => Tally::AllYes,
            Some(Outcome::Abort) => Tally::Refused,
            None if all => Tally::AllYes,
            None => Tally::Open,
        }),
        votes: resources(ctx).map(|node| Ballot { node, vote: vote(node), receipt: Receipt::None }).collect(),
        ..Status::new(phase, stance)
    }
}

fn resource_status(ctx: &Ctx, state: ResourceState, log: &[Rec]) -> Status {
    let (phase, stance) = match state {
        ResourceState::Working => ("working", Stance::Working),
        ResourceState::Prepared => ("prepared", Stance::InDoubt),
        ResourceState::Decided(outcome) => stance(outcome),
    };
    let i = resources(ctx).position(|r| r == ctx.me).expect("a resource manager");
    let open = !matches!(state, ResourceState::Decided(_));
    let applied = decision(log) == Some(Outcome::Commit);
    Status {
        locks: bank::locks(i, &Till::new(open)),
        must_hold: (state == ResourceState::Prepared).then(|| bank::resource(i)).into_iter().collect(),
        accounts: bank::accounts(i, &vec![true; resources(ctx).count()], applied, open, 0),
        ..Status::new(phase, stance)
    }
}

/// Blocked, in closed form. Only the transaction manager ever tells, and only once: it can tell as long as it
/// has not decided, and afterwards only what it has sent can.
fn blocked(scene: &Scene, node: NodeId) -> Option<Blocked> {
    let hub = scene.ids().find(|id| scene.kind(*id).hub).expect("there is a transaction manager");
    let told = scene.deliverable_to(node).any(|f| f.style == Style::Decision);
    let undecided = scene.node(hub).status.stance == Stance::Working;
    let why = match (scene.node(hub).life, scene.linked(node, hub)) {
        _ if told => return None,
        (Life::Up, true) if undecided => return None,
        (Life::Down, _) => "down",
        (Life::Paused, _) => "paused",
        (Life::Up, false) => "cut",
        (Life::Up, true) => "lost",
    };
    Some(Blocked { why, on: vec![hub] })
}
