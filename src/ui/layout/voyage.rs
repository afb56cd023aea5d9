//! The way of every message: when it was sent, what happened to it, how it ended.

use crate::run::Sent;
use crate::sim::{Act, MsgRef, TakenHow};
use crate::view::Plot;
use std::collections::BTreeMap;

/// How a message left the network.
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
    /// What was sent.
    pub sent: &'a Sent,
    /// At which moment.
    pub moment: u32,
    /// Of which message it is a copy.
    pub copy_of: Option<u32>,
    /// How it ended; `None` while it is in flight.
    pub landing: Option<Landing>,
    /// When it was held back (true) and released (false).
    pub held: Vec<(u32, bool)>,
}

/// Every message of the run, by number. Follows the canonical order of the network, in which steps and
/// reports address messages.
pub fn voyages(plot: &Plot) -> BTreeMap<u32, Voyage<'_>> {
    let first = plot.events.iter().flat_map(|e| &e.sent).map(|s| s.id).next().unwrap_or(0);
    // What was in flight before the first step has no number of its own and is not drawn.
    let mut order: Vec<Option<u32>> = vec![None; first as usize];
    let mut voyages: BTreeMap<u32, Voyage> = BTreeMap::new();
    for (moment, event) in (1..).zip(&plot.events) {
        let report = &event.report;
        let original = match event.step.act {
            Act::Duplicate(m) | Act::Hold(m) | Act::Release(m) => find(&order, &voyages, m),
            _ => None,
        };
        if let Some(taken) = &report.taken {
            if taken.index < order.len() {
                order.remove(taken.index);
            }
            if let Some(voyage) = event.taken.and_then(|id| voyages.get_mut(&id)) {
                voyage.landing = Some(Landing { moment, how: taken.how });
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
            voyages.get_mut(&id).expect("it was found").held.push((moment, held));
        }
        for (sent, at) in event.sent.iter().zip(&report.entered) {
            order.insert((*at).min(order.len()), Some(sent.id));
            let copy_of = if sent.effect.is_none() { original } else { None };
            voyages.insert(sent.id, Voyage { sent, moment, copy_of, landing: None, held: Vec::new() });
        }
    }
    voyages
}

/// The message that a step means.
fn find(order: &[Option<u32>], voyages: &BTreeMap<u32, Voyage>, m: MsgRef) -> Option<u32> {
    let on_link = |id: &u32| voyages.get(id).is_some_and(|v| (v.sent.from, v.sent.to) == (m.from, m.to));
    order.iter().flatten().copied().filter(|id| on_link(id)).nth(usize::from(m.nth))
}
