//! What an answer of the explorer assumes: every bound in a plain sentence, so that "none" is never read as
//! more than it says.

use super::{counted, faults};
use crate::explore::{Cond, Fault, Question};
use crate::protocol::{ParamKind, ParamSpec};
use crate::sim::{Scene, Setup};
use crate::text::Text;

/// Everything that an answer assumes. `scene` is where the search starts, `moment` how many steps led there;
/// `question` has the budget that the world's own rules leave.
pub fn given(setup: &Setup, scene: &Scene, question: &Question, moment: usize) -> Vec<Text> {
    let budget = &question.budget;
    let nodes = scene.nodes.iter().map(|n| n.name.clone());
    let mut all = vec![match moment {
        0 => Text::new("explore.given.beginning").words("who", nodes),
        n => Text::new("explore.given.moment").words("who", nodes).number("n", n as i64),
    }];
    all.extend(params(setup, scene));
    let there: Vec<Fault> = faults(scene).filter(|f| !apart(*f)).collect();
    let some =
        |wanted: fn(u8) -> bool| there.iter().copied().filter(move |f| budget.of(*f).is_some_and(wanted));
    let list = |key: &str, what: Vec<Text>| (!what.is_empty()).then(|| Text::new(key).texts("what", what));
    let kind = |f: &Fault| Text::new(format!("explore.fault.{}", f.key()));
    all.extend(list(
        "explore.given.most",
        some(|n| n > 0).map(|f| counted(f, budget.of(f).unwrap_or(0))).collect(),
    ));
    all.extend(list(
        "explore.given.any",
        there.iter().filter(|f| budget.of(**f).is_none()).map(kind).collect(),
    ));
    all.extend(list("explore.given.none", some(|n| n == 0).map(|f| kind(&f)).collect()));
    if budget.of(Fault::Crashes) != Some(0) {
        all.extend(budget.repairs.then(|| Text::new("explore.given.recover")));
        all.push(match budget.of(Fault::Tails) {
            Some(0) => Text::new("explore.given.tails-kept"),
            Some(n) => Text::new("explore.given.tails-some").number("n", i64::from(n)),
            None => Text::new("explore.given.tails-any"),
        });
    }
    all.extend((!budget.repairs).then(|| Text::new("explore.given.no-repairs")));
    all.push(match budget.of(Fault::Early) {
        _ if no_timeouts(question) => Text::new("explore.given.no-timeouts"),
        Some(0) => Text::new("explore.given.timers-never"),
        Some(n) => Text::new("explore.given.timers-some").number("n", i64::from(n)),
        None => Text::new("explore.given.timers-any"),
    });
    all.extend(setup.kept().then(|| Text::new("explore.given.kept")));
    all.push(Text::new(if setup.down_keeps() {
        "explore.given.down-keeps"
    } else {
        "explore.given.down-loses"
    }));
    all.push(Text::new("explore.given.copies").number("n", i64::from(budget.copies)));
    let torn = budget.of(Fault::Crashes) != Some(0) && question.any_order();
    all.extend(torn.then(|| Text::new("explore.given.any-order")));
    all.extend(budget.depth.map(|n| Text::new("explore.given.depth").number("n", i64::from(n))));
    all.extend(question.symmetry.then(|| Text::new("explore.given.symmetry")));
    all
}

/// Who takes part, what may go wrong and how far was looked, as short as can be: to tell answers apart.
pub fn brief(scene: &Scene, question: &Question, moment: usize) -> Text {
    let budget = &question.budget;
    let some = faults(scene).filter(|f| !apart(*f) && budget.of(*f) != Some(0));
    let mut what: Vec<_> = some
        .map(|f| match budget.of(f) {
            Some(n) => counted(f, n),
            None => {
                Text::new("explore.brief.any").text("what", Text::new(format!("explore.fault.{}", f.key())))
            }
        })
        .collect();
    if what.is_empty() {
        what.push(Text::new("explore.brief.calm"));
    }
    let numbered = |key: &str, n: usize| Text::new(key).number("n", n as i64);
    what.extend((moment > 0).then(|| numbered("explore.brief.moment", moment)));
    what.extend(budget.depth.map(|n| numbered("explore.brief.depth", n.into())));
    what.extend(question.any_order.then(|| Text::new("explore.brief.any-order")));
    what.extend(question.symmetry.then(|| Text::new("explore.brief.symmetry")));
    let who = scene.nodes.iter().map(|n| n.name.clone());
    Text::new("explore.brief").words("who", who).texts("what", what)
}

/// How many nodes there are and what may go wrong, for the sentence that says what a search has come to. Crashes and
/// losses are spoken of even where there are none.
pub fn under(scene: &Scene, question: &Question) -> Text {
    let always = |f: &Fault| matches!(f, Fault::Crashes | Fault::Drops);
    let what = faults(scene).filter(|f| always(f) || !apart(*f) && question.budget.of(*f) != Some(0));
    let what = what.map(|f| match (f, question.budget.of(f)) {
        (_, None) => {
            Text::new("explore.brief.any").text("what", Text::new(format!("explore.fault.{}", f.key())))
        }
        (Fault::Crashes, Some(n)) => {
            Text::new(if n == 0 { "explore.under.no-crash" } else { "explore.under.crash" })
                .number("n", i64::from(n))
        }
        (Fault::Drops, Some(0)) => Text::new("explore.under.no-loss"),
        (_, Some(n)) => counted(f, n),
    });
    let nodes = Text::new("explore.under.nodes").number("n", scene.nodes.len() as i64);
    let alike = question.symmetry.then(|| Text::new("explore.brief.symmetry"));
    Text::new("explore.under").texts("what", std::iter::once(nodes).chain(what).chain(alike).collect())
}

/// Whether a fault has a sentence of its own.
fn apart(fault: Fault) -> bool {
    matches!(fault, Fault::Tails | Fault::Early)
}

/// AC4 speaks of runs without any suspicion, so its search leaves timeouts out.
fn no_timeouts(question: &Question) -> bool {
    question.goal.contains(&Cond::Broken("ac4".into()))
}

/// What the reader chose of the protocol: every choice, and whatever is not as usual.
fn params(setup: &Setup, scene: &Scene) -> Option<Text> {
    let meta = scene.meta;
    // Who takes part is said already.
    let people = |spec: &ParamSpec| matches!(spec.kind, ParamKind::Range(..));
    let specs = meta.params.iter().zip(setup.params.values()).filter(|(s, _)| !people(s));
    let told = specs.filter_map(|(spec, value)| {
        let title = || Text::new(format!("{}.param.{}", meta.id, spec.key));
        match spec.kind {
            ParamKind::Choice(words) => {
                Some(Text::new(format!("{}.short.{}.{}", meta.id, spec.key, words[usize::from(*value)])))
            }
            _ if *value == spec.default => None,
            ParamKind::Switch if *value == 1 => Some(title()),
            ParamKind::Switch => Some(Text::new("explore.given.off").text("what", title())),
            _ => {
                let value = spec.print(*value, scene.voters().count());
                Some(Text::new("explore.given.value").text("what", title()).word("value", value))
            }
        }
    });
    let told: Vec<_> = told.collect();
    (!told.is_empty()).then(|| Text::new("explore.given.params").texts("what", told))
}
