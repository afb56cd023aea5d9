//! Node cards: the head of every lifeline.

use super::words::Words;
use crate::protocol::{Account, Ballot, Gauge, NodeId, Stance, Status, Timer};
use crate::run::Run;
use crate::sim::{Life, Scene, Slip};
use crate::text::Text;

/// A timer that is armed.
#[derive(Clone, PartialEq, Debug)]
pub struct Armed {
    /// Which.
    pub timer: Timer,
    /// What it is called.
    pub name: Text,
    /// Whether it measures patience; a step of the node's own stands among the choices.
    pub timeout: bool,
    /// What firing it would do, or why it cannot fire.
    pub refused: Option<Text>,
}

/// A lock that is held.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// What is locked.
    pub name: String,
    /// Since when.
    pub since: u32,
    /// Who waits for it.
    pub waiters: Vec<String>,
}

/// What a node counts.
#[derive(Clone, PartialEq, Debug)]
pub struct Counted {
    /// What it is called.
    pub name: Text,
    /// How many, which number, or who.
    pub value: Text,
    /// Whether there is any, or anybody.
    pub some: bool,
}

/// A node card.
#[derive(Clone, PartialEq, Debug)]
pub struct Card {
    /// Whose.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Text,
    /// Whether it is the one the others talk to.
    pub hub: bool,
    /// Whether it stands outside the protocol.
    pub client: bool,
    /// Whether it runs.
    pub life: Life,
    /// Since when it does not run.
    pub away_since: Option<u32>,
    /// Where it stands.
    pub stance: Stance,
    /// What its phase is called.
    pub phase: Text,
    /// Since when it has been in doubt.
    pub doubt_since: Option<u32>,
    /// Since when it has been blocked.
    pub blocked_since: Option<u32>,
    /// Its log.
    pub log: Vec<Slip>,
    /// Its armed timers.
    pub timers: Vec<Armed>,
    /// Its locks.
    pub locks: Vec<Held>,
    /// What it waits for: whose lock, and since when.
    pub waits: Option<(Text, u32)>,
    /// The votes it has counted.
    pub votes: Vec<Ballot>,
    /// Its accounts: what each is called, and what is in it.
    pub accounts: Vec<(Text, Account)>,
    /// What else it counts.
    pub gauges: Vec<Counted>,
    /// What else is worth knowing.
    pub remarks: Vec<Text>,
}

/// What an account is called: a name is the same in every language, and the word of a count is not.
pub fn called(scene: &Scene, status: &Status, account: &Account) -> Text {
    match status.gauges.iter().any(|g| g.word == account.name) {
        true => Text::new(format!("{}.gauge.{}", scene.words(), account.name)),
        false => Text::new("inspect.word").word("word", account.name.clone()),
    }
}

/// What a node counts, without what it shows as accounts.
pub fn counts(status: &Status) -> impl Iterator<Item = &Gauge> {
    status.gauges.iter().filter(|g| status.accounts.iter().all(|a| a.name != g.word))
}

/// What a node counts, in words.
pub fn counted(scene: &Scene, gauge: &Gauge) -> Counted {
    let name = Text::new(format!("{}.gauge.{}", scene.words(), gauge.word));
    Counted { name, value: value(scene, gauge), some: gauge.value != 0 }
}

fn value(scene: &Scene, gauge: &Gauge) -> Text {
    let place = (gauge.value as usize).checked_sub(1);
    match (gauge.node, place.and_then(|at| scene.nodes.get(at))) {
        (false, _) => Text::new("gauge.number").number("n", gauge.value),
        (true, Some(node)) => Text::new("inspect.word").word("word", node.name.clone()),
        (true, None) => Text::new("gauge.nobody"),
    }
}

/// A remark about a node. Its text may use the node's name and what it counts.
pub fn remark(scene: &Scene, id: NodeId, word: &str) -> Text {
    let text = Text::new(format!("{}.remark.{word}", scene.words())).word("who", scene.name(id));
    scene.node(id).status.gauges.iter().fold(text, |text, gauge| text.text(gauge.word, value(scene, gauge)))
}

/// Every node's card, by id.
pub fn cards(run: &Run) -> Vec<Card> {
    let scene = &run.now().scene;
    scene.ids().map(|id| card(run, id)).collect()
}

/// The card of a node.
pub fn card(run: &Run, id: NodeId) -> Card {
    let scene = &run.now().scene;
    let node = scene.node(id);
    let kind = scene.kind(id);
    let since = run.since();
    let own = |rest: String| Text::new(format!("{}.{rest}", scene.words()));
    let words = Words::new(scene);
    let armed = |timer: &Timer| Armed {
        timer: *timer,
        name: own(format!("timer.{}", scene.meta.timers[usize::from(timer.0)].word)),
        timeout: scene.meta.is_timeout(*timer),
        refused: run
            .machine()
            .check(&crate::sim::Act::Fire(id, *timer).into())
            .err()
            .map(|r| words.refusal(&r)),
    };
    let names = |ids: &[NodeId]| ids.iter().map(|n| scene.name(*n).to_string()).collect();
    let held = |lock: &crate::protocol::Lock| Held {
        name: lock.name.clone(),
        since: since.locks.get(&(id, lock.resource)).copied().unwrap_or(0),
        waiters: names(&lock.waiters),
    };
    let waits = node.status.wants.map(|want| {
        let lock = scene.node(want.node).status.locks.iter().find(|l| l.resource == want.resource);
        let text = match lock {
            Some(lock) if lock.waiters.contains(&id) => {
                let of = |holder| Text::new("card.waits-lock-of").word("holder", scene.name(holder));
                lock.holder.map_or(Text::new("card.waits-lock"), of).word("lock", lock.name.clone())
            }
            _ => Text::new("card.waits-reply"),
        };
        (text.word("node", scene.name(want.node)), since.waits[id.index()].unwrap_or(0))
    });
    Card {
        node: id,
        name: node.name.clone(),
        role: own(format!("role.{}", kind.word)),
        hub: kind.hub,
        client: kind.client,
        life: node.life,
        away_since: since.away[id.index()],
        stance: node.status.stance,
        phase: own(format!("phase.{}", node.status.phase)),
        doubt_since: since.in_doubt[id.index()],
        blocked_since: since.blocked[id.index()],
        log: node.log.clone(),
        timers: node.timers.iter().map(armed).collect(),
        locks: node.status.locks.iter().map(held).collect(),
        waits,
        votes: node.status.votes.clone(),
        accounts: node.status.accounts.iter().map(|a| (called(scene, &node.status, a), a.clone())).collect(),
        gauges: counts(&node.status).map(|g| counted(scene, g)).collect(),
        remarks: node.status.remarks.iter().map(|r| remark(scene, id, r)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::script;

    fn counts_of(steps: &str, name: &str) -> Vec<String> {
        let loaded = script::load(steps).expect("a script");
        assert_eq!(loaded.error, None);
        let cards = cards(loaded.history.run());
        let card = cards.iter().find(|c| c.name == name).expect("a node");
        let said = |g: &Counted| format!("{} {}", Lang::En.say(&g.name), Lang::En.say(&g.value));
        card.gauges.iter().map(said).collect()
    }

    #[test]
    fn a_count_that_is_a_node_is_told_by_its_name_and_nobody_by_that() {
        assert_eq!(counts_of("world lock\n", "R"), ["written by nobody", "highest 0"]);
        let granted = "world lock\ndo K2 acquire\ndeliver K2>L acquire\n";
        assert_eq!(counts_of(granted, "L"), ["holders 1", "for K2", "grants 1"]);
    }
}
