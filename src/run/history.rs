//! Every path that was taken, as a tree. Nothing is ever lost: acting in the past adds a branch.

use super::{Event, Run, default_step, undisturbed};
use crate::sim::{Machine, Refusal, Step};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// A keyframe every so many steps: going back replays at most this many.
const KEYFRAME_EVERY: u32 = 32;

/// A moment in the tree, as an index into it; 0 is the beginning.
pub type Place = usize;

struct Node {
    parent: Place,
    depth: u32,
    /// `None` only at the beginning.
    event: Option<Rc<Event>>,
    children: Vec<Place>,
    /// The child that redo goes to.
    last: Option<Place>,
    keyframe: Option<Run>,
    /// Belongs to a branch that the reader took away. It stays, so that it can come back.
    hidden: bool,
}

/// Every path that was taken.
pub struct History {
    nodes: Vec<Node>,
    at: Place,
    run: Run,
    /// Moments that the reader marked, in their order, with the name that each was given: it may be empty.
    pins: Vec<(Place, String)>,
    /// What Step does now: found when it is first asked for.
    default: OnceCell<Option<Step>>,
    /// The same world when nothing fails, with as many requests: found when it is first asked for.
    undisturbed: RefCell<Option<(usize, Option<Rc<Run>>)>>,
    /// The current branch: found when it is first asked for, and kept while it stays the same. Whoever goes to
    /// and fro on it would otherwise walk all of it every time.
    line: RefCell<Option<Rc<Vec<Place>>>>,
}

/// How long the name of a moment may be, in bytes.
pub const NAME_LIMIT: usize = 60;

/// How many moments may be pinned.
pub const PIN_LIMIT: usize = 64;

impl History {
    /// A history with nothing but its beginning.
    pub fn new(machine: Box<dyn Machine>) -> History {
        let run = Run::new(machine);
        let root = Node {
            parent: 0,
            depth: 0,
            event: None,
            children: Vec::new(),
            last: None,
            keyframe: Some(run.clone()),
            hidden: false,
        };
        History {
            nodes: vec![root],
            at: 0,
            run,
            pins: Vec::new(),
            default: OnceCell::new(),
            undisturbed: RefCell::default(),
            line: RefCell::default(),
        }
    }

    /// What Step does at the present moment.
    pub fn default_step(&self) -> Option<Step> {
        *self.default.get_or_init(|| default_step(&self.run))
    }

    /// The run of the same world in which nothing fails and as much is asked for, to compare with.
    pub fn undisturbed(&self) -> Option<Rc<Run>> {
        let requests = self.run.now().scene.begun().len();
        let mut known = self.undisturbed.borrow_mut();
        if let Some((n, run)) = &*known
            && *n == requests
        {
            return run.clone();
        }
        let run = undisturbed(self.beginning().machine(), requests).map(Rc::new);
        *known = Some((requests, run.clone()));
        run
    }

    /// The run before its first step.
    pub fn beginning(&self) -> &Run {
        self.nodes[0].keyframe.as_ref().expect("the beginning is a keyframe")
    }

    /// The run up to the present moment.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The present moment.
    pub fn at(&self) -> Place {
        self.at
    }

    /// How many moments the tree has, its beginning included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing has happened yet on any path.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// The step that led to a moment; `None` at the beginning.
    pub fn step(&self, place: Place) -> Option<Step> {
        self.event(place).map(|e| e.step)
    }

    /// What the step that led to a moment did.
    pub fn event(&self, place: Place) -> Option<&Rc<Event>> {
        self.nodes[place].event.as_ref()
    }

    /// The moment before.
    pub fn parent(&self, place: Place) -> Option<Place> {
        (place != 0).then(|| self.nodes[place].parent)
    }

    /// The moments after, in the order in which they were first reached.
    pub fn children(&self, place: Place) -> &[Place] {
        &self.nodes[place].children
    }

    /// How many steps lead to a moment.
    pub fn depth(&self, place: Place) -> u32 {
        self.nodes[place].depth
    }

