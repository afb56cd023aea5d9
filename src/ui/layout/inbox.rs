//! Messages in flight: each ends in a pill at its receiver's lifeline, on the line of the present moment
//! and below.

use super::draft::Draft;
use super::frame::Way;
use super::measure;
use super::number::between;
use super::shape::{Area, Icon};
use super::texts::fill;
use crate::protocol::Style;
use crate::run::Sent;
use crate::sim::MsgRef;
use crate::view::InFlight;
use crate::view::voyage::Voyages;

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
    /// Whether it is still to arrive.
    pub due: bool,
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
pub fn pills(draft: &mut Draft, voyages: Voyages) -> Vec<Pill> {
    let flights: Vec<(&InFlight, &Sent)> =
        draft.plot.flights.iter().filter_map(|f| Some((f, voyages.get(f.id)?.sent))).collect();
    let flights = crate::order::by_key(flights, |f| f.0.id);
    let height = if draft.compact { 32.0 } else { 30.0 };
    let wanted: &[Room] = match (draft.way, draft.compact) {
        (Way::Down, false) => &[Room::Full, Room::Buttons, Room::Short, Room::Word],
        // Where time runs to the right there is all the room that one wants.
        (Way::Right, false) => &[Room::Full],
        (_, true) => &[Room::Word],
    };
    let fits = |room: &Room| draft.way == Way::Right || fit(draft, &inboxes(draft, &flights, *room));
    let room = wanted.iter().copied().find(fits).unwrap_or(Room::Glyph);
    let inboxes = inboxes(draft, &flights, room);
    let mut stacks = vec![0_usize; inboxes.len()];
    let mut pills = Vec::new();
    for (flight, sent) in flights.iter().copied() {
        let (x, w) = inboxes[sent.to.index()];
        let place = stacks[sent.to.index()];
        stacks[sent.to.index()] += 1;
        let area = match draft.way {
            Way::Down => Area::around(x, draft.rows.now + place as f64 * (height + 4.0), w, height),
            Way::Right => {
                // As many below each other as the row is high, then beside those.
                let all = flights.iter().filter(|(_, s)| s.to == sent.to).count();
                let rows = ((draft.columns.room(sent.to) / (height + 4.0)) as usize).clamp(1, all);
                let (k, row) = (place / rows, place % rows);
                let across = x + (row as f64 - (rows as f64 - 1.0) / 2.0) * (height + 4.0);
                let along = draft.rows.now + 10.0 + w / 2.0 + k as f64 * (w + 8.0);
                Area::around(across, along, height, w)
            }
        };
        let glyph = draft.meta.message(sent.said.word).map_or("", |k| k.glyph);
        let word = if room == Room::Glyph { glyph } else { sent.said.word };
        let (from, to) = (draft.name(sent.from), draft.name(sent.to));
        pills.push(Pill {
            id: flight.id,
            at: flight.at,
            style: sent.style,
            held: flight.held,
            due: flight.due,
            word: word.into(),
            code: crate::view::words::said(&sent.said),
            from: (room == Room::Full).then(|| fill(&draft.texts.from, from)),
            names: (from.into(), to.into()),
            area,
            room,
            place,
        });
    }
    for pill in &pills {
        let Area { x, y, w, h } = pill.area;
        draft.room.put(Area { x: x - 2.0, y: y - 3.0, w: w + 4.0, h: h + 6.0 }, 400.0);
    }
    pills
}

/// How wide a pill is.
fn width(draft: &Draft, flight: &InFlight, sent: &Sent, room: Room) -> f64 {
    let word = sent.said.word;
    let text = match room {
        Room::Glyph => measure::code(draft.meta.message(word).map_or("", |k| k.glyph)),
        Room::Full => {
            let from = fill(&draft.texts.from, draft.name(sent.from));
            measure::code(word) * 1.05 + 6.0 + measure::label(&from)
        }
        _ => measure::code(word) * 1.05,
    };
    let held = if flight.held { 15.0 } else { 0.0 };
    held + match room.buttons() {
        // The pill itself is the button.
        1 => text + 36.0,
        n => text + 20.0 + BUTTON * n as f64,
    }
}

/// Where the inbox of each node is, and how wide: as its widest pill. Nodes without one have no width.
fn inboxes(draft: &Draft, flights: &[(&InFlight, &Sent)], room: Room) -> Vec<(f64, f64)> {
    let mut inboxes: Vec<_> = draft.columns.lifelines().iter().map(|x| (*x, 0.0_f64)).collect();
    for (flight, sent) in flights {
        let widest = &mut inboxes[sent.to.index()].1;
        *widest = widest.max(width(draft, flight, sent, room));
    }
    if draft.way == Way::Down {
        for (x, w) in &mut inboxes {
            let half = *w / 2.0 + 1.0;
            // Clear of the flag at the left.
            let least = half + draft.columns.gutter.max(28.0) + 10.0;
            *x = between(*x, least, (draft.columns.width - half).max(least));
        }
    }
    inboxes
}

/// Whether inboxes beside each other keep apart.
fn fit(draft: &Draft, inboxes: &[(f64, f64)]) -> bool {
    let used = |i: &(f64, f64)| i.1 > 0.0;
    inboxes.iter().enumerate().filter(|(_, i)| used(i)).all(|(at, a)| {
        a.1 <= draft.columns.pitch
            && inboxes[..at].iter().filter(|i| used(i)).all(|b| (a.0 - b.0).abs() >= (a.1 + b.1) / 2.0 + 8.0)
    })
}
