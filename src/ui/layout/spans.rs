//! What lasts: lifelines, bands of doubt, lanes of locks, waiting clients.

use super::draft::{BASE, Draft, Spot, Words};
use super::frame::Way;
use super::marks;
use super::measure;
use super::room::NOBODY;
use super::rows;
use super::shape::{Anchor, Area, Icon, Layer, Paint, Selection, Shape};
use super::texts::fill;
use crate::protocol::{Effect, NodeId, Resource, Stance};
use crate::run::NodeNow;
use crate::sim::Life;

/// A stretch of a lifeline. `until` is `None` while it lasts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Span {
    /// Whose.
    pub node: NodeId,
    /// The moment at which it began.
    pub since: u32,
    /// The moment at which it ended.
    pub until: Option<u32>,
    /// Where it begins.
    pub top: f64,
    /// Where it ends.
    pub bottom: f64,
}

/// A stretch of doubt.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Band {
    /// Where it is.
    pub span: Span,
    /// Whether nobody who is up can tell.
    pub blocked: bool,
}

/// Words that look for a place once everything else has one.
pub enum Note {
    /// Beside a band, and beyond this many lanes of locks.
    Band(Band, usize),
    /// Beside a client that waits, and for what.
    Waits(Span, String),
}

/// The stretches during which something about a node stays the same, between places that `edge` names.
fn stretches<T: PartialEq>(
    draft: &Draft,
    node: NodeId,
    of: impl Fn(&NodeNow) -> Option<T>,
    edge: impl Fn(u32) -> f64,
) -> Vec<(T, Span)> {
    let mut found = Vec::new();
    let mut open: Option<(T, u32)> = None;
    let span = |since, until: Option<u32>| Span {
        node,
        since,
        until,
        top: edge(since),
        bottom: until.map_or(draft.rows.now, &edge),
    };
    for (moment, now) in draft.turns(node) {
        let is = of(now);
        if is.as_ref() == open.as_ref().map(|(t, _)| t) {
            continue;
        }
        if let Some((was, since)) = open.take() {
            found.push((was, span(since, Some(moment))));
        }
        open = is.map(|t| (t, moment));
    }
    found.extend(open.map(|(t, since)| (t, span(since, None))));
    found
}

/// Draws everything that lasts, and returns what is to be said of it, and all stretches of doubt.
pub fn draw(draft: &mut Draft) -> (Vec<Note>, Vec<Band>) {
    let (mut notes, mut all) = (Vec::new(), Vec::new());
    let nodes: Vec<_> = draft.plot.columns.iter().map(|c| (c.node, c.client)).collect();
    for (node, client) in nodes {
        let found = bands(draft, node);
        for (i, band) in found.iter().enumerate() {
            let joined = i > 0 && found[i - 1].span.bottom == band.span.top;
            draw_band(draft, *band, joined);
        }
        lifeline(draft, node, &found);
        let lanes = locks(draft, node);
        let seen = found.iter().filter(|b| draft.sees(b.span.top, b.span.bottom));
        notes.extend(seen.map(|b| Note::Band(*b, lanes)));
        all.extend(found);
        if client {
            notes.extend(waits(draft, node));
        }
    }
    (notes, all)
}

/// A lifeline. Doubt hides it, except while the node is away: then the doubt is pale, for it is only in the
/// log.
fn lifeline(draft: &mut Draft, node: NodeId, bands: &[Band]) {
    let (x, half) = (draft.columns.x(node), draft.columns.band);
    let kind = |n: &NodeNow| match (n.life, n.stance) {
        (Life::Down, _) => "life off",
        (Life::Paused, _) => "life paused",
        (Life::Up, Stance::Committed) => "life good",
        (Life::Up, Stance::Aborted) => "life bad",
        (Life::Up, _) => "life",
    };
    for (class, span) in stretches(draft, node, |n| Some(kind(n)), |m| draft.cause_y(m)) {
        // The gap keeps the cross of a crash clear of what it ended.
        let gap = if class == "life off" && span.since > 0 { 8.0 } else { 0.0 };
        let top = (span.top + gap).min(span.bottom);
        if !draft.sees(top, span.bottom) {
            continue;
        }
        let mut shapes = Vec::new();
        let inside = |b: &Band| (b.span.top.max(top), b.span.bottom.min(span.bottom));
        if class == "life off" {
            for (top, bottom) in bands.iter().map(inside).filter(|(top, bottom)| top < bottom) {
                let at = Area { x: x - half + 0.7, y: top, w: 2.0 * half - 1.4, h: bottom - top };
                shapes.push(Shape::area("pale", at, 0.0));
            }
        }
        let hidden = bands.iter().map(inside).filter(|(a, b)| a < b && !class.contains(' '));
        let mut from = top;
        for (a, b) in hidden {
            if from < a {
                shapes.push(Shape::line(class, &[(x, from), (x, a)]));
            }
            from = b;
        }
        if from < span.bottom {
            shapes.push(Shape::line(class, &[(x, from), (x, span.bottom)]));
        }
        draft.draw(span.since, Layer::Ground, Selection::Node(node), shapes);
    }
}

