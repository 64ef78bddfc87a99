//! The patch from a tree to a JavaScript value.
//!
//! Structs and maps are walked together with the tree, so that an unchanged part of the new value is never converted,
//! only compared; everything else is compared as trees by the core. The old side is the tree and not the last published
//! object, because a user may have changed that in place before handing it in, as Svelte's `$card.title = "New"` does.

use temporal_entity_core::patch::{self, removal, set_to};
use temporal_entity_core::schema::{Kind, ShapeError, StructKind};
use temporal_entity_core::sorted::Sorted;
use temporal_entity_core::value::{Places, Value, as_map, map_of};
use wasm_bindgen::JsValue;

use super::json::read_json;
use super::object::{expect_object, fields, property, refuse_others};
use super::read::{Entries, elements, entries, expect_list, key_text, map_entries, read};
use super::words::missing;
use super::{MAX_DEPTH, deeper};
use temporal_entity_core::value::Key;

/// The patch that leads from `old` to `new`, a value of `kind`; `None` if they are the same.
///
/// # Errors
/// The first place of `new` that does not fit, or whose getter threw.
pub fn diff_js(kind: &Kind, old: &Value, new: &JsValue) -> Result<Option<Value>, ShapeError> {
    diff(kind, old, new, MAX_DEPTH)
}

/// As [`diff_js`], at most `depth` levels deep.
pub fn diff(
    kind: &Kind,
    old: &Value,
    new: &JsValue,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    match (kind, old) {
        (Kind::Option(inner), old) if !old.is_null() && !new.is_null() => {
            diff(inner, old, new, depth)
        }
        (Kind::Struct(shape), Value::Map(old)) => diff_struct(kind, shape, old, new, depth),
        (Kind::Map(key, item), _) if let Some(old) = as_map(old) => {
            let new = map_entries(kind, key, new)?;
            diff_entries(item, old, new, deeper(kind, depth)?)
        }
        (Kind::List(item) | Kind::Keyed(item, _), Value::Array(items))
            if list_same(kind, item, items, new, depth)? =>
        {
            Ok(None)
        }
        (Kind::Float, Value::Integer(n)) => {
            // Other writers send whole floats as integers.
            let old = Value::Float(i128::from(*n) as f64);
            Ok(patch::diff(kind, &old, &read(kind, new, depth)?))
        }
        (Kind::Json, _) => Ok(patch::diff(kind, old, &read_json(new, Some(old), depth)?)),
        _ => Ok(patch::diff(kind, old, &read(kind, new, depth)?)),
    }
}

fn diff_struct(
    kind: &Kind,
    shape: &StructKind,
    old: &[(Value, Value)],
    new: &JsValue,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    expect_object(kind, new)?;
    let depth = deeper(kind, depth)?;
    let mut changes = Entries::new();
    let mut found = 0usize;
    for field in fields((shape.fields)()) {
        let inside = |error: ShapeError| error.inside(field.name());
        let part = property(new, &field.key).map_err(inside)?;
        let change = match (field.of(old), part) {
            (None, None) if field.optional() => continue,
            // Leaving out a field that has a default would set it to that default, which only the server knows.
            (_, None) => return Err(missing(field.name())),
            (Some(old), Some(part)) => diff(field.kind(), old, &part, depth).map_err(inside)?,
            (None, Some(part)) => Some(set_to(read(field.kind(), &part, depth).map_err(inside)?)),
        };
        found = found.saturating_add(1);
        changes.extend(change.map(|change| (Key(Value::from(field.name())), change)));
    }
    refuse_others(kind, (shape.fields)(), &[], new, found)?;
    Ok(some_changes(changes))
}

fn diff_entries(
    item: &Kind,
    old: &[(Value, Value)],
    new: Vec<(Key, JsValue)>,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    // What is not among the new entries leaves.
    let left = old.iter().map(|(key, _)| (Key(key.clone()), Some(removal())));
    let mut changes: Vec<_> = left.collect();
    let mut places = Places::default();
    for (key, value) in new {
        let change = match places.get(old, &key.0) {
            Some(old) => diff(item, old, &value, depth),
            None => read(item, &value, depth).map(set_to).map(Some),
        };
        let change = change.map_err(|error| error.inside(key_text(&key.0)))?;
        changes.push((key, change));
    }
    let changes: Sorted<Key, Option<Value>> = changes.into_iter().collect();
    Ok(some_changes(changes.into_iter().filter_map(|(key, change)| Some((key, change?))).collect()))
}

/// A patch of these changes; none if there are none.
pub fn some_changes(changes: Entries) -> Option<Value> {
    (!changes.is_empty()).then(|| map_of(entries(changes)))
}

fn list_same(
    kind: &Kind,
    item: &Kind,
    old: &[Value],
    new: &JsValue,
    depth: usize,
) -> Result<bool, ShapeError> {
    expect_list(kind, new)?;
    let depth = deeper(kind, depth)?;
    let mut old = old.iter();
    for (at, element) in elements(new) {
        let Some(old) = old.next() else { return Ok(false) };
        let change = element.and_then(|element| diff(item, old, &element, depth));
        if change.map_err(|error| error.inside(at.to_string()))?.is_some() {
            return Ok(false);
        }
    }
    Ok(old.next().is_none())
}
