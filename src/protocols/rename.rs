//! A file moves from one directory to another, and each directory's entries lie on a server of their own.
//!
//! M1 has the entries of d1, M2 those of d2. Renaming d1/f to d2/f takes an entry away on M1 and puts one in on
//! M2. M1, whom the client asks, coordinates: two-phase commit with presumed abort, and with M1's own part in the
//! commit record.
//!
//! | step | M1 | M2 |
//! |---|---|---|
//! | 1 | locks d1/f, forces the attempt's number, sends prepare | |
//! | 2 | | locks d2/f, forces prepared, says yes |
//! | 3 | forces commit, d1/f gone and the request's key as one record, answers | |
//! | 4 | | forces commit, and d2/f is there |
//!
//! M2, once prepared, asks until it knows; of an attempt that M1 neither commits nor works on, M1 says abort. The
//! number is written down before it is sent, so that no two attempts are taken for one. *One by one*, M2 links f
//! at once, then M1 takes it away, and who dies in between leaves f in both.
//!
//! A rename cannot be repeated: d1/f is gone. Who sends again because the answer was lost is told the truth about
//! the file, ENOENT, and not about its own request, unless the server keeps what it has answered:
//!
//! | cache | sent again | sent again after a crash of M1 |
//! |---|---|---|
//! | durable | OK | OK |
//! | memory | OK | ENOENT |
//! | none | ENOENT | ENOENT |
//!
//! Under a new key it is a new request, and ENOENT is right. A reader that looks into both directories without
//! locks finds f in neither, or in both, when a rename comes in between. With locks it waits, and finds it once.
//!
//! Sources: Mohan, Lindsay and Obermarck, *Transaction Management in the R\* Distributed Database Management
//! System*, 1986 (presumed abort); Juszczak, *Improving the Performance and Correctness of an NFS Server*, 1989
//! (the cache of recent requests); RFC 8881, 2.10.6 (what is answered may be kept through a restart).

use super::client::{self, Ask, Asks, Client, Code, Key, Keys, Manner, Note, Reply};
use crate::protocol::plain::{choice, joined, message, phase, record, refusal, refused, role, timer, verb};
use crate::protocol::{
    Account, Blocked, Ctx, Input, Lock, Message, Meta, NodeId, NodeSpec, Offer, Out, Outcome, Params, Record,
    RecordKind, Request, Resource, Role, Stance, Status, Style, Timer,
};
use crate::sim::{Flying, Life, Scene};
use serde::{Deserialize, Serialize};

mod source;
mod target;

use source::Source;
use target::Target;

mod param {
    pub const COMMIT: usize = 0;
    pub const CACHE: usize = 1;
    pub const READER: usize = 2;
    pub const TRIES: usize = 3;
}

const CLIENT: u8 = 0;
const SOURCE: u8 = 1;
const TARGET: u8 = 2;

const K: NodeId = NodeId(0);
const M1: NodeId = NodeId(1);
const M2: NodeId = NodeId(2);

/// M1 has waited for M2 for long enough, and lets go.
const PATIENCE: Timer = Timer(0);
/// M2 has not heard how it ends, and asks.
const OUTCOME: Timer = Timer(1);

/// A user at M1 looks into both directories.
const LOOK: u8 = 5;

const ENTRIES: [Resource; 2] = [Resource(0), Resource(1)];

