//! What a search knows beside the worlds: the parts, what they lead to, what has been found.

mod judge;
mod supply;
mod tables;

use super::answer::Unlike;
use super::atlas::{Arc, Atlas, Letter, Make, Picture, bit, links};
use super::census::{Census, Kind};
use super::fold::{Face, Fold};
use super::goal::{Needs, needs, required};
use super::layout::{Layout, Need};
use super::origin::Origin;
use super::question::{Budget, Cond, Fault, Question};
use super::symmetry::Symmetry;
use crate::protocol::NodeId;
use crate::sim::Link;
use std::collections::BTreeMap;
use std::sync::Arc as Shared;

pub use tables::{Early, Range, Tables};

/// An arc at its place.
pub struct Placed {
    /// Which node it belongs to.
    pub node: NodeId,
    /// The state that it starts from.
    pub local: u32,
    /// The message that it takes.
    pub message: Option<u32>,
    pub arc: Arc,
}

/// What a search knows beside the worlds.
pub struct Course {
    pub atlas: Atlas,
    pub question: Question,
    tables: Shared<Tables>,
    /// No timeouts at all: AC4 speaks of runs without any suspicion.
    no_timeouts: bool,
    links: Vec<Link>,
    /// Links may be cut, or are.
    may_cut: bool,
    pub arcs: Vec<Placed>,
    flags: Vec<Vec<u32>>,
    folds: Vec<Vec<Fold>>,
    faces: Vec<Vec<u16>>,
    kinds: Vec<Vec<Face>>,
    needs: Needs,
    blocked: BTreeMap<Vec<u16>, u16>,
    /// Whether somebody asks in vain, by the quiet world.
    vain: BTreeMap<Picture, bool>,
    /// Of some quiet world this could not be told.
    pub unsure: bool,
    key: Vec<u16>,
    nodes: Vec<u32>,
    /// Some node must say so of itself, or a world is of no interest.
    wanted: u32,
    pub generated: u64,
    /// How many worlds were packed anew because something did not fit any more.
    pub moved: u64,
    /// How many worlds there are at each distance from the start, as far as that is known.
    pub levels: Vec<u32>,
    pub level_end: usize,
    /// Worlds that are what was looked for.
    pub hits: Vec<u32>,
    /// How many hits the caller has seen and wants to go beyond.
    pub passed: usize,
    pub census: Option<Census>,
    once: bool,
    symmetry: Option<Symmetry>,
    /// Nodes that were to be interchangeable are not.
    pub lopsided: Option<Unlike>,
}

impl Course {
    /// A search that has not begun. `budget` is what the question and the world's own rules leave.
    /// `kept` says whether messages stay, `once` whether effects of requests are counted rather than decisions.
    pub fn new(mut atlas: Atlas, question: Question, budget: Budget, kept: bool, once: bool) -> Course {
        let no_timeouts = question.goal.contains(&Cond::Broken("ac4".into()));
        let possible = Fault::ALL.iter().filter(|f| budget.of(**f) != Some(0));
        atlas.restrict(possible.fold(0, |all, fault| all | bit(*fault)));
        if question.any_order() {
            atlas.tell_in_any_order();
        }
        let mut wanted = needs(&question.goal);
        wanted.blocked |= question.census && !once;
        Course {
            atlas,
            tables: Shared::new(Tables::new(budget, kept)),
            no_timeouts,
            links: Vec::new(),
            may_cut: budget.of(Fault::Cuts) != Some(0),
            arcs: Vec::new(),
            flags: Vec::new(),
            folds: Vec::new(),
            faces: Vec::new(),
            kinds: Vec::new(),
            needs: wanted,
            blocked: BTreeMap::new(),
            vain: BTreeMap::new(),
            unsure: kept,
            key: Vec::new(),
            nodes: Vec::new(),
            wanted: if question.census { 0 } else { required(&question.goal) },
            generated: 0,
            moved: 0,
            levels: vec![1],
            level_end: 1,
            hits: Vec::new(),
            passed: 0,
            census: question.census.then(|| Census::of(if once { Kind::EFFECTS } else { Kind::COMMITMENT })),
            once,
            symmetry: None,
            lopsided: None,
            question,
        }
    }

