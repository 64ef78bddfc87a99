//! The CBOR value tree, and the few questions that are asked of it everywhere.
//!
//! A party without the Rust type (the hub, a tab's store, a tool) holds an entity as this tree.

use std::cmp::Ordering;

pub use ciborium::Value;

use crate::sequence::lookup::sorted;
use crate::steps;

/// The entry of `map` under the text `key`; `None` if it is absent or `map` is no map.
pub fn get<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    entries(map).iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, v)| v)
}

/// As [`get`], taken out: null is left in its place.
pub fn take(map: &mut Value, key: &str) -> Option<Value> {
    let entries = as_map_mut(map)?.iter_mut();
    let found = entries.into_iter().find(|(k, _)| k.as_text() == Some(key));
    found.map(|(_, value)| std::mem::replace(value, Value::Null))
}

/// Tag of a map whose keys are no texts: cbor-x's, for a JavaScript `Map`.
pub const TAG_MAP: u64 = 259;
/// Tag of a set: the one registered for mathematical finite sets.
pub const TAG_SET: u64 = 258;
/// Tag of an instant in seconds since 1970 (RFC 8949, section 3.4.2).
pub const TAG_TIME: u64 = 1;

/// An instant of so many seconds since 1970. Seconds that take more than 32 bits are a float: cbor-x reads a longer
/// integer as a `bigint`, and fails to make a `Date` of it. (Those of no year from 1 to 9999 stay as they are: a check
/// refuses them.)
pub fn instant(seconds: Value) -> Value {
    let long = |n: i64| (1..LONGEST).contains(&((n ^ (n >> 63)) >> 32)).then_some(n as f64);
    let float = seconds.as_integer().and_then(|n| long(i64::try_from(n).ok()?));
    Value::Tag(TAG_TIME, Box::new(float.map_or(seconds, Value::Float)))
}

/// The first number that the upper 32 bits of an instant's seconds do not reach.
pub(crate) const LONGEST: i64 = 64;

/// The entries of a map, none for any other value.
pub fn entries(value: &Value) -> &[(Value, Value)] {
    as_map(value).unwrap_or(&[])
}

/// The entries of a map, which is tagged where its keys are no texts; `None` for any other value.
pub fn as_map(value: &Value) -> Option<&[(Value, Value)]> {
    match value {
        Value::Map(entries) => Some(entries),
        Value::Tag(TAG_MAP, inner) => inner.as_map().map(Vec::as_slice),
        _ => None,
    }
}

/// As [`as_map`], to change.
pub fn as_map_mut(value: &mut Value) -> Option<&mut Vec<(Value, Value)>> {
    match value {
        Value::Map(entries) => Some(entries),
        Value::Tag(TAG_MAP, inner) => inner.as_map_mut(),
        _ => None,
    }
}

/// As [`as_map`], taken out.
///
/// # Errors
/// The value, if it is no map.
pub fn into_map(value: Value) -> Result<Vec<(Value, Value)>, Value> {
    match value {
        Value::Map(entries) => Ok(entries),
        Value::Tag(TAG_MAP, inner) if inner.is_map() => inner.into_map(),
        other => Err(other),
    }
}

/// A map of these entries, tagged where its keys are no texts.
pub fn map_of(entries: Vec<(Value, Value)>) -> Value {
    match entries.first() {
        Some((key, _)) if !key.is_text() => Value::Tag(TAG_MAP, Box::new(Value::Map(entries))),
        _ => Value::Map(entries),
    }
}

/// The elements of a set; `None` for any other value.
pub fn as_set(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Tag(TAG_SET, inner) => inner.as_array().map(Vec::as_slice),
        _ => None,
    }
}

/// As [`as_set`], to change.
pub fn as_set_mut(value: &mut Value) -> Option<&mut Vec<Value>> {
    match value {
        Value::Tag(TAG_SET, inner) => inner.as_array_mut(),
        _ => None,
    }
}

