//! What is where already, so that words can be put where nothing else is.

use super::shape::Area;
use crate::order::Map;

/// Rows of buckets this high keep every question local, however long the run.
const BUCKET: f64 = 48.0;
/// A line that is longer than this many buckets only counts near its ends.
const LONG: usize = 12;

/// What is where already. Only what is near the part that is drawn gets here, so there are few buckets.
pub struct Room {
    areas: Map<usize, Vec<(Area, f64)>>,
    /// Areas that would fill many buckets: few, since only what lasts is so long.
    long: Vec<(Area, f64)>,
    lines: Map<usize, Vec<Line>>,
    lifelines: Vec<f64>,
    left: f64,
    right: f64,
}

#[derive(Clone, Copy)]
struct Line {
    owner: u32,
    from: (f64, f64),
    to: (f64, f64),
}

/// Nobody's line.
pub const NOBODY: u32 = u32::MAX;

fn bucket(y: f64) -> usize {
    (y.max(0.0) / BUCKET) as usize
}

impl Room {
    /// Nothing but lifelines.
    pub fn new(lifelines: &[f64], left: f64, right: f64) -> Room {
        let (areas, long, lines) = (Map::new(), Vec::new(), Map::new());
        Room { areas, long, lines, lifelines: lifelines.to_vec(), left, right }
    }

    /// Something is here that words should not cover; the more it costs the less.
    pub fn put(&mut self, area: Area, cost: f64) {
        let (first, last) = (bucket(area.y), bucket(area.bottom()));
        if last.saturating_sub(first) >= LONG {
            return self.long.push((area, cost));
        }
        for at in first..=last {
            self.areas.or_insert_with(at, Vec::new).push((area, cost));
        }
    }

    /// A line goes here.
    pub fn line(&mut self, owner: u32, from: (f64, f64), to: (f64, f64)) {
        let (first, last) = (bucket(from.1.min(to.1)), bucket(from.1.max(to.1)));
        let rest = (first + LONG).max(last.saturating_sub(LONG));
        for at in (first..=last.min(first + LONG - 1)).chain(rest..=last) {
            self.lines.or_insert_with(at, Vec::new).push(Line { owner, from, to });
        }
    }

    /// How many lifelines pass here.
    pub fn lifelines_in(&self, area: Area) -> usize {
        self.lifelines.iter().filter(|x| area.x - 2.0 < **x && **x < area.right() + 2.0).count()
    }

    /// How bad it would be to put words here. `owner` is the line that they belong to, which they may cover.
    pub fn cost(&self, area: Area, owner: u32) -> f64 {
        let mut cost = 0.0;
        if area.x < self.left || area.right() > self.right || area.y < 0.0 {
            cost += 2000.0;
        }
        cost += 45.0 * self.lifelines_in(area) as f64;
        let size = area.w * area.h;
        let mut seen: Vec<Area> = Vec::new();
        let mut areas = |list: &[(Area, f64)]| {
            let mut cost = 0.0;
            for (other, weight) in list {
                let overlap = area.overlap(*other);
                if overlap > 0.0 && !seen.contains(other) {
                    seen.push(*other);
                    cost += weight * (0.5 + 0.5 * (overlap / size).min(1.0));
                }
            }
            cost
        };
        cost += areas(&self.long);
        for at in bucket(area.y)..=bucket(area.bottom()) {
            cost += self.areas.get(&at).map_or(0.0, |list| areas(list));
            let lines = self.lines.get(&at).into_iter().flatten();
            cost += 22.0 * lines.filter(|l| l.owner != owner && crosses(area, l)).count() as f64;
        }
        cost
    }
}

/// Whether a line crosses a rectangle (Liang and Barsky).
fn crosses(area: Area, line: &Line) -> bool {
    let ((x, y), (dx, dy)) = (line.from, (line.to.0 - line.from.0, line.to.1 - line.from.1));
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (d, near, far) in [(dx, area.x - x, area.right() - x), (dy, area.y - y, area.bottom() - y)] {
        if d.abs() < 1e-9 {
            if near > 0.0 || far < 0.0 {
                return false;
            }
            continue;
        }
        let (a, b) = (near / d, far / d);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    enter < leave
}
