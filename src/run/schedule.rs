//! Who chooses the next step when the reader does not.

use super::{Event, Rng, Run};
use crate::order::{self, Set};
use crate::protocol::Timer;
use crate::sim::{Act, FaultKind, Life, MsgRef, Step, Tail};
use serde::{Deserialize, Serialize};

/// How many steps [`run_until_quiet`] does at most.
pub const QUIET_LIMIT: usize = 2_000;

/// The step that "Step" does: begin; else deliver what has been in flight longest; else let a node do its own
/// next step; else repair what is broken; else have a client do what it usually does next; else let a timeout
/// fire. `None` when nothing is left to happen.
pub fn default_step(run: &Run) -> Option<Step> {
    begin(run)
        .or_else(|| oldest_delivery(run))
        .or_else(|| progress(run, &own_steps(run)))
        .or_else(|| repairs(run).first().copied())
        .or_else(|| go_on(run))
        .or_else(|| progress(run, &timeouts(run)))
}

/// What is done where nothing fails and nobody loses patience, with no more than so many requests begun.
pub(super) fn healthy_step(run: &Run, requests: usize) -> Option<Step> {
    let few = |step: &Step| {
        let mut copy = run.clone();
        copy.step(step).is_ok() && copy.now().scene.begun().len() <= requests
    };
    commands(run, true)
        .find(few)
        .or_else(|| oldest_delivery(run))
        .or_else(|| progress(run, &own_steps(run)))
        .or_else(|| go_on(run))
}

/// The commands of the usual course: those that start something, or the others.
fn commands(run: &Run, start: bool) -> impl Iterator<Item = Step> {
    let verbs = run.machine().meta().verbs;
    let kind = move |step: &Step| matches!(step.act, Act::Command(_, c) if verbs[usize::from(c.verb)].starts == start);
    run.machine().usual().into_iter().filter(kind)
}

fn begin(run: &Run) -> Option<Step> {
    commands(run, true).next()
}

/// Only asked for when nothing is under way: nobody writes again what he has just written.
fn go_on(run: &Run) -> Option<Step> {
    commands(run, false).next()
}

/// Messages that can be handled now, oldest first. Where messages are never removed, each is handled once
/// and again only when it was sent again or its receiver lost its memory; else there would be no end.
fn deliveries(run: &Run) -> Vec<MsgRef> {
    handled(run, true)
}

/// Messages that have arrived, are in flight all the same, and can be handled once more.
fn arrivals_again(run: &Run) -> Vec<MsgRef> {
    handled(run, false)
}

fn handled(run: &Run, due: bool) -> Vec<MsgRef> {
    let scene = &run.now().scene;
    let refs: Vec<_> = run
        .message_ids()
        .zip(run.due())
        .zip(&scene.flights)
        .filter(|((_, d), _)| *d == due)
        .filter(|(_, f)| scene.up(f.at.to) && run.machine().check(&Act::Deliver(f.at).into()).is_ok())
        .map(|((id, _), f)| (id, f.at))
        .collect();
    order::sorted(refs).into_iter().map(|(_, at)| at).collect()
}

fn oldest_delivery(run: &Run) -> Option<Step> {
    deliveries(run).first().map(|m| Act::Deliver(*m).into())
}

/// The steps that undo every failure that lasts, as far as they are possible now: recover, resume, heal,
/// release. A node behind a full link comes back only when some of that has been delivered.
pub fn repairs(run: &Run) -> Vec<Step> {
    let scene = &run.now().scene;
    let mut acts = Vec::new();
    acts.extend(scene.cuts.iter().map(|link| Act::Heal(*link)));
    for id in scene.ids() {
        match scene.node(id).life {
            Life::Up => {}
            Life::Down => acts.push(Act::Recover(id)),
            Life::Paused => acts.push(Act::Resume(id)),
        }
    }
    acts.extend(scene.flights.iter().filter(|f| f.held).map(|f| Act::Release(f.at)));
    acts.into_iter().map(Step::from).filter(|step| run.machine().check(step).is_ok()).collect()
}

fn armed_timers(run: &Run) -> Vec<Step> {
    let scene = &run.now().scene;
    let timer = |id| (0..scene.meta.timers.len() as u8).map(move |t| Act::Fire(id, Timer(t)).into());
    scene.ids().flat_map(timer).filter(|step| run.machine().check(step).is_ok()).collect()
}

