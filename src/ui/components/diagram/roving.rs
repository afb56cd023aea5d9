//! Going through the events with the keyboard. One of them can be reached with Tab; the arrow keys go to the
//! others in the order of the run, which is also an order of cause and effect, whichever way time is drawn.

use super::scroll::{Box_, use_settled};
use crate::ui::layout::{Figure, Selection};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Where the reader is.
#[derive(Default)]
pub struct Place {
    /// The event that Tab reaches.
    at: u32,
    /// An event that is to be focused as soon as it is rendered.
    wanted: Option<u32>,
    /// The element that Tab reaches.
    reached: Option<Element>,
}

impl Place {
    /// Makes one event the one that Tab reaches, or the nearest that is in the page. Set by hand, since for the renderer
    /// all events are alike.
    fn reach(&mut self, sheet: &NodeRef, id: &str, moment: u32) {
        let new = event_element(sheet, id, moment).or_else(|| nearest(sheet, moment));
        if self.reached == new {
            return;
        }
        let set = |element: &Element, value| {
            let done = element.set_attribute("tabindex", value);
            debug_assert!(done.is_ok());
        };
        if let Some(old) = &self.reached {
            set(old, "-1");
        }
        if let Some(new) = &new {
            set(new, "0");
        }
        self.reached = new;
    }

    /// Focuses an event. One that is not rendered yet is focused when it is.
    fn focus(&mut self, sheet: &NodeRef, id: &str, moment: u32) {
        self.at = moment;
        self.wanted = (!focus_event(sheet, id, moment)).then_some(moment);
    }
}

/// What going through the events needs to know.
pub struct Roving<'a> {
    pub box_: &'a Box_,
    pub figure: &'a Rc<Figure>,
    pub id: &'a AttrValue,
    pub count: u32,
    pub selection: Option<Selection>,
    pub on_select: &'a Callback<Selection>,
    pub on_follow: &'a Callback<()>,
}

/// Listens to keys on events, and keeps one of them reachable. The other result focuses an event.
#[hook]
pub fn use_roving(roving: Roving<'_>) -> (Callback<KeyboardEvent>, Callback<u32>) {
    let Roving { box_, figure, id, count, selection, on_select, on_follow } = roving;
    let place = use_mut_ref(Place::default);
    {
        // New moments are where the reader is.
        let place = place.clone();
        use_effect_with(count, move |count| place.borrow_mut().at = *count);
    }
    {
        // What was selected elsewhere is brought near, and the focus goes along if it is here.
        let (place, box_, figure, id) = (place.clone(), box_.clone(), figure.clone(), id.clone());
        use_settled(selection, move || {
            let moment = match selection {
                Some(Selection::Moment(moment)) => Some(moment),
                _ => None,
            };
            let Some(mark) = moment.and_then(|m| figure.mark(m)) else { return };
            box_.show(mark);
            let mut place = place.borrow_mut();
            place.at = mark.moment;
            place.reach(&box_.sheet, &id, mark.moment);
            if active().is_some_and(|e| e.matches(".event").unwrap_or(false)) {
                place.focus(&box_.sheet, &id, mark.moment);
            }
        });
    }
    {
        let (sheet, id, place) = (box_.sheet.clone(), id.clone(), place.clone());
        use_effect(move || {
            let mut place = place.borrow_mut();
            let at = place.at.min(count).max(1);
            place.reach(&sheet, &id, at);
            if let Some(wanted) = place.wanted {
                place.focus(&sheet, &id, wanted);
            }
        });
    }
    let focus = {
        let (sheet, id, place) = (box_.sheet.clone(), id.clone(), place.clone());
        let (box_, figure) = (box_.clone(), figure.clone());
        Callback::from(move |moment: u32| {
            let Some(mark) = figure.mark(moment) else { return };
            box_.show(mark);
            let mut place = place.borrow_mut();
            place.reach(&sheet, &id, moment);
            place.focus(&sheet, &id, moment);
        })
    };
    let (figure, on_select, on_follow, go) =
        (figure.clone(), on_select.clone(), on_follow.clone(), focus.clone());
    let on_key = Callback::from(move |e: KeyboardEvent| {
        // A click, or a screen reader, may have put the focus on another event than the one Tab reaches.
        let on_event = e.target_dyn_into::<Element>().filter(|t| t.matches(".event").unwrap_or(false));
        let moment = on_event.and_then(|t| t.get_attribute("data-moment")?.parse::<u32>().ok());
        let Some(now) = moment.filter(|_| !e.alt_key() && !e.meta_key()) else { return };
        let node = figure.mark(now).and_then(|m| m.node);
        let same =
            |m: &u32| !e.ctrl_key() || figure.mark(*m).is_some_and(|o| node.is_some() && o.node == node);
        let before = || (1..now).rev().find(same);
        let after = || (now + 1..=count).find(same);
        let next = match e.key().as_str() {
            "ArrowUp" => before(),
            "ArrowDown" => after(),
            "PageUp" => Some(now.saturating_sub(10).max(1)),
            "PageDown" => Some((now + 10).min(count)),
            "Enter" => {
                e.prevent_default();
                e.stop_propagation();
                match selection == Some(Selection::Moment(now)) {
                    true => on_follow.emit(()),
                    false => on_select.emit(Selection::Moment(now)),
                }
                return;
            }
            _ => return,
        };
        e.prevent_default();
        e.stop_propagation();
        if let Some(next) = next {
            go.emit(next);
        }
    });
    (on_key, focus)
}

/// What has the focus.
pub fn active() -> Option<Element> {
    web_sys::window()?.document()?.active_element()
}

/// Of the events that are in the page the one next to a moment.
fn nearest(sheet: &NodeRef, moment: u32) -> Option<Element> {
    let all = sheet.cast::<Element>()?.query_selector_all(".event").ok()?;
    let all = (0..all.length()).filter_map(|i| all.get(i)?.dyn_into::<Element>().ok());
    let away = |e: &Element| e.get_attribute("data-moment")?.parse::<u32>().ok().map(|m| m.abs_diff(moment));
    all.min_by_key(|e| away(e).unwrap_or(u32::MAX))
}

fn event_element(sheet: &NodeRef, id: &str, moment: u32) -> Option<Element> {
    sheet.cast::<Element>()?.query_selector(&format!("#{id}-event-{moment}")).ok()?
}

/// Focuses an event, if it is rendered.
fn focus_event(sheet: &NodeRef, id: &str, moment: u32) -> bool {
    let Some(element) = event_element(sheet, id, moment) else { return false };
    // SVG elements have the same `focus` as HTML elements.
    element.unchecked_ref::<HtmlElement>().focus().is_ok()
}
