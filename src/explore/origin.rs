//! How one world comes of another, and what must be known first.

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
