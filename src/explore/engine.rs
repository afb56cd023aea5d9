//! The search itself: breadth first over packed worlds. Only this file is hot.

use super::course::Course;
use super::layout::{Field, Layout, MAX_WORDS};
use super::question::Fault;
use super::store::{Family, Slot, Store};

/// So many successors are worked out before the first is looked up: the memory that the lookups need is then on
/// its way while the others are made.
const BATCH: usize = 256;

/// How many steps a scout takes.
const WALK: usize = 48;

/// Where a successor comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Something happened to a node, by arc number; a message with this number was taken, unless there was none.
    Arc(u32, Option<u32>),
    /// The network lost a message.
    Drop(u32),
    /// The network copied a message.
    Duplicate(u32),
    /// A message is no longer held back.
    Release(u32),
    /// A link was cut.
    Cut(usize),
    /// A link was healed.
    Heal(usize),
}

/// What must be worked out before a world can be expanded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// What can happen to a node of itself.
    Own(usize, u32),
    /// What a message leads to.
    Deliver(usize, u32),
}

/// An arc as numbers to add.
#[derive(Clone, Copy)]
struct Move<const W: usize> {
    /// Added to the world.
    delta: [u64; W],
    /// The fields of the messages that it sends. Must be empty, where one copy is all there may be; are set,
    /// where messages stay in flight.
    sends: [u64; W],
    /// Faults that are counted, by bit.
    faults: u16,
    /// The node, where it is a timeout.
    timeout: Option<u8>,
    /// Where more than one copy may be: the counts to check, in [`Engine::caps`].
    caps: (u32, u8),
}

/// What a bit of a message's field leads to.
#[derive(Clone, Copy)]
struct Inbox {
    message: u32,
    field: Field,
    to: Field,
    node: u8,
    /// The field of the link; no bits where links are never cut.
    link: Field,
    held: bool,
}

/// What all widths can do.
pub trait Engine {
    /// Expands at least so many worlds, unless there are no more or a new layout is needed; true if it is.
    fn advance(&mut self, worlds: usize) -> bool;
    /// What is known beside the worlds.
    fn course(&self) -> &Course;
    /// The same, to change.
    fn course_mut(&mut self) -> &mut Course;
    /// How many worlds there are.
    fn len(&self) -> usize;
    /// How many of them have been expanded.
    fn expanded(&self) -> usize;
    /// The memory of the search, in bytes.
    fn bytes(&self) -> usize;
    /// The numbers of a world, in the order of [`numbers`].
    fn numbers(&self, world: usize, out: &mut Vec<u32>);
    /// The layout.
    fn layout(&self) -> &Layout;
    /// A world's parent; `None` for the first.
    fn parent(&self, world: usize) -> Option<usize>;
    /// Everything that can happen in a world, with what comes of it, as numbers; `None` if a new layout is
    /// needed first.
    fn steps(&mut self, numbers: &[u32]) -> Option<Vec<(Origin, Vec<u32>)>>;
    /// Walks about, from worlds that are known, to learn early what parts there are; true if a new layout is
    /// needed. Only a hint: what it misses is met later.
    fn scout(&mut self, walks: usize, seed: &mut u64) -> bool;
    /// Takes it apart, to be put together with another layout.
    fn apart(self: Box<Self>) -> Apart;
}

/// A search taken apart.
pub struct Apart {
    course: Course,
    worlds: Box<dyn Packed>,
    layout: Layout,
    family: Family,
    expanded: usize,
}

/// Packed worlds of any width.
trait Packed {
    fn count(&self) -> usize;
    /// Puts the bits of a world at other places.
    fn shift(&self, world: usize, shifts: &[Shift], to: &mut [u64]);
}

/// Bits that move together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Shift {
    from: u8,
    to: u8,
    mask: u64,
    left: u32,
}

