//! The server that has the file, and coordinates its way to the other.

use super::{
    Ask, Cache, Code, Config, ENTRIES, Input, K, Key, Lock, M2, Msg, Out, Outcome, PATIENCE, Rec, Rename,
    Reply, Role, Stance, Status, client, entry,
};
use serde::{Deserialize, Serialize};

/// How it stands with a user who wants to know where f is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum Look {
    /// Nobody does.
    No,
    /// Waits for the lock.
    Waits,
    /// Has found it here so often, and waits for M2's answer.
    Asks(u8),
}

/// M1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Source {
    /// How many attempts were begun.
    begun: u8,
    /// The request by which f has left; it can leave only once. It is in the log in any case: whether a request
    /// is recognised by it is the question.
    left: Option<Key>,
    /// Whether it remembers, in this life, what it answered to that.
    remembers: bool,
    /// The request that it works on.
    work: Option<Key>,
    /// Requests that wait for the lock, first come first.
    queue: Vec<Key>,
    look: Look,
    /// How often the user found f at last.
    found: Option<u8>,
}

impl Source {
    pub fn of(log: &[Rec]) -> Source {
        let mut source = Source {
            begun: 0,
            left: None,
            remembers: false,
            work: None,
            queue: Vec::new(),
            look: Look::No,
            found: None,
        };
        log.iter().for_each(|record| source.add(record));
        source
    }

    /// What is durable, record by record.
    fn add(&mut self, record: &Rec) {
        match *record {
            Rec::Begin(n) => self.begun = n,
            Rec::Commit(_, key) | Rec::Unlink(key) => self.left = Some(key),
            _ => {}
        }
    }

    fn write(&mut self, record: Rec, out: &mut Out<Rename>) {
        self.add(&record);
        out.force(record);
    }

    pub(super) fn on(&mut self, config: Config, input: Input<Msg>, out: &mut Out<Rename>) {
        match input {
            Input::Message { msg: Msg::Request(ask), .. } => self.accept(config, ask, out),
            Input::Message { msg: Msg::Yes(n), .. } if self.works_on(n) => {
                self.finish(config, out);
                out.send_after("commit+key", M2, Msg::Commit(n));
            }
            Input::Message { msg: Msg::Linked, .. } if self.work.is_some() => self.finish(config, out),
            Input::Message { msg: Msg::Ask(n), .. } => out.send(M2, self.became(n)),
            Input::Message { msg: Msg::Seen(left, n), .. } => self.see(left, n, out),
            Input::Command(_) if config.reads_locked() && self.locked(config) => self.look = Look::Waits,
            Input::Command(_) => self.ask_around(out),
            Input::Timer(_) => {
                if self.work.take().is_some() && config.two_phase() {
                    out.send(M2, Msg::Abort(self.begun));
                }
                if let Look::Asks(_) = self.look {
                    self.look = Look::No;
                }
            }
            Input::Message { .. } => {}
        }
        self.next(config, out);
        let waits = self.work.is_some() || matches!(self.look, Look::Asks(_));
        if waits { out.arm(PATIENCE) } else { out.cancel(PATIENCE) }
    }

    /// What became of an attempt. Only the last can have been committed: f is gone after that.
    fn became(&self, n: u8) -> Msg {
        if n != self.begun {
            Msg::Abort(n)
        } else if self.left.is_some() {
            Msg::Commit(n)
        } else if self.work.is_some() {
            // It said yes, and that was lost.
            Msg::Prepare(n)
        } else {
            Msg::Abort(n)
        }
    }

    fn works_on(&self, n: u8) -> bool {
        self.work.is_some() && n == self.begun
    }

    /// Whether somebody has the lock on d1/f.
    fn locked(&self, config: Config) -> bool {
        self.work.is_some() || config.reads_locked() && matches!(self.look, Look::Asks(_))
    }

