//! Passing over what this system wrote, without reading it.

use super::{CodecError, Major, Result};

/// The first item, and what follows it.
pub(crate) fn split_item(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let mut rest = bytes;
    let mut left = 1_u64;
    while let Some(others) = left.checked_sub(1) {
        let (first, argument, behind) = header(rest)?;
        rest = behind;
        // Each of them takes a byte, so that what is only claimed ends with the bytes.
        let inside = match first >> 5 {
            0 | 1 => 0,
            2 | 3 => {
                let length = usize::try_from(argument).map_err(|_| CodecError::Truncated)?;
                rest = rest.get(length..).ok_or(CodecError::Truncated)?;
                0
            }
            4 => argument,
            5 => argument.checked_mul(2).ok_or(CodecError::Truncated)?,
            6 => 1,
            _ if matches!(first & 0x1f, 20..=22 | 25..=27) => 0,
            _ => return Err(CodecError::Malformed),
        };
        left = others.checked_add(inside).ok_or(CodecError::Truncated)?;
    }
    bytes.split_at_checked(bytes.len().saturating_sub(rest.len())).ok_or(CodecError::Truncated)
}

/// The argument of the first header, which has to be of this kind, and what follows it.
pub(crate) fn split_header(major: Major, bytes: &[u8]) -> Result<(u64, &[u8])> {
    let (first, argument, rest) = header(bytes)?;
    if first & 0xe0 == major as u8 { Ok((argument, rest)) } else { Err(CodecError::Malformed) }
}

fn header(bytes: &[u8]) -> Result<(u8, u64, &[u8])> {
    let (&first, rest) = bytes.split_first().ok_or(CodecError::Truncated)?;
    let size = first & 0x1f;
    if size < 24 {
        return Ok((first, size.into(), rest));
    }
    let length = match size {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(CodecError::Malformed),
    };
    let (number, rest) = rest.split_at_checked(length).ok_or(CodecError::Truncated)?;
    Ok((first, number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), rest))
}
