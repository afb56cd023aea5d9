//! One step in full: what it did in order, what it changed, why it was possible, and how a script says it.

use super::super::icon::icon;
use crate::run::Event;
use crate::sim::TakenHow;
use crate::text::Text;
use crate::ui::context::Ui;
use crate::view::View;
use crate::view::inspect::{Deed, Field, Inspection, Journey, Mark, Value};
use serde::Serialize;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// What is under the glass.
#[derive(Clone, PartialEq)]
pub struct Seen {
    /// The step, from the moment before it; `None` at the beginning.
    pub inspection: Option<Inspection>,
    /// The moment that it led to; `None` for a step that has not been taken.
    pub moment: Option<u32>,
    /// Whether that is not the present moment.
    pub elsewhere: bool,
    /// The message that is selected.
    pub journey: Option<Journey>,
    /// The step as a script has it.
    pub script: String,
}

/// What the reader can do here.
pub struct Acts {
    /// To a moment of the current branch.
    pub go: Callback<u32>,
    /// Copies the line of the script.
    pub copy: Callback<String>,
    /// What came of copying: the key of a text, or nothing yet.
    pub copied: &'static str,
    /// Whether the JSON is shown.
    pub json: bool,
    /// Shows or hides it.
    pub on_json: Callback<bool>,
}

/// A step in full.
pub fn inspector(ui: &Ui, view: &View, seen: &Seen, acts: &Acts) -> Html {
    let Some(step) = &seen.inspection else {
        return html! { <p class="quiet log-empty">{ ui.get("inspect.nothing") }</p> };
    };
    let title = match seen.moment {
        Some(n) => ui.say(&Text::new("app.moment").number("n", n)),
        None if step.possible => ui.get("inspect.would"),
        None => ui.get("inspect.cannot"),
    };
    let go = seen.moment.filter(|_| seen.elsewhere).map(|n| {
        let go = acts.go.clone();
        html! { <button class="link" onclick={move |_: MouseEvent| go.emit(n)}>{ ui.get("inspect.go") }</button> }
    });
    html! {
        <section class={classes!("inspect", seen.moment.is_none().then_some("pencil"))} aria-labelledby="inspect-title">
            <header>
                <h2 id="inspect-title" class="num">{ title }</h2>
                if step.torn.is_some() { <span class="torn">{ icon("scissors") }{ ui.get("inspect.torn") }</span> }
                { for go }
            </header>
            { for seen.journey.as_ref().map(|j| journey(ui, view, j, acts)) }
            <p class="sentence">{ ui.rich(&step.sentence) }</p>
            { deeds(ui, view, step) }
            { changes(ui, step) }
            <p class="why">{ ui.rich(&step.why) }</p>
            { script(ui, &seen.script, acts) }
            { for step.event.as_ref().map(|e| raw(ui, e, acts)) }
        </section>
    }
}

/// Where a message came from and what became of it.
fn journey(ui: &Ui, view: &View, journey: &Journey, acts: &Acts) -> Html {
    let (from, to) = (view.scene.name(journey.from), view.scene.name(journey.to));
    let text = |key: &str| Text::new(key).word("msg", journey.word.clone()).word("from", from).word("to", to);
    let sent = match (journey.copy, journey.after) {
        (true, _) => text("inspect.way.copied"),
        (false, Some(record)) => text("inspect.way.sent-after").word("record", record),
        (false, None) => text("inspect.way.sent"),
    };
    let landed = |how: TakenHow| match how {
        TakenHow::Delivered => text("inspect.way.arrived"),
        TakenHow::NobodyThere => text("inspect.way.nobody"),
        TakenHow::Dropped => text("inspect.way.lost"),
    };
    let flies = match (journey.flies, journey.landings.is_empty()) {
        (true, true) => Some(text("inspect.way.flies")),
        (true, false) => Some(text("inspect.way.stays")),
        (false, _) => None,
    };
    let at = |n: u32| {
        let go = acts.go.clone();
        let label = ui.say(&Text::new("strip.go-moment").number("i", n));
        html! { <button class="link num" aria-label={label} onclick={move |_: MouseEvent| go.emit(n)}>{ n }</button> }
    };
    html! {
        <dl class="journey">
            <dt>{ at(journey.sent) }</dt><dd>{ ui.rich(&sent) }</dd>
            { for journey.landings.iter().map(|(n, how)| html! { <><dt>{ at(*n) }</dt><dd>{ ui.rich(&landed(*how)) }</dd></> }) }
            { for flies.map(|text| html! { <><dt></dt><dd>{ ui.rich(&text) }</dd></> }) }
        </dl>
    }
}

/// The effects in order, and where a crash cut them off.
fn deeds(ui: &Ui, view: &View, step: &Inspection) -> Html {
    if step.deeds.is_empty() {
        return html! {};
    }
    let done = step.deeds.iter().filter(|d| d.happened).count();
    let row = |deed: &Deed| {
        html! {
            <li class={classes!("deed", (!deed.happened).then_some("never"))}>
                <span class="what">{ ui.rich(&deed.text) }</span>
                <span class="left">{ ui.get(deed.left) }</span>
            </li>
        }
    };
    let cut = step.torn.map(|_| {
        let name = step.step.node().map_or("?", |n| view.scene.name(n)).to_string();
        let text = ui.say(&Text::new("inspect.cut-here").word("node", name));
        html! { <li class="cut-here">{ icon("scissors") }<span>{ text }</span></li> }
    });
    html! {
        <ol class="deeds" aria-label={ui.get("inspect.effects")}>
            { for step.deeds[..done].iter().map(row) }
            { for cut }
            { for step.deeds[done..].iter().map(row) }
        </ol>
    }
}

