//! One node of a world: what it is, and what comes of what reaches it. Nothing here knows of other nodes, so a
//! search may work out each case once.

use super::{Facts, Life, Refusal, Setup, Tail, Torn};
use crate::order::Set;
use crate::protocol::{Ctx, Effect, Input, NodeId, NodeSpec, Out, Record, Role, Status, Timer};
use serde::Serialize;
use std::rc::Rc;

/// What does not change during a run.
pub(crate) struct Cast {
    pub setup: Rc<Setup>,
    pub nodes: Vec<NodeSpec>,
}

/// Everything about one node. What it does depends on nothing else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(bound = "R: Role")]
pub(crate) struct Local<R: Role> {
    pub life: Life,
    /// `None` exactly while the node is down.
    pub role: Option<R>,
    pub log: Vec<R::Record>,
    /// How many records at the front of the log a crash leaves.
    pub durable: usize,
    pub timers: Set<Timer>,
    pub facts: Facts,
}

impl Cast {
    pub fn ctx(&self, me: NodeId, first_boot: bool) -> Ctx<'_> {
        Ctx { me, nodes: &self.nodes, params: &self.setup.params, first_boot }
    }
}

impl<R: Role> Local<R> {
    /// What it says of itself; when it is down, what its log would have it say.
    pub fn status(&self, cast: &Cast, id: NodeId) -> Status {
        let ctx = cast.ctx(id, false);
        match &self.role {
            Some(role) => role.status(&ctx, &self.log),
            None => R::boot(&ctx, &self.log, &mut Out::default()).status(&ctx, &self.log),
        }
    }
}

/// What makes a handler run.
pub(crate) enum Cause<M> {
    Boot { first: bool },
    Input(Input<M>),
}

pub(crate) type Effects<R> = Vec<Effect<<R as Role>::Msg, <R as Role>::Record>>;

/// Unforced records at a crash: those that are lost, and those that happened to survive.
pub(crate) type Unforced<R> = (Vec<<R as Role>::Record>, Vec<<R as Role>::Record>);

/// What came of a handler: the node afterwards, what it sent, and how far it got.
pub(crate) struct Handled<R: Role> {
    pub local: Local<R>,
    pub sends: Vec<(NodeId, R::Msg)>,
    pub effects: Effects<R>,
    pub done: usize,
    pub lost: Option<Unforced<R>>,
}

/// Runs the role's code, and says how the role comes out and what it asked for.
pub(crate) fn run<R: Role>(
    cast: &Cast,
    id: NodeId,
    before: &Local<R>,
    cause: &Cause<R::Msg>,
) -> (R, Effects<R>) {
    let once = || {
        let mut out = Out::default();
        let role = match cause {
            Cause::Boot { first } => R::boot(&cast.ctx(id, *first), &before.log, &mut out),
            Cause::Input(input) => {
                let mut role = before.role.clone().expect("a node that is up has a role");
                role.on_reading(&cast.ctx(id, false), input.clone(), &before.log, &mut out);
                role
            }
        };
        (role, out.into_effects())
    };
    let ran = once();
    #[cfg(debug_assertions)]
    assert!(once() == ran, "a handler must be pure");
    ran
}

/// What comes of a handler that ran, whole or torn.
pub(crate) fn finish<R: Role>(
    before: &Local<R>,
    cause: &Cause<R::Msg>,
    (role, effects): (R, Effects<R>),
    torn: Option<Torn>,
) -> Result<Handled<R>, Refusal> {
    let done = match torn {
        None => effects.len(),
        Some(t) => cut_after(&effects, t.after)?,
    };
    let mut local = before.clone();
    local.life = Life::Up;
    if let Cause::Input(Input::Timer(t)) = cause {
        local.timers.remove(t);
    }
    local.role = Some(role);
    let sends = carry_out(&mut local, &effects[..done]);
    let lost = torn.map(|t| wipe(&mut local, t.tail));
    Ok(Handled { local, sends, effects, done, lost })
}

/// How many effects happen when the node dies after its `after`-th cut-off point.
fn cut_after<M, R>(effects: &[Effect<M, R>], after: u8) -> Result<usize, Refusal> {
    if after == 0 {
        return Ok(0);
    }
    let mut cuts = 0;
    for (i, effect) in effects.iter().enumerate() {
        if effect.is_cut() {
            if cuts == after {
                return Ok(i);
            }
            cuts += 1;
        }
    }
    if cuts == after { Ok(effects.len()) } else { Err(Refusal::TornTooLate { cuts }) }
}

/// Does what a handler asked for at its own node, and returns what it sent.
fn carry_out<R: Role>(local: &mut Local<R>, effects: &[Effect<R::Msg, R::Record>]) -> Vec<(NodeId, R::Msg)> {
    let mut sends = Vec::new();
    for effect in effects {
        match effect {
            Effect::Append(r) => local.log.push(r.clone()),
            Effect::Force(r) => {
                local.log.push(r.clone());
                local.durable = local.log.len();
                local.facts.harden();
            }
            Effect::Send { to, msg, after } => {
                let safe = |word: &&str| local.log[..local.durable].iter().any(|r| r.word() == *word);
                if let Some(word) = after.filter(|w| !safe(w)) {
                    local.facts.sent_too_early.get_or_insert(word);
                }
                local.facts.settle();
                sends.push((*to, msg.clone()));
            }
            Effect::Arm(t) => drop(local.timers.insert(*t)),
            Effect::Cancel(t) => drop(local.timers.remove(t)),
            Effect::Vote(v) => local.facts.note_vote(*v),
            Effect::Decide(d) => local.facts.decide(*d, local.durable == local.log.len()),
            Effect::Ask(r) => drop(local.facts.asked.insert(*r)),
            Effect::Apply(r) => local.facts.apply(*r, local.durable == local.log.len()),
            Effect::Answer(r) => Facts::count(&mut local.facts.answers, *r),
            Effect::Alarm(w) => drop(local.facts.alarms.insert(w)),
        }
    }
    sends
}

/// A crash: memory goes, and the records that were not durable go or happen to stay.
pub(crate) fn wipe<R: Role>(local: &mut Local<R>, tail: Tail) -> Unforced<R> {
    local.life = Life::Down;
    local.role = None;
    local.timers.clear();
    let unforced = local.log[local.durable..].to_vec();
    match tail {
        Tail::Lost => {
            local.facts.unsettle();
            local.log.truncate(local.durable);
            (unforced, Vec::new())
        }
        Tail::Kept => {
            local.facts.harden();
            local.durable = local.log.len();
            (Vec::new(), unforced)
        }
    }
}
