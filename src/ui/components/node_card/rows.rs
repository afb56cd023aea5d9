//! The rows of a card below its name: what it has, what is on its disk, and what it holds or waits for.

use super::super::icon::icon;
use super::log::Log;
use crate::protocol::{Account, Ballot, Receipt, Stance, Vote};
use crate::sim::{Life, Scene};
use crate::text::Text;
use crate::ui::context::Ui;
use crate::view::cards::{Armed, Card, Counted, Held};
use yew::prelude::*;

/// What it has: money, votes, or what it wants.
pub fn first(ui: &Ui, scene: &Scene, card: &Card) -> Html {
    if !card.accounts.is_empty() {
        let accounts = card.accounts.iter().map(|(name, a)| account(ui, name, a, card.stance));
        return html! { <div class="row top bal">{ for accounts }</div> };
    }
    if !card.votes.is_empty() {
        return html! { <div class="row top votes">{ votes(ui, scene, card) }</div> };
    }
    if card.waits.is_none() && !card.gauges.is_empty() {
        return counts(ui, card);
    }
    html! { <div class="row top">{ wants(ui, card) }</div> }
}

/// So many counts have room beside each other, and so many in two lines.
const FEW: usize = 2;
const MANY: usize = 4;

/// What it counts. Of many things those are left out that there are none of; pointing at them tells all.
fn counts(ui: &Ui, card: &Card) -> Html {
    let all: Vec<_> =
        card.gauges.iter().map(|g| format!("{} {}", ui.say(&g.name), ui.say(&g.value))).collect();
    let some = card.gauges.iter().any(|g| g.some);
    let shown: Vec<_> = card.gauges.iter().filter(|g| card.gauges.len() <= MANY || !some || g.some).collect();
    let many = shown.len() > FEW;
    html! {
        <div class={classes!("row", "top", "gauges", many.then_some("many"))} title={ui.lang.commas(&all)}>
            { for shown.into_iter().map(|g| gauge(ui, g)) }
        </div>
    }
}

/// Something that it counts.
fn gauge(ui: &Ui, counted: &Counted) -> Html {
    html! { <span class="account"><span class="key">{ ui.say(&counted.name) }</span><span>{ ui.say(&counted.value) }</span></span> }
}

/// One account: what it was, what it is, and what it may become.
fn account(ui: &Ui, name: &Text, account: &Account, stance: Stance) -> Html {
    let changed = account.balance != account.opening;
    let after = account.balance + account.pending;
    let maybe = match stance {
        Stance::InDoubt => Some("card.or-perhaps"),
        Stance::Working | Stance::Idle => Some("card.to-be"),
        Stance::Committed | Stance::Aborted => None,
    };
    let maybe = maybe.filter(|_| account.pending != 0).map(|key| ui.say(&Text::new(key).number("n", after)));
    html! {
        <span class="account">
            <span class="key">{ ui.say(name) }</span>
            if changed {
                <s>{ account.opening }</s>
                <span class="new">{ account.balance }</span>
            } else {
                <span>{ account.balance }</span>
            }
            if let Some(maybe) = maybe { <span class="maybe">{ maybe }</span> }
        </span>
    }
}

fn votes(ui: &Ui, scene: &Scene, card: &Card) -> Html {
    if card.life == Life::Down {
        return html! { <span class="quiet words">{ ui.get("card.memory-lost") }</span> };
    }
    if forgotten(card) {
        return html! { <span class="quiet words">{ ui.get("card.votes-gone") }</span> };
    }
    let counted = card.votes.iter().filter(|b| b.vote.is_some()).count();
    let text = Text::new("card.votes").number("n", counted as i64).number("all", card.votes.len() as i64);
    let all: Vec<_> = card.votes.iter().map(|b| ui.lang.colon(scene.name(b.node), &vote(ui, b))).collect();
    html! {
        <>
            { pips(card) }
            <span class="words" title={ui.lang.commas(&all)}>{ ui.say(&text) }</span>
        </>
    }
}

/// The votes it has counted, as dots.
fn pips(card: &Card) -> Html {
    let pip = |b: &Ballot| {
        let class = match b.vote {
            None => "",
            Some(Vote::No) => "no",
            Some(Vote::Yes | Vote::ReadOnly) => "on",
        };
        html! { <i class={classes!("pip", class)}></i> }
    };
    html! { <span class="pips" aria-hidden="true">{ for card.votes.iter().map(pip) }</span> }
}

