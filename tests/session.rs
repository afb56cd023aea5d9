//! The application without a screen: what a reader asks for, and what comes of it.

use indoubt::i18n::Lang;
use indoubt::protocol::NodeId;
use indoubt::session::{Action, By, Cmd, Level, Notice, Play, Session};
use indoubt::sim::{Act, Step, Tail};

fn stepped(n: usize) -> Session {
    let mut session = Session::default();
    for _ in 0..n {
        session.update(Action::Default);
    }
    session
}

/// A step that is not the one to be taken by default.
fn another(session: &Session) -> Step {
    let choices = session.run().machine().choices();
    choices.iter().filter(|c| c.refused.is_none()).nth(2).expect("another choice").step
}

fn address(session: &mut Session) -> String {
    assert_eq!(session.update(Action::Dismiss), [Cmd::Address]);
    session.address()
}

fn digest(session: &Session) -> u64 {
    session.run().machine().digest()
}

#[test]
fn the_address_holds_the_moment_and_every_branch() {
    let mut session = stepped(4);
    session.update(Action::Undo);
    let timer = session.run().machine().choices().into_iter();
    let timer =
        timer.filter(|c| c.refused.is_none()).find(|c| matches!(c.step.act, Act::Fire(..))).expect("a timer");
    session.update(Action::Do(timer.step));
    let hash = address(&mut session);
    let mut other = Session::default();
    other.update(Action::Link(hash.clone()));
    assert_eq!(other.notice(), None);
    assert_eq!(digest(&other), digest(&session));
    assert_eq!(other.history().tips().len(), 2);
    assert_eq!(address(&mut other), hash);
}

#[test]
fn acting_in_the_past_keeps_the_other_branch() {
    let mut session = stepped(5);
    let end = digest(&session);
    session.update(Action::First);
    let choices = session.run().machine().choices();
    let other = choices.iter().filter(|c| c.refused.is_none()).nth(1).expect("another choice");
    session.update(Action::Do(other.step));
    assert_eq!(session.history().tips().len(), 2);
    session.update(Action::Branch { forward: true });
    assert_eq!(digest(&session), end);
}

#[test]
fn undo_and_redo_lead_back_to_the_same_world() {
    let mut session = stepped(70);
    let end = digest(&session);
    let moment = session.run().moment();
    for _ in 0..moment {
        session.update(Action::Undo);
    }
    assert_eq!(session.run().moment(), 0);
    for _ in 0..moment {
        session.update(Action::Redo);
    }
    assert_eq!(digest(&session), end);
}

#[test]
fn another_world_keeps_the_steps_that_are_possible_there_and_can_be_taken_back() {
    let mut session = stepped(6);
    let before = digest(&session);
    session.update(Action::Set { key: "presumption", value: 2 });
    assert!(session.run().moment() >= 5, "the same messages flow under presumed commit");
    assert!(session.notice().is_some_and(|n| n.offer.as_ref().is_some_and(|o| o.action == Action::Restore)));
    session.update(Action::Restore);
    assert_eq!(digest(&session), before);
}

#[test]
fn two_mistakes_that_contradict_each_other_are_refused_with_a_reason() {
    let mut session = stepped(2);
    session.update(Action::Set { key: "timeout-aborts", value: 1 });
    session.update(Action::Set { key: "timeout-commits", value: 1 });
    let notice = session.notice().expect("a notice");
    assert_eq!((notice.level, notice.text.key.as_str()), (Level::Error, "2pc.conflict.timeouts"));
    assert_eq!(session.run().moment(), 2);
}

#[test]
fn what_is_not_ours_is_refused_and_the_run_is_kept() {
    let mut session = stepped(5);
    let before = digest(&session);
    let good = address(&mut session);
    let payload = good.rsplit('/').next().expect("a payload");
    let wrong = [
        "#3pc-of-the-future/v1/AAAA".to_string(),
        format!("#2pc/v2/{payload}"),
        "#2pc/v1/****".into(),
        format!("#2pc/v1/{}", "A".repeat(1 << 20)),
        "#hello".into(),
    ];
    for hash in wrong {
        session.update(Action::Link(hash.clone()));
        let short: String = hash.chars().take(40).collect();
        assert_eq!(session.notice().map(|n| n.level), Some(Level::Error), "{short}");
        assert_eq!(digest(&session), before, "{short}");
    }
    session.update(Action::Set { key: "presumption", value: 9 });
    assert_eq!(session.notice().map(|n| n.level), Some(Level::Error));
    assert_eq!(digest(&session), before);
}

#[test]
fn a_damaged_link_shows_what_came_before_the_damage() {
    let mut session = stepped(9);
    let good = address(&mut session);
    for at in 8..good.len() {
        let mut letters: Vec<char> = good.chars().collect();
        letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
        let mut other = Session::default();
        other.update(Action::Link(letters.into_iter().collect()));
        // Never a different run presented as a good one.
        let told = other.notice().is_some();
        assert!(told || digest(&other) == digest(&session), "letter {at}");
    }
}

