//! A client of a bank whose accounts a transaction holds.

use super::{ASK, GIVE_UP, Msg, TwoPhase, participants, place};
use crate::protocol::{Command, Ctx, Input, Names, NodeId, Offer, Out, Request, Stance, Status, Want};
use crate::worlds::bank;
use serde::{Deserialize, Serialize};

/// A client with its own small transaction: it puts money into one account and waits for the lock.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Client {
    waits_for: Option<NodeId>,
}

impl Client {
    /// The same under other names.
    pub fn renamed(&self, names: &Names) -> Client {
        Client { waits_for: self.waits_for.map(|id| names.of(id)) }
    }

    pub fn on(&mut self, input: Input<Msg>, out: &mut Out<TwoPhase>) {
        match input {
            Input::Command(Command { verb: ASK, arg: Some(node) }) => {
                self.waits_for = Some(node);
                out.send(node, Msg::Ask);
            }
            Input::Command(Command { verb: GIVE_UP, .. }) => {
                if let Some(node) = self.waits_for.take() {
                    out.send(node, Msg::Withdraw);
                }
            }
            Input::Message { from, msg: Msg::Done } if self.waits_for == Some(from) => {
                self.waits_for = None;
                out.answer(Request(1));
            }
            _ => {}
        }
    }

    pub fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let waits = self.waits_for.is_some();
        let ask = |p| Offer::about(ASK, p, waits.then_some("already-waits"));
        let give_up = Offer::new(GIVE_UP, (!waits).then_some("does-not-wait"));
        participants(ctx).map(ask).chain([give_up]).collect()
    }

    pub fn status(&self, ctx: &Ctx) -> Status {
        match self.waits_for {
            None => Status::new("idle", Stance::Idle),
            Some(node) => {
                let resource = bank::resource(place(ctx, node));
                Status { wants: Some(Want { node, resource }), ..Status::new("waits", Stance::Idle) }
            }
        }
    }
}
