//! Runs a script.

use super::clause::Clause;
use super::error::refusal_word;
use super::parse::{START, output, parse_prefix};
use super::print::print_step;
use super::tell::{changes, effects_in_words};
use super::{ErrorKind, Line, MAX_RUNS, MAX_STEPS, Move, Script, ScriptError, Statement, What};
use crate::i18n::Lang;
use crate::order::{self, Map};
use crate::protocols;
use crate::run::{History, Place, Rounds, Run, repairs, run_until_quiet};
use crate::sim::{Act, Link, Refusal, Setup, Step};
use crate::text::Text;
use crate::view::words::Words;
use serde::Serialize;

/// What came of a script.
pub struct Outcome {
    /// Everything that was done.
    pub history: History,
    /// What each statement did, in order, up to where the script stopped.
    pub entries: Vec<Entry>,
    /// Expectations that were not met.
    pub failures: Vec<Failure>,
    /// What stopped the script, if it did not come to its end.
    pub error: Option<ScriptError>,
}

impl Outcome {
    /// Whether the script came to its end and everything held.
    pub fn ok(&self) -> bool {
        self.error.is_none() && self.failures.is_empty()
    }
}

/// What a statement did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entry {
    /// Where it stands.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// The steps that it did.
    pub done: Vec<Done>,
    /// What it checked.
    pub checks: Vec<Check>,
    /// What it prints.
    pub output: Vec<String>,
}

/// A step that was done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Done {
    /// The step as scripts write it.
    pub step: String,
    /// What it did.
    pub words: Text,
}

/// An expectation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Check {
    /// What was expected.
    pub expected: String,
    /// What was found instead; `None` if it held.
    pub found: Option<String>,
}

/// An expectation that was not met.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Failure {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Lang::En.say(&self.text()))
    }
}

impl Failure {
    /// What was not met, in no language yet.
    pub fn text(&self) -> Text {
        Text::new("script.failed")
            .number("line", self.line as i64)
            .number("column", self.column as i64)
            .word("expected", self.expected.clone())
            .word("found", self.found.clone())
    }
}

/// Runs a script to its end, or to the first step that is not possible.
pub fn run(script: &Script) -> Outcome {
    let mut player = Player {
        script,
        outcome: Outcome {
            history: History::new(protocols::build(script.setup.clone())),
            entries: Vec::new(),
            failures: Vec::new(),
            error: None,
        },
        marks: order::map([(START.to_string(), 0)]),
        steps: 0,
        runs: 0,
    };
    for line in &script.lines {
        if let Err(error) = player.line(line) {
            player.outcome.error = Some(error);
            break;
        }
    }
    player.outcome
}

/// What is good of a script: everything before its first mistake.
pub struct Loaded {
    /// The world.
    pub setup: Setup,
    /// The steps that lead to the moment that the script ends at.
    pub steps: Vec<Step>,
    /// Everything that it did, other branches included.
    pub history: History,
    /// Expectations that were not met.
    pub failures: Vec<Failure>,
    /// The mistake, if there is one.
    pub error: Option<ScriptError>,
}

/// Reads and runs a script and keeps what is good of it. An error if there is not even a world.
pub fn load(text: &str) -> Result<Loaded, ScriptError> {
    let (script, unread) = parse_prefix(text)?;
    let Outcome { history, failures, error, .. } = run(&script);
    let steps = history.steps();
    Ok(Loaded { setup: script.setup, steps, history, failures, error: error.or(unread) })
}

/// The script with its output as the run printed it, under every statement that had any.
pub fn rewrite(text: &str, script: &Script, outcome: &Outcome) -> String {
    let printed = order::map(outcome.entries.iter().map(|e| (e.line, e)));
    let asked = |number: usize| script.lines.iter().any(|l| l.number == number && l.output.is_some());
    let mut lines = Vec::new();
    let mut skipping = false;
    for (number, line) in (1..).zip(text.lines()) {
        if skipping && output(line).is_some() {
            continue;
        }
        skipping = false;
        lines.push(line.to_string());
        if let Some(entry) = printed.get(&number).filter(|_| asked(number)) {
            lines.extend(entry.output.iter().map(|l| format!("  | {l}")));
            skipping = true;
        }
    }
    lines.join("\n") + "\n"
}

