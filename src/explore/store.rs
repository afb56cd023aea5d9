//! Worlds that have been seen: exact, in the order in which they were found.
//!
//! Each world is stored whole, in segments that never move, so that memory does not double when it grows.
//! Tables of one number a world find them again: a hash tag above, the world's number below, open
//! addressing with linear probing. Whole worlds are compared: a hash alone never says "seen". There are many small
//! tables, and each grows by itself, so that nobody who waits between two steps waits for all of them.
//!
//! A breadth-first search finds children in the order of their parents, so who whose parent is takes two bits
//! a world: a 0 for each child, a 1 when the parent is done.

const SEGMENT: usize = 1 << 13;
/// How many bits of a hash choose a table, and how many tables that makes.
const TABLE_BITS: u32 = 6;
const TABLES: usize = 1 << TABLE_BITS;
/// Of eight places in a table, how many may be taken.
const LOAD: usize = 5;
/// The fewest places in a table.
const FEWEST: usize = 16;
/// So many worlds are read at once when a table grows.
const CHUNK: usize = 64;

/// As long as it says, so that a place in it need not be checked.
type Segment<const W: usize> = Box<[[u64; W]; SEGMENT]>;

/// The worlds.
pub struct Store<const W: usize> {
    segments: Vec<Segment<W>>,
    len: usize,
    tables: Box<[Table]>,
    /// How many places all tables have.
    places: usize,
}

/// Where worlds are found whose hashes begin alike.
struct Table {
    entries: Box<[u32]>,
    taken: usize,
    /// These low bits of an entry are a world's number, counted from 1.
    low: u32,
}

/// Where a world belongs, and the tag by which most others are told apart.
#[derive(Clone, Copy)]
pub struct Slot {
    high: u32,
    low: u32,
}

/// The world that stands where another belongs and may well be the same; the first of all where none does.
#[derive(Clone, Copy)]
pub struct Hint(u32);

impl Slot {
    #[inline(always)]
    fn table(self) -> usize {
        (self.high >> (32 - TABLE_BITS)) as usize
    }

    #[inline(always)]
    fn place(self, places: usize) -> usize {
        ((u64::from(self.high << TABLE_BITS) * places as u64) >> 32) as usize
    }
}

