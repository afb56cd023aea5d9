//! How wide the diagram may be, which part of it is in sight, and that the present stays in sight.

use super::Same;
use crate::ui::layout::Figure;
use crate::view::Plot;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// Scrolling renders again only after this many pixels.
const STEP: i32 = 400;

/// The part of the figure that is rendered: what is in sight, and as much above and below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    top: i32,
    bottom: i32,
}

impl Window {
    /// Before anything was measured.
    const UNKNOWN: Window = Window { top: i32::MIN, bottom: i32::MAX };

    fn of(scroller: &Element) -> Window {
        let (top, height) = (scroller.scroll_top(), scroller.client_height().max(400));
        let floor = |y: i32| y.div_euclid(STEP) * STEP;
        Window { top: floor(top - height), bottom: floor(top + 2 * height) + STEP }
    }

    /// Whether any of this is rendered.
    pub fn sees(self, top: f64, bottom: f64) -> bool {
        bottom >= f64::from(self.top) && top <= f64::from(self.bottom)
    }
}

/// The width of an element, kept up to date; 0 until it is known.
#[hook]
pub fn use_width(node: &NodeRef) -> f64 {
    let width = use_state_eq(|| 0.0_f64);
    {
        let (node, width) = (node.clone(), width.clone());
        use_effect_with((), move |()| {
            let element = node.cast::<HtmlElement>().expect("it was just rendered");
            width.set(f64::from(element.client_width()));
            let measured = element.clone();
            let call = Closure::<dyn FnMut()>::new(move || width.set(f64::from(measured.client_width())));
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
    *width
}

/// Keeps the line of the present in sight when the run grows, unless the reader went to look at the past.
/// Returns the part that is to be rendered, and what listens to scrolling.
#[hook]
pub fn use_scroller(
    scroller: &NodeRef,
    sheet: &NodeRef,
    figure: &Rc<Figure>,
    plot: &Rc<Plot>,
) -> (Window, Callback<Event>) {
    let window = use_state_eq(|| Window::UNKNOWN);
    let follows = use_mut_ref(|| true);
    let now = use_mut_ref(|| 0.0);
    *now.borrow_mut() = figure.rows.now;
    {
        let (scroller, sheet, window) = (scroller.clone(), sheet.clone(), window.clone());
        let (follows, figure) = (follows.clone(), figure.clone());
        let deps = (Same(plot.clone()), figure.width.round() as i32);
        use_effect_with(deps, move |_| {
            let (Some(box_), Some(sheet)) = (scroller.cast::<Element>(), sheet.cast::<HtmlElement>()) else {
                return;
            };
            if *follows.borrow() {
                let (heads, height) = (sheet.offset_top(), box_.client_height());
                let end = heads + figure.height as i32 - height;
                // What hangs below the line may be higher than the box: the line comes first.
                let line = figure.rows.now as i32 - (height - heads).max(80) / 3;
                box_.set_scroll_top(end.min(line).max(0));
            }
            window.set(Window::of(&box_));
        });
    }
    let seen = *window;
    let on_scroll = {
        let (scroller, sheet) = (scroller.clone(), sheet.clone());
        Callback::from(move |_: Event| {
            let (Some(box_), Some(sheet)) = (scroller.cast::<Element>(), sheet.cast::<HtmlElement>()) else {
                return;
            };
            let line = sheet.offset_top() + *now.borrow() as i32;
            let (top, bottom) = (box_.scroll_top(), box_.scroll_top() + box_.client_height());
            *follows.borrow_mut() = top <= line && line <= bottom;
            window.set(Window::of(&box_));
        })
    };
    (seen, on_scroll)
}
