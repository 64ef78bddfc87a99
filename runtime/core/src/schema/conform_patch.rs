//! Whether a patch has the shape of a change of its type, and the one form in which the type writes it.

use ciborium::Value;

use super::conform::{conform_each, conform_key, sort_elements, sort_entries, unknown_field};
use super::{Kind, ShapeError, key_text};
use crate::patch::{Form, form, keyed, removes};
use crate::sequence::splice::Splices;
use crate::steps;
use crate::value::{as_map_mut, get, into_map, key_order, map_of, same};

impl Kind {
    /// As [`Kind::conform`], for a patch of a value of this kind (the wire form is described in
    /// [`field`](crate::field)).
    ///
    /// # Errors
    /// The first place that does not fit.
    pub fn conform_patch(&self, patch: &mut Value) -> Result<(), ShapeError> {
        steps::count(1);
        if matches!(form(patch), Form::Set(_)) {
            return match patch {
                Value::Array(parts) => parts.get_mut(1).map_or(Ok(()), |value| self.conform(value)),
                scalar => self.conform(scalar),
            };
        }
        match (self, form(patch)) {
            (Kind::Option(inner), _) => inner.conform_patch(patch),
            (_, Form::Remove) => Err(ShapeError::new("only an entry of a map can be removed")),
            (_, Form::Unknown) => Err(ShapeError::new("no change has this form")),
            (Kind::Struct(shape), Form::Inside(_)) => {
                let fields = (shape.fields)();
                let Some(changes) = as_map_mut(patch) else { return Ok(()) };
                let mut changes = std::mem::take(changes);
                for (key, change) in &mut changes {
                    let name = key.as_text().unwrap_or_default();
                    let field = fields.iter().find(|field| field.name == name);
                    let field = field.ok_or_else(|| unknown_field(fields, key))?;
                    field.kind.conform_patch(change).map_err(|e| e.inside(name))?;
                }
                let count = changes.len();
                sort_entries(&mut changes);
                if changes.len() < count {
                    return Err(ShapeError::new("a field is given twice"));
                }
                *patch = Value::Map(changes);
                Ok(())
            }
            (Kind::Map(key, item), Form::Inside(_)) => conform_entries(key, item, patch),
            (Kind::Json, Form::Inside(_)) => conform_entries(&Kind::Text, &Kind::Json, patch),
            (Kind::MergedText, Form::Splice(parts)) => {
                match Splices::from_values(parts, |text| text.as_text().map(str::to_owned)) {
                    Some(splices) if !splices.is_empty() => Ok(()),
                    _ => Err(out_of_order()),
                }
            }
            (Kind::List(item), Form::Splice(_)) => conform_splices(item, patch),
            (Kind::Json, Form::Splice(_)) => conform_splices(&Kind::Json, patch),
            (Kind::Set(item), Form::Elements(..)) => conform_elements(item, patch),
            (Kind::Counter(_), Form::Add(_)) => Ok(()),
            (Kind::Keyed(item, key), Form::Keyed(name, ..)) if *key == name => {
                conform_keyed(item, key, patch)
            }
            (Kind::Keyed(_, key), Form::Keyed(name, ..)) => {
                Err(ShapeError::new(format!("the key of these elements is {key:?}, not {name:?}")))
            }
            (_, Form::Inside(_)) => Err(self.mismatch(patch)),
            (..) => {
                Err(ShapeError::new(format!("{} does not change in this way", self.describe())))
            }
        }
    }
}

fn out_of_order() -> ShapeError {
    ShapeError::new("splices are [2, place, count, content, ...], in order, and do not touch")
}

fn conform_entries(key: &Kind, item: &Kind, patch: &mut Value) -> Result<(), ShapeError> {
    let taken = std::mem::replace(patch, Value::Null);
    let mut entries = into_map(taken).map_err(|other| Kind::Json.mismatch(&other))?;
    for (name, change) in &mut entries {
        conform_key(key, name)?;
        if !removes(change) {
            item.conform_patch(change).map_err(|e| e.inside(key_text(name)))?;
        }
    }
    sort_entries(&mut entries);
    *patch = map_of(entries);
    Ok(())
}

fn conform_splices(item: &Kind, patch: &mut Value) -> Result<(), ShapeError> {
    let Value::Array(parts) = patch else {
        return Err(out_of_order());
    };
    let contents = parts.iter_mut().skip(3).step_by(3);
    for items in contents {
        match items {
            Value::Array(items) => conform_each(item, items)?,
            _ => return Err(out_of_order()),
        }
    }
    let splices = Splices::from_values(parts.get(1..).unwrap_or(&[]), |v| v.as_array().cloned());
    match splices {
        Some(splices) if !splices.is_empty() => Ok(()),
        _ => Err(out_of_order()),
    }
}

fn conform_elements(item: &Kind, patch: &mut Value) -> Result<(), ShapeError> {
    let Value::Array(parts) = patch else {
        return Ok(());
    };
    for side in parts.iter_mut().skip(1) {
        if let Value::Array(elements) = side {
            conform_each(item, elements)?;
            sort_elements(elements);
        }
    }
    if let [_, Value::Array(come), Value::Array(leave)] = parts.as_slice()
        && let Some(both) = come
            .iter()
            .find(|element| leave.binary_search_by(|other| key_order(other, element)).is_ok())
    {
        return Err(ShapeError::new("an element cannot both come and leave").inside(key_text(both)));
    }
    Ok(())
}

fn conform_keyed(item: &Kind, name: &str, patch: &mut Value) -> Result<(), ShapeError> {
    let key_kind = key_kind(item, name);
    if let Value::Array(parts) = patch
        && let Some(changes) = parts.get_mut(2)
    {
        let taken = std::mem::replace(changes, Value::Null);
        let mut entries = into_map(taken).map_err(|other| Kind::Json.mismatch(&other))?;
        for (key, change) in &mut entries {
            conform_key(key_kind, key)?;
            if !removes(change) {
                item.conform_patch(change).map_err(|e| e.inside(key_text(key)))?;
            }
            let named = match form(change) {
                Form::Set(element) => get(element, name).is_some_and(|named| same(named, key)),
                Form::Inside(_) => get(change, name).is_none(),
                _ => true,
            };
            if !named {
                let problem = format!("the {name} of an element cannot change");
                return Err(ShapeError::new(problem).inside(key_text(key)));
            }
        }
        sort_entries(&mut entries);
        *changes = map_of(entries);
        conform_places(key_kind, parts.get_mut(3))?;
    }
    match keyed(patch) {
        Some(_) => Ok(()),
        None => Err(ShapeError::new(
            "places are [[anchor, key, ...], ...], with each anchor and each key once",
        )),
    }
}

/// The kind of the key of elements: what tells them apart has a form, too.
fn key_kind<'k>(item: &'k Kind, name: &str) -> &'k Kind {
    let field = match item {
        Kind::Struct(shape) => (shape.fields)().iter().find(|field| field.name == name),
        _ => None,
    };
    field.map_or(&Kind::Text, |field| &field.kind)
}

/// Brings the keys in the places of a keyed list into their form. An anchor may also be null or true.
fn conform_places(kind: &Kind, places: Option<&mut Value>) -> Result<(), ShapeError> {
    let places = places.and_then(Value::as_array_mut).into_iter().flatten();
    for place in places.filter_map(Value::as_array_mut) {
        let is_end = |key: &Value| matches!(key, Value::Null | Value::Bool(_));
        for key in place.iter_mut().filter(|key| !is_end(key)) {
            conform_key(kind, key)?;
        }
    }
    Ok(())
}
