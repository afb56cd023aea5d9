//! The answer: a sentence, everything that it assumes, and the run that was found.

use super::open;
use crate::explore::{Cond, Trouble};
use crate::link;
use crate::run::History;
use crate::session::explorer::{Asked, Differs, Health, Phase};
use crate::sim::Scene;
use crate::text::Text;
use crate::ui::browser;
use crate::ui::components::compare::PlainHeads;
use crate::ui::components::diagram::{Diagram, Heads};
use crate::ui::components::figure::{diagram_texts, template};
use crate::ui::components::icon::icon;
use crate::ui::components::node_card::{badge, badge_words};
use crate::ui::components::share::Copyable;
use crate::ui::context::{Ui, use_ui};
use crate::ui::desk::{Desk, now_ms};
use crate::view::Plot;
use crate::view::cards::cards;
use crate::view::explore::{Answer as Kind, Told, given, grouped, trouble, under, way_out};
use crate::view::story::story;
use crate::view::words::Words;
use std::rc::Rc;
use yew::prelude::*;

/// What the answer needs.
#[derive(Properties)]
pub struct AnswerProps {
    /// What the reader asked, and who answers.
    pub desk: Rc<Desk>,
    /// The question that is shown.
    pub asked: Option<Rc<Asked>>,
    /// How the worker is.
    pub health: Health,
    /// The run that was found, replayed.
    pub history: Option<Rc<History>>,
    /// The answer in words.
    pub told: Option<Rc<Told>>,
    /// Whether it is something else that would be asked now.
    pub differs: Option<Differs>,
    /// Whether another run can be looked for.
    pub another: bool,
}

impl PartialEq for AnswerProps {
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked
            && self.health == other.health
            && self.told == other.told
            && self.differs == other.differs
            && self.another == other.another
            && same(&self.history, &other.history)
    }
}

