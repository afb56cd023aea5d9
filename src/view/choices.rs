//! What can happen next, as numbered sentences with their consequences; and what cannot, with reasons.

use super::words::Words;
use crate::protocol::{NodeId, Stance};
use crate::run::{Event, NodeNow, Run};
use crate::sim::{Act, FaultKind, Refusal, Scene, Step, TakenHow};
use crate::text::Text;
use std::cell::RefCell;
use std::rc::Rc;

/// Where a choice stands in the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    /// What happens by itself: messages arrive, timers fire, clients ask, what failed comes back.
    Next,
    /// What the network does to messages.
    Messages,
    /// What happens to nodes.
    Nodes,
    /// What happens to links.
    Links,
    /// What operators do.
    Operators,
}

/// Something that a reader may think of doing.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice {
    /// The step.
    pub step: Step,
    /// Where it stands.
    pub group: Group,
    /// What it is called.
    pub title: Text,
    /// Why it cannot be done.
    pub refused: Option<Text>,
    /// A parameter that would make it possible.
    pub switch: Option<&'static str>,
    /// Whether it is what Step does.
    pub default: bool,
}

/// A way to break something: what the palette of faults offers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tool {
    /// A node dies, now or in the middle of a step.
    Crash,
    /// A node stands still and keeps its memory.
    Pause,
    /// The network loses a message.
    Drop,
    /// The network copies a message.
    Duplicate,
    /// The network holds a message back.
    Hold,
    /// No message passes a link.
    Cut,
    /// Somebody breaks into the protocol from outside.
    Operator,
}

impl Tool {
    /// All of them, in the order on screen.
    pub const ALL: [Tool; 7] =
        [Tool::Crash, Tool::Pause, Tool::Drop, Tool::Duplicate, Tool::Hold, Tool::Cut, Tool::Operator];

    /// The word in keys of texts.
    pub fn word(self) -> &'static str {
        match self {
            Tool::Crash => "crash",
            Tool::Pause => "pause",
            Tool::Drop => "drop",
            Tool::Duplicate => "duplicate",
            Tool::Hold => "hold",
            Tool::Cut => "cut",
            Tool::Operator => "operator",
        }
    }

    /// The fault of which there may be only so many.
    pub fn fault(self) -> Option<FaultKind> {
        match self {
            Tool::Crash => Some(FaultKind::Crash),
            Tool::Drop => Some(FaultKind::Drop),
            Tool::Duplicate => Some(FaultKind::Duplicate),
            _ => None,
        }
    }
}

impl Choice {
    /// What it is that this breaks; `None` for what happens by itself, and for repairs.
    pub fn tool(&self) -> Option<Tool> {
        match self.step.act {
            Act::Crash(..) => Some(Tool::Crash),
            Act::Pause(_) => Some(Tool::Pause),
            Act::Drop(_) => Some(Tool::Drop),
            Act::Duplicate(_) => Some(Tool::Duplicate),
            Act::Hold(_) => Some(Tool::Hold),
            Act::Cut(_) => Some(Tool::Cut),
            Act::Command(..) if self.group == Group::Operators => Some(Tool::Operator),
            _ => None,
        }
    }

    /// Whether it happens to this node: one that a message is on its way to, or at the end of a link, counts.
    pub fn concerns(&self, node: NodeId) -> bool {
        let at = self.step.message().is_some_and(|m| m.to == node || m.from == node);
        let link = match self.step.act {
            Act::Cut(l) | Act::Heal(l) => l.0 == node || l.1 == node,
            _ => false,
        };
        at || link || self.step.node() == Some(node)
    }
}

/// What a choice would do, from having done it on a copy.
#[derive(Clone, PartialEq, Debug)]
pub struct Foreseen {
    /// In a sentence.
    pub consequence: Text,
    /// Whether a node handles something that can be cut short, and at how many places.
    pub cuts: Option<u8>,
}

/// What each choice would do: tried when somebody wants to know, and remembered. There may be a hundred
/// choices, and a reader looks at a few.
pub struct Foresight {
    run: Run,
    known: RefCell<Vec<(Step, Rc<Foreseen>)>>,
}

impl Foresight {
    /// Foresight at the present moment of a run.
    pub fn new(run: &Run) -> Foresight {
        Foresight { run: run.clone(), known: RefCell::default() }
    }

    /// What a step would do; `None` if it is not possible.
    pub fn of(&self, step: &Step) -> Option<Rc<Foreseen>> {
        if let Some((_, known)) = self.known.borrow().iter().find(|(s, _)| s == step) {
            return Some(Rc::clone(known));
        }
        let foreseen = Rc::new(foresee(&self.run, step)?);
        self.known.borrow_mut().push((*step, Rc::clone(&foreseen)));
        Some(foreseen)
    }

