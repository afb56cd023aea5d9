//! The server that the file goes to.

use super::{
    Config, ENTRIES, Input, Lock, M1, Msg, OUTCOME, Out, Outcome, Rec, Rename, Role, Stance, Status, entry,
};
use serde::{Deserialize, Serialize};

/// M2.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Target {
    /// Whether f is here.
    has: bool,
    /// The attempt for which it has promised to take f.
    prepared: Option<u8>,
    /// What M1 asked on behalf of a user who waits for the lock.
    asked: Option<bool>,
}

impl Target {
    pub fn boot(log: &[Rec], out: &mut Out<Rename>) -> Target {
        let mut target = Target { has: false, prepared: None, asked: None };
        log.iter().for_each(|record| target.add(record));
        if target.prepared.is_some() {
            out.arm(OUTCOME);
        }
        target
    }

    /// What is durable, record by record.
    fn add(&mut self, record: &Rec) {
        match *record {
            Rec::Prepared(n) => self.prepared = Some(n),
            Rec::Committed(_) => (self.has, self.prepared) = (true, None),
            Rec::Aborted(_) => self.prepared = None,
            Rec::Link => self.has = true,
            _ => {}
        }
    }

    fn write(&mut self, record: Rec, out: &mut Out<Rename>) {
        self.add(&record);
        out.force(record);
    }

    pub(super) fn on(&mut self, config: Config, input: Input<Msg>, out: &mut Out<Rename>) {
        match input {
            Input::Message { msg: Msg::Prepare(n), .. } => self.prepare(n, out),
            Input::Message { msg: Msg::Commit(n), .. } if self.prepared == Some(n) => {
                self.write(Rec::Committed(n), out);
                out.decide(Outcome::Commit);
            }
            Input::Message { msg: Msg::Abort(n), .. } if self.prepared == Some(n) => {
                self.write(Rec::Aborted(n), out);
            }
            Input::Message { msg: Msg::Link, .. } => {
                if !self.has {
                    self.write(Rec::Link, out);
                    out.decide(Outcome::Commit);
                }
                out.send_after("link", M1, Msg::Linked);
            }
            Input::Message { msg: Msg::Look(left), .. } => self.asked = Some(left),
            Input::Timer(_) => {
                if let Some(n) = self.prepared {
                    out.send(M1, Msg::Ask(n));
                }
            }
            Input::Message { .. } | Input::Command(_) => {}
        }
        // What is promised is locked. Who reads without locks sees what is there.
        let free = self.prepared.is_none();
        if let Some(left) = self.asked.take_if(|_| free || !config.reads_locked()) {
            out.send(M1, Msg::Seen(left, self.has.into()));
        }
        if free { out.cancel(OUTCOME) } else { out.arm(OUTCOME) }
    }

    /// An attempt wants a promise. Who begins another has given up those before it, so that the newest counts.
    fn prepare(&mut self, n: u8, out: &mut Out<Rename>) {
        if self.has || self.prepared.is_some_and(|other| other > n) {
            return;
        }
        if self.prepared != Some(n) {
            self.write(Rec::Prepared(n), out);
        }
        out.send_after("prepared", M1, Msg::Yes(n));
    }

    pub(super) fn status(&self) -> Status {
        let (phase, stance) = match (self.has, self.prepared.is_some()) {
            (true, _) => ("has-it", Stance::Committed),
            (false, true) => ("prepared", Stance::InDoubt),
            (false, false) => ("has-it-not", Stance::Idle),
        };
        let prepared = stance == Stance::InDoubt;
        let waiters = if self.asked.is_some() { vec![M1] } else { Vec::new() };
        let lock =
            || Lock { resource: ENTRIES[1], name: Rename::resource(ENTRIES[1]), holder: None, waiters };
        Status {
            accounts: vec![entry("d2", false, self.has, i32::from(prepared))],
            locks: if prepared { vec![lock()] } else { Vec::new() },
            must_hold: if prepared { vec![ENTRIES[1]] } else { Vec::new() },
            ..Status::new(phase, stance)
        }
    }
}
