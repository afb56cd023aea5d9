//! A question to the explorer: while the reader makes it up, and once it was asked, with what came of it.

use crate::explore::{Budget, Cond, Limits, OutcomeFound, Progress, Question, State, Trouble, WayOut};
use crate::sim::{Setup, Step};
use crate::view::explore::Preset;

/// What the reader is about to ask.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// Which question.
    pub preset: Preset,
    /// The conditions of the reader's own.
    pub own: Vec<Cond>,
    /// From the present moment instead of the beginning.
    pub present: bool,
    /// What may go wrong.
    pub budget: Budget,
    /// What was entered for the number of steps and is none; nothing can be asked until it is mended.
    pub bad_depth: Option<String>,
    /// How far to look.
    pub limits: Limits,
    /// Count how it can end.
    pub census: bool,
    /// Count alike participants as one.
    pub symmetry: bool,
    /// Who dies while it sends to several may have told any of them.
    pub any_order: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            preset: Preset::Stuck,
            own: Vec::new(),
            present: false,
            budget: Budget::default(),
            bad_depth: None,
            limits: Limits::default(),
            census: false,
            symmetry: false,
            any_order: false,
        }
    }
}

impl Draft {
    /// The most steps of a run that can be asked for.
    pub const MOST_STEPS: u16 = 9_999;

    /// The question, if there is one: the reader's own needs a condition, and what was entered must be a number.
    pub fn question(&self) -> Option<Question> {
        let goal = if self.preset == Preset::Own { self.own.clone() } else { self.preset.goal() };
        let counts = self.preset == Preset::Count;
        (self.bad_depth.is_none() && (counts || !goal.is_empty())).then(|| Question {
            budget: self.budget,
            limits: self.limits,
            census: self.census || counts,
            symmetry: self.symmetry,
            any_order: self.any_order,
            ..Question::new(goal)
        })
    }
}

/// What the reader sees of a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It goes on.
    Running,
    /// The reader stopped it.
    Stopped,
    /// It has come to an end, or to a limit.
    Over,
    /// The worker died.
    Died,
}

/// The last that was heard of a search.
#[derive(Clone, PartialEq, Debug)]
pub struct Heard {
    /// How far it has come.
    pub progress: Progress,
    /// The run that was found, from where the search started.
    pub found: Option<Vec<Step>>,
    /// For each who is blocked at its end: whether there is a way out.
    pub way_out: Vec<WayOut>,
    /// The outcomes, once they were counted.
    pub outcomes: Vec<OutcomeFound>,
}

/// A question that was asked, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// Its number.
    pub id: u32,
    /// What was asked. Once something was heard, the budget is what the world's rules leave of it.
    pub question: Question,
    /// What was asked, as it was asked.
    pub wanted: Question,
    /// In which world.
    pub setup: Setup,
    /// The steps to where the search started.
    pub steps: Vec<Step>,
    /// How it stands.
    pub phase: Phase,
    /// The last that was heard.
    pub heard: Option<Heard>,
    /// Why it cannot be answered.
    pub trouble: Option<Trouble>,
    /// Which of the worlds that fit is shown, from 1.
    pub nth: usize,
    /// How long it has been searched, in milliseconds, up to the last report.
    pub took_ms: u64,
    /// When it was last asked or went on.
    pub(super) since_ms: u64,
    /// How long it had been searched until then.
    pub(super) before_ms: u64,
}

impl Asked {
    /// How it stands in the worker; running before anything was heard.
    pub fn state(&self) -> State {
        self.heard.as_ref().map_or(State::Running, |h| h.progress.state)
    }

    /// Whether there is more to look at than the limits allowed.
    pub fn at_limit(&self) -> bool {
        matches!(self.state(), State::TooMany | State::NoMemory)
    }

    /// The run that was found, all of it: from the beginning of the world.
    pub fn whole(&self) -> Option<Vec<Step>> {
        let found = self.heard.as_ref()?.found.as_ref()?;
        Some([&self.steps[..], found].concat())
    }

    /// Whether it is something else that would be asked now: in this world, with `steps` to the present moment.
    pub fn differs(&self, draft: &Draft, setup: &Setup, steps: &[Step]) -> Option<Differs> {
        let steps = if draft.present { steps } else { &[] };
        match draft.question() {
            _ if self.setup != *setup => Some(Differs::World),
            Some(question) if self.is_for(setup, steps, &question) => None,
            _ => Some(Differs::Choices),
        }
    }

    /// Whether it is the same question in the same world, however far one looks.
    pub(super) fn is_for(&self, setup: &Setup, steps: &[Step], question: &Question) -> bool {
        let limits = question.limits;
        self.setup == *setup && self.steps == steps && Question { limits, ..self.wanted.clone() } == *question
    }

    /// The limits that going on would have: four times as much of what came to its end.
    pub fn raised(&self) -> Limits {
        let Limits { worlds, bytes } = self.question.limits;
        match self.state() {
            // Memory in a tab ends at 4 GB, and some before.
            State::NoMemory => Limits { worlds, bytes: bytes.saturating_mul(4).min(3 << 30) },
            _ => Limits { worlds: worlds.saturating_mul(4), bytes },
        }
    }
}

/// Why an answer is not about what would be asked now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Differs {
    /// Another world is on screen.
    World,
    /// The reader has chosen otherwise since.
    Choices,
}
