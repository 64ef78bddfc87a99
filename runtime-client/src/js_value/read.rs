//! JavaScript to tree.

use js_sys::{Array, Reflect};
use temporal_entity_core::schema::{EnumKind, IntKind, Kind, ShapeError, StructKind};
use temporal_entity_core::value::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::keys::Keys;
use super::object::{expect_object, fields, object_entries, property, refuse_others};
use super::{MAX_DEPTH, deeper, mismatch, out_of_range, text_of, thrown, wrong};
use crate::js::{JsMap, list_of};

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
        Kind::Int(range) => return read_int(kind, range, value),
        Kind::Float => value.as_f64().map(Value::Float),
        Kind::Text => value.as_string().map(Value::Text),
        Kind::Enum(shape) => return read_variant(kind, shape, value),
        Kind::Option(_) if value.is_null() => Some(Value::Null),
        Kind::Option(_) if value.is_undefined() => None,
        Kind::Option(inner) => return read(inner, value, depth),
        Kind::List(item) => return read_list(kind, item, value, deeper(depth)?),
        Kind::Map(Kind::Text, item) => return read_object(kind, item, value, deeper(depth)?),
        Kind::Map(key, item) => return read_map(kind, key, item, value, deeper(depth)?),
        Kind::Struct(shape) => return read_struct(shape, value, deeper(depth)?),
    };
    scalar.ok_or_else(|| mismatch(kind, value))
}

fn read_int(kind: &Kind, range: &IntKind, value: &JsValue) -> Result<Value, ShapeError> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = match value.as_f64() {
        Some(float) if float.fract() != 0.0 => {
            return Err(wrong(["expected a whole number, found ", &text_of(value)].concat()));
        }
        Some(float) if float.abs() > EXACT && range.bigint => {
            let number = text_of(value);
            return Err(wrong(
                [&number, " is more than a number holds exactly: give it as a bigint"].concat(),
            ));
        }
        // A cast saturates, and so keeps what is out of range out of range.
        Some(float) => i128::from(float as i64),
        None if value.is_bigint() => {
            bigint(value).ok_or_else(|| out_of_range(value, range.name))?
        }
        None => return Err(mismatch(kind, value)),
    };
    if number < range.min || number > range.max {
        return Err(out_of_range(value, range.name));
    }
    let signed = i64::try_from(number).map(Value::from);
    signed
        .or_else(|_| u64::try_from(number).map(Value::from))
        .map_err(|_| out_of_range(value, range.name))
}

fn bigint(value: &JsValue) -> Option<i128> {
    let signed = i64::try_from(value.clone()).map(i128::from);
    signed.or_else(|_| u64::try_from(value.clone()).map(i128::from)).ok()
}

fn read_variant(kind: &Kind, shape: &EnumKind, value: &JsValue) -> Result<Value, ShapeError> {
    match value.as_string() {
        Some(name) if shape.variants.contains(&name.as_str()) => Ok(Value::Text(name)),
        Some(name) => {
            let known = shape.variants.join(", ");
            Err(wrong(
                ["\"", &name, "\" is no ", shape.name, ": expected one of ", &known].concat(),
            ))
        }
        None => Err(mismatch(kind, value)),
    }
}

/// The array that `value` is.
pub fn expect_list<'a>(kind: &Kind, value: &'a JsValue) -> Result<&'a Array, ShapeError> {
    if !Array::is_array(value) {
        return Err(mismatch(kind, value));
    }
    Ok(value.unchecked_ref())
}

/// The elements of a list. The length is asked for again each time: a getter may shorten the list.
pub fn elements(list: &Array) -> impl Iterator<Item = (u32, Result<JsValue, ShapeError>)> {
    (0u32..)
        .take_while(|at| *at < list.length())
        .map(|at| (at, Reflect::get_u32(list, at).map_err(thrown)))
}

fn read_list(kind: &Kind, item: &Kind, value: &JsValue, depth: usize) -> Result<Value, ShapeError> {
    let list = expect_list(kind, value)?;
    let mut items = Vec::new();
    for (at, element) in elements(list) {
        let read = element.and_then(|element| read(item, &element, depth));
        items.push(read.map_err(|error| error.inside(at.to_string()))?);
    }
    Ok(Value::Array(items))
}

fn read_object(
    kind: &Kind,
    item: &Kind,
    value: &JsValue,
    depth: usize,
) -> Result<Value, ShapeError> {
    let mut entries = Vec::new();
    for (key, value) in object_entries(kind, value)? {
        let value = read(item, &value, depth).map_err(|error| error.inside(key.clone()))?;
        entries.push((Value::Text(key), value));
    }
    Ok(Value::Map(entries))
}

/// The entries of a `Map`; of two keys that are one in Rust (1 and 1n) the later.
pub fn map_entries(
    kind: &Kind,
    key_kind: &Kind,
    value: &JsValue,
) -> Result<Vec<(Value, JsValue)>, ShapeError> {
    if !value.has_type::<JsMap>() {
        return Err(mismatch(kind, value));
    }
    let mut entries: Vec<(Value, JsValue)> = Vec::new();
    let mut keys = Keys::default();
    for pair in list_of(value).map_err(thrown)?.iter() {
        let pair: Array = pair.unchecked_into();
        let key = read(key_kind, &pair.get(0), 0);
        let key = key.map_err(|error| error.inside(text_of(&pair.get(0))))?;
        match keys.find(&key).and_then(|at| entries.get_mut(at)) {
            Some(known) => known.1 = pair.get(1),
            None => {
                keys.insert(&key, entries.len());
                entries.push((key, pair.get(1)));
            }
        }
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
    let mut entries = Vec::new();
    for (key, value) in map_entries(kind, key, value)? {
        let value = read(item, &value, depth).map_err(|error| error.inside(key_text(&key)))?;
        entries.push((key, value));
    }
    Ok(Value::Map(entries))
}

/// A key of a map in words, for paths.
pub fn key_text(key: &Value) -> String {
    text_of(&super::plain(key))
}

fn read_struct(
    shape: &'static StructKind,
    value: &JsValue,
    depth: usize,
) -> Result<Value, ShapeError> {
    expect_object(&Kind::Struct(shape), value)?;
    let mut entries = Vec::with_capacity((shape.fields)().len());
    for field in fields(shape) {
        let inside = |error: ShapeError| error.inside(field.name());
        match property(value, &field.key).map_err(inside)? {
            Some(part) => {
                let part = read(field.kind(), &part, depth).map_err(inside)?;
                entries.push((Value::from(field.name()), part));
            }
            None if field.optional() => {}
            None => return Err(missing(field.name())),
        }
    }
    refuse_others(shape, value, entries.len())?;
    Ok(Value::Map(entries))
}

/// A field that is not there.
pub fn missing(name: &str) -> ShapeError {
    wrong(["the field \"", name, "\" is missing"].concat())
}
