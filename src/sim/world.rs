//! A world of one protocol: who is up, what they remember, what is written, what is in flight.

mod choices;
mod show;

use super::local::{Cast, Cause, Handled, Local, finish, run, wipe};
use super::{
    Act, Choice, Entered, Facts, FaultKind, Flight, Flying, Life, Link, Machine, MsgRef, Recovery, Refusal,
    Report, Rule, Said, Scene, Setup, Step, Tail, Taken, TakenHow, Torn, network::Network,
};
use crate::order::Set;
use crate::protocol::{AnyMessage, AnyRecord, Code, Ctx, Input, Meta, NodeId, Params};
use serde::Serialize;
use std::rc::Rc;

/// How many faults are left; `None` if there is no limit, so that nothing is counted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct Left {
    pub crashes: Option<u16>,
    pub drops: Option<u16>,
    pub duplicates: Option<u16>,
}

/// A world taken apart: what a search numbers and puts together again.
#[derive(Clone)]
pub(crate) struct Parts {
    pub cast: Rc<Cast>,
    pub locals: Vec<Local>,
    pub network: Network<AnyMessage>,
    pub cuts: Set<Link>,
    pub left: Left,
}

impl From<Parts> for World {
    fn from(parts: Parts) -> Self {
        let Parts { cast, locals, network, cuts, left } = parts;
        World { cast, locals, network, cuts, left }
    }
}

impl From<World> for Parts {
    fn from(world: World) -> Self {
        let World { cast, locals, network, cuts, left } = world;
        Parts { cast, locals, network, cuts, left }
    }
}

/// A world of one protocol.
#[derive(Clone, Serialize)]
pub struct World {
    #[serde(skip)]
    cast: Rc<Cast>,
    locals: Vec<Local>,
    network: Network<AnyMessage>,
    cuts: Set<Link>,
    left: Left,
}

impl World {
    /// A world in which every node has just started.
    pub(crate) fn new(code: &'static Code, setup: Setup) -> World {
        let nodes = (code.nodes)(&setup.params);
        assert!(!nodes.is_empty() && nodes.len() <= 16, "a world has 1 to 16 nodes");
        let limit = |rule| Some(setup.rule(rule)).filter(|v| *v != Params::UNLIMITED);
        let left = Left {
            crashes: limit(Rule::Crashes),
            drops: limit(Rule::Drops),
            duplicates: limit(Rule::Duplicates),
        };
        let blank = Local {
            life: Life::Up,
            role: None,
            log: Vec::new(),
            durable: 0,
            timers: Set::new(),
            facts: Facts::default(),
        };
        let mut world = World {
            locals: vec![blank; nodes.len()],
            cast: Rc::new(Cast { code, setup: Rc::new(setup), nodes }),
            network: Network::new(),
            cuts: Set::new(),
            left,
        };
        for id in world.ids() {
            let handled =
                world.handle(id, &Cause::Boot { first: true }, None).expect("a whole handler has no cut");
            world.settle(id, handled);
        }
        world
    }

    fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.locals.len() as u8).map(NodeId)
    }

    fn local(&self, id: NodeId) -> Result<&Local, Refusal> {
        self.locals.get(id.index()).ok_or(Refusal::NoSuchNode)
    }

    fn ctx(&self, me: NodeId, first_boot: bool) -> Ctx<'_> {
        self.cast.ctx(me, first_boot)
    }

    /// What comes of a handler at one of its nodes, whole or torn.
    fn handle(&self, id: NodeId, cause: &Cause, torn: Option<Torn>) -> Result<Handled, Refusal> {
        let before = &self.locals[id.index()];
        finish(before, cause, run(&self.cast, id, before, cause), torn)
    }

    fn fifo(&self) -> bool {
        self.cast.setup.fifo()
    }

    fn kept(&self) -> bool {
        self.cast.setup.kept()
    }

    /// The place in the network of the message that a step is about.
    fn locate(&self, m: MsgRef) -> Result<usize, Refusal> {
        self.network.find(m.from, m.to, m.nth).ok_or(Refusal::NoSuchMessage)
    }

    /// Puts a node's new state and its messages into the world, and says where the messages went.
    fn settle(&mut self, id: NodeId, handled: Handled) -> Vec<Entered> {
        let (fifo, kept) = (self.fifo(), self.kept());
        self.locals[id.index()] = handled.local;
        let add = |(to, msg)| {
            let flight = Flight { from: id, to, msg, held: false };
            if kept { self.network.keep(flight) } else { Entered::New(self.network.add(flight, fifo)) }
        };
        handled.sends.into_iter().map(add).collect()
    }

    /// Does a step whose act has been checked.
    fn perform(&mut self, step: &Step) -> Result<Report, Refusal> {
        match step.act {
            Act::Deliver(m) => self.deliver(m, step.torn),
            Act::Fire(id, t) => self.run_handler(id, Cause::Input(Input::Timer(t)), step.torn),
            Act::Command(id, c) => self.run_handler(id, Cause::Input(Input::Command(c)), step.torn),
            Act::Recover(id) => self.run_handler(id, Cause::Boot { first: false }, step.torn),
            Act::Drop(m) => {
                let (_, taken) = self.take(self.locate(m)?, TakenHow::Dropped);
                spend(&mut self.left.drops);
                Ok(Report { taken: Some(taken), ..Report::default() })
            }
            Act::Duplicate(m) => self.duplicate(m),
            Act::Hold(m) => self.set_held(m, true),
            Act::Release(m) => self.set_held(m, false),
            Act::Crash(id, tail) => Ok(self.crash(id, tail)),
            Act::Pause(id) => {
                self.locals[id.index()].life = Life::Paused;
                Ok(Report::default())
            }
            Act::Resume(id) => {
                self.locals[id.index()].life = Life::Up;
                Ok(Report::default())
            }
            Act::Cut(link) => {
                self.cuts.insert(link);
                Ok(Report::default())
            }
            Act::Heal(link) => {
                self.cuts.remove(&link);
                Ok(Report::default())
            }
        }
    }

    fn run_handler(&mut self, id: NodeId, cause: Cause, torn: Option<Torn>) -> Result<Report, Refusal> {
        let handled = self.handle(id, &cause, torn)?;
        let mut report = Report {
            effects: handled.effects.iter().map(|e| self.show(e)).collect(),
            done: handled.done,
            crashed: handled.lost.as_ref().map(|l| self.show_lost(l)),
            ..Report::default()
        };
        report.entered = self.settle(id, handled);
        if torn.is_some() {
            spend(&mut self.left.crashes);
        }
        Ok(report)
    }

    fn take(&mut self, at: usize, how: TakenHow) -> (Flight<AnyMessage>, Taken) {
        let flight = self.network.take(at);
        let taken = Taken { index: at, said: self.said_msg(&flight.msg), how, stays: false };
        (flight, taken)
    }

    fn deliver(&mut self, m: MsgRef, torn: Option<Torn>) -> Result<Report, Refusal> {
        let at = self.locate(m)?;
        if self.locals[m.to.index()].life == Life::Down {
            if torn.is_some() {
                return Err(Refusal::NotTearable);
            }
            let (_, taken) = self.take(at, TakenHow::NobodyThere);
            return Ok(Report { taken: Some(taken), ..Report::default() });
        }
        // The handler may refuse the tear, and a refused step changes nothing: take the message after.
        let msg = self.network.flights()[at].msg.clone();
        let said = self.said_msg(&msg);
        let cause = Cause::Input(Input::Message { from: m.from, msg });
        let handled = self.handle(m.to, &cause, torn)?;
        drop(handled);
        let taken = match self.kept() {
            true => Taken { index: at, said, how: TakenHow::Delivered, stays: true },
            false => self.take(at, TakenHow::Delivered).1,
        };
        let report = self.run_handler(m.to, cause, torn)?;
        Ok(Report { taken: Some(taken), ..report })
    }

    /// Moves a message to where it belongs when it is held back or released.
    fn set_held(&mut self, m: MsgRef, held: bool) -> Result<Report, Refusal> {
        let from = self.locate(m)?;
        // Where links keep their order, holding a message back must not lose its place.
        let to = if self.fifo() {
            let mut flight = self.network.take(from);
            flight.held = held;
            self.network.put(from, flight);
            from
        } else {
            let flight = self.network.take(from);
            self.network.add(Flight { held, ..flight }, false)
        };
        let about = Some(self.said_msg(&self.network.flights()[to].msg));
        Ok(Report { moved: Some((from, to)), about, ..Report::default() })
    }

    fn duplicate(&mut self, m: MsgRef) -> Result<Report, Refusal> {
        let flight = self.network.flights()[self.locate(m)?].clone();
        spend(&mut self.left.duplicates);
        let fifo = self.fifo();
        let at = self.network.add(Flight { held: false, ..flight }, fifo);
        Ok(Report { entered: vec![Entered::New(at)], ..Report::default() })
    }

    fn crash(&mut self, id: NodeId, tail: Tail) -> Report {
        let lost = wipe(&mut self.locals[id.index()], tail);
        spend(&mut self.left.crashes);
        Report { crashed: Some(self.show_lost(&lost)), ..Report::default() }
    }
}

