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
        0x6668_e48a_7b74_76ea,
        "#2pc/v1/AWPg5DRgZGLhAGEA2FQ",
    ),
    (
        "blocking window",
        include_str!("../traces/2pc/s07-blocking-window.txt"),
        0x3a60_8cbe_3c3f_f13a,
        "#2pc/v1/AAATEzABAgQeAAgpBCkEKhix6BcBDUQpBAEHCALPoA",
    ),
    (
        "half told",
        include_str!("../traces/2pc/s08-half-told-cooperative.txt"),
        0x1359_691c_4aa8_9fa6,
        "#2pc/v1/AAIGAggBCQklAQIDFwIGASFy6wcF60w",
    ),
    (
        "late yes",
        include_str!("../traces/2pc/s13-late-yes-with-f2.txt"),
        0xec7f_8c6a_0b05_4301,
        "#2pc/v1/AAICAwgBGxslGQsKASAKDAFZTAICAwMGBgECAwYJAgoKAQrEAwwCAgMGBgIGW-U",
    ),
    (
        "heuristic mixed",
        include_str!("../traces/2pc/s18-heuristic-mixed.txt"),
        0xff3e_4a83_1dd6_cc25,
        "#2pc/v1/AAEIARISJQECAxcABiwwNCDvogMBAyEGAgYQDRAOtW4",
    ),
    (
        "calls itself",
        include_str!("../traces/as-written/s03-calls-itself.txt"),
        0xe0a6_5f1d_1262_a1ec,
        "#as-written/v1/AWNkYObgUGVkBkMAF2M",
    ),
];

/// The digests of 60 steps of the random scheduler, folded into one, by seed.
const CHAOS: &[(u64, u64)] =
    &[(1, 0x66b4_b60a_cddf_78f2), (2, 0x99c8_9e66_0947_3a2c), (3, 0xa353_f2b1_7d6a_4df2)];

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
