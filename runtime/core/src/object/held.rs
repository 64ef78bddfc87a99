//! What of an entity is read when somebody first needs it. Most who wake one hold its version, or want the whole value:
//! neither takes the value in its type, nor more of the changes than the last one.

use crate::codec::with_short_times;
use crate::entity::Entity;
use crate::object::checkpoint::Latest;
use crate::object::former;
use crate::object::log::{self, Log, LoggedChange};
use crate::object::{MAX_VALUE_BYTES, Present, unreadable};
use crate::patch::apply_encoded;
use crate::schema::encode_typed;
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// Bytes of changes that are carried out on the bytes of a value: all of them at once are in memory as trees.
pub const MAX_PATCHES: usize = 1 << 20;

/// A reply is put in front of a value.
const REPLY: usize = 4 << 10;

impl<T: Entity> Present<T> {
    /// The value.
    ///
    /// # Errors
    /// If the storage fails, or holds what this release cannot read.
    pub fn value(&self, storage: &impl Storage) -> Result<&T, StorageError> {
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let (former, head) = former::as_written(storage)?;
        self.usage.found(head.written);
        let value = former.into_value()?;
        Ok(self.value.get_or_init(|| value))
    }

    /// The value, to change.
    ///
    /// # Errors
    /// As [`Present::value`].
    pub fn value_mut(&mut self, storage: &impl Storage) -> Result<&mut T, StorageError> {
        self.value(storage)?;
        self.value.get_mut().ok_or_else(|| unreadable("its value is gone"))
    }

    /// The bytes of the value. As long as nobody needed it in its type it is not made for that: what is stored are its
    /// bytes, and what changed since is put in place of what it replaces.
    ///
    /// # Errors
    /// As [`Present::value`].
    pub fn encoded(&self, storage: &impl Storage) -> Result<Vec<u8>, StorageError> {
        if self.value.get().is_none()
            && self.stored_schema == T::CONFIG.version
            && let Some(bytes) = self.stored(storage)?
        {
            return Ok(with_short_times(bytes));
        }
        encode_typed(self.value(storage)?, self.room()).map_err(unreadable)
    }

    /// The bytes of the value without its type; `None` if it takes that to tell.
    fn stored(&self, storage: &impl Storage) -> Result<Option<Vec<u8>>, StorageError> {
        if self.checkpoint.since.bytes > MAX_PATCHES {
            return Ok(None);
        }
        let Some(checkpoint) = storage.latest_checkpoint()? else { return Ok(None) };
        let behind = checkpoint.version.after();
        let bytes = checkpoint.into_value();
        if self.checkpoint.since.changes == 0 {
            return Ok(Some(bytes));
        }
        let changes = storage.changes_from(behind, usize::MAX)?;
        let patches = changes.iter().map(|(_, change)| LoggedChange::decode_diff(change));
        let patches = patches.collect::<Result<Vec<_>, _>>()?;
        Ok(apply_encoded(&T::KIND, &bytes, &patches, self.room()))
    }

    /// Bytes that the value takes at most, and a reply in front of it. With less room the bytes of a large one would be
    /// copied to where there is twice as much.
    pub fn room(&self) -> usize {
        let Latest { value_bytes, since, .. } = self.checkpoint;
        value_bytes.saturating_add(since.bytes).min(MAX_VALUE_BYTES).saturating_add(REPLY)
    }

    /// Sees to it that the log holds all recent changes, unless it tells already what came after `version`.
    ///
    /// # Errors
    /// If the storage fails, or holds what this release cannot read.
    pub fn reach(&mut self, storage: &impl Storage, version: Stamp) -> Result<(), StorageError> {
        if self.all_recent || version >= self.meta.modified || self.log.since(version).is_some() {
            return Ok(());
        }
        let from = storage.recent_from(log::MAX_CHANGES, log::MAX_BYTES)?;
        let mut log = Log::default();
        for (version, bytes) in
            storage.changes_from(from.unwrap_or(self.meta.modified), usize::MAX)?
        {
            let change = LoggedChange::decode(version, &bytes)?;
            // What an earlier schema changed means nothing in the present one.
            if change.meta.schema_version == T::CONFIG.version {
                log.push(change, bytes.len());
            }
        }
        if log.last().is_some() {
            self.log = log;
        }
        self.all_recent = true;
        Ok(())
    }
}
