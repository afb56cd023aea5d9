//! `indoubt bench`: how fast the explorer is here, in numbers that can be laid beside other checkers'.

use indoubt::explore::{Budget, Cond, Question, Search, State};
use indoubt::protocols;
use indoubt::sim::Setup;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// A search to be timed.
pub struct Case {
    /// What is searched.
    pub name: String,
    pub setup: Setup,
    pub question: Question,
}

/// What came of it.
pub struct Timed {
    pub worlds: u64,
    pub generated: u64,
    pub bytes: u64,
    pub words: usize,
    pub runs: u32,
    pub depth: usize,
    pub took: Duration,
}

/// The searches: Lamport's TwoPhase at these sizes, and two-phase commit with one crash.
pub fn cases(sizes: &[u16]) -> Vec<Case> {
    let mut cases = Vec::new();
    for n in sizes {
        if let Some(setup) = world("tp", &[("participants", *n)]) {
            let goal = vec![Cond::Broken("ac1".into())];
            let question = Question { budget: Budget::nothing(), ..unlimited(goal) };
            cases.push(Case { name: format!("TwoPhase N={n}"), setup, question });
        }
    }
    for participants in [2, 3] {
        if let Some(setup) = world("2pc", &[("participants", participants), ("clients", 0)]) {
            let question = unlimited(vec![Cond::Broken("ac1".into())]);
            let name = format!("2PC, {} nodes, 1 crash", participants + 1);
            cases.push(Case { name, setup, question });
        }
    }
    cases
}

fn unlimited(goal: Vec<Cond>) -> Question {
    let mut question = Question::new(goal);
    question.limits.worlds = u32::MAX;
    question.limits.bytes = u64::MAX;
    question
}

/// A world with these parameters; `None` if there is no such protocol or parameter.
fn world(id: &str, params: &[(&str, u16)]) -> Option<Setup> {
    let protocol = protocols::find(id)?;
    let meta = (protocol.meta)();
    let mut setup = protocol.setup();
    for (key, value) in params {
        let (at, _) = meta.param(key)?;
        setup.params.set(meta.params, at, *value).then_some(())?;
    }
    Some(setup)
}

/// Searches to the end.
pub fn run(case: &Case, threads: usize) -> Timed {
    let start = Instant::now();
    let mut search = Search::new(&case.setup, &[], case.question.clone()).expect("the cases can be asked");
    search.use_threads(threads);
    while search.advance(1 << 20).expect("it fits") == State::Running {}
    let took = start.elapsed();
    let progress = search.progress();
    Timed {
        worlds: u64::from(progress.worlds),
        generated: progress.generated,
        bytes: progress.bytes,
        words: search.width(),
        runs: progress.runs,
        depth: progress.levels.len(),
        took,
    }
}

/// Times each case so many times, with so many threads, and prints the median.
pub fn table(sizes: &[u16], times: usize, threads: usize) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:<22}{:>12}{:>13}{:>7}{:>10}{:>14}{:>16}{:>9}{:>7}{:>9}",
        "",
        "worlds",
        "generated",
        "levels",
        "seconds",
        "worlds/s",
        "generated/s",
        "B/world",
        "words",
        "handlers"
    );
    for case in cases(sizes) {
        let mut all: Vec<_> = (0..times).map(|_| run(&case, threads)).collect();
        all.sort_by_key(|t| t.took);
        let t = &all[all.len() / 2];
        let seconds = t.took.as_secs_f64();
        let _ = writeln!(
            out,
            "{:<22}{:>12}{:>13}{:>7}{:>10.3}{:>14.0}{:>16.0}{:>9.1}{:>7}{:>9}",
            case.name,
            t.worlds,
            t.generated,
            t.depth,
            seconds,
            t.worlds as f64 / seconds,
            t.generated as f64 / seconds,
            t.bytes as f64 / t.worlds as f64,
            t.words,
            t.runs
        );
    }
    out
}
