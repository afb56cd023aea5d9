//! How things stand where nobody votes: what became of what clients asked for.

use super::{Tone, names};
use crate::protocol::{NodeId, Request};
use crate::run::{Run, goes_on};
use crate::sim::{Life, Scene};
use crate::text::Text;
use crate::view::cards::remark;

/// How things stand with every request that was begun.
pub fn stands(run: &Run, quiet: bool) -> (Text, Tone) {
    let scene = &run.now().scene;
    let queues = queues(run, quiet);
    // Who waits behind a lock has asked, and nothing has happened: that is said with the lock.
    let waits = |r: &Request| {
        let asker = scene.ids().find(|id| scene.node(*id).facts.asked.contains(r));
        let in_line = asker.is_some_and(|id| queues.iter().any(|q| q.who.contains(&id)));
        in_line && !scene.effects().contains_key(r)
    };
    let each =
        scene.begun().iter().filter(|r| !waits(r)).map(|r| request(scene, *r, quiet)).collect::<Vec<_>>();
    let each = gathered(each);
    // What is down can be repaired, so that "Step" has something to do; by itself nothing happens.
    let for_ever = !queues.is_empty() && !goes_on(run);
    let in_vain = if for_ever { Tone::Blocked } else { Tone::Doubt };
    let tones = each.iter().map(|(_, tone)| *tone).chain(queues.iter().map(|_| in_vain));
    let tone = tones.max_by_key(|tone| weight(*tone)).unwrap_or(Tone::Calm);
    let away = scene.ids().find(|id| scene.node(*id).life != Life::Up);
    let gone = away.filter(|id| queues.iter().all(|q| q.holder != *id)).map(|id| {
        let key =
            if scene.node(id).life == Life::Down { "story.request.down" } else { "story.request.paused" };
        Text::new(key).word("who", scene.name(id))
    });
    let ends = for_ever.then(|| Text::new("story.request.quiet"));
    let all = each.into_iter().map(|(text, _)| text).chain(queues.into_iter().map(|q| q.text)).chain(ends);
    let empty = || Text::new(if quiet { "story.request.quiet" } else { "story.request.open" });
    (joined(all.chain(gone).chain(remarks(scene))).unwrap_or_else(empty), tone)
}

/// Sentences one after the other; `None` if there are none.
pub fn joined(all: impl Iterator<Item = Text>) -> Option<Text> {
    all.reduce(|core, more| Text::new("story.also").text("core", core).text("more", more))
}

/// What somebody wants from several at once, and stands the same with all of them, is one sentence.
fn gathered(each: Vec<(Text, Tone)>) -> Vec<(Text, Tone)> {
    let mut all: Vec<(Text, Tone)> = Vec::new();
    for (text, tone) in each {
        if !all.iter_mut().any(|(other, _)| other.gather(&text, "at")) {
            all.push((text, tone));
        }
    }
    all
}

/// What else nodes say, or is to be said of them.
pub fn remarks(scene: &Scene) -> Vec<Text> {
    let of = |id: NodeId| scene.node(id).status.remarks.iter().map(move |word| remark(scene, id, word));
    scene.ids().flat_map(of).collect()
}

/// Who waits behind a lock that its holder will not give back.
struct Queue {
    who: Vec<NodeId>,
    holder: NodeId,
    text: Text,
}

/// Everybody who waits behind somebody that is away, or, when nothing is left to happen, behind anybody at all.
fn queues(run: &Run, quiet: bool) -> Vec<Queue> {
    let scene = &run.now().scene;
    let since = |id: &NodeId| run.since().waits[id.index()];
    let mut all = Vec::new();
    for id in scene.ids() {
        for lock in &scene.node(id).status.locks {
            let who: Vec<_> = lock.waiters.iter().copied().filter(|w| since(w).is_some()).collect();
            let Some(first) = who.iter().filter_map(since).min() else { continue };
            let holder = lock.holder.unwrap_or(id);
            let key = match (scene.node(holder).life, quiet) {
                (Life::Down, _) => "story.request.waits-down",
                (Life::Paused, _) => "story.request.waits-paused",
                (Life::Up, true) => "story.request.waits-left",
                (Life::Up, false) => continue,
            };
            let text = Text::new(key)
                .words("who", names(scene, who.iter().copied()))
                .number("n", who.len() as i64)
                .word("holder", scene.name(holder))
                .number("since", first);
            all.push(Queue { who, holder, text });
        }
    }
    all
}

