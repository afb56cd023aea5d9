//! What is shown at a moment, and how fast the reader goes from one to the next.

use super::browser;
use crate::session::{Action, By, Notice, Session};
use crate::sim::Setup;
use crate::view::{Plot, View};
use std::rc::Rc;

/// What is shown of the session: made anew after every action.
#[derive(Clone, PartialEq)]
pub struct Moment {
    pub view: Rc<View>,
    pub plot: Rc<Plot>,
    pub setup: Setup,
    pub notice: Option<Notice>,
    pub playing: bool,
    /// From which moment chance chose on this branch, and how.
    pub chance: Option<(u32, By)>,
}

impl Moment {
    /// `before` is what was shown last, if anything was.
    pub fn of(session: &Session, before: Option<&Moment>) -> Moment {
        Moment {
            view: Rc::new(View::after(session.history(), before.map(|moment| &*moment.view))),
            plot: Rc::new(Plot::new(session.history(), None)),
            setup: session.setup().clone(),
            notice: session.notice().cloned(),
            playing: session.playing().is_some(),
            chance: session.chance(),
        }
    }
}

/// Whoever acts again before this is over is in a hurry, and does not read what stands beside the figure.
pub const REST_MS: u32 = 120;

/// How fast the reader acts.
#[derive(Default)]
pub struct Hurry {
    /// How often he acted.
    pub turn: u32,
    last: f64,
}

impl Hurry {
    /// One more act: which one it is, and whether it comes soon after the last.
    pub fn next(&mut self) -> (u32, bool) {
        let now = browser::now_ms();
        let hurried = now - self.last < f64::from(REST_MS);
        (self.turn, self.last) = (self.turn + 1, now);
        (self.turn, hurried)
    }
}

/// Whether an action only moves about in the same history, or on in it. What is beside the figure may still show
/// the moment before for a while then.
pub fn moves(action: &Action) -> bool {
    use Action::{Branch, Default, Do, First, Go, Last, Quiet, Redo, RepairAndRun, Round, Tick, Undo};
    matches!(
        action,
        Do(_)
            | Default
            | Undo
            | Redo
            | First
            | Last
            | Go(_)
            | Branch { .. }
            | RepairAndRun
            | Quiet
            | Round
            | Tick(_)
    )
}
