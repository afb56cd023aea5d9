//! What to ask, from where, and with what going wrong.

use super::bounds::{bounds, faults};
use super::own::{first_condition, own};
use crate::session::Session;
use crate::session::explorer::{Draft, Health};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::components::icon::icon;
use crate::ui::context::{Ui, use_ui};
use crate::ui::desk::{Desk, now_ms};
use crate::view::View;
use crate::view::explore::{Preset, usual};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Changes what the reader is about to ask.
pub type Edit = Rc<dyn Fn(&dyn Fn(&mut Draft))>;

/// What the left side needs.
#[derive(Properties)]
pub struct QuestionProps {
    /// What the reader asked, and who answers.
    pub desk: Rc<Desk>,
    /// The session, whose world is searched.
    pub session: Rc<RefCell<Session>>,
    /// The present moment.
    pub view: Rc<View>,
    /// What the reader is about to ask.
    pub draft: Draft,
    /// Whether a search is going on.
    pub searching: bool,
    /// Whether another question can be asked beside it.
    pub beside: bool,
    /// Whether something was asked before.
    pub again: bool,
}

impl PartialEq for QuestionProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view
            && self.draft == other.draft
            && self.searching == other.searching
            && self.beside == other.beside
            && self.again == other.again
    }
}

/// The left side: the question, its bounds, and the button.
#[component]
pub fn Question(props: &QuestionProps) -> Html {
    let ui = &use_ui();
    let draft = &props.draft;
    let scene = &props.view.scene;
    let edit: Edit = {
        let desk = props.desk.clone();
        Rc::new(move |change| desk.change(|sitting| change(&mut sitting.draft)))
    };
    let pick = |preset: Preset| {
        let edit = edit.clone();
        let first = first_condition(scene);
        let choose = move |_: Event| {
            edit(&|draft: &mut Draft| {
                draft.preset = preset;
                if preset == Preset::Own && draft.own.is_empty() {
                    draft.own.push(first.clone());
                }
            });
        };
        let key = format!("explore.ask.{}", preset.key());
        let on = draft.preset == preset;
        html! {
            <label class={classes!("radio", "card-radio", on.then_some("on"))} key={preset.key()}>
                <input type="radio" name="explore-ask" value={preset.key()} checked={on} onchange={choose} />
                <span class="what">{ ui.get(&key) }</span>
                <span class="why">{ ui.get(&format!("{key}.why")) }</span>
            </label>
        }
    };
    let offered =
        |often: bool| Preset::ALL.into_iter().filter(move |p| p.offered(scene) && p.often() == often);
    {
        // In another world another question may be the first.
        let fits = draft.preset.offered(scene);
        let first = Preset::ALL.into_iter().find(|p| p.offered(scene)).filter(|_| !fits);
        let (edit, budget) = (edit.clone(), usual(scene));
        use_effect_with(first, move |first| {
            if let Some(preset) = *first {
                edit(&move |draft: &mut Draft| (draft.preset, draft.budget) = (preset, budget));
            }
        });
    }
    let ready = draft.question().is_some();
    let searching = props.searching;
    let start = {
        let (desk, session) = (props.desk.clone(), props.session.clone());
        Callback::from(move |_: MouseEvent| {
            if matches!(desk.sitting().health, Health::Died { .. }) {
                desk.retry();
            }
            let session = session.borrow();
            desk.change(|sitting| sitting.ask(session.setup(), &session.history().steps(), now_ms()));
            if browser::is_narrow() {
                browser::reveal(".explore > .answer", "h1");
            }
        })
    };
    let stop = {
        let desk = props.desk.clone();
        Callback::from(move |_: MouseEvent| desk.change(|sitting| sitting.stop(now_ms())))
    };
    html! {
        <>
            <div class="ask-body">
            <fieldset class="asks">
                <legend class="label">{ ui.get("explore.is-there") }</legend>
                { for offered(true).map(pick) }
                <details class="more-asks" open={!draft.preset.often()}>
                    <summary>{ ui.get("explore.more-asks") }</summary>
                    { for offered(false).map(pick) }
                </details>
            </fieldset>
            if draft.preset == Preset::Own { { own(ui, scene, draft, &edit) } }
            { from(ui, props, draft, &edit) }
            { faults(ui, scene, draft, &edit) }
            { bounds(ui, scene, draft, &edit) }
            </div>
            <div class="ask-go">
                if searching {
                    <button class="btn main" onclick={stop} id="explore-stop">{ icon("pause") }{ ui.get("explore.stop") }</button>
                    if props.beside && ready {
                        <button class="btn" onclick={start} id="explore-beside">{ icon("search") }{ ui.get("explore.beside") }</button>
                    }
                } else {
                    <button class="btn main" onclick={start} disabled={!ready} id="explore-start">
                        { icon("search") }{ ui.get(if props.again { "explore.again" } else { "explore.start" }) }
                    </button>
                }
                if let Some(found) = &draft.bad_depth {
                    <p class="note" role="alert">{ ui.say(&Text::new("explore.depth.bad").word("found", found.clone())) }</p>
                } else if !ready {
                    <p class="note">{ ui.get("explore.own.empty") }</p>
                }
            </div>
        </>
    }
}

/// Where to start.
fn from(ui: &Ui, props: &QuestionProps, draft: &Draft, edit: &Edit) -> Html {
    let moment = props.view.moment;
    let button = |label: AttrValue, present: bool| {
        let edit = edit.clone();
        let choose = move |_: MouseEvent| edit(&move |draft: &mut Draft| draft.present = present);
        let disabled = present && moment == 0;
        let on = (draft.present && moment > 0) == present;
        html! { <button class="fig-tool" aria-pressed={on.to_string()} {disabled} onclick={choose}>{ label }</button> }
    };
    let present = ui.say(&Text::new("explore.from.present").number("n", i64::from(moment)));
    html! {
        <div class="from">
            <span class="label" id="explore-from">{ ui.get("explore.from") }</span>
            <span class="seg" role="group" aria-labelledby="explore-from">
                { button(ui.get("explore.from.beginning"), false) }
                { button(present, true) }
            </span>
        </div>
    }
}