    /// The numbers of the first world.
    pub fn start(&mut self) -> Vec<u32> {
        let first = self.atlas.start();
        let nodes = first.locals.len();
        self.links = links(nodes);
        self.may_cut |= first.cuts.contains(&true);
        // A message that was sent twice before the search began is in flight twice.
        let tables = self.tables_mut();
        tables.copies = first.counts.iter().copied().fold(tables.copies, u8::max);
        tables.own = vec![Vec::new(); nodes];
        self.flags = vec![Vec::new(); nodes];
        self.folds = vec![Vec::new(); nodes];
        self.faces = vec![Vec::new(); nodes];
        self.kinds = vec![Vec::new(); nodes];
        if self.question.symmetry {
            self.symmetry = Symmetry::new(&self.atlas, nodes);
            self.lopsided = match &self.symmetry {
                None => Some(Unlike::Nobody),
                Some(symmetry) => self.told_apart(symmetry).then_some(Unlike::Question),
            };
        }
        self.learn();
        self.numbers(first)
    }

    /// Whether the question tells nodes apart that are interchangeable.
    fn told_apart(&self, symmetry: &Symmetry) -> bool {
        self.question.goal.iter().any(|cond| match cond {
            Cond::Node(id, _) | Cond::Not(id, _) => symmetry.moves(*id),
            Cond::Broken(id) => id == "money",
            _ => false,
        })
    }

    /// The numbers of a picture.
    fn numbers(&self, first: Picture) -> Vec<u32> {
        let mut numbers = first.locals;
        if self.may_cut {
            numbers.extend(first.cuts.iter().map(|c| u32::from(*c)));
        }
        numbers.extend(self.counted().map(|left| left.map_or(0, u32::from)));
        numbers.extend(first.counts.iter().map(|c| u32::from(*c)));
        numbers
    }

    /// Whether worlds stand for their orbits.
    #[inline]
    pub fn symmetric(&self) -> bool {
        self.symmetry.is_some()
    }

    /// The numbers of the world that stands for the orbit of a world. May learn new parts.
    pub fn canonical(&mut self, numbers: &[u32]) -> Vec<u32> {
        let Some(mut symmetry) = self.symmetry.take() else { return numbers.to_vec() };
        let picture = self.picture(numbers);
        let picture = symmetry.canonical(&mut self.atlas, picture);
        self.symmetry = Some(symmetry);
        self.learn();
        let spent = self.tables.own.len() + if self.may_cut { self.links.len() } else { 0 };
        let mut fresh = self.numbers(picture);
        fresh[spent..spent + Fault::COUNT].copy_from_slice(&numbers[spent..spent + Fault::COUNT]);
        fresh
    }

    fn counted(&self) -> [Option<u8>; Fault::COUNT] {
        Need::counted(&self.tables.budget)
    }

    /// What a layout has to hold.
    pub fn need(&self) -> Need {
        Need {
            locals: (0..self.tables.own.len()).map(|n| self.atlas.locals(n)).collect(),
            messages: self.atlas.letters().len(),
            copies: if self.tables.kept { 1 } else { self.tables.copies },
            links: if self.may_cut { self.links.len() } else { 0 },
            faults: self.counted(),
        }
    }

    /// Whether everything that is known fits a layout.
    pub fn fits(&self, layout: &Layout) -> bool {
        let need = self.need();
        layout.fits(&need.locals, need.messages)
    }

    pub fn letters(&self) -> &[Letter] {
        self.atlas.letters()
    }

    /// The place of a link's field, where links may be cut.
    pub fn link(&self, a: NodeId, b: NodeId) -> Option<usize> {
        let link = Link::between(a, b);
        self.links.iter().position(|l| *l == link).filter(|_| self.may_cut)
    }

    /// The links, by the places of their fields.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// What was assumed.
    pub fn budget(&self) -> &Budget {
        &self.tables.budget
    }

    /// What steps are looked up in.
    #[inline(always)]
    pub fn tables(&self) -> &Shared<Tables> {
        &self.tables
    }

    /// The same, to add to. Nobody else reads them then, or they would be copied.
    fn tables_mut(&mut self) -> &mut Tables {
        Shared::make_mut(&mut self.tables)
    }

