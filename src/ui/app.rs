//! The application: one session, one view a moment, and everything on the page.

mod habits;

use super::browser;
use super::components::choices::Choices;
use super::components::compare::Compare;
use super::components::drawer::{Drawer, Tab};
use super::components::explorer::Explorer;
use super::components::figure::FigurePanel;
use super::components::help::Help;
use super::components::hint;
use super::components::matrix::Matrix;
use super::components::notice::NoticeBar;
use super::components::odds::OddsPage;
use super::components::palette::Palette;
use super::components::phone::{BottomBar, Page, PhoneTabs};
use super::components::recent::Recent;
use super::components::scissors::ScissorsPanel;
use super::components::separator::{Border, separator};
use super::components::settings::Settings;
use super::components::share::Share;
use super::components::silence::Silences;
use super::components::story::StoryPanel;
use super::components::strip::HistoryStrip;
use super::components::tales::Tales;
use super::components::text_view::TextView;
use super::components::topbar::{TopBar, titled};
use super::context::{FigureWish, Instead, Show, Ui};
use super::desk::Desk;
use super::hand::{self, Hand};
use super::keys::{self, Key};
use super::layout::Selection;
use super::moment::{Hurry, Moment, REST_MS, moves};
use super::prefs::Prefs;
use super::store;
use super::trail::{self, Trail};
use crate::i18n::plain;
use crate::run::default_step;
use crate::script;
use crate::session::{Action, Cmd, Level, Notice, Play, Session};
use crate::sim::Step;
use crate::view::Plot;
use crate::view::choices::Tool;
use crate::view::story::story;
use gloo_timers::callback::Timeout;
use habits::{use_address, use_arrival, use_clock, use_hints, use_looks, use_printing, use_return, use_stay};
use std::rc::Rc;
use yew::prelude::*;

/// Mounts the application on the page's body.
pub fn start() {
    browser::show_panics();
    yew::Renderer::<App>::new().render();
}

/// How long the address waits before it follows the run.
const ADDRESS_DELAY_MS: u32 = 250;

