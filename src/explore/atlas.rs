//! The parts of a world, numbered: every state a node can be in, every message, and what each leads to.
//!
//! Protocol code is pure, so each case is worked out once by the code that the screen runs, and a search over
//! millions of worlds only adds numbers. Nothing here is hot.

use super::fold::{Face, Fold};
use super::question::Fault;
use crate::order;
use crate::protocol::{AnyMessage, Command, Effect, Input, Names, NodeId, Renaming, Style, Timer};
use crate::sim::{
    Cast, Cause, Flight, Life, Link, Local, Machine as _, MsgRef, Network, Parts, Tail, Torn, World, finish,
    in_any_order, run, wipe,
};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A thing that can happen to a node, the message aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Make {
    /// A message arrives.
    Deliver(Option<Torn>),
    /// A timer fires.
    Fire(Timer, Option<Torn>),
    /// Somebody asks for something.
    Command(Command, Option<Torn>),
    /// It comes back.
    Recover(Option<Torn>),
    /// It crashes between steps.
    Crash(Tail),
    /// It stops.
    Pause,
    /// It goes on.
    Resume,
}

/// What a thing that happens leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arc {
    /// What it is.
    pub make: Make,
    /// The state that the node is in afterwards.
    pub to: u32,
    /// The messages that it sends, in ascending order; one that is sent twice stands twice.
    pub sends: Vec<u32>,
    /// Which faults it is, as bits by [`Fault`].
    pub faults: u16,
    /// It is a timeout: early if something can still reach the node.
    pub timeout: bool,
}

/// What the search knows of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Letter {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// Held back by the reader.
    pub held: bool,
    /// Whether it tells a decision.
    pub decisive: bool,
    /// Which kind of message it is, by its place in the protocol's description.
    pub kind: u8,
}

/// A world by the numbers of its parts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Picture {
    /// The state of each node.
    pub locals: Vec<u32>,
    /// How often each message is in flight, by its number.
    pub counts: Vec<u8>,
    /// Whether each link is cut, in the order of [`links`].
    pub cuts: Vec<bool>,
}

/// Every link between so many nodes.
pub fn links(nodes: usize) -> Vec<Link> {
    let n = nodes as u8;
    (0..n).flat_map(|a| (a + 1..n).map(move |b| Link(NodeId(a), NodeId(b)))).collect()
}

/// Things in the order in which they were first seen, and their numbers.
struct Numbered<T> {
    things: Vec<Rc<T>>,
    numbers: BTreeMap<Rc<T>, u32>,
}

impl<T: Ord> Numbered<T> {
    fn new() -> Self {
        Numbered { things: Vec::new(), numbers: BTreeMap::new() }
    }

    fn number(&mut self, thing: T) -> u32 {
        if let Some(n) = self.numbers.get(&thing) {
            return *n;
        }
        let thing = Rc::new(thing);
        let n = self.things.len() as u32;
        self.things.push(Rc::clone(&thing));
        self.numbers.insert(thing, n);
        n
    }

    fn get(&self, n: u32) -> Rc<T> {
        Rc::clone(&self.things[n as usize])
    }
}

/// What happens to a node that dies: how, its state, and what it still sent.
type Done = (Make, Local, Vec<(NodeId, AnyMessage)>);

/// The parts of the worlds of one protocol.
pub struct Atlas {
    first: Parts,
    renaming: &'static Renaming,
    locals: Vec<Numbered<Local>>,
    messages: Numbered<Flight<AnyMessage>>,
    letters: Vec<Letter>,
    runs: usize,
    faults: u16,
    any_order: bool,
}

impl Atlas {
    /// The parts that can be reached from a world.
    pub fn new(world: World, renaming: &'static Renaming) -> Self {
        let first = Parts::from(world);
        let locals = first.locals.iter().map(|_| Numbered::new()).collect();
        Atlas {
            renaming,
            first,
            locals,
            messages: Numbered::new(),
            letters: Vec::new(),
            runs: 0,
            faults: u16::MAX,
            any_order: false,
        }
    }

