//! A crash in the middle of a step: the ordered effects, the places to cut, and what each cut leads to.

use super::cards::{Card, card};
use super::words::{Words, said};
use crate::protocol::{Effect, NodeId, Stance};
use crate::run::{Run, repairs, run_until_quiet};
use crate::sim::{Act, Life, Refusal, Scene, Shown, Step, Tail, TakenHow};
use crate::text::Text;

/// The effects of a step and where they can be cut.
#[derive(Clone, PartialEq, Debug)]
pub struct Scissors {
    /// The step, whole.
    pub step: Step,
    /// Who would die.
    pub node: NodeId,
    /// What it is called.
    pub title: Text,
    /// Places to cut, each followed by the effect that comes after it: the first is before everything.
    pub cuts: Vec<Cut>,
}

/// A place to cut.
#[derive(Clone, PartialEq, Debug)]
pub struct Cut {
    /// How many effects happen before.
    pub after: u8,
    /// What follows if the node dies here.
    pub outcome: Text,
    /// The effect right after this place, if there is one.
    pub then: Option<Text>,
    /// What that effect leaves behind: durable, unforced, sent.
    pub leaves: Option<&'static str>,
    /// Records that were not forced: the choice whether they survive matters.
    pub unforced: Vec<String>,
    /// What the node knew and held in memory alone, and does not have when it comes back.
    pub lost: Vec<Text>,
}

/// The scissors for a step that a handler runs in; an error if it cannot be done or torn.
pub fn scissors(run: &Run, step: &Step, tail: Tail) -> Result<Scissors, Refusal> {
    let whole = Step { torn: None, ..*step };
    let report = run.machine().preview(&whole)?;
    let arrived = report.taken.as_ref().is_none_or(|t| t.how == TakenHow::Delivered);
    if !whole.runs_handler() || !arrived {
        return Err(Refusal::NotTearable);
    }
    let scene = &run.now().scene;
    let words = Words::new(scene);
    let node = whole.node().expect("a handler runs at a node");
    let visible: Vec<_> = report.effects.iter().filter(|e| e.is_cut()).collect();
    let mut intact = run.clone();
    intact.step(&whole)?;
    let mut cuts = Vec::new();
    for after in 0..=report.cuts() {
        let torn = whole.torn(after, tail);
        let mut copy = run.clone();
        let event = copy.step(&torn)?;
        let effect = visible.get(usize::from(after));
        let lost = event.report.crashed.as_ref();
        let unforced = lost.map(|l| l.records.iter().chain(&l.kept).map(said).collect()).unwrap_or_default();
        cuts.push(Cut {
            after,
            outcome: outcome(run, &copy, node, &visible, usize::from(after)),
            then: effect.map(|e| words.effect_in_full(e)),
            leaves: effect.map(|e| leaves(e)),
            unforced,
            lost: lost_memory([run, &intact, &copy].map(|run| card(run, node))),
        });
    }
    Ok(Scissors { step: whole, node, title: words.title(&whole), cuts })
}

/// What a crash takes from memory: counted votes (that which just arrives among them), locks, timers and counts that
/// the log does not bring back. Of a node before the step, after all of it, and after the crash in it.
fn lost_memory([before, intact, crashed]: [Card; 3]) -> Vec<Text> {
    let counted = |card: &Card, of: NodeId| card.votes.iter().any(|b| b.node == of && b.vote.is_some());
    let voters = before.votes.iter().map(|b| b.node);
    let votes =
        voters.filter(|n| (counted(&before, *n) || counted(&intact, *n)) && !counted(&crashed, *n)).count();
    let votes = (votes > 0).then(|| Text::new("cut.lost.votes").number("n", votes as i64));
    let locks = before.locks.iter().filter(|l| crashed.locks.iter().all(|c| c.name != l.name));
    let locks = locks.map(|l| Text::new("cut.lost.lock").word("lock", l.name.clone()));
    let timers = before.timers.iter().filter(|t| crashed.timers.iter().all(|c| c.timer != t.timer));
    let timers = timers.filter(|t| t.timeout).map(|t| Text::new("card.timer").text("timer", t.name.clone()));
    let counts = before.gauges.iter().filter(|g| g.some && !crashed.gauges.contains(g));
    let counts = counts
        .map(|g| Text::new("cut.lost.count").text("name", g.name.clone()).text("value", g.value.clone()));
    votes.into_iter().chain(locks).chain(timers).chain(counts).collect()
}

