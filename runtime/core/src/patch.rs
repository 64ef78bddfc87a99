//! Patches on a value tree without the Rust type: apply, diff and overlap. The wire form, and the typed
//! counterpart, are in [`field`](crate::field).

use ciborium::Value;

use crate::field::{Misfit, PATCH_REMOVE, PATCH_SET, patch_op, set_to};
use crate::schema::key_text;
use crate::value::{entries, get_mut, same};

/// The patch that changes nothing.
pub fn empty() -> Value {
    Value::Map(Vec::new())
}

/// Whether a patch of a whole entity changes nothing.
pub fn is_empty(patch: &Value) -> bool {
    patch.as_map().is_some_and(Vec::is_empty)
}

/// Applies `patch` to `value`, all or nothing, and returns the patch that undoes it: empty if nothing changed.
///
/// # Errors
/// The first part that the patch changes and that is not there.
pub fn apply(value: &mut Value, patch: &Value) -> Result<Value, Misfit> {
    fits(value, patch)?;
    Ok(change(value, patch).unwrap_or_else(empty))
}

/// Whether `patch` can be applied to `value`.
fn fits(value: &Value, patch: &Value) -> Result<(), Misfit> {
    let Value::Map(changes) = patch else {
        return match (patch, patch_op(patch)) {
            (Value::Array(_), Some((PATCH_SET, [_]))) => Ok(()),
            (Value::Array(_), _) => Err(Misfit::here()),
            _ => Ok(()),
        };
    };
    let Value::Map(_) = value else {
        return Err(Misfit::here());
    };
    for (key, inner) in changes {
        let removes = matches!(patch_op(inner), Some((PATCH_REMOVE, [])));
        let place = entries(value).iter().find(|(k, _)| same(k, key)).map(|(_, v)| v);
        let fit = match place {
            _ if removes => Ok(()),
            Some(place) => fits(place, inner),
            // A new entry has to come whole.
            None if inner.is_map() => Err(Misfit::here()),
            None => fits(&Value::Null, inner),
        };
        fit.map_err(|misfit| misfit.inside(key_text(key)))?;
    }
    Ok(())
}

/// Carries out a patch that [`fits`]; what undoes it, `None` if nothing changed.
fn change(value: &mut Value, patch: &Value) -> Option<Value> {
    match (patch, &mut *value) {
        (Value::Map(changes), Value::Map(map)) => {
            let undo = |(key, inner): &(Value, Value)| {
                change_entry(map, key, inner).map(|undo| (key.clone(), undo))
            };
            let undos: Vec<_> = changes.iter().filter_map(undo).collect();
            if undos.is_empty() { None } else { Some(Value::Map(undos)) }
        }
        (patch, _) => {
            let new = replacement(patch)?;
            let undo = diff(new, value)?;
            *value = new.clone();
            Some(undo)
        }
    }
}

fn change_entry(map: &mut Vec<(Value, Value)>, key: &Value, inner: &Value) -> Option<Value> {
    if matches!(patch_op(inner), Some((PATCH_REMOVE, []))) {
        let at = map.iter().position(|(k, _)| same(k, key))?;
        Some(set_to(map.remove(at).1))
    } else if let Some(place) = get_mut(map, key) {
        change(place, inner)
    } else {
        map.push((key.clone(), replacement(inner)?.clone()));
        Some(removal())
    }
}

/// The change that removes an entry of a map.
fn removal() -> Value {
    Value::Array(vec![Value::from(PATCH_REMOVE)])
}

/// The new value of a patch that replaces; `None` for one that goes inside or removes.
pub fn replacement(patch: &Value) -> Option<&Value> {
    match (patch, patch_op(patch)) {
        (_, Some((PATCH_SET, [value]))) => Some(value),
        (Value::Map(_) | Value::Array(_), _) => None,
        (scalar, _) => Some(scalar),
    }
}

/// The patch from `old` to `new`; `None` if they are the same.
pub fn diff(old: &Value, new: &Value) -> Option<Value> {
    let (Value::Map(before), Value::Map(after)) = (old, new) else {
        return if same(old, new) { None } else { Some(set_to(new.clone())) };
    };
    let find = |map: &[(Value, Value)], key: &Value, hint: usize| {
        // Both sides nearly always have their entries in the same order.
        let hinted = map.get(hint).filter(|(k, _)| same(k, key)).map(|_| hint);
        hinted.or_else(|| map.iter().position(|(k, _)| same(k, key)))
    };
    let mut changes = Vec::new();
    for (at, (key, _)) in before.iter().enumerate() {
        if find(after, key, at).is_none() {
            changes.push((key.clone(), removal()));
        }
    }
    for (at, (key, new)) in after.iter().enumerate() {
        let change = match find(before, key, at).and_then(|at| before.get(at)) {
            Some((_, old)) => diff(old, new),
            None => Some(set_to(new.clone())),
        };
        if let Some(change) = change {
            changes.push((key.clone(), change));
        }
    }
    if changes.is_empty() { None } else { Some(Value::Map(changes)) }
}

/// The patch that does at once what `first` and then `second` do.
pub fn compose(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Map(mut changes), Value::Map(later)) => {
            for (key, second) in later {
                match get_mut(&mut changes, &key) {
                    Some(first) => {
                        *first = compose(std::mem::replace(first, Value::Null), second);
                    }
                    None => changes.push((key, second)),
                }
            }
            Value::Map(changes)
        }
        (first, second @ Value::Map(_)) => match replacement(&first) {
            Some(value) => {
                let mut value = value.clone();
                change(&mut value, &second);
                set_to(value)
            }
            None => second,
        },
        (_, second) => second,
    }
}

/// What is left of `patch` without the parts that change nothing: those that `undo`, which leads back from where
/// the patch leads, does not have to undo, or undoes by the same.
pub fn settle(patch: Value, undo: &Value) -> Value {
    let Value::Map(changes) = patch else {
        return patch;
    };
    let settled = changes.into_iter().filter_map(|(key, inner)| {
        let (_, undone) = entries(undo).iter().find(|(k, _)| same(k, &key))?;
        if same(&inner, undone) {
            return None;
        }
        let inner = if undone.is_map() { settle(inner, undone) } else { inner };
        if is_empty(&inner) { None } else { Some((key, inner)) }
    });
    Value::Map(settled.collect())
}

/// The places where two patches of one value cannot both be carried out: both change the same leaf, or one
/// changes inside what the other replaces or removes. The same result on both sides is no conflict. Symmetric.
pub fn overlap(a: &Value, b: &Value) -> Vec<String> {
    let mut places = Vec::new();
    collect_overlap(a, b, &mut Vec::new(), &mut places);
    places
}

fn collect_overlap(a: &Value, b: &Value, path: &mut Vec<String>, places: &mut Vec<String>) {
    if let (Value::Map(a), Value::Map(b)) = (a, b) {
        for (key, inner_a) in a {
            if let Some((_, inner_b)) = b.iter().find(|(k, _)| same(k, key)) {
                path.push(key_text(key));
                collect_overlap(inner_a, inner_b, path, places);
                path.pop();
            }
        }
    } else if !same(a, b) {
        places.push(path.join("."));
    }
}
