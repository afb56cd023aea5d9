//! The usual kinds of things in a description, in few words: what protocols about requests consist of. Nobody
//! votes or decides there, and everything counts.

use super::{
    ArgKind, MessageKind, ParamKind, ParamSpec, PhaseKind, RecordKind, RoleKind, Style, TimerKind, VerbKind,
};

/// A kind of message.
pub const fn message(word: &'static str, glyph: &'static str, style: Style) -> MessageKind {
    MessageKind { word, glyph, style, refuses: false }
}

/// A kind of message that says no.
pub const fn refusal(word: &'static str, glyph: &'static str, style: Style) -> MessageKind {
    MessageKind { refuses: true, ..message(word, glyph, style) }
}

/// A kind of record that promises nothing and sums up nothing.
pub const fn record(word: &'static str) -> RecordKind {
    RecordKind { word, promise: false, counted: true, checkpoint: false }
}

/// A step of a node's own, or a timeout, which then may decide.
pub const fn timer(word: &'static str, local: bool) -> TimerKind {
    TimerKind { word, local, decides: !local, forgets: false }
}

/// A timer after which something that was kept is forgotten.
pub const fn lifetime(word: &'static str) -> TimerKind {
    TimerKind { forgets: true, ..timer(word, false) }
}

/// A phase.
pub const fn phase(word: &'static str) -> PhaseKind {
    PhaseKind { word, refused: false }
}

/// A phase in which a client stands that was told no.
pub const fn refused(word: &'static str) -> PhaseKind {
    PhaseKind { word, refused: true }
}

/// A role that neither votes nor decides; `hub` is drawn in the middle.
pub const fn role(word: &'static str, hub: bool) -> RoleKind {
    RoleKind { word, votes: false, decides: false, hub, client: false }
}

/// Something a client can ask for that is about nobody else.
pub const fn verb(word: &'static str, starts: bool) -> VerbKind {
    VerbKind { word, arg: ArgKind::None, starts, usual: starts, operator: false }
}

/// A parameter of the protocol: one of these words, at first the one at the place `default`.
pub const fn choice(key: &'static str, words: &'static [&'static str], default: u16) -> ParamSpec {
    ParamSpec { key, kind: ParamKind::Choice(words), default, group: "protocol" }
}

/// A parameter of the protocol that is on or off.
pub const fn switch(key: &'static str, default: bool) -> ParamSpec {
    ParamSpec { key, kind: ParamKind::Switch, default: default as u16, group: "protocol" }
}

/// A parameter of the protocol: a number from `low` to `high`.
pub const fn range(key: &'static str, low: u16, high: u16, default: u16) -> ParamSpec {
    ParamSpec { key, kind: ParamKind::Range(low, high), default, group: "protocol" }
}

/// The same among the parameters of clients.
pub const fn of_clients(spec: ParamSpec) -> ParamSpec {
    ParamSpec { group: "client", ..spec }
}

/// What is written `joined!(first, rest)`: a list that begins with what protocols share, a client's phases say,
/// and goes on with a protocol's own.
macro_rules! joined {
    ($first:expr, $rest:expr) => {
        &$crate::protocol::plain::join::<{ $first.len() + $rest.len() }, _>(&$first, &$rest)
    };
}
pub(crate) use joined;

/// The `N` items of two lists, of which the first is not empty.
pub const fn join<const N: usize, T: Copy>(first: &[T], rest: &[T]) -> [T; N] {
    assert!(first.len() + rest.len() == N);
    let mut all = [first[0]; N];
    let mut i = 0;
    while i < N {
        all[i] = if i < first.len() { first[i] } else { rest[i - first.len()] };
        i += 1;
    }
    all
}