#[test]
fn a_wrong_script_says_where_and_shows_what_came_before() {
    let mut session = Session::default();
    let script = "world 2pc\ndo C begin\ndeliver C>P1 prepare\n\n\n\ndeliver C>P9 prepare\n";
    session.update(Action::Script(script.into()));
    let notice = session.notice().expect("a notice");
    assert_eq!(notice.text.key, "notice.script-kept");
    assert!(
        notice
            .raw
            .as_ref()
            .map(|raw| Lang::En.say(raw))
            .is_some_and(|raw| raw.contains("7:") && raw.contains("P9")),
        "{:?}",
        notice.raw
    );
    let chinese = notice.raw.as_ref().map(|raw| Lang::Zh.say(raw)).expect("said in every language");
    assert!(chinese.contains("P9") && chinese.contains("不是"), "{chinese}");
    assert_eq!(session.run().moment(), 2);
}

fn chance(seed: u64, budget: u32) -> Play {
    let by = By::Chance { seed, mood: indoubt::run::Mood::Wild, budget };
    Play { by, stop_broken: false, stop_blocked: false }
}

/// Plays until it stops by itself, or for so many steps.
fn play(session: &mut Session, play: Play, steps: u32) {
    session.update(Action::Play(play));
    for _ in 0..steps {
        session.update(Action::Tick(1));
    }
    if session.playing().is_some() {
        session.update(Action::Pause);
    }
}

fn said(session: &Session) -> Option<&str> {
    session.notice().map(|n| n.text.key.as_ref())
}

#[test]
fn play_does_what_step_does_until_all_is_quiet() {
    let mut session = Session::default();
    session.update(Action::Play(Play::default()));
    session.update(Action::Tick(3));
    assert_eq!((session.run().moment(), session.playing().is_some()), (3, true));
    session.update(Action::Tick(1_000));
    assert_eq!(session.playing(), None);
    assert_eq!(said(&session), Some("play.quiet"));
    assert_eq!(session.history().default_step(), None);
}

#[test]
fn play_stops_where_somebody_becomes_blocked() {
    let mut session = stepped(4);
    let crash = indoubt::sim::Act::Crash(indoubt::protocol::NodeId(0), indoubt::sim::Tail::Lost);
    session.update(Action::Go(2));
    session.update(Action::Do(crash.into()));
    // P1 is in doubt already; P2 will be when it has voted.
    play(&mut session, Play { by: By::Rounds, ..Play::default() }, 10);
    assert_eq!(said(&session), Some("play.blocked"));
    let blocked = session.run().now().verdicts.iter().find(|v| v.id == "blocked").expect("judged");
    assert_eq!(blocked.state, indoubt::properties::State::Violated);
}

#[test]
fn play_stops_where_a_property_breaks_and_can_be_told_not_to() {
    let broken = |stop_broken| {
        let mut session = Session::default();
        for key in ["skip-prepared-force", "timeout-commits"] {
            session.update(Action::Set { key, value: 1 });
        }
        let by = |seed| By::Chance { seed, mood: indoubt::run::Mood::Wild, budget: 6 };
        (0..200).find_map(|seed| {
            session.update(Action::First);
            play(&mut session, Play { by: by(seed), stop_broken, stop_blocked: false }, 80);
            let violated = |v: &indoubt::properties::Verdict| {
                v.id != "blocked" && v.state == indoubt::properties::State::Violated
            };
            let any = session.run().now().verdicts.iter().any(violated);
            any.then(|| said(&session).map(str::to_string))
        })
    };
    assert_eq!(broken(true), Some(Some("play.broken".into())));
    assert_ne!(broken(false).flatten().as_deref(), Some("play.broken"));
}

#[test]
fn whoever_acts_takes_over_from_the_player() {
    let mut session = Session::default();
    session.update(Action::Play(Play::default()));
    session.update(Action::Tick(2));
    session.update(Action::Undo);
    assert_eq!(session.playing(), None);
    session.update(Action::Tick(5));
    assert_eq!(session.run().moment(), 1);
}

#[test]
fn a_new_branch_is_announced_with_the_way_back() {
    let mut session = stepped(5);
    let end = session.history().at();
    session.update(Action::Go(2));
    let other = another(&session);
    session.update(Action::Do(other));
    let notice = session.notice().expect("announced").clone();
    assert_eq!(notice.text.key, "notice.branch");
    session.update(notice.offer.expect("a way back").action);
    assert_eq!(session.history().at(), end);
}

#[test]
fn another_world_can_be_taken_back() {
    let mut session = stepped(5);
    assert_eq!(session.notice().and_then(Notice::takes_back), None);
    let before = session.address();
    session.update(Action::Set { key: "presumption", value: 2 });
    assert_ne!(session.address(), before);
    let back = session.notice().and_then(Notice::takes_back).cloned().expect("a way back");
    session.update(back);
    assert_eq!(session.address(), before);
    assert_eq!(session.notice(), None);
}

