//! One patch for two.

use ciborium::Value;

use super::apply::change;
use super::empty;
use super::form::{Form, add, elements, form, into_replacement, set_to};
use super::keyed::{self, keyed as read_keyed};
use super::splices::{self, Spliced, spliced};
use crate::sequence::lookup::Lookup;
use crate::value::{Key, Places, as_map, into_map, map_of};

/// The patch that does at once what `first` and then `second` do.
pub fn compose(first: Value, second: Value) -> Value {
    compose_change(first, second).unwrap_or_else(empty)
}

/// As [`compose`], at any place; `None` if nothing changes.
pub fn compose_change(first: Value, second: Value) -> Option<Value> {
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

fn compose_maps(mut changes: Vec<(Value, Value)>, later: Vec<(Value, Value)>) -> Option<Value> {
    let mut places = Places::default();
    for (key, second) in later {
        match places.find(&changes, &key) {
            Ok(at) => {
                let (key, first) = changes.remove(at);
                if let Some(both) = compose_change(first, second) {
                    changes.insert(at, (key, both));
                }
            }
            Err(at) => changes.insert(at, (key, second)),
        }
    }
    (!changes.is_empty()).then(|| map_of(changes))
}

type Sides<'a> = (&'a [Value], &'a [Value]);

/// The elements that come and that leave by two changes of a set.
pub fn compose_elements(first: Sides<'_>, second: Sides<'_>) -> (Vec<Value>, Vec<Value>) {
    // What the second says of an element is what becomes of it.
    let side = |first: &[Value], second: &[Value], other: &[Value]| {
        let contains = |list: &[Value], element: &Value| {
            list.binary_search_by(|e| crate::value::key_order(e, element)).is_ok()
        };
        let kept = first.iter().filter(|element| !contains(other, element));
        let all: Vec<Key> = kept.chain(second).cloned().map(Key).collect();
        Lookup::of(&all).iter().map(|key| key.0.clone()).collect()
    };
    (side(first.0, second.0, second.1), side(first.1, second.1, second.0))
}