/// Where a node's own event at a moment changed what it knows: at the slip that says so.
fn turn(draft: &Draft, node: NodeId, moment: u32, promise: bool) -> f64 {
    if moment == 0 {
        return 0.0;
    }
    let event = draft.event(moment);
    if event.step.node() != Some(node) {
        return draft.cause_y(moment);
    }
    let written = event.report.effects[..event.report.done].iter().filter_map(|e| match e {
        Effect::Append(said) | Effect::Force(said) => Some(said),
        _ => None,
    });
    let is_promise = |word| draft.meta.record(word).is_some_and(|k| k.promise);
    match written.into_iter().position(|said| is_promise(said.word) == promise) {
        Some(k) => draft.rows.slip(moment, event, k),
        None => draft.cause_y(moment),
    }
}

/// A node's stretches of doubt, from the record of its promise to the record of the decision.
pub fn bands(draft: &Draft, node: NodeId) -> Vec<Band> {
    let blocked = |n: &NodeNow| (n.stance == Stance::InDoubt).then_some(n.blocked);
    let was = |m: u32| m > 0 && draft.state(m - 1, node).stance == Stance::InDoubt;
    let is = |m: u32| draft.state(m, node).stance == Stance::InDoubt;
    let edge = |m: u32| match (was(m), is(m)) {
        (true, true) => draft.cause_y(m),
        (false, _) => turn(draft, node, m, true),
        (true, false) => turn(draft, node, m, false),
    };
    let found = stretches(draft, node, blocked, edge);
    found.into_iter().map(|(blocked, span)| Band { span, blocked }).collect()
}

/// The shapes of a band.
pub fn band_shapes(x: f64, half: f64, top: f64, bottom: f64, blocked: bool) -> Vec<Shape> {
    let at = Area { x: x - half, y: top, w: 2.0 * half, h: (bottom - top).max(0.0) };
    let (class, paint) = if blocked { ("band-x", Paint::Cross) } else { ("band-h", Paint::Hatch) };
    let (l, r) = (at.x, at.right());
    vec![
        Shape::area("band", at, 0.0),
        Shape::Rect { class, at, round: 0.0, paint },
        Shape::line("band-edge", &[(l, top), (l, bottom)]),
        Shape::line("band-edge", &[(r, top), (r, bottom)]),
    ]
}

fn draw_band(draft: &mut Draft, band: Band, joined: bool) {
    let Band { span, blocked } = band;
    if !draft.sees(span.top, span.bottom) {
        return;
    }
    let (x, half) = (draft.columns.x(span.node), draft.columns.band);
    let mut shapes = band_shapes(x, half, span.top, span.bottom, blocked);
    if joined {
        shapes.push(Shape::line("band-edge", &[(x - half, span.top), (x + half, span.top)]));
    }
    let area = Area { x: x - half, y: span.top, w: 2.0 * half, h: span.bottom - span.top };
    draft.room.put(area, 70.0);
    draft.draw(span.since, Layer::Ground, Selection::Node(span.node), shapes);
}

/// Draws the lanes of a node's locks, and returns how many it ever has side by side.
fn locks(draft: &mut Draft, node: NodeId) -> usize {
    let mut held: Vec<Resource> = Vec::new();
    let mut most = 0;
    for (_, now) in draft.turns(node) {
        most = most.max(now.locks.len());
        for lock in &now.locks {
            if !held.contains(lock) {
                held.push(*lock);
            }
        }
    }
    for (k, resource) in held.into_iter().enumerate() {
        let edge = |m: u32| if m == 0 { 2.0 } else { turn(draft, node, m, false) };
        let found = stretches(draft, node, |n| n.locks.contains(&resource).then_some(()), edge);
        for (_, span) in found {
            if draft.sees(span.top, span.bottom) {
                lane(draft, span, k, resource);
            }
        }
    }
    most
}

