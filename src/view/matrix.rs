//! Every strategy of a protocol against the same faults: how often what was wanted once can have happened.
//!
//! One client wants one thing, sends at most three times, and only ever the same. Up to two messages are lost
//! and one node crashes, at any effect. Nothing about the outcome is known here: the explorer finds it.

use crate::explore::{Budget, Fault, Kind, OutcomeFound, Question};
use crate::protocol::{Meta, ParamKind};
use crate::protocols;
use crate::sim::Setup;

/// The parameter that a protocol's strategies are the values of.
pub const STRATEGY: &str = "strategy";

/// How often the client sends at most.
const TRIES: u16 = 3;

/// The words of a protocol's strategies, if it has several and their effects are counted.
pub fn strategies(meta: &Meta) -> Option<&'static [&'static str]> {
    match meta.param(STRATEGY)?.1.kind {
        ParamKind::Choice(words) if meta.promises("once") => Some(words),
        _ => None,
    }
}

/// A world like this one for each strategy: one client, who sends at most three times, and only the same.
pub fn worlds(setup: &Setup) -> Vec<Setup> {
    let meta = (protocols::find(setup.protocol).expect("a setup names a protocol").meta)();
    let count = strategies(meta).map_or(0, <[_]>::len) as u16;
    let of = |strategy: u16| {
        let mut world = setup.clone();
        for (key, value) in [(STRATEGY, strategy), ("clients", 1), ("tries", TRIES), ("only-same", 1)] {
            if let Some((at, _)) = meta.param(key) {
                world.params.set(meta.params, at, value);
            }
        }
        world
    };
    (0..count).map(of).collect()
}

/// What is asked of each of them: count the outcomes.
pub fn question() -> Question {
    let budget = Budget::nothing()
        .with(Fault::Crashes, Some(1))
        .with(Fault::Tails, None)
        .with(Fault::Drops, Some(2))
        .with(Fault::Requests, Some(TRIES as u8 - 1))
        .with(Fault::Early, None)
        .with_copies(TRIES as u8);
    Question { budget, census: true, ..Question::new(Vec::new()) }
}

/// How an outcome is to be seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grade {
    /// As it should be.
    Good,
    /// As it should never be.
    Bad,
    /// Neither: who has not seen OK may have got nothing.
    Plain,
}

/// How an outcome is to be seen.
pub fn grade(kind: Kind) -> Grade {
    match kind {
        Kind::Seen(1) => Grade::Good,
        Kind::Seen(_) | Kind::Quiet(2..) => Grade::Bad,
        _ => Grade::Plain,
    }
}

/// What is to be said of a strategy, given all that can come of it: the last part of the key `matrix.sum.<word>`.
pub fn summary(outcomes: &[OutcomeFound]) -> &'static str {
    let can = |wanted: &[Kind]| outcomes.iter().any(|o| o.worlds > 0 && wanted.contains(&o.kind));
    let loses = can(&[Kind::Seen(0)]);
    let doubles = can(&[Kind::Seen(2), Kind::Seen(3), Kind::Quiet(2), Kind::Quiet(3)]);
    match (loses, doubles) {
        (true, true) => "both",
        (true, false) => "loses",
        (false, true) => "doubles",
        (false, false) => "right",
    }
}
