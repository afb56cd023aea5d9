//! Written before sent, locks kept, and alarms that a protocol raises about itself.

use super::{State, Verdict, names};
use crate::sim::Scene;
use crate::text::Text;

/// Write-ahead: no message leaves before the record that it depends on is durable.
pub fn write_ahead(scene: &Scene) -> Verdict {
    let early = |id: &crate::protocol::NodeId| scene.node(*id).facts.sent_too_early;
    let who: Vec<_> = scene.ids().filter(|id| early(id).is_some()).collect();
    if let Some(record) = who.first().and_then(early) {
        let reason = Text::new("prop.wal.early").words("who", names(scene, &who)).word("record", record);
        return Verdict::new("wal", State::Violated, who, reason);
    }
    let records: usize = scene.nodes.iter().map(|n| n.log.iter().filter(|s| s.durable).count()).sum();
    Verdict::new("wal", State::Holds, Vec::new(), Text::new("prop.wal.ok").number("n", records as i64))
}

/// L1: whoever is prepared holds its write locks, also after a restart.
pub fn locks(scene: &Scene) -> Verdict {
    let lacks = |id: &crate::protocol::NodeId| scene.up(*id) && !scene.node(*id).status.has_its_locks();
    let who: Vec<_> = scene.ids().filter(lacks).collect();
    if !who.is_empty() {
        let reason = Text::new("prop.locks.lost").words("who", names(scene, &who));
        return Verdict::new("locks", State::Violated, who, reason);
    }
    let holders = scene.ids().filter(|id| scene.up(*id) && !scene.node(*id).status.must_hold.is_empty());
    let holders: Vec<_> = holders.collect();
    let reason = match holders.is_empty() {
        true => Text::new("prop.locks.none"),
        false => {
            Text::new("prop.locks.ok").words("who", names(scene, &holders)).number("n", holders.len() as i64)
        }
    };
    Verdict::new("locks", State::Holds, Vec::new(), reason)
}

/// No node raised an alarm about itself.
pub fn alarms(scene: &Scene) -> Verdict {
    // Those that are properties by themselves have lines of their own.
    let raised = |id: &crate::protocol::NodeId| {
        scene.node(*id).facts.alarms.iter().find(|word| !super::RAISED.contains(*word)).copied()
    };
    let who: Vec<_> = scene.ids().filter(|id| raised(id).is_some()).collect();
    let first = who.first().and_then(raised);
    match first {
        Some(word) => {
            let what = Text::new(format!("{}.alarm.{word}", scene.meta.id));
            let reason = Text::new("prop.alarm.raised").words("who", names(scene, &who)).text("what", what);
            Verdict::new("alarm", State::Violated, who, reason)
        }
        None => Verdict::new("alarm", State::Holds, Vec::new(), Text::new("prop.alarm.ok")),
    }
}
