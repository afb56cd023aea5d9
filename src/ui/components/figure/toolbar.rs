//! The diagram's own controls: which way time runs, how large it is, what led to an event, and where a
//! message's other end is. Each of them has a key.

use super::super::diagram::Zoom;
use super::super::icon::icon;
use super::super::text_view::switch;
use crate::text::Text;
use crate::ui::context::{FigureCmd, Ui};
use crate::ui::layout::Way;
use yew::prelude::*;

/// What the controls show.
pub struct Bar<'a> {
    pub way: Way,
    pub zoom: Zoom,
    /// Whether what did not lead to the selection is dimmed, and how much did: so many of so many.
    pub past: Option<(usize, usize)>,
    /// Whether there is another end to go to.
    pub follows: bool,
    pub on: &'a Callback<FigureCmd>,
    /// Shows the run as text instead, or not.
    pub on_text: &'a Callback<bool>,
}

/// The row of controls above the diagram.
pub fn toolbar(ui: &Ui, bar: &Bar) -> Html {
    let on = |cmd: FigureCmd| bar.on.reform(move |_: MouseEvent| cmd);
    let way = |way: Way, sign: &'static str, word: &str| {
        let chosen = bar.way == way;
        // Pressing what is chosen already changes nothing.
        let onclick = if chosen { Callback::noop() } else { on(FigureCmd::Turn) };
        let name = ui.get(&format!("figure.time.{word}.name"));
        html! {
            <button class="fig-tool" aria-pressed={chosen.to_string()} aria-label={name.clone()} title={name} {onclick}>
                { icon(sign) }<span class="word">{ ui.get(&format!("figure.time.{word}")) }</span>
            </button>
        }
    };
    let tool = |cmd: FigureCmd, sign: &'static str, key: &str, word: Option<&str>| {
        let name = ui.get(key);
        html! {
            <button class="fig-tool" aria-label={name.clone()} title={name} onclick={on(cmd)}>
                { icon(sign) }
                if let Some(word) = word { <span class="word">{ ui.get(word) }</span> }
            </button>
        }
    };
    let told = bar.past.map(|(n, all)| {
        ui.say(&Text::new("figure.past.count").number("n", n as i64).number("all", all as i64))
    });
    let follow = if bar.follows { on(FigureCmd::Follow) } else { Callback::noop() };
    html! {
        <div class="figure-bar" role="group" aria-label={ui.get("figure.tools")}>
            { switch(ui, false, bar.on_text) }
            <p class="told" role="status">{ for told }</p>
            <button class="fig-tool" aria-pressed={bar.past.is_some().to_string()} title={ui.get("figure.past.why")}
                aria-label={ui.get("figure.past.name")} onclick={on(FigureCmd::Past)}>
                { icon("past") }<span class="word">{ ui.get("figure.past") }</span>
            </button>
            <button class="fig-tool" aria-disabled={(!bar.follows).then_some("true")} onclick={follow}
                aria-label={ui.get("figure.follow.name")} title={ui.get("figure.follow.why")}>
                { icon("ends") }<span class="word">{ ui.get("figure.follow") }</span>
            </button>
            <span class="seg">
                { way(Way::Down, "time-down", "down") }
                { way(Way::Right, "time-right", "right") }
            </span>
            <span class="seg">
                { tool(FigureCmd::ZoomOut, "dash", "figure.zoom.out", None) }
                <button class="fig-tool" aria-pressed={(bar.zoom == Zoom::Fit).to_string()} title={ui.get("figure.zoom.fit.why")}
                    aria-label={ui.get("figure.zoom.fit.name")} onclick={on(FigureCmd::Fit)}>
                    { icon("fit") }<span class="word">{ ui.get("figure.zoom.fit") }</span>
                </button>
                { tool(FigureCmd::ZoomIn, "plus", "figure.zoom.in", None) }
            </span>
        </div>
    }
}
