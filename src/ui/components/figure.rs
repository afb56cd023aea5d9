//! The figure: node cards, each the head of its lifeline, and the diagram below them.

mod toolbar;

use super::diagram::{Allowed, Diagram, DiagramTexts, Heads, MessageAct, Same, Zoom};
use super::node_card::NodeCards;
use crate::protocol::{NodeId, Resource};
use crate::run::Event;
use crate::session::Action;
use crate::sim::{Act, MsgRef, Scene};
use crate::text::Text;
use crate::ui::context::{FigureCmd, FigureWish, Show, Ui, use_ui};
use crate::ui::hand::node_of;
use crate::ui::layout::{Selection, Texts, Way, column_weights, gutter, scale, tenth};
use crate::ui::prefs::Prefs;
use crate::view::causality::{Other, Past, ends_of_message, ends_of_moment};
use crate::view::scissors::check_cut;
use crate::view::words::Words;
use crate::view::{Column, Plot, View};
use std::rc::Rc;
use toolbar::{Bar, toolbar};
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
    /// The last thing that a key asked of the diagram.
    #[prop_or_default]
    pub wish: Option<FigureWish>,
    /// Selects.
    pub on_select: Callback<Selection>,
    /// Opens all there is to say about a node.
    pub on_open: Callback<NodeId>,
    /// Shows the run as text instead, or not.
    pub on_text: Callback<bool>,
}

/// Node cards and the diagram.
#[component]
pub fn FigurePanel(props: &FigureProps) -> Html {
    let ui = use_ui();
    let columns = use_memo(props.plot.columns.clone(), |c| c.clone());
    // Names are the same at every moment of a run. Sentences are made for what is rendered, not for all of it.
    let sentence = {
        let (ui, view) = (ui.clone(), props.view.clone());
        use_callback((ui.lang, view.scene.setup.clone()), move |event: Rc<Event>, _| {
            AttrValue::from(ui.event(&Words::new(&view.scene), &event))
        })
    };
    let texts =
        use_memo((ui.lang, props.view.clone(), props.opening, props.previewing), |_| texts(&ui, props));
    let allowed = use_memo((ui.lang, props.view.clone()), |(_, view)| allowed(&ui, view, &props.plot));
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
    let marked = props.selection.and_then(|what| node_of(&props.plot, what));
    let heads = use_callback(
        (props.view.clone(), columns, props.opening, props.on_open.clone(), marked),
        |heads: Heads, (view, columns, opening, on_open, marked)| {
            let big = *opening && !heads.compact && !heads.dense && !heads.side;
            html! {
                <NodeCards view={view.clone()} template={template(columns, heads)} columns={columns.clone()}
                    compact={heads.compact || heads.dense || heads.tiny} dense={heads.dense && !heads.compact} tiny={heads.tiny}
                    side={heads.side} {big} on_open={on_open.clone()}
                    selected={*marked} />
            }
        },
    );
    let way = if ui.prefs.across { Way::Right } else { Way::Down };
    let dims = ui.prefs.past;
    let zoom = use_state_eq(|| Zoom::Times(1.0));
    let scale = use_mut_ref(|| 1.0);
    let hover = use_state_eq(|| None::<Selection>);
    let trail = use_mut_ref(|| None::<Trail>);
    let on_cmd = {
        let (zoom, scale) = (zoom.clone(), scale.clone());
        let (prefs, set_prefs) = (ui.prefs.clone(), ui.set_prefs.clone());
        let (plot, selection, on_select) = (props.plot.clone(), props.selection, props.on_select.clone());
        Callback::from(move |cmd: FigureCmd| match cmd {
            FigureCmd::ZoomIn | FigureCmd::ZoomOut => {
                let mut now = scale.borrow_mut();
                let next = Zoom::step(*now, cmd == FigureCmd::ZoomIn);
                // The next one may come before this one is rendered.
                *now = next;
                zoom.set(Zoom::Times(next));
            }
            FigureCmd::Fit => zoom.set(if *zoom == Zoom::Fit { Zoom::Times(1.0) } else { Zoom::Fit }),
            FigureCmd::Turn => set_prefs.emit(Prefs { across: !prefs.across, ..(*prefs).clone() }),
            FigureCmd::Past => set_prefs.emit(Prefs { past: !prefs.past, ..(*prefs).clone() }),
            FigureCmd::Follow => {
                let next = follow(&plot, selection, &mut trail.borrow_mut());
                next.into_iter().for_each(|s| on_select.emit(s));
            }
        })
    };
    {
        let on_cmd = on_cmd.clone();
        use_effect_with(props.wish.clone(), move |wish| {
            wish.iter().flat_map(FigureWish::take).for_each(|cmd| on_cmd.emit(cmd));
        });
    }
    let about = hover.or(props.selection).filter(|_| dims);
    // A preview is another plot of the same events.
    let events = Same(props.plot.events.clone());
    let past = use_memo((events, about, dims), |(events, about, dims)| {
        dims.then(|| Rc::new(past(&props.plot, about.unwrap_or(Selection::Moment(events.0.len() as u32)))))
    });
    let past = (*past).clone();
    let on_hover = {
        let hover = hover.setter();
        Callback::from(move |under: Option<Selection>| hover.set(under.filter(|_| dims)))
    };
    let on_zoom = {
        let zoom = zoom.setter();
        use_callback((), move |scale: f64, ()| zoom.set(Zoom::Times(scale.clamp(0.35, 3.0))))
    };
    let bar = Bar {
        way,
        zoom: *zoom,
        past: past.as_ref().map(|p| (p.count(), props.plot.events.len())),
        follows: leads_on(&props.plot, props.selection),
        on: &on_cmd,
        on_text: &props.on_text,
    };
    html! {
        <>
            if !props.opening { { toolbar(&ui, &bar) } }
            <Diagram plot={props.plot.clone()} meta={props.view.scene.meta} {texts} {sentence} {allowed}
                selection={props.selection} on_select={props.on_select.clone()} {on_message} {heads}
                {way} zoom={*zoom} {scale} {on_zoom} {past} {on_hover}
                on_follow={on_cmd.reform(|()| FigureCmd::Follow)} />
        </>
    }
}

