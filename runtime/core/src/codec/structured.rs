//! What the tags of JavaScript's structured clone say, as cbor-x writes it: each is brought into the form that the
//! same value has without them, or kept where it is a form of its own.
//!
//! | tag | means | becomes |
//! |---|---|---|
//! | 2, 3 | big integer | an integer if it has 64 bits, else kept |
//! | 28, 29 | shared value, reference to one | the value, copied in place |
//! | 64 to 87 | typed array | bytes, or a list of numbers |
//! | 55799 | "this is CBOR" | what is inside |
//! | 57343, 57344 and on | record: keys and values, values alone | a map |
//! | 1 | date | kept, with a float for seconds that take more than 32 bits |
//! | 258, 259 and all others | set, map, anything | kept |
//!
//! A reference is short and what it stands for may be long, so all copies are taken from the message's allowance.

use std::ops::RangeInclusive;
use std::rc::Rc;

use ciborium::Value;
use ciborium_ll::Header;

use super::allowance::Size;
use super::reader::{Reader, negative};
use super::{CodecError, Result, typed_array};
use crate::value::{TAG_TIME, instant};

const BIG_POSITIVE: u64 = 2;
const BIG_NEGATIVE: u64 = 3;
const SHAREABLE: u64 = 28;
const REFERENCE: u64 = 29;
const SELF_DESCRIBED: u64 = 55_799;
const DEFINITION: u64 = 57_343;
/// The tags that stand for records: cbor-x counts up from the first and has 13 bits for it.
const RECORDS: RangeInclusive<u64> = 57_344..=65_535;

/// What the tags of one message can refer back to.
#[derive(Default)]
pub(super) struct Memory {
    /// Values under tag 28, in the order of their tags; `None` while the value is being read.
    shared: Vec<Option<Shared>>,
    /// Keys of records, by the tag that stands for them, of which the first is the first one there.
    records: Vec<Option<Keys>>,
}

impl Memory {
    fn define(&mut self, tag: u64, keys: Keys) {
        let at = place(tag);
        if at >= self.records.len() {
            self.records.resize(at.saturating_add(1), None);
        }
        if let Some(record) = self.records.get_mut(at) {
            *record = Some(keys);
        }
    }

    fn record(&self, tag: u64) -> Option<Keys> {
        self.records.get(place(tag)).cloned().flatten()
    }
}

/// Of a tag among those that stand for records, which are few enough for a list.
fn place(tag: u64) -> usize {
    usize::from(u16::try_from(tag.saturating_sub(*RECORDS.start())).unwrap_or(u16::MAX))
}

struct Shared {
    value: Value,
    size: Size,
}

#[derive(Clone)]
struct Keys {
    keys: Rc<[Value]>,
    size: Size,
}

