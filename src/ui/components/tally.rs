//! What was wanted once, and how often it happened: one row for every request that was begun.

use super::icon::icon;
use crate::protocol::{Account, Request, Seat};
use crate::text::Text;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use crate::view::odds::has_odds;
use crate::view::silence::has_silences;
use crate::view::story::{fate, refusal};
use std::rc::Rc;
use yew::prelude::*;

/// The moment to count at.
#[derive(Properties, PartialEq)]
pub struct TallyProps {
    /// The present moment.
    pub view: Rc<View>,
}

/// More happenings than these are told by their number alone.
const DRAWN: u32 = 4;

/// What was wanted, and what happened. Nothing where no effects are counted.
#[component]
pub fn Tally(props: &TallyProps) -> Html {
    let ui = use_ui();
    let setup = &props.view.scene.setup;
    let silences = use_memo(setup.clone(), |setup| has_silences(setup));
    let begun = props.view.scene.begun();
    let held = holdings(&props.view);
    if begun.is_empty() {
        return Html::default();
    }
    let open = ui.show.reform(|_: MouseEvent| Show::Silences);
    let measure = ui.show.reform(|_: MouseEvent| Show::Odds);
    let odds = has_odds(props.view.scene.meta);
    html! { <>
        <ul class="tally" aria-label={ui.get("tally.title")}>
            { for begun.iter().map(|request| row(&ui, &props.view, *request)) }
            { for props.view.scene.nodes.iter().filter(|n| !n.status.seats.is_empty()).map(|n| seats(&ui, &props.view, &n.status.seats)) }
            if !held.is_empty() { { goods(&ui, &held, props.view.violated_since.contains_key("money")) } }
        </ul>
        if *silences || odds {
            <p class="tally-more">
                if *silences { <button class="mini" id="silences" onclick={open}>{ icon("compare") }{ ui.get("silence.title") }</button> }
                if odds { <button class="mini" id="odds" onclick={measure}>{ icon("odds") }{ ui.get("odds.title") }</button> }
            </p>
        }
    </> }
}

/// The most things that are drawn one by one.
const MOST_GOODS: i32 = 12;

/// What there is, piece by piece, where nobody votes about it: what each account is called, and what is in it.
fn holdings(view: &View) -> Vec<(Text, Account)> {
    let scene = &view.scene;
    let all =
        view.cards.iter().filter(|c| !scene.kind(c.node).votes).flat_map(|c| c.accounts.iter().cloned());
    let all: Vec<_> = all.collect();
    let pieces: i32 = all.iter().map(|(_, a)| a.balance.max(a.opening)).sum();
    if pieces <= MOST_GOODS { all } else { Vec::new() }
}

/// A picture of what there is: what was there and is gone is hollow, and what should not be there, or should, stands out.
fn goods(ui: &Ui, held: &[(Text, Account)], wrong: bool) -> Html {
    let sum = |of: fn(&Account) -> i32| held.iter().map(|(_, a)| of(a)).sum::<i32>();
    let over = sum(|a| a.balance) - sum(|a| a.opening);
    let (too_many, missing) = (over.max(0), if wrong { (-over).max(0) } else { 0 });
    let one = |(name, account): &(Text, Account)| {
        let gained = if account.balance > account.opening { too_many } else { 0 };
        let piece = |i: i32| {
            let class = match i {
                i if i >= account.balance.max(account.opening - missing) => "missing",
                i if i >= account.balance => "gone",
                i if i >= account.balance - gained => "surplus",
                _ => "",
            };
            html! { <i class={classes!("piece", class)}></i> }
        };
        html! {
            <span class="holding">
                <span class="quiet">{ ui.say(name) }</span>
                <span class="marks" aria-hidden="true">{ for (0..account.balance.max(account.opening)).map(piece) }</span>
                <b class="num">{ account.balance }</b>
            </span>
        }
    };
    html! { <li class={classes!("goods", wrong.then_some("bad"))} key="goods">{ for held.iter().map(one) }</li> }
}

