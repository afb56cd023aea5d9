//! The run as text, in place of the diagram: what a screen reader reads first, and what one prints.

use super::drawer::{costs, law};
use super::lines::Lines;
use crate::protocol::{ParamKind, ParamSpec, Params};
use crate::sim::RULES;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Ui, use_ui};
use crate::view::turns::spells;
use crate::view::{Plot, View};
use std::rc::Rc;
use yew::prelude::*;

/// What the text view shows.
#[derive(Properties, PartialEq)]
pub struct TextViewProps {
    /// The present moment.
    pub view: Rc<View>,
    /// What happened.
    pub plot: Rc<Plot>,
    /// The selected moment.
    pub selected: Option<u32>,
    /// The reader selected a moment.
    pub on_select: Callback<u32>,
    /// Shows the diagram instead.
    pub on_text: Callback<bool>,
}

/// The run as text. On paper it stands between the setup and the verdicts.
#[component]
pub fn TextView(props: &TextViewProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    let (events, start) = (props.plot.events.clone(), props.plot.start.clone());
    let spells = spells(&events);
    let page = use_node_ref();
    use_effect_with((props.selected, page.clone()), |(_, page)| {
        browser::scroll_to_first(page, ".log-line.selected")
    });
    html! {
        <>
        <div class="figure-bar">{ switch(&ui, true, &props.on_text) }</div>
        <div class="text-view scroller" ref={page}>
            <div class="print-only">
                <h2>{ ui.get(&format!("{}.name", view.scene.meta.id)) }</h2>
                <ul class="setup-words">{ for setup_words(&ui, view).into_iter().map(|w| html! { <li>{ w }</li> }) }</ul>
            </div>
            if events.is_empty() {
                <p class="quiet log-empty">{ ui.get("drawer.log.empty") }</p>
            } else {
                <Lines view={view.clone()} {start} {events} selected={props.selected}
                    on_select={props.on_select.clone()} full=true label={ui.get("text.title")} />
            }
            <p class="text-now"><b>{ ui.get("text.now") }</b>{ " " }{ ui.rich(&view.story.stands) }</p>
            <div class="print-only rules">
                <h2>{ ui.get("drawer.laws") }</h2>
                <ul class="laws">{ for view.verdicts.iter().map(|v| law(&ui, view, v, &spells, None)) }</ul>
                { costs(&ui, view) }
            </div>
        </div>
        </>
    }
}

/// The setup in words: how many take part, and whatever is not as it is by default.
fn setup_words(ui: &Ui, view: &View) -> Vec<String> {
    let scene = &view.scene;
    let voters = scene.voters().count();
    // What a protocol has different by its own default is as worth saying as what the reader changed.
    let each = |base: &str, specs: &'static [ParamSpec], params: &Params| -> Vec<String> {
        let pairs = specs.iter().zip(params.values());
        let told = pairs.filter(|(s, v)| {
            **v != s.default || s.group == "protocol" && matches!(s.kind, ParamKind::Choice(_))
        });
        told.map(|(spec, value)| {
            let key = format!("{base}.{}", spec.key);
            ui.lang.colon(&ui.get(&key), &value_words(ui, &key, spec, *value, voters))
        })
        .collect()
    };
    let count = ui.say(&Text::new("text.voters").number("n", voters as i64)).to_string();
    let own = each(&format!("{}.param", scene.meta.id), scene.meta.params, &scene.setup.params);
    let rules = each("rule", RULES, &scene.setup.rules);
    [vec![count], own, rules].concat()
}

/// A parameter's value as the settings call it.
fn value_words(ui: &Ui, key: &str, spec: &ParamSpec, value: u16, voters: usize) -> String {
    match spec.kind {
        ParamKind::Switch => ui.get(if value == 1 { "text.on" } else { "text.off" }).to_string(),
        ParamKind::Choice(words) => ui.get(&format!("{key}.{}", words[usize::from(value)])).to_string(),
        ParamKind::Each(words) => {
            let of =
                |i: usize| ui.get(&format!("{key}.{}", words[usize::from(value >> (2 * i) & 3)])).to_string();
            ui.lang.commas(&(0..voters.min(8)).map(of).collect::<Vec<_>>())
        }
        ParamKind::Limit(_) if value == Params::UNLIMITED => ui.get("settings.any").to_string(),
        ParamKind::Range(..) | ParamKind::Limit(_) => value.to_string(),
    }
}

/// The switch between the diagram and the text.
pub fn switch(ui: &Ui, text: bool, on_text: &Callback<bool>) -> Html {
    let button = |key: &str, value: bool| {
        let on_text = on_text.clone();
        let pick = move |_: MouseEvent| on_text.emit(value);
        html! { <button class="fig-tool" aria-pressed={(text == value).to_string()} onclick={pick}>{ ui.get(key) }</button> }
    };
    html! {
        <span class="seg view-switch" role="group" aria-label={ui.get("text.switch")}>
            { button("app.diagram", false) }{ button("text.text", true) }
        </span>
    }
}
