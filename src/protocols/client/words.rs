//! What clients and services say to each other, and what a client writes down.

use serde::{Deserialize, Serialize};

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

    /// The key with the request that it stands for: `a1`, or `a1′` for something else.
    pub fn of(self, body: u8) -> String {
        format!("{}{}", self.print(), if body == 1 { "" } else { "′" })
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
    /// Which of the client's intents it is for. It is not on the wire: effects are counted by it.
    pub wish: u8,
}

impl Ask {
    /// What the message shows besides its word.
    pub fn print(&self) -> String {
        let version = self.version.map_or_else(String::new, |v| format!("v{v}"));
        [self.key.of(self.body), version].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ")
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
    /// The client's number is not the next one, and not the last either.
    OutOfOrder,
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
            Code::OutOfOrder => "out-of-order",
            Code::SoldOut => "sold-out",
            Code::NoEntry => "enoent",
        }
    }

    pub(super) fn phase(self) -> &'static str {
        match self {
            Code::Ok => "saw-ok",
            Code::BadRequest => "saw-400",
            Code::Conflict => "saw-409",
            Code::PreconditionFailed => "saw-412",
            Code::Unprocessable => "saw-422",
            Code::PreconditionRequired => "saw-428",
            Code::Error => "saw-500",
            Code::Unavailable => "saw-503",
            Code::OutOfOrder => "saw-out-of-order",
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
    /// The key of the other thing that it wants.
    Another(Key),
}

impl Note {
    /// The word of the record.
    pub fn word(self) -> &'static str {
        match self {
            Note::Intent(_) | Note::Another(_) => "intent",
            Note::Restart => "restart",
        }
    }

    /// What else the record holds.
    pub fn detail(self) -> String {
        match self {
            Note::Intent(key) => key.print(),
            Note::Another(key) => format!("{}′", key.print()),
            Note::Restart => String::new(),
        }
    }
}
