//! The explorer against a search by cloned worlds, which is slow and obviously right.

mod worlds;

use indoubt::explore::{Budget, Cond, Fault, Is, Kind, Question, Search, State};
use indoubt::properties::{Past, State as Verdict, judge};
use indoubt::protocols;
use indoubt::sim::{Act, Actor, Life, Machine, Scene, Setup, Step, Tail};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use worlds::{of, setup};

/// What is left of each fault; `None` is any number.
type Left = [Option<u8>; Fault::COUNT];

/// Spends a fault; `None` if there is none left.
fn spend(mut left: Left, fault: Fault) -> Option<Left> {
    if let Some(n) = &mut left[fault as usize] {
        *n = n.checked_sub(1)?;
    }
    Some(left)
}

/// How often the commonest of equal messages is in flight.
fn copies(machine: &dyn Machine) -> u8 {
    machine.scene().flights.iter().map(|f| f.copies + 1).max().unwrap_or(0)
}

/// Everything that may happen under a budget, with what is left of it.
fn moves(machine: &dyn Machine, left: Left, any_order: bool) -> Vec<(Step, Left)> {
    let scene = machine.scene();
    let mut all = Vec::new();
    for choice in machine.choices().into_iter().filter(|c| c.refused.is_none()) {
        let step = choice.step;
        let left = match step.act {
            Act::Command(_, c) => {
                let verb = &machine.meta().verbs[usize::from(c.verb)];
                match (verb.operator, verb.starts) {
                    (true, _) => spend(left, Fault::Operator),
                    (_, false) => spend(left, Fault::Requests),
                    _ => Some(left),
                }
            }
            Act::Fire(node, timer) => {
                let reachable =
                    scene.flights.iter().any(|f| f.at.to == node && scene.linked(f.at.from, node));
                let local = machine.meta().timers[usize::from(timer.0)].local;
                if reachable && !local { spend(left, Fault::Early) } else { Some(left) }
            }
            Act::Drop(_) => spend(left, Fault::Drops),
            Act::Duplicate(_) => spend(left, Fault::Duplicates),
            Act::Cut(_) => spend(left, Fault::Cuts),
            Act::Pause(_) => spend(left, Fault::Pauses),
            Act::Hold(_) => None,
            _ => Some(left),
        };
        let Some(left) = left else { continue };
        if let Act::Crash(node, _) = step.act {
            all.extend(dying(machine, left, |tail| Act::Crash(node, tail).into()));
            continue;
        }
        // Where messages stay in flight, one that means nothing where it arrives is no step.
        let idle = || {
            let mut copy = machine.boxed();
            let report = copy.apply(&step).expect("enabled");
            report.effects.is_empty() && copy.bytes() == machine.bytes()
        };
        if machine.setup().kept() && matches!(step.act, Act::Deliver(_)) && idle() {
            continue;
        }
        all.push((step, left));
        let handled = step.message().is_none_or(|m| scene.up(m.to) || !step.runs_handler());
        if step.runs_handler() && handled {
            for after in 0..=machine.preview(&step).expect("enabled").cuts() {
                all.extend(dying(machine, left, |tail| step.torn(after, tail)));
                // Whatever the world does not refuse.
                let told = if any_order { 1u16 << scene.nodes.len() } else { 1 };
                for told in 1..told {
                    if machine.check(&step.torn(after, Tail::Kept).told(told)).is_ok() {
                        all.extend(dying(machine, left, |tail| step.torn(after, tail).told(told)));
                    }
                }
            }
        }
    }
    all
}

/// A crash with what was not forced lost and, where that differs, kept.
fn dying(machine: &dyn Machine, left: Left, step: impl Fn(Tail) -> Step) -> Vec<(Step, Left)> {
    let Some(left) = spend(left, Fault::Crashes) else { return Vec::new() };
    let after = |step: &Step| {
        let mut copy = machine.boxed();
        copy.apply(step).expect("a crash is always possible");
        copy.bytes()
    };
    let (lost, kept) = (step(Tail::Lost), step(Tail::Kept));
    if machine.check(&lost).is_err() {
        // The world's own rules allow no more.
        return Vec::new();
    }
    if after(&lost) == after(&kept) {
        return vec![(lost, left)];
    }
    let mut both = vec![(kept, left)];
    both.extend(spend(left, Fault::Tails).map(|left| (lost, left)));
    both
}

