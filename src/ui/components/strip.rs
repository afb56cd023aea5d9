//! The history: where we are on which path, the paths not taken, and the moments that were marked.

use super::diagram::use_size;
use super::icon::icon;
use super::player::{PlayPanel, chance_words, rate};
use crate::order;
use crate::run::Place;
use crate::session::{Action, By, Play};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Show, Ui, use_ui};
use crate::ui::layout::beads::{self, Beads, SIDE};
use crate::ui::layout::tenth;
use crate::view::View;
use crate::view::tree::{Branch, Pin, Strip, Worry};
use std::rc::Rc;
use yew::prelude::*;

/// The moment to show.
#[derive(Properties, PartialEq)]
pub struct StripProps {
    /// The present moment.
    pub view: Rc<View>,
    /// The moment of what is selected.
    pub picked: Option<usize>,
    /// How to play.
    pub how: Play,
    /// From which moment chance chose on this branch, and how.
    pub chance: Option<(u32, By)>,
    /// Whether it plays.
    pub playing: bool,
    /// Plays, or stops that.
    pub on_play: Callback<()>,
    /// Changes how to play.
    pub on_how: Callback<Play>,
}

/// The history: transport, the tree with its slider, and the list of branches and pins.
#[component]
pub fn HistoryStrip(props: &StripProps) -> Html {
    let ui = use_ui();
    let strip = &props.view.strip;
    let tree_box = use_node_ref();
    let list_box = use_node_ref();
    // Of more branches than fit the present one is in sight.
    use_effect_with((strip.number, strip.branches.len(), list_box.clone()), |(_, _, list)| {
        browser::scroll_to_first(list, "[aria-current]");
    });
    let (width, height) = use_size(&tree_box);
    // It grows with the reader's letters, as the diagram does.
    let letters = *use_memo((width.to_bits(), height.to_bits()), |_| browser::letters());
    let alone = strip.branches.len() == 1;
    let empty = alone && strip.branches[0].own.len() == 1;
    html! {
        <section class={classes!("past", empty.then_some("empty"), alone.then_some("alone"))} aria-label={ui.get("strip.title")}>
            { transport(&ui, props) }
            <div class="tree" ref={tree_box}>
                if empty {
                    <p class="quiet">{ ui.get("strip.empty") }</p>
                } else if width > 0.0 {
                    { tree(&ui, strip, props.picked, (width, height), letters) }
                }
            </div>
            if !empty { { list(&ui, strip, &list_box) } }
            <PlayPanel how={props.how} on_how={props.on_how.clone()} />
        </section>
    }
}

fn transport(ui: &Ui, props: &StripProps) -> Html {
    let strip = &props.view.strip;
    let last = strip.branches[0].own.len() - 1;
    let button = |key: &str, sign: &'static str, action: Action, enabled: bool| {
        let act = ui.act.clone();
        html! {
            <button class="pick" aria-label={ui.get(key)} title={ui.get(key)} disabled={!enabled}
                onclick={Callback::from(move |_: MouseEvent| act.emit(action.clone()))}>{ icon(sign) }</button>
        }
    };
    let place = Text::new("strip.moment-of").number("i", strip.index as i64).number("n", last as i64);
    let place = if last == 0 { ui.get("app.not-started") } else { ui.say(&place) };
    let play = if props.playing { ("play.pause", "pause") } else { ("play.play", "play") };
    let on_play = props.on_play.reform(|_: MouseEvent| ());
    let pinned = strip.pins.iter().any(|p| p.place == strip.at);
    let pin = {
        let (act, at) = (ui.act.clone(), strip.at);
        let name = (!pinned).then(String::new);
        Callback::from(move |_: MouseEvent| act.emit(Action::Pin { place: at, name: name.clone() }))
    };
    let pin_key = if pinned { "strip.unpin" } else { "strip.pin" };
    html! {
        <div class="transport">
            <div class="buttons" role="group" aria-label={ui.get("strip.transport")}>
                { button("strip.first", "first", Action::First, strip.index > 0) }
                { button("strip.undo", "back", Action::Undo, strip.index > 0) }
                <button class="pick play" aria-label={ui.get(play.0)} title={ui.get(play.0)} onclick={on_play}>
                    { icon(play.1) }
                </button>
                { button("strip.redo", "forward", Action::Redo, strip.index < last) }
                { button("strip.last", "last", Action::Last, strip.index < last) }
                <button class="pick" popovertarget="play-how" aria-label={ui.get("play.how")} title={ui.get("play.how")}>
                    { icon("sliders") }
                </button>
                <button class="pick pin" aria-pressed={pinned.to_string()} aria-label={ui.get(pin_key)}
                    title={ui.get(pin_key)} onclick={pin}>{ icon("pin") }</button>
            </div>
            <span class="num place">{ place }</span>
            // Said aloud when a key changes it.
            if last > 0 { <output class="num pace">{ rate(ui) }</output> }
            if let Some(words) = props.chance.and_then(|chance| chance_words(ui, chance)) {
                <p class="note seed" title={words.clone()}>{ words.clone() }</p>
            }
        </div>
    }
}

