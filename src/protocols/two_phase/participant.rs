//! The participant: promises, obeys, and in between knows nothing.

use super::checkpoint::{Over, Past};
use super::{
    ASK_PEERS, Config, DECIDE_ALONE, FORGET, HEURISTIC_ABORT, HEURISTIC_COMMIT, Msg, Presumption, REFUSE,
    Rec, T_DEC, T_PREP, TwoPhase, Will, coordinator, param, participants, place,
};
use crate::order::Set;
use crate::protocol::{Command, Ctx, Input, NodeId, Offer, Out, Outcome, Stance, Status, Vote};
use crate::worlds::bank::{self, Till};
use serde::{Deserialize, Serialize};

/// Where a participant stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum State {
    /// Its work is done and its locks are held; it may still abort alone.
    Active,
    /// It promised: only others know how it ends.
    Prepared,
    /// It changed nothing and left after its vote.
    Forgotten,
    /// It knows, and did.
    Decided {
        outcome: Outcome,
        /// Whether it had promised before, so that its receipt depends on its record.
        promised: bool,
    },
    /// An operator decided for it.
    Heuristic {
        outcome: Outcome,
        /// What it has been told since.
        told: Option<Outcome>,
        /// Whether the operator has let go of the record.
        forgotten: bool,
    },
}

/// The participant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Participant {
    state: State,
    till: Till,
    /// It was told the opposite of what it did. It never applies that. Under duplication a forgotten
    /// transaction's ghost inquiry can cause it in a correct run, so it accuses nobody: the ledger does.
    contradicted: bool,
}

/// Remark of a participant whose operator decided and who has since been told the outcome.
const TOLD: &str = "told-after-heuristic";

/// Whether a participant for whom an operator decided has since been told the outcome.
pub fn was_told(status: &Status) -> bool {
    status.remarks.contains(&TOLD)
}

impl Participant {
    pub fn boot(ctx: &Ctx, log: &[Rec], out: &mut Out<TwoPhase>) -> Participant {
        let node = |state, locked| Participant { state, till: Till::new(locked), contradicted: false };
        if ctx.first_boot {
            out.arm(T_PREP);
            return node(State::Active, true);
        }
        let past = Past::of(log);
        if let Some(over) = past.snapshot.over {
            let Over { outcome, promised, guessed } = over;
            if guessed {
                return node(State::Heuristic { outcome, told: None, forgotten: true }, false);
            }
            out.decide(outcome);
            return node(State::Decided { outcome, promised }, false);
        }
        let promised = past.has(&Rec::Prepared);
        match past.last_word() {
            Some(Rec::Decision(outcome, _)) => {
                out.decide(*outcome);
                node(State::Decided { outcome: *outcome, promised }, false)
            }
            Some(Rec::Heuristic(outcome)) => {
                let forgotten = past.has(&Rec::Forget);
                if !forgotten {
                    out.send(coordinator(ctx), Msg::Inquiry);
                    out.arm(T_DEC);
                }
                node(State::Heuristic { outcome: *outcome, told: None, forgotten }, false)
            }
            Some(_) => {
                out.send(coordinator(ctx), Msg::Inquiry);
                out.arm(T_DEC);
                let reads = Config(ctx.params).will(place(ctx, ctx.me)) == Will::ReadOnly;
                node(State::Prepared, !reads)
            }
            // It changed nothing, so there is nothing to abort; it may even have voted, and left.
            None if Config(ctx.params).leaves_at_vote(place(ctx, ctx.me)) => node(State::Forgotten, false),
            // Without a record it cannot have voted yes, so it may abort alone.
            None => {
                out.decide(Outcome::Abort);
                node(State::Decided { outcome: Outcome::Abort, promised: false }, false)
            }
        }
    }

