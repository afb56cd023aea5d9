//! What the reader prefers: plain data with names and values, so that it is read, checked and written natively.
//! Where it is kept is the business of [`super::store`].

use crate::i18n::Lang;
use crate::run::Mood;
use crate::session::{By, Play};

/// Which colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// Ink on paper.
    Light,
    /// The other way round.
    Dark,
}

impl Theme {
    /// The word for the page's attribute and for the store.
    pub fn word(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme with this word.
    pub fn from_word(word: &str) -> Option<Theme> {
        [Theme::Light, Theme::Dark].into_iter().find(|t| t.word() == word)
    }

    /// The other one.
    pub fn other(self) -> Theme {
        match self {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        }
    }
}

/// The version of the store that this program writes, and the newest it reads.
pub const VERSION: u16 = 1;
/// How many hints there are for somebody who is here for the first time.
pub const HINTS: u8 = 3;
/// The most faults that chance may be given.
pub const MOST_FAULTS: u32 = 99;
/// The fastest speed of play.
pub const FASTEST: u8 = 10;

/// What the reader prefers. Whoever changes one clones it, and gives it to `Ui::set_prefs`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prefs {
    /// The language; `None` is the browser's.
    pub lang: Option<Lang>,
    /// The colours; `None` is the system's.
    pub theme: Option<Theme>,
    /// Whether keys without Ctrl or Alt do anything on the page.
    pub keys: bool,
    /// Whether time runs to the right instead of down.
    pub across: bool,
    /// Whether selecting dims what did not happen before the selection.
    pub past: bool,
    /// Whether the drawer is open; `None` is open where there is room for it.
    pub drawer: Option<bool>,
    /// The width of the story, in pixels at a text size of 16; `None` is the style sheet's.
    pub story_w: Option<u16>,
    /// The width of the drawer, likewise.
    pub drawer_w: Option<u16>,
    /// How many of the [`HINTS`] are done.
    pub hints: u8,
    /// The speed of play, from 0 to [`FASTEST`].
    pub speed: u8,
    /// Who chooses while it plays, and when it stops.
    pub play: Play,
    /// Whether the run is read as text.
    pub text: bool,
}

impl Default for Prefs {
    fn default() -> Self {
        Prefs {
            lang: None,
            theme: None,
            keys: true,
            across: false,
            past: false,
            drawer: None,
            story_w: None,
            drawer_w: None,
            hints: 0,
            speed: FASTEST / 2,
            play: Play::default(),
            text: false,
        }
    }
}

/// A value in the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(u16),
    /// A word.
    Word(String),
}

/// The widest that a panel can be asked to be, and the narrowest, in pixels.
pub const WIDTHS: std::ops::RangeInclusive<u16> = 200..=900;

impl Prefs {
    /// Everything that is not as usual, by name.
    pub fn entries(&self) -> Vec<(&'static str, Value)> {
        let usual = Prefs::default();
        let mut out = vec![("v", Value::Number(VERSION))];
        let mut word = |name, word: Option<&str>| {
            if let Some(word) = word {
                out.push((name, Value::Word(word.to_string())));
            }
        };
        word("lang", self.lang.map(Lang::tag));
        word("theme", self.theme.map(Theme::word));
        let mut flag = |name, value: Option<bool>, usual: Option<bool>| {
            if let Some(value) = value.filter(|_| value != usual) {
                out.push((name, Value::Flag(value)));
            }
        };
        flag("keys", Some(self.keys), Some(usual.keys));
        flag("across", Some(self.across), Some(usual.across));
        flag("past", Some(self.past), Some(usual.past));
        flag("drawer", self.drawer, None);
        flag("text", Some(self.text), Some(usual.text));
        flag("stop-broken", Some(self.play.stop_broken), Some(usual.play.stop_broken));
        flag("stop-blocked", Some(self.play.stop_blocked), Some(usual.play.stop_blocked));
        let mut number = |name, value: Option<u16>, usual: Option<u16>| {
            if let Some(value) = value.filter(|_| value != usual) {
                out.push((name, Value::Number(value)));
            }
        };
        number("story", self.story_w, None);
        number("beside", self.drawer_w, None);
        number("hints", Some(self.hints.into()), Some(usual.hints.into()));
        number("speed", Some(self.speed.into()), Some(usual.speed.into()));
        match self.play.by {
            By::Turn => {}
            By::Rounds => out.push(("play", Value::Word("rounds".into()))),
            By::Chance { seed, mood, budget } => {
                let mood = Mood::ALL.iter().position(|m| *m == mood).unwrap_or_default();
                out.push(("play", Value::Word(format!("{seed} {mood} {budget}"))));
            }
        }
        out
    }