/// Where the reader came from when he went to the other end of a message: asking again goes to the next other
/// end, and in the end back.
struct Trail {
    from: Selection,
    step: usize,
    at: Selection,
}

/// Whether the selection has to do with a message, so that there is another end; without one, the last event.
fn leads_on(plot: &Plot, selection: Option<Selection>) -> bool {
    let moment = match selection {
        Some(Selection::Message(_)) => return true,
        Some(Selection::Node(_)) => return false,
        Some(Selection::Moment(moment)) => moment as usize,
        None => plot.events.len(),
    };
    let event = moment.checked_sub(1).and_then(|i| plot.events.get(i));
    event.is_some_and(|e| e.taken.is_some() || !e.sent.is_empty())
}

/// Where the messages of the selection lead; without one, those of the last event.
fn ends(plot: &Plot, selection: Option<Selection>) -> Vec<Selection> {
    let ends = match selection.unwrap_or(Selection::Moment(plot.events.len() as u32)) {
        Selection::Moment(moment) => ends_of_moment(plot, moment),
        Selection::Message(id) => ends_of_message(plot, id),
        Selection::Node(_) => Vec::new(),
    };
    let place = |end| match end {
        Other::Moment(moment) => Selection::Moment(moment),
        Other::Flying(id) => Selection::Message(id),
    };
    ends.into_iter().map(place).collect()
}

fn follow(plot: &Plot, selection: Option<Selection>, trail: &mut Option<Trail>) -> Option<Selection> {
    let here = selection.unwrap_or(Selection::Moment(plot.events.len() as u32));
    let (from, step) = match trail.take() {
        Some(trail) if trail.at == here => (trail.from, trail.step + 1),
        _ => (here, 0),
    };
    let ends = ends(plot, Some(from));
    let Some(at) = ends.get(step).copied() else { return (step > 0).then_some(from) };
    *trail = Some(Trail { from, step, at });
    Some(at)
}

/// What happened before something. A node's past is that of the last thing that it did.
fn past(plot: &Plot, of: Selection) -> Past {
    match of {
        Selection::Moment(moment) => Past::of_moment(plot, moment),
        Selection::Message(id) => Past::of_message(plot, id),
        Selection::Node(node) => {
            let own = plot.events.iter().rposition(|e| e.step.node() == Some(node));
            Past::of_moment(plot, own.map_or(0, |i| i as u32 + 1))
        }
    }
}

/// The columns of the cards, or their rows: those of the lifelines.
pub(super) fn template(columns: &[Column], heads: Heads) -> String {
    let way = if heads.side { Way::Right } else { Way::Down };
    let each =
        column_weights(columns, way, heads.compact).into_iter().map(|w| format!("minmax(0, {}fr)", scale(w)));
    let each: Vec<_> = each.collect();
    format!("{}px {}", tenth(gutter(way, heads.compact) * heads.scale), each.join(" "))
}

fn allowed(ui: &Ui, view: &View, plot: &Plot) -> Vec<Allowed> {
    let refused = |act: Act| {
        let choice = view.choices.iter().find(|c| c.step.act == act)?;
        choice.refused.as_ref().map(|why| ui.say(why))
    };
    let crash = |at: MsgRef| {
        let refusal = check_cut(view.foresight.run(), &Act::Deliver(at).into()).err()?;
        Some(ui.say(&Words::new(&view.scene).refusal(&refusal)))
    };
    let each = plot.flights.iter().map(|f| Allowed {
        deliver: refused(Act::Deliver(f.at)),
        drop: refused(Act::Drop(f.at)),
        duplicate: refused(Act::Duplicate(f.at)),
        crash: crash(f.at),
    });
    each.collect()
}

fn texts(ui: &Ui, props: &FigureProps) -> DiagramTexts {
    let get = |key: &str| ui.get(key).to_string();
    let choice = props.view.choices.iter().find(|c| c.default);
    let pencil = match (props.opening && !props.previewing, choice) {
        (true, _) => get("figure.pencil-first"),
        (false, Some(c)) if !props.previewing => {
            ui.say(&Text::new("figure.pencil").text("choice", c.title.clone())).to_string()
        }
        (false, _) => get("figure.pencil-choice"),
    };
    let title = ui.say(&Text::new("figure.title").number("n", props.view.moment)).to_string();
    diagram_texts(ui, &props.view.scene, pencil, title, ui.say(&props.view.story.stands).to_string())
}

/// The words of a diagram: `pencil` beside what has not happened, `title` and `desc` for who cannot see it.
pub(super) fn diagram_texts(
    ui: &Ui,
    scene: &Scene,
    pencil: String,
    title: String,
    desc: String,
) -> DiagramTexts {
    let get = |key: &str| ui.get(key).to_string();
    let gap = |key: &str, name: &'static str| ui.say(&Text::new(key).word(name, "{}")).to_string();
    let gloss = |word: &str| {
        let key = format!("{}.gloss.{word}", scene.meta.id);
        ui.lang.table().get(key.as_str()).map(|text| (word.to_string(), (*text).to_string()))
    };
    let glosses = crate::order::map(scene.meta.messages.iter().filter_map(|k| gloss(k.word)));
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
        title,
        desc,
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
