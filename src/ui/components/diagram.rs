//! The space-time diagram on screen: [`crate::ui::layout`] says where everything is, this draws it and
//! listens.
//!
//! Moments are rendered in chunks that are left alone unless they changed; what is selected is shown by a
//! layer of its own, so that selecting renders nothing else.

mod pills;
mod roving;
mod scroll;
mod shapes;
mod zoom;

use crate::protocol::Meta;
use crate::run::Event;
use crate::sim::MsgRef;
use crate::ui::layout::{Figure, Frame, Known, Layer, Selection, Texts, Way, tenth};
use crate::view::Plot;
use crate::view::causality::Past;
use pills::Pills;
use roving::{Roving, use_roving};
use scroll::{Box_, use_scroller, use_seen};
use shapes::{Below, ChunkLayer, Fresh, Overlay};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use zoom::{use_focus, use_gestures};

pub use pills::{Allowed, MessageAct};
pub use scroll::use_size;
pub use zoom::Zoom;

/// A container that is narrower than this gets the compact figure.
const COMPACT: f64 = 520.0;
/// What a scroll bar takes.
const SCROLLBAR: f64 = 12.0;
/// How high a row of cards is.
const CARDS: f64 = 136.0;
/// Cards in columns that are narrower than this say less, so that no word is cut.
const ROOMY: f64 = 176.0;
/// The same where there are few, whose words are known to be short.
const ROOMY_FOR_FEW: f64 = 148.0;
/// The same for rows, where time runs to the right.
const ROOMY_ROW: f64 = 136.0;

/// How wide cards at the side are.
fn head_width(compact: bool) -> f64 {
    if compact { 92.0 } else { 188.0 }
}

/// How much room there is for what stands at the beginning of the lifelines.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Heads {
    /// Pixels to a unit of the figure.
    pub scale: f64,
    /// The screen is narrow.
    pub compact: bool,
    /// They stand at the side, below each other.
    pub side: bool,
    /// There are so many of them that each has to be brief.
    pub dense: bool,
    /// The drawing is so small that each can only say its name.
    pub tiny: bool,
}

/// The words of the diagram, in the reader's language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DiagramTexts {
    /// The words in the figure.
    pub figure: Texts,
    /// What the whole is called.
    pub title: String,
    /// What it shows now, in a sentence.
    pub desc: String,
    /// A message in flight: `{msg}`, `{from}` and `{to}` are filled in.
    pub message: String,
    /// The name of the button that delivers.
    pub deliver: String,
    /// The name of the button that drops.
    pub drop: String,
    /// The name of the button that duplicates.
    pub duplicate: String,
    /// The name of the button that releases what is held back.
    pub release: String,
    /// The name of the button behind which there is more.
    pub more: String,
}

/// A shared thing that is the same only if it is the very same.
#[derive(Clone)]
pub struct Same<T>(pub Rc<T>);

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Same<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What a diagram shows, and whom it tells.
#[derive(Properties)]
pub struct DiagramProps {
    /// What there is to draw.
    pub plot: Rc<Plot>,
    /// The protocol.
    pub meta: &'static Meta,
    /// All words.
    pub texts: Rc<DiagramTexts>,
    /// Says an event in a sentence.
    pub sentence: Callback<Rc<Event>, AttrValue>,
    /// What is selected.
    #[prop_or_default]
    pub selection: Option<Selection>,
    /// Told what was clicked.
    pub on_select: Callback<Selection>,
    /// Told what is to happen to a message in flight.
    pub on_message: Callback<(MsgRef, MessageAct)>,
    /// What may be done to each message in flight, in the order of the plot; everything if left out.
    #[prop_or_default]
    pub allowed: Rc<Vec<Allowed>>,
    /// What stands at the beginning of the lifelines and stays in sight: the node cards.
    pub heads: Callback<Heads, Html>,
    /// Which way time runs.
    #[prop_or_default]
    pub way: Way,
    /// How large it is.
    #[prop_or(Zoom::Times(1.0))]
    pub zoom: Zoom,
    /// Told how large the reader's fingers or wheel want it.
    #[prop_or_default]
    pub on_zoom: Callback<f64>,
    /// Holds how large it is on screen.
    #[prop_or_default]
    pub scale: Rc<RefCell<f64>>,
    /// What is left bright, while everything else is dimmed.
    #[prop_or_default]
    pub past: Option<Rc<Past>>,
    /// How many moments are the same in another run beside it: they are pale, and what parts from them is in sight at
    /// first.
    #[prop_or_default]
    pub shared: u32,
    /// Told what is under the pointer.
    #[prop_or_default]
    pub on_hover: Callback<Option<Selection>>,
    /// Asked for the other end of the message of what is selected.
    #[prop_or_default]
    pub on_follow: Callback<()>,
    /// Whether messages in flight are only shown, and nothing can be done to them.
    #[prop_or_default]
    pub still: bool,
    /// The beginning of the ids of its elements: different for each diagram on a page.
    #[prop_or(AttrValue::Static("diagram"))]
    pub id: AttrValue,
}

