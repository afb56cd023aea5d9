//! How much room the diagram has, which part of it is in sight, and that the present stays in sight.
//!
//! A step is rendered once and laid out once: which part is drawn is known while it is rendered, and what needs
//! the browser's layout comes last, before anything is painted.

use super::Same;
use crate::run::Event as RunEvent;
use crate::ui::layout::{Figure, Mark, Shown, Way};
use crate::view::Plot;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// What is known about the box in which the diagram scrolls.
#[derive(Clone)]
pub struct Box_ {
    /// The box.
    pub scroller: NodeRef,
    /// What scrolls in it: the drawing, beside or below the heads.
    pub sheet: NodeRef,
    /// Which way time runs.
    pub way: Way,
    /// Pixels to a unit of the figure.
    pub scale: f64,
    /// Along time, in units of the figure: where it parts from another beside it, if there is one.
    pub parts: Option<f64>,
}

impl Box_ {
    fn elements(&self) -> Option<(Element, HtmlElement)> {
        Some((self.scroller.cast()?, self.sheet.cast()?))
    }

    /// Along time, in pixels: how far it is scrolled, how much is in sight, and what the heads take of that.
    fn along(&self) -> Option<(f64, f64, f64)> {
        let (scroller, sheet) = self.elements()?;
        let (at, size, heads) = match self.way {
            Way::Down => (scroller.scroll_top(), scroller.client_height(), sheet.offset_top()),
            Way::Right => (scroller.scroll_left(), scroller.client_width(), sheet.offset_left()),
        };
        Some((f64::from(at), f64::from(size), f64::from(heads)))
    }

    fn scroll_along(&self, from: f64, to: f64) {
        let Some((scroller, _)) = self.elements() else { return };
        // Scrolling to where it is would still make the browser lay out and wait.
        if (from - to).abs() < 1.0 {
            return;
        }
        match self.way {
            Way::Down => scroller.set_scroll_top(to as i32),
            Way::Right => scroller.set_scroll_left(to as i32),
        }
    }

    /// Gives the drawing its size: that of its paper is larger, and changes seldom.
    fn fit(&self, figure: &Figure) {
        if let Some((_, sheet)) = self.elements() {
            let (width, height) = (figure.width * self.scale, figure.height * self.scale);
            super::pills::style(&sheet, &[("width", width), ("height", height)]);
        }
    }

    /// Brings the line of the present into sight.
    fn follow(&self, figure: &Figure) {
        let Some((at, size, heads)) = self.along() else { return };
        let Some((scroller, _)) = self.elements() else { return };
        // With the room that is kept for a notice.
        let end = f64::from(match self.way {
            Way::Down => scroller.scroll_height(),
            Way::Right => scroller.scroll_width(),
        }) - size;
        // What hangs beyond the line may take more than the box: the line comes first. To the right there is
        // more of it, and the past still has to be in sight.
        let before = if self.way == Way::Down { 0.33 } else { 0.58 };
        let line = figure.rows.now * self.scale - (size - heads).max(80.0) * before;
        // What two runs share is known; where they part, one begins to read.
        let parting = self.parts.map(|along| along * self.scale - (size - heads) * 0.25);
        self.scroll_along(at, end.min(line).min(parting.unwrap_or(line)).max(0.0));
        if self.parts.is_some() {
            return;
        }
        // And whoever acted last.
        if let Some(mark) = figure.marks.last().filter(|m| m.node.is_some()) {
            self.show_across(self.way.point((mark.x, mark.y)).0 * self.scale);
        }
    }

    /// Brings an event into sight, if it is not.
    pub fn show(&self, mark: Mark) {
        let Some((at, size, heads)) = self.along() else { return };
        let (across, along) = self.way.point((mark.x * self.scale, mark.y * self.scale));
        // Heads stay where they are, so the drawing is seen through what they leave.
        if along < at + 24.0 || along > at + size - heads - 40.0 {
            self.scroll_along(at, (along - (size - heads) / 2.0).max(0.0));
        }
        self.show_across(across);
    }

    /// Brings a lifeline into sight, if it is not: where there are many, the box scrolls across them too.
    fn show_across(&self, across: f64) {
        let Some((scroller, _)) = self.elements() else { return };
        let (at, size) = match self.way {
            Way::Down => (scroller.scroll_left(), scroller.client_width()),
            Way::Right => (scroller.scroll_top(), scroller.client_height()),
        };
        let (at, size) = (f64::from(at), f64::from(size));
        if across < at + 40.0 || across > at + size - 40.0 {
            let to = (across - size / 2.0).max(0.0) as i32;
            match self.way {
                Way::Down => scroller.set_scroll_left(to),
                Way::Right => scroller.set_scroll_top(to),
            }
        }
    }

    /// Says on the frame around the box on which sides there is more to see.
    pub fn hint(&self) {
        let Some((scroller, sheet)) = self.elements() else { return };
        let Some(frame) = scroller.parent_element() else { return };
        let more_right = scroller.scroll_width() - scroller.client_width() - scroller.scroll_left() > 8;
        let before = scroller.scroll_left() > 8;
        let heads = if self.way == Way::Right { sheet.offset_left() } else { 0 };
        for (class, on) in [("more-left", before), ("more-right", more_right)] {
            let done = frame.class_list().toggle_with_force(class, on);
            debug_assert!(done.is_ok());
        }
        if let Ok(frame) = frame.dyn_into::<HtmlElement>() {
            super::pills::style(&frame, &[("--heads", f64::from(heads))]);
        }
    }
}