/// Nodes' own next steps: they wait for nobody.
fn own_steps(run: &Run) -> Vec<Step> {
    timers(run, false)
}

/// Timers that suspect somebody. Where somebody only forgets, it leads nowhere.
fn timeouts(run: &Run) -> Vec<Step> {
    let kinds = run.machine().meta().timers;
    let suspects = |step: &Step| matches!(step.act, Act::Fire(_, t) if !kinds[usize::from(t.0)].forgets);
    timers(run, true).into_iter().filter(suspects).collect()
}

fn timers(run: &Run, suspects: bool) -> Vec<Step> {
    let meta = run.machine().meta();
    let kind = |step: &Step| matches!(step.act, Act::Fire(_, t) if meta.is_timeout(t) == suspects);
    armed_timers(run).into_iter().filter(kind).collect()
}

/// A timer that leads somewhere: with everything it sets off it ends in a world whose outline `known` does
/// not know. Asking once more across a cut link leads nowhere. Only to be asked when nothing is deliverable. Returns its firing and what follows.
fn useful(run: &Run, timers: &[Step], known: &dyn Fn(&[u8]) -> bool) -> Option<Vec<Step>> {
    timers.iter().find_map(|fire| {
        let mut copy = run.clone();
        let mut steps = vec![*fire];
        copy.step(fire).ok()?;
        while let Some(step) = oldest_delivery(&copy).filter(|_| steps.len() < QUIET_LIMIT) {
            copy.step(&step).ok()?;
            steps.push(step);
        }
        (!known(&copy.machine().outline())).then_some(steps)
    })
}

/// The same of any timer: a step of a node's own rather than a timeout.
fn useful_timer(run: &Run, known: &dyn Fn(&[u8]) -> bool) -> Option<Vec<Step>> {
    useful(run, &own_steps(run), known).or_else(|| useful(run, &timeouts(run), known))
}

/// One of these timers that leads away from the present world.
fn progress(run: &Run, timers: &[Step]) -> Option<Step> {
    let here = run.machine().outline();
    useful(run, timers, &|world| world == here).map(|steps| steps[0])
}

fn progress_timer(run: &Run) -> Option<Step> {
    progress(run, &own_steps(run)).or_else(|| progress(run, &timeouts(run)))
}

/// Whether [`run_until_quiet`] would do anything.
pub fn goes_on(run: &Run) -> bool {
    oldest_delivery(run).is_some() || progress_timer(run).is_some()
}

/// Delivers everything, and lets timers fire as long as that leads anywhere new. Injects and repairs
/// nothing. Ends within [`QUIET_LIMIT`] steps, or when the same world comes back; true if it
/// became quiet.
pub fn run_until_quiet(run: &mut Run, each: &mut dyn FnMut(Event)) -> bool {
    let mut rested = order::set([run.machine().outline()]);
    let mut budget = QUIET_LIMIT;
    let mut go = |run: &mut Run, step: &Step| {
        each(run.step(step).expect("a scheduler offers only what is enabled"));
        budget = budget.saturating_sub(1);
        budget > 0
    };
    loop {
        // A world that comes back while messages are still arriving will come back for ever.
        let mut passed = Set::new();
        while let Some(step) = oldest_delivery(run) {
            let here = (run.machine().bytes(), run.due().collect::<Vec<_>>());
            if !passed.insert(here) || !go(run, &step) {
                return false;
            }
        }
        rested.insert(run.machine().outline());
        let Some(steps) = useful_timer(run, &|world| rested.contains(world)) else { return true };
        for step in &steps {
            if !go(run, step) {
                return false;
            }
        }
    }
}

/// Delivers in rounds: what is sent in one round arrives in the next.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    /// Messages of the present round that have not arrived yet, by number.
    due: Set<u32>,
    /// Rounds begun.
    pub round: u32,
}