/// The key of an entry, an element of a set, or what tells the elements of a keyed list apart, in the order that maps
/// have.
#[derive(Clone, Debug)]
pub struct Key(pub Value);

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        key_order(&self.0, &other.0)
    }
}

/// The order of the keys of a map and of the elements of a set: integers by size, texts by their bytes.
pub fn key_order(a: &Value, b: &Value) -> Ordering {
    steps::count(1);
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => {
            // Comparing long texts is quick, but takes its time, too.
            steps::count(a.len().min(b.len()) >> 4);
            a.cmp(b)
        }
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => {
            let one_nan = |number: f64| if number.is_nan() { f64::NAN } else { number };
            one_nan(*a).total_cmp(&one_nan(*b))
        }
        (a, b) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
    }
}

/// Finds the entries of one map, whose keys stay the same meanwhile. Maps of many entries are sorted by their keys, so a
/// search takes few steps; the fields of a struct are not, but they are few. Of another map that is not sorted an index is
/// made when much was looked for.
#[derive(Default)]
pub struct Places {
    /// Whether the map is sorted, once that was asked.
    sorted: Option<bool>,
    /// How often the whole map was walked.
    walks: u8,
    /// The places of the entries in the order of their keys, if the map was walked often.
    index: Vec<usize>,
    /// Where the entry after the one that was found last is: keys mostly are looked up in the order of the map.
    next: usize,
}

impl Places {
    /// Where the entry under `key` is, or where it belongs.
    ///
    /// # Errors
    /// If there is none: the place for it.
    pub fn find(&mut self, map: &[(Value, Value)], key: &Value) -> Result<usize, usize> {
        let here = map.get(self.next).is_some_and(|(k, _)| same(k, key));
        let found = if here { Ok(self.next) } else { self.search(map, key) };
        if let Ok(at) = found {
            self.next = at.saturating_add(1);
        }
        found
    }

    fn search(&mut self, map: &[(Value, Value)], key: &Value) -> Result<usize, usize> {
        const MAX_WALKS: u8 = 8;
        if self.walks == MAX_WALKS {
            return self.search_index(map, key);
        }
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
        steps::count(map.len());
        self.walks = self.walks.saturating_add(1);
        map.iter().position(|(k, _)| same(k, key)).ok_or(map.len())
    }

    fn search_index(&mut self, map: &[(Value, Value)], key: &Value) -> Result<usize, usize> {
        let order = |at: usize, key: &Value| map.get(at).map(|(known, _)| key_order(known, key));
        if self.index.is_empty() {
            let compare = |a, b| map.get(b).and_then(|(key, _)| order(a, key));
            self.index = sorted(map.len(), &|a, b| compare(a, b).unwrap_or(Ordering::Equal));
        }
        let before = |at: &usize| order(*at, key).is_some_and(Ordering::is_lt);
        let found = self.index.get(self.index.partition_point(before)).copied();
        found.filter(|at| map.get(*at).is_some_and(|(known, _)| same(known, key))).ok_or(map.len())
    }

    /// The entry of `map` under `key`.
    pub fn get<'a>(&mut self, map: &'a [(Value, Value)], key: &Value) -> Option<&'a Value> {
        let at = self.find(map, key).ok()?;
        map.get(at).map(|(_, value)| value)
    }
}

/// Whether two trees are the same. Floats compare by bits, so 0 differs from -0, and all NaNs are one; map entries
/// compare without regard to their order.
pub fn same(a: &Value, b: &Value) -> bool {
    steps::count(1);
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => same_float(*a, *b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => a.len() == b.len() && maps_same(a, b),
        (Value::Tag(a, inner_a), Value::Tag(b, inner_b)) => a == b && same(inner_a, inner_b),
        (a, b) => a == b,
    }
}

/// Whether two floats are the same: by bits, but that there is one NaN.
pub fn same_float(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
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
        Value::Tag(TAG_MAP, _) => "a map",
        Value::Tag(TAG_SET, _) => "a set",
        Value::Tag(TAG_TIME, _) => "an instant",
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