    /// The steps from the beginning to the present moment.
    pub fn steps(&self) -> Vec<Step> {
        self.path_to(self.at()).into_iter().filter_map(|p| self.step(p)).collect()
    }

    /// The moments from the beginning to `place`, both included.
    pub fn path_to(&self, place: Place) -> Vec<Place> {
        if let Some(line) = &*self.line.borrow()
            && self.is_on(line, place)
        {
            return line[..=self.depth(place) as usize].to_vec();
        }
        let mut path = vec![place];
        while let Some(parent) = self.parent(*path.last().expect("never empty")) {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// The current branch: the path to the present and on to where redo would lead in the end.
    pub fn branch(&self) -> Vec<Place> {
        self.line().to_vec()
    }

    /// The current branch, shared: the very same one as long as no branch was added, taken away, or changed.
    pub fn line(&self) -> Rc<Vec<Place>> {
        if let Some(line) = &*self.line.borrow() {
            return Rc::clone(line);
        }
        let mut path = self.path_to(self.at);
        while let Some(next) = self.onward(*path.last().expect("never empty")) {
            path.push(next);
        }
        let line = Rc::new(path);
        *self.line.borrow_mut() = Some(Rc::clone(&line));
        line
    }

    /// Whether a branch passes a moment.
    fn is_on(&self, line: &[Place], place: Place) -> bool {
        line.get(self.depth(place) as usize) == Some(&place)
    }

    /// Where redo leads from a moment: the child last visited, or else the one reached last.
    fn onward(&self, place: Place) -> Option<Place> {
        let node = &self.nodes[place];
        let shown = |p: &Place| !self.nodes[*p].hidden;
        node.last.filter(shown).or_else(|| node.children.iter().rev().copied().find(shown))
    }

    /// The ends of all branches, in the order in which they were begun.
    pub fn tips(&self) -> Vec<Place> {
        (0..self.nodes.len()).filter(|p| self.is_shown(*p) && self.onward(*p).is_none()).collect()
    }

    /// The number of the branch that ends at a moment, from 1 in the order in which branches were begun. It
    /// stays the same whatever is added or taken away.
    pub fn branch_number(&self, tip: Place) -> usize {
        let begins = |p: Place| p != 0 && self.nodes[self.nodes[p].parent].children.first() != Some(&p);
        let mut start = tip;
        while start != 0 && !begins(start) {
            start = self.nodes[start].parent;
        }
        1 + (1..=start).filter(|p| begins(*p)).count()
    }

    /// Whether a moment belongs to a branch that was not taken away.
    pub fn is_shown(&self, place: Place) -> bool {
        self.nodes.get(place).is_some_and(|n| !n.hidden)
    }

    /// Takes a branch away: its end and whatever belongs to no other branch. Who stands there goes back to
    /// where it left the others. False if it is the only branch, or no end of one.
    pub fn hide(&mut self, tip: Place) -> bool {
        let tips = self.tips();
        if tips.len() < 2 || !tips.contains(&tip) {
            return false;
        }
        self.line = RefCell::default();
        let mut place = tip;
        while place != 0 && self.onward(place).is_none() {
            self.nodes[place].hidden = true;
            place = self.nodes[place].parent;
        }
        if !self.is_shown(self.at) {
            self.go(place);
        }
        true
    }

    /// Brings a branch back that was taken away, by its end.
    pub fn unhide(&mut self, tip: Place) {
        let path = self.path_to(tip);
        self.line = RefCell::default();
        for place in path {
            self.nodes[place].hidden = false;
        }
    }

    /// The moments that the reader marked, in their order, with the name that each was given: it may be
    /// empty.
    pub fn pins(&self) -> &[(Place, String)] {
        &self.pins
    }

    /// Marks a moment, or names it anew; `None` takes the mark away. A name that is too long is cut off.
    /// False if there is no such moment, or if too many are marked.
    pub fn pin(&mut self, place: Place, name: Option<&str>) -> bool {
        let found = self.pins.binary_search_by_key(&place, |(p, _)| *p);
        let short = |name: &str| {
            let end = (0..=NAME_LIMIT.min(name.len())).rev().find(|i| name.is_char_boundary(*i));
            name[..end.unwrap_or(0)].to_string()
        };
        match (name, found) {
            (None, Ok(i)) => drop(self.pins.remove(i)),
            (None, Err(_)) => return false,
            (Some(name), Ok(i)) => self.pins[i].1 = short(name),
            (Some(_), Err(_)) if place >= self.nodes.len() || self.pins.len() >= PIN_LIMIT => return false,
            (Some(name), Err(i)) => self.pins.insert(i, (place, short(name))),
        }
        true
    }

    /// Does a step from the present moment. A step that was already taken from here re-enters its branch.
    /// True if that began a new branch beside another.
    pub fn act(&mut self, step: &Step) -> Result<bool, Refusal> {
        if let Some(child) = self.child_by(step) {
            self.run.step(step)?;
            if self.onward(self.at) != Some(child) {
                self.line = RefCell::default();
            }
            self.nodes[child].hidden = false;
            self.enter(child);
            return Ok(false);
        }
        let event = self.run.step(step)?;
        let branches = self.onward(self.at).is_some();
        let depth = self.nodes[self.at].depth + 1;
        let keyframe = depth.is_multiple_of(KEYFRAME_EVERY).then(|| self.run.clone());
        let place = self.nodes.len();
        let event = Some(Rc::new(event));
        self.nodes.push(Node {
            parent: self.at,
            depth,
            event,
            children: Vec::new(),
            last: None,
            keyframe,
            hidden: false,
        });
        self.nodes[self.at].children.push(place);
        match self.line.get_mut() {
            Some(line) if !branches => Rc::make_mut(line).push(place),
            line => *line = None,
        }
        self.enter(place);
        Ok(branches)
    }

    fn child_by(&self, step: &Step) -> Option<Place> {
        self.nodes[self.at].children.iter().copied().find(|c| self.step(*c) == Some(*step))
    }

    /// Makes a child of the present moment the present one, and remembers it for redo.
    fn enter(&mut self, child: Place) {
        self.nodes[self.at].last = Some(child);
        self.at = child;
        self.default = OnceCell::new();
    }

    /// Back to the moment before; false at the beginning.
    pub fn undo(&mut self) -> bool {
        self.parent(self.at).is_some_and(|parent| self.go(parent))
    }

    /// On to the moment last visited from here; false at the end.
    pub fn redo(&mut self) -> bool {
        self.onward(self.at).is_some_and(|child| self.go(child))
    }

    /// To any moment; false if there is no such moment.
    pub fn go(&mut self, place: Place) -> bool {
        if !self.is_shown(place) {
            return false;
        }
        let path = self.path_to(place);
        let passes = |line: &Rc<Vec<Place>>| self.is_on(line, place);
        let same = self.line.borrow().as_ref().is_some_and(passes);
        // On the current branch, every moment before the present one remembers the next one already.
        let known = if same { self.depth(self.at) as usize } else { 0 };
        for pair in path[known.min(path.len() - 1)..].windows(2) {
            self.nodes[pair[0]].last = Some(pair[1]);
        }
        if !same {
            self.line = RefCell::default();
        }
        if self.parent(place) == Some(self.at) {
            let step = self.step(place).expect("every moment but the first has a step");
            self.run.step(&step).expect("a step that was taken once can be taken again");
        } else {
            self.run = self.rebuild(&path);
        }
        self.at = place;
        self.default = OnceCell::new();
        true
    }

    /// The run at the end of a path, from the nearest keyframe.
    fn rebuild(&self, path: &[Place]) -> Run {
        let from = path
            .iter()
            .rposition(|p| self.nodes[*p].keyframe.is_some())
            .expect("the beginning is a keyframe");
        let mut run = self.nodes[path[from]].keyframe.clone().expect("just found");
        for place in &path[from + 1..] {
            let step = self.step(*place).expect("every moment but the first has a step");
            run.step(&step).expect("a step that was taken once can be taken again");
        }
        run
    }

    /// The run as it was at any moment.
    pub fn run_at(&self, place: Place) -> Run {
        if place == self.at { self.run.clone() } else { self.rebuild(&self.path_to(place)) }
    }
}
