//! Client sessions as Raft has them: what makes a command that is sent again to another leader harmless.
//!
//! A client registers and gets a session; it numbers its commands, and says with each which is the lowest number
//! that it still waits for. Everything goes through the replicated log, and the state machine decides when it
//! applies an entry, so that every replica decides alike:
//!
//! | command in the log | applied as |
//! |---|---|
//! | session unknown or expired | an error; not executed |
//! | number below what the client waits for | an error; its answer is dropped |
//! | number with a kept answer | that answer; not executed |
//! | any other number | executed, and the answer kept |
//!
//! Expiry is an entry of the log too: a server that went by its own clock would execute what another refuses.
//!
//! The consensus itself is left out: `G` stands for a majority of the group, which keeps one log and takes
//! entries only from the leader of the newest term. A server that is made leader has its state from that log, and
//! nothing else.
//!
//! Source: Ongaro, *Consensus: Bridging Theory and Practice*, 2014, section 6.3.

mod machine;
mod server;
mod words;

pub use machine::{Entry, Machine};
pub use server::Server;
pub use words::{Msg, Rec};

use super::client;
use super::numbered::{self, Answer, Asks, Manner, Note, Numbered};
use crate::protocol::plain::{choice, joined, lifetime, message, phase, record, refusal, role, switch, verb};
use crate::protocol::{
    ArgKind, Command, Ctx, Gauge, Input, Lock, Meta, NodeId, NodeSpec, Offer, Out, Params, Request, Resource,
    Role, Stance, Status, Style, Timer, VerbKind,
};
use serde::{Deserialize, Serialize};

mod param {
    pub const SESSIONS: usize = 0;
    pub const COMMAND: usize = 1;
    pub const EXPIRY: usize = 2;
    pub const CLIENTS: usize = 3;
    pub const COMMANDS: usize = 4;
    pub const NUMBERS: usize = 5;
    pub const TRIES: usize = 6;
    pub const SAME: usize = 7;
}

const CLIENT: u8 = 0;
const SERVER: u8 = 1;
const GROUP: u8 = 2;

const REGISTER: u8 = 2;
const ELECT: u8 = 3;

/// A session has been silent for long enough.
const EXPIRE: Timer = Timer(0);

static META: Meta = Meta {
    id: "session",
    source: "Ongaro 2014, section 6.3",
    family: "requests",
    roles: &[role("client", false), role("server", false), role("group", true)],
    messages: &[
        message("register", "G", Style::Request),
        message("registered", "S", Style::Ack),
        message("command", "C", Style::Request),
        message("ok", "=", Style::Decision),
        refusal("taken", "T", Style::Ack),
        refusal("stale", "O", Style::Ack),
        refusal("expired", "X", Style::Ack),
        refusal("not-leader", "N", Style::Ack),
        message("append", "A", Style::Request),
        message("log", "L", Style::Decision),
        refusal("refused", "R", Style::Ack),
        message("elect", "E", Style::Inquiry),
        message("elected", "T", Style::Decision),
    ],
    records: &[
        record("name"),
        record("number"),
        record("told"),
        record("restart"),
        record("term"),
        record("register"),
        record("command"),
        record("expire"),
    ],
    timers: &[lifetime("session")],
    verbs: joined!(
        numbered::VERBS,
        [VerbKind { arg: ArgKind::Node, ..verb("register", true) }, verb("elect", false)]
    ),
    phases: joined!(
        numbered::PHASES,
        [phase("no-session"), phase("follower"), phase("asking"), phase("leader"), phase("idle")]
    ),
    params: &[
        switch("sessions", true),
        choice("command", &["charge", "lock"], 0),
        switch("expiry", false),
        client::CLIENTS,
        numbered::COMMANDS,
        numbered::NUMBERS,
        client::TRIES,
        client::SAME,
    ],
    properties: &["once", "answers", "invariant", "wal", "alarm"],
    rules: &[],
    retries: None,
    conflict: |_| None,
};

/// What was chosen.
#[derive(Clone, Copy)]
pub struct Config<'a>(&'a Params);

impl Config<'_> {
    fn sessions(self) -> bool {
        self.0.on(param::SESSIONS)
    }

    fn clients(self) -> u16 {
        self.0.get(param::CLIENTS)
    }

    fn manner(self) -> Manner {
        Manner::of(self.0, [param::COMMANDS, param::NUMBERS, param::TRIES])
    }

    fn servers(self) -> [NodeId; 2] {
        let first = self.clients() as u8;
        [NodeId(first), NodeId(first + 1)]
    }

    fn group(self) -> NodeId {
        NodeId(self.clients() as u8 + 2)
    }
}

