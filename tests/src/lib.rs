//! What the tests and benchmarks share.

pub mod notation;
pub mod notes;
pub mod transcript;
