//! Copies of what a database holds, four ways of keeping them right, and what each does to a dedupe record.
//!
//! | protocol | a write | what goes wrong |
//! |---|---|---|
//! | invalidate | to the database, which tells caches to drop their copies | the word is lost: an old value until its time is up; a refill that was under way comes later |
//! | update | to the database, which sends caches the new value | two of these cross: an old value for ever |
//! | write-back | to memory, written back later | a crash before that loses what was acknowledged |
//! | copy-on-write | to a copy of the page; one step makes it the page | two copies of one page: the second undoes the first, unless the step compares |
//!
//! That copies agree says nothing of what is done twice. A dedupe record that is looked up in a copy may be
//! missing there, and the request is carried out again: dedupe records are read at their owner. What is written
//! back later must hold the effect and its record as one unit:
//!
//! | written at once | lost in a crash | a retry |
//! |---|---|---|
//! | neither (together) | both | does it: once |
//! | the record | the effect | is told OK for nothing |
//! | the effect | the record | does it again |
//!
//! With *versions*, a cache takes no value that is older than one it has heard of.
//!
//! Sources: Hennessy and Patterson, *Computer Architecture*, ch. 5 (invalidate, update, write-back); Nishtala et
//! al., *Scaling Memcache at Facebook*, 2013 (the refill race); Hitz et al., *WAFL*, 1994 (copy, then swap the
//! root).

mod database;
mod page;
mod words;

pub use database::Database;
pub use page::Page;
pub use words::{Msg, Rec};

use super::client::{self, Ask, Asks, Client, Manner, Note};
use crate::protocol::plain::{choice, joined, message, phase, record, refusal, role, switch, timer, verb};
use crate::protocol::{
    Ctx, Gauge, Input, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Role, Stance, Status, Style,
    Timer, VerbKind,
};
use crate::sim::Scene;
use serde::{Deserialize, Serialize};

mod param {
    pub const PROTOCOL: usize = 0;
    pub const DEDUPE: usize = 1;
    pub const VERSIONS: usize = 2;
    pub const TTL: usize = 3;
    pub const FLUSH: usize = 4;
    pub const CAS: usize = 5;
    pub const CLIENTS: usize = 6;
    /// Keys, tries and only the same: what clients are like.
    pub const MANNER: [usize; 3] = [7, 8, 9];
}

const CLIENT: u8 = 0;
const CACHE: u8 = 1;
const DATABASE: u8 = 2;

/// A copy has been kept long enough.
const TTL: Timer = Timer(0);
/// What is only in memory is written back.
const FLUSH: Timer = Timer(1);
/// The first copy of a page becomes the page; the second has the next timer.
const SWAP: u8 = 2;
/// How many copies there can be at a time.
const DRAFTS: u8 = 2;

/// A user reads the stock by way of a cache.
const READ: u8 = 5;

