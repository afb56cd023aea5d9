//! Node cards: the heads of the lifelines. Every card has the same four rows in every state, so that nothing
//! jumps when a step changes what is in them.

mod actions;
pub mod log;
pub mod rows;

use super::icon::icon;
use super::menu::{Item, Menu};
use crate::protocol::{NodeId, Stance};
use crate::sim::Life;
use crate::text::Text;
use crate::ui::context::{Ui, use_ui};
use crate::view::cards::Card;
use crate::view::{Column, View};
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// The cards of a moment.
#[derive(Properties, PartialEq)]
pub struct NodeCardsProps {
    /// The moment.
    pub view: Rc<View>,
    /// Which card stands where.
    pub columns: Rc<Vec<Column>>,
    /// The value of `grid-template-columns`, or of `grid-template-rows` for cards at the side, the gutter
    /// first: that of the diagram, so that a card is the head of its lifeline.
    #[prop_or_default]
    pub template: AttrValue,
    /// The element that has the columns, for whoever measures it.
    #[prop_or_default]
    pub container: NodeRef,
    /// Called when the reader wants to know all about a node.
    pub on_open: Callback<NodeId>,
    /// Whose card is selected.
    #[prop_or_default]
    pub selected: Option<NodeId>,
    /// One line a card, for narrow screens; the whole card opens the menu.
    #[prop_or_default]
    pub compact: bool,
    /// Larger, for the beginning.
    #[prop_or_default]
    pub big: bool,
    /// Brief like on narrow screens, but not because the screen is: there are many.
    #[prop_or_default]
    pub dense: bool,
    /// Names and badges only, beside a drawing that is small.
    #[prop_or_default]
    pub tiny: bool,
    /// Below each other, beside rows in which time runs to the right.
    #[prop_or_default]
    pub side: bool,
}

/// A row of cards.
#[component]
pub fn NodeCards(props: &NodeCardsProps) -> Html {
    let deps = (props.container.clone(), props.template.clone(), props.side);
    use_effect_with(deps, |(container, template, side)| {
        let (columns, rows) = if *side { ("", template.as_str()) } else { (template.as_str(), "") };
        if let Some(element) = container.cast::<HtmlElement>() {
            let _ = element.style().set_property("grid-template-columns", columns);
            let _ = element.style().set_property("grid-template-rows", rows);
        }
    });
    let class = classes!(
        "cards",
        props.compact.then_some("compact"),
        props.dense.then_some("dense"),
        props.tiny.then_some("tiny"),
        props.side.then_some("side"),
        props.big.then_some("big")
    );
    html! {
        <div ref={props.container.clone()} {class}>
            <span></span>
            { for props.columns.iter().map(|column| html! {
                <NodeCard key={column.node.0} selected={props.selected == Some(column.node)} view={props.view.clone()} node={column.node}
                    compact={props.compact} on_open={props.on_open.clone()} />
            }) }
        </div>
    }
}

/// A card.
#[derive(Properties, PartialEq)]
pub struct NodeCardProps {
    /// The moment.
    pub view: Rc<View>,
    /// Whose card it is.
    pub node: NodeId,
    /// Called when the reader wants to know all about the node.
    pub on_open: Callback<NodeId>,
    /// Whether it is selected.
    #[prop_or_default]
    pub selected: bool,
    /// One line, for narrow screens.
    #[prop_or_default]
    pub compact: bool,
}