impl PartialEq for DiagramProps {
    fn eq(&self, other: &DiagramProps) -> bool {
        Rc::ptr_eq(&self.plot, &other.plot)
            && std::ptr::eq(self.meta, other.meta)
            && self.texts == other.texts
            && self.sentence == other.sentence
            && self.selection == other.selection
            && self.on_select == other.on_select
            && self.on_message == other.on_message
            && self.allowed == other.allowed
            && self.heads == other.heads
            && self.way == other.way
            && self.zoom == other.zoom
            && self.on_zoom == other.on_zoom
            && self.past == other.past
            && self.shared == other.shared
            && self.on_hover == other.on_hover
            && self.on_follow == other.on_follow
            && self.still == other.still
            && self.id == other.id
    }
}

/// The space-time diagram.
#[component]
pub fn Diagram(props: &DiagramProps) -> Html {
    let way = props.way;
    let seen = use_seen();
    let (scroller, sheet) = (use_node_ref(), use_node_ref());
    let (wide, high) = scroll::use_size(&scroller);
    // The drawing grows with the reader's letters, so that words keep their room.
    // Asked again when the room changes, as it does with the letters: asking costs a layout.
    let letters = *use_memo((wide.to_bits(), high.to_bits()), |_| crate::ui::browser::letters());
    let sight = if way == Way::Down { high } else { wide };
    let (wide, high) = (wide / letters, high / letters);
    let compact = wide < COMPACT;
    let heads = if way == Way::Right { head_width(compact) } else { 0.0 };
    let across = if way == Way::Down { wide } else { high - SCROLLBAR };
    let frame = Frame { across: across.round(), compact, way, shown: seen.part(&props.plot, sight) };
    let known = use_mut_ref(Known::default);
    let figure =
        use_memo((Same(props.plot.clone()), Same(props.texts.clone()), frame), |(plot, texts, frame)| {
            Figure::knowing(&mut known.borrow_mut(), &plot.0, props.meta, &texts.0.figure, *frame)
        });
    let above = if way == Way::Down { CARDS } else { 0.0 };
    let size = (figure.width, figure.height);
    let scale = props.zoom.scale(size, (wide - heads - SCROLLBAR, high - above)) * letters;
    *props.scale.borrow_mut() = scale / letters;
    let parts = (props.shared > 0).then(|| figure.parting(props.shared));
    let box_ = Box_ { scroller: scroller.clone(), sheet: sheet.clone(), way, scale, parts };
    let on_scroll = use_scroller(&seen, &box_, &figure, wide > 0.0);
    let focus = use_mut_ref(|| None);
    use_gestures(&box_, &props.on_zoom.reform(move |scale: f64| scale / letters), &focus);
    use_focus(&box_, &focus);
    let fresh = use_fresh(&props.plot);
    let (on_key, focus_event) = use_roving(Roving {
        box_: &box_,
        figure: &figure,
        id: &props.id,
        count: props.plot.events.len() as u32,
        selection: props.selection,
        on_select: &props.on_select,
        on_follow: &props.on_follow,
    });
    let on_click = {
        let on_select = props.on_select.clone();
        Callback::from(move |e: MouseEvent| {
            if let Some(selection) = e.target_dyn_into::<Element>().and_then(|e| selected(&e)) {
                on_select.emit(selection);
            }
        })
    };
    let on_over = {
        let on_hover = props.on_hover.clone();
        Callback::from(move |e: MouseEvent| {
            let under = e.target_dyn_into::<Element>().and_then(|e| selected(&e));
            on_hover.emit(under.filter(|s| !matches!(s, Selection::Node(_))));
        })
    };
    let on_leave = props.on_hover.reform(|_: MouseEvent| None);
    // A button that was pressed goes away with its message; the reader stays where that led.
    let pressed = use_mut_ref(|| false);
    let on_message = {
        let (pressed, on_message) = (pressed.clone(), props.on_message.clone());
        Callback::from(move |what| {
            *pressed.borrow_mut() = true;
            on_message.emit(what);
        })
    };
    use_effect_with(Same(props.plot.clone()), move |plot| {
        if std::mem::take(&mut *pressed.borrow_mut())
            && roving::active().is_none_or(|e| e.tag_name() == "BODY")
        {
            focus_event.emit(plot.0.events.len() as u32);
        }
    });
    let class = classes!(
        "canvas",
        compact.then_some("compact"),
        (way == Way::Right).then_some("rightward"),
        props.past.is_some().then_some("with-past"),
    );
    if wide == 0.0 {
        return html! { <div class="frame"><div {class} ref={scroller}></div></div> };
    }
    let pixels = |n: f64| tenth(n * scale).to_string();
    // When its size changes, the browser lays out every word of it again: so it is some pages longer than the
    // figure, and the sheet shows no more of it than there is.
    let paper = paper(&figure);
    let view_box = (scale != 1.0).then(|| format!("0 0 {} {}", tenth(paper.0), tenth(paper.1)));
    let chunks = |layer: Layer| -> Html {
        let drawn = figure.chunks.iter().filter(|c| !c.layers[layer as usize].is_empty());
        let present = figure.marks.len() as u32;
        drawn
            .map(|chunk| {
                html! {
                    <ChunkLayer key={chunk.first} chunk={chunk.clone()} {layer} plot={props.plot.clone()}
                        sentence={props.sentence.clone()} id={props.id.clone()} fresh={fresh.filter(|_| chunk.last == present)} />
                }
            })
            .collect()
    };
    let (title, desc) = (format!("{}-title", props.id), format!("{}-desc", props.id));
    let pitch = figure.columns.pitch * scale / letters;
    let space = Heads {
        scale,
        compact,
        side: way == Way::Right,
        dense: match way {
            // Two participants are what most people look at: their cards say as much as they can.
            Way::Down if props.plot.columns.len() <= 4 => pitch < ROOMY_FOR_FEW,
            Way::Down => pitch < ROOMY,
            Way::Right => pitch < ROOMY_ROW,
        },
        tiny: pitch < 84.0,
    };
    let (head_w, head_h) = match way {
        Way::Down => (figure.width * scale, 0.0),
        Way::Right => (heads * letters, figure.height * scale),
    };
    html! {
        <div class="frame">
        <div {class} ref={scroller} onscroll={on_scroll}>
            <div class="heads"><Sized width={head_w} height={head_h}>{ props.heads.emit(space) }</Sized></div>
            <div class="sheet" ref={sheet}>
                <svg width={pixels(paper.0)} height={pixels(paper.1)}
                    viewBox={view_box}
                    role="graphics-document document" aria-labelledby={format!("{title} {desc}")}
                    onclick={on_click} onkeydown={on_key} onmouseover={on_over} onmouseleave={on_leave}>
                    <title id={title}>{ props.texts.title.clone() }</title>
                    <desc id={desc}>{ props.texts.desc.clone() }</desc>
                    { shapes::defs() }
                    <Overlay figure={figure.clone()} selection={props.selection} />
                    <g class="drawn" aria-hidden="true">{ chunks(Layer::Ground) }</g>
                    <Below shapes={figure.below.clone()} />
                    <g class="drawn" aria-hidden="true">{ chunks(Layer::Lines) }</g>
                    <g class="drawn">{ chunks(Layer::Marks) }</g>
                    if let Some(along) = parts { { shapes::parting(&figure, along) } }
                    <g class="drawn words" aria-hidden="true">{ chunks(Layer::Words) }</g>
                    if let Some(past) = &props.past { { shapes::past(&figure, past) } }
                    if let Some(along) = parts { { shapes::shared(&figure, along) } }
                </svg>
                <Pills pills={figure.pills.clone()} flights={flights(props)} texts={props.texts.clone()}
                    {scale} still={props.still} {on_message} on_select={props.on_select.clone()} />
            </div>
        </div>
        </div>
    }
}

