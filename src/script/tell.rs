//! What happened, in words: compact under a statement, and as English sentences for the command line.

use super::Names;
use super::clause::{Clause, Group, InFlight};
use crate::properties::{State, Verdict};
use crate::protocol::{Decision, Effect, NodeId, Outcome, Vote};
use crate::run::{Event, Now};
use crate::sim::{Act, Life, Lost, Said, Shown, TakenHow};
use std::collections::BTreeSet;

/// What a step did, compactly: `P1 prepared*, votes yes, >C yes, -prepare, +decision`. `*` is forced, `>`
/// sent, `+` and `-` a timer armed and disarmed.
pub fn effects_in_words(names: &Names, event: &Event) -> String {
    let report = &event.report;
    match report.taken.as_ref().map(|t| t.how) {
        Some(TakenHow::Dropped) => return "lost".into(),
        Some(TakenHow::NobodyThere) => return "nobody there".into(),
        Some(TakenHow::Delivered) | None => {}
    }
    let compact = |e: &Shown| compact(names, e);
    let done: Vec<_> = report.effects[..report.done].iter().map(compact).collect();
    let mut text = done.join(", ");
    if let Some(lost) = &report.crashed {
        let cut: Vec<_> = report.effects[report.done..].iter().map(compact).collect();
        text += if text.is_empty() { "died" } else { "; died" };
        if !cut.is_empty() {
            text += &format!(" before {}", cut.join(", "));
        }
        text += &lost_in_words(lost, "; lost ", "; kept ");
    }
    match event.step.node() {
        Some(node) if !text.is_empty() => format!("{} {text}", names.node(node)),
        _ => "-".into(),
    }
}

fn lost_in_words(lost: &Lost, lost_word: &str, kept_word: &str) -> String {
    let list = |head: &str, records: &[Said]| match records {
        [] => String::new(),
        all => format!("{head}{}", all.iter().map(said).collect::<Vec<_>>().join(", ")),
    };
    list(lost_word, &lost.records) + &list(kept_word, &lost.kept)
}

fn said(said: &Said) -> String {
    if said.detail.is_empty() { said.word.into() } else { format!("{}({})", said.word, said.detail) }
}

fn compact(names: &Names, effect: &Shown) -> String {
    match effect {
        Effect::Append(r) => said(r),
        Effect::Force(r) => format!("{}*", said(r)),
        Effect::Send { to, msg, .. } => format!(">{} {}", names.node(*to), said(msg)),
        Effect::Arm(t) => format!("+{}", names.timer(*t)),
        Effect::Cancel(t) => format!("-{}", names.timer(*t)),
        Effect::Vote(v) => format!("votes {}", vote(*v)),
        Effect::Decide(d) => format!("decides {}", decision(*d)),
        Effect::Apply(r) => format!("applies {}", r.0),
        Effect::Answer(r) => format!("answers {}", r.0),
        Effect::Alarm(word) => format!("alarm {word}"),
    }
}

fn vote(vote: Vote) -> &'static str {
    match vote {
        Vote::Yes => "yes",
        Vote::No => "no",
        Vote::ReadOnly => "read-only",
    }
}

fn decision(decision: Decision) -> &'static str {
    match (decision.outcome, decision.heuristic) {
        (Outcome::Commit, false) => "commit",
        (Outcome::Abort, false) => "abort",
        (Outcome::Commit, true) => "commit by operator",
        (Outcome::Abort, true) => "abort by operator",
    }
}

/// What changed in the world, as clauses: messages in flight, locks, who is blocked, what is violated.
pub fn changes(names: &Names, before: &Now, after: &Now) -> Vec<String> {
    let mut lines = Vec::new();
    let flights = |now: &Now| Clause::InFlight(InFlight::all(&now.scene));
    let locks = |now: &Now| {
        let up = now.scene.nodes.iter().filter(|n| n.life == Life::Up);
        Clause::Locks(up.flat_map(|n| n.status.locks.iter().map(|l| l.name.clone())).collect())
    };
    for clause in [flights, locks] {
        let now = clause(after);
        if now != clause(before) {
            lines.push(now.print(names));
        }
    }
    for (old, new) in before.verdicts.iter().zip(&after.verdicts) {
        let broken = |v: &Verdict| v.state == State::Violated;
        if (broken(old) || broken(new)) && (old.state, &old.who) != (new.state, &new.who) {
            let who: BTreeSet<_> = new.who.iter().copied().filter(|_| broken(new)).collect();
            let clause = match new.id {
                "blocked" => Clause::Nodes(Group::Blocked, who),
                id => Clause::Property { id, state: new.state, who: Some(who) },
            };
            lines.push(clause.print(names));
        }
    }
    lines
}

