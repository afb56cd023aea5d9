//! The way of every message: when it was sent, what happened to it, how it ended.

use super::Plot;
use crate::run::Sent;
use crate::sim::{Act, Entered, MsgRef, TakenHow};

/// How a message left the network, or arrived and stayed there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Landing {
    /// At which moment.
    pub moment: u32,
    /// How.
    pub how: TakenHow,
}

/// The way of a message.
#[derive(Clone, Debug)]
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
    pub landings: Vec<Landing>,
    /// Whether it is in flight.
    pub flies: bool,
    /// When it was held back (true) and released (false).
    pub held: Vec<(u32, bool)>,
}

/// Every message of a run, in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub struct Voyages<'a>(Vec<Voyage<'a>>);

impl<'a> Voyages<'a> {
    /// Follows the canonical order of the network, in which steps and reports address messages.
    pub fn new(plot: &'a Plot) -> Voyages<'a> {
        let first = plot.events.iter().flat_map(|e| &e.sent).map(|s| s.id).next().unwrap_or(0);
        // What was in flight before the first step has no number of its own and is not drawn.
        let mut order: Vec<Option<u32>> = vec![None; first as usize];
        let mut voyages = Voyages::default();
        for (moment, event) in (1..).zip(plot.events.iter()) {
            let report = &event.report;
            let original = match event.step.act {
                Act::Duplicate(m) | Act::Hold(m) | Act::Release(m) => voyages.find(&order, m),
                _ => None,
            };
            if let Some(taken) = &report.taken {
                if taken.index < order.len() && !taken.stays {
                    order.remove(taken.index);
                }
                if let Some(voyage) = event.taken.and_then(|id| voyages.get_mut(id)) {
                    voyage.landings.push(Landing { moment, how: taken.how });
                    voyage.flies = taken.stays;
                }
            }
            if let Some((from, to)) = report.moved
                && from < order.len()
            {
                let id = order.remove(from);
                order.insert(to.min(order.len()), id);
            }
            if let (Act::Hold(_) | Act::Release(_), Some(id)) = (event.step.act, original) {
                let held = matches!(event.step.act, Act::Hold(_));
                voyages.get_mut(id).expect("it was found").held.push((moment, held));
            }
            let places = report.entered.iter().filter_map(|entered| match entered {
                Entered::New(at) => Some(*at),
                Entered::Again(_) => None,
            });
            for (sent, at) in event.sent.iter().zip(places) {
                order.insert(at.min(order.len()), Some(sent.id));
                let copy_of = if sent.effect.is_none() { original } else { None };
                let (landings, held) = (Vec::new(), Vec::new());
                let voyage = Voyage { id: sent.id, sent, moment, copy_of, landings, flies: true, held };
                // Numbers only ever grow, so the order of arrival is the order of numbers.
                voyages.0.push(voyage);
            }
        }
        voyages
    }

    fn at(&self, id: u32) -> Option<usize> {
        self.0.binary_search_by(|v| v.id.cmp(&id)).ok()
    }

    /// The way of a message.
    pub fn get(&self, id: u32) -> Option<&Voyage<'a>> {
        self.at(id).map(|i| &self.0[i])
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Voyage<'a>> {
        self.at(id).map(|i| &mut self.0[i])
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Voyage<'a>> {
        self.0.iter()
    }

    /// The message that a step means.
    fn find(&self, order: &[Option<u32>], m: MsgRef) -> Option<u32> {
        let on_link = |id: &u32| self.get(*id).is_some_and(|v| (v.sent.from, v.sent.to) == (m.from, m.to));
        order.iter().flatten().copied().filter(|id| on_link(id)).nth(usize::from(m.nth))
    }
}
