//! What must hold, and what it costs.

use super::super::icon::Icon;
use crate::i18n::Lang;
use crate::properties::{State, Verdict};
use crate::protocol::MessageKind;
use crate::run::Cost;
use crate::session::Action;
use crate::text::Text;
use crate::ui::components::help::legend::line;
use crate::ui::context::{Ui, use_ui};
use crate::view::View;
use std::rc::Rc;
use yew::prelude::*;

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct RulesProps {
    /// The moment.
    pub view: Rc<View>,
}

/// The properties and the cost of a run.
#[component]
pub fn RulesAndCost(props: &RulesProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    html! {
        <div class="rules">
            <ul class="laws" aria-label={ui.get("drawer.laws")}>
                { for view.verdicts.iter().map(|v| law(&ui, view, v)) }
            </ul>
            { costs(&ui, view) }
            { kinds(&ui, view) }
            <p class="note">{ ui.get("drawer.cost.rule") }</p>
        </div>
    }
}

/// One property: how it stands as a shape, in words, and why.
fn law(ui: &Ui, view: &View, verdict: &Verdict) -> Html {
    let (name, class, state) = match verdict.state {
        State::Holds => ("check", "is-holds", "drawer.holds"),
        State::Open => ("clock", "quiet", "drawer.open"),
        State::Untested => ("dash", "quiet", "drawer.untested"),
        State::Violated => ("cross", "is-abort", "drawer.violated"),
    };
    let broken = verdict.state == State::Violated;
    let since = view.violated_since.get(verdict.id).filter(|_| broken);
    let since = since.map(|n| ui.say(&Text::new("drawer.since").number("n", *n)));
    // Chinese sentences stand without a space between them.
    let gap = if ui.lang == Lang::Zh { "" } else { " " };
    let repair = (verdict.id == "ac5" && verdict.state != State::Holds).then(|| {
        let act = ui.act.clone();
        let click = move |_: MouseEvent| act.emit(Action::RepairAndRun);
        html! { <>{ gap }<button class="link" onclick={click}>{ ui.get("drawer.repair") }</button></> }
    });
    html! {
        <li key={verdict.id} class={classes!("law", broken.then_some("broken"))}>
            <span class={classes!("law-mark", class)}><Icon {name} /></span>
            <div>
                <b>{ ui.get(&format!("prop.{}", verdict.id)) }</b>
                <span class="sr">{ format!(" ({})", ui.get(state)) }</span>
                <p class="why">
                    { ui.rich(&verdict.reason) }
                    if let Some(since) = since { <span class="num">{ format!("{gap}{since}") }</span> }
                    { for repair }
                </p>
            </div>
        </li>
    }
}

fn costs(ui: &Ui, view: &View) -> Html {
    let reference = view.reference.as_ref();
    let dash = || "–".to_string();
    let count = |key: &str, of: fn(&Cost) -> u32| {
        let without = reference.map_or_else(dash, |c| of(c).to_string());
        cost_row(ui.get(key), of(&view.cost).to_string(), without)
    };
    let delay = |key: &str, of: fn(&Cost) -> Option<u16>| {
        let show = |d: Option<u16>| d.map_or_else(dash, |d| d.to_string());
        cost_row(ui.get(key), show(of(&view.cost)), show(reference.and_then(of)))
    };
    let locks = view.locks.iter().map(|lock| {
        let name = ui.say(&Text::new("drawer.cost.lock").word("lock", lock.name.clone()));
        let open = if lock.held { "+" } else { "" };
        let without = lock.reference.map_or_else(dash, |n| n.to_string());
        cost_row(name, format!("{}{open}", lock.moments), without)
    });
    html! {
        <table class="cost">
            <thead>
                <tr>
                    <th scope="col">{ ui.get("drawer.cost") }</th>
                    <th scope="col">{ ui.get("drawer.cost.so-far") }</th>
                    <th scope="col">{ ui.get("drawer.cost.no-faults") }</th>
                </tr>
            </thead>
            <tbody>
                { count("drawer.cost.messages", |c| c.messages) }
                { count("drawer.cost.forced", |c| c.forced) }
                { count("drawer.cost.unforced", |c| c.unforced) }
                { delay("drawer.cost.decision", |c| c.decision_delay) }
                { delay("drawer.cost.outcome", |c| c.outcome_delay) }
                { for locks }
            </tbody>
        </table>
    }
}

fn cost_row(name: AttrValue, so_far: String, without: String) -> Html {
    html! { <tr><th scope="row">{ name }</th><td>{ so_far }</td><td>{ without }</td></tr> }
}

/// How many messages of each kind, in the order in which the protocol names them.
fn kinds(ui: &Ui, view: &View) -> Html {
    let sent = |word: &str| view.cost.by_kind.get(word).copied();
    let kinds = view.scene.meta.messages.iter().filter_map(|k| Some((k, sent(k.word)?)));
    let kind = |(kind, n): (&MessageKind, u32)| {
        html! {
            <li key={kind.word}>
                { line(kind.style) }<span class="code">{ kind.word }</span><b class="num">{ n }</b>
            </li>
        }
    };
    html! { <ul class="kinds" aria-label={ui.get("drawer.cost.kinds")}>{ for kinds.map(kind) }</ul> }
}
