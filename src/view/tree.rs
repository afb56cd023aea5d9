//! The history as a strip: the current branch as the main line, the others beside it.

use super::words::Words;
use crate::properties::{RAISED, law, title};
use crate::protocol::Stance;
use crate::run::{Event, History, Place};
use crate::sim::{Act, Life};
use crate::text::Text;
use std::rc::Rc;

/// A branch: a path from the beginning to an end.
#[derive(Clone, PartialEq, Debug)]
pub struct Branch {
    /// The moments that are its own: the current branch has all of its moments, every other one those
    /// after it left a branch that comes earlier.
    pub own: Vec<Place>,
    /// The moment that its own part starts from; `None` for the current branch.
    pub from: Option<Place>,
    /// Its end.
    pub tip: Place,
    /// Its number, in the order in which the branches were begun, from 1.
    pub number: usize,
    /// How it ends, as it stands now.
    pub label: Text,
}

/// The history as a strip.
#[derive(Clone, PartialEq, Debug)]
pub struct Strip {
    /// Branches, the current one first.
    pub branches: Rc<Vec<Branch>>,
    /// The present moment.
    pub at: Place,
    /// Its place on the current branch.
    pub index: usize,
    /// The number of the current branch.
    pub number: usize,
    /// The greatest number of a branch.
    pub last_number: usize,
    /// Short labels of moments on the current branch, by their place on it: most have none.
    pub labels: Rc<Vec<(usize, Text)>>,
    /// How bad it was at each moment of the current branch.
    pub worry: Rc<Vec<Worry>>,
    /// Moments that were marked.
    pub pins: Vec<Pin>,
    /// The current branch, as the history has it.
    line: Rc<Vec<Place>>,
}

/// How bad a moment is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Worry {
    /// Nobody is in doubt.
    None,
    /// Somebody is in doubt.
    Doubt,
    /// Somebody is blocked.
    Blocked,
}

/// A moment that was marked.
#[derive(Clone, PartialEq, Debug)]
pub struct Pin {
    /// The moment.
    pub place: Place,
    /// How many steps lead there.
    pub moment: u32,
    /// Its name, which may be empty.
    pub name: String,
    /// Its place on the current branch, if it is on it.
    pub index: Option<usize>,
}

/// The strip of a history. What `before` says of the branches is still true if they are the same: whoever goes to
/// and fro on a long one pays for the way, not for the length.
pub fn strip(history: &History, before: Option<&Strip>) -> Strip {
    let main = history.line();
    let (branches, labels, worry) = match before.filter(|b| Rc::ptr_eq(&b.line, &main)) {
        Some(same) => (Rc::clone(&same.branches), Rc::clone(&same.labels), Rc::clone(&same.worry)),
        None => {
            let event = |(i, p): (usize, &Place)| Some((i, history.event(*p)?));
            let labels = main.iter().enumerate().filter_map(event);
            let labels = labels.filter_map(|(i, e)| Some((i, short(history, e)?))).collect();
            let worry = main.iter().map(|p| history.event(*p).map_or(Worry::None, |e| worry(e)));
            (Rc::new(branches(history, &main)), Rc::new(labels), Rc::new(worry.collect()))
        }
    };
    let index_of = |place: Place| main.get(history.depth(place) as usize).filter(|p| **p == place);
    let pin = |(place, name): &(Place, String)| Pin {
        place: *place,
        moment: history.depth(*place),
        name: name.clone(),
        index: index_of(*place).map(|_| history.depth(*place) as usize),
    };
    Strip {
        at: history.at(),
        index: history.depth(history.at()) as usize,
        number: branches[0].number,
        last_number: branches.iter().map(|b| b.number).max().unwrap_or(1),
        labels,
        worry,
        pins: history.pins().iter().filter(|(p, _)| history.is_shown(*p)).map(pin).collect(),
        branches,
        line: main,
    }
}

/// The branches, the current one first.
fn branches(history: &History, main: &[Place]) -> Vec<Branch> {
    let tips = history.tips();
    let tip = *main.last().expect("never empty");
    let mut placed = vec![false; history.len()];
    main.iter().for_each(|p| placed[*p] = true);
    let mut branches = vec![Branch {
        own: main.to_vec(),
        from: None,
        tip,
        number: history.branch_number(tip),
        label: ending(history, tip),
    }];
    for other in tips.iter().copied().filter(|t| *t != tip) {
        let path = history.path_to(other);
        let split = path.iter().position(|p| !placed[*p]).unwrap_or(path.len());
        let own = path[split..].to_vec();
        own.iter().for_each(|p| placed[*p] = true);
        let from = split.checked_sub(1).map(|i| path[i]);
        branches.push(Branch {
            own,
            from,
            tip: other,
            number: history.branch_number(other),
            label: ending(history, other),
        });
    }
    branches
}

fn worry(event: &Event) -> Worry {
    let is = |n: &crate::run::NodeNow| match (n.blocked, n.stance) {
        (true, _) => Worry::Blocked,
        (false, Stance::InDoubt) => Worry::Doubt,
        _ => Worry::None,
    };
    event.nodes.iter().map(is).max().unwrap_or(Worry::None)
}

