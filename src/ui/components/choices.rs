//! What can happen next. The list is the control: every sentence is a button.

use super::icon::Icon;
use super::runner::Runner;
use crate::protocol::NodeId;
use crate::session::Action;
use crate::sim::{Act, Step};
use crate::text::Text;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use crate::view::choices::{Choice, Group};
use crate::view::words::fault_word;
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
}

/// What can happen next, what can be broken, and what cannot happen, with reasons.
#[component]
pub fn Choices(props: &ChoicesProps) -> Html {
    let ui = use_ui();
    let all = &props.view.choices;
    let numbered: Vec<(usize, &Choice)> = all.iter().filter(|c| c.refused.is_none()).enumerate().collect();
    let next = numbered.iter().filter(|(_, c)| c.group == Group::Next);
    let next: Html = next.map(|(i, c)| option(&ui, props, *i, c, c.default)).collect();
    let broken = numbered.iter().any(|(_, c)| c.group != Group::Next);
    let refused: Vec<_> = all.iter().filter(|c| c.refused.is_some()).collect();
    let nothing = !all.iter().any(|c| c.default);
    if props.opening {
        return opening(&ui, props, &numbered);
    }
    html! {
        <>
            if nothing { <p class="aside">{ ui.get("next.none") }</p> }
            <ol class="next" id="choices" aria-label={ui.get("next.title")}>{ next }</ol>
            if broken { { faults(&ui, props, &numbered) } }
            if !refused.is_empty() { { not_now(&ui, &refused) } }
            <Runner view={props.view.clone()} />
            { tokens(&ui, &props.view) }
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
            <details class="faults">
                <summary>{ ui.get("next.title") }</summary>
                <ol class="next">{ others }</ol>
            </details>
            { faults(ui, props, numbered) }
            <Runner view={props.view.clone()} />
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
    let scissors = choice.cuts.filter(|n| *n > 0).and(step.node()).map(|node| {
        let label = format!("{}: {}", ui.say(&choice.title), ui.get("next.scissors"));
        let open = ui.show.clone();
        html! {
            <button class="snip" title={ui.get("next.scissors")} aria-label={label}
                onclick={Callback::from(move |_| open.emit(Show::Scissors(node, Some(step))))}>
                <Icon name="scissors" />
            </button>
        }
    });
    let number = (i < 9).then(|| html! { <kbd aria-hidden="true">{ i + 1 }</kbd> });
    html! {
        <li key={format!("{step:?}")} class={classes!("choice", go.then_some("first"))}>
            <button class={classes!("opt", go.then_some("go"))} onclick={act(ui, step)}
                onpointerenter={Callback::from(move |_: PointerEvent| on())}
                onpointerleave={Callback::from(move |_: PointerEvent| off())}
                onfocus={Callback::from(move |_: FocusEvent| focus())}
                onblur={Callback::from(move |_: FocusEvent| blur())}>
                { number.unwrap_or_else(|| html! { <span></span> }) }
                <span class="what">{ ui.rich(&choice.title) }</span>
                if go { <kbd aria-hidden="true">{ "→" }</kbd> }
                if let Some(text) = &choice.consequence { <span class="why">{ ui.rich(text) }</span> }
            </button>
            { scissors }
        </li>
    }
}

/// Everything that breaks something, by what it breaks.
fn faults(ui: &Ui, props: &ChoicesProps, numbered: &[(usize, &Choice)]) -> Html {
    let scene = &props.view.scene;
    let of = |group: Group| numbered.iter().filter(move |(_, c)| c.group == group).map(|(_, c)| *c);
    let button = |choice: &Choice, icon: &'static str| {
        let why = choice.consequence.as_ref().map(|t| ui.say(t));
        html! {
            <button class="mini" title={why} aria-label={ui.say(&choice.title)} onclick={act(ui, choice.step)}>
                <Icon name={icon} /><span>{ ui.get(short(&choice.step)) }</span>
            </button>
        }
    };
    let mut rows: Vec<(String, String, Vec<Html>)> = Vec::new();
    let mut put =
        |kind: &str, subject: String, cell: Html| match rows.iter_mut().find(|(_, s, _)| *s == subject) {
            Some((_, _, cells)) => cells.push(cell),
            None => rows.push((kind.into(), subject, vec![cell])),
        };
    for choice in of(Group::Messages) {
        let Some(m) = choice.step.message() else { continue };
        let word = scene.flights.iter().find(|f| f.at == m).map_or("", |f| f.word);
        let nth = if m.nth > 0 { format!(" {}", m.nth + 1) } else { String::new() };
        let subject = format!("{word}{nth} {}→{}", scene.name(m.from), scene.name(m.to));
        put("message", subject, button(choice, icon(&choice.step)));
    }
    for choice in of(Group::Nodes) {
        let Some(node) = choice.step.node() else { continue };
        let name = scene.name(node).to_string();
        if matches!(choice.step.act, Act::Crash(..)) {
            put(
                "node",
                name,
                crash_button(ui, node, &ui.say(&Text::new("next.crash-of").word("node", scene.name(node)))),
            );
        } else {
            put("node", name, button(choice, icon(&choice.step)));
        }
    }
    for choice in of(Group::Links) {
        if let Act::Cut(link) = choice.step.act {
            let subject = format!("{}–{}", scene.name(link.0), scene.name(link.1));
            put("link", subject, button(choice, "scissors"));
        }
    }
    let operators: Html = of(Group::Operators)
        .map(|c| {
            let i = numbered.iter().find(|(_, x)| std::ptr::eq(*x, c)).map_or(99, |(i, _)| *i);
            option(ui, props, i, c, false)
        })
        .collect();
    let has_operators = of(Group::Operators).next().is_some();
    let row = |(kind, subject, cells): (String, String, Vec<Html>)| {
        html! { <li class={classes!("fault-row", format!("of-{kind}"))}><span class="code">{ subject }</span><span class="minis">{ cells }</span></li> }
    };
    html! {
        <details class="faults">
            <summary><Icon name="bolt" />{ ui.get("next.break") }</summary>
            <ul class="fault-rows">{ for rows.into_iter().map(row) }</ul>
            if has_operators {
                <p class="label">{ ui.get("next.operators") }</p>
                <ol class="next">{ operators }</ol>
            }
        </details>
    }
}

