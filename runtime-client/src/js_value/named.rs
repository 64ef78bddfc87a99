//! The changes with names: `$add` of a counter, `$splice` of a text, those of a set and of a list whose elements have
//! keys.

use js_sys::{Array, Reflect, Symbol};
use temporal_entity_core::patch::{
    Trees, add, elements as elements_patch, keyed_to_value, removal, set_to, text_patch,
};
use temporal_entity_core::schema::{IntKind, Kind, ShapeError};
use temporal_entity_core::sequence::order::{Anchor, Placement};
use temporal_entity_core::sequence::splice::{Splice, Splices};
use temporal_entity_core::value::{Key, Value, get};
use wasm_bindgen::JsValue;

use super::list::key_kind;
use super::object::{expect_object, object_entries, property};
use super::patch::change;
use super::read::{elements, key_text, map_pairs, read, read_elements, with_keys};
use super::words::{listed, missing, text_of, unexpected, wrong};
use super::{MAX_DEPTH, thrown};

/// A place in a text, or a number of characters.
const PLACE: Kind =
    Kind::Int(IntKind { name: "u32", min: 0, max: u32::MAX as i128, bigint: false });

/// The changes that an object names, in the order of `names`, of which it has no others.
fn changes(diff: &JsValue, names: &[&str]) -> Result<[Option<JsValue>; 4], ShapeError> {
    let mut found = [const { None }; 4];
    for (key, value) in object_entries(&Kind::Json, diff)? {
        let key = text_of(&key);
        let place = names.iter().position(|name| *name == key).and_then(|at| found.get_mut(at));
        match place {
            Some(place) => *place = Some(value),
            None => {
                let known = listed(names.iter().copied(), " and ");
                return Err(wrong(["unknown change \"", &key, "\": there is ", &known].concat()));
            }
        }
    }
    Ok(found)
}

/// `{ $add }`.
pub fn counter_change(range: &IntKind, diff: &JsValue) -> Result<Option<Value>, ShapeError> {
    let [number, ..] = changes(diff, &["$add"])?;
    let number = number.ok_or_else(|| missing("$add"))?;
    // From the least value to the greatest, or back.
    let span = range.max.saturating_sub(range.min);
    let span = IntKind { min: span.wrapping_neg(), max: span, ..*range };
    let number = read(&Kind::Int(span), &number, 0).map_err(|error| error.inside("$add"))?;
    Ok(number.as_integer().and_then(|number| add(number.into())))
}

/// `{ $splice }`.
pub fn text_change(diff: &JsValue) -> Result<Option<Value>, ShapeError> {
    let [list, ..] = changes(diff, &["$splice"])?;
    let list = list.ok_or_else(|| missing("$splice"))?;
    let mut splices = Splices::<String>::default();
    each("$splice", &list, &mut |triple| {
        let [at, removed, inserted] = match triple {
            _ if !Array::is_array(triple) => return Err(no_splice(triple)),
            _ => [0, 1, 2].map(|at| Reflect::get_u32(triple, at)),
        };
        let number = |value: Result<JsValue, JsValue>| {
            let number = read(&PLACE, &value.map_err(thrown)?, 0)?;
            Ok(number.as_integer().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX))
        };
        let (at, removed) = (number(at)?, number(removed)?);
        let inserted = inserted.map_err(thrown)?;
        let inserted = inserted.as_string().ok_or_else(|| unexpected("a string", &inserted))?;
        match splices.0.last_mut() {
            Some(last) if at < last.end() => {
                return Err(wrong("splices come in order and do not overlap"));
            }
            // One splice in two pieces.
            Some(last) if at == last.end() => {
                last.removed = last.removed.saturating_add(removed);
                last.inserted.push_str(&inserted);
            }
            _ if removed == 0 && inserted.is_empty() => {}
            _ => splices.0.push(Splice { at, removed, inserted }),
        }
        Ok(())
    })?;
    Ok(text_patch(&splices))
}

fn no_splice(found: &JsValue) -> ShapeError {
    unexpected("[at, removed, inserted]", found)
}

/// `{ $add, $remove }` of a set.
pub fn set_change(item: &Kind, diff: &JsValue) -> Result<Option<Value>, ShapeError> {
    let [come, leave, ..] = changes(diff, &["$add", "$remove"])?;
    let side = |name: &str, list: Option<JsValue>| match list {
        None => Ok(Vec::new()),
        // The letters of a string can be iterated, too, but nobody means them.
        Some(list) if !list.is_object() || !iterates(&list)? => {
            Err(unexpected("elements in an array or a Set", &list).inside(name))
        }
        Some(list) => read_elements(item, &list).map_err(|error| error.inside(name)),
    };
    let (come, leave) = (side("$add", come)?, side("$remove", leave)?);
    if let Some(both) = come.iter().find(|element| leave.contains(element)) {
        return Err(wrong("an element cannot both come and leave").inside(key_text(both)));
    }
    Ok(elements_patch(come, leave))
}

fn iterates(value: &JsValue) -> Result<bool, ShapeError> {
    Reflect::has(value, &Symbol::iterator()).map_err(thrown)
}

