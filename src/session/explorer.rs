//! The explorer without a screen: what the reader asks, what a worker answers, what was asked before.
//!
//! A [`Sitting`] sends requests and hears replies; somebody outside carries them ([`Sitting::take`]) and says
//! what time it is. The search itself is elsewhere: this is plain data about it.

mod asked;

pub use asked::{Asked, Differs, Draft, Heard, Phase};

use super::matrix::Matrix;
use crate::explore::job::{Reply, Request, Start};
use crate::explore::{Question, State};
use crate::sim::{Setup, Step};

/// How the worker is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// It has not said anything yet.
    Starting,
    /// It can be asked.
    Ready,
    /// It is no more; whether it ever worked, and what is known of the reason.
    Died {
        /// It never arrived.
        unborn: bool,
        /// What is known of the reason.
        why: String,
    },
}

/// How many questions are remembered.
pub const REMEMBERED: usize = 12;

/// A reader's questions, from opening the page to closing it.
#[derive(Clone, PartialEq, Debug)]
pub struct Sitting {
    /// What the reader is about to ask.
    pub draft: Draft,
    /// What was asked, the last one last.
    pub asked: Vec<Asked>,
    /// The number of the one that is shown.
    pub shown: Option<u32>,
    /// How the worker is.
    pub health: Health,
    /// Every strategy side by side, if the reader looked at that.
    pub matrix: Option<Matrix>,
    /// How many workers there may be at once.
    pub workers: usize,
    /// The number of the one that the worker has.
    live: Option<u32>,
    /// Those that workers of their own go on with.
    beside: Vec<u32>,
    /// The worker keeps this one, and another is to be hired.
    parted: Option<u32>,
    last: u32,
    outbox: Vec<Request>,
}

impl Default for Sitting {
    fn default() -> Self {
        Sitting {
            draft: Draft::default(),
            asked: Vec::new(),
            shown: None,
            health: Health::Starting,
            matrix: None,
            workers: 1,
            live: None,
            beside: Vec::new(),
            parted: None,
            last: 0,
            outbox: Vec::new(),
        }
    }
}

impl Sitting {
    /// The one that is shown.
    pub fn now(&self) -> Option<&Asked> {
        self.get(self.shown?)
    }

