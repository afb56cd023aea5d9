//! Messages as lines. A message leaves from the slip that it depends on, and ends where it was taken.

use super::draft::{Draft, Spot, Words};
use super::frame::Way;
use super::inbox::Pill;
use super::marks::{self, Record};
use super::measure;
use super::rows;
use super::shape::{Anchor, Icon, Layer, Selection, Shape};
use super::texts::fill;
use crate::protocol::plain::message;
use crate::protocol::{Effect, MessageKind, NodeId, Style};
use crate::run::Event;
use crate::sim::TakenHow;
use crate::view::voyage::{Landing, Voyage, Voyages};
use crate::view::words::said;

/// How a message is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ink {
    line: &'static str,
    /// Laid over the line to make it double.
    inner: Option<&'static str>,
    tip: &'static str,
    open: &'static str,
    word: &'static str,
}

impl Ink {
    fn of(draft: &Draft, word: &str) -> Ink {
        draft.meta.message(word).map_or(Ink::new(&message("", "", Style::Request)), Ink::new)
    }

    /// By its kind, and whether it says no.
    pub fn new(kind: &MessageKind) -> Ink {
        let ink = |line, tip, open, word| Ink { line, inner: None, tip, open, word };
        let double = |ink| Ink { inner: Some("msg decide-in"), ..ink };
        match (kind.style, kind.refuses) {
            (Style::Request, _) => ink("msg", "tip", "tip open", "st halo"),
            (Style::Vote, true) => {
                ink("msg vote no", "tip vote no", "tip open vote no", "st fill-abort halo")
            }
            (Style::Vote, false) => ink("msg vote", "tip vote", "tip open vote", "st fill-holds halo"),
            (Style::Decision, true) => {
                double(ink("msg decide no", "tip decide no", "tip open decide no", "st b fill-abort halo"))
            }
            (Style::Decision, false) => {
                double(ink("msg decide", "tip decide", "tip open decide", "st b fill-commit halo"))
            }
            (Style::Ack, true) => ink("msg ack no", "tip ack no", "tip open ack no", "st fill-abort halo"),
            (Style::Ack, false) => ink("msg ack", "tip ack", "tip open ack", "st q halo"),
            (Style::Inquiry, _) => {
                ink("msg inquiry", "tip inquiry", "tip open inquiry", "st fill-doubt halo")
            }
            (Style::Client, _) => ink("msg client", "tip client", "tip open client", "st halo"),
        }
    }
}

/// How a line ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It was handled.
    Handled,
    /// It is in flight.
    InFlight,
    /// It has arrived, and is in flight all the same because messages are never removed.
    Stays,
    /// It was lost on the way.
    Lost,
    /// It reached nobody.
    Nobody,
}

/// A message's line. A message that arrives several times has one for each time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Arrow {
    /// Its number.
    pub id: u32,
    /// Where it begins.
    pub from: (f64, f64),
    /// Where it ends.
    pub to: (f64, f64),
    /// How it ends.
    pub end: End,
}

/// Whether nobody asks for the line of a message: it is far from what is drawn, and was simply delivered. The
/// lines of others say where events of the network are.
fn is_far(draft: &Draft, voyage: &Voyage) -> bool {
    // No slip reaches further below its moment.
    const REACH: f64 = 400.0;
    let plain = |l: &Landing| l.how == TakenHow::Delivered;
    let Some(last) = voyage.landings.last().filter(|_| !voyage.flies && voyage.held.is_empty()) else {
        return false;
    };
    let (top, bottom) = (draft.rows.y(voyage.moment), draft.rows.y(last.moment));
    !draft.sees(top - REACH, bottom + REACH) && voyage.landings.iter().all(plain)
}

