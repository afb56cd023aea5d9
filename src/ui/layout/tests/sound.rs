//! What must be true of every figure.

use crate::sim::TakenHow;
use crate::ui::layout::*;
use std::collections::{BTreeMap, BTreeSet};

pub fn shapes(figure: &Figure, layer: Layer) -> impl Iterator<Item = (&Group, &Shape)> {
    let groups = figure.chunks.iter().flat_map(move |c| &c.layers[layer as usize]);
    groups.flat_map(|g| g.shapes.iter().map(move |s| (g, s)))
}

pub fn words(figure: &Figure) -> Vec<(String, Area)> {
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
pub fn check(plot: &Plot, figure: &Figure) {
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
