//! What a field of an entity must be able to do, and the typed form of a change.
//!
//! # Wire form of a patch
//! A patch says what changes in a value, and describes itself: who has no Rust type can apply it.
//!
//! - A scalar (number, string, bytes, boolean, null, a tagged value) replaces what was there.
//! - A map goes inside: each of its keys names a field of a struct or a key of a map, and its value is the patch
//!   for that.
//! - An array is a change by name: `[0, value]` replaces (for a value that is itself a map or an array),
//!   `[1]` removes an entry of a map. Further numbers are reserved for lists, sets, counters and text.
//!
//! So `{"title": "New", "limits": {"doing": 3, "done": [1]}}` changes one field, sets one entry of a map and
//! removes another. Replace, remove, set to null and set to empty stay distinct.
//!
//! # Laws
//! `apply(a, diff(a, b))` gives `b`; `diff(a, a)` is `None`; applying what `apply` returned undoes it.

mod map;
mod std_types;

use std::fmt;

use ciborium::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::schema::{Kind, ShapeError, key_text};
use crate::value::kind_name;

pub use self::map::{MapKey, MapPatch};
pub use self::std_types::Never;

/// Number of the change that replaces a value.
pub const PATCH_SET: u8 = 0;
/// Number of the change that removes an entry of a map.
pub const PATCH_REMOVE: u8 = 1;

/// The number of a change that is written as an array, and what follows the number.
pub fn patch_op(patch: &Value) -> Option<(u8, &[Value])> {
    let (first, rest) = patch.as_array()?.split_first()?;
    let op = first.as_integer()?;
    Some((u8::try_from(op).ok()?, rest))
}

/// The change that puts `value` in place of whatever was there.
pub fn set_to(value: Value) -> Value {
    match value {
        Value::Map(_) | Value::Array(_) => Value::Array(vec![Value::from(PATCH_SET), value]),
        scalar => scalar,
    }
}

/// Serde's two halves, which every field needs for the wire and the disk.
pub trait EntityValue: Serialize + DeserializeOwned {}

impl<T: Serialize + DeserializeOwned> EntityValue for T {}

/// A type that a field of an entity may have.
///
/// Derive it for structs and enums of your own with `#[derive(EntityField)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a temporal entity",
    label = "not a field type",
    note = "fields hold bool, integers up to 64 bits, f32, f64, String, Option, Vec, BTreeMap,\n\
            or a struct or enum of your own with #[derive(EntityField)]"
)]
pub trait EntityField: EntityValue + Sized + 'static {
    /// A change of a part of the value; [`Never`] for types that are only replaced whole.
    type Patch: Patch;

    /// The shape.
    const KIND: Kind;

    /// Whether two values are the same; floats by bits.
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
    /// The first part of the value that `patch` changes and that is not there.
    fn fits(&self, patch: &Self::Patch) -> Result<(), Misfit>;

    /// Applies `patch` and returns the patch that undoes it, empty if nothing changed. Parts that do not
    /// [fit](EntityField::fits) are left alone: ask first.
    fn apply(&mut self, patch: Self::Patch) -> Self::Patch;

    // The lines of generated code. They are methods, and not functions with a bound, so that the compiler says the
    // same about each line where the type of a field does not fit, which is to say: it says it once.

    /// One line of a generated `fits`: the field under its wire name, and the change to it if there is one.
    #[doc(hidden)]
    fn fits_change(&self, name: &str, change: &Option<Change<Self>>) -> Result<(), Misfit> {
        match change {
            Some(Change::Patch(patch)) => self.fits(patch).map_err(|misfit| misfit.inside(name)),
            _ => Ok(()),
        }
    }

    /// One line of a generated `apply`: carries out the change, if any, and returns what undoes it.
    #[doc(hidden)]
    fn apply_change(&mut self, change: Option<Change<Self>>) -> Option<Change<Self>> {
        match change? {
            Change::Set(value) if self.same(&value) => None,
            Change::Set(value) => {
                // A replaced struct or map is undone by what really differs, which keeps history small.
                let undo = value.diff(self);
                *self = value;
                undo
            }
            Change::Patch(patch) => {
                let undo = self.apply(patch);
                if undo.is_empty() { None } else { Some(Change::Patch(undo)) }
            }
        }
    }

    /// One line of a generated `to_value`: writes the change, if any.
    #[doc(hidden)]
    fn write_change(name: &str, change: &Option<Change<Self>>, writer: &mut PatchWriter) {
        if let Some(change) = change {
            writer.0.push((Value::from(name), change.to_value()));
        }
    }

    /// One line of a generated `from_value`: takes the change of the field, if there is one.
    #[doc(hidden)]
    fn read_change(
        name: &str,
        reader: &mut PatchReader,
    ) -> Result<Option<Change<Self>>, ShapeError> {
        let change = reader.take(name).map(Change::from_value).transpose();
        change.map_err(|e| e.inside(name))
    }
}

