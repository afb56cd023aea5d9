//! What can happen next: everything that a reader may think of, and why some of it cannot be.

use super::World;
use crate::protocol::{AnyMessage, Command, NodeId, Timer};
use crate::sim::local::Local;
use crate::sim::{Act, FaultKind, Flight, Life, Link, MsgRef, Refusal, Tail};

impl World {
    /// Everything a reader may think of, possible or not.
    pub(super) fn candidates(&self) -> Vec<Act> {
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

    /// The commands that belong to the usual course, possible or not.
    pub(super) fn usual_commands(&self) -> Vec<Act> {
        let verbs = self.cast.meta().verbs;
        let mut acts = Vec::new();
        for id in self.ids() {
            if let Some(role) = &self.locals[id.index()].role {
                let offers = role.offers(&self.ctx(id, false)).into_iter();
                let usual = offers.filter(|o| verbs[usize::from(o.command.verb)].usual && !o.unusual);
                acts.extend(usual.map(|o| Act::Command(id, o.command)));
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

    fn check_command(&self, id: NodeId, command: Command) -> Result<(), Refusal> {
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
    pub(super) fn check_act(&self, act: &Act) -> Result<(), Refusal> {
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

    /// The node, if it can act.
    fn acting(&self, id: NodeId) -> Result<&Local, Refusal> {
        let local = self.local(id)?;
        match local.life {
            Life::Up => Ok(local),
            Life::Down => Err(Refusal::Down { node: id }),
            Life::Paused => Err(Refusal::Paused { node: id }),
        }
    }
}
