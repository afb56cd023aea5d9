//! The figure of runs that everybody knows, and of runs that nobody chose.

mod driver;
mod long;
mod places;
mod sound;

use super::*;
use crate::protocol::Stance;
use crate::run::{Chaos, Mood, default_step};
use crate::sim::{Act, Tail};
use driver::{Driver, draw, draw_right};
use sound::{check, shapes, words};

#[test]
fn a_run_without_faults_is_drawn_whole() {
    let mut run = Driver::new(&[]);
    run.auto(50);
    let figure = run.figure();
    check(&run.plot(), &figure);
    assert!(figure.pills.is_empty());
    assert_eq!(figure.bands.len(), 2);
    assert!(figure.bands.iter().all(|b| !b.blocked && b.span.until.is_some()));
}

#[test]
fn bands_last_from_the_promise_to_the_decision() {
    let run = Driver::blocked();
    let figure = run.figure();
    check(&run.plot(), &figure);
    let (p1, p2) = (run.id("P1"), run.id("P2"));
    let bands = |n| figure.bands.iter().filter(move |b| b.span.node == n).collect::<Vec<_>>();
    let [only] = bands(p1)[..] else { panic!("P1 was never blocked") };
    assert_eq!((only.span.since, only.span.until, only.blocked), (2, Some(6), false));
    assert_eq!(only.span.top, figure.rows.slip(2, &run.plot().events[1], 0));
    assert_eq!(only.span.bottom, figure.rows.slip(6, &run.plot().events[5], 0));
    let [before, after] = bands(p2)[..] else { panic!("P2 is in doubt, then blocked") };
    assert_eq!((before.span.since, before.span.until, before.blocked), (3, Some(5), false));
    // Blocked at the crash, which comes after the record of the decision.
    assert_eq!((after.span.since, after.span.until, after.blocked), (5, None, true));
    let crash = figure.rows.y(5) + rows::crash(Way::Down, &run.plot().events[4]);
    assert!((after.span.top - crash).abs() < 1.0 && crash > figure.rows.slip(5, &run.plot().events[4], 0));
    assert_eq!(before.span.bottom, after.span.top);
    assert_eq!(after.span.bottom, figure.rows.now);
}

#[test]
fn a_commit_leaves_from_the_slip_that_it_depends_on() {
    let run = Driver::blocked();
    let figure = run.figure();
    let events = run.plot().events;
    let commit = events[4].sent[0].id;
    let arrow = figure.arrow(commit).expect("drawn");
    assert_eq!(arrow.from.1, figure.rows.slip(5, &events[4], 0));
    assert!(arrow.from.0 < figure.columns.x(run.id("C")));
    let prepare = figure.arrow(events[0].sent[0].id).expect("drawn");
    assert_eq!(prepare.from, (figure.columns.x(run.id("C")), figure.rows.y(1)));
}

#[test]
fn what_a_crash_cut_off_is_a_stub() {
    let run = Driver::blocked();
    let figure = run.figure();
    let scissors = shapes(&figure, Layer::Marks)
        .filter(|(_, s)| matches!(s, Shape::Icon { icon: Icon::Scissors, .. }))
        .map(|(g, _)| g.of);
    assert_eq!(scissors.collect::<Vec<_>>(), [Selection::Moment(5)]);
    assert!(words(&figure).iter().any(|(t, _)| t == "never told P2"));
}

