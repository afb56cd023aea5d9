//! Digests of worlds and links of runs that must be the same on every platform. Native tests and tests in a
//! browser include this file and call [`check`].

use indoubt::link;
use indoubt::run::{Chaos, History, Mood};
use indoubt::{protocols, script};

/// A script, the digest of the world that it ends in, and a link of its run as version 1 wrote it.
type Pinned = (&'static str, &'static str, u64, &'static str);

const SCRIPTS: &[Pinned] = &[
    (
        "happy path",
        include_str!("../traces/2pc/s04-happy-path.txt"),
        0x7232_e597_b99a_fe8a,
        "#2pc/v1/AAAJCTABAgQI1z0BAgQIK8I",
    ),
    (
        "blocking window",
        include_str!("../traces/2pc/s07-blocking-window.txt"),
        0x6c5c_5164_05b5_616f,
        "#2pc/v1/AAATEzABAgQe_XkACCkEKQQqGLHoFwENRCkEAQe4DwgCz6A",
    ),
    (
        "half told",
        include_str!("../traces/2pc/s08-half-told-cooperative.txt"),
        0x5e69_1be4_83c4_a4f0,
        "#2pc/v1/AAIGAggBCQklbHEBAgMXAgYBIXLrBwXrTA",
    ),
    (
        "late yes",
        include_str!("../traces/2pc/s13-late-yes-with-f2.txt"),
        0x812d_9934_3458_5a0d,
        "#2pc/v1/AAICAwgBGxsloAUZCwoBIAoMAVlMAgIDAwYGAQJU1wMGCQIKCgEKxAMMAgIDBgYCBlvl",
    ),
    (
        "heuristic mixed",
        include_str!("../traces/2pc/s18-heuristic-mixed.txt"),
        0x6664_ca0c_2b81_4a8d,
        "#2pc/v1/AAEIARISJQECtGgDFwAGLDA0IO-iAwEDIQYCBhDhaA0QDrVu",
    ),
    (
        "calls itself",
        include_str!("../traces/as-written/s03-calls-itself.txt"),
        0x7298_4943_75d3_04dc,
        "#as-written/v1/AAEAAwgIJQEDGvoBAwEDAfbd",
    ),
];

/// The digests of 60 steps of the random scheduler, folded into one, by seed.
const CHAOS: &[(u64, u64)] =
    &[(1, 0x2f8c_c0f2_2004_7684), (2, 0x12b4_ca18_debd_cbca), (3, 0x4551_85a0_e903_097d)];

/// Compares everything that is pinned with what this program computes. A difference between platforms is a
/// bug; a difference on all of them means that states are written in another way than before, or that the
/// random scheduler chooses otherwise. A link that no longer opens is always a bug: there are others like it.
pub fn check() {
    let mut wrong = Vec::new();
    for (name, text, digest, address) in SCRIPTS {
        let loaded = script::load(text).expect("a script with a world");
        assert_eq!(loaded.error, None, "{name}");
        let found = loaded.history.run().machine().digest();
        if found != *digest {
            wrong.push(format!("{name}: 0x{found:016x}"));
        }
        let written = link::encode(&loaded.history);
        for address in [written.as_str(), *address] {
            let opened = link::open(address).expect("a link").expect("not empty");
            assert_eq!(opened.damage, None, "{name}");
            assert_eq!(opened.history.run().machine().digest(), found, "{name}: {address}");
        }
    }
    for (seed, digest) in CHAOS {
        let found = chaos(*seed);
        if found != *digest {
            wrong.push(format!("seed {seed}: 0x{found:016x}"));
        }
    }
    assert!(wrong.is_empty(), "not as pinned:\n{}", wrong.join("\n"));
}

fn chaos(seed: u64) -> u64 {
    let mut chaos = Chaos::new(seed, Mood::Wild, 20);
    let mut history = History::new(protocols::build(protocols::ALL[0].setup()));
    let mut fold = 0;
    for _ in 0..60 {
        let Some(step) = chaos.next(history.run()) else { break };
        history.act(&step).expect("a scheduler offers only what is enabled");
        fold = u64::rotate_left(fold, 7) ^ history.run().machine().digest();
    }
    fold
}
