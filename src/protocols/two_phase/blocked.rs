//! Who is blocked.

use super::{Config, param, participant};
use crate::order;
use crate::protocol::{Blocked, NodeId, Style};
use crate::sim::{Life, Scene};

/// Blocked, in closed form. Without cooperation only the coordinator can tell. With it, whoever knows the
/// outcome, or may still abort, or can itself ask the coordinator, can tell; a chain of prepared peers
/// passes the answer on.
pub fn blocked(scene: &Scene, node: NodeId) -> Option<Blocked> {
    let config = Config(&scene.setup.params);
    if config.on(param::TIMEOUT_ABORTS) || config.on(param::TIMEOUT_COMMITS) {
        return None;
    }
    let hub = scene.ids().find(|id| scene.kind(*id).hub).expect("there is a coordinator");
    let cooperative = config.on(param::COOPERATIVE);
    let mut asked = order::set([node]);
    let mut next = vec![node];
    while let Some(asker) = next.pop() {
        let told = scene.deliverable_to(asker).any(|f| f.style == Style::Decision);
        if told || (scene.up(hub) && scene.linked(asker, hub)) {
            return None;
        }
        let peers = scene.voters().filter(|q| cooperative && scene.up(*q) && scene.linked(asker, *q));
        for q in peers.collect::<Vec<_>>() {
            match scene.node(q).status.phase {
                "prepared" => {}
                "heur-committed" | "heur-aborted" if !participant::was_told(&scene.node(q).status) => {}
                "forgotten" => continue,
                _ => return None,
            }
            if asked.insert(q) {
                next.push(q);
            }
        }
    }
    let why = match (scene.node(hub).life, cooperative) {
        (Life::Down, false) => "down",
        (Life::Paused, false) => "paused",
        (Life::Up, false) => "cut",
        // Nobody to ask: the peers, too, are away or cut off.
        (_, true) if asked.len() == 1 && config.participants() > 1 => "alone",
        (Life::Down, true) => "down-peers",
        (Life::Paused, true) => "paused-peers",
        (Life::Up, true) => "cut-peers",
    };
    Some(Blocked { why, on: vec![hub] })
}
