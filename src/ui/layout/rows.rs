//! Where moments stand: one row each, higher where slips hang below the dot.

use super::frame::Way;
use super::known::Known;
use super::marks;
use crate::protocol::Effect;
use crate::run::Event;
use crate::sim::Act;
use crate::view::Plot;

/// The height of a slip.
pub const SLIP: f64 = 18.0;
/// From a dot to the middle of the first slip below it.
const FIRST: f64 = 17.0;
/// From the middle of one slip to the next.
const NEXT: f64 = 20.0;

/// The words of the records that an event wrote, oldest first.
pub fn records(event: &Event) -> impl Iterator<Item = &'static str> + '_ {
    event.report.effects[..event.report.done].iter().filter_map(|e| match e {
        Effect::Append(said) | Effect::Force(said) => Some(said.word),
        _ => None,
    })
}

/// The middle of the `k`-th slip, from the dot along time. Where time runs to the right, slips stand one
/// after the other.
pub fn slip(way: Way, event: &Event, k: usize) -> f64 {
    if way == Way::Down {
        return FIRST + NEXT * k as f64;
    }
    let mut at = 10.0;
    for (i, word) in records(event).enumerate() {
        let w = marks::slip_width(word);
        if i == k {
            return at + w / 2.0;
        }
        at += w + 3.0;
    }
    at
}

/// Whether the node died in the middle of what it did.
pub fn torn(event: &Event) -> bool {
    event.step.torn.is_some() && event.report.crashed.is_some()
}

/// The middle of the cross of a crash, from the dot along time. A crash that cuts a handler comes after what
/// the handler did.
pub fn crash(way: Way, event: &Event) -> f64 {
    match (torn(event), way) {
        (false, _) => 0.0,
        (true, Way::Down) => slip(way, event, records(event).count()) + 1.0,
        (true, Way::Right) => slip(way, event, usize::MAX) + 8.0,
    }
}

/// How far an event reaches beyond its dot.
pub fn reach(way: Way, event: &Event) -> f64 {
    if torn(event) {
        return crash(way, event) + 7.0;
    }
    match (records(event).count(), way) {
        (0, _) => 6.0,
        (n, Way::Down) => slip(way, event, n - 1) + SLIP / 2.0,
        (_, Way::Right) => slip(way, event, usize::MAX),
    }
}

/// What stands between moments, and between a moment and what hangs below it.
fn spacing(way: Way, compact: bool) -> (f64, f64) {
    match (way, compact) {
        (Way::Down, true) => (36.0, 10.0),
        (Way::Down, false) => (42.0, 14.0),
        (Way::Right, true) => (44.0, 18.0),
        // Words lie along time, so moments stand further apart.
        (Way::Right, false) => (58.0, 30.0),
    }
}

/// Where the first moment stands.
pub fn first(compact: bool) -> f64 {
    if compact { 26.0 } else { 30.0 }
}

/// How much room an event takes along time.
pub fn height(way: Way, compact: bool, event: &Event) -> f64 {
    let (step, air) = spacing(way, compact);
    (reach(way, event) + air).max(step)
}

/// Where moments stand.
#[derive(Clone, PartialEq, Debug)]
pub struct Rows {
    y: Vec<f64>,
    /// The present moment's line.
    pub now: f64,
    /// The height of an ordinary row.
    pub step: f64,
    way: Way,
}

impl Rows {
    /// Rows for every event, and the line of the present moment below them.
    pub fn new(plot: &Plot, way: Way, compact: bool, known: &Known) -> Rows {
        let (step, _) = spacing(way, compact);
        let y = known.rows(plot.events.len()).to_vec();
        // Inboxes hang over the line, and must not cover the last slip.
        let below = |event: &Event| (reach(way, event) + if torn(event) { 40.0 } else { 26.0 }).max(step);
        let mut now = y.last().zip(plot.events.last()).map_or(step + 2.0, |(y, event)| y + below(event));
        if way == Way::Down && plot.columns.len() > 5 && plot.flights.len() > 2 {
            now += step * 0.6;
        }
        Rows { y, now, step, way }
    }

    /// Which moments stand between two places along time; none, as an empty range.
    pub fn between(&self, top: f64, bottom: f64) -> std::ops::RangeInclusive<u32> {
        let first = self.y.partition_point(|y| *y < top) as u32 + 1;
        first..=self.y.partition_point(|y| *y <= bottom) as u32
    }

    /// The middle of the `k`-th slip of an event.
    pub fn slip(&self, moment: u32, event: &Event, k: usize) -> f64 {
        self.y(moment) + slip(self.way, event, k)
    }

    /// The y of a moment; moment 0 is where the lifelines begin.
    pub fn y(&self, moment: u32) -> f64 {
        match moment {
            0 => 0.0,
            n => self.y[n as usize - 1],
        }
    }
}

/// The node at whose lifeline an event is drawn; `None` for what happens in the network.
pub fn node(event: &Event) -> Option<crate::protocol::NodeId> {
    match event.step.act {
        // It reached nobody: nothing happened at the node.
        Act::Deliver(_) if event.report.effects.is_empty() && is_lost(event) => None,
        _ => event.step.node(),
    }
}

fn is_lost(event: &Event) -> bool {
    use crate::sim::TakenHow;
    event.report.taken.as_ref().is_some_and(|t| t.how == TakenHow::NobodyThere)
}
