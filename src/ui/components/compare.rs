//! Two moments side by side: both diagrams, bright where they part, and below them in what they differ.

use super::diagram::{Diagram, Heads};
use super::figure::{diagram_texts, template};
use super::icon::icon;
use super::node_card::{badge, badge_words};
use crate::run::{Cost, Place};
use crate::session::{Action, Session};
use crate::sim::Scene;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::cards::Card;
use crate::view::compare::{Comparison, Side, compare};
use crate::view::inspect::{Field, Mark, Value};
use crate::view::words::Words;
use crate::view::{Plot, View};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Which two.
#[derive(Properties)]
pub struct CompareProps {
    /// The session whose history holds them.
    pub session: Rc<RefCell<Session>>,
    /// The present moment.
    pub view: Rc<View>,
    /// One.
    pub one: Place,
    /// The other.
    pub other: Place,
}

impl PartialEq for CompareProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view && self.one == other.one && self.other == other.other
    }
}

/// Two moments side by side.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let ui = use_ui();
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| browser::focus_first(&heading, "h1"));
    }
    let both = use_memo((props.view.clone(), props.one, props.other), |(_, one, other)| {
        compare(props.session.borrow().history(), *one, *other)
    });
    let close = ui.show.reform(|_: MouseEvent| Show::Nothing);
    let head = html! {
        <header class="compare-head" ref={heading}>
            <h1 tabindex="-1">{ ui.get("compare.title") }</h1>
            <button class="mini" onclick={close}>{ icon("back") }{ ui.get("compare.close") }</button>
        </header>
    };
    let Some(both) = &*both else {
        return html! { <section class="compare" aria-label={ui.get("compare.title")}>{ head }<p>{ ui.get("compare.gone") }</p></section> };
    };
    let shared = Text::new(if both.shared == 0 { "compare.shared-none" } else { "compare.shared" });
    html! {
        <section class="compare" aria-label={ui.get("compare.title")}>
            { head }
            <p class="note">{ ui.say(&shared.number("n", i64::from(both.shared))) }</p>
            <div class="compare-sides">{ for [0, 1].map(|i| side(&ui, props, both, i)) }</div>
            { differences(&ui, both) }
        </section>
    }
}

/// One of the two, with a list to choose another instead.
fn side(ui: &Ui, props: &CompareProps, both: &Comparison, i: usize) -> Html {
    let side = &both.sides[i];
    let scene = &props.view.scene;
    let title = ui.say(&Text::new("figure.title").number("n", side.moment)).to_string();
    let about = (title, ui.say(&side.stands).to_string());
    let id = if i == 0 { "left" } else { "right" };
    let go = {
        let (act, show, place) = (ui.act.clone(), ui.show.clone(), side.place);
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Go(place));
            show.emit(Show::Nothing);
        })
    };
    let name = Text::new("compare.side")
        .number("moment", i64::from(side.moment))
        .number("branch", side.branch as i64);
    html! {
        <section class="compare-side" aria-label={ui.say(&name)} key={i}>
            <header>
                { choose(ui, props, both, i) }
                <button class="mini" onclick={go}>{ icon("right") }{ ui.get("compare.go") }</button>
            </header>
            <p class="stands">{ ui.rich(&side.stands) }</p>
            { still(ui, scene, &side.plot, &side.cards, both.shared, id, about) }
        </section>
    }
}

/// A diagram to look at and no more, pale where it is the same as others: up to the moment `shared`. `about` says its
/// title and what it shows.
pub(super) fn still(
    ui: &Ui,
    scene: &Scene,
    plot: &Rc<Plot>,
    cards: &[Card],
    shared: u32,
    id: &'static str,
    (title, about): (String, String),
) -> Html {
    let texts = Rc::new(diagram_texts(ui, scene, String::new(), title, about));
    let sentence = {
        let (ui, scene) = (ui.clone(), scene.clone());
        Callback::from(move |event: Rc<crate::run::Event>| {
            AttrValue::from(ui.event(&Words::new(&scene), &event))
        })
    };
    let heads = {
        let (ui, cards, columns) = (ui.clone(), cards.to_vec(), plot.columns.clone());
        Callback::from(move |heads: Heads| {
            let card = |column: &crate::view::Column| {
                let card = &cards[column.node.index()];
                html! { <div class="plain-head"><b>{ card.name.clone() }</b>{ badge_words(&ui, card, &badge(card)) }</div> }
            };
            html! {
                <PlainHeads template={template(&columns, heads)}>
                    <span></span>{ for columns.iter().map(card) }
                </PlainHeads>
            }
        })
    };
    html! {
        <Diagram plot={plot.clone()} meta={scene.meta} {texts} {sentence}
            on_select={Callback::noop()} on_message={Callback::noop()} {heads}
            {shared} still=true {id} />
    }
}

