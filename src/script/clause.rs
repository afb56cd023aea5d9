//! What must hold after a step.
//!
//! A clause is compared with the clause that would hold: [`Clause::seen`] looks at a run and returns what
//! should have been written. So a clause and what was found instead are said in the same words.

mod read;
mod seen;

pub use read::read_clause;

use super::Names;
use crate::order::Set;
use crate::properties::{Lamp, State};
use crate::protocol::{NodeId, Outcome, Timer};
use crate::sim::Life;

/// A lamp, see [`crate::properties::lamps`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LampKind {
    /// `P(x)`: prepared.
    Prepared,
    /// `C(v)`: all votes are in and yes.
    Votes,
    /// `A(x)`: aborted, and justified.
    Justified,
    /// `J(x)`: aborted, and not justified.
    Unjustified,
    /// `R(x)`: running, with its locks.
    Ready,
    /// `S(x)`: committed.
    Success,
    /// `U(x)`: uncertain.
    Uncertain,
    /// `B(x)`: blocked.
    Blocked,
}

impl LampKind {
    /// Every lamp with its letter.
    pub const ALL: [(char, LampKind); 8] = [
        ('P', LampKind::Prepared),
        ('C', LampKind::Votes),
        ('A', LampKind::Justified),
        ('J', LampKind::Unjustified),
        ('R', LampKind::Ready),
        ('S', LampKind::Success),
        ('U', LampKind::Uncertain),
        ('B', LampKind::Blocked),
    ];

    fn letter(self) -> char {
        LampKind::ALL.iter().find(|(_, k)| *k == self).map_or('?', |(c, _)| *c)
    }
}

/// What a clause counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counter {
    /// Messages between the nodes of the protocol.
    Messages,
    /// Forced writes.
    Forced,
    /// Unforced writes.
    Unforced,
    /// Steps.
    Moment,
}

impl Counter {
    /// Every counter with its word.
    pub const ALL: [(&'static str, Counter); 4] = [
        ("messages", Counter::Messages),
        ("forced", Counter::Forced),
        ("unforced", Counter::Unforced),
        ("moment", Counter::Moment),
    ];
}

/// Which nodes a clause is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// `blocked`: in doubt, and nobody who is up and reachable could ever tell.
    Blocked,
    /// `in-doubt`: voted yes and does not know the outcome.
    InDoubt,
    /// `waiting`: in doubt and up, and not blocked.
    Waiting,
    /// `waits`: wants a lock that another holds.
    Waits,
    /// `up`, `down`, `paused`.
    Life(Life),
}

impl Group {
    /// Every group with its word.
    pub const ALL: [(&'static str, Group); 7] = [
        ("blocked", Group::Blocked),
        ("in-doubt", Group::InDoubt),
        ("waiting", Group::Waiting),
        ("waits", Group::Waits),
        ("up", Group::Life(Life::Up)),
        ("down", Group::Life(Life::Down)),
        ("paused", Group::Life(Life::Paused)),
    ];
}

/// A message in flight, without what else it carries.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct InFlight {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// The kind of message.
    pub word: &'static str,
    /// Whether the reader holds it back.
    pub held: bool,
}

/// What must hold. In brackets how it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Clause {
    /// Exactly these nodes (`blocked P1 P2`, `waiting none`). `up`, `down` and `paused` are said of the
    /// named nodes only, unless `none` is said.
    Nodes(Group, Set<NodeId>),
    /// A property stands so (`ac1 ok`, `ac3 open`, `ac4 untested`, `ac1 violated C P1`); where the guilty
    /// are named, exactly those.
    Property {
        /// One of [`crate::properties::IDS`].
        id: &'static str,
        /// How it stands.
        state: State,
        /// Who broke it.
        who: Option<Set<NodeId>>,
    },
    /// A log holds exactly these records, each durable (`*`) or not (`log C: commit* end`, `log P1: empty`).
    Log(NodeId, Vec<(String, bool)>),
    /// Exactly these locks are held at nodes that are up (`locks A B`, `locks none`).
    Locks(Set<String>),
    /// A node's phase (`phase P1 prepared`).
    Phase(NodeId, String),
    /// What is in these accounts (`balance A=70 B=130`).
    Balance(Vec<(String, i32)>),
    /// What a node counts (`gauge S stock=3 version=2`).
    Gauges(NodeId, Vec<(String, i32)>),
    /// How often requests took effect, at all nodes together, by whose they are (`effects K1=2 K2=0`).
    Effects(Vec<(String, i32)>),
    /// Whose requests somebody saw the answer to (`answered K1`, `answered none`).
    Answered(Set<String>),
    /// Lamps: on, off, undefined (`lamp P(P1)=1 C(v)=- A(P1)=0`).
    Lamps(Vec<(LampKind, Option<NodeId>, Lamp)>),
    /// Something counted from the beginning (`messages 8`, `forced 5`, `unforced 1`, `moment 12`).
    Count(Counter, u32),
    /// Message delays until the coordinator, and until the last node, decided (`delay 2/3`, `delay 2/-`).
    Delay(Option<u16>, Option<u16>),
    /// Exactly these messages are in flight (`in-flight P1>C:ack C>P2:commit/held`, `in-flight none`).
    InFlight(Vec<InFlight>),
    /// A node makes these remarks, perhaps among others (`remark C heuristic-mixed`), or none at all
    /// (`remark C none`).
    Remarks(NodeId, Set<String>),
    /// What a node ever decided, whatever it still knows of it (`decided P1 commit`, `abort`, `both`, `none`).
    Decided(NodeId, Set<Outcome>),
    /// Exactly these timers are armed (`armed P1 decision`, `armed C none`).
    Armed(NodeId, Set<Timer>),
    /// Nothing is deliverable, and no timer leads anywhere new (`quiet`).
    Quiet(bool),
}

