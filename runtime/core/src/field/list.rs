//! A list without keys: one leaf where people conflict, and small splices on the wire.

use ciborium::Value;

use super::change::unreadable;
use super::{Change, EntityField, Misfit, Patch, read, write};
use crate::patch::{Form, Overlaps, form, splices_to_value};
use crate::schema::{Kind, ShapeError};
use crate::sequence::list::{self, Item};
use crate::sequence::splice::Splices;

impl<T: EntityField> Item for T {
    fn is_same(&self, other: &T) -> bool {
        self.same(other)
    }
}

/// What changes in a list: elements that leave, elements that come, by place.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPatch<T>(Splices<Vec<T>>);

impl<T> Default for ListPatch<T> {
    fn default() -> ListPatch<T> {
        ListPatch(Splices(Vec::new()))
    }
}

impl<T: EntityField> Patch for ListPatch<T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn to_value(&self) -> Value {
        let items = |items: &Vec<T>| Value::Array(items.iter().map(write).collect());
        splices_to_value(&self.0, items).unwrap_or(Value::Null)
    }

    fn from_value(value: Value) -> Result<ListPatch<T>, ShapeError> {
        let Form::Splice(parts) = form(&value) else {
            return Err(unreadable(&value));
        };
        let mut wrong = None;
        let items = |items: &Value| {
            let items = items.as_array()?.iter().cloned().map(read).collect::<Result<Vec<T>, _>>();
            items.map_err(|error| wrong = Some(error)).ok()
        };
        let splices = Splices::from_values(parts, items);
        match (splices, wrong) {
            (Some(splices), None) => Ok(ListPatch(splices)),
            (_, Some(error)) => Err(error),
            (None, None) => Err(unreadable(&value)),
        }
    }

    fn compose(self, later: ListPatch<T>) -> ListPatch<T> {
        ListPatch(self.0.compose(later.0))
    }

    fn overlap(&self, other: &ListPatch<T>, overlaps: &mut Overlaps) {
        if !self.0.same(&other.0) {
            overlaps.here();
        }
    }
}

impl<T: EntityField> EntityField for Vec<T> {
    type Patch = ListPatch<T>;
    const KIND: Kind = Kind::List(&T::KIND);

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.same(b))
    }

    fn copy(&self) -> Self {
        self.iter().map(T::copy).collect()
    }

    fn diff(&self, to: &Self) -> Option<Change<Self>> {
        match list::diff(self, to, T::copy) {
            Some(splices) if splices.is_empty() => None,
            Some(splices) => Some(Change::Patch(ListPatch(splices))),
            None => Some(Change::Set(to.copy())),
        }
    }

    fn fits(&self, patch: &ListPatch<T>) -> Result<(), Misfit> {
        if patch.0.reach() <= self.len() {
            Ok(())
        } else {
            Err(Misfit::new("a splice reaches past the end"))
        }
    }

    fn apply(&mut self, patch: ListPatch<T>) -> ListPatch<T> {
        ListPatch(patch.0.apply(self))
    }

    fn tighten(&self, patch: ListPatch<T>) -> ListPatch<T> {
        ListPatch(patch.0.without_same(|at, removed, inserted| {
            let there = self.get(at..at.saturating_add(removed));
            there.is_some_and(|there| there.iter().zip(inserted).all(|(a, b)| a.same(b)))
        }))
    }
}