/// The group: its log is its only state, and this is what the log amounts to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Group {
    term: u8,
    machine: Machine,
}

/// A node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum RaftSession {
    /// Wants something done, and how often it has registered.
    Client(Numbered, u8),
    /// Leads or follows.
    Server(Server),
    /// Keeps the log.
    Group(Group),
}

impl Asks for RaftSession {
    fn note(note: Note) -> Rec {
        Rec::Note(note)
    }
}

impl Role for RaftSession {
    type Msg = Msg;
    type Record = Rec;

    fn meta() -> &'static Meta {
        &META
    }

    fn nodes(params: &Params) -> Vec<NodeSpec> {
        let others = [NodeSpec::new("S1", SERVER), NodeSpec::new("S2", SERVER), NodeSpec::new("G", GROUP)];
        client::nodes(Config(params).clients(), CLIENT).chain(others).collect()
    }

    fn resource(resource: Resource) -> String {
        if resource.0 == 1 { "door".into() } else { "gate".into() }
    }

    fn intent(params: &Params, request: Request) -> String {
        numbered::whose(Config(params).clients(), params.get(param::COMMANDS), request)
    }

    fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<Self>) -> Self {
        let config = Config(ctx.params);
        match ctx.role() {
            CLIENT => {
                let notes =
                    log.iter().filter_map(|r| if let Rec::Note(note) = r { Some(*note) } else { None });
                RaftSession::Client(Numbered::boot(ctx, notes, config.manner(), out), 0)
            }
            SERVER => {
                let leads = ctx.first_boot && ctx.me == config.servers()[0];
                let server = if leads { Server::Leader(1, Machine::default()) } else { Server::Follower };
                RaftSession::Server(server)
            }
            _ => {
                let mut group = Group { term: 1, machine: Machine::default() };
                for record in log {
                    match record {
                        Rec::Term(_) => group.term += 1,
                        Rec::Entry(entry) => drop(group.machine.apply(config, *entry)),
                        Rec::Note(_) => {}
                    }
                }
                RaftSession::Group(group)
            }
        }
    }

    fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<Self>) {
        let config = Config(ctx.params);
        match (self, input) {
            (RaftSession::Client(client, registers), Input::Command(command)) => {
                if command.verb == REGISTER {
                    *registers += 1;
                }
                tell(ctx, client, command, out);
            }
            (RaftSession::Client(client, _), Input::Message { msg: Msg::Registered(session), .. })
                if client.under == 0 || client.last == Some(Answer::Expired) =>
            {
                client.named(session, config.manner(), out);
            }
            (RaftSession::Client(client, _), Input::Message { msg: Msg::Reply(session, n, answer), .. }) => {
                hear(ctx, client, (session, n, answer), out);
            }
            (RaftSession::Server(server), Input::Command(_)) => {
                *server = Server::Asking;
                out.send(config.group(), Msg::Elect);
            }
            (RaftSession::Server(server), Input::Message { from, msg }) => {
                server.hear(ctx, from, msg, out);
                server.watch(ctx, out);
            }
            (RaftSession::Server(server), Input::Timer(_)) => {
                if let Server::Leader(term, machine) = server
                    && let Some((session, _)) = machine.sessions.iter().next()
                {
                    out.send(config.group(), Msg::Append(*term, Entry::Expire(*session), machine.applied));
                }
                server.watch(ctx, out);
            }
            _ => {}
        }
    }

    fn on_reading(&mut self, ctx: &Ctx, input: Input<Msg>, log: &[Rec], out: &mut Out<Self>) {
        match (&mut *self, input) {
            (RaftSession::Group(group), Input::Message { from, msg }) => {
                group.hear(ctx, from, msg, log, out);
            }
            (_, input) => self.on(ctx, input, out),
        }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let config = Config(ctx.params);
        match self {
            RaftSession::Client(client, registers) => {
                let none = (config.sessions() && client.under == 0).then_some("no-session");
                let refused = match (config.sessions(), client.under, client.last) {
                    (false, ..) => Some("sessions"),
                    (true, 1.., Some(Answer::Expired)) if ctx.params.on(param::SAME) => Some("only-same"),
                    (true, 0, _) | (true, _, Some(Answer::Expired)) => {
                        (*registers >= 2).then_some("no-tries-left")
                    }
                    (true, ..) => Some("has-session"),
                };
                let switch = refused.filter(|why| matches!(*why, "sessions" | "only-same"));
                let register = |server| Offer {
                    switch,
                    unusual: *registers > 0,
                    ..Offer::about(REGISTER, server, refused)
                };
                let servers = config.servers();
                let mut offers = client.offers(&servers, none, config.manner());
                offers.extend(servers.map(register));
                offers
            }
            RaftSession::Server(server) => {
                let refused = matches!(server, Server::Leader(..)).then_some("leads");
                vec![Offer::new(ELECT, refused)]
            }
            RaftSession::Group(_) => Vec::new(),
        }
    }

    fn status(&self, ctx: &Ctx, _log: &[Rec]) -> Status {
        match self {
            RaftSession::Client(client, _) => {
                let status = client.status();
                let none = Config(ctx.params).sessions() && client.under == 0;
                Status { phase: if none { "no-session" } else { status.phase }, ..status }
            }
            RaftSession::Server(server) => {
                let phase = match server {
                    Server::Follower => "follower",
                    Server::Asking => "asking",
                    Server::Leader(..) => "leader",
                };
                Status::new(phase, Stance::Idle)
            }
            RaftSession::Group(group) => group.status(ctx),
        }
    }
}

