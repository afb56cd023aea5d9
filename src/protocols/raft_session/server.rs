//! A server: it leads, as far as it knows, or sends clients away.

use super::{Config, EXPIRE, Entry, Machine, Msg, RaftSession, param};
use crate::protocol::{Ctx, NodeId, Out};
use crate::protocols::numbered::Answer;
use serde::{Deserialize, Serialize};

/// A server.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Server {
    /// It sends clients away.
    Follower,
    /// It wants to be leader.
    Asking,
    /// It is leader, as far as it knows: its term, and its copy of the state.
    Leader(u8, Machine),
}

impl Server {
    pub(super) fn hear(&mut self, ctx: &Ctx, from: NodeId, msg: Msg, out: &mut Out<RaftSession>) {
        let config = Config(ctx.params);
        match (&mut *self, msg) {
            (Server::Leader(term, machine), Msg::Ask(entry)) => {
                out.send(config.group(), Msg::Append(*term, entry, machine.applied));
            }
            (_, Msg::Ask(entry)) => away(from, entry, out),
            // What comes after something that it has not applied has to wait: it will be told again.
            (Server::Leader(term, machine), Msg::Log(of, after, entries))
                if of == *term && after <= machine.applied =>
            {
                let known = usize::from(machine.applied.saturating_sub(after));
                for entry in entries.into_iter().skip(known) {
                    if let (Some((client, msg)), _) = machine.apply(config, entry) {
                        out.send(client, msg);
                    }
                }
            }
            (Server::Leader(old, _), Msg::Elected(term, _)) if term <= *old => {}
            (Server::Asking | Server::Leader(..), Msg::Elected(term, entries)) => {
                let mut machine = Machine::default();
                entries.into_iter().for_each(|entry| drop(machine.apply(config, entry)));
                *self = Server::Leader(term, machine);
            }
            (_, Msg::Refused(entry)) => {
                *self = Server::Follower;
                if let Some((client, _)) = entry.client() {
                    away(client, entry, out);
                }
            }
            _ => {}
        }
    }

    pub(super) fn watch(&self, ctx: &Ctx, out: &mut Out<RaftSession>) {
        let open = matches!(self, Server::Leader(_, machine) if !machine.sessions.is_empty());
        if ctx.params.on(param::EXPIRY) && open { out.arm(EXPIRE) } else { out.cancel(EXPIRE) }
    }
}

/// Sends a client to another server.
fn away(client: NodeId, entry: Entry, out: &mut Out<RaftSession>) {
    if let Entry::Command { session, n, .. } = entry {
        out.send(client, Msg::Reply(session, n, Answer::Elsewhere));
    }
}
