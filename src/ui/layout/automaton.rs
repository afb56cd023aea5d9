//! A state machine as a drawing: states in layers from the start downwards, commit on the left, abort on the
//! right. Pure geometry, for any machine that the search finds.

use super::number::between;
use crate::protocol::Stance;
use crate::view::automaton::{Automaton, Trigger};

/// The height of a state's box.
pub const BOX: f64 = 46.0;
/// The height of a line of a label.
pub const LINE: f64 = 15.0;
/// The width of a letter of a label, which is set in a monospaced face.
const LETTER: f64 = 6.7;
/// Room between boxes of a layer.
const GAP: f64 = 10.0;
/// Room above the first label between two layers, and below the last.
const AIR: f64 = 13.0;

/// A state's box.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width; its height is [`BOX`].
    pub width: f64,
}

/// What stands at a transition.
#[derive(Clone, PartialEq, Debug)]
pub struct Label {
    /// A line for each trigger.
    pub lines: Vec<&'static str>,
    /// Its middle.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width; its height is [`LINE`] for every line.
    pub width: f64,
}

/// All transitions between the same two states, timeouts aside or timeouts alone.
#[derive(Clone, PartialEq, Debug)]
pub struct Way {
    /// From which state.
    pub from: usize,
    /// To which.
    pub to: usize,
    /// Whether a timer does it.
    pub timeout: bool,
    /// The points that the line goes through.
    pub points: Vec<(f64, f64)>,
    /// What does it.
    pub label: Label,
}

/// A state machine as a drawing.
#[derive(Clone, PartialEq, Debug)]
pub struct Chart {
    /// The states' boxes, in the order of the machine's states.
    pub places: Vec<Place>,
    /// The transitions.
    pub ways: Vec<Way>,
    /// How high it is.
    pub height: f64,
}

/// A part of a transition between two neighbouring layers.
struct Piece {
    way: usize,
    back: bool,
    from: (f64, f64),
    to: (f64, f64),
    labelled: bool,
}

/// What stands in a layer: a state, or the line of a longer transition that passes by.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    State(usize),
    Pass(usize),
}

/// Lays out a machine in `width`.
pub fn chart(automaton: &Automaton, width: f64) -> Chart {
    let mut ways = ways(automaton);
    let layer = layers(automaton);
    let depth = layer.iter().copied().max().unwrap_or(0);
    let cells: Vec<Vec<Cell>> = (0..=depth).map(|d| cells(automaton, &ways, &layer, d)).collect();
    let middles: Vec<Vec<f64>> = cells.iter().map(|row| middles(row, width)).collect();
    let mut places = vec![Place { x: 0.0, y: 0.0, width: 0.0 }; automaton.states.len()];
    let mut y = 1.0;
    for d in 0..=depth {
        for (cell, middle) in cells[d].iter().zip(&middles[d]) {
            if let Cell::State(s) = cell {
                let wide = box_width(&cells[d], width);
                places[*s] = Place { x: middle - wide / 2.0, y, width: wide };
            }
        }
        if d == depth {
            break;
        }
        let pieces = pieces(&ways, &layer, &cells, &middles, d, y + BOX);
        y += BOX + settle(&mut ways, pieces, width);
    }
    for way in &mut ways {
        // Lines that went by a box go straight down beside it.
        way.points.dedup();
    }
    Chart { places, ways, height: y + BOX + 1.0 }
}

/// The transitions, those between the same states together.
fn ways(automaton: &Automaton) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for edge in &automaton.edges {
        let (word, timeout) = match edge.trigger {
            Trigger::Message(word) | Trigger::Verb(word) | Trigger::Step(word) => (word, false),
            Trigger::Timer(word) => (word, true),
        };
        let same = |w: &&mut Way| (w.from, w.to, w.timeout) == (edge.from, edge.to, timeout);
        match ways.iter_mut().find(same) {
            Some(way) if way.label.lines.contains(&word) => {}
            Some(way) => way.label.lines.push(word),
            None => {
                let label = Label { lines: vec![word], x: 0.0, y: 0.0, width: 0.0 };
                ways.push(Way { from: edge.from, to: edge.to, timeout, points: Vec::new(), label });
            }
        }
    }
    for way in &mut ways {
        let longest = way.label.lines.iter().map(|l| l.chars().count()).max().unwrap_or(0);
        // A clock stands before the name of a timer.
        way.label.width = longest as f64 * LETTER + if way.timeout { 20.0 } else { 8.0 };
    }
    ways
}

