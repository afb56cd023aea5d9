//! Worlds from words, for tests.

use indoubt::protocols;
use indoubt::sim::{RULES, Setup};

/// Two-phase commit from `key=value` words, protocol parameters and rules alike.
pub fn setup(words: &str) -> Setup {
    of("2pc", words)
}

/// Any protocol from `key=value` words.
pub fn of(id: &str, words: &str) -> Setup {
    let protocol = protocols::find(id).expect("registered");
    let mut setup = protocol.setup();
    for word in words.split_whitespace() {
        let (key, value) = word.split_once('=').expect("key=value");
        let meta = (protocol.meta)();
        if let Some((at, spec)) = meta.param(key) {
            assert!(setup.params.set(meta.params, at, spec.parse(value).expect(word)), "{word}");
        } else {
            let at = RULES.iter().position(|r| r.key == key).expect(word);
            assert!(setup.rules.set(RULES, at, RULES[at].parse(value).expect(word)), "{word}");
        }
    }
    setup
}
