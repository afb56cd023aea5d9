//! What takes the place of a run: another world, a link, a script, or a run that the explorer found. What was there
//! can be brought back.

use super::{Action, Notice, Session, verbatim};
use crate::link;
use crate::protocols;
use crate::run::History;
use crate::script;
use crate::sim::{Setup, Step};
use crate::text::Text;
use crate::view::words::Words;

impl Session {
    /// The same steps in another world, as far as they are possible there.
    pub(super) fn rebuild(&mut self, setup: Setup) {
        if setup == self.setup {
            return;
        }
        let protocol = protocols::find(setup.protocol).expect("a setup names a protocol that exists");
        if let Some(key) = setup.conflict((protocol.meta)()) {
            self.notice = Some(Notice::error(Text::new(key), None));
            return;
        }
        let mut history = History::new(protocols::build(setup.clone()));
        let steps = self.history.steps();
        let same = setup.protocol == self.setup.protocol;
        let kept = steps.iter().take_while(|s| same && history.act(s).is_ok()).count();
        let lost = steps.len() - kept;
        let was_empty = self.history.is_empty();
        self.replace(setup, history);
        self.notice = (!was_empty).then(|| {
            let key = if lost == 0 { "notice.setup-kept" } else { "notice.setup-cut" };
            let text = Text::new(key).number("kept", kept as i64).number("lost", lost as i64);
            Notice::info(text).restorable(true)
        });
    }

    fn replace(&mut self, setup: Setup, history: History) {
        let old = (std::mem::replace(&mut self.setup, setup), std::mem::replace(&mut self.history, history));
        self.chance = None;
        if !old.1.is_empty() {
            self.replaced = Some(old);
        }
    }

    pub(super) fn open_link(&mut self, hash: &str) {
        let raw = || Some(verbatim(format!("#{}", hash.trim_start_matches('#'))));
        let opened = match link::open(hash) {
            Ok(None) => return,
            Ok(Some(opened)) => opened,
            Err(error) => {
                let text = Text::new("notice.link-error").text("why", error.text());
                self.notice = Some(Notice::error(text, raw()));
                return;
            }
        };
        self.replace(opened.setup, opened.history);
        self.notice = opened.damage.map(|damage| {
            let text = Text::new("notice.link-damaged").number("n", damage.after_step as i64);
            Notice::error(text.text("why", damage.text()), raw()).restorable(self.replaced.is_some())
        });
    }

    /// Nothing of it is taken on trust: each step is tried. What was there stays, as other branches.
    pub(super) fn open_found(&mut self, setup: Setup, steps: &[Step], from: usize) {
        let other = setup != self.setup;
        let replaces = other && !self.history.is_empty();
        if other {
            let history = History::new(protocols::build(setup.clone()));
            self.replace(setup, history);
        }
        let (before, was_empty) = (self.history.at(), self.history.is_empty());
        self.history.go(0);
        for step in steps {
            if let Err(refusal) = self.history.act(step) {
                let why = Words::new(&self.run().now().scene).refusal(&refusal);
                self.notice = Some(Notice::error(Text::new("explore.opened.stale").text("why", why), None));
                return;
            }
        }
        let n = steps.len().saturating_sub(from) as i64;
        let notice = Notice::info(Text::new("explore.opened").number("n", n));
        self.notice = Some(match was_empty {
            false => notice.offering(Text::new("explore.opened.back"), Action::Go(before)),
            true => notice.restorable(replaces),
        });
    }

    pub(super) fn open_script(&mut self, text: &str) {
        let loaded = match script::load(text) {
            Ok(loaded) => loaded,
            Err(error) => return self.complain("notice.script-error", error.text()),
        };
        let n = loaded.steps.len() as i64;
        self.replace(loaded.setup, loaded.history);
        let failed = loaded.failures.first().map(|f| f.text());
        let wrong = match (loaded.error, failed) {
            (Some(error), _) => Some(("notice.script-kept", error.text())),
            (None, Some(failure)) => Some(("notice.script-failed", failure)),
            (None, None) => None,
        };
        let restorable = self.replaced.is_some();
        self.notice = wrong.map(|(key, raw)| {
            let text = Text::new(key).number("n", n);
            Notice::error(text, Some(raw)).restorable(restorable)
        });
    }
}
