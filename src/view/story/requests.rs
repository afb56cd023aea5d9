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

/// The answer other than OK that whoever asked has got last, if there is one: the phases of clients say it. Who
/// wants several things at once may have got it for another.
pub fn refusal(scene: &Scene, request: Request) -> Option<Text> {
    let asker = scene.nodes.iter().find(|n| n.facts.asked.contains(&request))?;
    let phase = asker.status.phase;
    let refused = phase.starts_with("saw-") && phase != "saw-ok" || ["rejected", "fenced"].contains(&phase);
    let only = asker.facts.asked.len() == 1 && asker.life == Life::Up;
    (refused && only).then(|| Text::new(format!("{}.phase.{phase}", scene.meta.id)))
}
