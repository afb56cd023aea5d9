//! `indoubt check`: asks the explorer, and says what it found in the words of the page.

use indoubt::explore::{Cond, Fault, Is, Question, Search, State, Trouble};
use indoubt::i18n::{Lang, plain};
use indoubt::link;
use indoubt::protocol::Outcome;
use indoubt::script;
use indoubt::sim::{Scene, Setup, Step};
use indoubt::text::Text;
use indoubt::view::explore::{Answer, Found, Preset, asked, given, needs, replay, told, trouble, usual};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a command line asks for.
struct Asked {
    file: String,
    preset: Option<Preset>,
    find: Option<String>,
    present: bool,
    /// How many requests there may be was said, be it none.
    requests: bool,
    question: Question,
    threads: usize,
    json: bool,
    lang: Lang,
}

/// The text and the exit code; or what is wrong with the command line or the script.
pub fn check(args: &[String], read: impl Fn(&str) -> Result<String, String>) -> Result<(String, u8), String> {
    let mut asked = options(args)?;
    let text = read(&asked.file).map_err(|why| format!("{}: {why}", asked.file))?;
    let loaded = script::load(&text).map_err(|e| format!("{}:{e}", asked.file))?;
    if let Some(error) = loaded.error {
        return Err(format!("{}:{error}", asked.file));
    }
    let history = loaded.history;
    let setup = history.run().machine().setup().clone();
    let steps: Vec<Step> = match asked.present {
        true => history.steps(),
        false => Vec::new(),
    };
    let first = replay(&setup, &steps).expect("the script has just been played");
    let scene = &first.run().now().scene;
    if let Some(preset) = asked.preset.filter(|p| !p.offered(scene)) {
        let there = Preset::ALL.into_iter().filter(|p| *p != Preset::Own && p.offered(scene));
        let there: Vec<_> = there.map(Preset::key).collect();
        let (name, there) = (preset.key(), there.join(", "));
        return Err(format!(
            "`--ask {name}`: there is nothing in this world that it speaks of. It can be {there}."
        ));
    }
    asked.question.goal = match (&asked.find, asked.preset) {
        (Some(text), _) => conditions(text, scene)?,
        (None, preset) => preset.unwrap_or(Preset::Count).goal(),
    };
    if !asked.requests {
        let budget = asked.question.budget;
        asked.question.budget = budget.with(Fault::Requests, usual(scene).of(Fault::Requests));
    }
    if asked.question.goal.is_empty() {
        asked.question.census = true;
    }
    let say = |t: Trouble| plain(&asked.lang.say(&trouble(&t, scene)));
    let mut search = Search::new(&setup, &steps, asked.question.clone()).map_err(say)?;
    search.use_threads(asked.threads);
    while search.advance(1 << 20).map_err(say)? == State::Running {}
    Ok(report(&asked, &setup, &steps, scene, &mut search))
}

