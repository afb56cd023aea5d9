//! The search over worlds of a certain width: breadth first. Only this file, `steps`, `moves` and `store`
//! are hot.
//!
//! Most steps lead to worlds that are known, and most of these need not be looked up. Let a world have been found
//! from its parent by the step `b`, and let `a` be a step that was tried in the parent before `b`, at another
//! node, neither of them touching what the other needs. Then `a` after `b` leads where `b` after `a` leads, and
//! the world after `a` alone was known before the one after `b`, so that it is expanded before. Hence `a` finds
//! nothing new here; it is counted and no more. What is found, in which order and from which parent stays the same.

mod batch;
mod build;
mod gear;
mod moves;
#[cfg(not(target_family = "wasm"))]
mod pair;
mod steps;

use super::course::Course;
use super::engine::{Apart, Engine, Stint, fields};
use super::layout::Layout;
use super::origin::{Missing, Origin};
use super::store::{Family, Hint, Slot, Store};
use batch::Batch;
use gear::Gear;
use moves::Seat;
use std::collections::VecDeque;
use std::sync::Arc;
use steps::Steps;

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
    gear: Arc<Gear<W>>,
    store: Store<W>,
    family: Family,
    expanded: usize,
    /// By which arc each world was found that is still to be expanded.
    found_by: VecDeque<u32>,
    batch: Batch<W>,
    slots: Vec<Slot>,
    hints: Vec<Hint>,
}

impl<const W: usize> Wide<W> {
    fn ways(&self) -> Steps<'_, W> {
        Steps { gear: &self.gear, tables: self.course.tables() }
    }

    /// Whether steps are tried in the order that spares those that were tried before: orbits have none.
    fn plain(&self) -> bool {
        !self.course.symmetric() && self.course.tables().released.is_empty()
    }

    /// Fills in what is missing; false if that does not fit the layout.
    fn supply(&mut self, missing: Missing) -> bool {
        self.course.supply(missing);
        self.learn()
    }

    /// Takes in what the course has learnt; false if that does not fit the layout.
    fn learn(&mut self) -> bool {
        let fits = self.course.fits(&self.gear.layout);
        if fits {
            Arc::make_mut(&mut self.gear).learn(&self.course);
        }
        fits
    }

    /// Replaces the children by what stands for their orbits; false if that needs a new layout: what had been
    /// done by then is kept.
    fn stand_for_orbits(&mut self, batch: &mut Batch<W>) -> bool {
        let mut start = 0;
        for i in 0..batch.done.len() {
            let end = batch.done[i].0 as usize;
            for child in &mut batch.children[start..end] {
                let numbers: Vec<u32> = fields(&self.gear.layout).map(|f| f.get(child)).collect();
                let canonical = self.course.canonical(&numbers);
                if !self.learn() {
                    batch.keep(i);
                    return false;
                }
                *child = self.gear.pack(&canonical);
            }
            start = end;
        }
        true
    }

    /// Everything that can happen in a world, whatever came before; `None` if a new layout is needed first.
    #[inline(never)]
    fn all(&mut self, world: &[u64; W]) -> Option<Vec<([u64; W], Origin)>> {
        loop {
            let mut all = Vec::new();
            let emit = |next, origin| all.push((next, origin));
            match self.ways().successors(world, &self.gear.fresh, emit) {
                Ok(_) => return Some(all),
                Err(missing) => self.supply(missing).then_some(())?,
            }
        }
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

    /// Begins a batch with at most so many worlds of this level.
    fn begin(&self, batch: &mut Batch<W>, from: usize, most: usize) -> usize {
        let to = self.course.level_end.min(from + most);
        batch.clear();
        batch.parents.extend((from..to).map(|n| *self.store.get(n)));
        batch.found_by.extend(self.found_by.range(from - self.expanded..to - self.expanded));
        to
    }

    /// Looks up what comes of the worlds of a batch that are done, and keeps what is new. When nothing more is
    /// wanted it leaves the rest, at the very world where any other batches would.
    fn settle(&mut self, batch: &Batch<W>, stint: Stint) {
        let (mut start, mut peeked, mut settled) = (0, 0, 0);
        let (children, arcs) = (&batch.children[..], &batch.arcs[..]);
        self.slots.clear();
        for (end, known) in &batch.done {
            let end = *end as usize;
            if end > peeked {
                // Touch the places first, then the worlds that stand there: the processor fetches them together.
                let ahead = &children[peeked..(peeked + BATCH).max(end).min(children.len())];
                self.slots.extend(ahead.iter().map(Store::slot));
                self.hints.clear();
                self.hints.extend(self.slots[peeked..].iter().map(|slot| self.store.peek(*slot)));
                let touched = self.hints.iter().fold(0, |all, hint| all ^ self.store.look(*hint));
                std::hint::black_box(touched);
                peeked += ahead.len();
            }
            let found = children[start..end].iter().zip(&arcs[start..end]).zip(&self.slots[start..end]);
            for ((world, arc), slot) in found {
                if let Some(n) = self.store.insert(world, *slot) {
                    self.family.child();
                    self.found_by.push_back(*arc);
                    let gear = &*self.gear;
                    Self::found(&mut self.course, &gear.nodes, &gear.layout, n, world);
                }
            }
            self.family.next();
            self.course.generated += (end - start) as u64 + u64::from(*known);
            start = end;
            settled += 1;
            if self.course.done() || self.store.len() >= stint.worlds {
                break;
            }
        }
        self.found_by.drain(..settled);
        self.expanded += settled;
        self.course.level(self.expanded, self.store.len());
    }

    /// One batch after another on this thread; true if a new layout is needed.
    fn alone(&mut self, stint: Stint) -> bool {
        let mut batch = std::mem::replace(&mut self.batch, Batch::new());
        let mut stale = false;
        while !stale && !self.rests(stint) {
            // About as many as the last one had room for.
            let parents = batch.done.len() + 8;
            self.begin(&mut batch, self.expanded, parents);
            batch.fill(self.ways(), self.plain(), BATCH);
            stale = self.course.symmetric() && !self.stand_for_orbits(&mut batch);
            self.settle(&batch, stint);
            if let Some(missing) = batch.missing
                && !self.rests(stint)
            {
                stale = stale || !self.supply(missing);
            }
        }
        self.batch = batch;
        stale
    }

    /// Whether a stint is over.
    fn rests(&self, stint: Stint) -> bool {
        self.expanded >= stint.expanded.min(self.store.len())
            || self.store.len() >= stint.worlds
            || self.course.done()
            || !self.course.deeper()
    }
}