/// Whether it has committed and knows no vote any more: all said yes, and a crash took that from memory.
fn forgotten(card: &Card) -> bool {
    card.stance == Stance::Committed && card.votes.iter().all(|b| b.vote.is_none())
}

pub fn vote(ui: &Ui, ballot: &Ballot) -> AttrValue {
    ui.get(match ballot.vote {
        // Who is told an outcome has been heard, or is told none the less: either way nothing is expected.
        None if ballot.receipt != Receipt::None => "drawer.vote.gone",
        None => "drawer.vote.none",
        Some(Vote::Yes) => "drawer.vote.yes",
        Some(Vote::No) => "drawer.vote.no",
        Some(Vote::ReadOnly) => "drawer.vote.read-only",
    })
}

fn wants(ui: &Ui, card: &Card) -> Html {
    match &card.waits {
        Some((what, _)) => {
            let what = ui.say(what);
            html! { <span class="words" title={what.clone()}>{ what }</span> }
        }
        // The badge of everybody else says the phase.
        None if !card.client && card.life == Life::Up => {
            html! { <span class="quiet words role-again">{ ui.say(&card.role) }</span> }
        }
        None => html! { <span class="quiet words">{ ui.say(&card.phase) }</span> },
    }
}

/// What is on its disk, and what would be lost with its memory. A client has none: its first row takes the room.
pub fn log(card: &Card) -> Html {
    match card.client {
        true => html! {},
        false => html! { <Log log={card.log.clone()} kept={card.life == Life::Down} /> },
    }
}

/// What it holds, who waits for it, what is odd about it, and which timers run.
pub fn last(ui: &Ui, scene: &Scene, card: &Card) -> Html {
    html! {
        <div class="row last">
            { for card.locks.iter().map(|l| lock(ui, l)) }
            { about(ui, scene, card) }
            if card.timers.iter().any(timeout) {
                <span class="timers">{ for card.timers.iter().filter(|t| timeout(t)).map(|t| timer(ui, t)) }</span>
            }
        </div>
    }
}

fn timeout(armed: &Armed) -> bool {
    armed.timeout
}

fn lock(ui: &Ui, held: &Held) -> Html {
    let title = lock_words(ui, held);
    html! {
        <span class="chip-lock" title={title.clone()}>
            { icon("lock") }<span aria-hidden="true">{ &held.name }</span><span class="sr">{ title }</span>
        </span>
    }
}

fn lock_words(ui: &Ui, held: &Held) -> AttrValue {
    ui.say(&Text::new("card.lock").word("lock", held.name.clone()).number("n", held.since))
}

/// The one remark that matters most: there is room for one.
fn about(ui: &Ui, scene: &Scene, card: &Card) -> Html {
    let words = |class: &'static str, text: AttrValue| {
        html! { <span class={classes!("words", class)} title={text.clone()}>{ text.clone() }</span> }
    };
    if let Some(remark) = card.remarks.first() {
        return words("is-abort", ui.say(remark));
    }
    let waiting: Vec<_> = card.locks.iter().flat_map(|l| l.waiters.clone()).collect();
    if !waiting.is_empty() {
        let n = waiting.len() as i64;
        return words("is-lock", ui.say(&Text::new("card.waiters").words("who", waiting).number("n", n)));
    }
    if let Some((_, since)) = &card.waits {
        return words("is-lock", ui.say(&Text::new("card.since-short").number("n", *since)));
    }
    if !card.locks.is_empty() {
        return words("quiet held", ui.get("card.held"));
    }
    let awaited = awaited(scene, card);
    if !awaited.is_empty() {
        return words("quiet", ui.say(&Text::new("card.awaits").words("who", awaited)));
    }
    // Who votes locks its accounts.
    let locks = card.life == Life::Up && scene.kind(card.node).votes;
    match card.accounts.first().filter(|_| locks) {
        Some((name, _)) => html! {
            <>
                <span class="quiet">{ icon("unlock") }</span>
                { words("quiet", ui.say(&Text::new("card.free").text("lock", name.clone()))) }
            </>
        },
        None => html! {},
    }
}

