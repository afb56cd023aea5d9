//! A worker: it has what a message asks for done, and says so.

use super::{Config, Msg, Queue, WORK};
use crate::protocol::{Ctx, Gauge, Out, Stance, Status};
use serde::{Deserialize, Serialize};

/// A message at a worker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Job {
    id: u8,
    handle: u8,
    /// Whether the store was asked.
    asked: bool,
}

/// A worker.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Worker {
    jobs: Vec<Job>,
    /// A message that failed was no longer on any queue.
    lost: bool,
    /// The broker did not take its last handle.
    stale: bool,
}

impl Worker {
    pub(super) fn hear(&mut self, ctx: &Ctx, msg: Msg, out: &mut Out<Queue>) {
        let config = Config(ctx.params);
        match msg {
            Msg::Deliver(id, handle) => {
                // The broker hands the next one out when it takes the last one for over.
                if !config.auto() {
                    self.jobs.clear();
                }
                self.stale = false;
                self.jobs.push(Job { id, handle, asked: false });
                out.arm(WORK);
            }
            Msg::Applied(id, handle) => {
                let job = Job { id, handle, asked: true };
                if self.jobs.contains(&job) {
                    self.jobs.retain(|j| *j != job);
                    let done = if config.auto() { Msg::Result(id) } else { Msg::Ack(id, handle) };
                    out.send(config.broker(), done);
                }
            }
            Msg::StaleHandle(..) => self.stale = true,
            _ => {}
        }
    }

    /// Does what the first message asks for that was not begun.
    pub(super) fn work(&mut self, ctx: &Ctx, out: &mut Out<Queue>) {
        let config = Config(ctx.params);
        let Some(at) = self.jobs.iter().position(|job| !job.asked) else { return };
        let Job { id, handle, .. } = self.jobs[at];
        if config.as_written() {
            self.jobs.remove(at);
            out.send(config.broker(), Msg::Result(id));
        } else if config.poison(id) {
            self.jobs.remove(at);
            if config.auto() {
                self.lost = true;
            } else {
                out.send(config.broker(), Msg::Nack(id, handle));
            }
        } else {
            self.jobs[at].asked = true;
            out.send(config.store(), Msg::Apply(id, handle));
        }
        if self.jobs.iter().any(|job| !job.asked) {
            out.arm(WORK);
        }
    }

    pub(super) fn status(&self) -> Status {
        let jobs = Gauge::count("in-hand", self.jobs.len());
        let remarks = [self.lost.then_some("failed-and-gone"), self.stale.then_some("handle-refused")];
        Status {
            gauges: vec![jobs],
            remarks: remarks.into_iter().flatten().collect(),
            ..Status::new(if self.jobs.is_empty() { "idle" } else { "working" }, Stance::Idle)
        }
    }
}
