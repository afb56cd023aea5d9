//! What is learnt on the way: what a state or a message leads to, and what a new state says of itself.

use super::{Course, Early, Placed, Range, Tables};
use crate::explore::answer::Unlike;
use crate::explore::atlas::{Arc, Make, bit};
use crate::explore::origin::Missing;
use crate::explore::question::Fault;
use crate::protocol::NodeId;

impl Course {
    /// Works out what is missing, with the protocol's code.
    pub fn supply(&mut self, missing: Missing) {
        let (node, local, arcs) = match missing {
            Missing::Own(node, local) => {
                let id = NodeId(node as u8);
                (id, local, self.atlas.own(id, local))
            }
            Missing::Deliver(message, local) => {
                (self.letters()[message].to, local, self.atlas.deliver(message as u32, local))
            }
        };
        let budget = self.tables.budget;
        let no_timeouts = self.no_timeouts;
        let possible = |arc: &Arc| {
            let affordable = |f: &Fault| arc.faults & bit(*f) == 0 || budget.of(*f) != Some(0);
            let repair = matches!(arc.make, Make::Recover(_) | Make::Resume);
            Fault::ALL.iter().all(affordable) && !(arc.timeout && no_timeouts) && (budget.repairs || !repair)
        };
        let arcs: Vec<_> = arcs.into_iter().filter(possible).collect();
        let message = match missing {
            Missing::Deliver(message, _) => Some(message as u32),
            Missing::Own(..) => None,
        };
        if let Some(mut symmetry) = self.symmetry.take() {
            let fair = symmetry.fair(&mut self.atlas, (node, local, message), &arcs, &possible);
            if !fair {
                self.lopsided = Some(Unlike::Steps);
            }
            self.symmetry = Some(symmetry);
        }
        let mut calm: Vec<Placed> = Vec::new();
        let mut crashes: Vec<Placed> = Vec::new();
        for arc in arcs {
            let list = if arc.faults & bit(Fault::Crashes) == 0 { &mut calm } else { &mut crashes };
            // Dying at another place may come to the same.
            let same = |other: &Placed| {
                let other = &other.arc;
                (other.to, &other.sends, other.faults) == (arc.to, &arc.sends, arc.faults)
                    && other.timeout == arc.timeout
            };
            if !list.iter().any(same) {
                list.push(Placed { node, local, message, arc });
            }
        }
        let start = self.arcs.len() as u32;
        let all = || calm.iter().chain(&crashes).map(|placed| &placed.arc);
        let counted = self.counted();
        let bounded =
            Fault::ALL.into_iter().filter(|f| *f != Fault::Crashes && counted[*f as usize].is_some());
        let bounded = bounded.fold(0, |all, fault| all | bit(fault));
        let waits = |arc: &Arc| arc.timeout && self.tables.early != Early::Free;
        let fits = |arc: &Arc| self.tables.kept || arc.sends.is_empty();
        let free = all().all(|arc| arc.faults & bounded == 0 && !waits(arc) && fits(arc));
        let stays = |arc: &Arc| arc.to == local && arc.sends.is_empty() && arc.faults == 0;
        let takes = message.is_some() && !self.tables.kept;
        let idle = free && !takes && all().all(stays);
        let range =
            Range { start, calm: calm.len() as u32, all: (calm.len() + crashes.len()) as u32, free, idle };
        self.arcs.extend(calm);
        self.arcs.extend(crashes);
        let tables = self.tables_mut();
        let table = match missing {
            Missing::Own(node, _) => &mut tables.own[node],
            Missing::Deliver(message, _) => &mut tables.deliver[message],
        };
        Tables::know(table, local, range);
        self.learn();
    }

    /// Looks at the states and messages that are new.
    pub(super) fn learn(&mut self) {
        for node in 0..self.flags.len() {
            for local in self.flags[node].len()..self.atlas.locals(node) {
                let (fold, face) = self.atlas.fold(NodeId(node as u8), local as u32);
                let kinds = &mut self.kinds[node];
                let number = kinds.iter().position(|k| *k == face).unwrap_or_else(|| {
                    kinds.push(face);
                    kinds.len() - 1
                });
                self.faces[node].push(number as u16);
                self.flags[node].push(fold.flags);
                self.folds[node].push(fold);
            }
        }
        while self.tables.deliver.len() < self.atlas.letters().len() {
            let n = self.tables.deliver.len();
            let free = self.atlas.letters()[n].held.then(|| self.atlas.release(n as u32));
            let tables = self.tables_mut();
            tables.deliver.push(Vec::new());
            tables.released.extend(free.map(|free| (n as u32, free)));
        }
    }
}
