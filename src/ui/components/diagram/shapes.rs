//! Neutral shapes as elements.

use crate::run::Event;
use crate::ui::layout::{Chunk, Figure, Group, Layer, Mark, Selection, Shape, scale, tenth};
use crate::view::Plot;
use crate::view::causality::Past;
use std::rc::Rc;
use yew::prelude::*;

/// What was drawn just now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fresh {
    /// The moment.
    pub moment: u32,
    /// Its first message; those with higher numbers are as new.
    pub message: u32,
}

/// Patterns and gradients that areas are painted with.
pub fn defs() -> Html {
    html! {
        <defs>
            <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <path class="hatch-l" d="M0 0V7" />
            </pattern>
            <pattern id="cross" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <path class="hatch-l" d="M0 0V7M0 0H7" />
            </pattern>
            <linearGradient id="fade" x1="0" y1="0" x2="0" y2="1">
                <stop offset="0" class="stop" stop-opacity="0" />
                <stop offset="1" class="stop" />
            </linearGradient>
            <linearGradient id="fade-right">
                <stop offset="0" class="stop" stop-opacity="0" />
                <stop offset="1" class="stop" />
            </linearGradient>
        </defs>
    }
}

fn n(value: f64) -> AttrValue {
    tenth(value).to_string().into()
}

/// One shape.
pub fn shape(shape: &Shape) -> Html {
    if let Some((class, d)) = shape.outline() {
        return html! { <path {class} {d} /> };
    }
    match shape {
        Shape::Line { .. } | Shape::Head { .. } | Shape::Cut { .. } | Shape::Path { .. } => Html::default(),
        Shape::Rect { class, at, round, paint } => html! {
            <rect class={*class} x={n(at.x)} y={n(at.y)} width={n(at.w)} height={n(at.h)} rx={n(*round)}
                fill={paint.fill()} />
        },
        Shape::Circle { class, x, y, r } => {
            html! { <circle class={*class} cx={n(*x)} cy={n(*y)} r={n(*r)} /> }
        }
        Shape::Text { class, x, y, anchor, text } => html! {
            <text class={*class} x={n(*x)} y={n(*y)} text-anchor={anchor.word()}>{ text.clone() }</text>
        },
        Shape::Icon { class, x, y, size, icon } => {
            let (x, y, scale) = (tenth(x - size / 2.0), tenth(y - size / 2.0), scale(size / 16.0));
            html! {
                <g class={*class} transform={format!("translate({x} {y}) scale({scale})")}>
                    <path class="sv" d={icon.path()} />
                </g>
            }
        }
    }
}

fn shapes(list: &[Shape]) -> Html {
    list.iter().map(shape).collect()
}

#[derive(Properties)]
pub struct ChunkLayerProps {
    pub chunk: Rc<Chunk>,
    pub layer: Layer,
    pub plot: Rc<Plot>,
    pub sentence: Callback<Rc<Event>, AttrValue>,
    pub id: AttrValue,
    pub fresh: Option<Fresh>,
}

/// A layer stays as it is while its own shapes and sentences are the same, however often the run is laid
/// out.
impl PartialEq for ChunkLayerProps {
    fn eq(&self, other: &ChunkLayerProps) -> bool {
        let i = self.layer as usize;
        let own = |p: &ChunkLayerProps| {
            let (first, last, all) = (p.chunk.first as usize - 1, p.chunk.last as usize, p.plot.events.len());
            first.min(all)..last.min(all)
        };
        let same_chunk = Rc::ptr_eq(&self.chunk, &other.chunk)
            || self.layer == other.layer
                && self.chunk.layers[i] == other.chunk.layers[i]
                && (self.layer != Layer::Marks || self.chunk.marks == other.chunk.marks);
        let same_labels = self.layer != Layer::Marks
            || self.sentence == other.sentence
                && (Rc::ptr_eq(&self.plot, &other.plot)
                    || self.plot.events[own(self)] == other.plot.events[own(other)]);
        same_chunk && same_labels && self.fresh == other.fresh && self.id == other.id
    }
}

/// One layer of a stretch of moments.
#[component]
pub fn ChunkLayer(props: &ChunkLayerProps) -> Html {
    let groups = &props.chunk.layers[props.layer as usize];
    let plain = |g: &Group| group(g, props.fresh);
    match props.layer {
        Layer::Marks => {
            let moments = groups.iter().take_while(|g| matches!(g.of, Selection::Moment(_)));
            let mut own = moments.peekable();
            let events = props.chunk.marks.iter().map(|mark| {
                let found = own.next_if(|g| g.of == Selection::Moment(mark.moment));
                event(props, *mark, found.map_or(&[], |g| &g.shapes))
            });
            let events: Vec<Html> = events.collect();
            let others = groups.iter().filter(|g| !matches!(g.of, Selection::Moment(_)));
            html! { <>{ for events }{ for others.map(plain) }</> }
        }
        _ => html! { <>{ for groups.iter().map(plain) }</> },
    }
}

