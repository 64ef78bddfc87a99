use super::*;
use crate::value::same;

fn read(bytes: &[u8]) -> Result<Value> {
    decode(bytes, MAX_MESSAGE_BYTES)
}

/// Of hexadecimal digits and spaces.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<_> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}

fn value(digits: &str) -> Value {
    read(&hex(digits)).unwrap_or_else(|error| panic!("{digits}: {error}"))
}

fn refusal(digits: &str) -> CodecError {
    read(&hex(digits)).expect_err(digits)
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| (Value::from(*key), value.clone())).collect())
}

fn list(items: &[i64]) -> Value {
    Value::Array(items.iter().map(|item| Value::from(*item)).collect())
}

fn is_bad_tag(error: CodecError, expected: u64) -> bool {
    matches!(error, CodecError::BadTag { tag, .. } if tag == expected)
}

#[test]
fn hostile_bytes_are_refused_by_name() {
    assert_eq!(read(&[]), Err(CodecError::Truncated));
    assert_eq!(read(&[0x82, 0x01]), Err(CodecError::Truncated));
    assert_eq!(read(&[0x9f, 0x01]), Err(CodecError::Truncated));
    assert_eq!(read(&[0x61]), Err(CodecError::Truncated));
    assert_eq!(read(&[0x01, 0x02]), Err(CodecError::Trailing(1)));
    assert_eq!(read(&[0x62, 0xff, 0xfe]), Err(CodecError::Malformed));
    assert_eq!(read(&[0xff]), Err(CodecError::Malformed));
    assert_eq!(read(&[0xe0]), Err(CodecError::Malformed));
    assert_eq!(read(&[0x1c]), Err(CodecError::Malformed));
    assert_eq!(read(&[0xa1, 0xff]), Err(CodecError::Malformed));
    assert_eq!(read(&[0xbf, 0x01, 0xff]), Err(CodecError::Malformed));
    assert_eq!(read(&vec![0x81; 100_000]), Err(CodecError::TooDeep));
    assert_eq!(read(&vec![0x9f; 100_000]), Err(CodecError::TooDeep));
    assert_eq!(read(&vec![0xc1; 100_000]), Err(CodecError::TooDeep));
    assert_eq!(decode(&[0; 9], 8), Err(CodecError::TooLarge { bytes: 9, limit: 8 }));
}

