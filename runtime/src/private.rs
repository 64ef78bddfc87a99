//! What generated code names. Not for people: it may change with every release.

pub use temporal_entity_core::entity::{Access, Config, Entity};
pub use temporal_entity_core::field::{
    Change, EntityField, EntityValue, Misfit, Never, Patch, PatchReader, PatchWriter, patch_change,
};
pub use temporal_entity_core::schema::{
    EnumKind, FieldSchema, Kind, ShapeError, StructFields, StructKind,
};
pub use temporal_entity_core::time::Granularity;
pub use temporal_entity_core::typescript;
pub use temporal_entity_core::value::Value;
pub use temporal_entity_macros::__TemporalEntity;

#[cfg(feature = "server")]
pub use crate::server;

/// The browser's half.
#[cfg(feature = "client")]
pub mod client {
    pub use temporal_entity_client::{Store, open};
    pub use wasm_bindgen;
}

/// A field that is kept off the wire, and is made anew in each copy.
#[diagnostic::on_unimplemented(
    message = "a skipped field of type `{Self}` cannot be made anew",
    label = "has no `Default`",
    note = "add `#[derive(Default)]` to the type, or `default = \"function\"` beside the `skip`"
)]
pub trait Rebuilt {
    /// The value in a copy.
    fn rebuild() -> Self;
}

impl<T: Default> Rebuilt for T {
    fn rebuild() -> T {
        T::default()
    }
}

/// Stops the build where the macros are of another version than this crate.
#[allow(clippy::panic)] // Evaluated by the compiler only, and the way to give it a message.
pub const fn assert_version(of_macros: &str) {
    let (ours, theirs) = (env!("CARGO_PKG_VERSION").as_bytes(), of_macros.as_bytes());
    let mut same = ours.len() == theirs.len();
    let mut at = 0;
    while same && at < ours.len() {
        #[allow(clippy::indexing_slicing)] // `at` is below both lengths
        {
            same = ours[at] == theirs[at];
        }
        #[allow(clippy::arithmetic_side_effects)] // it stays below a length
        {
            at += 1;
        }
    }
    assert!(
        same,
        "`temporal-entity` and `temporal-entity-macros` are of different versions: run `cargo update`"
    );
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_macros_have_our_version() {
        super::assert_version(env!("CARGO_PKG_VERSION"));
    }

    #[test]
    #[should_panic(expected = "are of different versions")]
    fn other_macros_are_refused() {
        super::assert_version("0.0.0");
    }
}
