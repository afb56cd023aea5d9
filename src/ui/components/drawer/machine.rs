//! The state machine of every role, with the nodes standing on it. The search runs in short slices when the
//! part is opened, and what it found is kept for the setup.

use super::super::icon::{icon, path};
use super::inspector::summary;
use crate::protocol::{NodeId, Stance};
use crate::sim::{Life, Setup};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Ui, use_ui};
use crate::ui::layout::automaton::{BOX, Chart, LINE, Place, Way, chart};
use crate::view::View;
use crate::view::automaton::{Automaton, Breaks, Machines, Search, Trigger, WORLD_LIMIT, complaints};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// The width of a drawing: what a drawer of ordinary width has room for.
const WIDTH: f64 = 244.0;
/// For so long a slice of the search keeps the page busy.
const SLICE_MS: f64 = 8.0;

thread_local! {
    /// The last setup that was searched, and what was found.
    static FOUND: RefCell<Option<(Setup, Rc<Machines>)>> = const { RefCell::new(None) };
}

fn found(setup: &Setup) -> Option<Rc<Machines>> {
    FOUND.with_borrow(|f| f.as_ref().filter(|(s, _)| s == setup).map(|(_, m)| m.clone()))
}

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct MachineProps {
    /// The moment.
    pub view: Rc<View>,
    /// Only the machine of this role.
    pub role: Option<u8>,
    /// Whether it is open from the beginning.
    pub open: bool,
}

/// The state machines.
#[component]
pub fn StateMachines(props: &MachineProps) -> Html {
    let ui = use_ui();
    let open = use_state_eq(|| props.open);
    let progress = use_state_eq(|| (0usize, None::<Rc<Machines>>));
    let setup = props.view.scene.setup.clone();
    {
        let progress = progress.setter();
        use_effect_with((*open, setup.clone()), move |(open, setup)| {
            let alive = Rc::new(Cell::new(*open));
            if *open {
                match found(setup) {
                    Some(machines) => progress.set((machines.worlds, Some(machines))),
                    None => {
                        progress.set((0, None));
                        slice(Search::new(setup), setup.clone(), alive.clone(), progress);
                    }
                }
            }
            move || alive.set(false)
        });
    }
    let on_open = {
        let open = open.setter();
        Callback::from(move |value| open.set(value))
    };
    // What belongs to another setup is not shown while the search for this one begins.
    let machines = progress.1.clone().filter(|_| found(&setup).is_some());
    html! {
        <details class="reveal machines" open={*open}>
            { summary(ui.get("machine.title"), *open, &on_open) }
            if *open {
                if let Some(machines) = machines {
                    { shown(&ui, props, &machines) }
                } else {
                    <p class="quiet" role="status">{ ui.say(&Text::new("machine.searching").number("n", progress.0 as i64)) }</p>
                }
            }
        </details>
    }
}

/// A slice of the search, and the next one after the page has had its turn.
fn slice(
    mut search: Search,
    setup: Rc<Setup>,
    alive: Rc<Cell<bool>>,
    progress: UseStateSetter<(usize, Option<Rc<Machines>>)>,
) {
    let next = Timeout::new(0, move || {
        if !alive.get() {
            return;
        }
        let start = browser::now_ms();
        while !search.advance(4) && browser::now_ms() - start < SLICE_MS {}
        if search.done() {
            let machines = Rc::new(search.machines());
            FOUND.set(Some(((*setup).clone(), machines.clone())));
            progress.set((machines.worlds, Some(machines)));
        } else {
            progress.set((search.worlds(), None));
            slice(search, setup, alive, progress);
        }
    });
    next.forget();
}

fn shown(ui: &Ui, props: &MachineProps, machines: &Machines) -> Html {
    let wanted = machines.automata.iter().filter(|a| props.role.is_none_or(|r| r == a.role));
    let n = machines.worlds as i64;
    let how = match machines.complete {
        true => Text::new("machine.complete").number("n", n),
        false => Text::new("machine.stopped").number("n", n).number("limit", WORLD_LIMIT as i64),
    };
    html! {
        <>
            { for wanted.map(|a| automaton(ui, &props.view, a)) }
            <p class="note">{ ui.say(&how) }</p>
        </>
    }
}

