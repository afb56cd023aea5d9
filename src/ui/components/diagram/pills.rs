//! Messages in flight as real buttons, over the drawing.

use super::DiagramTexts;
use crate::sim::MsgRef;
use crate::ui::layout::{self, Area, Icon, Pill, Selection, tenth};
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// What can happen to a message in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageAct {
    /// It arrives.
    Deliver,
    /// The network loses it.
    Drop,
    /// The network copies it.
    Duplicate,
    /// It is no longer held back.
    Release,
    /// The reader wants to see what else there is.
    More,
}

/// Why something cannot happen to a message in flight; `None` if it can.
pub type Refused = Option<AttrValue>;

/// What may happen to a message in flight, and why the rest may not.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Allowed {
    /// That it arrives, or is released.
    pub deliver: Refused,
    /// That it is lost.
    pub drop: Refused,
    /// That it is copied.
    pub duplicate: Refused,
    /// That whom it reaches crashes over it.
    pub crash: Refused,
}

/// Places an element in pixels. Through the object model: the page's policy forbids style attributes.
pub fn style(element: &HtmlElement, values: &[(&str, f64)]) {
    for (name, value) in values {
        let done = element.style().set_property(name, &format!("{}px", tenth(*value)));
        debug_assert!(done.is_ok());
    }
}

#[derive(Properties)]
pub struct PillsProps {
    pub pills: Rc<Vec<Pill>>,
    pub flights: Rc<Vec<(u32, Allowed)>>,
    pub scale: f64,
    pub texts: Rc<DiagramTexts>,
    pub still: bool,
    pub on_message: Callback<(MsgRef, MessageAct)>,
    pub on_select: Callback<Selection>,
}

impl PartialEq for PillsProps {
    fn eq(&self, other: &PillsProps) -> bool {
        (Rc::ptr_eq(&self.pills, &other.pills) || self.pills == other.pills)
            && self.flights == other.flights
            && self.scale == other.scale
            && self.texts == other.texts
            && self.still == other.still
            && self.on_message == other.on_message
            && self.on_select == other.on_select
    }
}

/// All messages in flight.
#[component]
pub fn Pills(props: &PillsProps) -> Html {
    let allowed =
        |id| props.flights.iter().find(|(f, _)| *f == id).map(|(_, a)| a.clone()).unwrap_or_default();
    let pill = |p: &Pill| {
        html! {
            <PillView key={p.id} pill={p.clone()} allowed={allowed(p.id)} texts={props.texts.clone()} still={props.still}
                on_message={props.on_message.clone()} on_select={props.on_select.clone()} />
        }
    };
    // They are placed in the figure's units, and grow with it.
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.scale, move |scale| {
            if let Some(element) = node.cast::<HtmlElement>() {
                let done =
                    element.style().set_property("transform", &format!("scale({})", layout::scale(*scale)));
                debug_assert!(done.is_ok());
            }
        });
    }
    html! { <div class="pills" ref={node}>{ for props.pills.iter().map(pill) }</div> }
}

#[derive(Properties, PartialEq)]
struct PillProps {
    pill: Pill,
    allowed: Allowed,
    texts: Rc<DiagramTexts>,
    still: bool,
    on_message: Callback<(MsgRef, MessageAct)>,
    on_select: Callback<Selection>,
}

const DOTS: &str = "M3.5 8h.01M8 8h.01M12.5 8h.01";
const ARROW: &str = "M3 8h8.5M8 4.5 11.5 8 8 11.5";
const COPY: &str = "M4.2 3h4.6A1.2 1.2 0 0 1 10 4.2v4.6A1.2 1.2 0 0 1 8.8 10H4.2A1.2 1.2 0 0 1 3 8.8V4.2A1.2 1.2 0 0 1 4.2 3M6 13h5.8A1.2 1.2 0 0 0 13 11.8V6";

fn outline(d: &'static str) -> Html {
    html! { <svg class="ico" viewBox="0 0 16 16" aria-hidden="true"><path {d} /></svg> }
}

#[component]
fn PillView(props: &PillProps) -> Html {
    let PillProps { pill, allowed, texts, .. } = props;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(pill.area, move |Area { x, y, w, h }| {
            if let Some(element) = node.cast::<HtmlElement>() {
                style(&element, &[("left", *x), ("top", *y), ("width", *w), ("height", *h)]);
            }
        });
    }
    let message = texts.message.replace("{msg}", &pill.code);
    let message = message.replace("{from}", &pill.names.0).replace("{to}", &pill.names.1);
    let act = |what: MessageAct| {
        let (on_message, at) = (props.on_message.clone(), pill.at);
        Callback::from(move |_: MouseEvent| on_message.emit((at, what)))
    };
    let words = html! {
        <>
            if let Some(mark) = pill.mark() { { outline(Icon::path(mark)) } }
            <b class="code">{ pill.word.clone() }</b>
            if let Some(from) = &pill.from { { from.clone() } }
        </>
    };
    let class = classes!("pill", pill.held.then_some("held"), (!pill.due).then_some("rest"));
    if props.still {
        return html! {
            <div {class} ref={node} role="img" aria-label={message.clone()} title={message}><span>{ words }</span></div>
        };
    }
    let role = "group";
    let act = |what: MessageAct, refused: &Refused| {
        if refused.is_none() { act(what) } else { Callback::noop() }
    };
    let why = |refused: &Refused| refused.as_ref().map_or(String::new(), |why| format!(". {why}"));
    if pill.room.buttons() == 1 {
        let refused = &allowed.crash;
        let label = format!("{message}: {}{}", texts.more, why(refused));
        return html! {
            <button {class} ref={node} aria-label={label.clone()} title={label} onclick={act(MessageAct::More, refused)}
                aria-disabled={refused.as_ref().map(|_| "true")}>
                <span>{ words }</span>{ outline(DOTS) }
            </button>
        };
    }
    let button = |what: MessageAct, name: &str, d: &'static str, refused: &Refused| {
        let why = why(refused);
        html! {
            <button aria-label={format!("{name}: {message}{why}")} title={format!("{name}{why}")}
                onclick={act(what, refused)} aria-disabled={refused.as_ref().map(|_| "true")}>{ outline(d) }</button>
        }
    };
    let first = match pill.held {
        true => button(MessageAct::Release, &texts.release, Icon::Play.path(), &allowed.deliver),
        false => button(MessageAct::Deliver, &texts.deliver, ARROW, &allowed.deliver),
    };
    let select = {
        let (on_select, id) = (props.on_select.clone(), pill.id);
        Callback::from(move |_: MouseEvent| on_select.emit(Selection::Message(id)))
    };
    html! {
        <div {class} {role} ref={node} aria-label={message.clone()}>
            <span onclick={select}>{ words }</span>
            { first }
            if pill.room.buttons() == 4 {
                { button(MessageAct::Drop, &texts.drop, Icon::Cross.path(), &allowed.drop) }
                { button(MessageAct::Duplicate, &texts.duplicate, COPY, &allowed.duplicate) }
            }
            { button(MessageAct::More, &texts.more, DOTS, &allowed.crash) }
        </div>
    }
}
