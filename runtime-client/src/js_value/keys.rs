//! Where the keys of a map stand in a list of its entries.

use std::collections::BTreeMap;

use temporal_entity_core::value::Value;

/// The places of keys.
#[derive(Default)]
pub struct Keys(BTreeMap<Key, usize>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Integer(i128),
    Text(String),
    /// No map has such a key.
    Other,
}

fn key(value: &Value) -> Key {
    match value {
        Value::Integer(n) => Key::Integer((*n).into()),
        Value::Text(text) => Key::Text(text.clone()),
        _ => Key::Other,
    }
}

impl Keys {
    /// Of these entries.
    pub fn of<V>(entries: &[(Value, V)]) -> Keys {
        let mut keys = Keys::default();
        for (at, (key, _)) in entries.iter().enumerate() {
            keys.insert(key, at);
        }
        keys
    }

    /// Notes a key's place.
    pub fn insert(&mut self, value: &Value, at: usize) {
        self.0.insert(key(value), at);
    }

    /// The place of a key.
    pub fn find(&self, value: &Value) -> Option<usize> {
        self.0.get(&key(value)).copied()
    }
}
