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
use crate::sequence::lookup::Lookup;
use crate::sequence::splice::Splices;
use crate::steps;
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
        let leaves = |element: &Value| change.changes.get(&key_of(element)).is_some_and(removes);
        for (at, element) in list.iter().enumerate().rev() {
            if leaves(element) {
                self.inside(&at.to_string(), Writer::remove);
            }
        }
        let staying: Vec<&Value> = list.iter().filter(|element| !leaves(element)).collect();
        let keys: Vec<Key> = staying.iter().map(|element| key_of(element)).collect();
        for (at, (element, key)) in staying.into_iter().zip(&keys).enumerate() {
            if let Some(inner) = change.changes.get(key) {
                self.inside(&at.to_string(), |writer| writer.change(item, element, inner))?;
            }
        }
        let mut changed = value.clone();
        apply(&mut changed, patch)?;
        // Up to each place the list is as it will be; behind it is what was not taken yet of what stays, in its order.
        let (known, mut rest) = (Lookup::of(&keys), Rest::new(keys.len()));
        for (at, element) in changed.as_array().into_iter().flatten().enumerate() {
            match known.find(&key_of(element)) {
                Some(place) => match rest.take(place) {
                    0 => {}
                    before => self.shift(at.saturating_add(before), at),
                },
                None => self.inside(&at.to_string(), |writer| writer.add(item, element))?,
            }
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

/// Counts those of a list's elements that were not taken yet, by Fenwick's tree ("A New Data Structure for Cumulative
/// Frequency Tables", 1994).
struct Rest {
    /// At each place, counted from one, how many were taken of the last so many elements up to it as the lowest bit of
    /// the place says.
    taken: Vec<usize>,
}

impl Rest {
    fn new(count: usize) -> Rest {
        Rest { taken: vec![0; count.saturating_add(1)] }
    }

    /// Takes the element at a place, and returns how many that were not taken are before it.
    fn take(&mut self, place: usize) -> usize {
        let lowest_bit = |at: usize| at & at.wrapping_neg();
        let (mut before, mut at) = (place, place);
        while at > 0 {
            steps::count(1);
            before = before.saturating_sub(self.taken.get(at).copied().unwrap_or_default());
            at = at.saturating_sub(lowest_bit(at));
        }
        at = place.saturating_add(1);
        while let Some(taken) = self.taken.get_mut(at) {
            steps::count(1);
            *taken = taken.saturating_add(1);
            at = at.saturating_add(lowest_bit(at));
        }
        before
    }
}

/// The kind without what does not show in JSON.
fn bare(kind: &Kind) -> &Kind {
    match kind {
        Kind::Option(inner) => bare(inner),
        other => other,
    }
}
