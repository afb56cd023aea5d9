//! The palette of faults: choose what breaks, then where. Where is one of the buttons listed, or anything in
//! the diagram that fits.

use super::icon::icon;
use crate::session::Action;
use crate::sim::{Act, Step};
use crate::text::Text;
use crate::ui::context::{Show, Ui};
use crate::view::View;
use crate::view::choices::{Choice, Tool};
use yew::prelude::*;

/// The palette. `armed` is the tool in hand.
pub fn faults(ui: &Ui, view: &View, armed: Option<Tool>, on_tool: &Callback<Option<Tool>>) -> Html {
    let button = |tool: &Tool| {
        let tool = *tool;
        let on = armed == Some(tool);
        let possible = places(view, tool).next().is_some();
        let why = if possible { None } else { Some(none(ui, view, tool)) };
        let toggle = on_tool.reform(move |_: MouseEvent| if on { None } else { Some(tool) });
        html! {
            <button class={classes!("tool", on.then_some("on"))} aria-pressed={on.to_string()} title={why}
                aria-disabled={(!possible).then_some("true")} onclick={toggle}>
                { icon(sign(tool)) }
                <span>{ ui.get(&format!("tool.{}", tool.word())) }</span>
                { tokens(ui, view, tool) }
            </button>
        }
    };
    html! {
        <section class="faults" id="faults" aria-label={ui.get("next.break")}>
            <p class="label">{ icon("bolt") }{ ui.get("next.break") }</p>
            <div class="tools">{ for Tool::ALL.iter().filter(|t| exists(view, **t)).map(button) }</div>
            if let Some(tool) = armed { { where_to(ui, view, tool) } }
        </section>
    }
}

/// Whether this kind of fault exists here at all: some protocols have no operators.
fn exists(view: &View, tool: Tool) -> bool {
    tool != Tool::Operator || view.scene.meta.verbs.iter().any(|v| v.operator)
}

/// What the tool can be used on now.
fn places(view: &View, tool: Tool) -> impl Iterator<Item = &Choice> {
    view.choices.iter().filter(move |c| c.refused.is_none() && c.tool() == Some(tool))
}

/// Why there is no place for a tool: the reason that the world gives, or else that there is nothing there.
fn none(ui: &Ui, view: &View, tool: Tool) -> AttrValue {
    let mut refused = view.choices.iter().filter(|c| c.tool() == Some(tool));
    match refused.find_map(|c| c.refused.as_ref()) {
        Some(why) => ui.say(why),
        None => ui.get(&format!("tool.none.{}", tool.word())),
    }
}

/// Where to use the tool in hand.
fn where_to(ui: &Ui, view: &View, tool: Tool) -> Html {
    let any = places(view, tool).next().is_some();
    let hint = if any { ui.get(&format!("tool.where.{}", tool.word())) } else { none(ui, view, tool) };
    // A crash that keeps the tail and one that loses it are one place: the scissors tell them apart.
    let mut seen = Vec::new();
    let each = places(view, tool).filter(|c| {
        let fresh = tool != Tool::Crash || !seen.contains(&c.step.node());
        seen.push(c.step.node());
        fresh
    });
    html! {
        <div class="where-to">
            <p class="note" role="status">{ hint }</p>
            <div class="minis">{ for each.map(|c| place(ui, view, c)) }</div>
        </div>
    }
}

/// One place as a button.
fn place(ui: &Ui, view: &View, choice: &Choice) -> Html {
    let step = choice.step;
    let would = view.foresight.of(&step);
    let why = would.map(|w| ui.say(&w.consequence));
    let (act, show) = (ui.act.clone(), ui.show.clone());
    let click = Callback::from(move |_: MouseEvent| match step.act {
        Act::Crash(node, _) => show.emit(Show::Scissors(node, None)),
        _ => act.emit(Action::Do(step)),
    });
    let name = match step.act {
        Act::Command(..) => ui.say(&choice.title),
        _ => subject(view, &step).into(),
    };
    let label = match step.act {
        Act::Crash(node, _) => ui.say(&Text::new("next.crash-of").word("node", view.scene.name(node))),
        _ => ui.say(&choice.title),
    };
    html! {
        <button class="mini" key={format!("{step:?}")} title={why} aria-label={label} onclick={click}>
            <span class="code">{ name }</span>
        </button>
    }
}

/// What a step happens to, in as few characters as possible.
fn subject(view: &View, step: &Step) -> String {
    let scene = &view.scene;
    if let Some(m) = step.message() {
        let word = scene.flights.iter().find(|f| f.at == m).map_or("", |f| f.word);
        let nth = if m.nth > 0 { format!(" {}", m.nth + 1) } else { String::new() };
        return format!("{word}{nth} {}→{}", scene.name(m.from), scene.name(m.to));
    }
    match step.act {
        Act::Cut(link) => format!("{}–{}", scene.name(link.0), scene.name(link.1)),
        _ => step.node().map_or(String::new(), |n| scene.name(n).to_string()),
    }
}

/// How many of these faults are left, as coins: the more one sees, the more one may.
fn tokens(ui: &Ui, view: &View, tool: Tool) -> Html {
    let Some(token) = view.tokens.iter().find(|t| Some(t.fault) == tool.fault()) else {
        return Html::default();
    };
    let Some(limit) = token.limit else {
        let used = ui.say(&Text::new("tool.used").number("n", i64::from(token.spent)));
        return html! { if token.spent > 0 { <span class="count num">{ used }</span> } };
    };
    let left = u32::from(limit).saturating_sub(token.spent);
    let text = Text::new("tool.left").number("left", i64::from(left)).number("limit", i64::from(limit));
    if limit > 4 {
        return html! { <span class="count num">{ ui.say(&text) }</span> };
    }
    let coin = |i: u32| html! { <i class={classes!("coin", (i >= left).then_some("spent"))}></i> };
    html! {
        <span class="coins" title={ui.say(&text)}>
            { for (0..u32::from(limit)).map(coin) }<span class="sr">{ ui.say(&text) }</span>
        </span>
    }
}

fn sign(tool: Tool) -> &'static str {
    match tool {
        Tool::Crash => "scissors",
        Tool::Pause => "pause",
        Tool::Hold => "clock",
        Tool::Drop => "cross",
        Tool::Duplicate => "copy",
        Tool::Cut => "unlink",
        Tool::Operator => "person",
    }
}
