//! Three runs that look the same to whoever asked: the request was lost, the reply was lost, or the other side died
//! after the effect. Each goes on to what comes of asking again.
//!
//! The runs are made by the schedule that "Step" follows, so that any protocol that counts effects has them.

use super::cards::{Card, cards};
use super::plot::Plot;
use super::story::story;
use crate::protocol::{NodeId, Request};
use crate::protocols;
use crate::run::{History, Run, default_step, repairs, run_until_quiet};
use crate::sim::{Act, Actor, Flying, Setup, Step, Tail};
use crate::text::Text;
use std::rc::Rc;

/// What keeps the answer away, by the last part of its keys.
pub const CAUSES: [&str; 3] = ["request", "reply", "crash"];

/// So many steps at most lead to an effect, or from an effect to a reply.
const PATIENCE: usize = 60;
/// A handler has no more effects to cut between.
const MOST_CUTS: u8 = 16;

/// A run in which no answer comes.
pub struct Silence {
    /// What keeps it away: one of [`CAUSES`].
    pub cause: &'static str,
    /// The world, with one client.
    pub setup: Setup,
    /// All steps: to the silence, and on to what asking again leads to.
    pub steps: Vec<Step>,
    /// How many of them lead to the silence.
    pub silent: usize,
    /// The diagram up to there.
    pub plot: Rc<Plot>,
    /// How many of them lead to the request: the others are special about this run.
    pub asked: u32,
    /// How things stand in the silence.
    pub stands: Text,
    /// The node cards in the silence, by id.
    pub cards: Vec<Card>,
    /// Who asked.
    pub asker: NodeId,
    /// All that the one who asked has.
    pub known: Actor,
    /// How often it happened up to the silence.
    pub before: u32,
    /// What came of asking again.
    pub after: After,
}

/// What comes of asking again.
pub struct After {
    /// How often it has happened in the end.
    pub times: u32,
    /// Whether the client saw OK.
    pub seen: bool,
    /// What the client has come to.
    pub phase: Text,
}

/// A world like this one, with one client.
fn alone(setup: &Setup) -> Setup {
    let meta = (protocols::find(setup.protocol).expect("a setup names a protocol").meta)();
    let mut world = setup.clone();
    if let Some((at, _)) = meta.param("clients") {
        world.params.set(meta.params, at, 1);
    }
    world
}

/// The three runs; those are left out that there are none of.
pub fn silences(setup: &Setup) -> Vec<Silence> {
    let setup = alone(setup);
    CAUSES.into_iter().filter_map(|cause| silence(&setup, cause)).collect()
}

/// Whether all three can be shown: somebody wants something once, and can ask again.
pub fn has_silences(setup: &Setup) -> bool {
    let meta = (protocols::find(setup.protocol).expect("a setup names a protocol").meta)();
    let asks_again = meta.verbs.iter().any(|v| v.word == "resend");
    meta.promises("once") && asks_again && silences(setup).len() == CAUSES.len()
}

fn silence(setup: &Setup, cause: &'static str) -> Option<Silence> {
    let mut tape = Tape { history: History::new(protocols::build(setup.clone())), steps: Vec::new() };
    let (asker, request) = tape.ask()?;
    let asked = tape.steps.len() as u32;
    match cause {
        "request" => {
            let lost = tape.flight(|f| f.at.from == asker)?;
            tape.act(&Act::Drop(lost).into())?;
        }
        "reply" => {
            for _ in 0..PATIENCE {
                if tape.times(request) > 0 && tape.flight(|f| f.at.to == asker).is_some() {
                    break;
                }
                tape.go_on()?;
            }
            let lost = tape.flight(|f| f.at.to == asker)?;
            tape.act(&Act::Drop(lost).into())?;
        }
        _ => tape.crash_after_effect(request, asker)?,
    }
    let now = tape.run().now_rc();
    let scene = &now.scene;
    if scene.answered().contains(&request) {
        return None;
    }
    let silent = tape.steps.len();
    let place = tape.history.at();
    let plot = Plot::at(&tape.history, place);
    let last = tape.history.event(place).map(|e| &**e);
    let before = tape.times(request);
    let stands = story(tape.run(), last, false).stands;
    let cards = cards(tape.run());
    let known = scene.node(asker).clone();
    let after = tape.ask_again(asker, request)?;
    Some(Silence {
        cause,
        setup: setup.clone(),
        steps: tape.steps,
        silent,
        asked,
        plot: Rc::new(plot),
        stands,
        cards,
        asker,
        known,
        before,
        after,
    })
}

/// A run that writes down its steps.
struct Tape {
    history: History,
    steps: Vec<Step>,
}

impl Tape {
    fn run(&self) -> &Run {
        self.history.run()
    }

    /// `None` if that is impossible now.
    fn act(&mut self, step: &Step) -> Option<()> {
        self.history.act(step).ok()?;
        self.steps.push(*step);
        Some(())
    }

    fn go_on(&mut self) -> Option<()> {
        let step = onward(self.run()).first().copied()?;
        self.act(&step)
    }