/// How the bits move from one layout to another.
fn shifts(old: &Layout, new: &Layout) -> Vec<Shift> {
    let mut all: Vec<Shift> = Vec::new();
    for (old, new) in fields(old).zip(fields(new)).filter(|(old, new)| old.bits > 0 && new.bits > 0) {
        let left = u32::from(64 + new.shift - old.shift) % 64;
        let together = |s: &&mut Shift| (s.from, s.to, s.left) == (old.word, new.word, left);
        match all.iter_mut().find(together) {
            Some(shift) => shift.mask |= old.mask(),
            None => all.push(Shift { from: old.word, to: new.word, mask: old.mask(), left }),
        }
    }
    all
}

impl<const W: usize> Packed for Store<W> {
    fn count(&self) -> usize {
        self.len()
    }

    #[inline]
    fn shift(&self, world: usize, shifts: &[Shift], to: &mut [u64]) {
        let world = self.get(world);
        for s in shifts {
            to[usize::from(s.to)] |= (world[usize::from(s.from)] & s.mask).rotate_left(s.left);
        }
    }
}

/// Every field of a layout, in one order.
fn fields(layout: &Layout) -> impl Iterator<Item = Field> + '_ {
    let four = layout.locals.iter().chain(&layout.cuts).chain(&layout.faults).chain(&layout.messages);
    four.copied()
}

/// A search over worlds of `W` words.
struct Wide<const W: usize> {
    course: Course,
    layout: Layout,
    store: Store<W>,
    family: Family,
    moves: Vec<Move<W>>,
    caps: Vec<(Field, u8)>,
    inboxes: Vec<Inbox>,
    /// For each bit of each word, whose message's field it is in.
    bit_owner: Vec<u32>,
    /// The bits of each word that count messages.
    letters: [u64; W],
    /// What can still reach each node, links aside.
    pending: Vec<[u64; W]>,
    expanded: usize,
    buffer: Vec<[u64; W]>,
    slots: Vec<Slot>,
    ends: Vec<u32>,
}

/// Starts a search.
pub fn start(mut course: Course) -> Option<Box<dyn Engine>> {
    let numbers = course.start();
    let need = course.need();
    let layout = Layout::new(&need)?;
    let mut world = [0u64; MAX_WORDS];
    for (n, field) in numbers.iter().zip(fields(&layout)) {
        world[usize::from(field.word)] |= field.at(*n);
    }
    let mut first = Store::<MAX_WORDS>::new();
    first.insert(&world, Store::slot(&world));
    let worlds = Box::new(first);
    assemble(Apart { course, worlds, layout, family: Family::default(), expanded: 0 })
}

/// Puts a search together with the tightest layout for what is known by now; `None` if worlds get too wide.
pub fn assemble(apart: Apart) -> Option<Box<dyn Engine>> {
    let layout = Layout::new(&apart.course.need())?;
    Some(match layout.words {
        1 => Wide::<1>::build(apart, layout),
        2 => Wide::<2>::build(apart, layout),
        3 => Wide::<3>::build(apart, layout),
        4 => Wide::<4>::build(apart, layout),
        5 => Wide::<5>::build(apart, layout),
        6 => Wide::<6>::build(apart, layout),
        7 | 8 => Wide::<8>::build(apart, layout),
        9..=12 => Wide::<12>::build(apart, layout),
        _ => Wide::<16>::build(apart, layout),
    })
}

#[inline(always)]
fn plus<const W: usize>(a: &[u64; W], b: &[u64; W]) -> [u64; W] {
    let mut sum = *a;
    for i in 0..W {
        sum[i] = sum[i].wrapping_add(b[i]);
    }
    sum
}

#[inline(always)]
fn meet<const W: usize>(a: &[u64; W], b: &[u64; W]) -> bool {
    let mut any = 0;
    for i in 0..W {
        any |= a[i] & b[i];
    }
    any != 0
}

