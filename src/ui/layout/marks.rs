//! What stands on a lifeline at a moment: the dot, the slips below it, the cross of a crash.

use super::arrows::never_sent;
use super::draft::{Draft, Spot};
use super::frame::Way;
use super::measure;
use super::rows;
use super::shape::{Anchor, Area, Icon, Layer, Selection, Shape};
use crate::protocol::{Effect, Outcome, Request};
use crate::run::Event;
use crate::sim::{Act, Link};

/// The radius of a plain dot.
pub const DOT: f64 = 5.0;
/// The radius of a dot with a check or a cross in it.
const VERDICT: f64 = 7.5;

/// How far before a decision the clock stands that made a node take it.
const CLOCK: f64 = 14.0;

/// A record that an event wrote.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Its word.
    pub word: &'static str,
    /// Its place among the slips of the event.
    pub place: usize,
    /// The middle of its slip, from the dot along time.
    pub at: f64,
    /// Whether it was forced.
    pub forced: bool,
    /// The decision that it holds.
    pub outcome: Option<Outcome>,
    /// The request whose effect it is.
    pub effect: Option<Request>,
}

/// The records that an event wrote, oldest first.
pub fn written(way: Way, event: &Event) -> Vec<Record> {
    let done = &event.report.effects[..event.report.done];
    let mut records = Vec::new();
    for (i, effect) in done.iter().enumerate() {
        let (said, forced) = match effect {
            Effect::Append(said) => (said, false),
            Effect::Force(said) => (said, true),
            _ => continue,
        };
        let outcome = match done.get(i + 1) {
            Some(Effect::Decide(d)) => Some(d.outcome),
            _ => None,
        };
        let effect = match done.get(i + 1) {
            Some(Effect::Apply(request)) => Some(*request),
            _ => None,
        };
        let place = records.len();
        let at = rows::slip(way, event, place);
        records.push(Record { word: said.word, place, at, forced, outcome, effect });
    }
    records
}

/// The width of a slip.
pub fn slip_width(word: &str) -> f64 {
    measure::code(word) + 12.0
}

/// Draws what stands on lifelines, moment by moment.
pub fn draw(draft: &mut Draft) {
    let (known, last) = (draft.known, draft.last());
    let seen = draft.moments();
    let mut decided = known.decided(*seen.start());
    let mut times = known.effects(*seen.start());
    for moment in *seen.start()..=(*seen.end()).min(last) {
        let event = draft.event(moment);
        let decision = decision(event);
        // Coming back to a decision that it had taken before is not a second one.
        let news = decision
            .zip(rows::node(event))
            .filter(|(d, node)| decided[node.index()].replace(d.0) != Some(d.0));
        guide(draft, moment);
        if let Act::Cut(link) | Act::Heal(link) = event.step.act {
            cut(draft, moment, link, matches!(event.step.act, Act::Cut(_)));
        }
        let Some(node) = rows::node(event) else { continue };
        let (x, y) = (draft.columns.x(node), draft.rows.y(moment));
        let of = Selection::Moment(moment);
        let shapes = match news {
            Some(((outcome, heuristic), _)) => {
                let mut shapes = Vec::new();
                if timeout(draft, &event.step.act) {
                    // What made it decide stands before the decision.
                    shapes.push(Shape::Circle { class: "disc", x, y: y - CLOCK, r: 6.0 });
                    shapes.push(Shape::Icon {
                        class: "is-ink",
                        x,
                        y: y - CLOCK,
                        size: 13.5,
                        icon: Icon::Clock,
                    });
                    draft.room.put(Area::around(x, y - CLOCK, 14.0, 14.0), 260.0);
                }
                shapes.extend(verdict(x, y, outcome, heuristic));
                shapes
            }
            None => dot(draft, &event.step.act, x, y),
        };
        draft.room.put(Area::around(x, y, 22.0, 18.0), 260.0);
        draft.draw(moment, Layer::Marks, of, shapes);
        for record in written(draft.way, event) {
            let at = draft.way.upright(x, y + record.at, slip_width(record.word), rows::SLIP);
            let time = record.effect.map(|request| {
                let n = times.or_insert_with(request, || 0);
                *n += 1;
                *n
            });
            let mut shapes = slip(draft.way, &record, at, known.is_lost((moment, record.place), last), time);
            // What happened once too often is told by words, too.
            if let Some(n) = time.filter(|n| *n > 1) {
                let at = (at.right() + 6.0, at.y + at.h / 2.0 + 4.0);
                shapes.push(Shape::text("st b fill-abort", at.0, at.1, Anchor::Start, format!("×{n}")));
            }
            draft.room.put(at, 320.0);
            draft.draw(moment, Layer::Marks, of, shapes);
        }
        if event.report.crashed.is_some() {
            let at = (x, y + rows::crash(draft.way, event));
            draft.room.put(Area::around(x, at.1, 20.0, 16.0), 260.0);
            draft.draw(moment, Layer::Marks, of, [Shape::cut("cut crash", at, 6.0)]);
        }
    }
}

