//! Letting the run go on by itself: who chooses, how fast, and when to stop.

use super::icon::icon;
use crate::run::{Mood, goes_on};
use crate::session::{Action, By, Play};
use crate::sim::Act;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Ui, use_ui};
use crate::ui::prefs::{FASTEST, MOST_FAULTS, Prefs};
use crate::view::View;
use crate::view::choices::Choice;
use yew::prelude::*;

/// Steps in ten seconds, from slow to fast, by [`Prefs::speed`](crate::ui::prefs::Prefs::speed): each is more
/// by a part and not by a number, since that is how speed is felt.
const SPEEDS: [u32; FASTEST as usize + 1] = [5, 10, 15, 20, 30, 40, 80, 150, 300, 600, 2400];

/// The most often that the screen follows, in milliseconds: one frame.
const FRAME_MS: u32 = 16;

fn per_ten_seconds(speed: u8) -> u32 {
    SPEEDS[usize::from(speed.min(FASTEST))]
}

/// How often, in milliseconds, to do how many steps at a speed.
pub fn rhythm(speed: u8) -> (u32, u32) {
    let rate = per_ten_seconds(speed);
    let every = (10_000 / rate).max(FRAME_MS);
    (every, (rate * every).div_ceil(10_000).max(1))
}

/// The moods, with the keys of their names.
const MOODS: [(Mood, &str); 4] = [
    (Mood::Calm, "chaos.calm"),
    (Mood::Flaky, "chaos.flaky"),
    (Mood::Dying, "chaos.dying"),
    (Mood::Wild, "chaos.wild"),
];

/// How to play.
#[derive(Properties, PartialEq)]
pub struct PlayerProps {
    /// How to play.
    pub how: Play,
    /// Changes how.
    pub on_how: Callback<Play>,
}

/// From which moment chance chose and with what, so that the run can be had again.
pub fn chance_words(ui: &Ui, (moment, by): (u32, By)) -> Option<AttrValue> {
    let By::Chance { seed, mood, budget } = by else { return None };
    let (_, mood) = MOODS.iter().find(|(m, _)| *m == mood).copied().unwrap_or(MOODS[0]);
    let text = Text::new("play.seed-shown").word("seed", seed.to_string()).text("mood", Text::new(mood));
    Some(ui.say(&text.number("n", i64::from(budget)).number("moment", moment)))
}

/// The speed in words.
pub fn rate(ui: &Ui) -> AttrValue {
    let rate = per_ten_seconds(ui.prefs.speed);
    let whole = rate / 10;
    // A fraction is spoken of in the plural.
    let (n, number) = match rate % 10 {
        0 => (whole, whole.to_string()),
        tenths => (2, format!("{whole}.{tenths}")),
    };
    ui.say(&Text::new("play.per-second").number("n", i64::from(n)).word("rate", number))
}

/// The panel behind "How to play...": a popover, so that it goes away by itself.
#[component]
pub fn PlayPanel(props: &PlayerProps) -> Html {
    let ui = use_ui();
    let how = props.how;
    let set = |change: fn(Play, u64) -> Play| {
        let on_how = props.on_how.clone();
        move |value: u64| on_how.emit(change(how, value))
    };
    let by = |value: By, key: &str| {
        let on_how = props.on_how.clone();
        let checked = std::mem::discriminant(&value) == std::mem::discriminant(&how.by);
        let pick = Callback::from(move |_: Event| on_how.emit(Play { by: value, ..how }));
        html! {
            <label class="radio"><input type="radio" name="play-by" {checked} onchange={pick} /><span>{ ui.get(key) }</span></label>
        }
    };
    let stop = |key: &str, on: bool, change: fn(Play, u64) -> Play| {
        let set = set(change);
        let toggle = Callback::from(move |_: Event| set(u64::from(!on)));
        html! {
            <label class="radio"><input type="checkbox" checked={on} onchange={toggle} /><span>{ ui.get(key) }</span></label>
        }
    };
    let chance = match how.by {
        By::Chance { .. } => how.by,
        _ => By::Chance { seed: 1, mood: Mood::Flaky, budget: 3 },
    };
    let speed = {
        let (set, prefs) = (ui.set_prefs.clone(), ui.prefs.clone());
        Callback::from(move |e: InputEvent| {
            let speed = browser::value_of(&e).parse().unwrap_or(prefs.speed);
            set.emit(Prefs { speed, ..(*prefs).clone() });
        })
    };
    let rate = rate(&ui);
    html! {
        <div id="play-how" class="pop" popover="auto" role="dialog" aria-label={ui.get("play.how")}>
            <label class="speed">{ ui.get("play.speed") }
                <input type="range" min="0" max={FASTEST.to_string()} value={ui.prefs.speed.to_string()}
                    aria-valuetext={rate.clone()} oninput={speed} />
                <output class="num">{ rate }</output>
            </label>
            <fieldset>
                <legend class="label">{ ui.get("play.by") }</legend>
                { by(By::Turn, "play.by.turn") }
                { by(By::Rounds, "play.by.rounds") }
                { by(chance, "play.by.chance") }
                if let By::Chance { seed, mood, budget } = how.by { { fields(&ui, props, seed, mood, budget) } }
            </fieldset>
            <fieldset>
                <legend class="label">{ ui.get("play.stop-on") }</legend>
                { stop("play.stop-broken", how.stop_broken, |p, v| Play { stop_broken: v > 0, ..p }) }
                { stop("play.stop-blocked", how.stop_blocked, |p, v| Play { stop_blocked: v > 0, ..p }) }
                <p class="note">{ ui.get("play.stop-quiet") }</p>
            </fieldset>
        </div>
    }
}

