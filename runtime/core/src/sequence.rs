//! What changes in something ordered: the characters of a text, the elements of a list, the keys of a keyed list.

pub mod keyed;
pub mod list;
pub mod lookup;
pub mod order;
mod script;
pub mod splice;
pub mod text;
pub mod wire;

pub use script::{Hunk, script};
