//! What happened, compactly: what is printed under a statement.

use super::Names;
use super::clause::{Clause, Group, InFlight};
use crate::order;
use crate::properties::{State, Verdict};
use crate::protocol::{Decision, Effect, Outcome, Vote};
use crate::run::{Event, Now};
use crate::sim::{Life, Lost, Said, Shown, TakenHow};

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
        text += &lost_in_words(lost);
    }
    match event.step.node() {
        Some(node) if !text.is_empty() => format!("{} {text}", names.node(node)),
        _ => "-".into(),
    }
}

fn lost_in_words(lost: &Lost) -> String {
    let list = |head: &str, records: &[Said]| match records {
        [] => String::new(),
        all => format!("; {head} {}", all.iter().map(said).collect::<Vec<_>>().join(", ")),
    };
    list("lost", &lost.records) + &list("kept", &lost.kept)
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
        Effect::Ask(r) => format!("asks {}", r.0),
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
            let who = order::set(new.who.iter().copied().filter(|_| broken(new)));
            let clause = match new.id {
                "blocked" => Clause::Nodes(Group::Blocked, who),
                id => Clause::Property { id, state: new.state, who: Some(who) },
            };
            lines.push(clause.print(names));
        }
    }
    lines
}
