//! A run as the part of an address after its `#`: `2pc/v1/` and an opaque tail.
//!
//! The head is readable: the protocol's id and the version of the format. The tail is base64url without
//! padding. It holds what differs from the protocol's defaults, every branch of the history in the
//! order in which its moments were first reached, and the present moment.
//!
//! Links come from strangers and through programs that cut, wrap and rewrite them. Sizes are bounded before
//! anything is allocated. A check follows every 8 bytes ([`frame`]), so that damage is found where it is, and
//! what came before it is kept. Steps say what happens (from, to, which one), not which of the possible steps
//! it is, and [`open`] validates each of them; so a link of an earlier version of a protocol stops where the
//! protocol has changed, and never means something else.
//!
//! Version 1 depends on this: nobody changes the default, the place or the values of a parameter or rule, the
//! rules of which a protocol has its own default, the place of a timer or a verb, or the order of nodes; new
//! ones come last.

mod body;
mod frame;

use crate::i18n::Lang;
use crate::protocols;
use crate::run::{History, Place};
use crate::sim::{Refusal, Setup, Step};
use crate::text::Text;
use crate::view::words::Words;
use base64ct::{Base64UrlUnpadded, Encoding};
use std::fmt;

/// The version that is written.
pub const VERSION: u32 = 1;
/// The longest link, in bytes.
pub const MAX_TEXT: usize = 64 << 10;
/// The most bytes that a compressed link unfolds to.
pub const MAX_BODY: usize = 256 << 10;
/// The most steps in a link.
pub const MAX_STEPS: usize = 20_000;
/// How often a link may go back to an earlier moment to begin a branch.
pub const MAX_BRANCHES: usize = 2_000;

/// Why a link cannot be opened at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkError {
    /// It has not the shape of a link of ours.
    NotALink,
    /// It is longer than [`MAX_TEXT`], or holds more than [`MAX_STEPS`] steps.
    TooLarge,
    /// It has a version that this program does not know.
    Version {
        /// The version.
        found: u32,
    },
    /// It names a protocol that this program does not know.
    Protocol {
        /// The protocol.
        found: String,
    },
    /// It is damaged where it says what the world is.
    Head,
    /// It sets a parameter that this program does not know.
    Parameter {
        /// The parameter's place; rules are counted after all parameters.
        number: u32,
    },
    /// It gives a parameter a value that it cannot have.
    Value {
        /// The parameter's key.
        key: &'static str,
        /// The value.
        value: u16,
    },
    /// It combines parameters that exclude each other; the key of the text that says why.
    Conflict {
        /// The key.
        key: &'static str,
    },
}

impl std::error::Error for LinkError {}

impl LinkError {
    /// What is wrong, in no language yet.
    pub fn text(&self) -> Text {
        match self {
            LinkError::NotALink => Text::new("link.not-a-link").number("version", VERSION),
            LinkError::TooLarge => {
                Text::new("link.too-large").number("bytes", MAX_TEXT as i64).number("steps", MAX_STEPS as i64)
            }
            LinkError::Version { found } => {
                let key = if *found > VERSION { "link.newer" } else { "link.older" };
                Text::new(key).number("found", *found).number("version", VERSION)
            }
            LinkError::Protocol { found } => {
                let found: String = found.chars().take(40).flat_map(char::escape_debug).collect();
                let known = protocols::ALL.iter().map(|p| (p.meta)().id);
                Text::new("link.protocol").word("found", found).words("known", known)
            }
            LinkError::Head => Text::new("link.head"),
            LinkError::Parameter { number } => Text::new("link.parameter").number("number", *number),
            LinkError::Value { key, value } => {
                Text::new("link.value").word("key", *key).number("value", *value)
            }
            LinkError::Conflict { key } => Text::new("link.conflict").text("why", Text::new(*key)),
        }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Lang::En.say(&self.text()))
    }
}

