//! The reader's hand: what a key means for what is selected, and where a fault goes that was picked up first.

use super::browser;
use super::components::palette::Scope;
use super::context::{Show, Ui};
use super::keys::Key;
use super::layout::Selection;
use super::moment::Moment;
use super::prefs::{FASTEST, Prefs};
use crate::protocol::NodeId;
use crate::session::{Action, Notice, Play};
use crate::sim::{Act, MsgRef, Step};
use crate::view::choices::{Choice, Group, Tool};
use crate::view::{Plot, View};

/// Everything that a key may depend on.
#[derive(Clone, PartialEq)]
pub struct Hand {
    /// Ways to ask for things.
    pub ui: Ui,
    /// What lies over the page.
    pub shown: Show,
    /// Whether the explorer stands in place of the run.
    pub exploring: bool,
    /// What is selected.
    pub selection: Option<Selection>,
    /// How to play.
    pub how: Play,
}

impl Hand {
    /// Does what a key asks for at the latest moment.
    pub fn press(&self, key: Key, now: &Moment) {
        let act = |action| self.ui.act.emit(action);
        let show = |what| self.ui.show.emit(what);
        match key {
            Key::Explore => show(Show::Explore(!self.exploring)),
            Key::Check => {
                show(Show::Explore(true));
                browser::press_soon("#explore-stop, #explore-start");
            }
            Key::Escape if self.exploring && self.shown == Show::Nothing => show(Show::Explore(false)),
            Key::Palette | Key::Help | Key::Share | Key::Settings | Key::Escape => self.over(key, now),
            // Nobody should change a run that is not in sight.
            _ if self.exploring => {}
            Key::Step => act(Action::Default),
            Key::Back => act(Action::Undo),
            Key::TakeBack => {
                let removed = now.notice.as_ref().and_then(Notice::takes_back);
                act(removed.cloned().unwrap_or(Action::Undo));
            }
            Key::Forward => act(Action::Redo),
            Key::First => act(Action::First),
            Key::Last => act(Action::Last),
            Key::NextBranch => act(Action::Branch { forward: true }),
            Key::PreviousBranch => act(Action::Branch { forward: false }),
            Key::Play if now.playing => act(Action::Pause),
            Key::Play => act(Action::Play(self.how)),
            Key::Slower => self.speed(-1),
            Key::Faster => self.speed(1),
            Key::Choice(k) => {
                let mut enabled = now.view.choices.iter().filter(|c| c.refused.is_none());
                // Faults have no number on the screen.
                let choice = enabled.nth(usize::from(k) - 1).filter(|c| c.group == Group::Next);
                if let Some(choice) = choice {
                    act(Action::Do(choice.step));
                }
            }
            Key::Fault => show(Show::Palette(Scope::Faults(self.node(&now.plot), None))),
            Key::Crash => self.fault(Tool::Crash, now),
            Key::Drop => self.fault(Tool::Drop, now),
            Key::Duplicate => self.fault(Tool::Duplicate, now),
            Key::Link => self.fault(Tool::Cut, now),
            Key::Pin => self.pin(&now.view),
            Key::Compare => self.compare(&now.view),
            // The page itself, or the diagram, sees to it.
            _ => {}
        }
    }

    /// What lies over the page.
    fn over(&self, key: Key, now: &Moment) {
        let show = |what| self.ui.show.emit(what);
        match key {
            Key::Palette => show(Show::Palette(Scope::All)),
            Key::Help => show(if self.shown == Show::Help { Show::Nothing } else { Show::Help }),
            Key::Share => show(Show::Share),
            Key::Settings => show(Show::Settings),
            Key::Escape if now.playing => self.ui.act.emit(Action::Pause),
            _ => show(Show::Nothing),
        }
    }

    fn speed(&self, by: i8) {
        let prefs = &self.ui.prefs;
        let speed = prefs.speed.saturating_add_signed(by).min(FASTEST);
        self.ui.set_prefs.emit(Prefs { speed, ..(**prefs).clone() });
    }

    fn pin(&self, view: &View) {
        let strip = &view.strip;
        let pinned = strip.pins.iter().any(|p| p.place == strip.at);
        self.ui.act.emit(Action::Pin { place: strip.at, name: (!pinned).then(String::new) });
    }

    /// With the branch after this one, else with the moment pinned last, else with the beginning.
    fn compare(&self, view: &View) {
        let strip = &view.strip;
        let mut others = strip.branches.iter().filter(|b| b.number != strip.number);
        let other = others.next().map(|b| b.tip);
        let pin = strip.pins.iter().rev().map(|p| p.place).find(|p| *p != strip.at);
        self.ui.show.emit(Show::Compare(other.or(pin).unwrap_or(0), strip.at));
    }

