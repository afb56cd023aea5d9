//! Whether a world is what is looked for, from sums over its nodes.

use super::fold::flag;
use super::question::{Cond, Is};
use crate::properties::RAISED;
use crate::protocol::Outcome;

/// What is known of a world for judging it.
pub struct Sums<'a> {
    /// What is so of some node, by [`flag`].
    pub any: u32,
    /// What is so of each node.
    pub nodes: &'a [u32],
    /// Who is blocked, by bit.
    pub blocked: u16,
    /// What all accounts hold beyond what they should, what is on its way counted.
    pub money: i32,
    /// Some request took effect twice.
    pub twice: bool,
    /// Some answer was seen, and its request took no effect.
    pub unearned: bool,
}

/// What a goal needs besides flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// Who is blocked.
    pub blocked: bool,
    /// Money.
    pub money: bool,
    /// Effects and answers.
    pub effects: bool,
}

/// The flag that says so of a node; `None` for being blocked, which is so of a world.
fn of(is: Is) -> Option<u32> {
    Some(match is {
        Is::Up => flag::UP,
        Is::Down => flag::DOWN,
        Is::Paused => flag::PAUSED,
        Is::InDoubt => flag::IN_DOUBT,
        Is::Committed => flag::COMMITTED,
        Is::Aborted => flag::ABORTED,
        Is::Decided => flag::DECIDED,
        Is::Locking => flag::LOCKING,
        Is::Waiting => flag::WAITING,
        Is::Blocked => return None,
    })
}

/// What must be known to judge by these conditions.
pub fn needs(goal: &[Cond]) -> Needs {
    let blocked = |c: &Cond| match c {
        Cond::Node(_, is) | Cond::Not(_, is) | Cond::Some(is) | Cond::Nobody(is) => *is == Is::Blocked,
        Cond::Broken(id) => id == "blocked",
        Cond::All(_) | Cond::Twice | Cond::Unearned => false,
    };
    Needs {
        blocked: goal.iter().any(blocked),
        money: goal.contains(&Cond::Broken("money".into())),
        effects: goal
            .iter()
            .any(|c| matches!(c, Cond::Twice | Cond::Unearned) || *c == Cond::Broken("once".into())),
    }
}

/// What some node must say of itself, by [`flag`], in any world in which these conditions hold; a quick look
/// that rules most worlds out.
pub fn required(goal: &[Cond]) -> u32 {
    goal.iter().fold(0, |all, cond| {
        all | match cond {
            Cond::Broken(id) => match id.as_str() {
                "ac1" => flag::COMMITTED | flag::ABORTED,
                "ac2" => flag::REVERSED,
                "ac3" => flag::COMMITTED_BY_PROTOCOL | flag::NO_YES,
                "ac4" => flag::ABORTED,
                "wal" => flag::EARLY,
                "locks" => flag::LOCKLESS,
                "alarm" => flag::ALARM,
                "blocked" => flag::ASKS,
                _ => 0,
            },
            Cond::Node(_, is) | Cond::Some(is) => of(*is).unwrap_or(flag::ASKS),
            _ => 0,
        }
    })
}

/// Whether a condition holds. The properties are those of [`crate::properties`], said in sums; a test holds
/// both against each other.
pub fn holds(cond: &Cond, sums: &Sums) -> bool {
    let any = |flags: u32| sums.any & flags == flags;
    let none = |flags: u32| sums.any & flags == 0;
    let some = |is: Is| of(is).map_or(sums.blocked != 0, any);
    let node = |id: crate::protocol::NodeId, is: Is| match of(is) {
        Some(flag) => sums.nodes[id.index()] & flag != 0,
        None => sums.blocked >> id.0 & 1 == 1,
    };
    match cond {
        Cond::Broken(id) => match id.as_str() {
            "ac1" => any(flag::COMMITTED | flag::ABORTED),
            "ac2" => any(flag::REVERSED),
            "ac3" => any(flag::COMMITTED_BY_PROTOCOL | flag::NO_YES),
            "ac4" => any(flag::ABORTED) && none(flag::NO_YES | flag::NO),
            "wal" => any(flag::EARLY),
            "locks" => any(flag::LOCKLESS),
            "alarm" => any(flag::ALARM),
            "money" => any(flag::OVERDRAWN) || sums.money != 0,
            "blocked" => sums.blocked != 0,
            "once" => sums.twice || sums.unearned,
            raised => RAISED.iter().position(|id| *id == raised).is_some_and(|at| any(flag::RAISED << at)),
        },
        Cond::Node(id, is) => node(*id, *is),
        Cond::Not(id, is) => !node(*id, *is),
        Cond::Some(is) => some(*is),
        Cond::Nobody(is) => !some(*is),
        Cond::All(Outcome::Commit) => none(flag::NOT_COMMITTED),
        Cond::All(Outcome::Abort) => none(flag::NOT_ABORTED),
        Cond::Twice => sums.twice,
        Cond::Unearned => sums.unearned,
    }
}
