//! How often a protocol succeeds where exchanges fail at random: counted over seeded runs of its own code.
//!
//! A *try* is one exchange of a request with its answer. It succeeds with some probability; else half the time the
//! request is lost and half the time the answer, so that what is tried again may have happened already. Whoever asked
//! tries again, up to some number of tries, and then gives up. Nothing else fails. What a protocol states of itself
//! in [`Retries`] is all that is known of it here.

use super::Rng;
use crate::protocol::{Again, Command, NodeId, Outcome, Retries, Timer};
use crate::sim::{Act, Machine, MsgRef, Scene, Step};

/// One, in the parts that probabilities are given in here.
pub const WHOLE: u64 = 1_000_000_000;

/// No run of so few nodes has more steps, unless asking again changes nothing.
const STEP_LIMIT: usize = 500;

/// How exchanges go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chance {
    /// How many tries in a hundred succeed.
    pub percent: u8,
    /// How often is tried at most.
    pub tries: u8,
}

/// What can come of a run. More than one can be true of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Everybody committed, or the client saw OK.
    Success,
    /// Anything else.
    Failure,
    /// What was wanted once happened more often.
    Twice,
    /// The client saw OK, and nothing happened.
    Void,
    /// It happened, and the client saw no OK.
    Unknown,
    /// Every exchange went well in the end, and all the same it is no success: the answer was another one.
    Refused,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] =
        [Kind::Success, Kind::Failure, Kind::Twice, Kind::Void, Kind::Unknown, Kind::Refused];
}

/// A measurement: runs that were counted, and more of them whenever somebody asks for more.
pub struct Odds {
    /// Where all runs begin: somebody has just asked.
    begun: Box<dyn Machine>,
    /// The steps that lead there.
    beginning: Vec<Step>,
    rules: Rules,
    chance: Chance,
    /// Each run draws from a generator of its own, so that runs do not depend on how long others are.
    seeds: Rng,
    runs: u32,
    counts: [u32; Kind::ALL.len()],
    examples: [Option<Vec<Step>>; Kind::ALL.len()],
}

/// What [`Retries`] comes to in a world.
struct Rules {
    asks: &'static [&'static str],
    /// Steps of nodes' own: they always go on.
    own: Vec<Step>,
    again: Vec<Step>,
    gives_up: Vec<Step>,
}

impl Rules {
    fn of(machine: &dyn Machine, retries: &'static Retries) -> Rules {
        let meta = machine.meta();
        let nodes = machine.scene().nodes.len() as u8;
        let each = |act: &dyn Fn(NodeId) -> Act| (0..nodes).map(|i| Step::from(act(NodeId(i)))).collect();
        let timer = |word: &str| {
            let at = meta.timers.iter().position(|t| t.word == word).expect("META names timers that exist");
            Timer(at as u8)
        };
        let verb = |word: &str| {
            let at = meta.verbs.iter().position(|v| v.word == word).expect("META names verbs that exist");
            Command { verb: at as u8, arg: None }
        };
        let local = (0..).zip(meta.timers).filter(|(_, t)| t.local).map(|(at, _)| Timer(at));
        Rules {
            asks: retries.asks,
            own: local.flat_map(|t| each(&|id| Act::Fire(id, t)) as Vec<Step>).collect(),
            again: match retries.again {
                Again::Timer(word) => each(&|id| Act::Fire(id, timer(word))),
                Again::Verb(word) => each(&|id| Act::Command(id, verb(word))),
            },
            gives_up: retries.gives_up.map_or(Vec::new(), |word| each(&|id| Act::Fire(id, timer(word)))),
        }
    }
}

