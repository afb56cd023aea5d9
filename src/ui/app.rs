//! The application: one session, one view a moment, and everything on the page.

use super::browser;
use super::components::choices::Choices;
use super::components::drawer::{Drawer, Tab};
use super::components::figure::FigurePanel;
use super::components::help::Help;
use super::components::notice::NoticeBar;
use super::components::phone::{BottomBar, Page, PhoneTabs};
use super::components::scissors::ScissorsPanel;
use super::components::settings::Settings;
use super::components::share::Share;
use super::components::story::StoryPanel;
use super::components::strip::HistoryStrip;
use super::components::tales::Tales;
use super::components::topbar::TopBar;
use super::context::{FigureWish, Show, Ui};
use super::keys::{self, Key};
use crate::script;
use crate::session::{Action, Cmd, Notice, Session};
use crate::sim::{Setup, Step};
use crate::view::{Plot, View};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

/// Mounts the application on the page's body.
pub fn start() {
    browser::show_panics();
    yew::Renderer::<App>::new().render();
}

/// How long the address waits before it follows the run.
const ADDRESS_DELAY_MS: u32 = 250;

/// What is shown of the session: made anew after every action.
#[derive(Clone, PartialEq)]
struct Moment {
    view: Rc<View>,
    plot: Rc<Plot>,
    setup: Setup,
    notice: Option<Notice>,
}

impl Moment {
    fn of(session: &Session) -> Moment {
        Moment {
            view: Rc::new(View::new(session.history())),
            plot: Rc::new(Plot::new(session.history(), None)),
            setup: session.setup().clone(),
            notice: session.notice().cloned(),
        }
    }
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let session = use_mut_ref(opened);
    let moment = {
        let session = session.clone();
        use_state_eq(move || Moment::of(&session.borrow()))
    };
    let lang = use_state_eq(browser::language);
    let theme = use_state_eq(browser::theme);
    let show = use_state_eq(|| Show::Nothing);
    let preview = use_state_eq(|| None::<Step>);
    let tab = use_state_eq(Tab::default);
    let drawer = use_state_eq(browser::is_wide);
    let page = use_state_eq(|| Page::Diagram);
    let sheet = use_state_eq(|| false);
    let selection = use_state_eq(|| None);
    let wish = use_state_eq(|| None::<FigureWish>);
    let pending = use_mut_ref(|| None::<Timeout>);

    let act = {
        let (session, moment, preview, sheet) =
            (session.clone(), moment.clone(), preview.clone(), sheet.clone());
        use_callback((), move |action: Action, ()| {
            let mut session = session.borrow_mut();
            for Cmd::Address(hash) in session.update(action) {
                let later = Timeout::new(ADDRESS_DELAY_MS, move || browser::set_hash(&hash));
                *pending.borrow_mut() = Some(later);
            }
            preview.set(None);
            // Whatever was chosen was chosen there: the reader wants to see what came of it.
            sheet.set(false);
            moment.set(Moment::of(&session));
        })
    };
    let on_show = {
        let (show, sheet) = (show.clone(), sheet.clone());
        use_callback((), move |what, ()| {
            if what == Show::Nothing {
                sheet.set(false);
            }
            show.set(what);
        })
    };
    let ui = Ui { lang: *lang, act: act.clone(), show: on_show };

    use_effect_with(*lang, |lang| browser::set_language(*lang));
    use_effect_with(*theme, |theme| browser::set_theme(*theme));
    {
        let act = act.clone();
        use_effect_with((), move |()| browser::on_hash_change(move |hash| act.emit(Action::Link(hash))));
    }
    {
        let (ui, wish) = (ui.clone(), wish.clone());
        use_effect_with((moment.view.clone(), (*show).clone()), move |(view, shown)| {
            let (view, shown) = (view.clone(), shown.clone());
            keys::listen(move |key| match key {
                Key::Figure(cmd) => wish.set(Some(FigureWish(Rc::new(cmd)))),
                key => on_key(&ui, &view, &shown, key),
            })
        });
    }

