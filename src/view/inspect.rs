//! One step under the glass: what it did in order, what it changed, and why it was possible.
//!
//! Everything comes from doing the step on a copy of the run before it, so the same code tells what a step
//! did and what one that has not been taken would do.

mod fields;
mod journey;

pub use fields::{Field, Mark, Value, differences};
pub use journey::{Journey, journey};

use super::words::{Words, said};
use crate::protocol::{Effect, NodeId, Params};
use crate::run::{Event, History, Place, Run};
use crate::sim::{Act, Entered, FaultKind, MsgRef, Report, Rule, Said, Shown, Step, TakenHow};
use crate::text::Text;

/// What became of an effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    /// The effect.
    pub text: Text,
    /// The key of what became of it.
    pub left: &'static str,
    /// False for what a crash cut off.
    pub happened: bool,
}

/// A step under the glass.
#[derive(Clone, PartialEq, Debug)]
pub struct Inspection {
    /// The step.
    pub step: Step,
    /// What it did, as a sentence; for a step that cannot be done, what it is called.
    pub sentence: Text,
    /// What its handler asked for, in order.
    pub deeds: Vec<Deed>,
    /// After how many of how many [`Inspection::deeds`] it was cut short.
    pub torn: Option<(usize, usize)>,
    /// Every field, changed or not.
    pub fields: Vec<Field>,
    /// Why it was possible; or why it is not.
    pub why: Text,
    /// Whether it can be done.
    pub possible: bool,
    /// What exactly happened.
    pub event: Option<Event>,
}

/// Looks at a step from the moment before it.
pub fn inspect(before: &Run, step: &Step) -> Inspection {
    let scene = &before.now().scene;
    let words = Words::new(scene);
    let mut after = before.clone();
    match after.step(step) {
        Err(refusal) => Inspection {
            step: *step,
            sentence: words.title(step),
            deeds: Vec::new(),
            torn: None,
            fields: Vec::new(),
            why: Text::new("inspect.impossible").text("why", words.refusal(&refusal)),
            possible: false,
            event: None,
        },
        Ok(event) => Inspection {
            step: *step,
            sentence: words.event(&event),
            deeds: deeds(&words, &event.report),
            torn: step.torn.map(|_| (event.report.done, event.report.effects.len())),
            fields: fields::fields(before, &after),
            why: why(before, step, &event),
            possible: true,
            event: Some(event),
        },
    }
}

/// The step that led to a moment of the current branch, under the glass; `None` at the beginning.
pub fn inspect_at(history: &History, place: Place) -> Option<Inspection> {
    let parent = history.parent(place)?;
    Some(inspect(&history.run_at(parent), &history.step(place)?))
}

/// What a handler asked for, in order, and what became of it.
pub fn deeds(words: &Words, report: &Report) -> Vec<Deed> {
    let all = report.effects.iter().enumerate();
    let deed = |(i, effect): (usize, &Shown)| {
        let happened = i < report.done;
        let left = match happened {
            true if added_nothing(i, report) => "inspect.left.again",
            true => left(effect, report),
            false => "inspect.left.never",
        };
        Deed { text: words.effect_in_full(effect), left, happened }
    };
    all.map(deed).collect()
}

/// Whether an effect sent what was in flight already, where messages are never removed.
fn added_nothing(i: usize, report: &Report) -> bool {
    let sends = |e: &&Shown| matches!(e, Effect::Send { .. });
    let before = report.effects[..i].iter().filter(sends).count();
    sends(&&report.effects[i]) && matches!(report.entered.get(before), Some(Entered::Again(_)))
}

/// What is left of an effect that happened.
fn left(effect: &Shown, report: &Report) -> &'static str {
    let gone = |r: &Said| report.crashed.as_ref().is_some_and(|l| l.records.contains(r));
    match effect {
        Effect::Force(_) => "inspect.left.durable",
        Effect::Append(r) if gone(r) => "inspect.left.lost",
        Effect::Append(_) if report.crashed.is_some() => "inspect.left.survived",
        Effect::Append(_) => "inspect.left.unforced",
        Effect::Send { .. } => "inspect.left.sent",
        Effect::Answer(_) | Effect::Apply(_) | Effect::Alarm(_) => "inspect.left.seen",
        Effect::Arm(_) | Effect::Cancel(_) if report.crashed.is_some() => "inspect.left.lost",
        Effect::Arm(_) | Effect::Cancel(_) => "inspect.left.memory",
        Effect::Vote(_) | Effect::Decide(_) | Effect::Ask(_) => "inspect.left.seen",
    }
}