/// Draws every message, and returns their lines.
pub fn draw(draft: &mut Draft, voyages: Voyages, pills: &[Pill]) -> Vec<Arrow> {
    let mut arrows: Vec<Arrow> = Vec::new();
    let copied: Vec<u32> = voyages.iter().filter_map(|v| v.copy_of).collect();
    for voyage in voyages.iter() {
        if voyage.copy_of.is_none() && is_far(draft, &voyage) && !copied.contains(&voyage.id) {
            continue;
        }
        // Few are in flight, and they are mostly the last ones.
        let pill = voyage.flies.then(|| pills.iter().find(|p| p.id == voyage.id)).flatten();
        let to_x = draft.columns.x(voyage.sent.to);
        let from = match voyage.copy_of.and_then(|of| find(&arrows, of)) {
            // A copy leaves its original where the network made it.
            Some(original) => on(original, draft.rows.y(voyage.moment)),
            None => departure(draft, &voyage, to_x),
        };
        let landed = voyage.landings.iter().map(|landing| arrival(draft, &voyage, from, *landing));
        let flying = pill.map(|pill| {
            let end = if voyage.landings.is_empty() { End::InFlight } else { End::Stays };
            (entrance(draft, from, pill), end)
        });
        let lines: Vec<_> = landed.chain(flying).collect();
        for (i, (to, end)) in lines.iter().copied().enumerate() {
            let arrow = Arrow { id: voyage.id, from, to, end };
            arrows.push(arrow);
            if draft.sees(from.1, to.1) {
                draw_arrow(draft, &voyage, arrow, i + 1 == lines.len());
            }
        }
    }
    for moment in draft.moments() {
        torn(draft, moment);
    }
    arrows
}

/// The lines of a message, among lines in the order of their numbers.
pub fn of(arrows: &[Arrow], id: u32) -> &[Arrow] {
    let start = arrows.partition_point(|a| a.id < id);
    let end = arrows.partition_point(|a| a.id <= id);
    &arrows[start..end]
}

/// The last line of a message.
pub fn find(arrows: &[Arrow], id: u32) -> Option<&Arrow> {
    of(arrows, id).last()
}

/// Puts the words on messages, once everything that they must not cover is there.
pub fn write(draft: &mut Draft, voyages: Voyages, arrows: &[Arrow]) {
    for write in [write_end, write_word] {
        for arrow in arrows {
            if draft.sees(arrow.from.1, arrow.to.1)
                && let Some(voyage) = voyages.get(arrow.id)
            {
                write(draft, &voyage, *arrow);
            }
        }
    }
}

/// The point of a line at a height.
pub fn on(arrow: &Arrow, y: f64) -> (f64, f64) {
    let ((x0, y0), (x1, y1)) = (arrow.from, arrow.to);
    let t = if y1 - y0 < 1.0 { 0.5 } else { ((y - y0) / (y1 - y0)).clamp(0.12, 0.88) };
    (x0 + t * (x1 - x0), y0 + t * (y1 - y0))
}

/// The place that a send leaves from: the side of the slip that it depends on, else the dot.
pub fn leaves(
    way: Way,
    (node_x, y): (f64, f64),
    records: &[Record],
    after: Option<&str>,
    to_x: f64,
) -> (f64, f64) {
    let side = if to_x < node_x { -1.0 } else { 1.0 };
    match records.iter().rev().find(|r| after == Some(r.word)) {
        Some(r) => {
            let half = way.size(marks::slip_width(r.word), rows::SLIP).0 / 2.0;
            (node_x + side * half, y + r.at)
        }
        None => (node_x, y),
    }
}

fn departure(draft: &Draft, voyage: &Voyage, to_x: f64) -> (f64, f64) {
    let event = draft.event(voyage.moment);
    let at = (draft.columns.x(voyage.sent.from), draft.rows.y(voyage.moment));
    if voyage.sent.after.is_none() {
        return at;
    }
    leaves(draft.way, at, &marks::written(draft.way, event), voyage.sent.after, to_x)
}

/// Where a line enters a pill.
fn entrance(draft: &Draft, from: (f64, f64), pill: &Pill) -> (f64, f64) {
    let area = pill.area;
    let side = if from.0 < draft.columns.x(pill.at.to) { -1.0 } else { 1.0 };
    let (middle, half) = (area.x + area.w / 2.0, area.w / 2.0);
    // The first pill is entered from above, those below it from the side.
    match pill.place {
        _ if draft.way == Way::Right => (middle, area.y - 1.0),
        0 => (middle + side * (half - 14.0).min(half * 0.5), area.y - 1.0),
        _ => (middle + side * (half + 1.0), area.y + area.h / 2.0),
    }
}

