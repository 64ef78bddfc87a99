//! Carrying out a patch.

use ciborium::Value;

use super::compose::{is_ascending, merge_unordered};
use super::empty;
use super::form::{Form, add, elements, form, removal, removes, set_to};
use super::keyed::{self, key_of, keyed as read_keyed};
use super::splices::{self, Spliced, spliced};
use crate::field::Misfit;
use crate::schema::key_text;
use crate::sequence::lookup::Lookup;
use crate::steps;
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
    steps::count(1);
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
    steps::count(1);
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
    if !is_ascending(changes) {
        return change_entries(map, &merge_unordered(changes.to_vec()));
    }
    change_entries(map, changes)
}

/// Changes entries; the changes are in the order of their keys, each key once.
fn change_entries(map: &mut Vec<(Value, Value)>, changes: &[(Value, Value)]) -> Option<Value> {
    let mut places = Places::default();
    let (mut undos, mut moves) = (Vec::new(), Moves::default());
    for (key, inner) in changes {
        let undo = match places.find(map, key) {
            Ok(at) if removes(inner) => {
                let Some((_, old)) = map.get_mut(at) else { continue };
                moves.leave.push(at);
                Some(set_to(std::mem::replace(old, Value::Null)))
            }
            Ok(at) => map.get_mut(at).and_then(|(_, value)| change(value, inner)),
            Err(_) if removes(inner) => None,
            Err(at) => super::replacement(inner).map(|new| {
                moves.come.push((at, (key.clone(), new.clone())));
                removal()
            }),
        };
        undos.extend(undo.map(|undo| (key.clone(), undo)));
    }
    moves.carry_out(map);
    if undos.is_empty() { None } else { Some(map_of(undos)) }
}

fn change_elements(set: &mut Vec<Value>, come: &[Value], leave: &[Value]) -> Option<Value> {
    let place = |set: &[Value], element: &Value| {
        set.binary_search_by(|other| crate::value::key_order(other, element))
    };
    let (mut back, mut out, mut moves) = (Vec::new(), Vec::new(), Moves::default());
    for element in leave {
        if let Ok(at) = place(set, element) {
            moves.leave.push(at);
            back.push(element.clone());
        }
    }
    for element in come {
        if let Err(at) = place(set, element) {
            moves.come.push((at, element.clone()));
            out.push(element.clone());
        }
    }
    moves.carry_out(set);
    elements(back, out)
}

/// What leaves a list and what comes to it, by places before the change. All of it is carried out at once, since each
/// one alone would move what is behind it.
struct Moves<T> {
    leave: Vec<usize>,
    /// In the order of the places.
    come: Vec<(usize, T)>,
}

impl<T> Default for Moves<T> {
    fn default() -> Moves<T> {
        Moves { leave: Vec::new(), come: Vec::new() }
    }
}

impl<T> Moves<T> {
    fn carry_out(mut self, list: &mut Vec<T>) {
        let come = self.come.first().map(|(at, _)| *at);
        let Some(first) = self.leave.iter().copied().chain(come).min() else { return };
        let first = first.min(list.len());
        steps::count(list.len().saturating_sub(first));
        match (self.leave.len(), self.come.len()) {
            (1, 0) if first < list.len() => drop(list.remove(first)),
            (0, 1) => {
                if let Some((_, new)) = self.come.pop() {
                    list.insert(first, new);
                }
            }
            _ => self.merge(list, first),
        }
    }

    /// Moves each item from the place `first` on at most once.
    fn merge(self, list: &mut Vec<T>, first: usize) {
        let before = list.split_off(first);
        let mut leaves = vec![false; before.len()];
        for at in self.leave {
            if let Some(leaves) = leaves.get_mut(at.saturating_sub(first)) {
                *leaves = true;
            }
        }
        list.reserve(before.len().saturating_add(self.come.len()));
        let mut come = self.come.into_iter().peekable();
        for ((at, item), leaves) in (first..).zip(before).zip(leaves) {
            while let Some((_, new)) = come.next_if(|(place, _)| *place <= at) {
                list.push(new);
            }
            if !leaves {
                list.push(item);
            }
        }
        list.extend(come.map(|(_, new)| new));
    }
}
