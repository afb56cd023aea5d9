//! A run: a world together with what happened on the way to it.
//!
//! Here live the things that a world may not know: message numbers, how long something has lasted, what
//! it cost, the tree of all paths taken, and the schedulers that choose steps.

mod event;
mod history;
mod meter;
pub mod odds;
mod rng;
mod schedule;

pub use event::{Event, NodeNow, Sent, Since, Timed};
pub use history::{History, NAME_LIMIT, PIN_LIMIT, Place};
pub use meter::{Cost, Meter, reference, undisturbed};
pub use rng::Rng;
pub use schedule::{Chaos, Mood, QUIET_LIMIT, Rounds, default_step, goes_on, repairs, run_until_quiet};

use crate::properties::{Past, Verdict, guessed, judge, undecided};
use crate::protocol::NodeId;
use crate::sim::{Act, Entered, Machine, Refusal, Report, Scene, Step, Taken};
use event::Clock;
use meter::Depths;
use std::rc::Rc;

/// A world together with what happened on the way to it.
#[derive(Clone)]
pub struct Run {
    machine: Box<dyn Machine>,
    /// For each message in flight, in canonical order, its number and how many delays led to it.
    tracks: Vec<Track>,
    next_message: u32,
    depths: Depths,
    meter: Meter,
    past: Past,
    clock: Clock,
    now: Rc<Now>,
}

/// What is remembered of a message in flight.
#[derive(Clone, Copy, Debug)]
struct Track {
    id: u32,
    depth: u16,
    /// Whether it has arrived, which only says something where messages are never removed. What a crash
    /// made its receiver forget, and what was sent again, has not.
    arrived: bool,
}

/// A moment: the scene and what is to be said of it.
pub struct Now {
    /// The scene.
    pub scene: Scene,
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
}

impl Run {
    /// A run in which nothing has happened yet.
    pub fn new(machine: Box<dyn Machine>) -> Run {
        let scene = machine.scene();
        let past = Past::default();
        let verdicts = judge(&scene, &past);
        let clock = Clock::new(&scene, &verdicts);
        Run {
            tracks: vec![Track { id: 0, depth: 0, arrived: false }; scene.flights.len()],
            next_message: scene.flights.len() as u32,
            depths: Depths::new(&scene),
            meter: Meter::default(),
            past,
            clock,
            now: Rc::new(Now { scene, verdicts }),
            machine,
        }
    }

    /// The world.
    pub fn machine(&self) -> &dyn Machine {
        &*self.machine
    }

    /// The present moment.
    pub fn now(&self) -> &Now {
        &self.now
    }

    /// The present moment, to keep.
    pub fn now_rc(&self) -> Rc<Now> {
        Rc::clone(&self.now)
    }

    /// How many steps led here.
    pub fn moment(&self) -> u32 {
        self.clock.moment
    }

    /// Since when things have been as they are.
    pub fn since(&self) -> &Since {
        &self.clock.since
    }

    /// Faults and suspicions so far.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// What it has cost.
    pub fn cost(&self) -> Cost {
        self.meter.cost(&self.depths, undecided(&self.now.scene).is_empty())
    }

