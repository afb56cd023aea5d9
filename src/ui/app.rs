//! The application: one session, one view a moment, and everything on the page.

use super::browser::{self, Theme};
use super::components::choices::Choices;
use super::components::scissors::ScissorsPanel;
use super::components::story::StoryPanel;
use super::components::strip::HistoryStrip;
use super::components::topbar::TopBar;
use super::context::{Show, Ui};
use super::keys::{self, Key};
use crate::i18n::Lang;
use crate::run::default_step;
use crate::session::{Action, Cmd, Session};
use crate::sim::Step;
use crate::view::{Plot, View};
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
    address: AttrValue,
}

impl Moment {
    fn of(session: &Session) -> Moment {
        Moment {
            view: Rc::new(View::new(session.history())),
            plot: Rc::new(Plot::new(session.history(), None)),
            address: session.address().into(),
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
    let pending = use_mut_ref(|| None::<gloo_timers::callback::Timeout>);

    let act = {
        let (session, moment, preview) = (session.clone(), moment.clone(), preview.clone());
        use_callback((), move |action: Action, ()| {
            let mut session = session.borrow_mut();
            for Cmd::Address(hash) in session.update(action) {
                let later =
                    gloo_timers::callback::Timeout::new(ADDRESS_DELAY_MS, move || browser::set_hash(&hash));
                *pending.borrow_mut() = Some(later);
            }
            preview.set(None);
            moment.set(Moment::of(&session));
        })
    };
    let ui = Ui {
        lang: *lang,
        act: act.clone(),
        show: {
            let show = show.clone();
            use_callback((), move |s, ()| show.set(s))
        },
    };

    use_effect_with(*lang, |lang| browser::set_language(*lang));
    use_effect_with(*theme, |theme| browser::set_theme(*theme));
    {
        let act = act.clone();
        use_effect_with((), move |()| browser::on_hash_change(move |hash| act.emit(Action::Link(hash))));
    }
    {
        let (ui, moment, show) = (ui.clone(), moment.clone(), show.clone());
        use_effect_with((moment, (*show).clone()), move |(moment, shown)| {
            let (view, shown) = (moment.view.clone(), shown.clone());
            keys::listen(move |key| on_key(&ui, &view, &shown, key))
        });
    }

    let plot = match *preview {
        Some(step) => Rc::new(Plot::new(session.borrow().history(), Some(step))),
        None => moment.plot.clone(),
    };
    let view = moment.view.clone();
    let opening = view.moment == 0 && view.strip.branches.len() == 1 && view.strip.branches[0].own.len() == 1;
    let on_preview = {
        let preview = preview.clone();
        use_callback((), move |step, ()| preview.set(step))
    };
    let left = match &*show {
        Show::Scissors(node, step) => html! {
            <ScissorsPanel session={session.clone()} view={view.clone()} node={*node} step={*step} on_preview={on_preview.clone()} />
        },
        _ => html! { <Choices view={view.clone()} {opening} on_preview={on_preview.clone()} /> },
    };
    html! {
        <ContextProvider<Ui> context={ui}>
            <div class="app">
                <TopBar view={view.clone()} theme={*theme}
                    on_theme={let theme = theme.clone(); Callback::from(move |t| theme.set(t))}
                    on_lang={let lang = lang.clone(); Callback::from(move |l| lang.set(l))} />
                <main class={classes!("stage", opening.then_some("closed"))}>
                    <section class="story">
                        <StoryPanel view={view.clone()} {opening} />
                        { left }
                    </section>
                </main>
                <HistoryStrip view={view.clone()} />
            </div>
        </ContextProvider<Ui>>
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
            let enabled: Vec<_> = view.choices.iter().filter(|c| c.refused.is_none()).collect();
            if let Some(choice) = enabled.get(usize::from(k) - 1) {
                act(Action::Do(choice.step));
            }
        }
        Key::Help => ui.show.emit(if *shown == Show::Help { Show::Nothing } else { Show::Help }),
        Key::Share => ui.show.emit(Show::Share),
        Key::Settings => ui.show.emit(Show::Settings),
        Key::Escape => ui.show.emit(Show::Nothing),
    }
}
