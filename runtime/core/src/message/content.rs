//! A digest of what a value or a patch says: the same for all forms in which CBOR can say it.

use ciborium::Value;

use crate::digest::digest;
use crate::fnv::fnv1a;
use crate::message::Method;
use crate::value::{as_map, as_set};

/// What a write says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// By 128 bits of a digest, for which nobody finds another content.
    Digest([u8; 16]),
    /// By its hash, as releases before this one stored it.
    Hash(u64),
    /// So many edits, of which its id is the last.
    Edits(u64),
}

impl Content {
    /// What a request of this method says that writes this.
    pub fn of(method: Method, written: Option<&Value>) -> Content {
        Content::Digest(content_digest(method.name(), written))
    }

    /// Whether a request of this method that writes this says what this content is.
    pub fn is_of(self, method: Method, written: Option<&Value>) -> bool {
        match self {
            Content::Hash(_) => self == Content::hash_of(method, written),
            Content::Digest(_) => self == Content::of(method, written),
            Content::Edits(_) => false,
        }
    }

    /// As [`Content::of`], as releases before this one stored it.
    fn hash_of(method: Method, written: Option<&Value>) -> Content {
        let written = written.map_or(0, content_hash).to_be_bytes();
        Content::Hash(fnv1a(method.name().bytes().chain(written)))
    }

    /// How many numbers of its sender the write takes, its id the last of them.
    pub fn span(self) -> u64 {
        match self {
            Content::Digest(_) | Content::Hash(_) => 1,
            Content::Edits(count) => count,
        }
    }
}

/// The digest of what a method writes, if it writes something. The order of the entries of a map and of the elements of a
/// set does not count, a float that is whole is an integer, and to replace by a scalar is the same with and without the
/// list around it.
fn content_digest(method: &str, written: Option<&Value>) -> [u8; 16] {
    let mut said = Vec::new();
    if let Some(written) = written {
        say(written, &mut said);
    }
    let [high, low] = digest(&[method.as_bytes(), b"\n", &said]);
    (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
}

/// Adds the one form of what is said: each item tells its kind and its length, and what has no order is sorted.
fn say(value: &Value, out: &mut Vec<u8>) {
    let whole = |number: i128, out: &mut Vec<u8>| {
        out.push(b'i');
        out.extend(number.to_be_bytes());
    };
    let counted = |kind: u8, length: usize, out: &mut Vec<u8>| {
        out.push(kind);
        // `as` loses nothing.
        out.extend((length as u64).to_be_bytes());
    };
    if let Some(entries) = as_map(value) {
        counted(b'm', entries.len(), out);
        return say_sorted(entries, out, |(key, value), out| {
            say(key, out);
            say(value, out);
        });
    }
    if let Some(elements) = as_set(value) {
        counted(b's', elements.len(), out);
        return say_sorted(elements, out, say);
    }
    match value {
        Value::Array(items) => match items.as_slice() {
            [code, scalar] if is_zero(code) && is_scalar(scalar) => say(scalar, out),
            items => {
                counted(b'a', items.len(), out);
                items.iter().for_each(|item| say(item, out));
            }
        },
        Value::Tag(tag, inner) => {
            out.push(b't');
            out.extend(tag.to_be_bytes());
            say(inner, out);
        }
        Value::Integer(number) => whole(i128::from(*number), out),
        // Beyond that a float is no exact integer; `as` is exact below.
        Value::Float(f) if f.fract() == 0.0 && f.abs() < 1e36 => whole(*f as i128, out),
        Value::Float(f) => {
            out.push(b'f');
            out.extend(f.to_bits().to_be_bytes());
        }
        Value::Text(text) => {
            counted(b'"', text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Bytes(bytes) => {
            counted(b'b', bytes.len(), out);
            out.extend(bytes);
        }
        Value::Bool(flag) => out.extend([b'l', u8::from(*flag)]),
        _ => out.push(b'n'),
    }
}

/// Adds what is said of each of the items, in the order of the bytes.
fn say_sorted<T>(items: &[T], out: &mut Vec<u8>, say: impl Fn(&T, &mut Vec<u8>)) {
    let from = out.len();
    let mut ends = Vec::with_capacity(items.len());
    for item in items {
        say(item, out);
        ends.push(out.len());
    }
    let starts = std::iter::once(from).chain(ends.iter().copied());
    let mut said: Vec<&[u8]> = starts.zip(&ends).filter_map(|(a, b)| out.get(a..*b)).collect();
    if !said.is_sorted() {
        said.sort_unstable();
        let sorted = said.concat();
        out.truncate(from);
        out.extend(sorted);
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Integer(number) => i128::from(*number) == 0,
        Value::Float(f) => *f == 0.0,
        _ => false,
    }
}

/// The hash of what is said, as releases before this one stored it.
fn content_hash(value: &Value) -> u64 {
    if let Some(entries) = as_map(value) {
        let entry =
            |(key, value): &(Value, Value)| mixed(b'e', [content_hash(key), content_hash(value)]);
        return mixed(b'm', [sum(entries.iter().map(entry))]);
    }
    if let Some(elements) = as_set(value) {
        return mixed(b's', [sum(elements.iter().map(content_hash))]);
    }
    match value {
        Value::Array(items) => match items.as_slice() {
            [code, scalar] if content_hash(code) == whole(0) && is_scalar(scalar) => {
                content_hash(scalar)
            }
            items => mixed(b'a', items.iter().map(content_hash)),
        },
        Value::Tag(tag, inner) => mixed(b't', [*tag, content_hash(inner)]),
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

    fn of(value: &Value) -> ([u8; 16], u64) {
        (content_digest("post", Some(value)), content_hash(value))
    }

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
            assert_eq!(of(&a), of(&b), "{a:?} {b:?}");
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
            let differs = |b: &Value| of(a).0 != of(b).0 && of(a).1 != of(b).1;
            assert!(all.iter().skip(at + 1).all(differs), "{a:?}");
        }
    }
}
