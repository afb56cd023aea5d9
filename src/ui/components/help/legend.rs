//! The diagram's grammar, by example. The samples use the diagram's own classes, so that they look alike.

use crate::protocol::Style;
use crate::ui::context::use_ui;
use yew::prelude::*;

/// The line of a kind of message, with its head, and whether it says no.
pub fn line(style: Style, refuses: bool) -> Html {
    let no = refuses.then_some("no");
    let class = match style {
        Style::Request => "",
        Style::Vote => "vote",
        Style::Decision => "decide",
        Style::Ack => "ack",
        Style::Inquiry => "inquiry",
        Style::Client => "client",
    };
    let double = style == Style::Decision;
    html! {
        <svg class="sample" viewBox="0 0 36 12" aria-hidden="true">
            <path class={classes!("msg", class, no)} d="M1 6H28" />
            if double { <path class="msg decide-in" d="M1 6H28" /> }
            <path class={classes!("tip", class, no)} d="M35 6 26.500 2.200V9.800z" />
        </svg>
    }
}

/// What marks there are.
#[component]
pub fn Legend() -> Html {
    let ui = use_ui();
    let entry = |sample: Html, key: &str| html! { <li>{ sample }<span>{ ui.get(key) }</span></li> };
    html! {
        <ul class="legend">
            { entry(line(Style::Request, false), "help.mark.request") }
            { entry(line(Style::Vote, false), "help.mark.vote") }
            { entry(line(Style::Decision, false), "help.mark.decision") }
            { entry(line(Style::Ack, false), "help.mark.ack") }
            { entry(line(Style::Inquiry, false), "help.mark.inquiry") }
            { entry(line(Style::Client, false), "help.mark.client") }
            { entry(band(false), "help.mark.in-doubt") }
            { entry(band(true), "help.mark.blocked") }
            { entry(mark(html! { <path class="sample-lane" d="M4 6H32" /> }), "help.mark.lock") }
            { entry(mark(html! { <path class="lane-wait" d="M4 6H32" /> }), "help.mark.waits") }
            { entry(html! { <span class="slip">{ "prepared" }</span> }, "help.mark.durable") }
            { entry(html! { <span class="slip soft">{ "end" }</span> }, "help.mark.volatile") }
            { entry(mark(html! { <path class="cut" d="M14 2l8 8M22 2l-8 8" /> }), "help.mark.crash") }
            { entry(lost(), "help.mark.lost") }
            { entry(torn(), "help.mark.torn") }
            { entry(copied(), "help.mark.copied") }
            { entry(flying(), "help.mark.in-flight") }
            { entry(mark(html! { <path class="msg ghost" d="M1 6H35" /> }), "help.mark.pencil") }
        </ul>
    }
}

fn mark(inner: Html) -> Html {
    html! { <svg class="sample" viewBox="0 0 36 12" aria-hidden="true">{ inner }</svg> }
}

/// The area of doubt. It has a hatch of its own: one in another drawing could be out of sight.
fn band(blocked: bool) -> Html {
    let lines = "M2 12 14 0M9 12 21 0M16 12 28 0M23 12 35 0";
    let across = "M2 0 14 12M9 0 21 12M16 0 28 12M23 0 35 12";
    mark(html! {
        <>
            <path class="band" d="M1 0H35V12H1z" />
            <path class="hatch-l" d={lines} />
            if blocked { <path class="hatch-l" d={across} /> }
            <path class="band-edge" d="M1 0H35M1 12H35" />
        </>
    })
}

fn lost() -> Html {
    mark(html! { <><path class="msg" d="M1 6H24" /><path class="cut" d="M22 2l8 8M30 2l-8 8" /></> })
}

fn torn() -> Html {
    mark(html! {
        <>
            <path class="msg" d="M1 6H16" />
            <g class="is-abort" transform="translate(17 -2)"><path class="sv" d={crate::ui::layout::Icon::Scissors.path()} /></g>
        </>
    })
}

fn copied() -> Html {
    mark(html! {
        <>
            <path class="msg" d="M1 6H27" />
            <path class="tip" d="M35 6 26.500 2.200V9.800z" />
            <circle class="knot" cx="13" cy="6" r="5.500" />
            <text class="st b knot-n" x="13" y="9.500" text-anchor="middle">{ "2" }</text>
        </>
    })
}

fn flying() -> Html {
    mark(
        html! { <><path class="msg" d="M1 6H26" /><path class="tip open" d="M35 6 26.500 2.200V9.800z" /></> },
    )
}
