//! The reader's own question: conditions that must all be so at once, each from two lists.

use super::question::Edit;
use crate::explore::{Cond, Is};
use crate::properties::title;
use crate::protocol::{NodeId, Outcome};
use crate::session::explorer::Draft;
use crate::sim::Scene;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::components::icon::icon;
use crate::ui::context::Ui;
use crate::view::explore::{is_word, properties};
use std::rc::Rc;
use yew::prelude::*;

/// More conditions than anybody needs.
const MOST: usize = 6;

/// Of whom a condition speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Some,
    Nobody,
    Node(NodeId),
    Not(NodeId),
    Everybody,
    Property,
}

impl Who {
    fn all(scene: &Scene) -> Vec<Who> {
        let ids = || scene.ids();
        let nodes = ids().map(Who::Node).chain(ids().map(Who::Not));
        [Who::Some, Who::Nobody].into_iter().chain(nodes).chain([Who::Everybody, Who::Property]).collect()
    }

    fn of(cond: &Cond) -> Who {
        match cond {
            Cond::Some(_) => Who::Some,
            Cond::Nobody(_) => Who::Nobody,
            Cond::Node(id, _) => Who::Node(*id),
            Cond::Not(id, _) => Who::Not(*id),
            Cond::All(_) => Who::Everybody,
            Cond::Broken(_) | Cond::Twice | Cond::Unearned => Who::Property,
        }
    }

    fn text(self, scene: &Scene) -> Text {
        let name = |key: &str, id: NodeId| {
            Text::new(key).word("who", scene.nodes.get(id.index()).map_or("?", |n| n.name.as_str()))
        };
        match self {
            Who::Some => Text::new("explore.own.some"),
            Who::Nobody => Text::new("explore.own.nobody"),
            Who::Node(id) => name("explore.own.node", id),
            Who::Not(id) => name("explore.own.not", id),
            Who::Everybody => Text::new("explore.own.everybody"),
            Who::Property => Text::new("explore.own.broken"),
        }
    }

    /// The conditions that speak of these.
    fn conditions(self, scene: &Scene) -> Vec<(Cond, Text)> {
        let can = |is: &Is| match self {
            Who::Node(id) | Who::Not(id) => can_be(scene, id, *is),
            _ => scene.ids().any(|id| can_be(scene, id, *is)),
        };
        let each = |cond: &dyn Fn(Is) -> Cond| {
            Is::ALL.into_iter().filter(can).map(|is| (cond(is), is_word(is))).collect()
        };
        match self {
            Who::Some => each(&Cond::Some),
            Who::Nobody => each(&Cond::Nobody),
            Who::Node(id) => each(&|is| Cond::Node(id, is)),
            Who::Not(id) => each(&|is| Cond::Not(id, is)),
            Who::Everybody => vec![
                (Cond::All(Outcome::Commit), Text::new("explore.own.commit")),
                (Cond::All(Outcome::Abort), Text::new("explore.own.abort")),
            ],
            Who::Property => {
                let property = |id: &'static str| (Cond::Broken(id.into()), title(scene.meta, id));
                properties(scene).into_iter().map(property).collect()
            }
        }
    }
}

/// Whether a node can ever be found so: who does not vote is never in doubt.
fn can_be(scene: &Scene, id: NodeId, is: Is) -> bool {
    let kind = scene.kind(id);
    match is {
        Is::InDoubt | Is::Blocked => kind.votes,
        Is::Committed | Is::Aborted | Is::Decided => kind.votes || kind.decides,
        Is::Up | Is::Down | Is::Paused | Is::Locking | Is::Waiting => true,
    }
}

/// What a condition says before the reader has chosen.
pub fn first_condition(scene: &Scene) -> Cond {
    let blocks = scene.ids().any(|id| can_be(scene, id, Is::Blocked));
    Cond::Some(if blocks { Is::Blocked } else { Is::Down })
}

/// The conditions, with a button for one more.
pub fn own(ui: &Ui, scene: &Scene, draft: &Draft, edit: &Edit) -> Html {
    let add = {
        let edit = edit.clone();
        let first = first_condition(scene);
        move |_: MouseEvent| edit(&|draft: &mut Draft| draft.own.push(first.clone()))
    };
    html! {
        <div class="own" role="group" aria-labelledby="explore-own">
            <p class="label" id="explore-own">{ ui.get("explore.own.title") }</p>
            { for draft.own.iter().enumerate().map(|(i, cond)| row(ui, scene, i, cond, edit)) }
            if draft.own.len() < MOST {
                <button class="mini" onclick={add}>{ icon("plus") }{ ui.get("explore.own.add") }</button>
            }
        </div>
    }
}

fn row(ui: &Ui, scene: &Scene, i: usize, cond: &Cond, edit: &Edit) -> Html {
    let (all, who) = (Who::all(scene), Who::of(cond));
    let conditions = who.conditions(scene);
    let put = |choices: Vec<Cond>| {
        let edit = edit.clone();
        let choices = Rc::new(choices);
        Callback::from(move |e: Event| {
            let chosen = choices.get(browser::selected_of(&e)).cloned();
            edit(&|draft: &mut Draft| {
                if let (Some(own), Some(cond)) = (draft.own.get_mut(i), chosen.clone()) {
                    *own = cond;
                }
            });
        })
    };
    // Of somebody else, the same thing if it can be said, or else the first that can.
    let at = conditions.iter().position(|(c, _)| c == cond).unwrap_or(0);
    let same = |who: &Who| {
        let mut all = who.conditions(scene);
        let said = conditions.get(at).map(|(_, text)| text);
        let at = all.iter().position(|(_, text)| Some(text) == said).unwrap_or(0);
        all.swap_remove(at).0
    };
    let on_who = put(all.iter().map(same).collect());
    let on_what = put(conditions.iter().map(|(c, _)| c.clone()).collect());
    let remove = {
        let edit = edit.clone();
        move |_: MouseEvent| {
            edit(&move |draft: &mut Draft| drop(draft.own.remove(i)));
            // The button is gone; the one for another condition is next to where it was.
            browser::focus_soon(".own > .mini");
        }
    };
    html! {
        <div class="own-row" key={i}>
            <select aria-label={ui.get("explore.own.who")} onchange={on_who}>
                { for all.iter().map(|w| html! { <option selected={*w == who}>{ ui.say(&w.text(scene)) }</option> }) }
            </select>
            <select aria-label={ui.get("explore.own.what")} onchange={on_what}>
                { for conditions.iter().map(|(c, text)| html! { <option selected={c == cond}>{ ui.say(text) }</option> }) }
            </select>
            <button class="step" aria-label={ui.get("explore.own.remove")} onclick={remove}>{ icon("cross") }</button>
        </div>
    }
}
