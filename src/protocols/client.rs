//! The client with a user behind it: what every protocol about requests that are sent again has in common.
//!
//! The user wants one thing, once. A lost request, a lost reply and a service that died after the effect look
//! the same: no answer. What is left is to send again, and how: with the same key, with a new one, or with the
//! same key and something else in the request; or to give up.
//!
//! A key is drawn once for an intent, by the outermost client, and is written down before it is first sent; a
//! client that only remembers it draws another after a crash. A timestamp is no key: who sends again stamps
//! again, and two who send in the same tick have the same.
//!
//! Sources: the IETF draft *The Idempotency-Key HTTP Header Field*, revision 07; RFC 9110, sections 9.2.2 and
//! 13.1.1.

use crate::order::Map;
use crate::protocol::plain::{phase, verb};
use crate::protocol::{
    Command, Ctx, Gauge, NodeId, NodeSpec, Offer, Out, ParamKind, ParamSpec, PhaseKind, Request, Role,
    Stance, Status, VerbKind,
};
use serde::{Deserialize, Serialize};

/// Sends for the first time.
pub const SEND: u8 = 0;
/// Sends the same again.
pub const RESEND: u8 = 1;
/// Sends the same under a new key.
pub const NEW_KEY: u8 = 2;
/// Sends something else under the same key.
pub const OTHER_BODY: u8 = 3;
/// Stops caring.
pub const GIVE_UP: u8 = 4;

/// What the user can do, in the order of the numbers above: the first verbs of a protocol with clients.
pub const VERBS: [VerbKind; 5] = [
    verb("send", true),
    verb("resend", false),
    verb("new-key", false),
    verb("other-body", false),
    verb("give-up", false),
];

/// What a client can be found at.
pub const PHASES: [PhaseKind; 11] = [
    phase("not-asked"),
    phase("waiting"),
    phase("saw-ok"),
    phase("saw-400"),
    phase("saw-409"),
    phase("saw-412"),
    phase("saw-422"),
    phase("saw-428"),
    phase("saw-500"),
    phase("saw-503"),
    phase("gave-up"),
];

/// How a client makes keys: a parameter.
pub const KEYS: ParamSpec = ParamSpec {
    key: "keys",
    kind: ParamKind::Choice(&["kept", "forgotten", "timestamp", "none"]),
    default: 0,
    group: "client",
};

/// How often a client sends at most, whatever was lost: a parameter.
pub const TRIES: ParamSpec =
    ParamSpec { key: "tries", kind: ParamKind::Range(1, 5), default: 3, group: "client" };

/// Whether the user sends again only what was sent before: a parameter.
pub const SAME: ParamSpec =
    ParamSpec { key: "only-same", kind: ParamKind::Switch, default: 0, group: "client" };

/// How a client makes keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keys {
    /// Drawn once, and written down before it is sent.
    Kept,
    /// Drawn once, and lost in a crash.
    Forgotten,
    /// The time of sending, in ticks that all clients share.
    Timestamp,
    /// None.
    None,
}

impl Keys {
    /// The choice with this value of [`KEYS`].
    pub fn of(value: u16) -> Keys {
        [Keys::Kept, Keys::Forgotten, Keys::Timestamp, Keys::None][usize::from(value)]
    }
}

/// What marks a request as the same as another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Key {
    /// Nothing does.
    None,
    /// Drawn by a client so that nobody draws it again: the client's place, and the how manieth of its keys.
    Drawn(u8, u8),
    /// The tick in which it was sent.
    Tick(u8),
}

impl Key {
    /// The key as messages and records show it: `a1`, `t1`, or nothing.
    pub fn print(self) -> String {
        match self {
            Key::None => String::new(),
            Key::Drawn(client, n) => format!("{}{n}", char::from(b'a' + client)),
            Key::Tick(n) => format!("t{n}"),
        }
    }
}

/// A request as it is sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Ask {
    /// What marks it.
    pub key: Key,
    /// What is asked for: 1, or 2 for something else.
    pub body: u8,
    /// The version that it is meant for, where versions are compared (`If-Match`).
    pub version: Option<u8>,
}

