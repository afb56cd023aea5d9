//! How the search goes: how much was looked at, how far from the start, and what it can come to.

use super::{ExplorerProps, open};
use crate::explore::{Fault, OutcomeFound, State};
use crate::session::explorer::{Asked, Heard, Phase};
use crate::text::Text;
use crate::ui::context::Ui;
use crate::ui::desk::now_ms;
use crate::view::explore::{grouped, needs};
use yew::prelude::*;

/// How one search goes.
pub fn search(ui: &Ui, props: &ExplorerProps, asked: &Asked) -> Html {
    let ms = asked.took_ms;
    let time = Text::new("explore.seconds")
        .number("whole", (ms / 1000) as i64)
        .number("tenth", (ms % 1000 / 100) as i64);
    let key = match asked.phase {
        Phase::Running => "explore.took.running",
        Phase::Over if asked.at_limit() => "explore.took.limit",
        Phase::Over if asked.trouble.is_some() => "explore.took.running",
        Phase::Over => "explore.took",
        Phase::Stopped | Phase::Died => "explore.took.stopped",
    };
    let took = ui.say(&Text::new(key).text("time", time));
    html! {
        <>
            <div>
                <h3 class="label took"><span>{ ui.get("explore.search") }</span><span class="num">{ took }</span></h3>
                if let Some(heard) = &asked.heard { { numbers(ui, props, asked, heard) } }
            </div>
            if let Some(heard) = &asked.heard {
                { levels(ui, heard) }
                if !heard.outcomes.is_empty() { { outcomes(ui, asked, heard) } }
            }
        </>
    }
}

fn numbers(ui: &Ui, props: &ExplorerProps, asked: &Asked, heard: &Heard) -> Html {
    let p = &heard.progress;
    // Of the worlds that are known, how many were gone on from: it grows and shrinks, and ends full.
    let done = match p.state {
        State::Running | State::TooMany | State::NoMemory => {
            (u64::from(p.expanded) * 1000 / u64::from(p.worlds.max(1))).min(999)
        }
        _ => 1000,
    };
    let worlds = Text::new("explore.worlds")
        .number("n", i64::from(p.worlds))
        .word("worlds", grouped(p.worlds.into()))
        .word("steps", grouped(p.generated));
    // Of a search that took no time to speak of, how fast it was says nothing.
    let rate = (asked.took_ms >= 500).then(|| {
        let rate = u64::from(p.worlds) * 1000 / asked.took_ms;
        Text::new("explore.rate").word("rate", grouped(rate))
    });
    let (amount, unit) = if p.bytes < 10 << 20 { (p.bytes >> 10, "KB") } else { (p.bytes >> 20, "MB") };
    let memory = Text::new("explore.memory").word("amount", grouped(amount)).word("unit", unit);
    let deep = p.levels.len() as i64 - 1;
    let stop = {
        let desk = props.desk.clone();
        let id = asked.id;
        Callback::from(move |_: MouseEvent| desk.change(|sitting| sitting.stop_one(id, now_ms())))
    };
    html! {
        <>
            <div class="bar" role="progressbar" aria-label={ui.get("explore.progress")} aria-valuemin="0" aria-valuemax="100"
                aria-valuenow={(done / 10).to_string()}>
                <svg viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true"><rect width={done.to_string()} height="6" /></svg>
            </div>
            <p class="num worlds">{ ui.say(&worlds) }</p>
            <p class="num quiet">
                if let Some(rate) = rate { { ui.say(&rate) }{ ", " } }
                { ui.say(&memory) }{ ", " }{ ui.say(&Text::new("explore.depth-now").number("n", deep)) }
            </p>
            if asked.phase == Phase::Running {
                <button class="mini stop" onclick={stop}>{ ui.get("explore.stop") }</button>
            }
        </>
    }
}

/// More rows than these are left out in the middle.
const ROWS: usize = 40;

