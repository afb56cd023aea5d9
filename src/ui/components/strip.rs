//! The history: where we are on which path, and the paths not taken.

use super::icon::Icon;
use crate::session::Action;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Ui, use_ui};
use crate::view::View;
use crate::view::tree::{Branch, Strip};
use std::rc::Rc;
use yew::prelude::*;

/// The moment to show.
#[derive(Properties, PartialEq)]
pub struct StripProps {
    /// The present moment.
    pub view: Rc<View>,
}

/// Widths in the strip's own units: the SVG scales them.
const STEP_MAX: f64 = 66.0;
const WIDTH: f64 = 1000.0;
const ROW: f64 = 30.0;
const LEFT: f64 = 14.0;
/// Other branches shown beside the current one; the rest are in the list.
const ROWS: usize = 3;

/// The history: transport, slider, and the tree.
#[component]
pub fn HistoryStrip(props: &StripProps) -> Html {
    let ui = use_ui();
    let strip = &props.view.strip;
    let last = strip.branches[0].own.len() - 1;
    let button = |key: &str, icon: &'static str, action: Action, enabled: bool| {
        let act = ui.act.clone();
        html! {
            <button class="pick" aria-label={ui.get(key)} title={ui.get(key)} disabled={!enabled}
                onclick={Callback::from(move |_: MouseEvent| act.emit(action.clone()))}><Icon name={icon} /></button>
        }
    };
    let own = strip.branches[0].own.clone();
    let scrubber = use_node_ref();
    // By script, since the page's policy allows no style attributes.
    use_effect_with((scrubber.clone(), scrub_width(strip)), |(scrubber, width)| {
        browser::set_width(scrubber, width)
    });
    let scrub = {
        let act = ui.act.clone();
        Callback::from(move |e: InputEvent| {
            let at = browser::value_of(&e).parse::<usize>().unwrap_or(0);
            if let Some(place) = own.get(at) {
                act.emit(Action::Go(*place));
            }
        })
    };
    let place = Text::new("strip.moment-of").number("i", strip.index as i64).number("n", last as i64);
    let place = if last == 0 { ui.get("app.not-started") } else { ui.say(&place) };
    html! {
        <section class="past" aria-label={ui.get("strip.title")}>
            <div class="transport">
                { button("strip.first", "first", Action::First, strip.index > 0) }
                { button("strip.undo", "back", Action::Undo, strip.index > 0) }
                { button("strip.redo", "forward", Action::Redo, strip.index < last) }
                { button("strip.last", "last", Action::Last, strip.index < last) }
                <output class="num">{ place.clone() }</output>
            </div>
            <div class="tree">
                if last == 0 && strip.branches.len() == 1 {
                    <p class="quiet">{ ui.get("strip.empty") }</p>
                } else {
                    { tree(&ui, strip) }
                    <input ref={scrubber} class="scrub" type="range" min="0" max={last.to_string()} value={strip.index.to_string()}
                        aria-label={ui.get("strip.scrub")} aria-valuetext={place} oninput={scrub} />
                    { branches(&ui, strip) }
                }
            </div>
        </section>
    }
}

/// The slider is as long as the line of the current branch above it.
fn scrub_width(strip: &Strip) -> String {
    let line = step_width(strip) * (strip.branches[0].own.len() - 1) as f64;
    format!("calc({:.2}% + 16px)", (line + 2.0 * LEFT).max(60.0) / WIDTH * 100.0 - 1.4)
}

fn step_width(strip: &Strip) -> f64 {
    let longest = strip.branches.iter().map(|b| b.own.len()).max().unwrap_or(1).max(2);
    ((WIDTH - 2.0 * LEFT - 240.0) / (longest - 1) as f64).min(STEP_MAX)
}