impl<const W: usize> Wide<W> {
    fn build(apart: Apart, layout: Layout) -> Box<dyn Engine> {
        let mut engine = Box::new(Wide {
            course: apart.course,
            store: Store::new(),
            family: apart.family,
            moves: Vec::new(),
            caps: Vec::new(),
            inboxes: Vec::new(),
            bit_owner: vec![u32::MAX; 64 * W],
            letters: [0; W],
            pending: Vec::new(),
            expanded: apart.expanded,
            buffer: Vec::with_capacity(2 * BATCH),
            slots: Vec::with_capacity(2 * BATCH),
            ends: Vec::new(),
            layout,
        });
        engine.adapt();
        let shifts = shifts(&apart.layout, &engine.layout);
        for n in 0..apart.worlds.count() {
            let mut world = [0u64; W];
            apart.worlds.shift(n, &shifts, &mut world);
            engine.store.push(&world);
        }
        engine.store.index();
        engine.course.moved += apart.worlds.count() as u64;
        engine
    }

    fn pack(&self, numbers: &[u32]) -> [u64; W] {
        let mut world = [0u64; W];
        for (n, field) in numbers.iter().zip(fields(&self.layout)) {
            world[usize::from(field.word)] |= field.at(*n);
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
            for bit in 0..field.bits {
                self.bit_owner[word * 64 + usize::from(field.shift + bit)] = n as u32;
            }
            let link = self.course.link(letter.from, letter.to);
            self.inboxes.push(Inbox {
                message: n as u32,
                field,
                to: self.layout.locals[letter.to.index()],
                node: letter.to.0,
                link: link.map_or(Field::default(), |l| self.layout.cuts[l]),
                held: letter.held,
            });
        }
        self.pending = vec![[0; W]; self.layout.locals.len()];
        for inbox in &self.inboxes {
            self.pending[usize::from(inbox.node)][usize::from(inbox.field.word)] |= inbox.field.mask();
        }
        self.moves.clear();
        self.caps.clear();
        for n in 0..self.course.arcs.len() {
            self.add_move(n);
        }
    }

    /// Turns the `n`-th arc into numbers to add.
    fn add_move(&mut self, n: usize) {
        let (node, from, arc) = &self.course.arcs[n];
        let mut delta = [0u64; W];
        let mut sends = [0u64; W];
        let field = self.layout.locals[node.index()];
        let word = usize::from(field.word);
        delta[word] = delta[word].wrapping_add(field.at(arc.to)).wrapping_sub(field.at(*from));
        let kept = self.course.kept;
        let first_cap = self.caps.len() as u32;
        let mut caps = 0;
        for (message, times) in runs(&arc.sends) {
            let field = self.layout.messages[message as usize];
            let word = usize::from(field.word);
            sends[word] |= if kept { field.at(1) } else { field.mask() };
            if !kept {
                delta[word] = delta[word].wrapping_add(field.at(u32::from(times)));
                if self.course.copies > 1 || times > 1 {
                    self.caps.push((field, times));
                    caps += 1;
                }
            }
        }
        let mut faults = 0;
        for fault in Fault::ALL {
            let field = self.layout.faults[fault as usize];
            if arc.faults >> fault as u16 & 1 == 1 && field.bits > 0 {
                faults |= 1 << fault as u16;
                let word = usize::from(field.word);
                delta[word] = delta[word].wrapping_sub(field.at(1));
            }
        }
        let timeout = arc.timeout.then_some(node.0);
        self.moves.push(Move { delta, sends, faults, timeout, caps: (first_cap, caps) });
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

    /// One arc from a world, `base` being the world without the message that it takes; `None` if it cannot be.
    #[inline(always)]
    fn go(&self, base: &[u64; W], world: &[u64; W], m: &Move<W>) -> Option<[u64; W]> {
        if self.course.kept {
            let mut next = plus(base, &m.delta);
            for (word, sent) in next.iter_mut().zip(&m.sends) {
                *word |= sent;
            }
            // What is held back is there already.
            for (held, free) in &self.course.released {
                let (held, free) =
                    (self.layout.messages[*held as usize], self.layout.messages[*free as usize]);
                if held.get(world) == 1 && free.get(base) == 0 {
                    next[usize::from(free.word)] &= !free.mask();
                }
            }
            return self.allowed(world, m, next);
        }
        if self.course.copies == 1 && m.caps.1 == 0 {
            if meet(base, &m.sends) {
                return None;
            }
        } else {
            let (first, count) = (m.caps.0 as usize, usize::from(m.caps.1));
            for (field, times) in &self.caps[first..first + count] {
                if field.get(base) + u32::from(*times) > u32::from(self.course.copies) {
                    return None;
                }
            }
        }
        self.allowed(world, m, plus(base, &m.delta))
    }

    #[inline(always)]
    fn allowed(&self, world: &[u64; W], m: &Move<W>, mut next: [u64; W]) -> Option<[u64; W]> {
        if m.faults != 0 && !self.affords(world, m.faults) {
            return None;
        }
        if let Some(node) = m.timeout
            && self.course.early != super::course::Early::Free
            && self.awaits(world, node)
        {
            let field = self.layout.faults[Fault::Early as usize];
            if field.bits == 0 || field.get(world) == 0 {
                return None;
            }
            let word = usize::from(field.word);
            next[word] = next[word].wrapping_sub(field.at(1));
        }
        Some(next)
    }

    #[inline(never)]
    fn affords(&self, world: &[u64; W], faults: u16) -> bool {
        (0..Fault::COUNT).filter(|i| faults >> i & 1 == 1).all(|i| self.layout.faults[i].get(world) > 0)
    }

    /// Everything that can happen in a world.
    #[inline(always)]
    fn successors(&self, world: &[u64; W], mut emit: impl FnMut([u64; W], Origin)) -> Result<(), Missing> {
        let crash = self.layout.faults[Fault::Crashes as usize];
        let may_crash = crash.bits == 0 || crash.get(world) > 0;
        for (node, field) in self.layout.locals.iter().enumerate() {
            let local = field.get(world);
            let range = self.course.own(node, local).ok_or(Missing::Own(node, local))?;
            for n in range.of(may_crash) {
                if let Some(next) = self.go(world, world, &self.moves[n]) {
                    emit(next, Origin::Arc(n as u32, None));
                }
            }
        }
        for word in 0..W {
            let mut left = world[word] & self.letters[word];
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                let inbox = &self.inboxes[self.bit_owner[word * 64 + bit] as usize];
                left &= !inbox.field.mask();
                self.message(world, inbox, may_crash, &mut emit)?;
            }
        }
        if !self.layout.cuts.is_empty() {
            self.links(world, &mut emit);
        }
        Ok(())
    }

