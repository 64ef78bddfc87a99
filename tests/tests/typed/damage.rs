//! Bytes that were damaged become an error or a value, and what is read of them at all is what a tree gives.

use proptest::collection::vec;
use proptest::prelude::*;
use temporal_entity::EntityField;
use temporal_entity_core::codec::decode_typed;

use crate::odd::{Odd, odd};
use crate::{by_tree, bytes, config};

#[derive(Clone, Debug)]
enum Damage {
    Cut(prop::sample::Index),
    Flip(prop::sample::Index, u8),
    Put(prop::sample::Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        1 => at().prop_map(Damage::Cut),
        4 => (at(), any::<u8>()).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Put(at, byte)),
    ]
}

fn damaged(mut bytes: Vec<u8>, all: Vec<Damage>) -> Vec<u8> {
    for damage in all {
        if bytes.is_empty() {
            break;
        }
        match damage {
            Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Damage::Flip(at, bits) => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Damage::Put(at, byte) => bytes.insert(at.index(bytes.len()), byte),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn damaged_bytes_are_refused_or_read(value in odd(), all in vec(vec(damage(), 1..4), 20)) {
        let bytes = bytes(&value);
        for damage in all {
            let bytes = damaged(bytes.clone(), damage);
            let whole = decode_typed::<Odd>([&*bytes]);
            let parts = decode_typed::<Odd>(bytes.chunks(5));
            prop_assert_eq!(whole.is_ok(), parts.is_ok());
            if let (Ok(whole), Some(by_tree)) = (whole, by_tree::<Odd>(&bytes)) {
                prop_assert!(whole.same(&by_tree), "{whole:?}\nis not\n{by_tree:?}");
            }
        }
    }

    #[test]
    fn noise_is_refused_or_read(noise in vec(any::<u8>(), 0..200)) {
        let _ = decode_typed::<Odd>([&*noise]);
        let _ = decode_typed::<serde_json::Value>([&*noise]);
        let _ = decode_typed::<serde::de::IgnoredAny>([&*noise]);
    }
}
