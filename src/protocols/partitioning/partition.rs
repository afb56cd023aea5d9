//! A partition: what it owns, what it knows of keys, and how it hands both on.

use super::{By, Config, MOVE, Moves, Msg, Partitioning, REBALANCE, Rec, Rows};
use crate::order::{Map, Set};
use crate::protocol::{Ctx, Gauge, NodeId, Offer, Out, Stance, Status};
use crate::protocols::client::{self, Ask, Code, Key, Reply};
use serde::{Deserialize, Serialize};

/// A partition: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Partition {
    owns: bool,
    /// Whether it gave away what it owned.
    gave: bool,
    /// Tickets sold of what it owns.
    charges: u8,
    rows: Rows,
    /// Keys at home here, and the requests that they belong to.
    claims: Map<Key, u8>,
    /// Whether the records came by themselves.
    records: bool,
    /// What it gave away and has no word of: 0 the object, 1 its records.
    under_way: Set<u8>,
}

impl Partition {
    /// Comes up with what its log says.
    pub(super) fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Partitioning>) -> Partition {
        let config = Config(ctx.params);
        // Where one object is what everybody wants, one partition has it.
        let shared = matches!(config.by(), By::Object | By::Key);
        let mut partition = Partition {
            owns: !shared || ctx.me == config.partition(0),
            gave: false,
            charges: 0,
            rows: Map::new(),
            claims: Map::new(),
            records: false,
            under_way: Set::new(),
        };
        for record in log {
            partition.add(record);
        }
        if partition.gave {
            partition.give(ctx, out);
        }
        partition
    }

    fn add(&mut self, record: &Rec) {
        match record {
            Rec::Booked(key, body, says) => {
                self.charges += 1;
                self.note(*key, *body, *says);
            }
            Rec::Charge(_) => self.charges += 1,
            Rec::Key(key, body, says) => self.note(*key, *body, *says),
            Rec::Claim(key, body) => drop(self.claims.insert(*key, *body)),
            Rec::Moved => (self.owns, self.gave) = (false, true),
            Rec::Arrived(charges, rows) => {
                self.owns = true;
                self.charges += charges;
                self.take(rows);
            }
            Rec::Records(rows) => {
                self.records = true;
                self.take(rows);
            }
            Rec::Note(_) => {}
        }
    }

    fn write(&mut self, record: Rec, out: &mut Out<Partitioning>) {
        self.add(&record);
        out.force(record);
    }

    fn note(&mut self, key: Key, body: u8, says: u8) {
        if key != Key::None {
            self.rows.insert(key, (body, says));
        }
    }

    fn take(&mut self, rows: &Rows) {
        for (key, row) in rows.iter() {
            self.rows.insert(*key, *row);
        }
    }

    /// What is known of a request, if it is known.
    fn known(&self, ask: &Ask) -> Option<Reply> {
        let (body, says) = *self.rows.get(&ask.key)?;
        let (code, says) = if body == ask.body { (Code::Ok, says) } else { (Code::Unprocessable, 0) };
        Some(Reply { key: ask.key, code, says })
    }

    pub(super) fn hear(&mut self, ctx: &Ctx, from: NodeId, msg: Msg, out: &mut Out<Partitioning>) {
        match msg {
            Msg::Forward(client, ask) => self.accept(ctx, client, ask, out),
            Msg::Charge(client, ask) => self.charge(ctx, from, client, ask, out),
            Msg::Charged(client, ask, says) => {
                if self.known(&ask).is_none() {
                    self.write(Rec::Key(ask.key, ask.body, says), out);
                }
                answer(client, Reply { key: ask.key, code: Code::Ok, says }, out);
            }
            Msg::Claim(client, ask) => {
                let yes = self.claim(&ask, out);
                out.send(from, Msg::Claimed(client, ask, yes));
            }
            Msg::Claimed(client, ask, true) => self.insert(client, ask, out),
            Msg::Claimed(client, ask, false) => refuse(client, &ask, Code::Unprocessable, out),
            Msg::Move(charges, rows) => {
                if !self.owns {
                    self.write(Rec::Arrived(charges, rows), out);
                }
                out.send_after("arrived", from, Msg::Arrived(0));
            }
            Msg::Records(rows) => {
                if !self.records {
                    self.write(Rec::Records(rows), out);
                }
                out.send_after("records", from, Msg::Arrived(1));
            }
            Msg::Arrived(what) => {
                self.under_way.remove(&what);
                if self.under_way.is_empty() {
                    out.cancel(MOVE);
                }
            }
            Msg::Request(_) | Msg::Reply(_) => {}
        }
    }

    fn accept(&mut self, ctx: &Ctx, client: NodeId, ask: Ask, out: &mut Out<Partitioning>) {
        let config = Config(ctx.params);
        let by = config.by();
        if by == By::Object && self.gave {
            return out.send(config.partition(1), Msg::Forward(client, ask));
        }
        if by == By::Object && !self.owns {
            return refuse(client, &ask, Code::Unavailable, out);
        }
        if let Some(reply) = self.known(&ask) {
            return answer(client, reply, out);
        }
        match by {
            By::Key if !self.owns => out.send(config.partition(0), Msg::Charge(client, ask)),
            By::Value | By::Mixed if config.global() && ask.key != Key::None => {
                let home = config.home(ask.key);
                match home == ctx.me {
                    false => out.send(home, Msg::Claim(client, ask)),
                    true if self.claim(&ask, out) => self.insert(client, ask, out),
                    true => refuse(client, &ask, Code::Unprocessable, out),
                }
            }
            _ => self.insert(client, ask, out),
        }
    }

    /// Sells and keeps the reply in one transaction, unless the key is here.
    fn insert(&mut self, client: NodeId, ask: Ask, out: &mut Out<Partitioning>) {
        if let Some(reply) = self.known(&ask) {
            return answer(client, reply, out);
        }
        let says = self.receipt();
        self.write(Rec::Booked(ask.key, ask.body, says), out);
        out.apply(client::intent(client.0, ask.wish));
        answer(client, Reply { key: ask.key, code: Code::Ok, says }, out);
    }

    /// Sells for another partition, which keeps the record; where the key is passed on, this one does too.
    fn charge(&mut self, ctx: &Ctx, from: NodeId, client: NodeId, ask: Ask, out: &mut Out<Partitioning>) {
        let passed = Config(ctx.params).global();
        if let Some(reply) = self.known(&ask).filter(|_| passed) {
            return match reply.code {
                Code::Ok => out.send(from, Msg::Charged(client, ask, reply.says)),
                code => refuse(client, &ask, code, out),
            };
        }
        let says = self.receipt();
        self.write(if passed { Rec::Booked(ask.key, ask.body, says) } else { Rec::Charge(client) }, out);
        out.apply(client::intent(client.0, ask.wish));
        out.send(from, Msg::Charged(client, ask, says));
    }

    /// Whether a key belongs to this request, which it does from now on if it belonged to none.
    fn claim(&mut self, ask: &Ask, out: &mut Out<Partitioning>) -> bool {
        if !self.claims.contains_key(&ask.key) {
            self.write(Rec::Claim(ask.key, ask.body), out);
        }
        self.claims.get(&ask.key) == Some(&ask.body)
    }

    fn receipt(&self) -> u8 {
        self.charges + 1
    }

    pub(super) fn rebalance(&mut self, ctx: &Ctx, out: &mut Out<Partitioning>) {
        self.write(Rec::Moved, out);
        self.give(ctx, out);
    }

    /// What was given away is on its way until there is word of it.
    fn give(&mut self, ctx: &Ctx, out: &mut Out<Partitioning>) {
        self.under_way.insert(0);
        if Config(ctx.params).moves() == Moves::Separately {
            self.under_way.insert(1);
        }
        self.send_moved(ctx, out);
    }

    pub(super) fn send_moved(&mut self, ctx: &Ctx, out: &mut Out<Partitioning>) {
        let config = Config(ctx.params);
        let to = config.partition(1);
        if self.under_way.contains(&0) {
            let together = config.moves() == Moves::Together;
            let rows = if together { self.rows.clone() } else { Rows::new() };
            out.send_after("moved", to, Msg::Move(self.charges, rows));
        }
        if self.under_way.contains(&1) {
            out.send_after("moved", to, Msg::Records(self.rows.clone()));
        }
        if !self.under_way.is_empty() {
            out.arm(MOVE);
        }
    }

    pub(super) fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let config = Config(ctx.params);
        if config.by() != By::Object || ctx.me != config.partition(0) {
            return Vec::new();
        }
        vec![Offer::new(REBALANCE, self.gave.then_some("moved-already"))]
    }

    pub(super) fn status(&self) -> Status {
        let charges = if self.owns { self.charges } else { 0 };
        let gauges = vec![Gauge::new("charges", charges), Gauge::count("keys", self.rows.len())];
        Status { gauges, ..Status::new(if self.owns { "owns" } else { "owns-none" }, Stance::Idle) }
    }
}

fn answer(client: NodeId, reply: Reply, out: &mut Out<Partitioning>) {
    out.send(client, Msg::Reply(reply));
}

fn refuse(client: NodeId, ask: &Ask, code: Code, out: &mut Out<Partitioning>) {
    answer(client, Reply { key: ask.key, code, says: 0 }, out);
}
