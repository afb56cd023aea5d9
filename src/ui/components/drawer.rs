//! Beside the diagram: what must hold and what it costs, the run in plain sentences, and every node in full.

mod lamps;
mod log;
mod rules;
mod state;

pub use log::EventLog;
pub use rules::RulesAndCost;
pub use state::StatePane;

use super::icon::Icon;
use crate::run::Event;
use crate::ui::context::use_ui;
use crate::view::View;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// A tab of the drawer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tab {
    /// Properties and costs.
    #[default]
    Rules,
    /// The run as a list.
    Log,
    /// Every node in full.
    State,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: [Tab; 3] = [Tab::Rules, Tab::Log, Tab::State];

    fn key(self) -> &'static str {
        match self {
            Tab::Rules => "drawer.rules",
            Tab::Log => "drawer.log",
            Tab::State => "drawer.state",
        }
    }
}

/// What the drawer shows.
#[derive(Properties, PartialEq)]
pub struct DrawerProps {
    /// The moment.
    pub view: Rc<View>,
    /// What happened: `events[i]` leads to moment `i + 1`.
    pub events: Rc<Vec<Rc<Event>>>,
    /// The open tab.
    pub tab: Tab,
    /// Asks for another tab.
    pub on_tab: Callback<Tab>,
    /// Asks to close the drawer.
    pub on_close: Callback<()>,
    /// The reader selected a moment.
    pub on_select_moment: Callback<u32>,
    /// The selected moment.
    #[prop_or_default]
    pub selected: Option<u32>,
}

/// The drawer.
#[component]
pub fn Drawer(props: &DrawerProps) -> Html {
    let ui = use_ui();
    let tabs = use_node_ref();
    let tab = props.tab;
    let keys = {
        let (tabs, on_tab) = (tabs.clone(), props.on_tab.clone());
        move |e: KeyboardEvent| {
            let at = Tab::ALL.iter().position(|t| *t == tab).expect("every tab is in the list");
            let n = Tab::ALL.len();
            let next = match e.key().as_str() {
                "ArrowRight" => (at + 1) % n,
                "ArrowLeft" => (at + n - 1) % n,
                "Home" => 0,
                "End" => n - 1,
                _ => return,
            };
            e.prevent_default();
            e.stop_propagation();
            on_tab.emit(Tab::ALL[next]);
            focus_tab(&tabs, next);
        }
    };
    let button = |t: Tab| {
        let on_tab = props.on_tab.clone();
        html! {
            <button role="tab" id={format!("tab-{}", t.key())} aria-selected={(t == tab).to_string()}
                aria-controls="drawer-pane" tabindex={if t == tab { "0" } else { "-1" }}
                onclick={move |_| on_tab.emit(t)}>
                { ui.get(t.key()) }
            </button>
        }
    };
    let close = {
        let on_close = props.on_close.clone();
        move |_: MouseEvent| on_close.emit(())
    };
    let pane = match tab {
        Tab::Rules => html! { <RulesAndCost view={props.view.clone()} /> },
        Tab::Log => html! {
            <EventLog view={props.view.clone()} events={props.events.clone()} selected={props.selected}
                on_select={props.on_select_moment.clone()} />
        },
        Tab::State => html! { <StatePane view={props.view.clone()} /> },
    };
    html! {
        <>
            <div class="drawer-head">
                <div ref={tabs} class="tabs" role="tablist" aria-label={ui.get("drawer.title")} onkeydown={keys}>
                    { for Tab::ALL.into_iter().map(button) }
                </div>
                <button class="pick square" onclick={close} aria-label={ui.get("drawer.close")}>
                    <Icon name="cross" />
                </button>
            </div>
            <div id="drawer-pane" class="drawer-pane" role="tabpanel" tabindex="0"
                aria-labelledby={format!("tab-{}", tab.key())}>
                { pane }
            </div>
        </>
    }
}

fn focus_tab(tabs: &NodeRef, at: usize) {
    let list = tabs.cast::<HtmlElement>();
    let tab = list.and_then(|l| l.children().item(at as u32)).and_then(|t| t.dyn_into::<HtmlElement>().ok());
    if let Some(tab) = tab {
        let _ = tab.focus();
    }
}
