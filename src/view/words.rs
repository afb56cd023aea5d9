//! Sentences about steps and events, before they have a language.

use crate::order::Map;
use crate::properties::{RAISED, law};
use crate::protocol::{Command, Effect, NodeId, Outcome, Vote};
use crate::run::Event;
use crate::sim::{Act, FaultKind, Link, Refusal, Report, Said, Scene, Shown, Step, TakenHow};
use crate::text::Text;

/// Makes sentences for one scene: it knows names and words.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    scene: &'a Scene,
}

impl<'a> Words<'a> {
    /// Sentences with the names of this scene, which are the same at every moment of a run.
    pub fn new(scene: &'a Scene) -> Words<'a> {
        Words { scene }
    }

    fn name(&self, id: NodeId) -> String {
        self.scene.nodes.get(id.index()).map_or_else(|| "?".into(), |n| n.name.clone())
    }

    fn own(&self, rest: &str) -> String {
        format!("{}.{rest}", self.scene.words())
    }

    fn timer(&self, t: crate::protocol::Timer) -> &'static str {
        self.scene.meta.timers.get(usize::from(t.0)).map_or("?", |k| k.word)
    }

    /// One key for a timeout, another for a step of a node's own.
    fn by_timer(
        &self,
        t: crate::protocol::Timer,
        timeout: &'static str,
        local: &'static str,
    ) -> &'static str {
        if self.scene.meta.is_timeout(t) { timeout } else { local }
    }

    fn verb(&self, c: Command) -> &'static str {
        self.scene.meta.verbs.get(usize::from(c.verb)).map_or("?", |k| k.word)
    }

    /// What a step is called on a button.
    pub fn title(&self, step: &Step) -> Text {
        let message = |key, m: crate::sim::MsgRef| {
            let found = self.scene.flights.iter().find(|f| f.at == m);
            let word = found.map_or("?".into(), |f| said(&Said { word: f.word, detail: f.detail.clone() }));
            Text::new(key).word("msg", word).word("from", self.name(m.from)).word("to", self.name(m.to))
        };
        let node = |key, n| Text::new(key).word("node", self.name(n));
        match step.act {
            Act::Deliver(m) => message("do.deliver", m),
            Act::Drop(m) => message("do.drop", m),
            Act::Duplicate(m) => message("do.duplicate", m),
            Act::Hold(m) => message("do.hold", m),
            Act::Release(m) => message("do.release", m),
            Act::Fire(n, t) => {
                let timer = Text::new(self.own(&format!("timer.{}", self.timer(t))));
                node(self.by_timer(t, "do.fire", "do.local"), n).text("timer", timer)
            }
            Act::Command(n, c) => self.command(c, n),
            Act::Crash(n, _) => node("do.crash", n),
            Act::Recover(n) => node("do.recover", n),
            Act::Pause(n) => node("do.pause", n),
            Act::Resume(n) => node("do.resume", n),
            Act::Cut(link) => self.link("do.cut", link),
            Act::Heal(link) => self.link("do.heal", link),
        }
    }

    fn link(&self, key: &str, link: Link) -> Text {
        Text::new(key).word("a", self.name(link.0)).word("b", self.name(link.1))
    }

    /// What a command is called on a button.
    pub fn command(&self, c: Command, node: NodeId) -> Text {
        let text = Text::new(self.own(&format!("verb.{}", self.verb(c)))).word("node", self.name(node));
        match c.arg {
            Some(arg) => text.word("arg", self.name(arg)),
            None => text,
        }
    }

    /// Why a step cannot be done.
    pub fn refusal(&self, refusal: &Refusal) -> Text {
        let node = |key, n: &NodeId| Text::new(key).word("node", self.name(*n));
        match refusal {
            Refusal::NoSuchNode => Text::new("no.no-such-node"),
            Refusal::NoSuchMessage => Text::new("no.no-such-message"),
            Refusal::NoSuchLink => Text::new("no.no-such-link"),
            Refusal::NoSuchCommand => Text::new("no.no-such-command"),
            Refusal::Down { node: n } => node("no.down", n),
            Refusal::Up { node: n } => node("no.up", n),
            Refusal::Paused { node: n } => node("no.paused", n),
            Refusal::NotPaused { node: n } => node("no.not-paused", n),
            Refusal::Waits { node: n } => node("no.waits", n),
            Refusal::LinkCut { link } => self.link("no.link-cut", *link),
            Refusal::LinkWhole { link } => self.link("no.link-whole", *link),
            Refusal::LinkFull { link } => self.link("no.link-full", *link),
            Refusal::Held => Text::new("no.held"),
            Refusal::NotHeld => Text::new("no.not-held"),
            Refusal::NotFirst => Text::new("no.not-first"),
            Refusal::NotArmed => Text::new("no.not-armed"),
            Refusal::TooEarly => Text::new("no.too-early"),
            Refusal::Spent { fault } => Text::new(format!("no.spent.{}", fault_word(*fault))),
            Refusal::Kept => Text::new("no.kept"),
            Refusal::NotTearable => Text::new("no.not-tearable"),
            Refusal::TornTooLate { cuts } => Text::new("no.torn-too-late").number("cuts", i64::from(*cuts)),
            Refusal::NotInOneGo => Text::new("no.not-in-one-go"),
            Refusal::Role { reason, .. } => Text::new(self.own(&format!("no.{reason}"))),
        }
    }

    /// One effect as a phrase with a verb and no subject; `None` for what only the ledger and the timers
    /// see.
    pub fn effect(&self, effect: &Shown) -> Option<Text> {
        let record = |key, r: &Said| Text::new(key).word("record", written(r));
        Some(match effect {
            Effect::Append(r) => record("effect.append", r),
            Effect::Force(r) => record("effect.force", r),
            Effect::Send { to, msg, .. } => {
                Text::new("effect.send").word("msg", said(msg)).word("to", self.name(*to))
            }
            Effect::Alarm(word) => Text::new("effect.alarm").text("what", self.alarm(word)),
            Effect::Answer(_) => Text::new("effect.answer"),
            // Where it happens is where it is said.
            Effect::Apply(r) => Text::new(self.own("apply")).word("what", self.scene.wish(*r).0),
            Effect::Arm(_) | Effect::Cancel(_) | Effect::Vote(_) | Effect::Decide(_) | Effect::Ask(_) => {
                return None;
            }
        })
    }

    /// What an alarm says.
    fn alarm(&self, word: &str) -> Text {
        match RAISED.contains(&word) {
            true => law(self.scene.meta, word),
            false => Text::new(self.own(&format!("alarm.{word}"))),
        }
    }

    /// One effect for the list in the inspector: every effect has words there.
    pub fn effect_in_full(&self, effect: &Shown) -> Text {
        let timer = |key, t: &crate::protocol::Timer| {
            Text::new(key).text("timer", Text::new(self.own(&format!("timer.{}", self.timer(*t)))))
        };
        match effect {
            Effect::Arm(t) => timer(self.by_timer(*t, "effect.arm", "effect.arm-local"), t),
            Effect::Cancel(t) => timer(self.by_timer(*t, "effect.cancel", "effect.cancel-local"), t),
            Effect::Vote(Vote::Yes) => Text::new("effect.vote-yes"),
            Effect::Vote(Vote::No) => Text::new("effect.vote-no"),
            Effect::Vote(Vote::ReadOnly) => Text::new("effect.vote-read-only"),
            Effect::Decide(d) => Text::new(match (d.outcome, d.heuristic) {
                (Outcome::Commit, false) => "effect.decide-commit",
                (Outcome::Abort, false) => "effect.decide-abort",
                (Outcome::Commit, true) => "effect.guess-commit",
                (Outcome::Abort, true) => "effect.guess-abort",
            }),
            Effect::Ask(_) => Text::new("effect.ask"),
            other => self.effect(other).expect("every other effect has a phrase"),
        }
    }

    /// Several effects as phrases; the same message to several nodes is one phrase.
    pub fn effects(&self, effects: &[Shown]) -> Vec<Text> {
        let mut phrases: Vec<Text> = Vec::new();
        let mut sends: Map<String, (usize, Vec<String>)> = Map::new();
        for effect in effects {
            let Some(text) = self.effect(effect) else { continue };
            let Effect::Send { to, msg, .. } = effect else {
                if phrases.last() != Some(&text) {
                    phrases.push(text);
                }
                continue;
            };
            let entry = sends.or_insert_with(said(msg), || {
                phrases.push(text);
                (phrases.len() - 1, Vec::new())
            });
            entry.1.push(self.name(*to));
        }
        for (msg, (at, to)) in sends {
            phrases[at] = Text::new("effect.send").word("msg", msg).words("to", to);
        }
        phrases
    }

    /// What a step did, as a sentence.
    pub fn event(&self, event: &Event) -> Text {
        let core = self.core(&event.step, &event.report, event);
        let Some(lost) = &event.report.crashed else { return core };
        if event.step.torn.is_none() {
            return core;
        }
        let never = self.effects(&event.report.effects[event.report.done..]);
        let text = match never.is_empty() {
            true => Text::new("event.torn-after-all"),
            false => Text::new("event.torn").clauses("never", never),
        };
        let text = text.text("core", core);
        match lost.records.is_empty() {
            true => text,
            false => {
                Text::new("event.and-lost").text("core", text).words("records", lost.records.iter().map(said))
            }
        }
    }

    fn core(&self, step: &Step, report: &Report, event: &Event) -> Text {
        let title = |key: &str, n: NodeId| Text::new(key).word("node", self.name(n));
        let done = self.effects(&report.effects[..report.done]);
        let with = |text: Text| match done.is_empty() {
            true => Text::new("event.nothing").text("core", text),
            false => Text::new("event.does").text("core", text).clauses("effects", done.clone()),
        };
        let message = |key: &str, m: crate::sim::MsgRef| {
            let word = report.taken.as_ref().map(|t| &t.said).or(report.about.as_ref()).map(said);
            let word = word.or_else(|| event.sent.first().map(|s| said(&s.said))).unwrap_or_default();
            Text::new(key).word("msg", word).word("from", self.name(m.from)).word("to", self.name(m.to))
        };
        match step.act {
            Act::Deliver(m) => match report.taken.as_ref().map(|t| t.how) {
                Some(TakenHow::NobodyThere) => message("event.nobody-there", m),
                _ => with(message("event.deliver", m)),
            },
            Act::Drop(m) => message("event.drop", m),
            Act::Duplicate(m) => message("event.duplicate", m),
            Act::Hold(m) => message("event.hold", m),
            Act::Release(m) => message("event.release", m),
            Act::Fire(n, t) => {
                let timer = Text::new(self.own(&format!("timer.{}", self.timer(t))));
                with(title(self.by_timer(t, "event.fire", "event.local"), n).text("timer", timer))
            }
            Act::Command(n, c) => with(Text::new("event.command").text("what", self.command(c, n))),
            Act::Crash(n, _) => {
                let lost = report.crashed.clone().unwrap_or_default();
                match (lost.records.is_empty(), lost.kept.is_empty()) {
                    (true, true) => title("event.crash", n),
                    (false, _) => {
                        title("event.crash-lost", n).words("records", lost.records.iter().map(said))
                    }
                    (true, false) => {
                        title("event.crash-kept", n).words("records", lost.kept.iter().map(said))
                    }
                }
            }
            Act::Recover(n) => with(title("event.recover", n)),
            Act::Pause(n) => title("event.pause", n),
            Act::Resume(n) => title("event.resume", n),
            Act::Cut(link) => self.link("event.cut", link),
            Act::Heal(link) => self.link("event.heal", link),
        }
    }
}

/// A message or a record as it is written: its word, and what else it carries.
pub fn said(said: &Said) -> String {
    match said.detail.as_str() {
        "" => said.word.into(),
        detail => format!("{} {detail}", said.word),
    }
}

/// A record in a sentence: its word, and in parentheses what else it holds.
fn written(record: &Said) -> String {
    match record.detail.as_str() {
        "" => record.word.into(),
        detail => format!("{} ({detail})", record.word),
    }
}

/// The word of a fault in keys.
pub fn fault_word(fault: FaultKind) -> &'static str {
    match fault {
        FaultKind::Crash => "crash",
        FaultKind::Drop => "drop",
        FaultKind::Duplicate => "duplicate",
        FaultKind::Cut => "cut",
        FaultKind::Pause => "pause",
    }
}
