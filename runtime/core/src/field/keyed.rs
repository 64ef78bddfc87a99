//! The policy of a list whose elements have a key: they come, leave, move and change independently of each other.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use ciborium::Value;

use super::change::unreadable;
use super::merge::also_in_option;
use super::{Change, EntityField, MapKey, Merge, Misfit, Patch, Plain, write};
use crate::patch::{Form, Overlaps, form, keyed_to_value, removal, removes};
use crate::schema::{Kind, ShapeError, key_text};
use crate::sequence::keyed::{self, ElementChange, KeyedChange};
use crate::sequence::lookup::Lookup;
use crate::sequence::order::{Anchor, Order, Placement};
use crate::value::{Key, get};

/// The policy `key = ".."`, for a list of structs. `E` tells which field the key is.
pub struct Keyed<E>(PhantomData<E>);

/// What the elements of a list are told apart by.
pub trait ElementKey: Sized + 'static {
    /// An element.
    type Element: EntityField;
    /// The name of the field that is the key, on the wire.
    const NAME: &'static str;
    /// What the key is.
    const KIND: Kind;
    /// The key of an element.
    fn key(element: &Self::Element) -> Key;
}

/// A typed key as a key.
pub fn key_of<K: MapKey>(key: &K) -> Key {
    Key(write(key))
}

/// A change of an element; `None` takes it out.
struct ElementPatch<T: EntityField>(Option<Change<T>>);

impl<T: EntityField> ElementChange for ElementPatch<T> {
    type Element = T;

    fn put(element: T) -> Self {
        ElementPatch(Some(Change::Set(element)))
    }

    fn removal() -> Self {
        ElementPatch(None)
    }

    fn removes(&self) -> bool {
        self.0.is_none()
    }

    fn element(&self) -> Option<&T> {
        match &self.0 {
            Some(Change::Set(element)) => Some(element),
            _ => None,
        }
    }

    fn into_element(self) -> Option<T> {
        match self.0 {
            Some(Change::Set(element)) => Some(element),
            _ => None,
        }
    }

    fn apply(self, element: &mut T) -> Option<Self> {
        element.apply_change(self.0).map(|undo| ElementPatch(Some(undo)))
    }

    fn compose(self, later: Self) -> Option<Self> {
        match (self.0, later.0) {
            (Some(first), Some(later)) => {
                let composed = <Plain as Merge<T>>::compose_change(Some(first), Some(later));
                composed.map(|change| ElementPatch(Some(change)))
            }
            (_, later) => Some(ElementPatch(later)),
        }
    }
}

impl<T: EntityField> ElementPatch<T> {
    fn to_value(&self) -> Value {
        self.0.as_ref().map_or_else(removal, Change::to_value)
    }
}

/// What changes in a keyed list.
pub struct KeyedPatch<E: ElementKey>(KeyedChange<ElementPatch<E::Element>>);

impl<E: ElementKey> Default for KeyedPatch<E> {
    fn default() -> KeyedPatch<E> {
        KeyedPatch(KeyedChange::default())
    }
}

impl<E: ElementKey> KeyedPatch<E> {
    fn one(
        key: Key,
        change: Option<ElementPatch<E::Element>>,
        anchor: Option<Anchor<Key>>,
    ) -> Self {
        let order = anchor.map(|anchor| Placement { anchor, keys: vec![key.clone()] });
        KeyedPatch(KeyedChange {
            changes: change.into_iter().map(|change| (key.clone(), change)).collect(),
            order: Order(order.into_iter().collect()),
        })
    }

    /// An element comes, behind all others.
    pub fn push(element: E::Element) -> KeyedPatch<E> {
        Self::one(E::key(&element), Some(ElementPatch::put(element)), Some(Anchor::End))
    }

    /// An element comes, behind the one with the key `after`; at the beginning for `None`.
    pub fn insert<K: MapKey>(after: Option<&K>, element: E::Element) -> KeyedPatch<E> {
        let key = E::key(&element);
        Self::one(key, Some(ElementPatch::put(element)), Some(behind(after)))
    }

    /// The element with this key leaves; nothing if it is not there.
    pub fn remove<K: MapKey>(key: &K) -> KeyedPatch<E> {
        Self::one(key_of(key), Some(ElementPatch::removal()), None)
    }

    /// The element with this key changes. Its key itself cannot.
    pub fn change<K: MapKey>(key: &K, patch: <E::Element as EntityField>::Patch) -> KeyedPatch<E> {
        Self::one(key_of(key), Some(ElementPatch(Some(Change::Patch(patch)))), None)
    }

    /// The element with this key moves behind the one with the key `after`; to the beginning for `None`.
    pub fn move_to<K: MapKey>(key: &K, after: Option<&K>) -> KeyedPatch<E> {
        Self::one(key_of(key), None, Some(behind(after)))
    }
}

fn behind<K: MapKey>(after: Option<&K>) -> Anchor<Key> {
    after.map_or(Anchor::Start, |key| Anchor::After(key_of(key)))
}

