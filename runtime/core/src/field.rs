//! What a field of an entity must be able to do, and the typed form of a change.
//!
//! # Wire form of a patch
//! A patch says what changes in a value, and describes itself: who has no Rust type can apply it.
//!
//! | form | what it does |
//! |---|---|
//! | a scalar: number, string, bytes, boolean, null, tagged value | replaces what was there |
//! | a map | goes inside: each key names a field of a struct or a key of a map, its value is the patch for that |
//! | `[0, value]` | replaces, also by a map or an array |
//! | `[1]` | removes an entry of a map, or an element of a keyed list |
//! | `[2, at, removed, inserted, ...]` | splices a text or a list; places count before the change |
//! | `[3, [comes...], [leaves...]]` | changes a set by its elements |
//! | `[4, number]` | adds to an integer |
//! | `[5, name, {key: patch}, [[anchor, key...]...]]` | changes a list whose elements have the key `name` |
//!
//! So `{"title": "New", "limits": {"doing": 3, "done": [1]}}` changes one field, sets one entry of a map and
//! removes another. Replace, remove, set to null and set to empty stay distinct.
//!
//! # Laws
//! `apply(a, diff(a, b))` gives `b`; `diff(a, a)` is `None`; applying what `apply` returned undoes it; what
//! `compose` gives does at once what two changes do in turn; changes that do not overlap commute.

mod by;
mod bytes;
mod change;
mod counter;
mod id;
mod json;
mod keyed;
mod list;
mod map;
mod merge;
mod misfit;
mod normal;
mod option;
mod scalar;
mod set;
mod text;
mod timestamp;

use ciborium::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::patch::Overlaps;
use crate::schema::{Kind, ShapeError};

pub use self::by::{By, KeyField, KeyedField, NamedField, key_field, named};
pub use self::bytes::Bytes;
pub use self::change::{Change, Patch, PatchReader, PatchWriter, patch_change};
pub use self::counter::{Add, Counter};
pub use self::id::EntityId;
pub use self::json::JsonChange;
pub use self::keyed::{ElementKey, Keyed, KeyedPatch, key_of};
pub use self::list::ListPatch;
pub use self::map::{MapKey, MapPatch};
pub use self::merge::{Atomic, Merge, Plain};
pub use self::misfit::Misfit;
pub use self::normal::Normal;
pub use self::scalar::Never;
pub use self::set::SetPatch;
pub use self::text::{Text, TextPatch};
pub use self::timestamp::Timestamp;

/// Serde's two halves, which every field needs for the wire and the disk.
pub trait EntityValue: Serialize + DeserializeOwned {}

impl<T: Serialize + DeserializeOwned> EntityValue for T {}

/// A type that a field of an entity may have.
///
/// Derive it for structs and enums of your own with `#[derive(EntityField)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a temporal entity",
    label = "not a field type",
    note = "fields hold bool, integers up to 64 bits, f32, f64, String, Bytes, Timestamp, EntityId, Option, Vec,\n\
            BTreeMap, BTreeSet, serde_json::Value, or a struct or enum of your own with #[derive(EntityField)]"
)]
pub trait EntityField: EntityValue + Sized + 'static {
    /// A change of a part of the value; [`Never`] for types that are only replaced whole.
    type Patch: Patch;

    /// The shape.
    const KIND: Kind;

    /// Whether two values are the same; floats by bits, but that all NaNs are one.
    fn same(&self, other: &Self) -> bool;

    /// A copy. (Not `Clone`, so that an entity needs no more derives than serde's.)
    fn copy(&self) -> Self;

    /// The change that leads from this value to `to`; `None` if they are the same.
    fn diff(&self, to: &Self) -> Option<Change<Self>> {
        if self.same(to) { None } else { Some(Change::Set(to.copy())) }
    }

    /// Whether `patch` can be applied to this value.
    ///
    /// # Errors
    /// The first part of `patch` that does not fit.
    fn fits(&self, patch: &Self::Patch) -> Result<(), Misfit>;

    /// Applies `patch` and returns the patch that undoes it, empty if nothing changed. Parts that do not
    /// [fit](EntityField::fits) are left alone: ask first.
    fn apply(&mut self, patch: Self::Patch) -> Self::Patch;

    /// What is left of a patch that fits this value without what changes nothing, and with what replaces a part turned
    /// into what differs in it.
    fn tighten(&self, patch: Self::Patch) -> Self::Patch {
        patch
    }

    // The lines of generated code for a field that names no policy; see `Merge` for those that do. They are methods of
    // this trait, and not of `Merge` for `Plain`, so that the compiler says the same about each line where the type of a
    // field does not fit, which is to say: it says it once.

    #[doc(hidden)]
    fn fits_change(&self, name: &str, change: &Option<Change<Self>>) -> Result<(), Misfit> {
        Plain::fits_change(self, name, change)
    }

    #[doc(hidden)]
    fn apply_change(&mut self, change: Option<Change<Self>>) -> Option<Change<Self>> {
        Plain::apply_change(self, change)
    }

    #[doc(hidden)]
    fn tighten_change(&self, change: Option<Change<Self>>) -> Option<Change<Self>> {
        Plain::tighten_change(self, change)
    }

    #[doc(hidden)]
    fn normal_change(&self, touched: bool, normalisers: &[fn(&mut Self)]) -> Option<Change<Self>> {
        Plain::normal_change(self, touched, normalisers)
    }

    #[doc(hidden)]
    fn compose_change(
        first: Option<Change<Self>>,
        later: Option<Change<Self>>,
    ) -> Option<Change<Self>> {
        <Plain as Merge<Self>>::compose_change(first, later)
    }

    #[doc(hidden)]
    fn overlap_change(
        name: &str,
        a: &Option<Change<Self>>,
        b: &Option<Change<Self>>,
        overlaps: &mut Overlaps,
    ) {
        <Plain as Merge<Self>>::overlap_change(name, a, b, overlaps);
    }

    #[doc(hidden)]
    fn write_change(name: &str, change: &Option<Change<Self>>, writer: &mut PatchWriter) {
        <Plain as Merge<Self>>::write_change(name, change, writer);
    }

    #[doc(hidden)]
    fn read_change(
        name: &str,
        reader: &mut PatchReader,
    ) -> Result<Option<Change<Self>>, ShapeError> {
        <Plain as Merge<Self>>::read_change(name, reader)
    }
}

/// A typed value as a tree, in the form in which it is stored.
pub fn write<T: EntityField>(value: &T) -> Value {
    // Only a user's own `Serialize` can refuse, and types with a custom one have no `EntityField` derive; null is
    // then refused by the shape check of whoever reads it.
    let mut tree = Value::serialized(value).unwrap_or(Value::Null);
    T::KIND.dress(&mut tree);
    tree
}

/// A typed value from its tree. What the type has no field for is passed over.
///
/// # Errors
/// What serde says does not fit.
pub fn read<T: EntityField>(mut value: Value) -> Result<T, ShapeError> {
    T::KIND.undress(&mut value);
    value
        .deserialized()
        .map_err(|error| ShapeError { path: Vec::new(), problem: error.to_string() })
}
