//! The run as a real ordered list of plain sentences: in the drawer, and at full length as the text view.
//!
//! Rows are made in chunks that are left alone unless they changed, and the browser lays out only what is near
//! the screen. One row can be reached with Tab; the arrow keys go to the others.

use crate::run::{Event, NodeNow};
use crate::text::Text;
use crate::ui::context::{Ui, use_ui};
use crate::view::View;
use crate::view::inspect::{Deed, deeds};
use crate::view::turns::{Turn, turns};
use crate::view::words::Words;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// So many rows are made together.
const CHUNK: usize = 50;

/// What the list shows.
#[derive(Properties, PartialEq)]
pub struct LinesProps {
    /// The present moment, for the names of nodes.
    pub view: Rc<View>,
    /// Every node before the first step, by id.
    pub start: Rc<Vec<NodeNow>>,
    /// What happened: `events[i]` leads to moment `i + 1`.
    pub events: Rc<Vec<Rc<Event>>>,
    /// The selected moment.
    #[prop_or_default]
    pub selected: Option<u32>,
    /// The reader selected a moment.
    pub on_select: Callback<u32>,
    /// With the node and every effect in order.
    #[prop_or_default]
    pub full: bool,
    /// What the list is called.
    pub label: AttrValue,
}

/// The run, one sentence an event, the newest in view.
#[component]
pub fn Lines(props: &LinesProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(props.events.len(), move |_| {
            // The list scrolls, not the page.
            let scroller = list.cast::<Element>().and_then(|e| e.closest(".scroller").ok()?);
            if let Some(scroller) = scroller {
                scroller.set_scroll_top(scroller.scroll_height());
            }
        });
    }
    let count = props.events.len();
    let chunks = (0..count.div_ceil(CHUNK)).map(|i| {
        let (first, last) = (i * CHUNK, ((i + 1) * CHUNK).min(count));
        let inside = |m: &u32| (first as u32 + 1..=last as u32).contains(m);
        html! {
            <LineChunk key={i} view={props.view.clone()} start={props.start.clone()}
                events={props.events.clone()} {first} {last} selected={props.selected.filter(inside)}
                reach={Some(props.selected.unwrap_or(count as u32)).filter(inside)}
                on_select={props.on_select.clone()} full={props.full} />
        }
    });
    html! {
        <ol ref={list} class={classes!("log-lines", props.full.then_some("full"))} aria-label={&props.label}
            onkeydown={on_key}>
            { for chunks }
        </ol>
    }
}

/// The arrow keys go from row to row.
fn on_key(e: KeyboardEvent) {
    let Some(row) = e.target_dyn_into::<Element>().and_then(|t| t.closest("li.row-of-run").ok()?) else {
        return;
    };
    let next = match e.key().as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        _ => return,
    };
    e.prevent_default();
    e.stop_propagation();
    let button = next.and_then(|row| row.query_selector(".log-line").ok()?);
    if let Some(button) = button.and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

#[derive(Properties)]
struct LineChunkProps {
    view: Rc<View>,
    start: Rc<Vec<NodeNow>>,
    events: Rc<Vec<Rc<Event>>>,
    first: usize,
    last: usize,
    selected: Option<u32>,
    /// The row that Tab reaches.
    reach: Option<u32>,
    on_select: Callback<u32>,
    full: bool,
}

/// The view is there for names, which stay the same during a run: another moment is no reason to write the
/// sentences again.
impl PartialEq for LineChunkProps {
    fn eq(&self, other: &Self) -> bool {
        let from = self.first.saturating_sub(1);
        (self.first, self.last, self.selected, self.reach, self.full)
            == (other.first, other.last, other.selected, other.reach, other.full)
            && self.on_select == other.on_select
            && (from..self.last).all(|i| Rc::ptr_eq(&self.events[i], &other.events[i]))
    }
}

#[component]
fn LineChunk(props: &LineChunkProps) -> Html {
    let ui = use_ui();
    (props.first..props.last).map(|i| row(&ui, props, i)).collect()
}

fn row(ui: &Ui, props: &LineChunkProps, i: usize) -> Html {
    let (scene, event) = (&props.view.scene, &props.events[i]);
    let words = Words::new(scene);
    let moment = i as u32 + 1;
    let (before, violated): (&[NodeNow], &[&'static str]) = match i.checked_sub(1) {
        Some(j) => (&props.events[j].nodes, &props.events[j].violated),
        None => (&props.start, &[]),
    };
    let turns = turns(scene, before, violated, event);
    let select = {
        let on_select = props.on_select.clone();
        move |_: MouseEvent| on_select.emit(moment)
    };
    let selected = props.selected == Some(moment);
    let crashed = event.report.crashed.is_some();
    let class = classes!("log-line", crashed.then_some("bad"), selected.then_some("selected"));
    let named = ui.say(&Text::new("drawer.moment").number("n", moment));
    let who = event.step.node().map_or("–", |n| scene.name(n));
    let last = i + 1 == props.events.len();
    html! {
        <li key={moment} class="row-of-run">
            <button {class} onclick={select} aria-current={last.then_some("step")} aria-pressed={selected.to_string()}
                tabindex={if props.reach == Some(moment) { "0" } else { "-1" }}>
                <span class="at num" aria-hidden="true">{ moment }</span>
                if props.full { <span class="who code" aria-hidden="true">{ who }</span> }
                <span class="sr">{ ui.lang.colon(&named, "") }</span>
                <span>{ ui.rich(&words.event(event)) }</span>
            </button>
            if !turns.is_empty() { <ul class="turns">{ for turns.iter().map(|t| turn(ui, t)) }</ul> }
            if props.full && event.report.effects.len() > 1 {
                <ol class="deeds-inline" aria-label={ui.get("inspect.effects")}>
                    { for deeds(&words, &event.report).iter().map(|d| deed(ui, d)) }
                </ol>
            }
        </li>
    }
}

fn turn(ui: &Ui, turn: &Turn) -> Html {
    html! { <li class={turn.tone}>{ ui.rich(&turn.text) }</li> }
}

fn deed(ui: &Ui, deed: &Deed) -> Html {
    let class = (!deed.happened).then_some("never");
    html! { <li {class}>{ ui.rich(&deed.text) }{ ui.lang.aside(&ui.get(deed.left)) }</li> }
}