fn leaves(effect: &Shown) -> &'static str {
    match effect {
        Effect::Force(_) => "durable",
        Effect::Append(_) => "unforced",
        Effect::Send { .. } => "sent",
        _ => "seen",
    }
}

/// What a crash here means, from having done it on a copy: who is left waiting, and how it will end. Two cuts that
/// leave the same nodes blocked may end in opposite ways.
fn outcome(before: &Run, after: &Run, node: NodeId, effects: &[&Shown], done: usize) -> Text {
    let scene = &after.now().scene;
    let names = |ids: &[NodeId]| ids.iter().map(|id| scene.name(*id).to_string()).collect::<Vec<_>>();
    let broken = after.now().verdicts.iter().find(|v| {
        v.state == crate::properties::State::Violated
            && v.id != "blocked"
            && !before.now().verdicts.iter().any(|b| b.id == v.id && b.state == v.state)
    });
    if let Some(verdict) = broken {
        return Text::new("cut.breaks").text("reason", verdict.reason.clone());
    }
    let will = Text::new(will(after, node)).word("node", scene.name(node));
    let blocked: Vec<_> = scene.ids().filter(|id| scene.blocked(*id).is_some()).collect();
    let leads = match blocked.len() {
        0 => will,
        n => Text::new("cut.blocks").number("n", n as i64).words("who", names(&blocked)).text("will", will),
    };
    match short_of(scene, node, effects, done) {
        Some(why) => Text::new("cut.because").text("why", why).text("leads", leads),
        None => leads,
    }
}

/// What is missing because the node died here: a record on its disk, or messages that it owed.
fn short_of(scene: &Scene, node: NodeId, effects: &[&Shown], done: usize) -> Option<Text> {
    if !scene.node(node).log.iter().any(|s| s.durable) {
        return Some(Text::new("cut.nothing"));
    }
    let untold = effects[done..].iter().filter_map(|e| match e {
        Effect::Send { to, .. } => Some(scene.name(*to).to_string()),
        _ => None,
    });
    let untold: Vec<_> = untold.collect();
    (!untold.is_empty()).then(|| Text::new("cut.untold").words("who", untold))
}

/// The key of what comes of it in the end. A node whose log says nothing is asked by letting it come back.
fn will(after: &Run, node: NodeId) -> &'static str {
    match after.now().scene.node(node).status.stance {
        Stance::Committed => "cut.will.commit",
        Stance::Aborted => "cut.will.abort",
        Stance::InDoubt => "cut.will.doubt",
        Stance::Working | Stance::Idle => {
            let mut end = after.clone();
            let back = repairs(&end).into_iter().all(|step| end.step(&step).is_ok());
            if !back || !run_until_quiet(&mut end, &mut |_| ()) {
                return "cut.will.forget";
            }
            let scene = &end.now().scene;
            // Who only reads has left, and is no part of the end.
            let ends = scene.voters().map(|id| scene.node(id).status.stance).filter(|s| *s != Stance::Idle);
            match crate::order::set(ends).into_iter().collect::<Vec<_>>()[..] {
                [Stance::Committed] => "cut.will.all-commit",
                [Stance::Aborted] => "cut.will.all-abort",
                _ => "cut.will.forget",
            }
        }
    }
}

/// The steps that a node could be in the middle of when it dies: what it can handle now.
pub fn tearable(run: &Run, node: NodeId) -> Vec<Step> {
    let choices = run.machine().choices().into_iter();
    let here =
        choices.filter(|c| c.refused.is_none() && c.step.node() == Some(node) && c.step.runs_handler());
    let steps: Vec<Step> = here.map(|c| c.step).filter(|s| check_cut(run, s).is_ok()).collect();
    // What arrives comes first: those are the steps that one wants to cut.
    crate::order::by_key(steps, |s| !matches!(s.act, Act::Deliver(_)))
}

