//! What came of it: a bar for each number of tries, and how often each thing happened, with a run to open.

use crate::run::odds::{Kind, Odds, WHOLE};
use crate::session::Action;
use crate::text::Text;
use crate::ui::components::icon::icon;
use crate::ui::context::{Show, Ui};
use crate::view::explore::grouped;
use crate::view::matrix::Grade;
use crate::view::odds::{Asked, grade, measured, percentage, thousandths};
use yew::prelude::*;

/// What a number of tries is called.
fn called(odds: &Odds) -> Text {
    match odds.chance().tries {
        1 => Text::new("odds.once"),
        k => Text::new("odds.upto").number("k", k),
    }
}

/// The bars, one above the other on the same scale.
pub(super) fn bars(ui: &Ui, asked: &Asked, all: &[Odds]) -> Html {
    html! {
        <div class="odds-bars">
            { for all.iter().map(|odds| bar(ui, asked, odds)) }
            <p class="scale num quiet" aria-hidden="true">{ for ["0", "0.25", "0.5", "0.75", "1"].map(|n| html! { <span>{ n }</span> }) }</p>
        </div>
    }
}

fn bar(ui: &Ui, asked: &Asked, odds: &Odds) -> Html {
    let (formula, p) = asked.worked_out(odds.chance().tries);
    let (told, runs) = (measured(odds), odds.runs());
    let (low, high) = (told.share.saturating_sub(told.band), (told.share + told.band).min(WHOLE));
    let verdict = match (runs, told.holds(p, runs)) {
        (0, _) => Html::default(),
        (_, true) => html! { <span class="holds">{ icon("check") }{ ui.get("odds.holds") }</span> },
        (_, false) => html! { <span class="apart">{ icon("cross") }{ ui.get("odds.apart") }</span> },
    };
    let label = ui.say(&told.text(runs));
    html! {
        <section class="odds-bar" key={odds.chance().tries} aria-label={ui.say(&called(odds))}>
            <header>
                <h2>{ ui.say(&called(odds)) }</h2>
                <p class="formula num">{ format!("P = {formula} = ") }<b>{ thousandths(p) }</b></p>
            </header>
            <svg width="100%" height="34" role="img" aria-label={label.clone()}>
                <rect class="track" x="0" y="7" width="100%" height="20" rx="4" />
                if runs > 0 {
                    <rect class="fill" x="0" y="7" width={percentage(told.share)} height="20" rx="4" />
                    <rect class="band" x={percentage(low)} y="12" width={percentage(high - low)} height="10" />
                }
                <line class="tick" x1={percentage(p)} x2={percentage(p)} y1="1" y2="33" />
            </svg>
            <p class="said num">if runs > 0 { <span>{ label }</span> }{ verdict }</p>
        </section>
    }
}

/// How often each thing happened.
pub(super) fn table(ui: &Ui, asked: &Asked, all: &[Odds]) -> Html {
    let kinds = asked.kinds(&all.iter().collect::<Vec<_>>());
    let row = |kind: Kind| {
        html! {
            <tr key={kind as usize}>
                <th scope="row">{ ui.say(&asked.name(kind)) }</th>
                { for all.iter().map(|odds| html! { <td>{ cell(ui, asked, odds, kind) }</td> }) }
            </tr>
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={ui.get("odds.table")}>
            <table>
                <thead><tr>
                    <th scope="col">{ ui.get("odds.outcome") }</th>
                    { for all.iter().map(|odds| html! { <th scope="col">{ ui.say(&called(odds)) }</th> }) }
                </tr></thead>
                <tbody>{ for kinds.into_iter().map(row) }</tbody>
            </table>
            <p class="note">{ ui.get("odds.open") }</p>
        </div>
    }
}

/// How often, as a button that opens a run of that kind.
fn cell(ui: &Ui, asked: &Asked, odds: &Odds, kind: Kind) -> Html {
    let n = odds.count(kind);
    let number = grouped(n.into());
    let Some(steps) = odds.example(kind) else {
        return html! { <span class="num quiet">{ number }</span> };
    };
    let class = match grade(kind) {
        Grade::Good => "good",
        Grade::Bad => "bad",
        Grade::Plain => "plain",
    };
    let (act, show, setup, steps) = (ui.act.clone(), ui.show.clone(), asked.setup.clone(), steps.to_vec());
    let open = Callback::from(move |_: MouseEvent| {
        act.emit(Action::Found { setup: setup.clone(), steps: steps.clone(), from: 0 });
        show.emit(Show::Explore(false));
    });
    let label = Text::new("odds.cell").text("what", asked.name(kind)).text("tries", called(odds));
    let label = ui.say(&label.word("n", number.clone()).word("runs", grouped(odds.runs().into())));
    html! {
        <button class={classes!("cell", class)} onclick={open} title={label.clone()} aria-label={label}>
            { number }{ icon("right") }
        </button>
    }
}
