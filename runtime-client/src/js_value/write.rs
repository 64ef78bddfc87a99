//! Tree to JavaScript.

use js_sys::{Array, Date, Object, Uint8Array};
use temporal_entity_core::schema::{FieldSchema, Kind};
use temporal_entity_core::value::{TAG_TIME, Value, as_map, as_set};
use wasm_bindgen::{JsCast, JsValue};

use super::diff::diff_js;
use super::json::float;
use super::list::{share_keyed, share_list};
use super::object::{fields, is_plain, part, set, set_field};
use super::union::share_union;
use crate::js::{JsMap, JsSet, own_keys, same};

/// A tree as a new JavaScript value.
pub fn to_js(kind: &Kind, value: &Value) -> JsValue {
    share(kind, &JsValue::UNDEFINED, value)
}

/// As [`to_js`], but every part that `old` has just so is taken from there, `old` itself if it is all the same.
pub fn share(kind: &Kind, old: &JsValue, value: &Value) -> JsValue {
    match (kind, value) {
        (Kind::Option(_), Value::Null) => JsValue::NULL,
        (Kind::Option(inner) | Kind::Atomic(inner), _) => share(inner, old, value),
        (Kind::Struct(shape), Value::Map(entries)) => share_struct((shape.fields)(), old, entries),
        (Kind::Union(shape), Value::Map(entries)) => share_union(shape, old, entries),
        (Kind::Json, Value::Map(entries)) => share_object(old, entries, &within(kind)),
        (Kind::Map(key, item), _) => match as_map(value) {
            Some(entries) if key.is_text() => share_object(old, entries, &within(item)),
            Some(entries) => share_map(key, item, old, entries),
            None => plain(value),
        },
        (Kind::List(item), Value::Array(_)) => share_list(kind, item, old, value),
        (Kind::Json, Value::Array(_)) => share_list(kind, kind, old, value),
        (Kind::Keyed(item, key), Value::Array(items)) => share_keyed(item, key, old, items, None),
        (Kind::Int(range) | Kind::Counter(range), Value::Integer(n)) if range.bigint => {
            bigint((*n).into())
        }
        (Kind::Json, Value::Integer(_)) => JsValue::from_f64(float(value).unwrap_or(f64::NAN)),
        // What is not looked into is taken as a whole, if it is of the class that is shown.
        (Kind::Bytes, _) if old.has_type::<Uint8Array>() && is_just(kind, old, value) => {
            old.clone()
        }
        (Kind::Timestamp | Kind::Set(_), _) if is_just(kind, old, value) => old.clone(),
        (Kind::Set(item), _) => match as_set(value) {
            Some(elements) => new_set(item, elements),
            None => plain(value),
        },
        _ => plain(value),
    }
}

/// Whether a JavaScript value is the one that a tree would become.
pub fn is_just(kind: &Kind, old: &JsValue, value: &Value) -> bool {
    matches!(diff_js(kind, value, old), Ok(None))
}

fn within(item: &Kind) -> impl Fn(&str, &JsValue, &Value) -> JsValue {
    move |_, before, value| share(item, before, value)
}

/// As [`share`], for fields.
pub fn share_struct(
    schemas: &'static [FieldSchema],
    old: &JsValue,
    entries: &[(Value, Value)],
) -> JsValue {
    let object = Object::new();
    let mut parts = Parts::of(old.is_object());
    for field in fields(schemas) {
        if let Some(value) = field.of(entries) {
            let before = part(old, &field.key);
            let now = share(field.kind(), &before, value);
            parts.count(&before, &now);
            set_field(&object, &field, &now);
        }
    }
    parts.old_or(old, object)
}

/// As [`share`], for the entries of an object. `share_part` is given key, old and new value of each.
pub fn share_object(
    old: &JsValue,
    entries: &[(Value, Value)],
    share_part: &dyn Fn(&str, &JsValue, &Value) -> JsValue,
) -> JsValue {
    let object = Object::new();
    let mut parts = Parts::of(old.is_object());
    for (key, value) in entries {
        let name = key.as_text().unwrap_or_default();
        let key = JsValue::from_str(name);
        let before = part(old, &key);
        let now = share_part(name, &before, value);
        parts.count(&before, &now);
        set(&object, &key, &now);
    }
    parts.old_or(old, object)
}

