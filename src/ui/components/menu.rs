//! A button with a small menu: the browser's popover, so that it lies over everything and goes away by itself.

use super::icon::icon;
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// One entry.
#[derive(Clone, PartialEq)]
pub struct Item {
    /// Its icon.
    pub icon: &'static str,
    /// What it is called.
    pub label: AttrValue,
    /// What would come of it, or why it is not possible.
    pub why: Option<AttrValue>,
    /// Whether it is possible.
    pub enabled: bool,
    /// What it does.
    pub on: Callback<()>,
}

/// A menu.
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// Unique on the page.
    pub id: AttrValue,
    /// What it is called.
    pub label: AttrValue,
    /// Its entries: asked for when it opens, and while it is open.
    pub items: Callback<(), Vec<Item>>,
    /// Classes of the button.
    #[prop_or_default]
    pub class: Classes,
}

/// A button with a small menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let (button, list) = (use_node_ref(), use_node_ref());
    let open = use_state(|| false);
    {
        let (list, open) = (list.clone(), open.setter());
        use_effect_with((), move |()| {
            let list = list.cast::<HtmlElement>();
            let listener = list.map(|list| {
                let shown = list.clone();
                EventListener::new(&list, "toggle", move |_| {
                    open.set(shown.matches(":popover-open").unwrap_or(false))
                })
            });
            move || drop(listener)
        });
    }
    {
        let (button, list) = (button.clone(), list.clone());
        use_effect_with(*open, move |open| {
            if let (true, Some(button), Some(list)) = (*open, button.cast(), list.cast()) {
                place(&button, &list);
                step(&list, Move::First);
            }
        });
    }
    let keys = {
        let list = list.clone();
        move |e: KeyboardEvent| {
            e.stop_propagation();
            let Some(list) = list.cast::<HtmlElement>() else { return };
            let to = match e.key().as_str() {
                "ArrowDown" => Move::Next,
                "ArrowUp" => Move::Back,
                "Home" => Move::First,
                "End" => Move::Last,
                "Tab" => return drop(list.hide_popover()),
                _ => return,
            };
            e.prevent_default();
            step(&list, to);
        }
    };
    let items = if *open { props.items.emit(()) } else { Vec::new() };
    html! {
        <>
            <button ref={button} class={classes!("dots", props.class.clone())} popovertarget={&props.id}
                aria-haspopup="menu" aria-expanded={open.to_string()} aria-label={&props.label} title={&props.label}>
                <span aria-hidden="true">{ "…" }</span>
            </button>
            <ul ref={list.clone()} id={&props.id} class="menu" popover="auto" role="menu" aria-label={&props.label}
                onkeydown={keys}>
                { for items.into_iter().map(|item| entry(item, &list)) }
            </ul>
        </>
    }
}

fn entry(item: Item, list: &NodeRef) -> Html {
    let list = list.clone();
    let on = item.enabled.then_some(item.on);
    let click = move |_: MouseEvent| {
        let Some(on) = &on else { return };
        if let Some(list) = list.cast::<HtmlElement>() {
            let _ = list.hide_popover();
        }
        on.emit(());
    };
    let disabled = (!item.enabled).then_some("true");
    html! {
        <li role="none">
            <button role="menuitem" aria-disabled={disabled} onclick={click}>
                { icon(if item.enabled { item.icon } else { "no" }) }
                <span class="what">{ item.label }</span>
                if let Some(why) = item.why { <span class="why">{ why }</span> }
            </button>
        </li>
    }
}

/// Puts the menu below the button, or above it where there is no room, and always inside the window.
fn place(button: &Element, list: &HtmlElement) {
    let Some(window) = web_sys::window() else { return };
    let size = |v: Result<wasm_bindgen::JsValue, _>| v.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let (at, menu) = (button.get_bounding_client_rect(), list.get_bounding_client_rect());
    const GAP: f64 = 4.0;
    let left = (at.right() - menu.width()).min(width - menu.width() - GAP).max(GAP);
    let below = at.bottom() + GAP;
    let fits = below + menu.height() + GAP <= height;
    let top = if fits { below } else { (at.top() - GAP - menu.height()).max(GAP) };
    let style = list.style();
    let _ = style.set_property("left", &format!("{}px", left.round() as i32));
    let _ = style.set_property("top", &format!("{}px", top.round() as i32));
}

#[derive(Clone, Copy)]
enum Move {
    First,
    Next,
    Back,
    Last,
}

/// Moves the focus among the entries.
fn step(list: &HtmlElement, to: Move) {
    let Ok(found) = list.query_selector_all("[role=menuitem]") else { return };
    let items: Vec<HtmlElement> = (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect();
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    let at = items.iter().position(|i| active.as_ref() == Some(i.as_ref()));
    let n = items.len();
    let next = match (to, at) {
        (Move::First, _) | (Move::Next, None) => 0,
        (Move::Last, _) | (Move::Back, None) => n.saturating_sub(1),
        (Move::Next, Some(i)) => (i + 1) % n,
        (Move::Back, Some(i)) => (i + n - 1) % n,
    };
    if let Some(item) = items.get(next) {
        let _ = item.focus();
    }
}