/// Rather wide than narrow: labels that are thought wider than they are leave each other alone.
fn measure(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 6.6 } else { 12.5 }).sum()
}

/// The tree, and the slider that lies on its main line. Beads are shortcuts for the pointer; the slider and
/// the list of branches do the same for keyboards and for assistive technology.
fn tree(ui: &Ui, strip: &Strip, picked: Option<usize>, (width, height): (f64, f64), letters: f64) -> Html {
    let (width, height) = (width / letters, height / letters);
    let texts: Vec<AttrValue> = strip.labels.iter().map(|(_, t)| ui.say(t)).collect();
    let plan = Beads::new(strip, (width, height), &|i| measure(&texts[i]));
    let line = plan.line;
    let own = &strip.branches[0].own;
    let last = own.len() - 1;
    let (x, end) = (plan.x(strip.index), plan.x(last));
    let bead = |i: usize| {
        let class = if i <= strip.index { "bead here" } else { "bead" };
        html! { <circle {class} cx={px(plan.x(i))} cy={px(line)} r="4.5" /> }
    };
    let label = |l: &beads::Label| {
        html! { <text class="st q" x={px(l.x)} y={px(line + 22.0)} text-anchor="middle">{ texts[l.label].clone() }</text> }
    };
    let worry = |(worry, from, to): &(Worry, f64, f64)| {
        let (class, fill) = match worry {
            Worry::Blocked => ("worry blocked", "url(#past-cross)"),
            _ => ("worry", "url(#past-hatch)"),
        };
        html! { <rect {class} {fill} x={px(*from)} y={px(line + 3.0)} width={px(to - from)} height="6" /> }
    };
    let pin = |p: &Pin| {
        let at = plan.x(p.index?);
        let d = format!("M{} {}V{}h10l-3 4 3 4h-10", tenth(at), tenth(line), tenth(line - 20.0));
        Some(html! { <path class="pin-flag" {d} /> })
    };
    let scrub = {
        let (act, own) = (ui.act.clone(), own.clone());
        Callback::from(move |e: InputEvent| {
            if let Some(place) = browser::value_of(&e).parse::<usize>().ok().and_then(|at| own.get(at)) {
                act.emit(Action::Go(*place));
            }
        })
    };
    let past = |to: f64| format!("M{} {}H{}", tenth(SIDE), tenth(line), tenth(to));
    let place = Text::new("strip.moment-of").number("i", strip.index as i64).number("n", last as i64);
    html! {
        <>
            <svg class="beads" width={px(width * letters)} height={px(plan.height * letters)}
                viewBox={format!("0 0 {} {}", tenth(width), tenth(plan.height))} aria-hidden="true">
                { patterns() }
                { for plan.sides.iter().map(|s| side(ui, strip, &plan, s)) }
                { for plan.worries.iter().map(worry) }
                if let Some(at) = picked.filter(|at| *at <= last) {
                    <circle class="picked" cx={px(plan.x(at))} cy={px(line)} r="11" />
                }
                <path class="hist" d={past(end)} />
                <path class="hist here" d={past(x)} />
                if plan.beads { { for (0..=last).map(bead) } }
                { for strip.pins.iter().filter_map(pin) }
                { for plan.labels.iter().map(label) }
                <circle class="bead you" cx={px(x)} cy={px(line)} r="8" />
            </svg>
            <Scrub width={(end - SIDE + 20.0) * letters} top={(line - 12.0) * letters} max={last} value={strip.index} label={ui.get("strip.scrub")}
                says={ui.say(&place)} on_input={scrub} />
        </>
    }
}

/// The areas of doubt and of blocking, as in the diagram, which need not be on the page.
fn patterns() -> Html {
    let pattern = |id: &'static str, d: &'static str| {
        html! {
            <pattern {id} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <path class="hatch-l" {d} />
            </pattern>
        }
    };
    html! { <defs>{ pattern("past-hatch", "M0 0V7") }{ pattern("past-cross", "M0 0V7M0 0H7") }</defs> }
}

/// A branch that left the current one.
fn side(ui: &Ui, strip: &Strip, plan: &Beads, side: &beads::Side) -> Html {
    let branch = &strip.branches[side.branch];
    let (from, first, end, y, line) = (side.from, side.first, side.end, side.y, plan.line);
    let bend = (first - from).min(24.0);
    let (a, b) = (from + bend * 0.6, from + bend * 0.4);
    let (line, level) = (tenth(line), tenth(y));
    let curve = format!(
        "M{} {line}C{} {line} {} {level} {} {level}H{}",
        tenth(from),
        tenth(a),
        tenth(b),
        tenth(from + bend),
        tenth(end)
    );
    let at = |i: usize| first + i as f64 * plan.step;
    let bead = |(i, place): (usize, &Place)| {
        html! { <circle class="bead" cx={px(at(i))} cy={px(y)} r="4" onclick={go(ui, *place)} /> }
    };
    html! {
        <g class="side">
            <path class="hist" d={curve.clone()} />
            <path class="hit" d={curve} onclick={go(ui, branch.tip)} />
            if plan.beads { { for branch.own.iter().enumerate().map(bead) } }
            <text class="st q" x={px((end + 10.0).min(plan.x(0).max(end + 10.0)))} y={px(y + 4.0)}>{ branch.number }</text>
        </g>
    }
}

