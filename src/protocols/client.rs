//! The client with a user behind it: what every protocol about requests that are sent again has in common.
//!
//! The user wants one thing, once. A lost request, a lost reply and a service that died after the effect look
//! the same: no answer. What is left is to send again, and how: with the same key, with a new one, or with the
//! same key and something else in the request; or to give up.
//!
//! What is sent under the same key is the same intent, whatever it says. Something else under a key of its own is
//! another intent, which is what a 422 asks for; the same under a new key is the same intent, and the mistake that
//! doubles.
//!
//! A key is drawn once for an intent, by the outermost client, and is written down before it is first sent; a
//! client that only remembers it draws another after a crash. A timestamp is no key: who sends again stamps
//! again, and two who send in the same tick have the same.
//!
//! Sources: the IETF draft *The Idempotency-Key HTTP Header Field*, revision 07; RFC 9110, sections 9.2.2 and
//! 13.1.1.

mod words;

pub use words::{Ask, Code, Key, Note, Reply};

use crate::order::Map;
use crate::protocol::plain::{choice, of_clients, phase, range, refused, switch, verb};
use crate::protocol::{
    Again, Command, Ctx, Gauge, NodeId, NodeSpec, Offer, Out, ParamSpec, Params, PhaseKind, Request, Retries,
    Role, Stance, Status, VerbKind,
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
    // Where no answer comes at all.
    VerbKind { usual: true, ..verb("resend", false) },
    verb("new-key", false),
    verb("other-body", false),
    verb("give-up", false),
];

/// What a client can be found at.
pub const PHASES: [PhaseKind; 11] = [
    phase("not-asked"),
    phase("waiting"),
    phase("saw-ok"),
    refused("saw-400"),
    refused("saw-409"),
    refused("saw-412"),
    refused("saw-422"),
    refused("saw-428"),
    refused("saw-500"),
    refused("saw-503"),
    phase("gave-up"),
];

/// How many clients there are: a parameter.
pub const CLIENTS: ParamSpec = of_clients(range("clients", 1, 2, 1));

/// How a client makes keys: a parameter.
pub const KEYS: ParamSpec = of_clients(choice("keys", &["kept", "forgotten", "timestamp", "none"], 0));

/// How often a client sends at most, whatever was lost: a parameter.
pub const TRIES: ParamSpec = of_clients(range("tries", 1, 5, 3));

/// Whether the user sends again only what was sent before: a parameter.
pub const SAME: ParamSpec = of_clients(switch("only-same", false));

/// How a client asks again, in a protocol whose only request is called `request`. `keeps` are the parameters that
/// decide what comes of it.
pub const fn retries(keeps: &'static [&'static str]) -> Retries {
    Retries {
        asks: &["request"],
        again: Again::Verb("resend"),
        gives_up: None,
        asked: None,
        keeps,
        sets: &[("clients", "1"), ("tries", "5")],
    }
}

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