/// Seed, mood, and how many faults.
type Chance = (u64, Mood, u32);

/// Seed, mood and budget of chance.
fn fields(ui: &Ui, props: &PlayerProps, seed: u64, mood: Mood, budget: u32) -> Html {
    let how = props.how;
    let set = |change: fn(Chance, u64) -> Chance| {
        let on_how = props.on_how.clone();
        move |value: u64| {
            let (seed, mood, budget) = change((seed, mood, budget), value);
            on_how.emit(Play { by: By::Chance { seed, mood, budget }, ..how });
        }
    };
    let typed = |set: Box<dyn Fn(u64)>| {
        Callback::from(move |e: InputEvent| {
            if let Ok(value) = browser::value_of(&e).trim().parse() {
                set(value);
            }
        })
    };
    let mood_at = {
        let set = set(|(s, _, b), v| (s, MOODS.get(v as usize).map_or(Mood::Calm, |(m, _)| *m), b));
        Callback::from(move |e: Event| set(browser::selected_of(&e) as u64))
    };
    let fresh = {
        let set = set(|(_, m, b), v| (v, m, b));
        Callback::from(move |_: MouseEvent| set(browser::fresh_seed()))
    };
    html! {
        <div class="fields">
            <label>{ ui.get("chaos.seed") }
                <input type="text" inputmode="numeric" value={seed.to_string()}
                    oninput={typed(Box::new(set(|(_, m, b), v| (v, m, b))))} />
            </label>
            <button class="mini" onclick={fresh}>{ ui.get("play.new-seed") }</button>
            <label>{ ui.get("chaos.mood") }
                <select onchange={mood_at}>
                    { for MOODS.iter().map(|(m, key)| html! { <option selected={*m == mood}>{ ui.get(key) }</option> }) }
                </select>
            </label>
            <label>{ ui.get("chaos.faults") }
                <input type="text" inputmode="numeric" value={budget.to_string()}
                    oninput={typed(Box::new(set(|(s, m, _), v| (s, m, v.min(u64::from(MOST_FAULTS)) as u32))))} />
            </label>
            <p class="note">{ ui.get("play.again") }</p>
        </div>
    }
}

/// Buttons that let more than one thing happen at once. Where nothing would come of one, it stays and says why.
pub fn leaps(ui: &Ui, view: &View) -> Html {
    let can = |is: fn(&Choice) -> bool| view.choices.iter().any(|c| c.refused.is_none() && is(c));
    let arrives = can(|c| matches!(c.step.act, Act::Deliver(_)));
    let happens = can(|c| c.default);
    let unquiet = happens && goes_on(view.foresight.run());
    let quiet = if happens { "next.none-by-itself" } else { "next.none" };
    let button = |key: &str, sign: &'static str, action: Action, why: Option<&str>| {
        let act = ui.act.clone();
        html! {
            <button class="mini" aria-disabled={why.map(|_| "true")} title={why.map(|key| ui.get(key))}
                onclick={Callback::from(move |_: MouseEvent| act.emit(action.clone()))}>
                { icon(sign) }{ ui.get(key) }
            </button>
        }
    };
    html! {
        <div class="leaps" role="group" aria-label={ui.get("next.run")}>
            { button("next.round", "forward", Action::Round, (!arrives).then_some("next.none-arrives")) }
            { button("next.quiet", "last", Action::Quiet, (!unquiet).then_some(quiet)) }
            { button("next.repair", "check", Action::RepairAndRun, (!happens).then_some("next.none-broken")) }
        </div>
    }
}
