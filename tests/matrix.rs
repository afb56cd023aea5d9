//! Every strategy against the same faults: what the explorer finds is pinned here, after its shortest runs were read.

use indoubt::explore::{Kind, Search, State};
use indoubt::protocols;
use indoubt::run::History;
use indoubt::view::matrix::{question, strategies, summary, worlds};

/// The lengths of the shortest runs: OK seen and 0, 1, 2, 3 effects; all quiet and 0, 1, 2, 3. 0 is none.
type Cells = [usize; 8];

const RESEND: &[(&str, Cells, &str)] = &[
    ("nothing", [0, 3, 5, 7, 2, 3, 6, 9], "doubles"),
    ("cache", [0, 4, 7, 10, 2, 4, 8, 12], "doubles"),
    ("durable-cache", [0, 4, 7, 10, 2, 4, 8, 12], "doubles"),
    ("mark-before", [5, 4, 0, 0, 2, 4, 0, 0], "loses"),
    ("mark-after", [0, 5, 8, 11, 2, 4, 7, 10], "doubles"),
    ("counter", [0, 6, 9, 12, 2, 4, 7, 10], "doubles"),
    ("sequence", [0, 3, 0, 0, 2, 3, 0, 0], "right"),
    ("version", [0, 3, 0, 0, 2, 3, 0, 0], "right"),
    ("version-id", [0, 3, 0, 0, 2, 3, 0, 0], "right"),
    ("lock", [0, 4, 7, 10, 2, 4, 8, 12], "doubles"),
    ("lock-mark", [0, 6, 11, 0, 2, 5, 11, 0], "doubles"),
    ("claim", [0, 5, 0, 0, 2, 4, 0, 0], "right"),
    ("claim-expires", [0, 5, 9, 13, 2, 4, 8, 12], "doubles"),
    ("claim-tx", [0, 4, 8, 12, 2, 4, 9, 14], "doubles"),
    ("claim-token", [0, 4, 0, 0, 2, 4, 0, 0], "right"),
    ("unique-insert", [0, 3, 0, 0, 2, 3, 0, 0], "right"),
];

#[test]
fn every_strategy_does_what_its_shortest_runs_show() {
    let protocol = protocols::find("resend").expect("it exists");
    let words = strategies((protocol.meta)()).expect("it has strategies");
    assert_eq!(words.len(), RESEND.len());
    for (world, (word, cells, verdict)) in worlds(&protocol.setup()).into_iter().zip(RESEND) {
        let mut search = Search::new(&world, &[], question()).expect("a question that can be asked");
        while search.advance(100_000).expect("it fits") == State::Running {}
        assert_eq!(search.state(), State::Exhausted, "{word}");
        let outcomes = search.outcomes();
        let found: Vec<_> = outcomes.iter().map(|o| o.steps.len()).collect();
        assert_eq!(found, cells, "{word}");
        assert_eq!(summary(&outcomes), *verdict, "{word}");
        for outcome in outcomes.iter().filter(|o| o.worlds > 0) {
            // The run behind a cell really ends as the cell says.
            let mut history = History::new(protocols::build(world.clone()));
            for step in &outcome.steps {
                history.act(step).expect("a run that was found can be run");
            }
            let scene = &history.run().now().scene;
            let request = *scene.begun().iter().next().expect("somebody has asked");
            let times = scene.effects().get(&request).copied().unwrap_or(0).min(3) as u8;
            match outcome.kind {
                Kind::Seen(n) => assert!(scene.answered().contains(&request) && times == n, "{word}: {n}"),
                Kind::Quiet(n) => assert!(scene.flights.is_empty() && times == n, "{word}: {n}"),
                other => panic!("{word}: {other:?} is no number of effects"),
            }
        }
    }
}
