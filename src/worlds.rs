//! What is at stake: the data that protocols work on, shared by those that work on the same.

pub mod bank;
pub mod ticket;