impl Manner {
    /// As the parameters [`KEYS`], [`TRIES`] and [`SAME`] say, which stand at these places. Nobody compares
    /// versions.
    pub fn of(params: &Params, [keys, tries, same]: [usize; 3], service: NodeId) -> Manner {
        Manner {
            keys: Keys::of(params.get(keys)),
            tries: params.get(tries) as u8,
            same: params.on(same),
            versions: false,
            service,
        }
    }
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
    /// The first key of its other intent, if it has begun one.
    other: Option<Key>,
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
            other: None,
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
                Note::Another(key) => {
                    client.body = 2;
                    client.key = Some(key);
                    client.other = client.other.or(Some(key));
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

    /// Which of its intents it is at: 0, or 1 for the other.
    pub fn wish(&self) -> u8 {
        u8::from(self.other.is_some())
    }

    /// The intent that is asked for under a key. Keys are drawn and stamped in order.
    fn wish_of(&self, key: Key) -> u8 {
        u8::from(self.other.is_some_and(|first| key >= first))
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
            SEND => out.ask(intent(place, 0)),
            OTHER_BODY => self.body = 2,
            // Who wants it again after a look at what is there means what it saw.
            NEW_KEY => self.version = self.current,
            RESEND => {}
            other => unreachable!("no verb {other}"),
        }
        let stamps = manner.keys == Keys::Timestamp;
        let known = self.key.filter(|_| command.verb != NEW_KEY && !stamps);
        let key = known.unwrap_or_else(|| self.fresh(place, manner.keys));
        // Where nothing marks it as the same, something else is another thing.
        let apart = known.is_none() || manner.keys == Keys::None;
        if apart && self.body != 1 && self.other.is_none() {
            self.other = Some(key);
            out.ask(intent(place, 1));
        }
        if known.is_none() {
            if manner.keys == Keys::Kept {
                let note = if self.other.is_some() { Note::Another(key) } else { Note::Intent(key) };
                out.force(R::note(note));
            }
            self.drawn += 1;
        }
        self.key = Some(key);
        self.sends += 1;
        self.told = None;
        let version = (manner.versions && manner.keys != Keys::None).then_some(self.version);
        let msg = R::ask(Ask { key, body: self.body, version, wish: self.wish() });
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
        let wish = self.wish_of(reply.key);
        let mut first = true;
        if reply.code == Code::Ok {
            if self.receipts.get(&reply.key).is_some_and(|known| *known != reply.says) {
                out.alarm("answers");
            }
            first = self.receipts.insert(reply.key, reply.says).is_none();
        }
        if !self.open() {
            return;
        }
        // A late word on what it wanted before is no answer to what it wants now.
        let late = wish != self.wish();
        if !late {
            self.told = Some(reply.code);
        }
        if reply.code == Code::Ok && (first || !late) {
            out.answer(intent(place(ctx), wish));
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
            let usual = verb != RESEND || self.told.is_none();
            Offer { switch: refused.filter(|why| *why == SAME.key), ..Offer::new(verb, refused) }.usual(usual)
        };
        (SEND..=GIVE_UP).map(offer).collect()
    }

    /// What it says of itself.
    pub fn status(&self, ctx: &Ctx) -> Status {
        let phase = match (self.gone, self.told, self.sends) {
            (true, _, _) => "gave-up",
            (_, Some(code), _) => code.phase(),
            (_, None, 0) => "not-asked",
            (_, None, _) => "waiting",
        };
        let about = self.told.map(|_| intent(place(ctx), self.wish()));
        Status { about, gauges: vec![Gauge::new("sent", self.sends)], ..Status::new(phase, Stance::Idle) }
    }
}

/// The place of the client that is asked, among the clients: they come first.
fn place(ctx: &Ctx) -> u8 {
    ctx.me.0
}

/// More than there are ever clients: how far apart the intents of one client are.
const MOST: u8 = 8;

/// An intent of a client: 0 is its first, 1 the other.
pub fn intent(client: u8, wish: u8) -> Request {
    Request(client + MOST * wish)
}

/// Whether it is the other intent of its client.
pub fn is_other(request: Request) -> bool {
    request.0 >= MOST
}

/// The client that an intent is of.
pub fn client(request: Request) -> u8 {
    request.0 % MOST
}

/// The clients of a world, which come before everybody else: K, or K1 and K2.
pub fn nodes(count: u16, role: u8) -> impl Iterator<Item = NodeSpec> {
    let name = move |i| if count == 1 { "K".to_string() } else { format!("K{i}") };
    (1..=count).map(move |i| NodeSpec::new(name(i), role))
}

/// The remark that nothing is known of a finished request any more.
pub const EXPIRED: &str = "expired";
/// The remark that such a request came again, and was taken for a new one.
pub const CAME_BACK: &str = "came-back";

/// What is to be remarked of a service that forgets, given its log. `entry` says which row of its table a record
/// writes or removes, and whether it removes it.
pub fn expired<R, K: PartialEq>(log: &[R], entry: impl Fn(&R) -> Option<(K, bool)>) -> Option<&'static str> {
    let mut gone = Vec::new();
    for (key, removed) in log.iter().filter_map(entry) {
        match removed {
            true => gone.push(key),
            false if gone.contains(&key) => return Some(CAME_BACK),
            false => {}
        }
    }
    (!gone.is_empty()).then_some(EXPIRED)
}

/// What a client's intent is called: by the client, and the other one with a stroke, as what is sent for it has.
pub fn whose(count: u16, request: Request) -> String {
    let name = if count == 1 { "K".into() } else { format!("K{}", client(request) + 1) };
    if is_other(request) { format!("{name}′") } else { name }
}
