//! The forms that a patch can have on the wire.

use ciborium::Value;

use crate::sequence::keyed::KeyedChange;
use crate::sequence::splice::{Content, Splices};
use crate::value::{as_map, map_of};

/// Number of the change that replaces a value.
pub const PATCH_SET: u8 = 0;
/// Number of the change that removes an entry of a map, or an element of a keyed list.
pub const PATCH_REMOVE: u8 = 1;
/// Number of the change of a text or a list by splices.
pub const PATCH_SPLICE: u8 = 2;
/// Number of the change of a set by its elements.
pub const PATCH_ELEMENTS: u8 = 3;
/// Number of the change that adds to an integer.
pub const PATCH_ADD: u8 = 4;
/// Number of the change of a keyed list.
pub const PATCH_KEYED: u8 = 5;

/// A patch, taken apart one level deep.
#[derive(Clone, Copy, Debug)]
pub enum Form<'a> {
    /// Puts a value in place of whatever was there.
    Set(&'a Value),
    /// Takes out an entry of a map, or an element of a keyed list.
    Remove,
    /// Changes entries of a map or fields of a struct.
    Inside(&'a [(Value, Value)]),
    /// Splices of a text or list: place, count, content, for each.
    Splice(&'a [Value]),
    /// Elements of a set: those that come, those that leave.
    Elements(&'a [Value], &'a [Value]),
    /// Adds to an integer.
    Add(i128),
    /// Changes a keyed list: name of the key, changes by key, and the order.
    Keyed(&'a str, &'a [(Value, Value)], Option<&'a Value>),
    /// None of these.
    Unknown,
}

/// Takes a patch apart.
pub fn form(patch: &Value) -> Form<'_> {
    if let Some(changes) = as_map(patch) {
        return Form::Inside(changes);
    }
    let Value::Array(parts) = patch else {
        return Form::Set(patch);
    };
    let Some((first, rest)) = parts.split_first() else {
        return Form::Unknown;
    };
    let op = first.as_integer().and_then(|op| u8::try_from(op).ok());
    match (op, rest) {
        (Some(PATCH_SET), [value]) => Form::Set(value),
        (Some(PATCH_REMOVE), []) => Form::Remove,
        (Some(PATCH_SPLICE), splices) => Form::Splice(splices),
        (Some(PATCH_ELEMENTS), [Value::Array(come), Value::Array(leave)]) => {
            Form::Elements(come, leave)
        }
        (Some(PATCH_ADD), [Value::Integer(number)]) => Form::Add((*number).into()),
        (Some(PATCH_KEYED), [Value::Text(key), changes]) => match as_map(changes) {
            Some(changes) => Form::Keyed(key, changes, None),
            None => Form::Unknown,
        },
        (Some(PATCH_KEYED), [Value::Text(key), changes, order]) => match as_map(changes) {
            Some(changes) => Form::Keyed(key, changes, Some(order)),
            None => Form::Unknown,
        },
        _ => Form::Unknown,
    }
}

/// The patch that puts `value` in place of whatever was there.
pub fn set_to(value: Value) -> Value {
    if value.is_array() || as_map(&value).is_some() {
        Value::Array(vec![Value::from(PATCH_SET), value])
    } else {
        value
    }
}

/// The new value of a patch that replaces; `None` for any other.
pub fn replacement(patch: &Value) -> Option<&Value> {
    match form(patch) {
        Form::Set(value) => Some(value),
        _ => None,
    }
}

/// As [`replacement`], taken out.
///
/// # Errors
/// The patch, if it is another one.
pub fn into_replacement(patch: Value) -> Result<Value, Value> {
    if replacement(&patch).is_none() {
        return Err(patch);
    }
    match patch {
        Value::Array(parts) => Ok(parts.into_iter().nth(1).unwrap_or(Value::Null)),
        scalar => Ok(scalar),
    }
}

/// The patch that removes an entry of a map.
pub fn removal() -> Value {
    Value::Array(vec![Value::from(PATCH_REMOVE)])
}

/// Whether a patch removes.
pub fn removes(patch: &Value) -> bool {
    matches!(form(patch), Form::Remove)
}

/// The patch that adds to an integer; `None` for zero. What no two integers of the wire differ by becomes the nearest
/// that they do.
pub fn add(number: i128) -> Option<Value> {
    const MOST: i128 = u64::MAX as i128;
    let number =
        ciborium::value::Integer::try_from(number.clamp(MOST.wrapping_neg(), MOST)).ok()?;
    let is_zero = i128::from(number) == 0;
    (!is_zero).then(|| Value::Array(vec![Value::from(PATCH_ADD), Value::Integer(number)]))
}

/// The patch of a text or a list; `None` if nothing changes.
pub fn splices_to_value<C: Content>(
    splices: &Splices<C>,
    write: impl Fn(&C) -> Value,
) -> Option<Value> {
    if splices.is_empty() {
        return None;
    }
    let mut parts = vec![Value::from(PATCH_SPLICE)];
    parts.extend(splices.to_values(write));
    Some(Value::Array(parts))
}

/// The patch of a set; `None` if nothing changes.
pub fn elements(come: Vec<Value>, leave: Vec<Value>) -> Option<Value> {
    if come.is_empty() && leave.is_empty() {
        return None;
    }
    let parts = [Value::from(PATCH_ELEMENTS), Value::Array(come), Value::Array(leave)];
    Some(Value::Array(parts.into()))
}

/// The patch of a keyed list; `None` if nothing changes.
pub fn keyed_to_value<C>(
    key: &str,
    change: &KeyedChange<C>,
    write: impl Fn(&C) -> Value,
) -> Option<Value> {
    if change.changes.is_empty() && change.order.is_empty() {
        return None;
    }
    let changes = change.changes.iter().map(|(key, change)| (key.0.clone(), write(change)));
    let mut parts = vec![Value::from(PATCH_KEYED), Value::from(key), map_of(changes.collect())];
    if !change.order.is_empty() {
        parts.push(change.order.to_value());
    }
    Some(Value::Array(parts))
}
