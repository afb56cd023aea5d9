//! The state machine of every role, found by trying: nothing of it is written by hand.
//!
//! A small world of the same protocol with the same parameters is searched breadth first: at most two of
//! those that vote, no clients, no failures; messages arrive in any order, timers fire whenever they are armed,
//! and everything may be asked that is not an operator's. Worlds that differ only in how often the same
//! message is in flight count as one. What a node's state is called is its phase and where it stands.
//!
//! Two conditions are necessary and sufficient for not to block when nodes crash (Skeen, *Nonblocking Commit
//! Protocols*, SIGMOD 1981):
//!
//! 1. no state from which single transitions lead to commit as well as to abort;
//! 2. no state that is not committable and from which a transition leads to commit. A state is committable if
//!    all have voted yes whenever somebody is in it.
//!
//! The search can be done in slices. If it reaches its limit it says so: what it found is true, and there may
//! be more.

use crate::order::{by_key, sorted};
use crate::protocol::{Meta, NodeId, Params, Stance};
use crate::protocols;
use crate::sim::{Act, Machine, Scene, Setup, Step};
use crate::text::Text;
use std::collections::{BTreeSet, VecDeque};

/// With so many worlds a search ends, finished or not.
pub const WORLD_LIMIT: usize = 16_000;

/// What makes a node go from one state to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Trigger {
    /// A message of this kind arrives.
    Message(&'static str),
    /// Somebody asks for this.
    Verb(&'static str),
    /// This timer fires.
    Timer(&'static str),
    /// It takes this step of its own.
    Step(&'static str),
}

/// A way from one state to another, by their places in [`Automaton::states`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edge {
    /// From where.
    pub from: usize,
    /// To where.
    pub to: usize,
    /// What does it.
    pub trigger: Trigger,
}

/// A state of a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// The word of the phase.
    pub phase: &'static str,
    /// Where a node in it stands.
    pub stance: Stance,
    /// Whether all have voted yes whenever somebody is in it.
    pub committable: bool,
    /// For a state that is not: a voter that had not voted yes while somebody was in it, and its phase.
    pub unready: Option<(NodeId, &'static str)>,
    /// In which states others of any role were meanwhile: role and phase.
    pub beside: Vec<(u8, &'static str)>,
}

/// Which of the two conditions a state breaks.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Breaks {
    /// One transition leads to commit and one to abort.
    pub both_ways: bool,
    /// It is not committable, and a transition leads to commit.
    pub too_early: bool,
}

/// The state machine of a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Automaton {
    /// Which role: index into [`Meta::roles`].
    pub role: u8,
    /// Its states, in the order in which they were first reached; the first is where it starts.
    pub states: Vec<State>,
    /// Its transitions, in order.
    pub edges: Vec<Edge>,
}

impl Automaton {
    /// Which conditions a state breaks.
    pub fn breaks(&self, at: usize) -> Breaks {
        let leads = |stance| {
            self.edges.iter().any(|e| e.from == at && self.states[e.to].stance == stance && e.to != at)
        };
        let decided = matches!(self.states[at].stance, Stance::Committed | Stance::Aborted);
        let commit = !decided && leads(Stance::Committed);
        Breaks {
            both_ways: commit && leads(Stance::Aborted),
            too_early: commit && !self.states[at].committable,
        }
    }

    /// The place of a node's state; `None` if the search never saw anybody in it.
    pub fn place(&self, phase: &str, stance: Stance) -> Option<usize> {
        self.states.iter().position(|s| s.phase == phase && s.stance == stance)
    }
}

/// The search for the state machines of a protocol.
pub struct Search {
    seen: BTreeSet<Vec<u8>>,
    next: VecDeque<Box<dyn Machine>>,
    found: Vec<Automaton>,
    meta: &'static Meta,
    stopped: bool,
    worlds: usize,
}

/// What a search has found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Machines {
    /// One per role that takes part, in the order of [`Meta::roles`].
    pub automata: Vec<Automaton>,
    /// How many worlds were looked at.
    pub worlds: usize,
    /// Whether that was all of them.
    pub complete: bool,
}

