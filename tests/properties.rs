//! What two-phase commit promises, held against random walks: any order, loss, copies, cut links, pauses,
//! impatient timers, crashes after any effect. Whatever is presumed, with and without cooperation, with one to
//! four participants. A failure prints the run as a script.

mod walks;

use indoubt::properties::State;
use indoubt::run::{History, Rng, Run, repairs, run_until_quiet};
use indoubt::script;
use proptest::prelude::*;
use walks::{BLIND, Habit, config};

/// What may never be violated. Being blocked may, and AC5 is a promise about later.
const SAFE: &[&str] = &["ac1", "ac2", "ac3", "ac4", "wal", "locks", "money", "alarm"];

/// The first moment at which something is violated that may not be.
fn violation(history: &History) -> Option<String> {
    (1..history.len()).find_map(|place| {
        let event = history.event(place).expect("every moment but the first has an event");
        let broken = event.violated.iter().find(|id| SAFE.contains(id))?;
        Some(format!("{broken} at moment {place} of\n{}", script::print_history(history)))
    })
}

/// Repairs everything and lets everything happen that happens by itself.
fn settle(history: &History) -> Run {
    let mut run = history.run().clone();
    // A node behind a full link comes back only when some of that has been delivered.
    while !repairs(&run).is_empty() {
        while let Some(step) = repairs(&run).first().copied() {
            run.step(&step).expect("a repair is possible");
        }
        assert!(run_until_quiet(&mut run, &mut |_| ()), "no end of\n{}", script::print_history(history));
    }
    assert!(run_until_quiet(&mut run, &mut |_| ()), "no end of\n{}", script::print_history(history));
    run
}

fn stands(run: &Run, id: &str) -> State {
    run.now().verdicts.iter().find(|v| v.id == id).expect("a property").state
}

fn blind(seed: u64, steps: usize, habit: Habit) -> History {
    let mut rng = Rng::new(seed);
    let setup = walks::any_setup(&mut rng);
    walks::walk(setup, &mut rng, steps, habit)
}

proptest! {
    #![proptest_config(config(192))]

    #[test]
    fn no_walk_breaks_what_two_phase_commit_promises(seed: u64, steps in 10usize..160) {
        prop_assert_eq!(violation(&blind(seed, steps, BLIND)), None);
    }

    #[test]
    fn no_patient_walk_breaks_it_either(seed: u64, steps in 10usize..160) {
        prop_assert_eq!(violation(&blind(seed, steps, Habit { forward: 92, torn: 6, branch: 0 })), None);
    }

    #[test]
    fn the_scheduler_of_the_page_does_not_break_it(seed: u64, steps in 10usize..160) {
        let setup = walks::any_setup(&mut Rng::new(seed));
        prop_assert_eq!(violation(&walks::chaotic(setup, seed, steps)), None);
    }

    #[test]
    fn once_all_is_repaired_all_decide(seed: u64, steps in 0usize..120) {
        let history = blind(seed, steps, BLIND);
        let run = settle(&history);
        let all = ["ac1", "ac2", "ac3", "ac5", "money", "blocked"].map(|id| stands(&run, id));
        prop_assert_eq!(all, [State::Holds; 6], "{}", script::print_history(&history));
        let held = run.now().scene.nodes.iter().map(|n| n.status.locks.len()).sum::<usize>();
        prop_assert_eq!(held, 0, "locks are held after\n{}", script::print_history(&history));
    }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn undoing_and_redoing_changes_nothing(seed: u64, steps in 1usize..120, back in 1usize..120) {
        let mut history = blind(seed, steps, BLIND);
        let digest = |h: &History| h.run().machine().digest();
        let (end, moment, cost) = (digest(&history), history.run().moment(), history.run().cost());
        let back = (0..back).take_while(|_| history.undo()).count();
        prop_assert_eq!(history.run().moment() as usize + back, moment as usize);
        for _ in 0..back {
            prop_assert!(history.redo());
        }
        prop_assert!(!history.redo());
        prop_assert_eq!(digest(&history), end);
        prop_assert_eq!(history.run().cost(), cost);
    }

    #[test]
    fn every_moment_is_what_it_was_when_it_was_reached(seed: u64, steps in 1usize..100) {
        let history = blind(seed, steps, Habit { branch: 10, ..BLIND });
        for place in 0..history.len() {
            let path: Vec<_> = history.path_to(place).into_iter().filter_map(|p| history.step(p)).collect();
            let mut run = history.run_at(0);
            for step in &path {
                run.step(step).expect("a step that was taken once can be taken again");
            }
            let there = history.run_at(place);
            prop_assert_eq!(run.machine().bytes(), there.machine().bytes());
            prop_assert_eq!(run.now().verdicts.clone(), there.now().verdicts.clone());
            prop_assert_eq!(run.since(), there.since());
        }
    }

    #[test]
    fn what_is_refused_changes_nothing_and_what_is_offered_can_be_done(seed: u64, steps in 0usize..60) {
        let history = blind(seed, steps, BLIND);
        let machine = history.run().machine();
        for choice in machine.choices() {
            let mut copy = machine.boxed();
            let result = copy.apply(&choice.step);
            prop_assert_eq!(result.as_ref().err(), choice.refused.as_ref());
            let same = copy.bytes() == machine.bytes();
            prop_assert!(same || result.is_ok(), "{:?}", choice.step);
            // Where messages are never removed, one may arrive or be sent again and change nothing.
            prop_assert!(!same || result.is_err() || machine.setup().kept(), "{:?}", choice.step);
        }
    }
}
