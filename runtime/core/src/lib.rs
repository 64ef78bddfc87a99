//! The pure half of `temporal-entity`: values and diffs, versions, wire messages, and the four machines
//! (entity, person, hub, store).
//!
//! Nothing here reads a clock, draws a random number, waits or talks to anybody. A machine takes one input,
//! with the time as an argument, and hands out effects for its host to carry out, so that a test can run a
//! whole world of them in one thread.

pub mod codec;
mod digest;
pub mod entity;
pub mod field;
pub mod fnv;
pub mod hub;
pub mod json;
pub mod local;
pub mod message;
pub mod object;
pub mod overlay;
pub mod pace;
pub mod patch;
pub mod person;
pub mod schema;
pub mod sequence;
pub mod sorted;
pub mod steps;
pub mod storage;
pub mod store;
pub mod time;
pub mod typescript;
pub mod value;
