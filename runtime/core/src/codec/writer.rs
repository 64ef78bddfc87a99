//! A value tree to bytes: the same bytes as by serde, sooner.

use ciborium::Value;
use ciborium_ll::{Encoder, Header, simple};

use super::{CodecError, Result};

/// What kind of item a header opens, in the place that it has in the header's first byte.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Major {
    Positive = 0 << 5,
    Negative = 1 << 5,
    Bytes = 2 << 5,
    Text = 3 << 5,
    Array = 4 << 5,
    Map = 5 << 5,
    Tag = 6 << 5,
    Simple = 7 << 5,
}

pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    /// The bytes of `value`.
    pub(super) fn message(value: &Value) -> Result<Vec<u8>> {
        // What an edit takes: without room at first it would grow six times.
        let mut writer = Writer { bytes: Vec::with_capacity(256) };
        writer.value(value)?;
        Ok(writer.bytes)
    }

    pub(crate) fn value(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Null => self.header(Major::Simple, simple::NULL.into()),
            Value::Bool(false) => self.header(Major::Simple, simple::FALSE.into()),
            Value::Bool(true) => self.header(Major::Simple, simple::TRUE.into()),
            Value::Integer(number) => self.integer(i128::from(*number))?,
            Value::Float(number) => self.float(*number)?,
            Value::Bytes(bytes) => self.string(Major::Bytes, bytes),
            Value::Text(text) => self.string(Major::Text, text.as_bytes()),
            Value::Array(items) => {
                self.header(Major::Array, items.len() as u64);
                items.iter().try_for_each(|item| self.value(item))?;
            }
            Value::Map(entries) => {
                self.header(Major::Map, entries.len() as u64);
                entries.iter().try_for_each(|(key, value)| {
                    self.value(key)?;
                    self.value(value)
                })?;
            }
            Value::Tag(tag, inner) => {
                self.header(Major::Tag, *tag);
                self.value(inner)?;
            }
            // Ciborium keeps the right to add kinds of values.
            other => return Err(CodecError::Unencodable(format!("{other:?}"))),
        }
        Ok(())
    }

    pub(crate) fn integer(&mut self, number: i128) -> Result<()> {
        let (major, argument) =
            if number < 0 { (Major::Negative, !number) } else { (Major::Positive, number) };
        let too_long = || CodecError::Unencodable("an integer has more than 64 bits".into());
        let argument = u64::try_from(argument).map_err(|_| too_long())?;
        self.header(major, argument);
        Ok(())
    }

    pub(crate) fn float(&mut self, number: f64) -> Result<()> {
        Encoder::from(&mut self.bytes)
            .push(Header::Float(number))
            .map_err(|error| CodecError::Unencodable(error.to_string()))
    }

    pub(crate) fn string(&mut self, major: Major, bytes: &[u8]) {
        self.header(major, bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// A header in its shortest form. By hand, because the encoder's takes longer than all the rest.
    pub(crate) fn header(&mut self, major: Major, argument: u64) {
        let major = major as u8;
        if let Ok(byte @ 0..24) = u8::try_from(argument) {
            self.bytes.push(major | byte);
        } else if let Ok(byte) = u8::try_from(argument) {
            self.bytes.extend([major | 24, byte]);
        } else if let Ok(short) = u16::try_from(argument) {
            self.bytes.push(major | 25);
            self.bytes.extend(short.to_be_bytes());
        } else if let Ok(long) = u32::try_from(argument) {
            self.bytes.push(major | 26);
            self.bytes.extend(long.to_be_bytes());
        } else {
            self.bytes.push(major | 27);
            self.bytes.extend(argument.to_be_bytes());
        }
    }
}
