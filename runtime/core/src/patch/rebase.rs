//! A patch as it is made after another one.

use std::cmp::Ordering;

use ciborium::Value;

use super::form::{Form, elements, form, removes};
use super::keyed::{self, Trees, key_of, keyed as read_keyed};
use super::splices::{self, Spliced, spliced};
use crate::field::Misfit;
use crate::schema::key_text;
use crate::sequence::lookup::{Lookup, sorted};
use crate::sequence::splice::Turn;
use crate::steps;
use crate::value::{Key, Places, as_map, key_order, map_of, same};

/// The keys of keyed lists, as they were before two patches that both put elements of them in new places. Neighbours that
/// one of the patches takes away cannot be found without them. It is a tree, as the patch is, so that finding a list
/// never costs the length of its path.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// The keys of the list at this place, if elements of it are placed.
    keys: Option<Vec<Key>>,
    /// The orders inside the entries or elements under these keys, in the order of the keys.
    inside: Vec<(Value, Orders)>,
}

impl Orders {
    /// Of the lists in `value` in which `patch` puts elements in places.
    pub fn of(value: &Value, patch: &Value) -> Orders {
        Orders::collect(Some(value), patch)
    }

    /// Whether no list changes its order.
    pub fn is_empty(&self) -> bool {
        self.keys.is_none() && self.inside.is_empty()
    }

    fn collect(value: Option<&Value>, patch: &Value) -> Orders {
        let (changes, of, order) = match form(patch) {
            Form::Inside(changes) => (changes, None, None),
            Form::Keyed(name, changes, order) => (changes, Some(name), order),
            _ => return Orders::default(),
        };
        // Parts of the value are looked for only if a patch inside them places something.
        let mut inner = Vec::new();
        for (key, patch) in changes {
            let orders = Orders::collect(None, patch);
            if !orders.is_empty() {
                inner.push((key, patch, orders));
            }
        }
        let order_of = |a: usize, b: usize| match (inner.get(a), inner.get(b)) {
            (Some((a, ..)), Some((b, ..))) => key_order(a, b),
            _ => Ordering::Equal,
        };
        let places = sorted(inner.len(), &order_of);
        let list = of.and(value).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let keys: Vec<Key> = match of {
            Some(name) if order.is_some() || !inner.is_empty() => {
                list.iter().map(|element| key_of(element, name)).collect()
            }
            _ => Vec::new(),
        };
        let elements = Lookup::of(if inner.is_empty() { &[][..] } else { &keys });
        let map = value.and_then(as_map).filter(|_| of.is_none());
        let mut entries = Places::default();
        let mut inside = Vec::with_capacity(places.len());
        for place in places {
            let Some((key, patch, orders)) = inner.get_mut(place) else { continue };
            let part = match map {
                Some(map) => entries.get(map, key),
                None => elements.find(&Key(key.clone())).and_then(|at| list.get(at)),
            };
            let orders = match part {
                Some(part) => Orders::collect(Some(part), patch),
                None => std::mem::take(orders),
            };
            inside.push((key.clone(), orders));
        }
        Orders { keys: order.map(|_| keys), inside }
    }

    /// The orders inside what is under a key.
    #[inline(never)]
    fn inside(&self, key: &Value) -> Option<&Orders> {
        let at = self.inside.binary_search_by(|(known, _)| key_order(known, key)).ok()?;
        self.inside.get(at).map(|(_, orders)| orders)
    }
}

/// `patch` as it is made after `other`, both of them made on one value, whose keyed lists `orders` knows: what both do
/// is done once, adding adds up, and places move to where they have come. `turn` says which one comes first where both
/// insert at one place.
///
/// Where the two [overlap](super::overlap()), the patch stays if it replaces what is there.
///
/// # Errors
/// Where the two overlap, and the patch cannot be made any more.
pub fn rebase(patch: &Value, other: &Value, orders: &Orders, turn: Turn) -> Result<Value, Misfit> {
    let rebased = Rebase { turn }.change(patch, other, Some(orders))?;
    Ok(rebased.unwrap_or_else(super::empty))
}

struct Rebase {
    turn: Turn,
}