    fn may(&self, fault: Fault) -> bool {
        self.faults & bit(fault) != 0
    }

    fn cast(&self) -> &Cast {
        &self.first.cast
    }

    fn local(&self, node: NodeId, local: u32) -> Rc<Local> {
        self.locals[node.index()].get(local)
    }

    fn message(&mut self, flight: Flight<AnyMessage>) -> u32 {
        let n = self.messages.number(flight);
        if n as usize == self.letters.len() {
            let flight = self.messages.get(n);
            let (word, kinds) = (flight.msg.word(), self.cast().meta().messages);
            let kind = kinds.iter().position(|kind| kind.word == word).expect("every message is in META");
            self.letters.push(Letter {
                from: flight.from,
                to: flight.to,
                held: flight.held,
                decisive: kinds[kind].style == Style::Decision,
                kind: kind as u8,
            });
        }
        n
    }

    fn arc(
        &mut self,
        node: NodeId,
        make: Make,
        local: Local,
        sends: Vec<(NodeId, AnyMessage)>,
        faults: u16,
    ) -> Arc {
        let to = self.locals[node.index()].number(local);
        let mut numbers = Vec::new();
        for (to, msg) in sends {
            numbers.push(self.message(Flight { from: node, to, msg, held: false }));
        }
        Arc { make, to, sends: order::sorted(numbers), faults, timeout: false }
    }

    /// Everything that a handler can lead to: whole, and dying after each effect with what was not forced
    /// lost or kept.
    fn handled(
        &mut self,
        node: NodeId,
        before: &Local,
        cause: &Cause,
        make: impl Fn(Option<Torn>) -> Make,
    ) -> Vec<Arc> {
        self.runs += 1;
        let ran = run(self.cast(), node, before, cause);
        let cuts = ran.1.iter().filter(|e| Effect::is_cut(e)).count() as u8;
        let whole = finish(before, cause, ran.clone(), None).expect("a whole handler has no cut");
        let idle = whole.effects.is_empty() && whole.local == *before;
        // Where messages stay in flight, one that means nothing where it arrives is no step.
        if idle && self.cast().setup.kept() && matches!(make(None), Make::Deliver(_)) {
            return Vec::new();
        }
        let mut arcs = vec![self.arc(node, make(None), whole.local, whole.sends, 0)];
        if !self.may(Fault::Crashes) {
            return arcs;
        }
        let mut places: Vec<(u8, u16)> = (0..=cuts).map(|after| (after, 0)).collect();
        if self.any_order {
            places.extend(in_any_order(&ran.1));
        }
        for (after, told) in places {
            let torn = |tail| {
                let torn = Torn { after, tail, told };
                let done = finish(before, cause, ran.clone(), Some(torn)).expect("a cut that there is");
                (make(Some(torn)), done.local, done.sends)
            };
            let (lost, kept) = (torn(Tail::Lost), torn(Tail::Kept));
            arcs.extend(self.dying(node, lost, kept));
        }
        arcs
    }

    /// A crash, with what was not forced lost and, if that differs, kept.
    fn dying(&mut self, node: NodeId, lost: Done, kept: Done) -> Vec<Arc> {
        let differ = lost.1 != kept.1;
        let mut arcs = Vec::new();
        if !differ || self.may(Fault::Tails) {
            let tail = if differ { bit(Fault::Tails) } else { 0 };
            arcs.push(self.arc(node, lost.0, lost.1, lost.2, bit(Fault::Crashes) | tail));
        }
        if differ {
            arcs.push(self.arc(node, kept.0, kept.1, kept.2, bit(Fault::Crashes)));
        }
        arcs
    }

    fn crashes(&mut self, node: NodeId, before: &Local) -> Vec<Arc> {
        if !self.may(Fault::Crashes) {
            return Vec::new();
        }
        let after = |tail| {
            let mut local = before.clone();
            let _ = wipe(&mut local, tail);
            (Make::Crash(tail), local, Vec::new())
        };
        self.dying(node, after(Tail::Lost), after(Tail::Kept))
    }