    pub fn on(&mut self, ctx: &Ctx, input: Input<Msg>, out: &mut Out<TwoPhase>) {
        match input {
            Input::Message { msg: Msg::Prepare, .. } => self.on_prepare(ctx, out),
            Input::Message { msg: Msg::Decision(outcome), .. } => self.on_decision(ctx, outcome, out),
            Input::Message { from, msg: Msg::DecisionReq } => self.on_decision_req(from, out),
            Input::Message { from, msg: Msg::Ask } => self.on_ask(from, out),
            Input::Message { from, msg: Msg::Withdraw } => self.till.withdraw(from),
            Input::Timer(T_PREP) if self.state == State::Active => self.refuse(ctx, out),
            Input::Timer(T_DEC) => self.on_patience_lost(ctx, out),
            Input::Command(Command { verb: REFUSE, .. }) => self.refuse(ctx, out),
            Input::Command(Command { verb: HEURISTIC_COMMIT, .. }) => self.guess(Outcome::Commit, out),
            Input::Command(Command { verb: HEURISTIC_ABORT, .. }) => self.guess(Outcome::Abort, out),
            Input::Command(Command { verb: FORGET, .. }) => {
                if let State::Heuristic { outcome, told, .. } = self.state {
                    self.state = State::Heuristic { outcome, told, forgotten: true };
                    out.force(Rec::Forget);
                    out.cancel(T_DEC);
                }
            }
            _ => {}
        }
    }

    /// A client's turn comes at once, or when the branch lets go of the lock.
    fn on_ask(&mut self, client: NodeId, out: &mut Out<TwoPhase>) {
        if self.till.ask(client) {
            deposit(client, out);
        }
    }

    fn on_prepare(&mut self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        let config = Config(ctx.params);
        let to = coordinator(ctx);
        match (self.state, config.will(place(ctx, ctx.me))) {
            (State::Active, Will::No) => {
                self.write_abort(config.is(Presumption::Nothing), false, out);
                out.vote(Vote::No);
                match config.presumption() {
                    Presumption::Nothing => out.send_after("abort", to, Msg::No),
                    _ => out.send(to, Msg::No),
                }
                self.release(out);
            }
            (State::Active, _) if config.leaves_at_vote(place(ctx, ctx.me)) => {
                self.state = State::Forgotten;
                out.vote(Vote::ReadOnly);
                out.send(to, Msg::ReadOnly);
                out.cancel(T_PREP);
                self.release(out);
            }
            (State::Active, will) => {
                out.write(Rec::Prepared, !config.on(param::SKIP_PREPARED));
                out.vote(Vote::Yes);
                out.send_after("prepared", to, Msg::Yes);
                out.cancel(T_PREP);
                out.arm(T_DEC);
                self.state = State::Prepared;
                // Read locks may go at the vote; nothing was written under them.
                if will == Will::ReadOnly {
                    self.release(out);
                }
            }
            (State::Prepared | State::Heuristic { .. }, _) => out.send_after("prepared", to, Msg::Yes),
            (State::Decided { outcome: Outcome::Abort, .. } | State::Forgotten, _) => {
                out.vote(Vote::No);
                out.send(to, Msg::No);
            }
            (State::Decided { outcome: Outcome::Commit, .. }, _) => {}
        }
    }

    fn on_decision(&mut self, ctx: &Ctx, outcome: Outcome, out: &mut Out<TwoPhase>) {
        let config = Config(ctx.params);
        let c = coordinator(ctx);
        match self.state {
            State::Prepared => {
                self.obey(config, outcome, true, out);
                if config.acknowledged(outcome) {
                    out.send_after(word(outcome), c, Msg::Ack);
                }
                self.release(out);
            }
            State::Active if outcome == Outcome::Abort => {
                self.obey(config, outcome, false, out);
                if config.acknowledged(outcome) {
                    out.send_after(word(outcome), c, Msg::Ack);
                }
                self.release(out);
            }
            State::Decided { outcome: done, promised } if done == outcome => {
                if config.acknowledged(outcome) {
                    match promised {
                        true => out.send_after(word(outcome), c, Msg::Ack),
                        false => out.send(c, Msg::Ack),
                    }
                }
            }
            State::Forgotten if outcome == Outcome::Abort => {
                if config.acknowledged(outcome) {
                    out.send(c, Msg::Ack);
                }
            }
            State::Heuristic { outcome: guess, forgotten, .. } => {
                self.state = State::Heuristic { outcome: guess, told: Some(outcome), forgotten };
                out.cancel(T_DEC);
                out.send_after(heuristic_word(guess), c, Msg::Heuristic(guess));
            }
            State::Active | State::Forgotten | State::Decided { .. } => self.contradicted = true,
        }
    }