impl Odds {
    /// A measurement that has not begun. `None` if the protocol does not say how it asks again, or if there is
    /// nothing to begin with.
    pub fn new(machine: Box<dyn Machine>, chance: Chance, seed: u64) -> Option<Odds> {
        let retries = machine.meta().retries?;
        let mut begun = machine;
        let starts = |step: &Step| matches!(step.act, Act::Command(_, c) if begun.meta().verbs[usize::from(c.verb)].starts);
        let first = begun.usual().into_iter().find(starts)?;
        let rules = Rules::of(&*begun, retries);
        begun.apply(&first).ok()?;
        Some(Odds {
            begun,
            beginning: vec![first],
            rules,
            chance,
            seeds: Rng::new(seed),
            runs: 0,
            counts: Default::default(),
            examples: Default::default(),
        })
    }

    /// How exchanges go.
    pub fn chance(&self) -> Chance {
        self.chance
    }

    /// How many runs were counted.
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// Of how many of them something is true.
    pub fn count(&self, kind: Kind) -> u32 {
        self.counts[kind as usize]
    }

    /// All steps of the first run of which it is true; of successes, the first for which it took a second try, where
    /// there are any.
    pub fn example(&self, kind: Kind) -> Option<&[Step]> {
        self.examples[kind as usize].as_deref()
    }

    /// Counts so many runs more.
    pub fn advance(&mut self, runs: u32) {
        for _ in 0..runs {
            let rng = Rng::new(self.seeds.draw());
            let mut trial = Trial::new(self, rng);
            trial.run();
            let (scene, all_heard) = (trial.machine.scene(), trial.exchanges.iter().all(|e| e.heard));
            let telling = self.chance.tries == 1 || trial.exchanges.iter().any(|e| e.tries > 1);
            let steps = trial.steps;
            self.runs += 1;
            for kind in Kind::ALL.into_iter().filter(|kind| is(*kind, &scene, all_heard)) {
                self.counts[kind as usize] += 1;
                if self.examples[kind as usize].is_none() && (kind != Kind::Success || telling) {
                    self.examples[kind as usize] = Some(steps.clone());
                }
            }
        }
    }
}

/// Whether something is true of a run that is over.
fn is(kind: Kind, scene: &Scene, all_heard: bool) -> bool {
    let begun = scene.begun();
    let seen = begun.iter().any(|request| scene.answered().contains(request));
    let votes = scene.meta.roles.iter().any(|role| role.votes);
    let deciders = || scene.ids().filter(|id| scene.kind(*id).decides);
    let success = match votes {
        true => deciders().all(|id| scene.node(id).facts.decided(Outcome::Commit)),
        false => seen,
    };
    let most = || scene.effects().values().copied().max().unwrap_or(0);
    let counted = scene.meta.promises("once");
    match kind {
        Kind::Success => success,
        Kind::Failure => !success,
        Kind::Twice => counted && most() > 1,
        Kind::Void => counted && seen && most() == 0,
        Kind::Unknown => counted && !seen && most() > 0,
        Kind::Refused => !success && all_heard,
    }
}

/// How a try goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Well,
    RequestLost,
    AnswerLost,
}

/// Somebody asks somebody.
struct Exchange {
    asker: NodeId,
    asked: NodeId,
    tries: u8,
    /// How the present try goes, while its answer is awaited.
    open: Option<Fate>,
    heard: bool,
}

/// A run.
struct Trial<'a> {
    of: &'a Odds,
    machine: Box<dyn Machine>,
    rng: Rng,
    steps: Vec<Step>,
    exchanges: Vec<Exchange>,
}

