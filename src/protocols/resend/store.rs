//! What the service has on its disk.

use super::words::{Rec, With};
use crate::order::Map;
use crate::protocol::Request;
use crate::protocols::client::{self, Key};
use crate::worlds::ticket::Hall;
use serde::{Deserialize, Serialize};

/// What is known of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Known {
    /// It was seen.
    Marked,
    /// It was carried out, and what was answered is not known.
    Counted,
    /// Somebody works on it.
    Claimed { owner: u8 },
    /// This was answered.
    Answered { says: u8 },
    /// There was no seat left.
    SoldOut,
}

/// A row of the table of keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Row {
    /// What the request was.
    pub body: u8,
    /// How it stands.
    pub known: Known,
}

/// The last number of a client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Last {
    /// Which; 0 where there is none.
    pub number: u8,
    /// What was asked with it.
    pub body: u8,
    /// What was answered; 0 where there was no seat left.
    pub says: u8,
}

/// What is durable at the service: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Store {
    /// To whom it sold what, with a charge for each; or who the seat was given to.
    pub hall: Hall,
    /// The version that there is.
    pub version: u8,
    /// How many claims there have been.
    pub claims: u8,
    /// The table of keys.
    pub rows: Map<Key, Row>,
    /// The last number of each client.
    pub numbers: Map<u8, Last>,
}

impl Store {
    /// What a log says.
    pub fn of(log: &[Rec]) -> Store {
        let (hall, rows, numbers) = (Hall::default(), Map::new(), Map::new());
        let mut store = Store { hall, version: 1, claims: 0, rows, numbers };
        for record in log {
            store.add(record);
        }
        store
    }

    /// One record more.
    pub fn add(&mut self, record: &Rec) {
        let known = |body, known| Row { body, known };
        match *record {
            Rec::Note(_) => {}
            Rec::Charge(taker) | Rec::Set(taker) => self.hall.sell(Request(taker)),
            Rec::Mark(key, body) => drop(self.rows.insert(key, known(body, Known::Marked))),
            Rec::Count(key, body) => drop(self.rows.insert(key, known(body, Known::Counted))),
            Rec::Reply { key, body, says } => {
                self.rows.insert(key, known(body, Known::Answered { says }));
            }
            Rec::Number { client, key, body, says } => {
                self.numbers.insert(client, Last { number: number(key), body, says });
            }
            Rec::SoldOut { client: None, key, body } => {
                self.rows.insert(key, known(body, Known::SoldOut));
            }
            Rec::SoldOut { client: Some(client), key, body } => {
                self.numbers.insert(client, Last { number: number(key), body, says: 0 });
            }
            Rec::Claim { key, body, owner } => {
                self.claims = owner;
                self.rows.insert(key, known(body, Known::Claimed { owner }));
            }
            Rec::Booked { taker, key, body, says, with, .. } => {
                self.hall.sell(Request(taker));
                match with {
                    With::Number => {
                        let last = Last { number: number(key), body, says };
                        self.numbers.insert(client::client(Request(taker)), last);
                    }
                    With::Version => self.version += 1,
                    With::Reply | With::Key => {}
                }
                if with != With::Number && key != Key::None {
                    self.rows.insert(key, known(body, Known::Answered { says }));
                }
            }
            Rec::Forget(key) => drop(self.rows.remove(&key)),
        }
    }

    /// What a client that is sold a ticket now is told: the number of its receipt. Who sets the same again is
    /// told the same again.
    pub fn receipt(&self, taker: u8, sets: bool) -> u8 {
        if sets { taker + 1 } else { self.hall.sold() + 1 }
    }
}

/// The number in a key, for those who count.
pub fn number(key: Key) -> u8 {
    match key {
        Key::None => 0,
        Key::Drawn(_, n) | Key::Tick(n) => n,
    }
}
