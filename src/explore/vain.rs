//! Whether those who ask again when all is quiet can still be told, should nothing fail any more.

use crate::order::Set;
use crate::protocol::{Effect, NodeId};
use crate::sim::{Act, Machine as _, Step, World};

/// So many times somebody asks again: who is told that there is another version asks once more for that one.
const ASKS: u8 = 2;

/// So many worlds at most are looked at. A quiet world has few ways to go on.
const MOST: usize = 500;

/// Whether somebody was not told what became of a request, can ask again, and asking again leads to no answer,
/// although nothing fails any more; `None` if that has too many ways to go on. To be asked of a quiet world.
pub fn in_vain(world: &World) -> Option<bool> {
    let scene = world.scene();
    let answered = scene.answered();
    let mut sure = true;
    for who in scene.ids() {
        let untold = scene.node(who).facts.asked.iter().any(|r| !answered.contains(r));
        let mut future = Future { who, asked: false, seen: Set::new() };
        if untold && !future.tells(world, 0) && future.asked {
            return Some(true);
        }
        sure &= future.seen.len() <= MOST;
    }
    sure.then_some(false)
}

/// What can still become of what somebody asks for.
struct Future {
    who: NodeId,
    /// Whether it was able to ask.
    asked: bool,
    seen: Set<(Vec<u8>, u8)>,
}

impl Future {
    /// Whether it is told in some world to which this leads. Depth first: where there is an answer, it is soon
    /// found. Where there are too many worlds, it stops as if it were told, and more are seen than are looked at.
    fn tells(&mut self, world: &World, asks: u8) -> bool {
        self.seen.insert((world.bytes(), asks));
        if self.seen.len() > MOST {
            return true;
        }
        calm_steps(world, (asks < ASKS).then_some(self.who)).iter().any(|step| {
            let mut next = world.clone();
            let report = next.apply(step).expect("a step that is possible");
            let command = matches!(step.act, Act::Command(..));
            self.asked |= command && report.effects.iter().any(|e| matches!(e, Effect::Send { .. }));
            let asks = asks + u8::from(command);
            // Nothing else was under way, so that this is the answer.
            report.effects.iter().any(|e| matches!(e, Effect::Answer(_)))
                || !self.seen.contains(&(next.bytes(), asks)) && self.tells(&next, asks)
        })
    }
}

/// What can happen in a world where nothing fails: messages arrive, nodes go on, and the one who waits asks again.
fn calm_steps(world: &World, asks: Option<NodeId>) -> Vec<Step> {
    let calm = |step: &Step| match step.act {
        Act::Command(id, command) => {
            let verb = &world.meta().verbs[usize::from(command.verb)];
            asks == Some(id) && !verb.operator && !verb.starts
        }
        Act::Deliver(_) | Act::Fire(..) => true,
        _ => false,
    };
    let candidates = world.choices().into_iter().filter(|choice| choice.refused.is_none());
    candidates.map(|choice| choice.step).filter(calm).collect()
}