fn report(asked_: &Asked, setup: &Setup, start: &[Step], scene: &Scene, search: &mut Search) -> (String, u8) {
    let say = |text: &Text| plain(&asked_.lang.say(text));
    let question = search.question();
    let progress = search.progress();
    let found = search.found();
    let way_out = search.way_out();
    let outcomes = search.outcomes();
    let whole = found.as_ref().map(|steps| [start, steps].concat());
    let end = whole.as_ref().and_then(|steps| replay(setup, steps));
    let at = end.as_ref().zip(found.as_ref());
    let words = told(
        &question,
        scene,
        &progress,
        at.map(|(history, steps)| Found { end: history.run(), steps: steps.len(), nth: 1 }),
        false,
    );
    let assumed: Vec<String> = given(setup, scene, &question, start.len()).iter().map(say).collect();
    let code = match words.answer {
        Answer::Yes => 1,
        Answer::No | Answer::Counted => 0,
        Answer::Open | Answer::Unknown => 3,
    };
    let schedule = whole.as_ref().map(|steps| script::print(setup, steps));
    let stands = words.stands.as_ref().map(say);
    if asked_.json {
        let ways = |way: &indoubt::explore::WayOut| {
            json!({
                "who": scene.name(way.who),
                "alone": way.alone.as_ref().map(Vec::len),
                "aloneWorlds": way.alone_worlds,
                "aloneAll": way.alone_all,
                "repaired": way.repaired.as_ref().map(Vec::len),
            })
        };
        let outcome = |o: &indoubt::explore::OutcomeFound| {
            let run = [start, &o.cheapest].concat();
            let link = (o.worlds > 0).then(|| replay(setup, &run)).flatten().map(|h| link::encode(&h));
            let needs: Vec<_> = o.needs.iter().map(|way| by_fault(|f| json!(way[f as usize]))).collect();
            json!({ "kind": o.kind, "worlds": o.worlds, "steps": o.steps.len(), "needs": needs, "link": link })
        };
        let mut asked_for = json!(question);
        asked_for["budget"]["faults"] = by_fault(|f| json!(question.budget.of(f)));
        let value = json!({
            "question": say(&asked(&question, scene)),
            "asked": asked_for,
            "answer": match words.answer {
                Answer::Yes => "yes",
                Answer::No => "no",
                Answer::Counted => "counted",
                Answer::Open | Answer::Unknown => "unknown",
            },
            "short": say(&words.short),
            "say": say(&words.say),
            "stands": stands,
            "assumptions": assumed,
            "progress": progress,
            "steps": found.as_ref().map(Vec::len),
            "script": schedule,
            "link": end.as_ref().map(link::encode),
            "wayOut": way_out.iter().map(ways).collect::<Vec<_>>(),
            "outcomes": outcomes.iter().map(outcome).collect::<Vec<_>>(),
        });
        return (format!("{value:#}\n"), code);
    }
    let mut out = format!("{}\n{}\n{}\n", say(&asked(&question, scene)), say(&words.short), say(&words.say));
    if let Some(stands) = stands {
        let _ = writeln!(out, "{stands}");
    }
    if let Some(history) = &end {
        for line in indoubt::view::explore::way_out(&way_out, &history.run().now().scene) {
            let _ = writeln!(out, "{}", say(&line));
        }
    }
    for line in &assumed {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(
        out,
        "worlds {}, generated {}, levels {}, memory {} KB, handlers run {}",
        progress.worlds,
        progress.generated,
        progress.levels.len(),
        progress.bytes >> 10,
        progress.runs
    );
    for o in outcomes.iter().filter(|o| o.worlds > 0) {
        let faults: Vec<_> = needs(&o.needs).iter().map(say).collect();
        let faults =
            if faults.is_empty() { String::new() } else { format!("; needs {}", faults.join(" or ")) };
        let _ = writeln!(
            out,
            "  {:<8} {:>10} worlds, the nearest in {} steps{faults}",
            o.kind.word(),
            o.worlds,
            o.steps.len()
        );
    }
    if let Some(schedule) = schedule {
        let _ = write!(out, "\n{schedule}");
    }
    (out, code)
}

/// Something of every kind of fault, under its name.
fn by_fault(of: impl Fn(Fault) -> Value) -> Value {
    Value::Object(Fault::ALL.into_iter().map(|f| (f.key().into(), of(f))).collect())
}

fn options(args: &[String]) -> Result<Asked, String> {
    let mut asked = Asked {
        file: String::new(),
        preset: None,
        find: None,
        present: false,
        requests: false,
        question: Question::new(Vec::new()),
        threads: std::thread::available_parallelism().map_or(1, |n| n.get().min(Search::MOST_THREADS)),
        json: false,
        lang: Lang::En,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("`{arg}` needs a value."));
        match arg.as_str() {
            "--json" => asked.json = true,
            "--present" => asked.present = true,
            "--symmetry" => asked.question.symmetry = true,
            "--any-order" => asked.question.any_order = true,
            "--census" => asked.question.census = true,
            "--no-repairs" => asked.question.budget.repairs = false,
            "--threads" => asked.threads = threads(args.next())?,
            "--lang" => {
                let tag = value()?;
                asked.lang = Lang::from_tag(tag).ok_or(format!("There is no language `{tag}`."))?;
            }
            "--ask" => {
                let name = value()?;
                let known = |p: &Preset| p.key() == name && *p != Preset::Own;
                let preset = Preset::ALL.into_iter().find(known);
                asked.preset = Some(preset.ok_or(format!("There is no question `{name}`."))?);
            }
            "--find" => asked.find = Some(value()?.clone()),
            "--copies" => asked.question.budget.copies = number(arg, value()?, u32::from(u8::MAX))? as u8,
            "--depth" => {
                asked.question.budget.depth = bound(arg, value()?, u32::from(u16::MAX))?.map(|n| n as u16)
            }
            "--worlds" => asked.question.limits.worlds = number(arg, value()?, u32::MAX)?,
            "--memory" => asked.question.limits.bytes = u64::from(number(arg, value()?, u32::MAX)?) << 20,
            flag if flag.starts_with("--") => {
                let fault = Fault::ALL.into_iter().find(|f| f.key() == &flag[2..]);
                let fault = fault.ok_or(format!("There is no flag `{flag}`."))?;
                asked.requests |= fault == Fault::Requests;
                let times = bound(arg, value()?, u32::from(u8::MAX))?.map(|n| n as u8);
                asked.question.budget = asked.question.budget.with(fault, times);
            }
            file if asked.file.is_empty() => asked.file = file.into(),
            other => return Err(format!("`{other}` is one script too many.")),
        }
    }
    match (asked.file.is_empty(), asked.preset.is_some() && asked.find.is_some()) {
        (true, _) => Err("Which script? Its world is what is searched.".into()),
        (_, true) => Err("`--ask` and `--find` are two questions: ask one after the other.".into()),
        _ => Ok(asked),
    }
}

