//! The sentence that says how things stand, and what has just happened.

use crate::text::Text;
use crate::ui::context::use_ui;
use crate::view::View;
use crate::view::story::Tone;
use std::rc::Rc;
use yew::prelude::*;

/// The moment to tell.
#[derive(Properties, PartialEq)]
pub struct StoryProps {
    /// The present moment.
    pub view: Rc<View>,
    /// Whether nothing has ever happened yet.
    pub opening: bool,
    /// Whether the run goes on by itself.
    pub playing: bool,
}

/// A sentence with more signs is set smaller where it would be large.
const LONG: usize = 90;

/// The sentence. It is the page's heading, and a live region says it aloud: once a step, and while the run
/// plays by itself only where something weighs.
#[component]
pub fn StoryPanel(props: &StoryProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    let strip = &view.strip;
    let tone = match view.story.tone {
        Tone::Calm => "calm",
        Tone::Doubt => "doubt",
        Tone::Blocked => "blocked",
        Tone::Broken => "broken",
        Tone::Done => "done",
    };
    let place = if view.moment == 0 {
        html! { <span>{ ui.get("app.not-started") }</span> }
    } else {
        html! { <span class="num">{ ui.say(&Text::new("app.moment").number("n", view.moment)) }</span> }
    };
    let branch = (strip.branches.len() > 1).then(|| {
        let text =
            Text::new("app.branch").number("i", strip.number as i64).number("n", strip.branches.len() as i64);
        html! { <><span aria-hidden="true">{ "·" }</span><span class="num">{ ui.say(&text) }</span></> }
    });
    let just = view.story.just.as_ref().map(|text| {
        html! {
            <p class="just">
                <span class="label">{ ui.get("app.just") }</span>{ " " }{ ui.rich(text) }
            </p>
        }
    });
    let spoken = use_mut_ref(String::new);
    if !props.playing || view.story.weighs {
        let just = view.story.just.iter().map(|text| ui.say(text));
        let all = std::iter::once(ui.say(&view.story.stands)).chain(just);
        *spoken.borrow_mut() = all.collect::<Vec<_>>().join(" ");
    }
    // A wide sign takes the room of two.
    let room: usize = ui.say(&view.story.stands).chars().map(|c| if c < '\u{2e80}' { 1 } else { 2 }).sum();
    html! {
        <>
            <div class={classes!("telling", tone)}>
                <p class="where">{ place }{ branch }</p>
                <h1 tabindex="-1" class={classes!("say", (room > LONG).then_some("long"))}>{ ui.rich(&view.story.stands) }</h1>
                { just }
                <super::tally::Tally view={props.view.clone()} />
            </div>
            <p class="sr" id="spoken" aria-live="polite" aria-atomic="true">{ spoken.borrow().clone() }</p>
        </>
    }
}
