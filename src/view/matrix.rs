//! Every strategy of a protocol against the same faults: how often what was wanted once can have happened.
//!
//! One client wants one thing, keeps its key, sends at most three times, and only ever the same. Of the world that is
//! shown only the operation is kept. Up to two messages are lost and one node crashes, at any effect. When all is
//! quiet it could ask once more, which shows whether that is in vain. Nothing about the outcome is known here: the
//! explorer finds it.

use crate::explore::{Budget, Fault, Kind, OutcomeFound, Question};
use crate::protocol::{Meta, ParamKind, Params};
use crate::protocols;
use crate::sim::Setup;
use crate::text::Text;

/// The parameter that a protocol's strategies are the values of.
pub const STRATEGY: &str = "strategy";

/// The parameter that the rows have from the world that is shown: what is wanted.
const OPERATION: &str = "operation";

/// How often the client sends at most, under these faults.
const TRIES: u16 = 3;

/// The words of a protocol's strategies, if it has several and their effects are counted.
pub fn strategies(meta: &Meta) -> Option<&'static [&'static str]> {
    match meta.param(STRATEGY)?.1.kind {
        ParamKind::Choice(words) if meta.promises("once") => Some(words),
        _ => None,
    }
}

/// A world for each strategy, with the operation of this one: one client, who keeps its key, sends only the same, and
/// could ask once more often than is asked for by [`question`].
pub fn worlds(setup: &Setup) -> Vec<Setup> {
    let meta = (protocols::find(setup.protocol).expect("a setup names a protocol").meta)();
    let count = strategies(meta).map_or(0, <[_]>::len) as u16;
    let of = |strategy: u16| {
        let mut world = Setup { params: Params::defaults(meta.params), ..setup.clone() };
        if let Some((at, _)) = meta.param(OPERATION) {
            world.params.set(meta.params, at, setup.params.get(at));
        }
        for (key, value) in [(STRATEGY, strategy), ("clients", 1), ("tries", TRIES + 1), ("only-same", 1)] {
            if let Some((at, _)) = meta.param(key) {
                world.params.set(meta.params, at, value);
            }
        }
        world
    };
    (0..count).map(of).collect()
}

/// What is to be said of the operation, where it is not the usual one.
pub fn operation(setup: &Setup) -> Option<Text> {
    let meta = (protocols::find(setup.protocol)?.meta)();
    let (at, spec) = meta.param(OPERATION)?;
    let ParamKind::Choice(words) = spec.kind else { return None };
    let value = setup.params.get(at);
    let word = words.get(usize::from(value)).filter(|_| value != spec.default)?;
    let key = format!("{}.param.{OPERATION}", meta.id);
    let what = Text::new(format!("{key}.{word}"));
    Some(Text::new("matrix.operation").text("param", Text::new(key)).text("what", what))
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
        Kind::Seen(_) | Kind::Quiet(2..) | Kind::Vain => Grade::Bad,
        _ => Grade::Plain,
    }
}

/// What is to be said of a strategy, given all that can come of it: the last part of the key `matrix.sum.<word>`.
pub fn summary(outcomes: &[OutcomeFound]) -> &'static str {
    let can = |wanted: &[Kind]| outcomes.iter().any(|o| o.worlds > 0 && wanted.contains(&o.kind));
    let loses = can(&[Kind::Seen(0)]);
    let doubles = can(&[Kind::Seen(2), Kind::Seen(3), Kind::Quiet(2), Kind::Quiet(3)]);
    if !loses && !doubles && !can(&[Kind::Seen(1), Kind::Quiet(1)]) {
        return "nothing";
    }
    match (loses, doubles) {
        (true, true) => "both",
        (true, false) => "loses",
        (false, true) if can(&[Kind::Vain]) => "doubles-vain",
        (false, true) => "doubles",
        (false, false) if can(&[Kind::Vain]) => "vain",
        (false, false) => "right",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_world_that_is_shown_only_the_operation_is_kept() {
        let world = |text: &str| crate::script::load(text).expect("a world").setup;
        let usual = worlds(&world("world resend\n"));
        assert_eq!(worlds(&world("world resend keys=timestamp ttl=on clients=2\n")), usual);
        let set = world("world resend operation=set\n");
        assert_ne!(worlds(&set), usual);
        assert!(operation(&set).is_some() && operation(&usual[0]).is_none());
    }
}
