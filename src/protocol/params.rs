//! Parameters: of a protocol, and in the same form of the world it runs in.

use serde::{Deserialize, Serialize};

/// What values a parameter can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParamKind {
    /// Off (0) or on (1).
    Switch,
    /// One of these words; the value is its place.
    Choice(&'static [&'static str]),
    /// A number between two bounds, both included.
    Range(u16, u16),
    /// A number up to a bound, or no limit, which is the value [`Params::UNLIMITED`].
    Limit(u16),
    /// One of up to four words for each of up to eight nodes, two bits each, the first node lowest.
    Each(&'static [&'static str]),
}

/// A parameter.
#[derive(Debug, Serialize)]
pub struct ParamSpec {
    /// The key in scripts; its texts have the keys `<id>.param.<key>` and `<id>.param.<key>.why`.
    pub key: &'static str,
    /// Its values.
    pub kind: ParamKind,
    /// The value when nothing is said.
    pub default: u16,
    /// Parameters of the same group stand together on screen; the text has the key `group.<group>`.
    pub group: &'static str,
}

impl ParamSpec {
    /// Whether `value` is one of the parameter's.
    pub fn allows(&self, value: u16) -> bool {
        match self.kind {
            ParamKind::Switch => value <= 1,
            ParamKind::Choice(words) => usize::from(value) < words.len(),
            ParamKind::Range(low, high) => (low..=high).contains(&value),
            ParamKind::Limit(high) => value <= high || value == Params::UNLIMITED,
            ParamKind::Each(words) => (0..8).all(|i| usize::from(value >> (2 * i) & 3) < words.len()),
        }
    }

    /// The value as scripts write it. `Each` is cut to `count` nodes.
    pub fn print(&self, value: u16, count: usize) -> String {
        match self.kind {
            ParamKind::Switch => if value == 1 { "on" } else { "off" }.into(),
            ParamKind::Choice(words) => words[usize::from(value)].into(),
            ParamKind::Limit(_) if value == Params::UNLIMITED => "any".into(),
            ParamKind::Range(..) | ParamKind::Limit(_) => value.to_string(),
            ParamKind::Each(words) => {
                let each: Vec<_> =
                    (0..count.clamp(1, 8)).map(|i| words[usize::from(value >> (2 * i) & 3)]).collect();
                each.join(",")
            }
        }
    }

    /// Reads what [`ParamSpec::print`] writes; `None` if it is no value of this parameter. A list for
    /// `Each` may be shorter than the nodes: the rest take the first word.
    pub fn parse(&self, text: &str) -> Option<u16> {
        let value = match self.kind {
            ParamKind::Switch => ["off", "on"].iter().position(|w| *w == text)? as u16,
            ParamKind::Choice(words) => words.iter().position(|w| *w == text)? as u16,
            ParamKind::Limit(_) if text == "any" => Params::UNLIMITED,
            ParamKind::Range(..) | ParamKind::Limit(_) => text.parse().ok()?,
            ParamKind::Each(words) => {
                let mut value = 0;
                for (i, word) in text.split(',').enumerate() {
                    if i >= 8 {
                        return None;
                    }
                    value |= (words.iter().position(|w| *w == word)? as u16) << (2 * i);
                }
                value
            }
        };
        self.allows(value).then_some(value)
    }

    /// What could have been written, for an error message.
    pub fn possible(&self) -> String {
        match self.kind {
            ParamKind::Switch => "on, off".into(),
            ParamKind::Choice(words) => words.join(", "),
            ParamKind::Range(low, high) => format!("{low} to {high}"),
            ParamKind::Limit(high) => format!("0 to {high}, any"),
            ParamKind::Each(words) => format!("a list of {}", words.join(", ")),
        }
    }
}

/// Values for a list of parameters, in the same order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Params(Vec<u16>);

impl Params {
    /// The value of a [`ParamKind::Limit`] that does not limit.
    pub const UNLIMITED: u16 = u16::MAX;

    /// The default of every parameter.
    pub fn defaults(specs: &[ParamSpec]) -> Params {
        Params(specs.iter().map(|s| s.default).collect())
    }

    /// The value at a place.
    pub fn get(&self, at: usize) -> u16 {
        self.0[at]
    }

    /// Whether the switch at a place is on.
    pub fn on(&self, at: usize) -> bool {
        self.0[at] == 1
    }

    /// For a parameter of the kind `Each`: the choice of the `i`-th node.
    pub fn each(&self, at: usize, i: usize) -> u16 {
        if i < 8 { self.0[at] >> (2 * i) & 3 } else { 0 }
    }

    /// Changes a value; false, and no change, if the parameter does not allow it.
    pub fn set(&mut self, specs: &[ParamSpec], at: usize, value: u16) -> bool {
        let fine = specs.get(at).is_some_and(|s| s.allows(value));
        if fine {
            self.0[at] = value;
        }
        fine
    }

    /// All values.
    pub fn values(&self) -> &[u16] {
        &self.0
    }
}
