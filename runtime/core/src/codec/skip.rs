//! Passing over what this system wrote, without reading it.

use super::{CodecError, Major, Result};

/// The first item, and what follows it.
pub(crate) fn split_item(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let mut at = 0_usize;
    let mut left = 1_u64;
    // Values of a megabyte go through here while an isolate starts, where code is not optimised yet: hence no function for
    // the headers of one byte, which nearly all are.
    while left > 0 {
        let Some(&first) = bytes.get(at) else { return Err(CodecError::Truncated) };
        let mut argument = u64::from(first & 0x1f);
        at = at.saturating_add(1);
        if argument >= SHORT {
            let Some((number, behind)) = bytes.get(at..).and_then(|rest| number(argument, rest))
            else {
                return Err(CodecError::Truncated);
            };
            argument = number;
            at = bytes.len().saturating_sub(behind.len());
        }
        left = left.wrapping_sub(1);
        // Each of them takes a byte, so that what is only claimed ends with the bytes.
        match first >> 5 {
            0 | 1 => {}
            2 | 3 => match usize::try_from(argument) {
                Ok(length) => at = at.saturating_add(length),
                Err(_) => return Err(CodecError::Truncated),
            },
            4 => left = left.saturating_add(argument),
            5 => left = left.saturating_add(argument.saturating_mul(2)),
            6 => left = left.saturating_add(1),
            _ if matches!(first & 0x1f, 20..=22 | 25..=27) => {}
            _ => return Err(CodecError::Malformed),
        }
    }
    bytes.split_at_checked(at).ok_or(CodecError::Truncated)
}

/// The argument of the first header, which has to be of this kind, and what follows it.
pub(crate) fn split_header(major: Major, bytes: &[u8]) -> Result<(u64, &[u8])> {
    let Some((&first, rest)) = bytes.split_first() else { return Err(CodecError::Truncated) };
    if first & 0xe0 != major as u8 {
        return Err(CodecError::Malformed);
    }
    let size = u64::from(first & 0x1f);
    if size < SHORT { Ok((size, rest)) } else { number(size, rest).ok_or(CodecError::Truncated) }
}

/// Below this the argument of a header is in its first byte.
const SHORT: u64 = 24;

/// The argument that follows a first byte which tells its size, and what follows that.
fn number(size: u64, bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = match size {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let (number, rest) = bytes.split_at_checked(length)?;
    Some((number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), rest))
}
