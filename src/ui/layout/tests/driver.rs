//! Runs that tests drive by names, and figures of them.

use crate::protocol::{Command, NodeId, Timer};
use crate::protocols;
use crate::run::{History, default_step};
use crate::sim::{Act, MsgRef, Step, Tail};
use crate::ui::layout::{Figure, Frame, Texts};
use crate::view::Plot;

/// A run that a test drives by names.
pub struct Driver(pub History);

impl Driver {
    pub fn new(params: &[(&str, u16)]) -> Driver {
        Driver::of("2pc", params)
    }

    pub fn of(protocol: &str, params: &[(&str, u16)]) -> Driver {
        let protocol = protocols::find(protocol).expect("registered");
        let mut setup = protocol.setup();
        for (key, value) in params {
            let (at, _) = (protocol.meta)().param(key).expect("a parameter");
            assert!(setup.params.set((protocol.meta)().params, at, *value));
        }
        Driver(History::new(protocols::build(setup)))
    }

    pub fn id(&self, name: &str) -> NodeId {
        let scene = &self.0.run().now().scene;
        scene.ids().find(|id| scene.name(*id) == name).expect("a node")
    }

    pub fn act(&mut self, act: Act) -> &mut Driver {
        self.step(act.into())
    }

    pub fn step(&mut self, step: Step) -> &mut Driver {
        self.0.act(&step).unwrap_or_else(|why| panic!("{step:?}: {why:?}"));
        self
    }

    pub fn verb(&mut self, name: &str, word: &str, arg: Option<&str>) -> &mut Driver {
        let meta = self.0.run().machine().meta();
        let verb = meta.verbs.iter().position(|v| v.word == word).expect("a verb") as u8;
        let command = Command { verb, arg: arg.map(|a| self.id(a)) };
        self.act(Act::Command(self.id(name), command))
    }

    pub fn fire(&mut self, name: &str, word: &str) -> &mut Driver {
        let meta = self.0.run().machine().meta();
        let timer = meta.timers.iter().position(|t| t.word == word).expect("a timer") as u8;
        self.act(Act::Fire(self.id(name), Timer(timer)))
    }

    pub fn message(&self, from: &str, to: &str, word: &str) -> MsgRef {
        let flights = self.0.run().machine().flights(self.id(from), self.id(to));
        flights.into_iter().find(|(_, said)| said.word == word).expect("a message").0
    }

    pub fn deliver(&mut self, from: &str, to: &str, word: &str) -> &mut Driver {
        self.act(Act::Deliver(self.message(from, to, word)))
    }

    pub fn auto(&mut self, steps: usize) -> &mut Driver {
        for _ in 0..steps {
            let Some(step) = default_step(self.0.run()) else { break };
            self.step(step);
        }
        self
    }

    /// Both are prepared; C dies after telling P1; K waits behind P2, and P2 asks in vain.
    pub fn blocked() -> Driver {
        let mut run = Driver::new(&[]);
        run.verb("C", "begin", None).deliver("C", "P1", "prepare").deliver("C", "P2", "prepare");
        run.deliver("P1", "C", "yes");
        let last = Act::Deliver(run.message("P2", "C", "yes"));
        run.step(Step::from(last).torn(2, Tail::Lost)).deliver("C", "P1", "commit");
        run.verb("K", "ask", Some("P2")).deliver("K", "P2", "ask");
        run.fire("P2", "decision").deliver("P2", "C", "inquiry");
        run
    }

    pub fn plot(&self) -> Plot {
        Plot::new(&self.0, None)
    }

    pub fn figure(&self) -> Figure {
        draw(&self.plot(), 740.0, false)
    }
}

pub fn texts() -> Texts {
    let text = |s: &str| s.to_string();
    Texts {
        now: text("now"),
        in_doubt: text("in doubt"),
        blocked: text("blocked"),
        since: text("since moment {}"),
        waits_for: text("waits for {}"),
        crashes: text("crashes"),
        recovers: text("recovers"),
        pauses: text("pauses"),
        resumes: text("resumes"),
        never_told: text("never told {}"),
        nobody_there: text("nobody there"),
        lost: text("lost"),
        cut: text("link cut"),
        healed: text("link works again"),
        pencil: text("in pencil: what happens next"),
        from: text("from {}"),
        glosses: Default::default(),
        resources: ["A", "B", "C", "D", "E", "F", "G", "H"].map(text).to_vec(),
    }
}

pub fn draw(plot: &Plot, width: f64, compact: bool) -> Figure {
    let meta = (protocols::ALL[0].meta)();
    Figure::new(plot, meta, &texts(), Frame::down(width, compact))
}

pub fn draw_right(plot: &Plot, height: f64, compact: bool) -> Figure {
    let meta = (protocols::ALL[0].meta)();
    Figure::new(plot, meta, &texts(), Frame::right(height, compact))
}