/// Those who were told a decision and have not confirmed it.
fn awaited(scene: &Scene, card: &Card) -> Vec<String> {
    let open = card.votes.iter().filter(|b| b.receipt == Receipt::Awaited && card.life == Life::Up);
    open.map(|b| scene.name(b.node).to_string()).collect()
}

fn timer(ui: &Ui, armed: &Armed) -> Html {
    let (name, title) = timer_words(ui, armed);
    html! {
        <span class="timer" {title}>
            { ring() }
            <span class="timer-name">{ name }</span>
        </span>
    }
}

/// What a timer is called, and all there is to say about it.
fn timer_words(ui: &Ui, armed: &Armed) -> (AttrValue, String) {
    let name = ui.say(&Text::new("card.timer").text("timer", armed.name.clone()));
    let title = match &armed.refused {
        Some(why) => ui.lang.colon(&name, &ui.say(why)),
        None => name.to_string(),
    };
    (name, title)
}

fn ring() -> Html {
    html! {
        <svg class="ring" viewBox="0 0 16 16" aria-hidden="true">
            <circle class="ring-all" cx="8" cy="8" r="6" />
            <path class="ring-left" d="M8 2a6 6 0 1 1-5.700 4.100" />
        </svg>
    }
}

/// On a narrow card: what it has.
pub fn brief(ui: &Ui, card: &Card) -> Html {
    if let Some((name, account)) = card.accounts.first() {
        let doubt = card.stance == Stance::InDoubt && account.pending != 0;
        let changed = account.balance != account.opening;
        return html! {
            <span class="bal">
                { ui.say(name) }{ " " }
                <span class={changed.then_some("new")}>{ account.balance }</span>
                if doubt { { "?" } }
            </span>
        };
    }
    if !card.votes.is_empty() {
        let counted = card.votes.iter().filter(|b| b.vote.is_some()).count();
        let label = ui
            .say(&Text::new("card.votes").number("n", counted as i64).number("all", card.votes.len() as i64));
        if card.life == Life::Down || forgotten(card) {
            let lost = ui.get(if card.life == Life::Down { "card.memory-lost" } else { "card.votes-gone" });
            return html! { <span class="bal quiet words" title={lost.clone()}>{ lost }</span> };
        }
        return html! {
            <span class="bal quiet votes" role="img" aria-label={label.clone()} title={label}>
                if card.votes.len() <= PIPS { { pips(card) } }
                { format!("{counted}/{}", card.votes.len()) }
            </span>
        };
    }
    let telling = card.gauges.iter().find(|g| g.some && card.gauges.len() > MANY).or(card.gauges.first());
    if let Some(g) = telling.filter(|_| card.waits.is_none()) {
        return html! { <span class="bal quiet count"><span class="key">{ ui.say(&g.name) }</span><span>{ ui.say(&g.value) }</span></span> };
    }
    let since = card.waits.as_ref().map(|(_, n)| ui.say(&Text::new("card.since-short").number("n", *n)));
    // The badge of everybody else says the phase.
    let idle = (card.client && card.life == Life::Up).then(|| ui.say(&card.phase));
    let words = since.or(idle).unwrap_or_default();
    html! { <span class="bal quiet words" title={words.clone()}>{ words }</span> }
}

/// So many votes have room as dots on a narrow card.
const PIPS: usize = 4;

/// On a narrow card: its log, its locks and its timers, each as a sign that tells the rest when pointed at.
pub fn signs(ui: &Ui, card: &Card) -> Html {
    let locks = ui.lang.commas(&card.locks.iter().map(|l| lock_words(ui, l)).collect::<Vec<_>>());
    let timers = card.timers.iter().filter(|t| timeout(t)).map(|t| timer_words(ui, t).1);
    let timers = ui.lang.commas(&timers.collect::<Vec<_>>());
    html! {
        <span class="signs">
            if !card.client { <Log log={card.log.clone()} kept=false brief=true /> }
            if !locks.is_empty() {
                <span class="chip-lock" role="img" aria-label={locks.clone()} title={locks}>
                    { icon("lock") }
                    if card.locks.len() > 1 { <span aria-hidden="true">{ card.locks.len() }</span> }
                </span>
            }
            if !timers.is_empty() { <span class="timer" role="img" aria-label={timers.clone()} title={timers}>{ ring() }</span> }
        </span>
    }
}
