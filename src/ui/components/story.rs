//! The sentence that says how things stand, and what has just happened.

use crate::text::Text;
use crate::ui::context::{Ui, use_ui};
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
    let last = use_mut_ref(Last::default);
    let fresh = last.borrow().view.as_ref() != Some(view);
    if fresh && (!props.playing || view.story.weighs) {
        *spoken.borrow_mut() = last.borrow_mut().said(&ui, view, props.playing);
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

/// What was said last.
#[derive(Default)]
struct Last {
    view: Option<Rc<View>>,
    stands: String,
}

impl Last {
    /// One sentence: what just happened, or where one has gone to. How things stand follows if it is new.
    fn said(&mut self, ui: &Ui, view: &Rc<View>, playing: bool) -> String {
        let stands = ui.say(&view.story.stands).to_string();
        let before = self.view.replace(view.clone()).map_or(0, |v| v.moment);
        let news = std::mem::replace(&mut self.stands, stands.clone()) != stands;
        let first = match &view.story.just {
            Some(just) if playing || view.moment == before + 1 => ui.say(just),
            _ if view.moment == 0 => return stands,
            _ => ui.say(&Text::new("story.at").number("n", view.moment)),
        };
        match news {
            true => format!("{first} {stands}"),
            false => first.to_string(),
        }
    }
}
