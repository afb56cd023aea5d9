//! What a world is called by its parameters.

use crate::protocol::{Meta, ParamKind};
use crate::sim::Setup;
use crate::text::Text;

/// The protocol, what it was chosen for, and whatever else is not as usual.
pub fn title(meta: &Meta, setup: &Setup) -> Vec<Text> {
    let mut words = vec![Text::new(format!("{}.name", meta.id))];
    let mut first = true;
    for (at, spec) in meta.params.iter().enumerate() {
        let value = setup.params.get(at);
        match spec.kind {
            ParamKind::Choice(_) if std::mem::take(&mut first) || value != spec.default => {
                words.push(Text::new(format!("{}.short.{}.{}", meta.id, spec.key, spec.print(value, 8))));
            }
            _ if value == spec.default => {}
            ParamKind::Switch if value == 1 => {
                words.push(Text::new(format!("{}.param.{}", meta.id, spec.key)))
            }
            ParamKind::Switch => words.push(Text::new(format!("{}.short.{}.off", meta.id, spec.key))),
            ParamKind::Range(..) | ParamKind::Limit(_) => {
                let name = Text::new(format!("{}.param.{}", meta.id, spec.key));
                words.push(Text::new("title.number").text("param", name).word("n", spec.print(value, 8)));
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::protocols;
    use crate::script;

    fn of(world: &str) -> String {
        let loaded = script::load(world).expect("a script");
        let setup = &loaded.setup;
        let meta = (protocols::find(setup.protocol).expect("a protocol").meta)();
        title(meta, setup).iter().map(|t| Lang::En.say(t)).collect::<Vec<_>>().join(" · ")
    }

    #[test]
    fn what_is_as_usual_is_not_said_but_for_what_the_protocol_is_chosen_for() {
        assert_eq!(of("world 2pc\n"), "Two-phase commit · presumed abort");
        assert_eq!(of("world idempotency-key\n"), "Idempotency-Key · as in the HTTP draft");
        let other = of("world idempotency-key handler=fails-before keys=none\n");
        assert_eq!(
            other,
            "Idempotency-Key · as in the HTTP draft · a handler that fails before the effect · no keys"
        );
        assert_eq!(of("world lock lease=off\n"), "Lock server · queue, lease, token · no lease");
        assert_eq!(of("world resend seats=1\n"), "Requests sent again · no strategy · Seats: 1");
        for protocol in protocols::ALL {
            let meta = (protocol.meta)();
            assert!(title(meta, &protocol.setup()).len() <= 2, "{}", meta.id);
        }
    }
}
