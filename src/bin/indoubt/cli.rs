//! `indoubt run`, `check`, `bench`, `link`, `show`, `protocols`.
//!
//! Exits with 0 if all is well, 1 if an expectation failed or a link is damaged, 2 if a script, a link or the
//! command line cannot be read.
//!
//! The arguments are read by hand: four commands and three flags do not pay for a parser.

use indoubt::i18n::{Lang, plain};
use indoubt::link;
use indoubt::protocols;
use indoubt::script::{self, Outcome, ScriptError};
use indoubt::sim::RULES;
use serde_json::{Value, json};
use std::fmt::{Display, Write as _};
use std::io::{Read as _, Write as _};
use std::process::ExitCode;

const USAGE: &str = "\
Usage:
  indoubt run FILE... [--json] [--update] [--lang en|zh-CN]
      Runs scripts and says what happened and which expectations held.
      --json    the same as JSON: an array with an object for each file
      --update  rewrites the output that the scripts ask for
  indoubt link FILE
      Prints the part of an address that opens the script's run in the page.
  indoubt show LINK
      Prints the run behind an address, or behind the part of it after the #, as a script.
  indoubt check FILE [--ask NAME | --find CONDITIONS] [--present] [BOUNDS] [--json] [--lang en|zh-CN]
      Looks for the shortest run of the script's world in which something is so, or shows that there is none.
      --ask NAME     stuck, blocked, split, reversed, unagreed, freed, early, money, twice, unearned, holder,
                     fencing, conserved, answers, invariant, commit, count (the default: counts all worlds and
                     how they end)
      --find CONDITIONS  all of these at once, separated by commas: `broken ID` (ac1, wal, ...), `NODE IS`,
                     `NODE not IS`, `some IS`, `nobody IS`, `all committed`, `all aborted`, `twice`, `unearned`;
                     IS is up, down, paused, in-doubt, blocked, committed, aborted, decided, locking, waiting
      --present      start where the script's steps lead, not at the beginning
      BOUNDS         --FAULT N|any for crashes (1), tails (any), drops (0), duplicates (0), early (any),
                     cuts (0), pauses (0), requests (1 where an effect must not happen twice, else 0),
                     operator (0); --copies N (1), --depth N|any (any),
                     --no-repairs, --worlds N, --memory MB
      --any-order    who dies while it sends to several in one go may have told any of them, not only the first
      --symmetry     counts worlds that differ only in names as one, with messages in any order
      --census       also counts the outcomes
      --threads 1|2  how many threads work (as many as there are processors); the answer is the same
      Exit code: 0 there is no such run; 1 there is one; 2 it cannot be asked; 3 a limit came first.
  indoubt bench [N...] [--times T] [--threads 1|2]
      Times the explorer: Lamport's TwoPhase with N resource managers (7, 8, 9), and two-phase commit with
      one crash; the median of T searches each (3), on one thread unless told otherwise.
  indoubt protocols
      Lists the protocols and what can be set.
FILE may be - for the standard input.
Exit code: 0 all is well; 1 an expectation failed, or a link is damaged; 2 something cannot be read.
";

const FAILED: u8 = 1;
const UNREADABLE: u8 = 2;

/// What a command prints, and how it ends.
#[derive(Default)]
struct Answer {
    out: String,
    err: String,
    code: u8,
}

impl Answer {
    fn worse(&mut self, code: u8) {
        self.code = self.code.max(code);
    }

    /// A file that could not be played.
    fn unplayed(
        &mut self,
        objects: &mut Vec<Value>,
        file: &str,
        error: Value,
        between: &str,
        why: &dyn Display,
    ) {
        self.worse(UNREADABLE);
        objects.push(json!({ "name": file, "ok": false, "error": error }));
        let _ = writeln!(self.err, "{file}{between}{why}");
    }

    fn unreadable(why: String) -> Answer {
        Answer { out: String::new(), err: why, code: UNREADABLE }
    }
}

pub fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let answer = answer(&args);
    // Whoever closes the pipe has seen enough.
    let _ = std::io::stdout().write_all(answer.out.as_bytes());
    let _ = std::io::stderr().write_all(answer.err.as_bytes());
    ExitCode::from(answer.code)
}

