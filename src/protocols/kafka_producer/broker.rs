//! The broker of a partition, and the coordinator of transactions.

use super::{Batch, Config, FORGET, Kafka, Kind, Msg, Rec, param};
use crate::order::Map;
use crate::protocol::{Ctx, Gauge, NodeId, Out, Request, Stance, Status};
use serde::{Deserialize, Serialize};

/// What is known of a PID in the partition.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
struct State {
    epoch: u8,
    last: Option<u8>,
    /// The last five batches in this epoch: number and offset.
    batches: Vec<(u8, u8)>,
}

/// The broker. All of it is a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Broker {
    /// How many ids were given out.
    pids: u8,
    /// The epoch of the one that belongs to the `transactional.id`, which is the first.
    epoch: u8,
    known: Map<u8, State>,
    /// How many batches and markers there are.
    offset: u8,
    appended: u8,
    committed: u8,
    /// The records of the open transaction.
    open: Vec<u8>,
    /// Up to which record everything is committed.
    position: u8,
    /// How the last transaction ended, and in which epoch.
    ended: Option<(u8, bool)>,
    /// Whether it was that end which raised the epoch, and not an instance that started.
    raised: bool,
    /// How many transactions have ended since an instance started.
    turns: u8,
}

/// What comes of a batch, or of an end.
enum Check {
    Append,
    Duplicate(u8),
    OutOfOrder,
    Fenced,
    Invalid,
}

impl Broker {
    /// Comes up with what its log says.
    pub fn boot(config: Config, log: &[Rec]) -> Broker {
        let mut broker = Broker::default();
        for record in log {
            broker.add(config, record);
        }
        broker
    }

    fn add(&mut self, config: Config, record: &Rec) {
        match *record {
            Rec::Done(_) => {}
            Rec::Pid(pid, epoch) => {
                (self.pids, self.epoch) = (self.pids.max(pid), epoch);
                (self.raised, self.turns) = (false, 0);
            }
            Rec::Batch(batch) => self.append(config, batch),
            Rec::Marker(pid, epoch, commit) => self.end(pid, epoch, commit),
            Rec::Forget(pid) => drop(self.known.remove(&pid)),
        }
    }

    fn append(&mut self, config: Config, batch: Batch) {
        self.offset += 1;
        self.appended += 1;
        match config.transactional() {
            true => self.open.push(batch.record),
            false => self.committed += 1,
        }
        if batch.pid == 0 {
            return;
        }
        let known = self.known.get(&batch.pid).cloned().unwrap_or_default();
        let mut batches = if known.epoch == batch.epoch { known.batches } else { Vec::new() };
        batches.push((batch.seq, self.offset));
        if batches.len() > 5 {
            batches.remove(0);
        }
        self.known.insert(batch.pid, State { epoch: batch.epoch, last: Some(batch.seq), batches });
    }

    fn end(&mut self, pid: u8, epoch: u8, commit: bool) {
        self.offset += 1;
        let before = self.known.get(&pid).map_or(self.epoch, |state| state.epoch);
        if commit {
            self.committed += self.open.len() as u8;
            self.position = self.open.iter().map(|r| r + 1).fold(self.position, u8::max);
        }
        self.open = Vec::new();
        self.ended = Some((before, commit));
        // A marker that a new instance brings about ends nothing of its own.
        self.raised = epoch > self.epoch;
        self.turns += u8::from(self.raised || before == self.epoch);
        self.epoch = self.epoch.max(epoch);
        if epoch > before {
            self.known.insert(pid, State { epoch, ..State::default() });
        }
    }

    fn write(&mut self, config: Config, record: Rec, out: &mut Out<Kafka>) {
        self.add(config, &record);
        out.force(record);
    }

    /// A message comes in.
    pub fn hear(&mut self, config: Config, from: NodeId, msg: Msg, out: &mut Out<Kafka>) {
        match msg {
            Msg::Init => self.init(config, from, out),
            Msg::Produce(batch) => match self.check(config, batch) {
                Check::Append => {
                    self.write(config, Rec::Batch(batch), out);
                    if !config.transactional() {
                        out.apply(Request(batch.record));
                    }
                    out.send(from, Msg::Ack(batch, self.offset));
                }
                Check::Duplicate(offset) => out.send(from, Msg::Ack(batch, offset)),
                Check::OutOfOrder => out.send(from, Msg::OutOfOrder(batch)),
                Check::Fenced => out.send(from, Msg::Fenced(batch.pid, batch.epoch)),
                Check::Invalid => out.send(from, Msg::Invalid(batch.pid, batch.epoch)),
            },
            Msg::End(pid, epoch, commit, turn) => {
                let msg = match self.finish(config, (pid, epoch, commit), out) {
                    Check::Append | Check::Duplicate(_) => Msg::Ended(pid, self.epoch, commit, turn),
                    Check::OutOfOrder | Check::Invalid => Msg::Invalid(pid, epoch),
                    Check::Fenced => Msg::Fenced(pid, epoch),
                };
                out.send(from, msg);
            }
            _ => {}
        }
    }

