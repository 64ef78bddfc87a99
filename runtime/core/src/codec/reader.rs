//! Bytes to a value tree, header by header.
//!
//! Not by serde, as ciborium's own values are read: so the bounds are ours, what tags mean is settled on the way,
//! and it takes half the time.

use ciborium::Value;
use ciborium::value::Integer;
use ciborium_ll::{Decoder, Error, Header, simple};

use super::allowance::Allowance;
use super::structured::Memory;
use super::{CodecError, Result};

/// The most entries that a list or map is given room for before any is read, whatever its header claims.
const ROOM: usize = 1024;

/// The byte that ends what has no definite length.
const BREAK: u8 = 0xff;

pub(super) struct Reader<'a> {
    rest: &'a [u8],
    /// How many levels may still open inside the current one.
    pub(super) levels: usize,
    /// What the message may still cost.
    pub(super) allowance: Allowance,
    /// What its tags refer back to.
    pub(super) memory: Memory,
}

impl<'a> Reader<'a> {
    /// A reader of one message with at most so many levels inside each other.
    pub(super) fn new(bytes: &'a [u8], levels: usize, allowance: Allowance) -> Reader<'a> {
        Reader { rest: bytes, levels, allowance, memory: Memory::default() }
    }

    /// The message: one item and nothing after it.
    pub(super) fn message(mut self) -> Result<Value> {
        let value = self.value()?;
        match self.rest.len() {
            0 => Ok(value),
            trailing => Err(CodecError::Trailing(trailing)),
        }
    }

    /// The next item, where something must be: `undefined` is null.
    pub(super) fn value(&mut self) -> Result<Value> {
        Ok(self.item()?.unwrap_or(Value::Null))
    }

    /// The next item; `None` is `undefined`.
    pub(super) fn item(&mut self) -> Result<Option<Value>> {
        self.allowance.spend_item()?;
        Ok(Some(match self.header()? {
            Header::Positive(n) => Value::from(n),
            Header::Negative(n) => negative(n)?,
            // One NaN for all: two messages that differ in its bits alone say the same.
            Header::Float(f) => Value::Float(if f.is_nan() { f64::NAN } else { f }),
            Header::Simple(simple::FALSE) => Value::Bool(false),
            Header::Simple(simple::TRUE) => Value::Bool(true),
            Header::Simple(simple::NULL) => Value::Null,
            Header::Simple(simple::UNDEFINED) => return Ok(None),
            Header::Bytes(length) => Value::Bytes(self.bytes(length)?),
            Header::Text(length) => Value::Text(self.text(length)?),
            Header::Array(length) => Value::Array(self.nested(|reader| reader.list(length))?),
            Header::Map(length) => Value::Map(self.nested(|reader| reader.map(length))?),
            Header::Tag(tag) => return self.nested(|reader| reader.tagged(tag)),
            Header::Simple(_) | Header::Break => return Err(CodecError::Malformed),
        }))
    }

    pub(super) fn header(&mut self) -> Result<Header> {
        if let [first, rest @ ..] = self.rest
            && let Some(header) = short(*first)
        {
            self.rest = rest;
            return Ok(header);
        }
        Decoder::from(&mut self.rest).pull().map_err(|error| match error {
            Error::Io(_) => CodecError::Truncated,
            Error::Syntax(_) => CodecError::Malformed,
        })
    }

    /// Reads what is inside a list, map or tag.
    fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let levels = self.levels;
        self.levels = levels.checked_sub(1).ok_or(CodecError::TooDeep)?;
        let read = inside(self)?;
        self.levels = levels;
        Ok(read)
    }

    fn list(&mut self, length: Option<usize>) -> Result<Vec<Value>> {
        let mut items = Vec::with_capacity(self.room(length)?);
        let mut left = length;
        while self.another(&mut left) {
            items.push(self.value()?);
        }
        Ok(items)
    }

    fn map(&mut self, length: Option<usize>) -> Result<Vec<(Value, Value)>> {
        let mut entries = Vec::with_capacity(self.room(length)?);
        let mut left = length;
        while self.another(&mut left) {
            let key = self.value()?;
            if let Some(value) = self.item()? {
                entries.push((key, value));
            }
        }
        Ok(entries)
    }

    /// Room for what a header announces: less than it claims where it claims more than could follow.
    fn room(&self, length: Option<usize>) -> Result<usize> {
        match length {
            Some(length) if length > self.rest.len() => Err(CodecError::Truncated),
            length => Ok(length.unwrap_or(0).min(ROOM)),
        }
    }

    /// Whether another entry comes, of which `left` are announced; `None` are as many as come before a break.
    fn another(&mut self, left: &mut Option<usize>) -> bool {
        match left {
            Some(left) => {
                let more = *left > 0;
                *left = left.saturating_sub(1);
                more
            }
            None => !self.take_break(),
        }
    }

    fn take_break(&mut self) -> bool {
        match self.rest {
            [BREAK, rest @ ..] => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn bytes(&mut self, length: Option<usize>) -> Result<Vec<u8>> {
        if let Some(length) = length {
            return Ok(self.take(length)?.to_vec());
        }
        let mut bytes = Vec::new();
        while !self.take_break() {
            match self.header()? {
                Header::Bytes(Some(length)) => bytes.extend_from_slice(self.take(length)?),
                _ => return Err(CodecError::Malformed),
            }
        }
        Ok(bytes)
    }

    fn text(&mut self, length: Option<usize>) -> Result<String> {
        if let Some(length) = length {
            return Ok(self.characters(length)?.to_owned());
        }
        let mut text = String::new();
        while !self.take_break() {
            match self.header()? {
                Header::Text(Some(length)) => text.push_str(self.characters(length)?),
                _ => return Err(CodecError::Malformed),
            }
        }
        Ok(text)
    }

    fn characters(&mut self, length: usize) -> Result<&'a str> {
        std::str::from_utf8(self.take(length)?).map_err(|_| CodecError::Malformed)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(CodecError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// The header that is this byte and no more. Most are, and the decoder, which reads from anything that can be read
/// from, takes several times as long for them.
fn short(byte: u8) -> Option<Header> {
    let argument = byte & 0x1f;
    if argument > 23 {
        return None;
    }
    let length = Some(usize::from(argument));
    Some(match byte >> 5 {
        0 => Header::Positive(argument.into()),
        1 => Header::Negative(argument.into()),
        2 => Header::Bytes(length),
        3 => Header::Text(length),
        4 => Header::Array(length),
        5 => Header::Map(length),
        6 => Header::Tag(argument.into()),
        _ => Header::Simple(argument),
    })
}

/// The integer that CBOR writes as `n`: -1 - n.
pub(super) fn negative(n: u64) -> Result<Value> {
    let number = Integer::try_from(!i128::from(n)).map_err(|_| CodecError::Malformed)?;
    Ok(Value::Integer(number))
}
