//! What can happen in a world, without what was tried before it was found.
//!
//! Here and in the store, what is indexed for every step is indexed as a slice: in a program that is optimised for its
//! size, as the page is, indexing a vector is a call.

use super::gear::Gear;
use super::moves::{Inbox, Lane, Move, meet, plus};
use crate::explore::course::{Range, Tables};
use crate::explore::origin::{Missing, Origin};
use crate::explore::question::Fault;

/// Whatever can happen is read off here.
#[derive(Clone, Copy)]
pub struct Steps<'a, const W: usize> {
    pub gear: &'a Gear<W>,
    pub tables: &'a Tables,
}

impl<const W: usize> Steps<'_, W> {
    /// Whether something can still reach a node.
    #[inline(always)]
    fn awaits(self, world: &[u64; W], node: u8) -> bool {
        if !meet(world, &self.gear.pending[usize::from(node)]) {
            return false;
        }
        if self.gear.layout.cuts.is_empty() {
            return true;
        }
        self.gear
            .inboxes
            .iter()
            .filter(|i| i.node == node && i.field.get(world) > 0)
            .any(|i| i.link.get(world) == 0)
    }

    /// One arc from a world; `None` if it cannot be.
    #[inline(always)]
    fn go(self, world: &[u64; W], m: &Move<W>) -> Option<[u64; W]> {
        if m.faults != 0 && !self.affords(world, m.faults) {
            return None;
        }
        let mut next = plus(world, &m.delta);
        if self.tables.kept {
            for (word, sent) in next.iter_mut().zip(&m.sends) {
                *word |= sent;
            }
            if !self.tables.released.is_empty() {
                self.hold_back(world, &mut next);
            }
        } else if self.tables.copies == 1 && m.caps == 0 {
            // What it takes away it may send again.
            if (0..W).fold(0, |any, i| any | world[i] & m.sends[i] & !m.takes[i]) != 0 {
                return None;
            }
        } else if !self.has_room(world, m) {
            return None;
        }
        if m.timeout && self.awaits(world, m.node) {
            let early = self.gear.faults[Fault::Early as usize];
            if early.get(world) == 0 {
                return None;
            }
            let word = usize::from(early.word).min(W - 1);
            next[word] = next[word].wrapping_sub(early.at(1));
        }
        Some(next)
    }

    /// What is held back is there already.
    #[inline(never)]
    fn hold_back(self, world: &[u64; W], next: &mut [u64; W]) {
        for (held, free) in &self.tables.released {
            let (held, free) =
                (self.gear.layout.messages[*held as usize], self.gear.layout.messages[*free as usize]);
            if held.get(world) == 1 && free.get(world) == 0 {
                next[usize::from(free.word)] &= !free.mask();
            }
        }
    }

    /// Whether no message that an arc sends is in flight more often than is allowed.
    #[inline(always)]
    fn has_room(self, world: &[u64; W], m: &Move<W>) -> bool {
        let first = m.first_cap as usize;
        self.gear.caps[first..first + usize::from(m.caps)].iter().all(|(field, times)| {
            let taken = u64::from(field.at(field.mask) & m.takes[usize::from(field.word).min(W - 1)] != 0);
            field.get(world) - taken + u64::from(*times) <= u64::from(self.tables.copies)
        })
    }

    #[inline(never)]
    fn affords(self, world: &[u64; W], faults: u16) -> bool {
        (0..Fault::COUNT).filter(|i| faults >> i & 1 == 1).all(|i| self.gear.faults[i].get(world) > 0)
    }

    /// Whether `a` leads to nothing new in a world that `b` led to, if `a` could be tried before `b` and happens
    /// to another node.
    #[inline(always)]
    fn tried(self, a: &Move<W>, b: &Move<W>) -> bool {
        let hurries = a.timeout && meet(&b.sends, &self.gear.pending[usize::from(a.node)]);
        let hurried = b.timeout && meet(&a.sends, &self.gear.pending[usize::from(b.node)]);
        !(meet(&a.sends, &b.takes) || hurries || hurried)
    }

    /// What can happen in a world that `by` led to, without what leads to worlds that are known; says how much
    /// that is.
    #[inline(always)]
    pub fn successors(
        self,
        world: &[u64; W],
        by: &Move<W>,
        mut emit: impl FnMut([u64; W], Origin),
    ) -> Result<u64, Missing> {
        let mut known = 0;
        let crash = self.gear.faults[Fault::Crashes as usize];
        let may_crash = crash.mask == 0 || crash.get(world) > 0;
        for (node, field) in self.gear.nodes.iter().enumerate() {
            let local = field.get(world) as u32;
            let Some(range) = self.tables.own(node, local) else {
                return Err(Missing::Own(node, local));
            };
            let before = (node as u8) < by.nodes && node as u8 != by.node;
            known += self.arcs(world, (range, may_crash), before, by, None, &mut emit);
        }
        let by_bit: &[[Inbox; 64]] = &self.gear.by_bit;
        for word in 0..W {
            let mut left = world[word] & self.gear.letters[word];
            let inboxes = &by_bit[word];
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                let inbox = &inboxes[bit % 64];
                left &= !inbox.field.at(inbox.field.mask);
                let before = by.before[word] >> bit & 1 == 1;
                known += self.message(world, inbox, may_crash, before, by, &mut emit)?;
            }
        }
        if !self.gear.layout.cuts.is_empty() {
            self.links(world, &mut emit);
        }
        Ok(known)
    }

    /// The arcs of one node from one state.
    #[inline(always)]
    fn arcs(
        self,
        world: &[u64; W],
        (range, may_crash): (&Range, bool),
        before: bool,
        by: &Move<W>,
        message: Option<u32>,
        emit: &mut impl FnMut([u64; W], Origin),
    ) -> u64 {
        // What is free asks nothing of the world, and nobody waits for what it sends but a timeout.
        if range.idle || before && range.free && !by.timeout {
            return range.count(may_crash) as u64;
        }
        let mut known = 0;
        let range = range.of(may_crash);
        let moves: &[Move<W>] = &self.gear.moves;
        for (n, m) in (range.start as u32..).zip(&moves[range]) {
            if let Some(next) = self.go(world, m) {
                if before && self.tried(m, by) {
                    known += 1;
                } else {
                    emit(next, Origin::Arc(n, message));
                }
            }
        }
        known
    }

    /// Everything that can happen with a message.
    #[inline(always)]
    fn message(
        self,
        world: &[u64; W],
        inbox: &Inbox,
        may_crash: bool,
        before: bool,
        by: &Move<W>,
        emit: &mut impl FnMut([u64; W], Origin),
    ) -> Result<u64, Missing> {
        let mut known = 0;
        if inbox.held {
            self.release(world, inbox, emit);
        } else if inbox.link.get(world) == 0 {
            let local = inbox.to.get(world) as u32;
            let message = inbox.message as usize;
            let Some(range) = self.tables.deliver(message, local) else {
                return Err(Missing::Deliver(message, local));
            };
            let before = before && inbox.node != by.node;
            known += self.arcs(world, (range, may_crash), before, by, Some(inbox.message), emit);
        }
        if !self.tables.kept && self.tables.noise {
            known += self.noise(world, inbox, before, emit);
        }
        Ok(known)
    }

    /// A message is lost or copied.
    #[inline(never)]
    fn noise(
        self,
        world: &[u64; W],
        inbox: &Inbox,
        before: bool,
        emit: &mut impl FnMut([u64; W], Origin),
    ) -> u64 {
        let mut known = 0;
        let mut add = |next: [u64; W], origin: Origin| {
            if before {
                known += 1;
            } else {
                emit(next, origin);
            }
        };
        if let Some(mut next) = self.fault(world, Fault::Drops) {
            next[usize::from(inbox.field.word)] -= inbox.field.at(1);
            add(next, Origin::Drop(inbox.message));
        }
        // The copy of a message that is held back is free.
        let copy = if inbox.held { self.freed(inbox) } else { inbox.field };
        if copy.get(world) < u64::from(self.tables.copies)
            && let Some(mut next) = self.fault(world, Fault::Duplicates)
        {
            next[usize::from(copy.word)] += copy.at(1);
            add(next, Origin::Duplicate(inbox.message));
        }
        known
    }

    /// The field of a message that is held back, once it no longer is.
    fn freed(self, inbox: &Inbox) -> Lane {
        Lane::new(self.gear.layout.messages[self.tables.released[&inbox.message] as usize])
    }

    #[inline(never)]
    fn release(self, world: &[u64; W], inbox: &Inbox, emit: &mut impl FnMut([u64; W], Origin)) {
        let free = self.freed(inbox);
        if free.get(world) < u64::from(self.tables.copies) {
            let mut next = *world;
            if !self.tables.kept {
                next[usize::from(inbox.field.word)] -= inbox.field.at(1);
            }
            next[usize::from(free.word)] += free.at(1);
            emit(next, Origin::Release(inbox.message));
        }
    }

    /// The world after a fault of the network, if there is one left.
    #[inline(always)]
    fn fault(self, world: &[u64; W], fault: Fault) -> Option<[u64; W]> {
        if !self.tables.allows(fault) {
            return None;
        }
        let field = self.gear.faults[fault as usize];
        let mut next = *world;
        if field.mask > 0 {
            if field.get(world) == 0 {
                return None;
            }
            next[usize::from(field.word)] -= field.at(1);
        }
        Some(next)
    }

    #[inline(never)]
    fn links(self, world: &[u64; W], emit: &mut impl FnMut([u64; W], Origin)) {
        for (i, field) in self.gear.layout.cuts.iter().enumerate() {
            if field.bits == 0 {
                continue;
            }
            let word = usize::from(field.word);
            if field.get(world) == 1 {
                if !self.tables.budget.repairs {
                    continue;
                }
                let mut next = *world;
                next[word] -= field.at(1);
                emit(next, Origin::Heal(i));
            } else if let Some(mut next) = self.fault(world, Fault::Cuts) {
                next[word] += field.at(1);
                emit(next, Origin::Cut(i));
            }
        }
    }
}
