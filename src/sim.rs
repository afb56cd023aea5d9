//! The simulated world: nodes, network, failures, and the record of what nobody can take back.
//!
//! The world is untimed. It says what can happen next ([`Machine::choices`]) and does one thing at a
//! time ([`Machine::apply`]); which thing is a scheduler's or a reader's business. Equal worlds are
//! equal by whatever path they were reached: nothing in a [`World`] counts or numbers what happened.

mod facts;
mod local;
mod machine;
mod network;
mod rules;
mod scene;
mod step;
mod world;

pub use facts::Facts;
pub(crate) use local::{Cast, Cause, Local, finish, in_any_order, run, wipe};
pub use machine::{Choice, Entered, Lost, Machine, Recovery, Report, Said, Shown, Taken, TakenHow};
pub(crate) use network::{Flight, Network};
pub use network::{LINK_LIMIT, Link};
pub use rules::{RULES, Rule, Setup};
pub use scene::{Actor, Flying, Life, Scene, Slip};
pub use step::{Act, FaultKind, MsgRef, Refusal, Step, Tail, Torn};
pub(crate) use world::Parts;
pub use world::World;
