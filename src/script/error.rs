//! What is wrong with a script, where, and what was possible there.

use crate::i18n::{Lang, plain};
use crate::sim::Refusal;
use crate::text::Text;
use serde::Serialize;
use std::fmt;

/// What kind of mistake it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The text has more bytes than [`super::MAX_BYTES`].
    TooLong,
    /// The text has more lines than [`super::MAX_LINES`].
    TooManyLines,
    /// The script does more steps than [`super::MAX_STEPS`], or asks more often than
    /// [`super::MAX_RUNS`] for a run to the end.
    TooManySteps,
    /// The first statement is not `world`.
    NoWorld,
    /// There is a second `world`.
    SecondWorld,
    /// The line ends too early.
    Missing {
        /// What should have come.
        what: &'static str,
    },
    /// The line goes on too long.
    Extra,
    /// The word is none of those that are possible.
    Unknown {
        /// What it should have been.
        what: &'static str,
    },
    /// The same is said twice.
    Repeated,
    /// Parameters exclude each other; the key of the text that says why.
    Conflict {
        /// The key.
        key: &'static str,
    },
    /// No such message is in flight.
    NotInFlight,
    /// The world refuses the step.
    Refused {
        /// The word after `because`.
        why: &'static str,
        /// The same as a sentence.
        because: Box<Text>,
    },
    /// There is no such moment to go back to.
    NoSuchMoment,
    /// Output stands under something that has none.
    StrayOutput,
}

/// What is wrong with a script, where, and what was possible there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What kind of mistake it is.
    #[serde(flatten)]
    pub kind: ErrorKind,
    /// What stood there.
    pub found: String,
    /// What could have stood there.
    pub possible: Vec<String>,
}

impl std::error::Error for ScriptError {}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        let found = clip(&self.found);
        match &self.kind {
            ErrorKind::TooLong => write!(f, "the script is too long: {found} bytes")?,
            ErrorKind::TooManyLines => write!(f, "the script has too many lines")?,
            ErrorKind::TooManySteps => write!(f, "the script does too many steps")?,
            ErrorKind::NoWorld if found.is_empty() => write!(f, "the script says nothing")?,
            ErrorKind::NoWorld => write!(f, "found `{found}` before any world")?,
            ErrorKind::SecondWorld => write!(f, "found a second world")?,
            ErrorKind::Missing { what } => write!(f, "the line ends where {what} should follow")?,
            ErrorKind::Extra => write!(f, "found `{found}` where nothing more should follow")?,
            ErrorKind::Unknown { what } => write!(f, "found `{found}`, which is not {what}")?,
            ErrorKind::Repeated => write!(f, "found `{found}` a second time")?,
            ErrorKind::Conflict { key } => write!(f, "these parameters exclude each other ({key})")?,
            ErrorKind::NotInFlight => write!(f, "no message `{found}` is in flight")?,
            ErrorKind::Refused { why, because } => {
                write!(f, "`{found}` is not possible here ({why}): {}", plain(&Lang::En.say(because)))?
            }
            ErrorKind::NoSuchMoment => write!(f, "`{found}`: there is no such moment")?,
            ErrorKind::StrayOutput => write!(f, "found output that belongs to no statement")?,
        }
        match self.possible.as_slice() {
            [] => Ok(()),
            all => write!(f, "; possible: {}", all.join(", ")),
        }
    }
}

/// As much of a stranger's text as a message can take.
fn clip(text: &str) -> String {
    let short: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() { short + "…" } else { short }
}

/// The word that a script writes after `because`.
pub fn refusal_word(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoSuchNode => "no-such-node",
        Refusal::NoSuchMessage => "no-such-message",
        Refusal::NoSuchLink => "no-such-link",
        Refusal::Down { .. } => "down",
        Refusal::Up { .. } => "up",
        Refusal::Paused { .. } => "paused",
        Refusal::NotPaused { .. } => "not-paused",
        Refusal::Waits { .. } => "waits",
        Refusal::LinkCut { .. } => "link-cut",
        Refusal::LinkWhole { .. } => "link-whole",
        Refusal::LinkFull { .. } => "link-full",
        Refusal::Held => "held",
        Refusal::NotHeld => "not-held",
        Refusal::NotFirst => "not-first",
        Refusal::NotArmed => "not-armed",
        Refusal::TooEarly => "too-early",
        Refusal::Spent { .. } => "spent",
        Refusal::Kept => "kept",
        Refusal::NotTearable => "not-tearable",
        Refusal::TornTooLate { .. } => "torn-too-late",
        Refusal::Role { reason, .. } => reason,
        Refusal::NoSuchCommand => "no-such-command",
    }
}

/// The words that every protocol shares after `because`.
pub const REFUSAL_WORDS: &[&str] = &[
    "no-such-node",
    "no-such-message",
    "no-such-link",
    "down",
    "up",
    "paused",
    "not-paused",
    "waits",
    "link-cut",
    "link-whole",
    "link-full",
    "held",
    "not-held",
    "not-first",
    "not-armed",
    "too-early",
    "spent",
    "not-tearable",
    "torn-too-late",
    "no-such-command",
];