fn crash_button(ui: &Ui, node: NodeId, label: &str) -> Html {
    let open = ui.show.clone();
    html! {
        <button class="mini" aria-label={label.to_string()}
            onclick={Callback::from(move |_| open.emit(Show::Scissors(node, None)))}>
            <Icon name="cross" /><span>{ ui.get("short.crash") }</span>
        </button>
    }
}

fn icon(step: &Step) -> &'static str {
    match step.act {
        Act::Drop(_) => "cross",
        Act::Duplicate(_) => "copy",
        Act::Hold(_) | Act::Pause(_) => "pause",
        _ => "right",
    }
}

/// The one word on a small button; its label says the rest.
fn short(step: &Step) -> &'static str {
    match step.act {
        Act::Drop(_) => "short.drop",
        Act::Duplicate(_) => "short.duplicate",
        Act::Hold(_) => "short.hold",
        Act::Pause(_) => "short.pause",
        Act::Cut(_) => "short.cut",
        _ => "short.do",
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
                <Icon name="no" />
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
                <details class="faults">
                    <summary>{ ui.say(&Text::new("next.more").number("n", more.len() as i64)) }</summary>
                    <ul class="next">{ for more.iter().map(item) }</ul>
                </details>
            }
        </div>
    }
}

/// Faults that happened or are left.
fn tokens(ui: &Ui, view: &View) -> Html {
    let token = |t: &crate::view::Tokens| {
        let word = fault_word(t.fault);
        let n = i64::from(t.spent);
        let (text, left) = match t.limit {
            None if t.spent == 0 => return Html::default(),
            None => (Text::new(format!("tokens.{word}")).number("n", n), false),
            Some(limit) => {
                let left = i64::from(limit) - n;
                let text = Text::new(format!("tokens.{word}-left"))
                    .number("left", left)
                    .number("limit", i64::from(limit));
                (text, left > 0)
            }
        };
        html! { <span class="token"><i class={classes!("coin", (!left).then_some("spent"))}></i>{ ui.say(&text) }</span> }
    };
    let any = view.tokens.iter().any(|t| t.spent > 0 || t.limit.is_some());
    if !any {
        return Html::default();
    }
    html! {
        <p class="tokens"><b class="label">{ ui.get("tokens.title") }</b>{ for view.tokens.iter().map(token) }</p>
    }
}
