//! Searches on two threads against the same on one.

mod worlds;

use indoubt::explore::{Budget, Cond, Limits, Progress, Question, Search, State};
use indoubt::protocol::Outcome;
use indoubt::sim::Setup;
use std::fmt::Debug;
use worlds::{of, setup};

/// What a search says at its end, by one thread or by two.
fn by_threads(world: &Setup, question: &Question, threads: usize) -> impl PartialEq + Debug + use<> {
    let mut search = Search::new(world, &[], question.clone()).expect("it can be asked");
    search.use_threads(threads);
    let mut all = Vec::new();
    for _ in 0..3 {
        while search.advance(1 << 20).expect("it fits") == State::Running {}
        // How much memory was reserved depends on how many are in line at once.
        let progress = Progress { bytes: 0, ..search.progress() };
        all.push((progress, search.found(), search.outcomes()));
        search.pass();
    }
    all
}

#[test]
fn two_threads_find_the_same_in_the_same_order() {
    let ask = |goal: &[Cond]| Question { census: goal.is_empty(), ..Question::new(goal.to_vec()) };
    let limited = |question: Question| {
        let limits = Limits { worlds: 60_000, ..Limits::default() };
        Question { limits, ..question }
    };
    let three = "participants=3 clients=0";
    let cases = [
        (
            of("tp", "participants=7"),
            Question { budget: Budget::nothing(), ..ask(&[Cond::Broken("ac1".into())]) },
        ),
        // Handlers are met for the first time in the midst of it, and several runs are found.
        (setup(three), ask(&[])),
        (setup(three), ask(&[Cond::All(Outcome::Commit)])),
        (setup("participants=3"), limited(ask(&[Cond::Broken("ac1".into())]))),
    ];
    for (world, question) in cases {
        let one = by_threads(&world, &question, 1);
        assert_eq!(one, by_threads(&world, &question, 2), "{world:?}");
    }
}
