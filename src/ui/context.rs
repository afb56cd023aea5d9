//! What every component may use: the language, and ways to ask for things.

use super::prefs::Prefs;
use crate::i18n::{Lang, Span, plain, spans};
use crate::session::Action;
use crate::text::Text;
use crate::view::words::Words;
use std::rc::Rc;
use yew::prelude::*;

/// What lies over the page, or beside the diagram.
#[derive(Clone, PartialEq, Debug)]
pub enum Show {
    /// Nothing over the page.
    Nothing,
    /// Parameters and rules.
    Settings,
    /// The address, and a script to take away or to open.
    Share,
    /// Keys and what things mean.
    Help,
    /// A crash in the middle of a step of this node, or of this step.
    Scissors(crate::protocol::NodeId, Option<crate::sim::Step>),
    /// Everything that can be done, by name.
    Palette(super::components::palette::Scope),
    /// Two moments side by side.
    Compare(crate::run::Place, crate::run::Place),
    /// The explorer in place of the run, or the run again. Other things may lie over it.
    Explore(bool),
    /// Every strategy side by side in place of the run; [`Show::Explore`] leads back.
    Matrix,
    /// Three runs that look the same to whoever asked, in place of the run; [`Show::Explore`] leads back.
    Silences,
    /// How often it succeeds where exchanges fail at random, in place of the run; [`Show::Explore`] leads back.
    Odds,
}

/// What stands in place of the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Instead {
    /// The explorer.
    Explorer,
    /// Every strategy side by side.
    Matrix,
    /// Three runs that look the same.
    Silences,
    /// How often it succeeds.
    Odds,
}

/// What can be done with the diagram as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FigureCmd {
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// All of it in sight, or its own size if it is.
    Fit,
    /// The other way for time.
    Turn,
    /// Dim what did not happen before the selection, or stop that.
    Past,
    /// To the other end of the selection's message.
    Follow,
}

/// A wish for the diagram. Each is a new one, even if it is the same as the last; and two that come before the
/// page is rendered once are two, so a new one takes over what the last one still holds.
#[derive(Clone, Debug)]
pub struct FigureWish(std::rc::Rc<std::cell::RefCell<Vec<FigureCmd>>>);

impl FigureWish {
    /// A wish after another, which may not have been heard yet.
    pub fn after(last: Option<&FigureWish>, cmd: FigureCmd) -> FigureWish {
        let mut all = last.map(FigureWish::take).unwrap_or_default();
        all.push(cmd);
        FigureWish(std::rc::Rc::new(all.into()))
    }

    /// What is wished, once.
    pub fn take(&self) -> Vec<FigureCmd> {
        std::mem::take(&mut *self.0.borrow_mut())
    }
}

impl PartialEq for FigureWish {
    fn eq(&self, other: &FigureWish) -> bool {
        std::rc::Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What every component may use.
#[derive(Clone, PartialEq)]
pub struct Ui {
    /// The language.
    pub lang: Lang,
    /// Asks the session for something.
    pub act: Callback<Action>,
    /// Opens or closes what lies over the page.
    pub show: Callback<Show>,
    /// What the reader prefers.
    pub prefs: Rc<Prefs>,
    /// Changes what the reader prefers, at once and for the next visit.
    pub set_prefs: Callback<Prefs>,
}

impl Ui {
    /// A text, filled and without marks: for labels and attributes.
    pub fn say(&self, text: &Text) -> AttrValue {
        plain(&self.lang.say(text)).into()
    }

    /// The text of a key without arguments.
    pub fn get(&self, key: &str) -> AttrValue {
        self.lang.get(key).into()
    }

    /// A text with its marks as elements.
    pub fn rich(&self, text: &Text) -> Html {
        spans(&self.lang.say(text))
            .into_iter()
            .map(|span| match span {
                Span::Plain(s) => html! { {s} },
                Span::Strong(s) => html! { <b>{s}</b> },
                Span::Code(s) => html! { <span class="code">{s}</span> },
            })
            .collect()
    }

    /// The sentence of an event, for labels.
    pub fn event(&self, words: &Words, event: &crate::run::Event) -> String {
        plain(&self.lang.say(&words.event(event)))
    }
}

/// The context of the component that is being rendered. There always is one below the application.
#[hook]
pub fn use_ui() -> Ui {
    use_context::<Ui>().expect("the application provides it")
}
