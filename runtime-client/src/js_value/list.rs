//! Lists to JavaScript: whatever happens to a list, its elements stay the objects that they are.

use js_sys::{Array, Reflect};
use temporal_entity_core::patch::{self, Form, form};
use temporal_entity_core::schema::Kind;
use temporal_entity_core::value::{Places, Value, get, same as same_tree};
use wasm_bindgen::{JsCast, JsValue};

use super::MAX_DEPTH;
use super::apply::{Trust, change};
use super::json::read_json;
use super::object::part;
use super::read::from_js;
use super::write::{share, to_js};
use crate::js::{JsMap, same};

/// The most comparisons in search of the elements that went from one place to another.
const MAX_COMPARISONS: usize = 65_536;

/// As [`share`], for a list without keys.
pub fn share_list(kind: &Kind, item: &Kind, old: &JsValue, value: &Value) -> JsValue {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    let none = JsValue::from(Array::new());
    // What a user wrote into it may be anything.
    let before = match kind {
        Kind::Json => read_json(old, Some(value), MAX_DEPTH),
        _ => from_js(kind, old),
    };
    let (old, before) = match before {
        Ok(before) if before.is_array() => (old, before),
        _ => (&none, Value::Array(Vec::new())),
    };
    let list: &Array = old.unchecked_ref();
    let patch = patch::diff(kind, &before, value);
    match patch.as_ref().map(form) {
        None if !same(old, &none) => old.clone(),
        Some(Form::Splice(parts)) => splice(item, list, parts),
        _ => {
            let all = [Value::from(0), Value::from(list.length()), Value::Array(items.to_vec())];
            splice(item, list, &all)
        }
    }
}

/// The length of a list after splices.
pub fn spliced_length(old: u32, parts: &[Value]) -> Option<usize> {
    let (splices, _) = parts.as_chunks::<3>();
    let mut length = usize::try_from(old).ok()?;
    for [_, removed, inserted] in splices {
        let removed = usize::try_from(place(removed)).ok()?;
        length = length.checked_sub(removed)?.checked_add(inserted.as_array()?.len())?;
    }
    Some(length)
}

fn place(value: &Value) -> u32 {
    value.as_integer().and_then(|n| u32::try_from(n).ok()).unwrap_or(u32::MAX)
}

/// An element that a splice takes out.
struct Gone {
    element: JsValue,
    /// `None` once it has come elsewhere, or if it cannot be read.
    tree: Option<Value>,
}

/// A list with splices. What comes is taken from what goes, if that has it.
pub fn splice(item: &Kind, old: &Array, parts: &[Value]) -> JsValue {
    let (splices, _) = parts.as_chunks::<3>();
    let mut gone = taken_out(item, old, splices);
    let mut next = 0;
    let list = Array::new();
    let mut at = 0;
    for [from, removed, inserted] in splices {
        let from = place(from);
        keep(&list, old, at, from);
        at = from.saturating_add(place(removed)).min(old.length());
        let inserted = inserted.as_array().map_or(&[][..], Vec::as_slice);
        for (here, value) in (from..).zip(inserted) {
            let now = match again(&mut gone, &mut next, value) {
                Some(element) => element,
                // What comes for an element is often the element with a change.
                None if here < at => share(item, &old.get(here), value),
                None => to_js(item, value),
            };
            list.push(&now);
        }
    }
    keep(&list, old, at, old.length());
    list.into()
}

fn keep(list: &Array, old: &Array, from: u32, to: u32) {
    for at in from..to {
        list.push(&old.get(at));
    }
}

