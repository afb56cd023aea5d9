//! What the space-time diagram draws.

use crate::protocol::{NodeId, RoleKind};
use crate::run::{Event, History, NodeNow, Place, Run};
use crate::sim::{MsgRef, Scene, Step};
use serde::Serialize;
use std::rc::Rc;

/// A lifeline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Column {
    /// Whose.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// The word of its role.
    pub role: &'static str,
    /// Whether the others talk to it.
    pub hub: bool,
    /// Whether it stands outside the protocol.
    pub client: bool,
}

/// A message in flight now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct InFlight {
    /// Its number in this run.
    pub id: u32,
    /// How steps address it.
    pub at: MsgRef,
    /// Held back by the reader.
    pub held: bool,
    /// Whether it is still to arrive; one that was not removed when it arrived is not.
    pub due: bool,
}

/// Everything the diagram draws, up to the present moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Plot {
    /// Lifelines from left to right: the hub stands between those it talks to, clients at the right.
    pub columns: Vec<Column>,
    /// Every node before the first step, by id.
    pub start: Rc<Vec<NodeNow>>,
    /// What happened, one a moment: `events[i]` leads to moment `i + 1`.
    pub events: Rc<Vec<Rc<Event>>>,
    /// What is in flight now, in canonical order.
    pub flights: Vec<InFlight>,
    /// What a step that has not been taken would do: drawn in pencil.
    pub pencil: Option<Rc<Event>>,
}

impl Plot {
    /// The diagram of the present moment, with `preview` in pencil, or else the default step.
    pub fn new(history: &History, preview: Option<Step>) -> Plot {
        let run = history.run();
        let step = preview.or_else(|| history.default_step());
        let pencil = step.and_then(|s| run.clone().step(&s).ok()).map(Rc::new);
        Plot { pencil, ..Plot::of(history, history.at(), run) }
    }

    /// The diagram up to any moment, with nothing in pencil.
    pub fn at(history: &History, place: Place) -> Plot {
        Plot::of(history, place, &history.run_at(place))
    }

    /// Who sent a message and to whom, by its number, whether it is still in flight or not.
    pub fn ends(&self, id: u32) -> Option<(NodeId, NodeId)> {
        let mut sent = self.events.iter().rev().flat_map(|e| &e.sent);
        sent.find(|s| s.id == id).map(|s| (s.from, s.to))
    }

    fn of(history: &History, place: Place, run: &Run) -> Plot {
        let scene = &run.now().scene;
        let path = history.path_to(place);
        let start = NodeNow::all(&history.beginning().now().scene);
        let flights = run
            .message_ids()
            .zip(run.due())
            .zip(&scene.flights)
            .map(|((id, due), f)| InFlight { id, at: f.at, held: f.held, due })
            .collect();
        Plot {
            columns: columns(scene),
            start: start.into(),
            events: Rc::new(path.iter().filter_map(|p| history.event(*p)).cloned().collect()),
            flights,
            pencil: None,
        }
    }
}

/// Lifelines from left to right: half of the participants, the hub, the other half, the clients. With two
/// participants no message then crosses another lifeline.
pub fn columns(scene: &Scene) -> Vec<Column> {
    let of = |wanted: fn(&RoleKind) -> bool| {
        scene.ids().filter(move |id| wanted(scene.kind(*id))).collect::<Vec<_>>()
    };
    let (hubs, clients) = (of(|k| k.hub), of(|k| k.client));
    let others = of(|k| !k.hub && !k.client);
    let (left, right) = others.split_at(others.len().div_ceil(2));
    let column = |id: &NodeId| {
        let kind = scene.kind(*id);
        Column {
            node: *id,
            name: scene.name(*id).into(),
            role: kind.word,
            hub: kind.hub,
            client: kind.client,
        }
    };
    [left, &hubs, right, &clients].into_iter().flatten().map(column).collect()
}