    /// What kind of step it is: the same timer, the same kind of message, the same fault, whoever it happens to.
    pub fn kind(&self, origin: Origin) -> u64 {
        let (sort, which) = match origin {
            Origin::Arc(n, message) => match (self.arcs[n as usize].arc.make, message) {
                (Make::Deliver(torn), Some(m)) => {
                    (1 + u64::from(torn.is_some()), u64::from(self.letters()[m as usize].kind))
                }
                (Make::Deliver(_), None) => (3, 0),
                (Make::Fire(timer, torn), _) => (4 + u64::from(torn.is_some()), u64::from(timer.0)),
                (Make::Command(command, _), _) => (6, u64::from(command.verb)),
                (Make::Recover(_), _) => (7, 0),
                (Make::Crash(_), _) => (8, 0),
                (Make::Pause, _) => (9, 0),
                (Make::Resume, _) => (10, 0),
            },
            Origin::Drop(_) => (11, 0),
            Origin::Duplicate(_) => (12, 0),
            Origin::Release(_) => (13, 0),
            Origin::Cut(_) => (14, 0),
            Origin::Heal(_) => (15, 0),
        };
        sort << 8 | which
    }

    /// Whether worlds at this distance are still to be expanded.
    #[inline]
    pub fn deeper(&self) -> bool {
        self.tables.budget.depth.is_none_or(|depth| self.levels.len() <= usize::from(depth))
    }

    /// Whether what is looked for has been found, and no more is wanted.
    pub fn done(&self) -> bool {
        self.hits.len() > self.passed && self.census.is_none()
    }

    /// Everything up to here has been expanded and looked up.
    pub fn level(&mut self, expanded: usize, len: usize) {
        if expanded == self.level_end && len > self.level_end {
            self.levels.push((len - self.level_end) as u32);
            self.level_end = len;
        }
    }

    /// Whether new worlds are looked at.
    #[inline(always)]
    pub fn looks(&self) -> bool {
        !self.question.goal.is_empty() || self.census.is_some()
    }

    /// What a node says of itself, by [`super::fold::flag`].
    #[inline(always)]
    pub fn flags(&self, node: usize, local: u32) -> u32 {
        self.flags[node][local as usize]
    }

    /// Looks at a new world, in which `any` is what some node says of itself.
    #[inline(always)]
    pub fn found(&mut self, n: usize, world: &[u64], layout: &Layout, any: u32) {
        if any & self.wanted == self.wanted {
            self.judge(n, world, layout, any);
        }
    }

    fn picture_of(&self, get: impl Fn(&super::layout::Field) -> u32, layout: &Layout) -> Picture {
        let cut = |i: usize| layout.cuts.get(i).is_some_and(|f| get(f) == 1);
        Picture {
            locals: layout.locals.iter().map(&get).collect(),
            // A message that is so new that it has no field yet is not in flight in any world that is stored.
            counts: (0..self.letters().len())
                .map(|i| layout.messages.get(i).map_or(0, |f| get(f) as u8))
                .collect(),
            cuts: (0..self.links.len()).map(cut).collect(),
        }
    }

    /// The picture that numbers show.
    pub fn picture(&self, numbers: &[u32]) -> Picture {
        let nodes = self.tables.own.len();
        let cuts = if self.may_cut { self.links.len() } else { 0 };
        let counts = &numbers[nodes + cuts + Fault::COUNT..];
        let cut = |i: usize| cuts > 0 && numbers[nodes + i] == 1;
        Picture {
            locals: numbers[..nodes].to_vec(),
            counts: (0..self.letters().len()).map(|i| counts.get(i).map_or(0, |c| *c as u8)).collect(),
            cuts: (0..self.links.len()).map(cut).collect(),
        }
    }

    /// The memory of everything but the worlds, in bytes; an estimate.
    pub fn bytes(&self) -> usize {
        self.arcs.len() * 64 + (self.blocked.len() + self.vain.len()) * 64
    }

    /// Whether some node has accounts.
    pub fn has_accounts(&self) -> bool {
        self.folds.iter().any(|f| f.first().is_some_and(|f| f.has_accounts))
    }
}
