//! A diff as a user writes it to a patch in its wire form.
//!
//! In TypeScript a diff is an object with the changed fields alone. A scalar or an array replaces; an object for a
//! struct or map goes inside; `{ $set: value }` replaces what an object would go inside; `{ $remove: true }` takes
//! an entry out of a map. So a map cannot have its only changed key named `$set` or `$remove` that way: set the
//! whole value instead.

use js_sys::{Array, Reflect};
use temporal_entity_core::field::{PATCH_REMOVE, set_to};
use temporal_entity_core::schema::{Kind, ShapeError, StructKind};
use temporal_entity_core::value::Value;
use wasm_bindgen::JsValue;

use super::object::{expect_object, fields, object_entries, property, refuse_others};
use super::read::{key_text, map_entries, read};
use super::{MAX_DEPTH, deeper, thrown, wrong};
use crate::js::own_keys;

/// Reads a diff of an entity of `kind`; `None` if it changes nothing.
///
/// # Errors
/// The first place that does not fit, or whose getter threw.
pub fn patch_from_js(kind: &Kind, diff: &JsValue) -> Result<Option<Value>, ShapeError> {
    match kind {
        // An entity is always changed by its fields: its diff has no `$set`.
        Kind::Struct(shape) => struct_changes(shape, diff, MAX_DEPTH),
        _ => change(kind, diff, MAX_DEPTH),
    }
}

fn change(kind: &Kind, diff: &JsValue, depth: usize) -> Result<Option<Value>, ShapeError> {
    match named(diff)? {
        Some(Named::Set(value)) => return read(kind, &value, depth).map(set_to).map(Some),
        Some(Named::Remove) => return Err(wrong("only an entry of a map can be removed")),
        None => {}
    }
    match kind {
        Kind::Option(inner) if diff.is_object() => change(inner, diff, depth),
        Kind::Struct(shape) => struct_changes(shape, diff, deeper(depth)?),
        Kind::Map(Kind::Text, item) => {
            let entries = object_entries(kind, diff)?;
            let entries = entries.into_iter().map(|(key, value)| (Value::Text(key), value));
            entry_changes(item, entries, deeper(depth)?)
        }
        Kind::Map(key, item) => {
            entry_changes(item, map_entries(kind, key, diff)?.into_iter(), deeper(depth)?)
        }
        _ => read(kind, diff, depth).map(set_to).map(Some),
    }
}

fn struct_changes(
    shape: &'static StructKind,
    diff: &JsValue,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    expect_object(&Kind::Struct(shape), diff)?;
    let mut changes = Vec::new();
    let mut found = 0usize;
    for field in fields(shape) {
        let inside = |error: ShapeError| error.inside(field.name());
        if let Some(part) = property(diff, &field.key).map_err(inside)? {
            found = found.saturating_add(1);
            if let Some(change) = change(field.kind(), &part, depth).map_err(inside)? {
                changes.push((Value::from(field.name()), change));
            }
        }
    }
    refuse_others(shape, diff, found)?;
    Ok(some_changes(changes))
}

fn entry_changes(
    item: &Kind,
    entries: impl Iterator<Item = (Value, JsValue)>,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    let mut changes = Vec::new();
    for (key, diff) in entries {
        let inside = |error: ShapeError| error.inside(key_text(&key));
        let change = match named(&diff).map_err(inside)? {
            Some(Named::Remove) => Some(removal()),
            _ => change(item, &diff, depth).map_err(inside)?,
        };
        if let Some(change) = change {
            changes.push((key, change));
        }
    }
    Ok(some_changes(changes))
}

/// The patch that removes an entry.
pub fn removal() -> Value {
    Value::Array(vec![Value::from(PATCH_REMOVE)])
}

/// A patch of these changes; none if there are none.
pub fn some_changes(changes: Vec<(Value, Value)>) -> Option<Value> {
    if changes.is_empty() { None } else { Some(Value::Map(changes)) }
}

enum Named {
    Set(JsValue),
    Remove,
}

/// The change that an object with the one key `$set` or `$remove` names.
fn named(diff: &JsValue) -> Result<Option<Named>, ShapeError> {
    if !diff.is_object() || Array::is_array(diff) {
        return Ok(None);
    }
    let keys = own_keys(diff).map_err(thrown)?;
    if keys.length() != 1 {
        return Ok(None);
    }
    let key = keys.get(0);
    let value = || Reflect::get(diff, &key).map_err(thrown);
    match key.as_string().as_deref() {
        Some("$set") => value().map(Named::Set).map(Some),
        Some("$remove") if value()? == JsValue::TRUE => Ok(Some(Named::Remove)),
        Some("$remove") => Err(wrong("to remove an entry, give it as { $remove: true }")),
        _ => Ok(None),
    }
}
