//! What only serializers do that nobody derived: lengths that are not known or not true, keys in any order and twice.

use std::collections::BTreeMap;

use board::bench::{Doc, Row};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use temporal_entity::{EntityField, EntityId, Timestamp};
use temporal_entity_core::codec::{CodecError, encode_value};
use temporal_entity_core::field::{Misfit, Never};
use temporal_entity_core::schema::{Kind, append_typed, encode_typed};

use crate::odd::{Inner, Level, Shape, inner};
use crate::{bytes, config, travels};

/// Something of the given kind with a serializer of its own.
macro_rules! custom {
    ($name:ident($inner:ty), $kind:expr, |$value:ident, $serializer:ident| $serialize:expr) => {
        #[derive(Clone, Debug, Deserialize)]
        struct $name($inner);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, $serializer: S) -> Result<S::Ok, S::Error> {
                let $value = &self.0;
                $serialize
            }
        }

        impl EntityField for $name {
            type Patch = Never;
            const KIND: Kind = $kind;
            fn same(&self, _other: &Self) -> bool {
                true
            }
            fn copy(&self) -> Self {
                self.clone()
            }
            fn fits(&self, patch: &Never) -> Result<(), Misfit> {
                match *patch {}
            }
            fn apply(&mut self, patch: Never) -> Never {
                patch
            }
        }
    };
}

custom!(
    Pairs(Vec<(u16, Option<Timestamp>)>),
    Kind::Map(&u16::KIND, &<Option<Timestamp>>::KIND),
    |pairs, serializer| {
        let mut map = serializer.serialize_map(None)?;
        pairs.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
);

custom!(
    Texts(Vec<(String, Inner)>),
    Kind::Map(&String::KIND, &Inner::KIND),
    |pairs, serializer| {
        let mut map = serializer.serialize_map(Some(pairs.len()))?;
        pairs.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
);

custom!(Integers(Vec<i64>), Kind::Set(&i64::KIND), |numbers, serializer| {
    let mut list = serializer.serialize_seq(Some(3))?;
    numbers.iter().try_for_each(|number| list.serialize_element(number))?;
    list.end()
});

custom!(Times(Vec<Timestamp>), Kind::List(&Timestamp::KIND), |times, serializer| {
    let mut list = serializer.serialize_seq(None)?;
    times.iter().try_for_each(|time| list.serialize_element(time))?;
    list.end()
});

custom!(Refusing(Vec<u8>), Kind::List(&u8::KIND), |_numbers, serializer| {
    let mut list = serializer.serialize_seq(Some(2))?;
    list.serialize_element(&1)?;
    Err(S::Error::custom("not today"))
});

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Untagged {
    Newtype(Level),
    Tuple(u8, Option<u8>),
    Struct { a: Vec<u8>, b: f32 },
}

custom!(Any(Untagged), Kind::Map(&String::KIND, &Timestamp::KIND), |value, serializer| {
    value.serialize(serializer)
});

fn is_written_as_by_a_tree<T: EntityField>(value: &T) -> Result<(), TestCaseError> {
    let before = vec![1, 2, 3];
    let mut after = before.clone();
    append_typed(value, &mut after).expect("bytes");
    prop_assert_eq!(after, [before, bytes(value)].concat());
    Ok(())
}

fn row() -> impl Strategy<Value = (String, i64, f64, bool)> {
    (".{0,50}", any::<i64>(), any::<f64>(), any::<bool>())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn keys_in_any_order(
        pairs in vec((any::<u16>().prop_map(|key| key % 300), any::<Option<i32>>()), 0..6),
        texts in vec((".{0,3}|a{20,30}", inner()), 0..6),
        integers in vec(prop_oneof![-300..300_i64, any::<i64>()], 0..6),
        times in vec(any::<i64>().prop_map(Timestamp::from_millis), 0..6),
    ) {
        let time = |millis: i32| Timestamp::from_millis(millis.into());
        let pairs = pairs.into_iter().map(|(key, millis)| (key, millis.map(time)));
        is_written_as_by_a_tree(&Pairs(pairs.collect()))?;
        is_written_as_by_a_tree(&Texts(texts))?;
        is_written_as_by_a_tree(&Integers(integers))?;
        is_written_as_by_a_tree(&Times(times))?;
    }

    #[test]
    fn records_travel(records in vec((".{0,30}", row()), 0..6)) {
        let row = |(note, quantity, price, done)| Row { name: "n".into(), note, quantity, price, done };
        let records = records.into_iter().map(|(key, fields)| (key, row(fields)));
        let doc = Doc { records: records.collect() };
        is_written_as_by_a_tree(&doc)?;
    }
}

#[test]
fn what_is_no_entity_travels_too() {
    let time = Timestamp::from_millis;
    let nested = [None, Some(Some(time(-1_500))), Some(Some(time(2_000)))];
    let nested: Vec<Option<Option<Timestamp>>> = nested.to_vec();
    travels(&nested).expect("options in options");
    travels(&EntityId::<Doc>::from("x".repeat(300))).expect("a text");
    travels(&BTreeMap::from([(-300_i16, Shape::Nothing), (5, Shape::Nothing)])).expect("a map");
    travels(&u64::MAX).expect("a number");
    travels(&f32::NAN).expect("a float");
    for value in [
        Untagged::Newtype(Level::High),
        Untagged::Tuple(1, None),
        Untagged::Struct { a: vec![1], b: 0.1 },
    ] {
        is_written_as_by_a_tree(&Any(value)).expect("a map of one entry");
    }
}

#[test]
fn a_refusal_leaves_what_was_there() {
    let mut bytes = vec![1, 2, 3];
    let refused = CodecError::Unencodable("not today".into());
    assert_eq!(append_typed(&Refusing(vec![]), &mut bytes), Err(refused.clone()));
    assert_eq!(bytes, [1, 2, 3]);
    assert_eq!(encode_typed(&Refusing(vec![]), 9), Err(refused));
    // With room for all of it there is no other.
    let value = vec![7_u64; 100];
    let length = encode_value(&temporal_entity_core::field::write(&value)).expect("bytes").len();
    assert_eq!(encode_typed(&value, length).expect("bytes").capacity(), length);
}