impl<'a> Trial<'a> {
    fn new(of: &'a Odds, rng: Rng) -> Trial<'a> {
        let (machine, steps) = (of.begun.clone(), of.beginning.clone());
        Trial { of, machine, rng, steps, exchanges: Vec::new() }
    }

    /// To the end.
    fn run(&mut self) {
        while self.steps.len() < STEP_LIMIT && (self.message() || self.first_of(&self.of.rules.own)) {}
        while self.steps.len() < STEP_LIMIT && self.try_again() {
            while self.steps.len() < STEP_LIMIT && (self.message() || self.first_of(&self.of.rules.own)) {}
        }
    }

    fn step(&mut self, act: Act) -> bool {
        let step = act.into();
        let done = self.machine.apply(&step).is_ok();
        if done {
            self.steps.push(step);
        }
        done
    }

    /// Does the first of these that is possible.
    fn first_of(&mut self, steps: &[Step]) -> bool {
        steps.iter().any(|step| self.step(step.act))
    }

    /// Lets the first message in flight arrive, or loses it. False if there is none.
    fn message(&mut self) -> bool {
        let flights = self.machine.flying();
        let Some(first) = flights.first() else { return false };
        let arrives = match self.of.rules.asks.contains(&first.word) {
            true => self.asks(first.at),
            false => self.answers(first.at),
        };
        self.step(if arrives { Act::Deliver(first.at) } else { Act::Drop(first.at) })
    }

    /// Somebody asks: whether the request arrives. One more than there are tries does not.
    fn asks(&mut self, at: MsgRef) -> bool {
        let known = self.exchanges.iter().position(|e| (e.asker, e.asked) == (at.from, at.to));
        let i = known.unwrap_or_else(|| {
            let (asker, asked) = (at.from, at.to);
            self.exchanges.push(Exchange { asker, asked, tries: 0, open: None, heard: false });
            self.exchanges.len() - 1
        });
        if self.exchanges[i].tries == self.of.chance.tries {
            return false;
        }
        let fate = self.fate();
        let exchange = &mut self.exchanges[i];
        exchange.tries += 1;
        exchange.open = Some(fate).filter(|f| *f != Fate::RequestLost);
        fate != Fate::RequestLost
    }

    /// What is no request may be an answer that is awaited: whether it arrives.
    fn answers(&mut self, at: MsgRef) -> bool {
        let to = |e: &&mut Exchange| (e.asker, e.asked) == (at.to, at.from) && e.open.is_some();
        let Some(exchange) = self.exchanges.iter_mut().find(to) else { return true };
        exchange.heard = exchange.open.take() == Some(Fate::Well);
        exchange.heard
    }

    fn fate(&mut self) -> Fate {
        let percent = usize::from(self.of.chance.percent);
        match self.rng.below(200) {
            n if n < 2 * percent => Fate::Well,
            n if n < 100 + percent => Fate::RequestLost,
            _ => Fate::AnswerLost,
        }
    }

    /// Nothing more happens of itself: whoever has heard nothing asks again, or gives up. False if all is over.
    fn try_again(&mut self) -> bool {
        let mut left = false;
        for exchange in self.exchanges.iter_mut().filter(|e| !e.heard) {
            // No answer was coming.
            exchange.open = None;
            left |= exchange.tries < self.of.chance.tries;
        }
        let waits = self.exchanges.iter().any(|e| !e.heard);
        (left && self.first_of(&self.of.rules.again)) || (waits && self.first_of(&self.of.rules.gives_up))
    }
}

/// The probability that all of so many exchanges go well, each within so many tries, in parts of [`WHOLE`].
pub fn formula(chance: Chance, asked: u16) -> u64 {
    // Digits to spare: each product is rounded.
    const ONE: u128 = 1_000_000_000_000_000_000;
    let power = |base: u128, n: u16| (0..n).fold(ONE, |product, _| (product * base + ONE / 2) / ONE);
    let fails = u128::from(100 - chance.percent.min(100)) * (ONE / 100);
    let one = ONE - power(fails, chance.tries.into());
    let part = ONE / u128::from(WHOLE);
    ((power(one, asked) + part / 2) / part) as u64
}

/// Three standard deviations of a share that was measured, in parts of [`WHOLE`].
pub fn three_sigma(hits: u32, runs: u32) -> u64 {
    let (hits, n, whole) = (u128::from(hits), u128::from(runs.max(1)), u128::from(WHOLE));
    let variance = hits * n.saturating_sub(hits) * whole * whole / (n * n * n);
    3 * variance.isqrt() as u64
}

/// A share in parts of [`WHOLE`].
pub fn share(hits: u32, runs: u32) -> u64 {
    u64::from(hits) * WHOLE / u64::from(runs.max(1))
}