impl Clause {
    /// The clause as it is written.
    pub fn print(&self, names: &Names) -> String {
        let nodes = |set: &Set<NodeId>| or_none(set.iter().map(|id| names.node(*id).to_string()));
        match self {
            Clause::Nodes(group, set) => {
                let word = Group::ALL.iter().find(|(_, g)| g == group).map_or("?", |(w, _)| w);
                format!("{word} {}", nodes(set))
            }
            Clause::Property { id, state, who } => {
                let who = who.as_ref().filter(|w| !w.is_empty()).map(|w| format!(" {}", nodes(w)));
                format!("{id} {}{}", state_word(*state), who.unwrap_or_default())
            }
            Clause::Log(node, records) if records.is_empty() => format!("log {}: empty", names.node(*node)),
            Clause::Log(node, records) => {
                let record =
                    |(word, durable): &(String, bool)| format!(" {word}{}", if *durable { "*" } else { "" });
                format!("log {}:{}", names.node(*node), records.iter().map(record).collect::<String>())
            }
            Clause::Locks(locks) => format!("locks {}", or_none(locks.iter().cloned())),
            Clause::Phase(node, phase) => format!("phase {} {phase}", names.node(*node)),
            Clause::Balance(all) => format!("balance {}", numbers(all)),
            Clause::Gauges(node, all) => format!("gauge {} {}", names.node(*node), numbers(all)),
            Clause::Effects(all) => format!("effects {}", numbers(all)),
            Clause::Answered(whose) => format!("answered {}", or_none(whose.iter().cloned())),
            Clause::Lamps(lamps) => {
                let lamp = |(kind, node, lamp): &(LampKind, Option<NodeId>, Lamp)| {
                    let of = node.map_or("v", |id| names.node(id));
                    format!("{}({of})={}", kind.letter(), lamp_value(*lamp))
                };
                format!("lamp {}", or_none(lamps.iter().map(lamp)))
            }
            Clause::Count(counter, n) => {
                let word = Counter::ALL.iter().find(|(_, c)| c == counter).map_or("?", |(w, _)| w);
                format!("{word} {n}")
            }
            Clause::Delay(decision, outcome) => {
                let number = |n: &Option<u16>| n.map_or("-".into(), |n| n.to_string());
                format!("delay {}/{}", number(decision), number(outcome))
            }
            Clause::InFlight(all) => format!("in-flight {}", or_none(all.iter().map(|f| f.print(names)))),
            Clause::Remarks(node, words) => {
                format!("remark {} {}", names.node(*node), or_none(words.iter().cloned()))
            }
            Clause::Decided(node, outcomes) => {
                let word = match (outcomes.contains(&Outcome::Commit), outcomes.contains(&Outcome::Abort)) {
                    (true, true) => "both",
                    (true, false) => "commit",
                    (false, true) => "abort",
                    (false, false) => "none",
                };
                format!("decided {} {word}", names.node(*node))
            }
            Clause::Armed(node, timers) => {
                let word = |t: &Timer| names.meta.timers.get(usize::from(t.0)).map_or("?", |k| k.word);
                format!("armed {} {}", names.node(*node), or_none(timers.iter().map(|t| word(t).to_string())))
            }
            Clause::Quiet(true) => "quiet".into(),
            Clause::Quiet(false) => "not quiet".into(),
        }
    }
}

impl InFlight {
    /// The message as clauses write it.
    pub fn print(&self, names: &Names) -> String {
        let held = if self.held { "/held" } else { "" };
        format!("{}>{}:{}{held}", names.node(self.from), names.node(self.to), self.word)
    }
}

fn numbers(all: &[(String, i32)]) -> String {
    or_none(all.iter().map(|(name, n)| format!("{name}={n}")))
}

fn or_none(words: impl Iterator<Item = String>) -> String {
    let words: Vec<_> = words.collect();
    if words.is_empty() { "none".into() } else { words.join(" ") }
}

/// Every state of a property with its word.
const STATES: [(&str, State); 4] = [
    ("ok", State::Holds),
    ("open", State::Open),
    ("untested", State::Untested),
    ("violated", State::Violated),
];

/// How scripts write a property's state.
pub fn state_word(state: State) -> &'static str {
    STATES.iter().find(|(_, s)| *s == state).map_or("?", |(w, _)| w)
}

fn lamp_value(lamp: Lamp) -> char {
    match lamp {
        Some(true) => '1',
        Some(false) => '0',
        None => '-',
    }
}
