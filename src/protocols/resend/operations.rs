//! What the operations do of which the steps of a strategy consist.

use super::store::{Known, number};
use super::strategies::{Op, Strategy};
use super::words::{Rec, With};
use super::{Config, Job, Resend, Service, param};
use crate::protocol::{Ctx, Out, Request};
use crate::protocols::client::{Ask, Code, Key};

/// How a step goes on.
pub enum Next {
    /// With the next operation.
    On,
    /// The request is answered.
    Answer(Code, u8),
    /// The worker waits for the lock.
    Wait,
}

impl Service {
    /// Does one operation of a request.
    pub(super) fn act(
        &mut self,
        ctx: &Ctx,
        worker: u8,
        job: &mut Job,
        op: Op,
        out: &mut Out<Resend>,
    ) -> Next {
        let key = job.ask.key;
        match op {
            Op::Look => return self.look(ctx, key),
            Op::Lock if self.lock.is_none() => self.lock = Some(worker),
            Op::Lock => {
                self.queue.push(worker);
                return Next::Wait;
            }
            Op::Mark => self.write(Rec::Mark(key), out),
            Op::Count => self.write(Rec::Count(key), out),
            Op::Keep => self.write(Rec::Reply(key, job.says), out),
            Op::Remember => drop(self.cache.insert(key, job.says)),
            Op::Claim => return self.claim(ctx, job, out),
            Op::Charge => {
                let sets = Config(ctx.params).sets();
                let record = if sets { Rec::Set(job.taker()) } else { Rec::Charge(job.taker()) };
                self.sell(ctx, job, record, None, out);
            }
            Op::ChargeAndKeep => self.book(ctx, job, With::Reply, out),
            Op::ChargeIfMine => return self.charge_if_mine(ctx, job, out),
            Op::InsertAndCharge => return self.insert(ctx, job, out),
            Op::ChargeIfNext => return self.charge_if_next(ctx, job, out),
            Op::ChargeIfSame => return self.charge_if_same(ctx, job, out),
            Op::Reply => return Next::Answer(Code::Ok, job.says),
        }
        Next::On
    }

    /// Sells a ticket by a record; where the seat is already as this client wants it, that changes nothing, and only what
    /// is to be known of the key is written.
    fn sell(&mut self, ctx: &Ctx, job: &mut Job, record: Rec, known: Option<Rec>, out: &mut Out<Resend>) {
        let sets = Config(ctx.params).sets();
        job.says = self.store.receipt(job.taker(), sets);
        if sets && self.store.seat == job.taker() + 1 {
            known.into_iter().for_each(|record| self.write(record, out));
        } else {
            self.write(record, out);
            out.apply(Request(job.taker()));
        }
    }

    /// Sells a ticket and writes down what is to be known of it, in one transaction.
    fn book(&mut self, ctx: &Ctx, job: &mut Job, with: With, out: &mut Out<Resend>) {
        let config = Config(ctx.params);
        let sets = config.sets();
        let says = self.store.receipt(job.taker(), sets);
        // A version alone says nothing of who made it.
        let key = if config.strategy() == Strategy::Version { Key::None } else { job.ask.key };
        let record = Rec::Booked { taker: job.taker(), sets, key, body: job.ask.body, says, with };
        self.sell(ctx, job, record, Some(Rec::Reply(job.ask.key, says)), out);
    }

    /// What a look at the key leads to.
    fn look(&self, ctx: &Ctx, key: Key) -> Next {
        if Config(ctx.params).strategy() == Strategy::Cache {
            return self.cache.get(&key).map_or(Next::On, |says| Next::Answer(Code::Ok, *says));
        }
        match self.store.rows.get(&key).map(|row| row.known) {
            None | Some(Known::Claimed { .. }) => Next::On,
            Some(Known::Marked) => Next::Answer(Code::Ok, 0),
            // It was done, so it says, and there is nothing to say about it.
            Some(Known::Counted) => Next::Answer(Code::Error, 0),
            Some(Known::Answered { says }) => Next::Answer(Code::Ok, says),
        }
    }

    /// Whether the key stands for another request than this.
    fn misused(&self, ctx: &Ctx, ask: &Ask) -> bool {
        let other = self.store.rows.get(&ask.key).is_some_and(|row| row.body != 0 && row.body != ask.body);
        ctx.params.on(param::FINGERPRINT) && other
    }

    fn claim(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        let key = job.ask.key;
        // Misuse comes first: told to wait, a client would never learn of it.
        if self.misused(ctx, &job.ask) {
            return Next::Answer(Code::Unprocessable, 0);
        }
        match self.store.rows.get(&key).map(|row| row.known) {
            Some(Known::Answered { says }) => return Next::Answer(Code::Ok, says),
            Some(Known::Claimed { .. }) if !self.late.contains(&key) => {
                return Next::Answer(Code::Conflict, 0);
            }
            _ => {}
        }
        self.late.remove(&key);
        job.owner = self.store.claims + 1;
        self.write(Rec::Claim { key, body: job.ask.body, owner: job.owner }, out);
        Next::On
    }

    fn charge_if_mine(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        match self.store.rows.get(&job.ask.key).map(|row| row.known) {
            Some(Known::Claimed { owner }) if owner == job.owner => self.book(ctx, job, With::Reply, out),
            Some(Known::Answered { says }) => return Next::Answer(Code::Ok, says),
            _ => return Next::Answer(Code::Conflict, 0),
        }
        Next::On
    }

    fn insert(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        if self.misused(ctx, &job.ask) {
            return Next::Answer(Code::Unprocessable, 0);
        }
        if let Some(Known::Answered { says }) = self.store.rows.get(&job.ask.key).map(|row| row.known) {
            return Next::Answer(Code::Ok, says);
        }
        self.book(ctx, job, With::Key, out);
        Next::On
    }

    fn charge_if_next(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        let (last, said) = self.store.numbers.get(&job.from.0).copied().unwrap_or((0, 0));
        match number(job.ask.key) {
            n if n == last + 1 => self.book(ctx, job, With::Number, out),
            n if n == last => return Next::Answer(Code::Ok, said),
            _ => return Next::Answer(Code::Conflict, 0),
        }
        Next::On
    }

    fn charge_if_same(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        match job.ask.version {
            None => return Next::Answer(Code::PreconditionRequired, 0),
            Some(v) if v != self.store.version => {
                return Next::Answer(Code::PreconditionFailed, self.store.version);
            }
            Some(_) => self.book(ctx, job, With::Version, out),
        }
        Next::On
    }
}
