//! The broker: what it has, what it has handed out, and what it set aside.

use super::{Config, Dead, Msg, Queue, Rec, SET_ASIDE, VISIBILITY, intent};
use crate::protocol::{Ctx, Gauge, NodeId, Out, Request, Stance, Status};
use serde::{Deserialize, Serialize};

/// A message that the broker has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Entry {
    id: u8,
    /// How often it was handed out.
    receives: u8,
    /// The handle by which it is out, if it is, and at which worker.
    out: Option<(u8, u8)>,
}

/// The broker: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Broker {
    /// In their order; what comes back comes back to its place.
    entries: Vec<Entry>,
    produced: u8,
    /// How often anything was handed out: the last handle.
    handles: u8,
    done: u8,
    dead: Vec<u8>,
    dropped: u8,
    /// Off the queue, and not yet on the dead-letter queue.
    between: Vec<(u8, u8)>,
}

impl Broker {
    /// Comes up with what its log says. What was out stays out: its time goes on.
    pub(super) fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Queue>) -> Broker {
        let mut broker = Broker {
            entries: Vec::new(),
            produced: 0,
            handles: 0,
            done: 0,
            dead: Vec::new(),
            dropped: 0,
            between: Vec::new(),
        };
        for record in log {
            broker.add(record);
        }
        // Nothing says any more where those were to go.
        broker.between.clear();
        if broker.missing() > 0 {
            out.alarm("conserved");
        }
        broker.hand_out(ctx, out);
        broker.watch(out);
        broker
    }

    fn add(&mut self, record: &Rec) {
        match *record {
            Rec::Put(id) => {
                self.produced += 1;
                self.entries.push(Entry { id, receives: 0, out: None });
            }
            Rec::Out(id, handle, worker) => {
                self.handles = handle;
                if let Some(at) = self.queued(id) {
                    self.entries[at].receives += 1;
                    self.entries[at].out = Some((handle, worker));
                }
            }
            Rec::Taken(id, handle) => {
                self.handles = handle;
                if let Some(at) = self.queued(id) {
                    self.entries.remove(at);
                }
                self.done += 1;
            }
            Rec::Back(handle) => {
                if let Some(at) = self.handed(handle) {
                    self.entries[at].out = None;
                }
            }
            Rec::Done(handle) => {
                self.take(handle);
                self.done += 1;
            }
            // After `removed` it is off the queue already.
            Rec::Dead(id, handle) => {
                self.take(handle);
                self.between.retain(|b| *b != (id, handle));
                self.dead.push(id);
            }
            Rec::Removed(id, handle) => {
                self.take(handle);
                self.between.push((id, handle));
            }
            Rec::Dropped(_, handle) => {
                self.take(handle);
                self.dropped += 1;
            }
            Rec::Intent(_) | Rec::Effect(_) | Rec::EffectId(_) => {}
        }
    }

    fn write(&mut self, record: Rec, out: &mut Out<Queue>) {
        self.add(&record);
        out.force(record);
    }

    /// Where the first message of this number stands that is not out.
    fn queued(&self, id: u8) -> Option<usize> {
        self.entries.iter().position(|e| e.id == id && e.out.is_none())
    }

    /// Where the message stands that is out by this handle.
    fn handed(&self, handle: u8) -> Option<usize> {
        self.entries.iter().position(|e| e.out.is_some_and(|(h, _)| h == handle))
    }

    fn take(&mut self, handle: u8) {
        if let Some(at) = self.handed(handle) {
            self.entries.remove(at);
        }
    }

    fn out(&self) -> usize {
        self.entries.iter().filter(|e| e.out.is_some()).count()
    }

    /// How many messages are nowhere: produced = queued + out + done + set aside + dropped, or it lost some.
    fn missing(&self) -> i32 {
        let known = self.entries.len() + self.dead.len() + self.between.len();
        i32::from(self.produced) - known as i32 - i32::from(self.done) - i32::from(self.dropped)
    }

    pub(super) fn hear(&mut self, ctx: &Ctx, from: NodeId, msg: Msg, out: &mut Out<Queue>) {
        let producer = NodeId(0);
        match msg {
            Msg::Produce(id) => self.write(Rec::Put(id), out),
            Msg::Result(id) => return out.send(producer, Msg::Result(id)),
            Msg::Ack(id, handle) | Msg::Nack(id, handle) if self.handed(handle).is_none() => {
                return out.send(from, Msg::StaleHandle(id, handle));
            }
            Msg::Ack(id, handle) => {
                self.write(Rec::Done(handle), out);
                out.send_after("done", producer, Msg::Result(id));
            }
            Msg::Nack(id, handle) => self.back(ctx, id, handle, out),
            _ => return,
        }
        self.hand_out(ctx, out);
        self.watch(out);
    }

    pub(super) fn time_is_up(&mut self, ctx: &Ctx, out: &mut Out<Queue>) {
        let oldest = self.entries.iter().filter_map(|e| e.out.map(|(handle, _)| (handle, e.id))).min();
        if let Some((handle, id)) = oldest {
            self.back(ctx, id, handle, out);
        }
        self.hand_out(ctx, out);
        self.watch(out);
    }

    /// A message is shown again, or set aside when it has been out as often as it may.
    fn back(&mut self, ctx: &Ctx, id: u8, handle: u8, out: &mut Out<Queue>) {
        let config = Config(ctx.params);
        let receives = self.handed(handle).map_or(0, |at| self.entries[at].receives);
        match config.dead() {
            _ if receives < config.limit() => self.write(Rec::Back(handle), out),
            Dead::OneStep => self.write(Rec::Dead(id, handle), out),
            Dead::Off => self.write(Rec::Dropped(id, handle), out),
            Dead::TwoSteps => {
                self.write(Rec::Removed(id, handle), out);
                out.arm(SET_ASIDE);
            }
        }
    }

    pub(super) fn set_aside(&mut self, out: &mut Out<Queue>) {
        for (id, handle) in self.between.clone() {
            self.write(Rec::Dead(id, handle), out);
        }
    }

    /// Hands out what it can: everything where nothing is acknowledged, else one message to each worker.
    fn hand_out(&mut self, ctx: &Ctx, out: &mut Out<Queue>) {
        let config = Config(ctx.params);
        while let Some(id) = self.entries.iter().find(|e| e.out.is_none()).map(|e| e.id) {
            let busy = |w: &u8| self.entries.iter().any(|e| e.out.is_some_and(|(_, at)| at == *w));
            let turns = (0..config.workers()).map(|i| (self.handles + i) % config.workers());
            let Some(worker) = turns.into_iter().find(|w| !busy(w)) else { return };
            let (to, handle) = (config.worker(worker), self.handles + 1);
            let (record, word) = match config.auto() {
                true => (Rec::Taken(id, handle), "taken"),
                false => (Rec::Out(id, handle, worker), "out"),
            };
            self.write(record, out);
            out.send_after(word, to, Msg::Deliver(id, handle));
        }
    }

    fn watch(&self, out: &mut Out<Queue>) {
        if self.out() > 0 { out.arm(VISIBILITY) } else { out.cancel(VISIBILITY) }
    }

    /// What has become of messages that are on the queue no more and were not done with. One that was sent again
    /// may be on it all the same.
    fn fates(&self, log: &[Rec]) -> Vec<(Request, &'static str)> {
        let fate = |record: &Rec| match *record {
            Rec::Dead(id, _) => Some((id, "dead")),
            Rec::Dropped(id, _) => Some((id, "dropped")),
            Rec::Taken(id, _) => Some((id, "taken")),
            _ => None,
        };
        let gone = |id: u8| self.entries.iter().all(|e| e.id != id);
        let fates = log.iter().filter_map(fate).filter(|(id, _)| gone(*id));
        fates.map(|(id, word)| (intent(id), word)).collect()
    }

    pub(super) fn status(&self, log: &[Rec]) -> Status {
        let out = self.out();
        let queued = self.entries.len() - out;
        let receives = self.entries.iter().map(|e| e.receives).max().unwrap_or(0);
        let phase = match (queued, out) {
            (_, 1..) => "handed-out",
            (0, _) => "empty",
            _ => "queued",
        };
        Status {
            gauges: vec![
                // What went wrong comes first: on a narrow card there is no room for all.
                Gauge::count("dead", self.dead.len()),
                Gauge::new("dropped", self.dropped),
                Gauge::new("done", self.done),
                Gauge::count("queued", queued),
                Gauge::count("out", out),
                Gauge::new("receives", receives),
                Gauge::new("produced", self.produced),
            ],
            fates: self.fates(log),
            remarks: (!self.between.is_empty()).then_some("missing").into_iter().collect(),
            ..Status::new(phase, Stance::Idle)
        }
    }
}