/// The width and height of an element, kept up to date; 0 until they are known.
#[hook]
pub fn use_size(node: &NodeRef) -> (f64, f64) {
    let size = use_state_eq(|| (0.0_f64, 0.0_f64));
    {
        let (node, size) = (node.clone(), size.clone());
        use_effect_with((), move |()| {
            let element = node.cast::<HtmlElement>().expect("it was just rendered");
            let measured = element.clone();
            let measure = move || {
                size.set((f64::from(measured.client_width()), f64::from(measured.client_height())));
            };
            measure();
            let call = Closure::<dyn FnMut()>::new(measure);
            let observer = ResizeObserver::new(call.as_ref().unchecked_ref()).ok();
            if let Some(observer) = &observer {
                observer.observe(&element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(call);
            }
        });
    }
    *size
}

/// Does something if what it depends on changed: when the page is as it was rendered, and before it is painted.
/// Effects may come after that, when rendering took long; the page would be painted, and laid out, twice.
#[hook]
pub fn use_settled<D: PartialEq + 'static>(deps: D, settle: impl FnOnce() + 'static) {
    let last = use_mut_ref(|| None);
    let mut last = last.borrow_mut();
    if last.as_ref() != Some(&deps) {
        *last = Some(deps);
        wasm_bindgen_futures::spawn_local(async move { settle() });
    }
}

/// The end of a run: a preview is another plot of the same one.
#[derive(Clone, PartialEq)]
struct Run(usize, Option<Same<RunEvent>>);

impl Run {
    fn of(plot: &Plot) -> Run {
        Run(plot.events.len(), plot.events.last().map(|e| Same(e.clone())))
    }
}

/// Where the reader is.
struct Place {
    /// The part that he scrolled to; `None` while he is at the present.
    away: Option<Shown>,
    /// What was drawn last.
    shown: Shown,
    /// Where the line of the present was then.
    line: f64,
    /// Pixels to a unit, then.
    scale: f64,
    /// The run, then.
    run: Run,
}

/// The part that is to be laid out, and what keeps it right.
#[derive(Clone)]
pub struct Seen {
    place: Rc<RefCell<Place>>,
    redraw: UseForceUpdateHandle,
}

impl Seen {
    /// The part that is to be drawn, where so many pixels are in sight. Whoever acts wants to see what came of
    /// it, so a run that changed is followed.
    pub fn part(&self, plot: &Plot, sight: f64) -> Shown {
        let mut place = self.place.borrow_mut();
        let run = Run::of(plot);
        if place.run != run {
            (place.run, place.away) = (run, None);
        }
        place.shown = place.away.unwrap_or(Shown::present(sight / place.scale));
        place.shown
    }

    fn follows(&self) -> bool {
        self.place.borrow().away.is_none()
    }

    /// Draws as much as is in sight at the present after another scale.
    fn measure(&self, box_: &Box_) {
        let Some((_, size, _)) = box_.along() else { return };
        if self.follows() && Shown::present(size / box_.scale) != self.place.borrow().shown {
            self.redraw.force_update();
        }
    }

    /// Draws what is in sight, if that is something else than what was drawn.
    fn look(&self, box_: &Box_) {
        let Some((at, size, heads)) = box_.along() else { return };
        let mut place = self.place.borrow_mut();
        let line = heads + place.line * box_.scale;
        let (top, sight) = (at / box_.scale, size / box_.scale);
        let follows = at <= line && line <= at + size;
        place.away = (!follows).then(|| Shown::around(top, sight));
        let wanted = place.away.unwrap_or(Shown::present(sight));
        if wanted != place.shown {
            drop(place);
            self.redraw.force_update();
        }
    }
}

/// Which part of the diagram is laid out: at first what is near the present.
#[hook]
pub fn use_seen() -> Seen {
    let place =
        use_mut_ref(|| Place { away: None, shown: Shown::All, line: 0.0, scale: 1.0, run: Run(0, None) });
    Seen { place, redraw: use_force_update() }
}

/// Brings the present into sight when the run changed, and another part into sight when the reader scrolls.
/// The result listens to scrolling.
#[hook]
pub fn use_scroller(seen: &Seen, box_: &Box_, figure: &Rc<Figure>, mounted: bool) -> Callback<Event> {
    let run = {
        let mut place = seen.place.borrow_mut();
        (place.line, place.scale) = (figure.rows.now, box_.scale);
        place.run.clone()
    };
    let shape = (figure.width.round() as i32, figure.height.round() as i32, figure.frame.way);
    {
        let (seen, box_, figure) = (seen.clone(), box_.clone(), figure.clone());
        // Zooming keeps what the reader zooms at where it is.
        let zoomed = Scale(box_.scale);
        use_settled((run, mounted, shape), {
            let (seen, box_, figure) = (seen.clone(), box_.clone(), figure.clone());
            move || {
                box_.fit(&figure);
                if seen.follows() {
                    box_.follow(&figure);
                }
                box_.hint();
            }
        });
        use_settled(zoomed, move || {
            box_.fit(&figure);
            box_.hint();
            seen.measure(&box_);
        });
    }
    {
        let (seen, box_, figure) = (seen.clone(), box_.clone(), figure.clone());
        let turned = (mounted, figure.frame.way, figure.frame.compact, figure.columns.width.round() as i32);
        use_effect_with(turned, move |_| {
            seen.place.borrow_mut().away = None;
            // This may come before what else gives the drawing its size, and no further than that can it be scrolled.
            box_.fit(&figure);
            box_.follow(&figure);
            seen.look(&box_);
            // The heads have their width by now.
            box_.hint();
        });
    }
    let (seen, box_) = (seen.clone(), box_.clone());
    Callback::from(move |_: Event| {
        seen.look(&box_);
        box_.hint();
    })
}

/// A scale, compared as it is.
#[derive(Clone, Copy, PartialEq)]
struct Scale(f64);