/// The setup that is searched: the same, but smaller.
fn small(setup: &Setup, meta: &'static Meta) -> Setup {
    let mut small = Setup { rules: Setup::new(meta).rules, ..setup.clone() };
    let limits: [(&str, u16); 3] = [("participants", 2), ("clients", 0), ("checkpoints", 0)];
    for (key, most) in limits {
        if let Some((at, spec)) = meta.param(key) {
            let value = small.params.get(at).min(most);
            // Where there must be clients, there are as few as there can be.
            let least = (value..=u16::MAX).find(|n| spec.allows(*n));
            let done = value == Params::UNLIMITED
                || least.is_some_and(|value| small.params.set(meta.params, at, value));
            debug_assert!(done, "{} takes {value}", spec.key);
        }
    }
    small
}

impl Search {
    /// Begins.
    pub fn new(setup: &Setup) -> Search {
        let protocol = protocols::find(setup.protocol).expect("a setup names a protocol that exists");
        let meta = (protocol.meta)();
        let machine = protocols::build(small(setup, meta));
        let mut search = Search {
            seen: BTreeSet::new(),
            next: VecDeque::new(),
            found: Vec::new(),
            meta,
            stopped: false,
            worlds: 0,
        };
        search.visit(machine);
        search
    }

    /// Whether there is nothing left to do.
    pub fn done(&self) -> bool {
        self.stopped || self.next.is_empty()
    }

    /// Looks at so many more worlds; true when done.
    pub fn advance(&mut self, worlds: usize) -> bool {
        for _ in 0..worlds {
            if self.worlds >= WORLD_LIMIT && !self.next.is_empty() {
                self.stopped = true;
            }
            if self.done() {
                return true;
            }
            if let Some(machine) = self.next.pop_front() {
                self.worlds += 1;
                self.follow(&*machine);
            }
        }
        self.done()
    }

    /// How many worlds have been looked at.
    pub fn worlds(&self) -> usize {
        self.worlds
    }

    /// What has been found so far.
    pub fn machines(&self) -> Machines {
        let mut automata = by_key(self.found.clone(), |a| a.role);
        for automaton in &mut automata {
            automaton.edges = sorted(std::mem::take(&mut automaton.edges));
        }
        Machines { automata, worlds: self.worlds, complete: self.next.is_empty() && !self.stopped }
    }

    /// Everything that can happen by itself or be asked for in a world.
    fn follow(&mut self, machine: &dyn Machine) {
        let before = machine.scene();
        for choice in machine.choices().into_iter().filter(|c| c.refused.is_none()) {
            let Some(trigger) = self.trigger(&before, &choice.step) else { continue };
            let mut after = machine.boxed();
            after.apply(&choice.step).expect("a choice that is not refused");
            let scene = self.visit(after);
            let node = choice.step.node().expect("what a node handles happens to it");
            self.link(node, &before, &scene, trigger);
        }
    }

    fn trigger(&self, scene: &Scene, step: &Step) -> Option<Trigger> {
        match step.act {
            Act::Deliver(m) => Some(Trigger::Message(scene.flights.iter().find(|f| f.at == m)?.word)),
            Act::Fire(_, t) => {
                let word = self.meta.timers[usize::from(t.0)].word;
                Some(if self.meta.is_timeout(t) { Trigger::Timer(word) } else { Trigger::Step(word) })
            }
            Act::Command(_, c) => {
                let verb = &self.meta.verbs[usize::from(c.verb)];
                (!verb.operator).then_some(Trigger::Verb(verb.word))
            }
            _ => None,
        }
    }

    /// Takes note of a world, and keeps it for later if it is new.
    fn visit(&mut self, machine: Box<dyn Machine>) -> Scene {
        let scene = machine.scene();
        if self.seen.insert(machine.outline()) {
            let unready = scene.voters().find(|v| !scene.node(*v).facts.voted_yes);
            let unready = unready.map(|v| (v, scene.node(v).status.phase));
            for id in scene.ids() {
                let (role, at) = self.state(&scene, id);
                let state = &mut self.found[role].states[at];
                // Somebody else who has not voted says more than the one who is here.
                if let Some((voter, phase)) = unready {
                    state.committable = false;
                    if state.unready.is_none_or(|(_, p)| p == state.phase) {
                        let other = scene.voters().find(|v| *v != id && !scene.node(*v).facts.voted_yes);
                        let other = other.map(|v| (v, scene.node(v).status.phase));
                        state.unready = Some(other.unwrap_or((voter, phase)));
                    }
                }
                for other in scene.ids().filter(|o| *o != id) {
                    let beside = (scene.node(other).role, scene.node(other).status.phase);
                    if !state.beside.contains(&beside) {
                        state.beside.push(beside);
                    }
                }
            }
            self.next.push_back(machine);
        }
        scene
    }

