//! What one step did, and since when things have been as they are: plain data for the diagram.

use crate::order::Map;
use crate::properties::{State, Verdict};
use crate::protocol::{Meta, NodeId, Resource, Stance, Style};
use crate::sim::{Flying, Life, Report, Said, Scene, Step};
use serde::Serialize;

/// A message that entered the network.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Sent {
    /// Its number in this run.
    pub id: u32,
    /// Which effect sent it; `None` for a copy that the network made.
    pub effect: Option<usize>,
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// The message.
    pub said: Said,
    /// How it is drawn.
    pub style: Style,
    /// The record that it left after.
    pub after: Option<&'static str>,
}

impl Sent {
    pub(super) fn new(
        id: u32,
        effect: usize,
        from: NodeId,
        to: NodeId,
        said: &Said,
        after: Option<&'static str>,
        meta: &'static Meta,
    ) -> Sent {
        let style = meta.message(said.word).expect("every message is in META").style;
        Sent { id, effect: Some(effect), from, to, said: said.clone(), style, after }
    }

    pub(super) fn copy(id: u32, of: &Flying) -> Sent {
        let said = Said { word: of.word, detail: of.detail.clone() };
        Sent { id, effect: None, from: of.at.from, to: of.at.to, said, style: of.style, after: None }
    }
}

/// What the diagram needs to know of a node after a step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NodeNow {
    /// Whether it runs.
    pub life: Life,
    /// Its phase.
    pub phase: &'static str,
    /// Where it stands.
    pub stance: Stance,
    /// True when an operator decided for it.
    pub heuristic: bool,
    /// Whether it is blocked.
    pub blocked: bool,
    /// Locks held.
    pub locks: Vec<Resource>,
    /// Whether it waits for somebody's lock.
    pub waits: bool,
}

impl NodeNow {
    /// Every node of a scene, by id.
    pub fn all(scene: &Scene) -> Vec<NodeNow> {
        scene.ids().map(|id| NodeNow::of(scene, id)).collect()
    }

    fn of(scene: &Scene, id: NodeId) -> NodeNow {
        let node = scene.node(id);
        // A node that is down guards nothing in memory, but what is in doubt stays out of reach.
        let locks = node.status.locks.iter().map(|l| l.resource).collect();
        NodeNow {
            life: node.life,
            phase: node.status.phase,
            stance: node.status.stance,
            heuristic: node.status.heuristic,
            blocked: scene.blocked(id).is_some(),
            locks,
            waits: node.life == Life::Up && node.status.wants.is_some(),
        }
    }
}

/// What one step did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Event {
    /// The step.
    pub step: Step,
    /// What the world says that it did.
    pub report: Report,
    /// The number of the message that left the network.
    pub taken: Option<u32>,
    /// The messages that entered the network.
    pub sent: Vec<Sent>,
    /// Every node afterwards, by id.
    pub nodes: Vec<NodeNow>,
    /// The properties that are violated afterwards.
    pub violated: Vec<&'static str>,
    /// Those of them that are because an operator guessed, and not because the protocol broke.
    pub guessed: Vec<&'static str>,
}

/// The moment at which something began that still lasts.
pub type Timed = Option<u32>;

/// Since which moment things have been as they are.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Since {
    /// In doubt, by node.
    pub in_doubt: Vec<Timed>,
    /// Blocked, by node.
    pub blocked: Vec<Timed>,
    /// Down or paused, by node.
    pub away: Vec<Timed>,
    /// Waiting for a lock, by node.
    pub waits: Vec<Timed>,
    /// Decided, by node.
    pub decided: Vec<Timed>,
    /// Locked, by node and resource.
    pub locks: Map<(NodeId, Resource), u32>,
    /// Violated, by property.
    pub violated: Map<&'static str, u32>,
    /// Moments for which each resource was locked, whether it still is or not.
    pub lock_moments: Map<(NodeId, Resource), u32>,
}

/// Counts moments and keeps [`Since`].
#[derive(Clone, Debug, Default)]
pub struct Clock {
    pub moment: u32,
    pub since: Since,
}

impl Clock {
    pub fn new(scene: &Scene, verdicts: &[Verdict]) -> Clock {
        let mut clock = Clock::default();
        clock.look(scene, verdicts);
        clock
    }

    pub fn advance(&mut self, scene: &Scene, verdicts: &[Verdict]) {
        self.moment += 1;
        for start in self.since.locks.keys() {
            *self.since.lock_moments.or_insert_with(*start, || 0) += 1;
        }
        self.look(scene, verdicts);
    }

    fn look(&mut self, scene: &Scene, verdicts: &[Verdict]) {
        let now = NodeNow::all(scene);
        let moment = self.moment;
        let since = &mut self.since;
        let keep = |list: &mut Vec<Timed>, is: fn(&NodeNow) -> bool| {
            list.resize(now.len(), None);
            for (timed, node) in list.iter_mut().zip(&now) {
                *timed = is(node).then(|| timed.unwrap_or(moment));
            }
        };
        keep(&mut since.in_doubt, |n| n.stance == Stance::InDoubt);
        keep(&mut since.blocked, |n| n.blocked);
        keep(&mut since.away, |n| n.life != Life::Up);
        keep(&mut since.waits, |n| n.waits);
        keep(&mut since.decided, |n| matches!(n.stance, Stance::Committed | Stance::Aborted));
        let held: Vec<_> = scene
            .ids()
            .flat_map(|id| now[id.index()].locks.iter().map(move |r| (id, *r)).collect::<Vec<_>>())
            .collect();
        since.locks.retain(|key, _| held.contains(key));
        for key in held {
            since.locks.or_insert_with(key, || moment);
        }
        let broken = |id: &str| verdicts.iter().any(|v| v.id == id && v.state == State::Violated);
        since.violated.retain(|id, _| broken(id));
        for verdict in verdicts.iter().filter(|v| v.state == State::Violated) {
            since.violated.or_insert_with(verdict.id, || moment);
        }
    }
}
