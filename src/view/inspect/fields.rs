//! What there is to see of a world, field by field, and which of it is not the same before and after.

use crate::properties::{State, title};
use crate::protocol::{Account, Gauge, NodeId, Receipt, Request, Stance, Timer, Vote};
use crate::run::Run;
use crate::sim::{Life, Said, Scene, Slip};
use crate::text::Text;
use crate::view::cards::{Counted, called, counted, counts};
use crate::view::words::said;

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

/// Every field in which two runs of the same world differ.
pub fn differences(one: &Run, other: &Run) -> Vec<Field> {
    let mut all = fields(one, other);
    all.retain(Field::changed);
    all
}

/// Every field of the world, before and after.
pub(super) fn fields(before: &Run, after: &Run) -> Vec<Field> {
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

pub(super) fn votes(scene: &Scene, id: NodeId) -> Vec<Text> {
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
    let slip = |s: &Slip| {
        let record = said(&Said { word: s.word, detail: s.detail.clone() });
        if s.durable { code(record) } else { Text::new("inspect.unforced").word("record", record) }
    };
    scene.node(id).log.iter().map(slip).collect()
}

fn timers(scene: &Scene, id: NodeId) -> Vec<Text> {
    let name = |t: &Timer| {
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
    let gauge = |g: &Gauge| {
        let Counted { name, value, .. } = counted(scene, g);
        Text::new("drawer.gauge").text("name", name).text("n", value)
    };
    counts(&scene.node(id).status).map(gauge).collect()
}

/// What took effect there, how often.
fn effects(scene: &Scene, id: NodeId) -> Vec<Text> {
    let effect = |(request, n): (&Request, &u8)| {
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
    let broken = run.now().verdicts.iter().filter(|v| v.state == State::Violated);
    broken.filter(|v| v.id != "blocked").map(|v| title(run.now().scene.meta, v.id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_there_twice_counts_twice() {
        let both = compare(None, "x", vec![plain("a")], vec![plain("a"), plain("a")]);
        assert_eq!(both.before[0].mark, Mark::Kept);
        assert_eq!(both.after.iter().filter(|v| v.mark == Mark::New).count(), 1);
        let fewer = compare(None, "x", vec![plain("a"), plain("a")], vec![plain("a")]);
        assert_eq!(fewer.before.iter().filter(|v| v.mark == Mark::Gone).count(), 1);
        assert!(fewer.after.iter().all(|v| v.mark == Mark::Kept));
    }
}
