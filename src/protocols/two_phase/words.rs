//! What nodes of two-phase commit say and write down.

use super::checkpoint::Snapshot;
use crate::order::Set;
use crate::protocol::{Message, Names, NodeId, NodeSpec, Outcome, Record};
use crate::worlds::bank;
use serde::{Deserialize, Serialize};

/// What nodes say to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Msg {
    /// Can you commit?
    Prepare,
    /// I promise to be able to.
    Yes,
    /// I cannot.
    No,
    /// I changed nothing.
    ReadOnly,
    /// The decision.
    Decision(Outcome),
    /// The decision is on my disk.
    Ack,
    /// What was decided?
    Inquiry,
    /// The same, asked of a peer.
    DecisionReq,
    /// An operator had already decided for me.
    Heuristic(Outcome),
    /// A client wants to put money into the account.
    Ask,
    /// It no longer does.
    Withdraw,
    /// The client's money is in.
    Done,
}

impl Message for Msg {
    fn word(&self) -> &'static str {
        match self {
            Msg::Prepare => "prepare",
            Msg::Yes => "yes",
            Msg::No => "no",
            Msg::ReadOnly => "read-only",
            Msg::Decision(Outcome::Commit) => "commit",
            Msg::Decision(Outcome::Abort) => "abort",
            Msg::Ack => "ack",
            Msg::Inquiry => "inquiry",
            Msg::DecisionReq => "decision-req",
            Msg::Heuristic(_) => "heuristic",
            Msg::Ask => "ask",
            Msg::Withdraw => "withdraw",
            Msg::Done => "done",
        }
    }

    fn detail(&self, _nodes: &[NodeSpec]) -> String {
        match self {
            Msg::Heuristic(Outcome::Commit) => "commit".into(),
            Msg::Heuristic(Outcome::Abort) => "abort".into(),
            Msg::Ask => format!("+{}", bank::DEPOSIT),
            _ => String::new(),
        }
    }
}

/// What nodes write down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Rec {
    /// Presumed nothing: a transaction began.
    Start,
    /// Presumed commit: these participants may be asked.
    Collecting,
    /// The promise: redo, undo, locks, coordinator, peers.
    Prepared,
    /// The decision; at the coordinator with those whose receipts are still awaited.
    Decision(Outcome, Set<NodeId>),
    /// Everybody knows: forget.
    End,
    /// An operator's guess.
    Heuristic(Outcome),
    /// The operator let go of a guess.
    Forget,
    /// A client's own transaction.
    Deposit(i32),
    /// What the records before it would lead to.
    Checkpoint(Snapshot),
}

impl Record for Rec {
    fn word(&self) -> &'static str {
        match self {
            Rec::Start => "start",
            Rec::Collecting => "collecting",
            Rec::Prepared => "prepared",
            Rec::Decision(Outcome::Commit, _) => "commit",
            Rec::Decision(Outcome::Abort, _) => "abort",
            Rec::End => "end",
            Rec::Heuristic(Outcome::Commit) => "heur-commit",
            Rec::Heuristic(Outcome::Abort) => "heur-abort",
            Rec::Forget => "forget",
            Rec::Deposit(_) => "deposit",
            Rec::Checkpoint(_) => "checkpoint",
        }
    }

    fn detail(&self, nodes: &[NodeSpec]) -> String {
        match self {
            Rec::Decision(_, to) if !to.is_empty() => {
                to.iter().map(|id| nodes[id.index()].name.as_str()).collect::<Vec<_>>().join(" ")
            }
            Rec::Deposit(n) => format!("+{n}"),
            Rec::Checkpoint(snapshot) => snapshot.detail(),
            _ => String::new(),
        }
    }

    fn renamed(&self, names: &Names) -> Self {
        match self {
            Rec::Decision(outcome, to) => Rec::Decision(*outcome, names.set(to)),
            other => other.clone(),
        }
    }
}
