//! What a run shows where a clause looks.

use super::{Clause, Counter, Group, InFlight, LampKind};
use crate::order::Set;
use crate::properties::{Lamp, lamps};
use crate::protocol::{NodeId, Outcome};
use crate::run::{Run, run_until_quiet};
use crate::sim::{Life, Scene};

impl Clause {
    /// The clause that holds in this run: equal to `self` exactly when `self` holds.
    pub fn seen(&self, run: &Run) -> Clause {
        let scene = &run.now().scene;
        match self {
            Clause::Nodes(group, asked) => Clause::Nodes(*group, members(scene, *group, asked)),
            Clause::Property { id, state, who } => {
                let verdict =
                    run.now().verdicts.iter().find(|v| v.id == *id).expect("a property that exists");
                let named = who.is_some() || verdict.state != *state;
                let who = named.then(|| verdict.who.iter().copied().collect());
                Clause::Property { id, state: verdict.state, who }
            }
            Clause::Log(node, _) => {
                let log = &scene.node(*node).log;
                Clause::Log(*node, log.iter().map(|slip| (slip.word.to_string(), slip.durable)).collect())
            }
            Clause::Locks(_) => {
                let up = scene.nodes.iter().filter(|n| n.life == Life::Up);
                Clause::Locks(up.flat_map(|n| n.status.locks.iter().map(|l| l.name.clone())).collect())
            }
            Clause::Phase(node, _) => Clause::Phase(*node, scene.node(*node).status.phase.into()),
            Clause::Balance(asked) => {
                let accounts = scene.nodes.iter().flat_map(|n| n.status.accounts.iter());
                Clause::Balance(found(asked, accounts.map(|a| (a.name.clone(), a.balance)).collect()))
            }
            Clause::Gauges(node, asked) => {
                let gauges = scene.node(*node).status.gauges.iter();
                Clause::Gauges(*node, found(asked, gauges.map(|g| (g.word.into(), g.value)).collect()))
            }
            Clause::Effects(asked) => {
                let effects = scene.effects();
                let of = |r: &crate::protocol::Request| effects.get(r).map_or(0, |n| *n as i32);
                let begun = scene.begun().iter().map(|r| (scene.intent(*r), of(r))).collect();
                Clause::Effects(found(asked, begun))
            }
            Clause::Answered(_) => {
                Clause::Answered(scene.answered().iter().map(|r| scene.intent(*r)).collect())
            }
            Clause::Lamps(asked) => Clause::Lamps(
                asked.iter().map(|(kind, node, _)| (*kind, *node, lamp(scene, *kind, *node))).collect(),
            ),
            Clause::Count(counter, _) => Clause::Count(
                *counter,
                match counter {
                    Counter::Messages => run.cost().messages,
                    Counter::Forced => run.cost().forced,
                    Counter::Unforced => run.cost().unforced,
                    Counter::Moment => run.moment(),
                },
            ),
            Clause::Delay(..) => {
                let cost = run.cost();
                Clause::Delay(cost.decision_delay, cost.outcome_delay)
            }
            Clause::InFlight(_) => Clause::InFlight(InFlight::all(scene)),
            Clause::Remarks(node, asked) => {
                let made: Set<String> =
                    scene.node(*node).status.remarks.iter().map(|r| r.to_string()).collect();
                let holds = !asked.is_empty() && asked.is_subset(&made);
                Clause::Remarks(*node, if holds { asked.clone() } else { made })
            }
            Clause::Decided(node, _) => {
                let facts = &scene.node(*node).facts;
                Clause::Decided(*node, Outcome::BOTH.into_iter().filter(|o| facts.decided(*o)).collect())
            }
            Clause::Armed(node, _) => {
                Clause::Armed(*node, scene.node(*node).timers.iter().copied().collect())
            }
            Clause::Quiet(_) => {
                let before = run.moment();
                let mut copy = run.clone();
                run_until_quiet(&mut copy, &mut |_| ());
                Clause::Quiet(copy.moment() == before)
            }
        }
    }
}

fn members(scene: &Scene, group: Group, asked: &Set<NodeId>) -> Set<NodeId> {
    let is = |id: &NodeId| match group {
        Group::Blocked => scene.blocked(*id).is_some(),
        Group::InDoubt => scene.in_doubt(*id),
        Group::Waiting => scene.up(*id) && scene.in_doubt(*id) && scene.blocked(*id).is_none(),
        Group::Waits => scene.up(*id) && scene.node(*id).status.wants.is_some(),
        Group::Life(life) => scene.node(*id).life == life && (asked.is_empty() || asked.contains(id)),
    };
    scene.ids().filter(is).collect()
}

/// The numbers that were asked for, in that order; all of them if one of those does not exist.
fn found(asked: &[(String, i32)], all: Vec<(String, i32)>) -> Vec<(String, i32)> {
    let find = |name: &str| all.iter().find(|(known, _)| known == name).cloned();
    let each: Option<Vec<_>> = asked.iter().map(|(name, _)| find(name)).collect();
    each.unwrap_or(all)
}

fn lamp(scene: &Scene, kind: LampKind, node: Option<NodeId>) -> Lamp {
    let (votes, all) = lamps(scene);
    let of = all.iter().find(|l| Some(l.node) == node);
    match kind {
        LampKind::Votes => votes,
        LampKind::Prepared => of?.prepared,
        LampKind::Justified => of?.justified_abort,
        LampKind::Unjustified => of?.unjustified,
        LampKind::Ready => of?.ready,
        LampKind::Success => of?.success,
        LampKind::Uncertain => of?.uncertain,
        LampKind::Blocked => of?.blocked,
    }
}

impl InFlight {
    /// Everything in flight, sorted.
    pub fn all(scene: &Scene) -> Vec<InFlight> {
        let flight =
            |f: &crate::sim::Flying| InFlight { from: f.at.from, to: f.at.to, word: f.word, held: f.held };
        crate::order::sorted(scene.flights.iter().map(flight).collect())
    }
}
