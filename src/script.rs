//! The one text grammar: golden tests, lessons, exports and bug reports are written in it.
//!
//! A script is read line by line. Blank lines are ignored, and so is everything from a `#` that begins a
//! word. The first statement names the world; steps follow, and what must hold after them.
//!
//! ```text
//! # why: the window that makes two-phase commit block
//! world 2pc presumption=abort votes=yes,yes   # a protocol, then its parameters and the world's rules
//! do C begin                                  # a command: do NODE VERB [NODE]
//! deliver C>P1 prepare                        # FROM>TO WORD[#k]: the k-th of that word on the link
//! deliver C>P2 prepare
//! deliver P1>C yes
//! deliver P2>C yes torn=0                     # dies before the first effect of the handler
//!   | C died before commit*, …                # what the step did: checked where it is written down
//! expect blocked P1 P2; ac1 ok; locks A B
//! ```
//!
//! Steps: `do`, `deliver`, `drop`, `copy`, `hold`, `release`, `fire NODE TIMER`, `crash NODE [tail=kept]`,
//! `recover`, `pause`, `resume`, `cut A B`, `heal A B`. A step that runs a handler takes `torn=N
//! [told=A,B] [tail=kept]`: the node dies after its N-th effect that leaves its memory. Where it dies among messages
//! that it sends in one go, `told` names the receivers of those that left, if they are not the first.
//!
//! Several steps in one: `partition A,B | C` cuts every link between the groups, `heal all`, `repair`
//! (heals, recovers, resumes and releases everything), `quiet` (delivers all and lets timers fire as long
//! as that leads anywhere new), `rounds [N]` (delivers in rounds).
//!
//! `refuse STEP [because WHY]`: the world must refuse the step. `back N`, `mark NAME`, `goto NAME` move in
//! the history; `goto start` goes to its beginning.
//!
//! `expect CLAUSE; CLAUSE …`: the clauses are those of [`Clause`].
//!
//! Lines that begin with `|` under a statement are what it must print. A lone `|` fails, and
//! `UPDATE_EXPECT=1` (or `indoubt run --update`) rewrites it.
//!
//! Scripts come from strangers: sizes are bounded, every mistake is a [`ScriptError`] that says where it
//! is and what was possible there, and nothing in here panics whatever the text.

mod clause;
mod error;
mod parse;
mod play;
mod print;
mod settings;
mod tell;
mod words;

pub use clause::{Clause, Counter, Group, InFlight, LampKind};
pub use error::{ErrorKind, REFUSAL_WORDS, ScriptError, WHATS, described, refusal_word};
pub use parse::parse;
pub use play::{Check, Done, Entry, Failure, Loaded, Outcome, load, rewrite, run};
pub use print::{print, print_history, print_step};
pub use settings::print_setup;
pub use tell::effects_in_words;

use crate::protocol::{Meta, NodeId};
use crate::sim::{Act, MsgRef, Setup, Step, Torn};

/// The longest script, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The most lines a script has.
pub const MAX_LINES: usize = 10_000;
/// The most steps a script does.
pub const MAX_STEPS: usize = 10_000;
/// How often a script may ask for a run to the end, which `quiet`, `repair`, `rounds` and the clause
/// `quiet` do.
pub const MAX_RUNS: usize = 200;

/// The names that a script can use, once its world is known.
#[derive(Clone)]
pub struct Names {
    /// The protocol.
    pub meta: &'static Meta,
    /// The nodes' names, by id.
    pub nodes: Vec<String>,
}

impl Names {
    /// The name of a node.
    pub fn node(&self, id: NodeId) -> &str {
        self.nodes.get(id.index()).map_or("?", String::as_str)
    }
}

/// A script that has been read and not yet been run.
#[derive(Clone)]
pub struct Script {
    /// The world.
    pub setup: Setup,
    /// The names in it.
    pub names: Names,
    /// The statements, in order.
    pub lines: Vec<Line>,
}

/// A statement and where it stands.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line, from 1.
    pub number: usize,
    /// The column, from 1.
    pub column: usize,
    /// The statement as it is written, without its comment.
    pub text: String,
    /// What it says.
    pub statement: Statement,
    /// The output under it, if there is any, without the `|`.
    pub output: Option<Vec<String>>,
}

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Statement {
    /// A step is done.
    Step(Move),
    /// A step is refused.
    Refuse {
        /// The step.
        step: Move,
        /// The reason, if it is given.
        because: Option<String>,
    },
    /// Something must hold, each with the column at which it stands.
    Expect(Vec<(usize, Clause)>),
    /// Every link between these groups is cut.
    Partition(Vec<Vec<NodeId>>),
    /// Every link is healed.
    HealAll,
    /// Everything broken is repaired.
    Repair,
    /// Everything is delivered, and timers fire.
    Quiet,
    /// So many rounds; `None` for all there are.
    Rounds(Option<u32>),
    /// So many moments back.
    Back(u32),
    /// The present moment gets a name.
    Mark(String),
    /// The moment with that name becomes the present one.
    Goto(String),
}

/// What is done with a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// It arrives.
    Deliver,
    /// It is lost.
    Drop,
    /// It is doubled.
    Copy,
    /// It is held back.
    Hold,
    /// It is no longer held back.
    Release,
}

impl How {
    /// The act on a message.
    pub fn act(self, m: MsgRef) -> Act {
        match self {
            How::Deliver => Act::Deliver(m),
            How::Drop => Act::Drop(m),
            How::Copy => Act::Duplicate(m),
            How::Hold => Act::Hold(m),
            How::Release => Act::Release(m),
        }
    }
}

/// A step as a script names it: a message by its word, and not yet by its place on the link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Move {
    /// What happens.
    pub what: What,
    /// Whether the node that handles it dies half way.
    pub torn: Option<Torn>,
}

/// What happens in a [`Move`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Something with a message.
    Message {
        /// What.
        how: How,
        /// The sender.
        from: NodeId,
        /// The receiver.
        to: NodeId,
        /// The kind of message.
        word: &'static str,
        /// Its place among the messages with this word on the link, from 1.
        k: u8,
        /// The column of the word.
        column: usize,
    },
    /// Anything else.
    Act(Act),
}

impl Move {
    /// The step that this is in a world; `None` if no such message is in flight.
    pub fn resolve(&self, machine: &dyn crate::sim::Machine) -> Option<Step> {
        let act = match self.what {
            What::Act(act) => act,
            What::Message { how, from, to, word, k, .. } => {
                let flights = machine.flights(from, to);
                let mut named = flights.iter().filter(|(_, said)| said.word == word);
                how.act(named.nth(usize::from(k).checked_sub(1)?)?.0)
            }
        };
        Some(Step { act, torn: self.torn })
    }
}
