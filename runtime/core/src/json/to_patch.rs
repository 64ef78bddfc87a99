//! From a patch to a JSON Patch.

use ciborium::Value;
use json_patch::jsonptr::PointerBuf;
use json_patch::{
    AddOperation, MoveOperation, Patch as JsonPatch, PatchOperation, RemoveOperation,
    ReplaceOperation,
};

use super::{JsonError, to_json};
use crate::entity::Entity;
use crate::field::{Misfit, Patch, write};
use crate::patch::{Form, apply, fits, form, keyed, removes, replacement};
use crate::schema::{Kind, key_text};
use crate::sequence::splice::Splices;
use crate::value::{Key, Places, as_map, get};

/// The JSON Patch that changes the document of a value of `kind` as `patch` changes the value.
///
/// # Errors
/// If `patch` does not fit the value, or a number has no form in JSON.
pub fn to_json_patch(kind: &Kind, value: &Value, patch: &Value) -> Result<JsonPatch, JsonError> {
    fits(value, patch)?;
    let mut writer = Writer { path: PointerBuf::new(), operations: Vec::new() };
    writer.change(kind, value, patch)?;
    Ok(JsonPatch(writer.operations))
}

/// As [`to_json_patch`], for an entity.
///
/// # Errors
/// As there.
pub fn typed_to_json_patch<T: Entity>(value: &T, diff: &T::Diff) -> Result<JsonPatch, JsonError> {
    to_json_patch(&T::KIND, &write(value), &diff.to_value())
}

struct Writer {
    path: PointerBuf,
    operations: Vec<PatchOperation>,
}

impl Writer {
    fn change(&mut self, kind: &Kind, value: &Value, patch: &Value) -> Result<(), JsonError> {
        match (bare(kind), form(patch)) {
            (Kind::Struct(shape), Form::Inside(changes)) => {
                let fields = (shape.fields)();
                let kind_of = |name: &Value| {
                    let field = fields.iter().find(|field| name.as_text() == Some(field.name));
                    field.map_or(&Kind::Json, |field| &field.kind)
                };
                self.entries(kind_of, value, changes)
            }
            (Kind::Map(_, item), Form::Inside(changes)) => self.entries(|_| item, value, changes),
            (Kind::Json, Form::Inside(changes)) => self.entries(|_| &Kind::Json, value, changes),
            (Kind::List(item), Form::Splice(parts)) => self.splices(item, parts),
            (Kind::Json, Form::Splice(parts)) => self.splices(&Kind::Json, parts),
            (Kind::Keyed(item, key), Form::Keyed(..)) => self.keyed(item, key, value, patch),
            _ => {
                let mut changed = value.clone();
                apply(&mut changed, patch)?;
                self.replace(kind, &changed)
            }
        }
    }

    /// What is written goes one level further in.
    fn inside<T>(&mut self, key: &str, write: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push_back(key);
        let written = write(self);
        self.path.pop_back();
        written
    }

    fn entries<'a>(
        &mut self,
        kind_of: impl Fn(&Value) -> &'a Kind,
        value: &Value,
        changes: &[(Value, Value)],
    ) -> Result<(), JsonError> {
        let map = as_map(value).unwrap_or(&[]);
        let mut places = Places::default();
        for (key, change) in changes {
            let old = places.get(map, key);
            let kind = kind_of(key);
            self.inside(&key_text(key), |writer| match (old, replacement(change)) {
                (Some(_), _) if removes(change) => {
                    writer.remove();
                    Ok(())
                }
                (None, _) if removes(change) => Ok(()),
                (None, Some(new)) => writer.add(kind, new),
                (Some(old), _) => writer.change(kind, old, change),
                (None, None) => Err(Misfit::absent().into()),
            })?;
        }
        Ok(())
    }

    /// From the last splice to the first, so that the places before the change stay true.
    fn splices(&mut self, item: &Kind, parts: &[Value]) -> Result<(), JsonError> {
        let splices = Splices::from_values(parts, |items| items.as_array().cloned());
        for splice in splices.into_iter().flat_map(|splices| splices.0).rev() {
            let replaced = splice.removed.min(splice.inserted.len());
            for at in (splice.at.saturating_add(replaced)..splice.end()).rev() {
                self.inside(&at.to_string(), Writer::remove);
            }
            for (at, new) in (splice.at..).zip(&splice.inserted) {
                let is_replaced = at < splice.at.saturating_add(replaced);
                self.inside(&at.to_string(), |writer| {
                    if is_replaced { writer.replace(item, new) } else { writer.add(item, new) }
                })?;
            }
        }
        Ok(())
    }

    /// First what leaves, then what changes inside, then what comes or moves, from the first place to the last.
    fn keyed(
        &mut self,
        item: &Kind,
        name: &str,
        value: &Value,
        patch: &Value,
    ) -> Result<(), JsonError> {
        let list = value.as_array().ok_or_else(Misfit::absent)?;
        let (_, change) = keyed(patch).ok_or_else(Misfit::absent)?;
        let key_of = |element: &Value| Key(get(element, name).cloned().unwrap_or(Value::Null));
        let mut keys: Vec<Key> = list.iter().map(key_of).collect();
        for at in (0..keys.len()).rev() {
            if keys.get(at).and_then(|key| change.changes.get(key)).is_some_and(removes) {
                keys.remove(at);
                self.inside(&at.to_string(), Writer::remove);
            }
        }
        let staying = list
            .iter()
            .filter(|element| !change.changes.get(&key_of(element)).is_some_and(removes));
        for (at, element) in staying.enumerate() {
            if let Some(inner) = change.changes.get(&key_of(element)) {
                self.inside(&at.to_string(), |writer| writer.change(item, element, inner))?;
            }
        }
        let mut changed = value.clone();
        apply(&mut changed, patch)?;
        for (at, element) in changed.as_array().into_iter().flatten().enumerate() {
            let key = key_of(element);
            if keys.get(at) == Some(&key) {
                continue;
            }
            match keys.iter().position(|other| *other == key) {
                Some(from) => {
                    keys.remove(from);
                    self.shift(from, at);
                }
                None => self.inside(&at.to_string(), |writer| writer.add(item, element))?,
            }
            keys.insert(at.min(keys.len()), key);
        }
        Ok(())
    }

    fn add(&mut self, kind: &Kind, value: &Value) -> Result<(), JsonError> {
        let value = to_json(kind, value)?;
        let path = self.path.clone();
        self.operations.push(PatchOperation::Add(AddOperation { path, value }));
        Ok(())
    }

    fn replace(&mut self, kind: &Kind, value: &Value) -> Result<(), JsonError> {
        let value = to_json(kind, value)?;
        let path = self.path.clone();
        self.operations.push(PatchOperation::Replace(ReplaceOperation { path, value }));
        Ok(())
    }

    fn remove(&mut self) {
        let path = self.path.clone();
        self.operations.push(PatchOperation::Remove(RemoveOperation { path }));
    }

    fn shift(&mut self, from: usize, to: usize) {
        let place = |at: usize| {
            let mut path = self.path.clone();
            path.push_back(at.to_string());
            path
        };
        let (from, path) = (place(from), place(to));
        self.operations.push(PatchOperation::Move(MoveOperation { from, path }));
    }
}

/// The kind without what does not show in JSON.
fn bare(kind: &Kind) -> &Kind {
    match kind {
        Kind::Option(inner) => bare(inner),
        other => other,
    }
}
