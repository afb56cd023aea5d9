//! What a figure is made of: few and neutral shapes, which the screen and the SVG writer both render.

use super::number::{between, outline};
use crate::protocol::NodeId;

/// Something in the figure that can be selected. Their order is the order in which a layer draws them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Selection {
    /// What happened at a moment.
    Moment(u32),
    /// A node: its lifeline and everything along it.
    Node(NodeId),
    /// A message, by its number in the run.
    Message(u32),
}

/// Where a text's x stands in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// At its beginning.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

impl Anchor {
    /// The value of `text-anchor`.
    pub fn word(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// An area's paint, where a class is not enough: patterns are found by address, and addresses in style
/// sheets are relative to the sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paint {
    /// As the class says.
    Class,
    /// In doubt.
    Hatch,
    /// Blocked.
    Cross,
    /// Fades out downwards.
    Fade,
    /// Fades out to the right.
    FadeRight,
}

impl Paint {
    /// The value of `fill`.
    pub fn fill(self) -> Option<&'static str> {
        match self {
            Paint::Class => None,
            Paint::Hatch => Some("url(#hatch)"),
            Paint::Cross => Some("url(#cross)"),
            Paint::Fade => Some("url(#fade)"),
            Paint::FadeRight => Some("url(#fade-right)"),
        }
    }
}

/// A drawing of 16 by 16, stroked in the current colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    /// A closed padlock.
    Lock,
    /// An open padlock.
    Unlock,
    /// A timer.
    Clock,
    /// A send that a crash cut off.
    Scissors,
    /// Stopped, with its memory.
    Pause,
    /// Going on.
    Play,
    /// Commit.
    Check,
    /// Abort.
    Cross,
    /// Back from its log.
    Recover,
}

impl Icon {
    /// Its outline.
    pub fn path(self) -> &'static str {
        match self {
            Icon::Lock => {
                "M4.8 7h6.4a1.3 1.3 0 0 1 1.3 1.3v3.9a1.3 1.3 0 0 1-1.3 1.3H4.8a1.3 1.3 0 0 1-1.3-1.3V8.3A1.3 1.3 0 0 1 4.8 7M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2"
            }
            Icon::Unlock => {
                "M4.8 7h6.4a1.3 1.3 0 0 1 1.3 1.3v3.9a1.3 1.3 0 0 1-1.3 1.3H4.8a1.3 1.3 0 0 1-1.3-1.3V8.3A1.3 1.3 0 0 1 4.8 7M5.3 7V4.6a2.7 2.7 0 0 1 5.2-1"
            }
            Icon::Clock => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 4.8V8l2.2 1.6",
            Icon::Scissors => {
                "M6.3 4.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0M6.3 11.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0M6 5.7 13 12M6 10.3 13 4"
            }
            Icon::Pause => "M5.5 4v8M10.5 4v8",
            Icon::Play => "M5 3.5 12 8l-7 4.5z",
            Icon::Check => "M3.5 8.4 6.6 11.4 12.5 4.8",
            Icon::Cross => "M4.5 4.5l7 7M11.5 4.5l-7 7",
            Icon::Recover => "M8 13V3.5M4 7.5l4-4 4 4",
        }
    }
}

/// One thing that is drawn.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// A straight line.
    Line {
        /// What it means.
        class: &'static str,
        /// Where it begins.
        from: (f64, f64),
        /// Where it ends.
        to: (f64, f64),
    },
    /// An arrow's head: its point, then its foot.
    Head {
        /// What it means.
        class: &'static str,
        /// Its corners.
        corners: [(f64, f64); 3],
    },
    /// A small cross.
    Cut {
        /// What it means.
        class: &'static str,
        /// Its middle.
        at: (f64, f64),
        /// Half its width.
        arm: f64,
    },
    /// Any other outline.
    Path {
        /// What it means.
        class: &'static str,
        /// Where it goes.
        d: String,
    },
    /// An area.
    Rect {
        /// What it means.
        class: &'static str,
        /// Where it is.
        at: Area,
        /// The radius of its corners.
        round: f64,
        /// How it is filled.
        paint: Paint,
    },
    /// A circle.
    Circle {
        /// What it means.
        class: &'static str,
        /// Its centre.
        x: f64,
        /// Its centre.
        y: f64,
        /// Its radius.
        r: f64,
    },
    /// A line of text.
    Text {
        /// What it means.
        class: &'static str,
        /// Where it stands.
        x: f64,
        /// Its base line.
        y: f64,
        /// What `x` is.
        anchor: Anchor,
        /// What it says.
        text: String,
    },
    /// An icon.
    Icon {
        /// What it means.
        class: &'static str,
        /// Its centre.
        x: f64,
        /// Its centre.
        y: f64,
        /// Its width and height.
        size: f64,
        /// Which one.
        icon: Icon,
    },
}

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Area {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
}

