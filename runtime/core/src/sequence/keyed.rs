//! A change of a list whose elements have keys: changes by key, and where elements come to.
//!
//! Written once for typed elements and for value trees; what differs is in [`ElementChange`].

use super::lookup::Lookup;
use super::order::{Anchor, Order};
use super::splice::Turn;
use crate::sorted::Sorted;
use crate::steps;
use crate::value::Key;

/// A change of one element, under its key.
pub trait ElementChange: Sized {
    /// The element.
    type Element;

    /// The change that puts an element in.
    fn put(element: Self::Element) -> Self;
    /// The change that takes the element out.
    fn removal() -> Self;
    /// Whether it takes the element out.
    fn removes(&self) -> bool;
    /// The element that it puts in.
    fn element(&self) -> Option<&Self::Element>;
    /// As [`ElementChange::element`], taken out.
    fn into_element(self) -> Option<Self::Element>;
    /// Changes an element, and returns what undoes it; `None` if nothing changed.
    fn apply(self, element: &mut Self::Element) -> Option<Self>;
    /// What does at once what this and then `later` do; `None` if that is nothing.
    fn compose(self, later: Self) -> Option<Self>;
}

/// A change of a keyed list.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyedChange<C> {
    /// Elements that come (whole), change or leave.
    pub changes: Sorted<Key, C>,
    /// The places of those that come and of those that move.
    pub order: Order<Key>,
}

impl<C> Default for KeyedChange<C> {
    fn default() -> KeyedChange<C> {
        KeyedChange { changes: Sorted::default(), order: Order::default() }
    }
}

/// Why a change of a keyed list does not fit, and at which key.
pub struct Mismatch {
    /// The key.
    pub key: Key,
    /// What is wrong.
    pub problem: &'static str,
}