/// What a step did, as an English sentence without its full stop.
pub fn step_in_words(names: &Names, event: &Event) -> String {
    let report = &event.report;
    let taken = report.taken.as_ref().map(|t| (t.how, said(&t.said)));
    let head = match (event.step.act, taken) {
        (Act::Deliver(m), Some((TakenHow::NobodyThere, word))) => {
            format!("{word} from {} reaches {}, which is down", names.node(m.from), names.node(m.to))
        }
        (Act::Deliver(m), taken) => {
            let word = taken.map_or_else(|| "a message".into(), |(_, word)| word);
            format!("{} receives {word} from {}", names.node(m.to), names.node(m.from))
        }
        (Act::Drop(m), taken) => {
            let word = taken.map_or_else(|| "a message".into(), |(_, word)| word);
            format!("the network loses {word} from {} to {}", names.node(m.from), names.node(m.to))
        }
        (Act::Duplicate(m), _) => {
            let word = event.sent.first().map_or_else(|| "a message".into(), |s| said(&s.said));
            format!("the network copies {word} from {} to {}", names.node(m.from), names.node(m.to))
        }
        (Act::Hold(m), _) => {
            format!("a message from {} to {} is held back", names.node(m.from), names.node(m.to))
        }
        (Act::Release(m), _) => {
            format!("a message from {} to {} is let go", names.node(m.from), names.node(m.to))
        }
        (Act::Fire(node, t), _) => format!("{}'s timer {} fires", names.node(node), names.timer(t)),
        (Act::Command(node, c), _) => {
            let verb = names.meta.verbs.get(usize::from(c.verb)).map_or("?", |v| v.word);
            let arg = c.arg.map(|id| format!(" {}", names.node(id))).unwrap_or_default();
            format!("{} is told to {verb}{arg}", names.node(node))
        }
        (Act::Crash(node, _), _) => format!("{} crashes", names.node(node)),
        (Act::Recover(node), _) => format!("{} recovers", names.node(node)),
        (Act::Pause(node), _) => format!("{} pauses", names.node(node)),
        (Act::Resume(node), _) => format!("{} goes on", names.node(node)),
        (Act::Cut(l), _) => format!("the link between {} and {} is cut", names.node(l.0), names.node(l.1)),
        (Act::Heal(l), _) => {
            format!("the link between {} and {} is healed", names.node(l.0), names.node(l.1))
        }
    };
    let told: Vec<_> = report.effects[..report.done].iter().map(|e| sentence(names, e)).collect();
    let mut text = if told.is_empty() { head } else { format!("{head}: {}", told.join(", ")) };
    if let Some(lost) = &report.crashed {
        if event.step.torn.is_some() {
            text += &torn_in_words(names, event.step.node(), &report.effects[report.done..]);
        }
        text += &lost_in_words(lost, "; it loses ", "; it happens to keep ");
    }
    text
}

fn torn_in_words(names: &Names, node: Option<NodeId>, cut: &[Shown]) -> String {
    let who = node.map_or("it", |id| names.node(id));
    match cut.first() {
        Some(next) => format!("; {who} dies before it {}", sentence(names, next)),
        None => format!("; {who} dies right after"),
    }
}

fn sentence(names: &Names, effect: &Shown) -> String {
    match effect {
        Effect::Append(r) => format!("writes {}", said(r)),
        Effect::Force(r) => format!("forces {}", said(r)),
        Effect::Send { to, msg, .. } => format!("sends {} to {}", said(msg), names.node(*to)),
        Effect::Arm(t) => format!("starts timer {}", names.timer(*t)),
        Effect::Cancel(t) => format!("stops timer {}", names.timer(*t)),
        Effect::Vote(v) => format!("votes {}", vote(*v)),
        Effect::Decide(d) => format!("decides {}", decision(*d)),
        Effect::Apply(r) => format!("makes the effect of request {} happen", r.0),
        Effect::Answer(r) => format!("sees the answer to request {}", r.0),
        Effect::Alarm(word) => format!("raises the alarm {word}"),
    }
}
