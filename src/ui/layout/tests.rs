//! The figure of runs that everybody knows, and of runs that nobody chose.

use super::*;
use crate::protocol::{Command, NodeId, Stance, Timer};
use crate::protocols;
use crate::run::{Chaos, History, Mood, default_step};
use crate::sim::{Act, MsgRef, Step, Tail, TakenHow};
use std::collections::{BTreeMap, BTreeSet};

/// A run that a test drives by names.
struct Driver(History);

impl Driver {
    fn new(params: &[(&str, u16)]) -> Driver {
        Driver::of("2pc", params)
    }

    fn of(protocol: &str, params: &[(&str, u16)]) -> Driver {
        let protocol = protocols::find(protocol).expect("registered");
        let mut setup = protocol.setup();
        for (key, value) in params {
            let (at, _) = (protocol.meta)().param(key).expect("a parameter");
            assert!(setup.params.set((protocol.meta)().params, at, *value));
        }
        Driver(History::new(protocols::build(setup)))
    }

    fn id(&self, name: &str) -> NodeId {
        let scene = &self.0.run().now().scene;
        scene.ids().find(|id| scene.name(*id) == name).expect("a node")
    }

    fn act(&mut self, act: Act) -> &mut Driver {
        self.step(act.into())
    }

    fn step(&mut self, step: Step) -> &mut Driver {
        self.0.act(&step).unwrap_or_else(|why| panic!("{step:?}: {why:?}"));
        self
    }

    fn verb(&mut self, name: &str, word: &str, arg: Option<&str>) -> &mut Driver {
        let meta = self.0.run().machine().meta();
        let verb = meta.verbs.iter().position(|v| v.word == word).expect("a verb") as u8;
        let command = Command { verb, arg: arg.map(|a| self.id(a)) };
        self.act(Act::Command(self.id(name), command))
    }

    fn fire(&mut self, name: &str, word: &str) -> &mut Driver {
        let meta = self.0.run().machine().meta();
        let timer = meta.timers.iter().position(|t| t.word == word).expect("a timer") as u8;
        self.act(Act::Fire(self.id(name), Timer(timer)))
    }

    fn message(&self, from: &str, to: &str, word: &str) -> MsgRef {
        let flights = self.0.run().machine().flights(self.id(from), self.id(to));
        flights.into_iter().find(|(_, said)| said.word == word).expect("a message").0
    }

    fn deliver(&mut self, from: &str, to: &str, word: &str) -> &mut Driver {
        self.act(Act::Deliver(self.message(from, to, word)))
    }

    fn auto(&mut self, steps: usize) -> &mut Driver {
        for _ in 0..steps {
            let Some(step) = default_step(self.0.run()) else { break };
            self.step(step);
        }
        self
    }

    /// Both are prepared; C dies after telling P1; K waits behind P2, and P2 asks in vain.
    fn blocked() -> Driver {
        let mut run = Driver::new(&[]);
        run.verb("C", "begin", None).deliver("C", "P1", "prepare").deliver("C", "P2", "prepare");
        run.deliver("P1", "C", "yes");
        let last = Act::Deliver(run.message("P2", "C", "yes"));
        run.step(Step::from(last).torn(2, Tail::Lost)).deliver("C", "P1", "commit");
        run.verb("K", "ask", Some("P2")).deliver("K", "P2", "ask");
        run.fire("P2", "decision").deliver("P2", "C", "inquiry");
        run
    }

    fn plot(&self) -> Plot {
        Plot::new(&self.0, None)
    }

    fn figure(&self) -> Figure {
        draw(&self.plot(), 740.0, false)
    }
}

fn texts() -> Texts {
    let text = |s: &str| s.to_string();
    Texts {
        now: text("now"),
        in_doubt: text("in doubt"),
        blocked: text("blocked"),
        since: text("since moment {}"),
        waits_for: text("waits for {}"),
        crashes: text("crashes"),
        recovers: text("recovers"),
        pauses: text("pauses"),
        resumes: text("resumes"),
        never_told: text("never told {}"),
        nobody_there: text("nobody there"),
        lost: text("lost"),
        cut: text("link cut"),
        healed: text("link works again"),
        pencil: text("in pencil: what happens next"),
        from: text("from {}"),
        glosses: Default::default(),
        resources: ["A", "B", "C", "D", "E", "F", "G", "H"].map(text).to_vec(),
    }
}

fn draw(plot: &Plot, width: f64, compact: bool) -> Figure {
    let meta = (protocols::ALL[0].meta)();
    Figure::new(plot, meta, &texts(), Frame::down(width, compact))
}

