//! Every strategy side by side: how often what was wanted once can have happened, and the shortest run to each.

use super::icon::icon;
use crate::explore::{Kind, OutcomeFound};
use crate::session::Action;
use crate::session::explorer::{Health, Sitting};
use crate::session::matrix::{Matrix as Table, Row};
use crate::sim::Setup;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Show, Ui, use_ui};
use crate::ui::desk::{Desk, now_ms};
use crate::view::View;
use crate::view::explore::{grouped, needs, trouble};
use crate::view::matrix::{Grade, grade, operation, strategies, summary};
use std::rc::Rc;
use yew::prelude::*;

/// What the table needs.
#[derive(Properties)]
pub struct MatrixProps {
    /// Who works it out.
    pub desk: Rc<Desk>,
    /// The present moment, whose world it is about.
    pub view: Rc<View>,
}

impl PartialEq for MatrixProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view
    }
}

/// The table of strategies.
#[component]
pub fn Matrix(props: &MatrixProps) -> Html {
    let ui = use_ui();
    let version = use_state_eq(|| 0u32);
    let leaf = use_node_ref();
    let setup = props.view.scene.setup.clone();
    {
        let (desk, version) = (props.desk.clone(), version.setter());
        use_effect_with((), move |()| {
            desk.watch(Some(Callback::from(move |now| version.set(now))));
            desk.open();
            move || {
                desk.change(Sitting::halt);
                desk.watch(None);
            }
        });
    }
    // The way back in the browser may bring another world while this page stays.
    {
        let desk = props.desk.clone();
        use_effect_with(setup.clone(), move |setup| desk.change(|sitting| sitting.fill(setup, now_ms())));
    }
    let sitting = props.desk.sitting();
    let close = ui.show.reform(|_: MouseEvent| Show::Explore(false));
    // The heading is there once the table is.
    let there = sitting.matrix.as_ref().is_some_and(|m| m.of == *setup);
    {
        let leaf = leaf.clone();
        use_effect_with(there, move |there| {
            if *there {
                browser::focus_first(&leaf, "h1");
            }
        });
    }
    let Some(table) = sitting.matrix.as_ref().filter(|m| m.of == *setup) else { return Html::default() };
    let done = table.rows.iter().filter(|r| r.over()).count() as i64;
    let all = table.rows.len() as i64;
    let state = match (&sitting.health, table.full(), table.working()) {
        (Health::Died { .. }, ..) => "matrix.died",
        (_, true, _) => "matrix.full",
        (_, false, true) => "matrix.working",
        (_, false, false) => "matrix.halted",
    };
    let state = ui.say(&Text::new(state).number("n", done).number("all", all));
    let again = (!table.full() && !table.working()).then(|| {
        let (desk, setup) = (props.desk.clone(), setup.clone());
        let dead = matches!(sitting.health, Health::Died { .. });
        let click = move |_: MouseEvent| {
            if dead {
                desk.retry();
            }
            desk.change(|sitting| sitting.fill(&setup, now_ms()));
        };
        html! { <button class="mini" onclick={click}>{ ui.get("explore.go-on") }</button> }
    });
    html! {
        <main class="stage matrix">
            <div class="leaf" ref={leaf}>
                <header>
                    <h1 id="matrix-title" tabindex="-1">{ ui.get("matrix.title") }</h1>
                    <button class="mini" onclick={close}>{ icon("back") }{ ui.get("explore.close") }</button>
                </header>
                <p>{ ui.get("matrix.ask") }</p>
                <p class="num quiet" role="status">{ state }{ " " }{ for again }</p>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="matrix-title">{ rows(&ui, table, &setup) }</div>
                <p class="note">{ ui.get("matrix.note") }{ " " }{ for operation(&setup).map(|text| ui.say(&text)) }</p>
            </div>
        </main>
    }
}

