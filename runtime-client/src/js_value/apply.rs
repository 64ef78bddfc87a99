//! A patch on a JavaScript value.

use js_sys::{Object, Reflect};
use temporal_entity_core::field::{PATCH_REMOVE, patch_op};
use temporal_entity_core::patch::replacement;
use temporal_entity_core::schema::{Kind, StructKind};
use temporal_entity_core::value::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::object::{fields, part, set, set_field};
use super::write::{share, to_js};
use crate::js::{JsMap, assign, object_entries, object_from_entries};

/// `old` changed by `patch`. What the patch goes through becomes new objects, everything else is taken from `old`,
/// which itself stays as it is.
///
/// # Errors
/// What JavaScript threw: `old` is published, and a user may have put anything into it.
pub fn apply_js(kind: &Kind, old: &JsValue, patch: &Value) -> Result<JsValue, JsValue> {
    if let Some(new) = replacement(patch) {
        return Ok(share(kind, old, new));
    }
    match (kind, patch.as_map()) {
        (_, Some(changes)) if changes.is_empty() => Ok(old.clone()),
        (Kind::Option(inner), Some(_)) => apply_js(inner, old, patch),
        (Kind::Struct(shape), Some(changes)) => apply_struct(shape, old, changes),
        (Kind::Map(Kind::Text, item), Some(changes)) => apply_object(item, old, changes),
        (Kind::Map(key, item), Some(changes)) => apply_map(key, item, old, changes),
        // Changes inside of what has no inside do not come from a machine.
        _ => Ok(old.clone()),
    }
}

type Changes = [(Value, Value)];

fn removes(change: &Value) -> bool {
    matches!(patch_op(change), Some((PATCH_REMOVE, [])))
}

fn apply_struct(shape: &StructKind, old: &JsValue, changes: &Changes) -> Result<JsValue, JsValue> {
    let copy = assign(Object::new(), old)?;
    for field in fields(shape) {
        if let Some(change) = field.of(changes) {
            let now = apply_js(field.kind(), &part(old, &field.key), change)?;
            set_field(&copy, &field, &now);
        }
    }
    Ok(copy.into())
}

fn apply_object(item: &Kind, old: &JsValue, changes: &Changes) -> Result<JsValue, JsValue> {
    let copy = object_from_entries(&object_entries(old)?)?;
    for (key, change) in changes {
        let key = JsValue::from_str(key.as_text().unwrap_or_default());
        if removes(change) {
            Reflect::delete_property(&copy, &key)?;
        } else {
            set(&copy, &key, &apply_js(item, &part(old, &key), change)?);
        }
    }
    Ok(copy.into())
}

fn apply_map(
    key_kind: &Kind,
    item: &Kind,
    old: &JsValue,
    changes: &Changes,
) -> Result<JsValue, JsValue> {
    let copy = JsMap::of(old)?;
    for (key, change) in changes {
        let key = to_js(key_kind, key);
        if removes(change) {
            copy.delete(&key)?;
        } else {
            let now = apply_js(item, &copy.get(&key)?, change)?;
            copy.set(&key, &now)?;
        }
    }
    Ok(copy.unchecked_into())
}
