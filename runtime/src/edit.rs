//! What the methods of a generated diff are made of: each puts one more change into it.

use std::collections::BTreeMap;

use temporal_entity_core::field::{
    Add, Change, ElementKey, EntityField, KeyedPatch, MapKey, MapPatch, Patch, SetPatch,
};
use temporal_entity_core::schema::Kind;

/// The field is replaced, whatever was to change in it.
pub fn set<T, P>(place: &mut Option<Change<T, P>>, value: impl Into<T>) {
    *place = Some(Change::Set(value.into()));
}

/// A part of the field changes.
pub fn part<T, P>(patch: P) -> Option<Change<T, P>> {
    Some(Change::Patch(patch))
}

/// What a patch does, and then one more change, which is put into an empty patch.
pub fn then<P: Patch + Default>(first: P, change: impl FnOnce(&mut P)) -> P {
    let mut later = P::default();
    change(&mut later);
    first.compose(later)
}

/// A number is added.
pub fn add(number: impl Into<i128>) -> Add {
    Add(number.into())
}

/// An element comes into a set.
pub fn insert_element<T: MapKey>(element: impl Into<T>) -> SetPatch<T> {
    SetPatch::insert(element.into())
}

/// An element leaves a set.
pub fn remove_element<T: MapKey>(element: impl Into<T>) -> SetPatch<T> {
    SetPatch::remove(element.into())
}

/// An entry of a map is added or replaced.
pub fn insert_entry<K: MapKey, V: EntityField>(
    key: impl Into<K>,
    value: impl Into<V>,
) -> MapPatch<K, V> {
    MapPatch(BTreeMap::from([(key.into(), Some(Change::Set(value.into())))]))
}

/// An entry of a map is removed.
pub fn remove_entry<K: MapKey, V: EntityField>(key: impl Into<K>) -> MapPatch<K, V> {
    MapPatch(BTreeMap::from([(key.into(), None)]))
}

/// A part of an entry of a map changes.
pub fn change_entry<K: MapKey, V: EntityField>(
    key: impl Into<K>,
    patch: V::Patch,
) -> MapPatch<K, V> {
    MapPatch(BTreeMap::from([(key.into(), Some(Change::Patch(patch)))]))
}

/// An element comes to the beginning of a keyed list.
pub fn insert_first<E: ElementKey>(element: E::Element) -> KeyedPatch<E> {
    KeyedPatch::insert(None::<&String>, element)
}

/// An element comes into a keyed list, behind the one with the key `after`.
pub fn insert_after<E: ElementKey, K: MapKey>(after: &K, element: E::Element) -> KeyedPatch<E> {
    const { assert_key::<E, K>() }
    KeyedPatch::insert(Some(after), element)
}

/// An element leaves a keyed list.
pub fn remove_by<E: ElementKey, K: MapKey>(key: &K) -> KeyedPatch<E> {
    const { assert_key::<E, K>() }
    KeyedPatch::remove(key)
}

/// An element of a keyed list changes.
pub fn change_by<E: ElementKey, K: MapKey>(
    key: &K,
    patch: <E::Element as EntityField>::Patch,
) -> KeyedPatch<E> {
    const { assert_key::<E, K>() }
    KeyedPatch::change(key, patch)
}

/// An element of a keyed list moves to its beginning.
pub fn move_first<E: ElementKey, K: MapKey>(key: &K) -> KeyedPatch<E> {
    const { assert_key::<E, K>() }
    KeyedPatch::move_to(key, None)
}

/// An element of a keyed list moves behind the one with the key `after`.
pub fn move_after<E: ElementKey, K: MapKey>(key: &K, after: &K) -> KeyedPatch<E> {
    const { assert_key::<E, K>() }
    KeyedPatch::move_to(key, Some(after))
}

/// Stops the build where a key is of another kind than those of the list: it would never be found.
const fn assert_key<E: ElementKey, K: MapKey>() {
    assert!(same_kind(&E::KIND, &K::KIND), "the elements of this list have keys of another type");
}

/// Whether two kinds of keys are the same on the wire.
const fn same_kind(a: &Kind, b: &Kind) -> bool {
    matches!(
        (a, b),
        (Kind::Bool, Kind::Bool)
            | (Kind::Int(_), Kind::Int(_))
            | (Kind::Text | Kind::Id | Kind::Enum(_), Kind::Text | Kind::Id | Kind::Enum(_))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_by_what_they_are_on_the_wire() {
        assert!(same_kind(&u8::KIND, &i64::KIND));
        assert!(same_kind(&String::KIND, &Kind::Id));
        assert!(!same_kind(&String::KIND, &u8::KIND));
        assert!(!same_kind(&bool::KIND, &u8::KIND));
    }
}