    /// The run itself.
    pub fn run(&self) -> &Run {
        &self.run
    }
}

/// Everything that a reader may think of: the default first, then what happens by itself, then what fails.
pub fn choices(run: &Run, default: Option<Step>) -> Vec<Choice> {
    let scene = &run.now().scene;
    let all: Vec<Choice> = run
        .machine()
        .choices()
        .iter()
        .filter(|c| !obvious(scene, &c.step, c.refused.as_ref()))
        .map(|c| Choice { default: Some(c.step) == default, ..choice(run, &c.step, c.refused.as_ref()) })
        .collect();
    let rank = |c: &Choice| (!c.default, c.refused.is_some(), c.group, order(run, &c.step));
    crate::order::by_key(all, rank)
}

/// Impossible things that nobody would ask about: recovering what is up, resuming what runs.
fn obvious(scene: &Scene, step: &Step, refused: Option<&Refusal>) -> bool {
    match (step.act, refused) {
        (_, None) => false,
        (Act::Recover(_) | Act::Resume(_) | Act::Pause(_) | Act::Crash(..), Some(Refusal::Spent { .. })) => {
            false
        }
        (Act::Recover(_) | Act::Resume(_) | Act::Pause(_) | Act::Crash(..), Some(_)) => true,
        (Act::Command(n, _), Some(Refusal::Down { .. } | Refusal::Paused { .. })) => !scene.up(n),
        // A verb that belongs to another phase is noise, unless a switch would allow it.
        (Act::Command(..), Some(Refusal::Role { reason, switch })) => {
            switch.is_none()
                && matches!(
                    *reason,
                    "already-begun" | "not-active" | "not-in-doubt" | "no-heuristic" | "does-not-wait"
                )
        }
        _ => false,
    }
}

/// Older messages first, and after all else those that would only arrive once more; otherwise the canonical
/// order.
fn order(run: &Run, step: &Step) -> u32 {
    match (step.act, flight(run, step)) {
        (Act::Recover(_) | Act::Resume(_) | Act::Heal(_), _) => 0,
        (_, Some((id, true))) => 1 + id,
        (_, Some((id, false))) => 4_000_000 + id,
        (Act::Fire(..), _) => 1_000_000,
        (Act::Command(..), _) => 2_000_000,
        _ => 3_000_000,
    }
}

/// The number of the message that a step is about, and whether it is still to arrive.
fn flight(run: &Run, step: &Step) -> Option<(u32, bool)> {
    let message = step.message()?;
    let mut each = run.message_ids().zip(run.due()).zip(&run.now().scene.flights);
    each.find(|(_, f)| f.at == message).map(|(flight, _)| flight)
}

fn group(scene: &Scene, step: &Step) -> Group {
    match step.act {
        Act::Deliver(_)
        | Act::Fire(..)
        | Act::Recover(_)
        | Act::Resume(_)
        | Act::Heal(_)
        | Act::Release(_) => Group::Next,
        Act::Command(_, c) if scene.meta.verbs[usize::from(c.verb)].operator => Group::Operators,
        Act::Command(..) => Group::Next,
        Act::Drop(_) | Act::Duplicate(_) | Act::Hold(_) => Group::Messages,
        Act::Crash(..) | Act::Pause(_) => Group::Nodes,
        Act::Cut(_) => Group::Links,
    }
}

fn choice(run: &Run, step: &Step, refused: Option<&Refusal>) -> Choice {
    let scene = &run.now().scene;
    let words = Words::new(scene);
    let switch = match refused {
        Some(Refusal::Role { switch, .. }) => *switch,
        _ => None,
    };
    Choice {
        step: *step,
        group: group(scene, step),
        title: match (step.act, flight(run, step)) {
            (Act::Deliver(_), Some((_, false))) => {
                Text { key: "do.deliver-again".into(), ..words.title(step) }
            }
            _ => words.title(step),
        },
        refused: refused.map(|r| words.refusal(r)),
        switch,
        default: false,
    }
}

fn foresee(run: &Run, step: &Step) -> Option<Foreseen> {
    let mut after = run.clone();
    let event = after.step(step).ok()?;
    let arrived = event.report.taken.as_ref().is_some_and(|t| t.how == TakenHow::Delivered);
    let handles = step.runs_handler() && (arrived || !matches!(step.act, Act::Deliver(_)));
    let cuts = handles.then(|| event.report.cuts());
    Some(Foreseen { consequence: consequence(run, &after, &event), cuts })
}

