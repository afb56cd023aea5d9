//! How reliable: what is measured, what can be worked out, and what there is to say of it.

use super::explore::grouped;
use super::matrix::Grade;
use crate::protocol::{Meta, ParamKind};
use crate::protocols;
use crate::run::odds::{Chance, Kind, Odds, WHOLE, formula, share, three_sigma};
use crate::sim::Setup;
use crate::text::Text;

/// What is measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// The world.
    pub setup: Setup,
    /// How exchanges go.
    pub chance: Chance,
    /// What the runs are drawn from.
    pub seed: u64,
}

impl Asked {
    /// What is asked of a world at first. Of its parameters those are kept that the protocol measures as they are;
    /// the rules of the network are the protocol's own. `None` if it does not say how it asks again.
    pub fn of(setup: &Setup, chance: Chance, seed: u64) -> Option<Asked> {
        let meta = meta(setup);
        let retries = meta.retries?;
        let mut world = Setup::new(meta);
        for key in retries.keeps {
            let (at, _) = meta.param(key).expect("META keeps parameters that exist");
            world.params.set(meta.params, at, setup.params.get(at));
        }
        for (key, value) in retries.sets {
            // What protocols share is said of all of them, whether or not they have all of it.
            let Some((at, spec)) = meta.param(key) else { continue };
            let fine = spec.parse(value).is_some_and(|v| world.params.set(meta.params, at, v));
            assert!(fine, "META gives {key} a value that it can have");
        }
        Some(Asked { setup: world, chance, seed })
    }

    /// How many can be asked, from the fewest to the most, where that can be chosen.
    pub fn asked_range(&self) -> Option<(u16, u16)> {
        match self.asked_param()? {
            (_, ParamKind::Range(low, high)) => Some((low, high)),
            _ => None,
        }
    }

    /// How many are asked, all of whom must answer.
    pub fn asked(&self) -> u16 {
        self.asked_param().map_or(1, |(at, _)| self.setup.params.get(at))
    }

    /// The same with so many asked.
    pub fn with_asked(&self, n: u16) -> Asked {
        let mut other = self.clone();
        if let Some((at, _)) = self.asked_param() {
            other.setup.params.set(meta(&self.setup).params, at, n);
        }
        other
    }

    fn asked_param(&self) -> Option<(usize, ParamKind)> {
        let meta = meta(&self.setup);
        let (at, spec) = meta.param(meta.retries?.asked?)?;
        Some((at, spec.kind))
    }

    /// A measurement with so many tries, which has not begun.
    pub fn measure(&self, tries: u8) -> Option<Odds> {
        Odds::new(protocols::build(self.setup.clone()), Chance { tries, ..self.chance }, self.seed)
    }

    /// The formula with the numbers put in, and what it comes to.
    pub fn worked_out(&self, tries: u8) -> (String, u64) {
        let chance = Chance { tries, ..self.chance };
        (in_numbers(chance, self.asked()), formula(chance, self.asked()))
    }

    /// What there is to count, in order. What is rare is left out unless it came up.
    pub fn kinds(&self, of: &[&Odds]) -> Vec<Kind> {
        let counted = meta(&self.setup).promises("once");
        let came = |kind| of.iter().any(|odds| odds.count(kind) > 0);
        let shown = |kind: &Kind| match kind {
            Kind::Success | Kind::Failure => true,
            Kind::Twice | Kind::Void | Kind::Unknown => counted,
            Kind::Refused => came(Kind::Refused),
        };
        Kind::ALL.into_iter().filter(shown).collect()
    }

    /// What a kind of run is called.
    pub fn name(&self, kind: Kind) -> Text {
        let votes = meta(&self.setup).roles.iter().any(|role| role.votes);
        Text::new(match (kind, votes) {
            (Kind::Success, true) => "odds.kind.committed",
            (Kind::Success, false) => "odds.kind.saw-ok",
            (Kind::Failure, true) => "odds.kind.aborted",
            (Kind::Failure, false) => "odds.kind.no-ok",
            (Kind::Twice, _) => "odds.kind.twice",
            (Kind::Void, _) => "odds.kind.void",
            (Kind::Unknown, _) => "odds.kind.unknown",
            (Kind::Refused, _) => "odds.kind.refused",
        })
    }

    /// What is to be learned from it.
    pub fn lesson(&self) -> Vec<Text> {
        let votes = meta(&self.setup).roles.iter().any(|role| role.votes);
        if !votes {
            return vec![Text::new("odds.lesson.requests")];
        }
        let one = decimal(u64::from(self.chance.percent) * (WHOLE / 100));
        let all = thousandths(self.worked_out(1).1);
        let up = Text::new("odds.lesson.available").number("n", self.asked()).word("one", one);
        vec![Text::new("odds.lesson.votes"), up.word("all", all)]
    }
}

fn meta(setup: &Setup) -> &'static Meta {
    (protocols::find(setup.protocol).expect("a setup names a protocol").meta)()
}

