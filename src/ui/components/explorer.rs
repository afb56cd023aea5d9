//! The explorer: a question on the left, its answer in the middle, how the search goes on the right.

mod answer;
mod bounds;
mod own;
mod question;
mod search;

use crate::session::Session;
use crate::session::explorer::Asked;
use crate::sim::{Setup, Step};
use crate::ui::browser;
use crate::ui::context::{Show, Ui, use_ui};
use crate::ui::desk::{Desk, now_ms};
use crate::view::View;
use crate::view::explore::{Found, Told, replay, told};
use answer::Answer;
use question::Question;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

use super::icon::icon;

/// What the explorer needs.
#[derive(Properties)]
pub struct ExplorerProps {
    /// What the reader asked, and who answers.
    pub desk: Rc<Desk>,
    /// The session, whose world is searched.
    pub session: Rc<RefCell<Session>>,
    /// The present moment.
    pub view: Rc<View>,
}

impl PartialEq for ExplorerProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view
    }
}

/// The explorer.
#[component]
pub fn Explorer(props: &ExplorerProps) -> Html {
    let ui = use_ui();
    let version = use_state_eq(|| 0u32);
    let heading = use_node_ref();
    {
        let (desk, version, heading) = (props.desk.clone(), version.setter(), heading.clone());
        use_effect_with((), move |()| {
            desk.watch(Some(Callback::from(move |now| version.set(now))));
            desk.open();
            browser::focus_first(&heading, "h2");
            move || desk.watch(None)
        });
    }
    let sitting = props.desk.sitting();
    let asked = sitting.now().cloned();
    // The run that was found, and what is said of it: made once, not with every report.
    let whole = asked.as_ref().and_then(|a| Some((a.setup.clone(), a.whole()?)));
    let shown = use_memo(whole, |whole| {
        let (setup, steps) = whole.as_ref()?;
        replay(setup, steps).map(Rc::new)
    });
    let start = use_memo(asked.as_ref().map(|a| a.setup.clone()), |setup| {
        setup.as_ref().map(|setup| crate::view::beginning(setup).scene())
    });
    let words = asked.as_ref().and_then(|a| {
        let heard = a.heard.as_ref()?;
        let stopped = !matches!(
            a.phase,
            crate::session::explorer::Phase::Running | crate::session::explorer::Phase::Over
        );
        let found = (*shown).as_ref().map(|history| Found {
            end: history.run(),
            steps: heard.found.as_ref().map_or(0, Vec::len),
            nth: a.nth,
        });
        let scene = (*start).as_ref()?;
        Some(Rc::new(told(&a.question, scene, &heard.progress, found, stopped)))
    });
    let differs = asked.as_ref().and_then(|a| {
        let session = props.session.borrow();
        let steps = if sitting.draft.present { session.history().steps() } else { Vec::new() };
        a.differs(&sitting.draft, session.setup(), &steps)
    });
    let close = ui.show.reform(|_: MouseEvent| Show::Explore(false));
    let earlier =
        sitting.asked.iter().rev().filter(|a| Some(a.id) != sitting.shown).cloned().collect::<Vec<_>>();
    html! {
        <main class="stage explore">
            <section class="ask" aria-labelledby="explore-title" ref={heading}>
                <header class="ask-head">
                    <h2 id="explore-title" tabindex="-1">{ ui.get("explore.title") }</h2>
                    <button class="mini" onclick={close}>{ icon("back") }{ ui.get("explore.close") }</button>
                    <p class="quiet">{ ui.get("explore.motto") }</p>
                </header>
                <Question desk={props.desk.clone()} session={props.session.clone()} view={props.view.clone()}
                    draft={sitting.draft.clone()} searching={sitting.searching()}
                    beside={sitting.has_room() && differs.is_some()} again={!sitting.asked.is_empty()} />
            </section>
            <section class="answer" aria-label={ui.get("explore.answer")}>
                <Answer desk={props.desk.clone()} asked={asked.clone().map(Rc::new)} health={sitting.health.clone()}
                    history={(*shown).clone()} told={words.clone()} {differs} another={asked.as_ref().is_some_and(|a| sitting.can_find_another(a.id))} />
            </section>
            <section class="search" aria-label={ui.get("explore.search")}>
                if let Some(asked) = &asked { { search::search(&ui, props, asked) } }
                <Before desk={props.desk.clone()} {earlier} />
            </section>
            <Spoken asked={asked.map(Rc::new)} told={words} />
        </main>
    }
}

/// What the list of earlier questions needs.
#[derive(Properties)]
struct BeforeProps {
    desk: Rc<Desk>,
    /// The last one first.
    earlier: Vec<Asked>,
}

impl PartialEq for BeforeProps {
    fn eq(&self, other: &Self) -> bool {
        self.earlier == other.earlier
    }
}

/// What was asked before, each with its answer in a few words. It is made anew when one of them changes, and
/// not whenever a search says how far it has come.
#[component]
fn Before(props: &BeforeProps) -> Html {
    let ui = use_ui();
    if props.earlier.is_empty() {
        return Html::default();
    }
    html! {
        <div class="before">
            <h3 class="label">{ ui.get("explore.before") }</h3>
            <ul>{ for props.earlier.iter().map(|asked| one_before(&ui, &props.desk, asked)) }</ul>
        </div>
    }
}

