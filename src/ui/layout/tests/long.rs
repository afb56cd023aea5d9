//! Long runs: parts, and what stays as it was.

use super::driver::{Driver, draw, texts};
use super::sound::{check, shapes};
use crate::protocols;
use crate::ui::layout::*;

#[test]
fn a_new_step_leaves_earlier_chunks_as_they_are() {
    let mut run = Driver::new(&[]);
    run.auto(9);
    let ask = |run: &mut Driver| {
        run.verb("K", "ask", Some("P2")).deliver("K", "P2", "ask").deliver("P2", "K", "done");
    };
    (0..60).for_each(|_| ask(&mut run));
    let before = run.figure();
    ask(&mut run);
    let after = run.figure();
    assert!(before.chunks.len() > 3);
    for (a, b) in before.chunks.iter().zip(&after.chunks).take(3) {
        for layer in [Layer::Lines, Layer::Marks, Layer::Words] {
            assert!(a.layers[layer as usize] == b.layers[layer as usize]);
        }
    }
}

#[test]
fn a_long_run_can_be_laid_out() {
    let mut run = Driver::new(&[]);
    run.auto(9);
    while run.0.run().moment() < 5_000 {
        run.verb("K", "ask", Some("P2")).deliver("K", "P2", "ask").deliver("P2", "K", "done");
    }
    let plot = run.plot();
    let figure = draw(&plot, 740.0, false);
    check(&plot, &figure);
    assert_eq!(figure.chunks.len(), plot.events.len().div_ceil(CHUNK));
    assert_eq!(figure.marks.len(), plot.events.len());
}

#[test]
fn a_part_is_the_same_as_in_the_whole() {
    let mut run = Driver::new(&[]);
    run.auto(9);
    while run.0.run().moment() < 400 {
        run.verb("K", "ask", Some("P2")).deliver("K", "P2", "ask").deliver("P2", "K", "done");
    }
    let plot = run.plot();
    let meta = (protocols::ALL[0].meta)();
    let whole = draw(&plot, 740.0, false);
    let part = |shown| Figure::new(&plot, meta, &texts(), Frame { shown, ..Frame::down(740.0, false) });
    let count = |f: &Figure| Layer::ALL.map(|l| shapes(f, l).count());
    let (top, bottom) = (whole.rows.y(150), whole.rows.y(199));
    for part in [part(Shown::Between(top, bottom)), part(Shown::Tail(whole.rows.now - top))] {
        assert_eq!((part.width, part.height), (whole.width, whole.height));
        assert!(part.chunks.len() < whole.chunks.len());
        assert_eq!(part.pills, whole.pills);
        assert!(count(&part)[1] < count(&whole)[1]);
        // A chunk in its middle is drawn in full.
        let middle = |f: &Figure| f.chunks.iter().find(|c| c.last >= 175).expect("it is drawn").clone();
        for layer in [Layer::Lines, Layer::Marks, Layer::Words] {
            assert!(
                middle(&part).layers[layer as usize].len() + 3 >= middle(&whole).layers[layer as usize].len()
            );
        }
        assert!((1..=400).all(|m| part.mark(m) == whole.mark(m)));
    }
}

#[test]
fn lines_are_cut_off_far_out_of_sight() {
    let line = Shape::line("life off", &[(40.0, 100.0), (80.0, 2_100.0)]);
    assert_eq!(line.clone().within((-500.0, 2_500.0)), line);
    let cut = Shape::line("life off", &[(50.0, 600.0), (60.0, 1_100.0)]);
    assert_eq!(line.within((600.0, 1_100.0)), cut);
    let level = Shape::line("guide", &[(0.0, 50.0), (90.0, 50.0)]);
    assert_eq!(level.clone().within((0.0, f64::INFINITY)), level);
}

/// Whatever the reader does: what is known of a run, of a longer one or of another branch never shows in a figure.
#[test]
fn what_is_known_of_a_run_changes_nothing() {
    use crate::run::{History, Rng};
    for (seed, entry) in (0..).zip(protocols::ALL.iter()) {
        let mut history = History::new(protocols::build(entry.setup()));
        let meta = (entry.meta)();
        let mut rng = Rng::new(seed);
        let mut known = Known::default();
        for _ in 0..60 {
            let place = rng.below(history.len());
            match rng.below(8) {
                0 => drop(history.go(place)),
                1 => drop(history.undo()),
                2 => drop(history.redo()),
                n => {
                    let choices = history.run().machine().choices();
                    let can: Vec<_> = choices.iter().filter(|c| c.refused.is_none()).collect();
                    let step = if n < 5 || can.is_empty() { None } else { can.get(rng.below(can.len())) };
                    let step = step.map(|c| c.step).or_else(|| history.default_step());
                    let _ = step.map(|s| history.act(&s));
                }
            }
            let plot = Plot::new(&history, None);
            let shown = if rng.below(2) == 0 { Shown::All } else { Shown::Tail(300.0) };
            let frame = match rng.below(6) {
                0 => Frame { shown, ..Frame::right(500.0, false) },
                1 => Frame { shown, ..Frame::down(400.0, true) },
                _ => Frame { shown, ..Frame::down(740.0, false) },
            };
            let kept = Figure::knowing(&mut known, &plot, meta, &texts(), frame);
            assert_eq!(kept, Figure::new(&plot, meta, &texts(), frame), "{} {:?}", meta.id, history.branch());
        }
    }
}
