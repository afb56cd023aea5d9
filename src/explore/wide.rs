//! The search over worlds of a certain width: breadth first. Only this file, `steps`, `moves` and `store`
//! are hot.
//!
//! Most steps lead to worlds that are known, and most of these need not be looked up. Let a world have been found
//! from its parent by the step `b`, and let `a` be a step that was tried in the parent before `b`, at another
//! node, neither of them touching what the other needs. Then `a` after `b` leads where `b` after `a` leads, and
//! the world after `a` alone was known before the one after `b`, so that it is expanded before. Hence `a` finds
//! nothing new here; it is counted and no more. What is found, in which order and from which parent stays the same.

mod build;
mod moves;
mod steps;

use super::course::Course;
use super::engine::{Apart, Engine, fields};
use super::layout::Layout;
use super::origin::{Missing, Origin};
use super::question::Fault;
use super::store::{Family, Hint, Slot, Store};
use moves::{Inbox, Lane, Move, Seat};
use std::collections::VecDeque;

/// So many successors are worked out before the first is looked up: the memory that the lookups need is then on
/// its way while the others are made.
const BATCH: usize = 256;

/// How many steps a scout takes.
const WALK: usize = 48;

/// No arc: how a world was found is not known, or was no node's doing.
const NONE: u32 = u32::MAX;

/// A search over worlds of `W` words.
pub struct Wide<const W: usize> {
    course: Course,
    layout: Layout,
    store: Store<W>,
    family: Family,
    moves: Vec<Move<W>>,
    /// Says of no step that it was tried before.
    fresh: Move<W>,
    caps: Vec<(Lane, u8)>,
    nodes: Vec<Seat>,
    faults: [Lane; Fault::COUNT],
    inboxes: Vec<Inbox>,
    /// The same for each bit of each word.
    by_bit: Vec<Inbox>,
    /// The bits of each word that count messages.
    letters: [u64; W],
    /// What can still reach each node, links aside.
    pending: Vec<[u64; W]>,
    expanded: usize,
    /// By which arc each world was found that is still to be expanded.
    found_by: VecDeque<u32>,
    /// Worlds that are to be looked up, and by which arc each came.
    buffer: Vec<([u64; W], u32)>,
    slots: Vec<Slot>,
    hints: Vec<Hint>,
    ends: Vec<u32>,
}

impl<const W: usize> Wide<W> {
    /// Fills in what is missing; false if that does not fit the layout.
    fn supply(&mut self, missing: Missing) -> bool {
        let (letters, arcs) = (self.inboxes.len(), self.moves.len());
        self.course.supply(missing);
        if !self.course.fits(&self.layout) {
            return false;
        }
        if self.course.letters().len() > letters {
            self.adapt();
        } else {
            (arcs..self.course.arcs.len()).for_each(|n| self.add_move(n));
        }
        true
    }

    /// Replaces what is in the buffer by what stands for its orbit; false if that needs a new layout.
    fn stand_for_orbits(&mut self, from: usize) -> bool {
        for i in from..self.buffer.len() {
            let numbers: Vec<u32> = fields(&self.layout).map(|f| f.get(&self.buffer[i].0)).collect();
            let known = self.inboxes.len();
            let canonical = self.course.canonical(&numbers);
            if !self.course.fits(&self.layout) {
                return false;
            }
            if self.course.letters().len() > known {
                self.adapt();
            }
            self.buffer[i].0 = self.pack(&canonical);
        }
        true
    }

    /// Puts what can come of the next world into the buffer; says how many others are known already.
    #[inline(always)]
    fn expand(&mut self) -> Result<u64, Missing> {
        let world = *self.store.get(self.expanded);
        // Orbits have no order in which steps are tried.
        let plain = !self.course.symmetric() && self.course.released.is_empty();
        let by = self.found_by.front().filter(|by| plain && **by != NONE);
        let by = by.map_or(&self.fresh, |by| &self.moves[*by as usize]);
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut same = 0;
        let result = self.successors(&world, by, |next, origin| {
            if next == world {
                same += 1;
                return;
            }
            let by = if let Origin::Arc(n, _) = origin { n } else { NONE };
            buffer.push((next, by));
        });
        self.buffer = buffer;
        result.map(|known| known + same)
    }

    /// Looks at a new world.
    #[inline(always)]
    fn found(course: &mut Course, nodes: &[Seat], layout: &Layout, n: usize, world: &[u64; W]) {
        if course.looks() {
            let mut any = 0;
            for (node, field) in nodes.iter().enumerate() {
                any |= course.flags(node, field.get(world) as u32);
            }
            course.found(n, world, layout, any);
        }
    }