    /// The selected node, or the one where the selected event happened.
    fn node(&self, plot: &Plot) -> Option<NodeId> {
        node_of(plot, self.selection?)
    }

    /// Breaks what is selected, or repairs it; where nothing fits, asks which.
    fn fault(&self, tool: Tool, now: &Moment) {
        let step = self.selection.and_then(|what| place(&now.view, &now.plot, tool, what));
        let possible = || now.view.choices.iter().filter(|c| c.refused.is_none());
        let heals = possible().filter(|c| matches!(c.step.act, Act::Heal(_))).count();
        let mend = || possible().find(|c| self.mends(c, tool, &now.plot, heals));
        match step.or_else(|| Some(mend()?.step)) {
            Some(step) => self.ui.act.emit(Action::Do(step)),
            None => self.ui.show.emit(Show::Palette(Scope::Faults(None, Some(tool)))),
        }
    }

    /// Whether a choice takes back, at what is selected, what the tool does.
    fn mends(&self, choice: &Choice, tool: Tool, plot: &Plot, heals: usize) -> bool {
        match (choice.step.act, tool, self.selection) {
            (Act::Recover(n), Tool::Crash, Some(_)) => self.node(plot) == Some(n),
            (Act::Heal(l), Tool::Cut, Some(Selection::Message(id))) => {
                let ends = plot.ends(id);
                ends.is_some_and(|(a, b)| (l.0, l.1) == (a.min(b), a.max(b)))
            }
            // Of one cut link there is no doubt which is meant.
            (Act::Heal(_), Tool::Cut, None) => heals == 1,
            _ => false,
        }
    }
}

/// The message in flight that is selected.
pub fn flying(plot: &Plot, what: Selection) -> Option<MsgRef> {
    let Selection::Message(id) = what else { return None };
    plot.flights.iter().find(|f| f.id == id).map(|f| f.at)
}

/// The node that something selected is at: of a message the one that it goes to.
pub fn node_of(plot: &Plot, what: Selection) -> Option<NodeId> {
    match what {
        Selection::Node(node) => Some(node),
        Selection::Moment(moment) => plot.events.get((moment as usize).checked_sub(1)?)?.step.node(),
        Selection::Message(id) => plot.ends(id).map(|(_, to)| to),
    }
}

/// The moment of something selected: of a message when it was sent, of a node when it last did something.
pub fn moment_of(plot: &Plot, what: Selection) -> Option<usize> {
    let mut events = plot.events.iter();
    match what {
        Selection::Moment(moment) => Some(moment as usize),
        Selection::Message(id) => events.position(|e| e.sent.iter().any(|s| s.id == id)).map(|i| i + 1),
        Selection::Node(node) => events.rposition(|e| e.step.node() == Some(node)).map(|i| i + 1),
    }
}

/// A message in flight by its number.
fn flight(plot: &Plot, id: u32) -> Option<MsgRef> {
    plot.flights.iter().find(|f| f.id == id).map(|f| f.at)
}

/// The step that uses a tool on something selected, if it can be used there now.
pub fn place(view: &View, plot: &Plot, tool: Tool, what: Selection) -> Option<Step> {
    let fits = |c: &&Choice| match (tool, what) {
        (Tool::Cut, Selection::Message(id)) => {
            let ends = plot.ends(id);
            matches!((c.step.act, ends), (Act::Cut(l), Some((a, b))) if (l.0, l.1) == (a.min(b), a.max(b)))
        }
        (_, Selection::Message(id)) => c.step.message().is_some() && c.step.message() == flight(plot, id),
        (Tool::Crash | Tool::Pause, Selection::Node(node)) => c.step.node() == Some(node),
        (Tool::Crash | Tool::Pause, Selection::Moment(moment)) => {
            let event = (moment as usize).checked_sub(1).and_then(|i| plot.events.get(i));
            event.is_some_and(|e| e.step.node().is_some() && e.step.node() == c.step.node())
        }
        _ => false,
    };
    view.choices.iter().filter(|c| c.refused.is_none() && c.tool() == Some(tool)).find(fits).map(|c| c.step)
}

/// Lets a fault happen that was put on something: a crash asks first after which effect.
pub fn inject(ui: &Ui, step: Step) {
    match step.act {
        Act::Crash(node, _) => ui.show.emit(Show::Scissors(node, None)),
        _ => ui.act.emit(Action::Do(step)),
    }
}
