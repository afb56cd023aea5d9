//! Worlds of one word, found again by themselves: no number leads elsewhere, so that one look at memory tells whether
//! a world is known.

use super::{FEWEST, Slot, hash};

/// Of four places, how many may be taken.
const LOAD: usize = 3;

/// Worlds whose hashes begin alike: open addressing with linear probing.
pub struct Flat {
    /// A world, or 0 where there is none.
    places: Vec<u64>,
    taken: usize,
    /// Whether the world that looks like no world is there.
    zero: bool,
}

impl Flat {
    /// No worlds, and room for so many.
    pub fn for_worlds(count: usize) -> Flat {
        Flat { places: vec![0; (count * 4 / LOAD + 1).max(FEWEST)], taken: 0, zero: false }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// What stands where a world belongs.
    #[inline(always)]
    pub fn peek(&self, slot: Slot) -> u64 {
        self.places[slot.place(self.places.len())]
    }

    /// Adds a world; false if it was there. Grows before it is too full.
    #[inline(always)]
    pub fn insert(&mut self, world: u64, slot: Slot) -> bool {
        if world == 0 {
            return !std::mem::replace(&mut self.zero, true);
        }
        if self.taken * 4 >= self.places.len() * LOAD {
            self.grow();
        }
        let mut at = slot.place(self.places.len());
        loop {
            match self.places[at] {
                0 => break,
                there if there == world => return false,
                _ => at += 1,
            }
            if at == self.places.len() {
                at = 0;
            }
        }
        self.places[at] = world;
        self.taken += 1;
        true
    }

    /// Half as many places more. In the order of the old places the new ones are side by side.
    #[inline(never)]
    fn grow(&mut self) {
        let old = std::mem::take(&mut self.places);
        self.places = vec![0; old.len() + old.len() / 2];
        for world in old.into_iter().filter(|world| *world != 0) {
            let mut at = Slot::of(hash(&[world])).place(self.places.len());
            while self.places[at] != 0 {
                at += 1;
                if at == self.places.len() {
                    at = 0;
                }
            }
            self.places[at] = world;
        }
    }
}
