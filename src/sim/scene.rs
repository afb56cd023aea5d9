//! A world as plain data, for properties and for the screen.

use super::{Facts, Link, MsgRef, Setup};
use crate::order::{self, Map, Set};
use crate::protocol::{
    Blocked, Meta, NodeId, NodeSpec, Outcome, Params, Request, Resource, RoleKind, Stance, Status, Style,
    Timer,
};
use serde::Serialize;
use std::rc::Rc;

/// Whether a node runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    /// It handles what reaches it.
    Up,
    /// It lost its memory; only the log is left.
    Down,
    /// It does nothing, and keeps its memory.
    Paused,
}

/// A record in a log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Slip {
    /// The kind of record.
    pub word: &'static str,
    /// What else it holds.
    pub detail: String,
    /// Whether a crash would leave it.
    pub durable: bool,
}

/// A node.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Actor {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: u8,
    /// Whether it runs.
    pub life: Life,
    /// What it says of itself; for a node that is down, what its log would have it say.
    pub status: Status,
    /// What it cannot take back.
    pub facts: Facts,
    /// Armed timers.
    pub timers: Vec<Timer>,
    /// Its log, oldest first.
    pub log: Vec<Slip>,
}

/// A message in flight.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Flying {
    /// How to address it.
    pub at: MsgRef,
    /// The kind of message.
    pub word: &'static str,
    /// What else it carries.
    pub detail: String,
    /// How it is drawn.
    pub style: Style,
    /// Held back by the reader.
    pub held: bool,
    /// How many equal messages stand right after it on the same link.
    pub copies: u8,
}

/// A world as plain data.
#[derive(Clone)]
pub struct Scene {
    /// The protocol.
    pub meta: &'static Meta,
    /// Protocol, parameters and rules.
    pub setup: Rc<Setup>,
    /// Nodes by id.
    pub nodes: Vec<Actor>,
    /// Messages in flight, in canonical order.
    pub flights: Vec<Flying>,
    /// Cut links.
    pub cuts: Set<Link>,
    /// The names of lockable resources.
    pub resource: fn(Resource) -> String,
    /// Whose intent a request is.
    pub intent: fn(&Params, Request) -> String,
    /// In whose words it is told.
    pub wording: fn(&Params) -> Option<&'static str>,
    /// The protocol's closed form of being blocked.
    pub blocked: fn(&Scene, NodeId) -> Option<Blocked>,
}

impl Scene {
    /// The node with this id.
    pub fn node(&self, id: NodeId) -> &Actor {
        &self.nodes[id.index()]
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u8).map(NodeId)
    }

    /// What role a node plays.
    pub fn kind(&self, id: NodeId) -> &'static RoleKind {
        &self.meta.roles[usize::from(self.node(id).role)]
    }

    /// The nodes whose votes a commit needs.
    pub fn voters(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.ids().filter(|id| self.kind(*id).votes)
    }

    /// Whether a node runs.
    pub fn up(&self, id: NodeId) -> bool {
        self.node(id).life == Life::Up
    }

    /// Whether messages pass between two nodes.
    pub fn linked(&self, a: NodeId, b: NodeId) -> bool {
        !self.cuts.contains(&Link::between(a, b))
    }

    /// The other nodes that are up and to which a chain of uncut links leads over nodes that are up.
    pub fn reachable(&self, from: NodeId) -> Set<NodeId> {
        let mut seen = order::set([from]);
        let mut next = vec![from];
        while let Some(a) = next.pop() {
            for b in self.ids() {
                if self.up(b) && self.linked(a, b) && seen.insert(b) {
                    next.push(b);
                }
            }
        }
        seen.remove(&from);
        seen
    }

    /// Messages in flight to a node that can reach it as things are.
    pub fn deliverable_to(&self, to: NodeId) -> impl Iterator<Item = &Flying> {
        let up = self.up(to);
        self.flights.iter().filter(move |f| up && f.at.to == to && self.linked(f.at.from, to))
    }

    /// The nodes that ever decided this.
    pub fn deciders(&self, outcome: Outcome) -> Vec<NodeId> {
        self.ids().filter(|id| self.node(*id).facts.decided(outcome)).collect()
    }

    /// How often each request took effect, at all nodes together.
    pub fn effects(&self) -> Map<Request, u32> {
        let mut all = Map::new();
        for (request, n) in self.nodes.iter().flat_map(|n| n.facts.effects.iter()) {
            *all.or_insert_with(*request, || 0) += u32::from(*n);
        }
        all
    }

    /// The requests that were begun.
    pub fn begun(&self) -> Set<Request> {
        order::set(self.nodes.iter().flat_map(|n| n.facts.asked.iter().copied()))
    }

    /// The requests whose answers somebody saw.
    pub fn answered(&self) -> Set<Request> {
        order::set(self.nodes.iter().flat_map(|n| n.facts.answers.keys().copied()))
    }

    /// Whether something is still to come: a message is in flight, a node has a next step of its own, or it is away.
    pub fn under_way(&self) -> bool {
        let own =
            |node: &Actor| node.life != Life::Up || node.timers.iter().any(|t| !self.meta.is_timeout(*t));
        // Messages that are never removed always are in flight.
        !self.setup.kept() && !self.flights.is_empty() || self.nodes.iter().any(own)
    }

    /// What the keys of this world's own texts begin with.
    pub fn words(&self) -> String {
        match (self.wording)(&self.setup.params) {
            Some(wording) => format!("{}@{wording}", self.meta.id),
            None => self.meta.id.into(),
        }
    }

    /// Whose intent a request is.
    pub fn intent(&self, request: Request) -> String {
        (self.intent)(&self.setup.params, request)
    }

    /// The same in two parts: whose it is, and from which of several services it is wanted, if that is told apart
    /// (`K@A`).
    pub fn wish(&self, request: Request) -> (String, Option<String>) {
        let whose = self.intent(request);
        match whose.split_once('@') {
            Some((asker, at)) => (asker.into(), Some(at.into())),
            None => (whose, None),
        }
    }

    /// Whether a node voted yes, or would on coming back know that it did, and has no decision.
    pub fn in_doubt(&self, id: NodeId) -> bool {
        self.node(id).status.stance == Stance::InDoubt
    }

    /// Why a node that is up and in doubt is blocked; `None` if it is not.
    pub fn blocked(&self, id: NodeId) -> Option<Blocked> {
        if self.up(id) && self.in_doubt(id) { (self.blocked)(self, id) } else { None }
    }

    /// The name of a node.
    pub fn name(&self, id: NodeId) -> &str {
        &self.node(id).name
    }

    /// The specs of all nodes.
    pub fn specs(&self) -> Vec<NodeSpec> {
        self.nodes.iter().map(|n| NodeSpec { name: n.name.clone(), role: n.role }).collect()
    }
}
