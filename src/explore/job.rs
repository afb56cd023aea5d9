//! A search behind a wall: what a page asks of a worker, and what it hears back.
//!
//! Both sides are plain data. Whoever runs a [`Worker`] calls [`Worker::hear`] for each request and, while it is
//! [`Worker::busy`], [`Worker::work`] again and again; passes the replies on, and a [`Worker::report`] now and
//! then and when it is no longer busy.

use super::{Limits, OutcomeFound, Progress, Question, Search, State, Trouble, WayOut};
use crate::protocol::Params;
use crate::protocols;
use crate::sim::{RULES, Setup, Step};
use serde::{Deserialize, Serialize};

/// A world's setup as plain data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Start {
    /// The protocol's id.
    pub protocol: String,
    /// Its parameters.
    pub params: Vec<u16>,
    /// The world's rules.
    pub rules: Vec<u16>,
}

impl From<&Setup> for Start {
    fn from(setup: &Setup) -> Start {
        Start {
            protocol: setup.protocol.into(),
            params: setup.params.values().to_vec(),
            rules: setup.rules.values().to_vec(),
        }
    }
}

impl Start {
    /// The setup, if it is one.
    pub fn setup(&self) -> Result<Setup, Trouble> {
        let protocol = protocols::find(&self.protocol).ok_or(Trouble::World)?;
        let mut setup = protocol.setup();
        let specs = (protocol.meta)().params;
        let fits = self.params.len() == specs.len() && self.rules.len() == RULES.len();
        let set = |values: &[u16], specs, params: &mut Params| {
            values.iter().enumerate().all(|(at, value)| params.set(specs, at, *value))
        };
        let fine =
            fits && set(&self.params, specs, &mut setup.params) && set(&self.rules, RULES, &mut setup.rules);
        if fine && ((protocol.meta)().conflict)(&setup.params).is_none() {
            Ok(setup)
        } else {
            Err(Trouble::World)
        }
    }
}

/// What a page asks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Answer this; whatever was being answered is forgotten.
    Ask {
        /// A number that comes back with every reply, so that late ones are told apart.
        id: u32,
        /// The world.
        world: Start,
        /// The steps from its beginning to where the search is to start.
        steps: Vec<Step>,
        /// The question.
        question: Question,
    },
    /// Go on beyond the limits that stopped it.
    More(Limits),
    /// Look for another run than the one that was found.
    Another,
    /// Stop; [`Request::Resume`] goes on.
    Stop,
    /// Go on.
    Resume,
}

/// What a page hears.
#[allow(clippy::large_enum_variant, reason = "one at a time is on its way")]
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// How far it has come; also the last word, by its state.
    Report {
        /// The request's number.
        id: u32,
        /// The question, with what the world's own rules leave of its budget.
        question: Question,
        /// How far.
        progress: Progress,
        /// The shortest run to what was looked for, from where the search started.
        found: Option<Vec<Step>>,
        /// For each who is blocked there: whether there is a way out.
        way_out: Vec<WayOut>,
        /// The outcomes, when the search has come to its end and was to count them.
        outcomes: Vec<OutcomeFound>,
    },
    /// It cannot be answered.
    Trouble {
        /// The request's number.
        id: u32,
        /// Why.
        trouble: Trouble,
    },
}

/// A search that a page talks to.
#[derive(Default)]
pub struct Worker {
    search: Option<(u32, Search)>,
    stopped: bool,
}

impl Worker {
    /// Takes a request in; the reply, if there is one at once.
    pub fn hear(&mut self, request: Request) -> Option<Reply> {
        match request {
            Request::Ask { id, world, steps, question } => {
                self.search = None;
                self.stopped = false;
                match world.setup().and_then(|setup| Search::new(&setup, &steps, question)) {
                    Ok(search) => self.search = Some((id, search)),
                    Err(trouble) => return Some(Reply::Trouble { id, trouble }),
                }
            }
            Request::More(limits) => {
                if let Some((_, search)) = &mut self.search {
                    search.raise(limits);
                    self.stopped = false;
                }
            }
            Request::Another => {
                if let Some((_, search)) = &mut self.search {
                    search.pass();
                    self.stopped = false;
                }
            }
            Request::Stop => {
                self.stopped = true;
                return self.report();
            }
            Request::Resume => self.stopped = false,
        }
        None
    }

    /// Whether there is something to do.
    pub fn busy(&self) -> bool {
        !self.stopped && self.search.as_ref().is_some_and(|(_, s)| s.state() == State::Running)
    }

    /// Works for about so many worlds. What it hears back is why it cannot go on.
    pub fn work(&mut self, worlds: usize) -> Option<Reply> {
        let (id, search) = self.search.as_mut()?;
        let trouble = search.advance(worlds).err()?;
        let id = *id;
        self.search = None;
        Some(Reply::Trouble { id, trouble })
    }

    /// How it stands.
    pub fn report(&mut self) -> Option<Reply> {
        let (id, search) = self.search.as_mut()?;
        let progress = search.progress();
        let over = progress.state != State::Running;
        let found = search.found();
        let way_out = if found.is_some() { search.way_out() } else { Vec::new() };
        let outcomes = if over || self.stopped { search.outcomes() } else { Vec::new() };
        Some(Reply::Report { id: *id, question: search.question(), progress, found, way_out, outcomes })
    }
}
