//! What can happen next. The list is the control: every sentence is a button.

use super::faults::faults;
use super::icon::icon;
use super::player::leaps;
use crate::protocol::NodeId;
use crate::session::Action;
use crate::sim::{Act, MsgRef, Step};
use crate::text::Text;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use crate::view::choices::{Choice, Group, Tool};
use std::rc::Rc;
use yew::prelude::*;

/// What can happen at this moment.
#[derive(Properties, PartialEq)]
pub struct ChoicesProps {
    /// The present moment.
    pub view: Rc<View>,
    /// Whether nothing has ever happened yet.
    pub opening: bool,
    /// Shows in pencil what a choice would do.
    pub on_preview: Callback<Option<Step>>,
    /// The fault in hand.
    pub tool: Option<Tool>,
    /// Takes a fault into the hand, or lays it down.
    pub on_tool: Callback<Option<Tool>>,
    /// The message in flight that is selected.
    pub message: Option<MsgRef>,
    /// The node that is.
    pub node: Option<NodeId>,
}

/// What can happen next, what can be broken, and what cannot happen, with reasons.
#[component]
pub fn Choices(props: &ChoicesProps) -> Html {
    let ui = use_ui();
    let all = &props.view.choices;
    let numbered: Vec<(usize, &Choice)> = all.iter().filter(|c| c.refused.is_none()).enumerate().collect();
    let next = numbered.iter().filter(|(_, c)| c.group == Group::Next);
    let next: Html = next.map(|(i, c)| option(&ui, props, *i, c, c.default)).collect();
    // What is refused for every message alike, the tools say once.
    let told = |c: &&Choice| c.refused.as_ref().is_some_and(|why| why.key != "no.kept");
    let refused: Vec<_> = all.iter().filter(told).collect();
    let nothing = !all.iter().any(|c| c.default);
    if props.opening {
        return opening(&ui, props, &numbered);
    }
    html! {
        <>
            if nothing { <p class="aside">{ ui.get("next.none") }</p> }
            <ol class="next" id="choices" aria-label={ui.get("next.title")}>{ next }</ol>
            { leaps(&ui, &props.view) }
            { faults(&ui, &props.view, props.tool, &props.on_tool) }
            if !refused.is_empty() { { not_now(&ui, &refused) } }
        </>
    }
}

fn opening(ui: &Ui, props: &ChoicesProps, numbered: &[(usize, &Choice)]) -> Html {
    let Some((_, first)) = numbered.first() else { return Html::default() };
    let others = numbered.iter().skip(1).filter(|(_, c)| c.group == Group::Next);
    let others: Html = others.map(|(i, c)| option(ui, props, *i, c, false)).collect();
    html! {
        <>
            <button class="go-big" id="choices" onclick={act(ui, first.step)}>
                { ui.say(&first.title) }<kbd aria-hidden="true">{ "→" }</kbd>
            </button>
            <p class="aside">{ ui.get("app.hint") }</p>
            <details class="more">
                <summary>{ ui.get("next.title") }</summary>
                <ol class="next">{ others }</ol>
                { leaps(ui, &props.view) }
            </details>
            { faults(ui, &props.view, props.tool, &props.on_tool) }
        </>
    }
}

fn act(ui: &Ui, step: Step) -> Callback<MouseEvent> {
    let act = ui.act.clone();
    Callback::from(move |_| act.emit(Action::Do(step)))
}

/// A choice as a numbered sentence.
fn option(ui: &Ui, props: &ChoicesProps, i: usize, choice: &Choice, go: bool) -> Html {
    let step = choice.step;
    let show = |step: Option<Step>| {
        let on_preview = props.on_preview.clone();
        move || on_preview.emit(step)
    };
    let (on, off) = (show(Some(step)), show(None));
    let (focus, blur) = (on.clone(), off.clone());
    let would = props.view.foresight.of(&step);
    let cuts = would.as_ref().and_then(|w| w.cuts).filter(|n| *n > 0);
    let scissors = cuts.and(step.node()).map(|node| {
        let label = ui.lang.colon(&ui.say(&choice.title), &ui.get("next.scissors"));
        let open = ui.show.clone();
        html! {
            <button class="snip" title={ui.get("next.scissors")} aria-label={label}
                onclick={Callback::from(move |_| open.emit(Show::Scissors(node, Some(step))))}>
                { icon("scissors") }
            </button>
        }
    });
    let picked = match step.message() {
        Some(message) if props.message.is_some() => props.message == Some(message),
        _ => props.message.is_none() && props.node.is_some() && step.node() == props.node,
    };
    let number = (i < 9).then(|| html! { <kbd aria-hidden="true">{ i + 1 }</kbd> });
    html! {
        <li key={format!("{step:?}")} class={classes!("choice", go.then_some("first"), picked.then_some("marked"))}>
            <button class={classes!("opt", go.then_some("go"))} onclick={act(ui, step)}
                onpointerenter={Callback::from(move |_: PointerEvent| on())}
                onpointerleave={Callback::from(move |_: PointerEvent| off())}
                onfocus={Callback::from(move |_: FocusEvent| focus())}
                onblur={Callback::from(move |_: FocusEvent| blur())}>
                { number.unwrap_or_else(|| html! { <span></span> }) }
                <span class="what">{ ui.rich(&choice.title) }</span>
                if go { <kbd aria-hidden="true">{ "→" }</kbd> }
                if let Some(w) = &would { <span class="why">{ ui.rich(&w.consequence) }</span> }
            </button>
            { scissors }
        </li>
    }
}

fn not_now(ui: &Ui, refused: &[&Choice]) -> Html {
    let item = |choice: &&Choice| {
        let switch = choice.switch.filter(|_| matches!(choice.step.act, Act::Command(..))).map(|key| {
            let act = ui.act.clone();
            html! {
                <>{ " " }<button class="link" onclick={Callback::from(move |_| act.emit(Action::Set { key, value: 1 }))}>
                    { ui.get("next.try") }
                </button></>
            }
        });
        html! {
            <li class="opt no" key={format!("{:?}", choice.step)}>
                { icon("no") }
                <span class="what">{ ui.rich(&choice.title) }</span>
                if let Some(why) = &choice.refused { <span class="why">{ ui.rich(why) }{ switch }</span> }
            </li>
        }
    };
    let (few, more) = refused.split_at(refused.len().min(4));
    html! {
        <div class="not-now">
            <p class="label">{ ui.get("next.not-now") }</p>
            <ul class="next">{ for few.iter().map(item) }</ul>
            if !more.is_empty() {
                <details class="more">
                    <summary>{ ui.say(&Text::new("next.more").number("n", more.len() as i64)) }</summary>
                    <ul class="next">{ for more.iter().map(item) }</ul>
                </details>
            }
        </div>
    }
}
