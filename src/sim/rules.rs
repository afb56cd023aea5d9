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
    /// Whether a message that arrives leaves the network.
    Messages,
}

/// The world's own parameters, in the order of [`Rule`].
pub const RULES: &[ParamSpec] = &[
    ParamSpec { key: "order", kind: ParamKind::Choice(&["any", "fifo"]), default: 0, group: "network" },
    ParamSpec { key: "down", kind: ParamKind::Choice(&["lose", "keep"]), default: 0, group: "network" },
    ParamSpec { key: "timers", kind: ParamKind::Choice(&["async", "sync"]), default: 0, group: "network" },
    ParamSpec { key: "crashes", kind: ParamKind::Limit(9), default: Params::UNLIMITED, group: "faults" },
    ParamSpec { key: "drops", kind: ParamKind::Limit(9), default: Params::UNLIMITED, group: "faults" },
    ParamSpec { key: "duplicates", kind: ParamKind::Limit(9), default: Params::UNLIMITED, group: "faults" },
    ParamSpec { key: "messages", kind: ParamKind::Choice(&["taken", "kept"]), default: 0, group: "network" },
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
    /// A protocol with every default: its own where it has one, else the world's.
    pub fn new(meta: &'static Meta) -> Setup {
        let mut rules = Params::defaults(RULES);
        for (key, value) in meta.rules {
            let at = RULES.iter().position(|r| r.key == *key).expect("META names rules that exist");
            let fine = RULES[at].parse(value).is_some_and(|v| rules.set(RULES, at, v));
            assert!(fine, "META gives {key} a value that it can have");
        }
        Setup { protocol: meta.id, params: Params::defaults(meta.params), rules }
    }

    /// Which parameters or rules cannot be combined: the key of a text that says why, or `None` if all is
    /// well. `meta` is the protocol's.
    ///
    /// Where messages are kept, links cannot keep their order: the first message would stay in front of all
    /// others for ever. Nor can timers be synchronous: there is always something that may still arrive.
    pub fn conflict(&self, meta: &Meta) -> Option<&'static str> {
        let kept = |rule| self.kept() && self.rule(rule) == 1;
        (meta.conflict)(&self.params)
            .or(kept(Rule::Order).then_some("rule.conflict.kept-fifo"))
            .or(kept(Rule::Timers).then_some("rule.conflict.kept-sync"))
    }

    /// The value of a rule.
    pub fn rule(&self, rule: Rule) -> u16 {
        self.rules.get(rule as usize)
    }

    /// Whether messages are never removed: the network is a set that only grows, from which any message may
    /// arrive again at any time. That covers loss (it never arrives), copies and any order at once.
    pub fn kept(&self) -> bool {
        self.rule(Rule::Messages) == 1
    }

    /// Whether links keep their order.
    pub fn fifo(&self) -> bool {
        self.rule(Rule::Order) == 1 && !self.kept()
    }

    /// Whether messages to a node that is down wait for it. Messages that are never removed do.
    pub fn down_keeps(&self) -> bool {
        self.rule(Rule::Down) == 1 || self.kept()
    }

    /// Whether timers fire only when nothing deliverable is in flight to their node.
    pub fn synchronous(&self) -> bool {
        self.rule(Rule::Timers) == 1 && !self.kept()
    }
}