    /// A producer starts: another id, or the next epoch of the id that belongs to the `transactional.id`.
    fn init(&mut self, config: Config, from: NodeId, out: &mut Out<Kafka>) {
        if !config.transactional() {
            self.write(config, Rec::Pid(self.pids + 1, 0), out);
            return out.send(from, Msg::Pid(self.pids, 0, 0));
        }
        let epoch = if self.pids == 0 { 0 } else { self.epoch + 1 };
        self.write(config, Rec::Pid(1, epoch), out);
        if !self.open.is_empty() {
            self.write(config, Rec::Marker(1, epoch, false), out);
        }
        out.send(from, Msg::Pid(1, epoch, self.position));
    }

    /// The table, row by row. The coordinator knows of an epoch before the partition does.
    fn check(&self, config: Config, batch: Batch) -> Check {
        match self.place(config, batch) {
            Check::Append if config.transactional() && batch.turn < self.turns => Check::Invalid,
            check => check,
        }
    }

    fn place(&self, config: Config, batch: Batch) -> Check {
        if config.kind() == Kind::Plain {
            return Check::Append;
        }
        if config.transactional() && batch.epoch < self.epoch {
            return Check::Fenced;
        }
        let Some(state) = self.known.get(&batch.pid) else {
            let only_first = config.kind() == Kind::TransactionalV2 && batch.seq != 0;
            return if only_first { Check::OutOfOrder } else { Check::Append };
        };
        if batch.epoch < state.epoch {
            return Check::Fenced;
        }
        if batch.epoch > state.epoch {
            return if batch.seq == 0 { Check::Append } else { Check::OutOfOrder };
        }
        match state.batches.iter().find(|(seq, _)| *seq == batch.seq) {
            Some((_, offset)) => Check::Duplicate(*offset),
            None if batch.seq == config.next(state.last) => Check::Append,
            None => Check::OutOfOrder,
        }
    }

    /// A producer ends its transaction. Who asks again for a commit that was done is told so again. An abort may
    /// have been brought about by a later instance: who asks for that again in an older epoch is fenced.
    fn finish(
        &mut self,
        config: Config,
        (pid, epoch, commit): (u8, u8, bool),
        out: &mut Out<Kafka>,
    ) -> Check {
        if epoch < self.epoch {
            let own = commit && self.ended == Some((epoch, true)) && epoch + 1 == self.epoch && self.raised;
            return if own { Check::Duplicate(0) } else { Check::Fenced };
        }
        if self.open.is_empty() {
            let same = self.ended.is_some_and(|(_, how)| how == commit);
            return if same { Check::Duplicate(0) } else { Check::Invalid };
        }
        let records = self.open.clone();
        let next = if config.kind() == Kind::TransactionalV2 { epoch + 1 } else { epoch };
        self.write(config, Rec::Marker(pid, next, commit), out);
        for record in records.into_iter().filter(|_| commit) {
            out.apply(Request(record));
        }
        Check::Append
    }

    /// The PID that has been known for longest is forgotten.
    pub fn forget(&mut self, config: Config, out: &mut Out<Kafka>) {
        let oldest = self.known.keys().next().copied();
        if let Some(pid) = oldest {
            self.write(config, Rec::Forget(pid), out);
        }
    }

    /// Watches the clock.
    pub fn watch(&self, ctx: &Ctx, out: &mut Out<Kafka>) {
        let open = ctx.params.on(param::EXPIRY) && self.open.is_empty() && !self.known.is_empty();
        if open { out.arm(FORGET) } else { out.cancel(FORGET) }
    }

    /// What consumers see.
    pub fn status(&self) -> Status {
        let gauges =
            vec![Gauge::new("read-uncommitted", self.appended), Gauge::new("read-committed", self.committed)];
        Status { gauges, ..Status::new("idle", Stance::Idle) }
    }
}
