//! Searches whose numbers are pinned: the same natively, in a browser and in the page's worker
//! (`e2e/explorer.spec.mjs` has the first of them).

use indoubt::explore::job::{Reply, Request, Start, Worker};
use indoubt::explore::{Budget, Cond, Fault, Is, Question};
use indoubt::protocols;
use indoubt::sim::Setup;

/// Two-phase commit with so many participants and no client.
fn world(participants: u16) -> Setup {
    let protocol = protocols::find("2pc").expect("registered");
    let meta = (protocol.meta)();
    let mut setup = protocol.setup();
    for (key, value) in [("participants", participants), ("clients", 0)] {
        let (at, _) = meta.param(key).expect(key);
        assert!(setup.params.set(meta.params, at, value), "{key}={value}");
    }
    setup
}

/// Worlds, steps tried, and worlds at each distance: through the worker's own messages, as bytes.
fn numbers(setup: &Setup, question: Question) -> (u32, u64, Vec<u32>) {
    let ask = Request::Ask { id: 1, world: Start::from(setup), steps: Vec::new(), question };
    let bytes = postcard::to_allocvec(&ask).expect("plain data");
    let mut worker = Worker::default();
    assert_eq!(worker.hear(postcard::from_bytes(&bytes).expect("the same")), None);
    while worker.busy() {
        assert_eq!(worker.work(1_000), None);
    }
    let report = worker.report().expect("an answer");
    let bytes = postcard::to_allocvec(&report).expect("plain data");
    match postcard::from_bytes(&bytes).expect("the same") {
        Reply::Report { progress, .. } => (progress.worlds, progress.generated, progress.levels),
        other => panic!("{other:?}"),
    }
}

/// Asks all of them.
pub fn check() {
    let count = Question { census: true, ..Question::new(Vec::new()) };
    let (worlds, steps, levels) = numbers(&world(2), count);
    assert_eq!((worlds, steps, levels.len()), COUNT, "one crash, two participants: {levels:?}");
    let blocked = Question::new(vec![Cond::Some(Is::Blocked)]);
    assert_eq!(numbers(&world(2), blocked), (BLOCKED.0, BLOCKED.1, BLOCKED.2.to_vec()));
    let lossy = Budget::nothing().with(Fault::Drops, Some(1)).with(Fault::Duplicates, Some(1)).with_copies(2);
    let split = Question { budget: lossy, ..Question::new(vec![Cond::Broken("ac1".into())]) };
    let (worlds, steps, levels) = numbers(&world(3), split);
    assert_eq!((worlds, steps, levels.len()), LOSSY, "a loss and a copy, three participants: {levels:?}");
}

const COUNT: (u32, u64, usize) = (9_940, 38_869, 22);
const BLOCKED: (u32, u64, &[u32]) = (38, 49, &[1, 10, 27]);
const LOSSY: (u32, u64, usize) = (682_543, 4_176_674, 35);
