//! Carrying out a patch.

use ciborium::Value;

use super::empty;
use super::form::{Form, add, elements, form, removal, removes, set_to};
use super::keyed::{self, key_of, keyed as read_keyed};
use super::splices::{self, Spliced, spliced};
use crate::field::Misfit;
use crate::schema::key_text;
use crate::sequence::lookup::Lookup;
use crate::value::{Key, Places, as_map, as_map_mut, as_set, as_set_mut, map_of, same};

/// Applies `patch` to `value`, all or nothing, and returns the patch that undoes it: empty if nothing changed.
///
/// # Errors
/// The first part of `patch` that does not fit.
pub fn apply(value: &mut Value, patch: &Value) -> Result<Value, Misfit> {
    fits(value, patch)?;
    Ok(change(value, patch).unwrap_or_else(empty))
}

/// The patch that undoes `patch` after it was applied to `value`.
///
/// # Errors
/// The first part of `patch` that does not fit.
pub fn invert(patch: &Value, value: &Value) -> Result<Value, Misfit> {
    apply(&mut value.clone(), patch)
}

/// Whether `patch` can be applied to `value`.
///
/// # Errors
/// The first part of `patch` that does not fit.
pub fn fits(value: &Value, patch: &Value) -> Result<(), Misfit> {
    match form(patch) {
        Form::Set(_) => Ok(()),
        Form::Remove => Err(Misfit::new("only an entry of a map can be removed")),
        Form::Unknown => Err(Misfit::new("no change has this form")),
        Form::Inside(changes) => match as_map(value) {
            Some(map) => fits_inside(map, changes),
            None => Err(Misfit::absent()),
        },
        Form::Splice(_) => fits_splice(value, patch),
        Form::Elements(..) => match as_set(value) {
            Some(_) => Ok(()),
            None => Err(Misfit::absent()),
        },
        Form::Add(number) => match value {
            Value::Integer(now) => match sum(*now, number) {
                Some(_) => Ok(()),
                None => Err(Misfit::new("the sum is out of range")),
            },
            _ => Err(Misfit::absent()),
        },
        Form::Keyed(..) => fits_keyed(value, patch),
    }
}

fn fits_inside(map: &[(Value, Value)], changes: &[(Value, Value)]) -> Result<(), Misfit> {
    let mut places = Places::default();
    for (key, inner) in changes {
        let fit = match places.get(map, key) {
            _ if removes(inner) => Ok(()),
            Some(place) => fits(place, inner),
            // A new entry has to come whole.
            None if matches!(form(inner), Form::Set(_)) => Ok(()),
            None => Err(Misfit::absent()),
        };
        fit.map_err(|misfit| misfit.inside(key_text(key)))?;
    }
    Ok(())
}

fn fits_splice(value: &Value, patch: &Value) -> Result<(), Misfit> {
    let fits = match (value, spliced(patch)) {
        (_, None) => return Err(Misfit::new("the splices are not in order, or touch each other")),
        (Value::Text(text), Some(Spliced::Text(splices))) => splices.fits(text),
        (Value::Array(list), Some(Spliced::List(splices))) => splices.reach() <= list.len(),
        _ => return Err(Misfit::absent()),
    };
    if fits { Ok(()) } else { Err(Misfit::new("a splice reaches past the end")) }
}

fn fits_keyed(value: &Value, patch: &Value) -> Result<(), Misfit> {
    let Some((name, change)) = read_keyed(patch) else {
        return Err(Misfit::new("a key or a place is given twice"));
    };
    let Value::Array(list) = value else {
        return Err(Misfit::absent());
    };
    let keys: Vec<Key> = list.iter().map(|element| key_of(element, name)).collect();
    let base = Lookup::of(&keys);
    change
        .fits(&base, |element| key_of(element, name))
        .map_err(|wrong| Misfit::new(wrong.problem).inside(key_text(&wrong.key.0)))?;
    for element in list {
        let key = key_of(element, name);
        let Some(inner) = change.changes.get(&key).filter(|inner| !removes(inner)) else {
            continue;
        };
        let renames =
            as_map(inner).is_some_and(|c| c.iter().any(|(k, _)| k.as_text() == Some(name)));
        let fit = if renames {
            Err(Misfit::new("the key of an element cannot change"))
        } else {
            fits(element, inner)
        };
        fit.map_err(|misfit| misfit.inside(key_text(&key.0)))?;
    }
    Ok(())
}

fn sum(now: ciborium::value::Integer, number: i128) -> Option<ciborium::value::Integer> {
    i128::from(now).checked_add(number)?.try_into().ok()
}

/// Carries out a patch that [`fits`]; what undoes it, `None` if nothing changed.
pub fn change(value: &mut Value, patch: &Value) -> Option<Value> {
    match form(patch) {
        Form::Set(new) if same(new, value) => None,
        Form::Set(new) => Some(set_to(std::mem::replace(value, new.clone()))),
        Form::Inside(changes) => change_inside(as_map_mut(value)?, changes),
        Form::Splice(_) => match (value, spliced(patch)?) {
            (Value::Text(text), Spliced::Text(splices)) => {
                splices::write_text(&splices.apply(text))
            }
            (Value::Array(list), Spliced::List(splices)) => {
                splices::write_list(&splices.apply(list))
            }
            _ => None,
        },
        Form::Elements(come, leave) => change_elements(as_set_mut(value)?, come, leave),
        Form::Add(number) => {
            let now = value.as_integer()?;
            *value = Value::Integer(sum(now, number)?);
            add(number.checked_neg()?)
        }
        Form::Keyed(..) => {
            let (name, change) = read_keyed(patch)?;
            let undo = change.apply(value.as_array_mut()?, |element| key_of(element, name));
            keyed::write(name, &undo)
        }
        Form::Remove | Form::Unknown => None,
    }
}

fn change_inside(map: &mut Vec<(Value, Value)>, changes: &[(Value, Value)]) -> Option<Value> {
    let mut places = Places::default();
    let undo = |(key, inner): &(Value, Value)| {
        change_entry(map, &mut places, key, inner).map(|undo| (key.clone(), undo))
    };
    let undos: Vec<_> = changes.iter().filter_map(undo).collect();
    if undos.is_empty() { None } else { Some(map_of(undos)) }
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
            map.insert(at, (key.clone(), super::replacement(inner)?.clone()));
            Some(removal())
        }
    }
}

fn change_elements(set: &mut Vec<Value>, come: &[Value], leave: &[Value]) -> Option<Value> {
    let place = |set: &[Value], element: &Value| {
        set.binary_search_by(|other| crate::value::key_order(other, element))
    };
    let (mut back, mut out) = (Vec::new(), Vec::new());
    for element in leave {
        if let Ok(at) = place(set, element) {
            back.push(set.remove(at));
        }
    }
    for element in come {
        if let Err(at) = place(set, element) {
            set.insert(at, element.clone());
            out.push(element.clone());
        }
    }
    elements(back, out)
}