fn automaton(ui: &Ui, view: &View, automaton: &Automaton) -> Html {
    let meta = view.scene.meta;
    let word = meta.roles[usize::from(automaton.role)].word;
    let role = ui.get(&format!("{}.role.{word}", meta.id));
    let chart = chart(automaton, WIDTH);
    // The sentence is about a role, and so is whoever else is in it.
    let names = |id: NodeId| {
        let other = view.scene.nodes.get(id.index()).map_or(word, |_| view.scene.kind(id).word);
        let key = if other == word { "machine.another" } else { "machine.one" };
        Text::new(key).text("role", Text::new(format!("{}.role.{other}", view.scene.words())))
    };
    let all = 0..automaton.states.len();
    let said: Vec<Text> = all.clone().flat_map(|at| complaints(meta, &names, automaton, at)).collect();
    let off = strangers(ui, view, automaton);
    let label = ui.say(&Text::new("machine.of").text("role", Text::new(format!("{}.role.{word}", meta.id))));
    let (height, width) = (chart.height.ceil() as i32, WIDTH as i32);
    html! {
        <section class="machine" key={word}>
            <h3>{ role }</h3>
            <svg class="machine-chart" viewBox={format!("0 0 {width} {height}")} role="img" aria-label={label}>
                { tip(word) }
                { for chart.ways.iter().map(|w| way(word, w)) }
                { for all.map(|at| state(ui, view, automaton, &chart, at)) }
                { for chart.ways.iter().map(label_of) }
            </svg>
            { for off }
            if said.is_empty() {
                <p class="machine-says">{ icon("check") }<span>{ ui.get("machine.fine") }</span></p>
            } else {
                <ul class="breaks">
                    { for said.iter().map(|t| html! { <li>{ icon("bolt") }<span>{ ui.rich(t) }</span></li> }) }
                </ul>
            }
            <details class="reveal">
                <summary>{ ui.get("machine.list") }</summary>
                <ol class="edges">{ for automaton.edges.iter().map(|e| edge(ui, view, automaton, e)) }</ol>
            </details>
        </section>
    }
}

/// Nodes of the role that stand where no run without failures leads.
fn strangers(ui: &Ui, view: &View, automaton: &Automaton) -> Option<Html> {
    let scene = &view.scene;
    let here = |id: &NodeId| {
        let node = scene.node(*id);
        node.role == automaton.role && automaton.place(node.status.phase, node.status.stance).is_none()
    };
    let one = |id: NodeId| {
        let phase = Text::new(format!("{}.phase.{}", scene.meta.id, scene.node(id).status.phase));
        let text = Text::new("machine.elsewhere").word("node", scene.name(id)).text("phase", phase);
        html! { <p class="machine-says">{ icon("dash") }<span>{ ui.rich(&text) }</span></p> }
    };
    let all: Vec<Html> = scene.ids().filter(here).map(one).collect();
    (!all.is_empty()).then(|| all.into_iter().collect())
}

/// The head of a line. Every drawing has its own: one in another drawing could be out of sight.
fn tip(word: &str) -> Html {
    let marker = |id: String, class: &'static str| {
        html! {
            <marker {id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path {class} d="M0 .500 8 4 0 7.500z" />
            </marker>
        }
    };
    html! { <defs>{ marker(format!("tip-{word}"), "machine-tip") }</defs> }
}

fn way(word: &str, way: &Way) -> Html {
    let mut d = String::new();
    for (i, (x, y)) in way.points.iter().enumerate() {
        d.push_str(if i == 0 { "M" } else { "L" });
        d.push_str(&format!("{} {}", x.round() as i32, y.round() as i32));
    }
    let class = classes!("machine-way", way.timeout.then_some("timeout"));
    html! { <path {class} {d} marker-end={format!("url(#tip-{word})")} /> }
}

fn label_of(way: &Way) -> Html {
    let (x, y) = (way.label.x.round() as i32, way.label.y.round() as i32);
    let half = (way.label.width / 2.0).round() as i32;
    let lines = way.label.lines.len() as i32;
    let line = LINE as i32;
    let shift = if way.timeout { 7 } else { 0 };
    let text = |(i, word): (usize, &&'static str)| {
        html! { <text x={(x + shift).to_string()} y={(y + line * i as i32 + 11).to_string()}>{ *word }</text> }
    };
    html! {
        <g class={classes!("machine-label", way.timeout.then_some("timeout"))} aria-hidden="true">
            <rect x={(x - half).to_string()} y={y.to_string()} width={(2 * half).to_string()}
                height={(line * lines).to_string()} rx="2" />
            if way.timeout {
                <path class="machine-clock" transform={format!("translate({} {})", x - half + 2, y + line * lines / 2 - 6)}
                    d="M6 1.200a4.800 4.800 0 1 0 0 9.600 4.800 4.800 0 0 0 0-9.600M6 3.400V6l1.800 1.400" />
            }
            { for way.label.lines.iter().enumerate().map(text) }
        </g>
    }
}

