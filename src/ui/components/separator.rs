//! The borders between story, figure and drawer: dragged, or moved with the arrow keys; a double click puts them
//! back. While one is dragged only a property of the page changes, and nothing is rendered.

use crate::ui::browser;
use crate::ui::context::Ui;
use crate::ui::prefs::{Prefs, WIDTHS};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// Which border.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Border {
    /// The story is on its left.
    Story,
    /// The drawer is on its right.
    Drawer,
}

/// How far an arrow key moves it.
const STEP: i16 = 16;

impl Border {
    /// The property of the page that holds the width.
    pub fn property(self) -> &'static str {
        match self {
            Border::Story => "--story-user",
            Border::Drawer => "--drawer-user",
        }
    }

    fn width(self, prefs: &Prefs) -> u16 {
        match self {
            Border::Story => prefs.story_w.unwrap_or(324),
            Border::Drawer => prefs.drawer_w.unwrap_or(296),
        }
    }

    /// How wide the panel is on the page, where the figure may need what the reader wanted for it.
    fn shown(self, event: &web_sys::Event) -> Option<u16> {
        let columns = browser::columns(event, ".stage");
        let width = match self {
            Border::Story => columns.first(),
            Border::Drawer => columns.last(),
        };
        width.map(|w| (w * 16.0 / browser::text_size() + 0.5) as u16)
    }

    fn with(self, prefs: &Prefs, width: Option<u16>) -> Prefs {
        let mut prefs = prefs.clone();
        match self {
            Border::Story => prefs.story_w = width,
            Border::Drawer => prefs.drawer_w = width,
        }
        prefs
    }
}

/// A border that can be moved.
pub fn separator(ui: &Ui, border: Border) -> Html {
    let set = {
        let ui = ui.clone();
        move |width: Option<u16>| ui.set_prefs.emit(border.with(&ui.prefs, width))
    };
    let now = border.width(&ui.prefs);
    let step = {
        let set = set.clone();
        move |e: &KeyboardEvent, by: i16| {
            let width = border.shown(e).unwrap_or(now).saturating_add_signed(by);
            set(Some(width.clamp(*WIDTHS.start(), *WIDTHS.end())));
        }
    };
    let reset = move || set(None);
    let usual = reset.clone();
    let grows = if border == Border::Story { "ArrowRight" } else { "ArrowLeft" };
    let on_key = move |e: KeyboardEvent| {
        match e.key().as_str() {
            "ArrowLeft" | "ArrowRight" if e.key() == grows => step(&e, STEP),
            "ArrowLeft" | "ArrowRight" => step(&e, -STEP),
            "Enter" => usual(),
            _ => return,
        }
        e.prevent_default();
        e.stop_propagation();
    };
    // A press that does not move it is no drag: it may be half a double click.
    let moved = Rc::new(Cell::new(false));
    let has_moved = moved.clone();
    let on_move = move |e: PointerEvent| {
        if e.buttons() == 1 {
            moved.set(true);
            browser::set_root(border.property(), Some(dragged(border, &e)));
        }
    };
    let on_up = {
        let ui = ui.clone();
        move |e: PointerEvent| {
            if has_moved.replace(false) {
                // No more than the figure has left to it: the next drag begins where the border is.
                let width = dragged(border, &e);
                let width = border.shown(&e).map_or(width, |shown| shown.min(width)).max(*WIDTHS.start());
                ui.set_prefs.emit(border.with(&ui.prefs, Some(width)));
            }
        }
    };
    let (class, key) = match border {
        Border::Story => ("separator story-side", "app.border-story"),
        Border::Drawer => ("separator drawer-side", "app.border-drawer"),
    };
    html! {
        <div {class} role="separator" aria-orientation="vertical" tabindex="0" data-arrows="true"
            aria-label={ui.get(key)} title={ui.get("app.border-how")} aria-valuenow={now.to_string()}
            aria-valuemin={WIDTHS.start().to_string()} aria-valuemax={WIDTHS.end().to_string()}
            onkeydown={on_key} onpointerdown={browser::capture} onpointermove={on_move} onpointerup={on_up}
            ondblclick={move |_: MouseEvent| reset()}></div>
    }
}

/// How wide the panel is when the border is where the pointer is.
fn dragged(border: Border, event: &PointerEvent) -> u16 {
    let at = f64::from(event.client_x());
    let (left, right) = browser::edges(event, ".stage");
    let width = match border {
        Border::Story => at - left,
        Border::Drawer => right - at,
    };
    // The store holds widths at the usual size of text.
    let width = width * 16.0 / browser::text_size();
    (width as u16).clamp(*WIDTHS.start(), *WIDTHS.end())
}
