//! What is selected in full: a step under the glass, or a node with everything the cards have no room for.

use super::inspector::{Acts, Seen, inspector};
use super::lamps::LampTable;
use super::machine::StateMachines;
use super::ruler::ruler as log_ruler;
use crate::protocol::{Account, Ballot, NodeId, Outcome, Receipt, Stance};
use crate::run::History;
use crate::script::{Names, print_step};
use crate::session::{Action, Session};
use crate::sim::{Life, Step};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::components::node_card::rows::vote;
use crate::ui::components::node_card::{badge, badge_words};
use crate::ui::context::{Ui, use_ui};
use crate::ui::layout::Selection;
use crate::view::View;
use crate::view::cards::{Armed, Card, Counted, Held};
use crate::view::inspect::{inspect, journey};
use crate::view::ruler::{Ruler, ruler};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What this needs.
#[derive(Properties)]
pub struct StateProps {
    /// The session, to look at moments that are not the present one.
    pub session: Rc<RefCell<Session>>,
    /// The moment.
    pub view: Rc<View>,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Selects something, or nothing.
    pub on_select: Callback<Option<Selection>>,
    /// A step that the reader only looks at.
    pub preview: Option<Step>,
    /// Whether one comes here for the nodes: they stand first, unless something else is selected.
    pub nodes_first: bool,
}

impl PartialEq for StateProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view
            && self.selection == other.selection
            && self.on_select == other.on_select
            && self.preview == other.preview
            && self.nodes_first == other.nodes_first
    }
}

/// What is selected in full: a step, with every node as it is now; or a node, with its state machine.
#[component]
pub fn StatePane(props: &StateProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    let copied = use_state_eq(|| "");
    let json = use_state_eq(|| false);
    let seen = use_memo((view.clone(), props.selection, props.preview), |(view, selection, preview)| {
        look(props.session.borrow().history(), view, *selection, *preview)
    });
    let rulers = use_memo(view.clone(), |view| {
        let session = props.session.borrow();
        view.scene.ids().map(|id| ruler(session.run(), id)).collect::<Vec<_>>()
    });
    {
        // What was copied is no longer what is shown.
        let copied = copied.setter();
        use_effect_with(seen.clone(), move |_| copied.set(""));
    }
    let acts = Acts {
        go: go(&ui, &props.session),
        copy: {
            let copied = copied.setter();
            Callback::from(move |text: String| {
                let copied = copied.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let done = browser::to_clipboard(&text).await;
                    copied.set(if done { "share.copied" } else { "inspect.select-it" });
                });
            })
        },
        copied: *copied,
        json: *json,
        on_json: {
            let json = json.setter();
            Callback::from(move |open| json.set(open))
        },
    };
    let one = match props.selection {
        Some(Selection::Node(n)) if props.preview.is_none() => view.cards.get(n.index()),
        _ => None,
    };
    let full = |card: &Card| node(&ui, view, card, rulers[card.node.index()].as_ref());
    // Machines and lamps tell where somebody can be blocked.
    let commits = view.scene.meta.promises("blocked");
    let rest = match one {
        Some(card) => {
            let role = view.scene.node(card.node).role;
            html! {
                <>
                    { full(card) }
                    if !card.client && commits {
                        <StateMachines key={role} view={view.clone()} role={Some(role)} open=true />
                    }
                </>
            }
        }
        None => {
            let nodes = html! {
                <>
                    <h2 class="label">{ ui.get("drawer.nodes-now") }</h2>
                    { for view.cards.iter().map(full) }
                    if commits {
                        <StateMachines key="all" view={view.clone()} role={None::<u8>} open=false />
                        <LampTable view={view.clone()} />
                    }
                </>
            };
            let step = inspector(&ui, view, &seen, &acts);
            match props.nodes_first && props.selection.is_none() && props.preview.is_none() {
                true => html! { <>{ nodes }{ step }</> },
                false => html! { <>{ step }{ nodes }</> },
            }
        }
    };
    html! { <div class="states">{ picker(&ui, props, one.map(|c| c.node)) }{ rest }</div> }
}

/// What there is to look at: the step, or one of the nodes.
fn picker(ui: &Ui, props: &StateProps, one: Option<NodeId>) -> Html {
    let button = |name: AttrValue, here: bool, what: Option<Selection>| {
        let on_select = props.on_select.clone();
        let class = matches!(what, Some(Selection::Node(_))).then_some("code");
        html! {
            <button {class} aria-pressed={here.to_string()} onclick={move |_: MouseEvent| on_select.emit(what)}>
                { name }
            </button>
        }
    };
    let step = props.selection.filter(|s| !matches!(s, Selection::Node(_)));
    let name = |n: NodeId| AttrValue::from(props.view.scene.name(n).to_string());
    html! {
        <div class="picker" role="group" aria-label={ui.get("inspect.pick")}>
            { button(ui.get("inspect.step"), one.is_none(), step) }
            { for props.view.scene.ids().map(|n| button(name(n), one == Some(n), Some(Selection::Node(n)))) }
        </div>
    }
}

