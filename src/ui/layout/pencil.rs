//! Below the line of the present: what a step that has not been taken would draw, in pencil.

use super::arrows;
use super::draft::{BASE, Draft, Spot, halves};
use super::frame::Way;
use super::inbox::Pill;
use super::marks;
use super::measure;
use super::rows;
use super::shape::{Anchor, Area, Icon, Paint, Shape};
use super::spans;
use crate::protocol::{NodeId, Stance};
use crate::run::Event;
use crate::sim::{Act, Life, TakenHow};

/// What is drawn at and below the line of the present.
pub struct Pencil {
    /// The shapes, from the bottom up.
    pub shapes: Vec<Shape>,
    /// Where the figure ends.
    pub bottom: f64,
}

/// Draws the continuation of every lifeline, and what the step would do.
pub fn draw(draft: &mut Draft, pills: &[Pill]) -> Pencil {
    let now = draft.rows.now;
    let inbox = pills.iter().map(|p| p.area.bottom()).fold(now, f64::max);
    let opening = draft.last() == 0;
    let event = draft.plot.pencil.as_deref();
    // Clear of the inbox of the node that acts; those of others may be longer.
    let below = |node: NodeId| {
        let own = pills.iter().filter(|p| p.at.to == node).map(|p| p.area.bottom());
        own.fold(now, f64::max)
    };
    let from = event.and_then(|e| e.step.node()).map_or(inbox, below);
    let way = draft.way;
    let y = from + if opening { 74.0 } else { 26.0 };
    let reach = event.map_or(0.0, |e| rows::reach(way, e));
    let drop = match (way, opening) {
        (Way::Down, true) => 88.0,
        (Way::Down, false) => 40.0,
        (Way::Right, true) => 150.0,
        (Way::Right, false) => 76.0,
    };
    let sends = event.is_some_and(|e| !e.sent.is_empty());
    let receivers = event.iter().flat_map(|e| &e.sent).map(|s| below(s.to)).fold(now, f64::max);
    let end = match sends {
        true => (y + (reach - 12.0).max(0.0) + drop).max(receivers + 16.0),
        false => y + reach.max(10.0),
    };
    let air = match (way, opening) {
        (Way::Down, true) => 60.0,
        (Way::Down, false) => 34.0,
        (Way::Right, true) => 120.0,
        (Way::Right, false) => 60.0,
    };
    let bottom = if event.is_some() { (end + air).max(inbox + 20.0) } else { inbox + 34.0 };
    let mut shapes = Vec::new();
    ground(draft, event, y, bottom, &mut shapes);
    if let Some(event) = event {
        let mut drawing = Drawing { y, end, opening, shapes: Vec::new() };
        drawing.event(draft, event, pills);
        shapes.extend(drawing.shapes);
    }
    Pencil { shapes, bottom }
}

/// Lifelines and bands go on below the line until the step would end them.
fn ground(draft: &mut Draft, event: Option<&Event>, y: f64, bottom: f64, shapes: &mut Vec<Shape>) {
    let now = draft.rows.now;
    let half = draft.columns.band;
    let after = |node: NodeId| event.map(|e| &e.nodes[node.index()]);
    for node in draft.plot.columns.iter().map(|c| c.node) {
        let x = draft.columns.x(node);
        let before = draft.state(draft.last(), node);
        let doubt = |n: &crate::run::NodeNow| n.stance == Stance::InDoubt;
        let (was, will) = (doubt(before), after(node).unwrap_or(before));
        // At the record that the step would write at this node, else at the step.
        let own = event.filter(|e| e.step.node() == Some(node));
        let turn = y + own
            .filter(|e| rows::records(e).next().is_some())
            .map_or(0.0, |e| rows::slip(draft.way, e, 0));
        let mut put = |top: f64, end: f64, blocked: bool, fades: bool| {
            shapes.extend(spans::band_shapes(x, half, top, end, blocked));
            let at = Area { x: x - half - 2.0, y: top - 2.0, w: 2.0 * half + 4.0, h: end - top + 4.0 };
            draft.room.put(at, 70.0);
            if fades {
                shapes.push(Shape::Rect { class: "veil", at, round: 0.0, paint: Paint::Fade });
            }
        };
        match (was, doubt(will)) {
            (true, true) if before.blocked != will.blocked => {
                put(now, y, before.blocked, false);
                put(y, bottom, will.blocked, true);
            }
            (true, true) => put(now, bottom, before.blocked, true),
            (true, false) => put(now, turn, before.blocked, false),
            (false, true) => put(turn, bottom, will.blocked, true),
            (false, false) => {}
        }
        if !was {
            let end = if doubt(will) { turn } else { bottom };
            let class = if before.life == Life::Down { "life ghost off" } else { "life ghost" };
            shapes.push(Shape::line(class, &[(x, now), (x, end)]));
        } else if !doubt(will) {
            shapes.push(Shape::line("life ghost", &[(x, turn), (x, bottom)]));
        }
    }
}

