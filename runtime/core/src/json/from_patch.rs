//! From a JSON Patch to a patch.

use ciborium::Value;
use json_patch::Patch as JsonPatch;

use super::{JsonError, from_json, to_json};
use crate::entity::Entity;
use crate::field::{Patch, write};
use crate::patch::{diff, empty};
use crate::schema::Kind;

/// The patch that changes a value of `kind` as a JSON Patch changes its document.
///
/// It is what the two values differ in: a JSON Patch counts places in lists, and says of a counter what it comes to.
///
/// # Errors
/// If an operation cannot be carried out (RFC 6902, section 5), or leads to what does not have the shape of the kind.
pub fn from_json_patch(kind: &Kind, value: &Value, patch: &JsonPatch) -> Result<Value, JsonError> {
    let mut document = to_json(kind, value)?;
    json_patch::patch(&mut document, patch).map_err(JsonError::Operation)?;
    let changed = from_json(kind, &document)?;
    Ok(diff(kind, value, &changed).unwrap_or_else(empty))
}

/// As [`from_json_patch`], for an entity.
///
/// # Errors
/// As there.
pub fn typed_from_json_patch<T: Entity>(
    value: &T,
    patch: &JsonPatch,
) -> Result<T::Diff, JsonError> {
    let diff = from_json_patch(&T::KIND, &write(value), patch)?;
    Ok(T::Diff::from_value(diff)?)
}
