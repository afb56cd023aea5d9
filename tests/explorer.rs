//! A reader's questions to the explorer, without a screen and without a worker: the search answers in between.

mod searches;
mod worlds;

use indoubt::explore::job::{Reply, Request, Worker};
use indoubt::explore::{Budget, Cond, Fault, Is, Limits, State, Trouble, Unlike};
use indoubt::i18n::Lang;
use indoubt::session::explorer::{Differs, Health, Phase, Sitting};
use indoubt::session::{Action, Session};
use indoubt::view::explore::{Preset, told};
use worlds::setup;

/// Lets the worker have what was asked, and answers until it has nothing more to do.
fn answer(sitting: &mut Sitting, worker: &mut Worker) {
    for request in sitting.take() {
        let reply = worker.hear(request);
        reply.into_iter().for_each(|reply| sitting.hear(reply, 10));
    }
    while worker.busy() {
        let reply = worker.work(50).or_else(|| worker.report());
        reply.into_iter().for_each(|reply| sitting.hear(reply, 20));
    }
    worker.report().into_iter().for_each(|reply| sitting.hear(reply, 30));
}

fn ready() -> Sitting {
    let mut sitting = Sitting::default();
    sitting.ready();
    sitting
}

#[test]
fn questions_are_asked_one_after_another_and_answers_are_kept() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    let world = setup("clients=0");
    sitting.draft.preset = Preset::Blocked;
    assert!(sitting.ask(&world, &[], 0));
    answer(&mut sitting, &mut worker);
    let first = sitting.now().expect("it was asked").clone();
    assert_eq!((first.state(), first.phase), (State::Found, Phase::Over));
    sitting.draft.preset = Preset::Split;
    assert!(sitting.ask(&world, &[], 50));
    answer(&mut sitting, &mut worker);
    assert_eq!(sitting.now().expect("it was asked").state(), State::Exhausted);
    assert_eq!(sitting.asked.len(), 2);
    // The same question again takes the place of its answer.
    sitting.draft.preset = Preset::Blocked;
    assert!(sitting.ask(&world, &[], 60));
    answer(&mut sitting, &mut worker);
    assert_eq!(sitting.asked.len(), 2);
    assert_eq!(sitting.now().and_then(|a| a.whole()), first.whole());
}

/// Two questions at once, each with a worker of its own.
#[test]
fn a_question_goes_on_beside_the_next() {
    let mut sitting = ready();
    sitting.workers = 2;
    let world = setup("clients=0 participants=3");
    let (mut first, mut second) = (Worker::default(), Worker::default());
    sitting.draft.preset = Preset::Split;
    assert!(sitting.ask(&world, &[], 0));
    let one = sitting.now().expect("it was asked").id;
    sitting.take().into_iter().for_each(|request| drop(first.hear(request)));
    sitting.hear(first.work(100).or_else(|| first.report()).expect("a report"), 5);
    assert!(sitting.searching() && sitting.has_room());
    sitting.draft.preset = Preset::Blocked;
    assert!(sitting.ask(&world, &[], 10));
    let two = sitting.now().expect("it was asked").id;
    // What was asked waits for the worker that is to be hired; the first goes on.
    assert_eq!((sitting.take_parted(), sitting.take_parted()), (Some(one), None));
    assert!(sitting.take().is_empty() && sitting.goes_on_beside(one) && !sitting.has_room());
    assert_eq!(sitting.get(one).map(|a| a.phase), Some(Phase::Running));
    sitting.ready();
    answer(&mut sitting, &mut second);
    assert_eq!(sitting.get(two).map(|a| a.state()), Some(State::Found));
    while first.busy() {
        let reply = first.work(10_000).or_else(|| first.report());
        reply.into_iter().for_each(|reply| sitting.hear(reply, 40));
    }
    let done = sitting.get(one).expect("it is remembered");
    assert_eq!((done.state(), done.phase), (State::Exhausted, Phase::Over));
    assert!(!sitting.goes_on_beside(one), "its worker may go");
    assert_eq!(sitting.now().map(|a| a.id), Some(two), "what is shown stays");
}

#[test]
fn one_beside_can_be_stopped_and_can_die() {
    for died in [false, true] {
        let (mut sitting, mut worker) = (ready(), Worker::default());
        sitting.workers = 2;
        let world = setup("clients=0 participants=3");
        sitting.draft.preset = Preset::Split;
        assert!(sitting.ask(&world, &[], 0));
        let one = sitting.now().expect("it was asked").id;
        sitting.take().into_iter().for_each(|request| drop(worker.hear(request)));
        sitting.draft.preset = Preset::Blocked;
        assert!(sitting.ask(&world, &[], 10));
        if died {
            sitting.died_beside(one)
        } else {
            sitting.stop_one(one, 20)
        }
        let phase = if died { Phase::Died } else { Phase::Stopped };
        assert_eq!(sitting.get(one).map(|a| a.phase), Some(phase));
        assert!(!sitting.goes_on_beside(one));
        // What it says afterwards comes too late.
        let before = sitting.clone();
        sitting.hear(worker.report().expect("a report"), 30);
        assert_eq!(sitting, before);
    }
}

