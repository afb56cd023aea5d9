//! A figure while it is being drawn: what every part of it needs to know, and where its shapes go.

use super::columns::Columns;
use super::frame::{Frame, Shown, Way};
use super::known::Known;
use super::room::{NOBODY, Room};
use super::rows::{self, Rows};
use super::shape::{Anchor, Area, Group, Layer, Selection, Shape};
use super::texts::Texts;
use super::{CHUNK, Chunk, Mark, measure};
use crate::order::Map;
use crate::protocol::{Meta, NodeId};
use crate::run::{Event, NodeNow};
use crate::view::Plot;
use std::rc::Rc;

/// A figure while it is being drawn.
pub struct Draft<'a> {
    pub plot: &'a Plot,
    pub meta: &'a Meta,
    pub texts: &'a Texts,
    pub known: &'a Known,
    pub compact: bool,
    pub way: Way,
    /// Only what reaches into this stretch of time is drawn.
    seen: (f64, f64),
    /// Lines that reach further are cut off here, out of sight: a browser counts every dash of a line.
    lines: (f64, f64),
    pub columns: Columns,
    pub rows: Rows,
    pub room: Room,
    /// How far along time any words reach.
    pub words_end: f64,
    shapes: Map<(usize, Layer, Selection), Vec<Shape>>,
}

/// A way to put words somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub x: f64,
    /// The middle of the line of text, or of the text where time runs to the right.
    pub y: f64,
    /// On which side of `x` it lies.
    pub anchor: Anchor,
    /// How much worse it is than the best.
    pub penalty: f64,
}

impl Spot {
    pub fn new(x: f64, y: f64, anchor: Anchor, penalty: f64) -> Spot {
        Spot { x, y, anchor, penalty }
    }