#[test]
fn a_header_that_claims_a_huge_length_allocates_nothing() {
    for first in [0x5b, 0x7b, 0x9b, 0xbb] {
        let claim = [first, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert!(read(&claim).is_err());
    }
    // As many as could follow, in every level: room for all of them would be gigabytes.
    let mut nested = Vec::new();
    for _ in 0..MAX_DEPTH {
        nested.extend([0x9a, 0x00, 0x0f, 0xff, 0xff]);
    }
    nested.resize(1 << 20, 0x00);
    assert_eq!(read(&nested), Err(CodecError::Truncated));
}

#[test]
fn small_items_are_counted() {
    let mut zeros = hex("9a 00100000");
    zeros.resize(zeros.len() + MAX_ITEMS, 0x00);
    assert_eq!(read(&zeros), Err(CodecError::TooManyItems));
    assert!(decode_own_value(&zeros).is_ok());
    // Numbers of a typed array are items, too.
    let mut numbers = hex("d848 5a 00100000");
    numbers.resize(numbers.len() + MAX_ITEMS, 0x00);
    assert_eq!(read(&numbers), Err(CodecError::TooManyItems));
}

#[test]
fn nesting_is_allowed_up_to_the_limit() {
    for opening in [0x81, 0xc1] {
        let mut bytes = vec![opening; MAX_DEPTH];
        bytes.push(0x00);
        assert!(read(&bytes).is_ok());
        bytes.insert(0, opening);
        assert_eq!(read(&bytes), Err(CodecError::TooDeep));
        assert!(decode_own_value(&bytes).is_ok());
        assert!(decode_own::<Value>(&bytes).is_ok());
    }
}

#[test]
fn strings_come_in_pieces_too() {
    assert_eq!(value("7f 61 61 62 62 63 ff"), Value::from("abc"));
    assert_eq!(value("5f 41 01 42 02 03 ff"), Value::Bytes(vec![1, 2, 3]));
    // A piece of the other kind, a piece in pieces, a piece that ends inside a character.
    assert_eq!(refusal("7f 41 61 ff"), CodecError::Malformed);
    assert_eq!(refusal("5f 5f 41 01 ff ff"), CodecError::Malformed);
    assert_eq!(refusal("7f 61 c3 61 a9 ff"), CodecError::Malformed);
    assert_eq!(value("9f 01 bf 61 61 02 ff ff"), {
        Value::Array(vec![Value::from(1), map(&[("a", Value::from(2))])])
    });
}

#[test]
fn undefined_is_an_absent_entry_and_null_elsewhere() {
    assert_eq!(value("a2 61 61 f7 61 62 01"), map(&[("b", Value::from(1))]));
    assert_eq!(value("f7"), Value::Null);
    assert_eq!(value("82 01 f7"), Value::Array(vec![Value::from(1), Value::Null]));
    assert_eq!(value("c1 f7"), Value::Tag(1, Box::new(Value::Null)));
    assert_eq!(value("d9d9f7 f7"), Value::Null);
}

#[test]
fn keys_are_kept_as_they_come() {
    let twice = map(&[("a", Value::from(1)), ("a", Value::from(2))]);
    assert_eq!(value("a2 61 61 01 61 61 02"), twice);
    let proto = map(&[("__proto__", Value::from(1)), ("constructor", Value::Null)]);
    let bytes = "a2 69 5f5f70726f746f5f5f 01 6b 636f6e7374727563746f72 f6";
    assert_eq!(value(bytes), proto);
}

#[test]
fn one_nan_for_all() {
    for nan in ["f9 7e00", "f9 fe01", "fa ffc00001", "fb 7ff0000000000001", "fb fff8000000000000"] {
        assert!(same(&value(nan), &Value::Float(f64::NAN)), "{nan}");
    }
    assert_eq!(encode_value(&value("f9 fe01")), Ok(hex("f9 7e00")));
}

#[test]
fn records_are_maps() {
    let first = map(&[("a", Value::from(1)), ("b", Value::from("x"))]);
    assert_eq!(value("d9dfff 84 19e000 82 6161 6162 01 6178"), first);
    // A record in a record of its own kind, and one of another kind.
    let inner = map(&[("a", Value::from(5)), ("b", Value::from(6))]);
    let nested = "82 d9dfff 84 19e000 82 6161 6162 01 d9e000 82 05 06 d9e000 82 02 03";
    let second = map(&[("a", Value::from(2)), ("b", Value::from(3))]);
    let outer = map(&[("a", Value::from(1)), ("b", inner)]);
    assert_eq!(value(nested), Value::Array(vec![outer, second]));
    // An absent property, no properties, and a number that is given anew.
    assert_eq!(value("d9dfff 84 19e000 82 6161 6162 f7 02"), map(&[("b", Value::from(2))]));
    assert_eq!(value("d9dfff 82 19e000 80"), map(&[]));
    let anew = "83 d9dfff 83 19e000 81 6161 01 d9dfff 83 19e000 81 6162 02 d9e000 81 03";
    let maps = [("a", 1), ("b", 2), ("b", 3)].map(|(key, n)| map(&[(key, Value::from(n))]));
    assert_eq!(value(anew), Value::Array(maps.to_vec()));
}

#[test]
fn records_that_are_none_are_refused() {
    for bad in [
        "d9dfff 01",
        "d9dfff 9f 19e000 80 ff",
        "d9dfff 80",
        "d9dfff 82 01 80",
        "d9dfff 82 19e000 01",
        "d9dfff 83 19e000 81 80 01",
    ] {
        assert!(is_bad_tag(refusal(bad), 57_343), "{bad}");
    }
    for bad in [
        "d9e000 81 01",
        "d9dfff 82 19e000 81 6161",
        "d9dfff 83 19e000 80 01",
        "82 d9dfff 83 19e000 81 6161 01 d9e000 80",
    ] {
        assert!(is_bad_tag(refusal(bad), 57_344), "{bad}");
    }
    // What one message defines, the next does not know.
    assert!(read(&hex("d9dfff 83 19e001 81 6161 01")).is_ok());
    assert!(is_bad_tag(refusal("d9e001 81 01"), 57_345));
}

#[test]
fn shared_values_are_copied_in_place() {
    let shared = map(&[("k", Value::from(1))]);
    assert_eq!(
        value("83 d81c a1 616b 01 d81d 190000 d81d 00"),
        Value::Array(vec![shared.clone(), shared.clone(), shared])
    );
    // Numbered as their tags come, the outer one first; a date and a record may be shared, too.
    let date = Value::Tag(1, Box::new(Value::Float(1.5)));
    let record = map(&[("d", date.clone()), ("e", date)]);
    let bytes = "82 d81c d9dfff 84 19e000 82 6164 6165 d81c c1 f93e00 d81d 01 d81d 00";
    assert_eq!(value(bytes), Value::Array(vec![record.clone(), record]));
    assert!(is_bad_tag(refusal("82 d81c 80 d81d 01"), 29));
    assert!(is_bad_tag(refusal("d81d 6161"), 29));
}

#[test]
fn cycles_are_refused() {
    assert_eq!(refusal("d81c 81 d81d 00"), CodecError::Cycle);
    assert_eq!(refusal("d81c d9dfff 83 19e000 81 626d65 d81d 190000"), CodecError::Cycle);
}

#[test]
fn short_references_to_long_values_are_refused() {
    // Each level refers to the level below ten times, eight levels high.
    let mut laughs = hex("89 d81c 8a 01010101010101010101");
    for level in 0..8 {
        laughs.extend(hex("d81c 8a"));
        (0..10).for_each(|_| laughs.extend([0xd8, 0x1d, level]));
    }
    assert_eq!(read(&laughs), Err(CodecError::TooManyItems));

    // The same by the keys of records: a megabyte of key for five bytes.
    let mut record = hex("99 03e8 d9dfff 83 19e000 81 7a 00100000");
    record.resize(record.len() + (1 << 20), b'k');
    record.push(0x00);
    (0..999).for_each(|_| record.extend(hex("d9e000 81 01")));
    assert_eq!(read(&record), Err(CodecError::Expands));

    // And by tags alone, each of which would keep a copy of all that is inside.
    let mut nested = vec![];
    (0..50).for_each(|_| nested.extend([0xd8, 0x1c]));
    nested.extend([0x7a, 0x00, 0x10, 0x00, 0x00]);
    nested.resize(nested.len() + (1 << 20), b'k');
    assert_eq!(read(&nested), Err(CodecError::Expands));
}

#[test]
fn shared_values_do_not_nest_deeper_than_others() {
    // Each one holds the one before, and none is deep as it is written.
    let mut chain = hex("98 64 d81c 81 00");
    for level in 0..99 {
        chain.extend([0xd8, 0x1c, 0x81, 0xd8, 0x1d, 0x18, level]);
    }
    assert_eq!(read(&chain), Err(CodecError::TooDeep));
}

#[test]
fn typed_arrays_are_bytes_or_lists() {
    assert_eq!(value("d840 43 010203"), Value::Bytes(vec![1, 2, 3]));
    assert_eq!(value("d844 41 03"), Value::Bytes(vec![3]));
    for (bytes, expected) in [
        ("d841 44 00010200", list(&[1, 512])),
        ("d845 44 00010200", list(&[256, 2])),
        ("d842 44 00000001", list(&[1])),
        ("d846 44 01000000", list(&[1])),
        ("d843 48 0000000000000001", list(&[1])),
        ("d847 48 ffffffffffffffff", Value::Array(vec![Value::from(u64::MAX)])),
        ("d848 42 80ff", list(&[-128, -1])),
        ("d849 42 8000", list(&[-32_768])),
        ("d84d 42 0080", list(&[-32_768])),
        ("d84a 44 fffffffe", list(&[-2])),
        ("d84e 44 feffffff", list(&[-2])),
        ("d84b 48 8000000000000000", list(&[i64::MIN])),
        ("d84f 48 ffffffffffffff7f", list(&[i64::MAX])),
        ("d84f 40", list(&[])),
    ] {
        assert_eq!(value(bytes), expected, "{bytes}");
    }
    let floats = |items: &[f64]| Value::Array(items.iter().map(|f| Value::Float(*f)).collect());
    for (bytes, expected) in [
        ("d850 46 3e00 0001 fc00", floats(&[1.5, 2_f64.powi(-24), f64::NEG_INFINITY])),
        ("d854 46 003e ff7b 0080", floats(&[1.5, 65_504.0, -0.0])),
        ("d850 42 7e00", floats(&[f64::NAN])),
        ("d851 44 3fc00000", floats(&[1.5])),
        ("d855 44 0000c03f", floats(&[1.5])),
        ("d852 48 3ff8000000000000", floats(&[1.5])),
        ("d856 48 000000000000f8ff", floats(&[f64::NAN])),
    ] {
        assert!(same(&value(bytes), &expected), "{bytes}");
    }
    for (bytes, tag) in [("d845 43 000102", 69), ("d856 41 00", 86)] {
        assert!(is_bad_tag(refusal(bytes), tag), "{bytes}");
    }
    // Reserved, and floats of 128 bits; content that is no bytes.
    for (bytes, tag) in [("d84c 40", 76), ("d853 40", 83), ("d857 40", 87), ("d845 80", 69)] {
        assert!(matches!(value(bytes), Value::Tag(kept, _) if kept == tag), "{bytes}");
    }
}

#[test]
fn big_integers_are_integers_while_they_fit() {
    assert_eq!(value("c2 40"), Value::from(0));
    assert_eq!(value("c2 49 00ffffffffffffffff"), Value::from(u64::MAX));
    assert_eq!(value("c3 41 01"), Value::from(-2));
    assert_eq!(value("c3 48 ffffffffffffffff"), value("3b ffffffffffffffff"));
    let large = vec![1, 0, 0, 0, 0, 0, 0, 0, 0];
    let kept = Value::Tag(2, Box::new(Value::Bytes(large)));
    assert_eq!(value("c2 49 010000000000000000"), kept);
    assert_eq!(value("c2 01"), Value::Tag(2, Box::new(Value::from(1))));
}

#[test]
fn other_tags_are_kept() {
    assert_eq!(value("d9d9f7 a1 61 61 01"), map(&[("a", Value::from(1))]));
    let tag = |number, inner| Value::Tag(number, Box::new(inner));
    assert_eq!(value("c1 1a 00000001"), tag(1, Value::from(1)));
    assert_eq!(value("d90102 82 01 02"), tag(258, list(&[1, 2])));
    let by_number = Value::Map(vec![(Value::from(1), Value::from(2))]);
    assert_eq!(value("d90103 a1 01 02"), tag(259, by_number));
    assert!(matches!(value("d81b 82 65 4572726f72 61 78"), Value::Tag(27, _)));
    assert_eq!(value("db 0000000100000000 00"), tag(1 << 32, Value::from(0)));
}

#[test]
fn a_tree_is_written_as_serde_writes_it() {
    for digits in [
        "88 00 17 18 18 18ff 19ffff 1affffffff 1bffffffffffffffff 3bffffffffffffffff",
        "86 f4 f5 f6 f93e00 fa7f7fffff fb3ff199999999999a",
        "83 f98000 f97c00 f97e00",
        "a2 616b 43010203 01 d90102 81 c1 fb41d954fc40200000",
        "7818 c3a961616161616161616161616161616161616161616161",
    ] {
        let tree = value(digits);
        assert_eq!(encode_value(&tree), Ok(hex(digits)), "{digits}");
        assert_eq!(encode(&tree), Ok(hex(digits)), "{digits}");
        assert_eq!(decode_own_value(&hex(digits)).map(|own| same(&own, &tree)), Ok(true));
    }
}
