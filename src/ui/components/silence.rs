//! Three runs that look the same to whoever asked, side by side.

use super::compare::still;
use super::icon::icon;
use super::node_card::{badge, badge_words, log};
use crate::protocols;
use crate::session::Action;
use crate::sim::{Life, Setup};
use crate::text::Text;
use crate::ui::browser;
use crate::ui::context::{Show, Ui, use_ui};
use crate::view::View;
use crate::view::cards::Card;
use crate::view::matrix::{STRATEGY, strategies};
use crate::view::silence::{After, Silence, silences};
use std::rc::Rc;
use yew::prelude::*;

/// What the page needs.
#[derive(Properties, PartialEq)]
pub struct SilencesProps {
    /// The present moment, whose world it is about.
    pub view: Rc<View>,
}

/// The three runs.
#[component]
pub fn Silences(props: &SilencesProps) -> Html {
    let ui = use_ui();
    let leaf = use_node_ref();
    {
        let leaf = leaf.clone();
        use_effect_with((), move |()| browser::focus_first(&leaf, "h1"));
    }
    // Another strategy can be tried here without touching the run.
    let setup = use_state_eq(|| (*props.view.scene.setup).clone());
    let all = use_memo(setup.clone(), |setup| silences(setup));
    let close = ui.show.reform(|_: MouseEvent| Show::Explore(false));
    let who = all.first().map(|s| s.cards[s.asker.index()].name.clone()).unwrap_or_default();
    html! {
        <main class="stage matrix silences">
            <div class="leaf" ref={leaf}>
                <header>
                    <h1 id="silence-title" tabindex="-1">{ ui.get("silence.title") }</h1>
                    <button class="mini" onclick={close}>{ icon("back") }{ ui.get("explore.close") }</button>
                </header>
                <p>{ ui.rich(&Text::new("silence.about").word("who", who.clone())) }</p>
                { choose(&ui, &setup) }
                <div class="three">{ for all.iter().map(|s| one(&ui, s)) }</div>
                <div class="scroll" tabindex="0" role="region" aria-label={ui.get("silence.table")}>{ table(&ui, &all, &who) }</div>
            </div>
        </main>
    }
}

/// Another strategy, where there are several.
fn choose(ui: &Ui, setup: &UseStateHandle<Setup>) -> Html {
    let meta = (protocols::find(setup.protocol).expect("it is being shown").meta)();
    let (Some(words), Some((at, _))) = (strategies(meta), meta.param(STRATEGY)) else {
        return Html::default();
    };
    let now = setup.params.get(at);
    let setup = setup.clone();
    let change = Callback::from(move |e: Event| {
        let mut other = (*setup).clone();
        other.params.set(meta.params, at, browser::selected_of(&e) as u16);
        setup.set(other);
    });
    let name = |word: &str| ui.get(&format!("{}.param.{STRATEGY}.{word}", meta.id));
    html! {
        <label class="strategy">
            <span>{ ui.get("matrix.strategy") }</span>
            <select onchange={change}>
                { for words.iter().enumerate().map(|(i, word)| html! { <option selected={i == usize::from(now)}>{ name(word) }</option> }) }
            </select>
        </label>
    }
}

/// One of the three up to the silence, with a button that opens it.
fn one(ui: &Ui, silence: &Silence) -> Html {
    let title = ui.get(&format!("silence.cause.{}", silence.cause));
    let (act, show, setup, steps) =
        (ui.act.clone(), ui.show.clone(), silence.setup.clone(), silence.steps.clone());
    let open = Callback::from(move |_: MouseEvent| {
        act.emit(Action::Found { setup: setup.clone(), steps: steps.clone(), from: 0 });
        show.emit(Show::Explore(false));
    });
    let scene = crate::view::beginning(&silence.setup).scene();
    let about = ui.say(&silence.stands).to_string();
    html! {
        <section class="compare-side" aria-label={title.clone()} key={silence.cause}>
            <h2>{ title.clone() }</h2>
            { still(ui, &scene, &silence.plot, &silence.cards, silence.asked, silence.cause, (title.to_string(), about)) }
            <button class="mini" onclick={open}>{ icon("right") }{ ui.get("silence.open") }</button>
        </section>
    }
}

/// What each of them has, what is true, and what comes of asking again.
fn table(ui: &Ui, all: &[Silence], who: &str) -> Html {
    let Some(first) = all.first() else { return Html::default() };
    let say = |key: &'static str| ui.rich(&Text::new(key).word("who", who));
    let alike = all.iter().all(|s| s.known == first.known);
    let knows = |s: &Silence| {
        let card = &s.cards[s.asker.index()];
        html! { <>{ badge_words(ui, card, &badge(card)) }{ for card.gauges.iter().map(|g| html! { <span class="quiet">{ " " }{ ui.say(&g.name) }{ " " }<b class="num">{ ui.say(&g.value) }</b></span> }) }</> }
    };
    let others =
        |s: &Silence| s.cards.iter().filter(|c| c.node != s.asker).map(|c| writing(ui, c)).collect::<Html>();
    html! {
        <table class="compare-table">
            <thead><tr>
                <td></td>
                { for all.iter().map(|s| html! { <th scope="col">{ ui.get(&format!("silence.cause.{}", s.cause)) }</th> }) }
            </tr></thead>
            <tbody>
                <tr>
                    <th scope="row">{ say("silence.knows") }</th>
                    if alike {
                        <td colspan={all.len().to_string()} class="alike">{ knows(first) }<em class="quiet">{ ui.get("silence.alike") }</em></td>
                    } else {
                        { for all.iter().map(|s| html! { <td>{ knows(s) }</td> }) }
                    }
                </tr>
                <tr><th scope="row">{ ui.get("silence.happened") }</th>{ for all.iter().map(|s| html! { <td>{ times(s.before, "") }</td> }) }</tr>
                <tr><th scope="row">{ ui.get("silence.written") }</th>{ for all.iter().map(|s| html! { <td>{ others(s) }</td> }) }</tr>
                <tr><th scope="row">{ say("silence.again") }</th>{ for all.iter().map(|s| html! { <td>{ outcome(ui, &s.after) }</td> }) }</tr>
            </tbody>
        </table>
    }
}

/// What a node has written down.
fn writing(ui: &Ui, card: &Card) -> Html {
    let down =
        (card.life == Life::Down).then(|| html! { <span class="quiet">{ ui.get("silence.down") }</span> });
    let slips = card
        .log
        .iter()
        .map(|slip| html! { <span class={log::slip_class(slip)}>{ log::record(ui, slip) }</span> });
    let empty = card.log.is_empty().then(|| html! { <span class="quiet">{ ui.get("silence.empty") }</span> });
    html! { <div class="writing"><b>{ &card.name }</b>{ for slips }{ for empty }{ for down }</div> }
}

/// So many marks.
fn times(n: u32, class: &'static str) -> Html {
    let mark = |i: u32| html! { <i class={classes!("once", (i > 0).then_some("again"))}></i> };
    html! { <span class={classes!("tally", "times", class)}><span class="marks" aria-hidden="true">{ for (0..n.min(4)).map(mark) }</span><b class="num">{ n }{ "×" }</b></span> }
}

/// What came of asking again, in the colour of what that means.
fn outcome(ui: &Ui, after: &After) -> Html {
    let class = match (after.times, after.seen) {
        (1, true) => "good",
        (0, false) | (1, false) => "",
        _ => "bad",
    };
    html! { <>{ times(after.times, class) }{ " " }<span class="quiet">{ ui.say(&after.phase) }</span></> }
}
