//! The one sentence that says how things stand, computed from the run.

mod requests;

pub use requests::{fate, refusal};

use super::words::Words;
use crate::properties::{State, Verdict, guessed, waiters_of};
use crate::protocol::{Effect, NodeId, Outcome, Receipt, Stance};
use crate::run::{Event, Run};
use crate::sim::{Life, Scene};
use crate::text::Text;

/// How things stand, and what has just happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// How things stand.
    pub stands: Text,
    /// What the last step did; `None` before the first.
    pub just: Option<Text>,
    /// How grave it is: colours follow it.
    pub tone: Tone,
    /// Whether the last step was a decision, a crash, or broke something: while the run plays by itself, only
    /// this is worth saying aloud.
    pub weighs: bool,
}

/// How grave a moment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Nothing to worry about.
    Calm,
    /// Somebody is in doubt.
    Doubt,
    /// Somebody is blocked.
    Blocked,
    /// A property is broken.
    Broken,
    /// All is decided.
    Done,
}

/// The properties whose violation is the story, gravest first. Blocking has a sentence of its own.
const GRAVE: &[&str] = &[
    "ac1",
    "ac3",
    "ac2",
    "ac4",
    "once",
    "fencing",
    "one-holder",
    "conserved",
    "invariant",
    "money",
    "answers",
    "alarm",
    "wal",
    "locks",
];

/// Tells the story of a moment. `last` is the event that led to it; `quiet` says that nothing is left to
/// happen by itself.
pub fn story(run: &Run, last: Option<&Event>, quiet: bool) -> Story {
    let scene = &run.now().scene;
    let (stands, tone) = stands(run, scene, quiet);
    let weighs = last.is_some_and(|e| weighs(run, e));
    Story { stands, just: last.map(|e| Words::new(scene).event(e)), tone, weighs }
}

fn weighs(run: &Run, last: &Event) -> bool {
    let done = &last.report.effects[..last.report.done];
    last.report.crashed.is_some()
        || done.iter().any(|e| matches!(e, Effect::Decide(_)))
        || run.since().violated.values().any(|since| *since == run.moment())
}

fn stands(run: &Run, scene: &Scene, quiet: bool) -> (Text, Tone) {
    if run.moment() == 0 {
        return (opening(scene), Tone::Calm);
    }
    if let Some(verdict) = gravest(&run.now().verdicts) {
        // Where only an operator's guess disagrees, the protocol is not what broke.
        let guessed = guessed(&run.now().verdicts, verdict.id);
        let tone = if guessed { Tone::Blocked } else { Tone::Broken };
        let broken = Text::new("story.broken").text("reason", verdict.reason.clone());
        // Where nobody votes, remarks say what that means there.
        let more = if scene.voters().next().is_none() { requests::remarks(scene) } else { Vec::new() };
        return (requests::joined(std::iter::once(broken).chain(more)).expect("one at least"), tone);
    }
    if let Some(text) = blocked(scene) {
        return (text, Tone::Blocked);
    }
    let in_doubt: Vec<_> = scene.ids().filter(|id| scene.in_doubt(*id)).collect();
    if !in_doubt.is_empty() {
        return (waiting(scene, &in_doubt), Tone::Doubt);
    }
    if scene.voters().next().is_none() {
        return requests::stands(run, quiet);
    }
    if let Some(text) = decided(scene, quiet) {
        return (text, Tone::Done);
    }
    (elsewhere(scene, quiet), Tone::Calm)
}

fn names(scene: &Scene, ids: impl IntoIterator<Item = NodeId>) -> Vec<String> {
    ids.into_iter().map(|id| scene.name(id).to_string()).collect()
}

fn gravest(verdicts: &[Verdict]) -> Option<&Verdict> {
    GRAVE.iter().find_map(|id| verdicts.iter().find(|v| v.id == *id && v.state == State::Violated))
}

/// What is at stake, before anything has happened.
fn opening(scene: &Scene) -> Text {
    let accounts = || scene.nodes.iter().flat_map(|n| &n.status.accounts);
    let named = |sign: i32| {
        accounts().filter(|a| a.pending.signum() == sign).map(|a| a.name.clone()).collect::<Vec<_>>()
    };
    let (from, to) = (named(-1), named(1));
    let amount: i32 = accounts().map(|a| a.pending.max(0)).sum();
    match (from.is_empty(), to.len()) {
        (true, _) => Text::new(format!("{}.opening.nothing", scene.words())),
        (false, 1) => {
            Text::new("story.opening.two").words("from", from).words("to", to).number("amount", amount)
        }
        (false, _) => {
            Text::new("story.opening.many").words("from", from).words("to", to).number("amount", amount)
        }
    }
}

fn blocked(scene: &Scene) -> Option<Text> {
    let reasons: Vec<_> = scene.ids().filter_map(|id| scene.blocked(id).map(|b| (id, b))).collect();
    let mut told: Vec<&str> = Vec::new();
    let mut story: Option<Text> = None;
    for (_, reason) in &reasons {
        if told.contains(&reason.why) {
            continue;
        }
        told.push(reason.why);
        let who: Vec<_> = reasons.iter().filter(|(_, b)| b.why == reason.why).map(|(id, _)| *id).collect();
        let text = Text::new(format!("{}.blocked.{}", scene.meta.id, reason.why))
            .words("who", names(scene, who.iter().copied()))
            .number("n", who.len() as i64)
            .words("on", names(scene, reason.on.iter().copied()));
        story = Some(match story {
            None => text,
            Some(core) => Text::new("story.also").text("core", core).text("more", text),
        });
    }
    let holders: Vec<_> = reasons.iter().map(|(id, _)| *id).collect();
    let waiters = waiters_of(scene, &holders);
    story.map(|core| match waiters.is_empty() {
        true => core,
        false => Text::new("story.and-waits")
            .text("core", core)
            .number("n", waiters.len() as i64)
            .words("who", names(scene, waiters)),
    })
}

