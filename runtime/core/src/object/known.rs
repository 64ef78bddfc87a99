//! The versions that are known: those of the recent changes, and the last one of every snapshot.

use ciborium::Value;

use crate::entity::Entity;
use crate::field::Patch;
use crate::object::former::Former;
use crate::object::log::LoggedChange;
use crate::object::past::difference;
use crate::object::{Present, unreadable};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

impl<T: Entity> Present<T> {
    /// What led from a version to the present one; `None` if that version is not known.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn changes_since(
        &mut self,
        storage: &impl Storage,
        version: Stamp,
    ) -> Result<Option<Value>, StorageError> {
        self.reach(storage, version)?;
        if let Some(diff) = self.log.diff_since(version) {
            return Ok(Some(diff));
        }
        let Some(before) = self.value_of(storage, version)? else { return Ok(None) };
        Ok(Some(difference(&before, self.value(storage)?)))
    }

    /// What leads from the value of a version that there was to the present one; `None` if an earlier schema wrote it.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn changes_from_value(
        &self,
        storage: &impl Storage,
        version: Stamp,
    ) -> Result<Option<Value>, StorageError> {
        Ok(match self.former(storage, version)? {
            Former::Typed(value) => Some(difference(&value, self.value(storage)?)),
            Former::Tree(..) => None,
        })
    }

    /// What led from a version to a later one, which there was; `None` if the first is not known.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn changes_between(
        &mut self,
        storage: &impl Storage,
        version: Stamp,
        through: Stamp,
    ) -> Result<Option<Value>, StorageError> {
        self.reach(storage, version)?;
        if let Some(diff) = self.log.diff_between(version, through) {
            return Ok(Some(diff));
        }
        let Some(before) = self.value_of(storage, version)? else { return Ok(None) };
        Ok(match self.former(storage, through)? {
            Former::Typed(after) => Some(difference(&before, &after)),
            Former::Tree(..) => None,
        })
    }

    /// The value of a version; `None` if that version is not known. Those of the log are as far as it was
    /// [reached](Present::reach) back.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn value_of(
        &self,
        storage: &impl Storage,
        version: Stamp,
    ) -> Result<Option<T>, StorageError> {
        if let Some(undo) = self.log.undo_since(version) {
            let mut value = self.value(storage)?.copy();
            value.apply(<T as Entity>::Diff::from_value(undo).map_err(unreadable)?);
            return Ok(Some(value));
        }
        if !self.is_end_of_snapshot(storage, version)? {
            return Ok(None);
        }
        Ok(match self.former(storage, version)? {
            Former::Typed(value) => Some(value),
            // Who holds it holds it in the form of an earlier schema.
            Former::Tree(..) => None,
        })
    }

    fn is_end_of_snapshot(
        &self,
        storage: &impl Storage,
        version: Stamp,
    ) -> Result<bool, StorageError> {
        if version >= self.meta.modified {
            return Ok(false);
        }
        let began = |(at, bytes): &(Stamp, Vec<u8>)| LoggedChange::valid_from(*at, bytes);
        let changes = storage.changes_from(version, 2)?;
        Ok(match changes.as_slice() {
            [this, next] if this.0 == version => {
                let from = began(this)?;
                from != began(next)? && self.meta.compacted.is_none_or(|floor| from >= floor)
            }
            _ => false,
        })
    }
}
