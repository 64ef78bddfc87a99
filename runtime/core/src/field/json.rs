//! Untyped JSON: a tree by the keys of its objects, whose arrays are leaves.

use ciborium::Value as Tree;
use serde_json::Value;

use super::change::unreadable;
use super::{Change, EntityField, Misfit, Patch, read, write};
use crate::patch::{self, Form, Overlaps, form, overlap_in, removal, removes};
use crate::schema::{Kind, ShapeError};

/// What changes inside untyped JSON, in the wire form.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonChange(Tree);

impl Default for JsonChange {
    fn default() -> JsonChange {
        JsonChange(patch::empty())
    }
}

impl Patch for JsonChange {
    fn is_empty(&self) -> bool {
        patch::is_empty(&self.0)
    }

    fn to_value(&self) -> Tree {
        self.0.clone()
    }

    fn from_value(value: Tree) -> Result<JsonChange, ShapeError> {
        match form(&value) {
            Form::Inside(_) | Form::Splice(_) => Ok(JsonChange(value)),
            _ => Err(unreadable(&value)),
        }
    }

    fn compose(self, later: JsonChange) -> JsonChange {
        JsonChange(patch::compose(self.0, later.0))
    }

    fn overlap(&self, other: &JsonChange, overlaps: &mut Overlaps) {
        overlap_in(&self.0, &other.0, overlaps);
    }
}

impl EntityField for Value {
    type Patch = JsonChange;
    const KIND: Kind = Kind::Json;

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            // 1 and 1.0 are two values, and so are 0.0 and -0.0.
            (Value::Number(a), Value::Number(b)) => {
                a == b && a.as_f64().map(f64::to_bits) == b.as_f64().map(f64::to_bits)
            }
            (Value::Array(a), Value::Array(b)) => a.same(b),
            (Value::Object(a), Value::Object(b)) => {
                let same =
                    |(key, value): (&String, &Value)| b.get(key).is_some_and(|b| value.same(b));
                a.len() == b.len() && a.iter().all(same)
            }
            (a, b) => a == b,
        }
    }

    fn copy(&self) -> Self {
        self.clone()
    }

    fn diff(&self, to: &Self) -> Option<Change<Self>> {
        match (self, to) {
            (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => {
                let change = patch::diff(&Kind::Json, &write(self), &write(to))?;
                // What cannot be read back did not come from a diff.
                Change::from_value(change).ok()
            }
            _ if self.same(to) => None,
            _ => Some(Change::Set(to.clone())),
        }
    }

    fn fits(&self, patch: &JsonChange) -> Result<(), Misfit> {
        fits(self, &patch.0)
    }

    fn apply(&mut self, patch: JsonChange) -> JsonChange {
        match (form(&patch.0), &mut *self) {
            (Form::Inside(changes), Value::Object(map)) => {
                let undo = |(key, inner): &(Tree, Tree)| {
                    Some((key.clone(), apply_entry(map, key.as_text()?, inner)?))
                };
                JsonChange(Tree::Map(changes.iter().filter_map(undo).collect()))
            }
            _ => {
                let mut tree = write(self);
                let undo = patch::apply(&mut tree, &patch.0);
                match (undo, read(tree)) {
                    (Ok(undo), Ok(value)) => {
                        *self = value;
                        JsonChange(undo)
                    }
                    _ => JsonChange::default(),
                }
            }
        }
    }
}

fn fits(value: &Value, patch: &Tree) -> Result<(), Misfit> {
    match (form(patch), value) {
        (Form::Inside(changes), Value::Object(map)) => {
            for (key, inner) in changes {
                let name = key.as_text().unwrap_or_default();
                let fit = match (form(inner), map.get(name)) {
                    (Form::Set(_) | Form::Remove, _) => Ok(()),
                    (_, Some(place)) => fits(place, inner),
                    (_, None) => Err(Misfit::absent()),
                };
                fit.map_err(|misfit| misfit.inside(name))?;
            }
            Ok(())
        }
        (Form::Inside(_), _) => Err(Misfit::absent()),
        (..) => patch::fits(&write(value), patch),
    }
}

/// Changes one entry of an object, and returns what undoes it; `None` if nothing changed.
fn apply_entry(
    map: &mut serde_json::Map<String, Value>,
    name: &str,
    change: &Tree,
) -> Option<Tree> {
    if removes(change) {
        return map.remove(name).map(|old| Change::<Value>::Set(old).to_value());
    }
    let change = Change::from_value(change.clone()).ok()?;
    match (map.get_mut(name), change) {
        (Some(value), change) => value.apply_change(Some(change)).map(|undo| undo.to_value()),
        (None, Change::Set(value)) => {
            map.insert(name.to_owned(), value);
            Some(removal())
        }
        (None, Change::Patch(_)) => None,
    }
}
