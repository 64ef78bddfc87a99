//! What is inside a list or a map that is being written. The wire has one order for the entries of a map and for the
//! elements of a set, which mostly is the one that they come in; else their bytes are put in order at the end.

use std::cmp::Ordering;
use std::ops::Range;

use ciborium::Value;
use serde::ser::{self, Serialize};

use super::encode::{PLAIN, put};
use super::{FieldSchema, Kind};
use crate::codec::{CodecError, Major, Result, Writer, decode_own_value, split_item};
use crate::value::{TAG_MAP, TAG_SET, key_order};

/// What holds others, and the kinds of these.
#[derive(Clone, Copy)]
pub(super) enum Of<'k> {
    List(&'k Kind),
    Set(&'k Kind),
    Map { item: &'k Kind, tagged: bool },
    Fields(&'k [FieldSchema]),
}

impl Of<'_> {
    fn is_sorted(self) -> bool {
        matches!(self, Of::Set(_) | Of::Map { .. })
    }

    fn is_map(self) -> bool {
        matches!(self, Of::Map { .. } | Of::Fields(_))
    }
}

pub(super) struct Inside<'w, 'k> {
    pub(super) writer: &'w mut Writer,
    of: Of<'k>,
    announced: Option<usize>,
    /// Elements or entries that were begun.
    count: usize,
    /// Where the header is.
    header: usize,
    /// Where the first element or entry is.
    start: usize,
    /// Where the last key or element is.
    last: Range<usize>,
    /// Whether they came in the order of the wire until now.
    in_order: bool,
}

impl<'w, 'k> Inside<'w, 'k> {
    pub(super) fn open(
        writer: &'w mut Writer,
        of: Of<'k>,
        announced: Option<usize>,
    ) -> Inside<'w, 'k> {
        match of {
            Of::Set(_) => writer.header(Major::Tag, TAG_SET),
            Of::Map { tagged: true, .. } => writer.header(Major::Tag, TAG_MAP),
            _ => {}
        }
        let header = writer.bytes.len();
        write_header(writer, of, announced.unwrap_or_default());
        let start = writer.bytes.len();
        Inside {
            writer,
            of,
            announced,
            count: 0,
            header,
            start,
            last: start..start,
            in_order: true,
        }
    }

    /// Writes an element of a list or set.
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let from = self.writer.bytes.len();
        put(self.writer, self.kind(), value)?;
        self.came(from);
        Ok(())
    }

    /// Writes a key. Those on the wire are as serde gives them.
    pub(super) fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let from = self.writer.bytes.len();
        put(self.writer, &PLAIN, key)?;
        self.came(from);
        Ok(())
    }

    /// Writes the value after a key.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        put(self.writer, self.kind(), value)
    }

    /// The kind of the next element, or of the value under the key that was written.
    pub(super) fn kind(&self) -> &'k Kind {
        match self.of {
            Of::List(item) | Of::Set(item) | Of::Map { item, .. } => item,
            Of::Fields(fields) => {
                let key = text(self.bytes(&self.last));
                let named = |field: &&FieldSchema| key == Some(field.name.as_bytes());
                let hinted = fields.get(self.count.saturating_sub(1)).filter(named);
                hinted.or_else(|| fields.iter().find(named)).map_or(&PLAIN, |field| &field.kind)
            }
        }
    }

    /// Counts the key or element that was written from there on, and sees whether it came in order.
    fn came(&mut self, from: usize) {
        let place = from..self.writer.bytes.len();
        if self.of.is_sorted() && self.count > 0 {
            self.in_order &= order(self.bytes(&self.last), self.bytes(&place)).is_lt();
        }
        self.count = self.count.saturating_add(1);
        self.last = place;
    }

    fn bytes(&self, place: &Range<usize>) -> &[u8] {
        self.writer.bytes.get(place.clone()).unwrap_or_default()
    }

    /// Puts right what only is known now: how many there are, and their order.
    fn end(self) -> Result<()> {
        if self.in_order && self.announced == Some(self.count) {
            return Ok(());
        }
        let Inside { writer, of, .. } = self;
        let items = writer.bytes.split_off(self.start);
        writer.bytes.truncate(self.header);
        if self.in_order {
            write_header(writer, of, self.count);
            writer.bytes.extend(items);
            return Ok(());
        }
        let items = sorted(&items, of)?;
        write_header(writer, of, items.len());
        for (key, value) in items {
            writer.bytes.extend_from_slice(key);
            writer.bytes.extend_from_slice(value);
        }
        Ok(())
    }
}

/// The elements or entries in these bytes in order: keys or elements, and values if there are any.
fn sorted<'b>(mut bytes: &'b [u8], of: Of<'_>) -> Result<Vec<(&'b [u8], &'b [u8])>> {
    let mut items = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = split_item(bytes)?;
        let (value, rest) = if of.is_map() { split_item(rest)? } else { rest.split_at(0) };
        items.push((key, value));
        bytes = rest;
    }
    // Of two entries with one key the later stays.
    if of.is_map() {
        items.reverse();
    }
    items.sort_by(|(a, _), (b, _)| order(a, b));
    if of.is_map() {
        items.dedup_by(|(a, _), (b, _)| order(a, b).is_eq());
    }
    Ok(items)
}

fn write_header(writer: &mut Writer, of: Of<'_>, length: usize) {
    let major = if of.is_map() { Major::Map } else { Major::Array };
    writer.header(major, length as u64);
}

/// [`key_order`] of keys in bytes.
fn order(a: &[u8], b: &[u8]) -> Ordering {
    if let (Some(a), Some(b)) = (text(a), text(b)) {
        return a.cmp(b);
    }
    // Of two numbers in their shortest form the larger one has the larger bytes.
    if let ([0..0x20, ..], [0..0x20, ..]) = (a, b) {
        return a.cmp(b);
    }
    let value = |bytes| decode_own_value(bytes).unwrap_or(Value::Null);
    key_order(&value(a), &value(b))
}

/// The characters of a text in bytes; `None` of anything else.
fn text(item: &[u8]) -> Option<&[u8]> {
    let (first, rest) = item.split_first()?;
    let length = match first {
        0x60..=0x77 => 0,
        0x78 => 1,
        0x79 => 2,
        0x7a => 4,
        0x7b => 8,
        _ => return None,
    };
    rest.get(length..)
}

/// Implements what is written element by element.
macro_rules! lists {
    ($($of:ident $method:ident)*) => {$(
        impl ser::$of for Inside<'_, '_> {
            type Ok = ();
            type Error = CodecError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            fn end(self) -> Result<()> {
                self.end()
            }
        }
    )*};
}

/// Implements what is written field by field.
macro_rules! structs {
    ($($of:ident)*) => {$(
        impl ser::$of for Inside<'_, '_> {
            type Ok = ();
            type Error = CodecError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.key(name)?;
                self.value(value)
            }

            fn end(self) -> Result<()> {
                self.end()
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

structs! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Inside<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.value(value)
    }

    fn end(self) -> Result<()> {
        self.end()
    }
}