    /// Does as was decided: writes it down, forced where the receipt or the presumption needs it.
    fn obey(&mut self, config: Config, outcome: Outcome, promised: bool, out: &mut Out<TwoPhase>) {
        let mistaken = match outcome {
            Outcome::Commit => config.on(param::ACK_COMMIT_UNFORCED),
            Outcome::Abort => config.is(Presumption::Commit) && config.on(param::ACK_ABORT_UNFORCED),
        };
        let forced = config.acknowledged(outcome) && !mistaken;
        out.write(Rec::Decision(outcome, Set::new()), forced);
        out.decide(outcome);
        out.cancel(T_PREP);
        out.cancel(T_DEC);
        self.state = State::Decided { outcome, promised };
    }

    fn write_abort(&mut self, forced: bool, promised: bool, out: &mut Out<TwoPhase>) {
        out.write(Rec::Decision(Outcome::Abort, Set::new()), forced);
        out.decide(Outcome::Abort);
        out.cancel(T_PREP);
        out.cancel(T_DEC);
        self.state = State::Decided { outcome: Outcome::Abort, promised };
    }

    /// Aborts alone, as it may before its promise.
    fn refuse(&mut self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        self.write_abort(Config(ctx.params).is(Presumption::Nothing), false, out);
        self.release(out);
    }

    fn on_decision_req(&mut self, from: NodeId, out: &mut Out<TwoPhase>) {
        match self.state {
            State::Active => {
                self.write_abort(true, false, out);
                out.send_after("abort", from, Msg::Decision(Outcome::Abort));
                self.release(out);
            }
            State::Decided { outcome, .. } | State::Heuristic { told: Some(outcome), .. } => {
                out.send(from, Msg::Decision(outcome));
            }
            State::Prepared | State::Forgotten | State::Heuristic { told: None, .. } => {}
        }
    }

    /// The decision is late: ask. A timeout decides nothing, except under two of the mistakes.
    fn on_patience_lost(&mut self, ctx: &Ctx, out: &mut Out<TwoPhase>) {
        let config = Config(ctx.params);
        match self.state {
            State::Prepared if config.on(param::TIMEOUT_ABORTS) => {
                self.write_abort(true, true, out);
                self.release(out);
            }
            State::Prepared if config.on(param::TIMEOUT_COMMITS) => {
                out.force(Rec::Decision(Outcome::Commit, Set::new()));
                out.decide(Outcome::Commit);
                self.state = State::Decided { outcome: Outcome::Commit, promised: true };
                self.release(out);
            }
            State::Prepared | State::Heuristic { told: None, .. } => {
                out.send(coordinator(ctx), Msg::Inquiry);
                if config.on(param::COOPERATIVE) {
                    for peer in participants(ctx).filter(|p| *p != ctx.me) {
                        out.send(peer, Msg::DecisionReq);
                    }
                }
                out.arm(T_DEC);
            }
            State::Active | State::Forgotten | State::Decided { .. } | State::Heuristic { .. } => {}
        }
    }

    /// An operator decides, to free the locks, without knowing.
    fn guess(&mut self, outcome: Outcome, out: &mut Out<TwoPhase>) {
        out.force(Rec::Heuristic(outcome));
        out.decide_heuristically(outcome);
        self.state = State::Heuristic { outcome, told: None, forgotten: false };
        self.release(out);
    }

