//! Every path that was taken, as a tree. Nothing is ever lost: acting in the past adds a branch.

use super::{Event, Run};
use crate::sim::{Machine, Refusal, Step};
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
}

/// Every path that was taken.
pub struct History {
    nodes: Vec<Node>,
    at: Place,
    run: Run,
}

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
        };
        History { nodes: vec![root], at: 0, run }
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

    /// The moments from the beginning to `place`, both included.
    pub fn path_to(&self, place: Place) -> Vec<Place> {
        let mut path = vec![place];
        while let Some(parent) = self.parent(*path.last().expect("never empty")) {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// The current branch: the path to the present and on to where redo would lead in the end.
    pub fn branch(&self) -> Vec<Place> {
        let mut path = self.path_to(self.at);
        while let Some(next) = self.nodes[*path.last().expect("never empty")].last {
            path.push(next);
        }
        path
    }

    /// The ends of all branches, in the order in which they were begun.
    pub fn tips(&self) -> Vec<Place> {
        (0..self.nodes.len()).filter(|p| self.nodes[*p].children.is_empty()).collect()
    }

    /// Does a step from the present moment. A step that was already taken from here re-enters its branch.
    /// True if that began a new branch beside another.
    pub fn act(&mut self, step: &Step) -> Result<bool, Refusal> {
        if let Some(child) = self.child_by(step) {
            self.run.step(step)?;
            self.enter(child);
            return Ok(false);
        }
        let event = self.run.step(step)?;
        let branches = !self.nodes[self.at].children.is_empty();
        let depth = self.nodes[self.at].depth + 1;
        let keyframe = depth.is_multiple_of(KEYFRAME_EVERY).then(|| self.run.clone());
        let place = self.nodes.len();
        let event = Some(Rc::new(event));
        self.nodes.push(Node { parent: self.at, depth, event, children: Vec::new(), last: None, keyframe });
        self.nodes[self.at].children.push(place);
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
    }

    /// Back to the moment before; false at the beginning.
    pub fn undo(&mut self) -> bool {
        self.parent(self.at).is_some_and(|parent| self.go(parent))
    }

    /// On to the moment last visited from here; false at the end.
    pub fn redo(&mut self) -> bool {
        self.nodes[self.at].last.is_some_and(|child| self.go(child))
    }

    /// To any moment; false if there is no such moment.
    pub fn go(&mut self, place: Place) -> bool {
        if place >= self.nodes.len() {
            return false;
        }
        let path = self.path_to(place);
        for pair in path.windows(2) {
            self.nodes[pair[0]].last = Some(pair[1]);
        }
        if self.parent(place) == Some(self.at) {
            let step = self.step(place).expect("every moment but the first has a step");
            self.run.step(&step).expect("a step that was taken once can be taken again");
        } else {
            self.run = self.rebuild(&path);
        }
        self.at = place;
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
