//! Why a question cannot be answered, in words.

use crate::explore::{Trouble, Unlike};
use crate::properties::title;
use crate::sim::Scene;
use crate::text::Text;

/// Says what is wrong with a question, and what could be asked instead.
pub fn trouble(trouble: &Trouble, scene: &Scene) -> Text {
    match trouble {
        Trouble::Budget { key, found, range } => {
            let known = key != "copies";
            let what = if known { format!("explore.fault.{key}") } else { "explore.copies".into() };
            Text::new("explore.trouble.budget")
                .text("what", Text::new(what))
                .number("found", i64::from(*found))
                .number("least", i64::from(range.0))
                .number("most", i64::from(range.1))
        }
        Trouble::Property { id, possible } => {
            let short: String = id.chars().take(40).flat_map(char::escape_debug).collect();
            Text::new("explore.trouble.property")
                .word("id", short)
                .words("possible", possible.iter().cloned())
        }
        Trouble::Promise { id } => Text::new("explore.trouble.promise").text("what", title(scene.meta, id)),
        Trouble::Node { node } => {
            let names = scene.nodes.iter().map(|n| n.name.clone());
            Text::new("explore.trouble.node").number("node", i64::from(*node)).words("names", names)
        }
        Trouble::World => Text::new("explore.trouble.world"),
        Trouble::Start { step } => Text::new("explore.trouble.start").number("step", *step as i64),
        Trouble::Symmetry { why } => Text::new(match why {
            Unlike::Nobody => "explore.trouble.symmetry.nobody",
            Unlike::Question => "explore.trouble.symmetry.question",
            Unlike::Steps => "explore.trouble.symmetry.steps",
        }),
        Trouble::TooWide => Text::new("explore.trouble.wide"),
        Trouble::Ordered => Text::new("explore.trouble.ordered"),
    }
}
