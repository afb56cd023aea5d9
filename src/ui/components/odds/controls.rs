//! What can be chosen: how often a try succeeds, how many there are, how many are asked, and the seed.

use super::Order;
use crate::protocols;
use crate::run::odds::Chance;
use crate::ui::browser;
use crate::ui::context::{Ui, use_ui};
use crate::view::matrix::{STRATEGY, strategies};
use crate::view::odds::Asked;
use yew::prelude::*;

/// The least that a try's success may be, in a hundred: below, nobody would call it a service.
const LEAST: u8 = 50;
/// The most tries.
const TRIES: u8 = 4;

/// What the controls show and change.
#[derive(Properties, PartialEq)]
pub(super) struct ControlsProps {
    pub asked: Asked,
    pub change: Callback<Order>,
}

/// A component of its own: while it counts the page is rendered again and again, which would take away what somebody
/// is just typing.
#[component]
pub(super) fn Controls(props: &ControlsProps) -> Html {
    let ui = &use_ui();
    let asked = &props.asked;
    let set = props.change.reform(Order::new);
    let tries = {
        let (set, asked) = (set.clone(), asked.clone());
        Callback::from(move |tries: u16| {
            let chance = Chance { tries: tries as u8, ..asked.chance };
            set.emit(Asked { chance, ..asked.clone() });
        })
    };
    let many = {
        let (set, asked) = (set.clone(), asked.clone());
        Callback::from(move |n: u16| set.emit(asked.with_asked(n)))
    };
    html! {
        <div class="odds-controls">
            { strategy(ui, asked, &set) }
            { percent(ui, asked, &set) }
            { segments(ui, "odds.tries", (1, TRIES.into()), asked.chance.tries.into(), tries) }
            if let Some(range) = asked.asked_range() {
                { segments(ui, "odds.asked", range, asked.asked(), many) }
            }
            { seed(ui, asked, &set) }
        </div>
    }
}

/// Another strategy can be tried here without touching the run.
fn strategy(ui: &Ui, asked: &Asked, set: &Callback<Asked>) -> Html {
    let meta = (protocols::find(asked.setup.protocol).expect("it is being shown").meta)();
    let (Some(words), Some((at, _))) = (strategies(meta), meta.param(STRATEGY)) else {
        return Html::default();
    };
    let now = asked.setup.params.get(at);
    let (set, asked) = (set.clone(), asked.clone());
    let choose = Callback::from(move |e: Event| {
        let mut other = asked.clone();
        other.setup.params.set(meta.params, at, browser::selected_of(&e) as u16);
        set.emit(other);
    });
    let option = |(i, word): (usize, &&str)| {
        html! { <option selected={i == usize::from(now)}>{ ui.get(&format!("{}.param.{STRATEGY}.{word}", meta.id)) }</option> }
    };
    html! {
        <label class="odds-field">
            <span class="label">{ ui.get("matrix.strategy") }</span>
            <select onchange={choose}>{ for words.iter().enumerate().map(option) }</select>
        </label>
    }
}

/// How often a try succeeds: to drag, and to type.
fn percent(ui: &Ui, asked: &Asked, set: &Callback<Asked>) -> Html {
    let put = {
        let (set, asked) = (set.clone(), asked.clone());
        move |text: String| {
            // What is being typed may not be a number yet, or not one that is allowed.
            let percent = text.trim().parse().ok().filter(|p| (LEAST..=100).contains(p));
            if let Some(percent) = percent {
                set.emit(Asked { chance: Chance { percent, ..asked.chance }, ..asked.clone() });
            }
        }
    };
    let nearest = {
        let (set, asked) = (set.clone(), asked.clone());
        Callback::from(move |e: Event| {
            if let Ok(typed) = browser::changed_value(&e).trim().parse::<u8>() {
                let percent = typed.clamp(LEAST, 100);
                set.emit(Asked { chance: Chance { percent, ..asked.chance }, ..asked.clone() });
            }
        })
    };
    let input = Callback::from(move |e: InputEvent| put(browser::value_of(&e)));
    let value = asked.chance.percent.to_string();
    html! {
        <div class="odds-field" role="group" aria-labelledby="odds-r">
            <span class="label" id="odds-r">{ ui.get("odds.r") }</span>
            <span class="slide">
                <input type="range" min={LEAST.to_string()} max="100" value={value.clone()} aria-labelledby="odds-r"
                    aria-valuetext={format!("{value} %")} oninput={input.clone()} />
                <input type="number" min={LEAST.to_string()} max="100" {value} aria-labelledby="odds-r" oninput={input}
                    onchange={nearest} />
                <span aria-hidden="true">{ "%" }</span>
            </span>
        </div>
    }
}

/// One of a few numbers.
fn segments(ui: &Ui, key: &'static str, (low, high): (u16, u16), now: u16, choose: Callback<u16>) -> Html {
    let one = |n: u16| {
        let choose = choose.reform(move |_: Event| n);
        html! {
            <label key={n}><input type="radio" name={key} checked={n == now} onchange={choose} /><span class="num">{ n }</span></label>
        }
    };
    html! {
        <div class="odds-field" role="radiogroup" aria-label={ui.get(key)}>
            <span class="label" aria-hidden="true">{ ui.get(key) }</span>
            <div class="segments">{ for (low..=high).map(one) }</div>
        </div>
    }
}

/// The same seed draws the same runs.
fn seed(ui: &Ui, asked: &Asked, set: &Callback<Asked>) -> Html {
    let typed = {
        let (set, asked) = (set.clone(), asked.clone());
        Callback::from(move |e: InputEvent| {
            if let Ok(seed) = browser::value_of(&e).trim().parse() {
                set.emit(Asked { seed, ..asked.clone() });
            }
        })
    };
    let fresh = {
        let (set, asked) = (set.clone(), asked.clone());
        Callback::from(move |_: MouseEvent| set.emit(Asked { seed: browser::fresh_seed(), ..asked.clone() }))
    };
    html! {
        <div class="odds-field">
            <label class="label" for="odds-seed">{ ui.get("chaos.seed") }</label>
            <span class="slide">
                <input id="odds-seed" type="text" inputmode="numeric" value={asked.seed.to_string()} oninput={typed} />
                <button class="mini" onclick={fresh}>{ ui.get("play.new-seed") }</button>
            </span>
        </div>
    }
}
