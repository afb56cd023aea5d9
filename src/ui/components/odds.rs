//! How reliable: the formula beside what is counted over seeded runs, with one try and with several.

mod controls;
mod result;

use super::icon::icon;
use crate::run::odds::{Chance, Odds};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use crate::view::explore::grouped;
use crate::view::odds::Asked;
use controls::Controls;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// How many runs are measured at a time.
const RUNS: u32 = 10_000;

/// How long the page is kept from anything else, in milliseconds.
const SLICE_MS: f64 = 10.0;

thread_local! {
    /// What was asked last: whoever looks at a run and comes back goes on with the same numbers.
    static LAST: Cell<(Chance, u64)> = const { Cell::new((Chance { percent: 90, tries: 2 }, 1)) };
}

/// What the page needs.
#[derive(Properties, PartialEq)]
pub struct OddsPageProps {
    /// The present moment, whose world it is about.
    pub view: Rc<View>,
}

/// What is asked for, and how far it may go.
#[derive(Clone, PartialEq)]
struct Order {
    asked: Asked,
    goal: u32,
    halted: bool,
}

impl Order {
    fn new(asked: Asked) -> Order {
        LAST.set((asked.chance, asked.seed));
        Order { asked, goal: RUNS, halted: false }
    }
}

/// What was counted.
struct Count {
    of: Asked,
    /// With one try, and then with several, where that is not the same.
    all: Vec<Odds>,
}

impl Count {
    fn new(of: &Asked) -> Count {
        let tries = [Some(1), Some(of.chance.tries).filter(|k| *k > 1)];
        Count { of: of.clone(), all: tries.into_iter().flatten().filter_map(|k| of.measure(k)).collect() }
    }

    fn runs(&self) -> u32 {
        self.all.iter().map(Odds::runs).min().unwrap_or(0)
    }

    /// Some more runs of each.
    fn advance(&mut self, most: u32) {
        let more = 25.min(most - self.runs());
        self.all.iter_mut().for_each(|odds| odds.advance(more));
    }
}

/// The page.
#[component]
pub fn OddsPage(props: &OddsPageProps) -> Html {
    let ui = use_ui();
    let leaf = use_node_ref();
    let order = use_state_eq(|| {
        let (chance, seed) = LAST.get();
        Asked::of(&props.view.scene.setup, chance, seed).map(Order::new)
    });
    let count = use_mut_ref(|| None::<Count>);
    let counted = use_force_update();
    {
        let leaf = leaf.clone();
        use_effect_with((), move |()| browser::focus_first(&leaf, "h1"));
    }
    {
        let count = count.clone();
        use_effect_with((*order).clone(), move |order| {
            let alive = Rc::new(Cell::new(true));
            if let Some(order) = order {
                if count.borrow().as_ref().is_none_or(|c| c.of != order.asked) {
                    *count.borrow_mut() = Some(Count::new(&order.asked));
                }
                if !order.halted {
                    slice(count, order.goal, alive.clone(), counted);
                }
            }
            move || alive.set(false)
        });
    }
    let change = {
        let order = order.setter();
        use_callback((), move |next: Order, ()| order.set(Some(next)))
    };
    let Some(now) = (*order).clone() else { return Html::default() };
    let close = ui.show.reform(|_: MouseEvent| Show::Explore(false));
    // What was counted of something else is not shown.
    let fresh = Count::new(&now.asked);
    let known = count.borrow();
    let shown = known.as_ref().filter(|c| c.of == now.asked).unwrap_or(&fresh);
    html! {
        <main class="stage odds">
            <div class="leaf" ref={leaf}>
                <header>
                    <h1 id="odds-title" tabindex="-1">{ ui.get("odds.title") }</h1>
                    <button class="mini" onclick={close}>{ icon("back") }{ ui.get("explore.close") }</button>
                </header>
                <p class="about">{ ui.rich(&about(&now.asked)) }</p>
                <Controls asked={now.asked.clone()} change={change.clone()} />
                { progress(&ui, &now, shown, &change) }
                { result::bars(&ui, &now.asked, &shown.all) }
                { result::table(&ui, &now.asked, &shown.all) }
                { for now.asked.lesson().iter().map(|text| html! { <p class="lesson">{ ui.rich(text) }</p> }) }
            </div>
        </main>
    }
}

/// What a try is.
fn about(asked: &Asked) -> Text {
    let percent = i64::from(asked.chance.percent);
    Text::new("odds.about")
        .number("percent", percent)
        .text("protocol", Text::new(format!("{}.name", asked.setup.protocol)))
}

/// How far it is, with what can be done about it.
fn progress(ui: &Ui, now: &Order, count: &Count, change: &Callback<Order>) -> Html {
    let runs = count.runs();
    let (key, button, next) = match (runs >= now.goal, now.halted) {
        (true, _) => ("odds.done", "odds.more", Order { goal: now.goal + RUNS, ..now.clone() }),
        (false, true) => ("odds.halted", "explore.go-on", Order { halted: false, ..now.clone() }),
        (false, false) => ("odds.working", "explore.stop", Order { halted: true, ..now.clone() }),
    };
    // Who listens hears of the end, and not of every step to it.
    let heard = if key == "odds.working" { 0 } else { runs };
    let text = |runs: u32| {
        ui.say(&Text::new(key).word("n", grouped(runs.into())).word("all", grouped(now.goal.into())))
    };
    let change = change.clone();
    let click = move |_: MouseEvent| change.emit(next.clone());
    html! {
        <div class="odds-progress">
            <progress max={now.goal.to_string()} value={runs.min(now.goal).to_string()} aria-label={ui.get("odds.progress")}></progress>
            <span class="num quiet" aria-hidden="true">{ text(runs) }</span>
            <span class="sr" role="status">{ text(heard) }</span>
            <button class="mini" id="odds-go" onclick={click}>{ ui.get(button) }</button>
        </div>
    }
}

/// Some runs, and the next ones after the page has had its turn.
fn slice(count: Rc<RefCell<Option<Count>>>, goal: u32, alive: Rc<Cell<bool>>, counted: UseForceUpdateHandle) {
    let next = Timeout::new(0, move || {
        if !alive.get() {
            return;
        }
        let start = browser::now_ms();
        let more = loop {
            let mut count = count.borrow_mut();
            let Some(count) = count.as_mut().filter(|c| c.runs() < goal && !c.all.is_empty()) else {
                break false;
            };
            count.advance(goal);
            if browser::now_ms() - start >= SLICE_MS {
                break count.runs() < goal;
            }
        };
        counted.force_update();
        if more {
            slice(count, goal, alive, counted);
        }
    });
    next.forget();
}
