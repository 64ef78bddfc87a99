//! The CBOR value tree, and the few questions that are asked of it everywhere.
//!
//! A party without the Rust type (the hub, a tab's store, a tool) holds an entity as this tree.

pub use ciborium::Value;

/// The entry of `map` under the text `key`; `None` if it is absent or `map` is no map.
pub fn get<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    entries(map).iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, v)| v)
}

/// The entries of a map, none for any other value.
pub fn entries(value: &Value) -> &[(Value, Value)] {
    value.as_map().map_or(&[], Vec::as_slice)
}

/// The entry of `map` under `key`, to change.
pub fn get_mut<'a>(map: &'a mut [(Value, Value)], key: &Value) -> Option<&'a mut Value> {
    map.iter_mut().find(|(k, _)| same(k, key)).map(|(_, v)| v)
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
    a.iter().zip(b).all(|((key, value), (key_b, value_b))| {
        let other = if same(key, key_b) {
            Some(value_b)
        } else {
            b.iter().find(|(k, _)| same(k, key)).map(|(_, v)| v)
        };
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
