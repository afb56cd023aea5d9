//! Messages in flight: each ends in a pill at its receiver's lifeline, on the line of the present moment
//! and below.

use super::draft::Draft;
use super::measure;
use super::shape::{Area, Icon};
use super::texts::fill;
use crate::protocol::{NodeId, Style};
use crate::sim::MsgRef;
use std::collections::BTreeMap;

/// The width of a button in a pill.
pub const BUTTON: f64 = 27.0;

/// How much a pill shows. All pills of a figure show as much.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Room {
    /// A glyph, and everything behind one button.
    Glyph,
    /// The word, and everything behind one button.
    Word,
    /// The word, delivery, and everything else behind a button.
    Short,
    /// The word and every button.
    Buttons,
    /// The word, the sender and every button.
    Full,
}

impl Room {
    /// How many buttons there are.
    pub fn buttons(self) -> usize {
        match self {
            Room::Glyph | Room::Word => 1,
            Room::Short => 2,
            Room::Buttons | Room::Full => 4,
        }
    }
}

/// A message in flight.
#[derive(Clone, PartialEq, Debug)]
pub struct Pill {
    /// Its number.
    pub id: u32,
    /// How steps address it.
    pub at: MsgRef,
    /// How it is drawn.
    pub style: Style,
    /// Held back by the reader.
    pub held: bool,
    /// Its word, or a glyph.
    pub word: String,
    /// Its word, as in traces.
    pub code: String,
    /// `from P1`, where there is room.
    pub from: Option<String>,
    /// The sender's and the receiver's name.
    pub names: (String, String),
    /// Where it is.
    pub area: Area,
    /// How much it shows.
    pub room: Room,
    /// Its place from the top among those at the same lifeline.
    pub place: usize,
}

impl Pill {
    /// The mark before its word.
    pub fn mark(&self) -> Option<Icon> {
        self.held.then_some(Icon::Pause)
    }
}

/// Puts every message in flight into a pill.
pub fn pills(draft: &mut Draft) -> Vec<Pill> {
    let plot = draft.plot;
    let sent: BTreeMap<u32, _> = plot.events.iter().flat_map(|e| &e.sent).map(|s| (s.id, s)).collect();
    let mut flights: Vec<_> = plot.flights.iter().filter(|f| sent.contains_key(&f.id)).collect();
    flights.sort_unstable_by_key(|f| f.id);
    let height = if draft.compact { 32.0 } else { 30.0 };
    let width = |room: Room, id: u32| {
        let said = &sent[&id].said;
        let glyph = draft.meta.message(said.word).map_or("", |k| k.glyph);
        let from = fill(&draft.texts.from, draft.name(sent[&id].from));
        let text = match room {
            Room::Glyph => measure::code(glyph),
            Room::Full => measure::code(said.word) * 1.05 + 6.0 + measure::label(&from),
            _ => measure::code(said.word) * 1.05,
        };
        match room.buttons() {
            // The pill itself is the button.
            1 => text + 36.0,
            n => text + 20.0 + BUTTON * n as f64,
        }
    };
    // Every inbox is as wide as its widest pill.
    let inboxes = |room: Room| {
        let mut widths: BTreeMap<NodeId, f64> = BTreeMap::new();
        for f in &flights {
            let w = width(room, f.id) + if f.held { 15.0 } else { 0.0 };
            let widest = widths.entry(sent[&f.id].to).or_default();
            *widest = widest.max(w);
        }
        let place = |(node, w): (NodeId, f64)| {
            let half = w / 2.0 + 1.0;
            // Clear of the flag at the left.
            let least = half + draft.columns.gutter.max(28.0) + 10.0;
            (node, (draft.columns.x(node).clamp(least, (draft.columns.width - half).max(least)), w))
        };
        widths.into_iter().map(place).collect::<BTreeMap<_, _>>()
    };
    let fits = |room: &Room| {
        let mut all: Vec<_> = inboxes(*room).into_values().collect();
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        all.windows(2).all(|w| w[1].0 - w[0].0 >= (w[0].1 + w[1].1) / 2.0 + 8.0)
            && all.iter().all(|(_, w)| *w <= draft.columns.pitch)
    };
    let rooms = [Room::Full, Room::Buttons, Room::Short, Room::Word];
    let wanted = if draft.compact { &rooms[3..] } else { &rooms[..] };
    let room = wanted.iter().copied().find(fits).unwrap_or(Room::Glyph);
    let inboxes = inboxes(room);
    let mut stacks: BTreeMap<NodeId, usize> = BTreeMap::new();
    let mut pills = Vec::new();
    for flight in flights {
        let sent = sent[&flight.id];
        let place = stacks.entry(sent.to).or_default();
        let glyph = draft.meta.message(sent.said.word).map_or("", |k| k.glyph);
        let (x, w) = inboxes[&sent.to];
        let y = draft.rows.now + *place as f64 * (height + 4.0);
        let word = if room == Room::Glyph { glyph } else { sent.said.word };
        let (from, to) = (draft.name(sent.from), draft.name(sent.to));
        pills.push(Pill {
            id: flight.id,
            at: flight.at,
            style: sent.style,
            held: flight.held,
            word: word.into(),
            code: crate::view::words::said(&sent.said),
            from: (room == Room::Full).then(|| fill(&draft.texts.from, from)),
            names: (from.into(), to.into()),
            area: Area::around(x, y, w, height),
            room,
            place: *place,
        });
        *place += 1;
    }
    for pill in &pills {
        let Area { x, y, w, h } = pill.area;
        draft.room.put(Area { x: x - 2.0, y: y - 3.0, w: w + 4.0, h: h + 6.0 }, 400.0);
    }
    pills
}