    /// The one with a number.
    pub fn get(&self, id: u32) -> Option<&Asked> {
        self.asked.iter().find(|a| a.id == id)
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Asked> {
        self.asked.iter_mut().find(|a| a.id == id)
    }

    /// Whether a search is going on.
    pub fn searching(&self) -> bool {
        self.live.and_then(|id| self.get(id)).is_some_and(|a| a.phase == Phase::Running)
    }

    /// Whether a worker of its own goes on with this one.
    pub fn goes_on_beside(&self, id: u32) -> bool {
        self.beside.contains(&id)
    }

    /// Whether another question can be asked without an end to the one that is being searched.
    pub fn has_room(&self) -> bool {
        self.beside.len() + 1 < self.workers && self.health == Health::Ready
    }

    /// The one that the worker keeps from now on, where another worker is to be hired for what comes.
    pub fn take_parted(&mut self) -> Option<u32> {
        self.parted.take()
    }

    /// Whether the worker has something to do, so that it is to be heard of.
    pub fn waits(&self) -> bool {
        self.health == Health::Ready
            && (self.searching() || self.matrix.as_ref().is_some_and(Matrix::working))
    }

    /// What is to be sent to the worker, once it can be asked.
    pub fn take(&mut self) -> Vec<Request> {
        if self.health == Health::Ready { std::mem::take(&mut self.outbox) } else { Vec::new() }
    }

    /// Asks what the draft says; `steps` lead to the present moment. False if it is no question yet.
    pub fn ask(&mut self, setup: &Setup, steps: &[Step], now_ms: u64) -> bool {
        let Some(question) = self.draft.question() else { return false };
        let steps = if self.draft.present { steps.to_vec() } else { Vec::new() };
        self.put(setup.clone(), steps, question, now_ms);
        true
    }

    /// Asks the same once more, without symmetry.
    pub fn without_symmetry(&mut self, id: u32, now_ms: u64) {
        let Some(Asked { setup, steps, wanted, .. }) = self.get(id).cloned() else { return };
        self.draft.symmetry = false;
        self.put(setup, steps, Question { symmetry: false, ..wanted }, now_ms);
    }

    fn put(&mut self, setup: Setup, steps: Vec<Step>, question: Question, now_ms: u64) {
        if let Some(id) = self.live.filter(|_| self.searching() && self.has_room()) {
            self.beside.push(id);
            self.parted = Some(id);
            self.starting();
        } else {
            self.abandon(now_ms);
        }
        self.last += 1;
        let id = self.last;
        let world = Start::from(&setup);
        self.outbox.clear();
        self.outbox.push(Request::Ask { id, world, steps: steps.clone(), question: question.clone() });
        // The same question again takes the place of the earlier answer.
        self.asked.retain(|a| !a.is_for(&setup, &steps, &question));
        if self.asked.len() >= REMEMBERED {
            self.asked.remove(0);
        }
        self.asked.push(Asked {
            id,
            wanted: question.clone(),
            question,
            setup,
            steps,
            phase: Phase::Running,
            heard: None,
            trouble: None,
            nth: 1,
            took_ms: 0,
            since_ms: now_ms,
            before_ms: 0,
        });
        let known: Vec<_> = self.asked.iter().map(|a| a.id).collect();
        self.beside.retain(|id| known.contains(id));
        (self.live, self.shown) = (Some(id), Some(id));
    }

    /// Has every strategy of a world like this one worked out, or what is left of it.
    pub fn fill(&mut self, setup: &Setup, now_ms: u64) {
        self.abandon(now_ms);
        self.live = None;
        self.outbox.clear();
        if !self.matrix.as_mut().is_some_and(|m| m.is_about(setup)) {
            self.matrix = Some(Matrix::new(setup));
        }
        self.next_row();
    }

    fn next_row(&mut self) {
        self.last += 1;
        let next = self.matrix.as_mut().and_then(|m| m.next(self.last));
        self.outbox.extend(next);
    }

    /// Leaves the table as it is.
    pub fn halt(&mut self) {
        if let Some(matrix) = self.matrix.as_mut().filter(|m| m.working()) {
            matrix.halt();
            self.outbox.push(Request::Stop);
        }
    }

    /// Whatever the worker is doing is forgotten there: here it was stopped.
    fn abandon(&mut self, now_ms: u64) {
        if let Some(matrix) = &mut self.matrix {
            matrix.halt();
        }
        if let Some(asked) = self.live.and_then(|id| self.get_mut(id))
            && asked.phase == Phase::Running
        {
            asked.phase = Phase::Stopped;
            asked.took_ms = asked.before_ms + now_ms.saturating_sub(asked.since_ms);
        }
    }

    /// Hears a reply. Those to questions that the worker no longer has come too late and mean nothing.
    pub fn hear(&mut self, reply: Reply, now_ms: u64) {
        let live = self.live;
        let reply = match self.hear_row(reply) {
            None => return,
            Some(reply) => reply,
        };
        match reply {
            Reply::Report { id, question, progress, found, way_out, outcomes } => {
                let beside = self.beside.contains(&id);
                if beside && progress.state != State::Running {
                    self.beside.retain(|other| *other != id);
                }
                let Some(asked) = self.get_mut(id).filter(|_| beside || live == Some(id)) else { return };
                if asked.phase == Phase::Running {
                    asked.took_ms = asked.before_ms + now_ms.saturating_sub(asked.since_ms);
                    if progress.state != State::Running {
                        asked.phase = Phase::Over;
                    }
                }
                asked.question = Question { limits: asked.question.limits, ..question };
                asked.heard = Some(Heard { progress, found, way_out, outcomes });
            }
            Reply::Trouble { id, trouble } => {
                self.beside.retain(|other| *other != id);
                if let Some(asked) = self.get_mut(id) {
                    asked.trouble = Some(trouble);
                    asked.phase = Phase::Over;
                }
            }
        }
    }

    /// Hears what is about the table of strategies; gives back what is not.
    fn hear_row(&mut self, reply: Reply) -> Option<Reply> {
        let id = match &reply {
            Reply::Report { id, .. } | Reply::Trouble { id, .. } => *id,
        };
        let Some(matrix) = self.matrix.as_mut().filter(|m| m.knows(id)) else { return Some(reply) };
        let heard = match reply {
            Reply::Report { progress, outcomes, .. } => Ok((progress, outcomes)),
            Reply::Trouble { trouble, .. } => Err(trouble),
        };
        if matrix.hear(id, heard) {
            self.next_row();
        }
        None
    }

    /// Stops what is going on.
    pub fn stop(&mut self, now_ms: u64) {
        if self.searching() {
            self.abandon(now_ms);
            self.outbox.push(Request::Stop);
        }
    }

    /// Stops one that is being searched, whichever worker has it.
    pub fn stop_one(&mut self, id: u32, now_ms: u64) {
        if self.live == Some(id) {
            self.stop(now_ms);
        } else {
            self.let_go(id, Phase::Stopped);
        }
    }

    /// The worker that has one of those beside is no more.
    pub fn died_beside(&mut self, id: u32) {
        self.let_go(id, Phase::Died);
    }

    fn let_go(&mut self, id: u32, phase: Phase) {
        if self.beside.contains(&id) {
            self.beside.retain(|other| *other != id);
            if let Some(asked) = self.get_mut(id) {
                asked.phase = phase;
            }
        }
    }

    /// Goes on with one that stopped: where it was if the worker still has it, or else from its start. One that
    /// stopped at a limit may go four times as far.
    pub fn go_on(&mut self, id: u32, now_ms: u64) {
        let Some(asked) = self.get(id).cloned() else { return };
        let limits = if asked.at_limit() { asked.raised() } else { asked.question.limits };
        if self.live != Some(id) || asked.phase == Phase::Died {
            let question = Question { limits, ..asked.wanted };
            return self.put(asked.setup, asked.steps, question, now_ms);
        }
        self.outbox.push(if asked.at_limit() { Request::More(limits) } else { Request::Resume });
        self.resume(id, now_ms, |asked| asked.question.limits = limits);
    }

    /// Looks for another run than the one that was found.
    pub fn another(&mut self, id: u32, now_ms: u64) {
        if self.live != Some(id) {
            return;
        }
        self.outbox.push(Request::Another);
        self.resume(id, now_ms, |asked| {
            asked.nth += 1;
            if let Some(heard) = &mut asked.heard {
                heard.found = None;
                heard.progress.state = State::Running;
            }
        });
    }

    /// Whether the worker can be asked for another run.
    pub fn can_find_another(&self, id: u32) -> bool {
        let found = self.get(id).is_some_and(|a| a.state() == State::Found);
        self.live == Some(id) && found && self.health == Health::Ready
    }

    fn resume(&mut self, id: u32, now_ms: u64, change: impl FnOnce(&mut Asked)) {
        self.shown = Some(id);
        if let Some(asked) = self.get_mut(id) {
            (asked.before_ms, asked.since_ms, asked.phase) = (asked.took_ms, now_ms, Phase::Running);
            change(asked);
        }
    }

    /// A new worker is on its way.
    pub fn starting(&mut self) {
        self.health = Health::Starting;
    }

    /// The worker can be asked.
    pub fn ready(&mut self) {
        self.health = Health::Ready;
    }

    /// The worker is no more. What it was asked is kept, and can be asked again.
    pub fn died(&mut self, why: String) {
        if let Some(matrix) = &mut self.matrix {
            matrix.halt();
        }
        let unborn = self.health == Health::Starting;
        self.health = Health::Died { unborn, why };
        if let Some(asked) = self.live.take().and_then(|id| self.get_mut(id))
            && asked.phase == Phase::Running
        {
            asked.phase = Phase::Died;
        }
        self.outbox.clear();
    }

    /// After a worker died: asks a new one what the old one did not answer.
    pub fn retry(&mut self, now_ms: u64) {
        self.starting();
        if let Some(asked) = self.now().filter(|a| a.phase == Phase::Died).cloned() {
            let question = Question { limits: asked.question.limits, ..asked.wanted };
            self.put(asked.setup, asked.steps, question, now_ms);
        }
    }
}
