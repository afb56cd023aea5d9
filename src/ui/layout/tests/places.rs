//! Everything has its place: columns, pills and words keep off each other.

use super::driver::{Driver, draw, draw_right};
use super::sound::{check, shapes, words};
use crate::ui::layout::*;

#[test]
fn the_hub_stands_between_and_cards_can_use_the_same_columns() {
    let run = Driver::new(&[("participants", 5), ("clients", 2)]);
    let plot = run.plot();
    let figure = draw(&plot, 1000.0, false);
    let weights = column_weights(&plot.columns, Way::Down, false);
    let unit = (1000.0 - gutter(Way::Down, false)) / weights.iter().sum::<f64>();
    let mut left = gutter(Way::Down, false);
    for (column, weight) in plot.columns.iter().zip(&weights) {
        assert!((figure.columns.x(column.node) - (left + weight * unit / 2.0)).abs() < 0.01);
        left += weight * unit;
    }
    assert_eq!(
        plot.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
        ["P1", "P2", "P3", "C", "P4", "P5", "K1", "K2"]
    );
}

#[test]
fn pills_of_many_messages_stand_below_each_other() {
    let mut run = Driver::new(&[("participants", 8), ("clients", 2)]);
    run.auto(9);
    for width in [300.0, 740.0, 1400.0] {
        for compact in [false, true] {
            let figure = draw(&run.plot(), width, compact);
            assert_eq!(figure.pills.len(), 8);
            check(&run.plot(), &figure);
        }
    }
}

#[test]
fn known_runs_have_no_word_on_another() {
    let mut happy = Driver::new(&[]);
    happy.auto(50);
    let mut repaired = Driver::blocked();
    repaired.auto(50);
    for run in [happy, Driver::blocked(), repaired] {
        let plot = run.plot();
        for figure in [draw(&plot, 740.0, false), draw_right(&plot, 600.0, false)] {
            let words = words(&figure);
            for (i, (a, at)) in words.iter().enumerate() {
                for (b, other) in &words[..i] {
                    assert!(at.overlap(*other) == 0.0, "{a} at {at:?} on {b} at {other:?}");
                }
            }
        }
    }
}

#[test]
fn where_columns_are_close_words_keep_off_doubt_locks_and_lifelines() {
    let run = Driver::blocked();
    for (width, compact) in
        [(340.0, true), (378.0, true), (412.0, true), (500.0, true), (690.0, false), (740.0, false)]
    {
        let figure = draw(&run.plot(), width, compact);
        let half = figure.columns.band;
        let taken = figure.bands.iter().map(|b| {
            let (x, y) = (figure.columns.x(b.span.node) - half, b.span.top);
            Area { x, y, w: 2.0 * half, h: b.span.bottom - y }
        });
        let taken: Vec<_> = taken.collect();
        for (text, at) in words(&figure) {
            let over = taken.iter().any(|t| at.overlap(*t) > 0.0);
            // With no room at all the band itself says that it is blocked.
            assert!(!over || text == "blocked", "{width}: {text} at {at:?} lies on the doubt of another");
            let through = figure.columns.lifelines().iter().any(|x| at.x < *x && *x < at.right());
            assert!(!through || text != "since moment 5", "{width}: {text} at {at:?} lies on a lifeline");
        }
    }
}

#[test]
fn words_keep_off_slips_and_pills_both_ways() {
    let run = Driver::blocked();
    let plot = run.plot();
    for figure in [draw(&plot, 740.0, false), draw_right(&plot, 600.0, false)] {
        let slips = shapes(&figure, Layer::Marks).filter_map(|(_, s)| match s {
            Shape::Rect { class, at, .. } if class.starts_with("slip-r") => Some(*at),
            _ => None,
        });
        let solid: Vec<Area> = slips.chain(figure.pills.iter().map(|p| p.area)).collect();
        for (i, a) in solid.iter().enumerate() {
            assert!(solid[..i].iter().all(|b| a.overlap(*b) == 0.0), "{a:?}");
        }
        for (text, at) in words(&figure) {
            assert!(solid.iter().all(|s| s.overlap(at) < 12.0), "{text} at {at:?}");
        }
    }
}
