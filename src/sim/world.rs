//! A world of one protocol: who is up, what they remember, what is written, what is in flight.

use super::local::{Cast, Cause, Handled, Local, Unforced, finish, run, wipe};
use super::{
    Act, Actor, Choice, Entered, Facts, FaultKind, Flight, Flying, Life, Link, Lost, Machine, MsgRef,
    Recovery, Refusal, Report, Rule, Said, Scene, Setup, Shown, Slip, Step, Tail, Taken, TakenHow, Torn,
    network::Network,
};
use crate::order::Set;
use crate::protocol::{AnyMessage, AnyRecord, Code, Ctx, Effect, Input, Meta, NodeId, Params, Timer};
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

    /// The node, if it can act.
    fn acting(&self, id: NodeId) -> Result<&Local, Refusal> {
        let local = self.local(id)?;
        match local.life {
            Life::Up => Ok(local),
            Life::Down => Err(Refusal::Down { node: id }),
            Life::Paused => Err(Refusal::Paused { node: id }),
        }
    }

    /// The place in the network of the message that a step is about.
    fn locate(&self, m: MsgRef) -> Result<usize, Refusal> {
        self.network.find(m.from, m.to, m.nth).ok_or(Refusal::NoSuchMessage)
    }

    /// Whether a node may run a handler: none of the links that it sends on may be full.
    fn check_room(&self, from: NodeId) -> Result<(), Refusal> {
        match self.ids().find(|to| self.network.full(from, *to)) {
            Some(to) => Err(Refusal::LinkFull { link: Link::between(from, to) }),
            None => Ok(()),
        }
    }

    /// Whether a message can pass its link now.
    fn passable(&self, f: &Flight<AnyMessage>) -> Result<(), Refusal> {
        let link = Link::between(f.from, f.to);
        if self.cuts.contains(&link) { Err(Refusal::LinkCut { link }) } else { Ok(()) }
    }

    fn check_deliver(&self, m: MsgRef) -> Result<(), Refusal> {
        let f = &self.network.flights()[self.locate(m)?];
        let local = self.local(f.to)?;
        self.passable(f)?;
        match local.life {
            Life::Paused => return Err(Refusal::Paused { node: f.to }),
            Life::Down if self.cast.setup.down_keeps() => return Err(Refusal::Waits { node: f.to }),
            Life::Down | Life::Up => {}
        }
        if f.held {
            return Err(Refusal::Held);
        }
        if self.fifo() && m.nth > 0 {
            return Err(Refusal::NotFirst);
        }
        if local.life == Life::Up { self.check_room(f.to) } else { Ok(()) }
    }

    fn check_fire(&self, id: NodeId, timer: Timer) -> Result<(), Refusal> {
        let local = self.acting(id)?;
        if !local.timers.contains(&timer) {
            return Err(Refusal::NotArmed);
        }
        let mut inbox = self.network.flights().iter();
        if self.cast.setup.synchronous()
            && self.cast.meta().is_timeout(timer)
            && inbox.any(|f| f.to == id && self.passable(f).is_ok())
        {
            return Err(Refusal::TooEarly);
        }
        self.check_room(id)
    }

    fn check_command(&self, id: NodeId, command: crate::protocol::Command) -> Result<(), Refusal> {
        let local = self.acting(id)?;
        let role = local.role.as_ref().expect("a node that is up has a role");
        let offers = role.offers(&self.ctx(id, false));
        let offer = offers.iter().find(|o| o.command == command).ok_or(Refusal::NoSuchCommand)?;
        match offer.refused {
            None => self.check_room(id),
            Some(reason) => Err(Refusal::Role { reason, switch: offer.switch }),
        }
    }

    /// Whether a step's act can be done, its tear aside.
    fn check_act(&self, act: &Act) -> Result<(), Refusal> {
        let spent =
            |left: Option<u16>, fault| if left == Some(0) { Err(Refusal::Spent { fault }) } else { Ok(()) };
        match *act {
            Act::Deliver(m) => self.check_deliver(m),
            Act::Drop(m) | Act::Duplicate(m) if self.kept() => self.locate(m).and(Err(Refusal::Kept)),
            Act::Drop(m) => self.locate(m).and_then(|_| spent(self.left.drops, FaultKind::Drop)),
            Act::Duplicate(m) => {
                self.locate(m)?;
                if self.network.full(m.from, m.to) {
                    return Err(Refusal::LinkFull { link: Link::between(m.from, m.to) });
                }
                spent(self.left.duplicates, FaultKind::Duplicate)
            }
            Act::Hold(m) => match self.network.flights()[self.locate(m)?].held {
                true => Err(Refusal::Held),
                false => Ok(()),
            },
            Act::Release(m) => match self.network.flights()[self.locate(m)?].held {
                true => Ok(()),
                false => Err(Refusal::NotHeld),
            },
            Act::Fire(id, timer) => self.check_fire(id, timer),
            Act::Command(id, command) => self.check_command(id, command),
            Act::Crash(id, _) => match self.local(id)?.life {
                Life::Down => Err(Refusal::Down { node: id }),
                Life::Up | Life::Paused => spent(self.left.crashes, FaultKind::Crash),
            },
            Act::Recover(id) => match self.local(id)?.life {
                Life::Down => self.check_room(id),
                Life::Up => Err(Refusal::Up { node: id }),
                Life::Paused => Err(Refusal::Paused { node: id }),
            },
            Act::Pause(id) => self.acting(id).map(|_| ()),
            Act::Resume(id) => match self.local(id)?.life {
                Life::Paused => Ok(()),
                Life::Up | Life::Down => Err(Refusal::NotPaused { node: id }),
            },
            Act::Cut(link) => self.check_link(link).and_then(|cut| match cut {
                true => Err(Refusal::LinkCut { link }),
                false => Ok(()),
            }),
            Act::Heal(link) => self.check_link(link).and_then(|cut| match cut {
                true => Ok(()),
                false => Err(Refusal::LinkWhole { link }),
            }),
        }
    }

    /// Whether a link is cut.
    fn check_link(&self, link: Link) -> Result<bool, Refusal> {
        let real = link.0 < link.1 && link.1.index() < self.locals.len();
        if real { Ok(self.cuts.contains(&link)) } else { Err(Refusal::NoSuchLink) }
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

    fn said_msg(&self, msg: &AnyMessage) -> Said {
        Said { word: msg.word(), detail: msg.detail(&self.cast.nodes) }
    }

    fn said_record(&self, record: &AnyRecord) -> Said {
        Said { word: record.word(), detail: record.detail(&self.cast.nodes) }
    }

    fn show(&self, effect: &Effect<AnyMessage, AnyRecord>) -> Shown {
        match effect {
            Effect::Append(r) => Effect::Append(self.said_record(r)),
            Effect::Force(r) => Effect::Force(self.said_record(r)),
            Effect::Send { to, msg, after } => {
                Effect::Send { to: *to, msg: self.said_msg(msg), after: *after }
            }
            Effect::Arm(t) => Effect::Arm(*t),
            Effect::Cancel(t) => Effect::Cancel(*t),
            Effect::Vote(v) => Effect::Vote(*v),
            Effect::Decide(d) => Effect::Decide(*d),
            Effect::Ask(r) => Effect::Ask(*r),
            Effect::Apply(r) => Effect::Apply(*r),
            Effect::Answer(r) => Effect::Answer(*r),
            Effect::Alarm(w) => Effect::Alarm(w),
        }
    }

    fn show_lost(&self, (records, kept): &Unforced) -> Lost {
        let say = |rs: &[AnyRecord]| rs.iter().map(|r| self.said_record(r)).collect();
        Lost { records: say(records), kept: say(kept) }
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

    fn actor(&self, id: NodeId) -> Actor {
        let local = &self.locals[id.index()];
        let spec = &self.cast.nodes[id.index()];
        let status = local.status(&self.cast, id);
        let slips = local.log.iter().enumerate().map(|(i, record)| {
            let said = self.said_record(record);
            Slip { word: said.word, detail: said.detail, durable: i < local.durable }
        });
        Actor {
            name: spec.name.clone(),
            role: spec.role,
            life: local.life,
            status,
            facts: local.facts.clone(),
            timers: local.timers.iter().copied().collect(),
            log: slips.collect(),
        }
    }

    fn flying(&self) -> Vec<Flying> {
        let flights = self.network.flights();
        let same = |a: usize, b: usize| flights[a] == flights[b];
        let each = flights.iter().enumerate().map(|(i, f)| {
            let said = self.said_msg(&f.msg);
            let kind = self.cast.meta().message(said.word).expect("every message is in META");
            Flying {
                at: MsgRef { from: f.from, to: f.to, nth: self.network.nth(i) },
                word: said.word,
                detail: said.detail,
                style: kind.style,
                held: f.held,
                copies: (i + 1..flights.len()).take_while(|j| same(i, *j)).count() as u8,
            }
        });
        each.collect()
    }

    /// Everything a reader may think of, possible or not.
    fn candidates(&self) -> Vec<Act> {
        let mut acts = Vec::new();
        for id in self.ids() {
            if let Some(role) = &self.locals[id.index()].role {
                let offers = role.offers(&self.ctx(id, false));
                acts.extend(offers.into_iter().map(|o| Act::Command(id, o.command)));
            }
        }
        let refs: Vec<_> = self.distinct_messages();
        acts.extend(refs.iter().map(|m| Act::Deliver(*m)));
        for id in self.ids() {
            let kinds = 0..self.cast.meta().timers.len() as u8;
            let armed = |t: &Timer| self.locals[id.index()].timers.contains(t);
            acts.extend(kinds.map(Timer).filter(armed).map(|t| Act::Fire(id, t)));
        }
        for m in &refs {
            let held = self.locate(*m).is_ok_and(|at| self.network.flights()[at].held);
            acts.extend([Act::Drop(*m), Act::Duplicate(*m)]);
            acts.push(if held { Act::Release(*m) } else { Act::Hold(*m) });
        }
        for id in self.ids() {
            acts.extend([Act::Recover(id), Act::Resume(id), Act::Crash(id, Tail::Lost), Act::Pause(id)]);
        }
        for a in self.ids() {
            for b in self.ids().filter(|b| a < *b) {
                let link = Link(a, b);
                acts.push(if self.cuts.contains(&link) { Act::Heal(link) } else { Act::Cut(link) });
            }
        }
        acts
    }

    /// The messages in flight, equal ones once.
    fn distinct_messages(&self) -> Vec<MsgRef> {
        let flights = self.network.flights();
        let fresh = |i: &usize| *i == 0 || flights[*i] != flights[*i - 1] || self.fifo();
        let at = |i: usize| MsgRef { from: flights[i].from, to: flights[i].to, nth: self.network.nth(i) };
        (0..flights.len()).filter(fresh).map(at).collect()
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
        Scene {
            meta: self.cast.meta(),
            setup: Rc::clone(&self.cast.setup),
            nodes: self.ids().map(|id| self.actor(id)).collect(),
            flights: self.flying(),
            cuts: self.cuts.clone(),
            resource: self.cast.code.resource,
            intent: self.cast.code.intent,
            blocked: self.cast.code.blocked,
        }
    }

    fn choices(&self) -> Vec<Choice> {
        let choice = |act: Act| Choice { refused: self.check_act(&act).err(), step: act.into() };
        self.candidates().into_iter().map(choice).collect()
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

impl World {
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
}
