//! The service: a list of steps for each variant, and the store that they change.

use super::{BuyGoods, Config, Msg, Rec, Variant};
use crate::order::{Map, Set};
use crate::protocol::{Account, Ctx, Gauge, Lock, NodeId, Out, Resource, Stance, Status, Timer};
use crate::protocols::client::{self, Ask, Code, Key, Reply};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How many requests the service works on at once. Each has a timer, which is its next step.
const WORKERS: u8 = 3;

/// What each worker goes by, where it has read the stock.
const READ: [&str; 3] = ["read-1", "read-2", "read-3"];

/// What is locked: the article, with a request's id or without.
pub const GOODS: &str = "goods";

/// A step. Other requests come in between steps and not within one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Op {
    /// Reads the stock; answers that it is sold out if that is too little.
    Read,
    /// Takes the lock, or waits for it; it is held until the answer.
    Lock,
    /// Writes the stock that follows from what was read, then the purchase; answers.
    Update,
    /// Both in one transaction, if there is enough; answers.
    Sell,
    /// The same with the request's id and the reply; answers again what is known of the id.
    SellOnce,
}

impl Variant {
    fn program(self) -> &'static [Op] {
        match self {
            Variant::AsWritten => &[Op::Read, Op::Lock, Op::Update],
            Variant::PairLock | Variant::Recheck => &[Op::Lock, Op::Read, Op::Update],
            Variant::Transaction => &[Op::Sell],
            Variant::Correct => &[Op::SellOnce],
        }
    }

    /// The record that must be durable before a client is told OK.
    fn sold(self) -> &'static str {
        match self {
            Variant::AsWritten | Variant::PairLock | Variant::Recheck => "purchase",
            Variant::Transaction => "sale",
            Variant::Correct => "sale+key",
        }
    }
}

/// How many a request is for: two, or three where it is another than the first.
fn quantity(ask: &Ask) -> u8 {
    ask.body + 1
}

/// What is known of a request's id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Row {
    quantity: u8,
    says: u8,
}

/// What is durable at the service: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Store {
    stock: u8,
    sold: u8,
    purchases: u8,
    rows: Map<Key, Row>,
}

impl Store {
    fn of(stock: u8, log: &[Rec]) -> Store {
        let mut store = Store { stock, sold: 0, purchases: 0, rows: Map::new() };
        for record in log {
            store.add(record);
        }
        store
    }

    fn add(&mut self, record: &Rec) {
        match *record {
            Rec::Note(_) => {}
            Rec::Stock(left) => self.stock = left,
            Rec::Purchase(_, n) => self.bought(n),
            Rec::Sale(_, n) => {
                self.stock -= n;
                self.bought(n);
            }
            Rec::SaleKey { quantity, key, says, .. } => {
                self.stock -= quantity;
                self.bought(quantity);
                self.rows.insert(key, Row { quantity, says });
            }
        }
    }

    fn bought(&mut self, n: u8) {
        self.sold = self.sold.saturating_add(n);
        self.purchases = self.purchases.saturating_add(1);
    }

    /// The number of the next receipt.
    fn receipt(&self) -> u8 {
        self.purchases + 1
    }
}

/// A request that is being worked on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Job {
    from: NodeId,
    ask: Ask,
    /// The next step of the program.
    at: u8,
    /// The stock as it was read; 0 if it was not.
    read: u8,
}

/// The service.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Service {
    store: Store,
    /// By worker.
    jobs: Map<u8, Job>,
    /// Workers that hold the lock: several only where it is not the article's alone.
    holders: Set<u8>,
    /// Workers that wait for it, first come first.
    queue: Vec<u8>,
}

/// How a request goes on.
enum Next {
    /// With its next step.
    On,
    /// It is answered.
    Answer(Code, u8),
    /// It waits for the lock.
    Wait,
}

const SOLD_OUT: Next = Next::Answer(Code::SoldOut, 0);

impl Service {
    /// Starts with what the log says, and with nobody at work.
    pub fn new(stock: u8, log: &[Rec]) -> Service {
        Service { store: Store::of(stock, log), jobs: Map::new(), holders: Set::new(), queue: Vec::new() }
    }

    /// A request comes in: a worker begins with its first step at once.
    pub fn accept(&mut self, ctx: &Ctx, from: NodeId, ask: Ask, out: &mut Out<BuyGoods>) {
        let refuse = |code, out: &mut Out<BuyGoods>| {
            out.send(from, Msg::Reply(Reply { key: ask.key, code, says: 0 }));
        };
        if Config(ctx.params).variant() == Variant::Correct && ask.key == Key::None {
            return refuse(Code::BadRequest, out);
        }
        let Some(worker) = (0..WORKERS).find(|w| !self.jobs.contains_key(w)) else {
            return refuse(Code::Unavailable, out);
        };
        self.jobs.insert(worker, Job { from, ask, at: 0, read: 0 });
        self.work(ctx, worker, out);
    }

    /// A worker does its next step.
    pub fn work(&mut self, ctx: &Ctx, worker: u8, out: &mut Out<BuyGoods>) {
        let Some(mut job) = self.jobs.get(&worker).copied() else { return };
        let variant = Config(ctx.params).variant();
        match self.act(variant, worker, &mut job, out) {
            Next::On => self.go_on(worker, job, out),
            Next::Wait => self.queue.push(worker),
            Next::Answer(code, says) => {
                let reply = Msg::Reply(Reply { key: job.ask.key, code, says });
                match code {
                    Code::Ok => out.send_after(variant.sold(), job.from, reply),
                    _ => out.send(job.from, reply),
                }
                self.finish(variant, worker, out);
            }
        }
    }

