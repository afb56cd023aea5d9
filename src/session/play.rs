//! Letting the run go on by itself, step by step, until something worth stopping for.

use crate::protocol::NodeId;
use crate::run::{Chaos, History, Mood, Rounds, Run};
use crate::sim::Step;
use crate::text::Text;

/// Who chooses the next step while the run plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// As Step does: what has been in flight longest, then repairs, then timers.
    Turn,
    /// In rounds: what is sent in one round arrives in the next. Repairs nothing.
    Rounds,
    /// A seeded scheduler. The same seed at the same moment gives the same run.
    Chance {
        /// The seed.
        seed: u64,
        /// How rough it is.
        mood: Mood,
        /// How many faults it may inject.
        budget: u32,
    },
}

/// How to play.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Play {
    /// Who chooses.
    pub by: By,
    /// Whether to stop when a property breaks.
    pub stop_broken: bool,
    /// Whether to stop when somebody becomes blocked.
    pub stop_blocked: bool,
}

impl Default for Play {
    fn default() -> Self {
        Play { by: By::Turn, stop_broken: true, stop_blocked: true }
    }
}

/// The most steps that one press of Play does: nobody watches more.
pub const PLAY_LIMIT: u32 = 5_000;

/// A run that is playing.
#[derive(Debug)]
pub(super) struct Player {
    pub play: Play,
    driver: Driver,
    left: u32,
    wrong: Wrong,
}

#[derive(Debug)]
enum Driver {
    Turn,
    Rounds(Rounds),
    Chance(Box<Chaos>),
}

/// What is wrong at a moment.
#[derive(Debug)]
struct Wrong {
    broken: Vec<&'static str>,
    blocked: Vec<NodeId>,
}

impl Wrong {
    fn at(run: &Run) -> Wrong {
        let now = run.now();
        let violated = now.verdicts.iter().filter(|v| v.state == crate::properties::State::Violated);
        Wrong {
            broken: violated.map(|v| v.id).filter(|id| *id != "blocked").collect(),
            blocked: now.scene.ids().filter(|id| now.scene.blocked(*id).is_some()).collect(),
        }
    }
}

impl Player {
    pub fn new(play: Play, run: &Run) -> Player {
        let driver = match play.by {
            By::Turn => Driver::Turn,
            By::Rounds => Driver::Rounds(Rounds::default()),
            By::Chance { seed, mood, budget } => Driver::Chance(Box::new(Chaos::new(seed, mood, budget))),
        };
        Player { play, driver, left: PLAY_LIMIT, wrong: Wrong::at(run) }
    }

    /// The next step; `None` when nothing is left to happen that this scheduler would choose.
    pub fn next(&mut self, history: &History) -> Option<Step> {
        match &mut self.driver {
            Driver::Turn => history.default_step(),
            Driver::Rounds(rounds) => {
                let begin = || history.default_step().filter(|_| history.run().moment() == 0);
                rounds.next(history.run()).or_else(begin)
            }
            Driver::Chance(chaos) => chaos.next(history.run()),
        }
    }

    /// Why to stop after a step, if there is a reason.
    pub fn verdict(&mut self, run: &Run) -> Option<Text> {
        let is = Wrong::at(run);
        let was = std::mem::replace(&mut self.wrong, is);
        let now = run.now();
        let broken =
            now.verdicts.iter().find(|v| self.wrong.broken.contains(&v.id) && !was.broken.contains(&v.id));
        if let Some(verdict) = broken.filter(|_| self.play.stop_broken) {
            return Some(Text::new("play.broken").text("reason", verdict.reason.clone()));
        }
        let fresh = self.wrong.blocked.iter().filter(|id| !was.blocked.contains(id));
        let names: Vec<_> = fresh.map(|id| now.scene.name(*id).to_string()).collect();
        if !names.is_empty() && self.play.stop_blocked {
            return Some(Text::new("play.blocked").number("n", names.len() as i64).words("who", names));
        }
        self.left -= 1;
        (self.left == 0).then(|| Text::new("play.limit").number("n", i64::from(PLAY_LIMIT)))
    }
}