#[test]
fn an_answer_says_when_something_else_would_be_asked_now() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    let mut session = Session::new(setup("clients=0"));
    assert!(sitting.ask(session.setup(), &[], 0));
    answer(&mut sitting, &mut worker);
    let differs = |sitting: &Sitting, session: &Session| {
        let asked = sitting.now().expect("it was asked");
        asked.differs(&sitting.draft, session.setup(), &session.history().steps())
    };
    assert_eq!(differs(&sitting, &session), None);
    // How far one looks is no other question, and neither is where the reader is.
    sitting.draft.limits.worlds /= 2;
    drop(session.update(Action::Default));
    assert_eq!(differs(&sitting, &session), None);
    sitting.draft.present = true;
    assert_eq!(differs(&sitting, &session), Some(Differs::Choices));
    sitting.draft.present = false;
    sitting.draft.budget = sitting.draft.budget.with(Fault::Drops, Some(1));
    assert_eq!(differs(&sitting, &session), Some(Differs::Choices));
    session = Session::new(setup("clients=1"));
    assert_eq!(differs(&sitting, &session), Some(Differs::World));
}

#[test]
fn a_run_that_was_found_opens_as_a_branch_and_can_be_stepped_through() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    let mut session = Session::new(setup("clients=0"));
    (0..3).for_each(|_| drop(session.update(Action::Default)));
    let here = session.history().at();
    let path = session.history().path_to(here);
    let steps: Vec<_> = path.iter().filter_map(|p| session.history().step(*p)).collect();
    sitting.draft.preset = Preset::Blocked;
    sitting.draft.present = true;
    assert!(sitting.ask(session.setup(), &steps, 0));
    answer(&mut sitting, &mut worker);
    let asked = sitting.now().expect("it was asked");
    let whole = asked.whole().expect("it can happen from here");
    assert_eq!(whole[..3], steps[..]);
    session.update(Action::Found { setup: asked.setup.clone(), steps: whole.clone(), from: 3 });
    assert_eq!(session.run().moment() as usize, whole.len());
    let scene = &session.run().now().scene;
    assert!(scene.ids().any(|id| scene.blocked(id).is_some()), "it shows what it claims");
    for _ in 3..whole.len() {
        session.update(Action::Undo);
    }
    assert_eq!(session.history().at(), here, "the moments before are those of the reader's own run");
}

#[test]
fn a_run_that_is_none_is_refused_and_what_was_good_of_it_is_kept() {
    let mut session = Session::new(setup("clients=0"));
    let steps = vec![indoubt::sim::Act::Recover(indoubt::protocol::NodeId(0)).into()];
    session.update(Action::Found { setup: session.setup().clone(), steps, from: 0 });
    assert_eq!(session.run().moment(), 0);
    assert_eq!(session.notice().expect("it is told").text.key, "explore.opened.stale");
}

#[test]
fn a_search_that_stopped_at_a_limit_goes_on_four_times_as_far() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    sitting.draft.preset = Preset::Split;
    sitting.draft.limits = Limits { worlds: 5_000, ..Limits::default() };
    assert!(sitting.ask(&setup("clients=0"), &[], 0));
    answer(&mut sitting, &mut worker);
    let id = sitting.now().expect("it was asked").id;
    assert!(sitting.now().is_some_and(|a| a.at_limit()));
    let before = sitting.now().and_then(|a| a.heard.clone()).expect("heard").progress.worlds;
    sitting.go_on(id, 100);
    answer(&mut sitting, &mut worker);
    let after = sitting.now().expect("it was asked");
    assert_eq!(after.question.limits.worlds, 20_000);
    assert!(after.heard.as_ref().is_some_and(|h| h.progress.worlds > before));
}

#[test]
fn another_run_is_another_one_and_no_shorter() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    sitting.draft.preset = Preset::Blocked;
    assert!(sitting.ask(&setup("clients=0"), &[], 0));
    answer(&mut sitting, &mut worker);
    let id = sitting.now().expect("it was asked").id;
    let first = sitting.now().and_then(|a| a.whole()).expect("found");
    assert!(sitting.can_find_another(id));
    sitting.another(id, 40);
    assert_eq!(sitting.now().map(|a| a.phase), Some(Phase::Running));
    answer(&mut sitting, &mut worker);
    let second = sitting.now().and_then(|a| a.whole()).expect("there are more");
    assert_ne!(first, second);
    assert!(second.len() >= first.len());
    assert_eq!(sitting.now().map(|a| a.nth), Some(2));
}

