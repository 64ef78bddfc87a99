//! A patch on a JavaScript value.

use js_sys::{Array, Object, Reflect};
use temporal_entity_core::patch::{Form, form};
use temporal_entity_core::schema::{Kind, StructKind};
use temporal_entity_core::value::{Places, Value, as_map};
use wasm_bindgen::{JsCast, JsValue};

use super::list::{change_elements, share_keyed, splice, spliced_length};
use super::object::{fields, part, set, set_field};
use super::write::{share, to_js};
use crate::js::{JsMap, assign, object_entries, object_from_entries};

/// Whether what was published is still as it was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It is: what a patch does not touch is right.
    Shown,
    /// A user may have written into it and handed it in: lists have to be compared.
    Written,
}

/// `old` changed by `patch`, which leads to `new`. What the patch goes through becomes new objects, everything else is
/// taken from `old`, which itself stays as it is.
///
/// `new` tells what comes out, and the patch where to look: one of a form that the kind does not have, as a party
/// without the schema may make, costs no more than a comparison.
pub fn apply_js(kind: &Kind, old: &JsValue, patch: &Value, new: &Value, trust: Trust) -> JsValue {
    change(kind, old, patch, new, trust)
}

/// See [`apply_js`].
pub fn change(kind: &Kind, old: &JsValue, patch: &Value, new: &Value, trust: Trust) -> JsValue {
    let changed = match (kind, form(patch)) {
        (_, Form::Inside([])) => return old.clone(),
        (Kind::Option(inner), _) if !new.is_null() => {
            return change(inner, old, patch, new, trust);
        }
        // A user may have put anything into what was published: what throws is read anew.
        (Kind::Struct(shape), Form::Inside(changes)) if old.is_object() => {
            change_struct(shape, old, changes, new, trust).ok()
        }
        (Kind::Map(key, item), Form::Inside(changes)) if key.is_text() => {
            change_object(item, old, changes, new, trust).ok()
        }
        (Kind::Map(key, item), Form::Inside(changes)) => {
            change_map(key, item, old, changes, new, trust).ok()
        }
        (Kind::Json, Form::Inside(changes)) => change_object(kind, old, changes, new, trust).ok(),
        (Kind::List(item), Form::Splice(parts)) if trust == Trust::Shown => {
            change_list(item, old, parts, new)
        }
        (Kind::Json, Form::Splice(parts)) if trust == Trust::Shown => {
            change_list(kind, old, parts, new)
        }
        (Kind::Keyed(item, name), Form::Keyed(_, changes, order)) => {
            let items = new.as_array().map_or(&[][..], Vec::as_slice);
            match order {
                None => change_elements(item, name, old, items, changes, trust),
                Some(_) => None,
            }
            .or_else(|| {
                let known = (trust == Trust::Shown).then_some(changes);
                Some(share_keyed(item, name, old, items, known))
            })
        }
        _ => None,
    };
    changed.unwrap_or_else(|| share(kind, old, new))
}

type Changes = [(Value, Value)];

fn change_struct(
    shape: &StructKind,
    old: &JsValue,
    changes: &Changes,
    new: &Value,
    trust: Trust,
) -> Result<JsValue, JsValue> {
    let entries = as_map(new).ok_or(JsValue::UNDEFINED)?;
    let copy = assign(Object::new(), old)?;
    for field in fields((shape.fields)()) {
        if let (Some(patch), Some(new)) = (field.of(changes), field.of(entries)) {
            let now = change(field.kind(), &part(old, &field.key), patch, new, trust);
            set_field(&copy, &field, &now);
        }
    }
    Ok(copy.into())
}

fn change_object(
    item: &Kind,
    old: &JsValue,
    changes: &Changes,
    new: &Value,
    trust: Trust,
) -> Result<JsValue, JsValue> {
    let entries = as_map(new).ok_or(JsValue::UNDEFINED)?;
    let copy = object_from_entries(&object_entries(old)?)?;
    let mut places = Places::default();
    for (name, patch) in changes {
        let key = JsValue::from_str(name.as_text().unwrap_or_default());
        match places.get(entries, name) {
            Some(new) => set(&copy, &key, &change(item, &part(old, &key), patch, new, trust)),
            None => drop(Reflect::delete_property(&copy, &key)?),
        }
    }
    Ok(copy.into())
}

fn change_map(
    key_kind: &Kind,
    item: &Kind,
    old: &JsValue,
    changes: &Changes,
    new: &Value,
    trust: Trust,
) -> Result<JsValue, JsValue> {
    let entries = as_map(new).ok_or(JsValue::UNDEFINED)?;
    let copy = JsMap::of(old)?;
    let mut places = Places::default();
    for (name, patch) in changes {
        let key = to_js(key_kind, name);
        match places.get(entries, name) {
            Some(new) => {
                let now = change(item, &copy.get(&key)?, patch, new, trust);
                drop(copy.set(&key, &now)?);
            }
            None => drop(copy.delete(&key)?),
        }
    }
    Ok(copy.unchecked_into())
}

fn change_list(item: &Kind, old: &JsValue, parts: &[Value], new: &Value) -> Option<JsValue> {
    let list: &Array = if Array::is_array(old) { old.unchecked_ref() } else { return None };
    let fits = spliced_length(list.length(), parts)? == new.as_array()?.len();
    fits.then(|| splice(item, list, parts))
}
