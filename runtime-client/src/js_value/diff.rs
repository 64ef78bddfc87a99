//! The patch from a tree to a JavaScript value.
//!
//! Both are walked together, so an unchanged part of the new value is never converted, only compared. The old side
//! is the tree and not the last published object, because a user may have changed that in place before handing it
//! in, as Svelte's `$card.title = "New"` does.

use temporal_entity_core::field::set_to;
use temporal_entity_core::schema::{Kind, ShapeError, StructKind};
use temporal_entity_core::value::{Value, same};
use wasm_bindgen::JsValue;

use super::keys::Keys;
use super::object::{expect_object, fields, object_entries, property, refuse_others};
use super::patch::{removal, some_changes};
use super::read::{elements, expect_list, key_text, map_entries, missing, read};
use super::{MAX_DEPTH, deeper};

/// The patch that leads from `old` to `new`, a value of `kind`; `None` if they are the same.
///
/// # Errors
/// The first place of `new` that does not fit, or whose getter threw.
pub fn diff_js(kind: &Kind, old: &Value, new: &JsValue) -> Result<Option<Value>, ShapeError> {
    diff(kind, old, new, MAX_DEPTH)
}

fn diff(
    kind: &Kind,
    old: &Value,
    new: &JsValue,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    match (kind, old) {
        (Kind::Option(inner), old) if !old.is_null() && !new.is_null() => {
            diff(inner, old, new, depth)
        }
        (Kind::Struct(shape), Value::Map(old)) => diff_struct(shape, old, new, deeper(depth)?),
        (Kind::Map(Kind::Text, item), Value::Map(old)) => {
            diff_object(kind, item, old, new, deeper(depth)?)
        }
        (Kind::Map(key, item), Value::Map(old)) => {
            let new = map_entries(kind, key, new)?;
            diff_entries(item, old, new, deeper(depth)?)
        }
        (Kind::List(item), Value::Array(old)) if list_same(kind, item, old, new, depth)? => {
            Ok(None)
        }
        (Kind::Float, Value::Integer(n)) => {
            // Other writers send whole floats as integers.
            let old = Value::Float(i64::try_from(*n).map_or(f64::NAN, |n| n as f64));
            scalar(&old, read(kind, new, depth)?)
        }
        _ => scalar(old, read(kind, new, depth)?),
    }
}

fn scalar(old: &Value, new: Value) -> Result<Option<Value>, ShapeError> {
    Ok(if same(old, &new) { None } else { Some(set_to(new)) })
}

fn diff_struct(
    shape: &'static StructKind,
    old: &[(Value, Value)],
    new: &JsValue,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    expect_object(&Kind::Struct(shape), new)?;
    let mut changes = Vec::new();
    let mut found = 0usize;
    for field in fields(shape) {
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
        changes.extend(change.map(|change| (Value::from(field.name()), change)));
    }
    refuse_others(shape, new, found)?;
    Ok(some_changes(changes))
}

fn diff_object(
    kind: &Kind,
    item: &Kind,
    old: &[(Value, Value)],
    new: &JsValue,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    let new = object_entries(kind, new)?;
    let new = new.into_iter().map(|(key, value)| (Value::Text(key), value)).collect();
    diff_entries(item, old, new, depth)
}

fn diff_entries(
    item: &Kind,
    old: &[(Value, Value)],
    new: Vec<(Value, JsValue)>,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    // Both sides can come in any order: JavaScript puts keys that look like integers first.
    let places = Keys::of(old);
    let mut kept = vec![false; old.len()];
    let mut changes = Vec::new();
    for (key, value) in new {
        let place = places.find(&key);
        let change = match place.and_then(|at| old.get(at)) {
            Some((_, old)) => diff(item, old, &value, depth),
            None => read(item, &value, depth).map(set_to).map(Some),
        };
        if let Some(kept) = place.and_then(|at| kept.get_mut(at)) {
            *kept = true;
        }
        let change = change.map_err(|error| error.inside(key_text(&key)))?;
        changes.extend(change.map(|change| (key, change)));
    }
    let gone = old.iter().zip(kept).filter(|(_, kept)| !kept);
    changes.extend(gone.map(|((key, _), _)| (key.clone(), removal())));
    Ok(some_changes(changes))
}

fn list_same(
    kind: &Kind,
    item: &Kind,
    old: &[Value],
    new: &JsValue,
    depth: usize,
) -> Result<bool, ShapeError> {
    let list = expect_list(kind, new)?;
    if usize::try_from(list.length()) != Ok(old.len()) {
        return Ok(false);
    }
    let depth = deeper(depth)?;
    for ((at, element), old) in elements(list).zip(old) {
        let change = element.and_then(|element| diff(item, old, &element, depth));
        if change.map_err(|error| error.inside(at.to_string()))?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}
