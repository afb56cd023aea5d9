//! Reads a script: everything that can be known without running it.

use super::clause::read_clause;
use super::settings::parse_world;
use super::words::{Word, Words};
use super::{
    ErrorKind, How, Line, MAX_BYTES, MAX_LINES, Move, Names, REFUSAL_WORDS, Script, ScriptError, Statement,
    What,
};
use crate::order::{self, Set};
use crate::protocol::{ArgKind, Command, NodeId, Timer};
use crate::sim::{Act, Link, Tail, Torn};
use std::str::FromStr;

/// Words that begin a step.
const STEPS: &[&str] = &[
    "do", "deliver", "drop", "copy", "hold", "release", "fire", "crash", "recover", "pause", "resume", "cut",
    "heal",
];
/// Words that begin anything else.
const OTHERS: &[&str] =
    &["expect", "refuse", "partition", "repair", "quiet", "rounds", "back", "mark", "goto"];
/// The name of the moment before the first step.
pub const START: &str = "start";

/// Reads a script. Everything that can be known without running it is known afterwards; whether its steps
/// are possible is not.
pub fn parse(text: &str) -> Result<Script, ScriptError> {
    match parse_prefix(text)? {
        (script, None) => Ok(script),
        (_, Some(error)) => Err(error),
    }
}

/// Reads as much of a script as can be read, and says what ended it. An error if there is not even a world.
pub fn parse_prefix(text: &str) -> Result<(Script, Option<ScriptError>), ScriptError> {
    let whole = |kind, found: String| ScriptError { line: 1, column: 1, kind, found, possible: Vec::new() };
    if text.len() > MAX_BYTES {
        return Err(whole(ErrorKind::TooLong, text.len().to_string()));
    }
    let mut script: Option<Script> = None;
    let mut marks = order::set([START.to_string()]);
    for (number, text) in (1..).zip(text.lines()) {
        let error = match &mut script {
            _ if number > MAX_LINES => {
                Err(ScriptError { line: number, ..whole(ErrorKind::TooManyLines, String::new()) })
            }
            Some(script) => read_line(script, &mut marks, number, text),
            None => read_first(number, text).map(|first| script = first),
        };
        if let Err(error) = error {
            return script.map(|s| (s, Some(error.clone()))).ok_or(error);
        }
    }
    let nothing =
        || ScriptError { possible: vec!["world".into()], ..whole(ErrorKind::NoWorld, String::new()) };
    Ok((script.ok_or_else(nothing)?, None))
}

/// Reads a line before which there is no world.
fn read_first(number: usize, text: &str) -> Result<Option<Script>, ScriptError> {
    let mut words = Words::split(text, number);
    let Some(first) = words.take() else { return Ok(None) };
    if first.text != "world" {
        return Err(words.error(first, ErrorKind::NoWorld, vec!["world".into()]));
    }
    let (setup, names) = parse_world(&mut words)?;
    Ok(Some(Script { setup, names, lines: Vec::new() }))
}

fn read_line(
    script: &mut Script,
    marks: &mut Set<String>,
    number: usize,
    text: &str,
) -> Result<(), ScriptError> {
    if let Some(output) = output(text) {
        return match script.lines.last_mut().filter(|l| l.follows(number)) {
            Some(line) => {
                line.output.get_or_insert_default().push(output.to_string());
                Ok(())
            }
            None => {
                let column = text.chars().take_while(|c| c.is_whitespace()).count() + 1;
                let kind = ErrorKind::StrayOutput;
                Err(ScriptError { line: number, column, kind, found: "|".into(), possible: Vec::new() })
            }
        };
    }
    let mut words = Words::split(text, number);
    let Some(first) = words.take() else { return Ok(()) };
    let second = words.peek();
    let statement = read_statement(first, &mut words, &script.names)?;
    words.finish()?;
    match &statement {
        Statement::Mark(name) if !marks.insert(name.clone()) => {
            return Err(words.error(second.unwrap_or(first), ErrorKind::Repeated, Vec::new()));
        }
        Statement::Goto(name) if !marks.contains(name) => {
            let possible = marks.iter().cloned().collect();
            return Err(words.unknown(second.unwrap_or(first), "a mark above", possible));
        }
        _ => {}
    }
    let text = words.text(text).to_string();
    script.lines.push(Line { number, column: first.column, text, statement, output: None });
    Ok(())
}