    /// The numbers of the messages in flight, in canonical order.
    pub fn message_ids(&self) -> impl Iterator<Item = u32> + '_ {
        self.tracks.iter().map(|t| t.id)
    }

    /// Which of the messages in flight, in canonical order, are still to arrive: those that have not since
    /// they were last sent and since their receiver last lost its memory. Where messages are never removed
    /// the others may arrive again all the same.
    pub fn due(&self) -> impl Iterator<Item = bool> + '_ {
        self.tracks.iter().map(|t| !t.arrived)
    }

    /// Does a step, or changes nothing.
    pub fn step(&mut self, step: &Step) -> Result<Event, Refusal> {
        let before = Rc::clone(&self.now);
        let report = self.machine.apply(step)?;
        let (taken, sent) = self.follow(step, &report, &before.scene);
        self.note_past(step);
        let scene = self.machine.scene();
        let verdicts = judge(&scene, &self.past);
        self.clock.advance(&scene, &verdicts);
        let nodes = NodeNow::all(&scene);
        self.now = Rc::new(Now { scene, verdicts });
        let verdicts = &self.now.verdicts;
        let violated = verdicts.iter().filter(|v| v.state == crate::properties::State::Violated);
        let violated: Vec<_> = violated.map(|v| v.id).collect();
        let guessed = violated.iter().copied().filter(|id| guessed(verdicts, id)).collect();
        Ok(Event { step: *step, report, taken, sent, nodes, violated, guessed })
    }

    /// Keeps message numbers, delays and counts in step with the world.
    fn follow(&mut self, step: &Step, report: &Report, before: &Scene) -> (Option<u32>, Vec<Sent>) {
        let taken = report.taken.as_ref().map(|t| (self.take(t), t));
        if let Some((from, to)) = report.moved {
            let track = self.tracks.remove(from);
            self.tracks.insert(to, track);
        }
        if let (Some((track, t)), Some(node)) = (&taken, step.node()) {
            self.depths.receive(before, node, &t.said, t.how, track.depth);
        }
        if let (Some(_), Some(node)) = (&report.crashed, step.node()) {
            self.forget_arrivals(node, before);
        }
        let mut sent = Vec::new();
        let mut entered = report.entered.iter().copied();
        if let Act::Duplicate(m) = step.act {
            let Some(Entered::New(at)) = entered.next() else { unreachable!("a copy is a message more") };
            let original = before.flights.iter().position(|f| f.at == m).expect("a message that was copied");
            let depth = self.tracks[original].depth;
            sent.push(Sent::copy(self.next_message, &before.flights[original]));
            self.insert(at, depth);
        }
        if let Some(node) = step.node() {
            for (index, effect) in report.effects[..report.done].iter().enumerate() {
                self.meter.count(before.meta, effect);
                self.depths.decide(before, node, effect);
                if let crate::protocol::Effect::Send { to, msg, after } = effect {
                    match entered.next().expect("a place for every message that was sent") {
                        Entered::Again(at) => self.tracks[at].arrived = false,
                        Entered::New(at) => {
                            let id = self.next_message;
                            sent.push(Sent::new(id, index, node, *to, msg, *after, before.meta));
                            self.insert(at, self.depths.of(node));
                        }
                    }
                }
            }
        }
        (taken.map(|(track, _)| track.id), sent)
    }

    /// What is remembered of a message that left the network, or arrived and stays there.
    fn take(&mut self, taken: &Taken) -> Track {
        if !taken.stays {
            return self.tracks.remove(taken.index);
        }
        self.tracks[taken.index].arrived = true;
        self.tracks[taken.index]
    }

    /// A node that lost its memory lost what it was told. It is the same to it as if nothing had arrived.
    fn forget_arrivals(&mut self, node: NodeId, before: &Scene) {
        // Where messages leave the network none in it has arrived, and there is nothing to forget.
        if before.setup.kept() {
            let told = self.tracks.iter_mut().zip(&before.flights).filter(|(_, f)| f.at.to == node);
            told.for_each(|(track, _)| track.arrived = false);
        }
    }

    fn insert(&mut self, at: usize, depth: u16) {
        self.tracks.insert(at, Track { id: self.next_message, depth, arrived: false });
        self.next_message += 1;
    }

    fn note_past(&mut self, step: &Step) {
        if let Some(fault) = step.fault() {
            *self.past.faults.or_insert_with(fault, || 0) += 1;
        }
        let meta = self.machine.meta();
        match step.act {
            Act::Fire(_, t) if meta.is_timeout(t) => self.past.timeouts += 1,
            Act::Command(_, c) if meta.verbs[usize::from(c.verb)].operator => self.past.operator += 1,
            _ => {}
        }
    }
}
