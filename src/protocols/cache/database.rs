//! The database: it owns what is copied. Where there are no caches before it, its own memory is one.

use super::{Caching, Config, DRAFTS, FLUSH, Msg, Page, Protocol, Rec, SWAP, param};
use crate::order::Map;
use crate::protocol::{Ctx, Gauge, NodeId, Out, Stance, Status, Timer};
use crate::protocols::client::{self, Ask, Code, Reply};
use serde::{Deserialize, Serialize};

/// A copy of the page that is being changed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
struct Draft {
    client: NodeId,
    ask: Ask,
    /// The page as it was copied.
    base: Page,
}

/// The database: a fold over its log, and what it works on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Database {
    page: Page,
    /// Whether anything is only in memory.
    dirty: bool,
    drafts: Map<u8, Draft>,
}

impl Database {
    /// What the log says.
    pub(super) fn of(log: &[Rec]) -> Database {
        let mut database = Database { page: Page::new(), dirty: false, drafts: Map::new() };
        for record in log {
            database.add(record);
        }
        database
    }

    fn add(&mut self, record: &Rec) {
        match record {
            Rec::Booked(key, body, says) => {
                self.page.charge();
                self.page.note(*key, *body, *says);
            }
            Rec::Charge(_) => self.page.charge(),
            Rec::Key(key, body, says) => self.page.note(*key, *body, *says),
            Rec::Root(page) => self.page = page.clone(),
            Rec::Flush | Rec::Note(_) => {}
        }
    }

    fn write(&mut self, record: Rec, forced: bool, out: &mut Out<Caching>) {
        self.add(&record);
        out.write(record, forced);
    }

    pub(super) fn hear(&mut self, ctx: &Ctx, from: NodeId, msg: Msg, out: &mut Out<Caching>) {
        match msg {
            Msg::Load => out.send(from, Msg::Value(self.page.clone())),
            Msg::Write(client, ask) => {
                // Who looks in a copy has looked already.
                let known = self.page.known(&ask).filter(|_| !Config(ctx.params).through_the_cache());
                let reply = known.unwrap_or_else(|| self.sell(ctx, client, ask, out));
                out.send(from, Msg::Written(client, reply));
            }
            Msg::Request(ask) => match (self.page.known(&ask), Config(ctx.params).protocol()) {
                (Some(reply), _) => out.send(from, Msg::Reply(reply)),
                (None, Protocol::CopyOnWrite) => self.copy(from, ask, out),
                (None, _) => self.write_later(ctx, from, ask, out),
            },
            _ => {}
        }
    }

    /// Sells in one transaction, and tells the caches.
    fn sell(&mut self, ctx: &Ctx, client: NodeId, ask: Ask, out: &mut Out<Caching>) -> Reply {
        let says = self.page.receipt();
        self.write(Rec::Booked(ask.key, ask.body, says), true, out);
        out.apply(client::intent(client.0, ask.wish));
        for cache in Config(ctx.params).all_caches() {
            let told = match Config(ctx.params).protocol() {
                Protocol::Update => Msg::Update(self.page.clone()),
                _ => Msg::Invalidate(self.page.version),
            };
            out.send_after("charge+key", cache, told);
        }
        Reply { key: ask.key, code: Code::Ok, says }
    }

    /// Sells in memory, and answers before it is on disk.
    fn write_later(&mut self, ctx: &Ctx, from: NodeId, ask: Ask, out: &mut Out<Caching>) {
        let says = self.page.receipt();
        let key = Rec::Key(ask.key, ask.body, says);
        let apply = |out: &mut Out<Caching>| out.apply(client::intent(from.0, ask.wish));
        match ctx.params.get(param::FLUSH) {
            0 => {
                self.write(Rec::Booked(ask.key, ask.body, says), false, out);
                apply(out);
            }
            1 => {
                self.write(key, true, out);
                self.write(Rec::Charge(from.0), false, out);
                apply(out);
            }
            _ => {
                self.write(Rec::Charge(from.0), true, out);
                apply(out);
                self.write(key, false, out);
            }
        }
        self.dirty = true;
        out.arm(FLUSH);
        out.send(from, Msg::Reply(Reply { key: ask.key, code: Code::Ok, says }));
    }

    fn copy(&mut self, from: NodeId, ask: Ask, out: &mut Out<Caching>) {
        match (0..DRAFTS).find(|i| !self.drafts.contains_key(i)) {
            Some(free) => {
                self.drafts.insert(free, Draft { client: from, ask, base: self.page.clone() });
                out.arm(Timer(SWAP + free));
            }
            None => out.send(from, Msg::Reply(Reply { key: ask.key, code: Code::Unavailable, says: 0 })),
        }
    }

    /// A step of its own.
    pub(super) fn step(&mut self, ctx: &Ctx, timer: Timer, out: &mut Out<Caching>) {
        if timer == FLUSH {
            self.dirty = false;
            return out.force(Rec::Flush);
        }
        let at = timer.0 - SWAP;
        let Some(draft) = self.drafts.remove(&at) else { return };
        self.swap(ctx, draft, out);
    }

    /// Makes a changed copy the page, if the page is still what was copied, or whatever it is.
    fn swap(&mut self, ctx: &Ctx, draft: Draft, out: &mut Out<Caching>) {
        let Draft { client, ask, base } = draft;
        let same = base.version == self.page.version;
        if !same && ctx.params.on(param::CAS) {
            return match self.page.known(&ask) {
                Some(reply) => out.send(client, Msg::Reply(reply)),
                None => self.copy(client, ask, out),
            };
        }
        if !same {
            out.alarm("invariant");
        }
        let says = base.receipt();
        let mut page = base;
        page.charge();
        page.note(ask.key, ask.body, says);
        page.version = self.page.version + 1;
        let again = self.page.known(&ask).is_some();
        self.write(Rec::Root(page), true, out);
        if !again {
            out.apply(client::intent(client.0, ask.wish));
        }
        out.send_after("root", client, Msg::Reply(Reply { key: ask.key, code: Code::Ok, says }));
    }

    pub(super) fn status(&self, ctx: &Ctx) -> Status {
        let phase = match (self.dirty, self.drafts.is_empty()) {
            (true, _) => "dirty",
            (false, false) => "copying",
            (false, true) => "clean",
        };
        let mut gauges = vec![Gauge::new("stock", self.page.stock), Gauge::new("version", self.page.version)];
        if Config(ctx.params).protocol() == Protocol::CopyOnWrite {
            gauges.push(Gauge::count("copies", self.drafts.len()));
        }
        Status { gauges, ..Status::new(phase, Stance::Idle) }
    }
}
