//! CBOR (RFC 8949) in and out, with bounds: the only place that turns bytes into values.

use std::fmt;

use ciborium::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The deepest nesting that is decoded: lists, maps and tags inside each other.
pub const MAX_DEPTH: usize = 64;

/// The deepest nesting in what this system writes: twice [`MAX_DEPTH`].
const OWN_DEPTH: usize = 128;

/// The largest message that is decoded unless an option says otherwise, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 8 << 20;

/// Why bytes could not be read, or a value not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// More bytes than the limit, which is given.
    TooLarge {
        /// Bytes that arrived.
        bytes: usize,
        /// Bytes that are allowed.
        limit: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// The bytes end inside an item.
    Truncated,
    /// Bytes follow the first item; how many.
    Trailing(usize),
    /// Not well-formed CBOR, or text that is not UTF-8.
    Malformed,
    /// A value that has no CBOR form (a serializer of the user's refused it).
    Unencodable(String),
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodecError::TooLarge { bytes, limit } => {
                write!(f, "the message has {bytes} bytes, at most {limit} are accepted")
            }
            CodecError::TooDeep => write!(f, "the message nests deeper than {MAX_DEPTH} levels"),
            CodecError::Truncated => write!(f, "the message ends inside a CBOR item"),
            CodecError::Trailing(bytes) => {
                write!(f, "{bytes} bytes follow the message: send one CBOR item")
            }
            CodecError::Malformed => write!(f, "the message is not well-formed CBOR"),
            CodecError::Unencodable(why) => write!(f, "the value has no CBOR form: {why}"),
        }
    }
}

impl std::error::Error for CodecError {}

/// Encodes `value`. Same value, same bytes: struct fields in declaration order, map entries in key order,
/// lengths definite, each number in its shortest form.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>, CodecError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes)
        .map_err(|error| CodecError::Unencodable(error.to_string()))?;
    Ok(bytes)
}

/// Decodes what this system wrote itself, to the disk or downstream. It may nest deeper than what is accepted
/// from outside, because a change wraps the values that it replaces.
///
/// # Errors
/// If the bytes are not such a value.
pub fn decode_own<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    ciborium::de::from_reader_with_recursion_limit(bytes, OWN_DEPTH)
        .map_err(|_| CodecError::Malformed)
}

/// Decodes exactly one CBOR item of at most `limit` bytes.
pub fn decode(bytes: &[u8], limit: usize) -> Result<Value, CodecError> {
    if bytes.len() > limit {
        return Err(CodecError::TooLarge { bytes: bytes.len(), limit });
    }
    let mut rest = bytes;
    let value: Value = ciborium::de::from_reader_with_recursion_limit(&mut rest, MAX_DEPTH)
        .map_err(|error| match error {
            ciborium::de::Error::RecursionLimitExceeded => CodecError::TooDeep,
            ciborium::de::Error::Io(_) => CodecError::Truncated,
            _ => CodecError::Malformed,
        })?;
    match rest.len() {
        0 => Ok(value),
        trailing => Err(CodecError::Trailing(trailing)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Value, CodecError> {
        decode(bytes, MAX_MESSAGE_BYTES)
    }

    #[test]
    fn hostile_bytes_are_refused_by_name() {
        assert_eq!(read(&[]), Err(CodecError::Truncated));
        assert_eq!(read(&[0x82, 0x01]), Err(CodecError::Truncated));
        assert_eq!(read(&[0x01, 0x02]), Err(CodecError::Trailing(1)));
        assert_eq!(read(&[0x62, 0xff, 0xfe]), Err(CodecError::Malformed));
        assert_eq!(read(&[0xff]), Err(CodecError::Malformed));
        assert_eq!(read(&vec![0x81; 100_000]), Err(CodecError::TooDeep));
        assert_eq!(read(&vec![0xc1; 100_000]), Err(CodecError::TooDeep));
        assert_eq!(decode(&[0; 9], 8), Err(CodecError::TooLarge { bytes: 9, limit: 8 }));
    }

    #[test]
    fn a_header_that_claims_a_huge_length_allocates_nothing() {
        for first in [0x5b, 0x7b, 0x9b, 0xbb] {
            let claim = [first, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
            assert!(read(&claim).is_err());
        }
    }

    #[test]
    fn nesting_is_allowed_up_to_the_limit() {
        let mut bytes = vec![0x81; MAX_DEPTH - 2];
        bytes.push(0x00);
        assert!(read(&bytes).is_ok());
    }
}
