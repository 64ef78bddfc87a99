//! Tree to JavaScript.

use js_sys::{Array, Object, Uint8Array};
use temporal_entity_core::schema::{Kind, StructKind};
use temporal_entity_core::value::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::diff::diff_js;
use super::object::{fields, part, set, set_field};
use crate::js::{JsMap, own_keys, same};

/// A tree as a new JavaScript value.
pub fn to_js(kind: &Kind, value: &Value) -> JsValue {
    share(kind, &JsValue::UNDEFINED, value)
}

/// As [`to_js`], but every part that `old` has just so is taken from there, `old` itself if it is all the same.
pub fn share(kind: &Kind, old: &JsValue, value: &Value) -> JsValue {
    match (kind, value) {
        (Kind::Option(_), Value::Null) => JsValue::NULL,
        (Kind::Option(inner), _) => share(inner, old, value),
        (Kind::Struct(shape), Value::Map(entries)) => share_struct(shape, old, entries),
        (Kind::Map(Kind::Text, item), Value::Map(entries)) => share_object(item, old, entries),
        (Kind::Map(key, item), Value::Map(entries)) => share_map(key, item, old, entries),
        (Kind::List(item), Value::Array(items)) => share_list(item, old, items),
        (Kind::Int(range), Value::Integer(n)) if range.bigint => bigint((*n).into()),
        _ => plain(value),
    }
}

fn share_struct(shape: &StructKind, old: &JsValue, entries: &[(Value, Value)]) -> JsValue {
    let object = Object::new();
    let mut parts = Parts::of(old.is_object());
    for field in fields(shape) {
        if let Some(value) = field.of(entries) {
            let before = part(old, &field.key);
            let now = share(field.kind(), &before, value);
            parts.count(&before, &now);
            set_field(&object, &field, &now);
        }
    }
    if parts.all_same(own_keys(old).map_or(0, |keys| keys.length())) {
        old.clone()
    } else {
        object.into()
    }
}

fn share_object(item: &Kind, old: &JsValue, entries: &[(Value, Value)]) -> JsValue {
    let object = Object::new();
    let mut parts = Parts::of(old.is_object());
    for (key, value) in entries {
        let key = plain(key);
        let before = part(old, &key);
        let now = share(item, &before, value);
        parts.count(&before, &now);
        set(&object, &key, &now);
    }
    if parts.all_same(own_keys(old).map_or(0, |keys| keys.length())) {
        old.clone()
    } else {
        object.into()
    }
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

/// The elements before the first difference and those behind the last one are kept, wherever they come to stand: most
/// changes add, remove or change in one place.
fn share_list(item: &Kind, old: &JsValue, items: &[Value]) -> JsValue {
    let none = Array::new();
    let old_list: &Array = if Array::is_array(old) { old.unchecked_ref() } else { &none };
    // Compared and not shared at once: what is tried in two places on every level would double with every level.
    let same_at =
        |at: u32, value: &Value| matches!(diff_js(item, value, &old_list.get(at)), Ok(None));
    let front = (0..old_list.length()).zip(items).take_while(|(at, value)| same_at(*at, value));
    let front = front.count();
    let (kept, changed) = items.split_at(front);
    if changed.is_empty() && old_list.length() == length(kept) && !same(old_list, &none) {
        return old.clone();
    }
    let places = (length(kept)..old_list.length()).rev();
    let back = places.zip(changed.iter().rev()).take_while(|(at, value)| same_at(*at, value));
    let back = back.count();
    let (changed, moved) = changed.split_at(changed.len().saturating_sub(back));

    let list = Array::new();
    for (at, _) in (0..).zip(kept) {
        list.push(&old_list.get(at));
    }
    for (at, value) in (length(kept)..).zip(changed) {
        list.push(&share(item, &old_list.get(at), value));
    }
    for (at, _) in (old_list.length().saturating_sub(length(moved))..).zip(moved) {
        list.push(&old_list.get(at));
    }
    list.into()
}

/// JavaScript's arrays end where 32 bits do, and so does the wasm's memory.
fn length(items: &[Value]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
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
