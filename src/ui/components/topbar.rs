//! The bar at the top: what runs, and what else there is.

use super::icon::icon;
use crate::i18n::Lang;
use crate::ui::context::{Instead, Show, Ui, use_ui};
use crate::ui::prefs::{Prefs, Theme};
use crate::view::View;
use crate::view::matrix::strategies;
use crate::view::titled::title;
use std::rc::Rc;
use yew::prelude::*;

/// What the bar shows and changes.
#[derive(Properties)]
pub struct TopBarProps {
    /// The present moment.
    pub view: Rc<View>,
    /// The present theme.
    pub theme: Theme,
    /// Whether the drawer is open.
    pub drawer: bool,
    /// Whether nothing has ever happened yet, or two moments are compared: there is no drawer then.
    pub bare: bool,
    /// What stands in place of the run, if anything does.
    pub instead: Option<Instead>,
    /// Opens or closes the drawer.
    pub on_drawer: Callback<bool>,
}

/// Of a moment it shows the setup, which is the same at most others.
impl PartialEq for TopBarProps {
    fn eq(&self, other: &Self) -> bool {
        (self.theme, self.drawer, self.bare, self.instead)
            == (other.theme, other.drawer, other.bare, other.instead)
            && self.view.scene.setup == other.view.scene.setup
            && self.on_drawer == other.on_drawer
    }
}

/// The bar at the top.
#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    let ui = use_ui();
    let open = |what: Show| {
        let show = ui.show.clone();
        Callback::from(move |_| show.emit(what.clone()))
    };
    let other = match ui.lang {
        Lang::En => (Lang::Zh, "中文"),
        Lang::Zh => (Lang::En, "English"),
    };
    let lang = prefer(&ui, Prefs { lang: Some(other.0), ..(*ui.prefs).clone() });
    let drawer = {
        let open = !props.drawer;
        props.on_drawer.reform(move |_: MouseEvent| open)
    };
    let next_theme = props.theme.other();
    let theme = prefer(&ui, Prefs { theme: Some(next_theme), ..(*ui.prefs).clone() });
    let (theme_icon, theme_label) = match next_theme {
        Theme::Dark => ("moon", ui.get("app.theme-dark")),
        Theme::Light => ("sun", ui.get("app.theme-light")),
    };
    // What it is about goes first, and stays where there is little room: the bank, or the protocol.
    let mut rest = words(&ui, &props.view);
    let world = match props.view.scene.meta.promises("ac1") {
        true => ui.get("app.world.bank"),
        false => rest.remove(0).into(),
    };
    html! {
        <header class="head">
            <a class="brand" href="#" onclick={Callback::from(|e: MouseEvent| e.prevent_default())}>
                { mark() }
                { "Indoubt" }
            </a>
            <button class="pick setup" onclick={open(Show::Settings)} aria-haspopup="dialog" title={summary(&ui, &props.view)}>
                <span class="wide-only">{ world }</span>
                <span class="quiet wide-only">{ rest.join(" · ") }</span>
                <span class="phone-only">{ icon("sliders") }</span>
                <span class="wide-only">{ icon("down") }</span>
                <span class="sr">{ ui.get("app.settings") }</span>
            </button>
            <span class="gap"></span>
            if strategies(props.view.scene.meta).is_some() {
                <button class="pick" id="matrix-switch" aria-current={(props.instead == Some(Instead::Matrix)).then_some("page")}
                    onclick={open(if props.instead == Some(Instead::Matrix) { Show::Explore(false) } else { Show::Matrix })}>
                    { icon("table") }<span class="wide-only">{ ui.get("matrix.title") }</span>
                    <span class="sr phone-only">{ ui.get("matrix.title") }</span>
                </button>
            }
            <button class="pick" id="explorer-switch" aria-current={(props.instead == Some(Instead::Explorer)).then_some("page")}
                title={ui.get("help.key.explore")}
                onclick={open(Show::Explore(props.instead != Some(Instead::Explorer)))}>
                { icon("search") }<span class="wide-only">{ ui.get("explore.title") }</span>
                <span class="sr phone-only">{ ui.get("explore.title") }</span>
            </button>
            if !props.bare && props.instead.is_none() {
                <button class="pick wide-only" aria-pressed={props.drawer.to_string()} onclick={drawer}>
                    { icon("check") }{ ui.get("app.drawer") }
                </button>
            }
            <button class="pick" onclick={open(Show::Share)} aria-haspopup="dialog">
                { icon("share") }<span class="wide-only">{ ui.get("app.share") }</span>
                <span class="sr phone-only">{ ui.get("app.share") }</span>
            </button>
            <button class="pick" lang={other.0.tag()} onclick={lang}>
                <span class="wide-only">{ other.1 }</span>
                // A phone's bar has room for two letters.
                <span class="phone-only" aria-hidden="true">{ other.1.chars().take(2).collect::<String>() }</span>
                <span class="sr phone-only">{ other.1 }</span>
            </button>
            <button class="pick square" aria-label={theme_label.clone()} title={theme_label} onclick={theme}>
                { icon(theme_icon) }
            </button>
            <button class="pick square" aria-label={ui.get("app.help")} title={ui.get("app.help")}
                aria-haspopup="dialog" onclick={open(Show::Help)}>{ "?" }</button>
        </header>
    }
}

fn prefer(ui: &Ui, prefs: Prefs) -> Callback<MouseEvent> {
    ui.set_prefs.reform(move |_| prefs.clone())
}

/// What the browser calls this page: what is shown, and of which world.
pub fn titled(ui: &Ui, view: &View, instead: Option<Instead>, opening: bool) -> String {
    if opening && instead.is_none() {
        return ui.get("app.title").to_string();
    }
    let page = instead.map(|page| match page {
        Instead::Explorer => "explore.title",
        Instead::Matrix => "matrix.title",
        Instead::Silences => "silence.title",
        Instead::Odds => "odds.title",
    });
    let world = summary(ui, view);
    let shown = page.map(|key| ui.get(key).to_string());
    shown.into_iter().chain([world, "Indoubt".into()]).collect::<Vec<_>>().join(" · ")
}

/// The protocol and whatever is not as usual.
fn words(ui: &Ui, view: &View) -> Vec<String> {
    let words = title(view.scene.meta, &view.scene.setup);
    words.iter().map(|w| ui.say(w).to_string()).collect()
}

/// The same in a line.
fn summary(ui: &Ui, view: &View) -> String {
    words(ui, view).join(" · ")
}

/// The product's mark: known on the left, in doubt on the right.
fn mark() -> Html {
    html! {
        <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
            <defs><clipPath id="mark-half"><path d="M11 2a9 9 0 0 1 0 18z" /></clipPath></defs>
            <circle class="mark-ring" cx="11" cy="11" r="9" />
            <g clip-path="url(#mark-half)">
                <rect class="mark-fill" x="11" y="0" width="12" height="22" />
                <path class="mark-hatch" d="M8 24 24 8M6 20 22 4M4 16 20 0M12 26 26 12" />
            </g>
            <path class="mark-ring" d="M11 2v18" />
        </svg>
    }
}
