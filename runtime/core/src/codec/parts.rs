//! The bytes of one value, in the parts that it is stored in.

use std::borrow::Cow;

use super::{CodecError, Result};

/// Bytes that come part by part. A part is dropped before the next one is fetched, so that of a large value there is
/// never more in memory than one of them.
pub(super) struct Parts<'a> {
    part: Cow<'a, [u8]>,
    /// Where in the part the next byte is.
    at: usize,
    later: Box<dyn Iterator<Item = Cow<'a, [u8]>> + 'a>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(parts: impl Iterator<Item = Cow<'a, [u8]>> + 'a) -> Parts<'a> {
        Parts { part: Cow::default(), at: 0, later: Box::new(parts) }
    }

    /// What is left of the part, or of the next one that has any bytes; nothing at the end.
    pub(super) fn rest(&mut self) -> &[u8] {
        while self.at >= self.part.len() {
            self.part = Cow::default();
            self.at = 0;
            match self.later.next() {
                Some(part) => self.part = part,
                None => break,
            }
        }
        self.part.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8> {
        // Nearly always in this part: the way past `rest` is taken by every item.
        if let Some(byte) = self.part.get(self.at) {
            return Ok(*byte);
        }
        self.rest().first().copied().ok_or(CodecError::Truncated)
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8> {
        let byte = self.peek()?;
        self.advance(1);
        Ok(byte)
    }

    /// The number that so many bytes are, the first one highest.
    pub(super) fn number(&mut self, bytes: u32) -> Result<u64> {
        (0..bytes).try_fold(0, |number: u64, _| Ok(number << 8 | u64::from(self.byte()?)))
    }

    /// So many bytes: as they lie, if they lie in one part.
    pub(super) fn take(&mut self, length: usize) -> Result<Cow<'_, [u8]>> {
        let from = self.at;
        if let Some(end) = from.checked_add(length)
            && end <= self.part.len()
        {
            self.at = end;
            return Ok(Cow::Borrowed(self.part.get(from..end).unwrap_or_default()));
        }
        // It grows with what comes, since the length is only a claim.
        let mut joined = Vec::new();
        self.each(length, |bytes| joined.extend_from_slice(bytes))?;
        Ok(Cow::Owned(joined))
    }

    pub(super) fn skip(&mut self, length: usize) -> Result<()> {
        self.each(length, |_| ())
    }

    fn each(&mut self, length: usize, mut take: impl FnMut(&[u8])) -> Result<()> {
        let mut missing = length;
        while missing > 0 {
            let rest = self.rest();
            let bytes = rest.get(..missing).unwrap_or(rest);
            let taken = bytes.len();
            if taken == 0 {
                return Err(CodecError::Truncated);
            }
            take(bytes);
            self.advance(taken);
            missing = missing.saturating_sub(taken);
        }
        Ok(())
    }

    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// How many bytes are left.
    pub(super) fn trailing(&mut self) -> usize {
        let rest = self.rest().len();
        self.later.by_ref().fold(rest, |bytes, part| bytes.saturating_add(part.len()))
    }
}
