//! A crash in the middle of a step: choose what it handles, and where it dies.

use super::icon::icon;
use crate::protocol::NodeId;
use crate::session::{Action, Session};
use crate::sim::{Act, Life, Refusal, Step, Tail};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Show, use_ui};
use crate::view::View;
use crate::view::scissors::{Cut, Scissors, check_cut, scissors, tearable};
use crate::view::words::Words;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Who is to crash.
#[derive(Properties)]
pub struct ScissorsProps {
    /// The session, to try cuts on copies of its run.
    pub session: Rc<RefCell<Session>>,
    /// The present moment.
    pub view: Rc<View>,
    /// Who is to crash.
    pub node: NodeId,
    /// In the middle of what; `None` leaves the choice.
    pub step: Option<Step>,
    /// Shows in pencil what a cut would do.
    pub on_preview: Callback<Option<Step>>,
}

impl PartialEq for ScissorsProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view && self.node == other.node && self.step == other.step
    }
}

/// What is chosen in the panel.
#[derive(Clone, PartialEq)]
struct Chosen {
    step: Option<Step>,
    after: u8,
    tail: Tail,
}

/// A crash in the middle of a step. It takes the place of the choices and never covers a node.
#[component]
pub fn ScissorsPanel(props: &ScissorsProps) -> Html {
    let ui = use_ui();
    let steps = tearable(props.session.borrow().run(), props.node);
    // What was asked for, or nothing: another step is not what the reader meant.
    let first = match props.step {
        Some(step) => Some(step).filter(|s| steps.contains(s)),
        None => steps.first().copied(),
    };
    let chosen = use_state_eq(|| Chosen { step: first, after: 1, tail: Tail::Lost });
    let panel = use_node_ref();
    {
        // Another node or step, or another moment: begin again.
        let chosen = chosen.clone();
        let panel = panel.clone();
        use_effect_with((props.node, props.step, props.view.clone()), move |_| {
            chosen.set(Chosen { step: first, after: 1, tail: Tail::Lost });
            // The cut is what one came for; the arrows move it at once.
            browser::focus_first(&panel, "input:checked, .btn.main");
        });
    }
    {
        // Crashed by other means while it is open: there is nothing left to cut.
        let show = ui.show.clone();
        let last = use_mut_ref(|| None);
        let now = (props.node, props.view.scene.node(props.node).life == Life::Down);
        use_effect_with(now, move |now| {
            if last.replace(Some(*now)) == Some((now.0, false)) && now.1 {
                show.emit(Show::Nothing);
            }
        });
    }
    let step = chosen.step.filter(|s| steps.contains(s)).or(first);
    let cuts = step.and_then(|s| scissors(props.session.borrow().run(), &s, chosen.tail).ok());
    let after = cuts.as_ref().map_or(0, |c| chosen.after.min(c.cuts.len() as u8 - 1));
    let torn = step.map(|s| s.torn(after, chosen.tail));
    {
        let on_preview = props.on_preview.clone();
        use_effect_with(torn, move |torn| {
            on_preview.emit(*torn);
            move || on_preview.emit(None)
        });
    }
    let name = props.view.scene.name(props.node).to_string();
    let close = {
        let show = ui.show.clone();
        Callback::from(move |_: MouseEvent| show.emit(Show::Nothing))
    };
    let crash = |step: Step| {
        let (act, show) = (ui.act.clone(), ui.show.clone());
        Callback::from(move |_: MouseEvent| {
            show.emit(Show::Nothing);
            act.emit(Action::Do(step));
        })
    };
    // Enter on a cut is the button below it.
    let on_enter = torn.map(|torn| {
        let (act, show) = (ui.act.clone(), ui.show.clone());
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == "Enter" && browser::is_radio(&e) {
                show.emit(Show::Nothing);
                act.emit(Action::Do(torn));
            }
        })
    });
    let pick_step = {
        let (chosen, steps) = (chosen.clone(), steps.clone());
        Callback::from(move |e: Event| {
            let step = steps.get(browser::selected_of(&e)).copied();
            chosen.set(Chosen { step, after: 1, ..(*chosen).clone() });
        })
    };
    let set_after = {
        let chosen = chosen.clone();
        Callback::from(move |after: u8| chosen.set(Chosen { after, ..(*chosen).clone() }))
    };
    let set_tail = |tail: Tail| {
        let chosen = chosen.clone();
        Callback::from(move |_: Event| chosen.set(Chosen { tail, ..(*chosen).clone() }))
    };
    let words = Words::new(&props.view.scene);
    // Why the step that was asked for cannot be cut, and why the node cannot crash where it stands.
    let refused = {
        let session = props.session.borrow();
        let refused = |refusal: Result<(), Refusal>| refusal.err().map(|r| words.refusal(&r));
        let cut = props.step.filter(|_| step.is_none()).map(|s| check_cut(session.run(), &s));
        let now = session.run().machine().check(&Act::Crash(props.node, chosen.tail).into());
        (cut.and_then(&refused), refused(now))
    };
    let unforced = cuts.as_ref().is_some_and(|c| c.cuts.iter().any(|cut| !cut.unforced.is_empty()));
    let pending = props.view.scene.node(props.node).log.iter().any(|s| !s.durable);
    let title = ui.say(&Text::new("scissors.title").word("node", name.clone()));
    html! {
        <section class="scissors" aria-labelledby="scissors-title" ref={panel} onkeydown={on_enter}>
            <header>
                <h2 id="scissors-title">{ title }</h2>
                <button class="pick square" aria-label={ui.get("scissors.cancel")} onclick={close.clone()}>{ icon("cross") }</button>
            </header>
            if let Some(cuts) = &cuts {
                <label class="field">{ ui.get("scissors.which") }
                    <select onchange={pick_step}>
                        { for steps.iter().map(|s| html! {
                            <option selected={Some(*s) == step}>{ ui.say(&words.title(s)) }</option>
                        }) }
                    </select>
                </label>
                <p class="aside cuts-intro">{ ui.get("scissors.intro") }</p>
                { places(&ui, cuts, after, &name, set_after) }
            } else if let Some(why) = &refused.0 {
                <p class="aside">{ ui.rich(&Text::new("inspect.impossible").text("why", why.clone())) }</p>
            } else {
                <p class="aside">{ ui.say(&Text::new("scissors.nothing").word("node", name.clone())) }</p>
            }
            if unforced || pending {
                <fieldset class="tail">
                    <legend>{ ui.get("scissors.tail") }</legend>
                    <label><input type="radio" name="tail" checked={chosen.tail == Tail::Lost} onchange={set_tail(Tail::Lost)} />
                        { ui.get("scissors.tail-lost") }</label>
                    <label><input type="radio" name="tail" checked={chosen.tail == Tail::Kept} onchange={set_tail(Tail::Kept)} />
                        { ui.get("scissors.tail-kept") }</label>
                </fieldset>
            }
            <div class="scissors-acts">
                if let Some(torn) = torn {
                    <button class="btn main" onclick={crash(torn)}>
                        { icon("scissors") }{ ui.say(&Text::new("scissors.go").word("node", name.clone())) }
                    </button>
                }
                if let Some(why) = &refused.1 {
                    <button class="btn" aria-disabled="true">
                        { ui.say(&Text::new("scissors.now").word("node", name.clone())) }
                        <small>{ ui.say(why) }</small>
                    </button>
                } else {
                    <button class={classes!("btn", torn.is_none().then_some("main"))}
                        onclick={crash(Act::Crash(props.node, chosen.tail).into())}>
                        { ui.say(&Text::new("scissors.now").word("node", name.clone())) }
                    </button>
                }
                <button class="btn plain" onclick={close}>{ ui.get("scissors.cancel") }</button>
            </div>
        </section>
    }
}

