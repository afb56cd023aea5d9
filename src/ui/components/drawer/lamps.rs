//! The lamps: the predicates of a teaching text, made definite, as a table.

use crate::properties::{Lamp, Lamps};
use crate::ui::components::icon::icon;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use crate::view::odds::has_odds;
use std::rc::Rc;
use yew::prelude::*;

/// A lamp: its letter, its key, and how to read it.
type Kind = (&'static str, &'static str, fn(&Lamps) -> Lamp);

const KINDS: &[Kind] = &[
    ("P", "lamp.p", |l| l.prepared),
    ("A", "lamp.a", |l| l.justified_abort),
    ("J", "lamp.j", |l| l.unjustified),
    ("R", "lamp.r", |l| l.ready),
    ("S", "lamp.s", |l| l.success),
    ("U", "lamp.u", |l| l.uncertain),
    ("B", "lamp.b", |l| l.blocked),
];

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct LampTableProps {
    /// The moment.
    pub view: Rc<View>,
}

/// A row per lamp, a column per participant; C(v), which belongs to the coordinator, has a row of its own.
#[component]
pub fn LampTable(props: &LampTableProps) -> Html {
    let ui = use_ui();
    let (votes, lamps) = &props.view.lamps;
    let measure = ui.show.reform(|_: MouseEvent| Show::Odds);
    let name = |l: &Lamps| html! { <th scope="col">{ props.view.scene.name(l.node) }</th> };
    let row = |(letter, key, of): &Kind| {
        html! {
            <tr key={*letter}>
                <th scope="row"><b class="code">{ letter }</b><span>{ ui.get(key) }</span></th>
                { for lamps.iter().map(|l| html! { <td>{ lamp(&ui, of(l)) }</td> }) }
            </tr>
        }
    };
    html! {
        <section class="lamps">
            <h2 class="label" id="lamps-title">{ ui.get("lamp.title") }</h2>
            <div class="scroll" role="region" aria-labelledby="lamps-title" tabindex="0">
                <table>
                    <thead>
                        <tr><th scope="col">{ ui.get("lamp.lamp") }</th>{ for lamps.iter().map(name) }</tr>
                    </thead>
                    <tbody>
                        { for KINDS.iter().map(row) }
                        <tr>
                            <th scope="row"><b class="code">{ "C(v)" }</b><span>{ ui.get("lamp.c") }</span></th>
                            <td colspan={lamps.len().max(1).to_string()}>{ lamp(&ui, *votes) }</td>
                        </tr>
                    </tbody>
                </table>
            </div>
            <p class="note">{ ui.get("lamp.note") }</p>
            if has_odds(props.view.scene.meta) {
                <p><button class="mini" id="odds" onclick={measure}>{ icon("odds") }{ ui.get("odds.title") }</button></p>
            }
        </section>
    }
}

fn lamp(ui: &Ui, lamp: Lamp) -> Html {
    let (class, text, words) = match lamp {
        Some(true) => ("on", "1", "lamp.on"),
        Some(false) => ("off", "0", "lamp.off"),
        None => ("undefined", "–", "lamp.undefined"),
    };
    html! {
        <span class={classes!("lamp", class)} title={ui.get(words)}>
            <span aria-hidden="true">{ text }</span><span class="sr">{ ui.get(words) }</span>
        </span>
    }
}
