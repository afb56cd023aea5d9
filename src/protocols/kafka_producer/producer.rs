//! The producer: an instance of a program that copies its input, record by record.

use super::{ABORT, Batch, COMMIT, Config, INIT, Kafka, Kind, Msg, PRODUCE, RESEND, Rec, param};
use crate::order::Map;
use crate::protocol::{Gauge, Offer, Out, Request, Stance, Status};
use serde::{Deserialize, Serialize};

/// How often an instance starts at most.
const STARTS: u8 = 3;

/// What a producer was last told that it did not like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum Trouble {
    OutOfOrder,
    Fenced,
    Invalid,
}

/// A producer. But for what it knows to be done, everything is lost in a crash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Producer {
    /// The records before this one are in the log, as far as it wrote down.
    done: u8,
    /// Its PID and epoch.
    id: Option<(u8, u8)>,
    /// The number of the last batch that it made.
    last: Option<u8>,
    /// The record to come.
    next: u8,
    /// Batches that are not acknowledged, by record.
    waiting: Map<u8, u8>,
    /// The first record of the open transaction.
    open: Option<u8>,
    /// How it wants the transaction to end.
    ending: Option<bool>,
    /// How many transactions it has ended since it got its epoch.
    turn: u8,
    starts: u8,
    resends: u8,
    trouble: Option<Trouble>,
}

impl Producer {
    /// Comes up with what its notes say.
    pub fn boot(log: &[Rec]) -> Producer {
        let note = |record: &Rec| if let Rec::Done(n) = record { Some(*n) } else { None };
        let done = log.iter().rev().find_map(note).unwrap_or(0);
        Producer { done, next: done, ..Producer::default() }
    }

    /// The user asks for something that was offered.
    pub fn command(&mut self, config: Config, verb: u8, out: &mut Out<Kafka>) {
        self.trouble = None;
        let (pid, epoch) = self.id.unwrap_or((0, 0));
        match verb {
            INIT => {
                self.starts += 1;
                out.send(config.broker(), Msg::Init);
            }
            PRODUCE => {
                let (record, seq) = (self.next, config.next(self.last));
                (self.next, self.last) = (record + 1, Some(seq));
                self.waiting.insert(record, seq);
                if config.transactional() && self.open.is_none() {
                    self.open = Some(record);
                }
                out.ask(Request(record));
                out.send(config.broker(), Msg::Produce(Batch { pid, epoch, seq, record, turn: self.turn }));
            }
            RESEND => {
                self.resends += 1;
                let oldest = self.waiting.iter().next().map(|(record, seq)| (*record, *seq));
                let msg = match (oldest, self.ending) {
                    (Some((record, seq)), _) => {
                        Msg::Produce(Batch { pid, epoch, seq, record, turn: self.turn })
                    }
                    (None, commit) => Msg::End(pid, epoch, commit == Some(true), self.turn),
                };
                out.send(config.broker(), msg);
            }
            _ => {
                self.ending = Some(verb == COMMIT);
                out.send(config.broker(), Msg::End(pid, epoch, verb == COMMIT, self.turn));
            }
        }
    }

    /// A message comes in.
    pub fn hear(&mut self, config: Config, msg: Msg, out: &mut Out<Kafka>) {
        match msg {
            Msg::Pid(pid, epoch, position) if self.id.is_none() && self.starts > 0 => {
                let inside = config.transactional() && config.0.on(param::POSITION);
                if inside && position > self.done {
                    self.finish(position, out);
                }
                let (done, starts, resends) = (self.done, self.starts, self.resends);
                let id = Some((pid, epoch));
                *self = Producer { done, id, next: done, starts, resends, ..Producer::default() };
            }
            Msg::Ack(batch, _) if self.mine(batch.pid, batch.epoch) => self.acknowledged(config, batch, out),
            Msg::OutOfOrder(batch)
                if self.mine(batch.pid, batch.epoch)
                    && self.waiting.get(&batch.record) == Some(&batch.seq) =>
            {
                self.trouble = Some(Trouble::OutOfOrder);
            }
            Msg::Fenced(pid, epoch) | Msg::Invalid(pid, epoch) if self.mine(pid, epoch) => {
                let (done, starts, resends) = (self.done, self.starts, self.resends);
                let fenced = matches!(msg, Msg::Fenced(..));
                let trouble = Some(if fenced { Trouble::Fenced } else { Trouble::Invalid });
                *self = Producer { done, next: done, starts, resends, trouble, ..Producer::default() };
            }
            Msg::Ended(pid, epoch, commit, turn) if self.ending == Some(commit) && self.turn == turn => {
                let (Some(from), Some((_, old))) = (self.open, self.id) else { return };
                // What was said to an instance before this one is of an older epoch.
                if epoch < old {
                    return;
                }
                if epoch > old {
                    self.last = None;
                }
                self.turn += 1;
                (self.id, self.open, self.ending) = (Some((pid, epoch)), None, None);
                if commit { self.finish(self.next, out) } else { self.next = from }
            }
            _ => {}
        }
    }

