//! What the mechanisms promise, proved within bounds: the right variant keeps it in every reachable world, and the
//! variant beside it breaks it in a shortest run that really shows it.

use indoubt::explore::{Budget, Cond, Fault, Question, Search, State};
use indoubt::properties::{Past, State as Stands, judge};
use indoubt::{protocols, script};

/// A world, what is asked, the budget, and what is found: so many worlds and none of them, or a run of so many steps.
struct Case<'a> {
    world: &'a str,
    broken: &'a str,
    budget: Budget,
    found: Found,
}

#[derive(PartialEq, Eq, Debug)]
enum Found {
    NoneOf(u32),
    Steps(usize),
}

/// No faults but those that are named, and no message twice in flight.
fn budget(faults: &[(Fault, u8)]) -> Budget {
    let none = Budget::nothing().with(Fault::Early, None).with(Fault::Tails, None).with_copies(1);
    faults.iter().fold(none, |budget, (fault, n)| budget.with(*fault, Some(*n)))
}

fn check(case: &Case) {
    let setup = script::load(case.world).expect("a world").setup;
    let question = Question { budget: case.budget, ..Question::new(vec![Cond::Broken(case.broken.into())]) };
    let mut search = Search::new(&setup, &[], question).expect("a question that can be asked");
    while search.advance(100_000).expect("it fits") == State::Running {}
    let found = match (search.state(), search.found()) {
        (State::Exhausted, None) => Found::NoneOf(search.progress().worlds),
        (_, Some(steps)) => {
            let mut world = protocols::build(setup);
            for step in &steps {
                world.apply(step).expect("a schedule that was found can be run");
            }
            let verdicts = judge(&world.scene(), &Past::default());
            let shown = verdicts.iter().any(|v| v.id == case.broken && v.state == Stands::Violated);
            assert!(shown, "{}: the run shows it", case.world);
            Found::Steps(steps.len())
        }
        (state, None) => panic!("{}: {state:?}", case.world),
    };
    assert_eq!(found, case.found, "{}", case.world);
}

/// A lease runs out at any time, and whoever held it writes at any time.
#[test]
fn a_token_that_the_resource_checks_fences_old_holders_and_nothing_else_does() {
    let twice = [(Fault::Requests, 2)];
    let rough = [(Fault::Requests, 4), (Fault::Crashes, 1), (Fault::Drops, 1)];
    let of = |world, faults: &[(Fault, u8)], found| Case {
        world,
        broken: "fencing",
        budget: budget(faults),
        found,
    };
    for case in [
        of("world lock tries=2\n", &twice, Found::NoneOf(109_902)),
        of("world lock tries=1\n", &rough, Found::NoneOf(573_013)),
        of("world lock tries=1 fencing=none\n", &twice, Found::Steps(11)),
        of("world lock tries=1 fencing=lock-server\n", &twice, Found::Steps(17)),
    ] {
        check(&case);
    }
}

/// One crash at any effect, one lost message, one request more than once.
#[test]
fn the_right_variants_keep_their_promise_and_those_beside_them_break_it() {
    use Found::{NoneOf, Steps};
    let faults = [(Fault::Requests, 1), (Fault::Crashes, 1), (Fault::Drops, 1)];
    for (world, broken, found) in [
        ("resend strategy=unique-insert clients=2 seats=1 only-same=on", "invariant", NoneOf(1_654)),
        ("resend strategy=unique-insert clients=2 seats=1 only-same=on", "once", NoneOf(1_654)),
        ("resend strategy=unique-insert clients=2 seats=1 only-same=on look=before", "invariant", Steps(6)),
        ("resend strategy=unique-insert clients=2 seats=1 only-same=on look=never", "invariant", Steps(4)),
        ("rename", "once", NoneOf(197_901)),
        ("rename", "money", NoneOf(197_901)),
        ("rename cache=none", "answers", Steps(6)),
        ("rename commit=one-by-one", "money", Steps(3)),
        ("shop variant=correct only-same=on", "once", NoneOf(2_034)),
        ("shop variant=correct", "money", NoneOf(9_838)),
        ("shop variant=as-written only-same=on", "once", Steps(8)),
        ("sync", "once", NoneOf(9_009)),
        ("sync position=after", "once", Steps(5)),
        ("sync position=before", "invariant", Steps(3)),
        ("sync apply=highest", "invariant", Steps(3)),
        ("downstream only-same=on", "once", NoneOf(359)),
        ("downstream only-same=on pass-key=off", "once", Steps(6)),
        ("session sessions=off", "once", Steps(6)),
        ("rifl", "once", NoneOf(711)),
        ("rifl writes=after", "once", Steps(7)),
        ("kafka producer=plain", "once", Steps(4)),
        ("queue inbox=off", "once", Steps(9)),
        ("partition only-same=on", "once", NoneOf(7_430)),
        ("partition only-same=on moves=data-only", "once", Steps(9)),
        ("cache only-same=on dedupe=cache", "once", Steps(10)),
        ("cache only-same=on protocol=write-back flush=record-first", "once", Steps(4)),
    ] {
        check(&Case { world: &format!("world {world}\n"), broken, budget: budget(&faults), found });
    }
}

/// Whatever a strategy keeps of a key, it keeps what was asked with it, and finds something else under it out. The
/// number says how many steps of its own the service needs up to the answer, and the other how many it needs to see
/// that the key is known.
#[test]
fn a_key_stands_for_what_was_asked_with_it() {
    for (strategy, steps, again) in [
        ("cache", 1, 0),
        ("durable-cache", 1, 0),
        ("mark-before", 1, 0),
        ("mark-after", 2, 0),
        ("counter", 3, 0),
        ("sequence", 0, 0),
        ("version-id", 0, 0),
        ("lock-mark", 3, 1),
        ("claim", 2, 0),
        ("claim-expires", 2, 0),
        ("claim-tx", 1, 0),
        ("claim-token", 1, 0),
        ("unique-insert", 0, 0),
    ] {
        for (compared, word) in [("on", "422"), ("off", "ok")] {
            let own = |n| "fire S work-1\n".repeat(n);
            let steps = format!(
                "world resend strategy={strategy} fingerprint={compared}\ndo K send\ndeliver K>S request\n{}\
                 drop S>K ok\ndo K other-body\ndeliver K>S request\n{}deliver S>K {word}\n\
                 expect effects K=1; phase K saw-{word}; once ok\n",
                own(steps),
                own(again),
            );
            assert_eq!(script::load(&steps).expect("a script").error, None, "{steps}");
        }
    }
}
