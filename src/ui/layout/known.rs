//! What a figure has to know of every event of a run, however little of it is drawn.
//!
//! It grows with the run, and it tells of any earlier moment as well: whoever goes on in a long run, or to and fro
//! in it, pays for what is drawn and not for the length. Without it the same is found anew.

use super::frame::Way;
use super::marks;
use super::rows;
use crate::order::Map;
use crate::protocol::{Effect, NodeId, Outcome, Request};
use crate::run::{Event, NodeNow};
use crate::view::Plot;
use crate::view::voyage::{Voyages, Ways};
use std::rc::Rc;

/// What is known of the events of a run.
#[derive(Debug, Default)]
pub struct Known {
    start: Vec<NodeNow>,
    events: Vec<Rc<Event>>,
    /// What the rows are for.
    kind: Option<(Way, bool)>,
    /// Where each moment stands, and last of all where the next one would.
    rows: Vec<f64>,
    /// At which node each event is drawn.
    nodes: Vec<Option<NodeId>>,
    ways: Ways,
    /// By node, the moments at which something that lasts began or ended at it, from the first on: few of many.
    turns: Vec<Vec<u32>>,
    /// By node, what it decided, and when.
    decided: Vec<Vec<(u32, Outcome)>>,
    /// By request, when its effect happened.
    effects: Map<Request, Vec<u32>>,
    /// By node, the slips of records that a crash could take, by moment and place.
    unforced: Vec<Vec<(u32, usize)>>,
    /// The slips that a crash took, and when.
    lost: Vec<((u32, usize), u32)>,
}

/// Of moments in order, those up to one.
fn until(moments: &[u32], moment: u32) -> &[u32] {
    &moments[..moments.partition_point(|m| *m <= moment)]
}

impl Known {
    /// Learns what is new in a run. A moment is reached by one path only: where the last event that both have is the
    /// same, all before it are.
    pub fn learn(&mut self, plot: &Plot, way: Way, compact: bool) {
        let both = self.events.len().min(plot.events.len());
        let same = both == 0 || Rc::ptr_eq(&self.events[both - 1], &plot.events[both - 1]);
        if !same || self.start != *plot.start {
            let nodes = plot.start.len();
            *self = Known {
                start: plot.start.to_vec(),
                turns: vec![vec![0]; nodes],
                decided: vec![Vec::new(); nodes],
                unforced: vec![Vec::new(); nodes],
                ..Known::default()
            };
        }
        let new = self.events.len().min(plot.events.len());
        for event in &plot.events[new..] {
            self.add(event);
        }
        self.ways.grow(&self.events);
        if self.kind != Some((way, compact)) {
            (self.kind, self.rows) = (Some((way, compact)), vec![rows::first(compact)]);
        }
        for event in &self.events[self.rows.len() - 1..] {
            self.rows.push(self.rows[self.rows.len() - 1] + rows::height(way, compact, event));
        }
    }

    fn add(&mut self, event: &Rc<Event>) {
        let before = self.events.last().map_or(&self.start, |e| &e.nodes);
        let moment = self.events.len() as u32 + 1;
        let lasting = |n: &NodeNow| (n.life, n.stance, n.blocked, n.waits);
        for ((turns, was), is) in self.turns.iter_mut().zip(before).zip(&event.nodes) {
            if lasting(was) != lasting(is) || was.locks != is.locks {
                turns.push(moment);
            }
        }
        let at = rows::node(event);
        if let Some(((outcome, _), node)) = marks::decision(event).zip(at) {
            self.decided[node.index()].push((moment, outcome));
        }
        self.nodes.push(at);
        let done = &event.report.effects[..event.report.done];
        for effect in done {
            if let Effect::Apply(request) = effect {
                self.effects.or_insert_with(*request, Vec::new).push(moment);
            }
        }
        if let Some(node) = event.step.node() {
            let buffer = &mut self.unforced[node.index()];
            let forced = done.iter().filter_map(|e| match e {
                Effect::Append(_) => Some(false),
                Effect::Force(_) => Some(true),
                _ => None,
            });
            for (place, forced) in forced.enumerate() {
                match forced {
                    true => buffer.clear(),
                    false => buffer.push((moment, place)),
                }
            }
            if let Some(crash) = &event.report.crashed {
                let taken = std::mem::take(buffer);
                if crash.kept.is_empty() {
                    self.lost.extend(taken.into_iter().map(|slip| (slip, moment)));
                }
            }
        }
        self.events.push(event.clone());
    }

    /// Where the moments of a run of so many events stand.
    pub fn rows(&self, events: usize) -> &[f64] {
        &self.rows[..events]
    }

    /// At which node the event of a moment is drawn.
    pub fn node(&self, moment: u32) -> Option<NodeId> {
        self.nodes[moment as usize - 1]
    }

    /// The ways of the messages that were sent by a moment.
    pub fn voyages(&self, moment: u32) -> Voyages<'_> {
        self.ways.until(moment)
    }

    /// The moments, up to one, at which a node is not as it was before in whatever is drawn as a stretch of its
    /// lifeline.
    pub fn turns(&self, node: NodeId, moment: u32) -> &[u32] {
        until(&self.turns[node.index()], moment)
    }

    /// What each node decided last before a moment.
    pub fn decided(&self, moment: u32) -> Vec<Option<Outcome>> {
        let last = |all: &Vec<(u32, Outcome)>| {
            let before = all.partition_point(|(at, _)| *at < moment);
            before.checked_sub(1).map(|i| all[i].1)
        };
        self.decided.iter().map(last).collect()
    }

    /// How often the effect of each request happened before a moment.
    pub fn effects(&self, moment: u32) -> Map<Request, u32> {
        let count = |all: &Vec<u32>| all.partition_point(|at| *at < moment) as u32;
        self.effects.iter().map(|(request, all)| (*request, count(all))).collect()
    }

    /// Whether a crash took a slip, by moment and place, in a run that goes on to another moment.
    pub fn is_lost(&self, slip: (u32, usize), moment: u32) -> bool {
        self.lost.iter().any(|(lost, when)| *lost == slip && *when <= moment)
    }
}
