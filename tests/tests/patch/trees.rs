//! Random values, of which two or three have most in common.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use temporal_entity_core::patch::{diff_like, empty};
use temporal_entity_core::value::{Value, entries};

pub fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_i64).prop_map(Value::from),
        prop_oneof![Just(0.0), Just(-0.0), Just(f64::NAN), Just(1.5)].prop_map(Value::Float),
        "[ab]{0,2}".prop_map(Value::from),
        vec(any::<u8>(), 0..2).prop_map(Value::Bytes),
        Just(Value::Tag(1, Box::new(Value::from(7)))),
    ]
}

/// Few keys, so that two trees often have the same.
pub fn key() -> impl Strategy<Value = Value> {
    prop_oneof![3 => "[a-e]".prop_map(Value::from), 1 => (0..3_i64).prop_map(Value::from)]
}

pub fn map(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let keyed = (key(), inner).prop_map(|(key, value)| (format!("{key:?}"), (key, value)));
    vec(keyed, 0..5).prop_map(|entries| {
        let unique: BTreeMap<_, _> = entries.into_iter().collect();
        Value::Map(unique.into_values().collect())
    })
}

pub fn inner_tree() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            3 => map(inner.clone()),
            1 => vec(inner, 0..3).prop_map(Value::Array),
        ]
    })
}

/// A value like an entity's: a map on the outside.
pub fn tree() -> impl Strategy<Value = Value> {
    map(inner_tree())
}

/// Values that have most in common.
pub fn near(tree: Value) -> impl Strategy<Value = Value> {
    let count = entries(&tree).len().max(1);
    vec((0..count, inner_tree(), any::<bool>()), 0..3).prop_map(move |changes| {
        let mut near = entries(&tree).to_vec();
        for (at, value, remove) in changes {
            if remove && at < near.len() {
                near.remove(at);
            } else if let Some((_, place)) = near.get_mut(at) {
                *place = value;
            }
        }
        Value::Map(near)
    })
}

pub fn two() -> impl Strategy<Value = (Value, Value)> {
    prop_oneof![(tree(), tree()), tree().prop_flat_map(|a| (Just(a.clone()), near(a)))]
}

pub fn between(a: &Value, b: &Value) -> Value {
    diff_like(a, b, None).unwrap_or_else(empty)
}
