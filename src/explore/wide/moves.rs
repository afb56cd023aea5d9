//! Worlds as words, and steps as numbers to add to them.

use crate::explore::layout::Field;

/// A field, ready to be read.
#[derive(Clone, Copy)]
pub struct Lane {
    /// All its bits, at the lowest place.
    pub mask: u64,
    /// How far up it stands in its word.
    pub shift: u8,
    /// Which word.
    pub word: u8,
}

impl Lane {
    /// Always 0.
    pub const NONE: Lane = Lane { mask: 0, shift: 0, word: 0 };

    /// Reads a field of a layout.
    pub fn new(field: Field) -> Lane {
        Lane { mask: field.max(), shift: field.shift, word: field.word }
    }

    /// The number in a world.
    #[inline(always)]
    pub fn get<const W: usize>(self, world: &[u64; W]) -> u64 {
        // No word is beyond the last; said so that it need not be checked.
        world[usize::from(self.word).min(W - 1)] >> self.shift & self.mask
    }

    /// A number at its place.
    #[inline(always)]
    pub fn at(self, n: u64) -> u64 {
        n << self.shift
    }
}

/// Where a node's state is found.
#[derive(Clone, Copy)]
pub struct Seat {
    lane: Lane,
    /// 2³² by what the number counts, rounded up: multiplying costs less than dividing, and is exact up to 2¹⁶.
    by_step: u64,
    /// The same of how many numbers there are; 0 where the number is alone.
    by_base: u64,
    base: u64,
}

impl Seat {
    /// Always 0.
    const NONE: Seat = Seat { lane: Lane::NONE, by_step: 0, by_base: 0, base: 0 };

    /// Reads a field of a layout.
    pub fn new(field: Field) -> Seat {
        let inverse = |n: u32| (1u64 << 32).div_ceil(u64::from(n));
        let by_base = if field.base == 0 { 0 } else { inverse(field.base) };
        let lane = Lane { mask: field.ones(), shift: field.shift, word: field.word };
        Seat { lane, by_step: inverse(field.step), by_base, base: u64::from(field.base) }
    }

    /// The state in a world.
    #[inline(always)]
    pub fn get<const W: usize>(self, world: &[u64; W]) -> u64 {
        let above = (self.lane.get(world) * self.by_step) >> 32;
        above - ((above * self.by_base) >> 32) * self.base
    }
}

/// An arc as numbers to add, and what it touches.
#[derive(Clone, Copy)]
pub struct Move<const W: usize> {
    /// Added to the world.
    pub delta: [u64; W],
    /// The fields of the messages that it sends. Must be empty, where one copy is all there may be; are set,
    /// where messages stay in flight.
    pub sends: [u64; W],
    /// The field of the message that it takes away.
    pub takes: [u64; W],
    /// The messages that are tried before the one that it takes, without those that it sends.
    pub before: [u64; W],
    /// Nodes below this one are tried before it.
    pub nodes: u8,
    /// The node that it happens to.
    pub node: u8,
    /// It is a timeout, and it matters whether it comes too early.
    pub timeout: bool,
    /// How many counts there are to check, in [`Wide::caps`](super::Wide).
    pub caps: u8,
    /// The first of them.
    pub first_cap: u32,
    /// Faults that are counted, by bit, except for crashes: [`Range`](crate::explore::course::Range) sees to these.
    pub faults: u16,
}

/// What a bit of a message's field leads to.
#[derive(Clone, Copy)]
pub struct Inbox {
    /// How many there are of the message.
    pub field: Lane,
    /// The state of the node that it goes to.
    pub to: Seat,
    /// The field of the link; 0 where links are never cut.
    pub link: Lane,
    /// The message.
    pub message: u32,
    /// The node that it goes to.
    pub node: u8,
    /// It is held back.
    pub held: bool,
}

impl Inbox {
    /// No message's.
    pub const NOBODYS: Inbox =
        Inbox { field: Lane::NONE, to: Seat::NONE, link: Lane::NONE, message: 0, node: 0, held: false };
}

/// A world with a difference added, word by word.
#[inline(always)]
pub fn plus<const W: usize>(a: &[u64; W], b: &[u64; W]) -> [u64; W] {
    std::array::from_fn(|i| a[i].wrapping_add(b[i]))
}

/// Whether two sets of bits have any in common.
#[inline(always)]
pub fn meet<const W: usize>(a: &[u64; W], b: &[u64; W]) -> bool {
    (0..W).fold(0, |any, i| any | a[i] & b[i]) != 0
}