/// The gravest decides the colour.
fn weight(tone: Tone) -> u8 {
    match tone {
        Tone::Done => 0,
        Tone::Calm => 1,
        Tone::Doubt => 2,
        Tone::Blocked => 3,
        Tone::Broken => 4,
    }
}

/// How it stands with one request. Who does not know whether it happened is in doubt, as a participant is.
fn request(scene: &Scene, request: Request, quiet: bool) -> (Text, Tone) {
    let n = scene.effects().get(&request).copied().unwrap_or(0);
    let seen = scene.answered().contains(&request);
    if let Some(phase) = refusal(scene, request).filter(|_| !seen) {
        let key = if n == 0 { "story.request.refused" } else { "story.request.refused-done" };
        let tone = if n == 0 { Tone::Calm } else { Tone::Doubt };
        return (sentence(scene, key, request).text("phase", phase), tone);
    }
    if let Some(fate) = fate(scene, request).filter(|_| n == 0 && !seen) {
        let text = Text::new("story.request.fate").word("who", scene.intent(request)).text("fate", fate);
        return (text, Tone::Doubt);
    }
    let (key, tone) = match (n, seen, quiet) {
        (0, true, _) if scene.under_way() => ("story.request.told-early", Tone::Doubt),
        (0, true, _) => ("story.request.told-for-nothing", Tone::Doubt),
        (0, false, false) => ("story.request.asked", Tone::Calm),
        (0, false, true) => ("story.request.nothing", Tone::Doubt),
        (1, true, _) => ("story.request.done", Tone::Done),
        (_, true, _) => ("story.request.done-often", Tone::Doubt),
        (_, false, false) => ("story.request.unseen", Tone::Doubt),
        (_, false, true) => ("story.request.never-seen", Tone::Doubt),
    };
    // A message or a record is confirmed; it sees nothing.
    let (who, at) = scene.wish(request);
    let thing = at.is_none() && scene.nodes.iter().all(|n| n.name != who);
    let key =
        if thing && key != "story.request.done-often" { format!("{key}.thing") } else { key.to_string() };
    (sentence(scene, &key, request).number("n", n), tone)
}

/// A sentence about what somebody wants, or about what it wants from one of several.
fn sentence(scene: &Scene, key: &str, request: Request) -> Text {
    match scene.wish(request) {
        (asker, Some(at)) => Text::new(format!("{key}.at")).word("who", asker).words("at", [at]),
        (who, None) => Text::new(key).word("who", who),
    }
}

/// The answer other than OK that whoever asked has got last, if there is one: the protocol says of which
/// phases it is so. Who
/// wants several things at once may have got it for another.
pub fn refusal(scene: &Scene, request: Request) -> Option<Text> {
    let asker = scene.nodes.iter().find(|n| n.facts.asked.contains(&request))?;
    let phase = asker.status.phase;
    let refused = scene.meta.phase(phase).is_some_and(|kind| kind.refused);
    let about = match asker.status.about {
        // What it wants from several is refused by the one that it asks.
        Some(about) => scene.wish(about).0 == scene.wish(request).0,
        None => asker.facts.asked.len() == 1,
    };
    (refused && about && asker.life == Life::Up)
        .then(|| Text::new(format!("{}.phase.{phase}", scene.meta.id)))
}