    fn go_on(&mut self, worker: u8, job: Job, out: &mut Out<BuyGoods>) {
        self.jobs.insert(worker, Job { at: job.at + 1, ..job });
        out.arm(Timer(worker));
    }

    fn act(&mut self, variant: Variant, worker: u8, job: &mut Job, out: &mut Out<BuyGoods>) -> Next {
        let (client, wanted) = (job.from.0, quantity(&job.ask));
        let enough = self.store.stock >= wanted;
        let says = self.store.receipt();
        match variant.program()[usize::from(job.at)] {
            Op::Read if !enough => return SOLD_OUT,
            Op::Read => {
                job.read = self.store.stock;
                return Next::On;
            }
            Op::Lock if self.holder(variant, &job.ask).is_some() => return Next::Wait,
            Op::Lock => {
                self.holders.insert(worker);
                return Next::On;
            }
            Op::Update => {
                self.write(Rec::Stock(job.read - wanted), out);
                self.write(Rec::Purchase(client, wanted), out);
            }
            Op::Sell if !enough => return SOLD_OUT,
            Op::Sell => self.write(Rec::Sale(client, wanted), out),
            Op::SellOnce => {
                let key = job.ask.key;
                match self.store.rows.get(&key) {
                    Some(row) if row.quantity != wanted => return Next::Answer(Code::Unprocessable, 0),
                    Some(row) => return Next::Answer(Code::Ok, row.says),
                    None if !enough => return SOLD_OUT,
                    None => self.write(Rec::SaleKey { client, quantity: wanted, key, says }, out),
                }
            }
        }
        out.apply(client::intent(client, job.ask.wish));
        Next::Answer(Code::Ok, says)
    }

    fn write(&mut self, record: Rec, out: &mut Out<BuyGoods>) {
        self.store.add(&record);
        out.force(record);
    }

    /// Who holds the lock that this request needs.
    fn holder(&self, variant: Variant, ask: &Ask) -> Option<u8> {
        let same = |w: &u8| self.jobs.get(w).is_some_and(|job| job.ask.key == ask.key);
        self.holders.iter().copied().find(|w| variant != Variant::PairLock || same(w))
    }

    /// A worker is done; who waits longest for its lock goes on.
    fn finish(&mut self, variant: Variant, worker: u8, out: &mut Out<BuyGoods>) {
        self.jobs.remove(&worker);
        self.holders.remove(&worker);
        let job = |w: &u8| self.jobs.get(w).copied();
        let free = |w: &u8| job(w).is_some_and(|job| self.holder(variant, &job.ask).is_none());
        if let Some(place) = self.queue.iter().position(free) {
            let next = self.queue.remove(place);
            self.holders.insert(next);
            if let Some(job) = self.jobs.get(&next).copied() {
                self.go_on(next, job, out);
            }
        }
    }

    fn locks(&self, variant: Variant) -> Vec<Lock> {
        let lock = |holder: &u8| {
            let pair = self.jobs.get(holder).filter(|_| variant == Variant::PairLock);
            let waits =
                |w: &&u8| self.jobs.get(w).is_some_and(|j| self.holder(variant, &j.ask) == Some(*holder));
            let waiters = self.queue.iter().filter(waits).filter_map(|w| self.jobs.get(w));
            Lock {
                resource: Resource(pair.map_or(0, |_| holder + 1)),
                name: pair.map_or(GOODS.into(), |job| format!("{GOODS}+{}", job.ask.key.print())),
                holder: None,
                waiters: waiters.map(|job| job.from).collect(),
            }
        };
        self.holders.iter().map(lock).collect()
    }

    /// What it says of itself.
    pub fn status(&self, ctx: &Ctx) -> Status {
        let config = Config(ctx.params);
        let Store { stock, sold, purchases, .. } = self.store;
        let account = |name: &str, opening: u8, balance: u8| Account {
            name: name.into(),
            opening: opening.into(),
            balance: balance.into(),
            pending: 0,
            deposited: 0,
        };
        let there = i32::from(stock) + i32::from(sold);
        let sum = match there.cmp(&config.stock().into()) {
            Ordering::Less => Some("missing"),
            Ordering::Equal => None,
            Ordering::Greater => Some("oversold"),
        };
        let read = || self.jobs.iter().filter(|(_, job)| job.read > 0);
        let stale = read().any(|(_, job)| job.read != stock).then_some("stale-read");
        let counts =
            [Gauge::new("stock", stock), Gauge::new("sold", sold), Gauge::new("purchases", purchases)];
        let gauges =
            counts.into_iter().chain(read().map(|(w, job)| Gauge::new(READ[usize::from(*w)], job.read)));
        Status {
            accounts: vec![account("stock", config.stock(), stock), account("sold", 0, sold)],
            gauges: gauges.collect(),
            locks: self.locks(config.variant()),
            remarks: sum.into_iter().chain(stale).collect(),
            ..Status::new(if self.jobs.is_empty() { "idle" } else { "working" }, Stance::Idle)
        }
    }
}
