//! What can be done to a node: the entries of its menu.

use super::super::menu::Item;
use crate::order;
use crate::protocol::NodeId;
use crate::session::Action;
use crate::sim::{Act, Life, Tail};
use crate::text::Text;
use crate::ui::context::{Show, Ui};
use crate::view::View;
use crate::view::choices::Choice;
use yew::prelude::*;

/// The one thing that has a button of its own: to crash a node at once, or to bring it back. What would come of
/// it is in the menu; every card has this button, at every moment.
pub fn at_once(ui: &Ui, view: &View, node: NodeId) -> Option<Item> {
    let meant = |c: &&Choice| match c.step.act {
        Act::Crash(n, Tail::Lost) | Act::Recover(n) => n == node,
        _ => false,
    };
    let why = |c: &Choice| c.refused.as_ref().map(|t| ui.say(t));
    view.choices.iter().find(meant).map(|c| item(ui, view, c, false, why(c)))
}

/// The entries, in the order: how to look, how to break, how to repair, what else it can do.
pub fn items(ui: &Ui, view: &View, node: NodeId, on_open: &Callback<NodeId>) -> Vec<Item> {
    let mut items = vec![details(ui, view, node, on_open)];
    let up = view.scene.node(node).life != Life::Down;
    items.extend(up.then(|| scissors(ui, view, node)));
    let own: Vec<_> = view.choices.iter().filter(|c| rank(c, node).is_some()).collect();
    let own = order::by_key(own, |c| (rank(c, node), c.refused.is_some()));
    let crashes = own.iter().filter(|c| matches!(c.step.act, Act::Crash(..))).count();
    let why = |c: &Choice| {
        let would = view.foresight.of(&c.step);
        c.refused.as_ref().or(would.as_ref().map(|w| &w.consequence)).map(|t| ui.say(t))
    };
    items.extend(own.into_iter().map(|c| item(ui, view, c, crashes > 1, why(c))));
    items
}

/// Which part of the menu a choice belongs to; `None` if it is not about this node.
fn rank(choice: &Choice, node: NodeId) -> Option<u8> {
    match choice.step.act {
        Act::Cut(link) | Act::Heal(link) => (link.0 == node || link.1 == node).then_some(4),
        Act::Deliver(_) => None,
        _ if choice.step.node() != Some(node) => None,
        Act::Crash(..) => Some(0),
        Act::Recover(_) | Act::Pause(_) | Act::Resume(_) => Some(1),
        Act::Fire(..) => Some(2),
        _ => Some(3),
    }
}

fn details(ui: &Ui, view: &View, node: NodeId, on_open: &Callback<NodeId>) -> Item {
    let on_open = on_open.clone();
    Item {
        icon: "book",
        label: ui.say(&Text::new("card.details").word("node", view.scene.name(node))),
        why: None,
        enabled: true,
        on: Callback::from(move |()| on_open.emit(node)),
    }
}

/// The crash in the middle of a step: opens a panel where the reader chooses the place.
fn scissors(ui: &Ui, view: &View, node: NodeId) -> Item {
    let spent = view.choices.iter().find(|c| matches!(c.step.act, Act::Crash(n, _) if n == node));
    let refused = spent.and_then(|c| c.refused.as_ref());
    let show = ui.show.clone();
    Item {
        icon: "scissors",
        label: ui.say(&Text::new("card.scissors").word("node", view.scene.name(node))),
        why: Some(refused.map_or_else(|| ui.get("card.scissors.why"), |r| ui.say(r))),
        enabled: refused.is_none(),
        on: Callback::from(move |()| show.emit(Show::Scissors(node, None))),
    }
}

fn item(ui: &Ui, view: &View, choice: &Choice, two_crashes: bool, why: Option<AttrValue>) -> Item {
    let (act, step) = (ui.act.clone(), choice.step);
    let icon = match step.act {
        Act::Crash(..) => "bolt",
        Act::Recover(_) => "undo",
        Act::Heal(_) => "link",
        Act::Resume(_) => "play",
        Act::Pause(_) => "pause",
        Act::Fire(_, timer) if view.scene.meta.is_timeout(timer) => "clock",
        Act::Cut(_) => "unlink",
        _ => "bolt",
    };
    let label = match step.act {
        Act::Crash(n, tail) if two_crashes => {
            let key = if tail == Tail::Lost { "card.crash-lost" } else { "card.crash-kept" };
            ui.say(&Text::new(key).word("node", view.scene.name(n)))
        }
        Act::Crash(n, _) => ui.say(&Text::new("card.crash").word("node", view.scene.name(n))),
        _ => ui.say(&choice.title),
    };
    Item {
        icon,
        label,
        why,
        enabled: choice.refused.is_none(),
        on: Callback::from(move |()| act.emit(Action::Do(step))),
    }
}
