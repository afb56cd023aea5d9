//! Worlds that have been seen: exact, in the order in which they were found.
//!
//! Each world is stored whole, in segments that never move, so that memory does not double when it grows.
//! A table of one number a world finds them again: a hash tag above, the world's number below, open
//! addressing with linear probing. Whole worlds are compared: a hash alone never says "seen".
//!
//! A breadth-first search finds children in the order of their parents, so who whose parent is takes two bits
//! a world: a 0 for each child, a 1 when the parent is done.

const SEGMENT: usize = 1 << 13;
/// Of eight places in the table, how many may be taken.
const LOAD: usize = 6;

/// The worlds.
pub struct Store<const W: usize> {
    segments: Vec<Vec<[u64; W]>>,
    len: usize,
    table: Vec<u32>,
    /// How many low bits of an entry are a world's number, counted from 1.
    index_bits: u32,
}

/// Where a world belongs in the table, and the tag by which most others are told apart.
#[derive(Clone, Copy)]
pub struct Slot {
    high: u32,
    low: u32,
}

/// The next size of the table: soon large while it is small, and not much too large later.
fn grown(places: usize) -> usize {
    if places < 1 << 18 { places * 2 } else { places + places / 2 }
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

impl<const W: usize> Store<W> {
    /// No worlds.
    pub fn new() -> Self {
        let mut store = Store { segments: Vec::new(), len: 0, table: Vec::new(), index_bits: 0 };
        store.resize(1 << 10);
        store
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The memory taken, in bytes.
    pub fn bytes(&self) -> usize {
        self.segments.len() * SEGMENT * 8 * W + self.table.len() * 4
    }

    /// The `i`-th world.
    #[inline(always)]
    pub fn get(&self, i: usize) -> &[u64; W] {
        &self.segments[i / SEGMENT][i % SEGMENT]
    }

    /// Where a world belongs.
    #[inline(always)]
    pub fn slot(world: &[u64; W]) -> Slot {
        let h = hash(world);
        Slot { high: (h >> 32) as u32, low: h as u32 }
    }

    #[inline(always)]
    fn place(&self, slot: Slot) -> usize {
        ((u64::from(slot.high) * self.table.len() as u64) >> 32) as usize
    }

    /// What stands where a world belongs, so that the memory is at hand when it is needed.
    #[inline(always)]
    pub fn peek(&self, slot: Slot) -> u32 {
        self.table[self.place(slot)]
    }

    /// Adds a world; `None` if it was there, else its number.
    #[inline(always)]
    pub fn insert(&mut self, world: &[u64; W], slot: Slot) -> Option<usize> {
        if self.len * 8 >= self.table.len() * LOAD {
            self.resize(grown(self.table.len()));
        }
        let low = (1u32 << self.index_bits) - 1;
        let tag = slot.low & !low;
        let mut at = self.place(slot);
        loop {
            let entry = self.table[at];
            if entry == 0 {
                break;
            }
            if entry & !low == tag && self.get((entry & low) as usize - 1) == world {
                return None;
            }
            at += 1;
            if at == self.table.len() {
                at = 0;
            }
        }
        let n = self.len;
        self.table[at] = tag | (n as u32 + 1);
        self.push(world);
        Some(n)
    }

    /// Adds a world that is not there yet, without its place in the table: [`Store::index`] follows.
    #[inline(always)]
    pub fn push(&mut self, world: &[u64; W]) {
        let n = self.len;
        if n.is_multiple_of(SEGMENT) {
            self.segments.push(Vec::with_capacity(SEGMENT));
        }
        self.segments[n / SEGMENT].push(*world);
        self.len += 1;
    }

    /// Gives every world its place in the table.
    pub fn index(&mut self) {
        let mut places = self.table.len();
        while self.len * 8 >= places * LOAD {
            places = grown(places);
        }
        self.resize(places);
    }

    fn resize(&mut self, places: usize) {
        // The old table goes before the new one comes: the worlds themselves know where they belong.
        self.table = Vec::new();
        self.table = vec![0; places];
        self.index_bits = usize::BITS - (places * LOAD / 8 + 1).leading_zeros();
        let low = (1u32 << self.index_bits) - 1;
        for n in 0..self.len {
            let slot = Self::slot(self.get(n));
            let mut at = self.place(slot);
            while self.table[at] != 0 {
                at += 1;
                if at == places {
                    at = 0;
                }
            }
            self.table[at] = slot.low & !low | (n as u32 + 1);
        }
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