    /// The world that a picture shows, with those messages that tell a decision.
    pub fn world(&self, picture: &Picture) -> World {
        let locals = picture.locals.iter().zip(&self.locals).map(|(n, all)| (*all.get(*n)).clone()).collect();
        let mut flights = Vec::new();
        for (n, count) in picture.counts.iter().enumerate().filter(|(_, c)| **c > 0) {
            if self.letters[n].decisive {
                let copies = (0..*count).map(|_| (*self.messages.get(n as u32)).clone());
                flights.extend(copies);
            }
        }
        let network = Network::of(flights);
        let cut = links(picture.locals.len()).into_iter().zip(&picture.cuts).filter(|(_, c)| **c);
        let cuts = order::set(cut.map(|(link, _)| link));
        let Parts { cast, left, .. } = self.first.clone();
        World::from(Parts { cast, locals, network, cuts, left })
    }
}

impl Atlas {
    /// Leaves out every fault but these, by [`bit`]: what never happens need not be numbered.
    pub fn restrict(&mut self, faults: u16) {
        self.faults = faults;
    }

    /// Lets whoever dies among messages that it sends in one go have sent any of them, not only the first.
    pub fn tell_in_any_order(&mut self) {
        self.any_order = true;
    }

    /// The world that the search starts from.
    pub fn start(&mut self) -> Picture {
        let first = self.first.clone();
        let locals =
            first.locals.into_iter().zip(&mut self.locals).map(|(local, all)| all.number(local)).collect();
        let mut counts = Vec::new();
        for flight in first.network.flights() {
            let n = self.message(flight.clone()) as usize;
            counts.resize(self.letters.len(), 0);
            counts[n] += 1;
        }
        let cuts = links(first.cast.nodes.len()).iter().map(|l| first.cuts.contains(l)).collect();
        Picture { locals, counts, cuts }
    }

    /// How many states of a node are known.
    pub fn locals(&self, node: usize) -> usize {
        self.locals[node].things.len()
    }

    /// What is known of each message, by its number.
    pub fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// What can happen to a node of itself.
    pub fn own(&mut self, node: NodeId, local: u32) -> Vec<Arc> {
        let before = self.local(node, local);
        let mut arcs = Vec::new();
        match before.life {
            Life::Down => {
                let cause = Cause::Boot { first: false };
                arcs.extend(self.handled(node, &before, &cause, Make::Recover));
            }
            Life::Paused => {
                let up = Local { life: Life::Up, ..(*before).clone() };
                arcs.push(self.arc(node, Make::Resume, up, Vec::new(), 0));
                arcs.extend(self.crashes(node, &before));
            }
            Life::Up => {
                let role = before.role.as_ref().expect("a node that is up has a role");
                let offers = role.offers(&self.cast().ctx(node, false));
                for offer in offers.iter().filter(|o| o.refused.is_none()) {
                    let verb = &self.cast().meta().verbs[usize::from(offer.command.verb)];
                    let asked = match (verb.operator, verb.starts) {
                        (true, _) => bit(Fault::Operator),
                        (false, false) => bit(Fault::Requests),
                        (false, true) => 0,
                    };
                    if asked & !self.faults != 0 {
                        continue;
                    }
                    let cause = Cause::Input(Input::Command(offer.command));
                    let made = self.handled(node, &before, &cause, |t| Make::Command(offer.command, t));
                    arcs.extend(made.into_iter().map(|a| Arc { faults: a.faults | asked, ..a }));
                }
                for timer in &before.timers {
                    let local = self.cast().meta().timers[usize::from(timer.0)].local;
                    let cause = Cause::Input(Input::Timer(*timer));
                    let made = self.handled(node, &before, &cause, |t| Make::Fire(*timer, t));
                    arcs.extend(made.into_iter().map(|a| Arc { timeout: !local, ..a }));
                }
                arcs.extend(self.crashes(node, &before));
                if !self.may(Fault::Pauses) {
                    return arcs;
                }
                let paused = Local { life: Life::Paused, ..(*before).clone() };
                arcs.push(self.arc(node, Make::Pause, paused, Vec::new(), bit(Fault::Pauses)));
            }
        }
        arcs
    }

