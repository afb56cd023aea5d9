//! Every strategy against the same faults: what the explorer finds is pinned here, after its shortest runs were read.

use indoubt::explore::{Kind, Search, State};
use indoubt::protocols;
use indoubt::run::{History, Run, run_until_quiet};
use indoubt::sim::{Act, Step};
use indoubt::view::matrix::{question, strategies, summary, worlds};

/// The lengths of the shortest runs: OK seen and 0, 1, 2, 3 effects; all quiet and 0, 1, 2, 3; asking in vain.
/// 0 is none.
type Cells = [usize; 9];

const RESEND: &[(&str, Cells, &str)] = &[
    ("nothing", [0, 3, 5, 7, 2, 3, 6, 9, 0], "doubles"),
    ("cache", [0, 4, 7, 10, 2, 4, 8, 12, 0], "doubles"),
    ("durable-cache", [0, 4, 7, 10, 2, 4, 8, 12, 0], "doubles"),
    ("mark-before", [6, 4, 0, 0, 2, 4, 0, 0, 0], "loses"),
    ("mark-after", [0, 5, 8, 11, 2, 4, 7, 10, 0], "doubles"),
    ("counter", [0, 6, 9, 12, 2, 4, 7, 10, 5], "doubles-vain"),
    ("sequence", [0, 3, 0, 0, 2, 3, 0, 0, 0], "right"),
    ("version", [0, 3, 0, 0, 2, 3, 0, 0, 3], "vain"),
    ("version-id", [0, 3, 0, 0, 2, 3, 0, 0, 0], "right"),
    ("lock", [0, 4, 7, 10, 2, 4, 8, 12, 0], "doubles"),
    ("lock-mark", [0, 6, 11, 0, 2, 5, 11, 0, 0], "doubles"),
    ("claim", [0, 5, 0, 0, 2, 4, 0, 0, 3], "vain"),
    ("claim-expires", [0, 5, 9, 13, 2, 4, 8, 12, 0], "doubles"),
    ("claim-tx", [0, 4, 8, 12, 2, 4, 9, 14, 0], "doubles"),
    ("claim-token", [0, 4, 0, 0, 2, 4, 0, 0, 0], "right"),
    ("unique-insert", [0, 3, 0, 0, 2, 3, 0, 0, 0], "right"),
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
                Kind::Vain => {
                    assert!(!scene.answered().contains(&request) && asks_in_vain(history.run()), "{word}")
                }
                other => panic!("{word}: {other:?} is no number of effects"),
            }
        }
    }
}

/// Whether the client, however often it asks, is never told, should nothing fail any more.
fn asks_in_vain(run: &Run) -> bool {
    let mut run = run.clone();
    let mut asked = 0;
    let verbs = run.machine().meta().verbs;
    let resend = |step: &Step| match step.act {
        Act::Command(_, command) => verbs[usize::from(command.verb)].word == "resend",
        _ => false,
    };
    let possible = |run: &Run| {
        run.machine().choices().into_iter().filter(|c| c.refused.is_none()).map(|c| c.step).find(resend)
    };
    while let Some(ask) = possible(&run) {
        run.step(&ask).expect("a step that is offered");
        run_until_quiet(&mut run, &mut |_| {});
        asked += 1;
    }
    asked > 0 && run.now().scene.answered().is_empty()
}