fn one_before(ui: &Ui, desk: &Rc<Desk>, asked: &Asked) -> Html {
    use crate::view::explore::Answer;
    let history = asked.whole().and_then(|steps| replay(&asked.setup, &steps));
    let found = history.as_ref().zip(asked.heard.as_ref()).map(|(history, heard)| Found {
        end: history.run(),
        steps: heard.found.as_ref().map_or(0, Vec::len),
        nth: asked.nth,
    });
    use crate::session::explorer::Phase;
    let running = asked.phase == Phase::Running;
    let stopped = !running && asked.phase != Phase::Over;
    let scene = crate::view::beginning(&asked.setup).scene();
    let told = asked.heard.as_ref().map(|h| told(&asked.question, &scene, &h.progress, found, stopped));
    let (sign, class) = match told.as_ref().map(|t| t.answer) {
        Some(Answer::Yes) => ("cross", "is-abort"),
        Some(Answer::No) => ("check", "is-holds"),
        Some(Answer::Counted) => ("check", ""),
        _ => ("clock", ""),
    };
    let id = asked.id;
    let go_on = go_on(desk, asked.id);
    let stop = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.change(|sitting| sitting.stop_one(id, now_ms())))
    };
    let desk = desk.clone();
    let show = Callback::from(move |_: MouseEvent| desk.change(|sitting| sitting.shown = Some(id)));
    let again = asked.at_limit() || asked.phase == Phase::Stopped;
    html! {
        <li class="asked" key={id}>
            <span class={class}>{ icon(sign) }</span>
            <b class="first-up">{ ui.say(&crate::view::explore::asked(&asked.question, &scene)) }</b>
            <span class="why">
                { match (&asked.trouble, &told) {
                    (Some(_), _) => ui.get("explore.trouble"),
                    (None, Some(told)) => ui.say(&told.say),
                    (None, None) => ui.get("explore.died"),
                } }
                <small>{ ui.say(&crate::view::explore::brief(&scene, &asked.question, asked.steps.len())) }</small>
                <button class="link" onclick={show}>{ ui.get("explore.before.show") }</button>
                if running { { " " }<button class="link" onclick={stop}>{ ui.get("explore.stop") }</button> }
                if again { { " " }<button class="link" onclick={go_on}>{ ui.get("explore.go-on") }</button> }
            </span>
        </li>
    }
}

/// Goes on with a search that stopped.
fn go_on(desk: &Rc<Desk>, id: u32) -> Callback<MouseEvent> {
    let desk = desk.clone();
    Callback::from(move |_: MouseEvent| desk.change(|sitting| sitting.go_on(id, crate::ui::desk::now_ms())))
}

/// Opens a run that was found, and the page where it is drawn.
fn open(ui: &Ui, setup: &Setup, steps: Vec<Step>, from: usize) -> Callback<MouseEvent> {
    let (act, show, setup) = (ui.act.clone(), ui.show.clone(), setup.clone());
    Callback::from(move |_: MouseEvent| {
        act.emit(crate::session::Action::Found { setup: setup.clone(), steps: steps.clone(), from });
        show.emit(Show::Explore(false));
    })
}

#[derive(Properties, PartialEq)]
struct SpokenProps {
    asked: Option<Rc<Asked>>,
    told: Option<Rc<Told>>,
}

/// How often it is said how far a search has come, in milliseconds.
const SAID_EVERY_MS: u64 = 6_000;

/// What is spoken: the verdict when it is there, and now and then how far the search has come.
#[component]
fn Spoken(props: &SpokenProps) -> Html {
    use crate::session::explorer::Phase;
    let ui = use_ui();
    let last = use_mut_ref(|| (0u64, AttrValue::default()));
    let running = props.asked.as_ref().is_some_and(|a| a.phase == Phase::Running);
    let verdict = match (&props.asked, &props.told) {
        (Some(asked), _) if asked.trouble.is_some() => ui.get("explore.trouble"),
        (Some(asked), _) if asked.phase == Phase::Died => ui.get("explore.died"),
        (Some(asked), Some(told)) if !running || asked.heard.as_ref().is_some_and(|h| h.found.is_some()) => {
            format!("{} {}", ui.say(&told.short), ui.say(&told.say)).into()
        }
        _ => AttrValue::default(),
    };
    let far = match &props.asked {
        Some(asked) if running => {
            let now = asked.took_ms / SAID_EVERY_MS;
            let mut last = last.borrow_mut();
            if now != last.0 {
                *last = (now, props.told.as_ref().map(|told| ui.say(&told.say)).unwrap_or_default());
            }
            last.1.clone()
        }
        _ => AttrValue::default(),
    };
    html! {
        <>
            <p class="sr" role="status" id="explore-verdict">{ verdict }</p>
            <p class="sr" aria-live="polite">{ far }</p>
        </>
    }
}