fn arrival(draft: &Draft, voyage: &Voyage, from: (f64, f64), landing: Landing) -> ((f64, f64), End) {
    let x = draft.columns.x(voyage.sent.to);
    let y = draft.rows.y(landing.moment);
    match landing.how {
        TakenHow::Delivered => {
            let (dx, dy) = unit(from, (x, y));
            let event = draft.event(landing.moment);
            let gap = match stopped_by_lock(draft, voyage, landing.moment) {
                Some(gap) => gap / dx.abs().max(0.2),
                None if event.report.effects.iter().any(|e| matches!(e, Effect::Decide(_))) => 10.0,
                None => 7.0,
            };
            ((x - dx * gap, y - dy * gap), End::Handled)
        }
        TakenHow::NobodyThere => ((x, y), End::Nobody),
        TakenHow::Dropped => {
            let half = draft.columns.x(voyage.sent.from) + 0.5 * (x - draft.columns.x(voyage.sent.from));
            ((clear_of_lifelines(draft, half, from.0), y), End::Lost)
        }
    }
}

/// A client whose request found the lock taken gets no further than the lock.
fn stopped_by_lock(draft: &Draft, voyage: &Voyage, moment: u32) -> Option<f64> {
    let (from, to) = (voyage.sent.from, voyage.sent.to);
    let waits = draft.state(moment, from).waits && !draft.state(moment, to).locks.is_empty();
    let outside = draft.columns.outside(to) * (draft.columns.x(from) - draft.columns.x(to)) > 0.0;
    (voyage.sent.style == Style::Client && waits && outside).then_some({
        let lane = draft.columns.lane_x(to, 0) - draft.columns.x(to);
        lane.abs() + draft.columns.lane / 2.0 + 2.0
    })
}

/// A lost message ends between lifelines, not on one.
fn clear_of_lifelines(draft: &Draft, x: f64, from: f64) -> f64 {
    let near = draft.columns.lifelines().iter().find(|l| (*l - x).abs() < 24.0);
    near.map_or(x, |l| l + if from < *l { -30.0 } else { 30.0 })
}

fn unit(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(0.001);
    (dx / length, dy / length)
}

/// A head whose point is at `to`, and where the line that it ends has to stop.
pub fn head(class: &'static str, from: (f64, f64), to: (f64, f64), bold: bool) -> (Shape, (f64, f64)) {
    let (dx, dy) = unit(from, to);
    let (length, half) = if bold { (11.0, 5.4) } else { (9.0, 4.2) };
    let foot = (to.0 - dx * length, to.1 - dy * length);
    let (a, b) = ((foot.0 - dy * half, foot.1 + dx * half), (foot.0 + dy * half, foot.1 - dx * half));
    (Shape::Head { class, corners: [to, a, b] }, (foot.0 + dx, foot.1 + dy))
}

/// Draws a line of a message. Only its last one carries what befell the message itself.
fn draw_arrow(draft: &mut Draft, voyage: &Voyage, arrow: Arrow, last: bool) {
    if arrow.end == End::Stays {
        return draw_rest(draft, voyage, arrow);
    }
    let ink = Ink::of(draft, voyage.sent.said.word);
    let of = Selection::Message(arrow.id);
    let bold = ink.inner.is_some();
    let mut shapes = vec![Shape::line("hit", &[arrow.from, arrow.to])];
    let mut marks = Vec::new();
    let stop = match arrow.end {
        End::Handled | End::InFlight => {
            let class = if arrow.end == End::Handled { ink.tip } else { ink.open };
            let (tip, stop) = head(class, arrow.from, arrow.to, bold);
            marks.push(tip);
            stop
        }
        End::Stays | End::Lost | End::Nobody => {
            marks.push(Shape::cut("cut", arrow.to, 5.0));
            arrow.to
        }
    };
    shapes.push(Shape::line(ink.line, &[arrow.from, stop]));
    shapes.extend(ink.inner.map(|class| Shape::line(class, &[arrow.from, stop])));
    if arrow.end == End::Nobody || arrow.end == End::Lost {
        draft.room.put(super::shape::Area::around(arrow.to.0, arrow.to.1, 14.0, 14.0), 260.0);
    }
    if voyage.copy_of.is_some() {
        let (x, y) = arrow.from;
        marks.push(Shape::Circle { class: "knot", x, y, r: 7.5 });
        marks.push(Shape::text("st b knot-n", x, y + 4.0, Anchor::Middle, "2"));
        draft.room.put(super::shape::Area::around(x, y, 17.0, 17.0), 260.0);
    }
    draft.room.line(arrow.id, arrow.from, arrow.to);
    draft.draw(voyage.moment, Layer::Lines, of, shapes);
    draft.draw(voyage.moment, Layer::Marks, of, marks);
    if last {
        draw_holds(draft, voyage, arrow);
    }
}