fn group(g: &Group, fresh: Option<Fresh>) -> Html {
    let (key, moment, message, node) = match g.of {
        Selection::Moment(m) => (format!("e{m}"), Some(m), None, None),
        Selection::Message(m) => (format!("m{m}"), None, Some(m), None),
        Selection::Node(n) => (format!("n{}", n.0), None, None, Some(n.0)),
    };
    let new = fresh.is_some_and(|f| moment == Some(f.moment) || message.is_some_and(|m| m >= f.message));
    html! {
        <g {key} class={new.then_some("fresh")} data-moment={moment.map(|m| m.to_string())}
            data-message={message.map(|m| m.to_string())} data-node={node.map(|n| n.to_string())}>
            { shapes(&g.shapes) }
        </g>
    }
}

/// An event: what stands on the lifeline, and the place that can be focused.
fn event(props: &ChunkLayerProps, mark: Mark, list: &[Shape]) -> Html {
    let Mark { moment, x, y, .. } = mark;
    let label = props.plot.events.get(moment as usize - 1).map(|e| props.sentence.emit(e.clone()));
    let new = props.fresh.is_some_and(|f| f.moment == moment);
    html! {
        <g key={format!("e{moment}")} id={format!("{}-event-{moment}", props.id)}
            class={classes!("event", new.then_some("fresh"))} role="graphics-symbol img" tabindex="-1"
            aria-label={label} data-moment={moment.to_string()}>
            <circle class="spot" cx={n(x)} cy={n(y)} r="13" />
            { shapes(list) }
        </g>
    }
}

#[derive(Properties)]
pub struct BelowProps {
    pub shapes: Rc<Vec<Shape>>,
}

impl PartialEq for BelowProps {
    fn eq(&self, other: &BelowProps) -> bool {
        Rc::ptr_eq(&self.shapes, &other.shapes)
    }
}

/// The line of the present and what is below it. The choices beside the diagram say the same in words.
#[component]
pub fn Below(props: &BelowProps) -> Html {
    html! { <g class="below" aria-hidden="true">{ shapes(&props.shapes) }</g> }
}

#[derive(Properties)]
pub struct OverlayProps {
    pub figure: Rc<Figure>,
    pub selection: Option<Selection>,
}

impl PartialEq for OverlayProps {
    fn eq(&self, other: &OverlayProps) -> bool {
        Rc::ptr_eq(&self.figure, &other.figure) && self.selection == other.selection
    }
}

/// The past of something, over a drawing that is dimmed: the same shapes once more, so that the drawing
/// itself is not rendered again.
pub fn past(figure: &Figure, past: &Past) -> Html {
    let belongs = |g: &&Group| match g.of {
        Selection::Moment(m) => past.has_moment(m),
        Selection::Message(m) => past.has_message(m),
        Selection::Node(_) => false,
    };
    let layer = |layer: Layer| {
        let groups = figure.chunks.iter().flat_map(move |c| &c.layers[layer as usize]).filter(belongs);
        let shown = groups.flat_map(|g| &g.shapes);
        // What is under the pointer stays what it was.
        shown
            .filter(|s| !matches!(s, Shape::Line { class: "hit" | "guide", .. }))
            .map(shape)
            .collect::<Html>()
    };
    let reached = (0..).map(crate::protocol::NodeId).zip(&past.reach).filter(|(_, m)| **m > 0);
    let life = |(node, moment): (_, &u32)| {
        let way = figure.frame.way;
        let (x, y) = (figure.columns.x(node), figure.rows.y(*moment));
        shape(&Shape::line("reach", &[way.point((x, 0.0)), way.point((x, y))]))
    };
    html! {
        <g class="causes" aria-hidden="true">
            { for reached.map(life) }
            { layer(Layer::Lines) }{ layer(Layer::Marks) }{ layer(Layer::Words) }
        </g>
    }
}

/// What is the same elsewhere steps back, up to where it parts from that.
pub fn shared(figure: &Figure, along: f64) -> Html {
    let way = figure.frame.way;
    let across = way.point((figure.width, figure.height)).0;
    let (width, height) = way.point((across, along));
    html! { <rect class="shared" width={tenth(width).to_string()} height={tenth(height).to_string()} aria-hidden="true" /> }
}

/// The line across the drawing where it parts from what is the same elsewhere.
pub fn parting(figure: &Figure, along: f64) -> Html {
    let way = figure.frame.way;
    let across = way.point((figure.width, figure.height)).0;
    let line = shape(&Shape::line("parting", &[way.point((0.0, along)), way.point((across, along))]));
    html! { <g aria-hidden="true">{ line }</g> }
}

/// What is selected.
#[component]
pub fn Overlay(props: &OverlayProps) -> Html {
    let list = props.selection.map(|s| props.figure.highlight(s)).unwrap_or_default();
    html! { <g class="over" aria-hidden="true">{ shapes(&list) }</g> }
}