/// What the step changed, before and after; and, behind a word, what it did not.
fn changes(ui: &Ui, step: &Inspection) -> Html {
    if !step.possible {
        return html! {};
    }
    let (changed, same): (Vec<&Field>, Vec<&Field>) = step.fields.iter().partition(|f| f.changed());
    let kept = ui.say(&Text::new("inspect.same").number("n", same.len() as i64));
    html! {
        <>
            if changed.is_empty() {
                <p class="quiet">{ ui.get("inspect.no-change") }</p>
            } else {
                { table(ui, &changed, true) }
            }
            if !same.is_empty() {
                <details class="reveal"><summary>{ kept }</summary>{ table(ui, &same, false) }</details>
            }
        </>
    }
}

fn table(ui: &Ui, fields: &[&Field], both: bool) -> Html {
    let mut groups: Vec<(&Option<String>, Vec<&Field>)> = Vec::new();
    for field in fields {
        match groups.last_mut() {
            Some((who, group)) if **who == field.who => group.push(field),
            _ => groups.push((&field.who, vec![field])),
        }
    }
    let row = |f: &&Field| {
        html! {
            <tr>
                <th scope="row">{ ui.get(f.name) }</th>
                if both { <td>{ values(ui, &f.before) }</td> }
                <td>{ values(ui, &f.after) }</td>
            </tr>
        }
    };
    let group = |(who, group): &(&Option<String>, Vec<&Field>)| {
        let name = (*who).clone().map_or_else(|| ui.get("inspect.everywhere"), AttrValue::from);
        let class = who.as_ref().map(|_| "code");
        let span = if both { "3" } else { "2" };
        html! {
            <tbody>
                <tr><th scope="rowgroup" colspan={span} {class}>{ name }</th></tr>
                { for group.iter().map(row) }
            </tbody>
        }
    };
    html! {
        <table class={classes!("diff", both.then_some("both"))}>
            <thead>
                <tr>
                    <th scope="col"><span class="sr">{ ui.get("inspect.field") }</span></th>
                    if both { <th scope="col">{ ui.get("inspect.before") }</th> }
                    <th scope="col">{ ui.get(if both { "inspect.after" } else { "inspect.now" }) }</th>
                </tr>
            </thead>
            { for groups.iter().map(group) }
        </table>
    }
}

fn values(ui: &Ui, values: &[Value]) -> Html {
    if values.is_empty() {
        return html! { <span class="quiet">{ ui.get("inspect.none") }</span> };
    }
    let value = |v: &Value| {
        let text = ui.rich(&v.text);
        match v.mark {
            Mark::Kept => html! { <span class="val">{ text }</span> },
            Mark::Gone => html! { <del class="val">{ text }</del> },
            Mark::New => html! { <ins class="val">{ text }</ins> },
        }
    };
    values.iter().map(value).collect()
}

fn script(ui: &Ui, line: &str, acts: &Acts) -> Html {
    let (copy, text) = (acts.copy.clone(), line.to_string());
    let label = ui.get("inspect.copy");
    html! {
        <div class="script-line">
            <code tabindex="0" aria-label={ui.say(&Text::new("inspect.script").word("line", line))}>{ line }</code>
            <button class="pick square" aria-label={label.clone()} title={label}
                onclick={move |_: MouseEvent| copy.emit(text.clone())}>{ icon("copy") }</button>
            <span class="note" role="status">
                { if acts.copied.is_empty() { AttrValue::from("") } else { ui.get(acts.copied) } }
            </span>
        </div>
    }
}

/// The event as data. It is only written out while somebody looks.
fn raw(ui: &Ui, event: &Event, acts: &Acts) -> Html {
    html! {
        <details class="reveal" open={acts.json}>
            { summary(ui.get("inspect.raw"), acts.json, &acts.on_json) }
            if acts.json { <pre class="raw-json" tabindex="0">{ json(event) }</pre> }
        </details>
    }
}

/// The line that opens a part which is only made when it is open.
pub fn summary(name: AttrValue, open: bool, on_open: &Callback<bool>) -> Html {
    let on_open = on_open.clone();
    let toggle = move |e: MouseEvent| {
        e.prevent_default();
        on_open.emit(!open);
    };
    html! { <summary onclick={toggle}>{ name }</summary> }
}

/// The browser's own writer, so that none has to be downloaded.
fn json(event: &Event) -> String {
    let value = event.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
    let text = value.ok().and_then(|v| {
        js_sys::JSON::stringify_with_replacer_and_space(&v, &JsValue::NULL, &JsValue::from(2)).ok()
    });
    text.map(String::from).unwrap_or_default()
}