/// The layer of every state: as far from the start as the longest way to it is, ways back aside.
fn layers(automaton: &Automaton) -> Vec<usize> {
    let n = automaton.states.len();
    let mut ahead: Vec<(usize, usize)> = Vec::new();
    walk(automaton, 0, &mut Vec::new(), &mut vec![false; n], &mut ahead);
    let mut layer = vec![0; n];
    // No way is longer than there are states.
    for _ in 0..n {
        for (from, to) in &ahead {
            layer[*to] = layer[*to].max(layer[*from] + 1);
        }
    }
    layer
}

/// Collects the transitions that do not lead back to where one came through.
fn walk(
    automaton: &Automaton,
    at: usize,
    through: &mut Vec<usize>,
    seen: &mut Vec<bool>,
    ahead: &mut Vec<(usize, usize)>,
) {
    seen[at] = true;
    through.push(at);
    for edge in automaton.edges.iter().filter(|e| e.from == at) {
        if !through.contains(&edge.to) {
            ahead.push((at, edge.to));
            if !seen[edge.to] {
                walk(automaton, edge.to, through, seen, ahead);
            }
        }
    }
    through.pop();
}

fn side(stance: Stance) -> u8 {
    match stance {
        Stance::Committed => 0,
        Stance::Idle | Stance::Working | Stance::InDoubt => 1,
        Stance::Aborted => 2,
    }
}

/// What stands in a layer, from left to right.
fn cells(automaton: &Automaton, ways: &[Way], layer: &[usize], d: usize) -> Vec<Cell> {
    let states = (0..layer.len()).filter(|s| layer[*s] == d).map(Cell::State);
    let passes = (0..ways.len()).filter(|w| {
        let (from, to) = (layer[ways[*w].from], layer[ways[*w].to]);
        from.min(to) < d && d < from.max(to)
    });
    let mut row: Vec<Cell> = states.chain(passes.map(Cell::Pass)).collect();
    let place = |c: &Cell| match *c {
        Cell::State(s) => 2 * side(automaton.states[s].stance),
        // A line keeps outside of what it passes, on the side of where it goes.
        Cell::Pass(w) => match side(automaton.states[ways[w].to].stance) {
            2 => 5,
            _ => 0,
        },
    };
    // Few enough that an insertion sort, which keeps the order of equals, is all it takes.
    for i in 1..row.len() {
        let mut j = i;
        while j > 0 && place(&row[j - 1]) > place(&row[j]) {
            row.swap(j - 1, j);
            j -= 1;
        }
    }
    row
}

/// How much room a line takes that passes.
const PASS: f64 = 26.0;

fn box_width(row: &[Cell], width: f64) -> f64 {
    let states = row.iter().filter(|c| matches!(c, Cell::State(_))).count().max(1) as f64;
    let passes = (row.len() as f64 - states).max(0.0);
    let room = width - 2.0 - passes * PASS - (row.len() as f64 - 1.0) * GAP;
    (room / states).min(124.0)
}

/// The middles of what stands in a layer, spread over the width.
fn middles(row: &[Cell], width: f64) -> Vec<f64> {
    let wide = box_width(row, width);
    let size = |c: &Cell| if matches!(c, Cell::State(_)) { wide } else { PASS };
    let taken: f64 = row.iter().map(size).sum();
    let gap = (width - taken) / row.len().max(1) as f64;
    let mut x = gap / 2.0;
    let mut all = Vec::new();
    for cell in row {
        all.push(x + size(cell) / 2.0);
        x += size(cell) + gap;
    }
    all
}