static META: Meta = Meta {
    id: "cache",
    source: "Hennessy and Patterson, ch. 5; Nishtala et al. 2013; Hitz et al. 1994",
    family: "shared",
    roles: &[role("client", false), role("cache", false), role("database", true)],
    messages: &[
        message("request", "R", Style::Request),
        message("ok", "=", Style::Ack),
        refusal("422", "2", Style::Ack),
        refusal("503", "3", Style::Ack),
        message("load", "?", Style::Inquiry),
        message("value", "v", Style::Vote),
        message("write", "W", Style::Request),
        message("written", "w", Style::Ack),
        message("invalidate", "i", Style::Decision),
        message("update", "u", Style::Decision),
    ],
    records: &[
        record("intent"),
        record("restart"),
        record("charge+key"),
        record("charge"),
        record("key"),
        record("flush"),
        record("root"),
    ],
    timers: &[timer("ttl", false), timer("flush", true), timer("swap-1", true), timer("swap-2", true)],
    verbs: joined!(client::VERBS, [VerbKind { usual: false, ..verb("read", true) }]),
    phases: joined!(
        client::PHASES,
        [phase("empty"), phase("has-copy"), phase("clean"), phase("dirty"), phase("copying")]
    ),
    params: &[
        choice("protocol", &["invalidate", "update", "write-back", "copy-on-write"], 0),
        choice("dedupe", &["owner", "cache"], 0),
        switch("versions", false),
        switch("ttl", true),
        choice("flush", &["together", "record-first", "effect-first"], 0),
        switch("cas", true),
        client::CLIENTS,
        client::KEYS,
        client::TRIES,
        client::SAME,
    ],
    properties: &["once", "answers", "invariant", "wal", "alarm"],
    rules: &[],
    retries: None,
    conflict: |_| None,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Invalidate,
    Update,
    WriteBack,
    CopyOnWrite,
}

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn protocol(self) -> Protocol {
        use Protocol::*;
        [Invalidate, Update, WriteBack, CopyOnWrite][usize::from(self.0.get(param::PROTOCOL))]
    }

    /// How many caches there are: where the database's own memory is what may differ, none.
    fn caches(self) -> u8 {
        if matches!(self.protocol(), Protocol::Invalidate | Protocol::Update) { 2 } else { 0 }
    }

    fn clients(self) -> u8 {
        self.0.get(param::CLIENTS) as u8
    }

    fn database(self) -> NodeId {
        NodeId(self.clients() + self.caches())
    }

    fn all_caches(self) -> impl Iterator<Item = NodeId> {
        (self.clients()..self.clients() + self.caches()).map(NodeId)
    }

    fn through_the_cache(self) -> bool {
        self.0.get(param::DEDUPE) == 1 && self.caches() > 0
    }

    /// A client asks by way of the cache that is its own; what it sends again comes to the other one.
    fn manner(self, client: u8, verb: u8) -> Manner {
        let other = u8::from(verb != client::SEND);
        let service = match self.caches() {
            0 => self.database(),
            n => NodeId(self.clients() + (client + other) % n),
        };
        Manner::of(self.0, param::MANNER, service)
    }
}

/// A cache, which is also how clients reach the database. It only remembers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Cache {
    copy: Option<Page>,
    /// The newest version it has heard of, whatever it holds.
    heard: u8,
    /// What a user last read here.
    read: Option<u8>,
    /// Whether a user waits for a value.
    reading: bool,
    /// Requests that wait for a value, to see whether they are known.
    waiting: Vec<(NodeId, Ask)>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Caching {
    /// Wants a ticket.
    Client(Client),
    /// Has a copy.
    Cache(Cache),
    /// Owns what is copied.
    Database(Database),
}

impl Asks for Caching {
    fn ask(ask: Ask) -> Msg {
        Msg::Request(ask)
    }

    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for Caching {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let config = Config(params);
        let caches = (1..=config.caches()).map(|i| NodeSpec::new(format!("C{i}"), CACHE));
        let database = NodeSpec::new("D", DATABASE);
        client::nodes(config.clients().into(), CLIENT).chain(caches).chain([database]).collect()
    }

