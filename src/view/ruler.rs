//! A node's log as a ruler: what is on disk, what a crash would take, what nobody would miss, and what
//! recovery would do with every transaction in it.
//!
//! Nothing here is a table: a copy of the node is started with what a crash would leave, and asked.

use super::words::{Words, said};
use crate::protocol::{NodeId, Stance};
use crate::run::Run;
use crate::sim::{Life, Said};
use crate::text::Text;

/// What a crash, or cutting off the front of the log, would do to a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Worth {
    /// Recovery would come to the same without it: it could be cut off.
    Spare,
    /// It is on disk, and recovery needs it.
    Needed,
    /// It is not on disk yet: a crash now would take it.
    Volatile,
}

/// A record on the ruler.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notch {
    /// Its log sequence number: 1 for the first.
    pub lsn: usize,
    /// The record.
    pub record: Said,
    /// What it is worth.
    pub worth: Worth,
    /// Whether it sums up those before it.
    pub checkpoint: bool,
}

/// What recovery would do with a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fate {
    /// The key of the word for it: redo, undo, in doubt, forget.
    pub word: &'static str,
    /// What exactly.
    pub text: Text,
}

/// A node's log as a ruler.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ruler {
    /// Whose.
    pub node: NodeId,
    /// Its records, oldest first.
    pub notches: Vec<Notch>,
    /// Up to which number it is on disk: the recovery point; 0 if nothing is.
    pub flushed: usize,
    /// The number of the last checkpoint on disk.
    pub checkpoint: Option<usize>,
    /// The number of the oldest record that recovery needs.
    pub oldest: Option<usize>,
    /// Whether the node is down already: it needs no crash to come back.
    pub down: bool,
    /// What recovery would do with every transaction.
    pub fates: Vec<Fate>,
    /// What the node would do at once, coming back.
    pub does: Vec<Text>,
}

/// The ruler of a node; `None` for one that stands outside and keeps no log.
pub fn ruler(run: &Run, id: NodeId) -> Option<Ruler> {
    let scene = &run.now().scene;
    if scene.kind(id).client {
        return None;
    }
    let node = scene.node(id);
    let recovery = run.machine().recovery(id);
    let worth = |i: usize| match i {
        i if i >= recovery.durable => Worth::Volatile,
        i if i < recovery.needed => Worth::Spare,
        _ => Worth::Needed,
    };
    let notch = |(i, slip): (usize, &crate::sim::Slip)| Notch {
        lsn: i + 1,
        record: Said { word: slip.word, detail: slip.detail.clone() },
        worth: worth(i),
        checkpoint: scene.meta.record(slip.word).is_some_and(|k| k.checkpoint),
    };
    let notches: Vec<Notch> = node.log.iter().enumerate().map(notch).collect();
    let durable = &notches[..recovery.durable];
    Some(Ruler {
        node: id,
        flushed: recovery.durable,
        checkpoint: durable.iter().rev().find(|n| n.checkpoint).map(|n| n.lsn),
        oldest: (recovery.needed < recovery.durable).then_some(recovery.needed + 1),
        down: node.life == Life::Down,
        fates: fates(run, id, &recovery),
        does: Words::new(scene).effects(&recovery.effects),
        notches,
    })
}

fn fates(run: &Run, id: NodeId, recovery: &crate::sim::Recovery) -> Vec<Fate> {
    let scene = &run.now().scene;
    let status = &recovery.status;
    let phase = Text::new(format!("{}.phase.{}", scene.meta.id, status.phase));
    let name = scene.name(id);
    let text = |key: &str| Text::new(key).word("node", name).text("phase", phase.clone());
    let locks: Vec<String> = status.locks.iter().map(|l| l.name.clone()).collect();
    let transfer = match status.stance {
        Stance::Committed => Fate { word: "fate.redo", text: text("fate.redo.why") },
        Stance::Aborted => Fate { word: "fate.undo", text: text("fate.undo.why") },
        Stance::InDoubt if locks.is_empty() => {
            Fate { word: "fate.in-doubt", text: text("fate.in-doubt.why") }
        }
        Stance::InDoubt => {
            Fate { word: "fate.in-doubt", text: text("fate.in-doubt.locks").words("locks", locks) }
        }
        Stance::Working => Fate { word: "fate.open", text: text("fate.open.why") },
        Stance::Idle => Fate { word: "fate.forget", text: text("fate.forget.why") },
    };
    let mut fates = vec![transfer];
    for account in status.accounts.iter().filter(|a| a.deposited != 0) {
        let text = Text::new("fate.redo.deposit")
            .word("account", account.name.clone())
            .word("n", format!("{:+}", account.deposited));
        fates.push(Fate { word: "fate.redo", text });
    }
    // Who waits here is in memory alone.
    let kept: Vec<NodeId> = status.locks.iter().flat_map(|l| l.waiters.iter().copied()).collect();
    let now = scene.node(id).status.locks.iter().flat_map(|l| l.waiters.iter().copied());
    for waiter in now.filter(|w| !kept.contains(w)) {
        let text = Text::new("fate.forget.waiter").word("node", name).word("who", scene.name(waiter));
        fates.push(Fate { word: "fate.forget", text });
    }
    fates
}