impl Rounds {
    /// The next step of this round, or the first of the next one; `None` if nothing is deliverable.
    pub fn next(&mut self, run: &Run) -> Option<Step> {
        let ready: Vec<(u32, MsgRef)> = {
            let can = deliveries(run);
            let all = run.message_ids().zip(&run.now().scene.flights);
            all.filter(|(_, f)| can.contains(&f.at)).map(|(id, f)| (id, f.at)).collect()
        };
        self.due.retain(|id| ready.iter().any(|(r, _)| r == id));
        if self.due.is_empty() {
            self.due = ready.iter().map(|(id, _)| *id).collect();
            self.round += 1;
        }
        let first = self.due.pop_first()?;
        ready.iter().find(|(id, _)| *id == first).map(|(_, at)| Act::Deliver(*at).into())
    }
}

/// How rough the seeded scheduler is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// Nothing breaks; only the order is random.
    Calm,
    /// Messages are lost, copied and held up.
    Flaky,
    /// Nodes crash, also in the middle of a step, and recover.
    Dying,
    /// Everything.
    Wild,
}

impl Mood {
    /// Every mood, from calm to rough. Preferences hold places in this list.
    pub const ALL: [Mood; 4] = [Mood::Calm, Mood::Flaky, Mood::Dying, Mood::Wild];
}

/// Chooses steps at random: the same seed, mood and run give the same steps.
#[derive(Clone, Debug)]
pub struct Chaos {
    rng: Rng,
    mood: Mood,
    /// Faults that may still be injected; recoveries, heals and resumes are free.
    budget: u32,
}

impl Chaos {
    /// A scheduler that injects at most `budget` faults.
    pub fn new(seed: u64, mood: Mood, budget: u32) -> Chaos {
        Chaos { rng: Rng::new(seed), mood, budget }
    }