static META: Meta = Meta {
    id: "rename",
    source: "Mohan, Lindsay and Obermarck 1986 (R*); Juszczak 1989; RFC 8881",
    family: "worlds",
    roles: &[role("client", false), role("source", true), role("target", false)],
    messages: &[
        message("request", "R", Style::Request),
        message("ok", "=", Style::Ack),
        refusal("enoent", "!", Style::Ack),
        message("prepare", "P", Style::Request),
        message("yes", "Y", Style::Vote),
        message("commit", "C", Style::Decision),
        refusal("abort", "A", Style::Decision),
        message("ask", "?", Style::Inquiry),
        message("link", "L", Style::Request),
        message("linked", "l", Style::Ack),
        message("look", "o", Style::Inquiry),
        message("seen", "s", Style::Vote),
    ],
    records: &[
        record("intent"),
        record("begin"),
        record("commit+key"),
        record("unlink+key"),
        RecordKind { promise: true, ..record("prepared") },
        record("commit"),
        record("abort"),
        record("link"),
    ],
    timers: &[timer("patience", false), timer("outcome", false)],
    verbs: joined!(client::VERBS, [verb("look", false)]),
    phases: joined!(
        client::PHASES,
        [
            refused("saw-enoent"),
            phase("has-it"),
            phase("has-it-not"),
            phase("moving"),
            phase("looking"),
            phase("prepared")
        ]
    ),
    params: &[
        choice("commit", &["two-phase", "one-by-one"], 0),
        choice("cache", &["durable", "memory", "none"], 0),
        choice("reader", &["none", "locked", "unlocked"], 0),
        client::TRIES,
    ],
    properties: &["once", "answers", "money", "invariant", "locks", "wal", "alarm"],
    rules: &[],
    retries: Some(&client::retries(&["commit", "cache"])),
    conflict: |_| None,
};

/// What is kept of requests that were carried out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cache {
    Durable,
    Memory,
    None,
}

#[derive(Clone, Copy)]
struct Config<'a>(&'a Params);

impl Config<'_> {
    fn two_phase(self) -> bool {
        self.0.get(param::COMMIT) == 0
    }

    fn cache(self) -> Cache {
        [Cache::Durable, Cache::Memory, Cache::None][usize::from(self.0.get(param::CACHE))]
    }

    fn reads(self) -> bool {
        self.0.get(param::READER) != 0
    }

    /// Whether who reads takes locks.
    fn reads_locked(self) -> bool {
        self.0.get(param::READER) == 1
    }

    fn manner(self) -> Manner {
        let tries = self.0.get(param::TRIES) as u8;
        Manner { keys: Keys::Kept, tries, same: false, versions: false, service: M1 }
    }
}

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Rename d1/f to d2/f.
    Request(Ask),
    /// What became of it.
    Reply(Reply),
    /// Can you take f in this attempt?
    Prepare(u8),
    /// I can, whatever happens.
    Yes(u8),
    /// The attempt is committed.
    Commit(u8),
    /// It is not, and will not be.
    Abort(u8),
    /// What became of it?
    Ask(u8),
    /// Take f.
    Link,
    /// I have it.
    Linked,
    /// Is f at yours? Whether it has left here.
    Look(bool),
    /// How often it is here, for who asked that.
    Seen(bool, u8),
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Request(_) => "request",
            Msg::Reply(reply) => reply.code.word(),
            Msg::Prepare(_) => "prepare",
            Msg::Yes(_) => "yes",
            Msg::Commit(_) => "commit",
            Msg::Abort(_) => "abort",
            Msg::Ask(_) => "ask",
            Msg::Link => "link",
            Msg::Linked => "linked",
            Msg::Look(_) => "look",
            Msg::Seen(..) => "seen",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Request(ask) => ask.print(),
            Msg::Reply(reply) => reply.key.print(),
            Msg::Prepare(n) | Msg::Yes(n) | Msg::Commit(n) | Msg::Abort(n) | Msg::Ask(n) => print(*n),
            Msg::Seen(_, n) => n.to_string(),
            Msg::Link | Msg::Linked | Msg::Look(_) => String::new(),
        }
    }
}

/// An attempt's number.
fn print(n: u8) -> String {
    format!("#{n}")
}