    fn mine(&self, pid: u8, epoch: u8) -> bool {
        self.id.unwrap_or((0, 0)) == (pid, epoch)
    }

    fn acknowledged(&mut self, config: Config, batch: Batch, out: &mut Out<Kafka>) {
        if self.waiting.get(&batch.record) != Some(&batch.seq) {
            return;
        }
        self.waiting.remove(&batch.record);
        if config.transactional() {
            return;
        }
        out.answer(Request(batch.record));
        let done = self.waiting.keys().next().copied().unwrap_or(self.next);
        if done > self.done {
            self.done = done;
            out.force(Rec::Done(done));
        }
    }

    /// The records before this one are committed.
    fn finish(&mut self, done: u8, out: &mut Out<Kafka>) {
        let before = std::mem::replace(&mut self.done, done);
        out.force(Rec::Done(done));
        for record in before..done {
            out.answer(Request(record));
        }
    }

    /// What the user may think of.
    pub fn offers(&self, config: Config) -> Vec<Offer> {
        let plain = config.kind() == Kind::Plain;
        let init = match (plain, self.id.is_some()) {
            (true, _) => Some("no-pids"),
            (_, true) => Some("has-pid"),
            _ => (self.starts >= STARTS).then_some("no-tries-left"),
        };
        let produce = match (plain || self.id.is_some(), self.ending) {
            (false, _) => Some("no-pid"),
            (_, Some(_)) => Some("ending"),
            _ => (self.next >= config.records()).then_some("nothing-left"),
        };
        let resend = match (self.waiting.is_empty() && self.ending.is_none(), self.resends) {
            (true, _) => Some("all-acknowledged"),
            (_, n) => (u16::from(n) >= config.0.get(param::RESENDS)).then_some("no-tries-left"),
        };
        let end = match (config.transactional(), self.open, self.ending) {
            (false, ..) => Some("producer"),
            (_, None, _) => Some("no-transaction"),
            (_, _, Some(_)) => Some("ending"),
            _ => (!self.waiting.is_empty()).then_some("not-acknowledged"),
        };
        let offer = |verb, refused: Option<&'static str>| {
            let switch = refused.map(|why| if why == "no-pids" { "producer" } else { why });
            let switch = switch.filter(|why| *why == "producer");
            Offer { switch, ..Offer::new(verb, refused) }.usual(verb != INIT || self.starts == 0)
        };
        let all = [(INIT, init), (PRODUCE, produce), (RESEND, resend), (COMMIT, end), (ABORT, end)];
        all.map(|(verb, refused)| offer(verb, refused)).into()
    }

    /// What it says of itself.
    pub fn status(&self, config: Config) -> Status {
        let phase = match (self.trouble, self.id) {
            (Some(Trouble::Fenced), _) => "fenced",
            (Some(Trouble::Invalid), _) => "invalid-state",
            (Some(Trouble::OutOfOrder), _) => "out-of-order",
            (None, None) if config.kind() != Kind::Plain => "no-pid",
            _ if self.ending.is_some() => "ending",
            _ if !self.waiting.is_empty() => "waiting",
            _ if self.open.is_some() => "in-transaction",
            _ if self.done >= config.records() => "done",
            _ => "ready",
        };
        let sent = Gauge::new("sent", self.next);
        Status { gauges: vec![sent], ..Status::new(phase, Stance::Idle) }
    }
}