/// A number that looks drawn by chance.
fn scramble(n: u64) -> u64 {
    n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

impl<const W: usize> Engine for Wide<W> {
    fn advance(&mut self, stint: Stint) -> bool {
        if self.expanded == 0 && self.course.generated == 0 {
            let first = *self.store.get(0);
            self.course.generated = 1;
            Self::found(&mut self.course, &self.gear.nodes, &self.gear.layout, 0, &first);
        }
        #[cfg(not(target_family = "wasm"))]
        if stint.pair && !self.course.symmetric() && self.course.level_end - self.expanded >= pair::WORTH {
            return self.in_pairs(stint);
        }
        self.alone(stint)
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
        out.extend(fields(&self.gear.layout).map(|f| f.get(world)));
    }

    fn layout(&self) -> &Layout {
        &self.gear.layout
    }

    fn parent(&self, world: usize) -> Option<usize> {
        world.checked_sub(1).map(|child| self.family.parent(child))
    }

    fn steps(&mut self, numbers: &[u32]) -> Option<Vec<(Origin, Vec<u32>)>> {
        let world = self.gear.pack(numbers);
        let all = self.all(&world)?;
        let read = |world: [u64; W]| fields(&self.gear.layout).map(|f| f.get(&world)).collect();
        Some(all.into_iter().map(|(next, origin)| (origin, read(next))).collect())
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
                let Some(mut all) = self.all(&world) else { return true };
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
        let Wide { course, gear, store, family, expanded, .. } = *self;
        Apart { course, worlds: Box::new(store), layout: gear.layout.clone(), family, expanded }
    }
}