/// To a moment of the current branch.
pub fn go(ui: &Ui, session: &Rc<RefCell<Session>>) -> Callback<u32> {
    let (act, session) = (ui.act.clone(), session.clone());
    Callback::from(move |moment: u32| {
        let place = session.borrow().history().branch().get(moment as usize).copied();
        if let Some(place) = place {
            act.emit(Action::Go(place));
        }
    })
}

/// The step to show: the one looked at, or the selected one, or the last.
fn look(history: &History, view: &View, selection: Option<Selection>, preview: Option<Step>) -> Seen {
    if let Some(step) = preview {
        let script = print_step(&Names::of(history.run().machine()), history.run().machine(), &step);
        let inspection = Some(inspect(history.run(), &step));
        return Seen { inspection, moment: None, elsewhere: false, journey: None, script };
    }
    let branch = history.branch();
    let way = match selection {
        Some(Selection::Message(id)) => journey(history, id),
        _ => None,
    };
    let moment = match (selection, &way) {
        (Some(Selection::Moment(m)), _) if (m as usize) < branch.len() => m,
        (_, Some(way)) => way.landings.last().map_or(way.sent, |(m, _)| *m),
        _ => view.moment,
    };
    let place = branch[moment as usize];
    let (Some(parent), Some(step)) = (history.parent(place), history.step(place)) else {
        return Seen {
            inspection: None,
            moment: None,
            elsewhere: false,
            journey: way,
            script: String::new(),
        };
    };
    let before = history.run_at(parent);
    let script = print_step(&Names::of(before.machine()), before.machine(), &step);
    Seen {
        inspection: Some(inspect(&before, &step)),
        moment: Some(moment),
        elsewhere: moment != view.moment,
        journey: way,
        script,
    }
}

fn node(ui: &Ui, view: &View, card: &Card, marks: Option<&Ruler>) -> Html {
    let id = format!("state-{}", card.node.0);
    html! {
        <section class="state" key={card.node.0} id={id.clone()} tabindex="-1"
            aria-labelledby={format!("{id}-name")}>
            <header>
                <h2 id={format!("{id}-name")}>{ &card.name }</h2>
                <span class="role">{ ui.say(&card.role) }</span>
                { badge_words(ui, card, &badge(card)) }
            </header>
            <dl class="facts">
                { entry(ui, "drawer.life", vec![life(ui, card)]) }
                { entry(ui, "drawer.phase", vec![phase(ui, view, card)]) }
                { entry(ui, "drawer.doubt-since", moment(ui, card.doubt_since)) }
                { entry(ui, "drawer.blocked-since", moment(ui, card.blocked_since)) }
                { entry(ui, "drawer.waits", waits(ui, card)) }
                { entry(ui, "drawer.votes", votes(ui, view, card)) }
                { entry(ui, "drawer.timers", timers(ui, card, true)) }
                { entry(ui, "drawer.steps", timers(ui, card, false)) }
                { entry(ui, "drawer.locks", locks(ui, card)) }
                { entry(ui, &format!("{}.drawer.accounts", view.scene.meta.id), accounts(ui, card)) }
                { entry(ui, "drawer.gauges", gauges(ui, card)) }
                { entry(ui, "drawer.done", done(ui, view, card.node)) }
                { entry(ui, "drawer.remarks", card.remarks.iter().map(|r| ui.say(r).to_string()).collect()) }
            </dl>
            { for marks.map(|m| log_ruler(ui, view, m)) }
        </section>
    }
}

/// A term with its values, one a line; nothing if there are none.
fn entry(ui: &Ui, key: &str, values: Vec<String>) -> Html {
    if values.is_empty() {
        return html! {};
    }
    html! { <><dt>{ ui.get(key) }</dt>{ for values.into_iter().map(|v| html! { <dd>{ v }</dd> }) }</> }
}

fn moment(ui: &Ui, since: Option<u32>) -> Vec<String> {
    since.map(|n| self::since(ui, n).to_string()).into_iter().collect()
}

fn since(ui: &Ui, n: u32) -> AttrValue {
    ui.say(&Text::new("card.since").number("n", n))
}

fn life(ui: &Ui, card: &Card) -> String {
    let word = ui.get(match card.life {
        Life::Up => "drawer.up",
        Life::Down => "card.down",
        Life::Paused => "card.paused",
    });
    match card.away_since {
        Some(n) => ui.lang.commas(&[word, since(ui, n)]),
        None => word.to_string(),
    }
}

