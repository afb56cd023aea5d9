//! Links: what goes in comes out, and whatever strangers do to them, nothing else does.

mod walks;

use indoubt::link::{self, Damage, Decoded, LinkError, Reason};
use indoubt::protocols;
use indoubt::run::{History, Rng};
use indoubt::script;
use indoubt::sim::{RULES, Setup, Step};
use proptest::prelude::*;
use walks::{BLIND, Habit, config};

fn tree(history: &History) -> Vec<(usize, Step)> {
    let entry = |p| (history.parent(p).expect("a parent"), history.step(p).expect("a step"));
    (1..history.len()).map(entry).collect()
}

fn decoded(text: &str) -> Decoded {
    link::decode(text).expect("a link").expect("not empty")
}

/// A history with branches, from a seed.
fn any_history(seed: u64, steps: usize) -> History {
    let mut rng = Rng::new(seed);
    let setup = walks::any_setup(&mut rng);
    walks::walk(setup, &mut rng, steps, Habit { branch: 8, ..BLIND })
}

/// What a damaged link still says must be the beginning of what it said, and the damage must be told.
fn check_damaged(original: &Decoded, damaged: &str) -> Result<(), TestCaseError> {
    let Ok(Some(found)) = link::decode(damaged) else { return Ok(()) };
    prop_assert_eq!(&found.setup, &original.setup);
    prop_assert!(original.tree.starts_with(&found.tree));
    let same = found.tree == original.tree && found.at == original.at;
    prop_assert!(found.damage.is_some() || same, "damage went unnoticed");
    if let Some(damage) = found.damage {
        prop_assert_eq!(damage.after_step, found.tree.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn a_link_gives_back_every_branch_and_the_present_moment(seed: u64, steps in 0usize..150) {
        let history = any_history(seed, steps);
        let text = link::encode(&history);
        let found = decoded(&text);
        prop_assert_eq!(&found.tree, &tree(&history));
        prop_assert_eq!(found.at, history.at());
        prop_assert_eq!(found.damage, None);
        let opened = link::open(&text).expect("a link").expect("not empty");
        prop_assert_eq!(opened.damage, None);
        prop_assert_eq!(tree(&opened.history), tree(&history));
        prop_assert_eq!(opened.history.at(), history.at());
        prop_assert_eq!(opened.history.run().machine().digest(), history.run().machine().digest());
        prop_assert_eq!(link::encode(&opened.history), text);
    }

    #[test]
    fn a_link_that_is_cut_off_keeps_its_beginning(seed: u64, steps in 0usize..150, end in 0.0f64..1.0) {
        let text = link::encode(&any_history(seed, steps));
        let cut = (text.len() as f64 * end) as usize;
        check_damaged(&decoded(&text), &text[..cut])?;
    }

    #[test]
    fn a_changed_character_is_noticed(seed: u64, steps in 0usize..150, at in 0.0f64..1.0, to in "[!-~]") {
        let text = link::encode(&any_history(seed, steps));
        let at = (text.len() as f64 * at) as usize;
        let changed = format!("{}{to}{}", &text[..at], &text[at + 1..]);
        prop_assume!(changed != text);
        let original = decoded(&text);
        check_damaged(&original, &changed)?;
        let opened = link::open(&changed);
        prop_assert!(opened.is_err() || matches!(opened, Ok(None)) || opened.is_ok_and(|o| o.is_some_and(|o| o.damage.is_some())));
    }

    #[test]
    fn what_follows_a_link_is_noticed(seed: u64, steps in 0usize..60, more in "[ -~]{1,40}") {
        let text = link::encode(&any_history(seed, steps));
        check_damaged(&decoded(&text), &format!("{text}{more}"))?;
    }

    #[test]
    fn no_text_makes_a_decoder_panic(text in "\\PC{0,200}", tail in "[A-Za-z0-9_-]{0,300}") {
        let _ = link::open(&text);
        let _ = link::open(&format!("#2pc/v1/{tail}"));
        let _ = link::open(&format!("#2pc/v1/{text}"));
    }
}

/// A link with any bytes under good checks: what a malicious stranger would write.
mod forged {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};

    fn crc(check: u16, bytes: &[u8]) -> u16 {
        bytes.iter().fold(check, |mut c, b| {
            c ^= u16::from(*b) << 8;
            for _ in 0..8 {
                c = if c & 0x8000 == 0 { c << 1 } else { c << 1 ^ 0x1021 };
            }
            c
        })
    }

    pub fn link(kind: u8, body: &[u8]) -> String {
        let mut check = crc(crc(0xFFFF, b"2pc/v1"), &[kind]);
        let mut bytes = vec![kind];
        for block in body.chunks(16) {
            check = crc(check, block);
            bytes.extend_from_slice(block);
            bytes.extend_from_slice(&check.to_be_bytes());
        }
        format!("#2pc/v1/{}", Base64UrlUnpadded::encode_string(&bytes))
    }

    proptest! {
        #![proptest_config(config(256))]

        #[test]
        fn no_forged_link_makes_a_decoder_panic(kind in 0u8..4, body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = link::open(&link(kind, &body));
            // The same behind a good head: no changes, 200 steps, the beginning.
            let _ = link::open(&link(0, &[&[0, 200, 1, 0], &body[..]].concat()));
        }
    }

    #[test]
    fn a_bomb_is_not_unfolded() {
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; 40_000_000], 9);
        assert!(bomb.len() < link::MAX_TEXT / 4 * 3);
        assert!(matches!(link::open(&link(1, &bomb)), Ok(Some(_)) | Err(_)));
    }

    #[test]
    fn too_many_steps_are_refused_before_they_are_read() {
        assert_eq!(link::decode(&link(0, &[0, 0xFF, 0xFF, 0x7F, 0])), Err(LinkError::TooLarge));
    }

    #[test]
    fn a_parameter_of_a_later_program_is_named() {
        assert_eq!(link::decode(&link(0, &[1, 120, 1, 0, 0])), Err(LinkError::Parameter { number: 120 }));
        let value = LinkError::Value { key: "participants", value: 99 };
        assert_eq!(link::decode(&link(0, &[1, 0, 100, 0, 0])), Err(value));
        let conflict = LinkError::Conflict { key: "2pc.conflict.timeouts" };
        assert_eq!(link::decode(&link(0, &[2, 30, 2, 32, 2, 0, 0])), Err(conflict));
        // The rule of messages is the seventh, that of order the first.
        let conflict = LinkError::Conflict { key: "rule.conflict.kept-fifo" };
        assert_eq!(link::decode(&link(0, &[2, 1, 2, 13, 2, 0, 0])), Err(conflict));
    }

    #[test]
    fn a_step_that_is_not_possible_ends_the_run_there() {
        // Recover C, which is up. Of four nodes: 16 deliveries, 16 operations, 32 timers and verbs, 4 crashes.
        let opened = link::open(&link(0, &[0, 1, 1, 16 + 16 + 32 + 4])).expect("a link").expect("not empty");
        let damage = opened.damage.expect("a refused step");
        assert!(matches!(damage, Damage { after_step: 0, reason: Reason::Refused { .. } }), "{damage:?}");
        assert_eq!(damage.to_string(), "step 1 is not possible there: C is up.");
        assert_eq!(opened.history.len(), 1);
    }
}

