//! Worlds that differ only in which of several interchangeable nodes is which.
//!
//! Renaming nodes takes a world to another one in which the same can happen, so one of each orbit is enough. The
//! one that is kept is found exactly: each node gets a signature that is renamed along with it, nodes are put
//! in the order of their signatures, and where signatures are equal all orders are tried, unless exchanging
//! the nodes changes nothing, as where each talks to one centre only.

use super::atlas::{Arc, Atlas, Picture, links};
use crate::order;
use crate::protocol::NodeId;
use crate::sim::Link;
use std::collections::BTreeMap;

/// Exchanges two nodes, and remembers what becomes of each part.
struct Swap {
    names: Vec<NodeId>,
    locals: Vec<Vec<u32>>,
    messages: Vec<u32>,
    cuts: Vec<usize>,
}

/// What an arc leads to: a state, messages, faults, whether it is a timeout.
type Led = (u32, Vec<u32>, u16, bool);

const UNKNOWN: u32 = u32::MAX;

/// Something whose orbits have numbers: a node's state or a message, and a node that looks at it.
type Seen = (bool, u8, u32, u8);

/// The symmetries of the worlds of a search.
pub struct Symmetry {
    /// Nodes that can take each other's places.
    groups: Vec<Vec<NodeId>>,
    /// Exchanges of neighbours in each group; every renaming is made of them.
    swaps: Vec<Vec<Swap>>,
    orbits: BTreeMap<Seen, u32>,
    next_orbit: u32,
    nodes: usize,
}

impl Symmetry {
    /// The symmetries that the protocol states; `None` if it states none.
    pub fn new(atlas: &Atlas, nodes: usize) -> Option<Symmetry> {
        let groups: Vec<_> = atlas.interchangeable().into_iter().filter(|g| g.len() > 1).collect();
        let links = links(nodes);
        let swap = |a: NodeId, b: NodeId| {
            let names: Vec<_> = (0..nodes as u8)
                .map(NodeId)
                .map(|n| {
                    if n == a {
                        b
                    } else if n == b {
                        a
                    } else {
                        n
                    }
                })
                .collect();
            let renamed = |l: &Link| Link::between(names[l.0.index()], names[l.1.index()]);
            let place = |l: &Link| links.iter().position(|m| *m == renamed(l)).expect("every link is there");
            let cuts = links.iter().map(place).collect();
            Swap { names, locals: vec![Vec::new(); nodes], messages: Vec::new(), cuts }
        };
        let swaps = groups.iter().map(|g| g.windows(2).map(|w| swap(w[0], w[1])).collect()).collect();
        let orbits = BTreeMap::new();
        (!groups.is_empty()).then_some(Symmetry { groups, swaps, orbits, next_orbit: 0, nodes })
    }

    /// Whether a node can take another's place.
    pub fn moves(&self, node: NodeId) -> bool {
        self.groups.iter().any(|g| g.contains(&node))
    }

    /// Whether what can happen to a node in a state, or when a message arrives there, is the same under other
    /// names. A node that tells others one after the other is not fair to them if it can crash in between.
    pub fn fair(
        &mut self,
        atlas: &mut Atlas,
        (node, local, message): (NodeId, u32, Option<u32>),
        arcs: &[Arc],
        possible: &dyn Fn(&Arc) -> bool,
    ) -> bool {
        for group in 0..self.swaps.len() {
            for i in 0..self.swaps[group].len() {
                let to = self.swaps[group][i].names[node.index()];
                let there = self.local(atlas, group, i, node.0, local);
                let theirs = match message {
                    Some(m) => {
                        let m = self.message(atlas, group, i, m);
                        atlas.deliver(m, there)
                    }
                    None => atlas.own(to, there),
                };
                let mut ours = Vec::new();
                for arc in arcs {
                    let mut sends = Vec::new();
                    for m in &arc.sends {
                        sends.push(self.message(atlas, group, i, *m));
                    }
                    let state = self.local(atlas, group, i, node.0, arc.to);
                    ours.push((state, order::sorted(sends), arc.faults, arc.timeout));
                }
                let theirs = theirs.into_iter().filter(possible);
                let theirs = theirs.map(|a| (a.to, a.sends, a.faults, a.timeout)).collect();
                if order::unique(ours) != order::unique::<Led>(theirs) {
                    return false;
                }
            }
        }
        true
    }

    /// The picture of its orbit.
    pub fn canonical(&mut self, atlas: &mut Atlas, picture: Picture) -> Picture {
        let mut picture = picture;
        trim(&mut picture.counts);
        for group in 0..self.groups.len() {
            picture = self.sort(atlas, group, picture);
        }
        picture
    }

    /// Brings the nodes of one group into the order of their signatures.
    fn sort(&mut self, atlas: &mut Atlas, group: usize, mut picture: Picture) -> Picture {
        let members = self.groups[group].clone();
        let mut signs: Vec<Vec<u32>> = members.iter().map(|n| self.sign(atlas, &picture, *n)).collect();
        for end in (1..members.len()).rev() {
            for i in 0..end {
                if signs[i] > signs[i + 1] {
                    signs.swap(i, i + 1);
                    picture = self.swap(atlas, group, i, &picture);
                }
            }
        }
        let mut least = picture.clone();
        let mut start = 0;
        while start < members.len() {
            let end = start + signs[start..].iter().take_while(|s| **s == signs[start]).count();
            let same = (start..end - 1).all(|i| self.swap(atlas, group, i, &picture) == picture);
            if !same {
                least = self.try_all(atlas, group, start, end, least);
            }
            start = end;
        }
        least
    }