/// The whole page.
#[component]
pub fn App() -> Html {
    let session = use_mut_ref(opened);
    // Keys may come faster than the screen follows: what they mean depends on the latest moment, not on the
    // one that is shown.
    let latest = {
        let session = session.clone();
        use_mut_ref(move || Moment::of(&session.borrow(), None))
    };
    let moment = use_state_eq(|| latest.borrow().clone());
    // What stands beside the figure is painted after it, and while the reader hurries, not before he rests: so
    // the figure follows the slider and the keys at once, whatever the rest of the page takes.
    let beside = use_state_eq(|| latest.borrow().clone());
    let hurry = use_mut_ref(Hurry::default);
    // What is kept and cannot be read is said where everybody sees it, and replaced.
    let kept = use_memo((), |()| {
        let (prefs, trouble) = store::prefs();
        (prefs, trouble.into_iter().chain(store::runs().1).collect::<Vec<_>>())
    });
    let prefs = use_state_eq(|| Rc::new(kept.0.clone()));
    let trouble = use_state_eq(|| kept.1.clone());
    let system = use_state_eq(browser::theme);
    let lang = prefs.lang.unwrap_or_else(browser::language);
    let theme = prefs.theme.unwrap_or(*system);
    let show = use_state_eq(|| Show::Nothing);
    let instead = use_state_eq(trail::here);
    let trail = use_memo((), |()| Trail::default());
    trail.stands(*instead);
    let desk = use_memo((), |()| Rc::new(Desk::default()));
    let preview = use_state_eq(|| None::<Step>);
    let tab = use_state_eq(Tab::default);
    // Open where there is room for it, until the reader says.
    let drawer = use_state_eq(|| prefs.drawer.unwrap_or(true) && browser::is_wide());
    let page = use_state_eq(|| Page::Diagram);
    let sheet = use_state_eq(|| false);
    let selection = use_state_eq(|| None::<Selection>);
    let text = prefs.text;
    let printing = use_printing();
    let tool = use_state_eq(|| None::<Tool>);
    let how = prefs.play;
    let wish = use_state_eq(|| None::<FigureWish>);
    let wished = use_mut_ref(|| None::<FigureWish>);
    let pending = use_mut_ref(|| None::<Timeout>);
    let selected = use_mut_ref(|| None::<Selection>);
    *selected.borrow_mut() = *selection;

    let arrives = use_arrival(&moment.view);
    let stays = use_stay(&beside.view);
    let answered = use_mut_ref(|| None::<u8>);
    let act = {
        let (session, latest, moment) = (session.clone(), latest.clone(), moment.clone());
        let (preview, sheet, beside) = (preview.clone(), sheet.clone(), beside.clone());
        let (selection, selected) = (selection.clone(), selected.clone());
        let (trail, arrives, stays, answered) = (trail.clone(), arrives.clone(), stays, answered.clone());
        use_callback((), move |action: Action, ()| {
            let moves = moves(&action) && !session.borrow().history().is_empty();
            let opens = trail.opens(&action, || session.borrow().address());
            *arrives.borrow_mut() = opens;
            *stays.borrow_mut() = browser::key_in(".moves");
            *answered.borrow_mut() = hint::answers(&action);
            if opens {
                *pending.borrow_mut() = None;
            }
            let commands = session.borrow_mut().update(action);
            for Cmd::Address in commands {
                let session = session.clone();
                let write = move || {
                    let hash = session.borrow().address();
                    browser::set_hash(&hash);
                    keep(&session.borrow(), &hash);
                };
                *pending.borrow_mut() = Some(Timeout::new(ADDRESS_DELAY_MS, write));
            }
            preview.set(None);
            // What came of it is what the reader wants to read about. A node stays selected.
            if !matches!(*selected.borrow(), Some(Selection::Node(_))) {
                selection.set(None);
            }
            // Whatever was chosen was chosen there: the reader wants to see what came of it.
            sheet.set(false);
            let fresh = Moment::of(&session.borrow(), Some(&latest.borrow()));
            *latest.borrow_mut() = fresh.clone();
            moment.set(fresh.clone());
            let (turn, hurried) = hurry.borrow_mut().next();
            if !moves {
                beside.set(fresh);
                return;
            }
            let (beside, latest, hurry) = (beside.clone(), latest.clone(), hurry.clone());
            let follow = move || {
                if hurry.borrow().turn == turn {
                    beside.set(latest.borrow().clone());
                }
            };
            match hurried {
                true => drop(Timeout::new(REST_MS, follow).forget()),
                false => browser::after_paint(follow),
            }
        })
    };
    let on_show = {
        let (show, sheet, instead) = (show.clone(), sheet.clone(), instead.clone());
        let (session, trail) = (session.clone(), trail.clone());
        use_callback((), move |what, ()| {
            let page = match what {
                Show::Explore(on) => Some(on.then_some(Instead::Explorer)),
                Show::Matrix => Some(Some(Instead::Matrix)),
                Show::Silences => Some(Some(Instead::Silences)),
                Show::Odds => Some(Some(Instead::Odds)),
                // Both are about the run, and stand where the explorer would.
                Show::Scissors(..) | Show::Compare(..) => Some(None),
                _ => None,
            };
            if what == Show::Nothing {
                sheet.set(false);
            }
            if let Some(page) = page {
                trail.turn_to(page, || session.borrow().address());
                instead.set(page);
            }
            let aside = matches!(what, Show::Explore(_) | Show::Matrix | Show::Silences | Show::Odds);
            show.set(if aside { Show::Nothing } else { what });
        })
    };
    let set_prefs = {
        let prefs = prefs.clone();
        use_callback((), move |new: Prefs, ()| {
            store::keep_prefs(&new);
            prefs.set(Rc::new(new));
        })
    };
    let ui = Ui { lang, act: act.clone(), show: on_show, prefs: (*prefs).clone(), set_prefs };

    let opening = session.borrow().history().is_empty();
    let title = titled(&ui, &moment.view, *instead, opening);
    use_looks(&ui, theme, title, system.setter());
    use_return(*instead);
    use_address(&session, &act, &trail, instead.setter());
    use_clock(moment.playing, prefs.speed, &act);
    let on_key = {
        let (shown, exploring) = ((*show).clone(), instead.is_some());
        let hand = Hand { ui: ui.clone(), shown, exploring, selection: *selection, how };
        let latest = latest.clone();
        let (tool, wish) = (tool.clone(), wish.clone());
        let (tab, drawer, page) = (tab.clone(), drawer.clone(), page.clone());
        let selected = selection.setter();
        use_callback((hand, text), move |key, (hand, as_text)| {
            if key == Key::Escape {
                tool.set(None);
                if hand.shown == Show::Nothing && !hand.exploring {
                    selected.set(None);
                }
            }
            if key == Key::Text && !hand.exploring {
                return prefer(&hand.ui, |p| p.text = !as_text);
            }
            if let (Key::Panel(which), false) = (key, hand.exploring) {
                tab.set(which);
                drawer.set(true);
                return page.set(Page::Drawer);
            }
            if let (Key::Figure(cmd), false) = (key, hand.exploring) {
                let next = FigureWish::after(wished.borrow().as_ref(), cmd);
                *wished.borrow_mut() = Some(next.clone());
                return wish.set(Some(next));
            }
            let now = latest.borrow().clone();
            hand.press(key, &now);
        })
    };
    use_effect_with((on_key.clone(), prefs.keys), |(on_key, single)| {
        let on_key = on_key.clone();
        keys::listen(*single, move |key| on_key.emit(key))
    });

    let hints = use_hints(&ui, &moment.view, &answered);

    // The same callbacks for as long as there is the page, so that nobody is rendered again for them.
    let set = use_memo((), |()| (setter(&tool), setter(&tab), setter(&sheet)));
    let (on_tool, on_tab, on_sheet) = (*set).clone();
    let on_page = {
        let page = page.clone();
        use_callback(ui.clone(), move |to: Page, ui| {
            page.set(to);
            if to == Page::Diagram {
                prefer(ui, |p| p.text = false);
            }
        })
    };
    let on_play = use_callback(on_key.clone(), |(), on_key| on_key.emit(Key::Play));
    let plot = match *preview {
        Some(step) => Rc::new(Plot::new(session.borrow().history(), Some(step))),
        None => moment.plot.clone(),
    };
    let view = moment.view.clone();
    let on_preview = {
        let preview = preview.clone();
        use_callback((), move |step, ()| preview.set(step))
    };
    let left = match &*show {
        Show::Scissors(node, step) => html! {
            <ScissorsPanel session={session.clone()} view={view.clone()} node={*node} step={*step} {on_preview} />
        },
        _ => html! {
            <Choices view={beside.view.clone()} {opening} {on_preview} tool={*tool} {on_tool}
                message={selection.and_then(|what| hand::flying(&moment.plot, what))}
                node={selection.and_then(|what| match what { Selection::Node(node) => Some(node), _ => None })} />
        },
    };
    let on_open = {
        let (tab, drawer, page, selection) = (tab.clone(), drawer.clone(), page.clone(), selection.clone());
        use_callback((), move |node, ()| {
            selection.set(Some(Selection::Node(node)));
            tab.set(Tab::State);
            drawer.set(true);
            page.set(Page::Drawer);
        })
    };
    // What is selected in the figure is what the drawer shows; selecting it again lets go of it. With a fault in
    // hand, what is selected is where the fault goes.
    let on_select = {
        let (selection, was, tab, tool) = (selection.clone(), selected.clone(), tab.clone(), tool.clone());
        use_callback(
            (moment.view.clone(), moment.plot.clone(), *tool, ui.clone()),
            move |what, (view, plot, hand, ui)| {
                let step = hand.and_then(|t| hand::place(view, plot, t, what));
                match step {
                    Some(step) => {
                        tool.set(None);
                        hand::inject(ui, step);
                    }
                    None => {
                        tab.set(Tab::State);
                        selection.set(Some(what).filter(|_| *was.borrow() != Some(what)));
                    }
                }
            },
        )
    };
    let on_pick = {
        let (selection, was) = (selection.clone(), selected.clone());
        use_callback((), move |what: Option<Selection>, ()| {
            selection.set(what.filter(|_| *was.borrow() != what));
        })
    };
    let on_line = use_callback(on_select.clone(), |moment, on| on.emit(Selection::Moment(moment)));
    let on_text = use_callback(ui.clone(), |on: bool, ui| {
        prefer(ui, |p| p.text = on);
        // Both have the switch, and each its own.
        browser::focus_soon(".view-switch [aria-pressed=true]");
    });
    let on_how = use_callback(ui.clone(), |how: Play, ui| prefer(ui, |p| p.play = how));
    // The drawer shows what was selected at the moment that it shows.
    let read = use_mut_ref(|| None);
    if beside.view == moment.view {
        *read.borrow_mut() = *selection;
    }
    let picked = selection.and_then(|what| hand::moment_of(&moment.plot, what));
    let figure = match (text && !opening) || printing {
        true => {
            let selected = match *selection {
                Some(Selection::Node(_)) => None,
                _ => picked.map(|moment| moment as u32),
            };
            html! {
                <TextView view={view.clone()} plot={moment.plot.clone()} {selected} on_select={on_line} {on_text} />
            }
        }
        false => html! {
            <FigurePanel view={view.clone()} plot={plot} {opening} {on_open} {on_text} selection={*selection}
                {on_select} wish={(*wish).clone()} previewing={preview.is_some()} />
        },
    };
    let with_drawer = *drawer && !opening;
    let comparing = matches!(*show, Show::Compare(..));
    // On a narrow screen what is selected is told in a sheet below the diagram.
    let peeks = selection.is_some() && *page == Page::Diagram && browser::is_narrow();
    let open_drawer = {
        let (ui, drawer) = (ui.clone(), drawer.clone());
        use_callback(ui, move |open: bool, ui| {
            drawer.set(open);
            // On a narrow screen it lies over the figure: that is a visit, not a preference.
            if browser::is_wide() {
                ui.set_prefs.emit(Prefs { drawer: Some(open), ..(*ui.prefs).clone() });
            }
        })
    };

    let let_go = {
        let selection = selection.setter();
        use_callback((), move |_: bool, ()| selection.set(None))
    };

    let stage = classes!(
        "stage",
        opening.then_some("closed"),
        (!opening && !with_drawer).then_some("alone"),
        (*page == Page::Drawer).then_some("on-drawer"),
        peeks.then_some("on-peek"),
        (*page == Page::History).then_some("on-history"),
        ((*sheet) || matches!(*show, Show::Scissors(..))).then_some("on-sheet"),
    );
    let app = classes!(
        "app",
        (opening && instead.is_none()).then_some("is-opening"),
        instead.is_some().then_some("is-exploring"),
        (opening || !with_drawer).then_some("is-roomy"),
        (*page == Page::History).then_some("at-history"),
    );
    // What is good to know goes by over the figure; what went wrong stays in the story.
    let notice = |level| moment.notice.as_ref().filter(|n| n.level == level);
    let (told, wrong) = (notice(Level::Info), notice(Level::Error));
    html! {
        <ContextProvider<Ui> context={ui.clone()}>
            <div class={app}>
                <TopBar view={view.clone()} {theme} drawer={with_drawer} bare={opening || comparing} instead={*instead}
                    on_drawer={open_drawer.clone()} />
                if *instead == Some(Instead::Matrix) {
                    <Matrix desk={(*desk).clone()} view={view.clone()} />
                } else if *instead == Some(Instead::Silences) {
                    <Silences view={view.clone()} />
                } else if *instead == Some(Instead::Odds) {
                    <OddsPage view={view.clone()} />
                } else if instead.is_some() {
                    <Explorer desk={(*desk).clone()} session={session.clone()} view={view.clone()} />
                } else if let Show::Compare(one, other) = *show {
                    <main class="stage alone">
                        <Compare session={session.clone()} view={view.clone()} {one} {other} />
                    </main>
                } else {
                <main class={stage}>
                    <section class="story" aria-label={ui.get("app.story")}>
                        { for trouble.iter().enumerate().map(|(i, notice)| html! {
                            <NoticeBar notice={notice.clone()} on_dismiss={setter(&trouble).reform(left_out(&trouble, i))} />
                        }) }
                        if let Some(notice) = wrong { <NoticeBar notice={notice.clone()} /> }
                        <StoryPanel view={view.clone()} {opening} playing={moment.playing} />
                        if hints && !matches!(*show, Show::Scissors(..)) { { hint::hint(&ui, opening) } }
                        <div class="moves">{ left }</div>
                        if opening { <Recent offer=true /> }
                    </section>
                    <section class="fig" aria-label={ui.get("app.diagram")}>
                        if !opening { { separator(&ui, Border::Story) } }
                        if with_drawer { { separator(&ui, Border::Drawer) } }
                        <PhoneTabs page={*page} tab={*tab} {on_page} on_tab={on_tab.clone()} />
                        { figure }
                        if let Some(notice) = told { <NoticeBar notice={notice.clone()} /> }
                    </section>
                    if opening { <Tales /> }
                    if with_drawer || peeks || *page == Page::Drawer {
                        <section class="drawer" aria-label={ui.get("drawer.title")}>
                            <Drawer session={session.clone()} view={beside.view.clone()} plot={beside.plot.clone()} tab={*tab}
                                {on_tab} on_drawer={if peeks { let_go } else { open_drawer }}
                                selection={*read.borrow()} on_select={on_pick} preview={*preview}
                                nodes_first={*page == Page::Drawer && browser::is_narrow()} />
                        </section>
                    }
                </main>
                }
                if instead.is_none() {
                    <HistoryStrip view={view.clone()} {picked} how={how} chance={moment.chance} playing={moment.playing}
                        on_play={on_play.clone()} {on_how} />
                    <BottomBar view={beside.view.clone()} sheet={*sheet} {on_sheet}
                        playing={moment.playing} {on_play} />
                }
                { over(&show, &session.borrow(), &moment, &on_key) }
            </div>
        </ContextProvider<Ui>>
    }
}

