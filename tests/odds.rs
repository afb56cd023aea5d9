//! How often a protocol succeeds where exchanges fail at random: measured against what can be worked out.

use indoubt::protocols;
use indoubt::run::Run;
use indoubt::run::odds::{Chance, Kind, Odds, WHOLE, formula, share, three_sigma};
use indoubt::script;
use indoubt::sim::Setup;

const RUNS: u32 = 10_000;
const SEED: u64 = 58;

fn measure(world: &str, percent: u8, tries: u8, seed: u64) -> (Setup, Odds) {
    let setup = script::load(&format!("world {world}\n")).expect("a world").setup;
    let machine = protocols::build(setup.clone());
    let mut odds = Odds::new(machine, Chance { percent, tries }, seed).expect("it says how it asks again");
    odds.advance(RUNS);
    (setup, odds)
}

fn within(odds: &Odds, kind: Kind, expected: u64, tolerance: u64) -> bool {
    share(odds.count(kind), odds.runs()).abs_diff(expected) <= tolerance
}

const THREE: &str = "2pc participants=3 clients=0 ask-again=on";
const TOLERANCE: u64 = WHOLE * 15 / 1000;

/// S58.
#[test]
fn a_commit_of_three_is_as_probable_as_all_three_answers() {
    let (_, once) = measure(THREE, 90, 1, SEED);
    assert_eq!(formula(once.chance(), 3), WHOLE / 1000 * 729);
    assert!(within(&once, Kind::Success, WHOLE / 1000 * 729, TOLERANCE), "{}", once.count(Kind::Success));
    let (_, twice) = measure(THREE, 90, 2, SEED);
    assert_eq!(formula(twice.chance(), 3), 970_299_000);
    assert!(within(&twice, Kind::Success, WHOLE / 1000 * 970, TOLERANCE), "{}", twice.count(Kind::Success));
    assert_eq!(twice.count(Kind::Success) + twice.count(Kind::Failure), RUNS);
    assert_eq!([Kind::Twice, Kind::Void, Kind::Unknown, Kind::Refused].map(|k| twice.count(k)), [0; 4]);
}

#[test]
fn the_same_seed_counts_the_same_and_another_does_not() {
    let all = |seed| {
        let (_, odds) = measure("resend strategy=nothing tries=5", 80, 3, seed);
        Kind::ALL.map(|kind| odds.count(kind))
    };
    assert_eq!(all(1), all(1));
    assert_ne!(all(1), all(2));
}

#[test]
fn in_slices_it_counts_the_same() {
    let whole = measure(THREE, 70, 2, 7).1;
    let machine = protocols::build(script::load(&format!("world {THREE}\n")).expect("a world").setup);
    let mut sliced = Odds::new(machine, whole.chance(), 7).expect("it says how it asks again");
    while sliced.runs() < RUNS {
        sliced.advance(37.min(RUNS - sliced.runs()));
    }
    assert_eq!(Kind::ALL.map(|k| sliced.count(k)), Kind::ALL.map(|k| whole.count(k)));
}

/// Twice: the first answer is lost, and then the second request is not.
#[test]
fn without_idempotence_asking_again_doubles_as_often_as_it_must() {
    let (_, nothing) = measure("resend strategy=nothing tries=5", 90, 2, SEED);
    let expected = WHOLE / 10_000 * 475;
    let sigma = three_sigma(475, RUNS);
    assert!(within(&nothing, Kind::Twice, expected, sigma), "{}", nothing.count(Kind::Twice));
    assert_eq!(nothing.count(Kind::Void), 0);
}

#[test]
fn with_a_unique_insert_nothing_doubles_and_the_formula_holds() {
    for tries in 1..=4 {
        let (_, odds) = measure("resend strategy=unique-insert tries=5", 80, tries, SEED);
        assert_eq!([Kind::Twice, Kind::Void, Kind::Refused].map(|k| odds.count(k)), [0; 3]);
        let sigma = three_sigma(odds.count(Kind::Success), RUNS);
        assert!(within(&odds, Kind::Success, formula(odds.chance(), 1), sigma), "{tries} tries");
    }
}

/// What is shown as an example is a run that can be done, and that is what it is said to be.
#[test]
fn every_example_is_a_run() {
    for world in [THREE, "resend strategy=nothing tries=5", "resend strategy=version tries=5"] {
        let (setup, odds) = measure(world, 70, 2, SEED);
        for kind in Kind::ALL {
            let Some(steps) = odds.example(kind) else {
                assert_eq!(odds.count(kind), 0, "{world}: {kind:?}");
                continue;
            };
            let mut run = Run::new(protocols::build(setup.clone()));
            for step in steps {
                run.step(step).expect("a step that was taken once can be taken again");
            }
            let most = run.now().scene.effects().values().copied().max().unwrap_or(0);
            assert!(kind != Kind::Twice || most > 1, "{world}");
        }
    }
}