struct Drawing {
    y: f64,
    end: f64,
    opening: bool,
    shapes: Vec<Shape>,
}

impl Drawing {
    fn event(&mut self, draft: &mut Draft, event: &Event, pills: &[Pill]) {
        let y = self.y;
        let taken = event.taken.and_then(|id| pills.iter().find(|p| p.id == id));
        let x = match (event.step.node(), taken) {
            (Some(node), _) => draft.columns.x(node),
            (None, Some(pill)) => pill.area.x + pill.area.w / 2.0,
            (None, None) => event.sent.first().map_or(draft.columns.width / 2.0, |s| draft.columns.x(s.to)),
        };
        if self.opening {
            let gutter = draft.columns.gutter;
            self.shapes.push(Shape::line("guide", &[(gutter - 2.0, y), (draft.columns.width, y)]));
            self.shapes.push(Shape::text("st hand", gutter - 9.0, y + BASE, Anchor::End, "1"));
        }
        // Words keep clear of what is drawn at the node itself.
        draft.room.put(Area::around(x, y, 20.0, 18.0), 260.0);
        let slips: Vec<_> = marks::written(draft.way, event)
            .into_iter()
            .map(|record| {
                let (w, centre) = (marks::slip_width(record.word), y + record.at);
                (record.word, centre, draft.way.upright(x, centre, w, rows::SLIP))
            })
            .collect();
        slips.iter().for_each(|(_, _, at)| draft.room.put(*at, 320.0));
        let crash = event.report.crashed.is_some().then(|| y + rows::crash(draft.way, event));
        if let Some(along) = crash {
            draft.room.put(Area::around(x, along, 18.0, 18.0), 320.0);
        }
        if rows::node(event).is_some() {
            self.messages(draft, event, x);
        }
        self.dot(draft, event, x);
        for (word, centre, at) in slips {
            self.shapes.push(Shape::area("slip-r ghost", at, 2.0));
            self.shapes.push(Shape::text("st m q", x, centre + 4.0, Anchor::Middle, word));
        }
        if let Some(along) = crash {
            self.shapes.push(Shape::cut("cut ghost", (x, along), 6.0));
        }
        self.note(draft, x);
    }

    fn dot(&mut self, draft: &Draft, event: &Event, x: f64) {
        let y = self.y;
        let how = event.report.taken.as_ref().map(|t| t.how);
        let icon = match (event.step.act, how) {
            (Act::Crash(..), _) => return,
            (_, Some(TakenHow::Dropped | TakenHow::NobodyThere)) => {
                return self.shapes.push(Shape::cut("cut ghost", (x, y), 5.0));
            }
            (act, _) if marks::timeout(draft, &act) => Some(Icon::Clock),
            (Act::Recover(_), _) => Some(Icon::Recover),
            (Act::Pause(_) | Act::Hold(_), _) => Some(Icon::Pause),
            (Act::Resume(_) | Act::Release(_), _) => Some(Icon::Play),
            _ => None,
        };
        let r = if icon.is_some() { 8.0 } else { 5.0 };
        self.shapes.push(Shape::Circle { class: "tip ghost", x, y, r });
        if let (Act::Duplicate(_), None) = (event.step.act, icon) {
            self.shapes.push(Shape::text("st hand", x + 12.0, y + BASE, Anchor::Start, "2"));
        }
        self.shapes.extend(icon.map(|icon| Shape::Icon { class: "is-pencil", x, y, size: 12.0, icon }));
    }

