//! The way of a message, from where it was sent to where it ended.

use crate::protocol::NodeId;
use crate::run::History;
use crate::sim::TakenHow;
use crate::view::words::said;

/// The way of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Journey {
    /// Its kind and what else it says.
    pub word: String,
    /// Who sent it.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// At which moment it was sent or copied.
    pub sent: u32,
    /// The record that it left after.
    pub after: Option<&'static str>,
    /// Whether the network made it, as a copy.
    pub copy: bool,
    /// At which moment and how it left the network; where messages are never removed, each time that it
    /// arrived.
    pub landings: Vec<(u32, TakenHow)>,
    /// Whether it is in flight at the end of the branch.
    pub flies: bool,
}

/// The way of the message with this number on the current branch.
pub fn journey(history: &History, id: u32) -> Option<Journey> {
    let path = history.branch();
    let events = || path.iter().filter_map(|p| Some((history.depth(*p), history.event(*p)?)));
    let (moment, sent) = events().find_map(|(m, e)| Some((m, e.sent.iter().find(|s| s.id == id)?)))?;
    let taken = events().filter(|(_, e)| e.taken == Some(id));
    let taken: Vec<_> = taken.filter_map(|(m, e)| Some((m, e.report.taken.as_ref()?))).collect();
    Some(Journey {
        word: said(&sent.said),
        from: sent.from,
        to: sent.to,
        sent: moment,
        after: sent.after,
        copy: sent.effect.is_none(),
        landings: taken.iter().map(|(m, t)| (*m, t.how)).collect(),
        flies: taken.last().is_none_or(|(_, t)| t.stays),
    })
}
