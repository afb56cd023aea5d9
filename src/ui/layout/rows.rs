//! Where moments stand: one row each, higher where slips hang below the dot.

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

/// How many records an event wrote.
pub fn records(event: &Event) -> usize {
    let written = &event.report.effects[..event.report.done];
    written.iter().filter(|e| matches!(e, Effect::Append(_) | Effect::Force(_))).count()
}

/// The middle of the `k`-th slip, below the dot.
pub fn slip(k: usize) -> f64 {
    FIRST + NEXT * k as f64
}

/// Whether the node died in the middle of what it did.
pub fn torn(event: &Event) -> bool {
    event.step.torn.is_some() && event.report.crashed.is_some()
}

/// The middle of the cross of a crash, below the dot. A crash that cuts a handler comes after what the
/// handler did.
pub fn crash(event: &Event) -> f64 {
    if torn(event) { slip(records(event)) + 1.0 } else { 0.0 }
}

/// How far an event reaches below its dot.
pub fn reach(event: &Event) -> f64 {
    let slips = match records(event) {
        0 => 6.0,
        n => slip(n - 1) + SLIP / 2.0,
    };
    if torn(event) { crash(event) + 7.0 } else { slips }
}

/// Where moments stand.
#[derive(Clone, PartialEq, Debug)]
pub struct Rows {
    y: Vec<f64>,
    /// The present moment's line.
    pub now: f64,
    /// The height of an ordinary row.
    pub step: f64,
}

impl Rows {
    /// Rows for every event, and the line of the present moment below them.
    pub fn new(plot: &Plot, compact: bool) -> Rows {
        let (step, air) = if compact { (36.0, 10.0) } else { (42.0, 14.0) };
        let mut y = Vec::with_capacity(plot.events.len());
        let mut next = if compact { 26.0 } else { 30.0 };
        let mut now = step + 2.0;
        for event in &plot.events {
            y.push(next);
            let reach = reach(event);
            // Inboxes hang over the line, and must not cover the last slip.
            now = next + (reach + if torn(event) { 40.0 } else { 26.0 }).max(step);
            next += (reach + air).max(step);
        }
        if plot.columns.len() > 5 && plot.flights.len() > 2 {
            now += step * 0.6;
        }
        Rows { y, now, step }
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