fn levels(ui: &Ui, heard: &Heard) -> Html {
    let levels = &heard.progress.levels;
    let most = levels.iter().copied().max().unwrap_or(1).max(1);
    let last = levels.len() - 1;
    let hit = heard.found.is_some() && heard.progress.state == State::Found;
    // A search that was not finished may not have seen all of the farthest.
    let partial = matches!(heard.progress.state, State::Running | State::TooMany | State::NoMemory);
    let row = |at: usize| {
        let n = levels[at];
        let found = hit && at == last;
        let count = grouped(n.into());
        let words = match (found, partial && at == last) {
            (true, _) => ui.say(&Text::new("explore.levels.found").word("worlds", count)),
            (_, true) => ui.say(&Text::new("explore.levels.partial").word("worlds", count)),
            _ => AttrValue::from(count),
        };
        // Something is to be seen of every number but none.
        let width = (u64::from(n) * 1000 / u64::from(most)).max(8);
        html! {
            <tr key={at} class={found.then_some("hit")}>
                <th scope="row" class="num">{ at }</th>
                <td>
                    <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect class={classes!("col", found.then_some("hit"))} width={width.to_string()} height="10" />
                    </svg>
                    <span class="num">{ words }</span>
                </td>
            </tr>
        }
    };
    let left_out = levels.len().saturating_sub(ROWS);
    let head = if left_out > 0 { ROWS / 2 } else { levels.len() };
    let tail = if left_out > 0 { levels.len() - ROWS / 2..levels.len() } else { 0..0 };
    html! {
        <div class="levels">
            <h3 class="label" id="explore-levels">{ ui.get("explore.levels") }</h3>
            <div class="levels-box" tabindex="0" role="region" aria-labelledby="explore-levels">
                <table aria-labelledby="explore-levels">
                    <thead class="sr"><tr>
                        <th scope="col">{ ui.get("explore.levels.distance") }</th><th scope="col">{ ui.get("explore.levels.worlds") }</th>
                    </tr></thead>
                    <tbody>
                        { for (0..head).map(row) }
                        if left_out > 0 {
                            <tr><td colspan="2" class="quiet">{ ui.say(&Text::new("explore.levels.short").number("n", left_out as i64)) }</td></tr>
                        }
                        { for tail.map(row) }
                    </tbody>
                </table>
            </div>
            if hit { <p class="note">{ ui.get("explore.levels.note") }</p> }
        </div>
    }
}

/// So many worlds.
fn worlds(n: u32) -> Text {
    Text::new("explore.outcome.worlds").number("n", i64::from(n)).word("worlds", grouped(n.into()))
}

fn outcomes(ui: &Ui, asked: &Asked, heard: &Heard) -> Html {
    // Of these there may be any number, so that it is not known how many a run needs.
    let any = Fault::ALL.into_iter().filter(|f| *f != Fault::Tails && asked.question.budget.of(*f).is_none());
    let uncounted: Vec<_> = any.map(|f| Text::new(format!("explore.fault.{}", f.key()))).collect();
    let complete = heard.progress.state == State::Exhausted;
    let row = |of: &OutcomeFound| {
        let spent = needs(&of.needs);
        let needed = match (of.worlds, spent.is_empty()) {
            (0, _) if complete => ui.get("explore.outcome.never"),
            (0, _) => ui.get("explore.outcome.not-yet"),
            (_, true) => match uncounted.is_empty() {
                true => ui.get("explore.outcome.free"),
                false => ui.say(&Text::new("explore.outcome.free-but").texts("what", uncounted.clone())),
            },
            // Worlds that were not looked at may need less.
            (_, false) => {
                let key = if complete { "explore.outcome.needs" } else { "explore.outcome.met" };
                ui.say(&Text::new(key).alternatives("what", spent))
            }
        };
        let whole = [&asked.steps[..], &of.cheapest].concat();
        let word = of.kind.word();
        html! {
            <li key={word} class={classes!("outcome", word)}>
                <b>{ ui.get(&format!("explore.outcome.{word}")) }</b>
                <span class="num">{ ui.say(&worlds(of.worlds)) }</span>
                <span class="why">
                    { needed }
                    if of.worlds > 0 && !of.cheapest.is_empty() {
                        { " " }<button class="link" onclick={open(ui, &asked.setup, whole, asked.steps.len())}>{ ui.get("explore.outcome.example") }</button>
                    }
                </span>
            </li>
        }
    };
    html! {
        <div class="outcomes">
            <h3 class="label">{ ui.get("explore.outcomes") }</h3>
            <ul>{ for heard.outcomes.iter().map(row) }</ul>
        </div>
    }
}
