//! A node's log as a ruler, on screen.

use crate::text::Text;
use crate::ui::context::Ui;
use crate::view::View;
use crate::view::ruler::{Fate, Notch, Ruler, Worth, record};
use yew::prelude::*;

/// The ruler: records with their numbers, the recovery point between them, and what recovery would do.
pub fn ruler(ui: &Ui, view: &View, ruler: &Ruler) -> Html {
    let name = view.scene.name(ruler.node).to_string();
    let title = ui.say(&Text::new("ruler.title").word("node", name.clone()));
    let (disk, rest) = ruler.notches.split_at(ruler.flushed);
    let text = |key: &str| Text::new(key).word("node", name.clone());
    let taken = ruler.notches.len() - ruler.flushed;
    let spare = disk.iter().filter(|n| n.worth == Worth::Spare).count() as i64;
    let mut notes = Vec::new();
    if ruler.flushed > 0 {
        notes.push(text("ruler.flushed").number("n", ruler.flushed as i64));
    }
    match taken {
        0 => {}
        1 => notes.push(text("ruler.takes-one").number("n", ruler.notches.len() as i64)),
        _ => notes.push(
            text("ruler.takes")
                .number("from", ruler.flushed as i64 + 1)
                .number("to", ruler.notches.len() as i64),
        ),
    }
    notes.extend(ruler.checkpoint.map(|n| text("ruler.checkpoint").number("n", n as i64)));
    notes.extend(ruler.oldest.map(|n| text("ruler.oldest").number("n", n as i64)));
    if spare > 0 {
        notes.push(text("ruler.spare").number("n", spare));
    }
    html! {
        <div class="log-ruler">
            <h3>{ title }</h3>
            if ruler.notches.is_empty() {
                <p class="quiet">{ ui.get("card.log-empty") }</p>
            } else {
                <ol class="notches">
                    { for disk.iter().map(|n| notch(ui, n)) }
                    <li class="flush" title={ui.get("drawer.ruler")}><span class="sr">{ ui.get("drawer.ruler") }</span></li>
                    { for rest.iter().map(|n| notch(ui, n)) }
                </ol>
            }
            if !notes.is_empty() {
                <ul class="ruler-notes">{ for notes.iter().map(|t| html! { <li>{ ui.rich(t) }</li> }) }</ul>
            }
            <h4>{ ui.rich(&text(if ruler.down { "ruler.comes-back" } else { "ruler.recovery" })) }</h4>
            <dl class="fates">
                { for ruler.fates.iter().map(|f| fate(ui, f)) }
                if !ruler.does.is_empty() {
                    <dt>{ ui.get("ruler.at-once") }</dt>
                    <dd>{ ui.rich(&Text::new("ruler.does").clauses("effects", ruler.does.clone())) }</dd>
                }
            </dl>
        </div>
    }
}

fn notch(ui: &Ui, notch: &Notch) -> Html {
    let (class, said) = match notch.worth {
        Worth::Spare => ("spare", Some("ruler.is-spare")),
        Worth::Needed => ("", None),
        Worth::Volatile => ("soft", Some("ruler.is-volatile")),
    };
    let said = said.map(|key| ui.get(key));
    html! {
        <li class={classes!("notch", class, notch.checkpoint.then_some("checkpoint"))} title={said.clone()}>
            <span class="slip">{ record(notch) }</span>
            <span class="lsn num">{ notch.lsn }</span>
            for said in said { <span class="sr">{ said }</span> }
        </li>
    }
}

fn fate(ui: &Ui, fate: &Fate) -> Html {
    let class = match fate.word {
        "fate.redo" => "is-commit",
        "fate.undo" => "is-abort",
        "fate.in-doubt" => "is-doubt",
        _ => "quiet",
    };
    html! { <><dt class={class}>{ ui.get(fate.word) }</dt><dd>{ ui.rich(&fate.text) }</dd></> }
}
