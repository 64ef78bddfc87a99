//! The field that is changed by key: `BTreeMap`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use ciborium::Value;

use super::change::unreadable;
use super::{Change, EntityField, Merge, Misfit, Patch, Plain, patch_change, read, write};
use crate::patch::{Overlaps, removal, removes};
use crate::schema::{Kind, ShapeError, key_text};
use crate::value::{into_map, key_order, map_of};

/// A type that can be the key of a map, an element of a set, or the key of a list's elements.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key in a temporal entity",
    label = "not a key type",
    note = "keys of maps and of lists, and elements of sets, are String, bool, EntityId, integers, and newtypes of these\n\
            and enums without data that derive Ord"
)]
pub trait MapKey: EntityField + Ord {}

impl MapKey for String {}
impl MapKey for bool {}
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
        let change =
            |change: &Option<Change<V>>| change.as_ref().map_or_else(removal, Change::to_value);
        let changes = self.0.iter().map(|(key, c)| (write(key), change(c)));
        let mut changes: Vec<_> = changes.collect();
        // The order of an enum is not that of its names.
        changes.sort_by(|(a, _), (b, _)| key_order(a, b));
        map_of(changes)
    }

    fn from_value(value: Value) -> Result<Self, ShapeError> {
        let mut changes = BTreeMap::new();
        for (key, change) in into_map(value).map_err(|other| unreadable(&other))? {
            let place = key_text(&key);
            let change =
                if removes(&change) { Ok(None) } else { Change::from_value(change).map(Some) };
            changes.insert(read(key)?, change.map_err(|e| e.inside(place))?);
        }
        Ok(MapPatch(changes))
    }

    fn compose(mut self, later: Self) -> Self {
        for (key, later) in later.0 {
            let composed = match (self.0.remove(&key), later) {
                (_, None) => Some(None),
                (Some(Some(first)), later) => Plain::compose_change(Some(first), later).map(Some),
                (_, later) => Some(later),
            };
            if let Some(change) = composed {
                self.0.insert(key, change);
            }
        }
        self
    }

    fn overlap(&self, other: &Self, overlaps: &mut Overlaps) {
        let mut shared: Vec<_> =
            self.0.iter().filter_map(|(key, a)| Some((write(key), a, other.0.get(key)?))).collect();
        shared.sort_by(|(a, ..), (b, ..)| key_order(a, b));
        for (key, a, b) in shared {
            match (a, b) {
                (None, None) => {}
                (Some(_), Some(_)) => Plain::overlap_change(&key_text(&key), a, b, overlaps),
                _ => overlaps.inside(key_text(&key), Overlaps::here),
            }
        }
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
        let mut changes = BTreeMap::new();
        // Both are sorted, so one walk over the two finds what belongs together without looking anything up.
        let (mut before, mut after) = (self.iter().peekable(), to.iter().peekable());
        loop {
            let order = match (before.peek(), after.peek()) {
                (Some((old, _)), Some((new, _))) => old.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let old = if order.is_le() { before.next() } else { None };
            let new = if order.is_ge() { after.next() } else { None };
            let (key, change) = match (old, new) {
                (Some((key, old)), Some((_, new))) => match old.diff(new) {
                    Some(change) => (key, Some(change)),
                    None => continue,
                },
                (Some((key, _)), None) => (key, None),
                (None, Some((key, new))) => (key, Some(Change::Set(new.copy()))),
                (None, None) => break,
            };
            changes.insert(key.copy(), change);
        }
        patch_change(MapPatch(changes))
    }

    fn fits(&self, patch: &MapPatch<K, V>) -> Result<(), Misfit> {
        for (key, change) in &patch.0 {
            if let Some(Change::Patch(inner)) = change {
                let fits = self.get(key).map_or(Err(Misfit::absent()), |value| value.fits(inner));
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

    fn tighten(&self, patch: MapPatch<K, V>) -> MapPatch<K, V> {
        let tight = patch.0.into_iter().filter_map(|(key, change)| {
            let change = match (self.get(&key), change) {
                (Some(value), Some(change)) => Some(value.tighten_change(Some(change))?),
                (None, None) => return None,
                (_, change) => change,
            };
            Some((key, change))
        });
        MapPatch(tight.collect())
    }
}
