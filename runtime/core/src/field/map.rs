//! The field that is changed by key: `BTreeMap`.

use std::collections::BTreeMap;

use ciborium::Value;

use crate::field::{
    Change, EntityField, Misfit, PATCH_REMOVE, Patch, PatchReader, patch_change, patch_op, read,
    write,
};
use crate::schema::{Kind, ShapeError, key_text};

/// A type that a map can have as its key: strings and integers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a map in a temporal entity",
    label = "not a key type",
    note = "keys are String or an integer"
)]
pub trait MapKey: EntityField + Ord {}

impl MapKey for String {}
impl MapKey for u8 {}
impl MapKey for u16 {}
impl MapKey for u32 {}
impl MapKey for u64 {}
impl MapKey for i8 {}
impl MapKey for i16 {}
impl MapKey for i32 {}
impl MapKey for i64 {}

/// Changes to the entries of a map: `None` removes, [`Change::Set`] adds or replaces.
pub struct MapPatch<K, V: EntityField>(pub BTreeMap<K, Option<Change<V>>>);

impl<K: MapKey, V: EntityField> Patch for MapPatch<K, V> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn to_value(&self) -> Value {
        let removed = || Value::Array(vec![Value::from(PATCH_REMOVE)]);
        let change =
            |change: &Option<Change<V>>| change.as_ref().map_or_else(removed, Change::to_value);
        Value::Map(self.0.iter().map(|(key, c)| (write(key), change(c))).collect())
    }

    fn from_value(value: Value) -> Result<Self, ShapeError> {
        let mut changes = BTreeMap::new();
        for (key, change) in PatchReader::new(value)?.0 {
            let place = key_text(&key);
            let change = match patch_op(&change) {
                Some((PATCH_REMOVE, [])) => Ok(None),
                _ => Change::from_value(change).map(Some),
            };
            changes.insert(read(key)?, change.map_err(|e| e.inside(place))?);
        }
        Ok(MapPatch(changes))
    }
}

/// A map, changed by key.
impl<K: MapKey, V: EntityField> EntityField for BTreeMap<K, V> {
    type Patch = MapPatch<K, V>;
    const KIND: Kind = Kind::Map(&K::KIND, &V::KIND);

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.iter().zip(other).all(|((ka, a), (kb, b))| ka == kb && a.same(b))
    }

    fn copy(&self) -> Self {
        self.iter().map(|(key, value)| (key.copy(), value.copy())).collect()
    }

    fn diff(&self, to: &Self) -> Option<Change<Self>> {
        let removed =
            self.keys().filter(|key| !to.contains_key(*key)).map(|key| (key.copy(), None));
        let mut changes: BTreeMap<_, _> = removed.collect();
        for (key, new) in to {
            let change = match self.get(key) {
                Some(old) => old.diff(new),
                None => Some(Change::Set(new.copy())),
            };
            if change.is_some() {
                changes.insert(key.copy(), change);
            }
        }
        patch_change(MapPatch(changes))
    }

    fn fits(&self, patch: &MapPatch<K, V>) -> Result<(), Misfit> {
        for (key, change) in &patch.0 {
            if let Some(Change::Patch(inner)) = change {
                let fits = self.get(key).map_or(Err(Misfit::here()), |value| value.fits(inner));
                fits.map_err(|misfit| misfit.inside(key_text(&write(key))))?;
            }
        }
        Ok(())
    }

    fn apply(&mut self, patch: MapPatch<K, V>) -> MapPatch<K, V> {
        let mut undo = BTreeMap::new();
        for (key, change) in patch.0 {
            let undone = match (change, self.get_mut(&key)) {
                (None, None) | (Some(Change::Patch(_)), None) => continue,
                (None, Some(_)) => match self.remove(&key) {
                    Some(old) => Some(Change::Set(old)),
                    None => continue,
                },
                (Some(Change::Set(new)), None) => {
                    self.insert(key.copy(), new);
                    None
                }
                (change, Some(old)) => match old.apply_change(change) {
                    Some(undone) => Some(undone),
                    None => continue,
                },
            };
            undo.insert(key, undone);
        }
        MapPatch(undo)
    }
}