/// Draws when a message was held back and released.
fn draw_holds(draft: &mut Draft, voyage: &Voyage, arrow: Arrow) {
    let mut marks = Vec::new();
    for (moment, held) in voyage.held {
        let (x, y) = on(&arrow, draft.rows.y(*moment));
        let icon = if *held { Icon::Pause } else { Icon::Play };
        marks.push(Shape::Circle { class: "knot", x, y, r: 7.5 });
        marks.push(Shape::Icon { class: "is-ink", x, y, size: 12.0, icon });
        draft.room.put(super::shape::Area::around(x, y, 17.0, 17.0), 260.0);
    }
    draft.draw(voyage.moment, Layer::Marks, Selection::Message(arrow.id), marks);
}

/// Draws that a message which has arrived may arrive again: quietly, since nothing has gone wrong.
fn draw_rest(draft: &mut Draft, voyage: &Voyage, arrow: Arrow) {
    let of = Selection::Message(arrow.id);
    let shapes =
        [Shape::line("hit", &[arrow.from, arrow.to]), Shape::line("msg rest", &[arrow.from, arrow.to])];
    draft.draw(voyage.moment, Layer::Lines, of, shapes);
    draw_holds(draft, voyage, arrow);
}

/// Places for a word along a line, the best first.
pub fn along(way: Way, from: (f64, f64), to: (f64, f64), width: f64) -> Vec<Spot> {
    let (from, to) = (way.point(from), way.point(to));
    let mut spots = along_line(from, to, width);
    if way == Way::Right {
        spots.iter_mut().for_each(|s| (s.x, s.y) = (s.y, s.x));
    }
    spots
}

fn along_line(from: (f64, f64), to: (f64, f64), width: f64) -> Vec<Spot> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    // A word that would hide most of its line stands above it.
    let covered = width / (dx.abs() + 1.2 * dy.abs() * width / 15.0).max(1.0);
    let hides = if covered > 0.62 { 60.0 } else { 0.0 };
    let mut spots = Vec::new();
    for t in [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.24, 0.76, 0.18, 0.82, 0.12, 0.88] {
        let (x, y) = (from.0 + t * dx, from.1 + t * dy);
        let far = 40.0 * f64::abs(t - 0.5);
        spots.push(Spot::new(x, y, Anchor::Middle, far + hides));
        if dy.abs() > 0.7 * dx.abs() {
            continue;
        }
        let lift = 9.0 + (dy / dx.abs().max(1.0)).abs().min(0.6) * width / 2.0;
        spots.push(Spot::new(x, y - lift, Anchor::Middle, far + 24.0));
        spots.push(Spot::new(x, y + lift, Anchor::Middle, far + 30.0));
    }
    spots
}

fn write_word(draft: &mut Draft, voyage: &Voyage, arrow: Arrow) {
    let Voyage { sent, moment, .. } = voyage;
    if arrow.end == End::Stays {
        return;
    }
    let of = Selection::Message(arrow.id);
    let ink = Ink::of(draft, sent.said.word);
    let word = said(&sent.said);
    let glyph = draft.meta.message(sent.said.word).map_or("", |k| k.glyph);
    // A copy says what it is at its knot, and a pill says what is in flight.
    let optional = arrow.end == End::InFlight || voyage.copy_of.is_some();
    let limit = match (optional, draft.compact) {
        (true, _) => 55.0,
        (false, true) => 75.0,
        (false, false) => 150.0,
    };
    let mut put = |text: &str, limit: f64| {
        let width = measure::classed(ink.word, text);
        let spots = along(draft.way, arrow.from, arrow.to, width);
        let lines = [(ink.word, text)];
        let owner = arrow.id;
        draft.write(&Words { moment: *moment, of, lines: &lines, width, leading: 15.0, owner, limit }, spots)
    };
    if !put(&word, limit) && !put(sent.said.word, limit) && !optional {
        put(glyph, f64::INFINITY);
    }
}