/// The tree as a drawing. Its beads are shortcuts for the pointer; the slider and the list of branches do
/// the same for keyboards and for assistive technology.
fn tree(ui: &Ui, strip: &Strip) -> Html {
    let w = step_width(strip);
    let x = |i: usize| LEFT + i as f64 * w;
    let others: Vec<&Branch> = strip.branches[1..].iter().take(ROWS).collect();
    let above = others.len() / 2;
    // Every other branch below, every second one above, so that the current one stays in the middle.
    let row = |k: usize| if k % 2 == 1 { -(k.div_ceil(2) as f64) } else { (k / 2 + 1) as f64 };
    let y0 = ROW * above as f64 + 16.0;
    let height = y0 + ROW * (others.len() - above) as f64 + 26.0;
    let main = &strip.branches[0];
    let go = |place| {
        let act = ui.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Go(place)))
    };
    let crowded = w < 30.0;
    let beads = main.own.iter().enumerate().map(|(i, place)| {
        let class = if i == strip.index { "bead you" } else if i < strip.index { "bead here" } else { "bead" };
        let r = if i == strip.index { 8.0 } else if crowded { 3.0 } else { 5.0 };
        html! { <circle key={*place} class={class} cx={x(i).to_string()} cy={y0.to_string()} r={r.to_string()} onclick={go(*place)} /> }
    });
    let mut free = f64::MIN;
    let labels = strip.labels.iter().enumerate().filter_map(|(i, label)| {
        let text = ui.say(label.as_ref()?);
        let width = text.chars().map(|c| if c.is_ascii() { 6.2 } else { 12.0 }).sum::<f64>();
        let left = (x(i) - width / 2.0).max(0.0);
        let fits = left >= free + 10.0;
        if fits {
            free = left + width;
        }
        fits.then(|| html! { <text class="st q" x={(left + width / 2.0).to_string()} y={(y0 + 22.0).to_string()} text-anchor="middle">{ text }</text> })
    });
    let labels: Vec<Html> = labels.collect();
    let index_of = |place| main.own.iter().position(|p| *p == place);
    let side = others.iter().enumerate().map(|(k, branch)| {
        let from = branch.from.and_then(index_of).unwrap_or(0);
        let y = y0 + row(k) * ROW;
        let (a, b) = (x(from), x(from + 1));
        let end = x(from + branch.own.len());
        let curve = format!("M{a} {y0}C{} {y0} {} {y} {b} {y}H{end}", a + w * 0.6, b - w * 0.6);
        let dots = branch.own.iter().enumerate().map(|(i, place)| html! {
            <circle class="bead" cx={x(from + 1 + i).to_string()} cy={y.to_string()} r={if crowded { "2.5" } else { "4.5" }} onclick={go(*place)} />
        });
        let label = ui.say(&branch.label);
        html! {
            <g>
                <path class="hist" d={curve} />
                { for dots }
                <text class="st q" x={(end + 14.0).to_string()} y={(y + 4.0).to_string()}>{ format!("{}  {label}", branch.number) }</text>
            </g>
        }
    });
    let end = x(main.own.len() - 1);
    html! {
        <svg class="beads" viewBox={format!("0 0 {WIDTH} {height}")} aria-hidden="true" preserveAspectRatio="xMinYMid meet">
            { for side }
            <path class="hist" d={format!("M{LEFT} {y0}H{end}")} />
            <path class="hist here" d={format!("M{LEFT} {y0}H{}", x(strip.index))} />
            { for beads }
            { for labels }
            <text class="st b" x={(end + 16.0).to_string()} y={(y0 + 4.0).to_string()}>
                { format!("{}  {}", main.number, ui.say(&main.label)) }
            </text>
        </svg>
    }
}

/// All branches as buttons.
fn branches(ui: &Ui, strip: &Strip) -> Html {
    if strip.branches.len() == 1 {
        return Html::default();
    }
    let mut all: Vec<&Branch> = strip.branches.iter().collect();
    all.sort_unstable_by_key(|b| b.number);
    let item = |branch: &&Branch| {
        let act = ui.act.clone();
        let tip = branch.tip;
        let current = branch.number == strip.number;
        let text =
            Text::new("strip.branch").number("i", branch.number as i64).text("label", branch.label.clone());
        html! {
            <li key={branch.tip}><button class="mini" aria-current={current.then_some("true")}
                onclick={Callback::from(move |_: MouseEvent| act.emit(Action::Go(tip)))}>{ ui.say(&text) }</button></li>
        }
    };
    html! { <ul class="branches" aria-label={ui.get("strip.branches")}>{ for all.iter().map(item) }</ul> }
}
