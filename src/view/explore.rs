//! Questions to the explorer, and what it answers, in words: the same for the screen and the command line.

mod given;
mod trouble;

pub use given::{brief, given, under};
pub use trouble::trouble;

use crate::explore::{Budget, Cond, Fault, Is, Progress, Question, State, WayOut};
use crate::properties::{State as Verdict, judge, title};
use crate::protocol::{NodeId, Outcome};
use crate::run::{History, Run};
use crate::sim::{Scene, Setup, Step};
use crate::text::Text;

/// A question that can be asked by its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Preset {
    /// A node is stuck after another committed.
    Stuck,
    /// A node is blocked.
    Blocked,
    /// Two nodes decide differently.
    Split,
    /// Somebody reverses a decision.
    Reversed,
    /// Somebody commits although not everybody said yes.
    Unagreed,
    /// A yes voter frees its lock too early.
    Freed,
    /// A message leaves before its record is durable.
    Early,
    /// Money is lost or made.
    Money,
    /// A request takes effect twice.
    Twice,
    /// A client saw its answer, and nothing happened.
    Unearned,
    /// A lock has two holders at once.
    Holder,
    /// Somebody writes with a lock that it has lost.
    Fencing,
    /// A message is lost, or made.
    Conserved,
    /// One request gets two answers.
    Answers,
    /// What must hold in this world does not.
    Invariant,
    /// All commit.
    Commit,
    /// Nothing is looked for: everything that can come of it is counted.
    Count,
    /// The reader's own.
    Own,
}

impl Preset {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Preset; 18] = [
        Preset::Stuck,
        Preset::Blocked,
        Preset::Split,
        Preset::Reversed,
        Preset::Unagreed,
        Preset::Freed,
        Preset::Early,
        Preset::Money,
        Preset::Twice,
        Preset::Unearned,
        Preset::Holder,
        Preset::Fencing,
        Preset::Conserved,
        Preset::Answers,
        Preset::Invariant,
        Preset::Commit,
        Preset::Count,
        Preset::Own,
    ];

    /// Its name; its texts have the keys `explore.ask.<key>` and `explore.ask.<key>.why`.
    pub fn key(self) -> &'static str {
        match self {
            Preset::Stuck => "stuck",
            Preset::Blocked => "blocked",
            Preset::Split => "split",
            Preset::Reversed => "reversed",
            Preset::Unagreed => "unagreed",
            Preset::Freed => "freed",
            Preset::Early => "early",
            Preset::Money => "money",
            Preset::Twice => "twice",
            Preset::Unearned => "unearned",
            Preset::Holder => "holder",
            Preset::Fencing => "fencing",
            Preset::Conserved => "conserved",
            Preset::Answers => "answers",
            Preset::Invariant => "invariant",
            Preset::Commit => "commit",
            Preset::Count => "count",
            Preset::Own => "own",
        }
    }

    /// Whether it is asked often: the others stand apart.
    pub fn often(self) -> bool {
        !matches!(self, Preset::Reversed | Preset::Unagreed | Preset::Early | Preset::Money | Preset::Count)
    }

    /// What it looks for; nothing for [`Preset::Count`] and, until the reader says, for [`Preset::Own`].
    pub fn goal(self) -> Vec<Cond> {
        let broken = |id: &str| vec![Cond::Broken(id.into())];
        match self {
            Preset::Stuck => vec![Cond::Some(Is::Committed), Cond::Some(Is::Blocked)],
            Preset::Blocked => vec![Cond::Some(Is::Blocked)],
            Preset::Split => broken("ac1"),
            Preset::Reversed => broken("ac2"),
            Preset::Unagreed => broken("ac3"),
            Preset::Freed => broken("locks"),
            Preset::Early => broken("wal"),
            Preset::Money => broken("money"),
            Preset::Twice => vec![Cond::Twice],
            Preset::Unearned => vec![Cond::Unearned],
            Preset::Holder => broken("one-holder"),
            Preset::Fencing => broken("fencing"),
            Preset::Conserved => broken("conserved"),
            Preset::Answers => broken("answers"),
            Preset::Invariant => broken("invariant"),
            Preset::Commit => vec![Cond::All(Outcome::Commit)],
            Preset::Count | Preset::Own => Vec::new(),
        }
    }

    /// Whether the protocol has anything that it speaks of.
    pub fn offered(self, scene: &Scene) -> bool {
        let roles = || scene.ids().map(|id| scene.kind(id));
        let (votes, decides) = (roles().any(|k| k.votes), roles().any(|k| k.decides));
        match self {
            Preset::Stuck | Preset::Blocked | Preset::Unagreed => votes && decides,
            Preset::Split | Preset::Reversed | Preset::Commit => decides,
            Preset::Freed | Preset::Early => scene.meta.records.iter().any(|r| r.promise),
            Preset::Money => accounts(scene),
            Preset::Twice | Preset::Unearned => scene.meta.promises("once"),
            Preset::Holder => scene.meta.promises("one-holder"),
            Preset::Fencing => scene.meta.promises("fencing"),
            Preset::Conserved => scene.meta.promises("conserved"),
            Preset::Answers => scene.meta.promises("answers"),
            Preset::Invariant => scene.meta.promises("invariant"),
            Preset::Count | Preset::Own => true,
        }
    }

    /// The preset that looks for this, or [`Preset::Own`].
    pub fn of(question: &Question) -> Preset {
        let same = |p: &Preset| *p != Preset::Own && p.goal() == question.goal;
        Preset::ALL.into_iter().find(same).unwrap_or(Preset::Own)
    }
}

