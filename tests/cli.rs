//! The command line, run as a program.

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const BLOCKED: &str = "\
# why: both are in doubt
world 2pc clients=0
do C begin
rounds 1
deliver P1>C yes
deliver P2>C yes torn=0
expect blocked P1 P2; ac1 ok
";

fn indoubt(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_indoubt"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that reads nothing may have closed its input already.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

#[test]
fn a_script_that_holds_ends_with_0_and_says_what_happened() {
    let output = indoubt(&["run", "-"], BLOCKED);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("deliver P2>C yes torn=0"), "{text}");
    assert!(text.contains("ok      blocked P1 P2"), "{text}");
    assert!(text.ends_with("-: ok (steps: 5, expectations: 2)\n"), "{text}");
}

#[test]
fn a_failed_expectation_ends_with_1_and_says_what_was_found() {
    let output = indoubt(&["run", "-"], &BLOCKED.replace("blocked P1 P2", "blocked P1"));
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("7  FAILED  blocked P1; found blocked P1 P2"), "{}", out(&output));
}

#[test]
fn a_wrong_script_ends_with_2_and_says_where_and_what_was_possible() {
    let output = indoubt(&["run", "-"], &BLOCKED.replace("deliver P1>C yes", "deliver P1>D yes"));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(err(&output), "-:5:12: found `D`, which is not a node; possible: C, P1, P2\n");
}

#[test]
fn a_step_that_is_not_possible_ends_with_2_after_what_came_before() {
    let output = indoubt(&["run", "-"], &BLOCKED.replace("deliver P1>C yes\n", "recover C\n"));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(err(&output), "-:5:1: `recover C` is not possible here (up): C is up.\n");
    assert!(out(&output).contains("deliver C>P2 prepare"));
}

#[test]
fn json_has_an_object_for_each_file() {
    let output = indoubt(&["run", "--json", "-", "does/not/exist.txt"], BLOCKED);
    assert_eq!(output.status.code(), Some(2));
    let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(json[0]["ok"], true);
    assert_eq!(json[0]["steps"].as_array().map(Vec::len), Some(5));
    assert_eq!(json[0]["steps"][0]["step"], "do C begin");
    assert_eq!(json[0]["checks"][1]["expected"], "ac1 ok");
    assert_eq!(json[0]["error"], Value::Null);
    assert_eq!(json[1]["ok"], false);
}

#[test]
fn a_json_error_has_its_place_and_what_was_possible() {
    let output = indoubt(&["run", "-", "--json"], "world 2pc presumption=maybe\n");
    let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
    let error = &json[0]["error"];
    assert_eq!((error["line"].as_u64(), error["column"].as_u64()), (Some(1), Some(23)));
    assert_eq!((&error["kind"], &error["found"]), (&"unknown".into(), &"maybe".into()));
    assert_eq!(error["possible"][0], "nothing, abort, commit");
}

#[test]
fn a_link_shows_as_the_script_it_was_made_from() {
    let link = out(&indoubt(&["link", "-"], BLOCKED));
    assert!(link.starts_with("#2pc/v1/"), "{link}");
    let shown = indoubt(&["show", &format!("https://example.org/indoubt/{}", link.trim())], "");
    assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
    let script = out(&shown);
    assert!(script.starts_with("world 2pc clients=0\ndo C begin\n"), "{script}");
    assert!(script.ends_with("deliver P2>C yes torn=0\n"), "{script}");
    assert_eq!(out(&indoubt(&["link", "-"], &script)), link);
}

#[test]
fn a_damaged_link_shows_its_beginning_and_ends_with_1() {
    let link = out(&indoubt(&["link", "-"], &BLOCKED.replace("rounds 1", "rounds 1\n".repeat(3).as_str())));
    let shown = indoubt(&["show", &link.trim()[..link.trim().len() - 3]], "");
    assert!(matches!(shown.status.code(), Some(1 | 2)), "{}", err(&shown));
    let shown = indoubt(&["show", "#2pc/v7/AAAA"], "");
    assert_eq!(shown.status.code(), Some(2));
    assert!(err(&shown).contains("version 7 is newer"), "{}", err(&shown));
}