/// A record as it is written.
pub fn record(notch: &Notch) -> String {
    said(&notch.record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::History;
    use crate::script;

    fn after(text: &str) -> History {
        let loaded = script::load(text).expect("a script");
        assert!(loaded.error.is_none(), "{:?}", loaded.error);
        loaded.history
    }

    fn of(history: &History, name: &str) -> Ruler {
        let scene = &history.run().now().scene;
        let id = scene.ids().find(|id| scene.name(*id) == name).expect("a node");
        ruler(history.run(), id).expect("it keeps a log")
    }

    fn fates(ruler: &Ruler) -> Vec<&'static str> {
        ruler.fates.iter().map(|f| f.word).collect()
    }

    const PREPARED: &str =
        "world 2pc checkpoints=on\ndo C begin\ndeliver C>P1 prepare\ndeliver C>P2 prepare\n";

    /// S59: committed is redone, in doubt comes back with its lock, what was not forced vanishes.
    #[test]
    fn recovery_does_one_of_four_things_with_a_transaction() {
        let history = after(PREPARED);
        let p1 = of(&history, "P1");
        assert_eq!(fates(&p1), ["fate.in-doubt"]);
        assert_eq!(p1.fates[0].text.key, "fate.in-doubt.locks");
        assert_eq!(fates(&of(&history, "C")), ["fate.forget"]);
        let history = after("world 2pc\ndo C begin\n");
        assert_eq!(fates(&of(&history, "P1")), ["fate.undo"]);
        let more = "deliver P1>C yes\ndeliver P2>C yes\ndeliver C>P1 commit\ndo K ask P1\ndeliver K>P1 ask\n";
        let history = after(&format!("{PREPARED}{more}"));
        let p1 = of(&history, "P1");
        assert_eq!(fates(&p1), ["fate.redo", "fate.redo"]);
        assert_eq!(p1.fates[1].text.key, "fate.redo.deposit");
        assert_eq!(fates(&of(&history, "C")), ["fate.redo"]);
    }

    #[test]
    fn who_is_down_need_not_crash_to_come_back() {
        let history = after(&format!("{PREPARED}crash P1\n"));
        assert!(of(&history, "P1").down);
        assert!(!of(&history, "P2").down);
    }

    #[test]
    fn what_is_not_forced_is_what_a_crash_would_take() {
        let no = "world 2pc\ndo C begin\ndo P1 refuse\n";
        let p1 = of(&after(no), "P1");
        assert_eq!((p1.flushed, p1.notches.len()), (0, 1));
        assert_eq!(p1.notches[0].worth, Worth::Volatile);
    }

    #[test]
    fn a_checkpoint_spares_what_is_over_and_keeps_what_is_in_doubt() {
        let history = after(&format!("{PREPARED}do P2 checkpoint\n"));
        let p2 = of(&history, "P2");
        assert_eq!((p2.checkpoint, p2.oldest), (Some(2), Some(1)));
        assert!(p2.notches.iter().all(|n| n.worth == Worth::Needed));
        let more = "deliver P1>C yes\ndeliver P2>C yes\ndeliver C>P1 commit\ndo K ask P1\ndeliver K>P1 ask\n";
        let history = after(&format!("{PREPARED}{more}do P1 checkpoint\n"));
        let p1 = of(&history, "P1");
        assert_eq!((p1.checkpoint, p1.oldest), (Some(4), Some(4)));
        let worth: Vec<_> = p1.notches.iter().map(|n| n.worth).collect();
        assert_eq!(worth, [Worth::Spare, Worth::Spare, Worth::Spare, Worth::Needed]);
        assert_eq!(fates(&p1), ["fate.redo", "fate.redo"]);
    }

    #[test]
    fn who_waits_is_forgotten_with_the_memory() {
        let history = after(&format!("{PREPARED}do K ask P2\ndeliver K>P2 ask\n"));
        let keys: Vec<_> = of(&history, "P2").fates.iter().map(|f| f.text.key.clone()).collect();
        assert_eq!(keys, ["fate.in-doubt.locks", "fate.forget.waiter"]);
    }

    #[test]
    fn a_client_keeps_no_log() {
        let history = after("world 2pc\n");
        let scene = &history.run().now().scene;
        let client = scene.ids().find(|id| scene.kind(*id).client).expect("a client");
        assert_eq!(ruler(history.run(), client), None);
    }
}