fn accounts(scene: &Scene) -> bool {
    scene.nodes.iter().any(|n| !n.status.accounts.is_empty())
}

/// What may go wrong unless the reader says otherwise. Where requests are what it is about, somebody asks again: without
/// that nothing of interest happens.
pub fn usual(scene: &Scene) -> Budget {
    let again = faults(scene).any(|f| f == Fault::Requests) && scene.meta.promises("once");
    Budget::default().with(Fault::Requests, Some(u8::from(again)))
}

/// The faults that can come in a world of this kind.
pub fn faults(scene: &Scene) -> impl Iterator<Item = Fault> + '_ {
    let verbs = scene.meta.verbs;
    Fault::ALL.into_iter().filter(move |fault| match fault {
        Fault::Requests => verbs.iter().any(|v| !v.starts && !v.operator),
        Fault::Operator => verbs.iter().any(|v| v.operator),
        _ => true,
    })
}

/// The properties that a question can be about, by their ids.
pub fn properties(scene: &Scene) -> Vec<&'static str> {
    let all = scene.meta.properties.iter().copied();
    all.filter(|id| *id != "ac5" && (*id != "money" || accounts(scene))).collect()
}

/// What kind of answer it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Not known yet.
    Open,
    /// There is such a run.
    Yes,
    /// There is none, and all worlds were looked at.
    No,
    /// There is none as far as was looked; that is no proof.
    Unknown,
    /// Nothing was looked for: the worlds were counted.
    Counted,
}

/// An answer in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// What kind of answer it is.
    pub answer: Answer,
    /// The answer in a few words.
    pub short: Text,
    /// The answer as a sentence.
    pub say: Text,
    /// How things stand at the end of the run that was found, if the sentence does not say so.
    pub stands: Option<Text>,
}

/// A run that was found.
pub struct Found<'a> {
    /// The world that it leads to.
    pub end: &'a Run,
    /// How many steps it takes from where the search started.
    pub steps: usize,
    /// Which one it is, from 1: the nearest first.
    pub nth: usize,
}

/// Says what a search has come to. `scene` is of the world that is searched; `stopped` says that the reader stopped
/// it before its end.
pub fn told(
    question: &Question,
    scene: &Scene,
    progress: &Progress,
    found: Option<Found>,
    stopped: bool,
) -> Told {
    let worlds = || {
        Text::new("")
            .number("n", i64::from(progress.worlds))
            .word("worlds", grouped(progress.worlds.into()))
            .text("under", under(scene, question))
    };
    let text = |key: &str| Text { key: key.into(), ..worlds() };
    if let Some(found) = found {
        return yes(question, &found);
    }
    let told = |answer, short, say| Told { answer, short, say, stands: None };
    let counting = question.goal.is_empty();
    let hits = |key: &str| text(key).number("hits", i64::from(progress.hits));
    let full = || match progress.state {
        State::NoMemory => {
            Text::new("explore.short.memory").number("mb", (question.limits.bytes >> 20) as i64)
        }
        _ => text("explore.short.full"),
    };
    match (progress.state, stopped) {
        // Those that were found have been shown; what follows speaks of others.
        (State::Running, true) if progress.hits > 0 => {
            told(Answer::Unknown, Text::new("explore.short.stopped"), hits("explore.stopped-more"))
        }
        (State::Running | State::Found, _) if progress.hits > 0 => {
            told(Answer::Open, Text::new("explore.short.running"), text("explore.running-counting"))
        }
        (State::Deep, _) if progress.hits > 0 => {
            let depth = i64::from(question.budget.depth.unwrap_or(0));
            let short = Text::new("explore.short.deep-more").number("depth", depth);
            told(Answer::Unknown, short, hits("explore.deep-more").number("depth", depth))
        }
        (State::TooMany | State::NoMemory, _) if progress.hits > 0 => {
            told(Answer::Unknown, full(), hits("explore.full-more"))
        }
        (State::Running, true) => {
            let say = text(if counting { "explore.stopped-counting" } else { "explore.stopped" });
            told(Answer::Unknown, Text::new("explore.short.stopped"), say)
        }
        (State::Running | State::Found, _) => {
            let say = text(if counting { "explore.running-counting" } else { "explore.running" });
            told(Answer::Open, Text::new("explore.short.running"), say)
        }
        (State::Exhausted, _) if counting => {
            let say = text("explore.counted").number("depth", progress.levels.len() as i64 - 1);
            told(Answer::Counted, Text::new("explore.short.counted"), say)
        }
        (State::Exhausted, _) if progress.hits > 0 => {
            told(Answer::Counted, Text::new("explore.short.no-more"), hits("explore.no-more"))
        }
        (State::Exhausted, _) => {
            let laws = question.goal.iter().map(|c| match c {
                Cond::Broken(id) => Some(title(scene.meta, id)),
                _ => None,
            });
            let say = match laws.collect::<Option<Vec<_>>>() {
                Some(laws) if laws.len() == 1 => text("explore.holds").texts("what", laws),
                _ => text("explore.nowhere"),
            };
            told(Answer::No, Text::new("explore.short.no"), say)
        }
        (State::Deep, _) => {
            let depth = i64::from(question.budget.depth.unwrap_or(0));
            let (short, say) = match counting {
                true => ("explore.short.deep-counting", "explore.deep-counting"),
                false => ("explore.short.deep", "explore.deep"),
            };
            told(Answer::Unknown, Text::new(short).number("depth", depth), text(say).number("depth", depth))
        }
        (State::TooMany | State::NoMemory, _) => told(
            Answer::Unknown,
            full(),
            text(if counting { "explore.full-counting" } else { "explore.full" }),
        ),
    }
}

