//! One node of a world: what it is, and what comes of what reaches it. Nothing here knows of other nodes, so a
//! search may work out each case once.

use super::{Facts, Life, Refusal, Setup, Tail, Torn};
use crate::order::Set;
use crate::protocol::{
    AnyMessage, AnyRecord, AnyState, Code, Ctx, Effect, Effects, Input, Meta, NodeId, NodeSpec, Ran, Status,
    Timer,
};
use serde::Serialize;
use std::ops::Range;
use std::rc::Rc;

/// What does not change during a run.
pub(crate) struct Cast {
    pub code: &'static Code,
    pub setup: Rc<Setup>,
    pub nodes: Vec<NodeSpec>,
}

/// Everything about one node. What it does depends on nothing else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Local {
    pub life: Life,
    /// `None` exactly while the node is down.
    pub role: Option<AnyState>,
    pub log: Vec<AnyRecord>,
    /// How many records at the front of the log a crash leaves.
    pub durable: usize,
    pub timers: Set<Timer>,
    pub facts: Facts,
}

impl Cast {
    pub fn ctx(&self, me: NodeId, first_boot: bool) -> Ctx<'_> {
        Ctx { me, nodes: &self.nodes, params: &self.setup.params, first_boot }
    }

    pub fn meta(&self) -> &'static Meta {
        (self.code.meta)()
    }
}

impl Local {
    /// What it says of itself; when it is down, what its log would have it say.
    pub fn status(&self, cast: &Cast, id: NodeId) -> Status {
        let ctx = cast.ctx(id, false);
        match &self.role {
            Some(role) => role.status(&ctx, &self.log),
            None => (cast.code.boot)(&ctx, &self.log).0.status(&ctx, &self.log),
        }
    }
}

/// What makes a handler run.
pub(crate) enum Cause {
    Boot { first: bool },
    Input(Input<AnyMessage>),
}

/// Unforced records at a crash: those that are lost, and those that happened to survive.
pub(crate) type Unforced = (Vec<AnyRecord>, Vec<AnyRecord>);

/// What came of a handler: the node afterwards, what it sent, and how far it got.
pub(crate) struct Handled {
    pub local: Local,
    pub sends: Vec<(NodeId, AnyMessage)>,
    pub effects: Effects,
    pub done: usize,
    pub lost: Option<Unforced>,
}

/// Runs the role's code, and says how the role comes out and what it asked for.
pub(crate) fn run(cast: &Cast, id: NodeId, before: &Local, cause: &Cause) -> Ran {
    let once = || match cause {
        Cause::Boot { first } => (cast.code.boot)(&cast.ctx(id, *first), &before.log),
        Cause::Input(input) => {
            let role = before.role.as_ref().expect("a node that is up has a role");
            role.on(&cast.ctx(id, false), input, &before.log)
        }
    };
    let ran = once();
    #[cfg(debug_assertions)]
    assert!(once() == ran, "a handler must be pure");
    ran
}

/// What comes of a handler that ran, whole or torn.
pub(crate) fn finish(
    before: &Local,
    cause: &Cause,
    (role, mut effects): Ran,
    torn: Option<Torn>,
) -> Result<Handled, Refusal> {
    leave_out_idle(&mut effects, roused(before, cause).timers);
    let done = match torn {
        None => effects.len(),
        Some(t) => {
            let done = cut_after(&effects, t.after)?;
            if t.told != 0 {
                tell_first(&mut effects, done, t.told)?;
            }
            done
        }
    };
    let mut local = roused(before, cause);
    local.role = Some(role);
    let sends = carry_out(&mut local, &effects[..done]);
    let lost = torn.map(|t| wipe(&mut local, t.tail));
    Ok(Handled { local, sends, effects, done, lost })
}

/// The node while the handler runs. A timer that fired is no longer armed.
fn roused(before: &Local, cause: &Cause) -> Local {
    let mut local = before.clone();
    local.life = Life::Up;
    if let Cause::Input(Input::Timer(t)) = cause {
        local.timers.remove(t);
    }
    local
}

