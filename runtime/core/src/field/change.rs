//! A change of a value: replaced, or changed in part.

use ciborium::Value;

use super::{EntityField, read, write};
use crate::patch::{Form, Overlaps, form, set_to};
use crate::schema::{ShapeError, key_text};
use crate::value::{key_order, kind_name};

/// A change of a part of a value.
pub trait Patch: Sized {
    /// Whether it changes nothing.
    fn is_empty(&self) -> bool;

    /// The wire form.
    fn to_value(&self) -> Value;

    /// Reads the wire form, which [`Kind::conform_patch`](crate::schema::Kind::conform_patch) has accepted.
    ///
    /// # Errors
    /// What does not fit the type, with its place.
    fn from_value(value: Value) -> Result<Self, ShapeError>;

    /// The patch that does at once what this one and then `later` do.
    #[must_use]
    fn compose(self, later: Self) -> Self;

    /// Collects the places where this and another patch of one value cannot both be carried out.
    fn overlap(&self, other: &Self, overlaps: &mut Overlaps);
}

/// A change of a value: replaced, or changed in part. `P` is the patch of `T`; leave it out unless the field names a
/// merge policy.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T, P = <T as EntityField>::Patch> {
    /// The new value.
    Set(T),
    /// What changes inside it.
    Patch(P),
}

impl<T: EntityField, P: Patch> Change<T, P> {
    /// Reads the wire form of a change.
    ///
    /// # Errors
    /// What does not fit `T`, with its place.
    pub fn from_value(value: Value) -> Result<Change<T, P>, ShapeError> {
        match form(&value) {
            Form::Set(_) => match value {
                Value::Array(parts) => {
                    Ok(Change::Set(read(parts.into_iter().nth(1).unwrap_or(Value::Null))?))
                }
                scalar => Ok(Change::Set(read(scalar)?)),
            },
            _ => Ok(Change::Patch(P::from_value(value)?)),
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

/// The last line of a generated `diff`: a patch as a change, `None` where it is empty.
pub fn patch_change<T: EntityField>(patch: T::Patch) -> Option<Change<T>> {
    if patch.is_empty() { None } else { Some(Change::Patch(patch)) }
}

/// Writes a generated diff: one entry per changed field.
#[derive(Default)]
pub struct PatchWriter(pub(super) Vec<(Value, Value)>);

impl PatchWriter {
    /// An empty patch.
    pub fn new() -> PatchWriter {
        PatchWriter::default()
    }

    /// The wire form: keys in their order, which composing keeps, also where nobody knows that of the fields.
    pub fn finish(mut self) -> Value {
        self.0.sort_by(|(a, _), (b, _)| key_order(a, b));
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
            other => Err(unreadable(&other)),
        }
    }

    /// Takes the wire form of the change of a field.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
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

/// The error for a patch of another form than the type has.
pub(super) fn unreadable(value: &Value) -> ShapeError {
    let problem = format!("{} is no change of this field", kind_name(value));
    ShapeError { path: Vec::new(), problem }
}
