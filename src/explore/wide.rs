//! The search over worlds of a certain width: breadth first. Only this file and `store` are hot.
//!
//! Most steps lead to worlds that are known, and most of these need not be looked up. Let a world have been found
//! from its parent by the step `b`, and let `a` be a step that was tried in the parent before `b`, at another
//! node, neither of them touching what the other needs. Then `a` after `b` leads where `b` after `a` leads, and
//! the world after `a` alone was known before the one after `b`, so that it is expanded before. Hence `a` finds
//! nothing new here; it is counted and no more. What is found, in which order and from which parent stays the same.

use super::course::{Course, Early, Range};
use super::engine::{Apart, Engine, Missing, Origin, Way, fields};
use super::layout::{Field, Layout};
use super::question::Fault;
use super::store::{Family, Hint, Slot, Store};
use std::collections::VecDeque;

/// So many successors are worked out before the first is looked up: the memory that the lookups need is then on
/// its way while the others are made.
const BATCH: usize = 256;

/// How many steps a scout takes.
const WALK: usize = 48;

/// No arc: how a world was found is not known, or was no node's doing.
const NONE: u32 = u32::MAX;

/// A field, ready to be read.
#[derive(Clone, Copy, Default)]
struct Lane {
    mask: u64,
    shift: u8,
    word: u8,
}

impl Lane {
    fn new(field: Field) -> Lane {
        Lane { mask: field.max(), shift: field.shift, word: field.word }
    }

    /// The number in a world.
    #[inline(always)]
    fn get<const W: usize>(self, world: &[u64; W]) -> u64 {
        // No word is beyond the last; said so that it need not be checked.
        world[usize::from(self.word).min(W - 1)] >> self.shift & self.mask
    }

    /// A number at its place.
    #[inline(always)]
    fn at(self, n: u64) -> u64 {
        n << self.shift
    }
}

/// Where a node's state is found.
#[derive(Clone, Copy)]
struct Seat {
    lane: Lane,
    /// 2³² by what the number counts, rounded up: multiplying costs less than dividing, and is exact up to 2¹⁶.
    by_step: u64,
    /// The same of how many numbers there are; 0 where the number is alone.
    by_base: u64,
    base: u64,
}

impl Seat {
    fn new(field: Field) -> Seat {
        let inverse = |n: u32| (1u64 << 32).div_ceil(u64::from(n));
        let by_base = if field.base == 0 { 0 } else { inverse(field.base) };
        let lane = Lane { mask: field.ones(), shift: field.shift, word: field.word };
        Seat { lane, by_step: inverse(field.step), by_base, base: u64::from(field.base) }
    }

    /// The state in a world.
    #[inline(always)]
    fn get<const W: usize>(self, world: &[u64; W]) -> u64 {
        let above = (self.lane.get(world) * self.by_step) >> 32;
        above - ((above * self.by_base) >> 32) * self.base
    }
}

/// An arc as numbers to add, and what it touches.
#[derive(Clone, Copy)]
struct Move<const W: usize> {
    /// Added to the world.
    delta: [u64; W],
    /// The fields of the messages that it sends. Must be empty, where one copy is all there may be; are set,
    /// where messages stay in flight.
    sends: [u64; W],
    /// The field of the message that it takes away.
    takes: [u64; W],
    /// The messages that are tried before the one that it takes, without those that it sends.
    before: [u64; W],
    /// Nodes below this one are tried before it.
    nodes: u8,
    /// The node that it happens to.
    node: u8,
    /// It is a timeout, and it matters whether it comes too early.
    timeout: bool,
    /// How many counts there are to check, in [`Wide::caps`].
    caps: u8,
    first_cap: u32,
    /// Faults that are counted, by bit, except for crashes: [`Range`](super::course::Range) sees to these.
    faults: u16,
}

/// What a bit of a message's field leads to.
#[derive(Clone, Copy)]
struct Inbox {
    field: Lane,
    to: Seat,
    /// The field of the link; 0 where links are never cut.
    link: Lane,
    message: u32,
    node: u8,
    held: bool,
}

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