fn spend(left: &mut Option<u16>) {
    if let Some(n) = left {
        *n = n.saturating_sub(1);
    }
}

impl Machine for World {
    fn boxed(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }

    fn meta(&self) -> &'static Meta {
        self.cast.meta()
    }

    fn setup(&self) -> &Setup {
        &self.cast.setup
    }

    fn scene(&self) -> Scene {
        let mut scene = Scene {
            meta: self.cast.meta(),
            setup: Rc::clone(&self.cast.setup),
            nodes: self.ids().map(|id| self.actor(id)).collect(),
            flights: self.in_flight(),
            cuts: self.cuts.clone(),
            resource: self.cast.code.resource,
            intent: self.cast.code.intent,
            wording: self.cast.code.wording,
            blocked: self.cast.code.blocked,
        };
        for id in self.ids() {
            let noticed = (self.cast.code.noticed)(&scene, id);
            scene.nodes[id.index()].status.remarks.extend(noticed);
        }
        scene
    }

    fn choices(&self) -> Vec<Choice> {
        let choice = |act: Act| Choice { refused: self.check_act(&act).err(), step: act.into() };
        self.candidates().into_iter().map(choice).collect()
    }

    fn usual(&self) -> Vec<Step> {
        self.usual_commands().into_iter().filter(|act| self.check_act(act).is_ok()).map(Step::from).collect()
    }

    fn check(&self, step: &Step) -> Result<(), Refusal> {
        self.check_act(&step.act)?;
        let Some(torn) = step.torn else { return Ok(()) };
        if !step.runs_handler() {
            return Err(Refusal::NotTearable);
        }
        if self.left.crashes == Some(0) {
            return Err(Refusal::Spent { fault: FaultKind::Crash });
        }
        let mut copy = self.clone();
        copy.perform(&Step { torn: Some(torn), ..*step }).map(|_| ())
    }

    fn apply(&mut self, step: &Step) -> Result<Report, Refusal> {
        self.check(step)?;
        self.perform(step)
    }

    fn flights(&self, from: NodeId, to: NodeId) -> Vec<(MsgRef, Said)> {
        let on_link = self.network.flights().iter().filter(|f| (f.from, f.to) == (from, to));
        (0..).zip(on_link).map(|(nth, f)| (MsgRef { from, to, nth }, self.said_msg(&f.msg))).collect()
    }

    fn flying(&self) -> Vec<Flying> {
        self.in_flight()
    }

    fn recovery(&self, node: NodeId) -> Recovery {
        let local = &self.locals[node.index()];
        let ctx = self.ctx(node, false);
        let kept = &local.log[..local.durable];
        let boot = |log: &[AnyRecord]| {
            let (role, effects) = (self.cast.code.boot)(&ctx, log);
            let status = role.status(&ctx, log);
            (role, effects, status)
        };
        let whole = boot(kept);
        // The less of it that leads to the same, the more of it nobody would miss.
        let needed = (0..=kept.len()).rev().find(|from| boot(&kept[*from..]) == whole).unwrap_or(0);
        let effects = whole.1.iter().map(|e| self.show(e)).collect();
        Recovery { durable: local.durable, needed, status: whole.2, effects }
    }

    fn digest(&self) -> u64 {
        self.bytes()
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
    }

    fn bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("plain data always serialises")
    }

    fn outline(&self) -> Vec<u8> {
        World { network: self.network.distinct(), ..self.clone() }.bytes()
    }
}
