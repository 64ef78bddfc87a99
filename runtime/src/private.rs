//! What generated code names. Not for people: it may change with every release.

mod callbacks;
mod edit;

pub use temporal_entity_core::entity::{Access, Config, Entity, Invalid, Migration, Retain};
pub use temporal_entity_core::field::{
    Add, Atomic, By, Change, Counter, EntityField, EntityValue, KeyField, Keyed, KeyedField,
    KeyedPatch, MapKey, Merge, Misfit, NamedField, Never, Normal, Patch, PatchReader, PatchWriter,
    Plain, SetPatch, Text, TextPatch, key_field, key_of, named, patch_change,
};
pub use temporal_entity_core::patch::Overlaps;
pub use temporal_entity_core::schema::{
    EnumKind, FieldSchema, Kind, Published, ShapeError, StructFields, StructKind, UnionKind,
    VariantContent, VariantSchema,
};
pub use temporal_entity_core::time::Granularity;
pub use temporal_entity_core::typescript;
pub use temporal_entity_core::value::{Key, Value};
pub use temporal_entity_macros::__TemporalEntity;

pub use self::callbacks::*;
pub use self::edit::*;
#[cfg(not(target_family = "wasm"))]
pub use crate::lock::{check::check as check_lock, steps::Locked};

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

/// The change of a newtype, from that of what is in it.
pub fn wrapped<T, N, P>(change: Option<Change<T, P>>, wrap: fn(T) -> N) -> Option<Change<N, P>> {
    change.map(|change| match change {
        Change::Set(value) => Change::Set(wrap(value)),
        Change::Patch(patch) => Change::Patch(patch),
    })
}

/// Asks whether `T` can be the type of a field.
pub const fn assert_field<T: EntityField>() {}

/// A type that can stand beside the tag of an enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand beside the tag of an enum",
    label = "no struct",
    note = "only the fields of a struct fit beside a tag: give what the variants hold a key of its own, as in\n\
            `#[serde(tag = \"kind\", content = \"value\")]`"
)]
pub trait BesideTag: StructFields {}

impl<T: StructFields> BesideTag for T {}

/// Stops the build where a struct beside a tag has a field of that name.
#[allow(clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // as below
pub const fn beside_tag<T: BesideTag>(tag: &str) {
    let mut at = 0;
    while at < T::FIELDS.len() {
        if same_text(T::FIELDS[at].name, tag) {
            panic!("a field of this struct has the name of the enum's tag on the wire");
        }
        at += 1;
    }
}

/// Stops the build where the macros are of another version than this crate.
#[allow(clippy::panic)] // Evaluated by the compiler only, and the way to give it a message.
pub const fn assert_version(of_macros: &str) {
    assert!(
        same_text(env!("CARGO_PKG_VERSION"), of_macros),
        "`temporal-entity` and `temporal-entity-macros` are of different versions: run `cargo update`"
    );
}

const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut same = a.len() == b.len();
    let mut at = 0;
    while same && at < a.len() {
        #[allow(clippy::indexing_slicing)] // `at` is below both lengths
        {
            same = a[at] == b[at];
        }
        #[allow(clippy::arithmetic_side_effects)] // it stays below a length
        {
            at += 1;
        }
    }
    same
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
