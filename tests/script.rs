//! The grammar: what goes in comes out, and a wrong script says where it is wrong and what was possible.

mod walks;

use indoubt::run::Rng;
use indoubt::script::{self, ScriptError};
use proptest::prelude::*;
use walks::{BLIND, Habit, config};

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn a_run_reads_back_from_its_print(seed: u64, steps in 0usize..120) {
        let mut rng = Rng::new(seed);
        let setup = walks::any_setup(&mut rng);
        let history = walks::walk(setup.clone(), &mut rng, steps, BLIND);
        let all: Vec<_> = (1..history.len()).filter_map(|p| history.step(p)).collect();
        let loaded = script::load(&script::print(&setup, &all)).expect("a world");
        prop_assert_eq!(loaded.error, None);
        prop_assert_eq!(loaded.setup, setup);
        prop_assert_eq!(loaded.steps, all);
    }

    #[test]
    fn every_branch_reads_back_from_its_print(seed: u64, steps in 0usize..120) {
        let mut rng = Rng::new(seed);
        let setup = walks::any_setup(&mut rng);
        let history = walks::walk(setup, &mut rng, steps, Habit { branch: 10, ..BLIND });
        let loaded = script::load(&script::print_history(&history)).expect("a world");
        prop_assert_eq!(loaded.error, None);
        prop_assert_eq!(loaded.history.len(), history.len());
        prop_assert_eq!(loaded.history.at(), history.at());
        for place in 1..history.len() {
            prop_assert_eq!(loaded.history.parent(place), history.parent(place));
            prop_assert_eq!(loaded.history.step(place), history.step(place));
        }
    }

    #[test]
    fn no_text_makes_a_script_panic(text in "\\PC{0,300}", lines in prop::collection::vec("[ -~]{0,40}", 0..20)) {
        let _ = script::load(&text);
        let _ = script::load(&format!("world 2pc\n{}", lines.join("\n")));
    }

    #[test]
    fn no_order_of_the_grammars_own_words_makes_a_script_panic(seed: u64) {
        let text = jumble(&mut Rng::new(seed));
        if let Ok(script) = script::parse(&text) {
            let outcome = script::run(&script);
            let _ = script::rewrite(&text, &script, &outcome);
        }
        let _ = script::load(&text);
    }

    #[test]
    fn a_good_script_with_one_bad_line_keeps_what_is_before_it(seed: u64, steps in 1usize..60, at in 0usize..60) {
        let setup = walks::any_setup(&mut Rng::new(seed));
        let history = walks::chaotic(setup.clone(), seed, steps);
        let all: Vec<_> = (1..history.len()).filter_map(|p| history.step(p)).collect();
        let printed = script::print(&setup, &all);
        let mut lines: Vec<_> = printed.lines().collect();
        let at = 1 + at % lines.len();
        lines.insert(at, "nonsense");
        let loaded = script::load(&lines.join("\n")).expect("a world");
        prop_assert_eq!(loaded.error.map(|e| (e.line, e.column)), Some((at + 1, 1)));
        prop_assert_eq!(&loaded.steps[..], &all[..at - 1]);
    }
}