/// Where a link is damaged: everything before is good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// How many steps are good.
    pub after_step: usize,
    /// What is wrong after them.
    pub reason: Reason,
}

/// What is wrong with a damaged link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// A character that no link has.
    Character(char),
    /// A check does not fit: something was changed or left out, or the end is missing.
    Altered,
    /// It ends before its last step.
    Short,
    /// It goes on after its last step.
    Long,
    /// A step that cannot be read.
    Unreadable,
    /// More than [`MAX_BRANCHES`] branches.
    Branches,
    /// A step that is not possible there.
    Refused {
        /// Why.
        why: Text,
    },
}

impl Damage {
    /// What is wrong, in no language yet.
    pub fn text(&self) -> Text {
        // Some speak of the last good step, some of the one after it.
        let text = |key: &str| {
            let n = self.after_step as i64;
            Text::new(["link.", key].concat()).number("n", n).number("next", n + 1)
        };
        match &self.reason {
            Reason::Character(c) => text("character").word("found", c.escape_debug().to_string()),
            Reason::Altered => text("altered"),
            Reason::Short => text("short"),
            Reason::Long => text("long"),
            Reason::Unreadable => text("unreadable"),
            Reason::Branches => text("branches"),
            Reason::Refused { why } => text("refused").text("why", why.clone()),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Lang::En.say(&self.text()))
    }
}

/// What a link holds. Nothing of it has been tried in a world yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The world.
    pub setup: Setup,
    /// For each moment but the beginning, in the order in which they were first reached, the moment before
    /// and the step from there. Moment 0 is the beginning; entry `i` leads to moment `i + 1`.
    pub tree: Vec<(Place, Step)>,
    /// The present moment.
    pub at: Place,
    /// Moments that were marked, with their names.
    pub pins: Vec<(Place, String)>,
    /// Where it is damaged, if it is.
    pub damage: Option<Damage>,
}

/// A run from a link.
pub struct Opened {
    /// The world.
    pub setup: Setup,
    /// What happened.
    pub history: History,
    /// Where the link is damaged, or asks for what is not possible.
    pub damage: Option<Damage>,
}

/// Writes a history, every branch of it, with its `#`. A history beyond the limits loses its other branches,
/// and then its end, until it fits.
pub fn encode(history: &History) -> String {
    let setup = history.run().machine().setup();
    let whole = Tree::of(history);
    if whole.steps.len() <= MAX_STEPS && whole.branches() <= MAX_BRANCHES {
        let text = whole.encode(setup);
        if text.len() <= MAX_TEXT {
            return text;
        }
    }
    let steps = history.steps();
    let mut keep = steps.len().min(MAX_STEPS);
    loop {
        let text = encode_steps(setup, &steps[..keep]);
        if text.len() <= MAX_TEXT {
            return text;
        }
        keep /= 2;
    }
}

/// Writes a run without branches, with its `#`.
pub fn encode_steps(setup: &Setup, steps: &[Step]) -> String {
    let tree = Tree { steps: steps.iter().copied().enumerate().collect(), at: steps.len(), pins: Vec::new() };
    tree.encode(setup)
}

/// What a link holds besides the world, moments numbered as they are written.
struct Tree {
    steps: Vec<(Place, Step)>,
    at: Place,
    pins: Vec<(Place, String)>,
}

impl Tree {
    /// A history without the branches that were taken away.
    fn of(history: &History) -> Tree {
        let shown: Vec<Place> = (0..history.len()).filter(|p| history.is_shown(*p)).collect();
        let number =
            |place: Place| shown.binary_search(&place).expect("what is shown hangs on what is shown");
        let step = |p: &Place| Some((number(history.parent(*p)?), history.step(*p)?));
        let pins = history.pins().iter().filter(|(p, _)| history.is_shown(*p));
        Tree {
            steps: shown.iter().filter_map(step).collect(),
            at: number(history.at()),
            pins: pins.map(|(p, name)| (number(*p), name.clone())).collect(),
        }
    }