#[test]
fn an_empty_address_is_no_error() {
    assert!(matches!(link::open(""), Ok(None)));
    assert!(matches!(link::open("#"), Ok(None)));
}

#[test]
fn links_of_others_are_told_from_links_that_are_damaged() {
    let error = |text: &str| link::decode(text).expect_err("not a link").to_string();
    assert_eq!(error("#top"), "not a link to a run: those look like #2pc/v1/...");
    assert_eq!(error("#2pc/v9/AAAA"), "version 9 is newer than this program, which reads version 1");
    assert_eq!(error("#2pc/v0/AAAA"), "version 0 is older than any that this program reads, which is 1");
    assert!(error("#4pc/v1/AAAA").starts_with("no protocol is called 4pc; there are 2pc"));
    assert_eq!(error("#2pc/v1/"), "damaged before the first step");
    assert_eq!(error(&format!("#2pc/v1/{}", "A".repeat(70_000))), "more than 65536 bytes or 20000 steps");
}

#[test]
fn the_protocol_in_the_head_cannot_be_changed() {
    let history = walks::chaotic(walks::setup(&[]), 1, 20);
    let text = link::encode(&history).replace("2pc", "as-written");
    assert_eq!(link::decode(&text), Err(LinkError::Head));
}

/// Ordinary runs: mostly deliveries and timers, now and then a failure, rarely another branch.
#[test]
fn links_are_short() {
    let longest = |steps: usize| {
        let payload = |seed| {
            let habit = Habit { forward: 95, torn: 2, branch: 1 };
            let setup = walks::setup(&[("participants", "3".into()), ("presumption", "commit".into())]);
            let history = walks::walk(setup, &mut Rng::new(seed), steps, habit);
            link::encode(&history).len() - "#2pc/v1/".len()
        };
        let mut all: Vec<_> = (0..40).map(payload).collect();
        all.sort();
        (all[20], all[39])
    };
    let (short, long) = (longest(20), longest(200));
    println!("payload in characters, median and longest: 20 steps {short:?}, 200 steps {long:?}");
    assert!(short.0 <= 70 && long.0 <= 380, "{short:?} {long:?}");
}

#[test]
fn a_history_beyond_the_limits_still_gives_a_link() {
    let mut history = History::new(protocols::build(walks::setup(&[])));
    let mut rng = Rng::new(3);
    let nodes: Vec<_> = history.run().now().scene.ids().collect();
    for i in 0..link::MAX_STEPS + 50 {
        let node = nodes[rng.below(nodes.len())];
        let act = match history.run().now().scene.up(node) {
            true => indoubt::sim::Act::Pause(node),
            false => indoubt::sim::Act::Resume(node),
        };
        history.act(&act.into()).unwrap_or_else(|e| panic!("{i}: {e:?}"));
    }
    let text = link::encode(&history);
    assert!(text.len() <= link::MAX_TEXT);
    let found = decoded(&text);
    assert_eq!((found.tree.len(), found.damage), (link::MAX_STEPS, None));
}

#[test]
fn a_link_holds_what_differs_from_the_protocols_own_defaults() {
    let opened = |setup: &Setup| {
        let text = link::encode(&History::new(protocols::build(setup.clone())));
        (text.len(), decoded(&text).setup)
    };
    let tp = protocols::find("tp").expect("registered").setup();
    assert!(tp.kept(), "its own default");
    let mut taken = tp.clone();
    let at = RULES.iter().position(|r| r.key == "messages").expect("a rule");
    assert!(taken.rules.set(RULES, at, 0));
    let (short, long) = (opened(&tp), opened(&taken));
    assert_eq!((&short.1, &long.1), (&tp, &taken));
    assert!(short.0 < long.0, "a default says nothing");
    assert_eq!(script::print_setup(&tp), "world tp");
    assert_eq!(script::print_setup(&taken), "world tp messages=taken");
}