    /// Everything that can happen with a message.
    #[inline(always)]
    fn message(
        &self,
        world: &[u64; W],
        inbox: &Inbox,
        may_crash: bool,
        emit: &mut impl FnMut([u64; W], Origin),
    ) -> Result<(), Missing> {
        let word = usize::from(inbox.field.word);
        let one = inbox.field.at(1);
        let mut base = *world;
        if !self.course.kept {
            base[word] -= one;
        }
        if inbox.held {
            self.release(world, &base, inbox, emit);
        } else if inbox.link.get(world) == 0 {
            let local = inbox.to.get(world);
            let range = self
                .course
                .deliver(inbox.message as usize, local)
                .ok_or(Missing::Deliver(inbox.message as usize, local))?;
            for n in range.of(may_crash) {
                if let Some(next) = self.go(&base, world, &self.moves[n]) {
                    emit(next, Origin::Arc(n as u32, Some(inbox.message)));
                }
            }
        }
        if !self.course.kept {
            if let Some(next) = self.fault(&base, world, Fault::Drops) {
                emit(next, Origin::Drop(inbox.message));
            }
            // The copy of a message that is held back is free.
            let copy = if inbox.held { self.freed(inbox) } else { inbox.field };
            if copy.get(world) < u32::from(self.course.copies)
                && let Some(mut next) = self.fault(world, world, Fault::Duplicates)
            {
                next[usize::from(copy.word)] += copy.at(1);
                emit(next, Origin::Duplicate(inbox.message));
            }
        }
        Ok(())
    }

    /// The field of a message that is held back, once it no longer is.
    fn freed(&self, inbox: &Inbox) -> Field {
        self.layout.messages[self.course.released[&inbox.message] as usize]
    }