/// What a step would do, from having done it on a copy.
fn consequence(before: &Run, after: &Run, event: &Event) -> Text {
    let words = Words::new(&before.now().scene);
    if let Some(text) = newly_blocked(before, after) {
        return text;
    }
    if let Some(taken) = &event.report.taken {
        match taken.how {
            TakenHow::NobodyThere => {
                let to = event.step.node().map_or(String::new(), |n| before.now().scene.name(n).to_string());
                return Text::new("then.nobody-there").word("to", to);
            }
            TakenHow::Dropped => return Text::new("then.dropped"),
            TakenHow::Delivered => {}
        }
    }
    match event.step.act {
        Act::Duplicate(_) => return Text::new("then.duplicated"),
        Act::Hold(_) => return Text::new("then.held"),
        Act::Release(_) => return Text::new("then.released"),
        Act::Crash(n, _) => return crash(before, n, event),
        Act::Pause(_) => return Text::new("then.paused"),
        Act::Resume(_) => return Text::new("then.resumed"),
        Act::Cut(_) => return Text::new("then.cut"),
        Act::Heal(_) => return Text::new("then.healed"),
        _ => {}
    }
    let effects = words.effects(&event.report.effects);
    let change = stance_change(before, event);
    let text = match (effects.is_empty(), &change) {
        (true, None) if matches!(event.step.act, Act::Fire(..)) => Text::new("then.fires-for-nothing"),
        (true, None) if matches!(event.step.act, Act::Recover(_)) => Text::new("then.recovers"),
        (true, None) => Text::new("then.nothing"),
        (true, Some(change)) => return change.clone(),
        (false, _) => match event.step.act {
            Act::Recover(n) => comes_back(before, n).clauses("effects", effects),
            _ => Text::new("then.effects").clauses("effects", effects),
        },
    };
    match change {
        Some(change) => Text::new("then.and").text("core", text).text("change", change),
        None if asks_only(before, event) => Text::new("then.only-asks").text("core", text),
        None => text,
    }
}

/// Why a node that comes back does what it does: what its log says, or that it says nothing.
fn comes_back(before: &Run, node: NodeId) -> Text {
    let records: Vec<_> = before.now().scene.node(node).log.iter().map(|s| s.word).collect();
    match records.is_empty() {
        true => Text::new("then.recovers-empty"),
        false => Text::new("then.recovers-finds").words("records", records),
    }
}

/// A timer that may not decide.
fn asks_only(before: &Run, event: &Event) -> bool {
    match event.step.act {
        Act::Fire(_, t) => {
            let meta = before.machine().meta();
            meta.is_timeout(t) && !meta.timers[usize::from(t.0)].decides
        }
        _ => false,
    }
}

fn crash(before: &Run, node: NodeId, event: &Event) -> Text {
    let lost = event.report.crashed.clone().unwrap_or_default();
    let kept = before.now().scene.node(node).log.iter().filter(|s| s.durable).map(|s| s.word);
    let kept: Vec<_> = kept.collect();
    match (lost.records.is_empty(), kept.is_empty()) {
        (false, _) => Text::new("then.crash-loses").words("records", lost.records.iter().map(|r| r.word)),
        (true, true) => Text::new("then.crash-empty"),
        (true, false) => Text::new("then.crash-keeps").words("records", kept),
    }
}

/// Who would be blocked afterwards that is not now.
fn newly_blocked(before: &Run, after: &Run) -> Option<Text> {
    let was = &before.now().scene;
    let is = &after.now().scene;
    let who: Vec<_> = is.ids().filter(|id| is.blocked(*id).is_some() && was.blocked(*id).is_none()).collect();
    let names: Vec<_> = who.iter().map(|id| is.name(*id).to_string()).collect();
    (!who.is_empty()).then(|| Text::new("then.blocks").number("n", who.len() as i64).words("who", names))
}

fn stance_change(before: &Run, event: &Event) -> Option<Text> {
    let node = event.step.node()?;
    let scene = &before.now().scene;
    let was = scene.node(node).status.stance;
    let is: &NodeNow = &event.nodes[node.index()];
    if was == is.stance || scene.kind(node).client {
        return None;
    }
    let key = match is.stance {
        Stance::InDoubt => "then.in-doubt",
        Stance::Committed if is.heuristic => "then.guesses-commit",
        Stance::Aborted if is.heuristic => "then.guesses-abort",
        Stance::Committed => "then.commits",
        Stance::Aborted => "then.aborts",
        Stance::Working | Stance::Idle => return None,
    };
    Some(Text::new(key).word("node", scene.name(node)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, plain};
    use crate::script;

    /// A repair says why the node does what it does.
    #[test]
    fn who_comes_back_reads_its_log_first() {
        let path = format!("{}/tests/traces/2pc/s08-half-told.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("readable");
        let mut history = script::load(&text).expect("a script").history;
        let place = history.branch()[5];
        history.go(place);
        let step = Step::from(Act::Recover(NodeId(0)));
        let would = foresee(history.run(), &step).expect("possible").consequence;
        let said = plain(&Lang::En.say(&would));
        assert_eq!(said, "It reads its log, finds commit, and sends commit to P1 and P2.");
    }
}
