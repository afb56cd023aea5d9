//! Beside the diagram: what must hold and what it costs, the run in plain sentences, and every node in full.

mod inspector;
mod lamps;
mod machine;
mod ruler;
mod rules;
mod state;

pub use rules::{costs, law};

use super::icon::icon;
use super::lines::Lines;
use crate::session::Session;
use crate::sim::Step;
use crate::ui::context::use_ui;
use crate::ui::layout::Selection;
use crate::view::{Plot, View};
use rules::RulesAndCost;
use state::StatePane;
use std::cell::RefCell;
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

    /// The key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Tab::Rules => "drawer.rules",
            Tab::Log => "drawer.log",
            Tab::State => "drawer.state",
        }
    }
}

/// What the drawer shows.
#[derive(Properties)]
pub struct DrawerProps {
    /// The session, to look at moments that are not the present one.
    pub session: Rc<RefCell<Session>>,
    /// The moment.
    pub view: Rc<View>,
    /// What happened.
    pub plot: Rc<Plot>,
    /// The open tab.
    pub tab: Tab,
    /// Asks for another tab.
    pub on_tab: Callback<Tab>,
    /// Asks to close the drawer.
    pub on_drawer: Callback<bool>,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Selects something, or nothing.
    pub on_select: Callback<Option<Selection>>,
    /// A step that the reader only looks at.
    pub preview: Option<Step>,
    /// Whether it is the page, and called "Nodes".
    pub nodes_first: bool,
}

impl PartialEq for DrawerProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view
            && Rc::ptr_eq(&self.plot, &other.plot)
            && self.tab == other.tab
            && self.on_tab == other.on_tab
            && self.on_drawer == other.on_drawer
            && self.selection == other.selection
            && self.on_select == other.on_select
            && self.preview == other.preview
            && self.nodes_first == other.nodes_first
    }
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
    let close = props.on_drawer.reform(|_: MouseEvent| false);
    let (events, start) = (props.plot.events.clone(), props.plot.start.clone());
    let on_line = use_callback(props.on_select.clone(), |m, on| on.emit(Some(Selection::Moment(m))));
    let pane = match tab {
        Tab::Rules => html! {
            <RulesAndCost view={props.view.clone()} {events} on_go={state::go(&ui, &props.session)} />
        },
        Tab::Log if events.is_empty() => {
            html! { <p class="quiet log-empty">{ ui.get("drawer.log.empty") }</p> }
        }
        Tab::Log => {
            let selected = match props.selection {
                Some(Selection::Moment(m)) => Some(m),
                _ => None,
            };
            html! {
                <Lines view={props.view.clone()} {start} {events} {selected} label={ui.get("drawer.log")}
                    on_select={on_line} />
            }
        }
        Tab::State => html! {
            <StatePane session={props.session.clone()} view={props.view.clone()} selection={props.selection}
                on_select={props.on_select.clone()} preview={props.preview} nodes_first={props.nodes_first} />
        },
    };
    html! {
        <>
            <div class="drawer-head">
                <div ref={tabs} class="tabs" role="tablist" aria-label={ui.get("drawer.title")} onkeydown={keys}>
                    { for Tab::ALL.into_iter().map(button) }
                </div>
                <button class="pick square" onclick={close} aria-label={ui.get("drawer.close")}>
                    { icon("cross") }
                </button>
            </div>
            <div id="drawer-pane" class="drawer-pane scroller" role="tabpanel" tabindex="0"
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
