//! What `cargo xtask bench micro` measures of ours: one list of contenders, which its program runs natively and Node
//! runs as wasm.

mod contender;
mod ours;
mod value;
#[cfg(target_family = "wasm")]
mod wasm;

pub use contender::{Contender, Group};
pub use ours::{built_diff, ours, turns, typed_diff};
pub use value::{doc, edited};

/// The opt-level that this package was built with, and with it all generic code that it instantiates.
pub const OPT_LEVEL: &str = env!("BENCH_OPT_LEVEL");