impl Area {
    /// A rectangle by its centre.
    pub fn around(x: f64, y: f64, w: f64, h: f64) -> Area {
        Area { x: x - w / 2.0, y: y - h / 2.0, w, h }
    }

    /// Its right edge.
    pub fn right(self) -> f64 {
        self.x + self.w
    }

    /// Its lower edge.
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// How much of it another rectangle covers.
    pub fn overlap(self, other: Area) -> f64 {
        let w = self.right().min(other.right()) - self.x.max(other.x);
        let h = self.bottom().min(other.bottom()) - self.y.max(other.y);
        if w > 0.0 && h > 0.0 { w * h } else { 0.0 }
    }
}

impl Shape {
    /// A straight line.
    pub fn line(class: &'static str, [from, to]: &[(f64, f64); 2]) -> Shape {
        Shape::Line { class, from: *from, to: *to }
    }

    /// A small cross.
    pub fn cut(class: &'static str, at: (f64, f64), arm: f64) -> Shape {
        Shape::Cut { class, at, arm }
    }

    /// The class and the outline of what is drawn as a path. Made only for what is rendered: most of a long
    /// run is not.
    pub fn outline(&self) -> Option<(&'static str, String)> {
        match self {
            Shape::Line { class, from, to } => Some((class, outline("ML", &[*from, *to]))),
            Shape::Head { class, corners: [a, b, c] } => Some((class, outline("MLL", &[*a, *b, *c]) + "z")),
            Shape::Cut { class, at: (x, y), arm } => {
                let (l, r, t, b) = (x - arm, x + arm, y - arm, y + arm);
                Some((class, outline("MLML", &[(l, t), (r, b), (r, t), (l, b)])))
            }
            Shape::Path { class, d } => Some((class, d.clone())),
            _ => None,
        }
    }

    /// A line without what lies outside of a stretch of time; everything else as it is. As laid out: time runs down.
    pub fn within(self, (top, bottom): (f64, f64)) -> Shape {
        match self {
            Shape::Line { class, from, to } if from.1.min(to.1) < top || bottom < from.1.max(to.1) => {
                let at = |y: f64| {
                    let y = between(y, top, bottom);
                    let t = if to.1 == from.1 { 0.0 } else { (y - from.1) / (to.1 - from.1) };
                    (from.0 + t * (to.0 - from.0), y)
                };
                Shape::Line { class, from: at(from.1), to: at(to.1) }
            }
            other => other,
        }
    }

    /// An area that its class fills.
    pub fn area(class: &'static str, at: Area, round: f64) -> Shape {
        Shape::Rect { class, at, round, paint: Paint::Class }
    }

    /// A line of text.
    pub fn text(class: &'static str, x: f64, y: f64, anchor: Anchor, text: impl Into<String>) -> Shape {
        Shape::Text { class, x, y, anchor, text: text.into() }
    }
}

/// What lies over what, from the bottom up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Layer {
    /// Guides, lifelines, bands, lanes.
    Ground,
    /// Messages.
    Lines,
    /// Dots, slips, crosses.
    Marks,
    /// Words.
    Words,
}

impl Layer {
    /// All of them, from the bottom up.
    pub const ALL: [Layer; 4] = [Layer::Ground, Layer::Lines, Layer::Marks, Layer::Words];
}

/// Shapes that belong to one thing that can be selected.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// The thing.
    pub of: Selection,
    /// What is drawn of it.
    pub shapes: Vec<Shape>,
}