fn lane(draft: &mut Draft, span: Span, k: usize, resource: Resource) {
    let (node, w) = (span.node, draft.columns.lane);
    let (x, side) = (draft.columns.lane_x(node, k), draft.columns.outside(node));
    let of = Selection::Node(node);
    let at = Area { x: x - w / 2.0, y: span.top, w, h: (span.bottom - span.top).max(w) };
    draft.room.put(at, 90.0);
    draft.draw(span.since, Layer::Ground, of, [Shape::area("lane", at, w / 2.0)]);
    let way = draft.way;
    if way == Way::Down && draft.columns.pitch < 84.0 {
        return;
    }
    // Padlock and name beside the beginning, an open padlock beside the end.
    let beside = x + side * (w / 2.0 + 8.0);
    let name = draft.texts.resources.get(usize::from(resource.0)).cloned().unwrap_or_default();
    let (top, anchor) = (span.top + 11.0, if side < 0.0 { Anchor::End } else { Anchor::Start });
    let mut shapes = vec![Shape::Icon { class: "is-lock", x: beside, y: top, size: 13.0, icon: Icon::Lock }];
    let width = measure::classed("b", &name);
    let (name_at, taken) = match way {
        Way::Down => {
            let middle = beside + side * (width / 2.0 + 4.0);
            ((beside + side * 9.0, top + BASE, anchor), Area::around(middle, top, 22.0 + width, 15.0))
        }
        Way::Right => {
            let at = top + 10.0 + width / 2.0;
            (
                (beside, at + BASE, Anchor::Middle),
                Area::around(beside, top + 4.0 + width / 2.0, 15.0, 22.0 + width),
            )
        }
    };
    shapes.push(Shape::text("st b fill-lock halo", name_at.0, name_at.1, name_at.2, name));
    draft.room.put(taken, 260.0);
    if let Some(until) = span.until {
        let end = span.bottom - 4.0;
        // Clear of the slip that ends it, whatever its word.
        let words = rows::records(draft.event(until)).map(|w| way.size(marks::slip_width(w), rows::SLIP).0);
        let clear = words.fold(0.0, f64::max) / 2.0 + 10.0;
        let beside = draft.columns.x(node) + side * (beside - draft.columns.x(node)).abs().max(clear);
        shapes.push(Shape::Icon { class: "is-lock", x: beside, y: end, size: 13.0, icon: Icon::Unlock });
        draft.room.put(Area::around(beside, end, 14.0, 14.0), 260.0);
    }
    draft.draw(span.since, Layer::Marks, of, shapes);
}

fn waits(draft: &mut Draft, node: NodeId) -> Vec<Note> {
    let x = draft.columns.x(node);
    let found = stretches(draft, node, |n| n.waits.then_some(()), |m| draft.rows.y(m));
    let mut notes = Vec::new();
    for (_, span) in found {
        let top = (span.top + 8.0).min(span.bottom);
        let bottom = if span.until.is_some() { (span.bottom - 8.0).max(top) } else { span.bottom };
        if !draft.sees(top, bottom) {
            continue;
        }
        let path = Shape::line("lane-wait", &[(x, top), (x, bottom)]);
        draft.draw(span.since, Layer::Ground, Selection::Node(node), [path]);
        notes.push(Note::Waits(span, wanted(draft, span)));
    }
    notes
}

/// What a client waits for: the lock of the node that it asked, or that node.
fn wanted(draft: &Draft, span: Span) -> String {
    let asked = (span.since > 0).then(|| draft.event(span.since)).and_then(|e| e.sent.first());
    let Some(sent) = asked else { return String::new() };
    match draft.state(span.since, sent.to).locks.as_slice() {
        [only] => draft.texts.resources.get(usize::from(only.0)).cloned(),
        _ => None,
    }
    .unwrap_or_else(|| draft.name(sent.to).into())
}

/// Puts the words beside what lasts.
pub fn write(draft: &mut Draft, notes: &[Note]) {
    for note in notes {
        match note {
            Note::Band(band, lanes) => write_band(draft, *band, *lanes),
            Note::Waits(span, what) => write_waits(draft, *span, what),
        }
    }
}

