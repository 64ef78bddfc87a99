//! The messages between browsers, Person objects and entity objects, and their wire form.
//!
//! Every message is one CBOR map with text keys, or a push in the short form, described for other implementers in
//! `docs/protocol.md`. Unknown keys are ignored, so that a newer party can add some.

pub mod batch;
mod content;
mod meta;
mod past;
mod push;
mod reply;
mod request;
mod short;

use std::fmt;

use ciborium::Value;

use crate::codec::{CodecError, encode_value};
use crate::value::get;

pub use self::content::Content;
pub use self::meta::Meta;
pub use self::past::PastQuery;
pub use self::push::{Delivery, Downstream, Push};
pub use self::reply::{Reason, Reply};
pub use self::request::{BadRequest, Envelope, MAX_EDITS, Method, Request, Sender, Token};
pub use self::short::{PushFrames, ShortPush};

/// Longest entity id, entity name, person id and browser id, in bytes.
pub const MAX_ID_BYTES: usize = 128;

/// Which entity: the name of its type, and its id within that type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityRef {
    /// Name of the type, `type` on the wire.
    pub name: String,
    /// Id within the type, `entity` on the wire.
    pub id: String,
}

impl EntityRef {
    /// The entity `id` of the type `name`.
    ///
    /// # Errors
    /// If the name is no identifier, or the id is empty, too long, or has control characters.
    pub fn new(name: impl Into<String>, id: impl Into<String>) -> Result<EntityRef, Malformed> {
        let (name, id) = (name.into(), id.into());
        let identifier = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && name.len() <= MAX_ID_BYTES;
        if !identifier {
            return Err(Malformed::new("`type` must be the name of an entity type"));
        }
        check_id("`entity`", &id)?;
        Ok(EntityRef { name, id })
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.name, self.id)
    }
}

/// Checks an id that came from outside.
///
/// # Errors
/// If it is empty, longer than [`MAX_ID_BYTES`] or has control characters.
pub fn check_id(what: &str, id: &str) -> Result<(), Malformed> {
    if id.is_empty() || id.len() > MAX_ID_BYTES || id.chars().any(char::is_control) {
        return Err(Malformed::new(format!(
            "{what} must be 1 to {MAX_ID_BYTES} bytes without control characters"
        )));
    }
    Ok(())
}

/// Why a message could not be understood: a sentence for the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Malformed {
    /// With this sentence.
    pub fn new(why: impl Into<String>) -> Malformed {
        Malformed(why.into())
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for Malformed {}

impl From<CodecError> for Malformed {
    fn from(error: CodecError) -> Malformed {
        Malformed(error.to_string())
    }
}

/// The bytes of a message and of what else is in it, which is not copied for it. A message has at most 23 entries.
fn encode_with(message: &Value, more: &[(&str, Option<&Value>)]) -> Result<Vec<u8>, CodecError> {
    let mut bytes = encode_value(message)?;
    for (key, value) in more {
        let Some(value) = value else { continue };
        append(&mut bytes, key, &encode_value(value)?)?;
    }
    Ok(bytes)
}

/// Adds an entry to the bytes of a map, of which the first byte tells the number up to 23.
fn append(map: &mut Vec<u8>, key: &str, value: &[u8]) -> Result<(), CodecError> {
    if let Some(entries) = map.first_mut() {
        *entries = entries.saturating_add(1);
    }
    let key = encode_value(&Value::from(key))?;
    map.reserve_exact(key.len().saturating_add(value.len()));
    map.extend(key);
    map.extend_from_slice(value);
    Ok(())
}

/// The text under `key`.
pub fn text<'a>(message: &'a Value, key: &str) -> Option<&'a str> {
    get(message, key).and_then(Value::as_text)
}

/// Whether `key` says yes.
pub fn is_true(message: &Value, key: &str) -> bool {
    get(message, key).and_then(Value::as_bool) == Some(true)
}

/// A whole number from 0 to 2^53, also where it came as a float.
pub fn whole_number(value: &Value) -> Option<u64> {
    const MAX: u64 = 1 << 53;
    match value {
        Value::Integer(n) => u64::try_from(*n).ok().filter(|n| *n <= MAX),
        Value::Float(f) if f.fract() == 0.0 && *f >= 0.0 && *f <= MAX as f64 => Some(*f as u64),
        _ => None,
    }
}
