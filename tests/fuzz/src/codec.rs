//! Bytes from anybody: they are refused, or they are a tree that is written and read again unchanged.

use temporal_entity_core::codec::{
    MAX_DEPTH, decode, decode_own, decode_own_value, encode, encode_value,
};
use temporal_entity_core::value::{Value, same};

/// Copies of shared values up to this size: a smaller limit than the real one finds what escapes it sooner.
const LIMIT: usize = 1 << 16;

/// # Panics
/// If something does not hold.
pub fn check(input: &[u8]) {
    let Ok(tree) = decode(input, LIMIT) else { return };
    assert!(height(&tree) <= MAX_DEPTH, "deeper than allowed");

    let bytes = encode_value(&tree).expect("every tree has bytes");
    assert_eq!(encode(&tree).as_ref(), Ok(&bytes), "serde writes other bytes");
    let again = decode_own_value(&bytes).expect("our own bytes are read");
    assert!(same(&tree, &again), "{tree:?} is read again as {again:?}");
    assert_eq!(encode_value(&again).as_ref(), Ok(&bytes), "the bytes are not settled");

    // Ciborium's own reading, where nothing stands for something else.
    if !holds_tag(&tree)
        && let Ok(plain) = decode_own::<Value>(input)
        && !holds_tag(&plain)
    {
        let (tree, plain) = (settled(tree), settled(plain));
        assert!(same(&tree, &plain), "{tree:?} is read by serde as {plain:?}");
    }
}

fn height(value: &Value) -> usize {
    children(value).map(height).max().map_or(usize::from(is_branch(value)), |inside| inside + 1)
}

fn is_branch(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Map(_) | Value::Tag(..))
}

fn holds_tag(value: &Value) -> bool {
    value.is_tag() || children(value).any(holds_tag)
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Map(entries) => Box::new(entries.iter().flat_map(|(key, value)| [key, value])),
        Value::Tag(_, inner) => Box::new(std::iter::once(&**inner)),
        _ => Box::new(std::iter::empty()),
    }
}

/// Without what serde does not tell apart: it reads `undefined` as null, and keeps the bits of each NaN.
fn settled(value: Value) -> Value {
    match value {
        Value::Float(number) if number.is_nan() => Value::Float(f64::NAN),
        Value::Array(items) => Value::Array(items.into_iter().map(settled).collect()),
        Value::Map(entries) => {
            let kept = entries.into_iter().filter(|(_, value)| !value.is_null());
            Value::Map(kept.map(|(key, value)| (settled(key), settled(value))).collect())
        }
        other => other,
    }
}