/// Two rounds of multiplying, as one leaves the patterns of packed worlds visible; the top bits are the best.
#[inline(always)]
fn hash<const W: usize>(world: &[u64; W]) -> u64 {
    let mut h = 0u64;
    for word in world {
        h = (h ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        h ^= h >> 29;
    }
    h = h.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h ^ h >> 32
}

impl Table {
    fn new(places: usize) -> Table {
        // Were all places of all tables taken, their numbers would just fit.
        let low = (1u32 << (places * TABLES).ilog2().min(31)) - 1;
        Table { entries: vec![0; places].into(), taken: 0, low }
    }

    /// Whether the world with this number needs a larger table.
    #[inline(always)]
    fn is_full(&self, n: usize) -> bool {
        self.taken * 8 >= self.entries.len() * LOAD || n >= self.low as usize
    }

    /// Adds a world that is not there.
    #[inline(always)]
    fn add(&mut self, slot: Slot, n: usize) {
        let mut at = slot.place(self.entries.len());
        while self.entries[at] != 0 {
            at += 1;
            if at == self.entries.len() {
                at = 0;
            }
        }
        self.entries[at] = slot.low & !self.low | (n as u32 + 1);
        self.taken += 1;
    }
}

impl<const W: usize> Store<W> {
    /// No worlds.
    pub fn new() -> Self {
        let tables = (0..TABLES).map(|_| Table::new(FEWEST)).collect();
        Store { segments: Vec::new(), len: 0, tables, places: TABLES * FEWEST }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The memory taken, in bytes.
    pub fn bytes(&self) -> usize {
        self.segments.len() * SEGMENT * 8 * W + self.places * 4
    }

    /// The `i`-th world.
    #[inline(always)]
    pub fn get(&self, i: usize) -> &[u64; W] {
        let segments: &[_] = &self.segments;
        &segments[i / SEGMENT][i % SEGMENT]
    }

    /// Where a world belongs.
    #[inline(always)]
    pub fn slot(world: &[u64; W]) -> Slot {
        let h = hash(world);
        Slot { high: (h >> 32) as u32, low: h as u32 }
    }

    /// What stands where a world belongs, so that the memory is at hand when it is needed.
    #[inline(always)]
    pub fn peek(&self, slot: Slot) -> Hint {
        let table = &self.tables[slot.table()];
        let entry = table.entries[slot.place(table.entries.len())];
        let alike = entry != 0 && (entry ^ slot.low) & !table.low == 0;
        Hint(if alike { (entry & table.low) - 1 } else { 0 })
    }

    /// Part of the world that stands there, for the same reason.
    #[inline(always)]
    pub fn look(&self, hint: Hint) -> u64 {
        self.get(hint.0 as usize)[0]
    }

    /// Adds a world; `None` if it was there, else its number.
    #[inline(always)]
    pub fn insert(&mut self, world: &[u64; W], slot: Slot) -> Option<usize> {
        let n = self.len;
        if self.tables[slot.table()].is_full(n) {
            self.grow(slot.table());
        }
        let table = &self.tables[slot.table()];
        let tag = slot.low & !table.low;
        let mut at = slot.place(table.entries.len());
        loop {
            let entry = table.entries[at];
            if entry == 0 {
                break;
            }
            if entry & !table.low == tag && self.get((entry & table.low) as usize - 1) == world {
                return None;
            }
            at += 1;
            if at == table.entries.len() {
                at = 0;
            }
        }
        let table = &mut self.tables[slot.table()];
        table.entries[at] = tag | (n as u32 + 1);
        table.taken += 1;
        self.push(world);
        Some(n)
    }

    /// Adds a world that is not there yet, without its place in a table: [`Store::index`] follows.
    #[inline(always)]
    pub fn push(&mut self, world: &[u64; W]) {
        let n = self.len;
        if n.is_multiple_of(SEGMENT) {
            let segment = vec![[0; W]; SEGMENT].into_boxed_slice();
            self.segments.push(segment.try_into().expect("it is as long as it says"));
        }
        self.segments[n / SEGMENT][n % SEGMENT] = *world;
        self.len += 1;
    }

    /// Gives every world its place.
    pub fn index(&mut self) {
        let mut places = FEWEST;
        while self.len * 8 >= places * TABLES * LOAD {
            places *= 2;
        }
        self.tables = (0..TABLES).map(|_| Table::new(places)).collect();
        self.places = places * TABLES;
        for start in (0..self.len).step_by(CHUNK) {
            let chunk = start..self.len.min(start + CHUNK);
            let mut slots = [Slot { high: 0, low: 0 }; CHUNK];
            for (slot, n) in slots.iter_mut().zip(chunk.clone()) {
                *slot = Self::slot(self.get(n));
            }
            for (slot, n) in slots.iter().zip(chunk) {
                if self.tables[slot.table()].is_full(n) {
                    self.grow(slot.table());
                }
                self.tables[slot.table()].add(*slot, n);
            }
        }
    }

    /// Doubles a table.
    #[inline(never)]
    fn grow(&mut self, which: usize) {
        let old = &self.tables[which];
        let mut new = Table::new(old.entries.len() * 2);
        let mut chunk = [0; CHUNK];
        let mut entries = old.entries.iter().filter(|entry| **entry != 0);
        loop {
            // In the order of the old places the new ones are side by side, but worlds are all over the place:
            // many are read at once.
            let mut count = 0;
            for (n, entry) in chunk.iter_mut().zip(&mut entries) {
                *n = (entry & old.low) as usize - 1;
                count += 1;
            }
            let mut slots = [Slot { high: 0, low: 0 }; CHUNK];
            for (slot, n) in slots.iter_mut().zip(&chunk[..count]) {
                *slot = Self::slot(self.get(*n));
            }
            for (slot, n) in slots.iter().zip(&chunk[..count]) {
                new.add(*slot, *n);
            }
            if count < CHUNK {
                break;
            }
        }
        self.places += old.entries.len();
        self.tables[which] = new;
    }
}

/// Who is whose parent.
#[derive(Default)]
pub struct Family {
    bits: Vec<u64>,
    len: usize,
    children: usize,
    /// Where each so many-th child stands.
    samples: Vec<u32>,
}

/// One child in so many is remembered.
const SAMPLE: usize = 512;

impl Family {
    /// The world that is expanded now has a child.
    #[inline(always)]
    pub fn child(&mut self) {
        if self.children.is_multiple_of(SAMPLE) {
            self.samples.push(self.len as u32);
        }
        self.children += 1;
        self.push(0);
    }

    /// The next world is expanded.
    #[inline(always)]
    pub fn next(&mut self) {
        self.push(1);
    }

    #[inline(always)]
    fn push(&mut self, bit: u64) {
        if self.len.is_multiple_of(64) {
            self.bits.push(0);
        }
        self.bits[self.len / 64] |= bit << (self.len % 64);
        self.len += 1;
    }

    /// The parent of a child; both are counted from 0, and child 0 is the first that has a parent.
    pub fn parent(&self, child: usize) -> usize {
        let mut at = self.samples[child / SAMPLE] as usize;
        let mut left = child % SAMPLE;
        loop {
            let zero = self.bits[at / 64] >> (at % 64) & 1 == 0;
            if zero && left == 0 {
                return at - child;
            }
            left -= usize::from(zero);
            at += 1;
        }
    }

    /// The memory taken, in bytes.
    pub fn bytes(&self) -> usize {
        self.bits.len() * 8 + self.samples.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Store};

    #[test]
    fn parents_are_found_again() {
        let mut family = Family::default();
        let mut parents = Vec::new();
        for parent in 0..3_000usize {
            for _ in 0..parent * 7 % 5 {
                family.child();
                parents.push(parent);
            }
            family.next();
        }
        for (child, parent) in parents.iter().enumerate() {
            assert_eq!(family.parent(child), *parent);
        }
    }

    #[test]
    fn every_world_is_stored_once() {
        let mut store = Store::<2>::new();
        for round in 0..2 {
            for n in 0..70_000u64 {
                let world = [n % 300, n / 300];
                let new = store.insert(&world, Store::slot(&world));
                assert_eq!(new, (round == 0).then_some(n as usize));
            }
        }
        assert_eq!(store.len(), 70_000);
        assert_eq!(store.get(69_999), &[69_999 % 300, 69_999 / 300]);
    }
}
