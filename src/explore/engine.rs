//! A search over packed worlds of any width: what all widths can do, and how worlds are packed anew.

use super::course::Course;
use super::layout::{Field, Layout, MAX_WORDS};
use super::origin::Origin;
use super::store::{Family, Store};
use super::wide::Wide;

/// What all widths can do.
pub trait Engine {
    /// Goes on to the end of a stint, or a little beyond, unless there are no more worlds or a new layout is needed;
    /// true if it is.
    fn advance(&mut self, stint: Stint) -> bool;
    /// What is known beside the worlds.
    fn course(&self) -> &Course;
    /// The same, to change.
    fn course_mut(&mut self) -> &mut Course;
    /// How many worlds there are.
    fn len(&self) -> usize;
    /// How many of them have been expanded.
    fn expanded(&self) -> usize;
    /// The memory of the search, in bytes.
    fn bytes(&self) -> usize;
    /// The numbers of a world, in the order of [`numbers`].
    fn numbers(&self, world: usize, out: &mut Vec<u32>);
    /// The layout.
    fn layout(&self) -> &Layout;
    /// A world's parent; `None` for the first.
    fn parent(&self, world: usize) -> Option<usize>;
    /// Everything that can happen in a world, with what comes of it, as numbers; `None` if a new layout is
    /// needed first.
    fn steps(&mut self, numbers: &[u32]) -> Option<Vec<(Origin, Vec<u32>)>>;
    /// Walks about, from worlds that are known, to learn early what parts there are; true if a new layout is
    /// needed. Only a hint: what it misses is met later.
    fn scout(&mut self, walks: usize, seed: &mut u64) -> bool;
    /// Takes it apart, to be put together with another layout.
    fn apart(self: Box<Self>) -> Apart;
}

/// How far to go at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stint {
    /// Until so many worlds have been expanded.
    pub expanded: usize,
    /// Until so many worlds are known.
    pub worlds: usize,
    /// With a second thread, where that is worth it.
    pub pair: bool,
}

/// A search taken apart.
pub struct Apart {
    pub course: Course,
    pub worlds: Box<dyn Packed>,
    pub layout: Layout,
    pub family: Family,
    pub expanded: usize,
}

/// Packed worlds of any width.
pub trait Packed {
    fn count(&self) -> usize;
    /// Puts the numbers of a world at other places.
    fn carry(&self, world: usize, way: &Way, to: &mut [u64]);
}

/// How worlds get from one layout to another.
pub struct Way {
    shifts: Vec<Shift>,
    /// Numbers that share their bits with others, before or after.
    shared: Vec<(Field, Field)>,
}

/// Bits that move together.
struct Shift {
    from: u8,
    to: u8,
    mask: u64,
    left: u32,
}

impl Way {
    /// From one layout to another.
    pub fn between(old: &Layout, new: &Layout) -> Way {
        let mut way = Way { shifts: Vec::new(), shared: Vec::new() };
        for (old, new) in fields(old).zip(fields(new)).filter(|(old, new)| old.bits > 0 && new.bits > 0) {
            if old.base > 0 || new.base > 0 {
                way.shared.push((old, new));
                continue;
            }
            let left = u32::from(64 + new.shift - old.shift) % 64;
            let together = |s: &&mut Shift| (s.from, s.to, s.left) == (old.word, new.word, left);
            match way.shifts.iter_mut().find(together) {
                Some(shift) => shift.mask |= old.mask(),
                None => way.shifts.push(Shift { from: old.word, to: new.word, mask: old.mask(), left }),
            }
        }
        way
    }
}

impl<const W: usize> Packed for Store<W> {
    fn count(&self) -> usize {
        self.len()
    }

    #[inline]
    fn carry(&self, world: usize, way: &Way, to: &mut [u64]) {
        let world = self.get(world);
        for s in &way.shifts {
            to[usize::from(s.to)] |= (world[usize::from(s.from)] & s.mask).rotate_left(s.left);
        }
        for (old, new) in &way.shared {
            to[usize::from(new.word)] += new.at(old.get(world));
        }
    }
}

/// Every field of a layout, in one order.
pub fn fields(layout: &Layout) -> impl Iterator<Item = Field> + '_ {
    let four = layout.locals.iter().chain(&layout.cuts).chain(&layout.faults).chain(&layout.messages);
    four.copied()
}

/// Starts a search.
pub fn start(mut course: Course) -> Option<Box<dyn Engine>> {
    let numbers = course.start();
    let need = course.need();
    let layout = Layout::new(&need)?;
    let mut world = [0u64; MAX_WORDS];
    for (n, field) in numbers.iter().zip(fields(&layout)) {
        world[usize::from(field.word)] += field.at(*n);
    }
    let mut first = Store::<MAX_WORDS>::new();
    first.insert(&world, Store::slot(&world));
    let worlds = Box::new(first);
    assemble(Apart { course, worlds, layout, family: Family::default(), expanded: 0 })
}

/// Puts a search together with the tightest layout for what is known by now; `None` if worlds get too wide.
pub fn assemble(apart: Apart) -> Option<Box<dyn Engine>> {
    let layout = Layout::new(&apart.course.need())?;
    Some(match layout.words {
        1 => Wide::<1>::build(apart, layout),
        2 => Wide::<2>::build(apart, layout),
        3 => Wide::<3>::build(apart, layout),
        4 => Wide::<4>::build(apart, layout),
        5 => Wide::<5>::build(apart, layout),
        6 => Wide::<6>::build(apart, layout),
        7 | 8 => Wide::<8>::build(apart, layout),
        9..=12 => Wide::<12>::build(apart, layout),
        _ => Wide::<16>::build(apart, layout),
    })
}
