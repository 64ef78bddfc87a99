//! What must hold of any input, one module for each fuzz target.

pub mod apply;
pub mod codec;
