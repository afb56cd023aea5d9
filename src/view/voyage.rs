//! The way of every message: when it was sent, what happened to it, how it ended.

use super::Plot;
use crate::run::{Event, Sent};
use crate::sim::{Act, Entered, MsgRef, TakenHow};
use std::rc::Rc;

/// How a message left the network, or arrived and stayed there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Landing {
    /// At which moment.
    pub moment: u32,
    /// How.
    pub how: TakenHow,
    /// Whether it is in flight all the same.
    pub stays: bool,
}

/// The way of a message.
#[derive(Clone, Copy, Debug)]
pub struct Voyage<'a> {
    /// Its number.
    pub id: u32,
    /// What was sent.
    pub sent: &'a Sent,
    /// At which moment.
    pub moment: u32,
    /// Of which message it is a copy.
    pub copy_of: Option<u32>,
    /// Where it ended; where messages are never removed, each time that it arrived.
    pub landings: &'a [Landing],
    /// Whether it is in flight.
    pub flies: bool,
    /// When it was held back (true) and released (false).
    pub held: &'a [(u32, bool)],
}

/// Every message of a run, in the order of their numbers.
#[derive(Clone, Copy, Debug)]
pub struct Voyages<'a> {
    ways: &'a [Way],
    /// The present moment of the run: nothing is said of what came later.
    until: u32,
}

impl<'a> Voyages<'a> {
    /// The way of a message.
    pub fn get(&self, id: u32) -> Option<Voyage<'a>> {
        at(self.ways, id).map(|i| self.ways[i].until(self.until))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Voyage<'a>> + 'a {
        let Voyages { ways, until } = *self;
        ways.iter().map(move |way| way.until(until))
    }
}

#[derive(Debug)]
struct Way {
    id: u32,
    event: Rc<Event>,
    /// Its place among what the event sent.
    place: usize,
    moment: u32,
    copy_of: Option<u32>,
    landings: Vec<Landing>,
    held: Vec<(u32, bool)>,
}

impl Way {
    fn sent(&self) -> &Sent {
        &self.event.sent[self.place]
    }

    /// The way as far as it is known at a moment.
    fn until(&self, moment: u32) -> Voyage<'_> {
        let landings = &self.landings[..self.landings.partition_point(|l| l.moment <= moment)];
        Voyage {
            id: self.id,
            sent: self.sent(),
            moment: self.moment,
            copy_of: self.copy_of,
            landings,
            flies: landings.last().is_none_or(|l| l.stays),
            held: &self.held[..self.held.partition_point(|(at, _)| *at <= moment)],
        }
    }
}

fn at(ways: &[Way], id: u32) -> Option<usize> {
    ways.binary_search_by(|w| w.id.cmp(&id)).ok()
}

/// The ways of messages, from which those at any earlier moment of the same run can be told. They grow with the run.
#[derive(Debug, Default)]
pub struct Ways {
    all: Vec<Way>,
    /// The numbers of the messages in flight, in the canonical order of the network.
    order: Vec<Option<u32>>,
    moments: u32,
}

impl Ways {
    /// Those of a whole run.
    pub fn of(plot: &Plot) -> Ways {
        let mut ways = Ways::default();
        ways.grow(&plot.events);
        ways
    }

    /// Goes on with a run whose beginning is known.
    pub fn grow(&mut self, events: &[Rc<Event>]) {
        if self.all.is_empty() {
            // What was in flight before the first step has no number of its own and is not drawn.
            let first = events.iter().flat_map(|e| &e.sent).map(|s| s.id).next().unwrap_or(0);
            *self = Ways { order: vec![None; first as usize], ..Ways::default() };
        }
        for event in events.iter().skip(self.moments as usize) {
            self.add(event);
        }
    }

    /// Every message sent by the end of the run.
    pub fn voyages(&self) -> Voyages<'_> {
        self.until(self.moments)
    }

    /// Every message sent by a moment.
    pub fn until(&self, moment: u32) -> Voyages<'_> {
        let sent = self.all.partition_point(|w| w.moment <= moment);
        Voyages { ways: &self.all[..sent], until: moment }
    }

    /// Follows the canonical order of the network, in which steps and reports address messages.
    fn add(&mut self, event: &Rc<Event>) {
        self.moments += 1;
        let (moment, report) = (self.moments, &event.report);
        let original = match event.step.act {
            Act::Duplicate(m) | Act::Hold(m) | Act::Release(m) => self.find(m),
            _ => None,
        };
        if let Some(taken) = &report.taken {
            if taken.index < self.order.len() && !taken.stays {
                self.order.remove(taken.index);
            }
            if let Some(way) = event.taken.and_then(|id| self.get_mut(id)) {
                way.landings.push(Landing { moment, how: taken.how, stays: taken.stays });
            }
        }
        if let Some((from, to)) = report.moved
            && from < self.order.len()
        {
            let id = self.order.remove(from);
            self.order.insert(to.min(self.order.len()), id);
        }
        if let (Act::Hold(_) | Act::Release(_), Some(id)) = (event.step.act, original) {
            let held = matches!(event.step.act, Act::Hold(_));
            self.get_mut(id).expect("it was found").held.push((moment, held));
        }
        let places = report.entered.iter().filter_map(|entered| match entered {
            Entered::New(at) => Some(*at),
            Entered::Again(_) => None,
        });
        for ((place, sent), at) in event.sent.iter().enumerate().zip(places) {
            self.order.insert(at.min(self.order.len()), Some(sent.id));
            let copy_of = if sent.effect.is_none() { original } else { None };
            let (landings, held) = (Vec::new(), Vec::new());
            // Numbers only ever grow, so the order of arrival is the order of numbers.
            self.all.push(Way { id: sent.id, event: event.clone(), place, moment, copy_of, landings, held });
        }
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Way> {
        at(&self.all, id).map(|i| &mut self.all[i])
    }

    /// The message that a step means.
    fn find(&self, m: MsgRef) -> Option<u32> {
        let link = |id: u32| at(&self.all, id).map(|i| self.all[i].sent()).map(|s| (s.from, s.to));
        let on_link = |id: &u32| link(*id) == Some((m.from, m.to));
        self.order.iter().flatten().copied().filter(on_link).nth(usize::from(m.nth))
    }
}
