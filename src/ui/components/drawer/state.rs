//! Every node in full: what the cards have no room for.

use super::lamps::LampTable;
use crate::protocol::{Account, Ballot, NodeId, Outcome, Stance};
use crate::sim::{Life, Slip};
use crate::text::Text;
use crate::ui::components::node_card::log::{record, slip_class};
use crate::ui::components::node_card::rows::vote;
use crate::ui::components::node_card::{badge, badge_words};
use crate::ui::context::{Ui, use_ui};
use crate::view::View;
use crate::view::cards::{Armed, Card, Held};
use std::rc::Rc;
use yew::prelude::*;

/// What this needs.
#[derive(Properties, PartialEq)]
pub struct StateProps {
    /// The moment.
    pub view: Rc<View>,
}

/// Every node, and the lamps.
#[component]
pub fn StatePane(props: &StateProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    html! {
        <div class="states">
            { for view.cards.iter().map(|card| node(&ui, view, card)) }
            <LampTable view={view.clone()} />
        </div>
    }
}

fn node(ui: &Ui, view: &View, card: &Card) -> Html {
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
                { entry(ui, "drawer.timers", timers(ui, card)) }
                { entry(ui, "drawer.locks", locks(ui, card)) }
                { entry(ui, "drawer.accounts", accounts(ui, card)) }
                { entry(ui, "drawer.done", done(ui, view, card.node)) }
                { entry(ui, "drawer.remarks", card.remarks.iter().map(|r| ui.say(r).to_string()).collect()) }
                if !card.client {
                    <dt>{ ui.get("drawer.disk") }</dt>
                    <dd>{ log(ui, &card.log) }</dd>
                }
            </dl>
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
        Some(n) => format!("{word}, {}", since(ui, n)),
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
        false => format!("{}: {stance}", ui.say(&card.phase)),
    };
    match card.life {
        _ if card.client => ui.say(&card.phase).to_string(),
        // What is known of a node without memory is what its log would have it say.
        Life::Down => ui.say(&Text::new("drawer.log-says").word("phase", phase)).to_string(),
        Life::Up | Life::Paused => phase,
    }
}

fn waits(ui: &Ui, card: &Card) -> Vec<String> {
    let text = |(what, n): &(Text, u32)| format!("{}, {}", ui.say(what), since(ui, *n));
    card.waits.iter().map(text).collect()
}

fn votes(ui: &Ui, view: &View, card: &Card) -> Vec<String> {
    let ballot = |b: &Ballot| {
        let settled = if b.acked { format!(", {}", ui.get("drawer.settled")) } else { String::new() };
        format!("{}: {}{settled}", view.scene.name(b.node), vote(ui, b))
    };
    let known = card.votes.iter().filter(|_| card.life != Life::Down);
    known.map(ballot).collect()
}

fn timers(ui: &Ui, card: &Card) -> Vec<String> {
    let armed = |t: &Armed| match &t.refused {
        None => ui.say(&t.name).to_string(),
        Some(why) => format!("{}: {}", ui.say(&t.name), ui.say(why)),
    };
    card.timers.iter().map(armed).collect()
}

fn locks(ui: &Ui, card: &Card) -> Vec<String> {
    let held = |l: &Held| {
        let text = format!("{}, {}", l.name, since(ui, l.since));
        let n = l.waiters.len() as i64;
        let waiters = Text::new("card.waiters").words("who", l.waiters.clone()).number("n", n);
        if n == 0 { text } else { format!("{text}; {}", ui.say(&waiters)) }
    };
    card.locks.iter().map(held).collect()
}

fn accounts(ui: &Ui, card: &Card) -> Vec<String> {
    let account = |a: &Account| {
        let text = Text::new("drawer.account")
            .word("name", a.name.clone())
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
    let alarms = facts.alarms.iter().map(|w| ui.get(&format!("{}.alarm.{w}", view.scene.meta.id)));
    keys.into_iter().map(|k| ui.get(k)).chain(early).chain(alarms).map(|t| t.to_string()).collect()
}

/// The whole log: before the ruler what a crash would leave, after it what it would take.
fn log(ui: &Ui, log: &[Slip]) -> Html {
    if log.is_empty() {
        return html! { <span class="quiet">{ ui.get("card.log-empty") }</span> };
    }
    let durable = log.iter().filter(|s| s.durable).count();
    let slip = |s: &Slip| html! { <li class={slip_class(s)}>{ record(ui, s) }</li> };
    let volatile = durable < log.len();
    html! {
        <>
            <ol class="disk">
                { for log[..durable].iter().map(slip) }
                <li class="ruler" title={ui.get("drawer.ruler")} aria-hidden="true"></li>
                { for log[durable..].iter().map(slip) }
            </ol>
            if volatile { <p class="note">{ ui.get("drawer.volatile") }</p> }
        </>
    }
}
