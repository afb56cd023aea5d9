//! Icons: 16 by 16, drawn with the text's colour. Every icon stands beside words or on a labelled button.

use yew::prelude::*;

/// The path of an icon.
fn path(name: &str) -> &'static str {
    match name {
        "check" => "M3 8.6 6.4 12 13 4.4",
        "cross" => "M4 4l8 8M12 4l-8 8",
        "clock" => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 4.8V8l2.2 1.6",
        "lock" => {
            "M4.8 7h6.4a1.3 1.3 0 0 1 1.3 1.3v3.9a1.3 1.3 0 0 1-1.3 1.3H4.8a1.3 1.3 0 0 1-1.3-1.3V8.3A1.3 1.3 0 0 1 4.8 7M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2"
        }
        "unlock" => {
            "M4.8 7h6.4a1.3 1.3 0 0 1 1.3 1.3v3.9a1.3 1.3 0 0 1-1.3 1.3H4.8a1.3 1.3 0 0 1-1.3-1.3V8.3A1.3 1.3 0 0 1 4.8 7M5.3 7V4.6a2.7 2.7 0 0 1 5.2-1"
        }
        "no" => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M4.2 11.8l7.6-7.6",
        "scissors" => {
            "M6.3 4.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0M6.3 11.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0M6 5.7 13 12M6 10.3 13 4"
        }
        "right" => "M3 8h8.5M8 4.5 11.5 8 8 11.5",
        "copy" => {
            "M4.2 3h4.6A1.2 1.2 0 0 1 10 4.2v4.6A1.2 1.2 0 0 1 8.8 10H4.2A1.2 1.2 0 0 1 3 8.8V4.2A1.2 1.2 0 0 1 4.2 3M6 13h5.8A1.2 1.2 0 0 0 13 11.8V6"
        }
        "pause" => "M5.5 4v8M10.5 4v8",
        "play" => "M5 3.5 12 8l-7 4.500z",
        "first" => "M4 3.5v9M12 3.5 6.5 8l5.500 4.500",
        "last" => "M12 3.500v9M4 3.500 9.500 8 4 12.500",
        "back" => "M10 3.500 5.500 8l4.500 4.500",
        "forward" => "M6 3.500 10.500 8 6 12.500",
        "down" => "M4 6.2 8 10l4-3.8",
        "up" => "M4 9.8 8 6l4 3.8",
        "share" => "M6.5 9.5 12.5 3.5M8.5 3.3h4.2v4.2M11.5 9.5v3.2H3.3V4.5h3.2",
        "moon" => "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z",
        "sun" => {
            "M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600M8 1.500v1.600M8 12.900v1.600M1.500 8h1.600M12.900 8h1.600M3.400 3.400l1.100 1.100M11.500 11.500l1.100 1.100M3.400 12.600l1.100-1.100M11.500 4.500l1.100-1.100"
        }
        "menu" => "M3 4.500h10M3 8h10M3 11.500h10",
        "search" => "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10 10l3.500 3.500",
        "bolt" => "M9 1.800 3.500 9H8l-1 5.200L12.500 7H8z",
        "undo" => "M5.500 3 2.500 6l3 3M2.500 6H9a4 4 0 0 1 0 8H6",
        "redo" => "M10.500 3l3 3-3 3M13.500 6H7a4 4 0 0 0 0 8h3",
        "book" => {
            "M3 3.500h4A1.500 1.500 0 0 1 8 5v8a1.500 1.500 0 0 0-1-.500H3zM13 3.500H9A1.500 1.500 0 0 0 8 5v8a1.500 1.500 0 0 1 1-.500h4z"
        }
        "dash" => "M4 8h8",
        "plus" => "M4 8h8M8 4v8",
        "fit" => "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
        "time-down" => "M4 2.500h8M8 5v8M5 10l3 3 3-3",
        "time-right" => "M2.500 4v8M5 8h8M10 5l3 3-3 3",
        "past" => "M3 3.500 8 8M13 3.500 8 8M8 8v5.500M6.500 12 8 13.500 9.500 12",
        "ends" => "M4 6.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3M5.500 8H13M10 5l3 3-3 3",
        "ring" => "M8 3.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9",
        "link" => "M2 8h12M6.500 5.500v5M9.500 5.500v5",
        "unlink" => "M2 8h4.500M9.500 8H14M6.500 5.500v5M9.500 5.500v5",
        "sliders" => "M3 5h6M12 5h1M3 11h1M7 11h6M10.500 3.500v3M5.500 9.500v3",
        other => unreachable!("no icon is called {other}"),
    }
}

/// An icon's name.
#[derive(Properties, PartialEq)]
pub struct IconProps {
    /// Its name.
    pub name: &'static str,
}

/// An icon, hidden from assistive technology: the words beside it say it.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class="ico" viewBox="0 0 16 16" aria-hidden="true"><path d={path(props.name)} /></svg>
    }
}
