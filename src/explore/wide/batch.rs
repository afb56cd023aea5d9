//! Some worlds, and what comes of them: worked out by one, looked up by another.

use super::NONE;
use super::steps::Steps;
use crate::explore::origin::{Missing, Origin};

/// Some worlds, and what comes of them.
pub struct Batch<const W: usize> {
    /// The worlds, in the order in which they were found.
    pub parents: Vec<[u64; W]>,
    /// By which arc each was found.
    pub found_by: Vec<u32>,
    /// What comes of those that are done.
    pub children: Vec<[u64; W]>,
    /// By which arc each comes.
    pub arcs: Vec<u32>,
    /// Of each world that is done: where its children end, and how many others are known already.
    pub done: Vec<(u32, u32)>,
    /// What must be learnt before the next can be done.
    pub missing: Option<Missing>,
}

impl<const W: usize> Batch<W> {
    pub fn new() -> Self {
        Batch {
            parents: Vec::new(),
            found_by: Vec::new(),
            children: Vec::new(),
            arcs: Vec::new(),
            done: Vec::new(),
            missing: None,
        }
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.parents.clear();
        self.found_by.clear();
        self.children.clear();
        self.arcs.clear();
        self.done.clear();
        self.missing = None;
    }

    /// Goes on until there are so many children, or something is missing. `plain` says that steps are tried in
    /// the order that spares those that were tried before.
    pub fn fill(&mut self, steps: Steps<'_, W>, plain: bool, most: usize) {
        let (parents, found_by): (&[_], &[_]) = (&self.parents, &self.found_by);
        let moves: &[_] = &steps.gear.moves;
        while self.done.len() < parents.len() && self.children.len() < most {
            let (world, by) = (parents[self.done.len()], found_by[self.done.len()]);
            let by = if plain && by != NONE { &moves[by as usize] } else { &steps.gear.fresh };
            let mark = self.children.len();
            let mut same = 0;
            let (children, arcs) = (&mut self.children, &mut self.arcs);
            let result = steps.successors(&world, by, |next, origin| {
                if next == world {
                    same += 1;
                    return;
                }
                children.push(next);
                arcs.push(if let Origin::Arc(n, _) = origin { n } else { NONE });
            });
            match result {
                Ok(known) => self.done.push((self.children.len() as u32, (known + same) as u32)),
                Err(missing) => {
                    self.children.truncate(mark);
                    self.arcs.truncate(mark);
                    self.missing = Some(missing);
                    break;
                }
            }
        }
    }

    /// Keeps only so many of the worlds that are done.
    pub fn keep(&mut self, done: usize) {
        self.done.truncate(done);
        let children = self.done.last().map_or(0, |(end, _)| *end as usize);
        self.children.truncate(children);
        self.arcs.truncate(children);
    }
}
