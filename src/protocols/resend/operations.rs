//! What the operations do of which the steps of a strategy consist.

use super::store::{Known, Last, Row, number};
use super::strategies::{Op, Strategy};
use super::words::{Rec, With};
use super::{Config, Job, Resend, Service, param};
use crate::protocol::{Ctx, Out};
use crate::protocols::client::{Ask, Code, Key};
use crate::worlds::ticket::Look;

/// How a step goes on.
pub enum Next {
    /// With the next operation.
    On,
    /// The request is answered.
    Answer(Code, u8),
    /// The worker waits for the lock.
    Wait,
}

/// The key stands for something else.
const MISUSED: Next = Next::Answer(Code::Unprocessable, 0);
const SOLD_OUT: Next = Next::Answer(Code::SoldOut, 0);

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
        let (key, body) = (job.ask.key, job.ask.body);
        match op {
            Op::Room if self.has_room(ctx, job) => {}
            Op::Room => return SOLD_OUT,
            Op::Look => return self.look(ctx, &job.ask),
            Op::Lock if self.lock.is_none() => self.lock = Some(worker),
            Op::Lock => {
                self.queue.push(worker);
                return Next::Wait;
            }
            Op::Mark => self.write(Rec::Mark(key, body), out),
            Op::Count => self.write(Rec::Count(key, body), out),
            Op::Keep => self.write(Rec::Reply { key, body, says: job.says }, out),
            Op::Remember => drop(self.cache.insert(key, (body, job.says))),
            Op::Claim => return self.claim(ctx, job, out),
            Op::Charge => {
                let sets = Config(ctx.params).sets();
                let taker = job.taker().0;
                let record = if sets { Rec::Set(taker) } else { Rec::Charge(taker) };
                return self.sell(ctx, job, record, None, out);
            }
            Op::ChargeAndKeep => return self.book(ctx, job, With::Reply, out),
            Op::ChargeIfMine => return self.charge_if_mine(ctx, job, out),
            Op::InsertAndCharge => return self.insert(ctx, job, out),
            Op::ChargeIfNext => return self.charge_if_next(ctx, job, out),
            Op::ChargeIfSame => return self.charge_if_same(ctx, job, out),
            Op::Reply => return Next::Answer(Code::Ok, job.says),
        }
        Next::On
    }

    /// Whether there is a seat for this request.
    fn has_room(&self, ctx: &Ctx, job: &Job) -> bool {
        self.store.hall.has_room(Config(ctx.params).sale(), job.taker())
    }

    /// Sells a ticket by a record; where the seat is already as this client wants it, that changes nothing, and only
    /// what is to be known of the key is written.
    fn sell(
        &mut self,
        ctx: &Ctx,
        job: &mut Job,
        record: Rec,
        known: Option<Rec>,
        out: &mut Out<Resend>,
    ) -> Next {
        let config = Config(ctx.params);
        if config.look() == Look::AtSale && !self.has_room(ctx, job) {
            return self.turn_away(config.strategy(), job, out);
        }
        let taker = job.taker();
        job.says = self.store.receipt(taker.0, config.sets());
        if config.sets() && self.store.hall.last() == Some(taker) {
            known.into_iter().for_each(|record| self.write(record, out));
        } else {
            self.write(record, out);
            out.apply(taker);
            if self.store.hall.oversold(config.sale()) {
                out.alarm("invariant");
            }
        }
        Next::On
    }

    /// There is no seat left. Who claimed a key or has the next number must write that down: the claim would stay
    /// for ever, and the number after it would not be the next.
    fn turn_away(&mut self, strategy: Strategy, job: &Job, out: &mut Out<Resend>) -> Next {
        let numbered = strategy == Strategy::Sequence;
        if numbered || strategy.claims() {
            let client = numbered.then_some(job.from.0);
            self.write(Rec::SoldOut { client, key: job.ask.key, body: job.ask.body }, out);
        }
        SOLD_OUT
    }

    /// Sells a ticket and writes down what is to be known of it, in one transaction.
    fn book(&mut self, ctx: &Ctx, job: &mut Job, with: With, out: &mut Out<Resend>) -> Next {
        let config = Config(ctx.params);
        let (sets, taker, Ask { key, body, .. }) = (config.sets(), job.taker().0, job.ask);
        let says = self.store.receipt(taker, sets);
        // A version alone says nothing of who made it.
        let marked = if config.strategy() == Strategy::Version { Key::None } else { key };
        let record = Rec::Booked { taker, sets, key: marked, body, says, with };
        let known = match with {
            With::Number => Some(Rec::Number { client: job.from.0, key, body, says }),
            With::Version if marked == Key::None => None,
            With::Reply | With::Key | With::Version => Some(Rec::Reply { key, body, says }),
        };
        self.sell(ctx, job, record, known, out)
    }

    /// What a look at the key leads to.
    fn look(&self, ctx: &Ctx, ask: &Ask) -> Next {
        if Config(ctx.params).strategy() == Strategy::Cache {
            return match self.cache.get(&ask.key) {
                Some((body, _)) if self.differs(ctx, ask, *body) => MISUSED,
                Some((_, says)) => Next::Answer(Code::Ok, *says),
                None => Next::On,
            };
        }
        match self.store.rows.get(&ask.key) {
            Some(row) if self.differs(ctx, ask, row.body) => MISUSED,
            Some(Row { known: Known::Marked, .. }) => Next::Answer(Code::Ok, 0),
            // It was done, so it says, and there is nothing to say about it.
            Some(Row { known: Known::Counted, .. }) => Next::Answer(Code::Error, 0),
            Some(Row { known: Known::Answered { says }, .. }) => Next::Answer(Code::Ok, *says),
            Some(Row { known: Known::SoldOut, .. }) => SOLD_OUT,
            None | Some(Row { known: Known::Claimed { .. }, .. }) => Next::On,
        }
    }

    /// Whether this is another request than the one that its key stands for, and that is looked at.
    fn differs(&self, ctx: &Ctx, ask: &Ask, body: u8) -> bool {
        ctx.params.on(param::FINGERPRINT) && ask.body != body
    }

    fn claim(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        let key = job.ask.key;
        match self.store.rows.get(&key) {
            // Misuse comes first: told to wait, a client would never learn of it.
            Some(row) if self.differs(ctx, &job.ask, row.body) => return MISUSED,
            Some(Row { known: Known::Answered { says }, .. }) => return Next::Answer(Code::Ok, *says),
            Some(Row { known: Known::SoldOut, .. }) => return SOLD_OUT,
            Some(Row { known: Known::Claimed { .. }, .. }) if !self.late.contains(&key) => {
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
            Some(Known::Answered { says }) => Next::Answer(Code::Ok, says),
            Some(Known::SoldOut) => SOLD_OUT,
            _ => Next::Answer(Code::Conflict, 0),
        }
    }

    fn insert(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        match self.look(ctx, &job.ask) {
            Next::On => self.book(ctx, job, With::Key, out),
            known => known,
        }
    }

    fn charge_if_next(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        let last = self.store.numbers.get(&job.from.0).copied().unwrap_or_default();
        let number = number(job.ask.key);
        match last {
            _ if number == last.number + 1 => self.book(ctx, job, With::Number, out),
            _ if number != last.number => Next::Answer(Code::OutOfOrder, 0),
            Last { body, .. } if self.differs(ctx, &job.ask, body) => MISUSED,
            Last { says: 0, .. } => SOLD_OUT,
            Last { says, .. } => Next::Answer(Code::Ok, says),
        }
    }

    fn charge_if_same(&mut self, ctx: &Ctx, job: &mut Job, out: &mut Out<Resend>) -> Next {
        match job.ask.version {
            None => Next::Answer(Code::PreconditionRequired, 0),
            Some(v) if v != self.store.version => Next::Answer(Code::PreconditionFailed, self.store.version),
            Some(_) => self.book(ctx, job, With::Version, out),
        }
    }
}