fn draw_right(plot: &Plot, height: f64, compact: bool) -> Figure {
    let meta = (protocols::ALL[0].meta)();
    Figure::new(plot, meta, &texts(), Frame::right(height, compact))
}

fn shapes(figure: &Figure, layer: Layer) -> impl Iterator<Item = (&Group, &Shape)> {
    let groups = figure.chunks.iter().flat_map(move |c| &c.layers[layer as usize]);
    groups.flat_map(|g| g.shapes.iter().map(move |s| (g, s)))
}

fn words(figure: &Figure) -> Vec<(String, Area)> {
    let text = |s: &Shape| match s {
        Shape::Text { x, y, anchor, text, class } => {
            let w = measure::classed(class, text);
            let x = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - w / 2.0,
                Anchor::End => x - w,
            };
            Some((text.clone(), Area { x, y: y - 9.0, w, h: 10.0 }))
        }
        _ => None,
    };
    shapes(figure, Layer::Words).filter_map(|(_, s)| text(s)).collect()
}

/// What must be true of every figure.
fn check(plot: &Plot, figure: &Figure) {
    let near = |a: f64, b: f64| (a - b).abs() < 25.0;
    let sent: Vec<_> = plot.events.iter().flat_map(|e| &e.sent).collect();
    let mut drawn: Vec<u32> = figure.arrows.iter().map(|a| a.id).collect();
    drawn.dedup();
    assert_eq!(drawn, sent.iter().map(|s| s.id).collect::<Vec<_>>(), "every message, in order");
    let flights: BTreeSet<u32> = plot.flights.iter().map(|f| f.id).collect();
    let mut taken: BTreeMap<u32, Vec<(u32, TakenHow)>> = BTreeMap::new();
    for (moment, event) in (1..).zip(plot.events.iter()) {
        if let (Some(id), Some(t)) = (event.taken, &event.report.taken) {
            taken.entry(id).or_default().push((moment, t.how));
        }
    }
    let way = figure.frame.way;
    let lines =
        sent.iter().flat_map(|s| arrows::of(&figure.arrows, s.id).iter().enumerate().map(|l| (*s, l)));
    for (sent, (nth, arrow)) in lines {
        let x = figure.columns.x(sent.to);
        let arrow = Arrow { from: way.point(arrow.from), to: way.point(arrow.to), ..*arrow };
        let landed = taken.get(&arrow.id).map_or(&[][..], Vec::as_slice);
        let Some((moment, how)) = landed.get(nth) else {
            assert!(flights.contains(&arrow.id) && nth == landed.len());
            assert_eq!(arrow.end, if nth == 0 { End::InFlight } else { End::Stays });
            continue;
        };
        let y = figure.rows.y(*moment);
        assert!(near(arrow.to.1, y), "{sent:?} ends in the row where it was taken");
        match how {
            TakenHow::Delivered => assert!((arrow.to.0 - x).abs() < 40.0, "{sent:?} ends at its receiver"),
            TakenHow::NobodyThere => assert!(arrow.to == (x, y), "{sent:?} ends at the lifeline"),
            TakenHow::Dropped => assert!(arrow.to.0 > 0.0 && arrow.to.0 < figure.columns.width),
        }
    }
    let lines = shapes(figure, Layer::Lines);
    let with_lines: BTreeSet<_> = lines.map(|(g, _)| g.of).collect();
    assert!(drawn.iter().all(|id| with_lines.contains(&Selection::Message(*id))));
    for (i, a) in figure.pills.iter().enumerate() {
        let inside = a.area.x >= 0.0 && a.area.right() <= figure.width && a.area.bottom() <= figure.height;
        assert!(inside, "{:?}", a.area);
        for b in &figure.pills[..i] {
            assert!(a.area.overlap(b.area) == 0.0, "{a:?} and {b:?}");
        }
    }
    for (text, at) in words(figure) {
        let inside = at.x >= 0.0 && at.right() <= figure.width && at.bottom() <= figure.height;
        assert!(inside && at.y >= 0.0, "{text} at {at:?} in {} by {}", figure.width, figure.height);
    }
    for moment in 1..=plot.events.len() as u32 {
        let mark = figure.mark(moment).expect("every event has a mark");
        let y = way.point((mark.x, mark.y)).1;
        assert!(mark.moment == moment && y == figure.rows.y(moment));
        assert!(moment == 1 || y > figure.rows.y(moment - 1));
    }
}

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