/// Stopping a timer that does not run is no effect: nobody should read that it did.
fn leave_out_idle(effects: &mut Effects, mut armed: Set<Timer>) {
    effects.retain(|effect| match effect {
        Effect::Arm(t) => {
            armed.insert(*t);
            true
        }
        Effect::Cancel(t) => armed.remove(t),
        _ => true,
    });
}

/// How many effects happen when the node dies after its `after`-th cut-off point.
fn cut_after(effects: &[Effect<AnyMessage, AnyRecord>], after: u8) -> Result<usize, Refusal> {
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

/// The messages sent in one go around a place to cut: from where to where, and which before it. Between them nothing
/// is written, so they may as well leave in another order.
fn one_go(effects: &[Effect<AnyMessage, AnyRecord>], done: usize) -> Option<Range<usize>> {
    let sent = |e: &&Effect<AnyMessage, AnyRecord>| matches!(e, Effect::Send { .. });
    let before = effects[..done].iter().rev().take_while(sent).count();
    let after = effects[done..].iter().take_while(sent).count();
    (before > 0 && after > 0).then_some(done - before..done + after)
}

/// Whom a message goes to, as a bit by node.
fn receiver(effect: &Effect<AnyMessage, AnyRecord>) -> u16 {
    match effect {
        Effect::Send { to, .. } => 1 << to.0,
        _ => 0,
    }
}

/// All of them as bits, if no two go to the same node.
fn receivers(effects: &[Effect<AnyMessage, AnyRecord>]) -> Option<u16> {
    let add = |all: u16, e| (all & receiver(e) == 0).then_some(all | receiver(e));
    effects.iter().try_fold(0, add)
}

/// Lets messages to `told` leave before the others of the same go, so that they are the ones before the cut.
fn tell_first(effects: &mut Effects, done: usize, told: u16) -> Result<(), Refusal> {
    let go = one_go(effects, done).ok_or(Refusal::NotInOneGo)?;
    let all = receivers(&effects[go.clone()]).ok_or(Refusal::NotInOneGo)?;
    let usual = receivers(&effects[go.start..done]);
    let fits = told & !all == 0 && told.count_ones() as usize == done - go.start;
    if !fits || usual == Some(told) {
        return Err(Refusal::NotInOneGo);
    }
    // A stable sort: otherwise they stay in the order in which the role sends them.
    effects[go].sort_by_key(|e| receiver(e) & told == 0);
    Ok(())
}

/// The most messages in one go of which any may be the ones that left: their number doubles with each.
const MOST_IN_ONE_GO: usize = 10;

/// The ways to die among messages sent in one go other than after the first of them: where, and who was told.
pub(crate) fn in_any_order(effects: &[Effect<AnyMessage, AnyRecord>]) -> Vec<(u8, u16)> {
    let mut all = Vec::new();
    let cuts = effects.iter().filter(|e| e.is_cut()).count() as u8;
    for after in 1..cuts {
        let done = cut_after(effects, after).expect("a cut that there is");
        let Some(go) = one_go(effects, done).filter(|go| go.len() <= MOST_IN_ONE_GO) else { continue };
        let Some(whole) = receivers(&effects[go.clone()]) else { continue };
        let usual = receivers(&effects[go.start..done]);
        let count = (done - go.start) as u32;
        let mut told = whole;
        // Every part of a set of bits, from the greatest down.
        while told > 0 {
            if told.count_ones() == count && usual != Some(told) {
                all.push((after, told));
            }
            told = (told - 1) & whole;
        }
    }
    all
}

/// Does what a handler asked for at its own node, and returns what it sent.
fn carry_out(local: &mut Local, effects: &[Effect<AnyMessage, AnyRecord>]) -> Vec<(NodeId, AnyMessage)> {
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
pub(crate) fn wipe(local: &mut Local, tail: Tail) -> Unforced {
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
