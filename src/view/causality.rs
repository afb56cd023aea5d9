//! What could have led to an event: Lamport's "happened before".
//!
//! An event comes after what its node did before, after the sending of the message that it took, and after
//! whatever that came after. A crash does not cut this order: what the node knows when it is back comes from
//! its log, so from before. A copy comes after its original was sent. What the network does to a message
//! comes after its sending, and nothing else comes after it but its copies.

use super::Plot;
use super::voyage::{Voyage, Voyages, Ways};
use crate::order::unique;
use crate::protocol::NodeId;
use crate::run::Event;
use crate::sim::{Act, TakenHow};

/// Everything that happened before something, and that itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Past {
    /// Whether each moment belongs to it: `moments[i]` is about moment `i + 1`.
    moments: Vec<bool>,
    /// The messages whose arrival belongs to it, and those that it was asked for, in order.
    messages: Vec<u32>,
    /// How far it reaches on each lifeline, by node; 0 if it does not.
    pub reach: Vec<u32>,
}

impl Past {
    /// The past of an event.
    pub fn of_moment(plot: &Plot, moment: u32) -> Past {
        Past::new(plot, Ways::of(plot).voyages(), moment)
    }

    /// The past of a message: that of its sending.
    pub fn of_message(plot: &Plot, id: u32) -> Past {
        let ways = Ways::of(plot);
        let voyages = ways.voyages();
        let Some(voyage) = voyages.get(id) else { return Past::default() };
        let mut past = Past::new(plot, voyages, voyage.moment);
        if let Err(at) = past.messages.binary_search(&id) {
            past.messages.insert(at, id);
        }
        past
    }

    fn new(plot: &Plot, voyages: Voyages, moment: u32) -> Past {
        let mut past = Past {
            moments: vec![false; plot.events.len()],
            messages: Vec::new(),
            reach: vec![0; plot.start.len()],
        };
        if !(1..=past.moments.len() as u32).contains(&moment) {
            return past;
        }
        past.moments[moment as usize - 1] = true;
        // Causes come before effects, so one way up is enough.
        for at in (1..=moment).rev() {
            let event = &plot.events[at as usize - 1];
            let node = place(event);
            let i = at as usize - 1;
            past.moments[i] |= node.is_some_and(|n| past.reach[n.index()] > 0);
            if !past.moments[i] {
                continue;
            }
            if let Some(node) = node {
                let reach = &mut past.reach[node.index()];
                *reach = (*reach).max(at);
            }
            if let Some(cause) = event.taken.and_then(|id| voyages.get(id)) {
                past.moments[cause.moment as usize - 1] = true;
                past.messages.push(cause.id);
            }
            // A copy, or a message that was held back: what was sent before.
            if let Act::Hold(_) | Act::Release(_) = event.step.act {
                let about = voyages.iter().find(|v| v.held.iter().any(|(m, _)| *m == at));
                if let Some(voyage) = about {
                    past.moments[voyage.moment as usize - 1] = true;
                    past.messages.push(voyage.id);
                }
            }
            for sent in event.sent.iter().filter(|s| s.effect.is_none()) {
                let original = voyages.get(sent.id).and_then(|v| voyages.get(v.copy_of?));
                if let Some(original) = original {
                    past.moments[original.moment as usize - 1] = true;
                    past.messages.push(original.id);
                }
            }
        }
        past.messages = unique(past.messages);
        past
    }

    /// Whether a moment belongs to it.
    pub fn has_moment(&self, moment: u32) -> bool {
        moment > 0 && self.moments.get(moment as usize - 1).is_some_and(|m| *m)
    }

    /// Whether a message's way is part of it.
    pub fn has_message(&self, id: u32) -> bool {
        self.messages.binary_search(&id).is_ok()
    }

    /// How many events there are in it.
    pub fn count(&self) -> usize {
        self.moments.iter().filter(|m| **m).count()
    }
}

/// The node in whose order an event stands; none for what happens in the network.
fn place(event: &Event) -> Option<NodeId> {
    let lost = |how| matches!(how, TakenHow::NobodyThere | TakenHow::Dropped);
    let gone = event.report.taken.as_ref().is_some_and(|t| lost(t.how));
    event.step.node().filter(|_| !gone)
}

/// The other end of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Other {
    /// An event.
    Moment(u32),
    /// It is in flight: the message itself.
    Flying(u32),
}

/// The other ends of the messages of an event: where the one that it took came from, then where those that
/// it sent arrived.
pub fn ends_of_moment(plot: &Plot, moment: u32) -> Vec<Other> {
    let ways = Ways::of(plot);
    let voyages = ways.voyages();
    let Some(event) = (moment as usize).checked_sub(1).and_then(|i| plot.events.get(i)) else {
        return Vec::new();
    };
    let came = event.taken.and_then(|id| voyages.get(id)).map(|v| Other::Moment(v.moment));
    let went = event.sent.iter().filter_map(|s| voyages.get(s.id)).map(|v| end(&v));
    came.into_iter().chain(went).collect()
}

/// The ends of a message: first where it arrived, once or more often, then where it was sent.
pub fn ends_of_message(plot: &Plot, id: u32) -> Vec<Other> {
    let ways = Ways::of(plot);
    let Some(voyage) = ways.voyages().get(id) else { return Vec::new() };
    let arrived = voyage.landings.iter().map(|l| Other::Moment(l.moment));
    arrived.chain([Other::Moment(voyage.moment)]).collect()
}