    /// Looks up what is in the buffer, and keeps what is new.
    fn settle(&mut self) {
        self.slots.clear();
        self.slots.extend(self.buffer.iter().map(|(world, _)| Store::slot(world)));
        // Touch the places first, then the worlds that stand there: the processor fetches them together.
        self.hints.clear();
        self.hints.extend(self.slots.iter().map(|slot| self.store.peek(*slot)));
        let touched = self.hints.iter().fold(0, |all, hint| all ^ self.store.look(*hint));
        std::hint::black_box(touched);
        let mut start = 0;
        for i in 0..self.ends.len() {
            let end = self.ends[i] as usize;
            for ((world, by), slot) in self.buffer[start..end].iter().zip(&self.slots[start..end]) {
                if let Some(n) = self.store.insert(world, *slot) {
                    self.family.child();
                    self.found_by.push_back(*by);
                    Self::found(&mut self.course, &self.nodes, &self.layout, n, world);
                }
            }
            self.family.next();
            start = end;
        }
        self.course.generated += start as u64;
        self.buffer.clear();
        self.ends.clear();
    }
}

/// A number that looks drawn by chance.
fn scramble(n: u64) -> u64 {
    n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

impl<const W: usize> Engine for Wide<W> {
    fn advance(&mut self, worlds: usize) -> bool {
        let goal = self.expanded + worlds;
        if self.expanded == 0 && self.course.generated == 0 {
            let first = *self.store.get(0);
            self.course.generated = 1;
            Self::found(&mut self.course, &self.nodes, &self.layout, 0, &first);
        }
        while self.expanded < goal && !self.course.done() {
            let mut stale = false;
            while self.buffer.len() < BATCH && self.expanded < self.store.len() && self.course.deeper() {
                let mark = self.buffer.len();
                match self.expand() {
                    Ok(known) if !self.course.symmetric() || self.stand_for_orbits(mark) => {
                        self.course.generated += known;
                        self.expanded += 1;
                        self.found_by.pop_front();
                        self.ends.push(self.buffer.len() as u32);
                    }
                    Ok(_) => {
                        self.buffer.truncate(mark);
                        stale = true;
                        break;
                    }
                    Err(missing) => {
                        self.buffer.truncate(mark);
                        if !self.supply(missing) {
                            stale = true;
                            break;
                        }
                    }
                }
                if self.expanded == self.course.level_end {
                    // The next level is known only when this one has been looked up.
                    break;
                }
            }
            let nothing = self.ends.is_empty();
            self.settle();
            self.course.level(self.expanded, self.store.len());
            if stale {
                return true;
            }
            if nothing {
                break;
            }
        }
        false
    }

    fn course(&self) -> &Course {
        &self.course
    }

    fn course_mut(&mut self) -> &mut Course {
        &mut self.course
    }

    fn len(&self) -> usize {
        self.store.len()
    }

    fn expanded(&self) -> usize {
        self.expanded
    }

    fn bytes(&self) -> usize {
        self.store.bytes() + self.family.bytes() + self.found_by.capacity() * 4 + self.course.bytes()
    }

    fn numbers(&self, world: usize, out: &mut Vec<u32>) {
        let world = self.store.get(world);
        out.clear();
        out.extend(fields(&self.layout).map(|f| f.get(world)));
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn parent(&self, world: usize) -> Option<usize> {
        world.checked_sub(1).map(|child| self.family.parent(child))
    }

    fn steps(&mut self, numbers: &[u32]) -> Option<Vec<(Origin, Vec<u32>)>> {
        let world = self.pack(numbers);
        loop {
            let mut all = Vec::new();
            let result = self.successors(&world, &self.fresh, |next, origin| all.push((origin, next)));
            match result {
                Err(missing) => {
                    if !self.supply(missing) {
                        return None;
                    }
                }
                Ok(_) => {
                    let read = |world: [u64; W]| fields(&self.layout).map(|f| f.get(&world)).collect();
                    return Some(all.into_iter().map(|(origin, next)| (origin, read(next))).collect());
                }
            }
        }
    }

    fn scout(&mut self, walks: usize, seed: &mut u64) -> bool {
        for walk in 0..walks {
            let mut draw = || {
                *seed = scramble(*seed);
                *seed >> 32
            };
            let within = |drawn: u64, below: usize| ((drawn * below as u64) >> 32) as usize;
            // What takes many steps of the same kind is seldom found by chance: on every other walk some kinds of
            // steps always come before others, in an order drawn for this walk.
            let order = (walk % 2 == 1).then(&mut draw);
            let from = if walk % 4 == 1 { 0 } else { within(draw(), self.store.len()) };
            let mut world = *self.store.get(from);
            for _ in 0..WALK {
                let mut all = Vec::new();
                while let Err(missing) =
                    self.successors(&world, &self.fresh, |next, origin| all.push((next, origin)))
                {
                    all.clear();
                    if !self.supply(missing) {
                        return true;
                    }
                }
                all.retain(|(next, _)| *next != world);
                if let Some(order) = order {
                    let rank = |origin| scramble(order ^ self.course.kind(origin));
                    let first = all.iter().map(|(_, origin)| rank(*origin)).max();
                    all.retain(|(_, origin)| Some(rank(*origin)) == first);
                }
                if all.is_empty() {
                    break;
                }
                world = all[within(draw(), all.len())].0;
            }
        }
        false
    }

    fn apart(self: Box<Self>) -> Apart {
        let Wide { course, layout, store, family, expanded, .. } = *self;
        Apart { course, worlds: Box::new(store), layout, family, expanded }
    }
}
