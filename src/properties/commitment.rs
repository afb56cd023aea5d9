//! AC1 to AC5: what atomic commitment is.

use super::{Past, State, Verdict, names};
use crate::protocol::{NodeId, Outcome, Stance};
use crate::sim::{Life, Scene};
use crate::text::Text;

/// AC1: all that decide decide the same. An operator's guess counts: that is what *heuristic mixed* means.
pub fn ac1(scene: &Scene) -> Verdict {
    let commit = scene.deciders(Outcome::Commit);
    let abort = scene.deciders(Outcome::Abort);
    let (c, a) = (names(scene, &commit), names(scene, &abort));
    if !commit.is_empty() && !abort.is_empty() {
        let guessed = scene.ids().any(|id| scene.node(id).facts.decisions.iter().any(|d| d.heuristic));
        let key = if guessed { "prop.ac1.guessed" } else { "prop.ac1.split" };
        let who = commit.into_iter().chain(abort).collect();
        return Verdict::new(
            "ac1",
            State::Violated,
            who,
            Text::new(key).words("commit", c).words("abort", a),
        );
    }
    let open = undecided(scene);
    let reason = match (c.is_empty(), a.is_empty()) {
        (true, true) => Text::new("prop.ac1.nobody"),
        (false, _) if open.is_empty() => Text::new("prop.ac1.commit").words("who", c),
        (false, _) => Text::new("prop.ac1.commit-open").words("who", c).words("open", names(scene, &open)),
        (true, false) if open.is_empty() => Text::new("prop.ac1.abort").words("who", a),
        (true, false) => Text::new("prop.ac1.abort-open").words("who", a).words("open", names(scene, &open)),
    };
    Verdict::new("ac1", State::Holds, Vec::new(), reason)
}

/// AC2: nobody reverses a decision.
pub fn ac2(scene: &Scene) -> Verdict {
    let both = |id: &NodeId| Outcome::BOTH.iter().all(|o| scene.node(*id).facts.decided(*o));
    let who: Vec<_> = scene.ids().filter(both).collect();
    if !who.is_empty() {
        let reason = Text::new("prop.ac2.reversed").words("who", names(scene, &who));
        return Verdict::new("ac2", State::Violated, who, reason);
    }
    let decided = scene.ids().filter(|id| !scene.node(*id).facts.decisions.is_empty()).count();
    Verdict::new("ac2", State::Holds, Vec::new(), Text::new("prop.ac2.ok").number("n", decided as i64))
}

/// AC3: commit only if all voted yes.
pub fn ac3(scene: &Scene) -> Verdict {
    let missing: Vec<_> = scene.voters().filter(|id| !scene.node(*id).facts.voted_yes).collect();
    let all = scene.voters().count();
    let yes = all - missing.len();
    let by_protocol = |id: &NodeId| scene.node(*id).facts.decided_by_protocol(Outcome::Commit);
    let commit: Vec<_> = scene.ids().filter(by_protocol).collect();
    if !commit.is_empty() && !missing.is_empty() {
        let reason = Text::new("prop.ac3.early")
            .words("who", names(scene, &commit))
            .words("missing", names(scene, &missing));
        return Verdict::new("ac3", State::Violated, commit, reason);
    }
    let key = if commit.is_empty() { "prop.ac3.open" } else { "prop.ac3.ok" };
    let reason = Text::new(key).number("yes", yes as i64).number("all", all as i64);
    Verdict::new("ac3", State::Holds, Vec::new(), reason)
}

/// AC4: without failures, if all voted yes the decision is commit. A timeout is a suspicion of failure.
pub fn ac4(scene: &Scene, past: &Past) -> Verdict {
    let all_yes = scene.voters().all(|id| scene.node(id).facts.voted_yes);
    let refused = scene.voters().any(|id| scene.node(id).facts.voted_no);
    let abort = scene.deciders(Outcome::Abort);
    let verdict = |state, who, key: &str| Verdict::new("ac4", state, who, Text::new(key));
    if !past.clean() {
        let key = if past.faults.is_empty() { "prop.ac4.timeout" } else { "prop.ac4.fault" };
        verdict(State::Untested, Vec::new(), key)
    } else if refused || (!all_yes && !abort.is_empty()) {
        verdict(State::Untested, Vec::new(), "prop.ac4.no-vote")
    } else if all_yes && !abort.is_empty() {
        verdict(State::Violated, abort, "prop.ac4.aborted")
    } else if all_yes && undecided(scene).is_empty() {
        verdict(State::Holds, Vec::new(), "prop.ac4.ok")
    } else {
        verdict(State::Open, Vec::new(), "prop.ac4.open")
    }
}

/// AC5: once all is repaired and nothing else fails for long enough, all decide. At any one moment that
/// is a promise; a run shows it by repairing and going on.
pub fn ac5(scene: &Scene) -> Verdict {
    let open = undecided(scene);
    if open.is_empty() {
        return Verdict::new("ac5", State::Holds, Vec::new(), Text::new("prop.ac5.ok"));
    }
    let broken = scene.ids().any(|id| scene.node(id).life != Life::Up) || !scene.cuts.is_empty();
    let key = if broken { "prop.ac5.broken" } else { "prop.ac5.open" };
    let reason = Text::new(key).words("who", names(scene, &open));
    Verdict::new("ac5", State::Open, open, reason)
}

/// The nodes that still have to decide.
pub fn undecided(scene: &Scene) -> Vec<NodeId> {
    let open = |id: &NodeId| {
        let stance = scene.node(*id).status.stance;
        scene.kind(*id).decides && matches!(stance, Stance::Working | Stance::InDoubt)
    };
    scene.ids().filter(open).collect()
}