    /// Takes one entry over. False if it means nothing here; then nothing has changed.
    pub fn set(&mut self, name: &str, value: &Value) -> bool {
        let small = |n: u16, most: u8| u8::try_from(n).ok().filter(|n| *n <= most);
        match (name, value) {
            ("v", Value::Number(v)) => return *v <= VERSION,
            ("lang", Value::Word(word)) => match Lang::ALL.into_iter().find(|l| l.tag() == word) {
                Some(lang) => self.lang = Some(lang),
                None => return false,
            },
            ("theme", Value::Word(word)) => match Theme::from_word(word) {
                Some(theme) => self.theme = Some(theme),
                None => return false,
            },
            ("keys", Value::Flag(on)) => self.keys = *on,
            ("across", Value::Flag(on)) => self.across = *on,
            ("past", Value::Flag(on)) => self.past = *on,
            ("drawer", Value::Flag(on)) => self.drawer = Some(*on),
            ("text", Value::Flag(on)) => self.text = *on,
            ("stop-broken", Value::Flag(on)) => self.play.stop_broken = *on,
            ("stop-blocked", Value::Flag(on)) => self.play.stop_blocked = *on,
            ("play", Value::Word(word)) => match chooser(word) {
                Some(by) => self.play.by = by,
                None => return false,
            },
            ("story", Value::Number(n)) if WIDTHS.contains(n) => self.story_w = Some(*n),
            ("beside", Value::Number(n)) if WIDTHS.contains(n) => self.drawer_w = Some(*n),
            ("hints", Value::Number(n)) => match small(*n, HINTS) {
                Some(n) => self.hints = n,
                None => return false,
            },
            ("speed", Value::Number(n)) => match small(*n, FASTEST) {
                Some(n) => self.speed = n,
                None => return false,
            },
            _ => return false,
        }
        true
    }
}

/// Who chooses: `rounds`, or seed, mood and number of faults.
fn chooser(word: &str) -> Option<By> {
    if word == "rounds" {
        return Some(By::Rounds);
    }
    let mut parts = word.split(' ');
    let seed = parts.next()?.parse().ok()?;
    let mood = *Mood::ALL.get(parts.next()?.parse::<usize>().ok()?)?;
    let budget = parts.next()?.parse().ok().filter(|n| *n <= MOST_FAULTS)?;
    parts.next().is_none().then_some(By::Chance { seed, mood, budget })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(prefs: &Prefs) -> Prefs {
        let mut out = Prefs::default();
        for (name, value) in prefs.entries() {
            assert!(out.set(name, &value), "{name}");
        }
        out
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = Prefs {
            lang: Some(Lang::Zh),
            theme: Some(Theme::Dark),
            keys: false,
            across: true,
            past: true,
            drawer: Some(false),
            story_w: Some(400),
            drawer_w: Some(333),
            hints: HINTS,
            speed: 9,
            play: Play {
                by: By::Chance { seed: u64::MAX, mood: Mood::ALL[2], budget: 7 },
                stop_broken: false,
                stop_blocked: false,
            },
            text: true,
        };
        assert_eq!(again(&all), all);
        assert_eq!(again(&Prefs::default()), Prefs::default());
        assert_eq!(Prefs::default().entries().len(), 1, "only the version");
    }

    #[test]
    fn what_means_nothing_is_refused_and_changes_nothing() {
        let mut prefs = Prefs::default();
        let wrong = [
            ("v", Value::Number(VERSION + 1)),
            ("lang", Value::Word("xx".into())),
            ("theme", Value::Flag(true)),
            ("story", Value::Number(9)),
            ("beside", Value::Number(9_000)),
            ("hints", Value::Number(300)),
            ("speed", Value::Number(11)),
            ("play", Value::Word("1 9 1".into())),
            ("play", Value::Word("1 1 100".into())),
            ("play", Value::Word("chance".into())),
            ("size", Value::Number(1)),
        ];
        for (name, value) in wrong {
            assert!(!prefs.set(name, &value), "{name}");
        }
        assert_eq!(prefs, Prefs::default());
    }
}