fn share_map(key_kind: &Kind, item: &Kind, old: &JsValue, entries: &[(Value, Value)]) -> JsValue {
    let Ok(map) = JsMap::of(&JsValue::UNDEFINED) else {
        return JsValue::UNDEFINED;
    };
    let old_map: Option<&JsMap> = old.dyn_ref();
    let mut parts = Parts::of(old_map.is_some());
    for (key, value) in entries {
        let key = to_js(key_kind, key);
        let before = old_map.and_then(|old| old.get(&key).ok()).unwrap_or_default();
        let now = share(item, &before, value);
        parts.count(&before, &now);
        let done = map.set(&key, &now);
        debug_assert!(done.is_ok(), "a map of our own takes every entry");
    }
    if parts.all_same(old_map.map_or(0, JsMap::size)) { old.clone() } else { map.into() }
}

fn new_set(item: &Kind, elements: &[Value]) -> JsValue {
    let elements: Array = elements.iter().map(|element| to_js(item, element)).collect();
    JsSet::of(&elements).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// Counts whether a new collection came to be just the old one.
struct Parts {
    same: bool,
    count: u32,
}

impl Parts {
    fn of(comparable: bool) -> Parts {
        Parts { same: comparable, count: 0 }
    }

    fn count(&mut self, before: &JsValue, now: &JsValue) {
        self.same = self.same && same(before, now);
        self.count = self.count.saturating_add(1);
    }

    fn all_same(&self, old_count: u32) -> bool {
        self.same && self.count == old_count
    }

    fn old_or(&self, old: &JsValue, new: Object) -> JsValue {
        let old_count = || own_keys(old).map_or(0, |keys| keys.length());
        // Whatever has its content elsewhere has no entries, and an array has some, too.
        let is_object =
            || !Array::is_array(old) && (self.count > 0 || matches!(is_plain(old), Ok(true)));
        if self.same && self.all_same(old_count()) && is_object() {
            old.clone()
        } else {
            new.into()
        }
    }
}

/// A tree without a kind: integers are numbers where those are exact and bigints otherwise, maps are objects where
/// all keys are text.
pub fn plain(value: &Value) -> JsValue {
    match value {
        Value::Bool(value) => JsValue::from_bool(*value),
        Value::Integer(n) => number(i128::from(*n)),
        Value::Float(value) => JsValue::from_f64(*value),
        Value::Text(text) => JsValue::from_str(text),
        Value::Null => JsValue::NULL,
        Value::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
        Value::Tag(TAG_TIME, seconds) => {
            let millis = (float(seconds).unwrap_or(f64::NAN) * 1_000.0).round();
            Date::new(&JsValue::from_f64(millis)).into()
        }
        Value::Tag(_, inner) => plain(inner),
        Value::Array(items) => items.iter().map(plain).collect::<Array>().into(),
        Value::Map(entries) if entries.iter().all(|(key, _)| key.is_text()) => {
            let object = Object::new();
            for (key, value) in entries {
                set(&object, &plain(key), &plain(value));
            }
            object.into()
        }
        Value::Map(entries) => {
            let pairs = entries.iter().map(|(key, value)| Array::of2(&plain(key), &plain(value)));
            JsMap::of(&pairs.collect::<Array>()).map_or(JsValue::UNDEFINED, JsValue::from)
        }
        _ => JsValue::UNDEFINED,
    }
}

fn number(n: i128) -> JsValue {
    const EXACT: u64 = 1 << 53;
    match i64::try_from(n) {
        Ok(n) if n.unsigned_abs() <= EXACT => JsValue::from_f64(n as f64),
        _ => bigint(n),
    }
}

fn bigint(n: i128) -> JsValue {
    match i64::try_from(n) {
        Ok(n) => n.into(),
        Err(_) => u64::try_from(n).map_or(JsValue::UNDEFINED, JsValue::from),
    }
}
