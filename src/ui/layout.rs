//! The space-time diagram as plain data: where everything is, and what it means.
//!
//! Time runs down, or to the right, one row a moment. Ink above the line of the present is what happened; pencil below it is
//! what a step that has not been taken would draw. Everything is computed from the [`Plot`]; nothing about
//! an outcome is known here.

mod arrows;
pub mod automaton;
pub mod beads;
mod columns;
mod draft;
mod frame;
mod inbox;
mod known;
mod marks;
mod measure;
mod number;
mod pencil;
mod room;
mod rows;
mod shape;
mod spans;
mod svg;
mod texts;

#[cfg(test)]
mod tests;

pub use arrows::{Arrow, End};
pub use columns::{Columns, column_weights, gutter};
pub use frame::{Frame, Shown, Way};
pub use inbox::{BUTTON, Pill, Room};
pub use known::Known;
pub use number::{between, scale, tenth};
pub use rows::Rows;
pub use shape::{Anchor, Area, Group, Icon, Layer, Paint, Selection, Shape};
pub use spans::{Band, Span};
pub use svg::svg;
pub use texts::{Texts, fill};

use crate::protocol::{Meta, NodeId};
use crate::view::Plot;
use crate::view::voyage::{Voyage, Voyages};
use draft::Draft;
use std::rc::Rc;

/// How many moments are rendered together: those that did not change are not rendered again.
pub const CHUNK: usize = 10;

/// A stretch of moments.
#[derive(Clone, PartialEq, Debug)]
pub struct Chunk {
    /// Its first moment.
    pub first: u32,
    /// Its last moment.
    pub last: u32,
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
    /// Everything that is drawn above the line of the present.
    pub chunks: Vec<Rc<Chunk>>,
    /// Where the events are, one a moment.
    pub marks: Vec<Mark>,
    /// The line of the present, and what is in pencil below it.
    pub below: Rc<Vec<Shape>>,
    /// Messages in flight.
    pub pills: Rc<Vec<Pill>>,
    /// The lines of messages, by number: all but the plain ones that are nowhere near what is drawn.
    pub arrows: Vec<Arrow>,
    /// The stretches of doubt.
    pub bands: Vec<Band>,
    /// Its width, at least as wide as there was room.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What it was drawn for.
    pub frame: Frame,
}

impl Figure {
    /// Lays out a run in the room that there is, or in more if lifelines would stand too close.
    pub fn new(plot: &Plot, meta: &Meta, texts: &Texts, frame: Frame) -> Figure {
        Figure::knowing(&mut Known::default(), plot, meta, texts, frame)
    }

    /// Along time: where what is shared with another run ends, which is before the next moment's row.
    pub fn parting(&self, shared: u32) -> f64 {
        const BEFORE: f64 = 9.0;
        match self.marks.len() as u32 > shared {
            true => self.rows.y(shared + 1) - BEFORE,
            false => self.rows.now,
        }
    }

    /// The same, where some of the run may be known already; what is new in it is then known as well.
    pub fn knowing(known: &mut Known, plot: &Plot, meta: &Meta, texts: &Texts, frame: Frame) -> Figure {
        let way = frame.way;
        known.learn(plot, way, frame.compact);
        let mut draft = Draft::new(plot, meta, texts, frame, known);
        let (notes, bands) = spans::draw(&mut draft);
        marks::draw(&mut draft);
        let voyages = draft.known.voyages(draft.last());
        let mut pills = inbox::pills(&mut draft, voyages);
        let mut arrows = arrows::draw(&mut draft, voyages, &pills);
        marks::write(&mut draft);
        arrows::write(&mut draft, voyages, &arrows);
        spans::write(&mut draft, &notes);
        let mut pencil = pencil::draw(&mut draft, &pills);
        let marks = marks_of(&draft, voyages, &arrows);
        way.turn(&mut pencil.shapes);
        pencil.shapes.extend(now_line(&draft));
        for pill in &mut pills {
            pill.area = way.area(pill.area);
        }
        for arrow in &mut arrows {
            (arrow.from, arrow.to) = (way.point(arrow.from), way.point(arrow.to));
        }
        let (columns, rows) = (draft.columns.clone(), draft.rows.clone());
        let (width, height) = way.point((columns.width, pencil.bottom.max(draft.words_end + 2.0)));
        Figure {
            width,
            height,
            columns,
            rows,
            chunks: draft.chunks(&marks),
            marks,
            below: Rc::new(pencil.shapes),
            pills: Rc::new(pills),
            arrows,
            bands,
            frame,
        }
    }

