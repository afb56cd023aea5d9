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
        assert_eq!(
            (part.width, part.height, part.chunks.len()),
            (whole.width, whole.height, whole.chunks.len())
        );
        assert_eq!(part.pills, whole.pills);
        assert!(count(&part)[1] < count(&whole)[1]);
        // A chunk in its middle is drawn in full.
        let middle = 175 / CHUNK;
        for layer in [Layer::Lines, Layer::Marks, Layer::Words] {
            assert!(
                part.chunks[middle].layers[layer as usize].len() + 3
                    >= whole.chunks[middle].layers[layer as usize].len()
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
