//! Bytes to a typed value without a tree in between, which takes several times the memory of the bytes and most of
//! the time.
//!
//! Only for what this system wrote, in the form on the wire. That form says by tags what serde has no words for: a set
//! (258) and a map (259) are what they hold, and an instant (1) is given in milliseconds, so no kind is needed to read
//! it. What other writers may send besides (lengths that are not given, records, shared values, typed arrays) is not
//! read here.

use std::borrow::Cow;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::parts::Parts;
use super::typed_array::half;
use super::{CodecError, DecodeError, OWN_DEPTH};
use crate::value::TAG_TIME;

/// The most elements that a list is given room for before any is read, whatever it claims.
const ROOM: usize = 1024;

const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;

type Result<T> = std::result::Result<T, DecodeError>;

/// Decodes into its type what this system wrote itself: the same value as by [`read`](crate::field::read) of a tree.
/// The bytes come in the parts that they are stored in, `[bytes]` if in one; a part that is owned is dropped as soon as
/// it was read.
///
/// # Errors
/// If the bytes are not such a value.
pub fn decode_typed<'a, T: DeserializeOwned>(
    parts: impl IntoIterator<Item: Into<Cow<'a, [u8]>> + 'a, IntoIter: 'a>,
) -> Result<T> {
    let parts = Parts::new(parts.into_iter().map(Into::into));
    let mut decoder = Decoder { parts, levels: OWN_DEPTH };
    let value = T::deserialize(&mut decoder)?;
    match decoder.parts.trailing() {
        0 => Ok(value),
        trailing => Err(CodecError::Trailing(trailing).into()),
    }
}

struct Decoder<'a> {
    parts: Parts<'a>,
    /// How many levels may still open inside the current one.
    levels: usize,
}

/// A whole item, or the beginning of one: what is left of it has so many bytes, elements or entries.
#[derive(Clone, Copy)]
enum Item {
    Positive(u64),
    /// -1 - n.
    Negative(u64),
    Float(f64),
    Bool(bool),
    Null,
    Bytes(usize),
    Text(usize),
    List(usize),
    Map(usize),
}

/// As [`Item`], before it is known what a tag does to what follows.
enum Header {
    Item(Item),
    Tag(u64),
}

impl Decoder<'_> {
    fn header(&mut self) -> super::Result<Header> {
        let first = self.parts.byte()?;
        let size = first & 0x1f;
        let argument = match size {
            0..24 => size.into(),
            24..28 => self.parts.number(1_u32 << (size & 3))?,
            _ => return Err(CodecError::Malformed),
        };
        let length = || usize::try_from(argument).map_err(|_| CodecError::Truncated);
        Ok(Header::Item(match first >> 5 {
            0 => Item::Positive(argument),
            1 => Item::Negative(argument),
            2 => Item::Bytes(length()?),
            3 => Item::Text(length()?),
            4 => Item::List(length()?),
            5 => Item::Map(length()?),
            6 => return Ok(Header::Tag(argument)),
            _ => match (first, size) {
                (FALSE, _) => Item::Bool(false),
                (TRUE, _) => Item::Bool(true),
                (NULL, _) => Item::Null,
                (_, 25) => float(half(argument as u16)),
                (_, 26) => float(f32::from_bits(argument as u32).into()),
                (_, 27) => float(f64::from_bits(argument)),
                _ => return Err(CodecError::Malformed),
            },
        }))
    }

    /// The next item, in the form that serde knows.
    fn item(&mut self) -> Result<Item> {
        loop {
            match self.header()? {
                Header::Item(item) => return Ok(item),
                Header::Tag(TAG_TIME) => return self.instant(),
                Header::Tag(_) => {}
            }
        }
    }

    fn instant(&mut self) -> Result<Item> {
        let millis = match self.header()? {
            Header::Item(Item::Positive(n)) => {
                i64::try_from(n).unwrap_or_default().saturating_mul(1_000)
            }
            Header::Item(Item::Negative(n)) => {
                i64::try_from(n).map_or(0, |n| (!n).saturating_mul(1_000))
            }
            Header::Item(Item::Float(seconds)) => (seconds * 1_000.0).round() as i64,
            _ => return Err(CodecError::BadTag { tag: TAG_TIME, why: "no number follows" }.into()),
        };
        Ok(match u64::try_from(millis) {
            Ok(millis) => Item::Positive(millis),
            Err(_) => Item::Negative(!millis as u64),
        })
    }

    /// Gives the visitor this item, and what is left of it.
    fn visit<'de, V: Visitor<'de>>(&mut self, item: Item, visitor: V) -> Result<V::Value> {
        match item {
            Item::Positive(n) => visitor.visit_u64(n),
            Item::Negative(n) => match i64::try_from(n) {
                Ok(n) => visitor.visit_i64(!n),
                Err(_) => visitor.visit_i128(!i128::from(n)),
            },
            Item::Float(number) => visitor.visit_f64(number),
            Item::Bool(bool) => visitor.visit_bool(bool),
            Item::Null => visitor.visit_none(),
            Item::Bytes(length) => match self.parts.take(length)? {
                Cow::Borrowed(bytes) => visitor.visit_bytes(bytes),
                Cow::Owned(bytes) => visitor.visit_byte_buf(bytes),
            },
            Item::Text(length) => match self.text(length)? {
                Cow::Borrowed(text) => visitor.visit_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Item::List(length) => self.nested(length, |inside| visitor.visit_seq(inside)),
            Item::Map(length) => {
                let items = length.checked_mul(2).ok_or(CodecError::Truncated)?;
                self.nested(items, |inside| visitor.visit_map(inside))
            }
        }
    }

    fn text(&mut self, length: usize) -> Result<Cow<'_, str>> {
        match self.parts.take(length)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
        .ok_or(CodecError::Malformed.into())
    }

    /// Has so many items read, and passes over those that nobody wanted.
    fn nested<T>(
        &mut self,
        items: usize,
        read: impl FnOnce(&mut Inside<'_, '_>) -> Result<T>,
    ) -> Result<T> {
        let levels = self.levels;
        self.levels = levels.checked_sub(1).ok_or(CodecError::TooDeep)?;
        let mut inside = Inside { decoder: self, left: items };
        let value = read(&mut inside)?;
        let left = inside.left;
        self.skip(left)?;
        self.levels = levels;
        Ok(value)
    }

    /// Passes over so many items, and what is inside them.
    fn skip(&mut self, items: usize) -> super::Result<()> {
        let mut left = items;
        let more = |left: usize, items| left.checked_add(items).ok_or(CodecError::Truncated);
        while let Some(others) = left.checked_sub(1) {
            left = match self.header()? {
                Header::Tag(_) => left,
                Header::Item(Item::Bytes(length) | Item::Text(length)) => {
                    self.parts.skip(length)?;
                    others
                }
                Header::Item(Item::List(length)) => more(others, length)?,
                Header::Item(Item::Map(length)) => more(more(others, length)?, length)?,
                Header::Item(_) => others,
            };
        }
        Ok(())
    }

    /// As [`visit`](Decoder::visit), for types that take more from serde than the tree gave them.
    fn only<'de, V: Visitor<'de>>(
        &mut self,
        fits: impl FnOnce(&Item) -> bool,
        visitor: V,
    ) -> Result<V::Value> {
        let item = self.item()?;
        if fits(&item) { self.visit(item, visitor) } else { Err(unfit(&item, &visitor)) }
    }
}