#[inline(always)]
fn plus<const W: usize>(a: &[u64; W], b: &[u64; W]) -> [u64; W] {
    std::array::from_fn(|i| a[i].wrapping_add(b[i]))
}

#[inline(always)]
fn meet<const W: usize>(a: &[u64; W], b: &[u64; W]) -> bool {
    (0..W).fold(0, |any, i| any | a[i] & b[i]) != 0
}

impl<const W: usize> Wide<W> {
    /// Puts a search together.
    pub fn build(apart: Apart, layout: Layout) -> Box<dyn Engine> {
        let nothing = [0; W];
        let fresh = Move {
            delta: nothing,
            sends: nothing,
            takes: nothing,
            before: nothing,
            nodes: 0,
            node: u8::MAX,
            timeout: false,
            caps: 0,
            first_cap: 0,
            faults: 0,
        };
        let mut engine = Box::new(Wide {
            course: apart.course,
            store: Store::new(),
            family: apart.family,
            moves: Vec::new(),
            fresh,
            caps: Vec::new(),
            nodes: layout.locals.iter().copied().map(Seat::new).collect(),
            faults: layout.faults.map(Lane::new),
            inboxes: Vec::new(),
            by_bit: Vec::new(),
            letters: nothing,
            pending: Vec::new(),
            expanded: apart.expanded,
            // In another layout steps are tried in another order.
            found_by: std::iter::repeat_n(NONE, apart.worlds.count() - apart.expanded).collect(),
            buffer: Vec::with_capacity(2 * BATCH),
            slots: Vec::with_capacity(2 * BATCH),
            hints: Vec::with_capacity(2 * BATCH),
            ends: Vec::new(),
            layout,
        });
        engine.adapt();
        let way = Way::between(&apart.layout, &engine.layout);
        for n in 0..apart.worlds.count() {
            let mut world = nothing;
            apart.worlds.carry(n, &way, &mut world);
            engine.store.push(&world);
        }
        engine.store.index();
        engine.course.moved += apart.worlds.count() as u64;
        engine
    }

    fn pack(&self, numbers: &[u32]) -> [u64; W] {
        let mut world = [0u64; W];
        for (n, field) in numbers.iter().zip(fields(&self.layout)) {
            world[usize::from(field.word)] += field.at(*n);
        }
        world
    }

    /// Works out everything that depends on the layout.
    fn adapt(&mut self) {
        let letters = self.course.letters().to_vec();
        self.inboxes.clear();
        for (n, letter) in letters.iter().enumerate() {
            let field = self.layout.messages[n];
            let word = usize::from(field.word);
            self.letters[word] |= field.mask();
            let link = self.course.link(letter.from, letter.to);
            let inbox = Inbox {
                field: Lane::new(field),
                to: self.nodes[letter.to.index()],
                link: link.map_or(Lane::default(), |l| Lane::new(self.layout.cuts[l])),
                message: n as u32,
                node: letter.to.0,
                held: letter.held,
            };
            self.inboxes.push(inbox);
            self.by_bit.resize(64 * W, inbox);
            let first = word * 64 + usize::from(field.shift);
            self.by_bit[first..first + usize::from(field.bits)].fill(inbox);
        }
        self.pending = vec![[0; W]; self.nodes.len()];
        for (inbox, field) in self.inboxes.iter().zip(&self.layout.messages) {
            self.pending[usize::from(inbox.node)][usize::from(field.word)] |= field.mask();
        }
        self.moves.clear();
        self.caps.clear();
        for n in 0..self.course.arcs.len() {
            self.add_move(n);
        }
    }

