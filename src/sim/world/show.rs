//! How a world looks from outside: its nodes, its messages and what a handler did, as plain data.

use super::World;
use crate::protocol::{AnyMessage, AnyRecord, Effect, NodeId};
use crate::sim::local::Unforced;
use crate::sim::{Actor, Flying, Lost, MsgRef, Said, Shown, Slip};

impl World {
    pub(super) fn actor(&self, id: NodeId) -> Actor {
        let local = &self.locals[id.index()];
        let spec = &self.cast.nodes[id.index()];
        let status = local.status(&self.cast, id);
        let slips = local.log.iter().enumerate().map(|(i, record)| {
            let said = self.said_record(record);
            Slip { word: said.word, detail: said.detail, durable: i < local.durable }
        });
        Actor {
            name: spec.name.clone(),
            role: spec.role,
            life: local.life,
            status,
            facts: local.facts.clone(),
            timers: local.timers.iter().copied().collect(),
            log: slips.collect(),
        }
    }

    pub(super) fn in_flight(&self) -> Vec<Flying> {
        let flights = self.network.flights();
        let same = |a: usize, b: usize| flights[a] == flights[b];
        let each = flights.iter().enumerate().map(|(i, f)| {
            let said = self.said_msg(&f.msg);
            let kind = self.cast.meta().message(said.word).expect("every message is in META");
            Flying {
                at: MsgRef { from: f.from, to: f.to, nth: self.network.nth(i) },
                word: said.word,
                detail: said.detail,
                style: kind.style,
                held: f.held,
                copies: (i + 1..flights.len()).take_while(|j| same(i, *j)).count() as u8,
            }
        });
        each.collect()
    }

    pub(super) fn said_msg(&self, msg: &AnyMessage) -> Said {
        Said { word: msg.word(), detail: msg.detail(&self.cast.nodes) }
    }

    pub(super) fn said_record(&self, record: &AnyRecord) -> Said {
        Said { word: record.word(), detail: record.detail(&self.cast.nodes) }
    }

    pub(super) fn show(&self, effect: &Effect<AnyMessage, AnyRecord>) -> Shown {
        match effect {
            Effect::Append(r) => Effect::Append(self.said_record(r)),
            Effect::Force(r) => Effect::Force(self.said_record(r)),
            Effect::Send { to, msg, after } => {
                Effect::Send { to: *to, msg: self.said_msg(msg), after: *after }
            }
            Effect::Arm(t) => Effect::Arm(*t),
            Effect::Cancel(t) => Effect::Cancel(*t),
            Effect::Vote(v) => Effect::Vote(*v),
            Effect::Decide(d) => Effect::Decide(*d),
            Effect::Ask(r) => Effect::Ask(*r),
            Effect::Apply(r) => Effect::Apply(*r),
            Effect::Answer(r) => Effect::Answer(*r),
            Effect::Alarm(w) => Effect::Alarm(w),
        }
    }

    pub(super) fn show_lost(&self, (records, kept): &Unforced) -> Lost {
        let say = |rs: &[AnyRecord]| rs.iter().map(|r| self.said_record(r)).collect();
        Lost { records: say(records), kept: say(kept) }
    }
}
