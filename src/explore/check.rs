//! What can be asked of a world, and what its own rules leave of a budget.

use super::course::Course;
use super::{Budget, Cond, Fault, Trouble};
use crate::protocol::{Meta, Params};
use crate::sim::{FaultKind, Rule, Setup, Step};

/// Whether all bounds are in range.
pub fn check_budget(budget: &Budget) -> Result<(), Trouble> {
    for fault in Fault::ALL {
        if let Some(found) = budget.of(fault).filter(|n| *n > Budget::MAX) {
            let range = (0, u32::from(Budget::MAX));
            return Err(Trouble::Budget { key: fault.key().into(), found: u32::from(found), range });
        }
    }
    if budget.copies == 0 || budget.copies > Budget::MAX_COPIES {
        let range = (1, u32::from(Budget::MAX_COPIES));
        return Err(Trouble::Budget { key: "copies".into(), found: u32::from(budget.copies), range });
    }
    Ok(())
}

/// What the world's own rules leave of a budget.
pub fn within(setup: &Setup, meta: &Meta, steps: &[Step], mut budget: Budget) -> Budget {
    budget.copies = budget.copies.max(budget.least_copies());
    let rules = [
        (Fault::Crashes, Rule::Crashes, FaultKind::Crash),
        (Fault::Drops, Rule::Drops, FaultKind::Drop),
        (Fault::Duplicates, Rule::Duplicates, FaultKind::Duplicate),
    ];
    for (fault, rule, kind) in rules {
        let limit = setup.rule(rule);
        if limit != Params::UNLIMITED {
            let spent = steps.iter().filter(|s| s.fault() == Some(kind)).count();
            let left = usize::from(limit).saturating_sub(spent).min(usize::from(Budget::MAX)) as u8;
            let least = budget.of(fault).map_or(left, |n| n.min(left));
            budget = budget.with(fault, Some(least));
        }
    }
    if setup.synchronous() {
        budget = budget.with(Fault::Early, Some(0));
    }
    if !meta.verbs.iter().any(|v| v.operator) {
        budget = budget.with(Fault::Operator, Some(0));
    }
    budget
}

/// Whether what is looked for is something that this world has.
pub fn check_goal(goal: &[Cond], meta: &Meta, course: &Course) -> Result<(), Trouble> {
    let nodes = course.need().locals.len();
    for cond in goal {
        match cond {
            Cond::Broken(id) if id == "ac5" => return Err(Trouble::Promise { id: id.clone() }),
            Cond::Broken(id) => {
                let there = |id: &str| id != "ac5" && (id != "money" || course.has_accounts());
                let possible = meta.properties.iter().filter(|id| there(id));
                if !possible.clone().any(|p| p == id) {
                    let possible = possible.map(|p| (*p).to_string()).collect();
                    return Err(Trouble::Property { id: id.clone(), possible });
                }
            }
            Cond::Twice | Cond::Unearned if !meta.promises("once") => {
                let possible = meta.properties.iter().map(|p| (*p).to_string()).collect();
                let id = if *cond == Cond::Twice { "twice" } else { "unearned" };
                return Err(Trouble::Property { id: id.into(), possible });
            }
            Cond::Node(node, _) | Cond::Not(node, _) if node.index() >= nodes => {
                return Err(Trouble::Node { node: node.0 });
            }
            _ => {}
        }
    }
    Ok(())
}