/// The list of what can be compared: ends of branches, pinned moments, the present, the beginning.
fn choose(ui: &Ui, props: &CompareProps, both: &Comparison, i: usize) -> Html {
    let strip = &props.view.strip;
    let here = both.sides[i].place;
    let mut all: Vec<(Place, AttrValue)> = Vec::new();
    let mut put = |place: Place, label: AttrValue| {
        if all.iter().all(|(p, _)| *p != place) {
            all.push((place, label));
        }
    };
    for branch in strip.branches.iter() {
        let text =
            Text::new("strip.branch").number("i", branch.number as i64).text("label", branch.label.clone());
        put(branch.tip, ui.say(&text));
    }
    for pin in &strip.pins {
        let moment = ui.say(&Text::new("app.moment").number("n", pin.moment));
        put(pin.place, format!("{moment} {}", pin.name).into());
    }
    put(strip.at, ui.get("compare.present"));
    put(0, ui.get("compare.beginning"));
    let moment = Text::new("app.moment").number("n", i64::from(both.sides[i].moment));
    put(here, ui.say(&moment));
    let other = both.sides[1 - i].place;
    let (show, places) = (ui.show.clone(), all.iter().map(|(p, _)| *p).collect::<Vec<_>>());
    let change = Callback::from(move |e: Event| {
        let place = places.get(browser::selected_of(&e)).copied().unwrap_or(here);
        show.emit(if i == 0 { Show::Compare(place, other) } else { Show::Compare(other, place) });
    });
    let label = ui.get(if i == 0 { "compare.left" } else { "compare.right" });
    html! {
        <select aria-label={label} onchange={change}>
            { for all.iter().map(|(p, label)| html! { <option selected={*p == here}>{ label }</option> }) }
        </select>
    }
}

/// In what they differ: fields, and what each has cost.
fn differences(ui: &Ui, both: &Comparison) -> Html {
    type Count = (&'static str, fn(&Cost) -> u32);
    let [one, other] = &both.sides;
    let value = |v: &Value| {
        let class = (v.mark != Mark::Kept).then_some("differs");
        html! { <span class={classes!("value", class)}>{ ui.rich(&v.text) }</span> }
    };
    let cell = |values: &[Value]| match values {
        [] => html! { <span class="quiet">{ ui.get("compare.nothing") }</span> },
        values => values.iter().map(value).collect(),
    };
    let row = |f: &Field| {
        html! {
            <tr>
                <th scope="row"><b>{ f.who.clone().unwrap_or_default() }</b>{ " " }{ ui.get(f.name) }</th>
                <td>{ cell(&f.before) }</td><td>{ cell(&f.after) }</td>
            </tr>
        }
    };
    let cost = |(key, of): Count| {
        let (a, b) = (of(&one.cost), of(&other.cost));
        let class = (a != b).then_some("differs");
        html! {
            <tr>
                <th scope="row">{ ui.get(key) }</th>
                <td class="num"><span class={classes!("value", class)}>{ a }</span></td>
                <td class="num"><span class={classes!("value", class)}>{ b }</span></td>
            </tr>
        }
    };
    let costs: [Count; 3] = [
        ("drawer.cost.messages", |c| c.messages),
        ("drawer.cost.forced", |c| c.forced),
        ("drawer.cost.unforced", |c| c.unforced),
    ];
    let name = |s: &Side| {
        ui.say(
            &Text::new("compare.side")
                .number("moment", i64::from(s.moment))
                .number("branch", s.branch as i64),
        )
    };
    html! {
        <table class="compare-table">
            <caption>{ ui.get("compare.differences") }</caption>
            <thead><tr>
                <td></td>
                <th scope="col">{ name(one) }</th><th scope="col">{ name(other) }</th>
            </tr></thead>
            <tbody>
                { for both.fields.iter().map(row) }
                { for costs.into_iter().map(cost) }
            </tbody>
        </table>
    }
}

/// What the heads need.
#[derive(Properties, PartialEq)]
pub struct PlainHeadsProps {
    /// The columns, in the words of the style sheet.
    pub template: String,
    /// A space, and a head for each lifeline.
    pub children: Html,
}

/// The heads of the lifelines, as wide as their columns.
#[component]
pub fn PlainHeads(props: &PlainHeadsProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.template.clone()), |(node, template)| {
        browser::set_style(node, "grid-template-columns", template);
    });
    html! { <div ref={node} class="plain-heads">{ props.children.clone() }</div> }
}
