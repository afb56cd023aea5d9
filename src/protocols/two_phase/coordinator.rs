//! The coordinator: asks for votes, decides, tells, forgets.

use super::checkpoint::Past;
use super::{
    BEGIN, Config, Msg, Presumption, Rec, T_ACK, T_AGAIN, T_VOTE, TwoPhase, coordinator, param, participants,
};
use crate::order::{self, Map, Set};
use crate::protocol::{
    Ballot, Command, Ctx, Input, Names, NodeId, Offer, Out, Outcome, Receipt, Stance, Status, Tally, Vote,
};
use serde::{Deserialize, Serialize};

/// Where the coordinator stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum State {
    /// Nobody has asked for a transaction yet.
    NotBegun,
    /// Waiting for votes.
    Collecting,
    /// Decided, and waiting for receipts.
    Telling(Outcome),
    /// Done with it; the outcome is what memory still holds of it.
    Ended(Outcome),
    /// Came back without a record: whatever it knew is gone, and the presumption speaks.
    NoRecord,
}

/// The coordinator.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Coordinator {
    state: State,
    votes: Map<NodeId, Vote>,
    /// Those whose receipts are still awaited.
    awaited: Set<NodeId>,
    /// Those who are known to have done as decided, because they said so or need not say so.
    settled: Set<NodeId>,
    /// What operators had decided, as far as it was reported.
    heuristics: Map<NodeId, Outcome>,
}

impl Coordinator {
    fn at(state: State) -> Coordinator {
        Coordinator {
            state,
            votes: Map::new(),
            awaited: Set::new(),
            settled: Set::new(),
            heuristics: Map::new(),
        }
    }

    /// The same, with the participants under other names.
    pub fn renamed(&self, names: &Names) -> Coordinator {
        Coordinator {
            state: self.state,
            votes: names.map(&self.votes),
            awaited: names.set(&self.awaited),
            settled: names.set(&self.settled),
            heuristics: names.map(&self.heuristics),
        }
    }