#[test]
fn a_copy_leaves_its_original_where_the_network_made_it() {
    let mut run = Driver::new(&[]);
    run.verb("C", "begin", None);
    // The second of two messages, so that places on links matter.
    run.act(Act::Duplicate(run.message("C", "P2", "prepare")));
    run.deliver("C", "P2", "prepare");
    run.act(Act::Drop(run.message("C", "P1", "prepare")));
    let figure = run.figure();
    check(&run.plot(), &figure);
    let original = figure.arrow(run.plot().events[0].sent[1].id).expect("drawn");
    let copy = figure.arrow(run.plot().events[1].sent[0].id).expect("drawn");
    let y = figure.rows.y(2);
    let share = (y - original.from.1) / (original.to.1 - original.from.1);
    let x = original.from.0 + share * (original.to.0 - original.from.0);
    assert!((copy.from.0 - x).abs() < 0.1 && (copy.from.1 - y).abs() < 0.1);
    let lost = figure.arrow(run.plot().events[0].sent[0].id).expect("drawn");
    assert_eq!(lost.end, End::Lost);
    let (c, p1) = (figure.columns.x(run.id("C")), figure.columns.x(run.id("P1")));
    assert!(p1 < lost.to.0 && lost.to.0 < c, "half way");
}

#[test]
fn a_message_that_is_kept_has_a_line_for_each_arrival_and_one_to_where_it_is() {
    let mut run = Driver::of("tp", &[("participants", 2)]);
    run.fire("R1", "prepare").deliver("R1", "TM", "prepared").fire("R2", "prepare");
    run.deliver("R1", "TM", "prepared");
    let prepared = run.plot().events[0].sent[0].id;
    let figure = run.figure();
    check(&run.plot(), &figure);
    let ends: Vec<_> = arrows::of(&figure.arrows, prepared).iter().map(|a| a.end).collect();
    assert_eq!(ends, [End::Handled, End::Handled, End::Stays]);
    assert_eq!(figure.pills.len(), 2, "both are in flight");
    // Nothing about it is a fault: no cross, and no knot as on a copy.
    let fault = |s: &Shape| matches!(s, Shape::Circle { class, .. } if class.contains("knot"));
    assert!(!shapes(&figure, Layer::Marks).any(|(_, s)| fault(s)));
    assert_eq!(figure.highlight(Selection::Message(prepared)).len(), 3);
    // Held back, it says so on the line to where it is.
    run.act(Act::Hold(run.message("R1", "TM", "prepared")));
    let figure = run.figure();
    check(&run.plot(), &figure);
    assert_eq!(shapes(&figure, Layer::Marks).filter(|(_, s)| fault(s)).count(), 1);
    run.auto(30);
    check(&run.plot(), &run.figure());
    assert!(default_step(run.0.run()).is_none(), "it ends although nothing leaves the network");
}

#[test]
fn an_unforced_record_is_struck_when_a_crash_takes_it() {
    let mut run = Driver::new(&[]);
    run.verb("C", "begin", None).fire("C", "vote");
    let soft = |f: &Figure| {
        let soft = |s: &Shape| matches!(s, Shape::Rect { class, .. } if class.contains("soft") && !class.contains("gone"));
        shapes(f, Layer::Marks).filter(|(_, s)| soft(s)).count()
    };
    let struck = |f: &Figure| {
        shapes(f, Layer::Marks).filter(|(_, s)| matches!(s, Shape::Line { class: "struck", .. })).count()
    };
    assert_eq!((soft(&run.figure()), struck(&run.figure())), (1, 0));
    run.act(Act::Crash(run.id("C"), Tail::Lost));
    assert_eq!((soft(&run.figure()), struck(&run.figure())), (0, 1));
    run.0.undo();
    run.act(Act::Crash(run.id("C"), Tail::Kept));
    assert_eq!((soft(&run.figure()), struck(&run.figure())), (1, 0));
}

#[test]
fn runs_by_chance_are_drawn_whole() {
    for seed in 0..60 {
        let participants = 1 + (seed % 5) as u16;
        let mut run = Driver::new(&[("participants", participants), ("presumption", (seed % 3) as u16)]);
        let mut chaos = Chaos::new(seed, Mood::Wild, 40);
        for _ in 0..90 {
            let Some(step) = chaos.next(run.0.run()) else { break };
            run.step(step);
        }
        let plot = run.plot();
        check(&plot, &draw(&plot, 740.0, false));
        check(&plot, &draw(&plot, 332.0, true));
        check(&plot, &draw_right(&plot, 560.0, false));
        check(&plot, &draw_right(&plot, 0.0, true));
    }
}

