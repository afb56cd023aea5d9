//! The predicates P, C, A, H, R, S that a teaching text names, made definite, and U and B, which it lacks
//! and which blocking is about. A lamp is on, off, or undefined.

use crate::protocol::{NodeId, Stance, Tally};
use crate::sim::{Life, Scene};
use serde::Serialize;

/// A three-valued predicate: `Some(true)` 1, `Some(false)` 0, `None` undefined.
pub type Lamp = Option<bool>;

/// All lamps of one node.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Lamps {
    /// Whose they are.
    pub node: NodeId,
    /// P(x): its promise to be able to commit is durable, and it has not aborted.
    pub prepared: Lamp,
    /// A(x, v): it aborted, and the votes justify it.
    pub justified_abort: Lamp,
    /// J: it aborted although the votes were all yes. An alarm.
    pub unjustified: Lamp,
    /// R(x): it runs and has its locks back.
    pub ready: Lamp,
    /// S(x): its branch is committed.
    pub success: Lamp,
    /// U(x): it is uncertain.
    pub uncertain: Lamp,
    /// B(x): it is blocked.
    pub blocked: Lamp,
}

/// The lamps of every voter, and C(v), which belongs to the coordinator: all votes are in and yes.
/// H(x, y), agreement on a ring of owners, is undefined where there is no ring.
pub fn lamps(scene: &Scene) -> (Lamp, Vec<Lamps>) {
    let votes = can_commit(scene);
    (votes, scene.voters().map(|id| of_node(scene, id, votes)).collect())
}

fn can_commit(scene: &Scene) -> Lamp {
    // Without a coordinator nobody counts votes, so nobody can say that they are complete.
    let hub = scene.ids().find(|id| scene.node(*id).status.tally.is_some())?;
    if scene.node(hub).life == Life::Down {
        return None;
    }
    match scene.node(hub).status.tally? {
        Tally::Open => None,
        Tally::AllYes => Some(true),
        Tally::Refused => Some(false),
    }
}

fn of_node(scene: &Scene, id: NodeId, votes: Lamp) -> Lamps {
    let node = scene.node(id);
    let stance = node.status.stance;
    let aborted = stance == Stance::Aborted;
    let promise = |word: &str| scene.meta.record(word).is_some_and(|k| k.promise);
    let promised = node.log.iter().any(|slip| slip.durable && promise(slip.word));
    Lamps {
        node: id,
        prepared: if aborted { Some(false) } else { promised.then_some(true) },
        justified_abort: Some(aborted && votes == Some(false)),
        unjustified: Some(aborted && votes == Some(true)),
        ready: Some(node.life == Life::Up && node.status.has_its_locks()),
        success: match stance {
            Stance::Committed => Some(true),
            Stance::Aborted => Some(false),
            Stance::Idle | Stance::Working | Stance::InDoubt => None,
        },
        uncertain: Some(scene.in_doubt(id)),
        blocked: Some(scene.blocked(id).is_some()),
    }
}
