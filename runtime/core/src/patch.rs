//! Patches on a value tree without the Rust type: apply, diff and overlap. The wire form, and the typed
//! counterpart, are in [`field`](crate::field).

use ciborium::Value;

use crate::field::{Misfit, PATCH_REMOVE, PATCH_SET, patch_op, set_to};
use crate::schema::key_text;
use crate::value::{Places, entries, key_order, same};

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
    let Value::Map(map) = value else {
        return Err(Misfit::here());
    };
    let mut places = Places::default();
    for (key, inner) in changes {
        let fit = match places.get(map, key) {
            _ if removes(inner) => Ok(()),
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
            let mut places = Places::default();
            let undo = |(key, inner): &(Value, Value)| {
                change_entry(map, &mut places, key, inner).map(|undo| (key.clone(), undo))
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

/// `value` with a patch that fits.
fn changed(value: &Value, patch: &Value) -> Value {
    let mut value = value.clone();
    change(&mut value, patch);
    value
}

fn change_entry(
    map: &mut Vec<(Value, Value)>,
    places: &mut Places,
    key: &Value,
    inner: &Value,
) -> Option<Value> {
    match places.find(map, key) {
        Ok(at) if removes(inner) => Some(set_to(map.remove(at).1)),
        Ok(at) => change(&mut map.get_mut(at)?.1, inner),
        Err(_) if removes(inner) => None,
        Err(at) => {
            map.insert(at, (key.clone(), replacement(inner)?.clone()));
            Some(removal())
        }
    }
}

fn removes(patch: &Value) -> bool {
    matches!(patch_op(patch), Some((PATCH_REMOVE, [])))
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
    let (mut in_before, mut in_after) = (Places::default(), Places::default());
    let gone = |(key, _): &&(Value, Value)| in_after.find(after, key).is_err();
    let mut gone = before.iter().filter(gone).map(|(key, _)| key).peekable();
    let mut changes = Vec::new();
    for (key, new) in after {
        // In the order of the keys, as the typed diff has them.
        while let Some(gone) = gone.next_if(|gone| key_order(gone, key).is_lt()) {
            changes.push((gone.clone(), removal()));
        }
        let change = match in_before.get(before, key) {
            Some(old) => diff(old, new),
            None => Some(set_to(new.clone())),
        };
        if let Some(change) = change {
            changes.push((key.clone(), change));
        }
    }
    changes.extend(gone.map(|key| (key.clone(), removal())));
    if changes.is_empty() { None } else { Some(Value::Map(changes)) }
}

/// The patch that does at once what `first` and then `second` do.
pub fn compose(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Map(mut changes), Value::Map(later)) => {
            let mut places = Places::default();
            for (key, second) in later {
                match places.find(&changes, &key) {
                    Ok(at) => {
                        if let Some((_, first)) = changes.get_mut(at) {
                            *first = compose(std::mem::replace(first, Value::Null), second);
                        }
                    }
                    Err(at) => changes.insert(at, (key, second)),
                }
            }
            Value::Map(changes)
        }
        (first, second @ Value::Map(_)) => match replacement(&first) {
            Some(value) => set_to(changed(value, &second)),
            None => second,
        },
        (_, second) => second,
    }
}

/// What is left of `patch` without the parts that change nothing, when `undo` leads back from where it leads.
pub fn settle(patch: Value, undo: &Value) -> Value {
    let Value::Map(changes) = patch else {
        return patch;
    };
    let mut places = Places::default();
    let settled = changes.into_iter().filter_map(|(key, inner)| {
        // What need not be undone changes nothing.
        let undone = places.get(entries(undo), &key)?;
        let inner = match (replacement(&inner), replacement(undone)) {
            (Some(new), Some(old)) => diff(old, new)?,
            (Some(new), None) if undone.is_map() => diff(&changed(new, undone), new)?,
            (None, Some(old)) if inner.is_map() => diff(old, &changed(old, &inner))?,
            (None, None) if inner.is_map() => settle(inner, undone),
            (None, None) => return None,
            _ => inner,
        };
        if is_empty(&inner) { None } else { Some((key, inner)) }
    });
    Value::Map(settled.collect())
}

/// What is left of `all` without what `part` does, when the rest of it was done by others.
pub fn without(all: &Value, part: &Value) -> Value {
    let mut places = Places::default();
    let others = entries(all).iter().filter_map(|(key, inner)| {
        let rest = match places.get(entries(part), key) {
            None => inner.clone(),
            Some(own) if same(own, inner) => return None,
            Some(own) if own.is_map() && inner.is_map() => without(inner, own),
            // Replaced whole by `part`, so nobody else had a hand in it.
            Some(_) => return None,
        };
        if is_empty(&rest) { None } else { Some((key.clone(), rest)) }
    });
    Value::Map(others.collect())
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
        let mut in_b = Places::default();
        for (key, inner_a) in a {
            if let Some(inner_b) = in_b.get(b, key) {
                path.push(key_text(key));
                collect_overlap(inner_a, inner_b, path, places);
                path.pop();
            }
        }
    } else if !same(a, b) {
        places.push(path.join("."));
    }
}