/// What was in memory only.
fn gone(ui: &crate::ui::context::Ui, cut: &Cut) -> Html {
    if cut.lost.is_empty() {
        return Html::default();
    }
    let what: Vec<_> = cut.lost.iter().map(|t| ui.say(t).to_string()).collect();
    html! { <small class="gone">{ ui.say(&Text::new("scissors.gone").words("what", what)) }</small> }
}

/// The effects in order, with the places to cut between them.
fn places(ui: &crate::ui::context::Ui, cuts: &Scissors, after: u8, name: &str, set: Callback<u8>) -> Html {
    let place = |cut: &Cut| {
        let here = cut.after == after;
        let set = set.clone();
        let at = cut.after;
        let label = match here {
            true => Text::new("scissors.here").word("node", name).text("outcome", cut.outcome.clone()),
            false => cut.outcome.clone(),
        };
        let dead = cut.after >= after;
        let effect = cut.then.as_ref().map(|text| {
            let leaves = match dead {
                true => ui.get("scissors.never"),
                false => ui.get(&format!("scissors.leaves.{}", cut.leaves.unwrap_or("seen"))),
            };
            html! {
                <div class={classes!("effect", dead.then_some("never"))}>
                    <span class="num">{ cut.after + 1 }</span>
                    <span class="what">{ ui.rich(text) }</span>
                    <span class="quiet">{ leaves }</span>
                </div>
            }
        });
        html! {
            <>
                <label class={classes!("cut", here.then_some("here"))}>
                    <input type="radio" name="cut" checked={here} onchange={Callback::from(move |_: Event| set.emit(at))} />
                    { icon(if here { "scissors" } else { "dash" }) }
                    <span>{ ui.rich(&label) }{ for here.then(|| gone(ui, cut)) }</span>
                </label>
                { effect }
            </>
        }
    };
    html! {
        <fieldset class="cuts"><legend class="sr">{ ui.get("scissors.keys") }</legend>
            { for cuts.cuts.iter().map(place) }
        </fieldset>
    }
}
