//! What may go wrong and how far to look, each as tokens with a button for fewer and one for more.

use super::question::Edit;
use crate::explore::{Budget, Fault};
use crate::session::explorer::Draft;
use crate::sim::Scene;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::components::icon::icon;
use crate::ui::context::Ui;
use crate::view::explore::{self, grouped};
use std::rc::Rc;
use yew::prelude::*;

/// The faults that are asked about less often.
fn rare(fault: Fault) -> bool {
    matches!(fault, Fault::Tails | Fault::Operator)
}

/// How many coins are drawn: more than these are a number.
const COINS: u8 = 3;

/// One bound.
struct Stepper {
    key: &'static str,
    label: AttrValue,
    value: Option<u8>,
    least: u8,
    most: u8,
    /// Whether there may be no bound at all.
    any: bool,
    set: Rc<dyn Fn(Option<u8>)>,
}

/// The faults that are asked about most.
pub fn faults(ui: &Ui, scene: &Scene, draft: &Draft, edit: &Edit) -> Html {
    let all = explore::faults(scene).filter(|f| !rare(*f));
    html! {
        <div class="may" role="group" aria-labelledby="explore-may">
            <p class="label" id="explore-may">{ ui.get("explore.may") }</p>
            { for all.map(|f| stepper(ui, &of_fault(ui, f, draft, edit))) }
        </div>
    }
}

fn of_fault(ui: &Ui, fault: Fault, draft: &Draft, edit: &Edit) -> Stepper {
    let edit = edit.clone();
    Stepper {
        key: fault.key(),
        label: ui.get(&format!("explore.fault.{}", fault.key())),
        value: draft.budget.of(fault),
        least: 0,
        most: Budget::MAX,
        any: true,
        set: Rc::new(move |n| edit(&move |draft: &mut Draft| draft.budget = draft.budget.with(fault, n))),
    }
}

fn stepper(ui: &Ui, of: &Stepper) -> Html {
    let set = |n: Option<u8>| {
        let set = of.set.clone();
        Callback::from(move |_: MouseEvent| set(n))
    };
    let named = |key: &'static str| ui.say(&Text::new(key).word("what", of.label.to_string()));
    let fewer = match of.value {
        // Next to any number comes one that can still be searched.
        None => 2,
        Some(n) => n.saturating_sub(1).max(of.least),
    };
    // At the end of the range it keeps the focus, and does nothing.
    let at_most = of.value.is_none_or(|n| n >= of.most);
    let more = of.value.map_or(of.most, |n| (n + 1).min(of.most));
    let coin = |i: u8| {
        let on = of.value.is_none_or(|n| i < n);
        html! { <i class={classes!("coin", (!on).then_some("spent"))}></i> }
    };
    let coins = of.value.map_or(COINS, |n| n.clamp(2, COINS));
    let shown = of.value.map_or_else(|| ui.get("explore.any"), |n| n.to_string().into());
    html! {
        <div class="stepper" key={of.key} data-bound={of.key}>
            <span class="name" id={format!("bound-{}", of.key)}>{ of.label.clone() }</span>
            <button class="step" aria-label={named("explore.fewer")} aria-disabled={(of.value == Some(of.least)).then_some("true")} onclick={set(Some(fewer))}>
                { icon("dash") }
            </button>
            <span class="coins" aria-hidden="true">{ for (0..coins).map(coin) }</span>
            <button class="step" aria-label={named("explore.more-of")} aria-disabled={at_most.then_some("true")} onclick={if at_most { set(of.value) } else { set(Some(more)) }}>
                { icon("plus") }
            </button>
            if of.any {
                <button class="any num" aria-pressed={of.value.is_none().to_string()} aria-label={format!("{} ({shown})", named("explore.any-of"))}
                    title={named("explore.any-of")} onclick={set(if of.value.is_none() { Some(1) } else { None })}>
                    { shown }
                </button>
            } else {
                <output class="any num">{ shown }</output>
            }
        </div>
    }
}

const WORLDS: [u32; 6] = [100_000, 1_000_000, 5_000_000, 20_000_000, 50_000_000, 100_000_000];
const MEMORY_MB: [u64; 5] = [128, 256, 512, 1_024, 2_048];

