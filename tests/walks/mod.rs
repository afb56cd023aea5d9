//! Random worlds and random walks in them, for tests: the same seed gives the same walk.

use indoubt::protocol::Params;
use indoubt::protocols;
use indoubt::run::{Chaos, History, Mood, Rng};
use indoubt::sim::{Act, RULES, Setup, Step, Tail};
use proptest::test_runner::Config as ProptestConfig;

/// So many cases. Failures are not written to files: a failing seed becomes a script of its own.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// A world of two-phase commit without mistakes, from `key=value` words over its defaults.
pub fn setup(words: &[(&str, String)]) -> Setup {
    let protocol = protocols::find("2pc").expect("registered");
    let meta = (protocol.meta)();
    let mut setup = protocol.setup();
    for (key, value) in words {
        let (specs, params): (_, &mut Params) = match meta.param(key) {
            Some(_) => (meta.params, &mut setup.params),
            None => (RULES, &mut setup.rules),
        };
        let at = specs.iter().position(|s| s.key == *key).expect("a parameter");
        let value = specs[at].parse(value).expect("a value of the parameter");
        assert!(params.set(specs, at, value));
    }
    setup
}

/// Any world of two-phase commit without mistakes, with one to four participants.
pub fn any_setup(rng: &mut Rng) -> Setup {
    let pick = |rng: &mut Rng, words: &[&str]| words[rng.below(words.len())].to_string();
    let participants = 1 + rng.below(4);
    let presumption = pick(rng, &["nothing", "abort", "commit"]);
    let vote = |rng: &mut Rng| pick(rng, &["yes", "yes", "yes", "no", "read-only"]);
    let votes: Vec<_> = (0..participants).map(|_| vote(rng)).collect();
    let (order, timers) = (pick(rng, &["any", "any", "fifo"]), pick(rng, &["async", "async", "sync"]));
    // Messages that are never removed exclude both order and synchronous timers.
    let free = order == "any" && timers == "async";
    let messages = if free { pick(rng, &["taken", "taken", "kept"]) } else { "taken".into() };
    setup(&[
        ("participants", participants.to_string()),
        ("presumption", presumption),
        ("votes", votes.join(",")),
        ("cooperative", pick(rng, &["off", "on"])),
        ("clients", pick(rng, &["0", "1", "2"])),
        ("checkpoints", pick(rng, &["off", "on"])),
        ("order", order),
        ("down", pick(rng, &["lose", "keep"])),
        ("timers", timers),
        ("messages", messages),
    ])
}

/// How a walk chooses, in percent.
#[derive(Clone, Copy)]
pub struct Habit {
    /// How often only among what brings things forward.
    pub forward: u8,
    /// How often a handler is cut short.
    pub torn: u8,
    /// How often it first goes back to some earlier moment.
    pub branch: u8,
}

/// Tries everything, also the unlikely.
pub const BLIND: Habit = Habit { forward: 60, torn: 10, branch: 0 };

/// A walk among everything that can be done, operators aside.
pub fn walk(setup: Setup, rng: &mut Rng, steps: usize, habit: Habit) -> History {
    let mut history = History::new(protocols::build(setup));
    for _ in 0..steps {
        if rng.chance(habit.branch) {
            let place = rng.below(history.len());
            assert!(history.go(place));
        }
        let Some(step) = any_step(&history, rng, habit) else { break };
        history.act(&step).expect("a step that was offered");
    }
    history
}

fn any_step(history: &History, rng: &mut Rng, habit: Habit) -> Option<Step> {
    let machine = history.run().machine();
    let verbs = machine.meta().verbs;
    let by_operator = |s: &Step| matches!(s.act, Act::Command(_, c) if verbs[usize::from(c.verb)].operator);
    let enabled: Vec<_> =
        machine.choices().into_iter().filter(|c| c.refused.is_none()).map(|c| c.step).collect();
    let mut steps: Vec<_> = enabled.into_iter().filter(|s| !by_operator(s)).collect();
    // Most of what can be done breaks something.
    if rng.chance(habit.forward) {
        let forward: Vec<_> =
            steps.iter().copied().filter(|s| s.fault().is_none() && s.runs_handler()).collect();
        steps = if forward.is_empty() { steps } else { forward };
    }
    let step = *steps.get(rng.below(steps.len().max(1)))?;
    let tail = if rng.chance(50) { Tail::Lost } else { Tail::Kept };
    let step = match step.act {
        Act::Crash(node, _) => Act::Crash(node, tail).into(),
        _ => step,
    };
    if step.runs_handler() && rng.chance(habit.torn) {
        let cuts = machine.preview(&step).map_or(0, |r| r.cuts());
        let torn = step.torn(rng.below(usize::from(cuts) + 1) as u8, tail);
        let told = torn.told(rng.below(1 << machine.scene().nodes.len()) as u16);
        let possible = [told, torn].into_iter().find(|step| machine.check(step).is_ok());
        if possible.is_some() {
            return possible;
        }
    }
    Some(step)
}

/// A walk as the page's random scheduler takes it.
pub fn chaotic(setup: Setup, seed: u64, steps: usize) -> History {
    let moods = [Mood::Calm, Mood::Flaky, Mood::Dying, Mood::Wild];
    let mut chaos = Chaos::new(seed, moods[(seed % 4) as usize], 12);
    let mut history = History::new(protocols::build(setup));
    for _ in 0..steps {
        let Some(step) = chaos.next(history.run()) else { break };
        history.act(&step).expect("a scheduler offers only what is enabled");
    }
    history
}
