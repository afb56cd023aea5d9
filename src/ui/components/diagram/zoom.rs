//! Zooming: how large the drawing is, and the gestures that change it. Nothing is laid out again for it.

use super::scroll::Box_;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Element, TouchEvent, WheelEvent};
use yew::prelude::*;

/// How large the drawing is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Zoom {
    /// So large that the whole run is in sight, if it can still be read then.
    Fit,
    /// So many times its own size.
    Times(f64),
}

impl Zoom {
    /// The least and the most.
    const LIMITS: (f64, f64) = (0.35, 3.0);

    /// One step larger or smaller than what is on screen.
    pub fn step(scale: f64, larger: bool) -> f64 {
        // Through round values, so that the way back leads to where one was.
        const STOPS: [f64; 9] = [0.35, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0];
        let stop = match larger {
            true => STOPS.into_iter().find(|s| *s > scale + 0.02),
            false => STOPS.into_iter().rev().find(|s| *s < scale - 0.02),
        };
        stop.unwrap_or(scale)
    }

    /// How many times its own size, where that is so much and there is so much room.
    pub fn scale(self, size: (f64, f64), room: (f64, f64)) -> f64 {
        let scale = match self {
            Zoom::Times(n) => n,
            Zoom::Fit => (room.0 / size.0.max(1.0)).min(room.1 / size.1.max(1.0)).min(1.0),
        };
        scale.clamp(Zoom::LIMITS.0, Zoom::LIMITS.1)
    }
}

/// A point of the box that stays where it is while the drawing grows or shrinks.
pub type Focus = Option<(f64, f64)>;

/// Ctrl and the wheel, which is also what a pinch on a trackpad sends, and two fingers on a screen, which also
/// pan. Everything else still scrolls. `zoom` gets the scale that is asked for.
#[hook]
pub fn use_gestures(box_: &Box_, zoom: &Callback<f64>, focus: &std::rc::Rc<std::cell::RefCell<Focus>>) {
    let scale = use_mut_ref(|| 1.0);
    *scale.borrow_mut() = box_.scale;
    let (scroller, zoom, focus) = (box_.scroller.clone(), zoom.clone(), focus.clone());
    use_effect_with((), move |()| {
        let element = scroller.cast::<Element>().expect("it was just rendered");
        let wheel = {
            let (element, scale, zoom, focus) = (element.clone(), scale.clone(), zoom.clone(), focus.clone());
            listener(move |event: WheelEvent| {
                if !(event.ctrl_key() || event.meta_key()) {
                    return;
                }
                event.prevent_default();
                let at = element.get_bounding_client_rect();
                let point = (f64::from(event.client_x()) - at.left(), f64::from(event.client_y()) - at.top());
                *focus.borrow_mut() = Some(point);
                // A notch of a wheel is about 100; a trackpad sends many small ones.
                let by = (-event.delta_y().clamp(-100.0, 100.0) * 0.0025).exp();
                zoom.emit(*scale.borrow() * by);
            })
        };
        let touch = {
            let (element, scale) = (element.clone(), scale.clone());
            let mut last: Option<((f64, f64), f64)> = None;
            listener(move |event: TouchEvent| {
                let touches = event.touches();
                let (Some(a), Some(b)) = (touches.get(0), touches.get(1)) else {
                    last = None;
                    return;
                };
                event.prevent_default();
                let (a, b) = (
                    (f64::from(a.client_x()), f64::from(a.client_y())),
                    (f64::from(b.client_x()), f64::from(b.client_y())),
                );
                let apart = (a.0 - b.0).hypot(a.1 - b.1).max(1.0);
                let middle = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
                if let Some((was, before)) = last.replace((middle, apart)) {
                    element.set_scroll_left(element.scroll_left() - (middle.0 - was.0) as i32);
                    element.set_scroll_top(element.scroll_top() - (middle.1 - was.1) as i32);
                    let at = element.get_bounding_client_rect();
                    *focus.borrow_mut() = Some((middle.0 - at.left(), middle.1 - at.top()));
                    zoom.emit(*scale.borrow() * apart / before);
                }
            })
        };
        let options = AddEventListenerOptions::new();
        // Only then may the page be kept from zooming as a whole.
        options.set_passive(false);
        for (name, call) in
            [("wheel", &wheel), ("touchstart", &touch), ("touchmove", &touch), ("touchend", &touch)]
        {
            let function = call.as_ref().unchecked_ref();
            let added = element
                .add_event_listener_with_callback_and_add_event_listener_options(name, function, &options);
            debug_assert!(added.is_ok());
        }
        // They go with the element.
        move || drop((wheel, touch))
    });
}

fn listener<E: JsCast + 'static>(mut call: impl FnMut(E) + 'static) -> Closure<dyn FnMut(JsValue)> {
    Closure::new(move |event: JsValue| call(event.unchecked_into()))
}

/// Keeps the point that the reader zooms at, or else the middle, where it was.
#[hook]
pub fn use_focus(box_: &Box_, focus: &std::rc::Rc<std::cell::RefCell<Focus>>) {
    let before = use_mut_ref(|| box_.scale);
    let (box_, focus) = (box_.clone(), focus.clone());
    use_effect(move || {
        let was = std::mem::replace(&mut *before.borrow_mut(), box_.scale);
        let (Some(scroller), true) = (box_.scroller.cast::<Element>(), (was - box_.scale).abs() > 1e-6)
        else {
            return;
        };
        let Some(sheet) = box_.sheet.cast::<web_sys::HtmlElement>() else { return };
        let (heads_x, heads_y) = (f64::from(sheet.offset_left()), f64::from(sheet.offset_top()));
        let middle = (f64::from(scroller.client_width() / 2), f64::from(scroller.client_height() / 2));
        let (x, y) = focus.borrow_mut().take().unwrap_or(middle);
        let by = box_.scale / was;
        let moved = |at: i32, point: f64, heads: f64| {
            let from = f64::from(at) + point - heads;
            (f64::from(at) + from.max(0.0) * (by - 1.0)).round() as i32
        };
        scroller.set_scroll_left(moved(scroller.scroll_left(), x, heads_x));
        scroller.set_scroll_top(moved(scroller.scroll_top(), y, heads_y));
    });
}