/// What is asked about less often, and how far to look.
pub fn bounds(ui: &Ui, scene: &Scene, draft: &Draft, edit: &Edit) -> Html {
    let copies = {
        let edit = edit.clone();
        Stepper {
            key: "copies",
            label: ui.get("explore.copies"),
            value: Some(draft.budget.copies.max(draft.budget.least_copies())),
            least: draft.budget.least_copies(),
            most: Budget::MAX_COPIES,
            any: false,
            set: Rc::new(move |n| edit(&move |draft: &mut Draft| draft.budget.copies = n.unwrap_or(1))),
        }
    };
    let switch = |key: &'static str, on: bool, flip: fn(&mut Draft)| {
        let edit = edit.clone();
        let flip = Callback::from(move |_: Event| edit(&|draft: &mut Draft| flip(draft)));
        let implied = key == "explore.any-order" && draft.symmetry;
        html! {
            <label class="census">
                <input type="checkbox" checked={on || implied} disabled={implied} onchange={flip} />
                <span>{ ui.get(key) }<small>{ ui.get(&[key, ".why"].concat()) }</small></span>
            </label>
        }
    };
    html! {
        <details class="more-bounds">
            <summary>{ ui.get("explore.more") }</summary>
            { for explore::faults(scene).filter(|f| rare(*f)).map(|f| stepper(ui, &of_fault(ui, f, draft, edit))) }
            { stepper(ui, &copies) }
            <div class="limits">
                { depth(ui, draft, edit) }
                { worlds(ui, draft, edit) }
                { memory(ui, draft, edit) }
            </div>
            { switch("explore.repairs", draft.budget.repairs, |draft| draft.budget.repairs = !draft.budget.repairs) }
            { switch("explore.any-order", draft.any_order, |draft| draft.any_order = !draft.any_order) }
            { switch("explore.symmetry", draft.symmetry, |draft| draft.symmetry = !draft.symmetry) }
            { switch("explore.census", draft.census, |draft| draft.census = !draft.census) }
        </details>
    }
}

fn depth(ui: &Ui, draft: &Draft, edit: &Edit) -> Html {
    let edit = edit.clone();
    let set = Callback::from(move |e: Event| {
        let text = browser::changed_value(&e);
        let depth = text.trim().parse::<u16>().ok().filter(|n| *n <= Draft::MOST_STEPS);
        let bad = (depth.is_none() && !text.trim().is_empty()).then_some(text);
        edit(&move |draft: &mut Draft| {
            draft.budget.depth = depth;
            draft.bad_depth.clone_from(&bad);
        });
    });
    let shown = draft.bad_depth.clone().or(draft.budget.depth.map(|n| n.to_string())).unwrap_or_default();
    html! {
        <label>{ ui.get("explore.depth") }
            <input type="number" min="0" max={Draft::MOST_STEPS.to_string()} placeholder={ui.get("explore.depth.any")} onchange={set}
                aria-invalid={draft.bad_depth.is_some().then_some("true")} value={shown} />
        </label>
    }
}

fn worlds(ui: &Ui, draft: &Draft, edit: &Edit) -> Html {
    let edit = edit.clone();
    let set = Callback::from(move |e: Event| {
        let at = browser::selected_of(&e);
        edit(&move |draft: &mut Draft| draft.limits.worlds = WORLDS[at.min(WORLDS.len() - 1)]);
    });
    let option =
        |n: &u32| html! { <option selected={*n == draft.limits.worlds}>{ grouped(u64::from(*n)) }</option> };
    html! {
        <label>{ ui.get("explore.limit.worlds") }<select onchange={set}>{ for WORLDS.iter().map(option) }</select></label>
    }
}

fn memory(ui: &Ui, draft: &Draft, edit: &Edit) -> Html {
    let edit = edit.clone();
    let set = Callback::from(move |e: Event| {
        let at = browser::selected_of(&e);
        edit(&move |draft: &mut Draft| draft.limits.bytes = MEMORY_MB[at.min(MEMORY_MB.len() - 1)] << 20);
    });
    let option = |mb: &u64| {
        let text = ui.say(&Text::new("explore.limit.mb").word("n", grouped(*mb)));
        html! { <option selected={*mb << 20 == draft.limits.bytes}>{ text }</option> }
    };
    html! {
        <label>{ ui.get("explore.limit.memory") }<select onchange={set}>{ for MEMORY_MB.iter().map(option) }</select></label>
    }
}