    fn intent(params: &Params, request: Request) -> String {
        client::whose(Config(params).clients().into(), request)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        match ctx.role() {
            CLIENT => {
                let notes =
                    log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
                let manner = Config(ctx.params).manner(ctx.me.0, client::SEND);
                Caching::Client(Client::boot(ctx, notes, manner, out))
            }
            CACHE => Caching::Cache(Cache {
                copy: None,
                heard: 0,
                read: None,
                reading: false,
                waiting: Vec::new(),
            }),
            _ => Caching::Database(Database::of(log)),
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        match (self, input) {
            (Caching::Client(client), Input::Command(command)) => {
                let manner = Config(ctx.params).manner(ctx.me.0, command.verb);
                client.command(ctx, command, manner, out);
            }
            (Caching::Client(client), Input::Message { msg: Msg::Reply(reply), .. }) => {
                client.hear(ctx, reply, out);
            }
            (Caching::Cache(cache), Input::Command(_)) => cache.read(ctx, out),
            (Caching::Cache(cache), Input::Message { from, msg }) => cache.hear(ctx, from, msg, out),
            (Caching::Cache(cache), Input::Timer(_)) => cache.copy = None,
            (Caching::Database(database), Input::Message { from, msg }) => {
                database.hear(ctx, from, msg, out);
            }
            (Caching::Database(database), Input::Timer(timer)) => database.step(ctx, timer, out),
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        match self {
            Caching::Client(client) => client.offers(Config(ctx.params).manner(ctx.me.0, client::SEND)),
            Caching::Cache(cache) => {
                vec![Offer::new(READ, cache.reading.then_some("reads-already"))]
            }
            Caching::Database(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Caching::Client(client) => client.status(ctx),
            Caching::Cache(cache) => cache.status(),
            Caching::Database(database) => database.status(ctx),
        }
    }

    /// A copy that lacks a sale which its buyer has been told of: whoever reads it reads what was. The cache
    /// cannot know. Sales that nobody was told of may still come later, so only the others count.
    fn noticed(scene: &Scene, node: NodeId) -> Vec<&'static str> {
        let gauges = &scene.node(node).status.gauges;
        let gauge = |word| gauges.iter().find(|g| g.word == word).map(|g| g.value);
        let Some(copy) = gauge("cached") else { return Vec::new() };
        let known = i32::from(page::STOCK) - copy;
        match (scene.answered().len() as i32 > known, gauge("read") == Some(copy)) {
            (true, true) => vec!["old-read"],
            (true, false) => vec!["old-copy"],
            (false, _) => Vec::new(),
        }
    }
}

impl Cache {
    fn read(&mut self, ctx: &Ctx, out: &mut Out<Caching>) {
        match &self.copy {
            Some(page) => self.read = Some(page.stock),
            None => {
                self.reading = true;
                out.send(Config(ctx.params).database(), Msg::Load);
            }
        }
    }

    fn hear(&mut self, ctx: &Ctx, from: NodeId, msg: Msg, out: &mut Out<Caching>) {
        let config = Config(ctx.params);
        match msg {
            Msg::Request(ask) if config.through_the_cache() => match &self.copy {
                Some(page) => decide(ctx, page, from, ask, out),
                None => {
                    self.waiting.push((from, ask));
                    out.send(config.database(), Msg::Load);
                }
            },
            Msg::Request(ask) => out.send(config.database(), Msg::Write(from, ask)),
            Msg::Written(to, reply) => out.send(to, Msg::Reply(reply)),
            Msg::Value(page) => {
                if std::mem::take(&mut self.reading) {
                    self.read = Some(page.stock);
                }
                for (client, ask) in std::mem::take(&mut self.waiting) {
                    decide(ctx, &page, client, ask, out);
                }
                self.keep(ctx, page, out);
            }
            Msg::Update(page) => self.keep(ctx, page, out),
            Msg::Invalidate(version) => {
                self.heard = self.heard.max(version);
                self.copy = None;
                out.cancel(TTL);
            }
            _ => {}
        }
    }

    /// Takes a value for the newest, unless versions say that it is not.
    fn keep(&mut self, ctx: &Ctx, page: Page, out: &mut Out<Caching>) {
        if page.version < self.heard {
            if ctx.params.on(param::VERSIONS) {
                return;
            }
            out.alarm("invariant");
        }
        self.heard = self.heard.max(page.version);
        self.copy = Some(page);
        if ctx.params.on(param::TTL) {
            out.arm(TTL);
        }
    }

    fn status(&self) -> Status {
        let copy = self.copy.iter().map(|page| Gauge::new("cached", page.stock));
        let read = self.read.iter().map(|stock| Gauge::new("read", *stock));
        let phase = if self.copy.is_some() { "has-copy" } else { "empty" };
        Status { gauges: copy.chain(read).collect(), ..Status::new(phase, Stance::Idle) }
    }
}

/// Answers what a copy knows, and has the database do the rest.
fn decide(ctx: &Ctx, page: &Page, client: NodeId, ask: Ask, out: &mut Out<Caching>) {
    match page.known(&ask) {
        Some(reply) => out.send(client, Msg::Reply(reply)),
        None => out.send(Config(ctx.params).database(), Msg::Write(client, ask)),
    }
}