/// Lines of words that the grammar knows, in any order.
fn jumble(rng: &mut Rng) -> String {
    const WORDS: &[&str] = &[
        "do",
        "deliver",
        "drop",
        "copy",
        "hold",
        "release",
        "fire",
        "crash",
        "recover",
        "pause",
        "resume",
        "cut",
        "heal",
        "all",
        "partition",
        "|",
        "quiet",
        "repair",
        "rounds",
        "back",
        "mark",
        "goto",
        "start",
        "refuse",
        "because",
        "expect",
        ";",
        "C",
        "P1",
        "P2",
        "K",
        "C>P1",
        "P1>C",
        "P2>C",
        "C>P1:prepare",
        "begin",
        "prepare",
        "yes",
        "yes#2",
        "commit",
        "commit*",
        "vote",
        "decision",
        "torn=1",
        "torn=0",
        "tail=kept",
        "none",
        "blocked",
        "ac1",
        "ok",
        "violated",
        "log",
        "C:",
        "P1:",
        "empty",
        "locks",
        "A",
        "phase",
        "prepared",
        "balance",
        "A=70",
        "lamp",
        "C(v)=1",
        "P(P1)=-",
        "messages",
        "1",
        "2",
        "99999999999",
        "delay",
        "2/3",
        "in-flight",
        "remark",
        "decided",
        "abort",
        "armed",
        "moment",
        "up",
        "down",
        "C,P1",
        "#",
        "quiet",
        "ask",
        "world",
        "2pc",
    ];
    let mut text = String::from("world 2pc participants=2\ndo C begin\n");
    for _ in 0..40 {
        // Lines that begin well go further.
        let begin = WORDS[rng.below(27)];
        let rest: Vec<_> = (0..rng.below(5)).map(|_| WORDS[rng.below(WORDS.len())]).collect();
        text += &format!("{begin} {}\n", rest.join(" "));
        if rng.chance(70) && script::parse(&text).is_err() {
            text.truncate(text[..text.len() - 1].rfind('\n').map_or(0, |at| at + 1));
        }
    }
    text
}

/// What is wrong with a script, as it is printed.
fn error(text: &str) -> String {
    let error = match script::parse(text) {
        Err(error) => error,
        Ok(script) => script::run(&script).error.expect("an error"),
    };
    error.to_string()
}

fn check(text: &str, expected: &str) {
    assert_eq!(error(text), expected, "{text}");
}

#[test]
fn a_script_begins_with_a_world() {
    check("", "1:1: the script says nothing; possible: world");
    check("# only this\n\n", "1:1: the script says nothing; possible: world");
    check("\n  do C begin", "2:3: found `do` before any world; possible: world");
    check("world 2pc\nworld 2pc", "2:1: found a second world");
    let all: Vec<_> = indoubt::protocols::ALL.iter().map(|p| (p.meta)().id).collect();
    let all = all.join(", ");
    check("world 4pc", &format!("1:7: found `4pc`, which is not a protocol; possible: {all}"));
    check("world", &format!("1:6: the line ends where a protocol should follow; possible: {all}"));
}

#[test]
fn a_wrong_parameter_names_the_right_ones() {
    check(
        "world 2pc presumption=none",
        "1:23: found `none`, which is not a value of this parameter; possible: nothing, abort, commit",
    );
    check(
        "world 2pc participants=9",
        "1:24: found `9`, which is not a value of this parameter; possible: 1 to 8",
    );
    assert!(error("world 2pc nodes=3").starts_with(
        "1:11: found `nodes`, which is not a parameter; possible: participants=, presumption=, votes="
    ));
    check("world 2pc clients=0 clients=1", "1:21: found `clients` a second time");
    check(
        "world 2pc timeout-aborts=on timeout-commits=on",
        "1:29: these parameters exclude each other: A timeout cannot both commit and abort: switch one of the two off first.",
    );
    check(
        "world 2pc messages=kept order=fifo",
        "1:25: these parameters exclude each other: Where messages are kept, links cannot keep their order: the first message would stay in front of all others. Change one of the two first.",
    );
    // Kept is what this protocol has unless one says otherwise.
    check(
        "world tp timers=sync",
        "1:10: these parameters exclude each other: Where messages are kept, timers cannot wait until nothing is on its way any more, for something always is. Change one of the two first.",
    );
    assert!(script::parse("world tp timers=sync messages=taken").is_ok());
}

