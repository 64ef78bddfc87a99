//! A disk that counts what is read and written, and fails at the write that it was told to fail at.

use std::cell::Cell;

use temporal_entity::Stamp;
use temporal_entity_core::storage::{
    Amount, ChangeKey, Changes, Checkpoint, CheckpointHead, Storage, StorageError,
};

/// Another disk, with faults.
#[derive(Clone, Debug, Default)]
pub struct Faulty<S> {
    /// The disk.
    pub inner: S,
    /// How many writes there were, the one that failed included.
    pub writes: usize,
    /// How many rows of changes, checkpoints and requests were read.
    pub rows: Cell<usize>,
    /// The bytes of those rows.
    pub bytes: Cell<usize>,
    /// The number of the write that fails, counted as `writes` counts.
    pub fails_at: Option<usize>,
    /// How it fails; if nothing is set, with [`StorageError::Failed`].
    pub fails_with: Option<StorageError>,
}

impl<S> Faulty<S> {
    /// `inner`, without faults for now.
    pub fn new(inner: S) -> Faulty<S> {
        let (rows, bytes) = (Cell::new(0), Cell::new(0));
        Faulty { inner, writes: 0, rows, bytes, fails_at: None, fails_with: None }
    }

    /// Counts rows that were read.
    fn read(&self, rows: usize, bytes: usize) {
        self.rows.set(self.rows.get() + rows);
        self.bytes.set(self.bytes.get() + bytes);
    }

    fn changes(&self, read: Changes) -> Changes {
        self.read(read.len(), read.iter().map(|(_, bytes)| bytes.len()).sum());
        read
    }

    fn checkpoint(&self, read: Option<Checkpoint>) -> Option<Checkpoint> {
        let bytes = read.iter().flat_map(|checkpoint| &checkpoint.parts).map(Vec::len).sum();
        self.read(1, bytes);
        read
    }

    /// A write to the disk; one that the entity does not make itself, as that of an alarm, comes here as well.
    ///
    /// # Errors
    /// If it is the one that fails.
    pub fn write(&mut self) -> Result<&mut S, StorageError> {
        let number = self.writes;
        self.writes += 1;
        match self.fails_at == Some(number) {
            true => Err(self
                .fails_with
                .clone()
                .unwrap_or_else(|| StorageError::Failed("the disk failed".to_owned()))),
            false => Ok(&mut self.inner),
        }
    }
}

impl<S: Storage> Storage for Faulty<S> {
    fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, StorageError> {
        self.inner.latest_checkpoint().map(|read| self.checkpoint(read))
    }

    fn latest_head(&self) -> Result<Option<CheckpointHead>, StorageError> {
        self.inner.latest_head()
    }

    fn checkpoint_from(&self, version: Stamp) -> Result<Option<Checkpoint>, StorageError> {
        self.inner.checkpoint_from(version).map(|read| self.checkpoint(read))
    }

    fn write_checkpoint(
        &mut self,
        version: Stamp,
        head: &[u8],
        parts: &[&[u8]],
    ) -> Result<(), StorageError> {
        self.write()?.write_checkpoint(version, head, parts)
    }

    fn remove_checkpoint(&mut self, version: Stamp) -> Result<(), StorageError> {
        self.write()?.remove_checkpoint(version)
    }

    fn changes_from(&self, version: Stamp, count: usize) -> Result<Changes, StorageError> {
        self.inner.changes_from(version, count).map(|read| self.changes(read))
    }

    fn changes_before(&self, version: Stamp, count: usize) -> Result<Changes, StorageError> {
        self.inner.changes_before(version, count).map(|read| self.changes(read))
    }

    fn amount_behind(&self, version: Stamp) -> Result<Amount, StorageError> {
        self.inner.amount_behind(version)
    }

    fn recent_from(&self, count: usize, bytes: usize) -> Result<Option<Stamp>, StorageError> {
        self.inner.recent_from(count, bytes)
    }

    fn append_change(&mut self, key: ChangeKey, parts: &[&[u8]]) -> Result<(), StorageError> {
        self.write()?.append_change(key, parts)
    }

    fn keys_after(&self, version: Stamp, count: usize) -> Result<Vec<ChangeKey>, StorageError> {
        let keys = self.inner.keys_after(version, count)?;
        self.read(keys.len(), 0);
        Ok(keys)
    }

    fn paged_through(&self) -> Result<Option<Stamp>, StorageError> {
        self.inner.paged_through()
    }

    fn write_paged_through(&mut self, version: Stamp) -> Result<(), StorageError> {
        self.write()?.write_paged_through(version)
    }

    fn request_pages(
        &self,
        sender: u64,
        page: u64,
        count: usize,
    ) -> Result<Vec<(u64, Vec<u8>)>, StorageError> {
        let pages = self.inner.request_pages(sender, page, count)?;
        self.read(pages.len(), pages.iter().map(|(_, bytes)| bytes.len()).sum());
        Ok(pages)
    }

    fn write_request_page(
        &mut self,
        page: (u64, u64),
        latest: Stamp,
        bytes: &[u8],
    ) -> Result<(), StorageError> {
        self.write()?.write_request_page(page, latest, bytes)
    }

    fn forget_before(&mut self, version: Stamp, most: Amount) -> Result<bool, StorageError> {
        self.write()?.forget_before(version, most)
    }

    fn subscribers(&self) -> Result<Vec<String>, StorageError> {
        self.inner.subscribers()
    }

    fn add_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        self.write()?.add_subscriber(person)
    }

    fn remove_subscriber(&mut self, person: &str) -> Result<(), StorageError> {
        self.write()?.remove_subscriber(person)
    }

    fn silent(&self) -> Result<Vec<(String, Stamp)>, StorageError> {
        self.inner.silent()
    }

    fn write_silence(&mut self, person: &str, since: Option<Stamp>) -> Result<(), StorageError> {
        self.write()?.write_silence(person, since)
    }

    fn stored_bytes(&self) -> Result<u64, StorageError> {
        self.inner.stored_bytes()
    }
}