impl<E: ElementKey> Patch for KeyedPatch<E> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn to_value(&self) -> Value {
        keyed_to_value(E::NAME, &self.0, ElementPatch::to_value).unwrap_or(Value::Null)
    }

    fn from_value(value: Value) -> Result<KeyedPatch<E>, ShapeError> {
        let Form::Keyed(_, changes, order) = form(&value) else {
            return Err(unreadable(&value));
        };
        let order = match order {
            Some(order) => Order::from_value(order).ok_or_else(|| unreadable(&value))?,
            None => Order::default(),
        };
        let typed = |(key, change): &(Value, Value)| {
            let patch = if removes(change) {
                Ok(None)
            } else {
                Change::from_value(change.clone()).map(Some)
            };
            let patch = patch.map_err(|error| error.inside(key_text(key)))?;
            Ok((Key(key.clone()), ElementPatch(patch)))
        };
        let changes = changes.iter().map(typed).collect::<Result<_, ShapeError>>()?;
        Ok(KeyedPatch(KeyedChange { changes, order }))
    }

    fn compose(self, later: KeyedPatch<E>) -> KeyedPatch<E> {
        KeyedPatch(self.0.compose(later.0))
    }

    fn overlap(&self, other: &KeyedPatch<E>, overlaps: &mut Overlaps) {
        let mut conflicts: BTreeSet<Key> = self.0.order_conflicts(&other.0).into_iter().collect();
        for (key, a) in self.0.changes.iter() {
            let Some(b) = other.0.changes.get(key) else { continue };
            let (name, before) = (key_text(&key.0), overlaps.places.len());
            match (&a.0, &b.0) {
                (None, None) => {}
                (Some(_), Some(_)) => {
                    <Plain as Merge<E::Element>>::overlap_change(&name, &a.0, &b.0, overlaps);
                }
                _ => overlaps.inside(name, Overlaps::here),
            }
            if overlaps.places.len() > before {
                // Said already, and with the place inside.
                conflicts.remove(key);
            }
        }
        for key in conflicts {
            overlaps.inside(key_text(&key.0), Overlaps::here);
        }
    }
}

impl<E: ElementKey> Merge<Vec<E::Element>> for Keyed<E> {
    type Patch = KeyedPatch<E>;
    const KIND: Kind = Kind::Keyed(&<E::Element as EntityField>::KIND, E::NAME);

    fn diff(
        old: &Vec<E::Element>,
        new: &Vec<E::Element>,
    ) -> Option<Change<Vec<E::Element>, KeyedPatch<E>>> {
        if old.same(new) {
            return None;
        }
        let change = |old: &E::Element, new: &E::Element| {
            old.diff(new).map(|change| ElementPatch(Some(change)))
        };
        Some(match keyed::diff(old, new, E::key, E::Element::copy, change) {
            Some(changed) => Change::Patch(KeyedPatch(changed)),
            None => Change::Set(new.copy()),
        })
    }

    fn fits(value: &Vec<E::Element>, patch: &KeyedPatch<E>) -> Result<(), Misfit> {
        let keys: Vec<Key> = value.iter().map(E::key).collect();
        let wrong = patch.0.fits(&Lookup::of(&keys), E::key);
        wrong.map_err(|wrong| Misfit::new(wrong.problem).inside(key_text(&wrong.key.0)))?;
        for element in value {
            let key = E::key(element);
            if let Some(ElementPatch(Some(Change::Patch(inner)))) = patch.0.changes.get(&key) {
                let renames = get(&inner.to_value(), E::NAME).is_some();
                let fits = if renames {
                    Err(Misfit::new("the key of an element cannot change"))
                } else {
                    element.fits(inner)
                };
                fits.map_err(|misfit| misfit.inside(key_text(&key.0)))?;
            }
        }
        Ok(())
    }

    fn apply(value: &mut Vec<E::Element>, patch: KeyedPatch<E>) -> KeyedPatch<E> {
        KeyedPatch(patch.0.apply(value, E::key))
    }

    fn tighten(value: &Vec<E::Element>, patch: KeyedPatch<E>) -> KeyedPatch<E> {
        let KeyedChange { changes, order } = patch.0;
        let order = match order.is_empty() {
            true => order,
            false => order.without_rests(&value.iter().map(E::key).collect::<Vec<_>>()),
        };
        let (mut changes, mut tight) = (changes.into_slots(), Vec::new());
        for element in value {
            let key = E::key(element);
            let change = match changes.get_mut(&key).and_then(Option::take) {
                Some(ElementPatch(Some(change))) => {
                    element.tighten_change(Some(change)).map(|change| ElementPatch(Some(change)))
                }
                other => other,
            };
            tight.extend(change.map(|change| (key, change)));
        }
        // Of what is not there, only what is put in changes something.
        let placed = order.placed();
        let left = changes.into_iter().filter_map(|(key, change)| Some((key, change?)));
        tight.extend(left.filter(|(key, _)| placed.contains(key)));
        let changes = tight.into_iter().collect();
        KeyedPatch(KeyedChange { changes, order })
    }
}

also_in_option!(Keyed<E>, E: ElementKey);