/// Whether a crash can cut a step short, and if not why.
pub fn check_cut(run: &Run, step: &Step) -> Result<(), Refusal> {
    if let (Some(node), Act::Deliver(_)) = (step.node(), step.act)
        && run.now().scene.node(node).life == Life::Down
    {
        return Err(Refusal::Down { node });
    }
    run.machine().check(&Step { torn: None, ..*step }.torn(0, Tail::Lost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, plain};
    use crate::run::History;
    use crate::script;

    const BOTH_SAID_YES: &str = "world 2pc cooperative=off clients=0\ndo C begin\ndeliver C>P1 prepare\n\
        deliver C>P2 prepare\ndeliver P1>C yes\n";

    fn after(text: &str) -> History {
        let loaded = script::load(text).expect("a script");
        assert!(loaded.error.is_none(), "{:?}", loaded.error);
        loaded.history
    }

    fn deliver(history: &History, from: &str, to: &str) -> Step {
        let scene = &history.run().now().scene;
        let flight =
            scene.flights.iter().find(|f| (scene.name(f.at.from), scene.name(f.at.to)) == (from, to));
        Act::Deliver(flight.expect("in flight").at).into()
    }

    fn cuts(history: &History, step: &Step) -> Vec<String> {
        let cuts = scissors(history.run(), step, Tail::Lost).expect("it can be cut").cuts;
        cuts.iter().map(|c| plain(&Lang::En.say(&c.outcome))).collect()
    }

    /// The same two are blocked, and the transaction ends in opposite ways.
    #[test]
    fn cuts_on_either_side_of_the_decision_read_differently() {
        let history = after(BOTH_SAID_YES);
        let cuts = cuts(&history, &deliver(&history, "P2", "C"));
        assert_eq!(cuts[0], "nothing durable: P1 and P2 are blocked; all will abort");
        assert_eq!(cuts[1], "P1 and P2 not told: P1 and P2 are blocked; C will commit");
        assert_eq!(cuts[2], "P2 not told: P2 is blocked; C will commit");
        assert_eq!(cuts[3], "C will commit");
    }

    #[test]
    fn what_was_in_memory_only_is_named() {
        let history = after(BOTH_SAID_YES);
        let lost = |from: &str, to: &str, n: usize| {
            let step = deliver(&history, from, to);
            let cuts = scissors(history.run(), &step, Tail::Lost).expect("it can be cut").cuts;
            cuts[n].lost.iter().map(|t| plain(&Lang::En.say(t))).collect::<Vec<_>>()
        };
        // The second vote is lost with the first, whether the decision is on disk or not; the timer was running.
        assert_eq!(lost("P2", "C", 0), ["2 votes", "vote timer"]);
        assert_eq!(lost("P2", "C", 1)[0], "2 votes");
        let history = after("world 2pc cooperative=off clients=0\ndo C begin\n");
        let step = deliver(&history, "C", "P1");
        let cuts = scissors(history.run(), &step, Tail::Lost).expect("it can be cut").cuts;
        let lost: Vec<_> = cuts[0].lost.iter().map(|t| plain(&Lang::En.say(t))).collect();
        assert_eq!(
            lost,
            ["the lock on A", "prepare timer"],
            "before the promise is on disk, the lock goes too"
        );
        assert!(
            cuts[1].lost.iter().all(|t| t.key != "cut.lost.lock"),
            "and after it recovery takes it again"
        );
    }

    #[test]
    fn a_participant_cut_before_its_promise_aborts_and_after_it_is_in_doubt() {
        let history = after("world 2pc cooperative=off clients=0\ndo C begin\n");
        let cuts = cuts(&history, &deliver(&history, "C", "P1"));
        assert_eq!(cuts[0], "nothing durable: P1 will abort");
        assert_eq!(cuts[1], "C not told: P1 will be in doubt");
    }

    #[test]
    fn what_reaches_nobody_cannot_be_cut_and_the_reason_is_given() {
        let history = after(&format!("{BOTH_SAID_YES}crash C\n"));
        let step = deliver(&history, "P2", "C");
        assert!(matches!(check_cut(history.run(), &step), Err(Refusal::Down { .. })));
        assert!(scissors(history.run(), &step, Tail::Lost).is_err());
        let node = step.node().expect("a node");
        assert!(!tearable(history.run(), node).contains(&step));
    }
}
