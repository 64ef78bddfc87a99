//! JSON: values as JSON documents, and patches as JSON Patches (RFC 6902), for tools that speak these.
//!
//! The document of a value is what serde_json writes for its type: sets are arrays, the keys of maps are strings, a
//! `Timestamp` is its milliseconds, bytes are an array of numbers. NaN and the infinities have no form in it.

mod from_patch;
mod to_patch;

use std::fmt;

use ciborium::Value;
use serde_json::{Map, Number, Value as Json};

use crate::field::Misfit;
use crate::schema::{Kind, ShapeError, key_text};

pub use from_patch::{MAX_MOVED, from_json_patch, typed_from_json_patch};
pub use json_patch::{Patch as JsonPatch, PatchOperation as JsonPatchOperation};
pub use to_patch::{to_json_patch, typed_to_json_patch};

/// Why a value or a patch has no JSON form, or a JSON Patch cannot be made.
#[derive(Debug)]
pub enum JsonError {
    /// A number that JSON does not have, at this path.
    NoJson(String),
    /// The patch does not fit the value.
    Misfit(Misfit),
    /// What the JSON Patch leads to does not have the shape of the type.
    Shape(ShapeError),
    /// An operation of the JSON Patch cannot be carried out.
    Operation(json_patch::PatchError),
    /// The operations of the JSON Patch move or copy more than [`MAX_MOVED`] items, or nest too deep.
    TooMuch,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonError::NoJson(path) => write!(f, "{path}: this number has no form in JSON"),
            JsonError::Misfit(misfit) => misfit.fmt(f),
            JsonError::Shape(error) => error.fmt(f),
            JsonError::Operation(error) => error.fmt(f),
            JsonError::TooMuch => f.write_str("the JSON Patch moves too much, or nests too deep"),
        }
    }
}

impl std::error::Error for JsonError {}

impl From<Misfit> for JsonError {
    fn from(misfit: Misfit) -> JsonError {
        JsonError::Misfit(misfit)
    }
}

impl From<ShapeError> for JsonError {
    fn from(error: ShapeError) -> JsonError {
        JsonError::Shape(error)
    }
}

/// The JSON document of a value of `kind`.
///
/// # Errors
/// If a number in it has no form in JSON.
pub fn to_json(kind: &Kind, value: &Value) -> Result<Json, JsonError> {
    let mut plain = value.clone();
    kind.undress(&mut plain);
    plain_to_json(&plain).map_err(|mut path| {
        path.reverse();
        JsonError::NoJson(path.join("."))
    })
}

fn plain_to_json(value: &Value) -> Result<Json, Vec<String>> {
    Ok(match value {
        Value::Bool(bool) => Json::Bool(*bool),
        Value::Text(text) => Json::String(text.clone()),
        Value::Bytes(bytes) => bytes.iter().copied().map(Json::from).collect(),
        Value::Integer(n) => {
            let signed = i64::try_from(*n).map(Json::from);
            signed.or_else(|_| u64::try_from(*n).map(Json::from)).map_err(|_| Vec::new())?
        }
        Value::Float(float) => Number::from_f64(*float).map(Json::Number).ok_or_else(Vec::new)?,
        Value::Array(items) => {
            let item = |(at, item)| inside(plain_to_json(item), || usize::to_string(&at));
            Json::Array(items.iter().enumerate().map(item).collect::<Result<_, _>>()?)
        }
        Value::Map(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                map.insert(key_text(key), inside(plain_to_json(value), || key_text(key))?);
            }
            Json::Object(map)
        }
        Value::Tag(_, inner) => plain_to_json(inner)?,
        _ => Json::Null,
    })
}

fn inside<T>(
    result: Result<T, Vec<String>>,
    key: impl FnOnce() -> String,
) -> Result<T, Vec<String>> {
    result.map_err(|mut path| {
        path.push(key());
        path
    })
}

/// The value of `kind` that a JSON document is the form of.
///
/// # Errors
/// If it does not have the shape of the kind.
pub fn from_json(kind: &Kind, json: &Json) -> Result<Value, ShapeError> {
    let mut value = plain_from_json(json);
    kind.dress(&mut value);
    kind.conform(&mut value)?;
    Ok(value)
}

fn plain_from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => Value::Bool(*bool),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::Array(items.iter().map(plain_from_json).collect()),
        Json::Object(map) => {
            let entries =
                map.iter().map(|(key, value)| (key.as_str().into(), plain_from_json(value)));
            Value::Map(entries.collect())
        }
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(n), _) => Value::from(n),
            (None, Some(n)) => Value::from(n),
            _ => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
    }
}
