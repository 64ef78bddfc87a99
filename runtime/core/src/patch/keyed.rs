//! Changes of keyed lists on trees.

use ciborium::Value;

use super::form::{
    Form, form, into_replacement, keyed_to_value, removal, removes, replacement, set_to,
};
use super::{apply, compose};
use crate::sequence::keyed::{ElementChange, KeyedChange};
use crate::sequence::order::Order;
use crate::sorted::Sorted;
use crate::value::{Key, get};

/// A change of an element that is a tree: its patch.
impl ElementChange for Value {
    type Element = Value;

    fn put(element: Value) -> Value {
        set_to(element)
    }

    fn removal() -> Value {
        removal()
    }

    fn removes(&self) -> bool {
        removes(self)
    }

    fn element(&self) -> Option<&Value> {
        replacement(self)
    }

    fn into_element(self) -> Option<Value> {
        into_replacement(self).ok()
    }

    fn apply(self, element: &mut Value) -> Option<Value> {
        apply::change(element, &self)
    }

    fn compose(self, later: Value) -> Option<Value> {
        compose::compose_change(self, later)
    }
}

/// A change of a keyed list of trees, with the name of the key.
pub type Trees = KeyedChange<Value>;

/// Reads a patch of a keyed list; `None` if it is none, or one that no list could take.
pub fn keyed(patch: &Value) -> Option<(&str, Trees)> {
    let Form::Keyed(key, changes, order) = form(patch) else {
        return None;
    };
    let order = match order {
        Some(order) => Order::from_value(order)?,
        None => Order::default(),
    };
    let count = changes.len();
    let changes: Sorted<_, _> =
        changes.iter().map(|(of, change)| (Key(of.clone()), change.clone())).collect();
    (changes.len() == count).then_some((key, Trees { changes, order }))
}

/// The wire form of a change of a keyed list.
pub fn write(key: &str, change: &Trees) -> Option<Value> {
    keyed_to_value(key, change, Clone::clone)
}

/// The key of an element.
pub fn key_of(element: &Value, name: &str) -> Key {
    Key(get(element, name).cloned().unwrap_or(Value::Null))
}
