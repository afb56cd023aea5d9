//! Sorting and collecting with little code.
//!
//! On the page, each type that the standard library sorts costs some 4 KB of program, and each set that is
//! collected from an iterator sorts first. What is put in order here is short; a heap and an insertion at a
//! time do as well, in a tenth of that.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// A list in ascending order.
pub fn sorted<T: Ord>(list: Vec<T>) -> Vec<T> {
    BinaryHeap::from(list).into_sorted_vec()
}

/// A list in the order of a key; what has the same key keeps its order.
pub fn by_key<T, K: Ord>(list: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let keys = sorted(list.iter().enumerate().map(|(i, thing)| (key(thing), i)).collect());
    let mut given: Vec<Option<T>> = list.into_iter().map(Some).collect();
    keys.into_iter().filter_map(|(_, i)| given[i].take()).collect()
}

/// A list in ascending order, everything once.
pub fn unique<T: Ord>(list: Vec<T>) -> Vec<T> {
    let mut list = sorted(list);
    list.dedup();
    list
}

/// A set of things.
pub fn set<T: Ord>(things: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut all = BTreeSet::new();
    for thing in things {
        all.insert(thing);
    }
    all
}

/// A map from pairs; of two with the same key the later one counts.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut all = BTreeMap::new();
    for (key, value) in pairs {
        all.insert(key, value);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_the_standard_library() {
        for n in 0..40u32 {
            let list: Vec<u32> = (0..n).map(|i| i.wrapping_mul(2_654_435_761) % 17).collect();
            let mut expected = list.clone();
            expected.sort_unstable();
            assert_eq!(sorted(list.clone()), expected);
            assert_eq!(set(list.clone()).into_iter().collect::<Vec<_>>(), unique(list.clone()));
            let pairs = || list.iter().copied().zip(0..);
            assert_eq!(map(pairs()), pairs().collect());
            let mut stable: Vec<_> = pairs().collect();
            stable.sort_by_key(|(key, _): &(u32, u32)| key % 3);
            assert_eq!(by_key(pairs().collect(), |(key, _)| key % 3), stable);
        }
    }
}