struct Player<'a> {
    script: &'a Script,
    outcome: Outcome,
    marks: Map<String, Place>,
    steps: usize,
    runs: usize,
}

impl Player<'_> {
    fn run(&self) -> &Run {
        self.outcome.history.run()
    }

    fn line(&mut self, line: &Line) -> Result<(), ScriptError> {
        let before = self.run().now_rc();
        let mut entry = Entry {
            line: line.number,
            text: line.text.clone(),
            done: Vec::new(),
            checks: Vec::new(),
            output: Vec::new(),
        };
        let result = self.statement(line, &mut entry);
        entry.output.extend(changes(&self.script.names, &before, self.run().now()));
        if let Some(wanted) = line.output.as_ref().filter(|w| **w != entry.output && result.is_ok()) {
            self.outcome.failures.push(Failure {
                line: line.number + 1,
                column: 1,
                expected: quoted(wanted),
                found: quoted(&entry.output),
            });
        }
        self.outcome.entries.push(entry);
        result
    }

    fn statement(&mut self, line: &Line, entry: &mut Entry) -> Result<(), ScriptError> {
        match &line.statement {
            Statement::Step(step) => {
                let step = self.resolve(line, step)?;
                let effects = self.act(line, entry, &step)?;
                entry.output.push(effects);
            }
            Statement::Refuse { step, because } => self.refuse(line, entry, step, because.as_deref())?,
            Statement::Expect(clauses) => {
                for (column, clause) in clauses {
                    if matches!(clause, Clause::Quiet(_)) {
                        self.spend_run(line)?;
                    }
                    self.check(line, entry, *column, clause);
                }
            }
            Statement::Partition(groups) => {
                for (i, group) in groups.iter().enumerate() {
                    let others = groups[i + 1..].iter().flatten();
                    for (a, b) in others.flat_map(|b| group.iter().map(move |a| (*a, *b))) {
                        if self.run().now().scene.linked(a, b) {
                            self.act_and_say(line, entry, &Act::Cut(Link::between(a, b)).into())?;
                        }
                    }
                }
            }
            Statement::HealAll => {
                while let Some(link) = self.run().now().scene.cuts.first().copied() {
                    self.act_and_say(line, entry, &Act::Heal(link).into())?;
                }
            }
            Statement::Repair => {
                self.spend_run(line)?;
                // A release moves messages, so the repairs are asked for anew after each.
                while let Some(step) = repairs(self.run()).first().copied() {
                    self.act_and_say(line, entry, &step)?;
                }
            }
            Statement::Quiet => {
                self.spend_run(line)?;
                let mut steps = Vec::new();
                run_until_quiet(&mut self.run().clone(), &mut |event| steps.push(event.step));
                for step in &steps {
                    self.act_and_say(line, entry, step)?;
                }
            }
            Statement::Rounds(count) => {
                self.spend_run(line)?;
                let mut rounds = Rounds::default();
                while let Some(step) =
                    rounds.next(self.run()).filter(|_| count.is_none_or(|n| rounds.round <= n))
                {
                    self.act_and_say(line, entry, &step)?;
                }
            }
            Statement::Back(n) => {
                for _ in 0..*n {
                    if !self.outcome.history.undo() {
                        return Err(error(line, ErrorKind::NoSuchMoment));
                    }
                }
                entry.output.push(format!("moment {}", self.run().moment()));
            }
            Statement::Mark(name) => drop(self.marks.insert(name.clone(), self.outcome.history.at())),
            Statement::Goto(name) => {
                let place = self.marks.get(name).copied();
                if !place.is_some_and(|p| self.outcome.history.go(p)) {
                    return Err(error(line, ErrorKind::NoSuchMoment));
                }
                entry.output.push(format!("moment {}", self.run().moment()));
            }
        }
        Ok(())
    }

    fn spend_run(&mut self, line: &Line) -> Result<(), ScriptError> {
        self.runs += 1;
        if self.runs > MAX_RUNS { Err(error(line, ErrorKind::TooManySteps)) } else { Ok(()) }
    }

    /// The step that a line names, in the present world.
    fn resolve(&self, line: &Line, step: &Move) -> Result<Step, ScriptError> {
        step.resolve(self.run().machine()).ok_or_else(|| {
            let What::Message { from, to, word, k, column, .. } = step.what else {
                return error(line, ErrorKind::NotInFlight);
            };
            let names = &self.script.names;
            let nth = if k == 1 { String::new() } else { format!("#{k}") };
            let found = format!("{}>{} {word}{nth}", names.node(from), names.node(to));
            let in_flight = self.run().now().scene.flights.iter().take(40);
            let mut possible: Vec<_> = in_flight
                .map(|f| format!("{}>{} {}", names.node(f.at.from), names.node(f.at.to), f.word))
                .collect();
            possible.dedup();
            if possible.is_empty() {
                possible.push("nothing: no message is in flight".into());
            }
            ScriptError { column, found, possible, ..error(line, ErrorKind::NotInFlight) }
        })
    }

    /// Does a step and says what its effects were.
    fn act(&mut self, line: &Line, entry: &mut Entry, step: &Step) -> Result<String, ScriptError> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(error(line, ErrorKind::TooManySteps));
        }
        let names = &self.script.names;
        let text = print_step(names, self.outcome.history.run().machine(), step);
        let now = self.run().now_rc();
        let words = Words::new(&now.scene);
        self.outcome.history.act(step).map_err(|refusal| {
            let kind = ErrorKind::Refused {
                why: refusal_word(&refusal),
                because: Box::new(words.refusal(&refusal)),
            };
            ScriptError { found: text.clone(), ..error(line, kind) }
        })?;
        let history = &self.outcome.history;
        let event = history.event(history.at()).expect("a step was just done");
        entry.done.push(Done { step: text, words: words.event(event) });
        Ok(effects_in_words(names, event))
    }

    /// The same, for one of several steps of a line.
    fn act_and_say(&mut self, line: &Line, entry: &mut Entry, step: &Step) -> Result<(), ScriptError> {
        let effects = self.act(line, entry, step)?;
        let text = entry.done.last().map_or("", |d| d.step.as_str());
        entry.output.push(format!("{text}: {effects}"));
        Ok(())
    }

    fn refuse(
        &mut self,
        line: &Line,
        entry: &mut Entry,
        step: &Move,
        because: Option<&str>,
    ) -> Result<(), ScriptError> {
        let machine = self.run().machine();
        let refusal = match step.resolve(machine) {
            None => Some(Refusal::NoSuchMessage),
            Some(step) => machine.check(&step).err(),
        };
        let found = match &refusal {
            None => Some("a step that is possible".to_string()),
            Some(refusal) => {
                let word = refusal_word(refusal);
                entry.output.push(format!("refused: {word}"));
                because.filter(|b| *b != word).map(|_| format!("refused because {word}"))
            }
        };
        let expected = because.map_or("refused".to_string(), |b| format!("refused because {b}"));
        self.note(line, entry, line.column, expected, found);
        Ok(())
    }

    fn check(&mut self, line: &Line, entry: &mut Entry, column: usize, clause: &Clause) {
        let seen = clause.seen(self.run());
        let names = &self.script.names;
        let found = (seen != *clause).then(|| seen.print(names));
        self.note(line, entry, column, clause.print(names), found);
    }

    fn note(
        &mut self,
        line: &Line,
        entry: &mut Entry,
        column: usize,
        expected: String,
        found: Option<String>,
    ) {
        if let Some(found) = found.clone() {
            self.outcome.failures.push(Failure {
                line: line.number,
                column,
                expected: expected.clone(),
                found,
            });
        }
        entry.checks.push(Check { expected, found });
    }
}

fn error(line: &Line, kind: ErrorKind) -> ScriptError {
    ScriptError {
        line: line.number,
        column: line.column,
        kind,
        found: line.text.clone(),
        possible: Vec::new(),
    }
}

fn quoted(lines: &[String]) -> String {
    if lines.is_empty() { "no output".into() } else { format!("`{}`", lines.join(" | ")) }
}
