//! What decoding one message may cost: memory is needed by item, not by byte, and for what is copied.

use ciborium::Value;

use super::{CodecError, Result};

/// What is left of a message's allowance.
pub(super) struct Allowance {
    items: usize,
    bytes: usize,
}

/// What a value takes.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    /// Items, itself among them.
    pub(super) items: usize,
    /// Bytes of strings.
    pub(super) bytes: usize,
    /// Levels inside each other.
    pub(super) height: usize,
}

impl Size {
    /// Of one item that holds no others.
    pub(super) fn of_item(item: &Value) -> Size {
        let bytes = match item {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        Size { items: 1, bytes, height: 0 }
    }

    /// Of this and another one beside it.
    pub(super) fn and(self, other: Size) -> Size {
        Size {
            items: self.items.saturating_add(other.items),
            bytes: self.bytes.saturating_add(other.bytes),
            height: self.height.max(other.height),
        }
    }
}

impl Allowance {
    /// So many items in all, and so many bytes of strings that are copied.
    pub(super) fn new(items: usize, bytes: usize) -> Allowance {
        Allowance { items, bytes }
    }

    /// Takes one item that was read.
    pub(super) fn spend_item(&mut self) -> Result<()> {
        self.items = self.items.checked_sub(1).ok_or(CodecError::TooManyItems)?;
        Ok(())
    }

    /// Takes what is about to be copied.
    pub(super) fn spend(&mut self, size: Size) -> Result<()> {
        self.items = self.items.checked_sub(size.items).ok_or(CodecError::TooManyItems)?;
        self.bytes = self.bytes.checked_sub(size.bytes).ok_or(CodecError::Expands)?;
        Ok(())
    }

    /// Takes a copy of `value`, and tells its size. What there is is taken before looking further, so that looking
    /// takes no longer than the copies that are allowed.
    pub(super) fn spend_copy(&mut self, value: &Value) -> Result<Size> {
        let own = Size::of_item(value);
        self.spend(own)?;
        let mut inside = Size::default();
        let mut add = |value| -> Result<()> {
            inside = inside.and(self.spend_copy(value)?);
            Ok(())
        };
        match value {
            Value::Array(items) => items.iter().try_for_each(add)?,
            Value::Map(entries) => entries.iter().try_for_each(|(key, value)| {
                add(key)?;
                add(value)
            })?,
            Value::Tag(_, inner) => add(inner)?,
            _ => return Ok(own),
        }
        inside.height = inside.height.saturating_add(1);
        Ok(own.and(inside))
    }
}