/// What the world's own rules leave of a budget: the world itself counts what it limits.
fn within(setup: &Setup, budget: &Budget) -> Left {
    let mut left = budget.faults;
    if setup.synchronous() {
        left[Fault::Early as usize] = Some(0);
    }
    left
}

/// What a plain search finds.
struct Plain {
    /// How many worlds there are at each distance.
    levels: Vec<u32>,
    /// How far the nearest world is in which each property is broken.
    broken: BTreeMap<&'static str, usize>,
    /// How many worlds there are of those outcomes that a scene shows by itself.
    ends: BTreeMap<Kind, u32>,
}

/// What a world has come to, as far as a scene shows it.
fn ends(scene: &Scene, violated: &[&'static str]) -> Vec<Kind> {
    if !scene.meta.promises("once") {
        let is = |id: &str| violated.contains(&id);
        let worst = if is("ac1") { Some(Kind::Split) } else { is("blocked").then_some(Kind::Blocked) };
        return worst.into_iter().collect();
    }
    let works = |n: &Actor| n.life != Life::Up || n.timers.iter().any(|t| !scene.meta.is_timeout(*t));
    let quiet = scene.flights.is_empty() && !scene.nodes.iter().any(works);
    let (effects, answered) = (scene.effects(), scene.answered());
    let of = |request: &indoubt::protocol::Request| {
        let times = effects.get(request).map_or(0, |n| (*n).min(3)) as u8;
        let seen =
            (answered.contains(request) && (times > 0 || !scene.under_way())).then_some(Kind::Seen(times));
        seen.into_iter().chain(quiet.then_some(Kind::Quiet(times))).collect::<Vec<_>>()
    };
    scene.begun().iter().flat_map(of).collect()
}

/// Searches worlds by cloning them. `None` if there are more than it cares for.
fn plain(setup: &Setup, budget: &Budget, any_order: bool, most: usize) -> Option<Plain> {
    let first = protocols::build(setup.clone());
    let budget = &Budget { faults: within(setup, budget), ..*budget };
    let cap = budget.copies.max(budget.least_copies()).max(copies(&*first));
    let mut seen = std::collections::BTreeSet::from([(first.bytes(), budget.faults)]);
    let mut queue = VecDeque::from([(first, budget.faults, 0usize)]);
    let (mut levels, mut broken) = (Vec::new(), BTreeMap::new());
    let mut ends = BTreeMap::new();
    while let Some((world, left, depth)) = queue.pop_front() {
        if levels.len() <= depth {
            levels.push(0);
        }
        levels[depth] += 1;
        let scene = world.scene();
        let verdicts = judge(&scene, &Past::default());
        let violated: Vec<_> =
            verdicts.iter().filter(|v| v.state == Verdict::Violated).map(|v| v.id).collect();
        for id in &violated {
            broken.entry(*id).or_insert(depth);
        }
        for kind in self::ends(&scene, &violated) {
            *ends.entry(kind).or_insert(0) += 1;
        }
        if budget.depth.is_some_and(|d| depth >= usize::from(d)) {
            continue;
        }
        for (step, left) in moves(&*world, left, any_order) {
            let mut next = world.clone();
            next.apply(&step).expect("enabled");
            if copies(&*next) <= cap && seen.insert((next.bytes(), left)) {
                if seen.len() > most {
                    return None;
                }
                queue.push_back((next, left, depth + 1));
            }
        }
    }
    Some(Plain { levels, broken, ends })
}

fn under(budget: Budget, goal: Vec<Cond>) -> Question {
    Question { budget, ..Question::new(goal) }
}

fn explore(setup: &Setup, question: Question) -> Search {
    let mut search = Search::new(setup, &[], question).expect("a question that can be asked");
    while search.advance(10_000).expect("it fits") == State::Running {}
    search
}

/// The explorer must see the same worlds at the same distances, and find every broken property as near.
fn agrees(setup: &Setup, words: &str, (budget, any_order): (Budget, bool), most: usize) -> bool {
    let Some(Plain { levels, broken, ends }) = plain(setup, &budget, any_order, most) else { return false };
    let question = |goal| Question { budget, any_order, ..Question::new(goal) };
    let mut counted = explore(setup, Question { census: true, ..question(Vec::new()) });
    assert_eq!(counted.progress().levels, levels, "{words} {budget:?}");
    for outcome in counted.outcomes() {
        // Who decided for good is more than a scene shows, and so is what would come of asking again.
        if !matches!(outcome.kind, Kind::Commit | Kind::Abort | Kind::Open | Kind::Vain) {
            let plain = ends.get(&outcome.kind).copied().unwrap_or(0);
            assert_eq!(outcome.worlds, plain, "{:?}: {words} {budget:?}", outcome.kind);
        }
    }
    let promised = (protocols::find(setup.protocol).expect("it exists").meta)().properties;
    for id in promised.iter().filter(|id| !["ac4", "ac5"].contains(id)) {
        let mut search = explore(setup, question(vec![Cond::Broken((*id).into())]));
        let found = search.found();
        assert_eq!(found.as_ref().map(Vec::len), broken.get(id).copied(), "{id}: {words} {budget:?}");
        if let Some(steps) = found {
            let mut world = protocols::build(setup.clone());
            for step in &steps {
                world.apply(step).expect("a schedule that was found can be run");
            }
            let verdicts = judge(&world.scene(), &Past::default());
            assert!(verdicts.iter().any(|v| v.id == *id && v.state == Verdict::Violated), "{id}: {words}");
        }
    }
    true
}

/// Words for a small world, drawn from numbers.
fn words(draw: &[u8; 12]) -> String {
    let pick = |i: usize, from: &[&str]| from[usize::from(draw[i]) % from.len()].to_string();
    let mistakes = [
        "",
        "skip-prepared-force=on",
        "skip-commit-force=on",
        "skip-collecting-force=on",
        "ack-commit-unforced=on",
        "forget-commit-early=on",
        "forget-abort-early=on",
        "ack-abort-unforced=on",
        "await-yes-only=on",
        "timeout-aborts=on",
        "timeout-commits=on",
    ];
    [
        pick(0, &["participants=1", "participants=2", "participants=2", "participants=3"]),
        pick(1, &["clients=0", "clients=1", "clients=2"]),
        pick(2, &["presumption=nothing", "presumption=abort", "presumption=commit"]),
        pick(3, &["cooperative=off", "cooperative=on"]),
        pick(4, &["votes=yes", "votes=no", "votes=yes,read-only", "votes=yes,no"]),
        pick(5, &["down=lose", "down=keep"]),
        pick(6, &["timers=async", "timers=async", "timers=sync"]),
        pick(7, &mistakes),
        pick(8, &["checkpoints=off", "checkpoints=off", "checkpoints=on", "ask-again=on"]),
        pick(9, &["abort-record=on", "abort-record=off"]),
        pick(10, &["crashes=any", "crashes=any", "crashes=1"]),
        pick(11, &["drops=any", "duplicates=0"]),
    ]
    .join(" ")
}

/// A budget drawn from numbers, and whether messages sent in one go leave in any order.
fn budget(draw: &[u8; 10]) -> (Budget, bool) {
    let mut budget = Budget::nothing().with_copies(1 + draw[9] % 3);
    for (fault, n) in Fault::ALL.into_iter().zip(draw) {
        budget = budget.with(fault, [Some(0), Some(0), Some(1), Some(2), None][usize::from(*n) % 5]);
    }
    (Budget { depth: Some(3 + u16::from(draw[0] / 8) % 6), ..budget }, draw[1] / 8 % 2 == 1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the world and whatever may go wrong.
    #[test]
    fn both_searches_see_the_same(world: [u8; 12], faults: [u8; 10]) {
        let words = words(&world);
        agrees(&setup(&words), &words, budget(&faults), 2_500);
    }

    /// Where messages stay in flight, too.
    #[test]
    fn both_searches_see_the_same_where_messages_are_kept(participants in 1..4u8, faults: [u8; 10]) {
        let words = format!("participants={participants}");
        agrees(&of("tp", &words), &words, budget(&faults), 2_500);
    }

    /// Where effects are counted and nobody votes.
    #[test]
    fn both_searches_see_the_same_of_requests(strategy in 0..16u8, draw: [u8; 4], faults: [u8; 10]) {
        let pick = |i: usize, from: &[&str]| from[usize::from(draw[i]) % from.len()].to_string();
        let meta = (protocols::find("resend").expect("it exists").meta)();
        let strategy = meta.params[0].print(strategy.into(), 1);
        let words = [
            format!("strategy={strategy}"),
            pick(0, &["operation=charge", "operation=set"]),
            pick(1, &["clients=1", "clients=1", "clients=2"]),
            pick(2, &["keys=kept", "keys=forgotten", "keys=timestamp", "keys=none"]),
            pick(3, &["ttl=off", "ttl=on"]),
        ]
        .join(" ");
        agrees(&of("resend", &words), &words, budget(&faults), 2_500);
    }
}

/// Distinct worlds, worlds generated with the first, and levels, as TLC prints them.
fn counts(setup: &Setup, symmetry: bool) -> (u32, u64, usize) {
    let question =
        Question { budget: Budget::nothing(), symmetry, ..Question::new(vec![Cond::Broken("ac1".into())]) };
    let mut search = Search::new(setup, &[], question).expect("a question that can be asked");
    while search.advance(100_000).expect("it fits") == State::Running {}
    assert_eq!(search.state(), State::Exhausted);
    let progress = search.progress();
    (progress.worlds, progress.generated, progress.levels.len())
}

#[test]
fn lamports_two_phase_has_as_many_worlds_as_the_specification() {
    let of = |n: usize| of("tp", &format!("participants={n}"));
    let pinned =
        [(1, 12, 20, 5), (2, 56, 154, 8), (3, 288, 1_146, 11), (4, 1_568, 8_258, 14), (5, 8_832, 58_146, 17)];
    for (n, worlds, generated, levels) in pinned {
        assert_eq!(counts(&of(n), false), (worlds, generated, levels), "{n} resource managers");
    }
    assert_eq!(counts(&of(7), false).0, 296_448);
    // The orbits under renaming the resource managers.
    assert_eq!(counts(&of(3), true).0, 80);
    assert_eq!(counts(&of(5), true).0, 314);
}

/// One crash blocks, and so does one cut link: neither is what it takes.
#[test]
fn an_outcome_needs_one_thing_or_another() {
    let budget = Budget::default().with(Fault::Cuts, Some(1));
    let question = Question { budget, census: true, ..Question::new(Vec::new()) };
    let mut search = explore(&setup("clients=0"), question);
    let needs = |outcomes: &[indoubt::explore::OutcomeFound], kind| {
        let of = outcomes.iter().find(|o| o.kind == kind).expect("it is counted");
        let named = |way: &[u8; Fault::COUNT]| {
            Fault::ALL.into_iter().map(|f| (f, way[f as usize])).filter(|(_, n)| *n > 0).collect::<Vec<_>>()
        };
        of.needs.iter().map(named).collect::<Vec<_>>()
    };
    let outcomes = search.outcomes();
    let blocked = needs(&outcomes, Kind::Blocked);
    assert_eq!(blocked.len(), 2, "{blocked:?}");
    assert!(blocked.contains(&vec![(Fault::Crashes, 1)]) && blocked.contains(&vec![(Fault::Cuts, 1)]));
    assert_eq!(needs(&outcomes, Kind::Commit), vec![Vec::new()]);
    assert_eq!(needs(&outcomes, Kind::Split), Vec::<Vec<_>>::new());
}

const SAFE: &[&str] = &["ac1", "ac2", "ac3", "wal", "locks", "money", "alarm"];

/// Two-phase commit as shipped survives whatever this budget allows; gives the number of worlds for each
/// presumption, without and with cooperation.
fn safe(words: &str, cooperation: &[&str], ids: &[&str], budget: Budget) -> Vec<u32> {
    let mut worlds = Vec::new();
    for presumption in ["nothing", "abort", "commit"] {
        for cooperative in cooperation {
            let setup = setup(&format!("{words} presumption={presumption} cooperative={cooperative}"));
            for id in ids {
                let mut question = Question { budget, ..Question::new(vec![Cond::Broken((*id).into())]) };
                question.limits.worlds = u32::MAX;
                question.limits.bytes = u64::MAX;
                let mut search = Search::new(&setup, &[], question).expect("it can be asked");
                while search.advance(100_000).expect("it fits") == State::Running {}
                assert_eq!((search.state(), search.found()), (State::Exhausted, None), "{id}: {setup:?}");
                worlds.push(search.progress().worlds);
            }
        }
    }
    worlds.chunks(ids.len()).map(|same| same[0]).collect()
}

#[test]
fn two_phase_commit_is_safe_with_two_participants_and_a_crash() {
    let worlds = safe("clients=0", &["off", "on"], SAFE, Budget::default());
    assert_eq!(worlds, [27_488, 231_913, 9_940, 123_097, 62_432, 468_657]);
}

#[test]
fn two_phase_commit_is_safe_when_messages_are_lost_and_copied() {
    // Two equal messages may be in flight now; timers wait for what can reach their node.
    let lossy = Budget::default()
        .with(Fault::Drops, Some(1))
        .with(Fault::Duplicates, Some(1))
        .with(Fault::Early, Some(0))
        .with_copies(2);
    let worlds = safe("clients=0 participants=1", &["off"], SAFE, lossy);
    assert_eq!(worlds, [6_579, 4_499, 8_318]);
}

#[test]
fn two_phase_commit_is_safe_with_three_participants_and_a_crash() {
    let worlds =
        safe("clients=0 participants=3", &["off"], &SAFE[..3], Budget::default().with(Fault::Early, Some(0)));
    assert_eq!(worlds, [253_537, 87_825, 812_270]);
}

#[test]
fn each_mistake_has_a_shortest_failing_schedule() {
    // What the mistake breaks, and in how many steps at the least.
    let mistakes = [
        ("skip-prepared-force=on", "ac1", 6),
        ("skip-commit-force=on", "ac1", 9),
        ("presumption=commit skip-collecting-force=on", "ac3", 6),
        ("ack-commit-unforced=on", "ac1", 12),
        ("forget-commit-early=on", "ac1", 8),
        ("presumption=commit forget-abort-early=on", "ac1", 6),
        ("presumption=commit ack-abort-unforced=on", "ac1", 10),
        ("presumption=commit await-yes-only=on", "ac1", 6),
        ("timeout-aborts=on", "ac1", 6),
        ("timeout-commits=on", "ac3", 3),
    ];
    let mut found = Vec::new();
    for (words, id, _) in mistakes {
        let setup = setup(&format!("clients=0 {words}"));
        let mut search = explore(
            &setup,
            under(Budget::default().with(Fault::Drops, Some(1)), vec![Cond::Broken(id.into())]),
        );
        let steps = search.found().unwrap_or_else(|| panic!("{words} breaks {id}"));
        let mut world = protocols::build(setup.clone());
        steps.iter().for_each(|s| drop(world.apply(s).expect("a schedule that was found can be run")));
        assert!(
            judge(&world.scene(), &Past::default())
                .iter()
                .any(|v| v.id == id && v.state == Verdict::Violated)
        );
        found.push((words, id, steps.len()));
    }
    assert_eq!(found, mistakes);
}

#[test]
fn one_crash_anywhere_among_two_participants() {
    let budget = Budget::default();
    assert!(agrees(&setup("clients=0 participants=1"), "one", (budget, true), 100_000));
    assert!(agrees(&setup("clients=0 presumption=abort"), "two", (budget, true), 100_000));
}

#[test]
fn a_doubled_message_has_room_without_being_asked_for() {
    let budget = Budget::nothing().with(Fault::Duplicates, Some(1));
    let search = explore(&of("resend", "strategy=nothing"), under(budget, vec![Cond::Twice]));
    assert_eq!(search.state(), State::Found, "the second copy takes effect again");
    assert_eq!(search.question().budget.copies, 2, "what was assumed is said");
}

#[test]
fn everybody_who_is_blocked_is_asked_for_a_way_out() {
    let question = Question::new(vec![Cond::Some(Is::Committed), Cond::Some(Is::Blocked)]);
    let mut search = Search::new(&of("2pc", "participants=2"), &[], question).expect("it can be asked");
    while search.advance(10_000).expect("it fits") == State::Running {}
    let ways = search.way_out();
    assert_eq!(ways.len(), 2, "the coordinator committed and died before it told anybody: {ways:?}");
    for way in ways {
        assert!(way.alone.is_none() && way.alone_all, "blocked is blocked: {way:?}");
        assert!(way.repaired.is_some(), "the coordinator can come back: {way:?}");
    }
}