#[test]
fn when_the_worker_dies_the_question_stays_and_a_new_worker_answers_it() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    sitting.draft.preset = Preset::Blocked;
    assert!(sitting.ask(&setup("clients=0"), &[], 0));
    assert_eq!(sitting.take().len(), 1);
    sitting.died("out of memory".into());
    assert_eq!(sitting.health, Health::Died { unborn: false, why: "out of memory".into() });
    assert_eq!(sitting.now().map(|a| a.phase), Some(Phase::Died));
    sitting.retry(5);
    assert!(sitting.take().is_empty(), "nothing is sent before it is ready");
    sitting.ready();
    answer(&mut sitting, &mut worker);
    assert_eq!(sitting.now().map(|a| a.state()), Some(State::Found));
}

#[test]
fn what_is_stopped_goes_on_where_it_was() {
    let mut sitting = ready();
    sitting.draft.preset = Preset::Split;
    assert!(sitting.ask(&setup("clients=0"), &[], 0));
    let mut worker = Worker::default();
    for request in sitting.take() {
        assert!(worker.hear(request).is_none());
    }
    assert!(worker.work(100).is_none());
    sitting.stop(40);
    assert_eq!(sitting.now().map(|a| (a.phase, a.took_ms)), Some((Phase::Stopped, 40)));
    let requests = sitting.take();
    assert_eq!(requests, [Request::Stop]);
    let report = worker.hear(Request::Stop).expect("it says how far it has come");
    sitting.hear(report, 50);
    assert!(!worker.busy());
    let id = sitting.now().expect("it was asked").id;
    sitting.go_on(id, 1_000);
    answer(&mut sitting, &mut worker);
    let asked = sitting.now().expect("it was asked");
    assert_eq!((asked.state(), asked.phase), (State::Exhausted, Phase::Over));
    assert!(asked.took_ms < 1_000, "the rest in between does not count");
}

#[test]
fn late_replies_and_impossible_questions_harm_nothing() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    sitting.draft.preset = Preset::Own;
    assert!(!sitting.ask(&setup(""), &[], 0), "a question without a condition is none");
    sitting.draft.own = vec![Cond::Some(Is::Blocked), Cond::Nobody(Is::Down)];
    sitting.draft.budget = Budget::default().with(Fault::Drops, Some(200));
    assert!(sitting.ask(&setup("clients=0"), &[], 0));
    answer(&mut sitting, &mut worker);
    assert!(sitting.now().is_some_and(|a| a.trouble.is_some() && a.phase == Phase::Over));
    let late = Reply::Trouble { id: 99, trouble: indoubt::explore::Trouble::World };
    let before = sitting.clone();
    sitting.hear(late, 1);
    assert_eq!(sitting, before);
}

#[test]
fn what_symmetry_does_not_allow_is_asked_without_it() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    sitting.draft.preset = Preset::Split;
    sitting.draft.symmetry = true;
    assert!(sitting.ask(&setup("clients=0 participants=1"), &[], 0));
    answer(&mut sitting, &mut worker);
    let refused = sitting.now().expect("it was asked");
    let nobody = Trouble::Symmetry { why: Unlike::Nobody };
    assert_eq!(refused.trouble, Some(nobody), "who is alone is like nobody");
    sitting.without_symmetry(refused.id, 50);
    answer(&mut sitting, &mut worker);
    let answered = sitting.now().expect("it was asked again");
    assert_eq!((answered.state(), &answered.trouble), (State::Exhausted, &None));
}

#[test]
fn a_limit_after_some_were_found_says_how_many() {
    let (mut sitting, mut worker) = (ready(), Worker::default());
    sitting.draft.preset = Preset::Blocked;
    sitting.draft.budget.depth = Some(2);
    assert!(sitting.ask(&setup(""), &[], 0));
    answer(&mut sitting, &mut worker);
    let id = sitting.now().expect("it was asked").id;
    while sitting.now().is_some_and(|a| a.state() == State::Found) {
        sitting.another(id, 50);
        answer(&mut sitting, &mut worker);
    }
    let asked = sitting.now().expect("it was asked");
    let progress = &asked.heard.as_ref().expect("it was answered").progress;
    assert_eq!((progress.state, progress.hits), (State::Deep, 3));
    let say = Lang::En.say(
        &told(&asked.question, &indoubt::view::beginning(&asked.setup).scene(), progress, None, false).say,
    );
    assert!(say.contains("the last of 3") && !say.contains("None"), "{say}");
}

#[test]
fn searches_have_their_pinned_numbers() {
    searches::check();
}
