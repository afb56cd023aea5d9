//! What the service has on its disk.

use super::words::{Rec, With};
use crate::order::Map;
use crate::protocol::{NodeId, Request};
use crate::protocols::client::{self, Key};
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
}

/// A row of the table of keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Row {
    /// What the request was; 0 where nobody wrote it down.
    pub body: u8,
    /// How it stands.
    pub known: Known,
}

/// What is durable at the service: a fold over its log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Store {
    /// How often it charged, or set the seat.
    pub charges: u8,
    /// Whose the seat is, where the operation sets that: the number of an intent and one, or 0.
    pub seat: u8,
    /// The version that there is.
    pub version: u8,
    /// How many claims there have been.
    pub claims: u8,
    /// The table of keys.
    pub rows: Map<Key, Row>,
    /// The last number of each client, and what was answered.
    pub numbers: Map<u8, (u8, u8)>,
}

impl Store {
    /// What a log says.
    pub fn of(log: &[Rec]) -> Store {
        let mut store =
            Store { charges: 0, seat: 0, version: 1, claims: 0, rows: Map::new(), numbers: Map::new() };
        for record in log {
            store.add(record);
        }
        store
    }

    /// Whose the seat is.
    pub fn owner(&self) -> Option<NodeId> {
        self.seat.checked_sub(1).map(|taker| NodeId(client::client(Request(taker))))
    }

    fn sell(&mut self, taker: u8) {
        self.charges = self.charges.saturating_add(1);
        self.seat = taker + 1;
    }

    /// One record more.
    pub fn add(&mut self, record: &Rec) {
        let known = |body, known| Row { body, known };
        match *record {
            Rec::Note(_) => {}
            Rec::Charge(taker) | Rec::Set(taker) => self.sell(taker),
            Rec::Mark(key) => drop(self.rows.insert(key, known(0, Known::Marked))),
            Rec::Count(key) => drop(self.rows.insert(key, known(0, Known::Counted))),
            Rec::Reply(key, says) => {
                let body = self.rows.get(&key).map_or(0, |row| row.body);
                self.rows.insert(key, known(body, Known::Answered { says }));
            }
            Rec::Claim { key, body, owner } => {
                self.claims = owner;
                self.rows.insert(key, known(body, Known::Claimed { owner }));
            }
            Rec::Booked { taker, key, body, says, with, .. } => {
                self.sell(taker);
                match with {
                    With::Number => {
                        self.numbers.insert(client::client(Request(taker)), (number(key), says));
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
        if sets { taker + 1 } else { self.charges + 1 }
    }
}

/// The number in a key, for those who count.
pub fn number(key: Key) -> u8 {
    match key {
        Key::None => 0,
        Key::Drawn(_, n) | Key::Tick(n) => n,
    }
}