    /// Where an event is.
    pub fn mark(&self, moment: u32) -> Option<Mark> {
        self.marks.get((moment as usize).checked_sub(1)?).copied()
    }

    /// The last line of a message.
    pub fn arrow(&self, id: u32) -> Option<&Arrow> {
        arrows::find(&self.arrows, id)
    }

    /// The shapes that show what is selected. They lie below the words and above the ground, and nothing
    /// else is drawn again for them.
    pub fn highlight(&self, selection: Selection) -> Vec<Shape> {
        let way = self.frame.way;
        match selection {
            Selection::Moment(moment) => {
                let Some(Mark { x, y, .. }) = self.mark(moment) else { return Vec::new() };
                let h = self.rows.step.min(42.0);
                let at = Area { x: 0.0, y: self.rows.y(moment) - h / 2.0, w: self.columns.width, h };
                let ring = Shape::Circle { class: "halo-ring", x, y, r: 12.0 };
                vec![Shape::area("glaze", way.area(at), 4.0), ring]
            }
            Selection::Node(node) => {
                let half = self.columns.band + 12.0;
                let x = self.columns.x(node);
                let h = way.point((self.width, self.height)).1;
                let at = Area { x: x - half, y: 0.0, w: 2.0 * half, h };
                vec![Shape::area("glaze", way.area(at), 4.0)]
            }
            Selection::Message(id) => {
                let lines = arrows::of(&self.arrows, id).iter();
                lines.map(|arrow| Shape::line("glow", &[arrow.from, arrow.to])).collect()
            }
        }
    }
}

/// Where events are: at their node, else at what happened to the message or the link.
fn marks_of(draft: &Draft, voyages: Voyages, arrows: &[Arrow]) -> Vec<Mark> {
    use crate::sim::{Act, Link};
    let ends = |id: u32| arrows::find(arrows, id).copied();
    let mark = |moment: u32| {
        let y = draft.rows.y(moment);
        let node = draft.known.node(moment);
        if let Some(node) = node {
            let (x, y) = draft.way.point((draft.columns.x(node), y));
            return Mark { moment, node: Some(node), x, y };
        }
        let event = draft.event(moment);
        let x = match event.step.act {
            Act::Duplicate(_) => event.sent.first().and_then(|s| ends(s.id)).map(|a| a.from.0),
            Act::Cut(Link(a, b)) | Act::Heal(Link(a, b)) => {
                Some((draft.columns.x(a) + draft.columns.x(b)) / 2.0)
            }
            // On its line, where the pause stands.
            Act::Hold(m) | Act::Release(m) => {
                let held = |v: &Voyage| v.held.iter().any(|(at, _)| *at == moment);
                let line = voyages.iter().find(held).and_then(|v| ends(v.id));
                Some(line.map_or_else(
                    || (draft.columns.x(m.from) + draft.columns.x(m.to)) / 2.0,
                    |a| arrows::on(&a, y).0,
                ))
            }
            _ => event.taken.and_then(ends).map(|a| a.to.0),
        };
        let (x, y) = draft.way.point((x.unwrap_or(draft.columns.gutter), y));
        Mark { moment, node, x, y }
    };
    (1..=draft.last()).map(mark).collect()
}

/// The line of the present with its flag, as it is on the screen.
fn now_line(draft: &Draft) -> Vec<Shape> {
    let y = draft.rows.now;
    let left = draft.columns.gutter;
    if draft.way == Way::Right {
        let half = measure::label(&draft.texts.now) / 2.0 + 8.0;
        let (start, wide, half) = (tenth(y - half), tenth(2.0 * half), tenth(half));
        let flag = format!("M{start} 0h{wide}v14l-{half} 8l-{half} -8z");
        return vec![
            Shape::line("nowline", &[(y, 20.0), (y, draft.columns.width)]),
            Shape::Path { class: "nowtab", d: flag },
            Shape::text("nowtext", y, 13.0, Anchor::Middle, &draft.texts.now),
        ];
    }
    let wide = left.max(28.0);
    let flag = format!("M0 {0}h{1}l8 9l-8 9h-{1}z", tenth(y - 9.0), tenth(wide));
    vec![
        Shape::line("nowline", &[(left, y), (draft.columns.width, y)]),
        Shape::Path { class: "nowtab", d: flag },
        Shape::text("nowtext", wide / 2.0 + 1.0, y + 4.0, Anchor::Middle, &draft.texts.now),
    ]
}
