//! Two moments side by side: what they share, where they part, and in what they differ.

use super::cards::{Card, cards};
use super::inspect::{Field, differences};
use super::plot::Plot;
use super::story::story;
use crate::run::{Cost, History, Place, default_step};
use crate::text::Text;
use std::rc::Rc;

/// One of the two.
pub struct Side {
    /// The moment.
    pub place: Place,
    /// How many steps lead to it.
    pub moment: u32,
    /// The number of a branch that it is on.
    pub branch: usize,
    /// How things stand there.
    pub stands: Text,
    /// The diagram up to it.
    pub plot: Rc<Plot>,
    /// The node cards, by id.
    pub cards: Vec<Card>,
    /// What it has cost.
    pub cost: Cost,
}

/// Two moments side by side.
pub struct Comparison {
    /// The two.
    pub sides: [Side; 2],
    /// How many steps both share.
    pub shared: u32,
    /// Every field in which they differ.
    pub fields: Vec<Field>,
}

/// Compares two moments of a history; `None` if one of them does not exist.
pub fn compare(history: &History, a: Place, b: Place) -> Option<Comparison> {
    if !history.is_shown(a) || !history.is_shown(b) {
        return None;
    }
    let (left, right) = (history.path_to(a), history.path_to(b));
    let shared = left.iter().zip(&right).take_while(|(x, y)| x == y).count() - 1;
    let runs = [history.run_at(a), history.run_at(b)];
    let fields = differences(&runs[0], &runs[1]);
    let side = |place: Place, run: &crate::run::Run| {
        let plot = Plot::at(history, place);
        let last = history.event(place).map(|e| &**e);
        Side {
            place,
            moment: run.moment(),
            branch: branch_of(history, place),
            stands: story(run, last, default_step(run).is_none()).stands,
            plot: Rc::new(plot),
            cards: cards(run),
            cost: run.cost(),
        }
    };
    let sides = [side(a, &runs[0]), side(b, &runs[1])];
    Some(Comparison { sides, shared: shared as u32, fields })
}

/// The number of the first branch that a moment is on.
fn branch_of(history: &History, place: Place) -> usize {
    let on = |tip: &Place| history.path_to(*tip).get(history.depth(place) as usize) == Some(&place);
    history.tips().iter().filter(|t| on(t)).map(|t| history.branch_number(*t)).min().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, Session};
    use crate::sim::Act;

    /// Two branches that part after moment 4: in one the coordinator dies, in the other all commit.
    fn parted() -> (Session, Place, Place) {
        let mut session = Session::default();
        (0..9).for_each(|_| drop(session.update(Action::Default)));
        let good = session.history().at();
        session.update(Action::Go(4));
        let hub = session.run().now().scene.ids().find(|id| session.run().now().scene.kind(*id).hub);
        session.update(Action::Do(Act::Crash(hub.expect("a hub"), crate::sim::Tail::Lost).into()));
        let bad = session.history().at();
        (session, good, bad)
    }

    #[test]
    fn branches_share_what_came_before_they_part() {
        let (session, good, bad) = parted();
        let both = compare(session.history(), good, bad).expect("both exist");
        assert_eq!(both.shared, 4);
        assert_eq!((both.sides[0].moment, both.sides[1].moment), (9, 5));
        assert_eq!((both.sides[0].branch, both.sides[1].branch), (1, 2));
        let event = |side: usize, i: usize| both.sides[side].plot.events[i].clone();
        assert!((0..4).all(|i| Rc::ptr_eq(&event(0, i), &event(1, i))), "what is shared is the very same");
        assert_ne!(event(0, 4).step, event(1, 4).step, "and the next step is not");
        let phase =
            both.fields.iter().find(|f| f.who.as_deref() == Some("C") && f.name == "inspect.field.life");
        assert!(phase.is_some_and(Field::changed), "C is down in one of them");
        assert!(both.fields.iter().all(Field::changed), "only differences are listed");
    }

    #[test]
    fn a_moment_does_not_differ_from_itself_and_one_that_is_not_there_is_refused() {
        let (session, good, _) = parted();
        let same = compare(session.history(), good, good).expect("exists");
        assert!(same.fields.is_empty());
        assert_eq!(same.shared, same.sides[0].moment);
        assert!(compare(session.history(), good, 999).is_none());
    }

    #[test]
    fn an_earlier_moment_of_the_same_branch_can_be_compared() {
        let (session, good, _) = parted();
        let both = compare(session.history(), 3, good).expect("both exist");
        assert_eq!((both.shared, both.sides[0].moment), (3, 3));
        assert!(!both.fields.is_empty());
    }
}
