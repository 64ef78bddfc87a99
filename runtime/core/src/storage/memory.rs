//! A disk in memory: for tests, and for tools that replay an entity.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Amount, ChangeKey, Changes, Checkpoint, CheckpointHead, Storage, StorageError, first_within,
    removal_end,
};
use crate::time::Stamp;

/// A disk in memory. A clone of it is a copy.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    checkpoints: BTreeMap<Stamp, Checkpoint>,
    changes: BTreeMap<Stamp, (ChangeKey, Vec<u8>)>,
    /// Pages of requests, by sender and number, each with the newest version in it.
    pages: BTreeMap<(u64, u64), (Stamp, Vec<u8>)>,
    paged_through: Option<Stamp>,
    subscribers: BTreeSet<String>,
    silent: BTreeMap<String, Stamp>,
    row_limit: Option<usize>,
    /// Bytes of everything above, as a running sum.
    bytes: u64,
    capacity: Option<u64>,
}

impl MemoryStorage {
    /// An empty disk that takes rows of at most so many bytes.
    pub fn with_row_limit(bytes: usize) -> MemoryStorage {
        MemoryStorage { row_limit: Some(bytes), ..MemoryStorage::default() }
    }

    /// The versions of which the value is stored whole, in order.
    pub fn checkpoints(&self) -> Vec<Stamp> {
        self.checkpoints.keys().copied().collect()
    }

    /// The versions whose changes are stored, in order.
    pub fn changes(&self) -> Vec<Stamp> {
        self.changes.keys().copied().collect()
    }

    /// Sets how many bytes the disk holds. A write beyond them fails with [`StorageError::Full`].
    pub fn set_capacity(&mut self, bytes: Option<u64>) {
        self.capacity = bytes;
    }

    fn check_rows(&self, parts: &[&[u8]]) -> Result<(), StorageError> {
        let fits = |part: &&[u8]| self.row_limit.is_none_or(|limit| part.len() <= limit);
        if parts.iter().all(fits) { Ok(()) } else { Err(StorageError::RowTooLarge) }
    }

    /// Counts what a write puts in the place of `before` bytes.
    fn take_room(&mut self, before: usize, after: usize) -> Result<(), StorageError> {
        let [before, after] = [before, after].map(|bytes| u64::try_from(bytes).unwrap_or(u64::MAX));
        let bytes = self.bytes.saturating_sub(before).saturating_add(after);
        if after > before && self.capacity.is_some_and(|capacity| bytes > capacity) {
            return Err(StorageError::Full);
        }
        self.bytes = bytes;
        Ok(())
    }

    fn give_back(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}

/// What a row takes beside its blobs.
const ROW_BYTES: usize = 32;

fn checkpoint_bytes(checkpoint: &Checkpoint) -> usize {
    let parts = checkpoint.parts.iter().map(Vec::len).fold(0, usize::saturating_add);
    parts.saturating_add(checkpoint.head.len()).saturating_add(ROW_BYTES)
}

fn row_bytes(bytes: usize) -> usize {
    bytes.saturating_add(ROW_BYTES)
}

fn person_bytes(person: &str) -> usize {
    person.len().saturating_add(ROW_BYTES)
}

fn pieces<'a>(
    changes: impl Iterator<Item = (&'a Stamp, &'a (ChangeKey, Vec<u8>))>,
    count: usize,
) -> Changes {
    changes.take(count).map(|(version, (_, bytes))| (*version, bytes.clone())).collect()
}

impl Storage for MemoryStorage {
    fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, StorageError> {
        Ok(self.checkpoints.values().next_back().cloned())
    }

    fn latest_head(&self) -> Result<Option<CheckpointHead>, StorageError> {
        Ok(self.checkpoints.values().next_back().map(|checkpoint| CheckpointHead {
            version: checkpoint.version,
            head: checkpoint.head.clone(),
            bytes: checkpoint.parts.iter().map(Vec::len).sum(),
        }))
    }

    fn checkpoint_from(&self, version: Stamp) -> Result<Option<Checkpoint>, StorageError> {
        Ok(self.checkpoints.range(version..).next().map(|(_, checkpoint)| checkpoint.clone()))
    }

    fn write_checkpoint(
        &mut self,
        version: Stamp,
        head: &[u8],
        parts: &[&[u8]],
    ) -> Result<(), StorageError> {
        self.check_rows(parts)?;
        let parts = parts.iter().map(|part| part.to_vec()).collect();
        let checkpoint = Checkpoint { version, head: head.to_vec(), parts };
        let before = self.checkpoints.get(&version).map_or(0, checkpoint_bytes);
        self.take_room(before, checkpoint_bytes(&checkpoint))?;
        self.checkpoints.insert(version, checkpoint);
        Ok(())
    }

    fn remove_checkpoint(&mut self, version: Stamp) -> Result<(), StorageError> {
        if let Some(gone) = self.checkpoints.remove(&version) {
            self.give_back(checkpoint_bytes(&gone));
        }
        Ok(())
    }

