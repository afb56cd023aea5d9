//! A figure as SVG source, with the classes of the style sheet: for exports, where there is no browser.

use super::Figure;
use super::shape::{Area, Layer, Shape};
use std::fmt::Write;

/// The definitions that the figure's areas are painted with.
pub const DEFS: &str = r#"<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch-l" d="M0 0V7"/></pattern><pattern id="cross" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch-l" d="M0 0V7M0 0H7"/></pattern><linearGradient id="fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="stop" stop-opacity="0"/><stop offset="1" class="stop"/></linearGradient><linearGradient id="fade-right"><stop offset="0" class="stop" stop-opacity="0"/><stop offset="1" class="stop"/></linearGradient></defs>"#;

/// The figure as an `<svg>` element with a title and a description, with pills but without buttons.
pub fn svg(figure: &Figure, title: &str, desc: &str) -> String {
    let (w, h) = (figure.width, figure.height);
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.1} {h:.1}" width="{w:.1}" height="{h:.1}" role="img"><title>{}</title><desc>{}</desc>{DEFS}"#,
        escape(title),
        escape(desc)
    );
    for layer in Layer::ALL {
        if layer == Layer::Lines {
            figure.below.iter().for_each(|s| shape(&mut out, s));
        }
        for chunk in &figure.chunks {
            for group in &chunk.layers[layer as usize] {
                group.shapes.iter().for_each(|s| shape(&mut out, s));
            }
        }
    }
    for pill in figure.pills.iter() {
        let Area { x, y, w, h } = pill.area;
        shape(&mut out, &Shape::area("pill-r", pill.area, h / 2.0));
        let (x, y) = (x + w / 2.0, y + h / 2.0 + 4.0);
        shape(&mut out, &Shape::text("st m", x, y, super::Anchor::Middle, &pill.word));
    }
    out.push_str("</svg>");
    out
}

fn shape(out: &mut String, shape: &Shape) {
    if let Some((class, d)) = shape.outline() {
        let done = write!(out, r#"<path class="{class}" d="{d}"/>"#);
        return done.expect("writing to a string never fails");
    }
    let result = match shape {
        Shape::Line { .. } | Shape::Head { .. } | Shape::Cut { .. } | Shape::Path { .. } => Ok(()),
        Shape::Rect { class, at, round, paint } => {
            let fill = paint.fill().map(|f| format!(r#" fill="{f}""#)).unwrap_or_default();
            write!(
                out,
                r#"<rect class="{class}" x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="{round:.1}"{fill}/>"#,
                at.x, at.y, at.w, at.h
            )
        }
        Shape::Circle { class, x, y, r } => {
            write!(out, r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="{r:.1}"/>"#)
        }
        Shape::Text { class, x, y, anchor, text } => write!(
            out,
            r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{}">{}</text>"#,
            anchor.word(),
            escape(text)
        ),
        Shape::Icon { class, x, y, size, icon } => {
            let scale = size / 16.0;
            write!(
                out,
                r#"<g class="{class}" transform="translate({:.1} {:.1}) scale({scale:.4})"><path class="sv" d="{}"/></g>"#,
                x - size / 2.0,
                y - size / 2.0,
                icon.path()
            )
        }
    };
    result.expect("writing to a string never fails");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
