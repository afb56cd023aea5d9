//! What a new world is: what was looked for, or one more of its kind.

use super::Course;
use crate::explore::atlas::Picture;
use crate::explore::census::Kind;
use crate::explore::fold::flag;
use crate::explore::goal::{Sums, holds};
use crate::explore::layout::{Layout, Need};
use crate::explore::vain::in_vain;
use std::collections::BTreeMap;

/// What has become of a request.
#[derive(Clone, Copy, Default)]
struct Asked {
    effects: u32,
    answered: bool,
}

impl Course {
    /// Whether a new world is what was looked for, and what it counts as.
    pub(super) fn judge(&mut self, n: usize, world: &[u64], layout: &Layout, any: u32) {
        self.nodes.clear();
        let nodes = layout.locals.iter().zip(&self.flags).map(|(f, flags)| flags[f.get(world) as usize]);
        self.nodes.extend(nodes);
        let blocked =
            if self.needs.blocked && any & flag::ASKS != 0 { self.blocked(world, layout) } else { 0 };
        let money = if self.needs.money { self.money(world, layout, any) } else { 0 };
        let count = self.needs.effects || self.census.is_some() && self.once;
        let requests = if count { self.requests(world, layout) } else { Vec::new() };
        let twice = requests.iter().any(|r| r.effects > 1);
        let idle = count && any & flag::BUSY == 0;
        let quiet = idle && layout.messages.iter().all(|f| f.get(world) == 0);
        // As long as something is under way it may still come. Messages that are never removed always are in flight.
        let over = quiet || idle && self.tables.kept;
        let unearned = over && requests.iter().any(|r| r.answered && r.effects == 0);
        let sums = Sums { any, nodes: &self.nodes, blocked, money, twice, unearned };
        let goal = &self.question.goal;
        if !goal.is_empty() && goal.iter().all(|cond| holds(cond, &sums)) {
            self.hits.push(n as u32);
        }
        if self.census.is_none() {
            return;
        }
        let wait = self.once && quiet && requests.iter().any(|r| !r.answered);
        let vain = wait && self.in_vain(world, layout);
        let Some(census) = &mut self.census else { return };
        let counted = Need::counted(&self.tables.budget);
        let spent =
            std::array::from_fn(|i| counted[i].map_or(0, |all| all - layout.faults[i].get(world) as u8));
        if !self.once {
            return census.count(Kind::of(any, blocked), n as u32, &spent);
        }
        for request in requests {
            let times = request.effects.min(3) as u8;
            if request.answered && (times > 0 || over) {
                census.count(Kind::Seen(times), n as u32, &spent);
            }
            if quiet {
                census.count(Kind::Quiet(times), n as u32, &spent);
            }
        }
        if vain {
            census.count(Kind::Vain, n as u32, &spent);
        }
    }

    /// Whether somebody asks in vain from a quiet world on.
    fn in_vain(&mut self, world: &[u64], layout: &Layout) -> bool {
        // No message is in flight.
        let picture = Picture { counts: Vec::new(), ..self.picture_of(|f| f.get(world), layout) };
        if let Some(known) = self.vain.get(&picture) {
            return *known;
        }
        let vain = in_vain(&self.atlas.world(&picture));
        self.unsure |= vain.is_none();
        let vain = vain == Some(true);
        self.vain.insert(picture, vain);
        vain
    }

    fn blocked(&mut self, world: &[u64], layout: &Layout) -> u16 {
        self.key.clear();
        for (field, faces) in layout.locals.iter().zip(&self.faces) {
            self.key.push(faces[field.get(world) as usize]);
        }
        let mut bits = 0u16;
        let mut width = 0;
        // Messages come last: those that are met later are absent from what is known so far.
        let decisive = self.atlas.letters().iter().zip(&layout.messages).filter(|(l, _)| l.decisive);
        for present in layout.cuts.iter().chain(decisive.map(|(_, f)| f)).map(|f| f.get(world) > 0) {
            bits |= u16::from(present) << width;
            width += 1;
            if width == 16 {
                self.key.push(bits);
                (bits, width) = (0, 0);
            }
        }
        self.key.push(bits);
        let picture = || self.picture_of(|f| f.get(world), layout);
        if let Some(known) = self.blocked.get(self.key.as_slice()) {
            // A protocol that reads more than it may is found out here, now and then.
            debug_assert!(
                !self.generated.is_multiple_of(31) || self.atlas.blocked(&picture()) == *known,
                "`Role::blocked` reads more of a node than it says"
            );
            return *known;
        }
        let picture = picture();
        let blocked = self.atlas.blocked(&picture);
        self.blocked.insert(self.key.clone(), blocked);
        blocked
    }

    fn money(&self, world: &[u64], layout: &Layout, any: u32) -> i32 {
        let folds = layout.locals.iter().zip(&self.folds).map(|(f, folds)| &folds[f.get(world) as usize]);
        let begun = any & flag::BEGUN != 0;
        folds.map(|f| f.money + if begun { f.pending } else { 0 }).sum()
    }

    /// What has become of every request that was begun.
    fn requests(&self, world: &[u64], layout: &Layout) -> Vec<Asked> {
        let folds = || layout.locals.iter().zip(&self.folds).map(|(f, folds)| &folds[f.get(world) as usize]);
        let mut all: BTreeMap<u8, Asked> = BTreeMap::new();
        for fold in folds() {
            for request in &fold.asked {
                all.entry(*request).or_default();
            }
            for (request, n) in &fold.effects {
                all.entry(*request).or_default().effects += u32::from(*n);
            }
            for request in &fold.answers {
                all.entry(*request).or_default().answered = true;
            }
        }
        all.into_values().collect()
    }
}
