//! Properties of JavaScript objects: reading those that a user handed in, writing those of our own.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use temporal_entity_core::schema::{FieldSchema, Kind, ShapeError};
use temporal_entity_core::sorted::Sorted;
use temporal_entity_core::value::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::thrown;
use super::words::{listed, mismatch, text_of, wrong};
use crate::js::{own_keys, tag};

thread_local! {
    /// Field names as JavaScript strings, by the address of the fields: making a string costs more than all else
    /// that is done for a small field.
    static KEYS: RefCell<Sorted<usize, Rc<[JsValue]>>> = RefCell::default();
}

/// A field of a struct with its name as a JavaScript string.
pub struct Field {
    schema: &'static FieldSchema,
    /// Its name.
    pub key: JsValue,
    /// Its place in the declaration.
    pub at: usize,
}

impl Field {
    pub fn name(&self) -> &'static str {
        self.schema.name
    }

    pub fn kind(&self) -> &'static Kind {
        &self.schema.kind
    }

    /// Whether a new value may leave it out.
    pub fn optional(&self) -> bool {
        self.schema.default
    }

    /// Its value in a tree, whose entries nearly always stand in the order of the declaration.
    pub fn of<'a>(&self, entries: &'a [(Value, Value)]) -> Option<&'a Value> {
        let named = |entry: &&(Value, Value)| entry.0.as_text() == Some(self.name());
        let hinted = entries.get(self.at).filter(named);
        hinted.or_else(|| entries.iter().find(named)).map(|(_, value)| value)
    }
}

/// The fields of a struct.
pub fn fields(schemas: &'static [FieldSchema]) -> impl Iterator<Item = Field> {
    let address = schemas.as_ptr().addr();
    let known = KEYS.with_borrow(|known| known.get(&address).map(Rc::clone));
    let keys = known.unwrap_or_else(|| {
        let names = schemas.iter().map(|field| JsValue::from_str(field.name));
        let keys: Rc<[JsValue]> = names.collect();
        KEYS.with_borrow_mut(|known| known.insert(address, Rc::clone(&keys)));
        keys
    });
    schemas.iter().enumerate().map(move |(at, schema)| Field {
        schema,
        key: keys.get(at).cloned().unwrap_or_default(),
        at,
    })
}

/// An own property of an object that a user handed in; `None` where it is `undefined`.
pub fn property(object: &JsValue, key: &JsValue) -> Result<Option<JsValue>, ShapeError> {
    let value = Reflect::get(object, key).map_err(thrown)?;
    // No value is a function, but `{}` inherits some: a field named `constructor` must not find them.
    if value.is_undefined() || value.is_function() && !owns(object, key)? {
        return Ok(None);
    }
    Ok(Some(value))
}

fn owns(object: &JsValue, key: &JsValue) -> Result<bool, ShapeError> {
    let object: &Object = object.unchecked_ref();
    let descriptor = Reflect::get_own_property_descriptor(object, key);
    descriptor.map(|found| !found.is_undefined()).map_err(thrown)
}

/// A property of a snapshot: `undefined` where there is none, or where `snapshot` is no object at all.
pub fn part(snapshot: &JsValue, key: &JsValue) -> JsValue {
    if !snapshot.is_object() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(snapshot, key).unwrap_or_default()
}

/// Gives an object of our own a property.
pub fn set(object: &Object, key: &JsValue, value: &JsValue) {
    // Assigning `__proto__` would call a setter and replace the prototype.
    let done = if key.as_string().as_deref() == Some("__proto__") {
        define(object, key, value)
    } else {
        Reflect::set(object, key, value)
    };
    debug_assert!(done.is_ok(), "an object of our own takes every property");
}

/// As [`set`] under the name of a struct's field, which a Rust identifier cannot make `__proto__`.
pub fn set_field(object: &Object, field: &Field, value: &JsValue) {
    let done = Reflect::set(object, &field.key, value);
    debug_assert!(done.is_ok(), "an object of our own takes every property");
}

fn define(object: &Object, key: &JsValue, value: &JsValue) -> Result<bool, JsValue> {
    let descriptor = Object::new();
    for (name, part) in [
        ("value", value),
        ("writable", &JsValue::TRUE),
        ("enumerable", &JsValue::TRUE),
        ("configurable", &JsValue::TRUE),
    ] {
        Reflect::set(&descriptor, &JsValue::from_str(name), part)?;
    }
    Reflect::define_property(object, key, &descriptor)
}

/// Refuses what is no object with properties.
pub fn expect_object(kind: &Kind, value: &JsValue) -> Result<(), ShapeError> {
    if !value.is_object() || Array::is_array(value) {
        return Err(mismatch(kind, value));
    }
    Ok(())
}

/// Refuses what has its content elsewhere than in properties: a `Map` or `Date` would pass as an empty object.
pub fn expect_plain(kind: &Kind, value: &JsValue) -> Result<(), ShapeError> {
    expect_object(kind, value)?;
    if is_plain(value)? { Ok(()) } else { Err(mismatch(kind, value)) }
}

/// Whether a value is an object that has its content in properties.
pub fn is_plain(value: &JsValue) -> Result<bool, ShapeError> {
    Ok(value.is_object() && tag(value).map_err(thrown)? == "[object Object]")
}

/// Refuses properties that are neither fields nor the keys `beside` these. `found` of both are there.
pub fn refuse_others(
    kind: &Kind,
    schemas: &'static [FieldSchema],
    beside: &[&str],
    object: &JsValue,
    found: usize,
) -> Result<(), ShapeError> {
    if found == 0 {
        expect_plain(kind, object)?;
    }
    let keys = own_keys(object).map_err(thrown)?;
    if usize::try_from(keys.length()) == Ok(found) {
        return Ok(());
    }
    for key in keys.iter() {
        let name = text_of(&key);
        let mut known = beside.iter().copied().chain(schemas.iter().map(|field| field.name));
        if !known.any(|known| known == name) && property(object, &key)?.is_some() {
            let known = beside.iter().copied().chain(schemas.iter().map(|field| field.name));
            let names = listed(known, ", ");
            return Err(wrong(
                ["unknown field \"", &name, "\": expected one of ", &names].concat(),
            ));
        }
    }
    Ok(())
}

/// The entries of a plain object, without those that are `undefined`.
pub fn object_entries(
    kind: &Kind,
    object: &JsValue,
) -> Result<Vec<(JsValue, JsValue)>, ShapeError> {
    expect_plain(kind, object)?;
    let keys = own_keys(object).map_err(thrown)?;
    let mut entries = Vec::with_capacity(keys.length() as usize);
    for key in keys.iter() {
        let value = Reflect::get(object, &key).map_err(thrown)?;
        if !value.is_undefined() {
            entries.push((key, value));
        }
    }
    Ok(entries)
}

/// Gives an object of our own a property with a name of ours.
pub fn set_named(object: &Object, name: &str, value: &JsValue) {
    set(object, &JsValue::from_str(name), value);
}
