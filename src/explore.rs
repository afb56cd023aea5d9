//! The explorer: the shortest schedule that leads to what is asked about, or that there is none.
//!
//! It searches the worlds that [`crate::sim`] makes, with the same protocol code, breadth first, so that what
//! it finds is as short as can be. Protocol code is pure, so it runs once for each state of a node and each
//! thing that can reach it (`atlas`); a world is a few numbers packed into words (`layout`), a step an
//! addition (`engine`), and every world seen is kept exactly (`store`). Nothing is sampled and no hash is
//! trusted: when a search ends by itself, there are no other worlds under the assumptions of its
//! [`Budget`].

mod answer;
mod atlas;
mod census;
mod check;
mod course;
mod engine;
mod fold;
mod goal;
pub mod job;
mod layout;
mod origin;
mod question;
mod store;
mod symmetry;
mod vain;
mod wide;

pub use answer::{OutcomeFound, Progress, State, Trouble, Unlike, WayOut};
pub use census::Kind;
pub use question::{Budget, Cond, Fault, Is, Limits, Question};

use crate::protocol::NodeId;
use crate::protocols;
use crate::sim::{Act, Machine as _, Setup, Step};
use atlas::{Atlas, Make};
use check::{check_budget, check_goal, within};
use course::{Course, Placed};
use engine::{Engine, Stint};
use origin::Origin;

/// A search that can be interrupted.
pub struct Search {
    engine: Option<Box<dyn Engine>>,
    setup: Setup,
    /// The steps that lead to where it starts.
    start: Vec<Step>,
    limits: Limits,
    scouted: bool,
    pair: bool,
    /// The way out of the world that was found, by its number.
    out: Option<(u32, Vec<WayOut>)>,
}

/// The tables of worlds hold no more than 2^31, whatever is allowed; a few may come before that is looked at.
const MOST_WORLDS: u32 = 2_000_000_000;
/// So many worlds at most are looked at for ways out, for all who are blocked: the reader waits.
const WAY_OUT: u32 = 50_000;
/// So many worlds are expanded before limits are looked at again.
const BETWEEN: usize = 1_024;
/// The same with two threads, which take a moment to begin.
const BETWEEN_PAIRED: usize = 65_536;
/// So many worlds make it worth while to scout.
const SCOUT_AT: usize = 4_000;
/// So many rounds without news end the scouting.
const SCOUTS: usize = 8;

impl Search {
    /// Starts a search in the world that `steps` lead to. The world's own limits hold besides the budget's.
    pub fn new(setup: &Setup, steps: &[Step], question: Question) -> Result<Search, Trouble> {
        check_budget(&question.budget)?;
        let meta = protocols::find(setup.protocol).map(|p| (p.meta)()).expect("a setup names a protocol");
        if setup.fifo() {
            return Err(Trouble::Ordered);
        }
        let budget = within(setup, meta, steps, question.budget);
        let mut world = protocols::world(setup.clone());
        for (i, step) in steps.iter().enumerate() {
            world.apply(step).map_err(|_| Trouble::Start { step: i + 1 })?;
        }
        let atlas = Atlas::new(world, protocols::renaming(setup));
        let limits = question.limits;
        let goal = question.goal.clone();
        let course = Course::new(atlas, question, budget, setup.kept(), meta.promises("once"));
        let engine = engine::start(course).ok_or(Trouble::TooWide)?;
        check_goal(&goal, meta, engine.course())?;
        if let Some(why) = engine.course().lopsided {
            return Err(Trouble::Symmetry { why });
        }
        Ok(Search {
            engine: Some(engine),
            setup: setup.clone(),
            start: steps.to_vec(),
            limits,
            scouted: false,
            pair: false,
            out: None,
        })
    }

    fn engine(&self) -> &dyn Engine {
        &**self.engine.as_ref().expect("it is only away while it changes its layout")
    }

    /// Which world is searched.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// What is asked and assumed; the budget is what the world's own rules leave of the one that was given.
    pub fn question(&self) -> Question {
        let course = self.engine().course();
        Question { budget: *course.budget(), ..course.question.clone() }
    }

