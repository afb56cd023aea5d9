//! The figure: node cards, each the head of its lifeline, and the diagram below them.

use super::diagram::{Allowed, Diagram, DiagramTexts, MessageAct};
use super::node_card::NodeCards;
use crate::protocol::{NodeId, Resource};
use crate::session::Action;
use crate::sim::{Act, MsgRef};
use crate::text::Text;
use crate::ui::context::{Show, Ui, use_ui};
use crate::ui::layout::{Selection, Texts, column_weights, gutter};
use crate::view::words::Words;
use crate::view::{Column, Plot, View};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// What the figure shows.
#[derive(Properties, PartialEq)]
pub struct FigureProps {
    /// The present moment.
    pub view: Rc<View>,
    /// What the diagram draws.
    pub plot: Rc<Plot>,
    /// Whether nothing has ever happened yet.
    pub opening: bool,
    /// Whether the pencil shows a choice that the reader looks at, rather than the default.
    pub previewing: bool,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Selects.
    pub on_select: Callback<Selection>,
    /// Opens all there is to say about a node.
    pub on_open: Callback<NodeId>,
}

/// Node cards and the diagram.
#[component]
pub fn FigurePanel(props: &FigureProps) -> Html {
    let ui = use_ui();
    let columns = use_memo(props.plot.columns.clone(), |c| c.clone());
    let labels = use_memo((props.plot.events.clone(), ui.lang, props.view.clone()), |(events, _, view)| {
        let words = Words::new(&view.scene);
        events.iter().map(|e| ui.event(&words, e)).collect::<Vec<_>>()
    });
    let texts =
        use_memo((ui.lang, props.view.clone(), props.opening, props.previewing), |_| texts(&ui, props));
    let allowed = use_memo(props.view.clone(), |view| allowed(view, &props.plot));
    let on_message = {
        let (act, show) = (ui.act.clone(), ui.show.clone());
        Callback::from(move |(m, what): (MsgRef, MessageAct)| {
            let deed = match what {
                MessageAct::Deliver => Act::Deliver(m),
                MessageAct::Drop => Act::Drop(m),
                MessageAct::Duplicate => Act::Duplicate(m),
                MessageAct::Release => Act::Release(m),
                MessageAct::More => {
                    return show.emit(Show::Scissors(m.to, Some(Act::Deliver(m).into())));
                }
            };
            act.emit(Action::Do(deed.into()));
        })
    };
    let heads = use_callback(
        (props.view.clone(), columns, props.opening, props.on_open.clone()),
        |compact: bool, (view, columns, opening, on_open)| {
            html! {
                <NodeCards view={view.clone()} template={template(columns, compact)} columns={columns.clone()}
                    {compact} big={*opening && !compact} on_open={on_open.clone()} />
            }
        },
    );
    html! {
        <Diagram plot={props.plot.clone()} meta={props.view.scene.meta} {texts} {labels} {allowed}
            selection={props.selection} on_select={props.on_select.clone()} {on_message} {heads} />
    }
}

/// The columns of the cards: those of the lifelines.
fn template(columns: &[Column], compact: bool) -> String {
    let each = column_weights(columns).into_iter().map(|w| format!("minmax(0, {w}fr)"));
    let each: Vec<_> = each.collect();
    format!("{}px {}", gutter(compact), each.join(" "))
}

fn allowed(view: &View, plot: &Plot) -> Vec<Allowed> {
    let refused = |act: Act| view.choices.iter().any(|c| c.step.act == act && c.refused.is_some());
    let each = plot.flights.iter().map(|f| Allowed {
        deliver: !refused(Act::Deliver(f.at)),
        drop: !refused(Act::Drop(f.at)),
        duplicate: !refused(Act::Duplicate(f.at)),
    });
    each.collect()
}

fn texts(ui: &Ui, props: &FigureProps) -> DiagramTexts {
    let get = |key: &str| ui.get(key).to_string();
    let gap = |key: &str, name: &'static str| ui.say(&Text::new(key).word(name, "{}")).to_string();
    let scene = &props.view.scene;
    let choice = props.view.choices.iter().find(|c| c.default);
    let pencil = match (props.opening && !props.previewing, choice) {
        (true, _) => get("figure.pencil-first"),
        (false, Some(c)) if !props.previewing => {
            ui.say(&Text::new("figure.pencil").text("choice", c.title.clone())).to_string()
        }
        (false, _) => get("figure.pencil-choice"),
    };
    let gloss = |word: &str| {
        let key = format!("{}.gloss.{word}", scene.meta.id);
        ui.lang.table().get(key.as_str()).map(|text| (word.to_string(), (*text).to_string()))
    };
    let glosses: BTreeMap<_, _> = scene.meta.messages.iter().filter_map(|k| gloss(k.word)).collect();
    // A protocol has as many resources as it likes; the figure asks by their place.
    let resources = (0..16).map(|i| (scene.resource)(Resource(i))).collect();
    DiagramTexts {
        figure: Texts {
            now: get("figure.now"),
            in_doubt: get("figure.in-doubt"),
            blocked: get("figure.blocked"),
            since: gap("figure.since", "n"),
            waits_for: gap("figure.waits-for", "lock"),
            crashes: get("figure.crashes"),
            recovers: get("figure.recovers"),
            pauses: get("figure.paused"),
            resumes: get("figure.resumes"),
            never_told: gap("figure.never-told", "to"),
            nobody_there: get("figure.nobody-there"),
            lost: get("figure.lost"),
            cut: get("figure.cut"),
            healed: get("figure.healed"),
            pencil,
            from: gap("figure.from", "from"),
            glosses,
            resources,
        },
        title: ui.say(&Text::new("figure.title").number("n", props.view.moment)).to_string(),
        desc: ui.say(&props.view.story.stands).to_string(),
        message: gap_message(ui),
        deliver: get("figure.deliver"),
        drop: get("figure.drop"),
        duplicate: get("figure.duplicate"),
        release: get("figure.release"),
        more: get("figure.more"),
    }
}

/// The name of a message in flight, with gaps that the diagram fills.
fn gap_message(ui: &Ui) -> String {
    let text = Text::new("figure.message").word("msg", "{msg}").word("from", "{from}").word("to", "{to}");
    ui.say(&text).to_string()
}
