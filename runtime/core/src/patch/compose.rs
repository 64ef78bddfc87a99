//! One patch for two.

use std::cmp::Ordering;

use ciborium::Value;

use super::apply::change;
use super::empty;
use super::form::{Form, add, elements, form, into_replacement, set_to};
use super::keyed::{self, keyed as read_keyed};
use super::splices::{self, Spliced, spliced};
use crate::sequence::lookup::{Lookup, sorted};
use crate::sorted::Sorted;
use crate::steps;
use crate::value::{Key, as_map, into_map, key_order, map_of, same};

/// The patch that does at once what `first` and then `second` do.
pub fn compose(first: Value, second: Value) -> Value {
    compose_change(first, second).unwrap_or_else(empty)
}

/// As [`compose`], at any place; `None` if nothing changes.
pub fn compose_change(first: Value, second: Value) -> Option<Value> {
    steps::count(1);
    if as_map(&first).is_some() && as_map(&second).is_some() {
        return compose_maps(into_map(first).ok()?, into_map(second).ok()?);
    }
    match (form(&first), form(&second)) {
        (Form::Add(a), Form::Add(b)) => add(a.saturating_add(b)),
        (Form::Elements(come_a, leave_a), Form::Elements(come_b, leave_b)) => {
            let (come, leave) = compose_elements((come_a, leave_a), (come_b, leave_b));
            elements(come, leave)
        }
        (Form::Splice(_), Form::Splice(_)) => match (spliced(&first), spliced(&second)) {
            (Some(Spliced::Text(a)), Some(Spliced::Text(b))) => splices::write_text(&a.compose(b)),
            (Some(Spliced::List(a)), Some(Spliced::List(b))) => splices::write_list(&a.compose(b)),
            _ => Some(second),
        },
        (Form::Keyed(..), Form::Keyed(..)) => match (read_keyed(&first), read_keyed(&second)) {
            (Some((name, a)), Some((other, b))) if name == other => {
                keyed::write(name, &a.compose(b))
            }
            _ => Some(second),
        },
        (
            Form::Set(_),
            Form::Inside(_) | Form::Splice(_) | Form::Elements(..) | Form::Add(_) | Form::Keyed(..),
        ) => {
            let mut value = into_replacement(first).ok()?;
            change(&mut value, &second);
            Some(set_to(value))
        }
        // The later replaces or removes. Or it is of another form, and then neither fits after the other: it stays, to
        // be refused.
        _ => Some(second),
    }
}

type Entries = Vec<(Value, Value)>;

/// Whether entries are in the order of their keys, each key once.
pub fn is_ascending(entries: &[(Value, Value)]) -> bool {
    entries.is_sorted_by(|(a, _), (b, _)| key_order(a, b).is_lt())
}

fn compose_maps(first: Entries, later: Entries) -> Option<Value> {
    let composed = if is_ascending(&first) && is_ascending(&later) {
        // As they nearly always are: one step for each entry.
        let keyed = |entries: Entries| entries.into_iter().map(|(key, change)| (Key(key), change));
        let both = keyed(first).collect::<Sorted<_, _>>();
        let both = both.merge(keyed(later).collect(), compose_change);
        both.into_iter().map(|(key, change)| (key.0, change)).collect()
    } else {
        merge_unordered(first.into_iter().chain(later).collect())
    };
    (!composed.is_empty()).then(|| map_of(composed))
}

/// Changes in any order, put in the order of their keys: those of one key become one.
pub fn merge_unordered(changes: Entries) -> Entries {
    let key = |at: usize| changes.get(at).map(|(key, _)| key);
    let order = |a, b| key(a).zip(key(b)).map_or(Ordering::Equal, |(a, b)| key_order(a, b));
    let places = sorted(changes.len(), &order);
    let mut slots: Vec<_> = changes.into_iter().map(Some).collect();
    let mut composed: Entries = Vec::with_capacity(slots.len());
    for place in places {
        let Some((key, later)) = slots.get_mut(place).and_then(Option::take) else { continue };
        match composed.pop_if(|(known, _)| same(known, &key)) {
            Some((_, first)) => composed.extend(compose_change(first, later).map(|c| (key, c))),
            None => composed.push((key, later)),
        }
    }
    composed
}

type Sides<'a> = (&'a [Value], &'a [Value]);

/// The elements that come and that leave by two changes of a set.
pub fn compose_elements(first: Sides<'_>, second: Sides<'_>) -> (Vec<Value>, Vec<Value>) {
    // What the second says of an element is what becomes of it.
    let side = |first: &[Value], second: &[Value], other: &[Value]| {
        let contains = |list: &[Value], element: &Value| {
            list.binary_search_by(|e| key_order(e, element)).is_ok()
        };
        let kept = first.iter().filter(|element| !contains(other, element));
        let all: Vec<Key> = kept.chain(second).cloned().map(Key).collect();
        Lookup::of(&all).iter().map(|key| key.0.clone()).collect()
    };
    (side(first.0, second.0, second.1), side(first.1, second.1, second.0))
}
