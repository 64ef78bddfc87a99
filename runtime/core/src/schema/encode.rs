//! A typed value to bytes without a tree in between, which takes several times the memory of the bytes.
//!
//! Serde says what a value holds, and its kind what becomes of that on the wire. What is written at once are scalars and
//! what holds others; an enum with data, whose kind is known by what it holds, goes by a small tree of its own.

use ciborium::Value;
use serde::ser::{self, Serialize, Serializer};

use super::entries::{Inside, Of};
use super::{Kind, date};
use crate::codec::{CodecError, Major, Result, Writer};
use crate::field::EntityField;

/// A kind of which every value is the same on the wire.
pub(super) const PLAIN: Kind = Kind::Text;

/// Encodes `value` to the same bytes as [`write`](crate::field::write) and
/// [`encode_value`](crate::codec::encode_value) do. With as much `room` as the bytes will take, they are never moved.
///
/// # Errors
/// If a serializer of the user's refuses it.
pub fn encode_typed<T: EntityField>(value: &T, room: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(room);
    append_typed(value, &mut bytes)?;
    Ok(bytes)
}

/// As [`encode_typed`], after what is in `bytes` already, which are left as they were if that fails.
///
/// # Errors
/// As [`encode_typed`].
pub fn append_typed<T: EntityField>(value: &T, bytes: &mut Vec<u8>) -> Result<()> {
    let before = bytes.len();
    let mut writer = Writer { bytes: std::mem::take(bytes) };
    let written = put(&mut writer, &T::KIND, value);
    *bytes = writer.bytes;
    if written.is_err() {
        bytes.truncate(before);
    }
    written
}

/// Writes a value of this kind.
pub(super) fn put<T: Serialize + ?Sized>(
    writer: &mut Writer,
    kind: &Kind,
    value: &T,
) -> Result<()> {
    match kind {
        // Null is the same in every kind.
        Kind::Option(inner) | Kind::Atomic(inner) => put(writer, inner, value),
        Kind::Union(_) => {
            let mut tree = Value::serialized(value).map_err(ser::Error::custom)?;
            kind.dress(&mut tree);
            writer.value(&tree)
        }
        kind => value.serialize(Encoder { writer, kind }),
    }
}

impl ser::Error for CodecError {
    fn custom<T: std::fmt::Display>(problem: T) -> CodecError {
        CodecError::Unencodable(problem.to_string())
    }
}

/// Writes what serde gives it, as this kind has it on the wire.
struct Encoder<'w, 'k> {
    writer: &'w mut Writer,
    kind: &'k Kind,
}

impl<'w, 'k> Encoder<'w, 'k> {
    fn integer(self, number: impl Into<i128>) -> Result<()> {
        let number = number.into();
        match self.kind {
            Kind::Timestamp => self.writer.value(&date(i64::try_from(number).unwrap_or_default())),
            _ => self.writer.integer(number),
        }
    }

    fn list(self, length: Option<usize>) -> Inside<'w, 'k> {
        let of = match self.kind {
            Kind::List(item) | Kind::Keyed(item, _) => Of::List(item),
            Kind::Set(item) => Of::Set(item),
            Kind::Json => Of::List(self.kind),
            _ => Of::List(&PLAIN),
        };
        Inside::open(self.writer, of, length)
    }

    fn map(self, length: Option<usize>) -> Inside<'w, 'k> {
        let of = match self.kind {
            Kind::Map(key, item) => Of::Map { item, tagged: !key.is_text() },
            Kind::Json => Of::Map { item: self.kind, tagged: false },
            Kind::Struct(shape) => Of::Fields((shape.fields)()),
            _ => Of::Fields(&[]),
        };
        Inside::open(self.writer, of, length)
    }

    /// A variant that holds something where its enum has no tag: a map of one entry.
    fn variant(self, name: &str) -> Result<Encoder<'w, 'k>> {
        let mut map = self.map(Some(1));
        map.key(name)?;
        Ok(Encoder { kind: map.kind(), writer: map.writer })
    }
}

/// Implements methods for integers.
macro_rules! integers {
    ($($method:ident($ty:ty))*) => {$(
        fn $method(self, number: $ty) -> Result<()> {
            self.integer(number)
        }
    )*};
}

impl<'w, 'k> Serializer for Encoder<'w, 'k> {
    type Ok = ();
    type Error = CodecError;
    type SerializeSeq = Inside<'w, 'k>;
    type SerializeTuple = Inside<'w, 'k>;
    type SerializeTupleStruct = Inside<'w, 'k>;
    type SerializeTupleVariant = Inside<'w, 'k>;
    type SerializeMap = Inside<'w, 'k>;
    type SerializeStruct = Inside<'w, 'k>;
    type SerializeStructVariant = Inside<'w, 'k>;

    integers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_i128(i128)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_bool(self, bool: bool) -> Result<()> {
        self.writer.value(&Value::Bool(bool))
    }

    fn serialize_f32(self, number: f32) -> Result<()> {
        self.writer.float(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<()> {
        self.writer.float(number)
    }

    fn serialize_char(self, character: char) -> Result<()> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<()> {
        self.writer.string(Major::Text, text.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<()> {
        self.writer.string(Major::Bytes, bytes);
        Ok(())
    }

    fn serialize_none(self) -> Result<()> {
        self.writer.value(&Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _name: &str, _index: u32, variant: &str) -> Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        let Encoder { writer, kind } = self.variant(variant)?;
        put(writer, kind, value)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Inside<'w, 'k>> {
        Ok(self.list(length))
    }

    fn serialize_tuple(self, length: usize) -> Result<Inside<'w, 'k>> {
        Ok(self.list(Some(length)))
    }

    fn serialize_tuple_struct(self, _name: &str, length: usize) -> Result<Inside<'w, 'k>> {
        Ok(self.list(Some(length)))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Inside<'w, 'k>> {
        Ok(self.variant(variant)?.list(Some(length)))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Inside<'w, 'k>> {
        Ok(self.map(length))
    }

    fn serialize_struct(self, _name: &str, length: usize) -> Result<Inside<'w, 'k>> {
        Ok(self.map(Some(length)))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Inside<'w, 'k>> {
        Ok(self.variant(variant)?.map(Some(length)))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
