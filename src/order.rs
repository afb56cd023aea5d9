//! Sorting and collecting with little code.
//!
//! On the page, each type that the standard library sorts costs some 4 KB of program, and each pair of types that
//! it puts into a tree as much again. What is put in order here is short; a heap, and lists that are kept in
//! order, do as well in a tenth of that. A set that may grow to thousands is better a tree: see
//! [`std::collections::BTreeSet`], and fill it by `insert`, since collecting into one sorts first.

mod map;
mod set;

pub use map::Map;
pub use set::Set;
use std::collections::BinaryHeap;

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
pub fn set<T: Ord>(things: impl IntoIterator<Item = T>) -> Set<T> {
    things.into_iter().collect()
}

/// A map from pairs; of two with the same key the later one counts.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Map<K, V> {
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn order_is_that_of_the_standard_library() {
        for n in 0..40u32 {
            let list: Vec<u32> = (0..n).map(|i| i.wrapping_mul(2_654_435_761) % 17).collect();
            let mut expected = list.clone();
            expected.sort_unstable();
            assert_eq!(sorted(list.clone()), expected);
            assert_eq!(set(list.clone()).into_iter().collect::<Vec<_>>(), unique(list.clone()));
            let pairs = || list.iter().copied().zip(0..);
            let tree: BTreeMap<u32, u32> = pairs().collect();
            assert_eq!(map(pairs()).into_iter().collect::<Vec<_>>(), tree.into_iter().collect::<Vec<_>>());
            let mut stable: Vec<_> = pairs().collect();
            stable.sort_by_key(|(key, _): &(u32, u32)| key % 3);
            assert_eq!(by_key(pairs().collect(), |(key, _)| key % 3), stable);
        }
    }

    #[test]
    fn sets_and_maps_do_what_trees_do() {
        let (mut set, mut map) = (Set::new(), Map::new());
        let (mut tree, mut tree_map) = (BTreeSet::new(), BTreeMap::new());
        for i in 0..500u32 {
            let thing = i.wrapping_mul(2_654_435_761) >> 27;
            let key = thing.to_string();
            match i % 5 {
                0 => assert_eq!(set.remove(&thing), tree.remove(&thing)),
                1 => assert_eq!(map.remove(key.as_str()), tree_map.remove(key.as_str())),
                2 => assert_eq!(set.pop_first(), tree.pop_first()),
                3 => assert_eq!(map.insert(key.clone(), i), tree_map.insert(key.clone(), i)),
                _ => {
                    *map.or_insert_with(key.clone(), || 7) += 1;
                    *tree_map.entry(key.clone()).or_insert(7) += 1;
                }
            }
            assert_eq!(set.insert(thing / 2), tree.insert(thing / 2));
            assert_eq!(set.contains(&thing), tree.contains(&thing));
            assert_eq!(map.get(key.as_str()), tree_map.get(key.as_str()));
            assert!(set.iter().eq(&tree) && map.iter().eq(&tree_map));
            assert_eq!((set.len(), set.first(), map.len()), (tree.len(), tree.first(), tree_map.len()));
            assert_eq!(
                (format!("{set:?}"), format!("{map:?}")),
                (format!("{tree:?}"), format!("{tree_map:?}"))
            );
        }
    }

    #[test]
    fn they_are_written_as_trees_are() {
        let set: Set<u16> = [700, 3, 20, 3].into_iter().collect();
        let map: Map<String, u16> = [("b".into(), 2), ("a".into(), 1)].into_iter().collect();
        let (tree, tree_map): (BTreeSet<u16>, BTreeMap<String, u16>) =
            (set.iter().copied().collect(), map.clone().into_iter().collect());
        let bytes = postcard::to_allocvec(&(&set, &map)).unwrap();
        assert_eq!(bytes, postcard::to_allocvec(&(&tree, &tree_map)).unwrap());
        assert_eq!(
            postcard::from_bytes::<(Set<u16>, Map<String, u16>)>(&bytes).unwrap(),
            (set.clone(), map.clone())
        );
        let json = |text: Result<String, serde_json::Error>| text.unwrap();
        assert_eq!(json(serde_json::to_string(&set)), json(serde_json::to_string(&tree)));
        assert_eq!(json(serde_json::to_string(&map)), json(serde_json::to_string(&tree_map)));
        // Whatever order it was written in.
        assert_eq!(serde_json::from_str::<Set<u16>>("[20, 3, 700, 20]").unwrap(), set);
    }
}