    let plot = match *preview {
        Some(step) => Rc::new(Plot::new(session.borrow().history(), Some(step))),
        None => moment.plot.clone(),
    };
    let view = moment.view.clone();
    let opening = session.borrow().history().is_empty();
    let on_preview = {
        let preview = preview.clone();
        use_callback((), move |step, ()| preview.set(step))
    };
    let left = match &*show {
        Show::Scissors(node, step) => html! {
            <ScissorsPanel session={session.clone()} view={view.clone()} node={*node} step={*step} {on_preview} />
        },
        _ => html! { <Choices view={view.clone()} {opening} {on_preview} /> },
    };
    let events = use_memo(moment.plot.clone(), |plot| plot.events.clone());
    let on_open = {
        let (tab, drawer, page) = (tab.clone(), drawer.clone(), page.clone());
        use_callback((), move |_node, ()| {
            tab.set(Tab::State);
            drawer.set(true);
            page.set(Page::Drawer);
        })
    };
    let on_select = {
        let selection = selection.clone();
        use_callback((), move |what, ()| selection.set(Some(what)))
    };
    let select_moment = on_select.reform(super::layout::Selection::Moment);
    let selected = match *selection {
        Some(super::layout::Selection::Moment(m)) => Some(m),
        _ => None,
    };
    let with_drawer = *drawer && !opening;
    let stage = classes!(
        "stage",
        opening.then_some("closed"),
        (!opening && !with_drawer).then_some("alone"),
        (*page == Page::Drawer).then_some("on-drawer"),
        ((*sheet) || matches!(*show, Show::Scissors(..))).then_some("on-sheet"),
    );
    html! {
        <ContextProvider<Ui> context={ui.clone()}>
            <div class="app">
                <TopBar view={view.clone()} theme={*theme} drawer={with_drawer} {opening}
                    on_drawer={setter(&drawer).reform(move |()| !with_drawer)}
                    on_theme={setter(&theme)} on_lang={setter(&lang)} />
                <main class={stage}>
                    <section class="story" aria-label={ui.get("app.story")}>
                        if let Some(notice) = &moment.notice { <NoticeBar notice={notice.clone()} /> }
                        <StoryPanel view={view.clone()} {opening} />
                        <div class="moves">{ left }</div>
                    </section>
                    <section class="fig" aria-label={ui.get("app.diagram")}>
                        <PhoneTabs page={*page} tab={*tab} on_page={setter(&page)} on_tab={setter(&tab)} />
                        <FigurePanel view={view.clone()} plot={plot} {opening} {on_open}
                            selection={*selection} on_select={on_select} wish={(*wish).clone()} previewing={preview.is_some()} />
                    </section>
                    if opening { <Tales /> }
                    if with_drawer || *page == Page::Drawer {
                        <section class="drawer" aria-label={ui.get("drawer.title")}>
                            <Drawer view={view.clone()} events={events} tab={*tab} on_tab={setter(&tab)}
                                on_close={setter(&drawer).reform(|()| false)}
                                on_select_moment={select_moment} selected={selected} />
                        </section>
                    }
                </main>
                <HistoryStrip view={view.clone()} />
                <BottomBar view={view.clone()} sheet={*sheet} on_sheet={setter(&sheet)} />
                { over(&show, &session.borrow(), &moment) }
            </div>
        </ContextProvider<Ui>>
    }
}

fn setter<T: PartialEq + 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}

/// What lies over the page.
fn over(show: &Show, session: &Session, moment: &Moment) -> Html {
    match show {
        Show::Nothing | Show::Scissors(..) => Html::default(),
        Show::Help => html! { <Help /> },
        Show::Settings => html! {
            <Settings view={moment.view.clone()} setup={moment.setup.clone()} notice={moment.notice.clone()} />
        },
        Show::Share => {
            let history = session.history();
            let steps: Vec<_> =
                history.path_to(history.at()).iter().filter_map(|p| history.step(*p)).collect();
            let script = script::print(session.setup(), &steps);
            let address = browser::address(&session.address());
            html! { <Share address={address} script={script} notice={moment.notice.clone()} /> }
        }
    }
}

/// The session that the address asks for, or a fresh one.
fn opened() -> Session {
    let mut session = Session::default();
    let hash = browser::hash();
    if !hash.is_empty() {
        session.update(Action::Link(hash));
    }
    session
}

fn on_key(ui: &Ui, view: &View, shown: &Show, key: Key) {
    let act = |action| ui.act.emit(action);
    match key {
        Key::Step => act(Action::Default),
        Key::Back => act(Action::Undo),
        Key::Forward => act(Action::Redo),
        Key::First => act(Action::First),
        Key::Last => act(Action::Last),
        Key::NextBranch => act(Action::Branch { forward: true }),
        Key::PreviousBranch => act(Action::Branch { forward: false }),
        Key::Choice(k) => {
            let mut enabled = view.choices.iter().filter(|c| c.refused.is_none());
            if let Some(choice) = enabled.nth(usize::from(k) - 1) {
                act(Action::Do(choice.step));
            }
        }
        Key::Help => ui.show.emit(if *shown == Show::Help { Show::Nothing } else { Show::Help }),
        Key::Share => ui.show.emit(Show::Share),
        Key::Settings => ui.show.emit(Show::Settings),
        // The diagram's own.
        Key::Figure(_) => {}
        Key::Escape => ui.show.emit(Show::Nothing),
    }
}