fn same(a: &Option<Rc<History>>, b: &Option<Rc<History>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Rc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

/// The answer.
#[component]
pub fn Answer(props: &AnswerProps) -> Html {
    let ui = use_ui();
    let shares = use_state_eq(|| false);
    {
        // The link of another run is another link.
        let shares = shares.setter();
        use_effect_with(props.asked.as_ref().map(|a| (a.id, a.nth)), move |_| shares.set(false));
    }
    // The world and what is assumed stay the same while a search goes on.
    let basis = use_memo(
        props.asked.as_ref().map(|a| (a.setup.clone(), a.question.clone(), a.steps.len())),
        |basis| {
            let (setup, question, moment) = basis.as_ref()?;
            let start = crate::view::beginning(setup).scene();
            let assumed = given(setup, &start, question, *moment);
            Some((start, assumed))
        },
    );
    {
        // On a phone the answer is below: it comes into sight when it is there.
        let over = props.asked.as_ref().filter(|a| a.phase == Phase::Over).map(|a| (a.id, a.nth));
        use_effect_with(over, |over| {
            if over.is_some() && browser::is_narrow() {
                browser::reveal(".explore > .answer", "h1");
            }
        });
    }
    let (Some(asked), Some((start, assumed))) = (&props.asked, &*basis) else {
        return html! {
            <>
                { dead(&ui, props) }
                <h1 class="say">{ ui.get("explore.idle") }</h1>
                <p class="aside">{ ui.get("explore.idle.why") }</p>
            </>
        };
    };
    if let Some(why) = &asked.trouble {
        let (desk, id) = (props.desk.clone(), asked.id);
        let plainly = Callback::from(move |_: MouseEvent| desk.change(|s| s.without_symmetry(id, now_ms())));
        return html! {
            <div role="alert">
                <p class="where verdict is-abort">{ icon("no") }<span>{ ui.get("explore.trouble") }</span></p>
                <h1 class="say">{ ui.rich(&trouble(why, start)) }</h1>
                if matches!(why, Trouble::Symmetry { .. }) {
                    <div class="acts"><button class="btn" onclick={plainly}>{ ui.get("explore.without-symmetry") }</button></div>
                }
            </div>
        };
    }
    let Some(told) = &props.told else {
        let waiting = asked.phase != Phase::Died;
        return html! {
            <>
                { dead(&ui, props) }
                if waiting { <h1 class="say">{ ui.get(if props.health == Health::Ready { "explore.short.running" } else { "explore.loading" }) }</h1> }
                if waiting { { assumptions(&ui, assumed, None) } }
            </>
        };
    };
    let (sign, class) = match told.answer {
        // A run in which all is well is no bad news, and what nodes are like may be either.
        Kind::Yes if only(asked, |c| matches!(c, Cond::All(_))) => ("check", "is-holds"),
        Kind::Yes if only(asked, |c| matches!(c, Cond::All(_) | Cond::Node(..) | Cond::Not(..))) => {
            ("check", "")
        }
        Kind::Yes => ("cross", "is-abort"),
        Kind::No => ("check", "is-holds"),
        Kind::Counted => ("check", ""),
        Kind::Open | Kind::Unknown => ("clock", "is-doubt"),
    };
    html! {
        <>
            { dead(&ui, props) }
            if let Some(differs) = props.differs { { past(&ui, differs) } }
            { question(&ui, asked, start) }
            <p class={classes!("where", "verdict", class)}>{ icon(sign) }<span>{ ui.say(&told.short) }</span></p>
            <h1 class="say">{ ui.rich(&told.say) }</h1>
            if let Some(stands) = &told.stands { <p class="stands">{ ui.rich(stands) }</p> }
            if let Some(heard) = asked.heard.as_ref().filter(|h| !h.way_out.is_empty()) {
                <p class="aside">{ for way_out(&heard.way_out, start).iter().map(|text| html! { <>{ ui.rich(text) }{ " " }</> }) }</p>
            }
            { acts(&ui, props, asked, &shares) }
            { assumptions(&ui, assumed, props.history.is_some().then(|| under(start, &asked.question))) }
            if let Some(history) = &props.history {
                <FoundFigure history={history.clone()} from={asked.steps.len()} />
            }
        </>
    }
}

/// What was asked: the choices at the side may be another question by now.
fn question(ui: &Ui, asked: &Asked, start: &Scene) -> Html {
    let what = ui.say(&crate::view::explore::asked(&asked.question, start));
    let lead = if asked.question.goal.is_empty() { AttrValue::default() } else { ui.get("explore.is-there") };
    html! { <p class="asked-what quiet">{ lead }{ " " }{ what }</p> }
}

/// That the answer is to a question of before.
fn past(ui: &Ui, differs: Differs) -> Html {
    let key = match differs {
        Differs::World => "explore.differs.world",
        Differs::Choices => "explore.differs.choices",
    };
    html! { <p class="note differs">{ icon("clock") }<span>{ ui.get(key) }</span></p> }
}

/// Whether what was asked about is nothing else.
fn only(asked: &Asked, what: fn(&Cond) -> bool) -> bool {
    asked.question.goal.iter().all(what)
}

/// What to do with the answer.
fn acts(ui: &Ui, props: &AnswerProps, asked: &Rc<Asked>, shares: &UseStateHandle<bool>) -> Html {
    let id = asked.id;
    let desk = |act: fn(&mut crate::session::explorer::Sitting, u32, u64)| {
        let desk = props.desk.clone();
        Callback::from(move |_: MouseEvent| desk.change(|sitting| act(sitting, id, now_ms())))
    };
    let on = desk(|sitting, id, now| sitting.go_on(id, now));
    let raise = asked.at_limit().then(|| {
        let limits = asked.raised();
        Text::new("explore.raise")
            .word("worlds", grouped(limits.worlds.into()))
            .word("mb", grouped(limits.bytes >> 20))
    });
    let whole = props.history.is_some().then(|| asked.whole()).flatten();
    let Some(whole) = whole else {
        return html! {
            if let Some(raise) = raise {
                <div class="acts"><button class="btn" onclick={on}>{ icon("right") }{ ui.say(&raise) }</button></div>
            } else if asked.phase == Phase::Stopped {
                <div class="acts"><button class="btn" onclick={on}>{ icon("right") }{ ui.get("explore.go-on") }</button></div>
            }
        };
    };
    let toggle = {
        let shares = shares.clone();
        Callback::from(move |_: MouseEvent| shares.set(!*shares))
    };
    let address = browser::address(&link::encode_steps(&asked.setup, &whole));
    html! {
        <>
            <div class="acts">
                <button class="btn main" id="explore-open" onclick={open(ui, &asked.setup, whole, asked.steps.len())}>
                    { ui.get("explore.open") }{ icon("right") }
                </button>
                if props.another {
                    <button class="btn" onclick={desk(|sitting, id, now| sitting.another(id, now))}>{ ui.get("explore.find-another") }</button>
                }
                <button class="btn plain" aria-expanded={shares.to_string()} onclick={toggle}>{ icon("share") }{ ui.get("explore.share") }</button>
            </div>
            if **shares {
                <div class="share-found">
                    <label for="explore-address" class="label">{ ui.get("explore.share.label") }</label>
                    <Copyable id="explore-address" text={address} />
                </div>
            }
        </>
    }
}

/// That the worker is no more, and another try.
fn dead(ui: &Ui, props: &AnswerProps) -> Html {
    let Health::Died { unborn, why } = &props.health else { return Html::default() };
    let desk = props.desk.clone();
    let retry = Callback::from(move |_: MouseEvent| desk.retry());
    html! {
        <div class="notice error" role="alert">
            <p>{ ui.get(match (unborn, props.asked.as_ref().is_some_and(|a| a.phase == Phase::Over)) {
                (true, _) => "explore.died.load",
                (false, true) => "explore.died.idle",
                (false, false) => "explore.died",
            }) }</p>
            if !why.is_empty() { <p class="code raw">{ why }</p> }
            <button class="link" onclick={retry}>{ ui.get("explore.retry") }</button>
        </div>
    }
}

/// Everything that was assumed: all of it where the answer speaks of every world. Beside a run, which shows by itself
/// what it needs, a line that opens.
fn assumptions(ui: &Ui, all: &[Text], folded: Option<Text>) -> Html {
    let list = html! { <ul>{ for all.iter().map(|text| html! { <li>{ ui.rich(text) }</li> }) }</ul> };
    match folded {
        Some(brief) => html! {
            <details class="given">
                <summary><h2 class="label">{ ui.get("explore.given") }</h2>{ " " }{ ui.say(&brief) }</summary>
                { list }
            </details>
        },
        None => html! { <div class="given"><h2 class="label">{ ui.get("explore.given") }</h2>{ list }</div> },
    }
}

#[derive(Properties)]
struct FoundProps {
    history: Rc<History>,
    /// How many steps led to where the search started.
    from: usize,
}

impl PartialEq for FoundProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.history, &other.history) && self.from == other.from
    }
}

