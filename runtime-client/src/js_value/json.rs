//! What JSON has, to a tree.

use js_sys::Array;
use temporal_entity_core::schema::{Kind, ShapeError};
use temporal_entity_core::value::{Places, Value, as_map, same_float};
use wasm_bindgen::JsValue;

use super::deeper;
use super::object::object_entries;
use super::read::{Entries, elements, entries};
use super::words::{mismatch, text_of, wrong};

/// Reads it. `like` is what may have been there before: JavaScript does not tell 1 from 1.0, and rounds past 2^53, so a
/// number that was not changed is taken from there.
pub fn read_json(value: &JsValue, like: Option<&Value>, depth: usize) -> Result<Value, ShapeError> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let scalar = value.as_bool().map(Value::Bool).or_else(|| value.as_string().map(Value::Text));
    if let Some(scalar) = scalar {
        return Ok(scalar);
    }
    if let Some(number) = value.as_f64() {
        let unchanged = like.filter(|like| float(like).is_some_and(|old| same_float(old, number)));
        return match unchanged {
            Some(like) => Ok(like.clone()),
            None if number.is_finite() => Ok(json_number(number)),
            None => Err(wrong(["JSON has no ", &text_of(value)].concat())),
        };
    }
    let depth = deeper(&Kind::Json, depth)?;
    if Array::is_array(value) {
        let mut items = Vec::new();
        let before = like.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut before = before.iter();
        for (at, element) in elements(value) {
            let read = element.and_then(|element| read_json(&element, before.next(), depth));
            items.push(read.map_err(|error| error.inside(at.to_string()))?);
        }
        return Ok(Value::Array(items));
    }
    if !value.is_object() {
        return Err(mismatch(&Kind::Json, value));
    }
    let before = like.and_then(as_map).unwrap_or(&[]);
    let mut places = Places::default();
    let mut found = Entries::new();
    for (key, part) in object_entries(&Kind::Json, value)? {
        let name = Value::Text(text_of(&key));
        let read = read_json(&part, places.get(before, &name), depth);
        let read = read.map_err(|error| error.inside(text_of(&key)))?;
        found.push((temporal_entity_core::value::Key(name), read));
    }
    Ok(Value::Map(entries(found)))
}

/// A number as JavaScript has it.
pub fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(n) => Some(i128::from(*n) as f64),
        Value::Float(f) => Some(*f),
        _ => None,
    }
}

/// As JSON is read elsewhere: whole numbers are integers, as far as these are exact.
fn json_number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let negative_zero = number == 0.0 && number.is_sign_negative();
    if number.fract() == 0.0 && number.abs() <= EXACT && !negative_zero {
        Value::from(number as i64)
    } else {
        Value::Float(number)
    }
}
