//! Instants as earlier releases stored them, with seconds as an integer of 64 bits: cbor-x reads such an integer as a
//! `bigint`, fails to make a `Date` of it, and refuses the whole frame.

use super::{Major, Writer, split_header};
use crate::value::LONGEST;

/// The header of tag 1, which no text contains.
const TIME: u8 = 0xc1;

/// Bytes of an integer with 64 bits.
const LONG: usize = 9;

/// Rewrites the instants in the bytes of one item, which this system wrote, to the form that
/// [`instant`](crate::value::instant) gives them. Bytes without such an instant, nearly all, are searched and not read.
pub(crate) fn with_short_times(mut bytes: Vec<u8>) -> Vec<u8> {
    let is_long = |pair: &[u8]| matches!(pair, [TIME, 0x1b | 0x3b]);
    if !bytes.contains(&TIME) || !bytes.windows(2).any(is_long) {
        return bytes;
    }
    // A float takes as many bytes or fewer, so what was read can be written over.
    let (mut read, mut copied, mut written) = (0_usize, 0_usize, 0_usize);
    let mut writer = Writer { bytes: Vec::new() };
    while let Some(rest) = bytes.get(read..).filter(|rest| !rest.is_empty()) {
        let after_tag = read.saturating_add(1);
        if rest.first() == Some(&TIME)
            && let Some(seconds) = bytes.get(after_tag..).and_then(long_seconds)
        {
            writer.bytes.clear();
            if writer.float(seconds).is_err() {
                break;
            }
            bytes.copy_within(copied..after_tag, written);
            written = written.saturating_add(after_tag.saturating_sub(copied));
            let end = written.saturating_add(writer.bytes.len());
            if let Some(place) = bytes.get_mut(written..end) {
                place.copy_from_slice(&writer.bytes);
            }
            (read, written) = (after_tag.saturating_add(LONG), end);
            copied = read;
        } else {
            read = read.saturating_add(header_and_string(rest));
        }
    }
    bytes.copy_within(copied.., written);
    let left = bytes.len().saturating_sub(copied);
    bytes.truncate(written.saturating_add(left));
    bytes
}

/// The seconds of an instant behind its tag, where they are an integer that takes 64 bits.
fn long_seconds(bytes: &[u8]) -> Option<f64> {
    let positive = *bytes.first()? == Major::Positive as u8 | 27;
    let major = if positive { Major::Positive } else { Major::Negative };
    let (argument, _) = split_header(major, bytes).ok()?;
    let is_long = (1..LONGEST).contains(&i64::try_from(argument >> 32).ok()?);
    is_long.then_some(if positive { argument as f64 } else { -1.0 - argument as f64 })
}

/// The bytes of the header at the beginning, and of the string that it opens. What is inside a list, a map or a tag are
/// headers that follow.
fn header_and_string(bytes: &[u8]) -> usize {
    let first = bytes.first().copied().unwrap_or_default();
    let (argument, behind) = match first >> 5 {
        2 => split_header(Major::Bytes, bytes),
        3 => split_header(Major::Text, bytes),
        _ => {
            let argument = match first & 0x1f {
                24..=27 => 1_usize << (first & 3),
                _ => 0,
            };
            return argument.saturating_add(1);
        }
    }
    .unwrap_or((u64::MAX, &[]));
    let header = bytes.len().saturating_sub(behind.len());
    header.saturating_add(usize::try_from(argument).unwrap_or(usize::MAX))
}
