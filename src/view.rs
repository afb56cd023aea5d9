//! What there is to see, as plain data: for the screen, the command line and tests alike.

mod plot;

pub use plot::{Column, InFlight, Plot};
