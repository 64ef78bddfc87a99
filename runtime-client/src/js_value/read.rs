//! JavaScript to tree.

use js_sys::{Array, Reflect};
use temporal_entity_core::schema::{FieldSchema, Kind, ShapeError};
use temporal_entity_core::sequence::lookup::Lookup;
use temporal_entity_core::sorted::Sorted;
use temporal_entity_core::value::{Key, TAG_MAP, TAG_SET, Value, get};
use wasm_bindgen::{JsCast, JsValue};

use super::json::read_json;
use super::object::{expect_object, fields, object_entries, property, refuse_others};
use super::scalar::{read_bytes, read_date, read_id, read_int, read_variant};
use super::union::read_union;
use super::words::{mismatch, missing, text_of, wrong};
use super::{MAX_DEPTH, deeper, thrown};
use crate::js::{JsMap, JsSet, list_of};

/// Entries as they are found.
pub type Entries = Vec<(Key, Value)>;

/// They in the order that maps have; of two with one key (1 and 1n are one in Rust) the later stays.
pub fn entries(entries: Entries) -> Vec<(Value, Value)> {
    let sorted: Sorted<Key, Value> = entries.into_iter().collect();
    sorted.into_iter().map(|(key, value)| (key.0, value)).collect()
}

/// Reads a value of `kind`.
///
/// # Errors
/// The first place that does not fit, or whose getter threw.
pub fn from_js(kind: &Kind, value: &JsValue) -> Result<Value, ShapeError> {
    read(kind, value, MAX_DEPTH)
}

/// As [`from_js`], at most `depth` levels deep.
pub fn read(kind: &Kind, value: &JsValue, depth: usize) -> Result<Value, ShapeError> {
    let scalar = match kind {
        Kind::Bool => value.as_bool().map(Value::Bool),
        Kind::Int(range) | Kind::Counter(range) => return read_int(kind, range, value),
        Kind::Float => value.as_f64().map(Value::Float),
        Kind::Text | Kind::MergedText => value.as_string().map(Value::Text),
        Kind::Id => return read_id(kind, value),
        Kind::Bytes => return read_bytes(kind, value),
        Kind::Timestamp => return deeper(kind, depth).and_then(|_| read_date(kind, value)),
        Kind::Json => return read_json(value, None, depth),
        Kind::Enum(shape) => return read_variant(kind, shape, value),
        Kind::Option(_) if value.is_null() => Some(Value::Null),
        Kind::Option(_) if value.is_undefined() => None,
        Kind::Option(inner) | Kind::Atomic(inner) => return read(inner, value, depth),
        Kind::List(item) | Kind::Keyed(item, _) => return read_list(kind, item, value, depth),
        Kind::Set(item) => {
            deeper(kind, depth)?;
            let elements = read_set(kind, item, value)?;
            return Ok(Value::Tag(TAG_SET, Box::new(Value::Array(elements))));
        }
        Kind::Map(key, item) => return read_map(kind, key, item, value, deeper(kind, depth)?),
        Kind::Struct(shape) => {
            expect_object(kind, value)?;
            let (shape, mut found) = ((shape.fields)(), Vec::new());
            read_fields(shape, value, deeper(kind, depth)?, &mut found)?;
            refuse_others(kind, shape, &[], value, found.len())?;
            return Ok(Value::Map(found));
        }
        Kind::Union(shape) => return read_union(kind, shape, value, depth),
    };
    scalar.ok_or_else(|| mismatch(kind, value))
}

/// The array that `value` is.
pub fn expect_list(kind: &Kind, value: &JsValue) -> Result<(), ShapeError> {
    if Array::is_array(value) { Ok(()) } else { Err(mismatch(kind, value)) }
}

/// The elements of an array. The length is asked for again each time: a getter may shorten it.
pub fn elements(list: &JsValue) -> impl Iterator<Item = (u32, Result<JsValue, ShapeError>)> {
    let list: &Array = list.unchecked_ref();
    (0u32..)
        .take_while(|at| *at < list.length())
        .map(|at| (at, Reflect::get_u32(list, at).map_err(thrown)))
}