/// A client does what its user says.
fn tell(ctx: &Ctx, client: &mut Numbered, command: Command, out: &mut Out<RaftSession>) {
    let config = Config(ctx.params);
    let to = command.arg.unwrap_or(config.servers()[0]);
    let n = match command.verb {
        REGISTER => return out.send(to, Msg::Ask(Entry::Register(ctx.me))),
        numbered::SEND => client.begin(ctx, config.manner(), out),
        _ => client.again(),
    };
    let session = if config.sessions() { client.under } else { 0 };
    let msg = Msg::Ask(Entry::Command { client: ctx.me, session, n, low: client.low() });
    match config.manner().kept {
        true => out.send_after("number", to, msg),
        false => out.send(to, msg),
    }
}

/// A client is told something.
fn hear(
    ctx: &Ctx,
    client: &mut Numbered,
    (session, n, answer): (u8, u8, Answer),
    out: &mut Out<RaftSession>,
) {
    // What is said of a session that it no longer has says nothing of the one it has.
    if answer == Answer::Expired && session != client.under {
        return;
    }
    if answer == Answer::Taken(ctx.me.0) {
        out.alarm("invariant");
    }
    client.hear(ctx, n, answer, Config(ctx.params).manner(), out);
}

impl Group {
    fn hear(&mut self, ctx: &Ctx, from: NodeId, msg: Msg, log: &[Rec], out: &mut Out<RaftSession>) {
        let entries = || log.iter().filter_map(|r| if let Rec::Entry(e) = r { Some(*e) } else { None });
        match msg {
            Msg::Elect => {
                self.term += 1;
                out.force(Rec::Term(from));
                out.send_after("term", from, Msg::Elected(self.term, entries().collect()));
            }
            Msg::Append(term, entry, _) if term < self.term => out.send(from, Msg::Refused(entry)),
            Msg::Append(_, entry, applied) => {
                out.force(Rec::Entry(entry));
                if let (_, true) = self.machine.apply(Config(ctx.params), entry)
                    && let Some((client, n)) = entry.client()
                {
                    out.apply(numbered::intent(client.0, n));
                }
                let new = entries().chain([entry]).skip(usize::from(applied)).collect();
                out.send(from, Msg::Log(self.term, applied, new));
            }
            _ => {}
        }
    }

    fn status(&self, ctx: &Ctx) -> Status {
        let answers = self.machine.sessions.values().map(|s| s.answers.len()).sum();
        let mut gauges = vec![Gauge::new("term", self.term)];
        if Config(ctx.params).sessions() {
            gauges.extend([
                Gauge::count("sessions", self.machine.sessions.len()),
                Gauge::count("answers", answers),
            ]);
        }
        if ctx.params.get(param::COMMAND) == 0 {
            gauges.push(Gauge::new("charges", self.machine.charges));
        }
        let lock = |n: &u8| {
            let resource = Resource(*n);
            Lock { resource, name: RaftSession::resource(resource), holder: None, waiters: Vec::new() }
        };
        let locks = self.machine.locks.keys().map(lock).collect();
        Status { gauges, locks, ..Status::new("idle", Stance::Idle) }
    }
}
