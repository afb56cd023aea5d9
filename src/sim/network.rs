//! Messages in flight.

use super::Entered;
use crate::order;
use crate::protocol::NodeId;
use serde::{Deserialize, Serialize};

/// Two nodes, the lower first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Link(pub NodeId, pub NodeId);

impl Link {
    /// The link between two nodes, in whichever order they are given.
    pub fn between(a: NodeId, b: NodeId) -> Link {
        Link(a.min(b), a.max(b))
    }
}

/// A message in flight.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub(crate) struct Flight<M> {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// The message.
    pub msg: M,
    /// Held back by the reader.
    pub held: bool,
}

/// With so many messages in flight on it a link takes no more. What a handler sends may still exceed it by
/// a few, so that a place on a link always fits into [`super::MsgRef::nth`].
pub const LINK_LIMIT: usize = 64;

/// The multiset of messages in flight, or the set where messages are never removed, in canonical order: by link, and on a link by message or, where
/// links keep their order, by age.
#[derive(Clone, Serialize)]
pub(crate) struct Network<M>(Vec<Flight<M>>);

impl<M: Ord + Clone> Network<M> {
    pub fn new() -> Self {
        Network(Vec::new())
    }

    /// The network in which these messages are in flight, in any order.
    pub fn of(flights: Vec<Flight<M>>) -> Self {
        let mut network = Network::new();
        for flight in flights {
            network.add(flight, false);
        }
        network
    }

    pub fn flights(&self) -> &[Flight<M>] {
        &self.0
    }

    /// Whether a link already carries as many messages as it may.
    pub fn full(&self, from: NodeId, to: NodeId) -> bool {
        let key = |f: &Flight<M>| (f.from, f.to);
        let start = self.0.partition_point(|f| key(f) < (from, to));
        let end = self.0.partition_point(|f| key(f) <= (from, to));
        end - start >= LINK_LIMIT
    }

    /// Adds a message and says at which place. Among equal messages the newest comes last.
    pub fn add(&mut self, flight: Flight<M>, fifo: bool) -> usize {
        let key = |f: &Flight<M>| (f.from, f.to);
        let at = self.0.partition_point(|f| match key(f).cmp(&key(&flight)) {
            std::cmp::Ordering::Equal => fifo || (&f.msg, f.held) <= (&flight.msg, flight.held),
            other => other.is_lt(),
        });
        self.0.insert(at, flight);
        at
    }

    /// Adds a message to a network in which messages are never removed. Nothing is added if an equal one is
    /// in flight already, be it held back or not.
    pub fn keep(&mut self, flight: Flight<M>) -> Entered {
        let same = |f: &Flight<M>| (f.from, f.to, &f.msg) == (flight.from, flight.to, &flight.msg);
        match self.0.iter().position(same) {
            Some(at) => Entered::Again(at),
            None => Entered::New(self.add(flight, false)),
        }
    }

    /// Puts a message at a place, for a caller who knows that it belongs there.
    pub fn put(&mut self, at: usize, flight: Flight<M>) {
        self.0.insert(at, flight);
    }

    /// The messages in flight, equal ones once, whatever their age.
    pub fn distinct(&self) -> Self {
        Network(order::unique(self.0.clone()))
    }

    /// Takes out the message at a place.
    pub fn take(&mut self, at: usize) -> Flight<M> {
        self.0.remove(at)
    }

    /// The place of the `nth` message on a link.
    pub fn find(&self, from: NodeId, to: NodeId, nth: u8) -> Option<usize> {
        let start = self.0.partition_point(|f| (f.from, f.to) < (from, to));
        let at = start + usize::from(nth);
        self.0.get(at).is_some_and(|f| (f.from, f.to) == (from, to)).then_some(at)
    }

    /// The inverse of [`Network::find`]: the message's place on its own link.
    pub fn nth(&self, at: usize) -> u8 {
        let f = &self.0[at];
        let start = self.0.partition_point(|g| (g.from, g.to) < (f.from, f.to));
        (at - start) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::{Entered, Flight, Network, NodeId};
    use crate::protocols;
    use crate::sim::{Act, LINK_LIMIT, Refusal, Step};

    #[test]
    fn a_network_that_keeps_is_a_set_and_what_is_held_back_is_in_it() {
        let flight = |msg: u8, held| Flight { from: NodeId(0), to: NodeId(1), msg, held };
        let mut network = Network::new();
        assert_eq!(network.keep(flight(2, true)), Entered::New(0));
        assert_eq!(network.keep(flight(1, false)), Entered::New(0));
        assert_eq!(network.keep(flight(2, false)), Entered::Again(1));
        assert_eq!(network.flights(), [flight(1, false), flight(2, true)]);
    }

    #[test]
    fn a_link_fills_up_and_every_message_on_it_can_still_be_addressed() {
        let mut world = protocols::build(protocols::ALL[0].setup());
        let begin =
            world.choices().into_iter().find(|c| c.refused.is_none()).expect("something to begin with").step;
        world.apply(&begin).expect("enabled");
        let first = world.scene().flights[0].at;
        let copy: Step = Act::Duplicate(first).into();
        let refusal = (0..300).find_map(|_| world.apply(&copy).err());
        assert!(matches!(refusal, Some(Refusal::LinkFull { .. })));
        let flights = world.flights(first.from, first.to);
        assert_eq!(flights.len(), LINK_LIMIT);
        assert!(flights.iter().all(|(at, _)| world.check(&Act::Drop(*at).into()).is_ok()));
    }
}
