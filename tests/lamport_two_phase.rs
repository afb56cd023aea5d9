//! Lamport's TwoPhase, searched exhaustively by cloning worlds: slow, obviously right, and the same as the
//! model checker TLC counts on TwoPhase.tla.

use indoubt::properties::{Past, State, judge};
use indoubt::protocol::{NodeId, Stance};
use indoubt::protocols;
use indoubt::script;
use indoubt::sim::{Act, Machine, Rule, Setup, Step, Tail};
use std::collections::BTreeSet;

fn setup(words: &str) -> Setup {
    script::parse(&format!("world tp {words}")).expect("a world").setup
}

/// Every world that a delivery or a local step leads to, as often as one does. A delivery that changes
/// nothing and asks for nothing is none: the specification has no action for it.
fn successors(world: &dyn Machine) -> Vec<Box<dyn Machine>> {
    let mut all = Vec::new();
    for choice in world.choices().into_iter().filter(|c| c.refused.is_none()) {
        if !matches!(choice.step.act, Act::Deliver(_) | Act::Fire(..)) {
            continue;
        }
        let mut next = world.boxed();
        let report = next.apply(&choice.step).expect("enabled");
        if !report.effects.is_empty() || next.bytes() != world.bytes() {
            all.push(next);
        }
    }
    all
}

/// What TLC prints: distinct states, states generated with the initial one, and the depth, of which the
/// initial state is the first level.
fn search(participants: u16) -> (usize, usize, usize) {
    let first = protocols::build(setup(&format!("participants={participants}")));
    let mut seen = BTreeSet::from([first.bytes()]);
    let mut level = vec![first];
    let (mut generated, mut depth) = (1, 0);
    while !level.is_empty() {
        depth += 1;
        let mut next = Vec::new();
        for world in level {
            let verdicts = judge(&world.scene(), &Past::default());
            let kept = ["ac1", "ac2", "ac3", "wal", "locks", "money", "alarm", "blocked"];
            let broken = |id: &str| verdicts.iter().any(|v| v.id == id && v.state == State::Violated);
            assert!(!kept.iter().any(|id| broken(id)), "{verdicts:?}");
            for world in successors(&*world) {
                generated += 1;
                if seen.insert(world.bytes()) {
                    next.push(world);
                }
            }
        }
        level = next;
    }
    (seen.len(), generated, depth)
}

#[test]
fn it_has_as_many_worlds_as_the_specification() {
    assert_eq!(search(1), (12, 20, 5));
    assert_eq!(search(2), (56, 154, 8));
    assert_eq!(search(3), (288, 1_146, 11));
    assert_eq!(search(4), (1_568, 8_258, 14));
    assert_eq!(search(5), (8_832, 58_146, 17));
}

/// Everything that may happen with the faults that the rules leave, also in the middle of a step.
fn moves(world: &dyn Machine) -> Vec<Step> {
    let mut steps = Vec::new();
    for choice in world.choices().into_iter().filter(|c| c.refused.is_none()) {
        let step = choice.step;
        if matches!(step.act, Act::Hold(_) | Act::Pause(_) | Act::Cut(_)) {
            continue;
        }
        steps.push(step);
        if step.runs_handler() && world.setup().rule(Rule::Crashes) > 0 {
            let cuts = world.preview(&step).expect("enabled").cuts();
            steps.extend((0..cuts).map(|after| step.torn(after, Tail::Lost)));
        }
    }
    steps.retain(|s| world.check(s).is_ok());
    steps
}

/// Whether some sequence of steps of nodes that are up lets `node` decide, with no repair and no new fault.
fn can_decide(world: &dyn Machine, node: NodeId) -> bool {
    let mut seen = BTreeSet::from([world.bytes()]);
    let mut next = vec![world.boxed()];
    while let Some(world) = next.pop() {
        if matches!(world.scene().node(node).status.stance, Stance::Committed | Stance::Aborted) {
            return true;
        }
        for step in moves(&*world) {
            let helps = match step.act {
                Act::Deliver(m) => step.torn.is_none() && world.scene().up(m.to),
                Act::Fire(..) => step.torn.is_none(),
                _ => false,
            };
            let mut after = world.clone();
            if helps && after.apply(&step).is_ok() && seen.insert(after.bytes()) {
                next.push(after);
            }
        }
    }
    false
}

#[test]
fn with_crashes_it_is_safe_and_blocked_is_what_the_definition_says() {
    for (words, someone) in [
        ("participants=2 crashes=1", true),
        ("participants=2 crashes=0", false),
        ("participants=1 crashes=2", true),
        ("participants=2 crashes=0 messages=taken drops=1 duplicates=1", true),
        ("participants=1 crashes=1 messages=taken drops=1 duplicates=0", true),
    ] {
        let first = protocols::build(setup(words));
        let mut seen = BTreeSet::from([first.bytes()]);
        let mut next = vec![first];
        let (mut blocked, mut waiting) = (0, 0);
        while let Some(world) = next.pop() {
            let scene = world.scene();
            for verdict in judge(&scene, &Past::default()) {
                let safe = ["ac1", "ac2", "ac3", "wal", "locks", "money", "alarm"].contains(&verdict.id);
                assert!(!safe || verdict.state != State::Violated, "{words}: {verdict:?}");
            }
            for id in scene.ids().filter(|id| scene.up(*id) && scene.in_doubt(*id)) {
                let closed = scene.blocked(id).is_some();
                assert_eq!(
                    closed,
                    !can_decide(&*world, id),
                    "{words}: {} in {:?}",
                    scene.name(id),
                    scene.flights
                );
                *(if closed { &mut blocked } else { &mut waiting }) += 1;
            }
            for step in moves(&*world) {
                let mut after = world.clone();
                after.apply(&step).expect("enabled");
                if seen.insert(after.bytes()) {
                    next.push(after);
                }
            }
        }
        println!("{words}: {} worlds, {blocked} times blocked, {waiting} times not", seen.len());
        assert!(waiting > 0 && (blocked > 0) == someone, "{words}: {blocked}, {waiting}");
    }
}