impl<C: ElementChange> KeyedChange<C> {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.order.is_empty()
    }

    /// Whether it fits a list with these keys. What happens inside an element is for the caller to ask.
    ///
    /// # Errors
    /// The first key that does not fit.
    pub fn fits(
        &self,
        base: &Lookup<'_, Key>,
        key_of: impl Fn(&C::Element) -> Key,
    ) -> Result<(), Mismatch> {
        let placed = self.order.placed();
        for (key, change) in self.changes.iter() {
            let problem = match change.element() {
                Some(element) if key_of(element) != *key => "the element has another key",
                Some(_) if !base.contains(key) && !placed.contains(key) => {
                    "the diff puts in an element without a place"
                }
                None if change.removes() || base.contains(key) => continue,
                None => "the diff changes a part of something that is not there",
                Some(_) => continue,
            };
            return Err(Mismatch { key: key.clone(), problem });
        }
        for key in placed.iter() {
            let comes = self.changes.get(key).map(|change| change.element().is_some());
            let problem = match comes {
                Some(true) => continue,
                _ if !base.contains(key) => "the diff moves an element that is not there",
                _ if self.changes.get(key).is_some_and(C::removes) => {
                    "the diff both moves and removes an element"
                }
                _ => continue,
            };
            return Err(Mismatch { key: key.clone(), problem });
        }
        for placement in &self.order.0 {
            if let Anchor::After(key) = &placement.anchor
                && !base.contains(key)
            {
                let problem = "the diff puts something behind an element that is not there";
                return Err(Mismatch { key: key.clone(), problem });
            }
        }
        Ok(())
    }

    /// Changes a list that it fits, and returns what undoes the change.
    pub fn apply(self, list: &mut Vec<C::Element>, key_of: impl Fn(&C::Element) -> Key) -> Self {
        let KeyedChange { changes, order } = self;
        steps::count(list.len());
        let placed = order.placed();
        let reorders = !placed.is_empty() || changes.values().any(C::removes);
        let keys_before: Vec<Key> =
            if reorders { list.iter().map(&key_of).collect() } else { Vec::new() };
        // In the order of the list.
        let mut removed = Vec::new();
        let (mut undo, mut moving) = (Vec::new(), Vec::new());
        let mut changes = changes.into_slots();
        if !changes.is_empty() {
            for element in list.iter_mut() {
                let key = key_of(element);
                let change = changes.get_mut(&key).and_then(Option::take);
                let Some(change) = change else { continue };
                if change.removes() {
                    removed.push(key);
                } else if let Some(back) = change.apply(element) {
                    undo.push((key, back));
                }
            }
        }
        if !reorders {
            return KeyedChange { changes: undo.into_iter().collect(), order: Order::default() };
        }
        // What is left of the changes puts in new elements, or takes out what is not there.
        for (key, change) in changes {
            if let Some(element) = change.and_then(C::into_element) {
                moving.push((key.clone(), element));
                undo.push((key, C::removal()));
            }
        }
        let mut removed = removed.iter().peekable();
        let mut base = Vec::with_capacity(list.len());
        for element in std::mem::take(list) {
            let key = key_of(&element);
            if removed.next_if(|gone| **gone == key).is_some() {
                undo.push((key.clone(), C::put(element)));
                base.push((key, None));
            } else if placed.contains(&key) {
                moving.push((key.clone(), element));
                base.push((key, None));
            } else {
                base.push((key, Some(element)));
            }
        }
        let mut moving = moving.into_iter().collect::<Sorted<_, _>>().into_slots();
        let arranged = order.arrange(
            base,
            |(key, _)| key.clone(),
            |(_, element)| element.is_none(),
            |key| moving.get_mut(key)?.take().map(|element| (key.clone(), Some(element))),
        );
        *list = arranged.into_iter().filter_map(|(_, element)| element).collect();
        let keys_after: Vec<Key> = list.iter().map(&key_of).collect();
        let order = Order::between(&keys_after, &keys_before);
        KeyedChange { changes: undo.into_iter().collect(), order }
    }

    /// The change that does at once what this one and then `later` do.
    pub fn compose(self, later: Self) -> Self {
        let any_removed = later.changes.values().any(C::removes);
        let removed = |key: &Key| any_removed && later.changes.get(key).is_some_and(C::removes);
        let order = self.order.compose(&later.order, removed);
        KeyedChange { changes: self.changes.merge(later.changes, C::compose), order }
    }

    /// Where this and `other` give an element that both place two different places, or one places what the other
    /// removes.
    pub fn order_conflicts(&self, other: &Self) -> Vec<Key> {
        let removed = |by: &Self, placed: &Self| -> Vec<Key> {
            let keys = placed.order.0.iter().flat_map(|placement| &placement.keys);
            let removes = |key: &&Key| by.changes.get(key).is_some_and(C::removes);
            keys.filter(removes).cloned().collect()
        };
        let mut conflicts: Vec<Key> =
            self.order.splits(&other.order).into_iter().cloned().collect();
        conflicts.extend(removed(other, self));
        conflicts.extend(removed(self, other));
        conflicts
    }

    /// The order of this change when it is made after `other`, both of them made on a list of these keys.
    pub fn rebased_order(&self, other: &Self, base: &[Key], turn: Turn) -> Order<Key> {
        let theirs = other.order.placed();
        let removed = |key: &Key| other.changes.get(key).is_some_and(C::removes);
        if self.order.is_empty() || theirs.is_empty() && !other.changes.values().any(C::removes) {
            return self.order.clone();
        }
        let mut order =
            self.order.rebase(&other.order, base, |key| theirs.contains(key) || removed(key), turn);
        // What the other removed cannot come to another place any more.
        for placement in &mut order.0 {
            placement.keys.retain(|key| {
                !removed(key) || self.changes.get(key).is_some_and(|c| c.element().is_some())
            });
        }
        order.0.retain(|placement| !placement.keys.is_empty());
        order
    }
}

/// The change between two lists without repeated keys: `None` if one has a key twice.
///
/// `change` gives the change from one element to another under the same key.
pub fn diff<C: ElementChange>(
    old: &[C::Element],
    new: &[C::Element],
    key_of: impl Fn(&C::Element) -> Key,
    copy: impl Fn(&C::Element) -> C::Element,
    mut change: impl FnMut(&C::Element, &C::Element) -> Option<C>,
) -> Option<KeyedChange<C>> {
    let keys = |list: &[C::Element]| list.iter().map(&key_of).collect::<Vec<_>>();
    let (old_keys, new_keys) = (keys(old), keys(new));
    let (before, after) = (Lookup::of(&old_keys), Lookup::of(&new_keys));
    if !before.distinct() || !after.distinct() {
        return None;
    }
    let mut changes = Vec::new();
    for (key, element) in new_keys.iter().zip(new) {
        let change = match before.find(key).and_then(|at| old.get(at)) {
            Some(old) => change(old, element),
            None => Some(C::put(copy(element))),
        };
        if let Some(change) = change {
            changes.push((key.clone(), change));
        }
    }
    for key in old_keys.iter().filter(|key| !after.contains(key)) {
        changes.push((key.clone(), C::removal()));
    }
    let changes = changes.into_iter().collect();
    Some(KeyedChange { changes, order: Order::between(&old_keys, &new_keys) })
}
