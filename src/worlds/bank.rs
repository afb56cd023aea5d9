//! A bank transfer over several branches, and clients who want to put money into the same accounts.
//!
//! Every participant keeps one account with 100 in it: A at the first, B at the second, and so on, without the
//! letters of nodes. The transaction takes 30 from the first account that it changes and gives it to the others it changes. Where
//! it changes only one participant's account, the 30 move to a second account there.
//!
//! Locks are held from the start, because the work is done before the protocol begins: the branch is active.

use crate::protocol::{Account, Data, Lock, NodeId, Resource};
use serde::{Deserialize, Serialize};

/// What is in every account at the start.
pub const OPENING: i32 = 100;
/// What the transaction moves.
pub const TRANSFER: i32 = 30;
/// What a client puts into an account.
pub const DEPOSIT: i32 = 10;

/// The names of accounts: no C, which is the coordinator, and no K, which is the client.
const NAMES: &[u8] = b"ABDEFGHIJLMN";

/// The name of the `i`-th participant's account.
pub fn account_name(i: usize) -> String {
    char::from(NAMES[i % NAMES.len()]).to_string()
}

/// What the transaction adds to each account of the `i`-th participant, when `changes[j]` says whether it
/// changes anything at the `j`-th.
pub fn plan(i: usize, changes: &[bool]) -> Vec<(String, i32)> {
    let name = account_name(i);
    let changed: Vec<usize> = (0..changes.len()).filter(|j| changes[*j]).collect();
    let Some(place) = changed.iter().position(|j| *j == i) else { return vec![(name, 0)] };
    let receivers = changed.len() as i32 - 1;
    match (receivers, place as i32) {
        (0, _) => vec![(name.clone(), -TRANSFER), (format!("{name}′"), TRANSFER)],
        (_, 0) => vec![(name, -TRANSFER)],
        (n, place) => {
            let rest = TRANSFER % n;
            vec![(name, TRANSFER / n + i32::from(place <= rest))]
        }
    }
}

/// Whether a local transaction may use the account now.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Till {
    /// Held by the distributed transaction.
    pub locked: bool,
    /// Clients that wait, first come first.
    pub waiters: Vec<NodeId>,
}

const _: fn() = || {
    fn is_data<T: Data>() {}
    is_data::<Till>();
};

impl Till {
    /// A till that the distributed transaction holds, or not.
    pub fn new(locked: bool) -> Till {
        Till { locked, waiters: Vec::new() }
    }

    /// A client asks for the account: true if it gets it at once, else it waits. Asking again while it
    /// waits changes nothing.
    pub fn ask(&mut self, client: NodeId) -> bool {
        if self.locked && !self.waiters.contains(&client) {
            self.waiters.push(client);
        }
        !self.locked
    }

    /// A client no longer wants it.
    pub fn withdraw(&mut self, client: NodeId) {
        self.waiters.retain(|w| *w != client);
    }

    /// The distributed transaction lets go: those who waited get their turn, in order.
    pub fn release(&mut self) -> Vec<NodeId> {
        self.locked = false;
        std::mem::take(&mut self.waiters)
    }
}

/// A participant's resource: one per participant, whatever the number of its accounts.
pub fn resource(i: usize) -> Resource {
    Resource(i as u8)
}

/// The locks that a till means.
pub fn locks(i: usize, till: &Till) -> Vec<Lock> {
    let lock =
        || Lock { resource: resource(i), name: account_name(i), holder: None, waiters: till.waiters.clone() };
    till.locked.then(lock).into_iter().collect()
}

/// The accounts of the `i`-th participant, given what its log says.
pub fn accounts(i: usize, changes: &[bool], applied: bool, open: bool, deposits: i32) -> Vec<Account> {
    let each = plan(i, changes).into_iter().enumerate().map(|(k, (name, delta))| {
        let deposited = if k == 0 { deposits } else { 0 };
        let balance = OPENING + deposited + if applied { delta } else { 0 };
        Account { name, opening: OPENING, balance, pending: if open { delta } else { 0 }, deposited }
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_moves_money_and_makes_none() {
        for n in 1..=8usize {
            for mask in 0..1usize << n {
                let changes: Vec<bool> = (0..n).map(|i| mask >> i & 1 == 1).collect();
                let deltas: Vec<i32> = (0..n).flat_map(|i| plan(i, &changes)).map(|(_, d)| d).collect();
                assert_eq!(deltas.iter().sum::<i32>(), 0, "{changes:?}");
                assert_eq!(
                    deltas.iter().filter(|d| **d > 0).sum::<i32>(),
                    if mask == 0 { 0 } else { TRANSFER }
                );
            }
        }
    }

    #[test]
    fn no_account_has_the_name_of_a_node() {
        let names: Vec<String> = (0..8).map(account_name).collect();
        assert!(names.iter().all(|n| n != "C" && n != "K"), "{names:?}");
        assert_eq!(crate::order::set(names).len(), 8);
    }

    #[test]
    fn two_banks_move_thirty_from_a_to_b() {
        assert_eq!(plan(0, &[true, true]), [("A".into(), -30)]);
        assert_eq!(plan(1, &[true, true]), [("B".into(), 30)]);
    }
}
