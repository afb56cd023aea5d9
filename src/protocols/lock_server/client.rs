//! A client of the lock server.

use super::words::{Msg, Pass};
use super::{ACQUIRE, Config, Fencing, LOCK, LockServer, RELEASE, WRITE, WRITE_NOW};
use crate::protocol::{Ctx, Gauge, Offer, Out, Request, Stance, Status, Want};
use serde::{Deserialize, Serialize};

/// A client: it asks, writes while it believes that it may, and gives back.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Client {
    sends: u8,
    waits: bool,
    /// What it believes to hold the lock by. It hears nothing when its time is up.
    pass: Option<Pass>,
    wrote: bool,
    rejected: bool,
}

impl Client {
    pub(super) fn command(&mut self, ctx: &Ctx, verb: u8, out: &mut Out<LockServer>) {
        let server = Config(ctx.params).server();
        match (verb, self.pass) {
            (ACQUIRE, _) => {
                out.ask(Request(ctx.me.0));
                (self.waits, self.rejected) = (true, false);
                self.sends += 1;
                out.send(server, Msg::Acquire);
            }
            (WRITE, Some(pass)) if Config(ctx.params).fencing() == Fencing::Server => {
                out.send(server, Msg::Check(pass));
            }
            (WRITE, _) => self.write(ctx, out),
            (RELEASE, Some(pass)) => {
                self.pass = None;
                out.cancel(WRITE_NOW);
                out.send(server, Msg::Release(pass));
            }
            (other, _) => unreachable!("no verb {other}"),
        }
    }

    pub(super) fn write(&self, ctx: &Ctx, out: &mut Out<LockServer>) {
        if let Some(pass) = self.pass {
            out.send(Config(ctx.params).resource(), Msg::Write(pass));
        }
    }

    pub(super) fn hear(&mut self, ctx: &Ctx, msg: Msg, out: &mut Out<LockServer>) {
        match msg {
            Msg::Grant(pass) if self.waits => {
                self.waits = false;
                self.pass = Some(pass);
                self.wrote = false;
            }
            // It does not wait for this one: a second entry of its own, or one from before a crash.
            Msg::Grant(pass) if self.pass != Some(pass) => {
                out.send(Config(ctx.params).server(), Msg::Release(pass));
            }
            Msg::Valid(pass) if self.pass == Some(pass) => out.arm(WRITE_NOW),
            Msg::Stale(pass) | Msg::Rejected(pass) if self.pass == Some(pass) => {
                self.pass = None;
                self.rejected = true;
                out.cancel(WRITE_NOW);
            }
            Msg::Ok(pass) if self.pass == Some(pass) => {
                self.wrote = true;
                out.answer(Request(ctx.me.0));
            }
            _ => {}
        }
    }

    pub(super) fn offers(&self, tries: u8) -> Vec<Offer> {
        let holds = self.pass.is_some();
        let refused = |verb| match verb {
            ACQUIRE if holds => Some("holds-already"),
            ACQUIRE if self.sends >= tries => Some("no-tries-left"),
            ACQUIRE => None,
            _ if !holds => Some("does-not-hold"),
            WRITE if self.wrote => Some("wrote-already"),
            _ => None,
        };
        let usual = |verb| match verb {
            ACQUIRE => self.sends == 0,
            RELEASE => self.wrote,
            _ => true,
        };
        let offer = |verb| Offer::new(verb, refused(verb)).usual(usual(verb));
        (ACQUIRE..=RELEASE).map(offer).collect()
    }

    pub(super) fn status(&self, ctx: &Ctx) -> Status {
        let phase = match (self.pass, self.waits) {
            (Some(_), _) if self.wrote => "wrote",
            (Some(_), _) => "holds",
            (None, true) => "waits",
            (None, false) if self.rejected => "rejected",
            (None, false) => "outside",
        };
        let node = Config(ctx.params).server();
        let token = self.pass.and_then(Pass::token).map(i32::from);
        Status {
            wants: self.waits.then_some(Want { node, resource: LOCK }),
            gauges: token.map(|value| Gauge::new("token", value)).into_iter().collect(),
            ..Status::new(phase, Stance::Idle)
        }
    }
}