impl Reader<'_> {
    /// What follows this tag; `None` is `undefined`.
    pub(super) fn tagged(&mut self, tag: u64) -> Result<Option<Value>> {
        match tag {
            SELF_DESCRIBED => self.item(),
            SHAREABLE => self.shareable().map(Some),
            REFERENCE => self.reference().map(Some),
            DEFINITION => self.definition().map(Some),
            tag if RECORDS.contains(&tag) => self.record(tag).map(Some),
            tag => self.settle(tag).map(Some),
        }
    }

    fn shareable(&mut self) -> Result<Value> {
        let number = self.memory.shared.len();
        self.memory.shared.push(None);
        let value = self.value()?;
        let size = self.allowance.spend_copy(&value)?;
        if let Some(place) = self.memory.shared.get_mut(number) {
            *place = Some(Shared { value: value.clone(), size });
        }
        Ok(value)
    }

    fn reference(&mut self) -> Result<Value> {
        let number = self.value()?;
        let number = number.as_integer().and_then(|number| usize::try_from(number).ok());
        let shared = number.and_then(|number| self.memory.shared.get(number));
        let why = "it refers to a value that did not come before";
        let shared = shared.ok_or(CodecError::BadTag { tag: REFERENCE, why })?;
        let Shared { value, size } = shared.as_ref().ok_or(CodecError::Cycle)?;
        // The copy stands in the place of the tag, which took a level by itself.
        if size.height > self.levels.saturating_add(1) {
            return Err(CodecError::TooDeep);
        }
        self.allowance.spend(*size)?;
        Ok(value.clone())
    }

    /// A record with its keys: `[tag, [keys], values...]`. From here on the tag stands for the keys, also inside the
    /// values, and also if it stood for others before.
    fn definition(&mut self) -> Result<Value> {
        let bad = |why| CodecError::BadTag { tag: DEFINITION, why };
        let values = self.length(DEFINITION)?.checked_sub(2);
        let values = values.ok_or_else(|| bad("a record has a number and keys"))?;
        let tag = self.value()?.as_integer().and_then(|tag| u64::try_from(tag).ok());
        let tag = tag.filter(|tag| RECORDS.contains(tag));
        let tag = tag.ok_or_else(|| bad("a record has a number from 57344 to 65535"))?;
        let Value::Array(keys) = self.value()? else {
            return Err(bad("the keys of a record are a list"));
        };
        if !keys.iter().all(|key| key.is_text() || key.is_integer()) {
            return Err(bad("the keys of a record are strings or integers"));
        }
        let sizes = keys.iter().map(Size::of_item);
        let keys = Keys { size: sizes.fold(Size::default(), Size::and), keys: keys.into() };
        self.memory.define(tag, keys.clone());
        self.fields(tag, keys, values)
    }

    /// A record whose keys came before: `[values...]`.
    fn record(&mut self, tag: u64) -> Result<Value> {
        let why = "no record of that number came before in this message";
        let keys = self.memory.record(tag).ok_or(CodecError::BadTag { tag, why })?;
        let length = self.length(tag)?;
        self.fields(tag, keys, length)
    }

    fn fields(&mut self, tag: u64, Keys { keys, size }: Keys, values: usize) -> Result<Value> {
        if values != keys.len() {
            return Err(CodecError::BadTag { tag, why: "a record has one value for each key" });
        }
        self.allowance.spend(size)?;
        let mut entries = Vec::with_capacity(values);
        for key in keys.iter() {
            if let Some(value) = self.item()? {
                entries.push((key.clone(), value));
            }
        }
        Ok(Value::Map(entries))
    }

    /// Of the array that a tag is written with.
    fn length(&mut self, tag: u64) -> Result<usize> {
        match self.header()? {
            Header::Array(Some(length)) => Ok(length),
            _ => Err(CodecError::BadTag { tag, why: "a record is a list of definite length" }),
        }
    }

    /// The value of a tag whose content speaks for itself.
    fn settle(&mut self, tag: u64) -> Result<Value> {
        match (tag, self.value()?) {
            (tag, Value::Bytes(bytes)) if typed_array::TAGS.contains(&tag) => {
                typed_array::read(tag, bytes, &mut self.allowance)
            }
            (BIG_POSITIVE | BIG_NEGATIVE, Value::Bytes(bytes)) => big_integer(tag, bytes),
            (TAG_TIME, seconds) => Ok(instant(seconds)),
            (tag, inner) => Ok(Value::Tag(tag, Box::new(inner))),
        }
    }
}

fn big_integer(tag: u64, bytes: Vec<u8>) -> Result<Value> {
    match narrow(&bytes) {
        Some(number) if tag == BIG_POSITIVE => Ok(Value::from(number)),
        Some(number) => negative(number),
        None => Ok(Value::Tag(tag, Box::new(Value::Bytes(bytes)))),
    }
}

/// The number that these bytes are, the first one highest, if it has 64 bits.
fn narrow(bytes: &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for byte in bytes {
        number = number.checked_mul(256)?.checked_add(u64::from(*byte))?;
    }
    Some(number)
}