/// A card.
#[component]
pub fn NodeCard(props: &NodeCardProps) -> Html {
    let ui = use_ui();
    let card = &props.view.cards[props.node.index()];
    let badge = badge(card);
    let class = classes!(
        "node",
        (card.life != Life::Up).then_some("down"),
        (card.stance == Stance::InDoubt && card.life == Life::Up).then_some("in-doubt"),
        card.blocked_since.map(|_| "is-blocked"),
        props.selected.then_some("selected"),
        card.client.then_some("client"),
        (card.accounts.len() > 1).then_some("rich"),
    );
    let label = ui.lang.commas(&[card.name.as_str(), &ui.say(&card.role)]);
    let items = {
        let (ui, view, node) = (ui.clone(), props.view.clone(), props.node);
        let on_open = props.on_open.clone();
        Callback::from(move |()| actions::items(&ui, &view, node, &on_open))
    };
    let menu_label = ui.say(&Text::new("card.actions").word("node", card.name.clone()));
    let menu = html! {
        <Menu id={format!("card-menu-{}", props.node.0)} label={menu_label} {items}
            class={classes!(props.compact.then_some("whole"))} />
    };
    if props.compact {
        return html! {
            <article {class} aria-label={label}>
                <header><h2>{ &card.name }</h2>{ badge_mark(&badge) }</header>
                { badge_words(&ui, card, &badge) }
                { rows::brief(&ui, card) }
                { rows::signs(&ui, card) }
                { menu }
            </article>
        };
    }
    let open = {
        let (on_open, node) = (props.on_open.clone(), props.node);
        move |_: MouseEvent| on_open.emit(node)
    };
    let details = ui.say(&Text::new("card.details").word("node", card.name.clone()));
    html! {
        <article {class} aria-label={label}>
            <header>
                <h2><button class="name" onclick={open} title={details}>{ &card.name }</button></h2>
                <span class="role">{ ui.say(&card.role) }</span>
                { badge_words(&ui, card, &badge) }
                { menu }
            </header>
            { for actions::at_once(&ui, &props.view, props.node).map(at_once) }
            { rows::first(&ui, &props.view.scene, card) }
            { rows::log(card) }
            { rows::last(&ui, &props.view.scene, card) }
        </article>
    }
}

/// The button that crashes the node at once, or brings it back.
fn at_once(item: Item) -> Html {
    let title = item.why.iter().fold(item.label.to_string(), |label, why| format!("{label}. {why}"));
    let onclick = match item.enabled {
        true => item.on.reform(|_: MouseEvent| ()),
        false => Callback::noop(),
    };
    html! {
        <button class="at-once" aria-label={item.label} {title} {onclick} aria-disabled={(!item.enabled).then_some("true")}>
            { icon(item.icon) }
        </button>
    }
}

/// What the badge shows: an icon, a colour, a word, and the word where there is little room.
pub struct Badge {
    icon: Option<&'static str>,
    class: &'static str,
    text: Text,
    short: Option<Text>,
    since: Option<u32>,
}

pub fn badge(card: &Card) -> Badge {
    let badge = |icon, class, text: Text, since| Badge { icon: Some(icon), class, text, short: None, since };
    match (card.life, card.stance) {
        (Life::Down, _) => badge("cross", "is-abort", Text::new("card.down"), card.away_since),
        (Life::Paused, _) => badge("pause", "quiet", Text::new("card.paused"), card.away_since),
        _ if card.waits.is_some() => {
            badge("lock", "is-lock", card.phase.clone(), card.waits.as_ref().map(|(_, since)| *since))
        }
        (_, Stance::InDoubt) if card.blocked_since.is_some() => Badge {
            short: Some(Text::new("card.blocked")),
            ..badge(
                "clock",
                "is-doubt",
                Text::new("card.doubt-blocked").text("phase", card.phase.clone()),
                card.blocked_since,
            )
        },
        (_, Stance::InDoubt) => badge("clock", "is-doubt", card.phase.clone(), card.doubt_since),
        (_, Stance::Committed) => badge("check", "is-commit", card.phase.clone(), None),
        (_, Stance::Aborted) => badge("cross", "is-abort", card.phase.clone(), None),
        (_, Stance::Working | Stance::Idle) => {
            Badge { icon: None, class: "", text: card.phase.clone(), short: None, since: None }
        }
    }
}

fn badge_mark(badge: &Badge) -> Html {
    match badge.icon {
        Some(name) => html! { <span class={classes!("badge", badge.class)}>{ icon(name) }</span> },
        None => html! {},
    }
}

/// The badge. A client that waits for nothing has none: there is nothing to say.
pub fn badge_words(ui: &Ui, card: &Card, badge: &Badge) -> Html {
    if card.client && card.waits.is_none() && card.life == Life::Up {
        return html! { <span class="badge"></span> };
    }
    let since = badge.since.map(|n| ui.say(&Text::new("card.since").number("n", n)));
    let words = ui.say(&badge.text);
    let short = badge.short.as_ref().map(|t| ui.say(t));
    // All of it, for where it has to be cut.
    let title = ui.lang.commas(&std::iter::once(words.clone()).chain(since).collect::<Vec<_>>());
    html! {
        <span class={classes!("badge", badge.class)} {title}>
            if let Some(name) = badge.icon { { icon(name) } }
            if let Some(short) = short {
                <span class="long">{ words }</span><span class="short">{ short }</span>
            } else {
                <span class="words">{ words }</span>
            }
        </span>
    }
}