/// Places along a span, the best first: not far below its top, so that they stay where they are while it
/// grows.
fn along(way: Way, span: Span, (w, h): (f64, f64)) -> Vec<(f64, f64)> {
    let room = (span.bottom - span.top - way.size(w, h).1).max(0.0);
    // Words that lie along time are placed by their middle.
    let first = if way == Way::Down { 8.0 } else { 6.0 + w / 2.0 };
    let at = |down: f64| span.top + first + down.min(room);
    let downs = [46.0, 32.0, 60.0, 20.0, 74.0, 88.0, 10.0, 104.0, 122.0, 144.0, 170.0, 200.0, 240.0, 0.0];
    downs.into_iter().zip(0..).map(|(down, i)| (at(down), 2.5 * f64::from(i))).collect()
}

fn write_band(draft: &mut Draft, Band { span, blocked }: Band, lanes: usize) {
    let (x, side) = (draft.columns.x(span.node), draft.columns.outside(span.node));
    let texts = draft.texts;
    let since = fill(&texts.since, &span.since.to_string());
    let (lines, wide): (Vec<(&'static str, &str)>, f64) = match blocked {
        true => (
            vec![("st b big fill-doubt halo", texts.blocked.as_str()), ("st q halo", since.as_str())],
            measure::classed("b big", &texts.blocked).max(measure::label(&since)),
        ),
        false => (vec![("st fill-doubt halo", texts.in_doubt.as_str())], measure::label(&texts.in_doubt)),
    };
    let of = Selection::Node(span.node);
    let words = |lines, width, limit| Words {
        moment: span.since,
        of,
        lines,
        width,
        leading: 16.0,
        owner: NOBODY,
        limit,
    };
    let way = draft.way;
    let outside = draft.columns.beside(span.node, lanes);
    let inside = x - side * (draft.columns.band + 6.0);
    // Where columns are close, words on the inner side would seem to belong to the neighbour.
    let across = if draft.columns.pitch < 150.0 && !draft.compact { 70.0 } else { 34.0 };
    let spots = |size: (f64, f64)| {
        let (out, inn) = if side < 0.0 { (Anchor::End, Anchor::Start) } else { (Anchor::Start, Anchor::End) };
        along(way, span, size).into_iter().flat_map(move |(y, penalty)| {
            [Spot::new(outside, y, out, penalty), Spot::new(inside, y, inn, penalty + across)]
        })
    };
    let height = 16.0 * lines.len() as f64;
    if way == Way::Down && span.bottom - span.top < height {
        return;
    }
    // A lifeline that is broken by words about another one would seem to be meant.
    let whole = |s: &Spot| draft.room.lifelines_in(s.area(way, wide + 4.0, height)) == 0;
    let free: Vec<_> = spots((wide, height)).filter(whole).collect();
    if draft.write(&words(&lines, wide, if blocked { 60.0 } else { 52.0 }), free) || !blocked {
        return;
    }
    // No room beside it: the first line alone, and on the band itself if need be.
    let width = measure::classed(lines[0].0, lines[0].1);
    let over =
        along(way, span, (width, 16.0)).into_iter().map(|(y, p)| Spot::new(x, y, Anchor::Middle, p - 100.0));
    let free: Vec<_> = spots((width, 16.0)).chain(over).collect();
    draft.write(&words(&lines[..1], width, 90.0), free);
}

fn write_waits(draft: &mut Draft, span: Span, what: &str) {
    let text = fill(&draft.texts.waits_for, what);
    let x = draft.columns.x(span.node);
    let way = draft.way;
    let spots: Vec<_> = along(way, span, (measure::label(&text), 30.0))
        .into_iter()
        .flat_map(|(y, p)| {
            [Spot::new(x - 8.0, y, Anchor::End, p), Spot::new(x + 8.0, y, Anchor::Start, p + 6.0)]
        })
        .collect();
    let class = "st fill-lock halo";
    let of = Selection::Node(span.node);
    let words = |lines, width, limit| Words {
        moment: span.since,
        of,
        lines,
        width,
        leading: 15.0,
        owner: NOBODY,
        limit,
    };
    let halves = text.split_once(' ').filter(|_| way == Way::Down).unwrap_or((&text, ""));
    let two = [(class, halves.0), (class, halves.1)];
    let wide = measure::label(halves.0).max(measure::label(halves.1));
    if halves.1.is_empty() || !draft.write(&words(&two, wide, 60.0), spots.clone()) {
        draft.write(&words(&[(class, &text)], measure::label(&text), 60.0), spots);
    }
}
