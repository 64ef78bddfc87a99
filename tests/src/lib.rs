//! What the tests and benchmarks share: the real server in a process, and a client for its sockets.

pub mod attacks;
pub mod bench;
pub mod chance;
pub mod client;
pub mod control;
pub mod faulty;
pub mod notation;
pub mod notes;
pub mod transcript;
pub mod workerd;
