//! Worlds that differ only in which of several alike nodes is which count once, and every answer stays.

mod worlds;

use indoubt::explore::{Budget, Cond, Fault, Is, Question, Search, State, Trouble, Unlike};
use indoubt::protocol::NodeId;
use indoubt::protocols;
use indoubt::sim::Setup;
use worlds::setup;

fn explore(setup: &Setup, question: Question) -> Search {
    let mut search = Search::new(setup, &[], question).expect("a question that can be asked");
    while search.advance(10_000).expect("it fits") == State::Running {}
    search
}

#[test]
fn worlds_that_differ_in_names_only_count_once() {
    for words in [
        "clients=0 cooperative=on",
        "participants=3 clients=0 presumption=commit",
        "participants=3 clients=0 votes=yes,yes,no",
    ] {
        {
            let setup = setup(words);
            let budget = Budget::nothing().with(Fault::Drops, Some(1)).with(Fault::Early, Some(1));
            for id in ["ac1", "ac3", "blocked", "wal"] {
                let ask = |symmetry| {
                    let goal = vec![Cond::Broken(id.into())];
                    let question = Question { budget, symmetry, ..Question::new(goal) };
                    let mut search =
                        Search::new(&setup, &[], question).expect("a question that can be asked");
                    while search.advance(10_000).expect("it is fair") == State::Running {}
                    (search.state(), search.found().map(|s| s.len()), search.progress().worlds)
                };
                let (off, on) = (ask(false), ask(true));
                assert_eq!((off.0, off.1), (on.0, on.1), "{words} {id}");
                assert!(on.2 < off.2, "{words} {id}: {on:?} of {off:?}");
            }
        }
    }
}

/// What a search with crashes comes to: how it ends, how near the nearest is, how many worlds there are.
fn crashing(setup: &Setup, goal: &[Cond], any_order: bool, symmetry: bool) -> (State, Option<usize>, u32) {
    let budget = Budget { depth: Some(11), ..Budget::default() };
    let mut search = explore(setup, Question { budget, any_order, symmetry, ..Question::new(goal.to_vec()) });
    let found = search.found();
    if let Some(steps) = &found {
        let mut world = protocols::build(setup.clone());
        assert!(steps.iter().all(|step| world.apply(step).is_ok()), "a schedule that was found can be run");
    }
    (search.state(), found.map(|steps| steps.len()), search.progress().worlds)
}

#[test]
fn a_crash_in_the_middle_of_telling_tells_no_names_apart() {
    for words in [
        "clients=0",
        "clients=0 cooperative=on presumption=commit",
        "participants=3 clients=0 timeout-commits=on",
        "participants=3 clients=0 forget-commit-early=on",
        "participants=3 clients=0 cooperative=on votes=yes,yes,no",
    ] {
        let setup = setup(words);
        let goals = ["ac1", "ac2", "wal"].map(|id| vec![Cond::Broken(id.into())]).to_vec();
        let stuck = vec![Cond::Some(Is::Committed), Cond::Some(Is::Blocked)];
        for goal in goals.into_iter().chain([stuck]) {
            let (off, on) = (crashing(&setup, &goal, true, false), crashing(&setup, &goal, true, true));
            assert_eq!((off.0, off.1), (on.0, on.1), "{words} {goal:?}");
            assert!(on.2 < off.2 && 6 * on.2 >= off.2, "{words} {goal:?}: {} of {}", on.2, off.2);
            // Nobody has found a world of these in which the order matters.
            let fixed = crashing(&setup, &goal, false, false);
            assert_eq!((fixed.0, fixed.1), (on.0, on.1), "{words} {goal:?}");
        }
    }
}

/// What is kept of an orbit has other names than the run that leads to it.
#[test]
fn the_way_out_speaks_of_those_who_are_blocked_in_the_run() {
    let setup = setup("participants=3 clients=0");
    let stuck = vec![Cond::Some(Is::Committed), Cond::Some(Is::Blocked)];
    for goal in [vec![Cond::Some(Is::Blocked)], stuck] {
        let mut search = explore(&setup, Question { symmetry: true, ..Question::new(goal) });
        for _ in 0..6 {
            let steps = search.found().expect("somebody can be blocked");
            let mut world = protocols::build(setup.clone());
            steps.iter().for_each(|step| drop(world.apply(step).expect("it is a run")));
            let scene = world.scene();
            let blocked: Vec<_> = scene.ids().filter(|id| scene.blocked(*id).is_some()).collect();
            let ways: Vec<_> = search.way_out();
            assert_eq!(ways.iter().map(|way| way.who).collect::<Vec<_>>(), blocked, "{steps:?}");
            assert!(ways.iter().all(|way| way.alone.is_none() && way.repaired.is_some()), "{ways:?}");
            search.pass();
            while search.advance(10_000).expect("it fits") == State::Running {}
        }
    }
}

#[test]
fn a_question_about_one_of_those_who_are_alike_tells_them_apart() {
    let refused = |setup: &Setup, cond| {
        let question = Question { symmetry: true, ..Question::new(vec![cond]) };
        Search::new(setup, &[], question).err()
    };
    let one = Cond::Node(NodeId(1), Is::Blocked);
    assert_eq!(refused(&setup("clients=0"), one), Some(Trouble::Symmetry { why: Unlike::Question }));
    let alone = setup("clients=0 participants=1");
    assert_eq!(refused(&alone, Cond::Some(Is::Up)), Some(Trouble::Symmetry { why: Unlike::Nobody }));
}