fn waiting(scene: &Scene, in_doubt: &[NodeId]) -> Text {
    let away: Vec<_> = in_doubt.iter().copied().filter(|id| !scene.up(*id)).collect();
    let hub = scene.ids().find(|id| scene.kind(*id).hub);
    let n = in_doubt.len() as i64;
    let base = |key: &str| Text::new(key).words("who", names(scene, in_doubt.iter().copied())).number("n", n);
    if away.len() == in_doubt.len() {
        return base("story.doubt.away");
    }
    let Some(hub) = hub else { return base("story.doubt.peers") };
    let committed = scene.deciders(Outcome::Commit);
    let aborted = scene.deciders(Outcome::Abort);
    let text = |key: &str| base(key).words("on", names(scene, [hub]));
    match (scene.node(hub).status.stance, scene.up(hub)) {
        (Stance::Committed, true) => text("story.doubt.commit-on-its-way"),
        (Stance::Aborted, true) => text("story.doubt.abort-on-its-way"),
        (_, true) if in_doubt.len() == scene.voters().count() => text("story.doubt.all"),
        (_, true) => text("story.doubt.some"),
        (_, false) if !committed.is_empty() => {
            base("story.doubt.commit-known").words("by", names(scene, committed))
        }
        (_, false) if !aborted.is_empty() => {
            base("story.doubt.abort-known").words("by", names(scene, aborted))
        }
        (_, false) => base("story.doubt.peers"),
    }
}

fn decided(scene: &Scene, quiet: bool) -> Option<Text> {
    let voters: Vec<_> = scene.voters().map(|id| scene.node(id)).collect();
    let ended = |s: Stance| matches!(s, Stance::Committed | Stance::Aborted | Stance::Idle);
    let some = |stance| voters.iter().any(|n| n.status.stance == stance);
    if !voters.iter().all(|n| ended(n.status.stance)) || voters.iter().any(|n| n.life == Life::Down) {
        return None;
    }
    let balances = voters.iter().flat_map(|n| &n.status.accounts);
    let balances: Vec<_> = balances
        .map(|a| Text::new("story.balance").word("account", a.name.clone()).number("n", a.balance))
        .collect();
    let awaited = |id| scene.node(id).status.votes.iter().any(|b| b.receipt == Receipt::Awaited);
    let key = match (some(Stance::Committed), quiet) {
        (true, true) => "story.done.commit",
        (true, false) if scene.ids().any(awaited) => "story.done.commit-rest",
        (true, false) => "story.done.commit-flying",
        (false, true) if some(Stance::Aborted) => "story.done.abort",
        (false, false) if some(Stance::Aborted) => "story.done.abort-rest",
        (false, true) => "story.done.read-only",
        (false, false) => "story.done.read-only-rest",
    };
    let done = Text::new(key).texts("balances", balances);
    let waiting: Vec<_> = scene.ids().filter(|id| scene.node(*id).status.wants.is_some()).collect();
    Some(match waiting.is_empty() {
        true => done,
        false => Text::new("story.client-waits")
            .text("core", done)
            .number("n", waiting.len() as i64)
            .words("who", names(scene, waiting)),
    })
}

/// Nobody has promised anything yet, or somebody is away.
fn elsewhere(scene: &Scene, quiet: bool) -> Text {
    let away: Vec<_> = scene.ids().filter(|id| !scene.up(*id)).collect();
    if let Some(first) = away.first() {
        let records: Vec<_> = scene.node(*first).log.iter().map(|s| s.word).collect();
        let text = |key: &str| Text::new(key).words("who", names(scene, [*first]));
        return match (scene.node(*first).life, records.is_empty()) {
            (Life::Paused, _) => text("story.away.paused"),
            (_, true) => text("story.away.empty"),
            (_, false) => text("story.away.log").words("records", records),
        };
    }
    let asked = scene.flights.iter().filter(|f| f.style == crate::protocol::Style::Request).count();
    let yes = scene.voters().filter(|id| scene.node(*id).facts.voted_yes).count();
    let open: Vec<_> = scene.voters().filter(|id| scene.node(*id).status.stance == Stance::Working).collect();
    let text = |key: &str| {
        Text::new(key).words("open", names(scene, open.iter().copied())).number("n", open.len() as i64)
    };
    match (asked > 0, yes > 0, quiet) {
        (_, _, true) => text("story.working.quiet"),
        (true, false, false) => text("story.working.asked"),
        (_, true, false) => text("story.working.some-yes"),
        (false, false, false) => text("story.working.free"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    /// Votes and questions are not worth interrupting anybody; that C dies, that P1 commits, and that P2 is
    /// blocked are.
    #[test]
    fn decisions_crashes_and_violations_weigh() {
        let text = "world 2pc cooperative=off clients=0\ndo C begin\ndeliver C>P1 prepare\n\
            deliver C>P2 prepare\ndeliver P1>C yes\ndeliver P2>C yes torn=2\ndeliver C>P1 commit\nfire P2 decision\n";
        let history = script::load(text).expect("a script").history;
        let weighs = |place: &crate::run::Place| {
            let event = history.event(*place).map(|e| &**e);
            story(&history.run_at(*place), event, false).weighs
        };
        let all: Vec<_> = history.branch().iter().map(weighs).collect();
        assert_eq!(all, [false, false, false, false, false, true, true, false]);
    }
}