impl Rebase {
    fn change(
        &self,
        patch: &Value,
        other: &Value,
        orders: Option<&Orders>,
    ) -> Result<Option<Value>, Misfit> {
        steps::count(1);
        match (form(patch), form(other)) {
            (Form::Inside(changes), Form::Inside(others)) => {
                let mut places = Places::default();
                let mut rebased = Vec::with_capacity(changes.len());
                for (key, inner) in changes {
                    let inner = match places.get(others, key) {
                        Some(other) => self.inside(key, inner, other, orders)?,
                        None => Some(inner.clone()),
                    };
                    rebased.extend(inner.map(|inner| (key.clone(), inner)));
                }
                Ok((!rebased.is_empty()).then(|| map_of(rebased)))
            }
            (Form::Add(_), Form::Add(_)) => Ok(Some(patch.clone())),
            (Form::Elements(come, leave), Form::Elements(come_too, leave_too)) => {
                let rest = |these: &[Value], those: &[Value]| {
                    let done = |element: &Value| {
                        those.binary_search_by(|other| key_order(other, element)).is_ok()
                    };
                    these.iter().filter(|element| !done(element)).cloned().collect()
                };
                Ok(elements(rest(come, come_too), rest(leave, leave_too)))
            }
            (Form::Splice(_), Form::Splice(_)) => self.splices(patch, other),
            (Form::Keyed(..), Form::Keyed(..)) => self.keyed(patch, other, orders),
            _ if same(patch, other) => Ok(None),
            (Form::Set(_) | Form::Remove, _) => Ok(Some(patch.clone())),
            _ => Err(crossed()),
        }
    }

    fn inside(
        &self,
        key: &Value,
        patch: &Value,
        other: &Value,
        orders: Option<&Orders>,
    ) -> Result<Option<Value>, Misfit> {
        let inner = self.change(patch, other, orders.and_then(|orders| orders.inside(key)));
        inner.map_err(|misfit| misfit.inside(key_text(key)))
    }

    fn splices(&self, patch: &Value, other: &Value) -> Result<Option<Value>, Misfit> {
        match (spliced(patch), spliced(other)) {
            (Some(Spliced::Text(own)), Some(Spliced::Text(theirs))) if !own.crosses(&theirs) => {
                Ok(splices::write_text(&own.rebase(&theirs, self.turn)))
            }
            (Some(Spliced::List(own)), Some(Spliced::List(theirs))) if own.same(&theirs) => {
                Ok(None)
            }
            _ => Err(crossed()),
        }
    }

    fn keyed(
        &self,
        patch: &Value,
        other: &Value,
        orders: Option<&Orders>,
    ) -> Result<Option<Value>, Misfit> {
        let (Some((name, own)), Some((_, theirs))) = (read_keyed(patch), read_keyed(other)) else {
            return Err(crossed());
        };
        if let Some(key) = own.order_conflicts(&theirs).first() {
            return Err(crossed().inside(key_text(&key.0)));
        }
        let base = orders.and_then(|orders| orders.keys.as_deref()).unwrap_or_default();
        let order = own.rebased_order(&theirs, base, self.turn);
        let mut changes = Vec::new();
        for (key, change) in own.changes {
            let change = match theirs.changes.get(&key) {
                Some(other) if removes(other) && !removes(&change) => {
                    return Err(crossed().inside(key_text(&key.0)));
                }
                Some(other) => self.inside(&key.0, &change, other, orders)?,
                None => Some(change),
            };
            changes.extend(change.map(|change| (key, change)));
        }
        let changes = changes.into_iter().collect();
        Ok(keyed::write(name, &Trees { changes, order }))
    }
}

fn crossed() -> Misfit {
    Misfit::new("others changed the same meanwhile")
}

/// Whether two patches change a leaf, or one inside what the other changes as one, that they have in common.
pub fn touches(a: &Value, b: &Value) -> bool {
    match (as_map(a), as_map(b)) {
        (Some(a), Some(b)) => {
            let (a, b) = if a.len() > b.len() { (b, a) } else { (a, b) };
            let mut in_b = Places::default();
            a.iter().any(|(key, inner)| in_b.get(b, key).is_some_and(|other| touches(inner, other)))
        }
        _ => true,
    }
}
