//! What can be wrong with bytes, and with values that are to become bytes.

use std::fmt;

use serde::de;

use super::{MAX_DEPTH, MAX_ITEMS};

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
    /// More than [`MAX_ITEMS`] values, those that it refers to again counted again.
    TooManyItems,
    /// What the message says once and refers to again (shared values, keys of records) is larger than a message may
    /// be, each reference written out.
    Expands,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// The bytes end inside an item.
    Truncated,
    /// Bytes follow the first item; how many.
    Trailing(usize),
    /// Not well-formed CBOR, or text that is not UTF-8.
    Malformed,
    /// A tag whose content is not what the tag says.
    BadTag {
        /// The tag.
        tag: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// A shared value that contains itself.
    Cycle,
    /// A value that has no CBOR form (a serializer of the user's refused it).
    Unencodable(String),
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodecError::TooLarge { bytes, limit } => {
                write!(f, "the message has {bytes} bytes, at most {limit} are accepted")
            }
            CodecError::TooManyItems => {
                write!(f, "the message has more than {MAX_ITEMS} values")
            }
            CodecError::Expands => {
                write!(f, "the message is too large with its references written out")
            }
            CodecError::TooDeep => write!(f, "the message nests deeper than {MAX_DEPTH} levels"),
            CodecError::Truncated => write!(f, "the message ends inside a CBOR item"),
            CodecError::Trailing(bytes) => {
                write!(f, "{bytes} bytes follow the message: send one CBOR item")
            }
            CodecError::Malformed => write!(f, "the message is not well-formed CBOR"),
            CodecError::BadTag { tag, why } => write!(f, "tag {tag} in the message: {why}"),
            CodecError::Cycle => write!(f, "a value in the message contains itself"),
            CodecError::Unencodable(why) => write!(f, "the value has no CBOR form: {why}"),
        }
    }
}

impl std::error::Error for CodecError {}

/// Why bytes could not be read into their type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// They are no bytes that this system wrote.
    Bytes(CodecError),
    /// They are a value of another type; in serde's words.
    Unfit(String),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Bytes(error) => error.fmt(f),
            DecodeError::Unfit(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(problem: T) -> DecodeError {
        DecodeError::Unfit(problem.to_string())
    }
}

impl From<CodecError> for DecodeError {
    fn from(error: CodecError) -> DecodeError {
        DecodeError::Bytes(error)
    }
}