    /// A request comes in. One that comes again while it is worked on is dropped by who knows it.
    fn accept(&mut self, config: Config, ask: Ask, out: &mut Out<Rename>) {
        let knows = config.cache() != Cache::None;
        let again = self.work == Some(ask.key) || self.queue.contains(&ask.key);
        match self.locked(config) {
            true if knows && again => {}
            true => self.queue.push(ask.key),
            false => self.serve(config, ask.key, out),
        }
    }

    fn serve(&mut self, config: Config, key: Key, out: &mut Out<Rename>) {
        let kept = match config.cache() {
            Cache::Durable => true,
            Cache::Memory => self.remembers,
            Cache::None => false,
        };
        let own = self.left == Some(key);
        let reply = |code| Msg::Reply(Reply { key, code, says: 0 });
        match self.left {
            Some(_) if own && kept => out.send(K, reply(Code::Ok)),
            Some(_) => {
                if own {
                    out.alarm("answers");
                }
                out.send(K, reply(Code::NoEntry));
            }
            None => {
                self.work = Some(key);
                if config.two_phase() {
                    self.write(Rec::Begin(self.begun + 1), out);
                    out.send_after("begin", M2, Msg::Prepare(self.begun));
                } else {
                    out.send(M2, Msg::Link);
                }
            }
        }
    }

    /// M2 will have f, or has it: f leaves.
    fn finish(&mut self, config: Config, out: &mut Out<Rename>) {
        let Some(key) = self.work.take() else { return };
        let (word, record) = match config.two_phase() {
            true => ("commit+key", Rec::Commit(self.begun, key)),
            false => ("unlink+key", Rec::Unlink(key)),
        };
        self.write(record, out);
        out.apply(client::intent(K.0, 0));
        out.decide(Outcome::Commit);
        self.remembers = config.cache() == Cache::Memory;
        out.send_after(word, K, Msg::Reply(Reply { key, code: Code::Ok, says: 0 }));
    }

    /// Who waits for the lock gets it when it is free: users first, then requests.
    fn next(&mut self, config: Config, out: &mut Out<Rename>) {
        if self.look == Look::Waits && !self.locked(config) {
            self.ask_around(out);
        }
        while !self.locked(config) && !self.queue.is_empty() {
            let key = self.queue.remove(0);
            self.serve(config, key, out);
        }
    }

    /// Whether a user is at it.
    pub fn looks(&self) -> bool {
        self.look != Look::No
    }

    /// Looks here, and asks there.
    fn ask_around(&mut self, out: &mut Out<Rename>) {
        let left = self.left.is_some();
        self.look = Look::Asks(u8::from(!left));
        out.send(M2, Msg::Look(left));
    }

    /// M2's answer to who asked when f had left here, or had not. To another look it is no answer.
    fn see(&mut self, left: bool, there: u8, out: &mut Out<Rename>) {
        let Look::Asks(here) = self.look else { return };
        if left == (here == 1) {
            return;
        }
        self.look = Look::No;
        self.found = Some(here + there);
        if here + there != 1 {
            out.alarm("invariant");
        }
    }

    pub(super) fn status(&self, config: Config) -> Status {
        let here = self.left.is_none();
        let (phase, stance) = match (self.work.is_some(), self.look) {
            (true, _) => ("moving", Stance::Working),
            (_, Look::Asks(_)) => ("looking", if here { Stance::Idle } else { Stance::Committed }),
            (false, _) if here => ("has-it", Stance::Idle),
            (false, _) => ("has-it-not", Stance::Committed),
        };
        let waiters = if self.queue.is_empty() { Vec::new() } else { vec![K] };
        let lock =
            || Lock { resource: ENTRIES[0], name: Rename::resource(ENTRIES[0]), holder: None, waiters };
        let pending = if self.work.is_some() { -1 } else { 0 };
        let waits = (self.look == Look::Waits).then_some("reader-waits").into_iter();
        let found = self.found.map(|n| ["found-none", "found-once", "found-twice"][usize::from(n)]);
        Status {
            accounts: vec![entry("d1", true, here, pending)],
            locks: if self.locked(config) { vec![lock()] } else { Vec::new() },
            remarks: waits.chain(found).collect(),
            ..Status::new(phase, stance)
        }
    }
}