    fn changes_from(&self, version: Stamp, count: usize) -> Result<Changes, StorageError> {
        Ok(pieces(self.changes.range(version..), count))
    }

    fn changes_before(&self, version: Stamp, count: usize) -> Result<Changes, StorageError> {
        Ok(pieces(self.changes.range(..version).rev(), count))
    }

    fn amount_behind(&self, version: Stamp) -> Result<Amount, StorageError> {
        let behind = self.changes.range(version.after()..);
        Ok(behind.fold(Amount::default(), |sum, (_, (_, change))| Amount {
            changes: sum.changes.saturating_add(1),
            bytes: sum.bytes.saturating_add(change.len()),
        }))
    }

    fn recent_from(&self, count: usize, bytes: usize) -> Result<Option<Stamp>, StorageError> {
        let sizes = self.changes.iter().rev().map(|(stamp, (_, change))| (*stamp, change.len()));
        first_within(sizes.map(Ok), count, bytes)
    }

    fn append_change(&mut self, key: ChangeKey, parts: &[&[u8]]) -> Result<(), StorageError> {
        self.check_rows(parts)?;
        let bytes = parts.concat();
        let before = self.changes.get(&key.version).map_or(0, |(_, old)| row_bytes(old.len()));
        self.take_room(before, row_bytes(bytes.len()))?;
        self.changes.insert(key.version, (key, bytes));
        Ok(())
    }

    fn keys_after(&self, version: Stamp, count: usize) -> Result<Vec<ChangeKey>, StorageError> {
        let behind = self.changes.range(version.after()..).rev();
        Ok(behind.take(count).map(|(_, (key, _))| *key).collect())
    }

    fn paged_through(&self) -> Result<Option<Stamp>, StorageError> {
        Ok(self.paged_through)
    }

    fn write_paged_through(&mut self, version: Stamp) -> Result<(), StorageError> {
        self.paged_through = Some(version);
        Ok(())
    }

    fn request_pages(
        &self,
        sender: u64,
        page: u64,
        count: usize,
    ) -> Result<Vec<(u64, Vec<u8>)>, StorageError> {
        let pages = self.pages.range((sender, page)..=(sender, u64::MAX)).take(count);
        Ok(pages.map(|((_, page), (_, bytes))| (*page, bytes.clone())).collect())
    }

    fn write_request_page(
        &mut self,
        page: (u64, u64),
        latest: Stamp,
        bytes: &[u8],
    ) -> Result<(), StorageError> {
        let before = self.pages.get(&page).map_or(0, |(_, old)| row_bytes(old.len()));
        self.take_room(before, row_bytes(bytes.len()))?;
        self.pages.insert(page, (latest, bytes.to_vec()));
        Ok(())
    }

    fn forget_before(&mut self, version: Stamp, most: Amount) -> Result<bool, StorageError> {
        let old = self.changes.range(..version).take(most.changes.saturating_add(1));
        let old = old.map(|(old, (_, bytes))| (*old, bytes.len()));
        let (end, is_more) = removal_end(old, version, most);
        let kept = self.changes.split_off(&end);
        for (_, bytes) in std::mem::replace(&mut self.changes, kept).into_values() {
            self.give_back(row_bytes(bytes.len()));
        }
        let old = self.pages.extract_if(.., |_, (latest, _)| *latest < end);
        let gone = old.map(|(_, (_, bytes))| row_bytes(bytes.len())).sum();
        self.give_back(gone);
        let latest = self.checkpoints.keys().next_back().copied();
        let goes = |stored: &Stamp| *stored < end && Some(*stored) != latest;
        let gone: Vec<Stamp> = self.checkpoints.keys().copied().filter(goes).collect();
        gone.into_iter().try_for_each(|version| self.remove_checkpoint(version))?;
        Ok(is_more)
    }

    fn subscribers(&self) -> Result<Vec<String>, StorageError> {
        Ok(self.subscribers.iter().cloned().collect())
    }

    fn add_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        if !self.subscribers.contains(person) {
            self.take_room(0, person_bytes(person))?;
            self.subscribers.insert(person.to_owned());
        }
        Ok(())
    }

    fn remove_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        if self.subscribers.remove(person) {
            self.give_back(person_bytes(person));
        }
        Ok(())
    }

    fn silent(&self) -> Result<Vec<(String, Stamp)>, StorageError> {
        Ok(self.silent.iter().map(|(person, since)| (person.clone(), *since)).collect())
    }

    fn write_silence(&mut self, person: &str, since: Option<Stamp>) -> Result<(), StorageError> {
        match since {
            Some(since) => {
                if !self.silent.contains_key(person) {
                    self.take_room(0, person_bytes(person))?;
                }
                self.silent.insert(person.to_owned(), since);
            }
            None if self.silent.remove(person).is_some() => self.give_back(person_bytes(person)),
            None => {}
        }
        Ok(())
    }

    fn stored_bytes(&self) -> Result<u64, StorageError> {
        Ok(self.bytes)
    }
}
