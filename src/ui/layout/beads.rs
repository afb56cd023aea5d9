//! Where everything on the history strip is, in pixels. Pure, and tested here.

use crate::view::tree::{Strip, Worry};

/// The strip's height.
const HEIGHT: f64 = 116.0;
/// Its height in a low window.
const HEIGHT_MID: f64 = 76.0;
/// Its height where it shows the current branch alone.
const HEIGHT_LOW: f64 = 52.0;
/// The line of the current branch.
const LINE: f64 = 46.0;
/// The same where there is nothing above it.
const LINE_LOW: f64 = 24.0;
/// Where the others run: above, below, further below.
pub const ROWS: [f64; 3] = [16.0, 86.0, 106.0];
/// The same in a low window: both above.
const ROWS_MID: [f64; 2] = [28.0, 12.0];
/// The room left of the first moment and right of the last.
pub const SIDE: f64 = 16.0;
/// Moments stand no further apart.
const STEP_MAX: f64 = 66.0;
/// Moments that stand closer have no beads.
const BEAD_MIN: f64 = 9.0;

/// A branch beside the current one.
#[derive(Clone, PartialEq, Debug)]
pub struct Side {
    /// Its place in [`Strip::branches`].
    pub branch: usize,
    /// Where it leaves.
    pub from: f64,
    /// Where its first moment is.
    pub first: f64,
    /// Where it ends.
    pub end: f64,
    /// Its line.
    pub y: f64,
}

/// A label below a moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Label {
    /// Its place in [`Strip::labels`].
    pub label: usize,
    /// Its middle.
    pub x: f64,
}

/// The strip.
#[derive(Clone, PartialEq, Debug)]
pub struct Beads {
    /// From one moment to the next.
    pub step: f64,
    /// Its height.
    pub height: f64,
    /// The line of the current branch.
    pub line: f64,
    /// Whether every moment has a bead.
    pub beads: bool,
    /// The branches beside the current one.
    pub sides: Vec<Side>,
    /// The labels for which there is room.
    pub labels: Vec<Label>,
    /// Where somebody was in doubt or blocked: from, to.
    pub worries: Vec<(Worry, f64, f64)>,
}

impl Beads {
    /// Lays out a strip in a room of this width and height; `measure` says how wide the label at a place is.
    /// Where there is no room for other branches, they are in the list only.
    pub fn new(strip: &Strip, (width, height): (f64, f64), measure: &dyn Fn(usize) -> f64) -> Beads {
        // Its height, the line of the current branch, and those of others.
        let (high, line, rows): (f64, f64, &[f64]) = match strip.branches.len() {
            1 => (HEIGHT_LOW, LINE_LOW, &[]),
            _ if height < HEIGHT_MID => (HEIGHT_LOW, LINE_LOW, &[]),
            _ if height < HEIGHT => (HEIGHT_MID, LINE, &ROWS_MID),
            _ => (HEIGHT, LINE, &ROWS),
        };
        let offset = |b: &crate::view::tree::Branch| b.from.map_or(Some(0), |p| index_of(strip, p));
        let others = strip.branches.iter().enumerate().skip(1);
        let shown: Vec<_> = others.filter_map(|(i, b)| Some((i, b, offset(b)?))).take(rows.len()).collect();
        let main = strip.branches[0].own.len() - 1;
        let longest = shown.iter().map(|(_, b, from)| from + b.own.len()).max().unwrap_or(0).max(main).max(1);
        let step = ((width - 2.0 * SIDE) / longest as f64).clamp(0.0, STEP_MAX);
        let x = |i: usize| SIDE + i as f64 * step;
        let side = |(k, (i, b, from)): (usize, &(usize, &crate::view::tree::Branch, usize))| Side {
            branch: *i,
            from: x(*from),
            first: x(from + 1),
            end: x(from + b.own.len()),
            y: rows[k],
        };
        let mut free = f64::MIN;
        let mut labels = Vec::new();
        for (label, (i, _)) in strip.labels.iter().enumerate() {
            let wide = measure(label);
            let at = x(*i).max(wide / 2.0).min((width - wide / 2.0).max(wide / 2.0));
            if at - wide / 2.0 >= free + 10.0 {
                free = at + wide / 2.0;
                labels.push(Label { label, x: at });
            }
        }
        Beads {
            step,
            height: high,
            line,
            beads: step >= BEAD_MIN,
            sides: shown.iter().enumerate().map(side).collect(),
            labels,
            worries: worries(strip, &x),
        }
    }

