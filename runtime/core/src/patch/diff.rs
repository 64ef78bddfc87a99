//! The patch from one value to another, by the policies of their kind.

use ciborium::Value;

use super::form::{add, elements, removal, set_to};
use super::keyed::{self, key_of};
use super::splices;
use crate::schema::{FieldSchema, Kind};
use crate::sequence::{keyed as keyed_lists, list, lookup::Lookup};
use crate::value::{Key, Places, as_map, as_set, key_order, map_of, same};

/// The patch from `old` to `new`, two values of `kind`; `None` if they are the same.
///
/// The kind is constant data, so this needs no Rust type. Where a value does not have the shape of its kind it is
/// replaced.
pub fn diff(kind: &Kind, old: &Value, new: &Value) -> Option<Value> {
    let changed = match kind {
        Kind::Option(inner) if !old.is_null() && !new.is_null() => return diff(inner, old, new),
        Kind::Struct(shape) => match (as_map(old), as_map(new)) {
            (Some(old), Some(new)) => return diff_struct((shape.fields)(), old, new),
            _ => None,
        },
        Kind::Map(_, item) => match (as_map(old), as_map(new)) {
            (Some(old), Some(new)) => {
                return diff_entries(old, new, |_, old, new| diff(item, old, new));
            }
            _ => None,
        },
        Kind::Json => match (old, new) {
            (Value::Map(old), Value::Map(new)) => {
                return diff_entries(old, new, |_, old, new| diff(kind, old, new));
            }
            (Value::Array(old), Value::Array(new)) => diff_list(old, new),
            _ => None,
        },
        Kind::List(_) => match (old, new) {
            (Value::Array(old), Value::Array(new)) => diff_list(old, new),
            _ => None,
        },
        Kind::Set(_) => match (as_set(old), as_set(new)) {
            (Some(old), Some(new)) => return diff_set(old, new),
            _ => None,
        },
        Kind::Counter(_) => match (old, new) {
            (Value::Integer(old), Value::Integer(new)) => {
                return add(i128::from(*new).saturating_sub(i128::from(*old)));
            }
            _ => None,
        },
        Kind::MergedText => match (old, new) {
            (Value::Text(old), Value::Text(new)) => return splices::text_diff(old, new),
            _ => None,
        },
        Kind::Keyed(item, key) => match (old, new) {
            (Value::Array(old), Value::Array(new)) => {
                diff_keyed(key, old, new, |_, old, new| diff(item, old, new))?
            }
            _ => None,
        },
        _ => None,
    };
    match changed {
        Some(patch) => Some(patch),
        None if same(old, new) => None,
        None => Some(set_to(new.clone())),
    }
}

fn diff_struct(
    fields: &[FieldSchema],
    old: &[(Value, Value)],
    new: &[(Value, Value)],
) -> Option<Value> {
    let mut changes = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let Some(after) = field_of(new, at, field.name) else { continue };
        let change = match field_of(old, at, field.name) {
            Some(before) => diff(&field.kind, before, after),
            None => Some(set_to(after.clone())),
        };
        if let Some(change) = change {
            let key = Value::from(field.name);
            let before = |(known, _): &(Value, Value)| key_order(known, &key).is_lt();
            changes.insert(changes.partition_point(before), (key, change));
        }
    }
    (!changes.is_empty()).then_some(Value::Map(changes))
}

/// The entry of a field, which nearly always stands at its place in the declaration.
fn field_of<'a>(entries: &'a [(Value, Value)], at: usize, name: &str) -> Option<&'a Value> {
    let named = |entry: &&(Value, Value)| entry.0.as_text() == Some(name);
    let entry = entries.get(at).filter(named).or_else(|| entries.iter().find(named));
    entry.map(|(_, value)| value)
}

/// Keys in their order, as the typed diff has them. `inner` gives the patch of an entry that both have.
pub fn diff_entries(
    before: &[(Value, Value)],
    after: &[(Value, Value)],
    mut inner: impl FnMut(&Value, &Value, &Value) -> Option<Value>,
) -> Option<Value> {
    let (mut in_before, mut in_after) = (Places::default(), Places::default());
    let gone = |(key, _): &&(Value, Value)| in_after.find(after, key).is_err();
    let mut gone = before.iter().filter(gone).map(|(key, _)| key).peekable();
    let mut changes = Vec::new();
    for (key, new) in after {
        while let Some(gone) = gone.next_if(|gone| key_order(gone, key).is_lt()) {
            changes.push((gone.clone(), removal()));
        }
        let change = match in_before.get(before, key) {
            Some(old) => inner(key, old, new),
            None => Some(set_to(new.clone())),
        };
        if let Some(change) = change {
            changes.push((key.clone(), change));
        }
    }
    changes.extend(gone.map(|key| (key.clone(), removal())));
    (!changes.is_empty()).then(|| map_of(changes))
}

/// `None` where the list is replaced, or the same.
pub fn diff_list(old: &[Value], new: &[Value]) -> Option<Value> {
    list::diff(old, new, Clone::clone).and_then(|splices| splices::write_list(&splices))
}

/// `None` if nothing changes.
pub fn diff_set(old: &[Value], new: &[Value]) -> Option<Value> {
    let without = |these: &[Value], those: &[Value]| {
        let those: Vec<Key> = those.iter().cloned().map(Key).collect();
        let known = Lookup::of(&those);
        let left = these.iter().filter(|element| !known.contains(&Key((*element).clone())));
        left.cloned().collect()
    };
    elements(without(new, old), without(old, new))
}

/// `None` within where the list is replaced, because a key stands in it twice; `None` if nothing changes.
pub fn diff_keyed(
    name: &str,
    old: &[Value],
    new: &[Value],
    mut inner: impl FnMut(&Value, &Value, &Value) -> Option<Value>,
) -> Option<Option<Value>> {
    if old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new)) {
        return None;
    }
    let change = |old: &Value, new: &Value| inner(&key_of(old, name).0, old, new);
    let changed = keyed_lists::diff(old, new, |e| key_of(e, name), Clone::clone, change);
    Some(changed.and_then(|changed| keyed::write(name, &changed)))
}