/// A change of a part of a value.
pub trait Patch: Sized {
    /// Whether it changes nothing.
    fn is_empty(&self) -> bool;

    /// The wire form.
    fn to_value(&self) -> Value;

    /// Reads the wire form, which [`Kind::conform_patch`] has accepted.
    ///
    /// # Errors
    /// What does not fit the type, with its place.
    fn from_value(value: Value) -> Result<Self, ShapeError>;
}

/// A patch goes into a part of the value that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Keys from the entity down to the part, outermost first.
    pub path: Vec<String>,
}

impl Misfit {
    /// A misfit at this place.
    pub fn here() -> Misfit {
        Misfit { path: Vec::new() }
    }

    /// The same misfit one level further out.
    pub fn inside(mut self, key: impl Into<String>) -> Misfit {
        self.path.insert(0, key.into());
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the diff changes a part of something that is not there", self.path.join("."))
    }
}

impl std::error::Error for Misfit {}

/// A change of a value: replaced, or changed in part. `P` is always the patch of `T`; leave it out.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T, P = <T as EntityField>::Patch> {
    /// The new value.
    Set(T),
    /// What changes inside it.
    Patch(P),
}

impl<T: EntityField> Change<T> {
    /// Reads the wire form of a change.
    ///
    /// # Errors
    /// What does not fit `T`, with its place.
    pub fn from_value(value: Value) -> Result<Change<T>, ShapeError> {
        let replaces = matches!(patch_op(&value), Some((PATCH_SET, [_])));
        match value {
            Value::Array(parts) if replaces => {
                Ok(Change::Set(read(parts.into_iter().nth(1).unwrap_or(Value::Null))?))
            }
            Value::Map(_) | Value::Array(_) => Ok(Change::Patch(T::Patch::from_value(value)?)),
            scalar => Ok(Change::Set(read(scalar)?)),
        }
    }

    /// The wire form.
    pub fn to_value(&self) -> Value {
        match self {
            Change::Set(value) => set_to(write(value)),
            Change::Patch(patch) => patch.to_value(),
        }
    }
}

/// A typed value as a tree.
pub fn write<T: EntityValue>(value: &T) -> Value {
    // Only a user's own `Serialize` can refuse, and types with a custom one have no `EntityField` derive; null is
    // then refused by the shape check of whoever reads it.
    Value::serialized(value).unwrap_or(Value::Null)
}

/// A typed value from its tree.
///
/// # Errors
/// What serde says does not fit.
pub fn read<T: EntityValue>(value: Value) -> Result<T, ShapeError> {
    value
        .deserialized()
        .map_err(|error| ShapeError { path: Vec::new(), problem: error.to_string() })
}

/// The last line of a generated `diff`: a patch as a change, `None` where it is empty.
pub fn patch_change<T: EntityField>(patch: T::Patch) -> Option<Change<T>> {
    if patch.is_empty() { None } else { Some(Change::Patch(patch)) }
}

/// Writes a generated diff: one entry per changed field.
#[derive(Default)]
pub struct PatchWriter(Vec<(Value, Value)>);

impl PatchWriter {
    /// An empty patch.
    pub fn new() -> PatchWriter {
        PatchWriter::default()
    }

    /// The wire form.
    pub fn finish(self) -> Value {
        Value::Map(self.0)
    }
}

/// Reads a generated diff: takes field after field, and refuses what is left.
pub struct PatchReader(Vec<(Value, Value)>);

impl PatchReader {
    /// Begins with the wire form.
    ///
    /// # Errors
    /// If it is no map.
    pub fn new(value: Value) -> Result<PatchReader, ShapeError> {
        match value {
            Value::Map(entries) => Ok(PatchReader(entries)),
            other => Err(ShapeError {
                path: Vec::new(),
                problem: format!("expected a map of changes, found {}", kind_name(&other)),
            }),
        }
    }

    /// Takes the wire form of the change of a field.
    fn take(&mut self, name: &str) -> Option<Value> {
        let named = |(key, _): &(Value, Value)| key.as_text() == Some(name);
        let at = self.0.iter().position(named)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Ends.
    ///
    /// # Errors
    /// If a change was left over: its key names no field.
    pub fn finish(self) -> Result<(), ShapeError> {
        match self.0.first() {
            Some((key, _)) => Err(ShapeError {
                path: Vec::new(),
                problem: format!("unknown field {}", key_text(key)),
            }),
            None => Ok(()),
        }
    }
}