    pub fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<TwoPhase>) -> Coordinator {
        if ctx.first_boot {
            return Coordinator::at(State::NotBegun);
        }
        let config = Config(ctx.params);
        let past = Past::of(log);
        let ended = past.has(&Rec::End);
        let decision = past.records().find_map(|(_, r)| match r {
            Rec::Decision(outcome, to) => Some((*outcome, to.clone())),
            _ => None,
        });
        match decision {
            Some((outcome, _)) if ended || !config.acknowledged(outcome) => {
                out.decide(outcome);
                Coordinator::at(State::Ended(outcome))
            }
            Some((outcome, to)) => {
                let mut c = Coordinator::at(State::Telling(outcome));
                out.decide(outcome);
                c.tell(ctx, outcome, &to, to.clone(), out);
                c
            }
            None if past.has(&Rec::Collecting) || past.has(&Rec::Start) => {
                let mut c = Coordinator::at(State::Collecting);
                c.abort(ctx, out);
                c
            }
            None => Coordinator::at(State::NoRecord),
        }
    }

    pub fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<TwoPhase>) {
        match input {
            Input::Command(Command { verb: BEGIN, .. }) => self.begin(ctx, out),
            Input::Message { from, msg: Msg::Yes } => self.on_vote(ctx, from, Vote::Yes, out),
            Input::Message { from, msg: Msg::No } => self.on_vote(ctx, from, Vote::No, out),
            Input::Message { from, msg: Msg::ReadOnly } => self.on_vote(ctx, from, Vote::ReadOnly, out),
            Input::Message { from, msg: Msg::Ack } => self.on_receipt(from, out),
            Input::Message { from, msg: Msg::Heuristic(outcome) } => {
                self.heuristics.insert(from, outcome);
                self.on_receipt(from, out);
            }
            Input::Message { from, msg: Msg::Inquiry } => self.on_inquiry(ctx, from, out),
            Input::Timer(T_VOTE) if self.state == State::Collecting => self.abort(ctx, out),
            Input::Timer(T_AGAIN) if self.state == State::Collecting => self.request(ctx, out),
            Input::Timer(T_ACK) => {
                if let State::Telling(outcome) = self.state {
                    for p in self.awaited.clone() {
                        send_decision(ctx, outcome, p, out);
                    }
                    out.arm(T_ACK);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        let config = Config(ctx.params);
        self.state = State::Collecting;
        if config.is(Presumption::Commit) {
            out.write(Rec::Collecting, !config.on(param::SKIP_COLLECTING));
        } else if config.is(Presumption::Nothing) && config.on(param::START_RECORD) {
            out.append(Rec::Start);
        }
        self.request(ctx, out);
        out.arm(T_VOTE);
    }

    /// Asks everybody who has not voted.
    fn request(&self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        let config = Config(ctx.params);
        for p in participants(ctx).filter(|p| !self.votes.contains_key(p)) {
            match config.is(Presumption::Commit) {
                true => out.send_after("collecting", p, Msg::Prepare),
                false => out.send(p, Msg::Prepare),
            }
        }
        if config.on(param::ASK_AGAIN) {
            out.arm(T_AGAIN);
        }
    }

    fn on_vote(&mut self, ctx: &Ctx, from: NodeId, vote: Vote, out: &mut Out<TwoPhase>) {
        match self.state {
            State::Collecting => {
                self.votes.or_insert_with(from, || vote);
                if vote == Vote::No {
                    self.abort(ctx, out);
                } else if participants(ctx).all(|p| self.votes.contains_key(&p)) {
                    self.commit(ctx, out);
                }
            }
            // Somebody voted yes and has not heard: tell it again.
            State::Telling(outcome) if vote == Vote::Yes => send_decision(ctx, outcome, from, out),
            // Whoever is still in doubt when all is forgotten will inquire; a vote alone asks nothing.
            State::Telling(_) | State::NotBegun | State::Ended(_) | State::NoRecord => {}
        }
    }

    fn stop_asking(&self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        out.cancel(T_VOTE);
        if Config(ctx.params).on(param::ASK_AGAIN) {
            out.cancel(T_AGAIN);
        }
    }

    fn voted(&self, vote: Vote) -> Set<NodeId> {
        self.votes.iter().filter(|(_, v)| **v == vote).map(|(p, _)| *p).collect()
    }

    fn commit(&mut self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        let config = Config(ctx.params);
        let yes = self.voted(Vote::Yes);
        self.stop_asking(ctx, out);
        if yes.is_empty() {
            // All read-only: there is nothing to commit and nobody to tell.
            if config.is(Presumption::Commit) {
                out.append(Rec::Decision(Outcome::Commit, Set::new()));
            }
            out.decide(Outcome::Commit);
            self.state = State::Ended(Outcome::Commit);
            return;
        }
        let acknowledged = config.acknowledged(Outcome::Commit);
        let awaited = if acknowledged { yes.clone() } else { Set::new() };
        out.write(Rec::Decision(Outcome::Commit, awaited.clone()), !config.on(param::SKIP_COMMIT));
        out.decide(Outcome::Commit);
        let forget = acknowledged && config.forgets_early(Outcome::Commit);
        self.tell(ctx, Outcome::Commit, &yes, if forget { Set::new() } else { awaited }, out);
        if forget {
            out.append(Rec::End);
        }
    }

    fn abort(&mut self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        let config = Config(ctx.params);
        self.stop_asking(ctx, out);
        // Everybody who was asked and has not said no (or that it does not care) may yet say yes, and
        // would then need to hear of the abort.
        let done = |p: &NodeId| matches!(self.votes.get(p), Some(Vote::No | Vote::ReadOnly));
        let to = order::set(participants(ctx).filter(|p| !done(p)));
        let acknowledged = config.acknowledged(Outcome::Abort);
        let mut awaited = if acknowledged { to.clone() } else { Set::new() };
        if config.is(Presumption::Commit) && config.on(param::AWAIT_YES_ONLY) {
            awaited = self.voted(Vote::Yes);
        }
        let record = Rec::Decision(Outcome::Abort, awaited.clone());
        match config.presumption() {
            Presumption::Nothing => out.force(record),
            Presumption::Commit => out.append(record),
            Presumption::Abort if config.on(param::ABORT_RECORD) => out.append(record),
            Presumption::Abort => {}
        }
        out.decide(Outcome::Abort);
        let awaited = if config.forgets_early(Outcome::Abort) { Set::new() } else { awaited };
        let end = acknowledged && awaited.is_empty();
        self.tell(ctx, Outcome::Abort, &to, awaited, out);
        if end {
            out.append(Rec::End);
        }
    }

    /// Sends the decision and either waits for receipts or is done with it.
    fn tell(
        &mut self,
        ctx: &Ctx,
        outcome: Outcome,
        to: &Set<NodeId>,
        awaited: Set<NodeId>,
        out: &mut Out<TwoPhase>,
    ) {
        for p in to {
            send_decision(ctx, outcome, *p, out);
        }
        if awaited.is_empty() {
            self.settled.extend(to.iter().copied());
            self.state = State::Ended(outcome);
        } else {
            self.awaited = awaited;
            self.state = State::Telling(outcome);
            out.arm(T_ACK);
        }
    }

    fn on_receipt(&mut self, from: NodeId, out: &mut Out<TwoPhase>) {
        self.settled.insert(from);
        let State::Telling(outcome) = self.state else { return };
        if self.awaited.remove(&from) && self.awaited.is_empty() {
            out.append(Rec::End);
            out.cancel(T_ACK);
            self.state = State::Ended(outcome);
        }
    }

    fn on_inquiry(&mut self, ctx: &Ctx, from: NodeId, out: &mut Out<TwoPhase>) {
        match self.state {
            State::NotBegun | State::Collecting => {}
            State::Telling(outcome) => send_decision(ctx, outcome, from, out),
            // It forgot, or never knew: the presumption answers, whatever the memory of a finished
            // transaction may still say.
            State::Ended(_) | State::NoRecord => {
                let presumed = Config(ctx.params).presumed();
                out.send(from, Msg::Decision(presumed));
                if !Config(ctx.params).acknowledged(presumed) {
                    self.settled.insert(from);
                }
            }
        }
    }

    pub fn offers(&self) -> Vec<Offer> {
        let refused = match self.state {
            State::NotBegun => None,
            State::NoRecord => Some("forgot-it"),
            State::Collecting | State::Telling(_) | State::Ended(_) => Some("already-begun"),
        };
        vec![Offer::new(BEGIN, refused)]
    }

    pub fn status(&self, ctx: &Ctx) -> Status {
        debug_assert_eq!(ctx.me, coordinator(ctx));
        let (phase, stance) = match self.state {
            State::NotBegun => ("not-begun", Stance::Idle),
            State::Collecting => ("collecting", Stance::Working),
            State::Telling(Outcome::Commit) => ("committing", Stance::Committed),
            State::Telling(Outcome::Abort) => ("aborting", Stance::Aborted),
            State::Ended(Outcome::Commit) => ("ended", Stance::Committed),
            State::Ended(Outcome::Abort) => ("ended", Stance::Aborted),
            State::NoRecord => ("no-record", Stance::Idle),
        };
        let tally = match self.state {
            State::NotBegun | State::Collecting | State::NoRecord => Tally::Open,
            State::Telling(Outcome::Commit) | State::Ended(Outcome::Commit) => Tally::AllYes,
            State::Telling(Outcome::Abort) | State::Ended(Outcome::Abort) => Tally::Refused,
        };
        let ballot = |node| Ballot {
            node,
            vote: self.votes.get(&node).copied(),
            receipt: self.receipt(Config(ctx.params), node),
        };
        Status {
            tally: Some(tally),
            votes: participants(ctx).map(ballot).collect(),
            remarks: self.heuristic_outcome(ctx).into_iter().collect(),
            ..Status::new(phase, stance)
        }
    }

    /// What it knows of a participant's having heard. Who is settled without a receipt was only told.
    fn receipt(&self, config: Config, p: NodeId) -> Receipt {
        match self.state {
            State::Telling(_) if self.awaited.contains(&p) => Receipt::Awaited,
            _ if !self.settled.contains(&p) => Receipt::None,
            _ if self.heuristics.contains_key(&p) => Receipt::Come,
            State::Telling(_) => Receipt::Come,
            State::Ended(outcome)
                if config.acknowledged(outcome)
                    && !config.forgets_early(outcome)
                    && (!config.on(param::AWAIT_YES_ONLY) || self.votes.get(&p) == Some(&Vote::Yes)) =>
            {
                Receipt::Come
            }
            _ => Receipt::Needless,
        }
    }

    /// What the transaction manager reports when operators have decided for some: as XA and its users call
    /// it, heuristic commit or rollback where all ended alike, mixed where they did not, hazard where
    /// somebody's end is not known.
    fn heuristic_outcome(&self, ctx: &Ctx) -> Option<&'static str> {
        if self.heuristics.is_empty() || matches!(self.state, State::NotBegun | State::Collecting) {
            return None;
        }
        let decided = match self.state {
            State::Telling(outcome) | State::Ended(outcome) => outcome,
            // What it would answer is what will have been decided.
            State::NotBegun | State::Collecting | State::NoRecord => Config(ctx.params).presumed(),
        };
        let end = |p: NodeId| match (self.heuristics.get(&p), self.votes.get(&p)) {
            (Some(outcome), _) => Some(*outcome),
            (None, Some(Vote::No)) => Some(Outcome::Abort),
            (None, Some(Vote::ReadOnly)) => Some(decided),
            (None, _) => self.settled.contains(&p).then_some(decided),
        };
        let ends: Vec<_> = participants(ctx).map(end).collect();
        let some = |outcome| ends.contains(&Some(outcome));
        Some(if some(Outcome::Commit) && some(Outcome::Abort) {
            "heuristic-mixed"
        } else if ends.contains(&None) {
            "heuristic-hazard"
        } else if some(decided) {
            "heuristic-agrees"
        } else if some(Outcome::Commit) {
            "heuristic-commit"
        } else {
            "heuristic-rollback"
        })
    }
}

/// Tells one participant. A commit depends on its record; an abort does only where nothing is presumed.
fn send_decision(ctx: &Ctx, outcome: Outcome, to: NodeId, out: &mut Out<TwoPhase>) {
    match (outcome, Config(ctx.params).presumption()) {
        (Outcome::Commit, _) => out.send_after("commit", to, Msg::Decision(outcome)),
        (Outcome::Abort, Presumption::Nothing) => out.send_after("abort", to, Msg::Decision(outcome)),
        (Outcome::Abort, _) => out.send(to, Msg::Decision(outcome)),
    }
}
