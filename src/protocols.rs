//! The protocols there are. Adding one is a file here, a line in [`ALL`], and its words in `www/i18n`. What it
//! is about ([`Meta::family`]) it says itself.

pub mod as_written;
pub mod buy_goods;
pub mod cache;
mod client;
pub mod data_sync;
pub mod downstream;
pub mod idempotency_key;
pub mod kafka_producer;
pub mod lamport_two_phase;
pub mod lock_server;
mod numbered;
pub mod partitioning;
pub mod queue;
pub mod raft_session;
pub mod rename;
pub mod resend;
pub mod rifl;
pub mod two_phase;

use crate::protocol::{Code, Meta, Renaming, Role};
use crate::sim::{Machine, Setup, World};

/// A protocol as the registry knows it.
pub struct Protocol {
    /// Its description.
    pub meta: fn() -> &'static Meta,
    code: Code,
}

const fn entry<R: Role>() -> Protocol {
    Protocol { meta: R::meta, code: Code::of::<R>() }
}

macro_rules! registry {
    ($($role:ty),+ $(,)?) => {
        /// Every protocol, in the order in which it is offered.
        pub static ALL: &[Protocol] = &[$(entry::<$role>()),+];

        /// How each of them gives nodes other names.
        static RENAMINGS: &[Renaming] = &[$(Renaming::of::<$role>()),+];
    };
}

registry![
    two_phase::TwoPhase,
    lamport_two_phase::LamportTwoPhase,
    as_written::AsWritten,
    resend::Resend,
    idempotency_key::IdempotencyKey,
    downstream::Downstream,
    raft_session::RaftSession,
    rifl::Rifl,
    kafka_producer::Kafka,
    lock_server::LockServer,
    queue::Queue,
    cache::Caching,
    partitioning::Partitioning,
    buy_goods::BuyGoods,
    rename::Rename,
    data_sync::DataSync,
];

/// The protocols by what they are about ([`Meta::family`]): families and protocols in the order of [`ALL`].
pub fn families() -> Vec<(&'static str, Vec<&'static Protocol>)> {
    let mut all: Vec<(&str, Vec<&Protocol>)> = Vec::new();
    for protocol in ALL {
        let family = (protocol.meta)().family;
        match all.iter_mut().find(|(word, _)| *word == family) {
            Some((_, members)) => members.push(protocol),
            None => all.push((family, vec![protocol])),
        }
    }
    all
}

/// The protocol with this id.
pub fn find(id: &str) -> Option<&'static Protocol> {
    ALL.iter().find(|p| (p.meta)().id == id)
}

impl Protocol {
    /// The setup with every default.
    pub fn setup(&self) -> Setup {
        Setup::new((self.meta)())
    }
}

/// Builds a world. The setup must name a protocol that exists, which every [`Setup`] from
/// [`Protocol::setup`] does.
pub fn build(setup: Setup) -> Box<dyn Machine> {
    Box::new(world(setup))
}

/// The same, for who takes it apart.
pub(crate) fn world(setup: Setup) -> World {
    let protocol = find(setup.protocol).expect("a setup names a protocol that exists");
    World::new(&protocol.code, setup)
}

/// How the protocol of a setup gives nodes other names.
pub(crate) fn renaming(setup: &Setup) -> &'static Renaming {
    let place = ALL.iter().position(|p| (p.meta)().id == setup.protocol);
    &RENAMINGS[place.expect("a setup names a protocol that exists")]
}