/// A list without one of its entries.
fn left_out(all: &[Notice], i: usize) -> impl Fn(()) -> Vec<Notice> + 'static {
    let mut rest = all.to_vec();
    rest.remove(i);
    move |()| rest.clone()
}

/// Changes one of the reader's preferences.
fn prefer(ui: &Ui, change: impl FnOnce(&mut Prefs)) {
    let mut new = (*ui.prefs).clone();
    change(&mut new);
    if new != *ui.prefs {
        ui.set_prefs.emit(new);
    }
}

fn setter<T: PartialEq + 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}

/// What lies over the page.
fn over(show: &Show, session: &Session, moment: &Moment, on_key: &Callback<Key>) -> Html {
    match show {
        Show::Nothing
        | Show::Scissors(..)
        | Show::Compare(..)
        | Show::Explore(_)
        | Show::Matrix
        | Show::Silences
        | Show::Odds => Html::default(),
        Show::Palette(scope) => html! {
            <Palette view={moment.view.clone()} scope={*scope} on_key={on_key.clone()} />
        },
        Show::Help => html! { <Help /> },
        Show::Settings => html! {
            <Settings view={moment.view.clone()} setup={moment.setup.clone()} notice={moment.notice.clone()} />
        },
        Show::Share => {
            let script = script::print(session.setup(), &session.history().steps());
            let address = browser::address(&session.address());
            html! { <Share address={address} script={script} notice={moment.notice.clone()} /> }
        }
    }
}

/// Keeps the run among the last ones, told by how things stand.
fn keep(session: &Session, hash: &str) {
    let lang = browser::page_language();
    let title = lang.say(&story(session.run(), None, default_step(session.run()).is_none()).stands);
    store::keep_run(lang, &plain(&title), hash);
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
