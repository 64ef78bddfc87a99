//! A diff as a user writes it to a patch in its wire form.
//!
//! In TypeScript a diff is an object with the changed fields alone. An object for a struct or map goes inside; any other
//! value is the whole new value, of which only what differs is sent where that can be merged. `{ $set: value }` replaces
//! what an object would go inside, and `{ $remove: true }` takes an entry out of a map; so a map cannot have its only
//! changed key named `$set` or `$remove` that way: set the whole value instead. The other changes with names are in
//! [`named`](super::named).

use js_sys::{Array, Reflect};
use temporal_entity_core::patch::{self, removal, set_to};
use temporal_entity_core::schema::{Kind, ShapeError, StructKind};
use temporal_entity_core::value::{Key, Places, Value, as_map, entries as entries_of};
use wasm_bindgen::JsValue;

use super::diff::some_changes;
use super::json::read_json;
use super::named::{counter_change, keyed_change, set_change, text_change};
use super::object::{expect_object, fields, is_plain, property, refuse_others};
use super::read::{Entries, key_text, map_entries, read};
use super::words::wrong;
use super::{MAX_DEPTH, deeper, thrown};
use crate::js::own_keys;

/// Reads a diff of an entity of `kind` that shows `view`; `None` if it changes nothing.
///
/// # Errors
/// The first place that does not fit, or whose getter threw.
pub fn patch_from_js(
    kind: &Kind,
    diff: &JsValue,
    view: &Value,
) -> Result<Option<Value>, ShapeError> {
    match kind {
        // An entity is always changed by its fields: its diff has no `$set`.
        Kind::Struct(shape) => struct_changes(kind, shape, diff, view, MAX_DEPTH),
        _ => change(kind, diff, Some(view), MAX_DEPTH),
    }
}

/// Reads the change of a part of which `view` is shown.
pub fn change(
    kind: &Kind,
    diff: &JsValue,
    view: Option<&Value>,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    let (inner, view) = (present(kind), view.filter(|view| !view.is_null()));
    let object = diff.is_object();
    let plain = is_plain(diff)?;
    if plain && !holds_any_key(inner) {
        match named(inner, diff)? {
            Some(Named::Set(value)) => return read(kind, &value, depth).map(set_to).map(Some),
            Some(Named::Remove) => return Err(wrong("only an entry of a map can be removed")),
            None => {}
        }
    }
    match inner {
        Kind::Struct(shape) if object => struct_changes(inner, shape, diff, there(view)?, depth),
        Kind::Map(key, item) if object => {
            entry_changes(inner, key, item, diff, there(view)?, depth)
        }
        Kind::Counter(range) if plain => there(view).and_then(|_| counter_change(range, diff)),
        Kind::MergedText if plain => there(view).and_then(|_| text_change(diff)),
        Kind::Set(item) if plain => there(view).and_then(|_| set_change(item, diff)),
        Kind::Keyed(item, key) if plain => {
            let list = there(view)?.as_array().map_or(&[][..], Vec::as_slice);
            keyed_change(item, key, diff, list, deeper(inner, depth)?)
        }
        _ => whole(kind, inner, diff, view, depth),
    }
}

/// What an option holds where it is not null.
fn present(mut kind: &Kind) -> &Kind {
    while let Kind::Option(inner) = kind {
        kind = inner;
    }
    kind
}

/// Whether a value may be an object that looks like a change with a name.
fn holds_any_key(kind: &Kind) -> bool {
    matches!(kind, Kind::Json | Kind::Atomic(_))
}

fn there(view: Option<&Value>) -> Result<&Value, ShapeError> {
    let nothing = "nothing is there of which a part could change: give the whole as { $set: … }";
    view.ok_or_else(|| wrong(nothing))
}

/// The whole new value.
fn whole(
    kind: &Kind,
    inner: &Kind,
    new: &JsValue,
    view: Option<&Value>,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    let new = match inner {
        Kind::Json if !new.is_null() => read_json(new, view, depth)?,
        _ => read(kind, new, depth)?,
    };
    Ok(match (inner, view) {
        (
            Kind::MergedText | Kind::List(_) | Kind::Keyed(..) | Kind::Set(_) | Kind::Json,
            Some(view),
        ) => patch::diff(kind, view, &new),
        _ => Some(set_to(new)),
    })
}

fn struct_changes(
    kind: &Kind,
    shape: &StructKind,
    diff: &JsValue,
    view: &Value,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    expect_object(kind, diff)?;
    let depth = deeper(kind, depth)?;
    let view = entries_of(view);
    let mut changes = Entries::new();
    let mut found = 0usize;
    for field in fields((shape.fields)()) {
        let inside = |error: ShapeError| error.inside(field.name());
        if let Some(part) = property(diff, &field.key).map_err(inside)? {
            found = found.saturating_add(1);
            let change = change(field.kind(), &part, field.of(view), depth).map_err(inside)?;
            changes.extend(change.map(|change| (Key(Value::from(field.name())), change)));
        }
    }
    refuse_others(kind, (shape.fields)(), &[], diff, found)?;
    Ok(some_changes(changes))
}

fn entry_changes(
    kind: &Kind,
    key_kind: &Kind,
    item: &Kind,
    diff: &JsValue,
    view: &Value,
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    let depth = deeper(kind, depth)?;
    let view = as_map(view).unwrap_or(&[]);
    let mut places = Places::default();
    let mut changes = Entries::new();
    for (key, diff) in map_entries(kind, key_kind, diff)? {
        let change = match named(present(item), &diff) {
            Ok(Some(Named::Remove)) => Ok(Some(removal())),
            Ok(_) => change(item, &diff, places.get(view, &key.0), depth),
            Err(error) => Err(error),
        };
        if let Some(change) = change.map_err(|error| error.inside(key_text(&key.0)))? {
            changes.push((key, change));
        }
    }
    Ok(some_changes(changes))
}

enum Named {
    Set(JsValue),
    Remove,
}

/// The change that an object with the one key `$set` or `$remove` names.
fn named(kind: &Kind, diff: &JsValue) -> Result<Option<Named>, ShapeError> {
    if !diff.is_object() || Array::is_array(diff) {
        return Ok(None);
    }
    let keys = own_keys(diff).map_err(thrown)?;
    if keys.length() != 1 {
        return Ok(None);
    }
    let key = keys.get(0);
    let value = || Reflect::get(diff, &key).map_err(thrown);
    match key.as_string().as_deref() {
        Some("$set") => value().map(Named::Set).map(Some),
        Some("$remove") if value()? == JsValue::TRUE => Ok(Some(Named::Remove)),
        // Which elements leave.
        Some("$remove") if matches!(kind, Kind::Set(_) | Kind::Keyed(..)) => Ok(None),
        Some("$remove") if holds_any_key(kind) => Ok(None),
        Some("$remove") => Err(wrong("to remove an entry, give it as { $remove: true }")),
        _ => Ok(None),
    }
}
