//! Typed arrays (RFC 8746): numbers of one size side by side, as bytes.

use std::ops::RangeInclusive;

use ciborium::Value;

use super::allowance::{Allowance, Size};
use super::{CodecError, Result};

/// The tags of typed arrays, among them three that nobody writes: 76 is reserved, 83 and 87 are floats of 128 bits.
pub(super) const TAGS: RangeInclusive<u64> = 64..=87;

const BYTES: u64 = 64;
const CLAMPED_BYTES: u64 = 68;

/// What the numbers are. RFC 8746 has these in the bits of the tag: float, signed, little endian, and two of size.
struct Element {
    read: fn(u64) -> Value,
    size: usize,
    little: bool,
}

/// The numbers of a typed array: bytes where they are bytes, else a list, whose numbers are taken from `allowance`.
pub(super) fn read(tag: u64, bytes: Vec<u8>, allowance: &mut Allowance) -> Result<Value> {
    if tag == BYTES || tag == CLAMPED_BYTES {
        return Ok(Value::Bytes(bytes));
    }
    let Some(Element { read, size, little }) = element(tag) else {
        return Ok(Value::Tag(tag, Box::new(Value::Bytes(bytes))));
    };
    let numbers = bytes.chunks_exact(size);
    if !numbers.remainder().is_empty() {
        return Err(CodecError::BadTag { tag, why: "the bytes are not a whole count of numbers" });
    }
    allowance.spend(Size { items: numbers.len(), ..Size::default() })?;
    Ok(Value::Array(numbers.map(|number| read(raw(number, little))).collect()))
}

fn element(tag: u64) -> Option<Element> {
    let (read, size): (fn(u64) -> Value, _) = match tag {
        65 | 69 => (Value::from, 2),
        66 | 70 => (Value::from, 4),
        67 | 71 => (Value::from, 8),
        72 => (|raw| Value::from(raw as i8), 1),
        73 | 77 => (|raw| Value::from(raw as i16), 2),
        74 | 78 => (|raw| Value::from(raw as i32), 4),
        75 | 79 => (|raw| Value::from(raw as i64), 8),
        80 | 84 => (|raw| float(half(raw as u16)), 2),
        81 | 85 => (|raw| float(f32::from_bits(raw as u32).into()), 4),
        82 | 86 => (|raw| float(f64::from_bits(raw)), 8),
        _ => return None,
    };
    Some(Element { read, size, little: tag & 4 != 0 })
}

/// The bits of one number.
fn raw(number: &[u8], little: bool) -> u64 {
    let push = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
    match little {
        true => number.iter().rev().fold(0, push),
        false => number.iter().fold(0, push),
    }
}

fn float(number: f64) -> Value {
    // As everywhere, one NaN for all.
    Value::Float(if number.is_nan() { f64::NAN } else { number })
}

/// A float of 16 bits: 1 of sign, 5 of exponent, 10 of fraction.
pub(super) fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let magnitude = match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + fraction) * 2_f64.powi(exponent.saturating_sub(25)),
    };
    if bits >> 15 == 0 { magnitude } else { -magnitude }
}
