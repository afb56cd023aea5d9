//! The application without a screen: what a reader can ask for, and what comes of it.
//!
//! [`Session::update`] changes the session and returns what the world outside has to do. It is pure, so
//! every use of the page can be a native test.

pub mod explorer;
pub mod matrix;
mod opened;
mod play;

pub use play::{By, PLAY_LIMIT, Play};

use crate::link;
use crate::protocols;
use crate::run::{History, PIN_LIMIT, Place, Rounds, Run, repairs, run_until_quiet};
use crate::sim::{RULES, Setup, Step};
use crate::text::Text;
use crate::view::words::Words;
use play::Player;

/// What a reader can ask for.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Do this.
    Do(Step),
    /// Do what Step does.
    Default,
    /// To the moment before.
    Undo,
    /// To the moment last visited from here.
    Redo,
    /// To the beginning.
    First,
    /// To the end of the current branch.
    Last,
    /// To any moment.
    Go(Place),
    /// To the end of the next branch, or of the one before.
    Branch {
        /// True for the next one.
        forward: bool,
    },
    /// Begin again in another world: the steps that are possible there are kept.
    Setup(Setup),
    /// Change one parameter or rule by its key.
    Set {
        /// The key.
        key: &'static str,
        /// The value.
        value: u16,
    },
    /// Undo every failure that lasts, then let everything happen that happens by itself.
    RepairAndRun,
    /// Let everything happen that happens by itself.
    Quiet,
    /// Deliver what is in flight now, and nothing that this causes.
    Round,
    /// Let it go on by itself, a few steps at every [`Action::Tick`].
    Play(Play),
    /// Stop playing.
    Pause,
    /// While it plays: this many steps, or fewer if there is a reason to stop.
    Tick(u32),
    /// Mark a moment, or name it anew; `None` takes the mark away.
    Pin {
        /// The moment.
        place: Place,
        /// Its name, which may be empty.
        name: Option<String>,
    },
    /// Take a branch away, by its end. [`Action::BringBack`] undoes it.
    Hide(Place),
    /// Bring a branch back, by its end.
    BringBack(Place),
    /// Open what an address holds after its `#`.
    Link(String),
    /// Open a script.
    Script(String),
    /// Open a run that the explorer found, as a branch of the history, at its end.
    Found {
        /// The world that it is a run of.
        setup: Setup,
        /// All of its steps, from the beginning of the world.
        steps: Vec<Step>,
        /// How many of them lead to where the explorer began to look.
        from: usize,
    },
    /// Back to the run that a link, a script or another world replaced.
    Restore,
    /// Take the notice away.
    Dismiss,
}

/// What the world outside has to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cmd {
    /// Let the address hold this run ([`Session::address`]), without a new entry in the browser's history.
    /// Writing it takes a while for a long run, so it may wait until the reader rests.
    Address,
}

/// How serious a notice is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Something to know.
    Info,
    /// Something did not work.
    Error,
}

/// Something to tell the reader.
#[derive(Clone, PartialEq, Debug)]
pub struct Notice {
    /// How serious it is.
    pub level: Level,
    /// What happened, why, and what to do.
    pub text: Text,
    /// What exactly was found: a place, a line, words of the machine.
    pub raw: Option<Text>,
    /// What the reader may want to do about it.
    pub offer: Option<Offer>,
}

/// Something that a notice offers to do.
#[derive(Clone, PartialEq, Debug)]
pub struct Offer {
    /// The words on its button.
    pub text: Text,
    /// What it does.
    pub action: Action,
}

impl Notice {
    fn info(text: Text) -> Notice {
        Notice { level: Level::Info, text, raw: None, offer: None }
    }

    fn error(text: Text, raw: Option<Text>) -> Notice {
        Notice { level: Level::Error, text, raw, offer: None }
    }

    fn offering(self, text: Text, action: Action) -> Notice {
        Notice { offer: Some(Offer { text, action }), ..self }
    }

    /// What takes back that something was removed or replaced, if it tells of that.
    pub fn takes_back(&self) -> Option<&Action> {
        let offered = self.offer.as_ref().map(|o| &o.action);
        offered.filter(|a| matches!(a, Action::BringBack(_) | Action::Restore))
    }

