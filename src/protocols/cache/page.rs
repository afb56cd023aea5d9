//! What there are copies of.

use crate::order::Map;
use crate::protocols::client::{Ask, Code, Key, Reply};
use serde::{Deserialize, Serialize};

/// What there is to sell.
pub(super) const STOCK: u8 = 10;

/// What is stored, and copied: the stock, and what was answered to which key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Page {
    pub(super) version: u8,
    pub(super) stock: u8,
    /// What the request was, and what was answered.
    rows: Map<Key, (u8, u8)>,
}

impl Page {
    /// As it is at first.
    pub(super) fn new() -> Page {
        Page { version: 1, stock: STOCK, rows: Map::new() }
    }

    /// What is known of a request, if it is known.
    pub(super) fn known(&self, ask: &Ask) -> Option<Reply> {
        let (body, says) = *self.rows.get(&ask.key)?;
        let code = if body == ask.body { Code::Ok } else { Code::Unprocessable };
        let says = if body == ask.body { says } else { 0 };
        Some(Reply { key: ask.key, code, says })
    }

    /// Sells one.
    pub(super) fn charge(&mut self) {
        self.version += 1;
        self.stock = self.stock.saturating_sub(1);
    }

    /// Notes what was answered to a key.
    pub(super) fn note(&mut self, key: Key, body: u8, says: u8) {
        if key != Key::None {
            self.rows.insert(key, (body, says));
        }
    }

    /// What a client that is sold something now is told: the number of its receipt.
    pub(super) fn receipt(&self) -> u8 {
        self.version
    }
}