#[test]
fn update_writes_what_a_script_asks_for() {
    let dir = std::env::temp_dir().join(format!("indoubt-cli-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder");
    let path = dir.join("asked.txt");
    std::fs::write(&path, "world 2pc clients=0\ndo C begin\n|\n").expect("written");
    let file = path.to_str().expect("text");
    assert_eq!(indoubt(&["run", file], "").status.code(), Some(1));
    assert_eq!(indoubt(&["run", "--update", file], "").status.code(), Some(0));
    let text = std::fs::read_to_string(&path).expect("readable");
    std::fs::remove_dir_all(&dir).expect("removed");
    assert!(text.contains("  | C >P1 prepare, >P2 prepare, +vote\n"), "{text}");
}

#[test]
fn protocols_are_listed_with_what_can_be_set() {
    let text = out(&indoubt(&["protocols"], ""));
    assert!(text.contains("2pc: "), "{text}");
    let at = |line: &str| text.find(line).unwrap_or_else(|| panic!("{line}: {text}"));
    let order =
        ["# Atomic commit\n2pc: ", "# Sending a request again\nresend: ", "# Locks, ", "\nlock: ", "# Other"];
    assert!(order.map(at).is_sorted(), "by what they are about");
    assert!(text.contains("presumption            nothing, abort, commit; abort unless said"), "{text}");
}

#[test]
fn what_nobody_understands_ends_with_2_and_the_usage() {
    for args in [&[][..], &["dance"], &["run"], &["run", "--fast", "x"], &["link"], &["show", "a", "b"]] {
        let output = indoubt(args, "");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains("Usage:"), "{args:?}");
    }
}

/// Exit code and JSON of `check` on the world of [`BLOCKED`].
fn check(args: &[&str]) -> (Option<i32>, Value) {
    let output = indoubt(&[&["check", "-", "--json"], args].concat(), BLOCKED);
    let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(&output)));
    (output.status.code(), value)
}

#[test]
fn check_finds_the_shortest_run_and_says_what_it_assumed() {
    let (code, value) = check(&["--ask", "stuck"]);
    assert_eq!((code, &value["answer"], &value["steps"]), (Some(1), &"yes".into(), &5.into()));
    assert!(value["say"].as_str().expect("a sentence").starts_with("In 5 steps"));
    assert!(value["assumptions"].as_array().expect("sentences").len() > 4);
    assert!(value["wayOut"][0]["alone"].is_null() && value["wayOut"][0]["aloneAll"] == true);
    // The script that it prints shows what it claims.
    let script = format!("{}expect blocked P1 P2\n", value["script"].as_str().expect("a script"));
    let ran = indoubt(&["run", "-"], &script);
    assert!(ran.status.success(), "{script}{}", out(&ran));
}

#[test]
fn check_shows_that_there_is_none() {
    let (code, value) = check(&["--ask", "split"]);
    assert_eq!(
        (code, &value["answer"], &value["progress"]["worlds"]),
        (Some(0), &"no".into(), &9_940.into())
    );
    let (code, value) = check(&[]);
    assert_eq!((code, &value["answer"]), (Some(0), &"counted".into()));
    let of = |kind: &str| {
        let all = value["outcomes"].as_array().expect("outcomes");
        all.iter().find(|o| o["kind"] == kind).map(|o| o["worlds"].as_u64())
    };
    assert_eq!(of("split"), Some(Some(0)));
    assert!(of("blocked").flatten() > Some(0) && of("commit").flatten() > Some(0));
}

#[test]
fn check_never_calls_a_limit_a_proof() {
    let (code, value) = check(&["--ask", "split", "--worlds", "1000"]);
    assert_eq!((code, &value["answer"]), (Some(3), &"unknown".into()));
    let (code, value) = check(&["--ask", "split", "--depth", "4"]);
    assert_eq!((code, &value["answer"]), (Some(3), &"unknown".into()));
}

#[test]
fn check_goes_on_from_where_the_script_ends() {
    let (code, value) = check(&["--present", "--find", "P1 committed"]);
    assert_eq!((code, &value["answer"]), (Some(0), &"no".into()), "{value}");
    let (code, value) = check(&["--present", "--find", "P1 aborted, P2 aborted"]);
    assert_eq!((code, &value["answer"]), (Some(1), &"yes".into()), "{value}");
}

#[test]
fn check_says_what_cannot_be_asked() {
    let wrong: [(&[&str], &str); 8] = [
        (&["--ask", "twice"], "nothing in this world"),
        (&["--crashes", "12"], "12"),
        (&["--copies", "0"], "0"),
        (&["--find", "broken honour"], "honour"),
        (&["--find", "P9 committed"], "P9"),
        (&["--find", "P1 happy"], "happy"),
        (&["--ask", "nothing"], "nothing"),
        (&["--symmetry", "--find", "P1 committed"], "Symmetry"),
    ];
    for (args, said) in wrong {
        let output = indoubt(&[&["check", "-"], args].concat(), BLOCKED);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
    }
}
