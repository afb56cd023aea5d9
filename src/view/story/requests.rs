//! How things stand where nobody votes: what became of what clients asked for.

use super::Tone;
use crate::protocol::Request;
use crate::sim::{Life, Scene};
use crate::text::Text;

/// How things stand with every request that was begun.
pub fn stands(scene: &Scene, quiet: bool) -> (Text, Tone) {
    let away = scene.ids().find(|id| scene.node(*id).life != Life::Up);
    let remarks = scene.nodes.iter().flat_map(|n| &n.status.remarks);
    let remarks = remarks.map(|word| Text::new(format!("{}.remark.{word}", scene.meta.id)));
    let each: Vec<_> = scene.begun().iter().map(|r| request(scene, *r, quiet)).collect();
    let tone = each.iter().map(|(_, tone)| *tone).max_by_key(|tone| weight(*tone)).unwrap_or(Tone::Calm);
    let gone = away.map(|id| {
        let key =
            if scene.node(id).life == Life::Down { "story.request.down" } else { "story.request.paused" };
        Text::new(key).word("who", scene.name(id))
    });
    let all = each.into_iter().map(|(text, _)| text).chain(gone).chain(remarks);
    let joined = all.reduce(|core, more| Text::new("story.also").text("core", core).text("more", more));
    let empty = || Text::new(if quiet { "story.request.quiet" } else { "story.request.open" });
    (joined.unwrap_or_else(empty), tone)
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
        return (Text::new(key).word("who", scene.intent(request)).text("phase", phase), tone);
    }
    let (key, tone) = match (n, seen, quiet) {
        (0, true, _) => ("story.request.told-for-nothing", Tone::Doubt),
        (0, false, false) => ("story.request.asked", Tone::Calm),
        (0, false, true) => ("story.request.nothing", Tone::Doubt),
        (1, true, _) => ("story.request.done", Tone::Done),
        (_, true, _) => ("story.request.done-often", Tone::Doubt),
        (_, false, false) => ("story.request.unseen", Tone::Doubt),
        (_, false, true) => ("story.request.never-seen", Tone::Doubt),
    };
    // A message or a record is confirmed; it sees nothing.
    let who = scene.intent(request);
    let asker = who.split('@').next().unwrap_or_default();
    let thing = scene.nodes.iter().all(|n| n.name != asker);
    let key =
        if thing && key != "story.request.done-often" { format!("{key}.thing") } else { key.to_string() };
    (Text::new(key).word("who", who).number("n", n), tone)
}

/// The answer other than OK that whoever asked has got last, if there is one: the protocol says of which
/// phases it is so. Who
/// wants several things at once may have got it for another.
pub fn refusal(scene: &Scene, request: Request) -> Option<Text> {
    let asker = scene.nodes.iter().find(|n| n.facts.asked.contains(&request))?;
    let phase = asker.status.phase;
    let refused = scene.meta.phase(phase).is_some_and(|kind| kind.refused);
    let only = asker.facts.asked.len() == 1 && asker.life == Life::Up;
    (refused && only).then(|| Text::new(format!("{}.phase.{phase}", scene.meta.id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols;
    use crate::script;

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