/// What an event decided, and whether it was a guess.
pub fn decision(event: &Event) -> Option<(Outcome, bool)> {
    event.report.effects[..event.report.done].iter().find_map(|e| match e {
        Effect::Decide(d) => Some((d.outcome, d.heuristic)),
        _ => None,
    })
}

/// Whether somebody lost patience; a step of a node's own is drawn like any other.
pub fn timeout(draft: &Draft, act: &Act) -> bool {
    matches!(act, Act::Fire(_, timer) if draft.meta.is_timeout(*timer))
}

/// The dot of what a node did, by what made it act.
fn dot(draft: &Draft, act: &Act, x: f64, y: f64) -> Vec<Shape> {
    let disc = |r| Shape::Circle { class: "disc", x, y, r };
    let icon = |class, icon| vec![disc(8.5), Shape::Icon { class, x, y, size: 18.5, icon }];
    match act {
        Act::Fire(..) if timeout(draft, act) => icon("is-ink", Icon::Clock),
        Act::Crash(..) => Vec::new(),
        Act::Recover(_) => vec![
            Shape::Circle { class: "ring", x, y, r: 8.0 },
            Shape::Icon { class: "is-ink", x, y, size: 13.0, icon: Icon::Recover },
        ],
        Act::Pause(_) => icon("is-ink", Icon::Pause),
        Act::Resume(_) => icon("is-ink", Icon::Play),
        _ => vec![Shape::Circle { class: "dot", x, y, r: if draft.compact { DOT - 0.5 } else { DOT } }],
    }
}

/// The dot of a decision: a check or a cross. An operator's guess has a broken outline.
fn verdict(x: f64, y: f64, outcome: Outcome, guess: bool) -> Vec<Shape> {
    let (class, icon) = match (outcome, guess) {
        (Outcome::Commit, false) => ("verdict good", Icon::Check),
        (Outcome::Commit, true) => ("verdict good guess", Icon::Check),
        (Outcome::Abort, false) => ("verdict bad", Icon::Cross),
        (Outcome::Abort, true) => ("verdict bad guess", Icon::Cross),
    };
    let inner = if guess { "in-guess" } else { "in-verdict" };
    vec![Shape::Circle { class, x, y, r: VERDICT }, Shape::Icon { class: inner, x, y, size: 12.0, icon }]
}

/// A record on its lifeline. Solid if it was forced, dashed if a crash could take it, struck out if one did.
/// `time` says the how manieth effect of its request it is, if it is one.
fn slip(way: Way, record: &Record, at: Area, lost: bool, time: Option<u32>) -> Vec<Shape> {
    let class = match (record.forced, record.outcome, lost) {
        (_, _, true) => "slip-r soft gone",
        (true, ..) if time == Some(1) => "slip-r effect",
        (true, ..) if time.is_some() => "slip-r effect again",
        (false, ..) if time == Some(1) => "slip-r soft effect",
        (false, ..) if time.is_some() => "slip-r soft effect again",
        (true, None, _) => "slip-r",
        (true, Some(Outcome::Commit), _) => "slip-r good",
        (true, Some(Outcome::Abort), _) => "slip-r bad",
        (false, None, _) => "slip-r soft",
        (false, Some(Outcome::Commit), _) => "slip-r soft good",
        (false, Some(Outcome::Abort), _) => "slip-r soft bad",
    };
    let (x, y) = (at.x + at.w / 2.0, at.y + at.h / 2.0);
    let text = if lost { "st m q" } else { "st m" };
    let mut shapes =
        vec![Shape::area(class, at, 2.0), Shape::text(text, x, y + 4.0, Anchor::Middle, record.word)];
    if lost {
        let ends = match way {
            Way::Down => [(at.x + 3.0, y), (at.right() - 3.0, y)],
            Way::Right => [(x, at.y + 3.0), (x, at.bottom() - 3.0)],
        };
        shapes.push(Shape::line("struck", &ends));
    }
    shapes
}

/// The width of a digit of a moment's number.
const DIGIT: f64 = 8.0;

fn guide(draft: &mut Draft, moment: u32) {
    let y = draft.rows.y(moment);
    let gutter = draft.columns.gutter;
    let class = if moment == draft.last() { "st num b" } else { "st q num" };
    let number = moment.to_string();
    // A long number takes room from its line rather than lose its first digits at the edge.
    let end = match draft.way {
        Way::Down => (gutter - 9.0).max(DIGIT * number.len() as f64 + 1.0),
        Way::Right => gutter - 9.0,
    };
    let shapes = [
        Shape::line("guide", &[((end + 3.0).max(gutter - 2.0), y), (draft.columns.width, y)]),
        Shape::text(class, end, y + 4.0, Anchor::End, number),
    ];
    draft.room.put(draft.way.upright(gutter - 14.0, y, 20.0, 14.0), 260.0);
    draft.draw(moment, Layer::Ground, Selection::Moment(moment), shapes);
}