    /// The places of a node's role and state, made if they are new.
    fn state(&mut self, scene: &Scene, id: NodeId) -> (usize, usize) {
        let node = scene.node(id);
        let role = match self.found.iter().position(|a| a.role == node.role) {
            Some(role) => role,
            None => {
                self.found.push(Automaton { role: node.role, states: Vec::new(), edges: Vec::new() });
                self.found.len() - 1
            }
        };
        let automaton = &mut self.found[role];
        let (phase, stance) = (node.status.phase, node.status.stance);
        let at = automaton.place(phase, stance).unwrap_or_else(|| {
            let state = State { phase, stance, committable: true, unready: None, beside: Vec::new() };
            automaton.states.push(state);
            automaton.states.len() - 1
        });
        (role, at)
    }

    fn link(&mut self, node: NodeId, before: &Scene, after: &Scene, trigger: Trigger) {
        let (role, from) = self.state(before, node);
        let (_, to) = self.state(after, node);
        let edge = Edge { from, to, trigger };
        let edges = &mut self.found[role].edges;
        if from != to && !edges.contains(&edge) {
            edges.push(edge);
        }
    }
}

/// The whole search at once.
pub fn machines(setup: &Setup) -> Machines {
    let mut search = Search::new(setup);
    while !search.advance(256) {}
    search.machines()
}