    /// Turns the `n`-th arc into numbers to add.
    fn add_move(&mut self, n: usize) {
        let placed = &self.course.arcs[n];
        let (node, arc) = (placed.node.0, &placed.arc);
        let mut m = Move { node, nodes: node, ..self.fresh };
        let field = self.layout.locals[placed.node.index()];
        m.delta[usize::from(field.word)] = field.at(arc.to).wrapping_sub(field.at(placed.local));
        let kept = self.course.kept;
        m.first_cap = self.caps.len() as u32;
        for (message, times) in runs(&arc.sends) {
            let field = self.layout.messages[message as usize];
            let word = usize::from(field.word);
            m.sends[word] |= if kept { field.at(1) } else { field.mask() };
            if !kept {
                m.delta[word] = m.delta[word].wrapping_add(field.at(u32::from(times)));
                if self.course.copies > 1 || times > 1 {
                    self.caps.push((Lane::new(field), times));
                    m.caps += 1;
                }
            }
        }
        for fault in Fault::ALL.into_iter().filter(|f| arc.faults >> *f as u16 & 1 == 1) {
            let field = self.layout.faults[fault as usize];
            if field.bits > 0 {
                m.faults |= 1 << fault as u16;
                let word = usize::from(field.word);
                m.delta[word] = m.delta[word].wrapping_sub(field.at(1));
            }
        }
        m.faults &= !(1 << Fault::Crashes as u16);
        m.timeout = arc.timeout && self.course.early != Early::Free;
        if let Some(message) = placed.message {
            let field = self.layout.messages[message as usize];
            let word = usize::from(field.word);
            m.nodes = u8::MAX;
            if !kept {
                m.takes[word] = field.mask();
                m.delta[word] = m.delta[word].wrapping_sub(field.at(1));
            }
            m.before = std::array::from_fn(|i| match i.cmp(&word) {
                std::cmp::Ordering::Less => u64::MAX,
                std::cmp::Ordering::Equal => (1 << field.shift) - 1,
                std::cmp::Ordering::Greater => 0,
            });
            for i in 0..W {
                m.before[i] &= self.letters[i] & !m.sends[i];
            }
        }
        self.moves.push(m);
    }

    /// Whether something can still reach a node.
    #[inline(always)]
    fn awaits(&self, world: &[u64; W], node: u8) -> bool {
        if !meet(world, &self.pending[usize::from(node)]) {
            return false;
        }
        if self.layout.cuts.is_empty() {
            return true;
        }
        self.inboxes
            .iter()
            .filter(|i| i.node == node && i.field.get(world) > 0)
            .any(|i| i.link.get(world) == 0)
    }

