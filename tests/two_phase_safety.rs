//! Two-phase commit, searched exhaustively by cloning worlds: slow and obviously right.

use indoubt::properties::{Past, State, judge};
use indoubt::protocol::{NodeId, Stance};
use indoubt::protocols;
use indoubt::run::{Chaos, Mood, Run};
use indoubt::sim::{Act, FaultKind, Machine, Rule, Setup, Step, Tail};
use std::collections::{BTreeSet, VecDeque};

/// A setup from `key=value` words, protocol parameters and rules alike.
fn setup(words: &str) -> Setup {
    let protocol = protocols::find("2pc").expect("registered");
    let mut setup = protocol.setup();
    for word in words.split_whitespace() {
        let (key, value) = word.split_once('=').expect("key=value");
        let meta = (protocol.meta)();
        if let Some((at, spec)) = meta.param(key) {
            assert!(setup.params.set(meta.params, at, spec.parse(value).expect(word)), "{word}");
        } else {
            let at = indoubt::sim::RULES.iter().position(|r| r.key == key).expect(word);
            let value = indoubt::sim::RULES[at].parse(value).expect(word);
            assert!(setup.rules.set(indoubt::sim::RULES, at, value), "{word}");
        }
    }
    setup
}

/// Everything that the protocol must survive: any order, loss, copies, early timers, crashes at every
/// effect with the unforced tail lost or kept, recoveries. Operators and refusals stay out.
fn moves(machine: &dyn Machine) -> Vec<Step> {
    let mut steps = Vec::new();
    for choice in machine.choices().into_iter().filter(|c| c.refused.is_none()) {
        let step = choice.step;
        let wanted = match step.act {
            Act::Command(_, c) => machine.meta().verbs[usize::from(c.verb)].starts,
            Act::Deliver(_) | Act::Fire(..) | Act::Recover(_) => true,
            Act::Crash(..) | Act::Drop(_) | Act::Duplicate(_) => true,
            _ => false,
        };
        if !wanted {
            continue;
        }
        steps.push(step);
        if let Act::Crash(node, _) = step.act {
            steps.push(Act::Crash(node, Tail::Kept).into());
        }
        if step.runs_handler() && machine.setup().rule(Rule::Crashes) > 0 {
            let cuts = machine.preview(&step).expect("enabled").cuts();
            for after in 0..cuts {
                for tail in [Tail::Lost, Tail::Kept] {
                    steps.push(step.torn(after, tail));
                }
            }
        }
    }
    steps.retain(|s| machine.check(s).is_ok());
    steps
}

/// Searches breadth first; returns how many worlds there are, and the first violation of one of `ids`.
fn search(setup: Setup, ids: &[&str], limit: usize) -> (usize, Option<(&'static str, Vec<Step>)>) {
    let first = protocols::build(setup);
    let mut seen = BTreeSet::from([first.bytes()]);
    let mut queue = VecDeque::from([(first, Vec::new())]);
    while let Some((world, path)) = queue.pop_front() {
        assert!(seen.len() <= limit, "more than {limit} worlds");
        for step in moves(&*world) {
            let mut next = world.clone();
            next.apply(&step).expect("enabled");
            // Asking again while the same question is still in flight leads nowhere new.
            if next.scene().flights.iter().any(|f| f.copies > 0) {
                continue;
            }
            if !seen.insert(next.bytes()) {
                continue;
            }
            let mut path = path.clone();
            path.push(step);
            let bad = judge(&next.scene(), &Past::default())
                .into_iter()
                .find(|v| v.state == State::Violated && ids.contains(&v.id));
            if let Some(verdict) = bad {
                return (seen.len(), Some((verdict.id, path)));
            }
            queue.push_back((next, path));
        }
    }
    (seen.len(), None)
}

const SAFE: &[&str] = &["ac1", "ac2", "ac3", "wal", "locks", "money", "alarm"];

#[test]
fn agreement_holds_whatever_is_presumed_and_whoever_crashes() {
    for presumption in ["nothing", "abort", "commit"] {
        for cooperative in ["off", "on"] {
            // With cooperation every timeout asks everybody, and one participant fewer already has no
            // peers: the crash then comes with synchronous timers.
            let timers = if cooperative == "on" { "sync" } else { "async" };
            let words = format!(
                "clients=0 presumption={presumption} cooperative={cooperative} timers={timers} \
                 crashes=1 drops=0 duplicates=0"
            );
            let (worlds, bad) = search(setup(&words), SAFE, 400_000);
            println!("{words}: {worlds}");
            assert_eq!(bad, None, "{words}");
        }
    }
}

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

#[test]
fn faults_are_limited_by_the_rules() {
    let machine = protocols::build(setup("clients=0 crashes=0 drops=0 duplicates=0"));
    assert!(moves(&*machine).iter().all(|s| s.fault() != Some(FaultKind::Crash)));
}