    /// What a message can lead to at a node in this state.
    pub fn deliver(&mut self, message: u32, local: u32) -> Vec<Arc> {
        let flight = self.messages.get(message);
        let before = self.local(flight.to, local);
        match before.life {
            Life::Paused => Vec::new(),
            Life::Down if self.cast().setup.down_keeps() || self.cast().setup.kept() => Vec::new(),
            Life::Down => {
                let arc = Arc {
                    make: Make::Deliver(None),
                    to: local,
                    sends: Vec::new(),
                    faults: 0,
                    timeout: false,
                };
                vec![arc]
            }
            Life::Up => {
                let cause = Cause::Input(Input::Message { from: flight.from, msg: flight.msg.clone() });
                self.handled(flight.to, &before, &cause, Make::Deliver)
            }
        }
    }

    /// The same message, no longer held back.
    pub fn release(&mut self, message: u32) -> u32 {
        let flight = self.messages.get(message);
        self.message(Flight { held: false, ..(*flight).clone() })
    }

    /// What properties need to know of a node in this state.
    pub fn fold(&mut self, node: NodeId, local: u32) -> (Fold, Face) {
        let state = self.local(node, local);
        let status = state.status(self.cast(), node);
        let kind = &self.cast().meta().roles[usize::from(self.cast().nodes[node.index()].role)];
        let busy = state.timers.iter().any(|t| !self.cast().meta().is_timeout(*t));
        let face = Face::of(state.life, &status, &state.log);
        (Fold::of(kind, state.life, &status, &state.facts, busy), face)
    }

    /// Who is blocked, as bits by node. Messages that tell no decision do not matter.
    pub fn blocked(&self, picture: &Picture) -> u16 {
        let scene = self.world(picture).scene();
        scene.ids().filter(|id| scene.blocked(*id).is_some()).fold(0, |all, id| all | 1 << id.0)
    }

    /// How a step addresses a message in a world.
    pub fn address(&self, picture: &Picture, message: u32) -> MsgRef {
        let flight = self.messages.get(message);
        let earlier = |n: usize| {
            let other = self.messages.get(n as u32);
            let same_link = (other.from, other.to) == (flight.from, flight.to);
            same_link && (&other.msg, other.held) < (&flight.msg, flight.held)
        };
        let nth = (0..picture.counts.len()).filter(|n| earlier(*n)).map(|n| picture.counts[n]).sum();
        MsgRef { from: flight.from, to: flight.to, nth }
    }

    /// How often protocol code has run.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// The groups of nodes that can take each other's places.
    pub fn interchangeable(&self) -> Vec<Vec<NodeId>> {
        (self.renaming.interchangeable)(&self.cast().setup.params)
    }

    /// The state of a node when nodes get other names: a state of the node whose name it gets.
    pub fn renamed(&mut self, node: NodeId, local: u32, names: &[NodeId]) -> u32 {
        let before = self.local(node, local);
        let names = Names(names);
        let after = Local {
            role: before.role.as_ref().map(|r| (self.renaming.state)(r, &names)),
            log: before.log.iter().map(|r| (self.renaming.record)(r, &names)).collect(),
            ..(*before).clone()
        };
        self.locals[names.of(node).index()].number(after)
    }

    /// A message when nodes get other names.
    pub fn renamed_message(&mut self, message: u32, names: &[NodeId]) -> u32 {
        let names = Names(names);
        let flight = self.messages.get(message);
        let msg = (self.renaming.message)(&flight.msg, &names);
        self.message(Flight { from: names.of(flight.from), to: names.of(flight.to), msg, held: flight.held })
    }
}

/// A fault as a bit.
pub fn bit(fault: Fault) -> u16 {
    1 << fault as u16
}
