//! What the explorer's questions and answers say: the same on the screen and on the command line.

mod worlds;

use indoubt::explore::job::Start;
use indoubt::explore::{Budget, Cond, Fault, Is, Kind, Limits, Question, Search, State, Trouble, Unlike};
use indoubt::i18n::{Lang, plain};
use indoubt::protocol::NodeId;
use indoubt::sim::Setup;
use indoubt::view::explore::{Answer, Found, Preset, Told, given, grouped, replay, told, trouble};

/// Two participants and no client.
fn small() -> Setup {
    worlds::setup("clients=0")
}

/// Asks, and says the answer in English; the assumptions come after it.
fn ask(question: Question) -> (Told, String, String) {
    let setup = small();
    let mut search = Search::new(&setup, &[], question).expect("it can be asked");
    while search.advance(10_000).expect("it fits") == State::Running {}
    let steps = search.found();
    let history = steps.as_ref().map(|steps| replay(&setup, steps).expect("it is a run"));
    let found = history.as_ref().map(|h| Found { end: h.run(), steps: h.run().moment() as usize, nth: 1 });
    let scene = indoubt::view::beginning(&setup).scene();
    let told = told(&search.question(), &scene, &search.progress(), found, false);
    let all = given(&setup, &scene, &search.question(), 0);
    let all: Vec<_> = all.iter().map(|t| plain(&Lang::En.say(t))).collect();
    let say = format!("{} {}", Lang::En.say(&told.short), plain(&Lang::En.say(&told.say)));
    (told, say, all.join(" "))
}

fn with(preset: Preset, budget: Budget) -> Question {
    Question { budget, ..Question::new(preset.goal()) }
}

#[test]
fn a_run_that_was_found_is_told_by_how_things_stand_at_its_end() {
    let (told, say, given) = ask(with(Preset::Blocked, Budget::default()));
    assert_eq!(told.answer, Answer::Yes);
    assert!(say.starts_with("Yes, there is. No shorter run exists. In "), "{say}");
    assert!(say.contains("blocked"), "{say}");
    let stands = Lang::En.say(&told.stands.expect("more is to be said"));
    assert!(stands.contains("voted yes, so it may not decide alone"), "{stands}");
    assert!(given.contains("At most 1 crash, at any point."), "{given}");
    assert!(given.contains("None of these: lost messages, doubled messages"), "{given}");
    assert!(given.contains("presumed"), "{given}");
}

#[test]
fn one_is_stuck_after_another_committed() {
    let (_, say, _) = ask(with(Preset::Stuck, Budget::default()));
    assert!(say.contains("committed while") && say.contains("nobody left standing can tell"), "{say}");
}

#[test]
fn a_property_that_holds_is_told_with_the_number_of_worlds() {
    let (told, say, _) = ask(with(Preset::Split, Budget::default()));
    assert_eq!(told.answer, Answer::No);
    assert!(say.contains(": that holds in all "), "{say}");
    assert!(say.contains(" reachable worlds (3 nodes, 1 crash and no lost message)."), "{say}");
}

#[test]
fn a_stop_at_a_limit_is_never_called_a_proof() {
    let limits = Limits { worlds: 50, ..Limits::default() };
    let (told, say, _) = ask(Question { limits, ..with(Preset::Split, Budget::default()) });
    assert_eq!(told.answer, Answer::Unknown);
    assert!(say.contains("not a proof"), "{say}");
    let near = Budget { depth: Some(2), ..Budget::default() };
    let (told, say, given) = ask(with(Preset::Split, near));
    assert_eq!(told.answer, Answer::Unknown);
    assert!(say.contains("Not within 2 steps"), "{say}");
    assert!(given.contains("Runs of at most 2 steps."), "{given}");
}

#[test]
fn counting_says_how_many_and_how_far() {
    let question = Question { census: true, ..with(Preset::Count, Budget::nothing()) };
    let (told, say, given) = ask(question);
    assert_eq!(told.answer, Answer::Counted);
    assert!(say.contains("can be reached"), "{say}");
    assert!(given.contains("A timer fires only when no message can still reach its node."), "{given}");
    assert!(!given.contains("At most 1 crash"), "{given}");
}

#[test]
fn every_preset_is_known_by_its_goal_and_has_words_in_both_languages() {
    for preset in Preset::ALL {
        if preset != Preset::Own {
            assert_eq!(Preset::of(&Question::new(preset.goal())), preset);
        }
        for lang in Lang::ALL {
            for key in [format!("explore.ask.{}", preset.key()), format!("explore.ask.{}.why", preset.key())]
            {
                assert!(lang.table().contains_key(key.as_str()), "{key}");
            }
        }
    }
    let keys = Fault::ALL
        .iter()
        .flat_map(|f| [format!("explore.fault.{}", f.key()), format!("explore.count.{}", f.key())]);
    let keys = keys.chain(
        Is::ALL.iter().flat_map(|i| [format!("explore.is.{}", i.word()), format!("explore.so.{}", i.word())]),
    );
    let keys = keys
        .chain(Kind::COMMITMENT.iter().chain(Kind::EFFECTS).map(|k| format!("explore.outcome.{}", k.word())));
    for key in keys {
        assert!(Lang::En.table().contains_key(key.as_str()), "{key}");
    }
}

#[test]
fn only_what_the_protocol_knows_is_offered() {
    let scene = indoubt::view::beginning(&small()).scene();
    let offered: Vec<_> = Preset::ALL.into_iter().filter(|p| p.offered(&scene)).collect();
    assert!(offered.contains(&Preset::Money) && offered.contains(&Preset::Stuck));
    assert!(!offered.contains(&Preset::Twice), "nothing in it counts effects");
}

#[test]
fn every_trouble_has_words() {
    let scene = indoubt::view::beginning(&small()).scene();
    let setup = small();
    let refused = |question| Search::new(&setup, &[], question).err().expect("it cannot be asked");
    let mut all = vec![
        refused(with(Preset::Split, Budget::default().with(Fault::Drops, Some(10)))),
        refused(with(Preset::Split, Budget { copies: 9, ..Budget::default() })),
        refused(Question::new(vec![Cond::Broken("magic".into())])),
        refused(Question::new(vec![Cond::Broken("ac5".into())])),
        refused(Question::new(vec![Cond::Node(NodeId(9), Is::Up)])),
        Trouble::Start { step: 3 },
        Trouble::Symmetry { why: Unlike::Nobody },
        Trouble::Symmetry { why: Unlike::Question },
        Trouble::Symmetry { why: Unlike::Steps },
        Trouble::TooWide,
        Trouble::Ordered,
    ];
    all.push(
        Start { protocol: "nothing".into(), params: Vec::new(), rules: Vec::new() }
            .setup()
            .expect_err("no world"),
    );
    for one in &all {
        for lang in Lang::ALL {
            let said = lang.say(&trouble(one, &scene));
            assert!(!said.starts_with("explore."), "{one:?}: {said}");
            assert!(!said.contains('{'), "{one:?}: {said}");
        }
    }
    let first = Lang::En.say(&trouble(&all[0], &scene));
    assert_eq!(first, "lost messages: 0 to 9 are possible, not 10.");
}

#[test]
fn thousands_stand_apart() {
    assert_eq!([0, 999, 1_000, 12_442, 1_000_000].map(grouped), ["0", "999", "1,000", "12,442", "1,000,000"]);
}