#[test]
fn in_doubt_is_hatched_exactly_while_it_lasts() {
    for seed in 0..40 {
        let mut run = Driver::new(&[]);
        let mut chaos = Chaos::new(seed, Mood::Dying, 20);
        for _ in 0..60 {
            let Some(step) = chaos.next(run.0.run()) else { break };
            run.step(step);
        }
        let plot = run.plot();
        let figure = draw(&plot, 740.0, false);
        for (moment, event) in (1..).zip(plot.events.iter()) {
            for (i, node) in event.nodes.iter().enumerate() {
                let over = |b: &&Band| {
                    let from = b.span.since <= moment && b.span.until.is_none_or(|u| moment < u);
                    usize::from(b.span.node.0) == i && from
                };
                let band = figure.bands.iter().find(over);
                assert_eq!(band.map(|b| b.blocked), (node.stance == Stance::InDoubt).then_some(node.blocked));
            }
        }
    }
}

#[test]
fn the_figure_is_valid_markup() {
    let run = Driver::blocked();
    let source = svg(&run.figure(), "A < B", "\"quoted\" & so on");
    assert!(source.starts_with("<svg ") && source.ends_with("</svg>"));
    assert!(source.contains("A &lt; B") && source.contains("&quot;quoted&quot; &amp; so on"));
    assert_eq!(source.matches("<g ").count(), source.matches("</g>").count());
    assert!(!source.contains("style="), "the page's policy forbids style attributes");
}

#[test]
fn time_runs_to_the_right_when_asked() {
    let run = Driver::blocked();
    let (plot, p2) = (run.plot(), run.id("P2"));
    let (down, right) = (draw(&plot, 740.0, false), draw_right(&plot, 600.0, false));
    check(&plot, &right);
    assert!(right.width > right.height);
    for moment in 2..=plot.events.len() as u32 {
        let (a, b) = (right.mark(moment - 1).expect("a mark"), right.mark(moment).expect("a mark"));
        assert!(b.x > a.x, "moment {moment}");
    }
    let (a, b) = (right.mark(1).expect("a mark"), right.mark(3).expect("a mark"));
    assert!(a.node != b.node && a.y != b.y, "lifelines lie below each other");
    // The same stretches of doubt, and the blocked one as an area along its lifeline.
    let spans =
        |f: &Figure| f.bands.iter().map(|b| (b.span.since, b.span.until, b.blocked)).collect::<Vec<_>>();
    assert_eq!(spans(&down), spans(&right));
    let cross = shapes(&right, Layer::Ground)
        .find_map(|(_, s)| match s {
            Shape::Rect { at, paint: Paint::Cross, .. } => Some(*at),
            _ => None,
        })
        .expect("it is blocked");
    assert!(cross.w > cross.h && (cross.y + cross.h / 2.0 - right.columns.x(p2)).abs() < 0.1);
    let [pill] = &right.pills[..] else { panic!("one message is in flight") };
    assert!(pill.area.x > right.rows.now && pill.area.w > pill.area.h);
    assert!(svg(&right, "t", "d").contains("<svg "));
}

/// An abort is marked as strongly as a commit, and not by its colour alone.
#[test]
fn who_aborts_by_a_timer_has_a_cross_and_a_line_of_its_own() {
    let mut run = Driver::new(&[]);
    run.verb("C", "begin", None).fire("C", "vote");
    let plot = run.plot();
    let figure =
        Figure::new(&plot, run.0.run().machine().meta(), &Texts::default(), Frame::down(900.0, false));
    let picture = svg(&figure, "", "");
    assert!(picture.contains("verdict bad"), "a cross");
    assert!(picture.contains("life bad"), "and its lifeline");
    assert!(picture.contains(Icon::Clock.path()), "and what made it decide");
}
