//! For how long what was locked: the cost of blocking that others pay.

use crate::order::unique;
use crate::protocol::NodeId;
use crate::run::Run;

/// For how long a resource was locked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockTime {
    /// Where it is.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// For how many moments.
    pub moments: u32,
    /// Whether it is locked still, so that more are to come.
    pub held: bool,
    /// For how many moments in a run without faults.
    pub reference: Option<u32>,
}

/// Every resource that was ever locked in a run, beside what it would have been without faults.
pub fn lock_times(run: &Run, undisturbed: Option<&Run>) -> Vec<LockTime> {
    let since = run.since();
    let keys = unique(since.lock_moments.keys().chain(since.locks.keys()).copied().collect());
    let time = |key: (NodeId, crate::protocol::Resource)| LockTime {
        node: key.0,
        name: (run.now().scene.resource)(key.1),
        moments: since.lock_moments.get(&key).copied().unwrap_or(0),
        held: since.locks.contains_key(&key),
        reference: undisturbed.map(|r| r.since().lock_moments.get(&key).copied().unwrap_or(0)),
    };
    keys.into_iter().map(time).collect()
}