/// A state's box, with those who stand on it.
fn state(ui: &Ui, view: &View, automaton: &Automaton, chart: &Chart, at: usize) -> Html {
    let scene = &view.scene;
    let Place { x, y, width } = chart.places[at];
    let (x, y, width) = (x.round() as i32, y.round() as i32, width.round() as i32);
    let state = &automaton.states[at];
    let here: Vec<NodeId> = scene
        .ids()
        .filter(|id| {
            let node = scene.node(*id);
            node.role == automaton.role
                && node.status.phase == state.phase
                && node.status.stance == state.stance
        })
        .collect();
    let tone = match state.stance {
        Stance::Committed => "commit",
        Stance::Aborted => "abort",
        Stance::InDoubt => "doubt",
        Stance::Idle | Stance::Working => "",
    };
    let breaks = automaton.breaks(at);
    let class = classes!(
        "machine-state",
        tone,
        (!here.is_empty()).then_some("lit"),
        (breaks != Breaks::default()).then_some("breaks"),
    );
    let name = ui.get(&format!("{}.phase.{}", scene.meta.id, state.phase));
    // Chinese letters are twice as wide.
    let long: usize = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let room = width - 10;
    let squeeze = (long as i32 * 7 > room).then(|| room.to_string());
    let room_for = ((width - 8) / 30).max(1) as usize;
    let shown = if here.len() > room_for { room_for - 1 } else { here.len() };
    let left = x + width / 2 - (shown.max(1) as i32 * 30 - 4) / 2;
    let chip = |(i, id): (usize, &NodeId)| {
        let down = scene.node(*id).life == Life::Down;
        let at = left + 30 * i as i32;
        html! {
            <g class={classes!("machine-node", down.then_some("down"))}>
                <rect x={at.to_string()} y={(y + 24).to_string()} width="26" height="16" rx="8" />
                <text x={(at + 13).to_string()} y={(y + 36).to_string()}>{ scene.name(*id) }</text>
            </g>
        }
    };
    // How it ended is a mark, since the phase may have one name for both.
    let end = match state.stance {
        Stance::Committed => Some("check"),
        Stance::Aborted => Some("cross"),
        Stance::Idle | Stance::Working | Stance::InDoubt => None,
    };
    let end = end.map(|name| {
        let at = format!("translate({} {})", x + width - 9, y - 7);
        html! {
            <g class="machine-end" transform={at}><circle cx="8" cy="8" r="8" /><path d={path(name)} /></g>
        }
    });
    let middle = (x + width / 2).to_string();
    let name_y = if here.is_empty() { y + BOX as i32 / 2 + 4 } else { y + 17 };
    html! {
        <g {class}>
            <rect class="box" x={x.to_string()} y={y.to_string()} width={width.to_string()}
                height={(BOX as i32).to_string()} rx="8" />
            <text x={middle} y={name_y.to_string()} textLength={squeeze.clone()}
                lengthAdjust={squeeze.map(|_| "spacingAndGlyphs")}>{ name }</text>
            { for end }
            { for here[..shown].iter().enumerate().map(chip) }
            if shown < here.len() {
                <text class="machine-more" x={(left + 30 * shown as i32 + 10).to_string()} y={(y + 36).to_string()}>
                    { format!("+{}", here.len() - shown) }
                </text>
            }
            if breaks != Breaks::default() {
                <path class="machine-flag" transform={format!("translate({} {})", x - 5, y - 6)}
                    d="M8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0M9 2.500 4.500 9H8l-1 4.500L11.500 7H8z" />
            }
        </g>
    }
}

fn edge(ui: &Ui, view: &View, automaton: &Automaton, edge: &crate::view::automaton::Edge) -> Html {
    let phase = |at: usize| {
        let state = &automaton.states[at];
        let phase = Text::new(format!("{}.phase.{}", view.scene.meta.id, state.phase));
        let twice = automaton.states.iter().filter(|s| s.phase == state.phase).count() > 1;
        match state.stance {
            Stance::Committed if twice => Text::new("machine.end.commit").text("phase", phase),
            Stance::Aborted if twice => Text::new("machine.end.abort").text("phase", phase),
            _ => phase,
        }
    };
    let (key, word) = match edge.trigger {
        Trigger::Message(word) => ("machine.edge.message", word),
        Trigger::Verb(word) => ("machine.edge.verb", word),
        Trigger::Timer(word) => ("machine.edge.timer", word),
        Trigger::Step(word) => ("machine.edge.step", word),
    };
    let text = Text::new(key).text("from", phase(edge.from)).text("to", phase(edge.to)).word("word", word);
    html! { <li>{ ui.rich(&text) }</li> }
}
