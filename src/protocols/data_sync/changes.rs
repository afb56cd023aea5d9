//! What is ever changed at the source, and what the data is after it.

use crate::protocol::Gauge;
use serde::{Deserialize, Serialize};

/// What a change does.
#[derive(Clone, Copy)]
enum What {
    Set(u8),
    Add(u8),
}

/// A change: the key, what becomes of its value, and the version that this makes of it.
pub(super) struct Change {
    key: char,
    what: What,
    version: u8,
}

/// Everything that is ever changed at the source, in order.
pub(super) const CHANGES: [Change; 3] = [
    Change { key: 'a', what: What::Set(1), version: 1 },
    Change { key: 'b', what: What::Add(1), version: 1 },
    Change { key: 'a', what: What::Set(2), version: 2 },
];

fn change(n: u8) -> &'static Change {
    &CHANGES[usize::from(n) - 1]
}

/// A change as messages and records show it: its number, and what it does.
pub(super) fn print(n: u8) -> String {
    let Change { key, what, version } = change(n);
    let what = match what {
        What::Set(value) => format!("={value}"),
        What::Add(value) => format!("+{value}"),
    };
    format!("{n} {key}{what} v{version}")
}

/// What is stored: the source's own, and the copy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Data {
    a: u8,
    b: u8,
}

impl Data {
    /// One change more.
    pub(super) fn apply(&mut self, n: u8) {
        let change = change(n);
        let value = if change.key == 'a' { &mut self.a } else { &mut self.b };
        *value = match change.what {
            What::Set(new) => new,
            What::Add(more) => value.saturating_add(more),
        };
    }

    /// What the source was after so many changes.
    pub(super) fn at(position: u8) -> Data {
        let mut data = Data::default();
        (1..=position).for_each(|n| data.apply(n));
        data
    }

    /// Both values.
    pub(super) fn gauges(self) -> [Gauge; 2] {
        [Gauge::new("a", self.a), Gauge::new("b", self.b)]
    }
}