fn read_list(kind: &Kind, item: &Kind, value: &JsValue, depth: usize) -> Result<Value, ShapeError> {
    expect_list(kind, value)?;
    let depth = deeper(kind, depth)?;
    let mut items = Vec::new();
    for (at, element) in elements(value) {
        let read = element.and_then(|element| read(item, &element, depth));
        items.push(read.map_err(|error| error.inside(at.to_string()))?);
    }
    if let Kind::Keyed(_, key) = kind {
        let keys: Vec<Key> =
            items.iter().filter_map(|item| get(item, key).cloned().map(Key)).collect();
        if let Some(twice) = Lookup::of(&keys).twice() {
            let text = key_text(&twice.0);
            return Err(wrong(["two elements have the ", key, " \"", &text, "\""].concat()));
        }
    }
    Ok(Value::Array(items))
}

/// Reads the elements of a set; those that are one in Rust (1 and 1n) once.
fn read_set(kind: &Kind, item: &Kind, value: &JsValue) -> Result<Vec<Value>, ShapeError> {
    if !value.has_type::<JsSet>() {
        return Err(mismatch(kind, value));
    }
    read_elements(item, value)
}

/// As [`read_set`], of whatever can be iterated.
pub fn read_elements(item: &Kind, value: &JsValue) -> Result<Vec<Value>, ShapeError> {
    let mut all = Vec::new();
    for element in list_of(value).map_err(thrown)?.iter() {
        let read = read(item, &element, 0);
        all.push(Key(read.map_err(|error| error.inside(text_of(&element)))?));
    }
    Ok(Lookup::of(&all).iter().map(|key| key.0.clone()).collect())
}

/// The entries of an object or a `Map`, in the order in which they are there.
pub fn map_entries(
    kind: &Kind,
    key_kind: &Kind,
    value: &JsValue,
) -> Result<Vec<(Key, JsValue)>, ShapeError> {
    let pairs =
        if key_kind.is_text() { object_entries(kind, value)? } else { map_pairs(kind, value)? };
    with_keys(key_kind, pairs)
}

/// The keys and values of a `Map`.
pub fn map_pairs(kind: &Kind, value: &JsValue) -> Result<Vec<(JsValue, JsValue)>, ShapeError> {
    if !value.has_type::<JsMap>() {
        return Err(mismatch(kind, value));
    }
    let pair = |pair: JsValue| {
        let pair: Array = pair.unchecked_into();
        (pair.get(0), pair.get(1))
    };
    Ok(list_of(value).map_err(thrown)?.iter().map(pair).collect())
}

/// Reads the keys of entries.
pub fn with_keys(
    key_kind: &Kind,
    pairs: Vec<(JsValue, JsValue)>,
) -> Result<Vec<(Key, JsValue)>, ShapeError> {
    let mut entries = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let read = read(key_kind, &key, 0).map_err(|error| error.inside(text_of(&key)))?;
        entries.push((Key(read), value));
    }
    Ok(entries)
}

fn read_map(
    kind: &Kind,
    key: &Kind,
    item: &Kind,
    value: &JsValue,
    depth: usize,
) -> Result<Value, ShapeError> {
    let mut found = Entries::new();
    for (key, value) in map_entries(kind, key, value)? {
        let value = read(item, &value, depth).map_err(|error| error.inside(key_text(&key.0)))?;
        found.push((key, value));
    }
    let map = Value::Map(entries(found));
    Ok(if key.is_text() { map } else { Value::Tag(TAG_MAP, Box::new(map)) })
}

/// A key of a map in words, for paths.
pub fn key_text(key: &Value) -> String {
    text_of(&super::plain(key))
}

/// Reads the fields of an object, which may have more than these.
pub fn read_fields(
    schemas: &'static [FieldSchema],
    value: &JsValue,
    depth: usize,
    found: &mut Vec<(Value, Value)>,
) -> Result<(), ShapeError> {
    found.reserve(schemas.len());
    for field in fields(schemas) {
        let inside = |error: ShapeError| error.inside(field.name());
        match property(value, &field.key).map_err(inside)? {
            Some(part) => {
                let part = read(field.kind(), &part, depth).map_err(inside)?;
                found.push((Value::from(field.name()), part));
            }
            None if field.optional() => {}
            None => return Err(missing(field.name())),
        }
    }
    Ok(())
}
