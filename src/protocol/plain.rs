//! The usual kinds of things in a description, in few words: what protocols about requests consist of. Nobody
//! votes or decides there, and everything counts.

use super::{ArgKind, MessageKind, PhaseKind, RecordKind, RoleKind, Style, TimerKind, VerbKind};

/// A kind of message.
pub const fn message(word: &'static str, glyph: &'static str, style: Style) -> MessageKind {
    MessageKind { word, glyph, style }
}

/// A kind of record that promises nothing and sums up nothing.
pub const fn record(word: &'static str) -> RecordKind {
    RecordKind { word, promise: false, counted: true, checkpoint: false }
}

/// A step of a node's own, or a timeout, which then may decide.
pub const fn timer(word: &'static str, local: bool) -> TimerKind {
    TimerKind { word, local, decides: !local }
}

/// A phase.
pub const fn phase(word: &'static str) -> PhaseKind {
    PhaseKind { word }
}

/// A role that neither votes nor decides; `hub` is drawn in the middle.
pub const fn role(word: &'static str, hub: bool) -> RoleKind {
    RoleKind { word, votes: false, decides: false, hub, client: false }
}

/// Something a client can ask for that is about nobody else.
pub const fn verb(word: &'static str, starts: bool) -> VerbKind {
    VerbKind { word, arg: ArgKind::None, starts, operator: false }
}