    fn branches(&self) -> usize {
        self.steps.iter().enumerate().filter(|(i, (parent, _))| i != parent).count()
    }

    fn encode(&self, setup: &Setup) -> String {
        let body = body::write(setup, &self.steps, self.at, &self.pins);
        let payload = frame::wrap(&body, &seed(setup.protocol));
        format!("#{}/v{VERSION}/{}", setup.protocol, Base64UrlUnpadded::encode_string(&payload))
    }
}

/// What the checks begin with, so that a link whose head was changed does not fit its tail.
fn seed(protocol: &str) -> Vec<u8> {
    format!("{protocol}/v{VERSION}").into_bytes()
}

/// Reads what follows the `#` of an address, with or without it. `None` if there is nothing.
pub fn decode(hash: &str) -> Result<Option<Decoded>, LinkError> {
    let text = hash.strip_prefix('#').unwrap_or(hash);
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > MAX_TEXT {
        return Err(LinkError::TooLarge);
    }
    let (id, version, payload) = split(text).ok_or(LinkError::NotALink)?;
    if version != VERSION {
        return Err(LinkError::Version { found: version });
    }
    let protocol = protocols::find(id).ok_or_else(|| LinkError::Protocol { found: id.to_string() })?;
    let (bytes, stranger) = from_base64(payload);
    let frame::Unwrapped { body, whole } = frame::unwrap(&bytes, &seed(id));
    let mut decoded = body::read(protocol, &body)?;
    if !whole || stranger.is_some() {
        // The damage begins where the good bytes end: there the steps end, or else something follows them.
        let after_step = decoded.tree.len();
        let reason = stranger.map_or(Reason::Altered, Reason::Character);
        decoded.damage = Some(Damage { after_step, reason });
    }
    Ok(Some(decoded))
}

/// Splits `2pc/v1/tail`.
fn split(text: &str) -> Option<(&str, u32, &str)> {
    let (id, rest) = text.split_once('/')?;
    let (version, payload) = rest.split_once('/')?;
    let digits =
        version.strip_prefix('v').filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))?;
    let named = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    named.then(|| (id, digits.parse().unwrap_or(u32::MAX), payload))
}

/// The bytes of as much as can be read, and the character that ended it if it was not the end.
fn from_base64(text: &str) -> (Vec<u8>, Option<char>) {
    let ours = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let end = text.find(|c| !ours(c)).unwrap_or(text.len());
    let stranger = text[end..].chars().next();
    let text = &text[..end];
    // A text that was cut off may end inside a byte. What is left out then is less than a check needs.
    let whole = Base64UrlUnpadded::decode_vec(text);
    let bytes = whole.or_else(|_| Base64UrlUnpadded::decode_vec(&text[..text.len() / 4 * 4]));
    (bytes.unwrap_or_default(), stranger)
}

/// Reads a link and does its steps one after the other. `None` if there is nothing.
pub fn open(hash: &str) -> Result<Option<Opened>, LinkError> {
    let Some(Decoded { setup, tree, at, pins, mut damage }) = decode(hash)? else { return Ok(None) };
    let mut history = History::new(protocols::build(setup.clone()));
    let mut places: Vec<Place> = vec![0];
    for (i, (parent, step)) in tree.iter().enumerate() {
        if history.at() != places[*parent] {
            history.go(places[*parent]);
        }
        if let Err(refusal) = history.act(step) {
            damage = Some(Damage { after_step: i, reason: refused(&history, &refusal) });
            break;
        }
        places.push(history.at());
    }
    let last = places.len() - 1;
    history.go(places[at.min(last)]);
    for (place, name) in pins.iter().filter(|(p, _)| *p <= last) {
        history.pin(places[*place], Some(name));
    }
    Ok(Some(Opened { setup, history, damage }))
}

fn refused(history: &History, refusal: &Refusal) -> Reason {
    Reason::Refused { why: Words::new(&history.run().now().scene).refusal(refusal) }
}