/// The size of what the figure is drawn on: along time, whole pages.
fn paper(figure: &Figure) -> (f64, f64) {
    const PAGE: f64 = 4_000.0;
    let (across, along) = figure.frame.way.point((figure.width, figure.height));
    figure.frame.way.point((across, (along / PAGE).ceil() * PAGE))
}

/// What may be done to the messages in flight, by number.
fn flights(props: &DiagramProps) -> Rc<Vec<(u32, Allowed)>> {
    let allowed = |i: usize| props.allowed.get(i).cloned().unwrap_or_default();
    Rc::new(props.plot.flights.iter().enumerate().map(|(i, f)| (f.id, allowed(i))).collect())
}

/// What an element, or the one it stands in, belongs to.
fn selected(element: &Element) -> Option<Selection> {
    let owner = element.closest("[data-moment],[data-message],[data-node]").ok()??;
    let number = |name| owner.get_attribute(name).and_then(|v| v.parse::<u32>().ok());
    number("data-message")
        .map(Selection::Message)
        .or_else(|| number("data-moment").map(Selection::Moment))
        .or_else(|| number("data-node").map(|n| Selection::Node(crate::protocol::NodeId(n as u8))))
}

/// The event that was drawn just now, if the run grew by one step: pencil turns to ink.
#[hook]
fn use_fresh(plot: &Rc<Plot>) -> Option<Fresh> {
    let before = use_mut_ref(|| (plot.clone(), None::<Fresh>));
    let mut before = before.borrow_mut();
    if !Rc::ptr_eq(&before.0, plot) {
        let (was, is) = (before.0.events.len(), plot.events.len());
        let same = was == 0
            || plot.events.get(was - 1).zip(before.0.events.last()).is_some_and(|(a, b)| Rc::ptr_eq(a, b));
        let fresh = (is == was + 1 && same).then(|| Fresh {
            moment: is as u32,
            message: plot.events[was].sent.first().map_or(u32::MAX, |s| s.id),
        });
        // A preview makes another plot of the same run: what is fresh stays so.
        let kept = before.1.filter(|_| is == was && same);
        *before = (plot.clone(), fresh.or(kept));
    }
    before.1
}

#[derive(Properties, PartialEq)]
struct SizedProps {
    width: f64,
    height: f64,
    children: Html,
}

/// Something as wide as the figure or as high, whichever is given.
#[component]
fn Sized(props: &SizedProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.width, props.height), move |(width, height)| {
            if let Some(element) = node.cast::<HtmlElement>() {
                pills::style(&element, &[("width", *width)]);
                let height = if *height > 0.0 { format!("{}px", tenth(*height)) } else { "auto".into() };
                let done = element.style().set_property("height", &height);
                debug_assert!(done.is_ok());
            }
        });
    }
    html! { <div ref={node}>{ props.children.clone() }</div> }
}
