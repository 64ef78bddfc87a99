//! The CBOR value tree, and the few questions that are asked of it everywhere.
//!
//! A party without the Rust type (the hub, a tab's store, a tool) holds an entity as this tree.

use std::cmp::Ordering;

pub use ciborium::Value;

/// The entry of `map` under the text `key`; `None` if it is absent or `map` is no map.
pub fn get<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    entries(map).iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, v)| v)
}

/// The entries of a map, none for any other value.
pub fn entries(value: &Value) -> &[(Value, Value)] {
    value.as_map().map_or(&[], Vec::as_slice)
}

/// The order of the keys of a map: as a `BTreeMap` has them.
pub fn key_order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (a, b) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
    }
}

/// Finds the entries of one map. Maps of many entries are sorted by their keys, so a search takes few steps; the
/// fields of a struct are not, but they are few.
#[derive(Default)]
pub struct Places {
    /// Whether the map is sorted, once that was asked. Inserting and removing at the places found leaves it so.
    sorted: Option<bool>,
}

impl Places {
    /// Where the entry under `key` is, or where it belongs.
    ///
    /// # Errors
    /// If there is none: the place for it.
    pub fn find(&mut self, map: &[(Value, Value)], key: &Value) -> Result<usize, usize> {
        let found = map.binary_search_by(|(k, _)| key_order(k, key));
        if let Ok(at) = found
            && map.get(at).is_some_and(|(k, _)| same(k, key))
        {
            return found;
        }
        let ascending = || map.is_sorted_by(|(a, _), (b, _)| key_order(a, b).is_lt());
        if *self.sorted.get_or_insert_with(ascending) {
            return found;
        }
        map.iter().position(|(k, _)| same(k, key)).ok_or(map.len())
    }

    /// The entry of `map` under `key`.
    pub fn get<'a>(&mut self, map: &'a [(Value, Value)], key: &Value) -> Option<&'a Value> {
        let at = self.find(map, key).ok()?;
        map.get(at).map(|(_, value)| value)
    }

    /// The entry of `map` under `key`, to change.
    pub fn get_mut<'a>(
        &mut self,
        map: &'a mut [(Value, Value)],
        key: &Value,
    ) -> Option<&'a mut Value> {
        let at = self.find(map, key).ok()?;
        map.get_mut(at).map(|(_, value)| value)
    }
}

/// Whether two trees are the same. Floats compare by bits, so NaN equals NaN and 0 differs from -0; map entries
/// compare without regard to their order.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => a.len() == b.len() && maps_same(a, b),
        (Value::Tag(a, inner_a), Value::Tag(b, inner_b)) => a == b && same(inner_a, inner_b),
        (a, b) => a == b,
    }
}

fn maps_same(a: &[(Value, Value)], b: &[(Value, Value)]) -> bool {
    // Entries nearly always come in the same order, so the look-up is the exception.
    let mut places = Places::default();
    a.iter().zip(b).all(|((key, value), (key_b, value_b))| {
        let other = if same(key, key_b) { Some(value_b) } else { places.get(b, key) };
        other.is_some_and(|other| same(value, other))
    })
}

/// What a value is, in words for a message: "a string", "an integer".
pub fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Integer(_) => "an integer",
        Value::Bytes(_) => "bytes",
        Value::Float(_) => "a float",
        Value::Text(_) => "a string",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
        Value::Tag(..) => "a tagged value",
        Value::Array(_) => "a list",
        Value::Map(_) => "a map",
        _ => "a value of another kind",
    }
}

/// Builds a map with text keys, in the order given.
#[derive(Default)]
pub struct MapBuilder(Vec<(Value, Value)>);

impl MapBuilder {
    /// An empty map.
    pub fn new() -> MapBuilder {
        MapBuilder::default()
    }

    /// Adds an entry.
    pub fn put(mut self, key: &str, value: impl Into<Value>) -> MapBuilder {
        self.0.push((Value::from(key), value.into()));
        self
    }

    /// Adds an entry if there is a value.
    pub fn put_some(self, key: &str, value: Option<impl Into<Value>>) -> MapBuilder {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    /// The map.
    pub fn finish(self) -> Value {
        Value::Map(self.0)
    }
}
