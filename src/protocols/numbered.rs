//! A client that numbers what it asks for: what protocols with sessions, leases and sequence numbers share.
//!
//! A number means something only together with the name under which it counts, a session or a lease. Who
//! numbers in order can say more than a key does: which is the lowest number that it still waits for. What is
//! below that need not be remembered by anybody.

use crate::order::Map;
use crate::protocol::plain::{choice, of_clients, phase, range, refused, verb};
use crate::protocol::{
    ArgKind, Ctx, Gauge, NodeId, Offer, Out, ParamSpec, Params, PhaseKind, Request, Role, Stance, Status,
    VerbKind,
};
use serde::{Deserialize, Serialize};

/// Asks for the next thing.
pub const SEND: u8 = 0;
/// Asks somebody again for the first thing that it still waits for.
pub const RESEND: u8 = 1;

/// What the user can do, in the order of the numbers above: the first verbs of a protocol with such clients.
pub const VERBS: [VerbKind; 2] =
    [verb("send", true), VerbKind { arg: ArgKind::Node, ..verb("resend", false) }];

/// What a client can be found at.
pub const PHASES: [PhaseKind; 8] = [
    phase("not-asked"),
    phase("waiting"),
    phase("saw-ok"),
    refused("saw-taken"),
    refused("saw-stale"),
    refused("saw-expired"),
    refused("saw-in-progress"),
    refused("saw-elsewhere"),
];

/// How many things a client wants, one after the other: a parameter.
pub const COMMANDS: ParamSpec = of_clients(range("commands", 1, 2, 1));

/// Whether a client writes down its numbers: a parameter.
pub const NUMBERS: ParamSpec = of_clients(choice("numbers", &["kept", "forgotten"], 0));

/// What a client is told of a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// It is done; the number of the receipt.
    Done(u8),
    /// It cannot be done: a client, by its place, has what is asked for.
    Taken(u8),
    /// The client said itself that it has seen the answer.
    Stale,
    /// The name under which it counts is unknown, or no longer valid. It was not done now.
    Expired,
    /// It is being done.
    InProgress,
    /// Another is to be asked.
    Elsewhere,
}

impl Answer {
    fn phase(self) -> &'static str {
        match self {
            Answer::Done(_) => "saw-ok",
            Answer::Taken(_) => "saw-taken",
            Answer::Stale => "saw-stale",
            Answer::Expired => "saw-expired",
            Answer::InProgress => "saw-in-progress",
            Answer::Elsewhere => "saw-elsewhere",
        }
    }
}

/// What a client writes down.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Note {
    /// The name under which its numbers count.
    Under(u8),
    /// A number, before it is first sent.
    Number(u8),
    /// That the answer to a number was seen.
    Told(u8, u8),
    /// That it began anew and knows nothing.
    Restart,
}

impl Note {
    /// The word of the record.
    pub fn word(self) -> &'static str {
        match self {
            Note::Under(_) => "name",
            Note::Number(_) => "number",
            Note::Told(..) => "told",
            Note::Restart => "restart",
        }
    }

    /// What else the record holds.
    pub fn detail(self) -> String {
        match self {
            Note::Under(n) | Note::Number(n) | Note::Told(n, _) => n.to_string(),
            Note::Restart => String::new(),
        }
    }
}

/// A protocol that has such clients.
pub trait Asks: Role {
    /// The client's note as its record.
    fn note(note: Note) -> Self::Record;
}

/// How the clients of a world behave.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Whether they write down their numbers.
    pub kept: bool,
    /// How often they send at most.
    pub tries: u8,
    /// How many things they want.
    pub commands: u8,
}

impl Manner {
    /// As the parameters [`COMMANDS`], [`NUMBERS`] and [`super::client::TRIES`] say, which stand at these places.
    pub fn of(params: &Params, [commands, numbers, tries]: [usize; 3]) -> Manner {
        Manner {
            kept: params.get(numbers) == 0,
            tries: params.get(tries) as u8,
            commands: params.get(commands) as u8,
        }
    }
}

/// A client.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Numbered {
    /// The name under which its numbers count; 0 while it has none.
    pub under: u8,
    /// The highest number that it has used.
    begun: u8,
    /// The receipts that it saw, by number.
    told: Map<u8, u8>,
    sends: u8,
    /// What it was last told, and nothing since it last sent.
    pub last: Option<Answer>,
    /// How often it came back from a crash and knew nothing.
    pub lives: u8,
}