/// The phase as the protocol calls it, and what that means in the terms that all protocols share.
fn phase(ui: &Ui, view: &View, card: &Card) -> String {
    let stance = ui.get(match card.stance {
        Stance::Idle => "drawer.stance.idle",
        Stance::Working => "drawer.stance.working",
        Stance::InDoubt => "drawer.stance.in-doubt",
        Stance::Committed => "drawer.stance.committed",
        Stance::Aborted => "drawer.stance.aborted",
    });
    // A guess is not knowledge, and who stands outside has no stance.
    let plain = card.stance == Stance::Idle || view.scene.node(card.node).status.heuristic;
    let phase = match plain {
        true => ui.say(&card.phase).to_string(),
        false => ui.lang.colon(&ui.say(&card.phase), &stance),
    };
    match card.life {
        _ if card.client => ui.say(&card.phase).to_string(),
        // What is known of a node without memory is what its log would have it say.
        Life::Down => ui.say(&Text::new("drawer.log-says").word("phase", phase)).to_string(),
        Life::Up | Life::Paused => phase,
    }
}

fn waits(ui: &Ui, card: &Card) -> Vec<String> {
    let text = |(what, n): &(Text, u32)| ui.lang.commas(&[ui.say(what), since(ui, *n)]);
    card.waits.iter().map(text).collect()
}

fn votes(ui: &Ui, view: &View, card: &Card) -> Vec<String> {
    let ballot = |b: &Ballot| {
        let heard = match b.receipt {
            Receipt::None => None,
            Receipt::Awaited => Some("drawer.receipt.awaited"),
            Receipt::Needless => Some("drawer.receipt.needless"),
            Receipt::Come => Some("drawer.receipt.come"),
        };
        let said: Vec<_> = std::iter::once(vote(ui, b)).chain(heard.map(|key| ui.get(key))).collect();
        ui.lang.colon(view.scene.name(b.node), &ui.lang.commas(&said))
    };
    let known = card.votes.iter().filter(|_| card.life != Life::Down);
    known.map(ballot).collect()
}

/// What is armed: timeouts, or steps of the node's own.
fn timers(ui: &Ui, card: &Card, timeouts: bool) -> Vec<String> {
    let armed = |t: &Armed| match &t.refused {
        None => ui.say(&t.name).to_string(),
        Some(why) => ui.lang.colon(&ui.say(&t.name), &ui.say(why)),
    };
    card.timers.iter().filter(|t| t.timeout == timeouts).map(armed).collect()
}

fn locks(ui: &Ui, card: &Card) -> Vec<String> {
    let held = |l: &Held| {
        let text = ui.lang.commas(&[l.name.as_str(), &since(ui, l.since)]);
        let n = l.waiters.len() as i64;
        let waiters = Text::new("card.waiters").words("who", l.waiters.clone()).number("n", n);
        if n == 0 { text } else { format!("{text}; {}", ui.say(&waiters)) }
    };
    card.locks.iter().map(held).collect()
}

fn accounts(ui: &Ui, card: &Card) -> Vec<String> {
    let account = |(name, a): &(Text, Account)| {
        let text = Text::new("drawer.account")
            .text("name", name.clone())
            .number("balance", a.balance)
            .number("opening", a.opening);
        let change = |key, n: i32| match n {
            0 => String::new(),
            n => ui.say(&Text::new(key).word("n", format!("{n:+}"))).to_string(),
        };
        let (pending, own) = (change("drawer.pending", a.pending), change("drawer.deposited", a.deposited));
        format!("{}{pending}{own}", ui.say(&text))
    };
    card.accounts.iter().map(account).collect()
}

/// What else it counts.
fn gauges(ui: &Ui, card: &Card) -> Vec<String> {
    let gauge = |g: &Counted| {
        ui.say(&Text::new("drawer.gauge").text("name", g.name.clone()).text("n", g.value.clone())).to_string()
    };
    card.gauges.iter().map(gauge).collect()
}

/// What the node cannot take back, from the ledger: a crash does not change it.
fn done(ui: &Ui, view: &View, node: NodeId) -> Vec<String> {
    let facts = &view.scene.node(node).facts;
    let mut keys = Vec::new();
    keys.extend(facts.voted_yes.then_some("drawer.done.yes"));
    keys.extend(facts.voted_no.then_some("drawer.done.no"));
    keys.extend(facts.decisions.iter().map(|d| match (d.outcome, d.heuristic) {
        (Outcome::Commit, false) => "drawer.done.commit",
        (Outcome::Abort, false) => "drawer.done.abort",
        (Outcome::Commit, true) => "drawer.done.guess-commit",
        (Outcome::Abort, true) => "drawer.done.guess-abort",
    }));
    let early = facts.sent_too_early.map(|r| ui.say(&Text::new("drawer.done.early").word("record", r)));
    // Those that are properties have lines of their own.
    let alarms = facts.alarms.iter().filter(|w| !crate::properties::RAISED.contains(w));
    let alarms = alarms.map(|w| ui.get(&format!("{}.alarm.{w}", view.scene.meta.id)));
    keys.into_iter().map(|k| ui.get(k)).chain(early).chain(alarms).map(|t| t.to_string()).collect()
}
