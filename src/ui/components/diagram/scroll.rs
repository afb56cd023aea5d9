//! How much room the diagram has, which part of it is in sight, and that the present stays in sight.

use super::Same;
use crate::ui::layout::{Figure, Mark, Shown, Way};
use crate::view::Plot;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// Scrolling lays out another part only after this many pixels.
const STEP: f64 = 400.0;

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

    fn scroll_along(&self, to: f64) {
        let Some((scroller, _)) = self.elements() else { return };
        match self.way {
            Way::Down => scroller.set_scroll_top(to as i32),
            Way::Right => scroller.set_scroll_left(to as i32),
        }
    }

    /// The part that is worth laying out, in the figure's units: what is in sight, and as much before and
    /// after it.
    fn part(&self) -> Option<Shown> {
        let (at, size, _) = self.along()?;
        let size = size.max(400.0);
        let floor = |y: f64| (y / self.scale / STEP).floor() * STEP;
        Some(Shown::Between(floor(at - size), floor(at + 2.0 * size) + STEP))
    }

    fn tail(&self) -> Shown {
        let size = self.along().map_or(1_200.0, |(_, size, _)| size.max(400.0));
        Shown::Tail((3.0 * size / self.scale / STEP).ceil() * STEP)
    }

    /// Brings the line of the present into sight.
    fn follow(&self, figure: &Figure) {
        let Some((_, size, heads)) = self.along() else { return };
        let length = self.way.point((figure.width, figure.height)).1;
        let end = heads + length * self.scale - size;
        // What hangs beyond the line may take more than the box: the line comes first. To the right there is
        // more of it, and the past still has to be in sight.
        let before = if self.way == Way::Down { 0.33 } else { 0.58 };
        let line = figure.rows.now * self.scale - (size - heads).max(80.0) * before;
        self.scroll_along(end.min(line).max(0.0));
        // And whoever acted last.
        let last = figure.chunks.last().and_then(|c| c.marks.last());
        if let Some(mark) = last.filter(|m| m.node.is_some()) {
            self.show_across(self.way.point((mark.x, mark.y)).0 * self.scale);
        }
    }

    /// Brings an event into sight, if it is not.
    pub fn show(&self, mark: Mark) {
        let Some((at, size, heads)) = self.along() else { return };
        let (across, along) = self.way.point((mark.x * self.scale, mark.y * self.scale));
        // Heads stay where they are, so the drawing is seen through what they leave.
        if along < at + 24.0 || along > at + size - heads - 40.0 {
            self.scroll_along((along - (size - heads) / 2.0).max(0.0));
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

/// Whether the reader is at the present, and where that was.
type Follows = Rc<RefCell<(bool, f64)>>;

/// The part that is to be laid out, and what keeps it right.
#[derive(Clone, PartialEq)]
pub struct Seen {
    /// The part.
    pub shown: UseStateHandle<Shown>,
    follows: Follows,
}

/// Which part of the diagram is laid out: at first what is near the present.
#[hook]
pub fn use_seen() -> Seen {
    let shown = use_state_eq(|| Shown::Tail(3_000.0));
    let follows = use_mut_ref(|| (true, 0.0));
    Seen { shown, follows }
}

/// Brings the present into sight when the run changed, and another part into sight when the reader scrolls.
/// The result listens to scrolling.
#[hook]
pub fn use_scroller(
    seen: &Seen,
    box_: &Box_,
    figure: &Rc<Figure>,
    plot: &Rc<Plot>,
    mounted: bool,
) -> Callback<Event> {
    seen.follows.borrow_mut().1 = figure.rows.now;
    // A preview is another plot of the same run: it must not take the reader away from what he looks at.
    let events = (plot.events.len(), plot.events.last().map(|e| Same(e.clone())));
    let shape = (figure.width.round() as i32, figure.height.round() as i32, figure.frame.way);
    {
        let (seen, box_, figure) = (seen.clone(), box_.clone(), figure.clone());
        let turned = (mounted, figure.frame.way, figure.frame.compact, figure.columns.width.round() as i32);
        use_effect_with((events, turned), move |_| {
            box_.follow(&figure);
            *seen.follows.borrow_mut() = (true, figure.rows.now);
            seen.shown.set(box_.tail());
        });
    }
    {
        let (seen, box_, figure) = (seen.clone(), box_.clone(), figure.clone());
        use_effect_with((mounted, shape), move |_| {
            if seen.follows.borrow().0 {
                box_.follow(&figure);
            }
            box_.hint();
        });
    }
    {
        // Zooming keeps what the reader zooms at where it is.
        let box_ = box_.clone();
        use_effect_with(Scale(box_.scale), move |_| box_.hint());
    }
    let (seen, box_) = (seen.clone(), box_.clone());
    Callback::from(move |_: Event| {
        let Some((at, size, heads)) = box_.along() else { return };
        let line = heads + seen.follows.borrow().1 * box_.scale;
        let follows = at <= line && line <= at + size;
        seen.follows.borrow_mut().0 = follows;
        let part = if follows { Some(box_.tail()) } else { box_.part() };
        if let Some(part) = part {
            seen.shown.set(part);
        }
        box_.hint();
    })
}

/// A scale, compared as it is.
#[derive(Clone, Copy, PartialEq)]
struct Scale(f64);