    fn messages(&mut self, draft: &mut Draft, event: &Event, x: f64) {
        let way = draft.way;
        let records = marks::written(way, event);
        let mut labels = Vec::new();
        for sent in &event.sent {
            let to_x = draft.columns.x(sent.to);
            let side = if to_x < x { -1.0 } else { 1.0 };
            let from = arrows::leaves(way, (x, self.y), &records, sent.after, to_x);
            let word = sent.said.word;
            let half = marks::slip_width(word) / 2.0 + 10.0;
            let gap = if self.opening { way.size(half, 15.0).0 } else { 7.0 };
            let to = (to_x - side * gap, self.end);
            let (tip, stop) = arrows::head("tip ghost", from, to, false);
            self.shapes.push(Shape::line("msg ghost", &[from, stop]));
            self.shapes.push(tip);
            draft.room.line(sent.id, from, to);
            if self.opening {
                let middle = self.end + 8.0;
                let at = way.upright(to_x, middle, 2.0 * half, 28.0);
                self.shapes.push(Shape::area("pill-r ghost", at, 14.0));
                self.shapes.push(Shape::text("st m", to_x, middle + 4.0, Anchor::Middle, word));
                draft.room.put(at, 320.0);
            }
            labels.push((sent.id, word, from, to));
        }
        for (id, word, from, to) in labels {
            let gloss = draft.texts.glosses.get(word).filter(|_| self.opening).cloned();
            let mut tries: Vec<String> = gloss.into_iter().chain([word.to_string()]).collect();
            if self.opening && tries.len() > 1 {
                // The pill says the word.
                tries.pop();
            }
            for text in tries {
                let width = measure::sans(&text, measure::HAND) * 0.94;
                let spots = arrows::along(way, from, to, width);
                if self.hand(draft, &text, width, spots, id, 60.0) {
                    break;
                }
            }
        }
    }

    /// Writes in pencil at the best place, unless all are bad.
    fn hand(
        &mut self,
        draft: &mut Draft,
        text: &str,
        w: f64,
        spots: Vec<Spot>,
        owner: u32,
        limit: f64,
    ) -> bool {
        let way = draft.way;
        let rated = spots.into_iter().map(|s| (s, s.penalty + draft.room.cost(s.area(way, w, 16.0), owner)));
        let Some((spot, cost)) = rated.min_by(|a, b| a.1.total_cmp(&b.1)) else { return false };
        if cost > limit {
            return false;
        }
        let area = spot.area(way, w, 16.0);
        draft.room.put(area, 260.0);
        self.shapes.extend(spot.texts(way, area, &[("st hand halo", text)], 0.0));
        true
    }

    /// What the pencil stands for, where there is room.
    fn note(&mut self, draft: &mut Draft, x: f64) {
        let text = draft.texts.pencil.clone();
        if text.is_empty() {
            return;
        }
        let width = |t: &str| measure::sans(t, measure::HAND) * 0.94;
        let mut spots = Vec::new();
        let lifelines = draft.columns.lifelines().to_vec();
        let way = draft.way;
        for dy in [-14.0, -34.0, 4.0, 18.0, 32.0, -2.0, 46.0] {
            // Words that lie along time are placed by their middle, and begin at the present.
            let dy = if way == Way::Down { dy } else { dy + 30.0 + width(&text) / 2.0 };
            let y = self.y + dy;
            let near = |to: f64| 0.03 * (to - x).abs() + 0.2 * f64::abs(dy + 14.0);
            for l in &lifelines {
                for gap in [18.0, 30.0] {
                    spots.push(Spot::new(l + gap, y, Anchor::Start, near(l + gap)));
                    spots.push(Spot::new(l - gap, y, Anchor::End, near(l - gap) + 4.0));
                }
            }
        }
        let w = width(&text);
        if self.hand(draft, &text, w, spots.clone(), super::room::NOBODY, 40.0) {
            return;
        }
        let (first, second) = halves(&text);
        let w = width(first).max(width(second));
        let rate = |s: &Spot| s.penalty + draft.room.cost(two(s, way, w), super::room::NOBODY);
        let Some(best) = spots.into_iter().min_by(|a, b| rate(a).total_cmp(&rate(b))) else { return };
        if rate(&best) > 70.0 && draft.last() > 0 {
            return;
        }
        let area = two(&best, way, w);
        draft.room.put(area, 260.0);
        let lines = [("st hand halo", first), ("st hand halo", second)];
        self.shapes.extend(best.texts(way, area, &lines, 18.0));
    }
}

/// The room of two lines in pencil.
fn two(spot: &Spot, way: Way, w: f64) -> Area {
    let lower = if way == Way::Down { 9.0 } else { 0.0 };
    Spot { y: spot.y + lower, ..*spot }.area(way, w, 34.0)
}
