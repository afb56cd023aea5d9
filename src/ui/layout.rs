//! The space-time diagram as plain data: where everything is, and what it means.
//!
//! Time runs down, one row a moment. Ink above the line of the present is what happened; pencil below it is
//! what a step that has not been taken would draw. Everything is computed from the [`Plot`]; nothing about
//! an outcome is known here.

mod arrows;
pub mod automaton;
pub mod beads;
mod columns;
mod draft;
mod inbox;
mod marks;
mod measure;
mod pencil;
mod room;
mod rows;
mod shape;
mod spans;
mod svg;
mod texts;
mod voyage;

#[cfg(test)]
mod tests;

pub use arrows::{Arrow, End};
pub use columns::{Columns, column_weights, gutter};
pub use inbox::{BUTTON, Pill, Room};
pub use rows::Rows;
pub use shape::{Anchor, Area, Group, Icon, Layer, Paint, Selection, Shape};
pub use spans::{Band, Span};
pub use svg::svg;
pub use texts::{Texts, fill};

use crate::protocol::{Meta, NodeId};
use crate::view::Plot;
use draft::Draft;
use std::rc::Rc;

/// How many moments are rendered together: those that did not change are not rendered again.
pub const CHUNK: usize = 50;

/// A stretch of moments.
#[derive(Clone, PartialEq, Debug)]
pub struct Chunk {
    /// Its first moment.
    pub first: u32,
    /// Its last moment.
    pub last: u32,
    /// How far up anything in it reaches.
    pub top: f64,
    /// How far down anything in it reaches.
    pub bottom: f64,
    /// What is drawn, layer by layer.
    pub layers: [Vec<Group>; 4],
    /// Where its events are, one a moment.
    pub marks: Vec<Mark>,
}

/// Where an event is, to be focused and selected.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mark {
    /// At which moment.
    pub moment: u32,
    /// At which node, if at any.
    pub node: Option<NodeId>,
    /// Its place.
    pub x: f64,
    /// Its place.
    pub y: f64,
}

/// The space-time diagram.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// Where lifelines stand.
    pub columns: Columns,
    /// Where moments stand.
    pub rows: Rows,
    /// Everything above the line of the present.
    pub chunks: Vec<Rc<Chunk>>,
    /// The line of the present, and what is in pencil below it.
    pub below: Rc<Vec<Shape>>,
    /// Messages in flight.
    pub pills: Rc<Vec<Pill>>,
    /// The lines of all messages, by number.
    pub arrows: Vec<Arrow>,
    /// The stretches of doubt.
    pub bands: Vec<Band>,
    /// Its width, at least as wide as there was room.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Whether it is drawn for a narrow screen.
    pub compact: bool,
}

impl Figure {
    /// Lays out a run in `width`, or wider if lifelines would stand too close; `compact` for narrow screens.
    pub fn new(plot: &Plot, meta: &Meta, texts: &Texts, width: f64, compact: bool) -> Figure {
        let mut draft = Draft::new(plot, meta, texts, width, compact);
        let notes = spans::draw(&mut draft);
        marks::draw(&mut draft);
        let pills = inbox::pills(&mut draft);
        let voyages = voyage::voyages(plot);
        let arrows = arrows::draw(&mut draft, &voyages, &pills);
        marks::write(&mut draft);
        arrows::write(&mut draft, &voyages, &arrows);
        spans::write(&mut draft, &notes);
        let pencil = pencil::draw(&mut draft, &pills);
        let marks = marks_of(&draft, &arrows);
        let (columns, rows) = (draft.columns.clone(), draft.rows.clone());
        let bands = plot.columns.iter().flat_map(|c| spans::bands(&draft, c.node)).collect();
        let mut below = pencil.shapes;
        below.extend(now_line(&draft));
        Figure {
            width: columns.width,
            height: pencil.bottom,
            columns,
            rows,
            chunks: draft.chunks(&marks),
            below: Rc::new(below),
            pills: Rc::new(pills),
            arrows,
            bands,
            compact,
        }
    }

    /// Where an event is.
    pub fn mark(&self, moment: u32) -> Option<Mark> {
        let i = (moment as usize).checked_sub(1)?;
        self.chunks.get(i / CHUNK)?.marks.get(i % CHUNK).copied()
    }

    /// The line of a message.
    pub fn arrow(&self, id: u32) -> Option<&Arrow> {
        self.arrows.binary_search_by_key(&id, |a| a.id).ok().map(|i| &self.arrows[i])
    }

    /// The shapes that show what is selected. They lie below the words and above the ground, and nothing
    /// else is drawn again for them.
    pub fn highlight(&self, selection: Selection) -> Vec<Shape> {
        match selection {
            Selection::Moment(moment) => {
                let Some(Mark { x, y, .. }) = self.mark(moment) else { return Vec::new() };
                let h = self.rows.step;
                let at = Area { x: 0.0, y: y - h / 2.0, w: self.width, h };
                vec![Shape::area("glaze", at, 4.0), Shape::Circle { class: "halo-ring", x, y, r: 12.0 }]
            }
            Selection::Node(node) => {
                let half = self.columns.band + 12.0;
                let x = self.columns.x(node);
                let at = Area { x: x - half, y: 0.0, w: 2.0 * half, h: self.height };
                vec![Shape::area("glaze", at, 4.0)]
            }
            Selection::Message(id) => {
                let Some(arrow) = self.arrow(id) else { return Vec::new() };
                vec![Shape::line("glow", &[arrow.from, arrow.to])]
            }
        }
    }
}

/// Where events are: at their node, else at what happened to the message or the link.
fn marks_of(draft: &Draft, arrows: &[Arrow]) -> Vec<Mark> {
    use crate::sim::{Act, Link};
    let ends = |id: u32| arrows.binary_search_by_key(&id, |a| a.id).ok().map(|i| arrows[i]);
    let mark = |moment: u32| {
        let event = draft.event(moment);
        let y = draft.rows.y(moment);
        let node = rows::node(event);
        let copy = event.sent.first().and_then(|s| ends(s.id)).map(|a| a.from.0);
        let x = match (node, event.step.act) {
            (Some(node), _) => Some(draft.columns.x(node)),
            (None, Act::Duplicate(_)) => copy,
            (None, Act::Cut(Link(a, b)) | Act::Heal(Link(a, b))) => {
                Some((draft.columns.x(a) + draft.columns.x(b)) / 2.0)
            }
            (None, Act::Hold(m) | Act::Release(m)) => {
                Some((draft.columns.x(m.from) + draft.columns.x(m.to)) / 2.0)
            }
            (None, _) => event.taken.and_then(ends).map(|a| a.to.0),
        };
        Mark { moment, node, x: x.unwrap_or(draft.columns.gutter), y }
    };
    (1..=draft.last()).map(mark).collect()
}

/// The line of the present with its flag.
fn now_line(draft: &Draft) -> Vec<Shape> {
    let y = draft.rows.now;
    let left = draft.columns.gutter;
    let wide = left.max(28.0);
    let flag = format!("M0 {:.1}h{wide:.1}l8 9l-8 9h-{wide:.1}z", y - 9.0);
    vec![
        Shape::line("nowline", &[(left, y), (draft.columns.width, y)]),
        Shape::Path { class: "nowtab", d: flag },
        Shape::text("nowtext", wide / 2.0 + 1.0, y + 4.0, Anchor::Middle, &draft.texts.now),
    ]
}