/// Calls `read` with each element of a list.
fn each(
    name: &str,
    list: &JsValue,
    read: &mut dyn FnMut(&JsValue) -> Result<(), ShapeError>,
) -> Result<(), ShapeError> {
    if !Array::is_array(list) {
        return Err(unexpected("an array", list).inside(name));
    }
    for (at, element) in elements(list) {
        let read = element.and_then(|element| read(&element));
        read.map_err(|error| error.inside(at.to_string()).inside(name))?;
    }
    Ok(())
}

/// `{ $insert, $change, $remove, $move }` of a list whose elements have the key `name`, of which `list` is shown.
pub fn keyed_change(
    item: &Kind,
    name: &str,
    diff: &JsValue,
    list: &[Value],
    depth: usize,
) -> Result<Option<Value>, ShapeError> {
    let [inserts, edits, leaves, moves] =
        changes(diff, &["$insert", "$change", "$remove", "$move"])?;
    let mut writer = KeyedWriter { item, name, list, depth, result: Trees::default() };
    if let Some(inserts) = inserts {
        each("$insert", &inserts, &mut |insert| writer.insert(insert))?;
    }
    if let Some(edits) = edits {
        writer.change(&edits).map_err(|error| error.inside("$change"))?;
    }
    if let Some(leaves) = leaves {
        each("$remove", &leaves, &mut |key| {
            let key = writer.key(key)?;
            writer.put(key, removal())
        })?;
    }
    if let Some(moves) = moves {
        each("$move", &moves, &mut |step| writer.shift(step))?;
    }
    Ok(keyed_to_value(name, &writer.result, Clone::clone))
}

struct KeyedWriter<'a> {
    item: &'a Kind,
    name: &'a str,
    list: &'a [Value],
    depth: usize,
    result: Trees,
}

impl KeyedWriter<'_> {
    fn insert(&mut self, insert: &JsValue) -> Result<(), ShapeError> {
        let (items, anchor) = self.placement(insert, "items")?;
        each("items", &items, &mut |value| {
            let element = read(self.item, value, self.depth)?;
            let key = Key(get(&element, self.name).cloned().unwrap_or(Value::Null));
            if self.shown(&key).is_some() {
                return Err(wrong("an element with this key is there: change it with $change"));
            }
            self.put(key.clone(), set_to(element))?;
            self.place(&anchor, key)
        })
    }

    fn change(&mut self, edits: &JsValue) -> Result<(), ShapeError> {
        const MAP: Kind = Kind::Map(&Kind::Bool, &Kind::Json);
        let edits = with_keys(key_kind(self.item, self.name), map_pairs(&MAP, edits)?)?;
        for (key, diff) in edits {
            let inside = |error: ShapeError| error.inside(key_text(&key.0));
            let Some(element) = self.shown(&key) else {
                return Err(inside(wrong("no element has this key: put one in with $insert")));
            };
            let changed = change(self.item, &diff, Some(element), self.depth).map_err(inside)?;
            if let Some(changed) = changed {
                self.put(key, changed)?;
            }
        }
        Ok(())
    }

    fn shift(&mut self, step: &JsValue) -> Result<(), ShapeError> {
        let (keys, anchor) = self.placement(step, "keys")?;
        each("keys", &keys, &mut |key| {
            let key = self.key(key)?;
            self.place(&anchor, key)
        })
    }

    /// What comes to a place, under `name`, and which place that is.
    fn placement(&self, value: &JsValue, name: &str) -> Result<(JsValue, Anchor<Key>), ShapeError> {
        expect_object(&Kind::Json, value)?;
        let what = property(value, &JsValue::from_str(name))?.ok_or_else(|| missing(name))?;
        let anchor = match property(value, &JsValue::from_str("after"))? {
            None => Anchor::End,
            Some(after) if after.is_null() => Anchor::Start,
            Some(after) => Anchor::After(self.key(&after).map_err(|error| error.inside("after"))?),
        };
        Ok((what, anchor))
    }

    fn key(&self, value: &JsValue) -> Result<Key, ShapeError> {
        read(key_kind(self.item, self.name), value, MAX_DEPTH).map(Key)
    }

    fn shown(&self, key: &Key) -> Option<&Value> {
        self.list.iter().find(|element| get(element, self.name) == Some(&key.0))
    }

    fn put(&mut self, key: Key, change: Value) -> Result<(), ShapeError> {
        let text = key_text(&key.0);
        match self.result.changes.insert(key, change) {
            None => Ok(()),
            Some(_) => Err(wrong("the diff changes this element twice").inside(text)),
        }
    }

    /// Behind what comes to the same place.
    fn place(&mut self, anchor: &Anchor<Key>, key: Key) -> Result<(), ShapeError> {
        let order = &mut self.result.order;
        if order.0.iter().any(|placement| placement.keys.contains(&key)) {
            let text = key_text(&key.0);
            return Err(wrong("the diff puts this element in two places").inside(text));
        }
        match order.0.iter_mut().find(|placement| placement.anchor == *anchor) {
            Some(placement) => placement.keys.push(key),
            None => order.0.push(Placement { anchor: anchor.clone(), keys: vec![key] }),
        }
        Ok(())
    }
}
