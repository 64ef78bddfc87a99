//! `Option`: null, or a value. Between two values the inner type's patch is used.

use super::{Change, EntityField, Misfit};
use crate::schema::Kind;

impl<T: EntityField> EntityField for Option<T> {
    type Patch = T::Patch;
    const KIND: Kind = Kind::Option(&T::KIND);

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.same(b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    fn copy(&self) -> Self {
        self.as_ref().map(T::copy)
    }

    fn diff(&self, to: &Self) -> Option<Change<Self>> {
        match (self, to) {
            (None, None) => None,
            (Some(a), Some(b)) => a.diff(b).map(|change| match change {
                Change::Set(value) => Change::Set(Some(value)),
                Change::Patch(patch) => Change::Patch(patch),
            }),
            (_, to) => Some(Change::Set(to.copy())),
        }
    }

    fn fits(&self, patch: &T::Patch) -> Result<(), Misfit> {
        match self {
            Some(value) => value.fits(patch),
            None => Err(Misfit::absent()),
        }
    }

    fn apply(&mut self, patch: T::Patch) -> T::Patch {
        match self {
            Some(value) => value.apply(patch),
            None => patch,
        }
    }

    fn tighten(&self, patch: T::Patch) -> T::Patch {
        match self {
            Some(value) => value.tighten(patch),
            None => patch,
        }
    }
}