/// What a line of output says; `None` if the line is none.
pub fn output(text: &str) -> Option<&str> {
    text.trim().strip_prefix('|').map(str::trim)
}

impl Line {
    /// Whether line `number` stands right under this statement or its output.
    fn follows(&self, number: usize) -> bool {
        let printable = !matches!(self.statement, Statement::Expect(_) | Statement::Mark(_));
        printable && number == self.number + 1 + self.output.as_ref().map_or(0, Vec::len)
    }
}

fn read_statement(first: Word, words: &mut Words, names: &Names) -> Result<Statement, ScriptError> {
    Ok(match first.text {
        "expect" => {
            let mut clauses = Vec::new();
            for mut clause in words.clauses() {
                let column = clause.peek().map_or(first.column, |w| w.column);
                clauses.push((column, read_clause(&mut clause, names)?));
            }
            if clauses.is_empty() {
                read_clause(words, names)?;
            }
            Statement::Expect(clauses)
        }
        "refuse" => {
            let word = words.need("a step", steps)?;
            let step = read_step(word, words, names)?;
            Statement::Refuse { step, because: read_because(words, names)? }
        }
        "partition" => Statement::Partition(read_groups(words, names)?),
        "heal" if words.peek().is_some_and(|w| w.text == "all") => {
            words.take();
            Statement::HealAll
        }
        "repair" => Statement::Repair,
        "quiet" => Statement::Quiet,
        "rounds" => {
            let count = words.take().map(|word| number(words, word, word.text));
            Statement::Rounds(count.transpose()?)
        }
        "back" => {
            let word = words.need("a number", || vec!["a number".into()])?;
            Statement::Back(number(words, word, word.text)?)
        }
        "mark" => Statement::Mark(words.need("a name", || vec!["a name".into()])?.text.into()),
        "goto" => Statement::Goto(words.need("a mark above", Vec::new)?.text.into()),
        "world" => return Err(words.error(first, ErrorKind::SecondWorld, Vec::new())),
        word if STEPS.contains(&word) => Statement::Step(read_step(first, words, names)?),
        _ => {
            let possible = STEPS.iter().chain(OTHERS).map(|w| w.to_string()).collect();
            return Err(words.unknown(first, "a statement", possible));
        }
    })
}

fn steps() -> Vec<String> {
    STEPS.iter().map(|w| w.to_string()).collect()
}

/// Reads a step whose first word is `first`, up to where it ends.
fn read_step(first: Word, words: &mut Words, names: &Names) -> Result<Move, ScriptError> {
    let what = match first.text {
        "deliver" => read_message(How::Deliver, words, names)?,
        "drop" => read_message(How::Drop, words, names)?,
        "copy" => read_message(How::Copy, words, names)?,
        "hold" => read_message(How::Hold, words, names)?,
        "release" => read_message(How::Release, words, names)?,
        "do" => What::Act(read_command(words, names)?),
        "fire" => {
            let node = read_node(words, names)?;
            What::Act(Act::Fire(node, read_timer(words, names)?))
        }
        "crash" => {
            let node = read_node(words, names)?;
            What::Act(Act::Crash(node, read_tail(words)?.unwrap_or_default()))
        }
        "recover" => What::Act(Act::Recover(read_node(words, names)?)),
        "pause" => What::Act(Act::Pause(read_node(words, names)?)),
        "resume" => What::Act(Act::Resume(read_node(words, names)?)),
        "cut" => What::Act(Act::Cut(read_two(words, names)?)),
        "heal" => What::Act(Act::Heal(read_two(words, names)?)),
        _ => return Err(words.unknown(first, "a step", steps())),
    };
    let tearable = matches!(
        what,
        What::Message { how: How::Deliver, .. }
            | What::Act(Act::Fire(..) | Act::Command(..) | Act::Recover(_))
    );
    let torn = if tearable { read_torn(words, names)? } else { None };
    Ok(Move { what, torn })
}