/// What nodes write down. Servers force everything.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// A client's.
    Note(Note),
    /// At M1: this number is used.
    Begin(u8),
    /// At M1: the attempt is committed, f is gone, and this request wanted it.
    Commit(u8, Key),
    /// At M1: f is gone, and this request wanted it.
    Unlink(Key),
    /// At M2: f may come, and may not be refused.
    Prepared(u8),
    /// At M2: f is here.
    Committed(u8),
    /// At M2: f does not come by this attempt.
    Aborted(u8),
    /// At M2: f is here.
    Link,
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Note(note) => note.word(),
            Rec::Begin(_) => "begin",
            Rec::Commit(..) => "commit+key",
            Rec::Unlink(_) => "unlink+key",
            Rec::Prepared(_) => "prepared",
            Rec::Committed(_) => "commit",
            Rec::Aborted(_) => "abort",
            Rec::Link => "link",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Note(note) => note.detail(),
            Rec::Begin(n) | Rec::Prepared(n) | Rec::Committed(n) | Rec::Aborted(n) => print(*n),
            Rec::Commit(n, key) => format!("{} {}", print(*n), key.print()),
            Rec::Unlink(key) => key.print(),
            Rec::Link => String::new(),
        }
    }
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rename {
    /// Wants the file elsewhere.
    Client(Client),
    /// Has d1, and coordinates.
    Source(Source),
    /// Has d2.
    Target(Target),
}

impl Asks for Rename {
    fn ask(ask: Ask) -> Msg {
        Msg::Request(ask)
    }

    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for Rename {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(_params: &Params) -> Vec<NodeSpec> {
        let servers = [NodeSpec::new("M1", SOURCE), NodeSpec::new("M2", TARGET)];
        client::nodes(1, CLIENT).chain(servers).collect()
    }

    fn resource(resource: Resource) -> String {
        if resource == ENTRIES[0] { "d1/f".into() } else { "d2/f".into() }
    }

    fn intent(_params: &Params, request: Request) -> String {
        client::whose(1, request)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        match ctx.me {
            K => {
                let notes =
                    log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
                Rename::Client(Client::boot(ctx, notes, Config(ctx.params).manner(), out))
            }
            M1 => Rename::Source(Source::of(log)),
            _ => Rename::Target(Target::boot(log, out)),
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        let config = Config(ctx.params);
        match (self, input) {
            (Rename::Client(client), Input::Command(command)) => {
                client.command(ctx, command, config.manner(), out);
            }
            (Rename::Client(client), Input::Message { msg: Msg::Reply(reply), .. }) => {
                client.hear(ctx, reply, out);
            }
            (Rename::Source(source), input) => source.on(config, input, out),
            (Rename::Target(target), input) => target.on(config, input, out),
            _ => {}
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let config = Config(ctx.params);
        match self {
            // There is only one thing to be renamed.
            Rename::Client(client) => {
                let offers = client.offers(config.manner()).into_iter();
                offers.filter(|offer| offer.command.verb != client::OTHER_BODY).collect()
            }
            Rename::Source(source) if config.reads() => {
                vec![Offer::new(LOOK, source.looks().then_some("looks-already"))]
            }
            Rename::Source(_) | Rename::Target(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            Rename::Client(client) => client.status(ctx),
            Rename::Source(source) => source.status(Config(ctx.params)),
            Rename::Target(target) => target.status(),
        }
    }

    /// M2 is, when it has promised and M1 is away; unless the word is under way.
    fn blocked(scene: &Scene, node: NodeId) -> Option<Blocked> {
        let promised = scene.node(node).log.iter().rfind(|slip| slip.word == "prepared")?;
        let tells = |f: &Flying| f.style == Style::Decision && f.detail == promised.detail;
        if scene.deliverable_to(node).any(tells) {
            return None;
        }
        let why = match scene.node(M1).life {
            Life::Down => "down",
            Life::Paused => "paused",
            Life::Up if !scene.linked(M1, node) => "cut",
            Life::Up => return None,
        };
        Some(Blocked { why, on: vec![M1] })
    }
}

/// How often f is in a directory, as money is in an account: it is only moved, and counts once.
fn entry(name: &str, opening: bool, here: bool, pending: i32) -> Account {
    Account { name: name.into(), opening: opening.into(), balance: here.into(), pending, deposited: 0 }
}