#[test]
fn a_wrong_word_says_what_was_possible_there() {
    let at = |line: &str| error(&format!("world 2pc clients=0\n{line}"));
    assert!(at("deliverr C>P1 prepare").starts_with(
        "2:1: found `deliverr`, which is not a statement; possible: do, deliver, drop, copy, hold, release"
    ));
    assert_eq!(at("do Q begin"), "2:4: found `Q`, which is not a node; possible: C, P1, P2");
    assert_eq!(at("deliver C-P1 prepare"), "2:9: found `C-P1`, which is not a link; possible: FROM>TO");
    assert_eq!(at("deliver C>P3 prepare"), "2:11: found `P3`, which is not a node; possible: C, P1, P2");
    assert!(at("deliver C>P1 preprae").starts_with(
        "2:14: found `preprae`, which is not a message of this protocol; possible: prepare, yes, no"
    ));
    assert_eq!(
        at("fire P1 forever"),
        "2:9: found `forever`, which is not a timer of this protocol; possible: vote, prepare, decision, ack, again"
    );
    assert_eq!(
        at("crash C now"),
        "2:9: found `now` where nothing more should follow; possible: the end of the line"
    );
    assert_eq!(at("cut C C"), "2:7: found `C`, which is not another node; possible: P1, P2");
    assert_eq!(
        at("deliver C>P1 prepare#x"),
        "2:22: found `x`, which is not a number that fits here; possible: a number"
    );
    assert_eq!(
        at("crash C tail=maybe"),
        "2:9: found `tail=maybe`, which is not what becomes of the tail; possible: tail=lost, tail=kept"
    );
    assert_eq!(
        at("partition C,P1"),
        "2:15: the line ends where another group of nodes should follow; possible: A,B | C"
    );
    assert_eq!(at("goto nowhere"), "2:6: found `nowhere`, which is not a mark above; possible: start");
    assert_eq!(at("  | output"), "2:3: found output that belongs to no statement");
}

#[test]
fn a_wrong_expectation_says_what_was_possible_there() {
    let at = |line: &str| error(&format!("world 2pc clients=0\nexpect {line}"));
    assert!(at("blokced P1").starts_with("2:8: found `blokced`, which is not a clause; possible: ac1, ac2"));
    assert_eq!(
        at("ac1 fine"),
        "2:12: found `fine`, which is not how a property can stand; possible: ok, open, untested, violated"
    );
    assert!(
        at("ac1 ok; log C: comit*")
            .starts_with("2:23: found `comit*`, which is not a record of this protocol")
    );
    assert_eq!(
        at("log C commit"),
        "2:12: found `C`, which is not a node and a colon; possible: C:, P1:, P2:"
    );
    assert_eq!(at("blocked"), "2:15: the line ends where a node should follow; possible: a node, none");
    assert!(at("lamp P(P1)=2").starts_with("2:13: found `P(P1)=2`, which is not a lamp and its value"));
    assert_eq!(at("delay 2"), "2:14: found `2`, which is not two delays; possible: DECISION/OUTCOME");
    assert!(at("").starts_with("2:7: the line ends where a clause should follow"));
}

#[test]
fn a_message_that_is_not_in_flight_names_those_that_are() {
    check(
        "world 2pc clients=0\ndo C begin\ndeliver C>P1 commit",
        "3:14: no message `C>P1 commit` is in flight; possible: C>P1 prepare, C>P2 prepare",
    );
    check(
        "world 2pc\ndeliver C>P1 prepare",
        "2:14: no message `C>P1 prepare` is in flight; possible: nothing: no message is in flight",
    );
}

#[test]
fn a_step_that_is_refused_says_why() {
    check("world 2pc\nrecover C", "2:1: `recover C` is not possible here (up): C is up.");
    check(
        "world 2pc\ndo C begin\ndo C begin",
        "3:1: `do C begin` is not possible here (already-begun): It has already begun.",
    );
    check(
        "world 2pc\ndo C begin torn=9",
        "2:1: `do C begin torn=9` is not possible here (torn-too-late): It has only 2 effects to cut after.",
    );
    for wrong in ["torn=1 told=P1", "torn=1 told=C", "torn=1 told=P1,P2", "torn=2 told=P2", "torn=0 told=P2"]
    {
        check(
            &format!("world 2pc\ndo C begin {wrong}"),
            &format!(
                "2:1: `do C begin {wrong}` is not possible here (not-in-one-go): `told` names the receivers of \
                 those messages that left before the crash: as many as `torn` lets through of one go, all of them in \
                 that go, and not just the first ones."
            ),
        );
    }
    check(
        "world 2pc\ndo C begin torn=1 told=P2,P7",
        "2:27: found `P7`, which is not a node; possible: C, P1, P2, K",
    );
    check("world 2pc\ndo C begin torn=1 told=P2,P2", "2:27: found `P2` a second time");
}