    /// Allows more worlds and memory than before.
    pub fn raise(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// No more than so many threads work on a search.
    pub const MOST_THREADS: usize = 2;

    /// Uses so many threads from now on, where there are any and it is worth it. Answers stay the same.
    pub fn use_threads(&mut self, threads: usize) {
        self.pair = threads > 1;
    }

    /// Goes on, for about so many worlds, and says how it stands. A call takes about as long for each world, so
    /// the caller can be prompt.
    pub fn advance(&mut self, worlds: usize) -> Result<State, Trouble> {
        let goal = self.engine().expanded().saturating_add(worlds);
        while self.engine().expanded() < goal && self.state() == State::Running {
            // Memory is looked at in between.
            let pair = self.pair && self.scouted;
            let between = if pair { BETWEEN_PAIRED } else { BETWEEN };
            let expanded = goal.min(self.engine().expanded() + between);
            let stint = Stint { expanded, worlds: self.most(), pair };
            if self.engine.as_mut().expect("it is here").advance(stint) {
                self.adapt()?;
            }
            if let Some(why) = self.engine().course().lopsided {
                return Err(Trouble::Symmetry { why });
            }
            if !self.scouted && self.engine().len() > SCOUT_AT {
                self.scout()?;
            }
        }
        Ok(self.state())
    }

    /// How many worlds there may be.
    fn most(&self) -> usize {
        self.limits.worlds.min(MOST_WORLDS) as usize
    }

    /// Chooses a new layout.
    fn adapt(&mut self) -> Result<(), Trouble> {
        let old = self.engine.take().expect("it is here");
        self.engine = Some(engine::assemble(old.apart()).ok_or(Trouble::TooWide)?);
        Ok(())
    }

    /// While there are few worlds a new layout costs little: learns now what parts there are.
    fn scout(&mut self) -> Result<(), Trouble> {
        self.scouted = true;
        let mut seed = 1;
        let mut quiet = 0;
        while quiet < SCOUTS {
            if self.engine.as_mut().expect("it is here").scout(16, &mut seed) {
                self.adapt()?;
                quiet = 0;
            } else {
                quiet += 1;
            }
        }
        // By now more is known than when the layout was chosen, so that there is room where it will be needed.
        self.adapt()
    }

    /// Looks for another world than those that were found.
    pub fn pass(&mut self) {
        if let Some(engine) = &mut self.engine {
            let course = engine.course_mut();
            course.passed = (course.passed + 1).min(course.hits.len());
        }
    }

    /// How it stands.
    pub fn state(&self) -> State {
        let engine = self.engine();
        let course = engine.course();
        if course.done() {
            State::Found
        } else if engine.expanded() == engine.len() {
            State::Exhausted
        } else if !course.deeper() {
            State::Deep
        } else if engine.len() >= self.most() {
            State::TooMany
        } else if engine.bytes() as u64 >= self.limits.bytes {
            State::NoMemory
        } else {
            State::Running
        }
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let engine = self.engine();
        let course = engine.course();
        let mut levels = course.levels.clone();
        if engine.len() > course.level_end {
            levels.push((engine.len() - course.level_end) as u32);
        }
        Progress {
            state: self.state(),
            worlds: engine.len() as u32,
            expanded: engine.expanded() as u32,
            generated: course.generated,
            levels,
            bytes: engine.bytes() as u64,
            runs: course.atlas.runs() as u32,
            hits: course.hits.len() as u32,
        }
    }

    /// Bits of a packed world and words that it takes.
    pub fn width(&self) -> usize {
        self.engine().layout().words
    }

    /// The steps to the world that was found: as few as there can be.
    pub fn found(&mut self) -> Option<Vec<Step>> {
        let course = self.engine().course();
        let hit = *course.hits.get(course.passed)?;
        Some(self.path(hit as usize))
    }

    /// For each who is blocked in the world that was found: whether there is a way out, found by searching on
    /// from there without any new fault.
    pub fn way_out(&mut self) -> Vec<WayOut> {
        let course = self.engine().course();
        let Some(hit) = course.hits.get(course.passed).copied() else { return Vec::new() };
        if let Some((_, out)) = self.out.as_ref().filter(|(n, _)| *n == hit) {
            return out.clone();
        }
        let mut steps = self.start.clone();
        steps.extend(self.found().into_iter().flatten());
        // The world itself, and not the one that is kept of its orbit: there others may have these names.
        let mut world = protocols::world(self.setup.clone());
        let taken = steps.iter().all(|step| world.apply(step).is_ok());
        debug_assert!(taken, "a run that was found can be run");
        let scene = world.scene();
        let who: Vec<_> = scene.ids().filter(|id| scene.blocked(*id).is_some()).collect();
        let most = WAY_OUT / (who.len() as u32).max(1);
        let out: Vec<_> = who.into_iter().filter_map(|who| self.search_way_out(&steps, who, most)).collect();
        self.out = Some((hit, out.clone()));
        out
    }

    fn search_way_out(&self, steps: &[Step], who: NodeId, most: u32) -> Option<WayOut> {
        let ask = |repairs: bool| {
            let budget = Budget { repairs, copies: 2, ..Budget::nothing() }.with(Fault::Early, None);
            let limits = Limits { worlds: most, bytes: u64::MAX };
            // Not whether it ever decided: a crash may have taken that.
            let goal = vec![Cond::Not(who, Is::InDoubt)];
            let question = Question { budget, limits, ..Question::new(goal) };
            let mut search = Search::new(&self.setup, steps, question).ok()?;
            while search.advance(most as usize).ok()? == State::Running {}
            Some((search.state(), search.progress().worlds, search.found()))
        };
        let (state, alone_worlds, alone) = ask(false)?;
        let (_, _, repaired) = ask(true)?;
        Some(WayOut { who, alone, alone_worlds, alone_all: state == State::Exhausted, repaired })
    }

    /// The outcomes, if they were counted.
    pub fn outcomes(&mut self) -> Vec<OutcomeFound> {
        let Some(census) = self.engine().course().census.clone() else { return Vec::new() };
        let mut all = Vec::new();
        // What could not be told of every world is not said never to happen.
        let unsure = self.engine().course().unsure;
        for (kind, tally) in census.all {
            if unsure && kind == Kind::Vain && tally.worlds == 0 {
                continue;
            }
            let (mut steps, mut cheapest) = (Vec::new(), Vec::new());
            if let Some((world, _)) = tally.needs.first() {
                steps = self.path(tally.first as usize);
                cheapest = self.path(*world as usize);
            }
            let needs = tally.needs.into_iter().map(|(_, needs)| needs).collect();
            all.push(OutcomeFound { kind, worlds: tally.worlds, steps, cheapest, needs });
        }
        all
    }

    /// The steps to a world, each found again by trying what can happen in its parent.
    fn path(&mut self, world: usize) -> Vec<Step> {
        let mut worlds = vec![world];
        while let Some(parent) = worlds.last().and_then(|w| self.engine().parent(*w)) {
            worlds.push(parent);
        }
        worlds.reverse();
        let mut numbers = Vec::new();
        let mut next = Vec::new();
        let mut steps = Vec::new();
        self.engine().numbers(worlds[0], &mut numbers);
        for world in &worlds[1..] {
            let possible = self.possible(&numbers);
            self.engine().numbers(*world, &mut next);
            let course = self.engine.as_mut().expect("it is here").course_mut();
            // Where worlds stand for their orbits, the one that is really reached need not be the one stored.
            let mut leads = |to: &Vec<u32>| same(&course.canonical(to), &next);
            let chosen = possible.into_iter().find(|(_, to)| leads(to)).expect("a parent leads to its child");
            steps.push(self.step(chosen.0, &numbers));
            numbers = chosen.1;
        }
        steps
    }

    /// Everything that can happen in a world.
    fn possible(&mut self, numbers: &[u32]) -> Vec<(Origin, Vec<u32>)> {
        loop {
            let engine = self.engine.as_mut().expect("it is here");
            if let Some(steps) = engine.steps(numbers) {
                return steps;
            }
            // Only under other names than the search gave can there be parts that it has not met.
            self.adapt().expect("other names need no more room");
        }
    }

    fn step(&self, origin: Origin, numbers: &[u32]) -> Step {
        let course = self.engine().course();
        let picture = course.picture(numbers);
        let address = |message: u32| course.atlas.address(&picture, message);
        match origin {
            Origin::Drop(m) => Act::Drop(address(m)).into(),
            Origin::Duplicate(m) => Act::Duplicate(address(m)).into(),
            Origin::Release(m) => Act::Release(address(m)).into(),
            Origin::Cut(l) => Act::Cut(course.links()[l]).into(),
            Origin::Heal(l) => Act::Heal(course.links()[l]).into(),
            Origin::Arc(n, message) => {
                let Placed { node, arc, .. } = &course.arcs[n as usize];
                let (act, torn) = match arc.make {
                    Make::Deliver(torn) => {
                        (Act::Deliver(address(message.expect("a delivery takes a message"))), torn)
                    }
                    Make::Fire(timer, torn) => (Act::Fire(*node, timer), torn),
                    Make::Command(command, torn) => (Act::Command(*node, command), torn),
                    Make::Recover(torn) => (Act::Recover(*node), torn),
                    Make::Crash(tail) => (Act::Crash(*node, tail), None),
                    Make::Pause => (Act::Pause(*node), None),
                    Make::Resume => (Act::Resume(*node), None),
                };
                Step { act, torn }
            }
        }
    }
}

/// Whether two worlds are the same; numbers that are left out are 0.
fn same(a: &[u32], b: &[u32]) -> bool {
    (0..a.len().max(b.len())).all(|i| a.get(i).unwrap_or(&0) == b.get(i).unwrap_or(&0))
}
