//! What must hold, and what it costs.

use super::super::icon::icon;
use crate::i18n::Lang;
use crate::properties::{self, RAISED, State, Verdict, guessed};
use crate::protocol::MessageKind;
use crate::run::{Cost, Event};
use crate::session::Action;
use crate::text::Text;
use crate::ui::components::help::legend::line;
use crate::ui::context::{Ui, use_ui};
use crate::view::View;
use crate::view::turns::{Spell, spells};
use std::rc::Rc;
use yew::prelude::*;

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct RulesProps {
    /// The moment.
    pub view: Rc<View>,
    /// What happened.
    pub events: Rc<Vec<Rc<Event>>>,
    /// To a moment.
    pub on_go: Callback<u32>,
}

/// The properties and the cost of a run.
#[component]
pub fn RulesAndCost(props: &RulesProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    let spells = use_memo(props.events.clone(), |events| spells(events));
    html! {
        <div class="rules">
            <ul class="laws" aria-label={ui.get("drawer.laws")}>
                { for view.verdicts.iter().map(|v| law(&ui, view, v, &spells, Some(&props.on_go))) }
            </ul>
            { costs(&ui, view) }
            { kinds(&ui, view) }
            <p class="note">{ ui.get("drawer.cost.rule") }</p>
        </div>
    }
}

/// One property: how it stands as a shape and in words, since when, and why. `on_go` leads to where it was
/// first violated; on paper there is nowhere to go.
pub fn law(ui: &Ui, view: &View, verdict: &Verdict, spells: &[Spell], on_go: Option<&Callback<u32>>) -> Html {
    let broken = verdict.state == State::Violated;
    let guessed = broken && guessed(&view.verdicts, verdict.id);
    let earlier = spells.iter().rev().find(|s| s.id == verdict.id).and_then(|s| Some((s.from, s.to?)));
    let (name, class, state) = match (verdict.state, earlier) {
        (State::Holds, None) => ("check", "is-holds", ui.get("drawer.always")),
        (State::Holds, Some(_)) => ("check", "is-holds", ui.get("drawer.again")),
        (State::Open, _) => ("clock", "quiet", ui.get("drawer.open")),
        (State::Untested, _) => ("dash", "quiet", ui.get("drawer.untested")),
        (State::Violated, _) if guessed => ("cross", "is-doubt", ui.get("drawer.guessed")),
        (State::Violated, _) if verdict.id == "blocked" => {
            ("clock", "is-doubt", ui.get("drawer.blocked-now"))
        }
        (State::Violated, _) => ("cross", "is-abort", ui.get("drawer.violated")),
    };
    let tone = match (broken, guessed || verdict.id == "blocked") {
        (false, _) => None,
        (true, true) => Some("broken amber"),
        (true, false) => Some("broken"),
    };
    let names: Vec<String> = verdict.who.iter().map(|n| view.scene.name(*n).to_string()).collect();
    let heading = match broken {
        true => {
            properties::law(view.scene.meta, verdict.id).number("n", names.len() as i64).words("who", names)
        }
        // Alarms that are properties of their own stand above.
        false if verdict.id == "alarm" && view.scene.meta.properties.iter().any(|id| RAISED.contains(id)) => {
            Text::new("prop.alarm.other")
        }
        false => properties::title(view.scene.meta, verdict.id),
    };
    // Chinese sentences stand without a space between them.
    let gap = if ui.lang == Lang::Zh { "" } else { " " };
    let go = |text: Text, moment: u32| match on_go {
        Some(on_go) => {
            let on_go = on_go.clone();
            let click = move |_: MouseEvent| on_go.emit(moment);
            html! { <>{ gap }<button class="link num" onclick={click}>{ ui.say(&text) }</button></> }
        }
        None => html! { <>{ gap }{ ui.say(&text) }</> },
    };
    let since = view.violated_since.get(verdict.id).filter(|_| broken);
    let since = since.map(|n| go(Text::new("drawer.since").number("n", *n), *n));
    let was = earlier.filter(|_| !broken).map(|(from, to)| {
        let text = match from == to {
            true => Text::new("drawer.was-at").number("from", from),
            false => Text::new("drawer.was").number("from", from).number("to", to),
        };
        go(text, from)
    });
    let repair = (verdict.id == "ac5" && verdict.state != State::Holds && on_go.is_some()).then(|| {
        let act = ui.act.clone();
        let click = move |_: MouseEvent| act.emit(Action::RepairAndRun);
        html! { <>{ gap }<button class="link" onclick={click}>{ ui.get("drawer.repair") }</button></> }
    });
    html! {
        <li key={verdict.id} class={classes!("law", tone)}>
            <span class={classes!("law-mark", class)}>{ icon(name) }</span>
            <div>
                <b>{ ui.say(&heading) }</b>
                <p class="why">
                    <span class={classes!("law-state", class)}>{ state }</span>{ " · " }
                    { ui.rich(&verdict.reason) }{ for since }{ for was }{ for repair }
                </p>
            </div>
        </li>
    }
}

pub fn costs(ui: &Ui, view: &View) -> Html {
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
                if view.scene.meta.roles.iter().any(|role| role.decides) {
                    { delay("drawer.cost.decision", |c| c.decision_delay) }
                    { delay("drawer.cost.outcome", |c| c.outcome_delay) }
                }
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
                { line(kind.style, kind.refuses) }<span class="code">{ kind.word }</span><b class="num">{ n }</b>
            </li>
        }
    };
    html! { <ul class="kinds" aria-label={ui.get("drawer.cost.kinds")}>{ for kinds.map(kind) }</ul> }
}