#[test]
fn what_fails_is_said_with_what_was_found() {
    let failures = |text: &str| {
        let outcome = script::run(&script::parse(text).expect("a script"));
        outcome.failures.iter().map(|f| f.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        failures("world 2pc clients=0\ndo C begin\nexpect locks none; phase C ended; ac1 violated"),
        [
            "3:8: expected locks none; found locks A B",
            "3:20: expected phase C ended; found phase C collecting",
            "3:35: expected ac1 violated; found ac1 ok",
        ]
    );
    assert_eq!(
        failures("world 2pc clients=0\nrefuse do C begin\nrefuse recover C because down\nexpect balance Z=1"),
        [
            "2:1: expected refused; found a step that is possible",
            "3:1: expected refused because down; found refused because up",
            "4:8: expected balance Z=1; found balance A=100 B=100",
        ]
    );
    assert_eq!(
        failures("world 2pc clients=0\ncrash C\n | C lives"),
        ["3:1: expected `C lives`; found `C died`"]
    );
}

#[test]
fn several_steps_in_one_line_do_what_they_say() {
    let text = "\
world 2pc clients=0 participants=3
partition C,P1 | P2,P3
refuse cut C P2 because link-cut
refuse heal C P1 because link-whole
do C begin
mark begun
rounds 1
expect in-doubt P1; in-flight C>P2:prepare C>P3:prepare P1>C:yes; moment 6
heal all
hold C>P3 prepare
crash P2
pause P1
repair
expect up C P1 P2 P3; down none; paused none; in-flight C>P2:prepare C>P3:prepare P1>C:yes
quiet
expect quiet; decided C abort
back 3
goto begun
expect moment 5; phase P1 working
";
    let outcome = script::run(&script::parse(text).expect("a script"));
    assert_eq!(outcome.error, None);
    assert_eq!(outcome.failures, []);
}

#[test]
fn rewriting_touches_only_the_output_that_was_asked_for() {
    let text = "# why\nworld 2pc clients=0\ncrash P1   # gone\n  |\n\nrecover P1\ncrash P2\n| old\n| older\n";
    let script = script::parse(text).expect("a script");
    let rewritten = script::rewrite(text, &script, &script::run(&script));
    let expected = "# why\nworld 2pc clients=0\ncrash P1   # gone\n  | P1 died\n  | locks B\n\nrecover P1\ncrash P2\n  | P2 died\n  | locks none\n";
    assert_eq!(rewritten, expected);
    let script = script::parse(&rewritten).expect("a script");
    assert!(script::run(&script).ok());
}

#[test]
fn sizes_are_bounded() {
    let kind = |text: &str| script::parse(text).err().map(|e: ScriptError| e.to_string());
    assert_eq!(
        kind(&"#".repeat(script::MAX_BYTES + 1)),
        Some("1:1: the script is too long: 1048577 bytes".into())
    );
    let lines = format!("world 2pc{}", "\n".repeat(script::MAX_LINES + 1));
    assert_eq!(kind(&lines), Some("10001:1: the script has too many lines".into()));
    let runs = format!("world 2pc\n{}", "quiet\n".repeat(script::MAX_RUNS + 1));
    let error = script::run(&script::parse(&runs).expect("a script")).error.expect("an error");
    assert_eq!(error.to_string(), format!("{}:1: the script does too many steps", script::MAX_RUNS + 2));
}
