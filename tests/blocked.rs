//! The closed form of being blocked, held against its definition by search.

mod worlds;

use indoubt::explore::{Budget, Cond, Fault, Is, Question, Search, State};
use indoubt::protocol::NodeId;
use indoubt::protocols;
use indoubt::run::{Chaos, Mood, Run};
use indoubt::sim::{Setup, Step};
use worlds::setup;

/// Whether some sequence of steps of nodes that are up and reachable lets `node` decide: no repair, no new
/// failure, no operator, no client. Three of the same question in flight help nobody more than two do.
fn can_decide(setup: &Setup, steps: &[Step], node: NodeId) -> bool {
    let budget = Budget { repairs: false, ..Budget::nothing() }.with(Fault::Early, None).with_copies(2);
    let question = Question { budget, ..Question::new(vec![Cond::Not(node, Is::InDoubt)]) };
    let mut search = Search::new(setup, steps, question).expect("it can be asked");
    while search.advance(10_000).expect("it fits") == State::Running {}
    match search.state() {
        State::Found => true,
        State::Exhausted => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn blocked_in_closed_form_is_what_the_definition_says() {
    let (mut blocked, mut waiting) = (0, 0);
    for seed in 0..120u64 {
        let presumption = ["nothing", "abort", "commit"][seed as usize % 3];
        let cooperative = ["off", "on"][seed as usize / 3 % 2];
        let n = 2 + seed / 6 % 2;
        let votes = ["yes", "yes,read-only", "yes,yes,no"][seed as usize / 12 % 3];
        let words = format!(
            "clients=0 participants={n} presumption={presumption} cooperative={cooperative} votes={votes}"
        );
        let setup = setup(&words);
        let mut run = Run::new(protocols::build(setup.clone()));
        let mut steps = Vec::new();
        let mut chaos = Chaos::new(seed, Mood::Wild, 3);
        for _ in 0..25 {
            let Some(step) = chaos.next(&run) else { break };
            run.step(&step).expect("enabled");
            steps.push(step);
            let scene = &run.now().scene;
            for id in scene.ids().filter(|id| scene.up(*id) && scene.in_doubt(*id)) {
                let closed = scene.blocked(id).is_some();
                let search = !can_decide(&setup, &steps, id);
                assert_eq!(
                    closed,
                    search,
                    "{words}, seed {seed}, moment {}: {}",
                    run.moment(),
                    scene.name(id)
                );
                if closed { blocked += 1 } else { waiting += 1 }
            }
        }
    }
    assert!(blocked > 30 && waiting > 300, "the walks must visit both: {blocked} blocked, {waiting} waiting");
}
