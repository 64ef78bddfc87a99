//! From syntax to model. Rules about one attribute live here; rules about several things at once are in `check`.

mod case;
mod container;
mod docs;
mod entity;
mod field;
mod granularity;
mod lines;
mod normalize;
mod options;
mod ping;
mod policy;
mod quota;
mod retain;
mod serde;
pub mod settings;
mod shape;
mod step;
mod types;
mod variant;

pub use case::capitalized;
pub use container::{entity, field_type};