/// What the splices take out, if anything comes, and it is little enough to search.
fn taken_out(item: &Kind, old: &Array, splices: &[[Value; 3]]) -> Vec<Gone> {
    let counts = |[_, removed, inserted]: &[Value; 3]| {
        (place(removed).min(old.length()) as usize, inserted.as_array().map_or(0, Vec::len))
    };
    let (removed, inserted) = splices.iter().map(counts).fold((0_usize, 0_usize), |all, one| {
        (all.0.saturating_add(one.0), all.1.saturating_add(one.1))
    });
    if removed.saturating_mul(inserted) > MAX_COMPARISONS || inserted == 0 {
        return Vec::new();
    }
    let places = splices.iter().flat_map(|[from, removed, _]| {
        let from = place(from);
        from..from.saturating_add(place(removed)).min(old.length())
    });
    let read = |at| {
        let element = old.get(at);
        // Two strings are one, wherever they stand.
        let tree = if element.is_object() { from_js(item, &element).ok() } else { None };
        Gone { element, tree }
    };
    places.map(read).collect()
}

/// An element that was taken out and comes again: most come in the order in which they went.
fn again(gone: &mut [Gone], next: &mut usize, value: &Value) -> Option<JsValue> {
    let found = |one: &Gone| one.tree.as_ref().is_some_and(|tree| same_tree(tree, value));
    let (before, behind) = gone.split_at(*next);
    let at = match behind.iter().position(found) {
        Some(at) => next.saturating_add(at),
        None => before.iter().position(found)?,
    };
    *next = at.saturating_add(1);
    let one = gone.get_mut(at)?;
    one.tree = None;
    Some(one.element.clone())
}

/// As [`share`], for a list whose elements have keys. Where `changes` are given, all other elements are as they were.
pub fn share_keyed(
    item: &Kind,
    name: &str,
    old: &JsValue,
    items: &[Value],
    changes: Option<&[(Value, Value)]>,
) -> JsValue {
    let none = Array::new();
    let old_list: &Array = if Array::is_array(old) { old.unchecked_ref() } else { &none };
    let key_kind = key_kind(item, name);
    let key_name = JsValue::from_str(name);
    let pairs: Array =
        old_list.iter().map(|element| Array::of2(&part(&element, &key_name), &element)).collect();
    let Ok(known) = JsMap::of(&pairs) else {
        return JsValue::UNDEFINED;
    };
    let list = Array::new();
    let mut all_same = Array::is_array(old) && old_list.length() as usize == items.len();
    let mut places = Places::default();
    for (at, value) in (0..).zip(items) {
        let key = get(value, name).unwrap_or(&Value::Null);
        let before = known.get(&to_js(key_kind, key)).unwrap_or_default();
        let patch = changes.map(|changes| places.get(changes, key));
        let now = match patch {
            Some(None) if !before.is_undefined() => before,
            Some(Some(patch)) => change(item, &before, patch, value, Trust::Shown),
            _ => share(item, &before, value),
        };
        all_same = all_same && same(&old_list.get(at), &now);
        list.push(&now);
    }
    if all_same { old.clone() } else { list.into() }
}

/// A list in which elements changed and none came or went: that costs no more than they. `None` if it is not so.
pub fn change_elements(
    item: &Kind,
    name: &str,
    old: &JsValue,
    items: &[Value],
    changes: &[(Value, Value)],
    trust: Trust,
) -> Option<JsValue> {
    let list: &Array = if Array::is_array(old) { old.unchecked_ref() } else { return None };
    if list.length() as usize != items.len() {
        return None;
    }
    let key_kind = key_kind(item, name);
    let key_name = JsValue::from_str(name);
    let copy = list.slice(0, list.length());
    for (key, patch) in changes {
        let at = items.iter().position(|element| get(element, name) == Some(key))?;
        let (value, at) = (items.get(at)?, u32::try_from(at).ok()?);
        let before = list.get(at);
        if !same(&part(&before, &key_name), &to_js(key_kind, key)) {
            return None;
        }
        let now = change(item, &before, patch, value, trust);
        Reflect::set_u32(&copy, at, &now).ok()?;
    }
    Some(copy.into())
}

/// The kind of the field that is the key of the elements.
pub fn key_kind(item: &Kind, name: &str) -> &'static Kind {
    let fields = match item {
        Kind::Struct(shape) => (shape.fields)(),
        _ => &[],
    };
    fields.iter().find(|field| field.name == name).map_or(&Kind::Text, |field| &field.kind)
}