/// A link that nothing passes any more: a broken line between two lifelines.
fn cut(draft: &mut Draft, moment: u32, Link(a, b): Link, broken: bool) {
    let (x, y) = ((draft.columns.x(a), draft.columns.x(b)), draft.rows.y(moment));
    let (l, r) = (x.0.min(x.1), x.0.max(x.1));
    let middle = (l + r) / 2.0;
    let class = if broken { "link" } else { "link whole" };
    let mut shapes = vec![Shape::line(class, &[(l + 6.0, y), (r - 6.0, y)])];
    if broken {
        for x in [middle - 6.0, middle] {
            shapes.push(Shape::line("cut", &[(x, y + 7.0), (x + 6.0, y - 7.0)]));
        }
    }
    draft.room.put(Area::around(middle, y, 20.0, 16.0), 260.0);
    draft.draw(moment, Layer::Marks, Selection::Moment(moment), shapes);
}

/// Puts the words beside what happened to a node or a link.
pub fn write(draft: &mut Draft) {
    for moment in draft.moments() {
        let event = draft.event(moment);
        let texts = draft.texts;
        let (y, of) = (draft.rows.y(moment), Selection::Moment(moment));
        if let Act::Cut(Link(a, b)) | Act::Heal(Link(a, b)) = event.step.act {
            let middle = (draft.columns.x(a) + draft.columns.x(b)) / 2.0;
            let broken = matches!(event.step.act, Act::Cut(_));
            let (class, text) =
                if broken { ("st fill-abort halo", &texts.cut) } else { ("st q halo", &texts.healed) };
            let spots = match draft.way {
                Way::Down => {
                    let spot = |dy, p| Spot::new(middle, y + dy, Anchor::Middle, p);
                    vec![spot(-15.0, 0.0), spot(16.0, 4.0), spot(-24.0, 8.0)]
                }
                // Beside the line, clear of the two strokes across it.
                Way::Right => {
                    let half = measure::classed(class, text) / 2.0 + 10.0;
                    let spot = |dx, dy, p| Spot::new(middle + dx, y + dy, Anchor::Middle, p);
                    vec![
                        spot(0.0, half, 0.0),
                        spot(16.0, half, 3.0),
                        spot(0.0, -half, 4.0),
                        spot(-16.0, half, 5.0),
                    ]
                }
            };
            draft.label(moment, of, class, text, &spots);
        }
        let Some(node) = event.step.node() else { continue };
        let x = draft.columns.x(node);
        let side = draft.columns.outside(node);
        if event.report.crashed.is_some() {
            // A little lower where it cuts a handler: what it did send has its words just above.
            let lower = if rows::torn(event) && draft.way == Way::Down { 5.0 } else { 0.0 };
            let y = y + rows::crash(draft.way, event) + lower;
            // Where nothing was sent any more, rather than among the messages that did leave.
            let cut = never_sent(event).next().map(|(to, ..)| (draft.columns.x(to) - x).signum());
            let mut spots = beside(draft.way, x, y, cut.unwrap_or(-side), 12.0);
            if rows::torn(event) && draft.way == Way::Down {
                // Below what was never sent, which takes two lines where columns are narrow.
                spots.push(Spot::new(x - 12.0, y + 33.0, Anchor::End, 20.0));
                spots.push(Spot::new(x + 12.0, y + 33.0, Anchor::Start, 21.0));
            }
            draft.label(moment, of, "st b fill-abort halo", &texts.crashes, &spots);
        }
        let (class, text) = match event.step.act {
            Act::Recover(_) => ("st b halo", &texts.recovers),
            Act::Pause(_) => ("st b halo", &texts.pauses),
            Act::Resume(_) => ("st b halo", &texts.resumes),
            _ => continue,
        };
        draft.label(moment, of, class, text, &beside(draft.way, x, y, -side, 13.0));
    }
}

/// Places beside a mark on a lifeline.
pub fn beside(way: Way, x: f64, y: f64, side: f64, gap: f64) -> Vec<Spot> {
    let mut spots = Vec::new();
    // Words that lie along time have to move further to get out of the way.
    let stride = if way == Way::Down { 1.0 } else { 3.0 };
    for (dy, penalty) in [(0.0, 0.0), (-6.0, 6.0), (7.0, 6.0), (-14.0, 14.0), (15.0, 14.0)] {
        for (to, extra) in [(side, 0.0), (-side, 5.0)] {
            for (far, more) in [(gap, 0.0), (gap + 12.0, 10.0), (gap + 28.0, 16.0)] {
                let anchor = if to < 0.0 { Anchor::End } else { Anchor::Start };
                spots.push(Spot::new(x + to * far, y + dy * stride, anchor, penalty + extra + more));
            }
        }
    }
    spots
}