fn answer(args: &[String]) -> Answer {
    let usage = |why: &str| Answer::unreadable(format!("{why}\n{USAGE}"));
    let Some((command, rest)) = args.split_first() else { return usage("What shall it do?") };
    match (command.as_str(), rest) {
        ("run", rest) => match Options::read(rest) {
            Ok(options) => run(&options),
            Err(why) => usage(&why),
        },
        ("link", [file]) => print_link(file),
        ("show", [text]) => show(text),
        ("protocols", []) => Answer { out: list_protocols(), ..Answer::default() },
        (_, rest) if rest.iter().any(|arg| arg == "--help" || arg == "-h") => {
            Answer { out: USAGE.into(), ..Answer::default() }
        }
        ("check", rest) => match super::check::check(rest, read) {
            Ok((out, code)) => Answer { out, code, ..Answer::default() },
            Err(why) if rest.iter().any(|arg| arg == "--json") => Answer {
                out: format!("{}\n", json!({ "error": why })),
                code: UNREADABLE,
                ..Answer::default()
            },
            Err(why) => Answer::unreadable(format!("{why}\n")),
        },
        ("bench", rest) => match sizes(rest) {
            Ok((sizes, times, threads)) => {
                Answer { out: super::bench::table(&sizes, times, threads), ..Answer::default() }
            }
            Err(why) => usage(&why),
        },
        ("help" | "--help" | "-h", _) => Answer { out: USAGE.into(), ..Answer::default() },
        ("--version" | "-V", _) => {
            Answer { out: format!("indoubt {}\n", env!("CARGO_PKG_VERSION")), ..Answer::default() }
        }
        ("link" | "show" | "protocols", _) => usage(&format!("`{command}` takes something else.")),
        (other, _) => usage(&format!("There is no command `{other}`.")),
    }
}

/// `[N...] [--times T] [--threads 1|2]`: sizes of TwoPhase, how often each search is timed, and on how many threads.
fn sizes(args: &[String]) -> Result<(Vec<u16>, usize, usize), String> {
    let (mut sizes, mut times, mut threads) = (Vec::new(), 3, 1);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--times" {
            let found = args.next().and_then(|n| n.parse().ok()).filter(|n| (1..=99).contains(n));
            times = found.ok_or("`--times` needs a number from 1 to 99.")?;
        } else if arg == "--threads" {
            threads = super::check::threads(args.next())?;
        } else {
            let size = arg.parse().ok().filter(|n| (1..=10).contains(n));
            sizes.push(size.ok_or(format!("`{arg}` is not a number of resource managers, 1 to 10."))?);
        }
    }
    Ok((if sizes.is_empty() { vec![7, 8, 9] } else { sizes }, times, threads))
}

struct Options {
    files: Vec<String>,
    json: bool,
    update: bool,
    lang: Lang,
}

impl Options {
    fn read(args: &[String]) -> Result<Options, String> {
        let mut options = Options { files: Vec::new(), json: false, update: false, lang: Lang::En };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--json" => options.json = true,
                "--update" => options.update = true,
                "--lang" => {
                    let tag = args.next().ok_or("`--lang` needs a language.")?;
                    options.lang = Lang::from_tag(tag).ok_or(format!("There is no language `{tag}`."))?;
                }
                flag if flag.starts_with("--") => return Err(format!("There is no flag `{flag}`.")),
                file => options.files.push(file.into()),
            }
        }
        if options.files.is_empty() { Err("Which script?".into()) } else { Ok(options) }
    }
}

/// A script's text. Reads no more than a script can have, so that a huge file costs nothing.
fn read(file: &str) -> Result<String, String> {
    let limit = script::MAX_BYTES as u64 + 1;
    let mut text = String::new();
    let result = match file {
        "-" => std::io::stdin().take(limit).read_to_string(&mut text),
        path => std::fs::File::open(path).and_then(|f| f.take(limit).read_to_string(&mut text)),
    };
    result.map(|_| text).map_err(|e| e.to_string())
}

fn run(options: &Options) -> Answer {
    let mut answer = Answer::default();
    let mut objects = Vec::new();
    for file in &options.files {
        let text = match read(file) {
            Ok(text) => text,
            Err(why) => {
                answer.unplayed(&mut objects, file, json!({ "message": why }), ": ", &why);
                continue;
            }
        };
        match play(file, &text, options.update) {
            Ok(outcome) => {
                answer.worse(match (&outcome.error, outcome.failures.is_empty()) {
                    (Some(_), _) => UNREADABLE,
                    (None, false) => FAILED,
                    (None, true) => 0,
                });
                objects.push(as_json(file, &outcome, options.lang));
                answer.out += &as_text(file, &outcome, options.lang);
                if let Some(error) = &outcome.error {
                    let _ = writeln!(answer.err, "{file}:{error}");
                }
            }
            Err(Unplayed::Script(error)) => {
                answer.unplayed(&mut objects, file, error_json(&error), ":", &error)
            }
            Err(Unplayed::File(why)) => {
                answer.unplayed(&mut objects, file, json!({ "message": why }), ": ", &why)
            }
        }
    }
    if options.json {
        answer.out = format!("{:#}\n", Value::Array(objects));
    }
    answer
}

/// Why a script was not played.
enum Unplayed {
    File(String),
    Script(ScriptError),
}