fn yes(question: &Question, found: &Found) -> Told {
    let scene = &found.end.now().scene;
    let short = match (found.steps, found.nth) {
        (0, _) => Text::new("explore.short.already"),
        (_, 0 | 1) => Text::new("explore.short.yes"),
        (_, nth) => Text::new("explore.short.another").number("nth", nth as i64),
    };
    let say = found_words(&question.goal, scene, found.steps);
    let reasoned = question.goal.iter().any(|c| matches!(c, Cond::Broken(_)));
    let stands = super::story::story(found.end, None, false).stands;
    Told { answer: Answer::Yes, short, say, stands: (!reasoned).then_some(stands) }
}

/// What is so in the world that was found, as a sentence.
pub fn found_words(goal: &[Cond], scene: &Scene, steps: usize) -> Text {
    let with = |key: &str| Text::new(key).number("n", steps as i64);
    if goal == Preset::Stuck.goal() {
        let (by, who) = (those(scene, Is::Committed), those(scene, Is::Blocked));
        return with("explore.found.stuck")
            .number("m", by.len() as i64)
            .number("k", who.len() as i64)
            .words("by", by)
            .words("who", who);
    }
    let verdicts = judge(scene, &crate::properties::Past::default());
    let reason = |id: &str| {
        verdicts.iter().find(|v| v.id == id && v.state == Verdict::Violated).map(|v| v.reason.clone())
    };
    let reasons = goal.iter().filter_map(|c| match c {
        Cond::Broken(id) => Some(reason(id).unwrap_or_else(|| title(scene.meta, id))),
        _ => None,
    });
    let clauses: Vec<_> = goal.iter().filter_map(|c| clause(c, scene)).collect();
    let core = match clauses.is_empty() {
        true => with("explore.found.enough"),
        false => with("explore.found.so").texts("what", clauses),
    };
    reasons.fold(core, |core, reason| Text::new("explore.found.also").text("core", core).text("more", reason))
}

/// The names of the nodes that are found so.
pub fn those(scene: &Scene, is: Is) -> Vec<String> {
    let so = |id: &NodeId| {
        let node = scene.node(*id);
        match is {
            Is::Up => scene.up(*id),
            Is::Down => node.life == crate::sim::Life::Down,
            Is::Paused => node.life == crate::sim::Life::Paused,
            Is::InDoubt => scene.in_doubt(*id),
            Is::Blocked => scene.blocked(*id).is_some(),
            Is::Committed => node.facts.decided(Outcome::Commit),
            Is::Aborted => node.facts.decided(Outcome::Abort),
            Is::Decided => !node.facts.decisions.is_empty(),
            Is::Locking => !node.status.locks.is_empty(),
            Is::Waiting => node.status.wants.is_some(),
        }
    };
    scene.ids().filter(so).map(|id| scene.name(id).to_string()).collect()
}