fn rows(ui: &Ui, table: &Table, now: &Setup) -> Html {
    let head = |kind: &Kind| {
        let first = begins(*kind);
        if *kind == Kind::Vain {
            return html! { <th scope="col" class={classes!(first)}>{ "∞" }<small>{ ui.get("matrix.vain") }</small></th> };
        }
        let n = match kind {
            Kind::Seen(n) | Kind::Quiet(n) => *n,
            _ => 0,
        };
        let name = ui.get(&format!("matrix.times.{n}"));
        html! { <th scope="col" class={classes!(first)}>{ n }<small>{ name }</small></th> }
    };
    let meta = crate::protocols::find(table.of.protocol).map(|p| (p.meta)()).expect("it is being shown");
    let words = strategies(meta).unwrap_or_default();
    let row = |(word, row): (&&str, &Row)| {
        let here = (row.world.params.get(0) == now.params.get(0)).then_some("here");
        let name = ui.get(&format!("{}.param.strategy.{word}", meta.id));
        html! {
            <tr key={*word} class={classes!(here)}>
                <th scope="row">{ name }{ gist(ui, row) }</th>
                { cells(ui, row) }
            </tr>
        }
    };
    html! {
        <table>
            <thead>
                <tr>
                    <td></td>
                    <th scope="colgroup" colspan="4" class="first">{ ui.get("matrix.seen") }</th>
                    <th scope="colgroup" colspan="4" class="first">{ ui.get("matrix.quiet") }</th>
                    <th scope="col" class="first">{ ui.get("matrix.again") }</th>
                    <td></td>
                </tr>
                <tr>
                    <th scope="col">{ ui.get("matrix.strategy") }</th>
                    { for Kind::EFFECTS.iter().map(head) }
                    <th scope="col" class="first">{ ui.get("matrix.verdict") }</th>
                </tr>
            </thead>
            <tbody>{ for words.iter().zip(&table.rows).map(row) }</tbody>
        </table>
    }
}

fn cells(ui: &Ui, row: &Row) -> Html {
    if let Some(why) = &row.trouble {
        let why = trouble(why, &crate::view::beginning(&row.world).scene());
        return html! { <td colspan="10" class="first is-abort">{ ui.say(&why) }</td> };
    }
    let cell = |kind: &Kind| {
        let first = begins(*kind);
        let found = row.outcomes.iter().find(|o| o.kind == *kind);
        html! { <td class={classes!(first)}>{ found.map_or_else(dot, |found| one(ui, row, found)) }</td> }
    };
    let verdict = match (verdict(row), &row.progress) {
        (Some((word, class)), _) => {
            html! { <td class={classes!("first", "sum", class)}>{ ui.get(&format!("matrix.sum.{word}")) }</td> }
        }
        (None, Some(progress)) => {
            let key = if row.over() { "matrix.limit" } else { "matrix.worlds" };
            let text = Text::new(key).word("worlds", grouped(progress.worlds.into()));
            html! { <td class="first sum num quiet">{ ui.say(&text) }</td> }
        }
        (None, None) => html! { <td class="first"></td> },
    };
    html! { <>{ for Kind::EFFECTS.iter().map(cell) }{ verdict }</> }
}

/// What is to be said of a row that is worked out, and how it looks.
fn verdict(row: &Row) -> Option<(&'static str, &'static str)> {
    let word = row.complete().then(|| summary(&row.outcomes))?;
    Some((word, if word == "right" { "good" } else { "bad" }))
}

/// The verdict under the name, where the screen is too narrow for its column.
fn gist(ui: &Ui, row: &Row) -> Html {
    let small = |(word, class)| html! { <small class={classes!("gist", class)}>{ ui.get(&format!("matrix.sum.{word}")) }</small> };
    verdict(row).map(small).unwrap_or_default()
}

/// What the first column of a group looks like.
fn begins(kind: Kind) -> Option<&'static str> {
    matches!(kind, Kind::Seen(0) | Kind::Quiet(0) | Kind::Vain).then_some("first")
}

fn dot() -> Html {
    html! { <span class="none" aria-hidden="true">{ "·" }</span> }
}

/// A cell: the number of steps of the shortest run, which opens; or that there is none.
fn one(ui: &Ui, row: &Row, found: &OutcomeFound) -> Html {
    if found.worlds == 0 {
        let sure = if row.complete() { "matrix.never" } else { "matrix.not-found" };
        return html! { <><span class="none" aria-hidden="true">{ "–" }</span><span class="sr">{ ui.get(sure) }</span></> };
    }
    let class = match grade(found.kind) {
        Grade::Good => "good",
        Grade::Bad => "bad",
        Grade::Plain => "plain",
    };
    let (act, show, setup, steps) = (ui.act.clone(), ui.show.clone(), row.world.clone(), found.steps.clone());
    let open = Callback::from(move |_: MouseEvent| {
        act.emit(Action::Found { setup: setup.clone(), steps: steps.clone(), from: 0 });
        show.emit(Show::Explore(false));
    });
    let what = Text::new(format!("explore.outcome.{}", found.kind.word()));
    let spent = needs(&found.needs);
    let label = Text::new(if spent.is_empty() { "matrix.cell-free" } else { "matrix.cell" })
        .text("what", what)
        .number("n", found.steps.len() as i64)
        .word("worlds", grouped(found.worlds.into()))
        .alternatives("needs", spent);
    let label = ui.say(&label);
    html! {
        <button class={classes!("cell", class)} onclick={open} title={label.clone()} aria-label={label}>
            { found.steps.len() }
        </button>
    }
}