fn end(voyage: &Voyage) -> Other {
    voyage.landings.first().map_or(Other::Flying(voyage.id), |l| Other::Moment(l.moment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Chaos, History, Mood};
    use crate::script;
    use std::collections::BTreeSet;
    use std::fs;

    fn plot(name: &str) -> Plot {
        let text = fs::read_to_string(format!("tests/traces/2pc/{name}.txt")).expect("a golden script");
        Plot::new(&script::load(&text).expect("a world").history, None)
    }

    fn moments(past: &Past) -> Vec<u32> {
        (1..=past.moments.len() as u32).filter(|m| past.has_moment(*m)).collect()
    }

    /// The same by brute force and forwards: every event joins the pasts of its direct causes.
    fn by_clocks(plot: &Plot) -> Vec<BTreeSet<u32>> {
        let mut last: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); plot.start.len()];
        let ways = Ways::of(plot);
        let voyages = ways.voyages();
        let mut all: Vec<BTreeSet<u32>> = Vec::new();
        for (moment, event) in (1..).zip(plot.events.iter()) {
            let mut past = BTreeSet::from([moment]);
            let node = place(event);
            past.extend(node.iter().flat_map(|n| last[n.index()].clone()));
            let mut causes: Vec<u32> = event.taken.into_iter().collect();
            let copies = event.sent.iter().filter(|s| s.effect.is_none());
            causes.extend(copies.filter_map(|s| voyages.get(s.id)?.copy_of));
            let held = voyages.iter().filter(|v| v.held.iter().any(|(m, _)| *m == moment));
            causes.extend(held.map(|v| v.id));
            for id in causes {
                let sent = voyages.get(id).expect("it was sent").moment;
                past.extend(all[sent as usize - 1].clone());
            }
            if let Some(node) = node {
                last[node.index()] = past.clone();
            }
            all.push(past);
        }
        all
    }

    #[test]
    fn what_a_participant_hears_comes_after_all_votes() {
        let plot = plot("s08-half-told");
        // P1 takes commit: both votes came before.
        assert_eq!(moments(&Past::of_moment(&plot, 6)), [1, 2, 3, 4, 5, 6]);
        // P2's timer: it knows of the request that it voted on, and of nothing since.
        let timer = Past::of_moment(&plot, 7);
        assert_eq!(moments(&timer), [1, 3, 7]);
        assert_eq!(timer.count(), 3);
        let prepare = plot.events[0].sent[1].id;
        assert!(timer.has_message(prepare) && !timer.has_message(plot.events[1].sent[0].id));
        let node = |name: &str| plot.columns.iter().find(|c| c.name == name).expect("a node").node.index();
        assert_eq!((timer.reach[node("P2")], timer.reach[node("C")], timer.reach[node("P1")]), (7, 1, 0));
        // A message comes after what its sender knew, not after what its receiver did.
        let commit = Past::of_message(&plot, plot.events[4].sent[0].id);
        assert_eq!(moments(&commit), [1, 2, 3, 4, 5]);
        assert!(commit.has_message(plot.events[4].sent[0].id));
    }

    #[test]
    fn a_copy_comes_after_its_original() {
        let plot = plot("s17-duplicate-commit");
        let is_copy = |e: &Event| matches!(e.step.act, Act::Duplicate(_));
        let copied = plot.events.iter().position(|e| is_copy(e)).expect("a copy") as u32 + 1;
        let past = moments(&Past::of_moment(&plot, copied));
        assert_eq!(past, [1, 2, 3, 4, 5, copied], "the decision, and what led to it");
    }

    #[test]
    fn it_is_what_clocks_would_say() {
        let mut plots: Vec<Plot> = ["s04-happy-path", "s08-half-told-cooperative", "s17-duplicate-commit"]
            .map(plot)
            .into_iter()
            .collect();
        for seed in 0..12 {
            let setup = (crate::protocols::ALL[0]).setup();
            let mut history = History::new(crate::protocols::build(setup));
            let mut chaos = Chaos::new(seed, Mood::Wild, 30);
            for _ in 0..60 {
                let Some(step) = chaos.next(history.run()) else { break };
                history.act(&step).expect("it was offered");
            }
            plots.push(Plot::new(&history, None));
        }
        for plot in plots {
            let clocks = by_clocks(&plot);
            for (moment, expected) in (1..).zip(&clocks) {
                let past = moments(&Past::of_moment(&plot, moment));
                assert_eq!(past, expected.iter().copied().collect::<Vec<_>>(), "moment {moment}");
            }
        }
    }

    #[test]
    fn a_message_has_two_ends() {
        let plot = plot("s08-half-told");
        assert_eq!(ends_of_moment(&plot, 1), [Other::Moment(2), Other::Moment(3)]);
        assert_eq!(ends_of_moment(&plot, 2), [Other::Moment(1), Other::Moment(4)]);
        let yes = plot.events[1].sent[0].id;
        assert_eq!(ends_of_message(&plot, yes), [Other::Moment(4), Other::Moment(2)]);
        assert!(ends_of_moment(&plot, 0).is_empty() && ends_of_moment(&plot, 9_999).is_empty());
        for flight in &plot.flights {
            assert_eq!(ends_of_message(&plot, flight.id).len(), 1, "it has not arrived");
        }
    }
}
