//! The last runs, so that none is lost by closing the page: what is kept of them, and which is which.
//!
//! A run is kept as its address. It replaces the one that it continues: the kept run whose every moment it has.
//! So walking back, branching off and coming back later keep one entry, and nothing that is replaced is lost.

use crate::i18n::Lang;
use crate::link::{self, Decoded, LinkError};

/// How many runs are kept.
pub const MOST: usize = 20;
/// How many bytes they take together, at most.
pub const MOST_BYTES: usize = 200 << 10;
/// The longest title, in characters.
const TITLE: usize = 160;

/// A run that is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    /// When it was last kept, in milliseconds since 1970.
    pub when_ms: f64,
    /// The language of the title.
    pub lang: Lang,
    /// How things stood.
    pub title: String,
    /// The run as the part of an address after `#`.
    pub hash: String,
}

impl Kept {
    /// Keeps a run; the title may be cut.
    pub fn new(when_ms: f64, lang: Lang, title: &str, hash: &str) -> Kept {
        let title = title.chars().take(TITLE).collect();
        Kept { when_ms, lang, title, hash: hash.trim_start_matches('#').to_string() }
    }

    /// Reads four fields. Whether the run can be opened is not known yet.
    pub fn read(fields: &[String]) -> Option<Kept> {
        let [when, lang, title, hash] = fields else { return None };
        // Whole, as they are written: reading fractions would cost the page 10 KB.
        let when_ms = when.parse::<u64>().ok()? as f64;
        let lang = Lang::ALL.into_iter().find(|l| l.tag() == lang)?;
        let fits = title.chars().count() <= TITLE && hash.len() <= link::MAX_TEXT;
        fits.then(|| Kept::new(when_ms, lang, title, hash))
    }

    /// The four fields.
    pub fn fields(&self) -> [String; 4] {
        let when = (self.when_ms as u64).to_string();
        [when, self.lang.tag().to_string(), self.title.clone(), self.hash.clone()]
    }

    /// The run, as far as it can be read without trying its steps.
    pub fn decode(&self) -> Result<Decoded, LinkError> {
        link::decode(&self.hash)?.ok_or(LinkError::NotALink)
    }

    fn bytes(&self) -> usize {
        // Quotes, commas and the other fields.
        self.title.len() + self.hash.len() + 40
    }
}

/// Whether one run has every moment of another, in the same world.
fn continues(run: &Decoded, earlier: &Decoded) -> bool {
    run.setup == earlier.setup && run.tree.starts_with(&earlier.tree)
}

/// Puts a run first, in the place of the one that it continues, and drops the oldest ones beyond the limits. A
/// run in which nothing has happened is not kept.
pub fn keep(runs: &mut Vec<Kept>, run: Kept) {
    let Ok(decoded) = run.decode() else { return };
    if decoded.tree.is_empty() {
        return;
    }
    let earlier = runs.iter().position(|r| r.decode().is_ok_and(|e| continues(&decoded, &e)));
    if let Some(at) = earlier {
        runs.remove(at);
    }
    runs.insert(0, run);
    runs.truncate(MOST);
    while runs.len() > 1 && runs.iter().map(Kept::bytes).sum::<usize>() > MOST_BYTES {
        runs.pop();
    }
}

/// Takes out those that cannot be opened; what is wrong with the first of them, and how many they are.
pub fn weed(runs: &mut Vec<Kept>) -> Option<(usize, LinkError)> {
    let all = runs.len();
    let mut first = None;
    runs.retain(|run| match run.decode() {
        Ok(_) => true,
        Err(error) => {
            first.get_or_insert(error);
            false
        }
    });
    first.map(|error| (all - runs.len(), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, Session};
    use crate::sim::Step;
    use crate::view::choices::choices;

    fn stepped(steps: usize) -> Session {
        let mut session = Session::default();
        for _ in 0..steps {
            session.update(Action::Default);
        }
        session
    }

    /// A step that Step would not do.
    fn unusual(session: &Session) -> Step {
        let mut all = choices(session.run(), None).into_iter().filter(|c| c.refused.is_none() && !c.default);
        all.next_back().expect("a choice").step
    }

    fn kept(session: &Session) -> Kept {
        Kept::new(1000.0, Lang::En, "All have committed.", &session.address())
    }

    fn kept_all(sessions: &[Session]) -> Vec<Kept> {
        let mut runs = Vec::new();
        sessions.iter().for_each(|s| keep(&mut runs, kept(s)));
        runs
    }

    #[test]
    fn a_run_is_one_entry_however_often_it_is_kept_walked_back_and_branched() {
        let mut session = stepped(3);
        let mut runs = vec![kept(&session)];
        for action in [Action::Default, Action::Undo, Action::Undo] {
            session.update(action);
            keep(&mut runs, kept(&session));
        }
        let other = unusual(&session);
        session.update(Action::Do(other));
        keep(&mut runs, kept(&session));
        assert_eq!(runs, [kept(&session)]);
    }

    #[test]
    fn what_a_new_run_does_not_contain_stays() {
        let mut other = stepped(1);
        let first = unusual(&other);
        other.update(Action::Do(first));
        let runs = kept_all(&[stepped(5), other, stepped(2)]);
        assert_eq!(runs.len(), 3);
        assert_eq!(runs[0], kept(&stepped(2)), "the last one comes first");
    }

    #[test]
    fn a_run_in_which_nothing_happened_is_not_kept() {
        assert!(kept_all(&[stepped(0)]).is_empty());
    }

    #[test]
    fn the_oldest_go_beyond_the_limits() {
        let mut runs: Vec<Kept> = (0..40).map(|i| Kept::new(f64::from(i), Lang::En, "x", "y")).collect();
        keep(&mut runs, kept(&stepped(1)));
        assert_eq!(runs.len(), MOST);
        let mut runs = vec![Kept::new(0.0, Lang::En, "x", &"y".repeat(MOST_BYTES))];
        keep(&mut runs, kept(&stepped(1)));
        assert_eq!(runs, [kept(&stepped(1))]);
    }

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        let run = kept(&stepped(4));
        assert_eq!(Kept::read(&run.fields()), Some(run.clone()));
        let [when, lang, title, hash] = run.fields();
        assert_eq!(Kept::read(&[when.clone(), lang.clone(), title.clone()]), None);
        assert_eq!(Kept::read(&["NaN".into(), lang.clone(), title.clone(), hash.clone()]), None);
        assert_eq!(Kept::read(&[when.clone(), "xx".into(), title, hash.clone()]), None);
        assert_eq!(Kept::read(&[when, lang, "x".repeat(TITLE + 1), hash]), None);
    }

    #[test]
    fn damaged_ones_are_named_and_the_others_stay() {
        let good = kept(&stepped(4));
        let mut runs = vec![Kept::new(0.0, Lang::En, "x", "nonsense"), good.clone()];
        assert_eq!(weed(&mut runs), Some((1, LinkError::NotALink)));
        assert_eq!(runs, [good]);
        assert_eq!(weed(&mut runs), None);
    }
}