/// Whether a protocol says how it asks again, so that there is something to measure.
pub fn has_odds(meta: &Meta) -> bool {
    meta.retries.is_some()
}

/// How a kind of run is to be seen.
pub fn grade(kind: Kind) -> Grade {
    match kind {
        Kind::Success => Grade::Good,
        Kind::Twice | Kind::Void => Grade::Bad,
        Kind::Failure | Kind::Unknown | Kind::Refused => Grade::Plain,
    }
}

/// A share that was measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measured {
    /// In parts of [`WHOLE`].
    pub share: u64,
    /// Three standard deviations.
    pub band: u64,
}

/// How often it succeeded.
pub fn measured(odds: &Odds) -> Measured {
    let hits = odds.count(Kind::Success);
    Measured { share: share(hits, odds.runs()), band: three_sigma(hits, odds.runs()) }
}

impl Measured {
    /// Whether what was worked out is within three standard deviations. A share of all or of none has none, and
    /// then one run makes no difference.
    pub fn holds(&self, worked_out: u64, runs: u32) -> bool {
        let least = 3 * WHOLE / u64::from(runs.max(1));
        self.share.abs_diff(worked_out) <= self.band.max(least)
    }

    /// In words.
    pub fn text(&self, runs: u32) -> Text {
        Text::new("odds.measured")
            .word("share", digits(self.share, 4))
            .word("band", digits(self.band, 4))
            .word("runs", grouped(runs.into()))
    }
}

/// The formula: `(1 − (1 − 0.9)²)³`.
fn in_numbers(chance: Chance, asked: u16) -> String {
    let r = decimal(u64::from(chance.percent) * (WHOLE / 100));
    let one = match chance.tries {
        1 => r,
        k => format!("1 − (1 − {r}){}", raised(k.into())),
    };
    match (asked, chance.tries) {
        (1, _) => one,
        (n, 1) => format!("{one}{}", raised(n)),
        (n, _) => format!("({one}){}", raised(n)),
    }
}

/// An exponent of one digit.
fn raised(n: u16) -> char {
    ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][usize::from(n % 10)]
}

/// Parts of [`WHOLE`] to so many decimals, rounded.
fn digits(parts: u64, places: u32) -> String {
    let unit = WHOLE / 10_u64.pow(places);
    let rounded = (parts + unit / 2) / unit;
    let ten = 10_u64.pow(places);
    format!("{}.{:0width$}", rounded / ten, rounded % ten, width = places as usize)
}

/// To three decimals.
pub fn thousandths(parts: u64) -> String {
    digits(parts, 3)
}

/// As few decimals as it takes.
fn decimal(parts: u64) -> String {
    let all = digits(parts, 2);
    all.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Parts of [`WHOLE`] as a percentage that a drawing can use.
pub fn percentage(parts: u64) -> String {
    format!("{}%", digits(parts.min(WHOLE) * 100, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(world: &str, percent: u8) -> Option<Asked> {
        let setup = crate::script::load(&format!("world {world}\n")).expect("a world").setup;
        Asked::of(&setup, Chance { percent, tries: 2 }, 1)
    }

    #[test]
    fn the_formula_is_written_with_its_numbers() {
        let told = |world, percent, tries| {
            let (formula, p) = asked(world, percent).expect("it says how it asks again").worked_out(tries);
            format!("{formula} = {}", thousandths(p))
        };
        assert_eq!(told("2pc participants=3", 90, 1), "0.9³ = 0.729");
        assert_eq!(told("2pc participants=3", 90, 2), "(1 − (1 − 0.9)²)³ = 0.970");
        assert_eq!(told("2pc participants=1", 100, 1), "1 = 1.000");
        assert_eq!(told("resend", 85, 3), "1 − (1 − 0.85)³ = 0.997");
        assert_eq!(percentage(970_299_000), "97.03%");
    }

    #[test]
    fn of_the_world_that_is_shown_only_what_matters_is_kept() {
        let of = |world| asked(world, 90).expect("it says how it asks again").setup;
        assert_eq!(of("2pc participants=3 votes=no drops=0 cooperative=on"), of("2pc participants=3"));
        assert_ne!(of("resend strategy=cache"), of("resend"));
        assert_eq!(of("resend clients=2 drops=0"), of("resend"));
        assert!(asked("lock", 90).is_none());
    }

    #[test]
    fn whatever_a_protocol_says_of_asking_again_can_be_measured() {
        for protocol in protocols::ALL.iter().filter(|p| has_odds((p.meta)())) {
            let id = (protocol.meta)().id;
            let asked = Asked::of(&protocol.setup(), Chance { percent: 80, tries: 2 }, 1).expect(id);
            let mut odds = asked.measure(2).expect(id);
            odds.advance(500);
            let (formula, told) = (asked.worked_out(2).1, measured(&odds));
            assert!(told.holds(formula, odds.runs()), "{id}: {told:?} is not {formula}");
        }
    }
}