/// A picture of the seats: who has which, and who has a ticket and no seat. A second seat for the same intent stands
/// out.
fn seats(ui: &Ui, view: &View, seats: &[Seat]) -> Html {
    let one = |(i, seat): (usize, &Seat)| {
        let again = seat.holder.is_some() && seats[..i].iter().any(|other| other.holder == seat.holder);
        let who = seat.holder.map(|request| view.scene.intent(request));
        let key = match (&who, seat.beyond) {
            (None, _) => "tally.seat.free",
            (Some(_), false) => "tally.seat",
            (Some(_), true) => "tally.seat.beyond",
        };
        let title = ui.say(&Text::new(key).word("who", who.clone().unwrap_or_default()));
        let class = classes!(
            "seat",
            who.is_none().then_some("free"),
            seat.beyond.then_some("beyond"),
            again.then_some("second")
        );
        html! { <span {class} role="img" aria-label={title.clone()} {title}>{ who }</span> }
    };
    let bad = seats.iter().any(|seat| seat.beyond);
    html! {
        <li class={classes!("goods", bad.then_some("bad"))} key="seats">
            <span class="quiet">{ ui.get(&format!("{}.seats", view.scene.words())) }</span>
            <span class="seats">{ for seats.iter().enumerate().map(one) }</span>
        </li>
    }
}

/// Whether all that a request has is a ticket without a seat.
fn has_no_seat(scene: &crate::sim::Scene, request: Request) -> bool {
    let mine = |seat: &&Seat| seat.holder == Some(request);
    let mut seats = scene.nodes.iter().flat_map(|n| &n.status.seats).filter(mine).peekable();
    seats.peek().is_some() && seats.all(|seat| seat.beyond)
}

fn row(ui: &Ui, view: &View, request: Request) -> Html {
    let n = view.scene.effects().get(&request).copied().unwrap_or(0);
    let seen = view.scene.answered().contains(&request);
    let who = view.scene.intent(request);
    let wanted = match view.scene.wish(request) {
        (asker, Some(at)) => format!("{asker} {}", ui.say(&Text::new("tally.wanted-from").word("at", at))),
        (who, None) => format!("{who} {}", ui.get("tally.wanted")),
    };
    // A message knows nothing: who sent it does not.
    let asker = view.scene.nodes.iter().find(|node| node.facts.asked.contains(&request));
    let asker = asker.map_or_else(|| who.clone(), |node| node.name.clone());
    let unknown = || ui.say(&Text::new("tally.unknown").word("who", asker));
    let fate = fate(&view.scene, request).filter(|_| n == 0 && !seen);
    let (class, sign, verdict) = match (n, seen) {
        (0, false) if let Some(fate) = &fate => ("bad", "cross", ui.say(fate)),
        (0, false) if refusal(&view.scene, request).is_some() => ("", "cross", ui.get("tally.refused")),
        (0, false) if view.scene.under_way() => ("", "clock", ui.get("tally.never")),
        (0, false) => ("", "clock", ui.get("tally.still")),
        (0, true) if view.scene.under_way() => ("open", "clock", ui.get("tally.never")),
        (0, true) => ("bad", "cross", ui.get("tally.lost")),
        (1, true) if has_no_seat(&view.scene, request) => ("bad", "cross", ui.get("tally.no-seat")),
        (1, true) => ("good", "check", ui.get("tally.right")),
        (1, false) => ("open", "clock", unknown()),
        (n, _) => ("bad", "cross", ui.say(&Text::new("tally.more").number("n", n - 1))),
    };
    let one = |i: u32| html! { <i class={classes!("once", (i > 0).then_some("again"))}></i> };
    html! {
        <li class={class} key={request.0}>
            <span class="quiet">{ wanted }</span>
            <span class="marks">{ one(0) }</span>
            <span class="quiet">{ ui.get("tally.happened") }</span>
            <span class="marks" aria-hidden="true">{ for (0..n.min(DRAWN)).map(one) }</span>
            <b class="num">{ n }{ "×" }</b>
            <span class="verdict-word">{ icon(sign) }{ verdict }</span>
        </li>
    }
}