/// Why a step was possible, in the terms of the moment before it.
fn why(before: &Run, step: &Step, event: &Event) -> Text {
    let core = cause(before, step, event);
    let crash = step.fault() == Some(FaultKind::Crash);
    let limit = before.machine().setup().rule(Rule::Crashes);
    if !crash || limit == Params::UNLIMITED {
        return core;
    }
    let spent = before.past().faults.get(&FaultKind::Crash).copied().unwrap_or(0);
    let left = i64::from(limit) - i64::from(spent);
    Text::new("inspect.why.crash-left").text("core", core).number("left", left).number("limit", limit)
}

fn cause(before: &Run, step: &Step, event: &Event) -> Text {
    let scene = &before.now().scene;
    let node = |key, n: NodeId| Text::new(key).word("node", scene.name(n));
    let message = |key, m: MsgRef| {
        let found = scene.flights.iter().find(|f| f.at == m);
        let word = found.map_or_else(String::new, |f| said(&Said { word: f.word, detail: f.detail.clone() }));
        Text::new(key).word("msg", word).word("from", scene.name(m.from)).word("to", scene.name(m.to))
    };
    let own = |rest: String| Text::new(format!("{}.{rest}", scene.words()));
    match step.act {
        Act::Deliver(m) => {
            let nobody = event.report.taken.as_ref().is_some_and(|t| t.how == TakenHow::NobodyThere);
            message(if nobody { "inspect.why.nobody-there" } else { "inspect.why.deliver" }, m)
        }
        Act::Drop(m) | Act::Duplicate(m) | Act::Hold(m) => message("inspect.why.flight", m),
        Act::Release(m) => message("inspect.why.held", m),
        Act::Fire(n, t) => {
            let timer = own(format!("timer.{}", scene.meta.timers[usize::from(t.0)].word));
            let key = if scene.meta.is_timeout(t) { "inspect.why.fire" } else { "inspect.why.local" };
            node(key, n).text("timer", timer)
        }
        Act::Command(n, c) => {
            let operator = scene.meta.verbs[usize::from(c.verb)].operator;
            let key = if operator { "inspect.why.operator" } else { "inspect.why.command" };
            node(key, n).text("phase", own(format!("phase.{}", scene.node(n).status.phase)))
        }
        Act::Crash(n, _) => node("inspect.why.crash", n),
        Act::Recover(n) => node("inspect.why.recover", n),
        Act::Pause(n) => node("inspect.why.pause", n),
        Act::Resume(n) => node("inspect.why.resume", n),
        Act::Cut(l) => Text::new("inspect.why.cut").word("a", scene.name(l.0)).word("b", scene.name(l.1)),
        Act::Heal(l) => Text::new("inspect.why.heal").word("a", scene.name(l.0)).word("b", scene.name(l.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::fields::votes;
    use super::*;
    use crate::script;

    /// A golden run, up to its end.
    fn golden(name: &str) -> History {
        let path = format!("{}/tests/traces/2pc/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("readable");
        script::load(&text).expect("a script").history
    }

    fn at(history: &History, moment: usize) -> Inspection {
        inspect_at(history, history.branch()[moment]).expect("a step")
    }

    fn field<'a>(seen: &'a Inspection, who: Option<&str>, name: &str) -> &'a Field {
        let found = seen.fields.iter().find(|f| f.who.as_deref() == who && f.name == name);
        found.unwrap_or_else(|| panic!("{who:?} {name} in {:?}", seen.fields))
    }

    fn words(values: &[Value], mark: Mark) -> Vec<String> {
        let arg = |t: &Text| t.args.iter().map(|(_, a)| format!("{a:?}")).collect::<Vec<_>>().join(" ");
        values.iter().filter(|v| v.mark == mark).map(|v| format!("{} {}", v.text.key, arg(&v.text))).collect()
    }

    /// The step of the mock: C forces commit, tells P1, and dies before it tells P2.
    #[test]
    fn a_torn_step_says_what_was_durable_what_was_sent_and_what_never_happened() {
        let seen = at(&golden("s08-half-told"), 5);
        assert_eq!(seen.torn, Some((4, 6)), "counted in the list that is shown");
        let deeds: Vec<_> = seen.deeds.iter().map(|d| (d.text.key.as_str(), d.left, d.happened)).collect();
        assert_eq!(
            deeds,
            [
                ("effect.cancel", "inspect.left.lost", true),
                ("effect.force", "inspect.left.durable", true),
                ("effect.decide-commit", "inspect.left.seen", true),
                ("effect.send", "inspect.left.sent", true),
                ("effect.send", "inspect.left.never", false),
                ("effect.arm", "inspect.left.never", false),
            ]
        );
    }

    #[test]
    fn every_field_that_changed_is_marked_and_no_other() {
        let seen = at(&golden("s08-half-told"), 5);
        let changed: Vec<_> =
            seen.fields.iter().filter(|f| f.changed()).map(|f| (f.who.as_deref(), f.name)).collect();
        let c = Some("C");
        assert_eq!(
            changed,
            [
                (c, "inspect.field.life"),
                (c, "inspect.field.phase"),
                (c, "inspect.field.votes"),
                (c, "inspect.field.log"),
                (c, "inspect.field.timers"),
                (Some("P2"), "inspect.field.blocked"),
                (None, "inspect.field.flights"),
            ]
        );
        let flights = field(&seen, None, "inspect.field.flights");
        assert!(words(&flights.before, Mark::Gone)[0].contains("yes"));
        assert!(words(&flights.after, Mark::New)[0].contains("commit"));
        assert!(!field(&seen, Some("P1"), "inspect.field.log").changed());
    }

    /// Presumed abort: the vote timer fires, and the word of it is still under way to both.
    #[test]
    fn who_was_told_is_not_said_to_know() {
        let text = "world 2pc\ndo C begin\ndeliver C>P1 prepare\ndeliver C>P2 prepare\nfire C vote\n";
        let history = script::load(text).expect("a script").history;
        let seen = at(&history, 4);
        let votes = words(&field(&seen, Some("C"), "inspect.field.votes").after, Mark::New);
        assert_eq!(votes.len(), 2);
        assert!(votes.iter().all(|v| v.starts_with("inspect.receipt.needless")), "{votes:?}");
    }

    /// A commit is confirmed: told first, then awaited, then known.
    #[test]
    fn only_a_receipt_says_that_somebody_knows() {
        let history = golden("s04-happy-path");
        let last = *history.branch().last().expect("never empty");
        let of = |place| {
            let run = history.run_at(place);
            let keys = votes(&run.now().scene, NodeId(0)).into_iter().map(|t| t.key);
            keys.filter(|k| k.contains("receipt")).collect::<Vec<_>>()
        };
        let told = history.branch().into_iter().map(of).find(|keys| !keys.is_empty()).expect("it tells them");
        assert_eq!(told, ["inspect.receipt.awaited"; 2]);
        assert_eq!(of(last), ["inspect.receipt.come"; 2]);
    }

    #[test]
    fn what_would_happen_is_what_then_happens() {
        let mut history = golden("s08-half-told");
        history.go(0);
        for place in history.branch().into_iter().skip(1) {
            let step = history.step(place).expect("a step");
            let would = inspect(history.run(), &step);
            assert!(would.possible);
            history.go(place);
            let mut did = inspect_at(&history, place).expect("a step");
            assert_eq!(did.event.as_ref(), history.event(place).map(|e| &**e));
            did.event = would.event.clone();
            assert_eq!(would, did);
        }
    }

    #[test]
    fn a_step_that_cannot_be_done_says_why() {
        let mut history = golden("s08-half-told");
        history.go(0);
        let node = NodeId(0);
        let seen = inspect(history.run(), &Act::Recover(node).into());
        assert!(!seen.possible && seen.fields.is_empty());
        assert_eq!(seen.why.key, "inspect.impossible");
    }

    #[test]
    fn a_message_has_a_beginning_and_an_end() {
        let history = golden("s08-half-told");
        let branch = history.branch();
        let begin = history.event(branch[1]).expect("an event").sent[0].id;
        let way = journey(&history, begin).expect("it was sent");
        assert_eq!((way.word.as_str(), way.sent), ("prepare", 1));
        assert_eq!((way.landings, way.flies), (vec![(2, TakenHow::Delivered)], false));
        assert_eq!(journey(&history, 9_999), None);
    }
}