impl Ask {
    /// What the message shows besides its word.
    pub fn print(&self) -> String {
        let body = if self.body == 1 { "" } else { "′" };
        let version = self.version.map_or_else(String::new, |v| format!("v{v}"));
        [format!("{}{body}", self.key.print()), version]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// What a service answers: the status codes of HTTP, and what file servers say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Code {
    /// It is done: 200 or 201.
    Ok,
    /// 400: a key is missing.
    BadRequest,
    /// 409: the same request is being worked on.
    Conflict,
    /// 412: the version is not what it was.
    PreconditionFailed,
    /// 422: the key belongs to another request.
    Unprocessable,
    /// 428: a version is missing.
    PreconditionRequired,
    /// 500: something went wrong.
    Error,
    /// 503: there is too much to do.
    Unavailable,
    /// There is not as much left as was asked for. Only those who sell what is scarce say so, and only their
    /// phases have a word for it.
    SoldOut,
    /// ENOENT: there is no such file. The same goes for this.
    NoEntry,
}

impl Code {
    /// The word of the message.
    pub fn word(self) -> &'static str {
        match self {
            Code::Ok => "ok",
            Code::BadRequest => "400",
            Code::Conflict => "409",
            Code::PreconditionFailed => "412",
            Code::Unprocessable => "422",
            Code::PreconditionRequired => "428",
            Code::Error => "500",
            Code::Unavailable => "503",
            Code::SoldOut => "sold-out",
            Code::NoEntry => "enoent",
        }
    }

    fn phase(self) -> &'static str {
        match self {
            Code::Ok => "saw-ok",
            Code::BadRequest => "saw-400",
            Code::Conflict => "saw-409",
            Code::PreconditionFailed => "saw-412",
            Code::Unprocessable => "saw-422",
            Code::PreconditionRequired => "saw-428",
            Code::Error => "saw-500",
            Code::Unavailable => "saw-503",
            Code::SoldOut => "saw-sold-out",
            Code::NoEntry => "saw-enoent",
        }
    }
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Reply {
    /// The request that it answers.
    pub key: Key,
    /// How it went.
    pub code: Code,
    /// What the answer says: the number of the receipt, or for 412 the version that there is. 0 says nothing.
    pub says: u8,
}

impl Reply {
    /// What the message shows besides its word.
    pub fn print(&self) -> String {
        match (self.code, self.says) {
            (_, 0) => String::new(),
            (Code::PreconditionFailed, n) => format!("v{n}"),
            (_, n) => format!("#{n}"),
        }
    }
}

/// What a client writes down.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Note {
    /// The key of what it wants, before it first sends it.
    Intent(Key),
    /// That it began anew: a drawn number does not come twice, so that what is drawn after is another.
    Restart,
}

impl Note {
    /// The word of the record.
    pub fn word(self) -> &'static str {
        match self {
            Note::Intent(_) => "intent",
            Note::Restart => "restart",
        }
    }

    /// What else the record holds.
    pub fn detail(self) -> String {
        match self {
            Note::Intent(key) => key.print(),
            Note::Restart => String::new(),
        }
    }
}

/// A protocol that has such clients.
pub trait Asks: Role {
    /// The request as its message.
    fn ask(ask: Ask) -> Self::Msg;
    /// The client's note as its record.
    fn note(note: Note) -> Self::Record;
}

/// How the clients of a world behave.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How they make keys.
    pub keys: Keys,
    /// How often they send at most.
    pub tries: u8,
    /// Whether they never send anything but the same again.
    pub same: bool,
    /// Whether they say which version they mean.
    pub versions: bool,
    /// Whom they ask.
    pub service: NodeId,
}

/// A client.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Client {
    /// How often it has come back from a crash.
    lives: u8,
    /// How many keys it has drawn.
    drawn: u8,
    /// The key that it uses.
    key: Option<Key>,
    body: u8,
    /// The version that it means.
    version: u8,
    /// The version that there is, as far as it was told.
    current: u8,
    sends: u8,
    /// What it was last told.
    told: Option<Code>,
    /// What it was told when all went well, by key.
    receipts: Map<Key, u8>,
    gone: bool,
}

impl Client {
    /// Comes up with what its notes say.
    pub fn boot<R: Asks>(
        ctx: &Ctx,
        notes: impl Iterator<Item = Note>,
        manner: Manner,
        out: &mut Out<R>,
    ) -> Client {
        let mut client = Client {
            lives: 0,
            drawn: 0,
            key: None,
            body: 1,
            version: 1,
            current: 1,
            sends: 0,
            told: None,
            receipts: Map::new(),
            gone: false,
        };
        for note in notes {
            match note {
                Note::Restart => client.lives += 1,
                Note::Intent(key) => {
                    client.key = Some(key);
                    client.drawn += 1;
                    client.sends = 1;
                }
            }
        }
        if !ctx.first_boot && manner.keys != Keys::Kept {
            out.force(R::note(Note::Restart));
            client.lives += 1;
        }
        client
    }