/// Says how a message ended that nobody handled.
fn write_end(draft: &mut Draft, voyage: &Voyage, arrow: Arrow) {
    let landed = voyage.landings.last().map_or(voyage.moment, |l| l.moment);
    let text = match arrow.end {
        End::Lost => &draft.texts.lost,
        End::Nobody => &draft.texts.nobody_there,
        End::Handled | End::InFlight | End::Stays => return,
    };
    let onward = if arrow.from.0 < arrow.to.0 { 1.0 } else { -1.0 };
    let spots = marks::beside(draft.way, arrow.to.0, arrow.to.1, onward, 10.0);
    draft.label(landed, Selection::Moment(landed), "st fill-abort halo", text, &spots);
}

/// The sends that a crash cut off: a stub to each side, with a pair of scissors.
fn torn(draft: &mut Draft, moment: u32) {
    let event = draft.event(moment);
    let Some(node) = event.step.node().filter(|_| rows::torn(event)) else { return };
    let x = draft.columns.x(node);
    for side in [-1.0, 1.0] {
        let cut = never_sent(event).filter(|(to, ..)| (draft.columns.x(*to) - x) * side > 0.0);
        let cut: Vec<_> = cut.collect();
        let Some((first, word, after)) = cut.first().copied() else { continue };
        let ink = Ink::of(draft, word);
        let (y, records) = (draft.rows.y(moment), marks::written(draft.way, event));
        let from = leaves(draft.way, (x, y), &records, after, draft.columns.x(first));
        // Among messages that did leave on this side the stub keeps away from them, downwards.
        let mixed = event.sent.iter().any(|s| (draft.columns.x(s.to) - x) * side > 0.0);
        let (dx, dy) = if mixed { (20.0, 23.0) } else { (34.0, 7.5) };
        let to = (from.0 + side * if draft.compact { dx * 0.45 } else { dx }, from.1 + dy);
        let mut shapes = vec![Shape::line(ink.line, &[from, to])];
        shapes.extend(ink.inner.map(|class| Shape::line(class, &[from, to])));
        let (sx, sy) = if mixed { (to.0 + side * 7.0, to.1 + 7.0) } else { (to.0 + side * 10.0, to.1 + 1.0) };
        let of = Selection::Moment(moment);
        draft.draw(moment, Layer::Lines, of, shapes);
        let scissors = Shape::Icon { class: "is-abort", x: sx, y: sy, size: 15.0, icon: Icon::Scissors };
        draft.draw(moment, Layer::Marks, of, [scissors]);
        draft.room.put(super::shape::Area::around(sx, sy, 16.0, 16.0), 300.0);
        draft.room.line(super::room::NOBODY, from, to);
        let names: Vec<_> = cut.iter().map(|(to, ..)| draft.name(*to)).collect();
        let text = fill(&draft.texts.never_told, &names.join(", "));
        // On this side of the crash, below the scissors if there is no room beside them.
        let mut spots = marks::beside(draft.way, x, y + rows::crash(draft.way, event), side, 14.0);
        spots.retain(|s| (s.x - x) * side > 0.0);
        spots.extend(marks::beside(draft.way, sx, sy, side, 10.0).into_iter().step_by(2));
        draft.label(moment, of, "st fill-abort halo", &text, &spots);
    }
}

/// What a handler wanted to send and did not: to whom, what, after which record.
pub fn never_sent(event: &Event) -> impl Iterator<Item = (NodeId, &'static str, Option<&'static str>)> + '_ {
    event.report.effects[event.report.done..].iter().filter_map(|e| match e {
        Effect::Send { to, msg, after } => Some((*to, msg.word, *after)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols;

    /// The protocol says which of its messages say no; the drawing knows no words.
    #[test]
    fn what_says_no_is_drawn_so() {
        let kinds = protocols::ALL.iter().flat_map(|p| (p.meta)().messages);
        for kind in kinds {
            let red = Ink::new(kind).line.ends_with(" no");
            assert_eq!(red, kind.refuses, "{}", kind.word);
        }
    }
}
