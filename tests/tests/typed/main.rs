//! Typed values to bytes and back without a tree: the same bytes and the same values as with one.

mod damage;
mod odd;
mod written;
// One entity with every kind and every policy is enough.
#[path = "../patch/rich.rs"]
mod rich;

use std::time::UNIX_EPOCH;

use board::bench::Row;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde::{Deserialize, Serialize};
use temporal_entity::{EntityField, Timestamp, temporal_entity};
use temporal_entity_core::codec::{
    CodecError, DecodeError, decode_own_value, decode_typed, encode_value,
};
use temporal_entity_core::field::{read, write};
use temporal_entity_core::schema::encode_typed;
use temporal_entity_core::value::Value;

use odd::odd;
use rich::rich;

/// Each run has a new seed, which it prints; `SEED=n` repeats one.
fn config() -> ProptestConfig {
    let clock = || UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos() as u64);
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(clock);
    println!("SEED={seed}");
    let rng_seed = RngSeed::Fixed(seed);
    ProptestConfig { cases: 500, failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

/// The bytes of a value by way of its tree.
fn bytes<T: EntityField>(value: &T) -> Vec<u8> {
    encode_value(&write(value)).expect("bytes")
}

/// A value of bytes by way of its tree.
fn by_tree<T: EntityField>(bytes: &[u8]) -> Option<T> {
    read(decode_own_value(bytes).ok()?).ok()
}

/// A value goes to the bytes that its tree has, and comes back from them.
fn travels<T: EntityField + std::fmt::Debug>(value: &T) -> Result<(), TestCaseError> {
    let bytes = bytes(value);
    let written = encode_typed(value, 0).expect("bytes");
    prop_assert_eq!(&written, &bytes, "{:?}", value);
    let whole = decode_typed::<T>([&*bytes]).expect("our own bytes");
    prop_assert!(whole.same(value), "{whole:?}\nis not\n{value:?}");
    for size in [1, 7, 100] {
        let parts = bytes.chunks(size).map(<[u8]>::to_vec);
        let parts = decode_typed::<T>(parts).expect("our own bytes, in parts");
        prop_assert!(parts.same(value), "in parts of {size}: {parts:?}\nis not\n{value:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_value_of_every_kind_travels(value in rich()) {
        travels(&value)?;
    }

    #[test]
    fn an_odd_value_travels(value in odd()) {
        travels(&value)?;
    }

    #[test]
    fn an_instant_is_read_as_from_a_tree(seconds in prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::Float),
        (-1e6..1e6_f64).prop_map(Value::Float),
        Just(Value::Integer((-1_i128 << 64).try_into().expect("65 bits"))),
        any::<i32>().prop_map(|millis| Value::Float(f64::from(millis) / 1_000.0)),
    ]) {
        let bytes = encode_value(&Value::Tag(1, Box::new(seconds))).expect("bytes");
        let time: Timestamp = decode_typed([&*bytes]).expect("an instant");
        prop_assert_eq!(Some(time), by_tree(&bytes));
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[temporal_entity(version = 1, access = "signed-in")]
struct Before {
    note: String,
    old: odd::Event,
    when: Timestamp,
    old_too: std::collections::BTreeMap<i64, odd::Shape>,
}

#[derive(Debug, Serialize, Deserialize)]
#[temporal_entity(version = 1, access = "signed-in")]
struct After {
    #[serde(default)]
    added: Vec<String>,
    note: String,
    when: Timestamp,
    added_too: Option<u8>,
}

#[test]
fn keys_come_and_go() {
    let before = Before {
        note: "n".into(),
        old: odd::Event::Moved { to: Some(Timestamp::from_millis(1)), weight: 0.5 },
        when: Timestamp::from_millis(-1),
        old_too: [(-1, odd::Shape::Nothing)].into(),
    };
    let bytes = bytes(&before);
    let after: After = decode_typed([&*bytes]).expect("what is new has defaults");
    assert!(after.same(&by_tree(&bytes).expect("as from a tree")));
    assert_eq!(after.when, before.when);
    let bytes = encode_value(&write(&after)).expect("bytes");
    let missing = decode_typed::<Before>([&*bytes]).expect_err("`old` is missing");
    assert_eq!(missing.to_string(), "missing field `old`");
}

#[test]
fn a_value_of_another_type_is_refused() {
    let refused = |value: Value| {
        let bytes = encode_value(&value).expect("bytes");
        assert!(by_tree::<Row>(&bytes).is_none());
        decode_typed::<Row>([&*bytes]).map(drop).expect_err("no row").to_string()
    };
    assert!(refused(Value::Null).starts_with("invalid type: null, expected struct Row"));
    assert!(refused(Value::Array(vec![])).starts_with("invalid type: a list"));
    let mut row = write(&Row {
        name: String::new(),
        note: String::new(),
        quantity: 0,
        price: 0.0,
        done: false,
    });
    let Value::Map(entries) = &mut row else { panic!("a map") };
    entries[3].1 = Value::from(1);
    assert!(refused(row).starts_with("invalid type: an integer, expected f64"));
}

#[test]
fn bytes_that_nobody_wrote_are_refused_by_name() {
    let refused = |bytes: &[u8]| decode_typed::<serde_json::Value>([bytes]).expect_err("refused");
    assert_eq!(refused(&[]), DecodeError::Bytes(CodecError::Truncated));
    assert_eq!(refused(&[0x82, 0x01]), DecodeError::Bytes(CodecError::Truncated));
    assert_eq!(refused(&[0x01, 0x02, 0x03]), DecodeError::Bytes(CodecError::Trailing(2)));
    assert_eq!(refused(&[0x62, 0xff, 0xfe]), DecodeError::Bytes(CodecError::Malformed));
    assert_eq!(refused(&[0x9f, 0xff]), DecodeError::Bytes(CodecError::Malformed));
    assert_eq!(refused(&vec![0x81; 100_000]), DecodeError::Bytes(CodecError::TooDeep));
    for first in [0x5b, 0x7b, 0x9b, 0xbb] {
        let claim = [first, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert!(decode_typed::<serde_json::Value>([&claim[..]]).is_err());
        assert!(decode_typed::<serde::de::IgnoredAny>([&claim[..]]).is_err());
    }
    // Passed over without going in, so it may be as deep as it likes.
    let mut deep = vec![0x81; 100_000];
    deep.push(0x00);
    assert!(decode_typed::<serde::de::IgnoredAny>([&*deep]).is_ok());
}