/// What has become of a request that will not happen by itself. While anything is under way it still may.
pub fn fate(scene: &Scene, request: Request) -> Option<Text> {
    if scene.under_way() {
        return None;
    }
    let mut all = scene.nodes.iter().flat_map(|node| &node.status.fates);
    let (_, word) = all.find(|(what, _)| *what == request)?;
    Some(Text::new(format!("{}.fate.{word}", scene.words())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols;
    use crate::script;

    /// What is said in the end, in English.
    fn told(steps: &str) -> String {
        let loaded = script::load(&format!("world {steps}")).expect("a script");
        assert_eq!(loaded.error, None, "{steps}");
        let history = loaded.history;
        let quiet = history.default_step().is_none();
        crate::i18n::Lang::En.say(&super::super::story(history.run(), None, quiet).stands)
    }

    #[test]
    fn what_is_wanted_from_two_is_one_sentence_as_long_as_it_stands_alike() {
        let begun = "downstream\ndo K send\ndeliver K>A request\n";
        assert!(
            told(begun).contains("What **K** wants from **A and B** has not happened yet"),
            "{}",
            told(begun)
        );
        let refused = told(&format!(
            "{begun}deliver A>B call\ndeliver B>A ok\ndrop A>K ok\ndo K other-body\ndeliver K>A request\ndeliver A>K 422\n"
        ));
        assert!(refused.contains("What it first wanted from **A and B** has happened"), "{refused}");
        let half = told(&format!("{begun}deliver A>B call\ndrop B>A ok\n"));
        assert!(half.contains("from **B** has happened"), "{half}");
    }

    const BEHIND: &str = "do K1 acquire\ndeliver K1>L acquire\ndeliver L>K1 grant\ndo K2 acquire\n\
        deliver K2>L acquire\n";

    #[test]
    fn who_waits_behind_a_dead_holder_is_told_with_whose_lock_it_is_and_since_when() {
        let waits = "**K2** has waited since moment 4 for the lock that is **K1**’s, and **K1**";
        let for_ever = told(&format!("lock lease=off\n{BEHIND}crash K1\n"));
        assert!(for_ever.contains(&format!("{waits} is down. Nothing is left to happen")), "{for_ever}");
        let leased = told(&format!("lock\n{BEHIND}pause K1\n"));
        assert!(leased.ends_with(&format!("{waits} stands still.")), "{leased}");
        let healthy = told(&format!("lock\n{BEHIND}"));
        assert!(!healthy.contains("waited"), "{healthy}");
    }

    #[test]
    fn what_a_remark_means_is_told_with_a_broken_property() {
        let late =
            include_str!("../../../www/tales/late-holder.txt").split_once("world ").expect("a world").1;
        let late = told(late);
        assert!(late.starts_with("**R** took a write with a token older"), "{late}");
        assert!(late.contains("The write with token **2** is overwritten: **K1** held"), "{late}");
    }

    #[test]
    fn a_copy_that_lacks_a_confirmed_sale_is_told() {
        let old = include_str!("../../../www/tales/old-copy.txt").split_once("world ").expect("a world").1;
        let told = told(old);
        assert!(
            told.contains("**K** saw OK, and it happened once. The last user at **C2** read **10**"),
            "{told}"
        );
    }

    /// Its client has been told no, in words of the protocol's own.
    #[test]
    fn a_refusal_is_told_by_what_the_protocol_says_of_its_phases() {
        let told_no = [
            (
                "lock fencing=resource\ndo K1 acquire\ndeliver K1>L acquire\ndeliver L>K1 grant\nfire L lease\n\
              do K2 acquire\ndeliver K2>L acquire\ndeliver L>K2 grant\ndo K2 write\ndeliver K2>R write\n\
              deliver R>K2 ok\ndo K1 write\ndeliver K1>R write\ndeliver R>K1 rejected\n",
                "lock.phase.rejected",
            ),
            (
                "resend strategy=claim\ndo K send\ndeliver K>S request\ndo K resend\ndeliver K>S request\n\
              deliver S>K 409\n",
                "resend.phase.saw-409",
            ),
        ];
        for (steps, phase) in told_no {
            let loaded = script::load(&format!("world {steps}")).expect("a script");
            assert_eq!(loaded.error, None, "{steps}");
            let scene = &loaded.history.run().now().scene;
            let found: Vec<_> = scene.begun().iter().filter_map(|r| refusal(scene, *r)).collect();
            assert_eq!(found, [Text::new(phase)]);
        }
    }

    /// Who can be told no by a message can be found at having been told.
    #[test]
    fn where_a_client_can_be_refused_a_phase_says_so() {
        for protocol in protocols::ALL {
            let meta = (protocol.meta)();
            let answers =
                |refuses: bool| meta.messages.iter().any(|k| k.word == "422" && k.refuses == refuses);
            assert!(!answers(false), "{}", meta.id);
            assert!(!answers(true) || meta.phase("saw-422").is_some_and(|k| k.refused), "{}", meta.id);
        }
    }
}