    #[inline(never)]
    fn release(
        &self,
        world: &[u64; W],
        base: &[u64; W],
        inbox: &Inbox,
        emit: &mut impl FnMut([u64; W], Origin),
    ) {
        let field = self.freed(inbox);
        if field.get(world) < u32::from(self.course.copies) {
            let mut next = *base;
            next[usize::from(field.word)] += field.at(1);
            emit(next, Origin::Release(inbox.message));
        }
    }

    /// The world after a fault of the network, if there is one left.
    #[inline(always)]
    fn fault(&self, base: &[u64; W], world: &[u64; W], fault: Fault) -> Option<[u64; W]> {
        if !self.course.allows(fault) {
            return None;
        }
        let field = self.layout.faults[fault as usize];
        let mut next = *base;
        if field.bits > 0 {
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
            } else if let Some(mut next) = self.fault(world, world, Fault::Cuts) {
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
            let numbers: Vec<u32> = fields(&self.layout).map(|f| f.get(&self.buffer[i])).collect();
            let known = self.inboxes.len();
            let canonical = self.course.canonical(&numbers);
            if !self.course.fits(&self.layout) {
                return false;
            }
            if self.course.letters().len() > known {
                self.adapt();
            }
            self.buffer[i] = self.pack(&canonical);
        }
        true
    }

    /// Looks up what is in the buffer, and keeps what is new.
    fn settle(&mut self) {
        self.slots.clear();
        self.slots.extend(self.buffer.iter().map(Store::slot));
        // Touch the places first: the processor fetches them together.
        let touched = self.slots.iter().fold(0u32, |all, slot| all ^ self.store.peek(*slot));
        std::hint::black_box(touched);
        let mut start = 0;
        for i in 0..self.ends.len() {
            let end = self.ends[i] as usize;
            for (world, slot) in self.buffer[start..end].iter().zip(&self.slots[start..end]) {
                if let Some(n) = self.store.insert(world, *slot) {
                    self.family.child();
                    self.course.found(n, world, &self.layout);
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
            self.course.found(0, &first, &self.layout);
        }
        while self.expanded < goal && !self.course.done() {
            let mut stale = false;
            while self.buffer.len() < BATCH && self.expanded < self.store.len() && self.course.deeper() {
                let world = *self.store.get(self.expanded);
                let mark = self.buffer.len();
                let mut buffer = std::mem::take(&mut self.buffer);
                let result = self.successors(&world, |next, _| buffer.push(next));
                self.buffer = buffer;
                match result {
                    Ok(()) if self.course.symmetric() && !self.stand_for_orbits(mark) => {
                        self.buffer.truncate(mark);
                        stale = true;
                        break;
                    }
                    Ok(()) => {
                        self.expanded += 1;
                        self.ends.push(self.buffer.len() as u32);
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
        self.store.bytes() + self.family.bytes() + self.course.bytes()
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
            let result = self.successors(&world, |next, origin| all.push((origin, next)));
            match result {
                Err(missing) => {
                    if !self.supply(missing) {
                        return None;
                    }
                }
                Ok(()) => {
                    let read = |world: [u64; W]| fields(&self.layout).map(|f| f.get(&world)).collect();
                    return Some(all.into_iter().map(|(origin, next)| (origin, read(next))).collect());
                }
            }
        }
    }

    fn scout(&mut self, walks: usize, seed: &mut u64) -> bool {
        for _ in 0..walks {
            let mut random = |below: usize| {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (((*seed >> 32) * below as u64) >> 32) as usize
            };
            let mut world = *self.store.get(random(self.store.len()));
            for _ in 0..WALK {
                let mut all = Vec::new();
                while let Err(missing) = self.successors(&world, |next, _| all.push(next)) {
                    all.clear();
                    if !self.supply(missing) {
                        return true;
                    }
                }
                if all.is_empty() {
                    break;
                }
                world = all[random(all.len())];
            }
        }
        false
    }

    fn apart(self: Box<Self>) -> Apart {
        let Wide { course, layout, store, family, expanded, .. } = *self;
        Apart { course, worlds: Box::new(store), layout, family, expanded }
    }
}
