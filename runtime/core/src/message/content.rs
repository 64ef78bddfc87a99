//! What a value or a patch says, as a number: the same for all forms in which CBOR can say it.

use ciborium::Value;

use crate::fnv::fnv1a;
use crate::message::Method;
use crate::value::{as_map, as_set};

/// What a write says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// By its hash.
    Hash(u64),
    /// So many edits, of which its id is the last.
    Edits(u64),
}

impl Content {
    /// What a request of this method says that writes this.
    pub fn of(method: Method, written: Option<&Value>) -> Content {
        let written = written.map_or(0, content).to_be_bytes();
        Content::Hash(fnv1a(method.name().bytes().chain(written)))
    }

    /// How many numbers of its sender the write takes, its id the last of them.
    pub fn span(self) -> u64 {
        match self {
            Content::Hash(_) => 1,
            Content::Edits(count) => count,
        }
    }
}

/// The hash of what is said. The order of the entries of a map and of the elements of a set does not count, a float that
/// is whole is an integer, and to replace by a scalar is the same with and without the list around it.
fn content(value: &Value) -> u64 {
    if let Some(entries) = as_map(value) {
        let entry = |(key, value): &(Value, Value)| mixed(b'e', [content(key), content(value)]);
        return mixed(b'm', [sum(entries.iter().map(entry))]);
    }
    if let Some(elements) = as_set(value) {
        return mixed(b's', [sum(elements.iter().map(content))]);
    }
    match value {
        Value::Array(items) => match items.as_slice() {
            [code, scalar] if content(code) == whole(0) && is_scalar(scalar) => content(scalar),
            items => mixed(b'a', items.iter().map(content)),
        },
        Value::Tag(tag, inner) => mixed(b't', [*tag, content(inner)]),
        Value::Integer(number) => whole(i128::from(*number)),
        // Beyond that a float is no exact integer; `as` is exact below.
        Value::Float(f) if f.fract() == 0.0 && f.abs() < 1e36 => whole(*f as i128),
        Value::Float(f) => mixed(b'f', [f.to_bits()]),
        Value::Text(text) => fnv1a([b'"'].into_iter().chain(text.bytes())),
        Value::Bytes(bytes) => fnv1a([b'b'].into_iter().chain(bytes.iter().copied())),
        Value::Bool(flag) => mixed(b'l', [u64::from(*flag)]),
        _ => mixed(b'n', []),
    }
}

fn whole(number: i128) -> u64 {
    fnv1a([b'i'].into_iter().chain(number.to_be_bytes()))
}

/// Whether it stands for itself in a patch.
fn is_scalar(value: &Value) -> bool {
    !value.is_array() && as_map(value).is_none()
}

fn sum(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, u64::wrapping_add)
}

fn mixed(kind: u8, hashes: impl IntoIterator<Item = u64>) -> u64 {
    fnv1a([kind].into_iter().chain(hashes.into_iter().flat_map(u64::to_be_bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
    }

    #[test]
    fn forms_of_one_content_are_one() {
        let (one, text) = (Value::from(1), Value::from("x"));
        let set = |items: &[Value]| Value::Tag(258, Box::new(Value::Array(items.to_vec())));
        for (a, b) in [
            (
                map(&[("a", one.clone()), ("b", text.clone())]),
                map(&[("b", text.clone()), ("a", one.clone())]),
            ),
            (map(&[("a", one.clone())]), map(&[("a", Value::Float(1.0))])),
            (
                map(&[("a", text.clone())]),
                map(&[("a", Value::Array(vec![0.into(), text.clone()]))]),
            ),
            (Value::Tag(259, Box::new(map(&[("a", one.clone())]))), map(&[("a", one.clone())])),
            (set(&[one.clone(), 2.into()]), set(&[2.into(), one.clone()])),
        ] {
            assert_eq!(content(&a), content(&b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn other_contents_are_others() {
        let list = |items: &[i32]| Value::Array(items.iter().map(|item| (*item).into()).collect());
        let all = [
            Value::Null,
            Value::Bool(false),
            Value::Bool(true),
            0.into(),
            1.into(),
            Value::Float(0.5),
            "".into(),
            "a".into(),
            Value::Bytes(b"a".to_vec()),
            list(&[]),
            list(&[1, 2]),
            list(&[2, 1]),
            map(&[]),
            map(&[("a", 1.into())]),
            map(&[("a", 2.into())]),
            map(&[("a", 1.into()), ("b", 1.into())]),
            Value::Tag(1, Box::new(1.into())),
            9_007_199_254_740_993_i64.into(),
            9_007_199_254_740_992_i64.into(),
        ];
        for (at, a) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|b| content(a) != content(b)), "{a:?}");
        }
    }
}
