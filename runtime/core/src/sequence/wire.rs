//! Splices and orders in their wire form.

use super::order::{Anchor, Order, Placement};
use super::splice::{Content, Splice, Splices};
use crate::value::{Key, Value};

impl<C: Content> Splices<C> {
    /// `at, removed, inserted` for each splice, one after the other.
    pub fn to_values(&self, write: impl Fn(&C) -> Value) -> Vec<Value> {
        let numbers =
            |splice: &Splice<C>| [splice.at, splice.removed].map(|n| Value::from(n as u64));
        let parts = |splice| {
            let [at, removed] = numbers(splice);
            [at, removed, write(&splice.inserted)]
        };
        self.0.iter().flat_map(parts).collect()
    }

    /// Reads the wire form; `None` if it is not in the one form that a change has.
    pub fn from_values(
        values: &[Value],
        mut read: impl FnMut(&Value) -> Option<C>,
    ) -> Option<Self> {
        let (splices, rest) = values.as_chunks::<3>();
        if !rest.is_empty() {
            return None;
        }
        let mut splice = |[at, removed, inserted]: &[Value; 3]| {
            let splice =
                Splice { at: place(at)?, removed: place(removed)?, inserted: read(inserted)? };
            splice.at.checked_add(splice.removed)?;
            Some(splice)
        };
        let splices = Splices(splices.iter().map(&mut splice).collect::<Option<Vec<_>>>()?);
        splices.is_normal().then_some(splices)
    }
}

fn place(value: &Value) -> Option<usize> {
    let number = match value {
        Value::Integer(number) => i128::from(*number),
        // cbor-x writes integers past 32 bits so; but no sequence is that long.
        _ => return None,
    };
    usize::try_from(number).ok()
}

impl Order<Key> {
    /// One list for each placement: its anchor, then the keys. The anchor is null for the start, true for the end.
    pub fn to_value(&self) -> Value {
        let placement = |placement: &Placement<Key>| {
            let anchor = match &placement.anchor {
                Anchor::Start => Value::Null,
                Anchor::After(key) => key.0.clone(),
                Anchor::End => Value::Bool(true),
            };
            let keys = placement.keys.iter().map(|key| key.0.clone());
            Value::Array([anchor].into_iter().chain(keys).collect())
        };
        Value::Array(self.0.iter().map(placement).collect())
    }

    /// Reads the wire form; `None` if a key or an anchor stands in it twice, or is none.
    pub fn from_value(value: &Value) -> Option<Order<Key>> {
        let is_key = |value: &Value| value.is_text() || value.is_integer();
        let placement = |value: &Value| {
            let (anchor, keys) = value.as_array()?.split_first()?;
            let anchor = match anchor {
                Value::Null => Anchor::Start,
                Value::Bool(true) => Anchor::End,
                key if is_key(key) => Anchor::After(Key(key.clone())),
                _ => return None,
            };
            let keys: Vec<Key> = keys.iter().cloned().map(Key).collect();
            keys.iter().all(|key| is_key(&key.0)).then_some(Placement { anchor, keys })
        };
        let placements = value.as_array()?.iter().map(placement);
        let order = Order(placements.collect::<Option<Vec<_>>>()?);
        order.is_normal().then_some(order)
    }
}