/// The parts of transitions between layer `d` and the next, whose upper edge is at `top`.
fn pieces(
    ways: &[Way],
    layer: &[usize],
    cells: &[Vec<Cell>],
    middles: &[Vec<f64>],
    d: usize,
    top: f64,
) -> Vec<Piece> {
    let at = |d: usize, cell: Cell| {
        let i = cells[d].iter().position(|c| *c == cell);
        i.map_or(0.0, |i| middles[d][i])
    };
    let crosses = |w: &Way| layer[w.from].min(layer[w.to]) <= d && d < layer[w.from].max(layer[w.to]);
    let here: Vec<usize> = (0..ways.len()).filter(|w| crosses(&ways[*w])).collect();
    let mut all = Vec::new();
    for w in &here {
        let way = &ways[*w];
        let (high, low) = match layer[way.from] <= layer[way.to] {
            true => (way.from, way.to),
            false => (way.to, way.from),
        };
        let upper = if layer[high] == d { Cell::State(high) } else { Cell::Pass(*w) };
        let lower = if layer[low] == d + 1 { Cell::State(low) } else { Cell::Pass(*w) };
        // Lines that leave or reach the same box stand side by side.
        let spread = |state: usize, end: usize| {
            let same: Vec<usize> =
                here.iter().copied().filter(|o| ways[*o].from == state || ways[*o].to == state).collect();
            let other = |o: usize| {
                let (a, b) = (ways[o].from, ways[o].to);
                let far = if a == state { b } else { a };
                let row = if layer[far] == end { Cell::State(far) } else { Cell::Pass(o) };
                at(end, row)
            };
            // Places are whole numbers of pixels or halves of them.
            let order = crate::order::by_key(same.clone(), |o| ((other(*o) * 16.0) as i64, *o));
            let i = order.iter().position(|o| o == w).unwrap_or(0) as f64;
            (i - (order.len() as f64 - 1.0) / 2.0) * 24.0
        };
        let x1 = at(d, upper) + if layer[high] == d { spread(high, d + 1) } else { 0.0 };
        let x2 = at(d + 1, lower) + if layer[low] == d + 1 { spread(low, d) } else { 0.0 };
        // The label stands where the way begins.
        let first = if layer[way.from] <= layer[way.to] { layer[way.from] } else { layer[way.from] - 1 };
        let labelled = first == d;
        all.push(Piece {
            way: *w,
            back: layer[way.from] > layer[way.to],
            from: (x1, top),
            to: (x2, top),
            labelled,
        });
    }
    all
}