fn px(value: f64) -> String {
    tenth(value).to_string()
}

fn go(ui: &Ui, place: Place) -> Callback<MouseEvent> {
    let act = ui.act.clone();
    Callback::from(move |_| act.emit(Action::Go(place)))
}

#[derive(Properties, PartialEq)]
struct ScrubProps {
    width: f64,
    top: f64,
    max: usize,
    value: usize,
    label: AttrValue,
    says: AttrValue,
    on_input: Callback<InputEvent>,
}

/// The slider: as long as the line that it lies on.
#[component]
fn Scrub(props: &ScrubProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), px(props.width), px(props.top)), |(node, width, top)| {
        browser::set_style(node, "width", &format!("{width}px"));
        browser::set_style(node, "top", &format!("{top}px"));
    });
    html! {
        <input ref={node} class="scrub" type="range" min="0" max={props.max.to_string()}
            value={props.value.to_string()} aria-label={&props.label} aria-valuetext={&props.says}
            oninput={&props.on_input} />
    }
}

/// Red is for what the protocol broke; amber for who is blocked, and for what a guess mixed.
fn tone(ending: &Text) -> Option<&'static str> {
    match ending.key.as_str() {
        "strip.broken" => Some("is-abort"),
        "strip.blocked" | "strip.guessed" => Some("is-doubt"),
        _ => None,
    }
}

/// All branches and pins as buttons.
fn list(ui: &Ui, strip: &Strip, list_box: &NodeRef) -> Html {
    let all = order::by_key(strip.branches.iter().collect(), |b: &&Branch| b.number);
    let many = all.len() > 1;
    let branch = |branch: &&Branch| {
        let current = branch.number == strip.number;
        let (act, tip, number) = (ui.act.clone(), branch.tip, branch.number);
        let take_away = Callback::from(move |_: MouseEvent| act.emit(Action::Hide(tip)));
        let named = |key: &str| ui.say(&Text::new(key).number("n", number as i64));
        html! {
            <li key={branch.tip}>
                <button class="to" aria-current={current.then_some("true")} onclick={go(ui, tip)}>
                    <b class="num">{ number }</b><span class={tone(&branch.label)}>{ ui.rich(&branch.label) }</span>
                </button>
                if !current { { compare(ui, strip.at, tip, &named("strip.compare-branch")) } }
                if many {
                    <button class="pick tiny" aria-label={named("strip.hide")} title={named("strip.hide")} onclick={take_away}>
                        { icon("cross") }
                    </button>
                }
            </li>
        }
    };
    html! {
        <div class="branches" ref={list_box}>
            <ul aria-label={ui.get("strip.branches")}>{ for all.iter().map(branch) }</ul>
            if !strip.pins.is_empty() {
                <ul class="pins" aria-label={ui.get("strip.pins")}>{ for strip.pins.iter().map(|p| pin_item(ui, strip, p)) }</ul>
            }
        </div>
    }
}

/// Opens the comparison of the present moment with another.
fn compare(ui: &Ui, at: Place, with: Place, label: &AttrValue) -> Html {
    let show = ui.show.clone();
    html! {
        <button class="pick tiny" aria-label={label} title={label}
            onclick={Callback::from(move |_: MouseEvent| show.emit(Show::Compare(at, with)))}>{ icon("compare") }</button>
    }
}

/// A pinned moment: its name can be written here.
fn pin_item(ui: &Ui, strip: &Strip, pin: &Pin) -> Html {
    let (act, place) = (ui.act.clone(), pin.place);
    let rename = {
        let act = act.clone();
        Callback::from(move |e: Event| {
            act.emit(Action::Pin { place, name: Some(browser::changed_value(&e)) });
        })
    };
    let unpin = Callback::from(move |_: MouseEvent| act.emit(Action::Pin { place, name: None }));
    let moment = ui.say(&Text::new("app.moment").number("n", pin.moment));
    let named = ui.say(&Text::new("strip.pin-name").number("n", pin.moment));
    html! {
        <li key={format!("pin{place}")}>
            <button class="to" onclick={go(ui, place)} aria-current={(strip.at == place).then_some("true")}>
                { icon("pin") }<span class="num">{ moment }</span>
            </button>
            <input class="pin-name" type="text" maxlength="40" value={pin.name.clone()} placeholder={ui.get("strip.name")}
                aria-label={named} onchange={rename} />
            if strip.at != place { { compare(ui, strip.at, place, &ui.get("strip.compare-pin")) } }
            <button class="pick tiny" aria-label={ui.get("strip.unpin")} title={ui.get("strip.unpin")} onclick={unpin}>
                { icon("cross") }
            </button>
        </li>
    }
}