    /// The next step; `None` when nothing is left to happen.
    pub fn next(&mut self, run: &Run) -> Option<Step> {
        begin(run).or_else(|| self.fault(run)).or_else(|| self.progress(run))
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.rng.below(from.len())]) }
    }

    fn fault(&mut self, run: &Run) -> Option<Step> {
        if self.budget == 0 || self.mood == Mood::Calm || !self.rng.chance(20) {
            return None;
        }
        let mut options = Vec::new();
        let network = matches!(self.mood, Mood::Flaky | Mood::Wild);
        let nodes = matches!(self.mood, Mood::Dying | Mood::Wild);
        for choice in run.machine().choices().into_iter().filter(|c| c.refused.is_none()) {
            match choice.step.fault() {
                Some(FaultKind::Drop | FaultKind::Duplicate | FaultKind::Cut) if network => {
                    options.push(choice.step)
                }
                Some(FaultKind::Crash | FaultKind::Pause) if nodes => options.push(choice.step),
                _ => {}
            }
            // A handler that could run now could also be cut short; operators and clients stay out of it.
            let command = matches!(choice.step.act, Act::Command(..));
            if !nodes || command || !choice.step.runs_handler() {
                continue;
            }
            if let Ok(report) = run.machine().preview(&choice.step) {
                options.extend((0..=report.cuts()).map(|k| choice.step.torn(k, Tail::Lost)));
            }
        }
        options.retain(|step| run.machine().check(step).is_ok());
        // Where messages are never removed, this is what a copy is elsewhere.
        if network {
            options.extend(arrivals_again(run).into_iter().map(|m| Step::from(Act::Deliver(m))));
        }
        let step = self.pick(&options)?;
        self.budget -= 1;
        Some(step)
    }

    fn progress(&mut self, run: &Run) -> Option<Step> {
        let due: Vec<Step> = deliveries(run).into_iter().map(|m| Act::Deliver(m).into()).collect();
        let timers = armed_timers(run);
        let mended = repairs(run);
        if !mended.is_empty() && (due.is_empty() || self.rng.chance(15)) {
            return self.pick(&mended);
        }
        if due.is_empty() {
            return progress(run, &own_steps(run)).or_else(|| go_on(run)).or_else(|| progress_timer(run));
        }
        // Only the wildest mood suspects somebody whose message is still under way.
        let hasty = self.mood == Mood::Wild && !timers.is_empty() && self.rng.chance(10);
        self.pick(if hasty { &timers } else { &due })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols;
    use crate::sim::Link;

    #[test]
    fn the_random_scheduler_is_no_operator_and_no_client() {
        for seed in 0..200 {
            let mut run = Run::new(protocols::build(protocols::ALL[0].setup()));
            let mut chaos = Chaos::new(seed, Mood::Dying, 30);
            let mut commands = 0;
            for _ in 0..60 {
                let Some(step) = chaos.next(&run) else { break };
                commands += usize::from(matches!(step.act, Act::Command(..)));
                run.step(&step).expect("enabled");
            }
            assert_eq!(commands, 1, "it only begins, with seed {seed}");
        }
    }

    /// The default course of a world as it is when nothing is chosen. What an article has wrong goes wrong with no
    /// failure when two come at once: there it is the correct variant.
    fn course(protocol: &protocols::Protocol) -> (Run, Vec<Step>) {
        let variant = if (protocol.meta)().id == "shop" { " variant=correct" } else { "" };
        let world = format!("world {}{variant}\n", (protocol.meta)().id);
        let setup = crate::script::load(&world).expect("a world").setup;
        let mut run = Run::new(protocols::build(setup));
        let mut steps = Vec::new();
        while let Some(step) = default_step(&run).filter(|_| steps.len() < 300) {
            run.step(&step).expect("enabled");
            steps.push(step);
        }
        (run, steps)
    }

    #[test]
    fn the_default_course_is_a_healthy_run() {
        for protocol in protocols::ALL {
            let meta = (protocol.meta)();
            // Locks promise nothing of effects, and all the same each client writes once.
            if !meta.promises("once") && !meta.promises("fencing") {
                continue;
            }
            let (run, steps) = course(protocol);
            let text = || steps.iter().map(|s| format!("{s:?}\n")).collect::<String>();
            let scene = &run.now().scene;
            assert!(steps.len() < 300, "{}: no end of\n{}", meta.id, text());
            assert!(!scene.begun().is_empty(), "{}: nobody asks", meta.id);
            for request in scene.begun() {
                assert_eq!(scene.effects().get(&request), Some(&1), "{} {request:?}\n{}", meta.id, text());
                assert!(scene.answered().contains(&request), "{} {request:?}\n{}", meta.id, text());
            }
            assert!(run.since().violated.is_empty(), "{}\n{}", meta.id, text());
            let suspects = |s: &Step| matches!(s.act, Act::Fire(_, timer) if meta.is_timeout(timer));
            assert!(!steps.iter().any(suspects), "{}\n{}", meta.id, text());
        }
    }

    #[test]
    fn the_run_to_compare_with_asks_for_as_much() {
        for protocol in protocols::ALL.iter().filter(|p| (p.meta)().promises("once")) {
            let (run, _) = course(protocol);
            let begun = run.now().scene.begun().len();
            let setup = run.machine().setup().clone();
            let all = crate::run::undisturbed(&*protocols::build(setup), begun);
            let id = (protocol.meta)().id;
            assert_eq!(all.expect("somebody can begin").cost().forced, run.cost().forced, "{id}");
        }
    }

    #[test]
    fn what_is_offered_as_a_repair_is_possible_also_behind_a_full_link() {
        let mut run = Run::new(protocols::build(protocols::ALL[0].setup()));
        run.step(&begin(&run).expect("something to begin with")).expect("enabled");
        let first = deliveries(&run)[0];
        while run.step(&Act::Duplicate(first).into()).is_ok() {}
        run.step(&Act::Crash(first.from, Tail::Lost).into()).expect("enabled");
        assert!(repairs(&run).iter().all(|step| run.machine().check(step).is_ok()));
        run_until_quiet(&mut run, &mut |_| ());
        assert_eq!(repairs(&run), [Act::Recover(first.from).into()]);
    }

    #[test]
    fn asking_again_across_a_cut_link_is_not_progress() {
        let mut run = Run::new(protocols::build(protocols::ALL[0].setup()));
        run.step(&begin(&run).expect("something to begin with")).expect("enabled");
        for _ in 0..2 {
            run.step(&oldest_delivery(&run).expect("a request to prepare")).expect("enabled");
        }
        let ids: Vec<_> = run.now().scene.ids().collect();
        run.step(&Act::Cut(Link(ids[0], ids[1])).into()).expect("enabled");
        assert!(run_until_quiet(&mut run, &mut |_| ()));
        assert!(run.now().scene.flights.iter().all(|f| f.copies == 0));
    }
}