    /// The least picture over all orders of the members from `start` to `end`: each in turn comes last, over
    /// all orders of the others.
    fn try_all(
        &mut self,
        atlas: &mut Atlas,
        group: usize,
        start: usize,
        end: usize,
        picture: Picture,
    ) -> Picture {
        if end - start < 2 {
            return picture;
        }
        let mut least: Option<Picture> = None;
        let mut turned = picture;
        for _ in start..end {
            let best = self.try_all(atlas, group, start, end - 1, turned.clone());
            if least.as_ref().is_none_or(|l| best < *l) {
                least = Some(best);
            }
            // The last one goes to the front.
            for i in (start..end - 1).rev() {
                turned = self.swap(atlas, group, i, &turned);
            }
        }
        least.expect("there is at least one order")
    }

    /// What of a picture concerns a node, in numbers that are renamed along with it.
    fn sign(&mut self, atlas: &mut Atlas, picture: &Picture, node: NodeId) -> Vec<u32> {
        let mut sign = vec![self.orbit(atlas, (false, node.0, picture.locals[node.index()], node.0))];
        for hub in (0..self.nodes as u8).map(NodeId) {
            if !self.moves(hub) {
                sign.push(self.orbit(atlas, (false, hub.0, picture.locals[hub.index()], node.0)));
            }
        }
        let mut messages = Vec::new();
        for (n, count) in picture.counts.iter().enumerate().filter(|(_, c)| **c > 0) {
            let letter = atlas.letters()[n];
            if letter.from == node || letter.to == node {
                let orbit = self.orbit(atlas, (true, 0, n as u32, node.0));
                messages.push((orbit, u32::from(*count)));
            }
        }
        for (orbit, count) in order::sorted(messages) {
            sign.extend([orbit, count]);
        }
        sign
    }

    /// The number of the orbit of what a node sees.
    fn orbit(&mut self, atlas: &mut Atlas, seen: Seen) -> u32 {
        if let Some(orbit) = self.orbits.get(&seen) {
            return *orbit;
        }
        let orbit = self.next_orbit;
        self.next_orbit += 1;
        self.orbits.insert(seen, orbit);
        let mut next = vec![seen];
        while let Some((message, node, thing, by)) = next.pop() {
            for group in 0..self.swaps.len() {
                for i in 0..self.swaps[group].len() {
                    let by = self.swaps[group][i].names[usize::from(by)].0;
                    let other = if message {
                        (true, 0, self.message(atlas, group, i, thing), by)
                    } else {
                        let to = self.swaps[group][i].names[usize::from(node)].0;
                        (false, to, self.local(atlas, group, i, node, thing), by)
                    };
                    if self.orbits.insert(other, orbit).is_none() {
                        next.push(other);
                    }
                }
            }
        }
        orbit
    }

    fn local(&mut self, atlas: &mut Atlas, group: usize, i: usize, node: u8, local: u32) -> u32 {
        let swap = &mut self.swaps[group][i];
        let known = &mut swap.locals[usize::from(node)];
        if known.len() <= local as usize {
            known.resize(local as usize + 1, UNKNOWN);
        }
        if known[local as usize] == UNKNOWN {
            known[local as usize] = atlas.renamed(NodeId(node), local, &swap.names);
        }
        known[local as usize]
    }

    fn message(&mut self, atlas: &mut Atlas, group: usize, i: usize, message: u32) -> u32 {
        let swap = &mut self.swaps[group][i];
        if swap.messages.len() <= message as usize {
            swap.messages.resize(message as usize + 1, UNKNOWN);
        }
        if swap.messages[message as usize] == UNKNOWN {
            swap.messages[message as usize] = atlas.renamed_message(message, &swap.names);
        }
        swap.messages[message as usize]
    }

    /// The picture with two neighbours of a group exchanged.
    fn swap(&mut self, atlas: &mut Atlas, group: usize, i: usize, picture: &Picture) -> Picture {
        let mut swapped = Picture {
            locals: vec![0; picture.locals.len()],
            counts: Vec::new(),
            cuts: vec![false; picture.cuts.len()],
        };
        for (node, local) in picture.locals.iter().enumerate() {
            let to = self.swaps[group][i].names[node].index();
            swapped.locals[to] = self.local(atlas, group, i, node as u8, *local);
        }
        for (n, count) in picture.counts.iter().enumerate().filter(|(_, c)| **c > 0) {
            let to = self.message(atlas, group, i, n as u32) as usize;
            if swapped.counts.len() <= to {
                swapped.counts.resize(to + 1, 0);
            }
            swapped.counts[to] = *count;
        }
        for (place, cut) in picture.cuts.iter().enumerate() {
            swapped.cuts[self.swaps[group][i].cuts[place]] = *cut;
        }
        trim(&mut swapped.counts);
        swapped
    }
}

/// Equal pictures have equally many counts, however many messages are known by now.
fn trim(counts: &mut Vec<u8>) {
    while counts.last() == Some(&0) {
        counts.pop();
    }
}