#[test]
fn a_branch_that_is_taken_away_can_be_brought_back() {
    let mut session = stepped(5);
    let end = session.history().at();
    session.update(Action::Go(2));
    let other = another(&session);
    session.update(Action::Do(other));
    let tip = session.history().at();
    let both = session.address();
    session.update(Action::Hide(tip));
    assert_eq!(session.history().tips(), [end]);
    assert_eq!(session.run().moment(), 2, "where it left the other");
    let mut one = Session::default();
    one.update(Action::Link(session.address()));
    assert_eq!((one.notice(), one.history().tips().len()), (None, 1));
    session.update(session.notice().and_then(Notice::takes_back).cloned().expect("a way back"));
    assert_eq!((session.history().at(), session.history().tips().len()), (tip, 2));
    assert_eq!(session.address(), both);
    // The last branch stays, and taking the same step again brings a branch back as well.
    session.update(Action::Hide(tip));
    session.update(Action::Hide(end));
    assert_eq!(session.history().tips(), [end]);
    session.update(Action::Do(other));
    assert_eq!(session.history().at(), tip);
}

#[test]
fn moments_are_pinned_and_named_and_the_address_holds_the_names() {
    let mut session = stepped(5);
    session.update(Action::Pin { place: 3, name: Some("投票之后 the vote".into()) });
    session.update(Action::Pin { place: 1, name: Some(String::new()) });
    session.update(Action::Pin { place: 3, name: Some("both voted".into()) });
    session.update(Action::Pin { place: 99, name: Some("nowhere".into()) });
    assert_eq!(said(&session), Some("notice.pin-limit"));
    let pins = [(1, String::new()), (3, "both voted".to_string())];
    assert_eq!(session.history().pins(), pins);
    let mut other = Session::default();
    other.update(Action::Link(session.address()));
    assert_eq!(other.notice(), None);
    assert_eq!(other.history().pins(), pins);
    session.update(Action::Pin { place: 3, name: None });
    assert_eq!(session.history().pins().len(), 1);
    // A name that is too long is cut at a character.
    session.update(Action::Pin { place: 2, name: Some("界".repeat(100)) });
    assert_eq!(session.history().pins()[1].1.chars().count(), indoubt::run::NAME_LIMIT / 3);
}

#[test]
fn chance_is_reproducible_from_its_seed() {
    let run = |seed| {
        let mut session = Session::default();
        play(&mut session, chance(seed, 4), 60);
        address(&mut session)
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn repair_and_run_decides_everything() {
    let mut session = Session::default();
    play(&mut session, chance(3, 6), 30);
    session.update(Action::RepairAndRun);
    let open = indoubt::properties::judge(&session.run().now().scene, session.run().past());
    let ac5 = open.iter().find(|v| v.id == "ac5").expect("judged");
    assert_eq!(ac5.state, indoubt::properties::State::Holds, "{ac5:?}");
}

#[test]
fn every_tale_goes_as_wrong_as_it_says() {
    let tales: Vec<_> = indoubt::ui::tales::SHELVES.iter().flat_map(|shelf| shelf.tales).collect();
    let files = std::fs::read_dir("www/tales").expect("the tales").count();
    assert_eq!(tales.len(), files, "a tale that nobody can open");
    for tale in tales {
        let outcome = indoubt::script::run(&indoubt::script::parse(tale.script).expect("readable"));
        assert!(outcome.ok(), "{}: {:?} {:?}", tale.key, outcome.error, outcome.failures);
        let expects = outcome.entries.iter().any(|e| !e.checks.is_empty());
        assert!(expects, "{}: what goes wrong?", tale.key);
        let mut session = Session::default();
        session.update(Action::Script(tale.script.into()));
        assert_eq!(session.notice(), None, "{}", tale.key);
        assert!(session.run().moment() > 0);
    }
}

#[test]
fn what_changes_nothing_says_why() {
    let mut session = Session::default();
    session.update(Action::Quiet);
    while session.history().default_step().is_some() {
        session.update(Action::Default);
    }
    let end = session.history().at();
    let asked = [
        (Action::Default, "next.none"),
        (Action::Quiet, "next.none"),
        (Action::Round, "next.none-arrives"),
        (Action::RepairAndRun, "next.none-broken"),
    ];
    for (action, why) in asked {
        session.update(action);
        assert_eq!(session.notice().map(|n| n.text.key.as_str()), Some(why));
        assert_eq!(session.history().at(), end);
    }
    session.update(Action::Undo);
    session.update(Action::Default);
    assert_eq!(session.notice(), None, "it moves again");
    let crash = Act::Crash(NodeId(0), Tail::Lost);
    session.update(Action::Do(crash.into()));
    session.update(Action::Quiet);
    let why = session.notice().map(|n| n.text.key.as_str());
    assert_eq!(why, Some("next.none-by-itself"), "it is down until somebody repairs it");
}
