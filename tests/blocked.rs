//! The closed form of being blocked, held against its definition by cloning worlds: slow and obviously right.

mod worlds;

use indoubt::protocol::{NodeId, Stance};
use indoubt::protocols;
use indoubt::run::{Chaos, Mood, Run};
use indoubt::sim::{Act, Machine};
use std::collections::{BTreeSet, VecDeque};
use worlds::setup;

/// Whether some sequence of steps of nodes that are up and reachable lets `node` decide: no repair, no new
/// failure, no operator, no client.
fn can_decide(world: &dyn Machine, node: NodeId) -> bool {
    let decided =
        |w: &dyn Machine| matches!(w.scene().node(node).status.stance, Stance::Committed | Stance::Aborted);
    let mut seen = BTreeSet::from([world.bytes()]);
    let mut queue = VecDeque::from([world.boxed()]);
    while let Some(world) = queue.pop_front() {
        for choice in world.choices().into_iter().filter(|c| c.refused.is_none()) {
            let helps = match choice.step.act {
                Act::Deliver(m) => world.scene().up(m.to),
                Act::Fire(..) | Act::Release(_) => true,
                _ => false,
            };
            if !helps {
                continue;
            }
            let mut next = world.clone();
            next.apply(&choice.step).expect("enabled");
            // Asking a third time while two of the same questions are still in flight helps nobody.
            let repeated =
                matches!(choice.step.act, Act::Fire(..)) && next.scene().flights.iter().any(|f| f.copies > 1);
            if decided(&*next) {
                return true;
            }
            if !repeated && seen.insert(next.bytes()) {
                queue.push_back(next);
            }
        }
    }
    false
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
        let mut run = Run::new(protocols::build(setup(&words)));
        let mut chaos = Chaos::new(seed, Mood::Wild, 3);
        for _ in 0..25 {
            let Some(step) = chaos.next(&run) else { break };
            run.step(&step).expect("enabled");
            let scene = &run.now().scene;
            for id in scene.ids().filter(|id| scene.up(*id) && scene.in_doubt(*id)) {
                let closed = scene.blocked(id).is_some();
                let search = !can_decide(run.machine(), id);
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
