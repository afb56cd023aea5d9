//! What can be asked, and what is assumed.

use crate::protocol::{NodeId, Outcome};
use serde::{Deserialize, Serialize};

/// What may go wrong, or be asked for, only so often.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// A node crashes, between steps or in the middle of one.
    Crashes,
    /// A crash takes records that were written but not forced, rather than finding them on the disk.
    Tails,
    /// The network loses a message.
    Drops,
    /// The network makes a second copy of a message.
    Duplicates,
    /// A timer fires although a message can still reach its node: a wrong suspicion.
    Early,
    /// A link is cut.
    Cuts,
    /// A node stops and keeps its memory.
    Pauses,
    /// A client or a node asks for something beyond what starts everything.
    Requests,
    /// An operator breaks in from outside.
    Operator,
}

impl Fault {
    /// How many kinds there are.
    pub const COUNT: usize = 9;
    /// All of them, in the order in which they are printed.
    pub const ALL: [Fault; Fault::COUNT] = [
        Fault::Crashes,
        Fault::Tails,
        Fault::Drops,
        Fault::Duplicates,
        Fault::Early,
        Fault::Cuts,
        Fault::Pauses,
        Fault::Requests,
        Fault::Operator,
    ];

    /// Its key on the command line and in texts (`explore.fault.<key>`).
    pub fn key(self) -> &'static str {
        match self {
            Fault::Crashes => "crashes",
            Fault::Tails => "tails",
            Fault::Drops => "drops",
            Fault::Duplicates => "duplicates",
            Fault::Early => "early",
            Fault::Cuts => "cuts",
            Fault::Pauses => "pauses",
            Fault::Requests => "requests",
            Fault::Operator => "operator",
        }
    }
}

/// How often each fault may come; `None` is any number of times.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Budget {
    /// By [`Fault`].
    pub faults: [Option<u8>; Fault::COUNT],
    /// How many equal messages may be in flight at once, 1 to [`Budget::MAX_COPIES`]: a step that would
    /// make it more is not taken. Without a bound, whoever asks again would fill the network for ever.
    /// A search never takes fewer than [`Budget::least_copies`].
    pub copies: u8,
    /// How many steps a run may have; `None` is any number.
    pub depth: Option<u16>,
    /// Whether what is broken may be repaired: nodes come back or go on, links heal.
    pub repairs: bool,
}

impl Budget {
    /// The largest finite number of faults of one kind.
    pub const MAX: u8 = 9;
    /// The largest number of equal messages in flight.
    pub const MAX_COPIES: u8 = 7;

    /// Nothing goes wrong; but a timer may still fire when nothing can reach its node.
    pub fn nothing() -> Budget {
        Budget { faults: [Some(0); Fault::COUNT], copies: 1, depth: None, repairs: true }
    }

    /// How often a fault may come.
    pub fn of(&self, fault: Fault) -> Option<u8> {
        self.faults[fault as usize]
    }

    /// The same with another number for one fault.
    pub fn with(mut self, fault: Fault, times: Option<u8>) -> Budget {
        self.faults[fault as usize] = times;
        self
    }

    /// The fewest equal messages in flight that leave room for what this allows: a message that is doubled is in
    /// flight beside the first.
    pub fn least_copies(&self) -> u8 {
        (1 + self.of(Fault::Duplicates).unwrap_or(1).min(Budget::MAX)).min(Budget::MAX_COPIES)
    }

    /// The same with another bound for equal messages.
    pub fn with_copies(self, copies: u8) -> Budget {
        Budget { copies, ..self }
    }
}

impl Default for Budget {
    /// One crash at any effect, with unforced records lost or kept, and timers whenever they like.
    fn default() -> Self {
        Budget::nothing().with(Fault::Crashes, Some(1)).with(Fault::Tails, None).with(Fault::Early, None)
    }
}

/// How far a search may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// The most worlds.
    pub worlds: u32,
    /// The most memory, in bytes.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { worlds: 5_000_000, bytes: 512 << 20 }
    }
}

/// How a node can be found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Is {
    /// It runs.
    Up,
    /// It crashed and has not come back.
    Down,
    /// It is paused.
    Paused,
    /// It voted yes and does not know the outcome.
    InDoubt,
    /// It is up, in doubt, and nobody who is up and reachable can tell it.
    Blocked,
    /// It decided commit, whatever became of it since.
    Committed,
    /// It decided abort, whatever became of it since.
    Aborted,
    /// It decided one or the other.
    Decided,
    /// It holds a lock.
    Locking,
    /// It waits for a lock.
    Waiting,
}

impl Is {
    /// All of them.
    pub const ALL: [Is; 10] = [
        Is::Up,
        Is::Down,
        Is::Paused,
        Is::InDoubt,
        Is::Blocked,
        Is::Committed,
        Is::Aborted,
        Is::Decided,
        Is::Locking,
        Is::Waiting,
    ];

    /// The word on the command line and in texts (`explore.is.<word>`).
    pub fn word(self) -> &'static str {
        match self {
            Is::Up => "up",
            Is::Down => "down",
            Is::Paused => "paused",
            Is::InDoubt => "in-doubt",
            Is::Blocked => "blocked",
            Is::Committed => "committed",
            Is::Aborted => "aborted",
            Is::Decided => "decided",
            Is::Locking => "locking",
            Is::Waiting => "waiting",
        }
    }
}

/// One thing that must be so in the world that is looked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cond {
    /// A property of [`crate::properties::IDS`] is broken.
    Broken(String),
    /// A node is found so.
    Node(NodeId, Is),
    /// A node is not found so.
    Not(NodeId, Is),
    /// Some node is found so.
    Some(Is),
    /// No node is found so.
    Nobody(Is),
    /// Everybody who decides has decided this.
    All(Outcome),
    /// Some request took effect more than once.
    Twice,
    /// Some client saw its answer, and the request took no effect.
    Unearned,
}

/// A question: is there a run, with no more faults than these, to a world where all of this is so at once?
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// What must be so, all at once. Empty: nothing is looked for, all worlds are counted.
    pub goal: Vec<Cond>,
    /// What may go wrong.
    pub budget: Budget,
    /// How far to look.
    pub limits: Limits,
    /// Count worlds that differ only in which of several interchangeable nodes is which as one.
    pub symmetry: bool,
    /// Who dies while it sends to several in one go may have told any of them, not only the first.
    pub any_order: bool,
    /// Look at every world even when the goal is found, and count the outcomes.
    pub census: bool,
}

impl Question {
    /// A question with the usual assumptions.
    pub fn new(goal: Vec<Cond>) -> Question {
        Question {
            goal,
            budget: Budget::default(),
            limits: Limits::default(),
            symmetry: false,
            any_order: false,
            census: false,
        }
    }

    /// Whether messages sent in one go may leave in any order. With symmetry they always do: a fixed order is what
    /// tells nodes apart that are otherwise the same.
    pub fn any_order(&self) -> bool {
        self.any_order || self.symmetry
    }
}
