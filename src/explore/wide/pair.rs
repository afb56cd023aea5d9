//! Two threads: one works out what comes of worlds, the other looks it up. Worlds are found in the same order as by
//! one, so that every answer is the same.

use super::Wide;
use super::batch::Batch;
use super::gear::Gear;
use super::steps::Steps;
use crate::explore::course::Tables;
use crate::explore::engine::Stint;
use crate::explore::origin::Missing;
use std::collections::VecDeque;
use std::sync::{Arc, mpsc};
use std::thread;

/// A level with fewer worlds is not worth a second thread.
pub const WORTH: usize = 4_096;

/// How many worlds go from one to the other at once.
const PARENTS: usize = 512;

/// How many batches the other thread has at most.
const AHEAD: usize = 4;

/// How many batches there are at most.
const MOST: usize = 8;

/// A batch with all that it takes to fill it.
type Task<const W: usize> = (Arc<Gear<W>>, Arc<Tables>, Batch<W>);

impl<const W: usize> Wide<W> {
    /// Like [`Wide::alone`].
    pub(super) fn in_pairs(&mut self, stint: Stint) -> bool {
        let plain = self.plain();
        let (give, given) = mpsc::channel::<Task<W>>();
        let (answer, answers) = mpsc::channel::<Batch<W>>();
        // Moved in, so that the channel is closed and the other thread ends when this one leaves.
        thread::scope(move |scope| {
            let helper = thread::Builder::new().name("steps".into());
            let helper = helper.spawn_scoped(scope, move || {
                for (gear, tables, mut batch) in given {
                    batch.fill(Steps { gear: &gear, tables: &tables }, plain, usize::MAX);
                    // Given back before the batch is, so that whoever has all batches may change them.
                    drop((gear, tables));
                    if answer.send(batch).is_err() {
                        break;
                    }
                }
            });
            if helper.is_err() {
                return self.alone(stint);
            }
            let mut sent = self.expanded;
            // Batches in the order of their worlds; `None` stands for those that the other thread has.
            let mut queue: VecDeque<Option<Batch<W>>> = VecDeque::new();
            let (mut away, mut spare) = (0, Vec::new());
            // What is lost by leaving early is only work: a world counts as expanded once it is settled.
            while !self.rests(stint) {
                while away < AHEAD && queue.len() < MOST && sent < self.course.level_end {
                    let mut batch = spare.pop().unwrap_or_else(Batch::new);
                    sent = self.begin(&mut batch, sent, PARENTS);
                    let task = (Arc::clone(&self.gear), Arc::clone(self.course.tables()), batch);
                    give.send(task).expect("the other thread listens as long as there is something to give");
                    queue.push_back(None);
                    away += 1;
                }
                let waits = queue.front().is_some_and(Option::is_none);
                let busy = waits && queue.len() < MOST && sent < self.course.level_end;
                let answer = match waits && !busy {
                    true => Some(answers.recv().expect("the other thread answers every batch")),
                    false => answers.try_recv().ok(),
                };
                if let Some(answer) = answer {
                    come_back(&mut queue, answer);
                    away -= 1;
                } else if busy {
                    // Rather than wait.
                    let mut batch = spare.pop().unwrap_or_else(Batch::new);
                    sent = self.begin(&mut batch, sent, PARENTS);
                    batch.fill(self.ways(), plain, usize::MAX);
                    queue.push_back(Some(batch));
                }
                let Some(Some(mut batch)) = queue.pop_front_if(|first| first.is_some()) else { continue };
                self.settle(&batch, stint);
                if let Some(missing) = batch.missing.take()
                    && !self.rests(stint)
                {
                    // An earlier batch may have been held up by the same.
                    if !knows(self.course.tables(), missing) {
                        // What changes now must not be read meanwhile.
                        for answer in answers.iter().take(std::mem::take(&mut away)) {
                            come_back(&mut queue, answer);
                        }
                        if !self.supply(missing) {
                            return true;
                        }
                        // What is on its way was worked out by the rules of before.
                        if self.plain() != plain {
                            return false;
                        }
                    }
                    // The rest of it comes first.
                    batch.rest();
                    batch.fill(self.ways(), plain, usize::MAX);
                    queue.push_front(Some(batch));
                } else {
                    spare.push(batch);
                }
            }
            false
        })
    }
}

impl<const W: usize> Batch<W> {
    /// Leaves what is not done yet.
    fn rest(&mut self) {
        self.parents.drain(..self.done.len());
        self.found_by.drain(..self.done.len());
        self.children.clear();
        self.arcs.clear();
        self.done.clear();
    }
}

/// Whether what was missing has been worked out.
fn knows(tables: &Tables, missing: Missing) -> bool {
    match missing {
        Missing::Own(node, local) => tables.own(node, local).is_some(),
        Missing::Deliver(message, local) => tables.deliver(message, local).is_some(),
    }
}

/// Answers come in the order in which batches were given away.
fn come_back<T>(queue: &mut VecDeque<Option<T>>, answer: T) {
    let place = queue.iter_mut().find(|place| place.is_none());
    *place.expect("it has been waited for") = Some(answer);
}
