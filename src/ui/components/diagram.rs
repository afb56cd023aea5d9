//! The space-time diagram on screen: [`crate::ui::layout`] says where everything is, this draws it and
//! listens.
//!
//! Moments are rendered in chunks that are left alone unless they changed; what is selected is shown by a
//! layer of its own, so that selecting renders nothing else.

mod pills;
mod scroll;
mod shapes;

use crate::protocol::Meta;
use crate::sim::MsgRef;
use crate::ui::layout::{Figure, Layer, Selection, Texts};
use crate::view::Plot;
use pills::Pills;
use scroll::use_scroller;
use shapes::{Below, ChunkLayer, Fresh, Overlay};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

pub use pills::{Allowed, MessageAct};
pub use scroll::use_width;

/// A container that is narrower than this gets the compact figure.
const COMPACT: f64 = 520.0;

/// The words of the diagram, in the reader's language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DiagramTexts {
    /// The words in the figure.
    pub figure: Texts,
    /// What the whole is called.
    pub title: String,
    /// What it shows now, in a sentence.
    pub desc: String,
    /// A message in flight: `{msg}`, `{from}` and `{to}` are filled in.
    pub message: String,
    /// The name of the button that delivers.
    pub deliver: String,
    /// The name of the button that drops.
    pub drop: String,
    /// The name of the button that duplicates.
    pub duplicate: String,
    /// The name of the button that releases what is held back.
    pub release: String,
    /// The name of the button behind which there is more.
    pub more: String,
}

/// A shared thing that is the same only if it is the very same.
#[derive(Clone)]
struct Same<T>(Rc<T>);

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Same<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What a diagram shows, and whom it tells.
#[derive(Properties)]
pub struct DiagramProps {
    /// What there is to draw.
    pub plot: Rc<Plot>,
    /// The protocol.
    pub meta: &'static Meta,
    /// All words.
    pub texts: Rc<DiagramTexts>,
    /// A sentence for every event, in their order.
    pub labels: Rc<Vec<String>>,
    /// What is selected.
    #[prop_or_default]
    pub selection: Option<Selection>,
    /// Told what was clicked.
    pub on_select: Callback<Selection>,
    /// Told what is to happen to a message in flight.
    pub on_message: Callback<(MsgRef, MessageAct)>,
    /// What may be done to each message in flight, in the order of the plot; everything if left out.
    #[prop_or_default]
    pub allowed: Rc<Vec<Allowed>>,
    /// What stands above the lifelines and stays in sight, given whether there is little room: the node
    /// cards.
    pub heads: Callback<bool, Html>,
    /// The beginning of the ids of its elements: different for each diagram on a page.
    #[prop_or(AttrValue::Static("diagram"))]
    pub id: AttrValue,
}

impl PartialEq for DiagramProps {
    fn eq(&self, other: &DiagramProps) -> bool {
        Rc::ptr_eq(&self.plot, &other.plot)
            && std::ptr::eq(self.meta, other.meta)
            && self.texts == other.texts
            && self.labels == other.labels
            && self.selection == other.selection
            && self.on_select == other.on_select
            && self.on_message == other.on_message
            && self.allowed == other.allowed
            && self.heads == other.heads
            && self.id == other.id
    }
}

