//! The protocols there are. Adding one is a file here, a line in [`ALL`], and its words in `www/i18n`.

pub mod as_written;
mod client;
pub mod lamport_two_phase;
pub mod resend;
pub mod two_phase;

use crate::protocol::{Meta, Role};
use crate::sim::{Machine, Setup, World};

/// A protocol as the registry knows it.
pub struct Protocol {
    /// Its description.
    pub meta: fn() -> &'static Meta,
    build: fn(Setup) -> Box<dyn Machine>,
}

const fn entry<R: Role>() -> Protocol {
    Protocol { meta: R::meta, build: |setup| Box::new(World::<R>::new(setup)) }
}

/// Something to be done with the code of a protocol whose id is known only when it runs.
pub trait Visit {
    /// What comes of it.
    type Out;
    /// Does it.
    fn role<R: Role>(self) -> Self::Out;
}

macro_rules! registry {
    ($($role:ty),+ $(,)?) => {
        /// Every protocol, in the order in which it is offered.
        pub static ALL: &[Protocol] = &[$(entry::<$role>()),+];

        /// Does something with the code of the protocol with this id; `None` if there is no such protocol.
        /// What nobody visits is not in the program: the page carries no search.
        pub fn visit<V: Visit>(id: &str, visit: V) -> Option<V::Out> {
            $(if <$role as Role>::meta().id == id {
                return Some(visit.role::<$role>());
            })+
            None
        }
    };
}

registry![two_phase::TwoPhase, lamport_two_phase::LamportTwoPhase, as_written::AsWritten, resend::Resend];

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
    let protocol = find(setup.protocol).expect("a setup names a protocol that exists");
    (protocol.build)(setup)
}