    /// One arc from a world; `None` if it cannot be.
    #[inline(always)]
    fn go(&self, world: &[u64; W], m: &Move<W>) -> Option<[u64; W]> {
        if m.faults != 0 && !self.affords(world, m.faults) {
            return None;
        }
        let mut next = plus(world, &m.delta);
        if self.course.kept {
            for (word, sent) in next.iter_mut().zip(&m.sends) {
                *word |= sent;
            }
            if !self.course.released.is_empty() {
                self.hold_back(world, &mut next);
            }
        } else if self.course.copies == 1 && m.caps == 0 {
            // What it takes away it may send again.
            if (0..W).fold(0, |any, i| any | world[i] & m.sends[i] & !m.takes[i]) != 0 {
                return None;
            }
        } else if !self.has_room(world, m) {
            return None;
        }
        if m.timeout && self.awaits(world, m.node) {
            let early = self.faults[Fault::Early as usize];
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
    fn hold_back(&self, world: &[u64; W], next: &mut [u64; W]) {
        for (held, free) in &self.course.released {
            let (held, free) = (self.layout.messages[*held as usize], self.layout.messages[*free as usize]);
            if held.get(world) == 1 && free.get(world) == 0 {
                next[usize::from(free.word)] &= !free.mask();
            }
        }
    }

    /// Whether no message that an arc sends is in flight more often than is allowed.
    #[inline(always)]
    fn has_room(&self, world: &[u64; W], m: &Move<W>) -> bool {
        let first = m.first_cap as usize;
        self.caps[first..first + usize::from(m.caps)].iter().all(|(field, times)| {
            let taken = u64::from(field.at(field.mask) & m.takes[usize::from(field.word).min(W - 1)] != 0);
            field.get(world) - taken + u64::from(*times) <= u64::from(self.course.copies)
        })
    }

    #[inline(never)]
    fn affords(&self, world: &[u64; W], faults: u16) -> bool {
        (0..Fault::COUNT).filter(|i| faults >> i & 1 == 1).all(|i| self.faults[i].get(world) > 0)
    }

    /// Whether `a` leads to nothing new in a world that `b` led to, if `a` could be tried before `b` and happens
    /// to another node.
    #[inline(always)]
    fn tried(&self, a: &Move<W>, b: &Move<W>) -> bool {
        let hurries = a.timeout && meet(&b.sends, &self.pending[usize::from(a.node)]);
        let hurried = b.timeout && meet(&a.sends, &self.pending[usize::from(b.node)]);
        !(meet(&a.sends, &b.takes) || hurries || hurried)
    }

    /// What can happen in a world that `by` led to, without what leads to worlds that are known; says how much
    /// that is.
    #[inline(always)]
    fn successors(
        &self,
        world: &[u64; W],
        by: &Move<W>,
        mut emit: impl FnMut([u64; W], Origin),
    ) -> Result<u64, Missing> {
        let mut known = 0;
        let crash = self.faults[Fault::Crashes as usize];
        let may_crash = crash.mask == 0 || crash.get(world) > 0;
        for (node, field) in self.nodes.iter().enumerate() {
            let local = field.get(world) as u32;
            let Some(range) = self.course.own(node, local) else {
                return Err(Missing::Own(node, local));
            };
            let before = (node as u8) < by.nodes && node as u8 != by.node;
            known += self.arcs(world, (range, may_crash), before, by, None, &mut emit);
        }
        for word in 0..W {
            let mut left = world[word] & self.letters[word];
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                let inbox = &self.by_bit[word * 64 + bit];
                left &= !inbox.field.at(inbox.field.mask);
                let before = by.before[word] >> bit & 1 == 1;
                known += self.message(world, inbox, may_crash, before, by, &mut emit)?;
            }
        }
        if !self.layout.cuts.is_empty() {
            self.links(world, &mut emit);
        }
        Ok(known)
    }

    /// The arcs of one node from one state.
    #[inline(always)]
    fn arcs(
        &self,
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
        for (n, m) in (range.start as u32..).zip(&self.moves[range]) {
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
        &self,
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
            let Some(range) = self.course.deliver(message, local) else {
                return Err(Missing::Deliver(message, local));
            };
            let before = before && inbox.node != by.node;
            known += self.arcs(world, (range, may_crash), before, by, Some(inbox.message), emit);
        }
        if !self.course.kept && self.course.noise {
            known += self.noise(world, inbox, before, emit);
        }
        Ok(known)
    }

    /// A message is lost or copied.
    #[inline(never)]
    fn noise(
        &self,
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
        if copy.get(world) < u64::from(self.course.copies)
            && let Some(mut next) = self.fault(world, Fault::Duplicates)
        {
            next[usize::from(copy.word)] += copy.at(1);
            add(next, Origin::Duplicate(inbox.message));
        }
        known
    }

    /// The field of a message that is held back, once it no longer is.
    fn freed(&self, inbox: &Inbox) -> Lane {
        Lane::new(self.layout.messages[self.course.released[&inbox.message] as usize])
    }

    #[inline(never)]
    fn release(&self, world: &[u64; W], inbox: &Inbox, emit: &mut impl FnMut([u64; W], Origin)) {
        let free = self.freed(inbox);
        if free.get(world) < u64::from(self.course.copies) {
            let mut next = *world;
            if !self.course.kept {
                next[usize::from(inbox.field.word)] -= inbox.field.at(1);
            }
            next[usize::from(free.word)] += free.at(1);
            emit(next, Origin::Release(inbox.message));
        }
    }

    /// The world after a fault of the network, if there is one left.
    #[inline(always)]
    fn fault(&self, world: &[u64; W], fault: Fault) -> Option<[u64; W]> {
        if !self.course.allows(fault) {
            return None;
        }
        let field = self.faults[fault as usize];
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
    fn links(&self, world: &[u64; W], emit: &mut impl FnMut([u64; W], Origin)) {
        for (i, field) in self.layout.cuts.iter().enumerate() {
            if field.bits == 0 {
                continue;
            }
            let word = usize::from(field.word);
            if field.get(world) == 1 {
                if !self.course.budget().repairs {
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

/// How often each number stands in an ascending list.
fn runs(list: &[u32]) -> impl Iterator<Item = (u32, u8)> + '_ {
    list.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u8))
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
