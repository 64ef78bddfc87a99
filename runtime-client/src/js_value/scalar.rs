//! JavaScript to tree: what is read at once and has no parts.

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use temporal_entity_core::field::Timestamp;
use temporal_entity_core::message::check_id;
use temporal_entity_core::schema::{EnumKind, IntKind, Kind, ShapeError, date};
use temporal_entity_core::value::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::thrown;
use super::words::{mismatch, out_of_range, text_of, unknown_variant, wrong};
use crate::js::{JsBytes, millis_of};

/// Reads an integer.
pub fn read_int(kind: &Kind, range: &IntKind, value: &JsValue) -> Result<Value, ShapeError> {
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

/// Reads the name of a variant that holds nothing.
pub fn read_variant(kind: &Kind, shape: &EnumKind, value: &JsValue) -> Result<Value, ShapeError> {
    match value.as_string() {
        Some(name) if shape.variants.contains(&name.as_str()) => Ok(Value::Text(name)),
        Some(name) => Err(unknown_variant(&name, shape.name, shape.variants.iter().copied())),
        None => Err(mismatch(kind, value)),
    }
}

/// Reads the id of an entity.
pub fn read_id(kind: &Kind, value: &JsValue) -> Result<Value, ShapeError> {
    let id = value.as_string().ok_or_else(|| mismatch(kind, value))?;
    check_id("an id", &id).map_err(|malformed| wrong(malformed.0))?;
    Ok(Value::Text(id))
}

/// Reads an instant.
pub fn read_date(kind: &Kind, value: &JsValue) -> Result<Value, ShapeError> {
    let millis = millis_of(value).map_err(|_| mismatch(kind, value))?;
    if millis.is_nan() {
        return Err(wrong("the Date is invalid"));
    }
    // A `Date` has whole milliseconds.
    let time = Timestamp::from_millis(millis as i64);
    if time.as_millis() as f64 == millis {
        Ok(date(time.as_millis()))
    } else {
        Err(wrong("instants are from the year 1 to 9999"))
    }
}

/// Reads a copy of the bytes of an `ArrayBuffer`, or of whatever views one.
pub fn read_bytes(kind: &Kind, value: &JsValue) -> Result<Value, ShapeError> {
    let named = |name: &str| Reflect::get(value, &JsValue::from_str(name)).map_err(thrown);
    let bytes = if ArrayBuffer::is_view(value) {
        JsBytes::view(&named("buffer")?, &named("byteOffset")?, &named("byteLength")?)
    } else if value.has_type::<ArrayBuffer>() {
        JsBytes::view(value, &JsValue::UNDEFINED, &JsValue::UNDEFINED)
    } else {
        return Err(mismatch(kind, value));
    };
    let bytes: Uint8Array = bytes.map_err(thrown)?.unchecked_into();
    Ok(Value::Bytes(bytes.to_vec()))
}
