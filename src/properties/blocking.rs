//! Blocked, which is not the same as waiting.

use super::{State, Verdict, names};
use crate::protocol::NodeId;
use crate::sim::{Life, Scene};
use crate::text::Text;

/// Nobody is blocked: whoever is in doubt can still be told by somebody who is up and reachable.
pub fn blocked(scene: &Scene) -> Verdict {
    let blocked: Vec<_> = scene.ids().filter(|id| scene.blocked(*id).is_some()).collect();
    let in_doubt: Vec<_> = scene.ids().filter(|id| scene.in_doubt(*id)).collect();
    if !blocked.is_empty() {
        let waiting = waiters_of(scene, &blocked);
        let mut reason = Text::new("prop.blocked.who").words("who", names(scene, &blocked));
        if !waiting.is_empty() {
            reason = Text::new("prop.blocked.who-and-waiters")
                .words("who", names(scene, &blocked))
                .words("waiters", names(scene, &waiting))
                .number("m", waiting.len() as i64);
        }
        return Verdict::new("blocked", State::Violated, blocked, reason);
    }
    let reason = if in_doubt.is_empty() {
        Text::new("prop.blocked.nobody")
    } else if in_doubt.iter().all(|id| scene.node(*id).life == Life::Up) {
        Text::new("prop.blocked.waits")
            .words("who", names(scene, &in_doubt))
            .number("n", in_doubt.len() as i64)
    } else {
        let away: Vec<_> = in_doubt.iter().copied().filter(|id| !scene.up(*id)).collect();
        Text::new("prop.blocked.away").words("who", names(scene, &away)).number("n", away.len() as i64)
    };
    Verdict::new("blocked", State::Holds, Vec::new(), reason)
}

/// Who waits for locks that these nodes hold.
pub fn waiters_of(scene: &Scene, holders: &[NodeId]) -> Vec<NodeId> {
    let waiters: Vec<_> = holders
        .iter()
        .flat_map(|id| &scene.node(*id).status.locks)
        .flat_map(|lock| lock.waiters.iter().copied())
        .collect();
    crate::order::unique(waiters)
}
