//! The rules of the world that hold for every protocol, and a whole setup.

use crate::protocol::{Meta, ParamKind, ParamSpec, Params};
use serde::Serialize;

/// Places in [`RULES`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Whether messages on a link may overtake each other.
    Order,
    /// What becomes of messages to a node that is down.
    Down,
    /// When timers may fire.
    Timers,
    /// How many crashes are left.
    Crashes,
    /// How many losses are left.
    Drops,
    /// How many copies are left.
    Duplicates,
}

/// The world's own parameters, in the order of [`Rule`].
pub const RULES: &[ParamSpec] = &[
    ParamSpec { key: "order", kind: ParamKind::Choice(&["any", "fifo"]), default: 0, group: "network" },
    ParamSpec { key: "down", kind: ParamKind::Choice(&["lose", "keep"]), default: 0, group: "network" },
    ParamSpec { key: "timers", kind: ParamKind::Choice(&["async", "sync"]), default: 0, group: "network" },
    ParamSpec { key: "crashes", kind: ParamKind::Limit(9), default: Params::UNLIMITED, group: "faults" },
    ParamSpec { key: "drops", kind: ParamKind::Limit(9), default: Params::UNLIMITED, group: "faults" },
    ParamSpec { key: "duplicates", kind: ParamKind::Limit(9), default: Params::UNLIMITED, group: "faults" },
];

/// Which world to build: a protocol, its parameters and the world's rules.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Setup {
    /// [`Meta::id`] of the protocol.
    pub protocol: &'static str,
    /// The protocol's parameters.
    pub params: Params,
    /// The world's rules, by [`RULES`].
    pub rules: Params,
}

impl Setup {
    /// A protocol with every default.
    pub fn new(meta: &'static Meta) -> Setup {
        Setup { protocol: meta.id, params: Params::defaults(meta.params), rules: Params::defaults(RULES) }
    }

    /// The value of a rule.
    pub fn rule(&self, rule: Rule) -> u16 {
        self.rules.get(rule as usize)
    }

    /// Whether links keep their order.
    pub fn fifo(&self) -> bool {
        self.rule(Rule::Order) == 1
    }

    /// Whether messages to a node that is down wait for it.
    pub fn down_keeps(&self) -> bool {
        self.rule(Rule::Down) == 1
    }

    /// Whether messages stay in flight when they are delivered.
    pub fn kept(&self) -> bool {
        false
    }

    /// Whether timers fire only when nothing deliverable is in flight to their node.
    pub fn synchronous(&self) -> bool {
        self.rule(Rule::Timers) == 1
    }
}
