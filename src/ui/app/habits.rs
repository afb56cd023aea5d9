//! What the page does by itself: it follows the address and the clock, looks as the reader likes it, and keeps the
//! focus where he reads.

use crate::session::{Action, Session};
use crate::ui::browser;
use crate::ui::components::player;
use crate::ui::components::separator::Border;
use crate::ui::context::{Instead, Ui};
use crate::ui::prefs::{Prefs, Theme};
use crate::ui::trail::{self, Trail};
use crate::view::View;
use gloo_timers::callback::Interval;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Where the sentence stands that says how things are.
const SENTENCE: &str = ".story h1";

/// Language, colours, widths and title.
#[hook]
pub fn use_looks(ui: &Ui, theme: Theme, title: String, system: UseStateSetter<Theme>) {
    use_effect_with(ui.lang, |lang| browser::set_language(*lang));
    use_effect_with(title, |title| browser::set_title(title));
    use_effect_with(theme, |theme| browser::set_theme(*theme));
    use_effect_with((ui.prefs.story_w, ui.prefs.drawer_w), |(story, drawer)| {
        browser::set_root(Border::Story.property(), *story);
        browser::set_root(Border::Drawer.property(), *drawer);
    });
    use_effect_with((), move |()| browser::on_theme_change(move |theme| system.set(theme)));
}

/// Another run begins at its sentence: set what is returned when one takes the place of this one.
#[hook]
pub fn use_arrival(view: &Rc<View>) -> Rc<RefCell<bool>> {
    let arrives = use_mut_ref(|| false);
    use_effect_with(view.clone(), {
        let arrives = arrives.clone();
        move |_| {
            if arrives.take() {
                browser::arrive(SENTENCE);
            }
        }
    });
    arrives
}

/// Whatever stood in the run's place took the focus with it.
#[hook]
pub fn use_return(instead: Option<Instead>) {
    let before = use_mut_ref(|| None);
    use_effect_with(instead, move |now| {
        if before.replace(*now).is_some() && now.is_none() {
            browser::focus_soon(SENTENCE);
        }
    });
}

/// Follows the address, when the reader writes it or goes back and forward.
#[hook]
pub fn use_address(
    session: &Rc<RefCell<Session>>,
    act: &Callback<Action>,
    trail: &Rc<Trail>,
    instead: UseStateSetter<Option<Instead>>,
) {
    let (session, act, trail) = (session.clone(), act.clone(), trail.clone());
    use_effect_with((), move |()| {
        let load = move |hash: String| {
            let there = session.borrow().address();
            if there.trim_start_matches('#') != hash {
                act.emit(Action::Link(hash));
            }
        };
        let typed = {
            let (trail, load) = (trail.clone(), load.clone());
            browser::on_hash_change(move |hash| trail.arrive(hash, &load))
        };
        // The run comes first: the page is about it.
        let went = trail::on_travel(move |page| {
            trail.travel(browser::hash(), &load);
            instead.set(page);
        });
        move || {
            typed();
            went();
        }
    });
}

/// While a run plays, the clock is the only thing on the page that moves by itself.
#[hook]
pub fn use_clock(playing: bool, speed: u8, act: &Callback<Action>) {
    let act = act.clone();
    use_effect_with((playing, speed), move |(playing, speed)| {
        let (every, steps) = player::rhythm(*speed);
        let clock = playing.then(|| Interval::new(every, move || act.emit(Action::Tick(steps))));
        move || drop(clock)
    });
}

/// Whether hints are wanted here. What the reader has done once needs none any more: `answered` holds the place of the
/// hint that the latest action was the answer to.
#[hook]
pub fn use_hints(ui: &Ui, view: &Rc<View>, answered: &Rc<RefCell<Option<u8>>>) -> bool {
    let wanted = *use_memo((), |()| !browser::asked("nodemo") && !browser::asked("embed"));
    let (ui, answered) = (ui.clone(), answered.clone());
    use_effect_with(view.clone(), move |_| {
        let hints = ui.prefs.hints;
        if wanted && answered.take() == Some(hints) {
            ui.set_prefs.emit(Prefs { hints: hints + 1, ..(*ui.prefs).clone() });
        }
    });
    wanted
}

/// Keeps the focus with the choices: the one that was chosen with a key has gone. Set what is returned when the focus
/// is among them.
#[hook]
pub fn use_stay(view: &Rc<View>) -> Rc<RefCell<bool>> {
    let stays = use_mut_ref(|| false);
    use_effect_with(view.clone(), {
        let stays = stays.clone();
        move |_| {
            if stays.take() {
                browser::focus_if_lost(".moves :is(.opt, .go-big, .btn, .mini):not([aria-disabled])");
            }
        }
    });
    stays
}

/// Whether the page is being printed: paper gets the text, whatever the screen shows.
#[hook]
pub fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    let set = printing.setter();
    use_effect_with((), move |()| browser::on_print(move |now| set.set(now)));
    *printing
}
