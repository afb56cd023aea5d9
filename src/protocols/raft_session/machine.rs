//! The replicated log and the state machine that it feeds.

use super::{Config, Msg, param};
use crate::order::Map;
use crate::protocol::NodeId;
use crate::protocols::numbered::Answer;
use serde::{Deserialize, Serialize};

/// An entry of the replicated log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Entry {
    /// This client gets a session.
    Register(NodeId),
    /// A command.
    Command {
        /// Who wants it.
        client: NodeId,
        /// Under which session; 0 where there are none.
        session: u8,
        /// Its number.
        n: u8,
        /// The lowest number that the client waits for.
        low: u8,
    },
    /// This session is over.
    Expire(u8),
}

impl Entry {
    pub fn client(self) -> Option<(NodeId, u8)> {
        match self {
            Entry::Register(client) => Some((client, 0)),
            Entry::Command { client, n, .. } => Some((client, n)),
            Entry::Expire(_) => None,
        }
    }

    pub fn print(self) -> String {
        match self {
            Entry::Register(_) => "new".into(),
            Entry::Command { session, n, .. } => number(session, n),
            Entry::Expire(session) => format!("s{session}×"),
        }
    }
}

fn number(session: u8, n: u8) -> String {
    if session == 0 { n.to_string() } else { format!("s{session}:{n}") }
}

/// A session.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Session {
    /// The lowest number that the client waits for, as far as it said.
    low: u8,
    /// Answers, by number.
    pub answers: Map<u8, Answer>,
}

/// The state machine: a fold over the replicated log, the same wherever it is made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Machine {
    /// How many entries it has applied.
    pub applied: u8,
    /// How many sessions there ever were.
    registered: u8,
    /// Those that are open.
    pub sessions: Map<u8, Session>,
    /// How often it charged.
    pub charges: u8,
    /// Who has which lock.
    pub locks: Map<u8, NodeId>,
}

impl Machine {
    /// Applies an entry: what is to be said to whom, and whether something happened.
    pub fn apply(&mut self, config: Config, entry: Entry) -> (Option<(NodeId, Msg)>, bool) {
        self.applied += 1;
        match entry {
            Entry::Register(client) => {
                self.registered += 1;
                self.sessions.insert(self.registered, Session::default());
                (Some((client, Msg::Registered(self.registered))), false)
            }
            Entry::Expire(session) => {
                self.sessions.remove(&session);
                (None, false)
            }
            Entry::Command { client, session, n, low } => {
                let (answer, happened) = self.command(config, client, (session, n, low));
                (Some((client, Msg::Reply(session, n, answer))), happened)
            }
        }
    }

    fn command(&mut self, config: Config, client: NodeId, (s, n, low): (u8, u8, u8)) -> (Answer, bool) {
        if !config.sessions() {
            return self.execute(config, client, n);
        }
        let Some(mut session) = self.sessions.get(&s).cloned() else { return (Answer::Expired, false) };
        session.low = session.low.max(low);
        let seen: Vec<_> = session.answers.keys().copied().filter(|n| *n < session.low).collect();
        for n in seen {
            session.answers.remove(&n);
        }
        let (answer, happened) = match session.answers.get(&n) {
            Some(answer) => (*answer, false),
            None if n < session.low => (Answer::Stale, false),
            None => self.execute(config, client, n),
        };
        if answer != Answer::Stale {
            session.answers.insert(n, answer);
        }
        self.sessions.insert(s, session);
        (answer, happened)
    }

    /// Charges once more, or takes a lock: each number is about another one.
    fn execute(&mut self, config: Config, client: NodeId, n: u8) -> (Answer, bool) {
        if config.0.get(param::COMMAND) == 0 {
            self.charges += 1;
            return (Answer::Done(self.charges), true);
        }
        match self.locks.get(&n) {
            Some(by) => (Answer::Taken(by.0), false),
            None => {
                self.locks.insert(n, client);
                (Answer::Done(n), true)
            }
        }
    }
}