    /// Where a moment of the current branch is.
    pub fn x(&self, index: usize) -> f64 {
        SIDE + index as f64 * self.step
    }
}

/// Branches leave the current one, or one beside it: then they are in the list only.
fn index_of(strip: &Strip, place: crate::run::Place) -> Option<usize> {
    strip.branches[0].own.iter().position(|p| *p == place)
}

/// Stretches of the same worry.
fn worries(strip: &Strip, x: &dyn Fn(usize) -> f64) -> Vec<(Worry, f64, f64)> {
    let mut all: Vec<(Worry, f64, f64)> = Vec::new();
    for (i, worry) in strip.worry.iter().enumerate() {
        let (from, to) = (x(i), x((i + 1).min(strip.worry.len() - 1)));
        match all.last_mut() {
            Some((last, _, end)) if last == worry => *end = to,
            _ if *worry == Worry::None => all.push((Worry::None, from, to)),
            _ => all.push((*worry, from, to)),
        }
    }
    all.retain(|(worry, from, to)| *worry != Worry::None && to > from);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, By, Play, Session};

    fn played(steps: u32) -> Session {
        with_seed(5, steps)
    }

    fn with_seed(seed: u64, steps: u32) -> Session {
        let mut session = Session::default();
        let by = By::Chance { seed, mood: crate::run::Mood::Wild, budget: 40 };
        session.update(Action::Play(Play { by, stop_broken: false, stop_blocked: false }));
        session.update(Action::Tick(steps));
        session.update(Action::Pause);
        session
    }

    #[test]
    fn everything_is_inside_and_no_label_touches_another() {
        for (steps, width) in [(1, 300.0), (12, 760.0), (60, 760.0), (60, 320.0)] {
            let mut session = played(steps);
            for back in [2, 5, 3, 9] {
                session.update(Action::Undo);
                let at = session.history().at().saturating_sub(back);
                session.update(Action::Go(at));
                let choices = session.run().machine().choices();
                let other = choices.iter().rfind(|c| c.refused.is_none()).expect("a choice");
                session.update(Action::Do(other.step));
            }
            let strip = crate::view::tree::strip(session.history(), None);
            let wide = |_: usize| 70.0;
            let beads = Beads::new(&strip, (width, HEIGHT), &wide);
            let last = strip.branches[0].own.len() - 1;
            assert!(beads.x(last) <= width - SIDE + 0.01);
            assert!(beads.sides.iter().all(|s| s.end <= width - SIDE + 0.01 && s.from < s.first));
            assert!(beads.labels.windows(2).all(|w| w[1].x - w[0].x >= 80.0 - 0.01));
            assert!(beads.worries.windows(2).all(|w| w[0].2 <= w[1].1 + 0.01));
        }
    }

    #[test]
    fn a_low_strip_shows_the_current_branch_alone() {
        let mut session = played(12);
        session.update(Action::Undo);
        let choices = session.run().machine().choices();
        let other = choices.iter().rfind(|c| c.refused.is_none()).expect("a choice");
        session.update(Action::Do(other.step));
        let strip = crate::view::tree::strip(session.history(), None);
        assert!(strip.branches.len() > 1);
        let high = Beads::new(&strip, (760.0, HEIGHT), &|_| 60.0);
        let low = Beads::new(&strip, (760.0, HEIGHT_LOW), &|_| 60.0);
        assert_eq!((high.sides.len(), low.sides.len()), (strip.branches.len() - 1, 0));
        assert!(low.line + 22.0 < low.height, "its labels are inside");
    }

    #[test]
    fn where_moments_stand_close_there_are_no_beads() {
        let strips = (0..).map(|seed| crate::view::tree::strip(with_seed(seed, 60).history(), None));
        let strip = strips.into_iter().find(|s| s.branches[0].own.len() > 30).expect("a long run");
        let moments = strip.branches[0].own.len();
        let wide = Beads::new(&strip, (30.0 * moments as f64, HEIGHT), &|_| 60.0);
        let narrow = Beads::new(&strip, (3.0 * moments as f64, HEIGHT), &|_| 60.0);
        assert_eq!((wide.beads, narrow.beads), (true, false));
        assert!(narrow.labels.len() < wide.labels.len(), "only as many labels as there is room for");
    }
}
