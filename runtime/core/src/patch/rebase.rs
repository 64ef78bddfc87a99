//! A patch as it is made after another one.

use ciborium::Value;

use super::form::{Form, elements, form, removes};
use super::keyed::{self, Trees, key_of, keyed as read_keyed};
use super::splices::{self, Spliced, spliced};
use crate::field::Misfit;
use crate::schema::key_text;
use crate::sequence::splice::Turn;
use crate::value::{Key, Places, as_map, key_order, map_of, same};

/// The keys of keyed lists, by the paths to the lists, as they were before two patches that both put elements of them
/// in new places. Neighbours that one of the patches takes away cannot be found without them.
#[derive(Clone, Debug, Default)]
pub struct Orders(Vec<(Vec<Key>, Vec<Key>)>);

impl Orders {
    /// Of the lists in `value` in which `patch` puts elements in places.
    pub fn of(value: &Value, patch: &Value) -> Orders {
        let mut orders = Orders::default();
        orders.collect(Some(value), patch, &mut Vec::new());
        orders
    }

    /// Whether no list changes its order.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn collect(&mut self, value: Option<&Value>, patch: &Value, path: &mut Vec<Key>) {
        match form(patch) {
            Form::Inside(changes) => {
                let mut places = Places::default();
                for (key, inner) in changes {
                    let entry = value.and_then(as_map).and_then(|map| places.get(map, key));
                    path.push(Key(key.clone()));
                    self.collect(entry, inner, path);
                    path.pop();
                }
            }
            Form::Keyed(name, changes, order) => {
                let list = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                if order.is_some() {
                    let keys = list.iter().map(|element| key_of(element, name)).collect();
                    self.0.push((path.clone(), keys));
                }
                for (key, inner) in changes.iter().filter(|(_, inner)| inner.is_map()) {
                    let element = list.iter().find(|element| same(&key_of(element, name).0, key));
                    path.push(Key(key.clone()));
                    self.collect(element, inner, path);
                    path.pop();
                }
            }
            _ => {}
        }
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
    let rebased = Rebase { orders, turn, path: Vec::new() }.change(patch, other)?;
    Ok(rebased.unwrap_or_else(super::empty))
}

struct Rebase<'a> {
    orders: &'a Orders,
    turn: Turn,
    path: Vec<Key>,
}

impl Rebase<'_> {
    fn change(&mut self, patch: &Value, other: &Value) -> Result<Option<Value>, Misfit> {
        match (form(patch), form(other)) {
            (Form::Inside(changes), Form::Inside(others)) => {
                let mut places = Places::default();
                let mut rebased = Vec::with_capacity(changes.len());
                for (key, inner) in changes {
                    let inner = match places.get(others, key) {
                        Some(other) => self.inside(key, inner, other)?,
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
            (Form::Keyed(..), Form::Keyed(..)) => self.keyed(patch, other),
            _ if same(patch, other) => Ok(None),
            (Form::Set(_) | Form::Remove, _) => Ok(Some(patch.clone())),
            _ => Err(crossed()),
        }
    }

    fn inside(
        &mut self,
        key: &Value,
        patch: &Value,
        other: &Value,
    ) -> Result<Option<Value>, Misfit> {
        self.path.push(Key(key.clone()));
        let inner = self.change(patch, other);
        self.path.pop();
        inner.map_err(|misfit| misfit.inside(key_text(key)))
    }

    fn splices(&mut self, patch: &Value, other: &Value) -> Result<Option<Value>, Misfit> {
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

    fn keyed(&mut self, patch: &Value, other: &Value) -> Result<Option<Value>, Misfit> {
        let (Some((name, own)), Some((_, theirs))) = (read_keyed(patch), read_keyed(other)) else {
            return Err(crossed());
        };
        if let Some(key) = own.order_conflicts(&theirs).first() {
            return Err(crossed().inside(key_text(&key.0)));
        }
        let nothing = Vec::new();
        let base = self.orders.0.iter().find(|(path, _)| *path == self.path);
        let base = base.map_or(&nothing, |(_, keys)| keys);
        let order = own.rebased_order(&theirs, base, self.turn);
        let mut changes = Vec::new();
        for (key, change) in own.changes {
            let change = match theirs.changes.get(&key) {
                Some(other) if removes(other) && !removes(&change) => {
                    return Err(crossed().inside(key_text(&key.0)));
                }
                Some(other) => self.inside(&key.0, &change, other)?,
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
            let mut in_b = Places::default();
            a.iter().any(|(key, inner)| in_b.get(b, key).is_some_and(|other| touches(inner, other)))
        }
        _ => true,
    }
}