/// How many threads a search is to use.
pub fn threads(text: Option<&String>) -> Result<usize, String> {
    let found = text.and_then(|n| n.parse().ok()).filter(|n| (1..=Search::MOST_THREADS).contains(n));
    found.ok_or(format!("`--threads` needs a number from 1 to {}.", Search::MOST_THREADS))
}

fn number(flag: &str, text: &str, most: u32) -> Result<u32, String> {
    let found = text.parse().ok().filter(|n| *n <= most);
    found.ok_or(format!("`{flag}` needs a number up to {most}, not `{text}`."))
}

fn bound(flag: &str, text: &str, most: u32) -> Result<Option<u32>, String> {
    if text == "any" { Ok(None) } else { number(flag, text, most).map(Some) }
}

/// Conditions, separated by commas.
fn conditions(text: &str, scene: &Scene) -> Result<Vec<Cond>, String> {
    text.split(',').map(|one| condition(one.trim(), scene)).collect()
}

fn condition(text: &str, scene: &Scene) -> Result<Cond, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is = |word: &str| {
        let found = Is::ALL.into_iter().find(|is| is.word() == word);
        let all: Vec<_> = Is::ALL.iter().map(|is| is.word()).collect();
        found.ok_or(format!("A node cannot be found `{word}`, but {}.", all.join(", ")))
    };
    let node = |name: &str| {
        let found = scene.ids().find(|id| scene.name(*id) == name);
        let all: Vec<_> = scene.ids().map(|id| scene.name(id).to_string()).collect();
        found.ok_or(format!("There is no node `{name}`, but {}.", all.join(", ")))
    };
    Ok(match words.as_slice() {
        ["twice"] => Cond::Twice,
        ["unearned"] => Cond::Unearned,
        ["broken", id] => Cond::Broken((*id).into()),
        ["all", "committed"] => Cond::All(Outcome::Commit),
        ["all", "aborted"] => Cond::All(Outcome::Abort),
        ["some", word] => Cond::Some(is(word)?),
        ["nobody", word] => Cond::Nobody(is(word)?),
        [name, "not", word] => Cond::Not(node(name)?, is(word)?),
        [name, word] => Cond::Node(node(name)?, is(word)?),
        _ => return Err(format!("`{text}` is no condition; see `indoubt help`.")),
    })
}