    /// Offers to bring the earlier run back, if there is one.
    fn restorable(self, is: bool) -> Notice {
        if is { self.offering(Text::new("notice.restore"), Action::Restore) } else { self }
    }
}

/// Words of the machine, which are the same in every language.
pub fn verbatim(words: impl Into<String>) -> Text {
    Text::new("inspect.word").word("word", words)
}

/// The application without a screen.
pub struct Session {
    history: History,
    setup: Setup,
    notice: Option<Notice>,
    replaced: Option<(Setup, History)>,
    player: Option<Player>,
    chance: Option<(Place, By)>,
}

impl Default for Session {
    fn default() -> Self {
        Session::new(protocols::ALL[0].setup())
    }
}

impl Session {
    /// A session in which nothing has happened yet.
    pub fn new(setup: Setup) -> Session {
        let history = History::new(protocols::build(setup.clone()));
        Session { history, setup, notice: None, replaced: None, player: None, chance: None }
    }

    /// The history.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The present run.
    pub fn run(&self) -> &Run {
        self.history.run()
    }

    /// Protocol, parameters and rules.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// What the reader should be told.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// How it plays, while it plays.
    pub fn playing(&self) -> Option<Play> {
        self.player.as_ref().map(|p| p.play)
    }

    /// The moment from which chance chose last, and how; `None` if the present branch does not pass there.
    pub fn chance(&self) -> Option<(u32, By)> {
        let (place, by) = self.chance?;
        let moment = self.history.depth(place);
        (self.history.line().get(moment as usize) == Some(&place)).then_some((moment, by))
    }

    /// This run as the part of an address from its `#` on.
    pub fn address(&self) -> String {
        link::encode(&self.history)
    }

    /// Does what a reader asked for.
    pub fn update(&mut self, action: Action) -> Vec<Cmd> {
        let keeps_notice =
            matches!(action, Action::Link(_) | Action::Script(_) | Action::Setup(_) | Action::Set { .. });
        if !keeps_notice && !matches!(action, Action::Tick(_)) {
            self.notice = None;
        }
        // Whoever does something else has taken over.
        if !matches!(action, Action::Tick(_) | Action::Play(_) | Action::Dismiss | Action::Pin { .. }) {
            self.player = None;
        }
        match action {
            Action::Do(step) => self.act(&step),
            Action::Default => match self.history.default_step() {
                Some(step) => self.act(&step),
                None => self.explain("next.none"),
            },
            Action::Undo => drop(self.history.undo()),
            Action::Redo => drop(self.history.redo()),
            Action::First => drop(self.history.go(0)),
            Action::Last => {
                let tip = *self.history.line().last().expect("never empty");
                self.history.go(tip);
            }
            Action::Go(place) => drop(self.history.go(place)),
            Action::Branch { forward } => self.next_branch(forward),
            Action::Setup(setup) => self.rebuild(setup),
            Action::Set { key, value } => self.set(key, value),
            Action::RepairAndRun => {
                let before = self.history.at();
                while let Some(step) = repairs(self.run()).first().copied() {
                    self.act(&step);
                }
                self.quiet();
                if self.history.at() == before {
                    self.explain("next.none-broken");
                }
            }
            Action::Quiet => {
                let before = self.history.at();
                self.quiet();
                if self.history.at() == before {
                    let more = self.history.default_step().is_some();
                    self.explain(if more { "next.none-by-itself" } else { "next.none" });
                }
            }
            Action::Round => {
                let before = self.history.at();
                let mut rounds = Rounds::default();
                while let Some(step) = rounds.next(self.run()).filter(|_| rounds.round <= 1) {
                    self.act(&step);
                }
                if self.history.at() == before {
                    self.explain("next.none-arrives");
                }
            }
            Action::Play(play) => {
                if let By::Chance { .. } = play.by {
                    self.chance = Some((self.history.at(), play.by));
                }
                self.player = Some(Player::new(play, self.history.run()));
            }
            Action::Pause => {}
            Action::Tick(steps) => self.tick(steps),
            Action::Pin { place, name } => {
                if !self.history.pin(place, name.as_deref()) {
                    let text = Text::new("notice.pin-limit").number("n", PIN_LIMIT as i64);
                    self.notice = Some(Notice::error(text, None));
                }
            }
            Action::Hide(tip) => self.hide(tip),
            Action::BringBack(tip) => {
                self.history.unhide(tip);
                self.history.go(tip);
            }
            Action::Link(hash) => self.open_link(&hash),
            Action::Script(text) => self.open_script(&text),
            Action::Found { setup, steps, from } => self.open_found(setup, &steps, from),
            Action::Restore => {
                if let Some((setup, history)) = self.replaced.take() {
                    (self.setup, self.history, self.chance) = (setup, history, None);
                }
            }
            Action::Dismiss => {}
        }
        vec![Cmd::Address]
    }