    /// The room that words of this size take here.
    pub fn area(self, way: Way, w: f64, h: f64) -> Area {
        let (w, h) = way.size(w, h);
        let x = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - w / 2.0,
            Anchor::End => self.x - w,
        };
        Area { x, y: self.y - h / 2.0, w, h }
    }

    /// A text of several lines here, a class and a text each, with the room that it takes.
    pub fn texts(self, way: Way, area: Area, lines: &[(&'static str, &str)], leading: f64) -> Vec<Shape> {
        let line = |(i, (class, text)): (usize, &(&'static str, &str))| {
            let next = leading * i as f64;
            match way {
                Way::Down => Shape::text(class, self.x, self.y + next + BASE, self.anchor, *text),
                Way::Right => Shape::text(class, area.x + 7.0 + next, self.y + BASE, Anchor::Middle, *text),
            }
        };
        lines.iter().enumerate().map(line).collect()
    }
}

/// Words that look for a place.
pub struct Words<'a> {
    pub moment: u32,
    pub of: Selection,
    /// One or more lines, each with its class.
    pub lines: &'a [(&'static str, &'a str)],
    pub width: f64,
    /// From one line to the next.
    pub leading: f64,
    /// The line that they may cover.
    pub owner: u32,
    /// They are left out if the best place costs more.
    pub limit: f64,
}

/// A text in two lines: at the space nearest to its middle or, where words are written without spaces, in
/// the middle.
pub fn halves(text: &str) -> (&str, &str) {
    let middle = text.len() / 2;
    let near = |i: &usize| i.abs_diff(middle);
    if let Some(i) = text.match_indices(' ').map(|(i, _)| i).min_by_key(near) {
        return (&text[..i], &text[i + 1..]);
    }
    let wide = text.char_indices().filter(|(i, c)| *i > 0 && measure::wide(*c)).map(|(i, _)| i);
    match wide.min_by_key(near) {
        Some(i) if measure::label(text) > 60.0 => text.split_at(i),
        _ => (text, ""),
    }
}

/// Lines are cut off at multiples of this.
const CUT: f64 = 500.0;

/// From the middle of a line of text to its base line.
pub const BASE: f64 = 4.2;

impl<'a> Draft<'a> {
    /// Of what is known, all of the plot's run has been learned.
    pub fn new(
        plot: &'a Plot,
        meta: &'a Meta,
        texts: &'a Texts,
        frame: Frame,
        known: &'a Known,
    ) -> Draft<'a> {
        let Frame { compact, way, .. } = frame;
        let columns = Columns::new(plot, &frame);
        let rows = Rows::new(plot, way, compact, known);
        let mut room = Room::new(columns.lifelines(), 2.0, columns.width - 2.0);
        // The line of the present and its flag.
        let line = Area { x: 0.0, y: rows.now - 2.0, w: columns.width, h: 4.0 };
        room.put(line, 60.0);
        room.put(way.upright(20.0, rows.now, 50.0, 20.0), 300.0);
        let seen = match frame.shown {
            Shown::All => (f64::NEG_INFINITY, f64::INFINITY),
            Shown::Tail(before) => (rows.now - before, f64::INFINITY),
            Shown::Between(top, bottom) => (top, bottom),
        };
        // The same for a while, so that what is drawn does not change with every step.
        let lines = ((seen.0 / CUT).floor() * CUT - CUT, (seen.1 / CUT).ceil() * CUT + CUT);
        let (words_end, shapes) = (0.0, Map::new());
        Draft { plot, meta, texts, known, compact, way, seen, lines, columns, rows, room, words_end, shapes }
    }

    /// Whether a stretch of time is drawn at all.
    pub fn sees(&self, top: f64, bottom: f64) -> bool {
        self.seen.0 <= bottom && top <= self.seen.1
    }

    /// The moments that are drawn.
    pub fn moments(&self) -> std::ops::RangeInclusive<u32> {
        self.rows.between(self.seen.0, self.seen.1)
    }

    /// The last moment.
    pub fn last(&self) -> u32 {
        self.plot.events.len() as u32
    }

    /// The event that led to a moment.
    pub fn event(&self, moment: u32) -> &'a Event {
        &self.plot.events[moment as usize - 1]
    }

    /// How a node was at a moment.
    pub fn state(&self, moment: u32, node: NodeId) -> &'a NodeNow {
        match moment {
            0 => &self.plot.start[node.index()],
            n => &self.plot.events[n as usize - 1].nodes[node.index()],
        }
    }

    /// The moments at which a node is not as it was before, with how it is then; the first is where it begins.
    pub fn turns(&self, node: NodeId) -> impl Iterator<Item = (u32, &'a NodeNow)> + '_ {
        self.known.turns(node, self.last()).iter().map(move |moment| (*moment, self.state(*moment, node)))
    }

    /// The name of a node.
    pub fn name(&self, node: NodeId) -> &'a str {
        self.plot.columns.iter().find(|c| c.node == node).map_or("?", |c| &c.name)
    }

    /// Where what an event did to others shows: at its crash, if it has one.
    pub fn cause_y(&self, moment: u32) -> f64 {
        match moment {
            0 => 0.0,
            n => self.rows.y(n) + rows::crash(self.way, self.event(n)),
        }
    }

    /// Draws something that belongs to a moment.
    pub fn draw(
        &mut self,
        moment: u32,
        layer: Layer,
        of: Selection,
        shapes: impl IntoIterator<Item = Shape>,
    ) {
        let chunk = (moment.max(1) as usize - 1) / CHUNK;
        let seen = self.lines;
        let shapes = shapes.into_iter().map(|s| s.within(seen));
        self.shapes.or_insert_with((chunk, layer, of), Vec::new).extend(shapes);
    }

    /// Puts words at the best of several places, or nowhere if all are bad.
    pub fn write(&mut self, words: &Words, spots: impl IntoIterator<Item = Spot>) -> bool {
        let height = 14.0 + words.leading * (words.lines.len() as f64 - 1.0);
        let mut best: Option<(Spot, Area, f64)> = None;
        for spot in spots {
            // What is worse before anything is in the way cannot be better after.
            if best.is_some_and(|(.., cost)| spot.penalty >= cost) {
                continue;
            }
            // Spots name the middle of the first line.
            let lower = if self.way == Way::Down { (height - 14.0) / 2.0 } else { 0.0 };
            let area = Spot { y: spot.y + lower, ..spot }.area(self.way, words.width + 4.0, height);
            let cost = spot.penalty + self.room.cost(area, words.owner);
            if best.is_none_or(|(.., least)| cost < least) {
                best = Some((spot, area, cost));
            }
        }
        let Some((spot, area, cost)) = best else { return false };
        if cost > words.limit {
            return false;
        }
        self.room.put(area, 260.0);
        // Words that stand close to others read as one phrase with them.
        let around = Area { x: area.x - 12.0, y: area.y - 7.0, w: area.w + 24.0, h: area.h + 14.0 };
        self.room.put(around, 44.0);
        self.words_end = self.words_end.max(area.bottom());
        let shapes = spot.texts(self.way, area, words.lines, words.leading);
        self.draw(words.moment, Layer::Words, words.of, shapes);
        true
    }

    /// Puts a short label beside something: in one line, or in two where there is no room for one.
    pub fn label(&mut self, moment: u32, of: Selection, class: &'static str, text: &str, spots: &[Spot]) {
        let leading = 14.0;
        let words = |lines, width, limit| Words { moment, of, lines, width, leading, owner: NOBODY, limit };
        let one = [(class, text)];
        let (first, second) = halves(text);
        let two = [(class, first), (class, second)];
        let width = |text| measure::classed(class, text);
        let narrow = width(first).max(width(second));
        let lift = if self.way == Way::Down { leading / 2.0 } else { 0.0 };
        let high = spots.iter().map(|s| Spot { y: s.y - lift, ..*s });
        let whole = words(&one, width(text), if second.is_empty() { f64::INFINITY } else { 34.0 });
        if self.write(&whole, spots.iter().copied())
            || self.write(&words(&two, narrow, 90.0), spots.iter().copied().chain(high))
        {
            return;
        }
        self.write(&Words { limit: f64::INFINITY, ..whole }, spots.iter().copied());
    }

    /// Cuts the drawing into chunks.
    pub fn chunks(self, marks: &[Mark]) -> Vec<Rc<Chunk>> {
        let mut chunks: Vec<Chunk> = Vec::new();
        for ((i, layer, of), mut shapes) in self.shapes {
            let first = i * CHUNK;
            if chunks.last().is_none_or(|c| c.first != first as u32 + 1) {
                let marks = marks[first.min(marks.len())..(first + CHUNK).min(marks.len())].to_vec();
                let last = (first + marks.len()) as u32;
                chunks.push(Chunk { first: first as u32 + 1, last, layers: Default::default(), marks });
            }
            self.way.turn(&mut shapes);
            let chunk = chunks.last_mut().expect("one was just begun");
            chunk.layers[layer as usize].push(Group { of, shapes });
        }
        chunks.into_iter().map(Rc::new).collect()
    }
}