fn play(file: &str, text: &str, update: bool) -> Result<Outcome, Unplayed> {
    let script = script::parse(text).map_err(Unplayed::Script)?;
    let outcome = script::run(&script);
    if !update || file == "-" {
        return Ok(outcome);
    }
    let rewritten = script::rewrite(text, &script, &outcome);
    if rewritten == text {
        return Ok(outcome);
    }
    std::fs::write(file, &rewritten).map_err(|e| Unplayed::File(e.to_string()))?;
    Ok(script::run(&script::parse(&rewritten).map_err(Unplayed::Script)?))
}

fn as_text(file: &str, outcome: &Outcome, lang: Lang) -> String {
    let mut out = format!("{file}\n");
    let (mut steps, mut checks) = (0, 0);
    for entry in &outcome.entries {
        for done in &entry.done {
            steps += 1;
            let words = plain(&lang.say(&done.words));
            let _ = writeln!(out, "{:>5}  {:<26} {words}", entry.line, done.step);
        }
        for check in &entry.checks {
            checks += 1;
            let _ = match &check.found {
                None => writeln!(out, "{:>5}  ok      {}", entry.line, check.expected),
                Some(found) => writeln!(out, "{:>5}  FAILED  {}; found {found}", entry.line, check.expected),
            };
        }
    }
    // What was checked and failed is said above; output that differs is not.
    for failure in outcome.failures.iter().filter(|f| f.expected.starts_with('`')) {
        let _ = writeln!(out, "{:>5}  FAILED  {}; found {}", failure.line, failure.expected, failure.found);
    }
    let verdict = match (outcome.error.is_some(), outcome.failures.len()) {
        (true, _) => "stopped".to_string(),
        (false, 0) => "ok".to_string(),
        (false, n) => format!("FAILED: {n}"),
    };
    let _ = writeln!(out, "{file}: {verdict} (steps: {steps}, expectations: {checks})");
    out
}

fn as_json(file: &str, outcome: &Outcome, lang: Lang) -> Value {
    let entries = || outcome.entries.iter();
    let steps = entries().flat_map(|e| {
        let step =
            |d: &script::Done| json!({ "line": e.line, "step": d.step, "words": plain(&lang.say(&d.words)) });
        e.done.iter().map(step).collect::<Vec<_>>()
    });
    let checks = entries().flat_map(|e| {
        let check = |c: &script::Check| {
            json!({ "line": e.line, "expected": c.expected, "ok": c.found.is_none(), "found": c.found })
        };
        e.checks.iter().map(check).collect::<Vec<_>>()
    });
    json!({
        "name": file,
        "ok": outcome.ok(),
        "steps": steps.collect::<Vec<_>>(),
        "checks": checks.collect::<Vec<_>>(),
        "failures": outcome.failures,
        "error": outcome.error.as_ref().map(error_json),
        "link": link::encode(&outcome.history),
    })
}

fn error_json(error: &ScriptError) -> Value {
    let mut value = json!(error);
    value["message"] = json!(error.to_string());
    value
}

fn print_link(file: &str) -> Answer {
    let text = match read(file) {
        Ok(text) => text,
        Err(why) => return Answer::unreadable(format!("{file}: {why}\n")),
    };
    match script::load(&text) {
        Ok(loaded) => {
            let out = link::encode(&loaded.history) + "\n";
            match loaded.error {
                None => Answer { out, ..Answer::default() },
                Some(error) => Answer { out, err: format!("{file}:{error}\n"), code: UNREADABLE },
            }
        }
        Err(error) => Answer::unreadable(format!("{file}:{error}\n")),
    }
}

fn show(text: &str) -> Answer {
    let hash = text.split_once('#').map_or(text, |(_, hash)| hash);
    match link::open(hash) {
        Ok(Some(opened)) => {
            let out = script::print_history(&opened.history);
            match opened.damage {
                None => Answer { out, ..Answer::default() },
                Some(damage) => {
                    Answer { out, err: format!("This link is damaged: {damage}.\n"), code: FAILED }
                }
            }
        }
        Ok(None) => Answer::unreadable("The link is empty.\n".into()),
        Err(error) => Answer::unreadable(format!("This link cannot be opened: {error}.\n")),
    }
}

fn list_protocols() -> String {
    let mut out = String::new();
    let specs = |out: &mut String, specs: &[indoubt::protocol::ParamSpec]| {
        for spec in specs {
            let default = spec.print(spec.default, 1);
            let _ = writeln!(out, "  {:<22} {}; {default} unless said", spec.key, spec.possible());
        }
    };
    for (family, members) in protocols::families() {
        let _ = writeln!(out, "# {}", Lang::En.get(&format!("family.{family}")));
        for protocol in members {
            let meta = (protocol.meta)();
            let _ = writeln!(out, "{}: {}", meta.id, meta.source);
            specs(&mut out, meta.params);
            for (key, value) in meta.rules {
                let _ = writeln!(out, "  {key:<22} {value} unless said");
            }
        }
        let _ = writeln!(out);
    }
    let _ = writeln!(out, "in every world");
    specs(&mut out, RULES);
    out
}