    fn act(&mut self, step: &Step) {
        let before = *self.history.line().last().expect("never empty");
        match self.history.act(step) {
            Ok(false) => {}
            Ok(true) => {
                // Said once where a branch begins: nothing that was done is lost.
                let text = Text::new("notice.branch")
                    .number("n", self.history.branch_number(self.history.at()) as i64);
                let back =
                    Text::new("notice.branch-back").number("n", self.history.branch_number(before) as i64);
                self.notice = Some(Notice::info(text).offering(back, Action::Go(before)));
            }
            Err(refusal) => {
                let why = Words::new(&self.run().now().scene).refusal(&refusal);
                self.notice = Some(Notice::error(Text::new("notice.refused").text("why", why), None));
            }
        }
    }

    /// Some steps of the player, until there is a reason to stop.
    fn tick(&mut self, steps: u32) {
        let Some(mut player) = self.player.take() else { return };
        for _ in 0..steps {
            // What was done already is played as it was done: who opens a run wants to watch it.
            let again = player.play.by == By::Turn && self.history.redo();
            let next = if again { None } else { player.next(&self.history) };
            if let Some(step) = &next {
                self.act(step);
            }
            let stop = match again || next.is_some() {
                true => player.verdict(self.history.run()),
                false => Some(Text::new("play.quiet")),
            };
            if let Some(why) = stop {
                self.notice = Some(Notice::info(why));
                return;
            }
        }
        self.player = Some(player);
    }

    fn hide(&mut self, tip: Place) {
        let number = self.history.branch_number(tip);
        if self.history.hide(tip) {
            let text = Text::new("notice.branch-hidden").number("n", number as i64);
            let back = Text::new("notice.bring-back");
            self.notice = Some(Notice::info(text).offering(back, Action::BringBack(tip)));
        }
    }

    fn quiet(&mut self) {
        let mut copy = self.run().clone();
        let mut steps = Vec::new();
        run_until_quiet(&mut copy, &mut |event| steps.push(event.step));
        for step in &steps {
            self.act(step);
        }
    }

    /// To the end of the branch beside this one.
    fn next_branch(&mut self, forward: bool) {
        let tips = self.history.tips();
        let tip = *self.history.line().last().expect("never empty");
        let at = tips.iter().position(|t| *t == tip).expect("a branch ends at a tip");
        let n = tips.len();
        // There is no other: its end is not what was asked for.
        if n == 1 {
            return;
        }
        let next = if forward { (at + 1) % n } else { (at + n - 1) % n };
        self.history.go(tips[next]);
    }

    fn set(&mut self, key: &str, value: u16) {
        let mut setup = self.setup.clone();
        let meta = self.run().machine().meta();
        let fine = match meta.param(key) {
            Some((at, _)) => setup.params.set(meta.params, at, value),
            None => match RULES.iter().position(|r| r.key == key) {
                Some(at) => setup.rules.set(RULES, at, value),
                None => false,
            },
        };
        match fine {
            true => self.rebuild(setup),
            false => self.complain("notice.bad-value", verbatim(format!("{key}={value}"))),
        }
    }

    /// Why nothing came of what the reader asked for.
    fn explain(&mut self, key: &str) {
        self.notice = Some(Notice::info(Text::new(key)));
    }

    fn complain(&mut self, key: &str, raw: Text) {
        self.notice = Some(Notice::error(Text::new(key), Some(raw)));
    }
}