/// What breaks a condition, in words: one sentence for each, for a state that breaks any.
pub fn complaints(
    meta: &Meta,
    names: &dyn Fn(NodeId) -> Text,
    automaton: &Automaton,
    at: usize,
) -> Vec<Text> {
    let phase = |word: &str| Text::new(format!("{}.phase.{word}", meta.id));
    let state = &automaton.states[at];
    let to = |stance: Stance| {
        let mut ways: Vec<&'static str> = Vec::new();
        for edge in automaton.edges.iter().filter(|e| e.from == at && automaton.states[e.to].stance == stance)
        {
            let (Trigger::Message(w) | Trigger::Verb(w) | Trigger::Timer(w) | Trigger::Step(w)) =
                edge.trigger;
            if !ways.contains(&w) {
                ways.push(w);
            }
        }
        ways
    };
    let breaks = automaton.breaks(at);
    let mut all = Vec::new();
    if breaks.both_ways {
        all.push(
            Text::new("machine.breaks.both")
                .text("phase", phase(state.phase))
                .words("commit", to(Stance::Committed))
                .words("abort", to(Stance::Aborted)),
        );
    }
    if breaks.too_early {
        let text = Text::new("machine.breaks.early").text("phase", phase(state.phase));
        all.push(match state.unready {
            Some((voter, there)) => text.text("voter", names(voter)).text("there", phase(there)),
            None => text.word("voter", "?").text("there", phase(state.phase)),
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(id: &str, words: &[(&str, &str)]) -> Setup {
        let protocol = protocols::find(id).expect("registered");
        let meta = (protocol.meta)();
        let mut setup = protocol.setup();
        for (key, value) in words {
            let (at, spec) = meta.param(key).expect("a parameter");
            assert!(setup.params.set(meta.params, at, spec.parse(value).expect("a value")));
        }
        setup
    }

    fn role<'a>(machines: &'a Machines, meta: &Meta, word: &str) -> &'a Automaton {
        machines.automata.iter().find(|a| meta.roles[usize::from(a.role)].word == word).expect("a role")
    }

    fn breaking(automaton: &Automaton) -> Vec<(&'static str, bool, bool)> {
        let all = 0..automaton.states.len();
        let each = all.map(|at| (automaton.states[at].phase, automaton.breaks(at)));
        each.filter(|(_, b)| *b != Breaks::default()).map(|(p, b)| (p, b.both_ways, b.too_early)).collect()
    }

    #[test]
    fn collecting_and_prepared_break_both_conditions_under_every_presumption() {
        for presumption in ["nothing", "abort", "commit"] {
            let setup = setup("2pc", &[("presumption", presumption), ("participants", "5")]);
            let found = machines(&setup);
            assert!(found.complete, "{presumption}: {} worlds", found.worlds);
            let meta = (protocols::ALL[0].meta)();
            assert_eq!(breaking(role(&found, meta, "coordinator")), [("collecting", true, true)]);
            assert_eq!(breaking(role(&found, meta, "participant")), [("prepared", true, true)]);
        }
    }

    #[test]
    fn a_participant_has_the_transitions_that_the_textbooks_draw() {
        let found = machines(&setup("2pc", &[]));
        let participant = role(&found, (protocols::ALL[0].meta)(), "participant");
        let phase = |at: usize| participant.states[at].phase;
        let all: Vec<_> = participant.edges.iter().map(|e| (phase(e.from), phase(e.to), e.trigger)).collect();
        let expected = [
            ("working", "prepared", Trigger::Message("prepare")),
            ("working", "aborted", Trigger::Message("abort")),
            ("working", "aborted", Trigger::Verb("refuse")),
            ("working", "aborted", Trigger::Timer("prepare")),
            ("prepared", "committed", Trigger::Message("commit")),
            ("prepared", "aborted", Trigger::Message("abort")),
        ];
        for edge in expected {
            assert!(all.contains(&edge), "{edge:?} in {all:?}");
        }
        assert_eq!(all.len(), expected.len(), "{all:?}");
    }

    #[test]
    fn a_state_is_committable_only_where_all_have_voted_yes() {
        let found = machines(&setup("2pc", &[]));
        let meta = (protocols::ALL[0].meta)();
        let state = |word: &str, phase: &str| {
            let automaton = role(&found, meta, word);
            automaton.states.iter().find(|s| s.phase == phase).expect("a state").clone()
        };
        assert!(state("coordinator", "committing").committable);
        assert!(state("participant", "committed").committable);
        assert!(!state("coordinator", "collecting").committable);
        // One may be prepared while the other still works.
        let prepared = state("participant", "prepared");
        assert_eq!(prepared.unready.map(|(_, phase)| phase), Some("working"));
        assert!(prepared.beside.contains(&(0, "collecting")) && prepared.beside.contains(&(0, "committing")));
    }

    #[test]
    fn the_articles_commit_before_anybody_has_voted() {
        let meta = (protocols::find("as-written").expect("registered").meta)();
        let of = |article: &str, word: &str| {
            let found = machines(&setup("as-written", &[("article", article)]));
            assert!(found.complete);
            breaking(role(&found, meta, word))
        };
        assert_eq!(of("self-confirming", "participant"), [("prepared", false, true)]);
        assert_eq!(of("execute-first", "participant"), [("working", false, true)]);
        assert_eq!(of("execute-first", "coordinator"), [("asking", false, true)]);
        assert_eq!(of("calls-itself", "participant"), [("prepared", false, true)]);
    }

    #[test]
    fn a_search_in_slices_finds_the_same() {
        let setup = setup("2pc", &[("votes", "yes,no")]);
        let mut search = Search::new(&setup);
        while !search.advance(7) {}
        assert_eq!(search.machines(), machines(&setup));
    }

    #[test]
    fn every_complaint_has_a_sentence_with_its_reasons() {
        let found = machines(&setup("2pc", &[]));
        let meta = (protocols::ALL[0].meta)();
        let automaton = role(&found, meta, "participant");
        let at = automaton.place("prepared", Stance::InDoubt).expect("a state");
        let said = complaints(
            meta,
            &|id| Text::new("inspect.word").word("word", format!("P{}", id.0)),
            automaton,
            at,
        );
        let keys: Vec<_> = said.iter().map(|t| t.key.as_str()).collect();
        assert_eq!(keys, ["machine.breaks.both", "machine.breaks.early"]);
        assert!(format!("{:?}", said[0]).contains("commit") && format!("{:?}", said[1]).contains("working"));
    }
}
