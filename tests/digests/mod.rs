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
        0xa159_3f34_d745_c1aa,
        "#2pc/v1/AAAJCTABAgQI1z0BAgQIK8I",
    ),
    (
        "blocking window",
        include_str!("../traces/2pc/s07-blocking-window.txt"),
        0x0296_6589_e654_e654,
        "#2pc/v1/AAATEzABAgQe_XkACCkEKQQqGLHoFwENRCkEAQe4DwgCz6A",
    ),
    (
        "half told",
        include_str!("../traces/2pc/s08-half-told-cooperative.txt"),
        0xfcbd_4b1f_d00e_4678,
        "#2pc/v1/AAIGAggBCQklbHEBAgMXAgYBIXLrBwXrTA",
    ),
    (
        "late yes",
        include_str!("../traces/2pc/s13-late-yes-with-f2.txt"),
        0x077c_d586_f7d9_5f5d,
        "#2pc/v1/AAICAwgBGxsloAUZCwoBIAoMAVlMAgIDAwYGAQJU1wMGCQIKCgEKxAMMAgIDBgYCBlvl",
    ),
    (
        "heuristic mixed",
        include_str!("../traces/2pc/s18-heuristic-mixed.txt"),
        0xbce3_3e90_bf9b_21bd,
        "#2pc/v1/AAEIARISJQECtGgDFwAGLDA0IO-iAwEDIQYCBhDhaA0QDrVu",
    ),
    (
        "calls itself",
        include_str!("../traces/as-written/s03-calls-itself.txt"),
        0xd1f4_168d_1cdf_fbec,
        "#as-written/v1/AAEAAwgIJQEDGvoBAwEDAfbd",
    ),
];

/// The digests of 60 steps of the random scheduler, folded into one, by seed.
const CHAOS: &[(u64, u64)] =
    &[(1, 0xe971_9e79_f46b_4d9d), (2, 0x399d_ab77_af4c_7eba), (3, 0x68fb_b340_f8ba_959f)];

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