/// Puts the labels between two layers where none covers another, and says how much room that took.
fn settle(ways: &mut [Way], pieces: Vec<Piece>, width: f64) -> f64 {
    let high = |w: &Way| w.label.lines.len() as f64 * LINE;
    let labelled: Vec<&Piece> = pieces.iter().filter(|p| p.labelled).collect();
    // Side by side if they fit, else one below the other.
    let beside = labelled.iter().map(|p| high(&ways[p.way])).fold(0.0, f64::max);
    let below: f64 = labelled.iter().map(|p| high(&ways[p.way]) + 2.0).sum();
    let place = |tall: f64, slots: &[(f64, f64)], ways: &[Way]| -> Vec<(f64, f64)> {
        let total = tall + 2.0 * AIR;
        let each = labelled.iter().zip(slots).map(|(p, (y, h))| {
            let share = (AIR + y + h / 2.0) / total;
            let x = p.from.0 + (p.to.0 - p.from.0) * share;
            let half = ways[p.way].label.width / 2.0;
            (between(x, half.min(width / 2.0), (width - half).max(width / 2.0)), p.from.1 + AIR + y)
        });
        each.collect()
    };
    let row: Vec<_> =
        labelled.iter().map(|p| ((beside - high(&ways[p.way])) / 2.0, high(&ways[p.way]))).collect();
    let mut at = place(beside, &row, ways);
    let clash = (0..at.len()).any(|i| {
        (0..i).any(|j| {
            let room = (ways[labelled[i].way].label.width + ways[labelled[j].way].label.width) / 2.0;
            (at[i].0 - at[j].0).abs() < room + 4.0
        })
    });
    let mut tall = beside;
    if clash {
        let mut y = 0.0;
        let mut column = Vec::new();
        for p in &labelled {
            column.push((y, high(&ways[p.way])));
            y += high(&ways[p.way]) + 2.0;
        }
        tall = below;
        at = place(below, &column, ways);
    }
    let total = tall + 2.0 * AIR;
    let spots: Vec<(usize, (f64, f64))> = labelled.iter().zip(at).map(|(p, at)| (p.way, at)).collect();
    for (way, (x, y)) in spots {
        ways[way].label.x = x;
        ways[way].label.y = y;
    }
    for piece in pieces {
        let way = &mut ways[piece.way];
        let end = (piece.to.0, piece.to.1 + total);
        let back = piece.back;
        // A way back is collected from its end to its beginning.
        let points = if back { [end, piece.from] } else { [piece.from, end] };
        if back {
            way.points.splice(0..0, points);
        } else {
            way.points.extend(points);
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols;
    use crate::view::automaton::machines;

    fn charts(width: f64) -> Vec<(String, Automaton, Chart)> {
        let mut all = Vec::new();
        // Machines are drawn where somebody can be blocked.
        for protocol in protocols::ALL.iter().filter(|p| (p.meta)().promises("blocked")) {
            let meta = (protocol.meta)();
            // Every choice of every parameter that is a choice: the shapes that one can come across.
            let mut setups = vec![protocol.setup()];
            for (at, spec) in meta.params.iter().enumerate() {
                if let crate::protocol::ParamKind::Choice(words) = spec.kind {
                    for value in 0..words.len() as u16 {
                        let mut setup = protocol.setup();
                        assert!(setup.params.set(meta.params, at, value));
                        setups.push(setup);
                    }
                }
            }
            for setup in setups {
                for automaton in machines(&setup).automata {
                    let name = format!("{} {}", meta.id, meta.roles[usize::from(automaton.role)].word);
                    let chart = chart(&automaton, width);
                    all.push((name, automaton, chart));
                }
            }
        }
        all
    }

    #[test]
    fn no_box_and_no_label_covers_another_and_all_are_inside() {
        for width in [232.0, 300.0, 480.0] {
            for (name, automaton, chart) in charts(width) {
                let boxes = chart.places.iter().map(|p| (p.x, p.y, p.width, BOX));
                let labels = chart.ways.iter().map(|w| {
                    let l = &w.label;
                    (l.x - l.width / 2.0, l.y, l.width, l.lines.len() as f64 * LINE)
                });
                let all: Vec<_> = boxes.chain(labels).collect();
                assert_eq!(chart.places.len(), automaton.states.len());
                for (i, a) in all.iter().enumerate() {
                    assert!(a.0 >= -0.1 && a.0 + a.2 <= width + 0.1, "{name} at {width}: {a:?}");
                    assert!(a.1 >= 0.0 && a.1 + a.3 <= chart.height, "{name} at {width}: {a:?}");
                    for b in &all[..i] {
                        let apart = a.0 + a.2 <= b.0 + 0.1
                            || b.0 + b.2 <= a.0 + 0.1
                            || a.1 + a.3 <= b.1 + 0.1
                            || b.1 + b.3 <= a.1 + 0.1;
                        assert!(apart, "{name} at {width}: {a:?} {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_transition_has_a_labelled_line_from_its_state_to_the_next() {
        for (name, automaton, chart) in charts(240.0) {
            for edge in &automaton.edges {
                let word = match edge.trigger {
                    Trigger::Message(w) | Trigger::Verb(w) | Trigger::Timer(w) | Trigger::Step(w) => w,
                };
                let way = chart
                    .ways
                    .iter()
                    .find(|w| (w.from, w.to) == (edge.from, edge.to) && w.label.lines.contains(&word));
                let way = way.unwrap_or_else(|| panic!("{name}: no line for {edge:?}"));
                assert_eq!(way.timeout, matches!(edge.trigger, Trigger::Timer(_)));
                let touches = |(x, y): (f64, f64), p: Place| {
                    x >= p.x && x <= p.x + p.width && (y == p.y || y == p.y + BOX)
                };
                let (first, last) = (way.points[0], way.points[way.points.len() - 1]);
                assert!(touches(first, chart.places[edge.from]), "{name}: {way:?}");
                assert!(touches(last, chart.places[edge.to]), "{name}: {way:?}");
            }
        }
    }
}
