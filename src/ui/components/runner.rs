//! Letting more than one thing happen: a round, until quiet, repaired, or as chance has it.

use super::icon::Icon;
use crate::run::Mood;
use crate::session::Action;
use crate::ui::browser;
use crate::ui::context::use_ui;
use crate::view::View;
use std::rc::Rc;
use yew::prelude::*;

/// The most steps that chance may choose at once.
const CHAOS_STEPS: u32 = 200;

/// The moods, with the keys of their names.
const MOODS: [(Mood, &str); 4] = [
    (Mood::Calm, "chaos.calm"),
    (Mood::Flaky, "chaos.flaky"),
    (Mood::Dying, "chaos.dying"),
    (Mood::Wild, "chaos.wild"),
];

/// The moment to run on from.
#[derive(Properties, PartialEq)]
pub struct RunnerProps {
    /// The present moment.
    pub view: Rc<View>,
}

/// Buttons that let more than one thing happen.
#[component]
pub fn Runner(_props: &RunnerProps) -> Html {
    let ui = use_ui();
    let seed = use_state_eq(|| 1u64);
    let mood = use_state_eq(|| Mood::Dying);
    let budget = use_state_eq(|| 2u32);
    let act = |action: Action| {
        let act = ui.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(action.clone()))
    };
    let number = |text: String| text.trim().parse::<u64>().ok();
    let on_seed = {
        let seed = seed.clone();
        Callback::from(move |e: InputEvent| seed.set(number(browser::value_of(&e)).unwrap_or(*seed)))
    };
    let on_budget = {
        let budget = budget.clone();
        Callback::from(move |e: InputEvent| {
            budget.set(number(browser::value_of(&e)).map_or(*budget, |n| n.min(99) as u32));
        })
    };
    let on_mood = {
        let mood = mood.clone();
        Callback::from(move |e: Event| {
            let at = browser::selected_of(&e);
            mood.set(MOODS.get(at).map_or(Mood::Calm, |(m, _)| *m));
        })
    };
    let go = {
        let (act, seed, mood, budget) = (ui.act.clone(), seed.clone(), *mood, *budget);
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Chaos { seed: *seed, mood, budget, steps: CHAOS_STEPS });
            // The next press shows another run; the seed of this one can be typed again.
            seed.set(seed.wrapping_add(1));
        })
    };
    html! {
        <div class="runner" role="group" aria-label={ui.get("next.run")}>
            <button class="mini" onclick={act(Action::Round)}><Icon name="forward" />{ ui.get("next.round") }</button>
            <button class="mini" onclick={act(Action::Quiet)}><Icon name="last" />{ ui.get("next.quiet") }</button>
            <button class="mini" onclick={act(Action::RepairAndRun)}><Icon name="check" />{ ui.get("next.repair") }</button>
            <details class="chaos">
                <summary class="mini">{ ui.get("next.chaos") }</summary>
                <div class="fields">
                    <label>{ ui.get("chaos.seed") }
                        <input type="text" inputmode="numeric" value={seed.to_string()} oninput={on_seed} />
                    </label>
                    <label>{ ui.get("chaos.mood") }
                        <select onchange={on_mood}>
                            { for MOODS.iter().map(|(m, key)| html! { <option selected={*m == *mood}>{ ui.get(key) }</option> }) }
                        </select>
                    </label>
                    <label>{ ui.get("chaos.faults") }
                        <input type="text" inputmode="numeric" value={budget.to_string()} oninput={on_budget} />
                    </label>
                    <button class="btn" onclick={go}>{ ui.get("chaos.go") }</button>
                </div>
                <p class="note">{ ui.get("chaos.why") }</p>
            </details>
        </div>
    }
}