fn read_message(how: How, words: &mut Words, names: &Names) -> Result<What, ScriptError> {
    let link = words.need("a link", || vec!["FROM>TO".into()])?;
    let (from, to) = read_link(words, link, names)?;
    let word = words.need("a kind of message", || names.messages())?;
    let (text, k) = match word.text.split_once('#') {
        None => (word.text, 1),
        Some((text, k)) => {
            let column = word.column + text.chars().count() + 1;
            let k = number(words, Word { text: k, column }, k)?;
            if k == 0 {
                return Err(words.unknown(Word { text: "0", column }, "a number from 1", Vec::new()));
            }
            (text, k)
        }
    };
    match names.meta.message(text) {
        Some(kind) => Ok(What::Message { how, from, to, word: kind.word, k, column: word.column }),
        None => Err(words.unknown(Word { text, ..word }, "a message of this protocol", names.messages())),
    }
}

/// Reads `FROM>TO`.
pub fn read_link(words: &Words, word: Word, names: &Names) -> Result<(NodeId, NodeId), ScriptError> {
    let Some((from, to)) = word.text.split_once('>') else {
        return Err(words.unknown(word, "a link", vec!["FROM>TO".into()]));
    };
    let column = word.column + from.chars().count() + 1;
    let find = |text, column| {
        names.find(text).ok_or_else(|| words.unknown(Word { text, column }, "a node", names.nodes.clone()))
    };
    Ok((find(from, word.column)?, find(to, column)?))
}

fn read_command(words: &mut Words, names: &Names) -> Result<Act, ScriptError> {
    let node = read_node(words, names)?;
    let possible = || names.meta.verbs.iter().map(|v| v.word.to_string()).collect::<Vec<_>>();
    let word = words.need("a verb", possible)?;
    let Some(verb) = names.meta.verbs.iter().position(|v| v.word == word.text) else {
        return Err(words.unknown(word, "a verb of this protocol", possible()));
    };
    let arg = match names.meta.verbs[verb].arg {
        ArgKind::None => None,
        ArgKind::Node => Some(read_node(words, names)?),
    };
    Ok(Act::Command(node, Command { verb: verb as u8, arg }))
}

/// Reads a node.
pub fn read_node(words: &mut Words, names: &Names) -> Result<NodeId, ScriptError> {
    let word = words.need("a node", || names.nodes.clone())?;
    names.find(word.text).ok_or_else(|| words.unknown(word, "a node", names.nodes.clone()))
}

/// Reads a timer.
pub fn read_timer(words: &mut Words, names: &Names) -> Result<Timer, ScriptError> {
    let possible = || names.meta.timers.iter().map(|t| t.word.to_string()).collect::<Vec<_>>();
    let word = words.need("a timer", possible)?;
    let timer = names.meta.timers.iter().position(|t| t.word == word.text);
    timer.map(|t| Timer(t as u8)).ok_or_else(|| words.unknown(word, "a timer of this protocol", possible()))
}

fn read_two(words: &mut Words, names: &Names) -> Result<Link, ScriptError> {
    let a = read_node(words, names)?;
    let again = words.peek();
    let b = read_node(words, names)?;
    match again {
        Some(word) if a == b => {
            let others = names.nodes.iter().filter(|n| *n != word.text).cloned().collect();
            Err(words.unknown(word, "another node", others))
        }
        _ => Ok(Link::between(a, b)),
    }
}

