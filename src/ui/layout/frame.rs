//! What a figure is drawn for: how much room there is, which way time runs, and which part is wanted.
//!
//! Everything is laid out as if time ran down: `x` across the lifelines, `y` along time. A figure in which
//! time runs to the right is turned at the very end; until then only the sizes of what stays upright differ.

use super::draft::BASE;
use super::shape::{Anchor, Area, Paint, Shape};

/// Which way time runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Way {
    /// Down the page, as text does.
    #[default]
    Down,
    /// To the right, as in textbooks.
    Right,
}

/// Half the height of a line of text.
const HALF_LINE: f64 = 7.0;

impl Way {
    /// The other one.
    pub fn other(self) -> Way {
        if self == Way::Down { Way::Right } else { Way::Down }
    }

    /// How much something upright takes across the lifelines, and how much along time.
    pub fn size(self, w: f64, h: f64) -> (f64, f64) {
        match self {
            Way::Down => (w, h),
            Way::Right => (h, w),
        }
    }

    /// Something upright around a place that is given across and along.
    pub fn upright(self, x: f64, y: f64, w: f64, h: f64) -> Area {
        let (across, along) = self.size(w, h);
        Area::around(x, y, across, along)
    }

    /// A place on the screen. Turning twice leads back.
    pub fn point(self, (x, y): (f64, f64)) -> (f64, f64) {
        match self {
            Way::Down => (x, y),
            Way::Right => (y, x),
        }
    }

    /// An area on the screen.
    pub fn area(self, at: Area) -> Area {
        match self {
            Way::Down => at,
            Way::Right => Area { x: at.y, y: at.x, w: at.h, h: at.w },
        }
    }

    /// Turns what was laid out as if time ran down. Texts and icons stay upright.
    pub fn turn(self, shapes: &mut [Shape]) {
        if self == Way::Down {
            return;
        }
        let swap = |p: &mut (f64, f64)| *p = (p.1, p.0);
        for shape in shapes {
            match shape {
                Shape::Line { from, to, .. } => {
                    swap(from);
                    swap(to);
                }
                Shape::Head { corners, .. } => corners.iter_mut().for_each(swap),
                Shape::Cut { at, .. } => swap(at),
                Shape::Rect { at, paint, .. } => {
                    *at = self.area(*at);
                    if *paint == Paint::Fade {
                        *paint = Paint::FadeRight;
                    }
                }
                Shape::Circle { x, y, .. } | Shape::Icon { x, y, .. } => std::mem::swap(x, y),
                Shape::Text { x, y, anchor, .. } => {
                    let beside = match std::mem::replace(anchor, Anchor::Middle) {
                        Anchor::Start => HALF_LINE,
                        Anchor::Middle => 0.0,
                        Anchor::End => -HALF_LINE,
                    };
                    (*x, *y) = (*y - BASE, *x + beside + BASE);
                }
                // Only what is on the screen already has an outline of its own.
                Shape::Path { .. } => {}
            }
        }
    }
}

/// Which part of a figure is laid out in full.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Shown {
    /// All of it.
    All,
    /// The present, and this much before it.
    Tail(f64),
    /// What lies between two places along time.
    Between(f64, f64),
}

/// Scrolling lays out another part only after so much.
const STEP: f64 = 400.0;
/// How much is laid out changes by so much where the present is in sight.
const TAIL_STEP: f64 = 100.0;
/// Where little is in sight, more is laid out: some screens tell their size late.
const LEAST: f64 = 400.0;

impl Shown {
    /// For a reader who sees the present, and so much of the figure: whatever may be in sight with it. The heads and
    /// what hangs beyond the line take some of that, so some is left for the first moment of scrolling back.
    pub fn present(sight: f64) -> Shown {
        Shown::Tail((sight.max(LEAST) / TAIL_STEP).ceil() * TAIL_STEP)
    }

    /// For a reader who sees so much of the figure from `top` on: that, and as much before and after it.
    pub fn around(top: f64, sight: f64) -> Shown {
        let sight = sight.max(LEAST);
        let floor = |y: f64| (y / STEP).floor() * STEP;
        Shown::Between(floor(top - sight), floor(top + 2.0 * sight) + STEP)
    }
}

/// What a figure is drawn for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Frame {
    /// The room across the lifelines: the figure takes more if they would stand too close.
    pub across: f64,
    /// Whether the screen is narrow.
    pub compact: bool,
    /// Which way time runs.
    pub way: Way,
    /// Which part is wanted.
    pub shown: Shown,
}

impl Frame {
    /// A whole figure in which time runs down.
    pub fn down(across: f64, compact: bool) -> Frame {
        Frame { across, compact, way: Way::Down, shown: Shown::All }
    }

    /// A whole figure in which time runs to the right.
    pub fn right(across: f64, compact: bool) -> Frame {
        Frame { way: Way::Right, ..Frame::down(across, compact) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_sight_is_laid_out() {
        for sight in [200.0, 640.0, 1900.0] {
            let Shown::Tail(tail) = Shown::present(sight) else { panic!("the present is at the end") };
            assert!(tail >= sight && tail <= 2.0 * sight.max(LEAST));
            for top in [0.0, 399.0, 8_123.0] {
                let Shown::Between(from, to) = Shown::around(top, sight) else { panic!("not at the end") };
                assert!(from <= top - sight && to >= top + 2.0 * sight);
            }
        }
    }

    #[test]
    fn a_little_scrolling_lays_out_nothing_else() {
        assert_eq!(Shown::around(1_000.0, 640.0), Shown::around(1_030.0, 640.0));
        assert_ne!(Shown::around(1_000.0, 640.0), Shown::around(1_500.0, 640.0));
    }
}