    /// Whether it still wants an answer.
    fn open(&self) -> bool {
        !self.gone && self.told != Some(Code::Ok)
    }

    /// Draws a key, or stamps.
    fn fresh(&self, place: u8, keys: Keys) -> Key {
        match keys {
            Keys::None => Key::None,
            Keys::Timestamp => Key::Tick(self.lives + self.sends + 1),
            Keys::Kept | Keys::Forgotten => Key::Drawn(place, self.lives * 5 + self.drawn + 1),
        }
    }

    /// The user asks for something that was offered.
    pub fn command<R: Asks>(&mut self, ctx: &Ctx, command: Command, manner: Manner, out: &mut Out<R>) {
        let place = place(ctx);
        match command.verb {
            GIVE_UP => {
                self.gone = true;
                return;
            }
            SEND => out.ask(intent(place)),
            OTHER_BODY => self.body = 2,
            // Who wants it again after a look at what is there means what it saw.
            NEW_KEY => self.version = self.current,
            RESEND => {}
            other => unreachable!("no verb {other}"),
        }
        let stamps = manner.keys == Keys::Timestamp;
        let key = match self.key.filter(|_| command.verb != NEW_KEY && !stamps) {
            Some(key) => key,
            None => {
                let key = self.fresh(place, manner.keys);
                if manner.keys == Keys::Kept {
                    out.force(R::note(Note::Intent(key)));
                }
                self.drawn += 1;
                key
            }
        };
        self.key = Some(key);
        self.sends += 1;
        self.told = None;
        let version = (manner.versions && manner.keys != Keys::None).then_some(self.version);
        let msg = R::ask(Ask { key, body: self.body, version });
        match manner.keys {
            Keys::Kept => out.send_after("intent", manner.service, msg),
            _ => out.send(manner.service, msg),
        }
    }

    /// An answer comes in.
    pub fn hear<R: Asks>(&mut self, ctx: &Ctx, reply: Reply, out: &mut Out<R>) {
        if reply.code == Code::PreconditionFailed {
            self.current = reply.says;
        }
        if reply.code == Code::Ok {
            if self.receipts.get(&reply.key).is_some_and(|known| *known != reply.says) {
                out.alarm("answers");
            }
            self.receipts.insert(reply.key, reply.says);
        }
        if !self.open() {
            return;
        }
        self.told = Some(reply.code);
        if reply.code == Code::Ok {
            out.answer(intent(place(ctx)));
        }
    }

    /// What the user may think of.
    pub fn offers(&self, manner: Manner) -> Vec<Offer> {
        let asked = self.sends > 0;
        let refused = |verb: u8| match verb {
            SEND => asked.then_some("already-sent"),
            _ if !asked => Some("not-sent"),
            _ if self.told == Some(Code::Ok) => Some("already-answered"),
            _ if self.gone => Some("gave-up"),
            GIVE_UP => None,
            _ if self.sends >= manner.tries => Some("no-tries-left"),
            NEW_KEY if manner.keys == Keys::None => Some("no-keys"),
            NEW_KEY | OTHER_BODY if manner.same => Some(SAME.key),
            _ => None,
        };
        let offer = |verb| {
            let refused = refused(verb);
            let switch = refused.filter(|why| *why == SAME.key);
            Offer { command: Command { verb, arg: None }, refused, switch }
        };
        (SEND..=GIVE_UP).map(offer).collect()
    }

    /// What it says of itself.
    pub fn status(&self) -> Status {
        let phase = match (self.gone, self.told, self.sends) {
            (true, _, _) => "gave-up",
            (_, Some(code), _) => code.phase(),
            (_, None, 0) => "not-asked",
            (_, None, _) => "waiting",
        };
        let sent = Gauge { word: "sent", value: i32::from(self.sends) };
        Status { gauges: vec![sent], ..Status::new(phase, Stance::Idle) }
    }
}

/// The place of the client that is asked, among the clients: they come first.
fn place(ctx: &Ctx) -> u8 {
    ctx.me.0
}

/// A client's only intent.
pub fn intent(client: u8) -> Request {
    Request(client)
}

/// The clients of a world, which come before everybody else: K, or K1 and K2.
pub fn nodes(count: u16, role: u8) -> impl Iterator<Item = NodeSpec> {
    let name = move |i| if count == 1 { "K".to_string() } else { format!("K{i}") };
    (1..=count).map(move |i| NodeSpec { name: name(i), role })
}

/// What a client's intent is called: by the client.
pub fn whose(count: u16, request: Request) -> String {
    if count == 1 { "K".into() } else { format!("K{}", request.0 + 1) }
}
