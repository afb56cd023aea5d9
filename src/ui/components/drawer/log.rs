//! The run as a list of plain sentences: what a screen reader reads, and what one prints.

use crate::run::Event;
use crate::text::Text;
use crate::ui::context::use_ui;
use crate::view::View;
use crate::view::words::Words;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct EventLogProps {
    /// The moment.
    pub view: Rc<View>,
    /// What happened: `events[i]` leads to moment `i + 1`.
    pub events: Rc<Vec<Rc<Event>>>,
    /// The selected moment.
    #[prop_or_default]
    pub selected: Option<u32>,
    /// The reader selected a moment.
    pub on_select: Callback<u32>,
}

/// The run, one sentence an event, the newest in view.
#[component]
pub fn EventLog(props: &EventLogProps) -> Html {
    let ui = use_ui();
    let end = use_node_ref();
    {
        let end = end.clone();
        use_effect_with((props.events.len(), props.view.moment), move |_| {
            // The list scrolls, not the page.
            let list = end.cast::<Element>().and_then(|e| e.closest(".drawer-pane").ok()?);
            if let Some(list) = list {
                list.set_scroll_top(list.scroll_height());
            }
        });
    }
    if props.events.is_empty() {
        return html! { <p class="quiet log-empty">{ ui.get("drawer.log.empty") }</p> };
    }
    let row = |(i, event): (usize, &Rc<Event>)| {
        let moment = i as u32 + 1;
        html! {
            <EventRow key={moment} view={props.view.clone()} event={event.clone()} {moment}
                current={moment == props.view.moment} selected={props.selected == Some(moment)}
                on_select={props.on_select.clone()} />
        }
    };
    html! {
        <>
            <ol class="log-lines" aria-label={ui.get("drawer.log")}>{ for props.events.iter().enumerate().map(row) }</ol>
            <span ref={end}></span>
        </>
    }
}

#[derive(Properties)]
struct EventRowProps {
    view: Rc<View>,
    event: Rc<Event>,
    moment: u32,
    current: bool,
    selected: bool,
    on_select: Callback<u32>,
}

/// The view is there for the names of nodes, which stay the same during a run: another moment is no reason to
/// write the sentence again.
impl PartialEq for EventRowProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.event, &other.event)
            && self.moment == other.moment
            && self.current == other.current
            && self.selected == other.selected
            && self.on_select == other.on_select
    }
}

#[component]
fn EventRow(props: &EventRowProps) -> Html {
    let ui = use_ui();
    let words = Words::new(&props.view.scene);
    let select = {
        let (on_select, moment) = (props.on_select.clone(), props.moment);
        move |_: MouseEvent| on_select.emit(moment)
    };
    let crashed = props.event.report.crashed.is_some();
    let class = classes!("log-line", crashed.then_some("bad"), props.selected.then_some("selected"));
    let moment = ui.say(&Text::new("drawer.moment").number("n", props.moment));
    html! {
        <li>
            <button {class} onclick={select} aria-current={props.current.then_some("step")}>
                <span class="at num" aria-hidden="true">{ props.moment }</span>
                <span class="sr">{ format!("{moment}: ") }</span>
                <span>{ ui.rich(&words.event(&props.event)) }</span>
            </button>
        </li>
    }
}