impl Numbered {
    /// Comes up with what its notes say.
    pub fn boot<R: Asks>(
        ctx: &Ctx,
        notes: impl Iterator<Item = Note>,
        manner: Manner,
        out: &mut Out<R>,
    ) -> Numbered {
        let mut client = Numbered { under: 0, begun: 0, told: Map::new(), sends: 0, last: None, lives: 0 };
        for note in notes {
            match note {
                Note::Under(name) => client.under = name,
                Note::Number(n) => (client.begun, client.sends) = (n, n),
                Note::Told(n, says) => drop(client.told.insert(n, says)),
                Note::Restart => client.lives += 1,
            }
        }
        if !ctx.first_boot && !manner.kept {
            client.lives += 1;
            out.force(R::note(Note::Restart));
        }
        client
    }

    /// It may count under this name.
    pub fn named<R: Asks>(&mut self, name: u8, manner: Manner, out: &mut Out<R>) {
        self.under = name;
        self.last = None;
        if manner.kept {
            out.force(R::note(Note::Under(name)));
        }
    }

    /// Begins the next thing; its number.
    pub fn begin<R: Asks>(&mut self, ctx: &Ctx, manner: Manner, out: &mut Out<R>) -> u8 {
        self.begun += 1;
        self.sends += 1;
        self.last = None;
        if manner.kept {
            out.force(R::note(Note::Number(self.begun)));
        }
        out.ask(intent(ctx.me.0, self.begun));
        self.begun
    }

    /// Asks again for the first thing that it waits for; its number.
    pub fn again(&mut self) -> u8 {
        self.sends += 1;
        self.last = None;
        self.low()
    }

    /// The lowest number whose answer it has not seen.
    pub fn low(&self) -> u8 {
        (1..).find(|n| !self.told.contains_key(n)).unwrap_or(u8::MAX)
    }

    /// An answer comes in.
    pub fn hear<R: Asks>(&mut self, ctx: &Ctx, n: u8, answer: Answer, manner: Manner, out: &mut Out<R>) {
        if let Answer::Done(says) = answer {
            match self.told.get(&n) {
                Some(known) if *known != says => out.alarm("answers"),
                Some(_) => {}
                None => {
                    self.told.insert(n, says);
                    if manner.kept {
                        out.force(R::note(Note::Told(n, says)));
                    }
                    out.answer(intent(ctx.me.0, n));
                }
            }
        }
        if n >= self.low() || matches!(answer, Answer::Done(_)) {
            self.last = Some(answer);
        }
    }

    /// What the user may think of; `not_yet` is why nothing can be sent at all.
    pub fn offers(&self, servers: &[NodeId], not_yet: Option<&'static str>, manner: Manner) -> Vec<Offer> {
        let spent = (self.sends >= manner.tries).then_some("no-tries-left");
        let send = (self.begun >= manner.commands).then_some("already-sent").or(not_yet).or(spent);
        let resend = match (self.begun, self.low() > self.begun) {
            (0, _) => Some("not-sent"),
            (_, true) => Some("already-answered"),
            (_, false) => not_yet.or(spent),
        };
        let again = servers.iter().map(|server| Offer::about(RESEND, *server, resend));
        [Offer::new(SEND, send)].into_iter().chain(again).collect()
    }

    /// What it says of itself.
    pub fn status(&self) -> Status {
        let phase = match (self.last, self.begun, self.low() > self.begun) {
            (_, 0, _) => "not-asked",
            (_, _, true) => "saw-ok",
            (Some(Answer::Done(_)) | None, _, false) => "waiting",
            (Some(answer), _, false) => answer.phase(),
        };
        Status { gauges: vec![Gauge::new("sent", self.sends)], ..Status::new(phase, Stance::Idle) }
    }
}

/// What a client wants under a number, whatever the name is.
pub fn intent(client: u8, n: u8) -> Request {
    Request(client * 2 + n - 1)
}

/// What an intent is called: by the client, and by the number where there are more than one.
pub fn whose(clients: u16, commands: u16, request: Request) -> String {
    let client = if clients == 1 { "K".to_string() } else { format!("K{}", request.0 / 2 + 1) };
    if commands == 1 { client } else { format!("{client}.{}", request.0 % 2 + 1) }
}