    fn release(&mut self, out: &mut Out<TwoPhase>) {
        for client in self.till.release() {
            deposit(client, out);
        }
    }

    pub fn offers(&self, ctx: &Ctx) -> Vec<Offer> {
        let config = Config(ctx.params);
        let active = (self.state != State::Active).then_some("not-active");
        let in_doubt = (self.state != State::Prepared).then_some("not-in-doubt");
        let told = match self.state {
            State::Heuristic { told: Some(_), forgotten: false, .. } => None,
            State::Heuristic { forgotten: false, .. } => Some("not-told-yet"),
            _ => Some("no-heuristic"),
        };
        let mut offers = vec![Offer::new(REFUSE, active)];
        if self.state == State::Prepared {
            // What everybody thinks of first, and may not be done.
            let switch = Some("timeout-aborts");
            offers.push(Offer { switch, ..Offer::new(DECIDE_ALONE, Some("voted-yes")) });
            if !config.on(param::COOPERATIVE) && config.participants() > 1 {
                let switch = Some("cooperative");
                offers.push(Offer { switch, ..Offer::new(ASK_PEERS, Some("not-cooperative")) });
            }
        }
        offers.extend([
            Offer::new(HEURISTIC_COMMIT, in_doubt),
            Offer::new(HEURISTIC_ABORT, in_doubt),
            Offer::new(FORGET, told),
        ]);
        offers
    }

    pub fn status(&self, ctx: &Ctx, log: &[Rec]) -> Status {
        let i = place(ctx, ctx.me);
        let config = Config(ctx.params);
        let (phase, stance) = match self.state {
            State::Active => ("working", Stance::Working),
            State::Prepared => ("prepared", Stance::InDoubt),
            State::Forgotten => ("forgotten", Stance::Idle),
            State::Decided { outcome: Outcome::Commit, .. } => ("committed", Stance::Committed),
            State::Decided { outcome: Outcome::Abort, .. } => ("aborted", Stance::Aborted),
            State::Heuristic { outcome: Outcome::Commit, .. } => ("heur-committed", Stance::Committed),
            State::Heuristic { outcome: Outcome::Abort, .. } => ("heur-aborted", Stance::Aborted),
        };
        let heuristic = matches!(self.state, State::Heuristic { .. });
        let past = Past::of(log);
        let applied = past.committed();
        let open = matches!(self.state, State::Active | State::Prepared);
        let deposits = past.deposits();
        let writes = config.will(i) != Will::ReadOnly;
        let must_hold = self.state == State::Prepared && writes;
        let mut remarks = Vec::new();
        if self.contradicted {
            remarks.push("contradicted");
        }
        match self.state {
            State::Heuristic { forgotten: true, .. } => remarks.extend(["heuristic-forgotten", TOLD]),
            State::Heuristic { told: Some(t), outcome, .. } => {
                remarks.extend([if t == outcome { "heuristic-right" } else { "heuristic-damage" }, TOLD]);
            }
            State::Heuristic { .. } => remarks.push("heuristic-untold"),
            _ => {}
        }
        Status {
            heuristic,
            locks: bank::locks(i, &self.till),
            must_hold: must_hold.then(|| bank::resource(i)).into_iter().collect(),
            accounts: bank::accounts(i, &config.changes(), applied, open, deposits),
            remarks,
            ..Status::new(phase, stance)
        }
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Commit => "commit",
        Outcome::Abort => "abort",
    }
}

fn heuristic_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Commit => "heur-commit",
        Outcome::Abort => "heur-abort",
    }
}

/// A client's own local transaction, at its turn.
fn deposit(client: NodeId, out: &mut Out<TwoPhase>) {
    out.force(Rec::Deposit(bank::DEPOSIT));
    out.send_after("deposit", client, Msg::Done);
}
