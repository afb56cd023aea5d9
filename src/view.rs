//! What there is to see, as plain data: for the screen, the command line and tests alike.

pub mod automaton;
pub mod cards;
pub mod causality;
pub mod choices;
pub mod compare;
pub mod explore;
pub mod inspect;
pub mod locks;
pub mod matrix;
pub mod odds;
mod plot;
pub mod ruler;
pub mod scissors;
pub mod silence;
pub mod story;
pub mod titled;
pub mod tree;
pub mod turns;
pub mod voyage;
pub mod words;

pub use plot::{Column, InFlight, Plot, columns};

use crate::order::Map;
use crate::properties::{Lamp, Lamps, Verdict, lamps};
use crate::protocol::Params;
use crate::run::{Cost, History, Run};
use crate::sim::{FaultKind, Machine, Rule, Scene, Setup};

/// Faults of one kind: how many happened, and how many may still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tokens {
    /// Which fault.
    pub fault: FaultKind,
    /// How many happened.
    pub spent: u32,
    /// How many there may be in all; `None` if there is no limit.
    pub limit: Option<u16>,
}

/// Everything about the present moment.
pub struct View {
    /// The scene.
    pub scene: Scene,
    /// How many steps led here.
    pub moment: u32,
    /// The sentence.
    pub story: story::Story,
    /// What can happen next, and what cannot.
    pub choices: Vec<choices::Choice>,
    /// What each choice would do.
    pub foresight: choices::Foresight,
    /// Node cards, by id.
    pub cards: Vec<cards::Card>,
    /// The properties.
    pub verdicts: Vec<Verdict>,
    /// Since which moment each violated property has been violated.
    pub violated_since: Map<&'static str, u32>,
    /// C(v), and the lamps of every participant.
    pub lamps: (Lamp, Vec<Lamps>),
    /// What the run has cost.
    pub cost: Cost,
    /// What it would cost without faults.
    pub reference: Option<Cost>,
    /// For how long each resource was locked.
    pub locks: Vec<locks::LockTime>,
    /// Faults.
    pub tokens: Vec<Tokens>,
    /// The history.
    pub strip: tree::Strip,
}

/// Views are made once a moment and shared, so equal means the same.
impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl View {
    /// The present moment of a history.
    pub fn new(history: &History) -> View {
        View::after(history, None)
    }

    /// The same, where another moment was seen before: what is still true of it is not worked out again.
    pub fn after(history: &History, before: Option<&View>) -> View {
        let run = history.run();
        let last = history.event(history.at()).map(|e| &**e);
        let scene = run.now().scene.clone();
        let undisturbed = history.undisturbed();
        let default = history.default_step();
        View {
            moment: run.moment(),
            story: story::story(run, last, default.is_none()),
            choices: choices::choices(run, default),
            foresight: choices::Foresight::new(run),
            cards: cards::cards(run),
            verdicts: run.now().verdicts.clone(),
            violated_since: run.since().violated.clone(),
            lamps: lamps(&scene),
            cost: run.cost(),
            reference: undisturbed.as_deref().map(Run::cost),
            locks: locks::lock_times(run, undisturbed.as_deref()),
            tokens: tokens(&scene.setup, &run.past().faults),
            strip: tree::strip(history, before.map(|view| &view.strip)),
            scene,
        }
    }
}

fn tokens(setup: &Setup, spent: &Map<FaultKind, u32>) -> Vec<Tokens> {
    let limited = [
        (FaultKind::Crash, Rule::Crashes),
        (FaultKind::Drop, Rule::Drops),
        (FaultKind::Duplicate, Rule::Duplicates),
    ];
    let token = |(fault, rule)| Tokens {
        fault,
        spent: spent.get(&fault).copied().unwrap_or(0),
        limit: Some(setup.rule(rule)).filter(|v| *v != Params::UNLIMITED),
    };
    limited.into_iter().map(token).collect()
}

/// A fresh world of a setup.
pub fn beginning(setup: &Setup) -> Box<dyn Machine> {
    crate::protocols::build(setup.clone())
}
