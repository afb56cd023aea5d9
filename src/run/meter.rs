//! What a run costs.
//!
//! Counting rule: messages between the nodes of the protocol, receipts included, clients' own messages
//! and records not; a forced write is a record that the handler waited for, an unforced one a record that
//! it did not. Delays are message delays on the causal path: the decision delay ends when the coordinator
//! decides, the outcome delay when the last node that decides has decided.

use super::schedule::healthy_step;
use super::{QUIET_LIMIT, Run, run_until_quiet};
use crate::order::Map;
use crate::protocol::{Effect, Meta, NodeId, Style};
use crate::sim::{Machine, Said, Scene, Shown, TakenHow};
use serde::Serialize;

/// What a run costs so far.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Cost {
    /// Messages sent.
    pub messages: u32,
    /// Of which, by kind.
    pub by_kind: Map<&'static str, u32>,
    /// Forced writes.
    pub forced: u32,
    /// Unforced writes.
    pub unforced: u32,
    /// Message delays until the coordinator decided.
    pub decision_delay: Option<u16>,
    /// Message delays until the last node that decides had decided; `None` while somebody still has to.
    pub outcome_delay: Option<u16>,
}

/// Counts messages and writes.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    by_kind: Map<&'static str, u32>,
    forced: u32,
    unforced: u32,
}

impl Meter {
    pub(super) fn count(&mut self, meta: &'static Meta, effect: &Shown) {
        let counted = |r: &Said| meta.record(r.word).is_some_and(|k| k.counted);
        match effect {
            Effect::Force(r) if counted(r) => self.forced += 1,
            Effect::Append(r) if counted(r) => self.unforced += 1,
            Effect::Send { msg, .. } if !is_client(meta, msg) => {
                *self.by_kind.or_insert_with(msg.word, || 0) += 1
            }
            _ => {}
        }
    }

    pub(super) fn cost(&self, depths: &Depths, all_decided: bool) -> Cost {
        Cost {
            messages: self.by_kind.values().sum(),
            by_kind: self.by_kind.clone(),
            forced: self.forced,
            unforced: self.unforced,
            decision_delay: depths.decided.iter().find(|(_, _, hub)| *hub).map(|(_, d, _)| *d),
            outcome_delay: depths.decided.iter().map(|(_, d, _)| *d).max().filter(|_| all_decided),
        }
    }
}

fn is_client(meta: &Meta, msg: &Said) -> bool {
    meta.message(msg.word).is_some_and(|k| k.style == Style::Client)
}

/// How many message delays lie on the causal path to each node, and to each first decision.
#[derive(Clone, Debug)]
pub struct Depths {
    nodes: Vec<u16>,
    decided: Vec<(NodeId, u16, bool)>,
}

impl Depths {
    pub(super) fn new(scene: &Scene) -> Depths {
        Depths { nodes: vec![0; scene.nodes.len()], decided: Vec::new() }
    }

    pub(super) fn of(&self, node: NodeId) -> u16 {
        self.nodes[node.index()]
    }

    pub(super) fn receive(&mut self, scene: &Scene, node: NodeId, msg: &Said, how: TakenHow, depth: u16) {
        if how == TakenHow::Delivered && !is_client(scene.meta, msg) {
            let at = &mut self.nodes[node.index()];
            *at = (*at).max(depth.saturating_add(1));
        }
    }

    pub(super) fn decide(&mut self, scene: &Scene, node: NodeId, effect: &Shown) {
        let fresh = |list: &[(NodeId, u16, bool)]| list.iter().all(|(n, _, _)| *n != node);
        // An operator's guess waits for no message.
        if matches!(effect, Effect::Decide(d) if !d.heuristic) && fresh(&self.decided) {
            self.decided.push((node, self.of(node), scene.kind(node).hub));
        }
    }
}

/// The same world when nothing fails and messages arrive in rounds: the run to compare with. A protocol that
/// nobody starts goes by its own steps; `None` if the protocol has a command that starts it, and that cannot
/// be given. No more than so many requests are begun, or one.
pub fn undisturbed(machine: &dyn Machine, requests: usize) -> Option<Run> {
    let mut run = Run::new(machine.boxed());
    if machine.meta().verbs.iter().any(|v| v.starts) {
        run.step(machine.usual().first()?).ok()?;
        for _ in 0..QUIET_LIMIT {
            let Some(step) = healthy_step(&run, requests.max(1)) else { break };
            run.step(&step).ok()?;
        }
        // Whoever has every answer loses patience with nobody.
        if answered(&run) {
            return Some(run);
        }
    }
    run_until_quiet(&mut run, &mut |_| ());
    Some(run)
}

/// Whether there were requests, and all of them were answered.
fn answered(run: &Run) -> bool {
    let scene = &run.now().scene;
    !scene.begun().is_empty() && scene.begun().iter().all(|request| scene.answered().contains(request))
}

/// What the [`undisturbed`] run costs.
pub fn reference(machine: &dyn Machine) -> Option<Cost> {
    Some(undisturbed(machine, 1)?.cost())
}
