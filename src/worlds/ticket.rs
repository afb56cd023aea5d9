//! A hall with seats, and tickets that are sold for them.
//!
//! A ticket is charged for when it is sold, in one record: each charge is one ticket. What can go wrong is that one
//! intent is sold two, and that more are sold than there are seats.

use crate::protocol::{Data, Request, Seat};
use serde::{Deserialize, Serialize};

/// Where the hall is looked at before a ticket is sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// In the step that sells.
    AtSale,
    /// In a step before it, and then others come in between.
    Before,
    /// Nowhere.
    Never,
}

impl Look {
    /// The words of the choice.
    pub const WORDS: &[&str] = &["at-sale", "before", "never"];

    /// The choice with this value.
    pub fn of(value: u16) -> Look {
        [Look::AtSale, Look::Before, Look::Never][usize::from(value)]
    }
}

/// How tickets are sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sale {
    /// Whoever asks gets the next of so many seats.
    Next(u8),
    /// Everybody asks for the same seat, and gets it from whoever has it.
    Same,
}

/// The intents that tickets were sold to, in order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Hall(Vec<u8>);

const _: fn() = || {
    fn is_data<T: Data>() {}
    is_data::<Hall>();
};

impl Hall {
    /// A ticket is sold.
    pub fn sell(&mut self, taker: Request) {
        self.0.push(taker.0);
    }

    /// How many were sold.
    pub fn sold(&self) -> u8 {
        self.0.len() as u8
    }

    /// To whom the last was sold.
    pub fn last(&self) -> Option<Request> {
        self.0.last().map(|taker| Request(*taker))
    }

    /// Whether there is a seat left for this intent.
    pub fn has_room(&self, sale: Sale, taker: Request) -> bool {
        match sale {
            Sale::Next(seats) => self.sold() < seats,
            Sale::Same => self.last().is_none_or(|owner| owner == taker),
        }
    }

    /// Whether more have a ticket than there are seats.
    pub fn oversold(&self, sale: Sale) -> bool {
        match sale {
            Sale::Next(seats) => self.sold() > seats,
            Sale::Same => self.0.iter().any(|taker| Some(taker) != self.0.last()),
        }
    }

    /// The seats, and behind them the tickets that there is no seat for.
    pub fn seats(&self, sale: Sale) -> Vec<Seat> {
        let seat = |holder: Option<u8>, beyond| Seat { holder: holder.map(Request), beyond };
        match sale {
            Sale::Next(seats) => {
                let all = usize::from(seats).max(self.0.len());
                (0..all).map(|i| seat(self.0.get(i).copied(), i >= usize::from(seats))).collect()
            }
            Sale::Same => {
                let owner = self.0.last().copied();
                let mut before: Vec<u8> = self.0.iter().copied().filter(|t| Some(*t) != owner).collect();
                before.sort_unstable();
                before.dedup();
                let without = before.into_iter().map(|taker| seat(Some(taker), true));
                std::iter::once(seat(owner, false)).chain(without).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hall(sold: &[u8]) -> Hall {
        let mut hall = Hall::default();
        sold.iter().for_each(|taker| hall.sell(Request(*taker)));
        hall
    }

    fn drawn(seats: &[Seat]) -> String {
        let one = |seat: &Seat| {
            let who = seat.holder.map_or("_".to_string(), |request| request.0.to_string());
            if seat.beyond { format!("({who})") } else { who }
        };
        seats.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn seats_are_sold_in_order_and_tickets_beyond_them_have_none() {
        assert_eq!(drawn(&hall(&[]).seats(Sale::Next(2))), "_ _");
        assert_eq!(drawn(&hall(&[0, 1, 0]).seats(Sale::Next(2))), "0 1 (0)");
        assert!(hall(&[0]).has_room(Sale::Next(2), Request(1)));
        assert!(!hall(&[0, 0]).has_room(Sale::Next(2), Request(1)));
        assert!(!hall(&[0, 0]).oversold(Sale::Next(2)) && hall(&[0, 0, 0]).oversold(Sale::Next(2)));
    }

    #[test]
    fn a_seat_that_is_given_to_another_was_sold_to_two() {
        assert_eq!(drawn(&hall(&[0, 0]).seats(Sale::Same)), "0");
        assert_eq!(drawn(&hall(&[0, 1, 0, 1]).seats(Sale::Same)), "1 (0)");
        assert!(hall(&[0]).has_room(Sale::Same, Request(0)) && !hall(&[0]).has_room(Sale::Same, Request(1)));
        assert!(!hall(&[0, 0]).oversold(Sale::Same) && hall(&[0, 1]).oversold(Sale::Same));
    }
}
