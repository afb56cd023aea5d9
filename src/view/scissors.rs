//! A crash in the middle of a step: the ordered effects, the places to cut, and what each cut leads to.

use super::words::{Words, said};
use crate::protocol::NodeId;
use crate::run::Run;
use crate::sim::{Act, Refusal, Step, Tail, TakenHow};
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
            outcome: outcome(run, &copy, node),
            then: effect.map(|e| words.effect_in_full(e)),
            leaves: effect.map(|e| leaves(e)),
            unforced,
        });
    }
    Ok(Scissors { step: whole, node, title: words.title(&whole), cuts })
}

fn leaves(effect: &crate::sim::Shown) -> &'static str {
    use crate::protocol::Effect;
    match effect {
        Effect::Force(_) => "durable",
        Effect::Append(_) => "unforced",
        Effect::Send { .. } => "sent",
        _ => "seen",
    }
}

/// What a crash here means, from having done it on a copy.
fn outcome(before: &Run, after: &Run, node: NodeId) -> Text {
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
    let blocked: Vec<_> = scene.ids().filter(|id| scene.blocked(*id).is_some()).collect();
    if !blocked.is_empty() {
        return Text::new("cut.blocks").number("n", blocked.len() as i64).words("who", names(&blocked));
    }
    let would = &scene.node(node).status;
    let comes_back = Text::new(format!("{}.phase.{}", scene.meta.id, would.phase));
    Text::new("cut.nobody").word("node", scene.name(node)).text("phase", comes_back)
}

/// The steps that a node could be in the middle of when it dies: what it can handle now.
pub fn tearable(run: &Run, node: NodeId) -> Vec<Step> {
    let choices = run.machine().choices().into_iter();
    let here =
        choices.filter(|c| c.refused.is_none() && c.step.node() == Some(node) && c.step.runs_handler());
    let steps: Vec<Step> = here.map(|c| c.step).filter(|s| scissors(run, s, Tail::Lost).is_ok()).collect();
    // What arrives comes first: those are the steps that one wants to cut.
    crate::order::by_key(steps, |s| !matches!(s.act, Act::Deliver(_)))
}