/// The space-time diagram.
#[component]
pub fn Diagram(props: &DiagramProps) -> Html {
    let scroller = use_node_ref();
    let sheet = use_node_ref();
    let width = scroll::use_width(&scroller);
    let compact = width < COMPACT;
    let figure = use_memo(
        (Same(props.plot.clone()), Same(props.texts.clone()), width.round() as u32, compact),
        |(plot, texts, width, compact)| {
            Figure::new(&plot.0, props.meta, &texts.0.figure, f64::from(*width), *compact)
        },
    );
    let (window, on_scroll) = use_scroller(&scroller, &sheet, &figure, &props.plot);
    let fresh = use_fresh(&props.plot);
    let on_key = use_roving(&sheet, &scroller, &props.id, props.plot.events.len() as u32, &props.on_select);
    let on_click = {
        let on_select = props.on_select.clone();
        Callback::from(move |e: MouseEvent| {
            if let Some(selection) = e.target_dyn_into::<Element>().and_then(|e| selected(&e)) {
                on_select.emit(selection);
            }
        })
    };
    // A button that was pressed goes away with its message; the reader stays where that led.
    let pressed = use_mut_ref(|| false);
    let on_message = {
        let (pressed, on_message) = (pressed.clone(), props.on_message.clone());
        Callback::from(move |what| {
            *pressed.borrow_mut() = true;
            on_message.emit(what);
        })
    };
    {
        let (sheet, id) = (sheet.clone(), props.id.clone());
        use_effect_with(Same(props.plot.clone()), move |plot| {
            if std::mem::take(&mut *pressed.borrow_mut()) {
                let focused = document().and_then(|d| d.active_element());
                if focused.is_none_or(|e| e.tag_name() == "BODY") {
                    focus_event(&sheet, &id, plot.0.events.len() as u32);
                }
            }
        });
    }
    if width == 0.0 {
        return html! { <div class="canvas" ref={scroller}></div> };
    }
    let (w, h) = (format!("{:.1}", figure.width), format!("{:.1}", figure.height));
    let last = figure.chunks.len() - 1;
    let chunks = |layer: Layer| -> Html {
        let seen = figure.chunks.iter().enumerate();
        let seen = seen.filter(|(_, c)| window.sees(c.top, c.bottom));
        seen.map(|(i, chunk)| {
            html! {
                <ChunkLayer key={i} chunk={chunk.clone()} {layer} labels={props.labels.clone()}
                    id={props.id.clone()} fresh={fresh.filter(|_| i == last)} />
            }
        })
        .collect()
    };
    let (title, desc) = (format!("{}-title", props.id), format!("{}-desc", props.id));
    html! {
        <div class={classes!("canvas", compact.then_some("compact"))} ref={scroller} onscroll={on_scroll}>
            <div class="heads"><Wide width={figure.width}>{ props.heads.emit(compact) }</Wide></div>
            <div class="sheet" ref={sheet}>
                <svg width={w.clone()} height={h.clone()} viewBox={format!("0 0 {w} {h}")}
                    role="graphics-document document" aria-labelledby={format!("{title} {desc}")}
                    onclick={on_click} onkeydown={on_key}>
                    <title id={title}>{ props.texts.title.clone() }</title>
                    <desc id={desc}>{ props.texts.desc.clone() }</desc>
                    { shapes::defs() }
                    <g aria-hidden="true">{ chunks(Layer::Ground) }</g>
                    <Below shapes={figure.below.clone()} />
                    <Overlay figure={figure.clone()} selection={props.selection} />
                    <g aria-hidden="true">{ chunks(Layer::Lines) }</g>
                    <g>{ chunks(Layer::Marks) }</g>
                    <g class="words" aria-hidden="true">{ chunks(Layer::Words) }</g>
                </svg>
                <Pills pills={figure.pills.clone()} flights={flights(props)} texts={props.texts.clone()}
                    {on_message} on_select={props.on_select.clone()} />
            </div>
        </div>
    }
}

/// What may be done to the messages in flight, by number.
fn flights(props: &DiagramProps) -> Rc<Vec<(u32, Allowed)>> {
    let allowed = |i: usize| props.allowed.get(i).copied().unwrap_or_default();
    Rc::new(props.plot.flights.iter().enumerate().map(|(i, f)| (f.id, allowed(i))).collect())
}

