//! CBOR (RFC 8949) in and out, with bounds: the only place that turns bytes into values.

mod allowance;
mod error;
mod find_id;
mod parts;
mod reader;
mod skip;
mod structured;
mod times;
mod typed;
mod typed_array;
mod writer;

use ciborium::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use allowance::Allowance;
use reader::Reader;

pub use error::{CodecError, DecodeError};
pub use find_id::find_id;
pub(crate) use skip::{split_header, split_item};
pub(crate) use times::with_short_times;
pub use typed::decode_typed;
pub(crate) use writer::{Major, Writer};

/// The deepest nesting that is decoded: lists, maps and tags inside each other.
pub const MAX_DEPTH: usize = 64;

/// The deepest nesting in what this system writes: twice [`MAX_DEPTH`].
const OWN_DEPTH: usize = 128;

/// The largest message that is decoded unless an option says otherwise, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 8 << 20;

/// The most values in a message that is decoded: keys, entries, and what holds them. Each takes the memory of many
/// bytes, and an isolate has 128 MB for all its objects.
pub const MAX_ITEMS: usize = 1 << 20;

pub(crate) type Result<T> = std::result::Result<T, CodecError>;

/// Encodes `value`. Same value, same bytes: struct fields in declaration order, map entries in key order,
/// lengths definite, each number in its shortest form.
///
/// # Errors
/// If a serializer of the user's refuses it.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes)
        .map_err(|error| CodecError::Unencodable(error.to_string()))?;
    Ok(bytes)
}

/// As [`encode`] and to the same bytes, for a tree: the quick way.
///
/// # Errors
/// If the tree holds a kind of value that this system does not know.
pub fn encode_value(value: &Value) -> Result<Vec<u8>> {
    Writer::message(value)
}

/// Decodes by serde and ciborium what this system wrote itself: what the quicker ways are held against, [`decode_typed`]
/// for types and [`decode_own_value`] for trees. It may nest deeper than what is accepted from outside, because a change
/// wraps the values that it replaces.
///
/// # Errors
/// If the bytes are not such a value.
pub fn decode_own<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    ciborium::de::from_reader_with_recursion_limit(bytes, OWN_DEPTH)
        .map_err(|_| CodecError::Malformed)
}

/// As [`decode_own`], for what becomes a tree: what comes downstream, and what is stored without its type.
///
/// # Errors
/// As [`decode`], with twice the depth and of whatever size.
pub fn decode_own_value(bytes: &[u8]) -> Result<Value> {
    Reader::new(bytes, OWN_DEPTH, Allowance::new(usize::MAX, usize::MAX)).message()
}

/// Decodes exactly one CBOR item of at most `limit` bytes, from whoever wrote it.
///
/// Of two ways to write a value the tree has one, so that nobody behind this function has to know both: `undefined`
/// is an absent entry of a map, and null elsewhere; what cbor-x writes for JavaScript's values becomes plain values
/// where there are such (records, shared values, typed arrays, big integers). Dates, sets, maps and other tags are
/// kept, and the seconds of a date have one form. A key that comes twice is kept twice.
///
/// # Errors
/// If the bytes are no such item, or exceed a bound.
pub fn decode(bytes: &[u8], limit: usize) -> Result<Value> {
    if bytes.len() > limit {
        return Err(CodecError::TooLarge { bytes: bytes.len(), limit });
    }
    Reader::new(bytes, MAX_DEPTH, Allowance::new(MAX_ITEMS, limit)).message()
}

#[cfg(test)]
mod tests;
