//! What is wrong with a script, where, and what was possible there.

use crate::i18n::Lang;
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

impl ScriptError {
    /// What is wrong, in no language yet.
    pub fn text(&self) -> Text {
        let found = clip(&self.found);
        let text = |key: &str| Text::new(key).word("found", found.clone());
        let what = |key: &str, what: &str| text(key).text("what", described(what));
        let core = match &self.kind {
            ErrorKind::TooLong => text("script.too-long"),
            ErrorKind::TooManyLines => text("script.too-many-lines"),
            ErrorKind::TooManySteps => text("script.too-many-steps"),
            ErrorKind::NoWorld if found.is_empty() => text("script.empty"),
            ErrorKind::NoWorld => text("script.no-world"),
            ErrorKind::SecondWorld => text("script.second-world"),
            ErrorKind::Missing { what: w } => what("script.missing", w),
            ErrorKind::Extra => text("script.extra"),
            ErrorKind::Unknown { what: w } => what("script.unknown", w),
            ErrorKind::Repeated => text("script.repeated"),
            ErrorKind::Conflict { key } => text("script.conflict").text("why", Text::new(*key)),
            ErrorKind::NotInFlight => text("script.not-in-flight"),
            ErrorKind::Refused { why, because } => {
                text("script.refused").word("why", *why).text("because", (**because).clone())
            }
            ErrorKind::NoSuchMoment => text("script.no-such-moment"),
            ErrorKind::StrayOutput => text("script.stray-output"),
        };
        let at = |key: &str| {
            let (line, column) = (self.line as i64, self.column as i64);
            Text::new(key).number("line", line).number("column", column).text("core", core.clone())
        };
        match self.possible.as_slice() {
            [] => at("script.at"),
            // What cannot be listed is described; everything else is written as it stands here.
            [one] if WHATS.contains(&one.as_str()) => {
                at("script.at-possible").text("possible", described(one))
            }
            all => at("script.at-possible").word("possible", all.join(", ")),
        }
    }
}

/// What could have stood somewhere, where it is described and not listed: `script.what.` and the letters of these words,
/// joined by hyphens, is the key of a text.
pub const WHATS: &[&str] = &[
    "another group of nodes",
    "a record, or `empty`",
    "how the property stands",
    "a clause",
    "a kind of message",
    "a lamp",
    "a lamp and its value",
    "a link",
    "a lock",
    "a mark above",
    "a message",
    "a message in flight",
    "a message of this protocol",
    "a name",
    "a node",
    "a node and a colon",
    "a number",
    "a number from 1",
    "a number that fits here",
    "a parameter",
    "a parameter and its value",
    "a phase",
    "a phase of this protocol",
    "a protocol",
    "a reason",
    "a record of this protocol",
    "a remark",
    "a statement",
    "a step",
    "a timer",
    "a timer of this protocol",
    "a value of this parameter",
    "a verb",
    "a verb of this protocol",
    "an account",
    "an account and a number",
    "an outcome",
    "another node",
    "how a property can stand",
    "the end of the line",
    "two delays",
    "what becomes of the tail",
];

/// The text of one of [`WHATS`].
pub fn described(what: &str) -> Text {
    debug_assert!(WHATS.contains(&what), "{what}");
    let letters = what.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ');
    Text::new(format!("script.what.{}", letters.collect::<String>().replace(' ', "-")))
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Lang::En.say(&self.text()))
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
        Refusal::NotInOneGo => "not-in-one-go",
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
    "not-in-one-go",
    "no-such-command",
];