/// Reads `tail=kept` or `tail=lost`, if it comes next.
fn read_tail(words: &mut Words) -> Result<Option<Tail>, ScriptError> {
    let Some(word) = words.peek() else { return Ok(None) };
    let Some(value) = word.text.strip_prefix("tail=") else { return Ok(None) };
    words.take();
    match value {
        "lost" => Ok(Some(Tail::Lost)),
        "kept" => Ok(Some(Tail::Kept)),
        _ => {
            Err(words.unknown(word, "what becomes of the tail", vec!["tail=lost".into(), "tail=kept".into()]))
        }
    }
}

/// Reads `torn=N [told=A,B] [tail=…]`, if it comes next.
fn read_torn(words: &mut Words, names: &Names) -> Result<Option<Torn>, ScriptError> {
    let Some(word) = words.peek() else { return Ok(None) };
    let Some(value) = word.text.strip_prefix("torn=") else {
        return match word.text.starts_with("told=") {
            true => Err(words.unknown(word, "`torn=N`", vec!["torn=N told=A,B".into()])),
            false => Ok(None),
        };
    };
    words.take();
    let after = number(words, Word { text: value, column: word.column + 5 }, value)?;
    let told = read_told(words, names)?;
    Ok(Some(Torn { after, tail: read_tail(words)?.unwrap_or_default(), told }))
}

/// Reads `told=A,B`, if it comes next: nodes as bits.
fn read_told(words: &mut Words, names: &Names) -> Result<u16, ScriptError> {
    let Some(word) = words.peek() else { return Ok(0) };
    let Some(list) = word.text.strip_prefix("told=") else { return Ok(0) };
    words.take();
    let mut told = 0;
    let mut column = word.column + 5;
    for text in list.split(',') {
        let here = Word { text, column };
        let node = names.find(text).ok_or_else(|| words.unknown(here, "a node", names.nodes.clone()))?;
        if told & 1 << node.0 != 0 {
            return Err(words.error(here, ErrorKind::Repeated, Vec::new()));
        }
        told |= 1 << node.0;
        column += text.chars().count() + 1;
    }
    Ok(told)
}

/// A number that fits.
pub fn number<T: FromStr>(words: &Words, word: Word, text: &str) -> Result<T, ScriptError> {
    text.parse().map_err(|_| words.unknown(word, "a number that fits here", vec!["a number".into()]))
}

fn read_because(words: &mut Words, names: &Names) -> Result<Option<String>, ScriptError> {
    match words.peek() {
        Some(word) if word.text == "because" => words.take(),
        _ => return Ok(None),
    };
    // A role's own reasons are not listed anywhere, so any word may be one.
    let possible =
        || REFUSAL_WORDS.iter().map(|w| w.to_string()).chain([format!("a reason of {}", names.meta.id)]);
    Ok(Some(words.need("a reason", || possible().collect())?.text.into()))
}

/// Reads `A,B | C`: at least two groups, and no node twice.
fn read_groups(words: &mut Words, names: &Names) -> Result<Vec<Vec<NodeId>>, ScriptError> {
    let mut groups = vec![Vec::new()];
    let mut seen = Set::new();
    while let Some(word) = words.take() {
        if word.text == "|" {
            groups.push(Vec::new());
            continue;
        }
        for text in word.text.split(',').filter(|t| !t.is_empty()) {
            let Some(node) = names.find(text) else {
                return Err(words.unknown(Word { text, ..word }, "a node", names.nodes.clone()));
            };
            if !seen.insert(node) {
                return Err(words.error(Word { text, ..word }, ErrorKind::Repeated, Vec::new()));
            }
            groups.last_mut().expect("never empty").push(node);
        }
    }
    if groups.len() < 2 || groups.iter().any(Vec::is_empty) {
        words.need("another group of nodes", || vec!["A,B | C".into()])?;
    }
    Ok(groups)
}

impl Names {
    /// The node with this name.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.nodes.iter().position(|n| n == name).map(|i| NodeId(i as u8))
    }

    /// The words of all kinds of message.
    pub fn messages(&self) -> Vec<String> {
        self.meta.messages.iter().map(|m| m.word.to_string()).collect()
    }
}
