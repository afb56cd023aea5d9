//! One step under the glass: what it did in order, what it changed, and why it was possible.
//!
//! Everything comes from doing the step on a copy of the run before it, so the same code tells what a step
//! did and what one that has not been taken would do.

use super::cards::{called, counts};
use super::words::{Words, said};
use crate::protocol::{Account, Effect, NodeId, Receipt, Stance, Vote};
use crate::run::{Event, History, Place, Run};
use crate::sim::{Act, Entered, FaultKind, Life, MsgRef, Report, Rule, Said, Scene, Shown, Step, TakenHow};
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

/// How a value compares with that on the other side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// It is there before and after.
    Kept,
    /// It is gone afterwards.
    Gone,
    /// It was not there before.
    New,
}

/// A value of a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value {
    /// What it is.
    pub text: Text,
    /// How it compares.
    pub mark: Mark,
}

/// A field before and after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Whose: a node's name, or nothing for what belongs to all.
    pub who: Option<String>,
    /// The key of its name.
    pub name: &'static str,
    /// Its values before; none if it was empty.
    pub before: Vec<Value>,
    /// Its values after.
    pub after: Vec<Value>,
}

impl Field {
    /// Whether the step changed it.
    pub fn changed(&self) -> bool {
        self.before.iter().chain(&self.after).any(|v| v.mark != Mark::Kept)
    }
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
            fields: fields(before, &after),
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
    if !crash || limit == crate::protocol::Params::UNLIMITED {
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
    let own = |rest: String| Text::new(format!("{}.{rest}", scene.meta.id));
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

/// Every field in which two runs of the same world differ.
pub fn differences(one: &Run, other: &Run) -> Vec<Field> {
    let mut all = fields(one, other);
    all.retain(Field::changed);
    all
}

/// Every field of the world, before and after.
fn fields(before: &Run, after: &Run) -> Vec<Field> {
    let (was, is) = (&before.now().scene, &after.now().scene);
    let mut all = Vec::new();
    for id in was.ids() {
        for (name, of) in NODE_FIELDS {
            let who = Some(was.name(id).to_string());
            all.push(compare(who, name, of(was, id), of(is, id)));
        }
    }
    all.push(compare(None, "inspect.field.flights", flights(was), flights(is)));
    all.push(compare(None, "inspect.field.cuts", cuts(was), cuts(is)));
    all.push(compare(None, "inspect.field.violated", violated(before), violated(after)));
    all.retain(|f| !f.before.is_empty() || !f.after.is_empty());
    all
}

/// A field of a node: its name, and its values.
type NodeField = (&'static str, fn(&Scene, NodeId) -> Vec<Text>);

const NODE_FIELDS: &[NodeField] = &[
    ("inspect.field.life", life),
    ("inspect.field.phase", phase),
    ("inspect.field.blocked", blocked),
    ("inspect.field.votes", votes),
    ("inspect.field.log", log),
    ("inspect.field.timers", timers),
    ("inspect.field.locks", locks),
    ("inspect.field.balance", balances),
    ("inspect.field.gauges", gauges),
    ("inspect.field.effects", effects),
    ("inspect.field.waits", waits),
];

/// Puts the values of both sides beside each other. A value that is there twice counts twice.
fn compare(who: Option<String>, name: &'static str, before: Vec<Text>, after: Vec<Text>) -> Field {
    let mut rest = after.clone();
    let mut mark = |text: Text| match rest.iter().position(|t| *t == text) {
        Some(at) => {
            rest.remove(at);
            Value { text, mark: Mark::Kept }
        }
        None => Value { text, mark: Mark::Gone },
    };
    let before: Vec<Value> = before.into_iter().map(&mut mark).collect();
    // What is left over on the right is new; of equal values the last.
    let mut after: Vec<Value> = after.into_iter().map(|text| Value { text, mark: Mark::Kept }).collect();
    for text in rest {
        if let Some(value) = after.iter_mut().rev().find(|v| v.mark == Mark::Kept && v.text == text) {
            value.mark = Mark::New;
        }
    }
    Field { who, name, before, after }
}

fn plain(word: impl Into<String>) -> Text {
    Text::new("inspect.word").word("word", word)
}

fn code(word: impl Into<String>) -> Text {
    Text::new("inspect.code").word("word", word)
}

fn life(scene: &Scene, id: NodeId) -> Vec<Text> {
    vec![Text::new(match scene.node(id).life {
        Life::Up => "inspect.up",
        Life::Down => "inspect.down",
        Life::Paused => "inspect.paused",
    })]
}

fn phase(scene: &Scene, id: NodeId) -> Vec<Text> {
    let node = scene.node(id);
    let phase = Text::new(format!("{}.phase.{}", scene.meta.id, node.status.phase));
    match node.life {
        // What is known of a node without memory is what its log would have it say.
        Life::Down if !scene.kind(id).client => vec![Text::new("inspect.log-says").text("phase", phase)],
        _ => vec![phase],
    }
}

fn blocked(scene: &Scene, id: NodeId) -> Vec<Text> {
    if scene.kind(id).client || !scene.meta.promises("blocked") {
        return Vec::new();
    }
    vec![Text::new(if scene.blocked(id).is_some() { "inspect.yes" } else { "inspect.no" })]
}

fn votes(scene: &Scene, id: NodeId) -> Vec<Text> {
    let node = scene.node(id);
    let mut all = Vec::new();
    for ballot in node.status.votes.iter().filter(|_| node.life != Life::Down) {
        let who = |key| Text::new(key).word("node", scene.name(ballot.node));
        all.extend(ballot.vote.map(|vote| {
            who(match vote {
                Vote::Yes => "inspect.vote.yes",
                Vote::No => "inspect.vote.no",
                Vote::ReadOnly => "inspect.vote.read-only",
            })
        }));
        all.extend(match ballot.receipt {
            Receipt::None => None,
            Receipt::Awaited => Some(who("inspect.receipt.awaited")),
            Receipt::Needless => Some(who("inspect.receipt.needless")),
            Receipt::Come => Some(who("inspect.receipt.come")),
        });
    }
    all
}

fn log(scene: &Scene, id: NodeId) -> Vec<Text> {
    let slip = |s: &crate::sim::Slip| {
        let record = said(&Said { word: s.word, detail: s.detail.clone() });
        if s.durable { code(record) } else { Text::new("inspect.unforced").word("record", record) }
    };
    scene.node(id).log.iter().map(slip).collect()
}

fn timers(scene: &Scene, id: NodeId) -> Vec<Text> {
    let name = |t: &crate::protocol::Timer| {
        Text::new(format!("{}.timer.{}", scene.meta.id, scene.meta.timers[usize::from(t.0)].word))
    };
    scene.node(id).timers.iter().map(name).collect()
}

fn locks(scene: &Scene, id: NodeId) -> Vec<Text> {
    let mut all = Vec::new();
    for lock in &scene.node(id).status.locks {
        all.push(plain(lock.name.clone()));
        let waits = |w: &NodeId| {
            Text::new("inspect.waiter").word("lock", lock.name.clone()).word("node", scene.name(*w))
        };
        all.extend(lock.waiters.iter().map(waits));
    }
    all
}

fn balances(scene: &Scene, id: NodeId) -> Vec<Text> {
    let status = &scene.node(id).status;
    let account = |a: &Account| {
        let maybe = status.stance == Stance::InDoubt && a.pending != 0;
        let key = if maybe { "inspect.balance-maybe" } else { "inspect.balance" };
        Text::new(key)
            .text("account", called(scene, status, a))
            .number("n", a.balance)
            .number("other", a.balance + a.pending)
    };
    status.accounts.iter().map(account).collect()
}

fn gauges(scene: &Scene, id: NodeId) -> Vec<Text> {
    let gauge = |g: &crate::protocol::Gauge| {
        let name = Text::new(format!("{}.gauge.{}", scene.meta.id, g.word));
        Text::new("drawer.gauge").text("name", name).number("n", g.value)
    };
    counts(&scene.node(id).status).map(gauge).collect()
}

/// What took effect there, how often.
fn effects(scene: &Scene, id: NodeId) -> Vec<Text> {
    let effect = |(request, n): (&crate::protocol::Request, &u8)| {
        Text::new("inspect.effect").word("what", scene.intent(*request)).number("n", *n)
    };
    scene.node(id).facts.effects.iter().map(effect).collect()
}

fn waits(scene: &Scene, id: NodeId) -> Vec<Text> {
    let want = scene.node(id).status.wants;
    want.map(|w| Text::new("inspect.waits").word("node", scene.name(w.node))).into_iter().collect()
}

fn flights(scene: &Scene) -> Vec<Text> {
    let each = scene.flights.iter().map(|f| {
        let word = said(&Said { word: f.word, detail: f.detail.clone() });
        let key = if f.held { "inspect.flight-held" } else { "inspect.flight" };
        Text::new(key).word("msg", word).word("from", scene.name(f.at.from)).word("to", scene.name(f.at.to))
    });
    each.collect()
}

fn cuts(scene: &Scene) -> Vec<Text> {
    scene.cuts.iter().map(|l| plain(format!("{}–{}", scene.name(l.0), scene.name(l.1)))).collect()
}

/// Properties that are violated; who is blocked is said where it belongs.
fn violated(run: &Run) -> Vec<Text> {
    let broken = run.now().verdicts.iter().filter(|v| v.state == crate::properties::State::Violated);
    broken.filter(|v| v.id != "blocked").map(|v| Text::new(format!("prop.{}", v.id))).collect()
}

/// The way of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Journey {
    /// Its kind and what else it says.
    pub word: String,
    /// Who sent it.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// At which moment it was sent or copied.
    pub sent: u32,
    /// The record that it left after.
    pub after: Option<&'static str>,
    /// Whether the network made it, as a copy.
    pub copy: bool,
    /// At which moment and how it left the network; where messages are never removed, each time that it
    /// arrived.
    pub landings: Vec<(u32, TakenHow)>,
    /// Whether it is in flight at the end of the branch.
    pub flies: bool,
}

/// The way of the message with this number on the current branch.
pub fn journey(history: &History, id: u32) -> Option<Journey> {
    let path = history.branch();
    let events = || path.iter().filter_map(|p| Some((history.depth(*p), history.event(*p)?)));
    let (moment, sent) = events().find_map(|(m, e)| Some((m, e.sent.iter().find(|s| s.id == id)?)))?;
    let taken = events().filter(|(_, e)| e.taken == Some(id));
    let taken: Vec<_> = taken.filter_map(|(m, e)| Some((m, e.report.taken.as_ref()?))).collect();
    Some(Journey {
        word: said(&sent.said),
        from: sent.from,
        to: sent.to,
        sent: moment,
        after: sent.after,
        copy: sent.effect.is_none(),
        landings: taken.iter().map(|(m, t)| (*m, t.how)).collect(),
        flies: taken.last().is_none_or(|(_, t)| t.stays),
    })
}

#[cfg(test)]
mod tests {
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
    fn a_value_that_is_there_twice_counts_twice() {
        let both = compare(None, "x", vec![plain("a")], vec![plain("a"), plain("a")]);
        assert_eq!(both.before[0].mark, Mark::Kept);
        assert_eq!(both.after.iter().filter(|v| v.mark == Mark::New).count(), 1);
        let fewer = compare(None, "x", vec![plain("a"), plain("a")], vec![plain("a")]);
        assert_eq!(fewer.before.iter().filter(|v| v.mark == Mark::Gone).count(), 1);
        assert!(fewer.after.iter().all(|v| v.mark == Mark::Kept));
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
        let node = crate::protocol::NodeId(0);
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