/// What can be said of somebody who is blocked: a text, and the steps and worlds in it.
type Way = (&'static str, usize, u32);

/// Whether there is a way out for those who are blocked, in sentences: one for all of whom the same is so.
pub fn way_out(ways: &[WayOut], scene: &Scene) -> Vec<Text> {
    let alone = |way: &WayOut| match (&way.alone, way.alone_all) {
        (Some(steps), _) => ("explore.way-out.alone", steps.len(), 0),
        (None, true) => ("explore.way-out.none", 0, way.alone_worlds),
        (None, false) => ("explore.way-out.unknown", 0, way.alone_worlds),
    };
    let repaired =
        |way: &WayOut| way.repaired.as_ref().map(|steps| ("explore.way-out.repaired", steps.len(), 0));
    let mut said: Vec<(Way, Vec<String>)> = Vec::new();
    for (what, way) in ways.iter().map(|w| (Some(alone(w)), w)).chain(ways.iter().map(|w| (repaired(w), w))) {
        let Some(what) = what else { continue };
        let name = scene.nodes.get(way.who.index()).map_or_else(|| "?".into(), |n| n.name.clone());
        match said.iter_mut().find(|(same, _)| *same == what) {
            Some((_, who)) => who.push(name),
            None => said.push((what, vec![name])),
        }
    }
    let text = |((key, steps, worlds), who): (Way, Vec<String>)| {
        Text::new(key)
            .number("k", who.len() as i64)
            .words("who", who)
            .number("n", steps as i64)
            .word("worlds", grouped(worlds.into()))
    };
    said.into_iter().map(text).collect()
}

/// A condition as a clause: in the world that was found, if there is one; a property has a reason instead.
fn clause(cond: &Cond, scene: &Scene) -> Option<Text> {
    let so = |who: Vec<String>, is: Is| {
        Text::new(format!("explore.so.{}", is.word())).number("k", who.len() as i64).words("who", who)
    };
    let name = |id: &NodeId| scene.nodes.get(id.index()).map_or_else(|| "?".into(), |n| n.name.clone());
    Some(match cond {
        Cond::Broken(_) => return None,
        Cond::Node(id, is) => so(vec![name(id)], *is),
        Cond::Some(is) => so(those(scene, *is), *is),
        Cond::Not(id, is) => Text::new("explore.so-not").word("who", name(id)).text("is", is_word(*is)),
        Cond::Nobody(is) => Text::new("explore.so-nobody").text("is", is_word(*is)),
        Cond::All(Outcome::Commit) => Text::new("explore.so-all.commit"),
        Cond::All(Outcome::Abort) => Text::new("explore.so-all.abort"),
        Cond::Twice => Text::new("explore.so-twice"),
        Cond::Unearned => Text::new("explore.so-unearned"),
    })
}

/// What it is for a node to be found so, as an adjective.
pub fn is_word(is: Is) -> Text {
    Text::new(format!("explore.is.{}", is.word()))
}

/// A condition as something to look for.
pub fn wanted(cond: &Cond, scene: &Scene) -> Text {
    match cond {
        Cond::Broken(id) => Text::new("explore.want.broken").text("what", title(scene.meta, id)),
        Cond::Some(is) => Text::new("explore.want.some").text("is", is_word(*is)),
        Cond::Node(id, is) => {
            let name = scene.nodes.get(id.index()).map_or_else(|| "?".into(), |n| n.name.clone());
            Text::new("explore.want.node").word("who", name).text("is", is_word(*is))
        }
        other => clause(other, scene).expect("only a property has none"),
    }
}

/// The question in a few words.
pub fn asked(question: &Question, scene: &Scene) -> Text {
    match Preset::of(question) {
        Preset::Own => {
            let all = question.goal.iter().map(|c| wanted(c, scene)).collect();
            Text::new("explore.ask.own-words").texts("what", all)
        }
        preset => Text::new(format!("explore.ask.{}", preset.key())),
    }
}

/// A run that was found, replayed in a history of its own; `None` if a step of it is not possible.
pub fn replay(setup: &Setup, steps: &[Step]) -> Option<History> {
    let mut history = History::new(super::beginning(setup));
    steps.iter().all(|step| history.act(step).is_ok()).then_some(history)
}

/// The counted faults that an outcome needs: of each way to it a phrase; none where it needs none.
pub fn needs(ways: &[[u8; Fault::COUNT]]) -> Vec<Text> {
    let way = |spent: &[u8; Fault::COUNT]| {
        let some = Fault::ALL.into_iter().filter(|f| spent[*f as usize] > 0);
        some.map(|f| counted(f, spent[f as usize])).collect::<Vec<_>>()
    };
    let ways = ways.iter().map(way).filter(|way| !way.is_empty());
    ways.map(|way| Text::new("explore.outcome.way").texts("what", way)).collect()
}

/// So many faults of a kind.
fn counted(fault: Fault, n: u8) -> Text {
    Text::new(format!("explore.count.{}", fault.key())).number("n", i64::from(n))
}

/// A number with its thousands apart.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
