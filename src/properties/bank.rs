//! Money is conserved.

use super::{State, Verdict};
use crate::protocol::{Outcome, Stance};
use crate::sim::Scene;
use crate::text::Text;

/// What a bank holds, in whole units.
pub struct Sum {
    /// What committed transactions left in all accounts.
    pub balance: i32,
    /// What is on its way: the changes that others will still make because somebody already made theirs.
    pub on_the_way: i32,
    /// What there should be: the opening balances and what clients put in themselves.
    pub expected: i32,
}

/// Adds up all accounts; `None` if there are none.
pub fn sum(scene: &Scene) -> Option<Sum> {
    let accounts = || scene.nodes.iter().flat_map(|n| n.status.accounts.iter().map(move |a| (n, a)));
    accounts().next()?;
    // Any change that was applied counts, so an atomic transfer owes the rest of itself from then on.
    let begun =
        accounts().any(|(n, _)| n.status.stance == Stance::Committed && n.facts.decided(Outcome::Commit));
    let open = |s: Stance| matches!(s, Stance::Working | Stance::InDoubt);
    let on_the_way = accounts().filter(|(n, _)| begun && open(n.status.stance)).map(|(_, a)| a.pending).sum();
    Some(Sum {
        balance: accounts().map(|(_, a)| a.balance).sum(),
        on_the_way,
        expected: accounts().map(|(_, a)| a.opening + a.deposited).sum(),
    })
}

/// Conservation: balances and what is on its way add up to what there was; no account is overdrawn.
pub fn money(scene: &Scene) -> Verdict {
    let Some(sum) = sum(scene) else {
        return Verdict::new("money", State::Untested, Vec::new(), own(scene, "prop.money.none"));
    };
    let overdrawn =
        |id: &crate::protocol::NodeId| scene.node(*id).status.accounts.iter().any(|a| a.balance < 0);
    let who: Vec<_> = scene.ids().filter(overdrawn).collect();
    let text = |key| {
        own(scene, key)
            .number("balance", sum.balance)
            .number("way", sum.on_the_way)
            .number("expected", sum.expected)
            .number("total", sum.balance + sum.on_the_way)
    };
    if sum.balance + sum.on_the_way != sum.expected {
        let holders = scene.ids().filter(|id| !scene.node(*id).status.accounts.is_empty()).collect();
        return Verdict::new("money", State::Violated, holders, text("prop.money.wrong"));
    }
    if !who.is_empty() {
        return Verdict::new("money", State::Violated, who, text("prop.money.overdrawn"));
    }
    let key = if sum.on_the_way == 0 { "prop.money.ok" } else { "prop.money.on-the-way" };
    Verdict::new("money", State::Holds, Vec::new(), text(key))
}

/// In the protocol's own words, if it has any for this.
fn own(scene: &Scene, key: &str) -> Text {
    Text::new(format!("{}.{key}", scene.meta.id))
}

#[cfg(test)]
mod tests {
    use crate::i18n::Lang;
    use crate::script;

    /// A shop has no accounts, and neither has a directory.
    #[test]
    fn what_is_conserved_is_told_in_the_words_of_its_world() {
        let reason = |steps: &str| {
            let loaded = script::load(steps).expect("a script");
            assert_eq!(loaded.error, None);
            let verdicts = &loaded.history.run().now().verdicts;
            let money = verdicts.iter().find(|v| v.id == "money").expect("a verdict");
            Lang::En.say(&money.reason)
        };
        let oversold = reason(include_str!("../../www/tales/at-once.txt"));
        assert_eq!(oversold, "In stock and sold there are **7** together, where there were **5**.");
        assert_eq!(reason("world rename\n"), "Entries for f: 1, and there should be 1.");
        assert_eq!(reason("world 2pc\n"), "200 of 200.");
    }
}