/// The run as a figure that one can read, and not act on.
#[component]
fn FoundFigure(props: &FoundProps) -> Html {
    let ui = use_ui();
    let history = &props.history;
    let plot = use_memo(props.history.at(), |at| Rc::new(Plot::at(&props.history, *at)));
    let run = history.run();
    let scene = run.now().scene.clone();
    let texts = diagram_texts(
        &ui,
        &scene,
        String::new(),
        ui.get("explore.figure").to_string(),
        ui.say(&story(run, None, false).stands).to_string(),
    );
    let sentence = {
        let (ui, scene) = (ui.clone(), scene.clone());
        use_callback((), move |event: Rc<crate::run::Event>, ()| {
            AttrValue::from(ui.event(&Words::new(&scene), &event))
        })
    };
    let all = Rc::new(cards(run));
    let columns = plot.columns.clone();
    let heads = {
        let ui = ui.clone();
        Callback::from(move |heads: Heads| {
            let card = |column: &crate::view::Column| {
                let card = &all[column.node.index()];
                html! { <div class="plain-head"><b>{ card.name.clone() }</b>{ badge_words(&ui, card, &badge(card)) }</div> }
            };
            html! {
                <PlainHeads template={template(&columns, heads)}>
                    <span></span>{ for columns.iter().map(card) }
                </PlainHeads>
            }
        })
    };
    html! {
        <section class="found" aria-label={ui.get("explore.figure")}>
            <Diagram plot={(*plot).clone()} meta={scene.meta} texts={Rc::new(texts)} {sentence}
                on_select={Callback::noop()} on_message={Callback::noop()} {heads} shared={props.from as u32} id="found" still={true} />
        </section>
    }
}