/// What an element, or the one it stands in, belongs to.
fn selected(element: &Element) -> Option<Selection> {
    let owner = element.closest("[data-moment],[data-message],[data-node]").ok()??;
    let number = |name| owner.get_attribute(name).and_then(|v| v.parse::<u32>().ok());
    number("data-message")
        .map(Selection::Message)
        .or_else(|| number("data-moment").map(Selection::Moment))
        .or_else(|| number("data-node").map(|n| Selection::Node(crate::protocol::NodeId(n as u8))))
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// The event that was drawn just now, if the run grew by one step: pencil turns to ink.
#[hook]
fn use_fresh(plot: &Rc<Plot>) -> Option<Fresh> {
    let before = use_mut_ref(|| (plot.clone(), None::<Fresh>));
    let mut before = before.borrow_mut();
    if !Rc::ptr_eq(&before.0, plot) {
        let (was, is) = (before.0.events.len(), plot.events.len());
        let same = was == 0
            || plot.events.get(was - 1).zip(before.0.events.last()).is_some_and(|(a, b)| Rc::ptr_eq(a, b));
        let fresh = (is == was + 1 && same).then(|| Fresh {
            moment: is as u32,
            message: plot.events[was].sent.first().map_or(u32::MAX, |s| s.id),
        });
        // A preview makes another plot of the same run: what is fresh stays so.
        let kept = before.1.filter(|_| is == was && same);
        *before = (plot.clone(), fresh.or(kept));
    }
    before.1
}

/// One of the events can be reached with Tab; the arrow keys go to the others in the order of the run.
#[hook]
fn use_roving(
    sheet: &NodeRef,
    scroller: &NodeRef,
    id: &AttrValue,
    count: u32,
    on_select: &Callback<Selection>,
) -> Callback<KeyboardEvent> {
    let at = use_mut_ref(|| count);
    {
        // New moments are where the reader is.
        let at = at.clone();
        use_effect_with(count, move |count| *at.borrow_mut() = *count);
    }
    {
        let (sheet, id, at) = (sheet.clone(), id.clone(), at.clone());
        use_effect(move || {
            let now = (*at.borrow()).min(count).max(1);
            mark_reachable(&sheet, &id, now);
        });
    }
    let (sheet, scroller, id, on_select) = (sheet.clone(), scroller.clone(), id.clone(), on_select.clone());
    Callback::from(move |e: KeyboardEvent| {
        let on_event = e.target_dyn_into::<Element>().is_some_and(|t| t.matches(".event").unwrap_or(false));
        let now = *at.borrow();
        let next = match e.key().as_str() {
            "ArrowUp" => now.saturating_sub(1).max(1),
            "ArrowDown" => (now + 1).min(count),
            "PageUp" => now.saturating_sub(10).max(1),
            "PageDown" => (now + 10).min(count),
            "Enter" if on_event => {
                e.prevent_default();
                return on_select.emit(Selection::Moment(now));
            }
            _ => return,
        };
        if e.ctrl_key() || e.alt_key() || e.meta_key() {
            return;
        }
        e.prevent_default();
        e.stop_propagation();
        *at.borrow_mut() = next;
        mark_reachable(&sheet, &id, next);
        if !focus_event(&sheet, &id, next) {
            // It is not rendered yet: bring it near, and let the next key find it.
            if let Some(scroller) = scroller.cast::<Element>() {
                let by = if next < now { -0.8 } else { 0.8 };
                scroller.set_scroll_top(
                    scroller.scroll_top() + (by * f64::from(scroller.client_height())) as i32,
                );
            }
            *at.borrow_mut() = now;
        }
    })
}

fn event_element(sheet: &NodeRef, id: &str, moment: u32) -> Option<Element> {
    sheet.cast::<Element>()?.query_selector(&format!("#{id}-event-{moment}")).ok()?
}

/// Makes one event the one that Tab reaches. Set by hand, since for the renderer all events are alike.
fn mark_reachable(sheet: &NodeRef, id: &str, moment: u32) {
    let Some(root) = sheet.cast::<Element>() else { return };
    let set = |element: &Element, value| {
        let done = element.set_attribute("tabindex", value);
        debug_assert!(done.is_ok());
    };
    if let Ok(Some(old)) = root.query_selector(".event[tabindex='0']") {
        set(&old, "-1");
    }
    if let Some(new) = event_element(sheet, id, moment) {
        set(&new, "0");
    }
}

/// Focuses an event, if it is rendered.
fn focus_event(sheet: &NodeRef, id: &str, moment: u32) -> bool {
    let Some(element) = event_element(sheet, id, moment) else { return false };
    // SVG elements have the same `focus` as HTML elements.
    element.unchecked_ref::<HtmlElement>().focus().is_ok()
}

#[derive(Properties, PartialEq)]
struct WideProps {
    width: f64,
    children: Html,
}

/// Something as wide as the figure.
#[component]
fn Wide(props: &WideProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.width, move |width| {
            if let Some(element) = node.cast::<HtmlElement>() {
                pills::style(&element, &[("width", *width)]);
            }
        });
    }
    html! { <div ref={node}>{ props.children.clone() }</div> }
}
