//! What an entity machine needs of a disk. All calls are synchronous, and those of one request belong to one
//! transaction that the host opens and, on any error, rolls back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::time::Stamp;

/// The largest part of a value that is stored in one row: under the 2 MB that the platform allows for a row.
pub const MAX_PART_BYTES: usize = 1_900_000;

/// The disk of one entity.
///
/// A value is stored as a checkpoint and the changes behind it; both are cut into parts where they are larger
/// than a row may be.
pub trait Storage {
    /// The parts of the checkpoint in order; none if the entity was never created.
    ///
    /// # Errors
    /// If the storage fails.
    fn checkpoint(&self) -> Result<Vec<Vec<u8>>, StorageError>;

    /// Puts a checkpoint in place of the one before; spare parts of that one are removed.
    ///
    /// # Errors
    /// If the storage fails.
    fn write_checkpoint(&mut self, parts: &[&[u8]]) -> Result<(), StorageError>;

    /// The changes from a version on in order, each with the version that it made and its joined parts.
    ///
    /// # Errors
    /// If the storage fails.
    fn changes_from(&self, version: Stamp) -> Result<Vec<(Stamp, Vec<u8>)>, StorageError>;

    /// The latest changes before a version, the newest first, at most `count` of them.
    ///
    /// # Errors
    /// If the storage fails.
    fn changes_before(
        &self,
        version: Stamp,
        count: usize,
    ) -> Result<Vec<(Stamp, Vec<u8>)>, StorageError>;

    /// The version that the first of the latest changes made: as many as are within `count` and `bytes`, and the
    /// latest in any case. `None` if there is no change.
    ///
    /// # Errors
    /// If the storage fails.
    fn recent_from(&self, count: usize, bytes: usize) -> Result<Option<Stamp>, StorageError>;

    /// Adds a change, in parts.
    ///
    /// # Errors
    /// If the storage fails.
    fn append_change(&mut self, version: Stamp, parts: &[&[u8]]) -> Result<(), StorageError>;

    /// The persons that subscribed, in order.
    ///
    /// # Errors
    /// If the storage fails.
    fn subscribers(&self) -> Result<Vec<String>, StorageError>;

    /// Adds a person; one that is there already costs nothing.
    ///
    /// # Errors
    /// If the storage fails.
    fn add_subscriber(&mut self, person: &str) -> Result<(), StorageError>;

    /// Removes a person; one that is not there costs nothing.
    ///
    /// # Errors
    /// If the storage fails.
    fn remove_subscriber(&mut self, person: &str) -> Result<(), StorageError>;
}

/// The storage failed, or what it holds cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// What went wrong, as a sentence.
    Failed(String),
    /// The disk takes no row of that size.
    RowTooLarge,
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StorageError::Failed(why) => write!(f, "{why}"),
            StorageError::RowTooLarge => write!(f, "the disk takes no row of that size"),
        }
    }
}

impl std::error::Error for StorageError {}

/// Cuts bytes into views of at most `limit` bytes; at least one, so that nothing is stored as an empty part.
pub fn cut(bytes: &[u8], limit: usize) -> Vec<&[u8]> {
    if bytes.is_empty() { vec![bytes] } else { bytes.chunks(limit.max(1)).collect() }
}

/// The last version of `newest_first` that is within `count` changes and `bytes` bytes; the first in any case.
///
/// # Errors
/// That of the first item that is one.
pub fn first_within(
    newest_first: impl Iterator<Item = Result<(Stamp, usize), StorageError>>,
    count: usize,
    bytes: usize,
) -> Result<Option<Stamp>, StorageError> {
    let (mut from, mut sum) = (None, 0_usize);
    for change in newest_first.take(count) {
        let (version, size) = change?;
        sum = sum.saturating_add(size);
        if from.is_some() && sum > bytes {
            break;
        }
        from = Some(version);
    }
    Ok(from)
}

/// A disk in memory: for tests, and for tools that replay an entity.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    checkpoint: Vec<Vec<u8>>,
    changes: BTreeMap<Stamp, Vec<u8>>,
    subscribers: BTreeSet<String>,
}

impl Storage for MemoryStorage {
    fn checkpoint(&self) -> Result<Vec<Vec<u8>>, StorageError> {
        Ok(self.checkpoint.clone())
    }

    fn write_checkpoint(&mut self, parts: &[&[u8]]) -> Result<(), StorageError> {
        self.checkpoint = parts.iter().map(|part| part.to_vec()).collect();
        Ok(())
    }

    fn changes_from(&self, version: Stamp) -> Result<Vec<(Stamp, Vec<u8>)>, StorageError> {
        let later = self.changes.range(version..);
        Ok(later.map(|(stamp, bytes)| (*stamp, bytes.clone())).collect())
    }

    fn changes_before(
        &self,
        version: Stamp,
        count: usize,
    ) -> Result<Vec<(Stamp, Vec<u8>)>, StorageError> {
        let earlier = self.changes.range(..version).rev().take(count);
        Ok(earlier.map(|(stamp, bytes)| (*stamp, bytes.clone())).collect())
    }

    fn recent_from(&self, count: usize, bytes: usize) -> Result<Option<Stamp>, StorageError> {
        let sizes = self.changes.iter().rev().map(|(stamp, change)| (*stamp, change.len()));
        first_within(sizes.map(Ok), count, bytes)
    }

    fn append_change(&mut self, version: Stamp, parts: &[&[u8]]) -> Result<(), StorageError> {
        self.changes.insert(version, parts.concat());
        Ok(())
    }

    fn subscribers(&self) -> Result<Vec<String>, StorageError> {
        Ok(self.subscribers.iter().cloned().collect())
    }

    fn add_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        self.subscribers.insert(person.to_owned());
        Ok(())
    }

    fn remove_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        self.subscribers.remove(person);
        Ok(())
    }
}
