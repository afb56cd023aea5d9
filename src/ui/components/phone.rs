//! What only narrow screens have: tabs, because they show one thing at a time, and a bar below with what
//! one does most.

use super::drawer::Tab;
use super::icon::icon;
use crate::session::Action;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::use_ui;
use crate::view::View;
use crate::view::choices::{Choice, Group};
use std::rc::Rc;
use yew::prelude::*;

/// Where the reader is on a screen that shows one thing at a time.
#[derive(Clone, Copy, PartialEq)]
pub enum Page {
    /// The diagram.
    Diagram,
    /// A tab of the drawer.
    Drawer,
    /// The history.
    History,
}

/// Where the reader is.
#[derive(Properties, PartialEq)]
pub struct PhoneTabsProps {
    /// The diagram or the drawer.
    pub page: Page,
    /// Which tab of the drawer.
    pub tab: Tab,
    /// Goes to the diagram or the drawer.
    pub on_page: Callback<Page>,
    /// Goes to a tab of the drawer.
    pub on_tab: Callback<Tab>,
}

/// Tabs for narrow screens: the diagram, and the drawer's.
#[component]
pub fn PhoneTabs(props: &PhoneTabsProps) -> Html {
    let ui = use_ui();
    let choices = [None, Some(Tab::State), Some(Tab::Log), Some(Tab::Rules)];
    let keys = ["app.diagram", "app.nodes", "app.log", "app.rules"];
    let button = |(tab, key): (Option<Tab>, &str)| {
        let here = match (props.page, tab) {
            (Page::Diagram, None) => true,
            (Page::Drawer, Some(t)) => t == props.tab,
            _ => false,
        };
        let (on_page, on_tab) = (props.on_page.clone(), props.on_tab.clone());
        let go = Callback::from(move |_: MouseEvent| match tab {
            None => on_page.emit(Page::Diagram),
            Some(tab) => {
                on_tab.emit(tab);
                on_page.emit(Page::Drawer);
            }
        });
        html! { <button aria-pressed={here.to_string()} onclick={go}>{ ui.get(key) }</button> }
    };
    let on_page = props.on_page.clone();
    let history = Callback::from(move |_: MouseEvent| on_page.emit(Page::History));
    let past = props.page == Page::History;
    html! {
        <div class="phone-tabs phone-only">
            { for choices.into_iter().zip(keys).map(button) }
            <button aria-pressed={past.to_string()} onclick={history}>{ ui.get("strip.title") }</button>
        </div>
    }
}

/// What one does most.
#[derive(Properties, PartialEq)]
pub struct BottomBarProps {
    /// The present moment.
    pub view: Rc<View>,
    /// Whether all choices are shown.
    pub sheet: bool,
    /// Shows or hides all choices.
    pub on_sheet: Callback<bool>,
    /// Whether it plays.
    pub playing: bool,
    /// Plays, or stops that.
    pub on_play: Callback<()>,
}

/// The bar at the bottom of narrow screens.
#[component]
pub fn BottomBar(props: &BottomBarProps) -> Html {
    let ui = use_ui();
    let act = |action: Action| {
        let act = ui.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(action.clone()))
    };
    let strip = &props.view.strip;
    let play = if props.playing { ("play.stop", "pause") } else { ("play.play", "play") };
    let first = props.view.choices.iter().find(|c| c.default);
    let listed = |c: &&Choice| c.refused.is_none() && c.group == Group::Next;
    let others =
        props.view.choices.iter().filter(listed).count().saturating_sub(usize::from(first.is_some()));
    let toggle = {
        let (on_sheet, open) = (props.on_sheet.clone(), !props.sheet);
        Callback::from(move |_: MouseEvent| on_sheet.emit(open))
    };
    let fault = {
        let on_sheet = props.on_sheet.clone();
        Callback::from(move |_: MouseEvent| {
            on_sheet.emit(true);
            browser::reveal("#faults", ".tool");
        })
    };
    html! {
        <>
            <button class="sheet-grip phone-only" aria-expanded={props.sheet.to_string()} onclick={toggle}>
                <span>{ match others {
                    0 => ui.get("palette.faults"),
                    n => ui.say(&Text::new("phone.others").number("n", n as i64)),
                } }</span>
                { icon(if props.sheet { "down" } else { "up" }) }
            </button>
            <nav class="bottom phone-only" aria-label={ui.get("next.title")}>
                <button class="side" onclick={act(Action::Undo)} disabled={strip.index == 0}>
                    { icon("back") }{ ui.get("strip.back") }
                </button>
                if let Some(choice) = first {
                    <button class="btn main" onclick={act(Action::Do(choice.step))}>{ ui.say(&choice.title) }</button>
                } else {
                    <button class="btn main" disabled=true>{ ui.get("next.none") }</button>
                }
                <button class="side" onclick={props.on_play.reform(|_: MouseEvent| ())}>
                    { icon(play.1) }{ ui.get(play.0) }
                </button>
                <button class="side" onclick={fault} aria-expanded={props.sheet.to_string()}>
                    { icon("bolt") }{ ui.get("phone.fault") }
                </button>
            </nav>
        </>
    }
}
