//! From a JSON Patch to a patch.

use std::slice;

use ciborium::Value;
use json_patch::jsonptr::Pointer;
use json_patch::{Patch as JsonPatch, PatchOperation};
use serde_json::Value as Json;

use super::{JsonError, from_json, to_json};
use crate::entity::Entity;
use crate::field::{Patch, write};
use crate::patch::{diff, empty};
use crate::schema::Kind;

/// The most items of a document that the operations of one JSON Patch move, copy or look at, all together. Each operation
/// moves what is behind it in its list, so that a small JSON Patch could move a large list thousands of times; and one that
/// copies could double the document again and again.
pub const MAX_MOVED: usize = 1 << 24;

/// The deepest that an operation puts something: objects and arrays inside each other.
const MAX_NESTING: usize = 128;

/// Carries out the operations, one after the other.
fn patch_document(document: &mut Json, patch: &JsonPatch) -> Result<(), JsonError> {
    let mut left = MAX_MOVED;
    for (at, operation) in patch.0.iter().enumerate() {
        charge(document, operation, &mut left).ok_or(JsonError::TooMuch)?;
        json_patch::patch_unsafe(document, slice::from_ref(operation)).map_err(|mut error| {
            error.operation = at;
            JsonError::Operation(error)
        })?;
    }
    Ok(())
}

/// Takes what an operation moves and copies from what may be moved; `None` where that is too much, or too deep.
fn charge(document: &Json, operation: &PatchOperation, left: &mut usize) -> Option<()> {
    let at = |pointer: &Pointer| pointer.resolve(document).ok();
    let behind = |pointer: &Pointer| {
        let list = pointer.parent().and_then(at).and_then(Json::as_array);
        list.map_or(0, Vec::len)
    };
    let (put, from) = match operation {
        PatchOperation::Add(add) => (Some(&add.value), None),
        PatchOperation::Replace(replace) => (Some(&replace.value), None),
        PatchOperation::Move(moved) => (at(&moved.from), Some(&moved.from)),
        PatchOperation::Copy(copied) => (at(&copied.from), None),
        PatchOperation::Remove(_) | PatchOperation::Test(_) => (None, None),
    };
    let path = operation.path();
    let moved = behind(path).saturating_add(from.map_or(0, |from| behind(from)));
    *left = left.checked_sub(moved)?;
    let nesting = MAX_NESTING.checked_sub(path.count())?;
    put.map_or(Some(()), |value| walk(value, nesting, left))
}

/// Goes through a value that may have so many items and be so deep; `None` if it has more.
fn walk(value: &Json, nesting: usize, left: &mut usize) -> Option<()> {
    *left = left.checked_sub(1)?;
    match value {
        Json::Array(items) => {
            let nesting = nesting.checked_sub(1)?;
            items.iter().try_for_each(|item| walk(item, nesting, left))
        }
        Json::Object(map) => {
            let nesting = nesting.checked_sub(1)?;
            map.values().try_for_each(|value| walk(value, nesting, left))
        }
        // Texts are copied by their bytes, of which an item has some dozens.
        Json::String(text) => {
            *left = left.checked_sub(text.len() >> 5)?;
            Some(())
        }
        _ => Some(()),
    }
}

/// The patch that changes a value of `kind` as a JSON Patch changes its document.
///
/// It is what the two values differ in: a JSON Patch counts places in lists, and says of a counter what it comes to.
///
/// # Errors
/// If an operation cannot be carried out (RFC 6902, section 5), or leads to what does not have the shape of the kind, or
/// if the operations move more than [`MAX_MOVED`] items.
pub fn from_json_patch(kind: &Kind, value: &Value, patch: &JsonPatch) -> Result<Value, JsonError> {
    let mut document = to_json(kind, value)?;
    patch_document(&mut document, patch)?;
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