    /// Up to where somebody wants something, which may need a session first.
    fn ask(&mut self) -> Option<(NodeId, Request)> {
        for _ in 0..PATIENCE {
            let step = default_step(self.run())?;
            self.act(&step)?;
            let begun = self.run().now().scene.begun();
            if let (Some(request), Act::Command(asker, _)) = (begun.iter().next(), step.act) {
                return Some((asker, *request));
            }
        }
        None
    }

    fn times(&self, request: Request) -> u32 {
        times(self.run(), request)
    }

    fn flight(&self, wanted: impl Fn(&Flying) -> bool) -> Option<crate::sim::MsgRef> {
        self.run().now().scene.flights.iter().find(|f| wanted(f)).map(|f| f.at)
    }

    /// Whoever would answer dies when it has happened, before anything goes back.
    fn crash_after_effect(&mut self, request: Request, asker: NodeId) -> Option<()> {
        let replied = |run: &Run| run.now().scene.flights.iter().any(|f| f.at.to == asker);
        for _ in 0..PATIENCE {
            let step = onward(self.run()).first().copied()?;
            let mut whole = self.run().clone();
            whole.step(&step).ok()?;
            if !replied(&whole) {
                self.act(&step)?;
                continue;
            }
            if self.times(request) > 0 {
                return self.act(&Act::Crash(step.node()?, Tail::Kept).into());
            }
            let torn = (1..MOST_CUTS).map(|k| step.torn(k, Tail::Kept)).find(|torn| {
                let mut cut = self.run().clone();
                cut.step(torn).is_ok() && times(&cut, request) > 0 && !replied(&cut)
            });
            return self.act(&torn?);
        }
        None
    }

    /// Everything is mended, the same is asked again, if anybody asks, and all goes on until it is quiet.
    fn ask_again(&mut self, asker: NodeId, request: Request) -> Option<After> {
        while let Some(step) = repairs(self.run()).first().copied() {
            self.act(&step)?;
        }
        let verbs = self.run().machine().meta().verbs;
        let again = self.run().machine().choices().into_iter().find(|c| {
            let resends = |verb: u8| verbs[usize::from(verb)].word == "resend";
            c.refused.is_none()
                && matches!(c.step.act, Act::Command(who, c) if who == asker && resends(c.verb))
        });
        if let Some(again) = again {
            self.act(&again.step)?;
        }
        for step in onward(self.run()) {
            self.act(&step)?;
            if self.run().now().scene.answered().contains(&request) {
                break;
            }
        }
        let scene = &self.run().now().scene;
        let phase = cards(self.run()).swap_remove(asker.index()).phase;
        Some(After { times: self.times(request), seen: scene.answered().contains(&request), phase })
    }
}

/// What happens of itself: nobody asks for anything more, and nothing breaks or is mended.
fn onward(run: &Run) -> Vec<Step> {
    let mut steps = Vec::new();
    run_until_quiet(&mut run.clone(), &mut |event| steps.push(event.step));
    steps
}

fn times(run: &Run, request: Request) -> u32 {
    run.now().scene.effects().get(&request).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Life;

    fn world(protocol: &str, choice: Option<&str>) -> Setup {
        let at = choice.map_or(String::new(), |c| format!(" strategy={c}"));
        crate::script::load(&format!("world {protocol}{at}\n")).expect("a world").setup
    }

    #[test]
    fn who_asked_cannot_tell_them_apart() {
        for protocol in protocols::ALL {
            let setup = protocol.setup();
            if !(protocol.meta)().promises("once") {
                assert!(!has_silences(&setup), "{} counts no effects", (protocol.meta)().id);
                continue;
            }
            let all = silences(&setup);
            let id = (protocol.meta)().id;
            for silence in &all {
                assert_eq!(silence.known, all[0].known, "{id}: {} shows", silence.cause);
                assert!(
                    silence.silent < silence.steps.len() || silence.after.times == silence.before,
                    "{id}"
                );
                assert_eq!(silence.before > 0, silence.cause != "request", "{id}: {}", silence.cause);
                let down = silence.cards.iter().any(|c| c.life == Life::Down);
                assert_eq!(down, silence.cause == "crash", "{id}");
            }
        }
    }

    #[test]
    fn asking_again_charges_twice_or_once() {
        let after = |strategy| {
            let all = silences(&world("resend", Some(strategy)));
            all.iter().map(|s| (s.cause, s.after.times, s.after.seen)).collect::<Vec<_>>()
        };
        assert_eq!(after("nothing"), [("request", 1, true), ("reply", 2, true), ("crash", 2, true)]);
        assert_eq!(after("unique-insert"), [("request", 1, true), ("reply", 1, true), ("crash", 1, true)]);
        assert_eq!(after("mark-before")[2].1, 1, "it died after the effect, not between");
        assert_eq!(after("mark-after"), [("request", 1, true), ("reply", 1, true), ("crash", 2, true)]);
    }
}