/// How a branch ends, from its last event.
fn ending(history: &History, tip: Place) -> Text {
    let Some(event) = history.event(tip) else { return Text::new("strip.nothing-yet") };
    let scene = &history.run().now().scene;
    let voters: Vec<_> = scene.voters().collect();
    let count = |stance| voters.iter().filter(|v| event.nodes[v.index()].stance == stance).count();
    let names = |is: &dyn Fn(usize) -> bool| {
        let ids = scene.ids().filter(|id| is(id.index()));
        ids.map(|id| scene.name(id).to_string()).collect::<Vec<_>>()
    };
    let blocked = names(&|i| event.nodes[i].blocked);
    let down = names(&|i| event.nodes[i].life == Life::Down);
    let (commits, aborts) = (count(Stance::Committed), count(Stance::Aborted));
    let broken = event.violated.iter().find(|id| **id != "blocked" && !event.guessed.contains(id));
    if let Some(id) = broken {
        // What is broken has a name of its own; the laws of commitment are known by theirs.
        match RAISED.contains(id) || *id == "once" || *id == "money" {
            true => law(scene.meta, id),
            false => Text::new("strip.broken").text("what", title(scene.meta, id)),
        }
    } else if !event.guessed.is_empty() {
        Text::new("strip.guessed")
    } else if !blocked.is_empty() {
        Text::new("strip.blocked").number("n", blocked.len() as i64).words("who", blocked)
    } else if commits > 0 && count(Stance::InDoubt) + count(Stance::Working) == 0 {
        Text::new("strip.commit")
    } else if aborts > 0 && count(Stance::InDoubt) + count(Stance::Working) == 0 {
        Text::new("strip.abort")
    } else if !down.is_empty() {
        Text::new("strip.down").words("who", down)
    } else {
        // Where nobody decides, nothing is open.
        let key = if voters.is_empty() { "strip.steps" } else { "strip.open" };
        Text::new(key).number("n", i64::from(history.depth(tip)))
    }
}

/// A few words for the moments one looks for.
fn short(history: &History, event: &Event) -> Option<Text> {
    let scene = &history.run().now().scene;
    let name = |n: crate::protocol::NodeId| scene.name(n).to_string();
    let node = event.step.node();
    if event.report.crashed.is_some() {
        return node.map(|n| Text::new("strip.at.crash").word("node", name(n)));
    }
    match event.step.act {
        Act::Recover(n) => Some(Text::new("strip.at.recover").word("node", name(n))),
        Act::Command(n, c) => {
            Some(Words::new(scene).command(c, n)).filter(|_| scene.meta.verbs[usize::from(c.verb)].starts)
        }
        _ => {
            use crate::protocol::{Effect, Outcome};
            let decided = event.report.effects[..event.report.done].iter().find_map(|e| match e {
                Effect::Decide(d) => Some(d.outcome),
                _ => None,
            });
            let key = match decided? {
                Outcome::Commit => "strip.at.commit",
                Outcome::Abort => "strip.at.abort",
            };
            node.map(|n| Text::new(key).word("node", name(n)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    /// Whatever the reader does: a strip that takes over what is still true is the strip made anew, and the branch
    /// that the history keeps is the one that it would find.
    #[test]
    fn what_is_kept_of_a_strip_is_still_true() {
        let setup = crate::protocols::ALL[0].setup();
        for seed in 0..20 {
            let mut history = History::new(crate::protocols::build(setup.clone()));
            let mut rng = crate::run::Rng::new(seed);
            let mut last: Option<Strip> = None;
            for _ in 0..120 {
                let place = rng.below(history.len());
                match rng.below(10) {
                    0 => drop(history.go(place)),
                    1 => drop(history.undo()),
                    2 => drop(history.redo()),
                    3 => drop(history.hide(place)),
                    4 => history.unhide(place),
                    5 => drop(history.pin(place, Some("here"))),
                    n => {
                        let choices = history.run().machine().choices();
                        let can: Vec<_> = choices.iter().filter(|c| c.refused.is_none()).collect();
                        let step = if n < 8 { None } else { can.get(rng.below(can.len())) };
                        let step = step.map(|c| c.step).or_else(|| history.default_step());
                        let _ = step.map(|s| history.act(&s));
                    }
                }
                let kept = strip(&history, last.as_ref());
                let path = history.branch();
                assert_eq!(path[kept.index], history.at());
                assert!(path.windows(2).all(|p| history.parent(p[1]) == Some(p[0])));
                let end = *path.last().expect("never empty");
                assert!(history.tips().contains(&end), "it goes on to an end");
                assert_eq!(kept, strip(&history, None));
                last = Some(kept);
            }
        }
    }

    /// What an operator's guess mixes, the protocol did not break.
    #[test]
    fn a_branch_that_a_guess_mixed_is_not_called_broken() {
        let path = format!("{}/tests/traces/2pc/s18-heuristic-mixed.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("readable");
        let history = script::load(&text).expect("a script").history;
        let mixed = |p: &Place| history.event(*p).is_some_and(|e| e.violated.contains(&"ac1"));
        let place = history.branch().into_iter().find(mixed).expect("it gets mixed");
        assert_eq!(ending(&history, place).key, "strip.guessed");
    }
}
