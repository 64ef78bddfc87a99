//! A set, changed by its elements.

use std::collections::BTreeSet;

use ciborium::Value;

use super::change::unreadable;
use super::{Change, EntityField, MapKey, Misfit, Patch, patch_change, read, write};
use crate::patch::{Form, Overlaps, elements, form};
use crate::schema::{Kind, ShapeError, key_text};
use crate::value::Key;

/// Elements that come to a set, and elements that leave it.
#[derive(Clone, Debug, PartialEq)]
pub struct SetPatch<T> {
    come: BTreeSet<T>,
    leave: BTreeSet<T>,
}

impl<T> Default for SetPatch<T> {
    fn default() -> SetPatch<T> {
        SetPatch { come: BTreeSet::new(), leave: BTreeSet::new() }
    }
}

impl<T: MapKey> SetPatch<T> {
    /// An element comes; nothing if it is there.
    pub fn insert(element: T) -> SetPatch<T> {
        SetPatch { come: BTreeSet::from([element]), leave: BTreeSet::new() }
    }

    /// An element leaves; nothing if it is not there.
    pub fn remove(element: T) -> SetPatch<T> {
        SetPatch { come: BTreeSet::new(), leave: BTreeSet::from([element]) }
    }
}

/// Elements in the order of the wire, which for an enum is not the order of the type.
fn written<T: MapKey>(elements: &BTreeSet<T>) -> Vec<Value> {
    let mut keys: Vec<Key> = elements.iter().map(|element| Key(write(element))).collect();
    keys.sort();
    keys.into_iter().map(|key| key.0).collect()
}

impl<T: MapKey> Patch for SetPatch<T> {
    fn is_empty(&self) -> bool {
        self.come.is_empty() && self.leave.is_empty()
    }

    fn to_value(&self) -> Value {
        elements(written(&self.come), written(&self.leave)).unwrap_or(Value::Null)
    }

    fn from_value(value: Value) -> Result<SetPatch<T>, ShapeError> {
        let Form::Elements(come, leave) = form(&value) else {
            return Err(unreadable(&value));
        };
        let typed = |elements: &[Value]| -> Result<BTreeSet<T>, ShapeError> {
            elements.iter().cloned().map(read).collect()
        };
        Ok(SetPatch { come: typed(come)?, leave: typed(leave)? })
    }

    fn compose(mut self, later: SetPatch<T>) -> SetPatch<T> {
        for element in &later.leave {
            self.come.remove(element);
        }
        for element in &later.come {
            self.leave.remove(element);
        }
        self.come.extend(later.come);
        self.leave.extend(later.leave);
        self
    }

    fn overlap(&self, other: &SetPatch<T>, overlaps: &mut Overlaps) {
        let crossing = self.come.intersection(&other.leave);
        let crossing = crossing.chain(other.come.intersection(&self.leave));
        let mut crossing: Vec<_> = crossing.map(|element| Key(write(element))).collect();
        crossing.sort();
        for element in crossing {
            overlaps.inside(key_text(&element.0), Overlaps::here);
        }
    }
}

impl<T: MapKey> EntityField for BTreeSet<T> {
    type Patch = SetPatch<T>;
    const KIND: Kind = Kind::Set(&T::KIND);

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn copy(&self) -> Self {
        self.iter().map(T::copy).collect()
    }

    fn diff(&self, to: &Self) -> Option<Change<Self>> {
        let only = |these: &Self, those: &Self| these.difference(those).map(T::copy).collect();
        patch_change(SetPatch { come: only(to, self), leave: only(self, to) })
    }

    fn fits(&self, _patch: &SetPatch<T>) -> Result<(), Misfit> {
        Ok(())
    }

    fn apply(&mut self, patch: SetPatch<T>) -> SetPatch<T> {
        let mut undo = SetPatch::default();
        for element in patch.leave {
            undo.come.extend(self.take(&element));
        }
        for element in patch.come {
            if !self.contains(&element) {
                undo.leave.insert(element.copy());
                self.insert(element);
            }
        }
        undo
    }

    fn tighten(&self, mut patch: SetPatch<T>) -> SetPatch<T> {
        patch.come.retain(|element| !self.contains(element));
        patch.leave.retain(|element| self.contains(element));
        patch
    }
}