/// One NaN for all, as in a tree.
fn float(number: f64) -> Item {
    Item::Float(if number.is_nan() { f64::NAN } else { number })
}

fn unfit(item: &Item, expected: &dyn serde::de::Expected) -> DecodeError {
    let found = match item {
        Item::Positive(_) | Item::Negative(_) => "an integer",
        Item::Float(_) => "a float",
        Item::Bool(_) => "a boolean",
        Item::Null => "null",
        Item::Bytes(_) => "bytes",
        Item::Text(_) => "a string",
        Item::List(_) => "a list",
        Item::Map(_) => "a map",
    };
    Error::invalid_type(serde::de::Unexpected::Other(found), expected)
}

/// Implements methods that want one kind of item.
macro_rules! only {
    ($($method:ident($($ignored:ident: $ty:ty),*) => $items:pat,)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($ignored: $ty,)* visitor: V) -> Result<V::Value> {
            self.only(|item| matches!(item, $items), visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Decoder<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let item = self.item()?;
        self.visit(item, visitor)
    }

    // What these visitors make of any item is what the tree made of it.
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char seq tuple tuple_struct
    }

    only! {
        deserialize_f32() => Item::Float(_),
        deserialize_f64() => Item::Float(_),
        deserialize_str() => Item::Text(_),
        deserialize_string() => Item::Text(_),
        deserialize_identifier() => Item::Text(_),
        deserialize_bytes() => Item::Bytes(_),
        deserialize_byte_buf() => Item::Bytes(_),
        deserialize_map() => Item::Map(_),
        deserialize_struct(_name: &'static str, _fields: &'static [&'static str]) => Item::Map(_),
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.item()? {
            Item::Null => visitor.visit_unit(),
            other => Err(unfit(&other, &visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.parts.peek()? != NULL {
            return visitor.visit_some(self);
        }
        self.parts.byte()?;
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    /// An enum with data is a map with a tag of its own, which serde reads as a struct or as anything: here are those
    /// whose variants hold nothing.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.item()? {
            Item::Text(length) => visitor.visit_enum(self.text(length)?.into_deserializer()),
            other => Err(unfit(&other, &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip(1)?;
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// What is inside a list or a map: so many items, those of a map by turns keys and values.
struct Inside<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    left: usize,
}

impl Inside<'_, '_> {
    fn next<'de, S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(&mut *self.decoder).map(Some)
    }
}

impl<'de> SeqAccess<'de> for &mut Inside<'_, '_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        self.next(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.min(ROOM))
    }
}

impl<'de> MapAccess<'de> for &mut Inside<'_, '_> {
    type Error = DecodeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        self.next(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        self.next(seed)?.ok_or(CodecError::Malformed.into())
    }
}
