//! What an entity machine needs of a disk. All calls are synchronous, and those of one request belong to one
//! transaction that the host opens and, on any error, rolls back.

mod memory;

use std::fmt;

use crate::time::Stamp;

pub use self::memory::MemoryStorage;

/// The largest part of a value that is stored in one row: under the 2 MB that the platform allows for a row.
pub const MAX_PART_BYTES: usize = 1_900_000;

/// How many numbers of a sender's requests one page has.
pub const REQUESTS_IN_PAGE: u64 = 1 << 10;

/// A value that was stored whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The version that it is of.
    pub version: Stamp,
    /// What is known about it, as the machine wrote it.
    pub head: Vec<u8>,
    /// The bytes of the value, in parts.
    pub parts: Vec<Vec<u8>>,
}

impl Checkpoint {
    /// The bytes of the value in one piece.
    pub fn into_value(self) -> Vec<u8> {
        let size = self.parts.iter().fold(0_usize, |size, part| size.saturating_add(part.len()));
        let mut parts = self.parts.into_iter();
        let mut bytes = parts.next().unwrap_or_default();
        bytes.reserve_exact(size.saturating_sub(bytes.len()));
        // One after the other leaves its room to the next.
        parts.for_each(|part| bytes.extend(part));
        bytes
    }
}

/// What is known about a value that was stored whole, without the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointHead {
    /// The version that it is of.
    pub version: Stamp,
    /// What is known about it, as the machine wrote it.
    pub head: Vec<u8>,
    /// How many bytes the value has.
    pub bytes: usize,
}

/// How much some changes come to, as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// How many there are.
    pub changes: usize,
    /// Their bytes.
    pub bytes: usize,
}

/// Changes with the versions that they made, each in one piece.
pub type Changes = Vec<(Stamp, Vec<u8>)>;

/// Where a change belongs, beside its bytes: small numbers, so that a disk finds it without reading them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeKey {
    /// The version that it made.
    pub version: Stamp,
    /// Who sent it: a hash, below 2^63.
    pub sender: u64,
    /// The sender's number for it, below 2^53.
    pub request: u64,
}

/// The disk of one entity.
///
/// A value is stored as a checkpoint and the changes behind it. The changes before it stay, and some of the
/// checkpoints before it, so that a former value is found by going back from the next one. All are cut into parts where
/// they are larger than a row may be.
pub trait Storage {
    /// The latest checkpoint; `None` if the entity was never created.
    ///
    /// # Errors
    /// If the storage fails.
    fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, StorageError>;

    /// As [`Storage::latest_checkpoint`], without reading the value.
    ///
    /// # Errors
    /// If the storage fails.
    fn latest_head(&self) -> Result<Option<CheckpointHead>, StorageError>;

    /// The first checkpoint of this or a later version.
    ///
    /// # Errors
    /// If the storage fails.
    fn checkpoint_from(&self, version: Stamp) -> Result<Option<Checkpoint>, StorageError>;

    /// Stores a checkpoint beside those that are there. Parts that an attempt with larger ones left are replaced.
    ///
    /// # Errors
    /// If the storage fails, or takes no row of that size.
    fn write_checkpoint(
        &mut self,
        version: Stamp,
        head: &[u8],
        parts: &[&[u8]],
    ) -> Result<(), StorageError>;

    /// Removes the checkpoint of a version; one that is not there costs nothing.
    ///
    /// # Errors
    /// If the storage fails.
    fn remove_checkpoint(&mut self, version: Stamp) -> Result<(), StorageError>;

    /// The changes from a version on, the oldest first, at most `count` of them.
    ///
    /// # Errors
    /// If the storage fails.
    fn changes_from(&self, version: Stamp, count: usize) -> Result<Changes, StorageError>;

    /// The latest changes before a version, the newest first, at most `count` of them.
    ///
    /// # Errors
    /// If the storage fails.
    fn changes_before(&self, version: Stamp, count: usize) -> Result<Changes, StorageError>;

    /// How much the changes behind a version come to.
    ///
    /// # Errors
    /// If the storage fails.
    fn amount_behind(&self, version: Stamp) -> Result<Amount, StorageError>;

    /// The version that the first of the latest changes made: as many as are within `count` and `bytes`, and the
    /// latest in any case. `None` if there is no change.
    ///
    /// # Errors
    /// If the storage fails.
    fn recent_from(&self, count: usize, bytes: usize) -> Result<Option<Stamp>, StorageError>;

    /// Adds a change, in parts. Parts that an attempt with larger ones left are replaced.
    ///
    /// # Errors
    /// If the storage fails, or takes no row of that size.
    fn append_change(&mut self, key: ChangeKey, parts: &[&[u8]]) -> Result<(), StorageError>;

    /// Where the latest changes belong that were made after a version, the newest first, at most `count` of them.
    ///
    /// # Errors
    /// If the storage fails.
    fn keys_after(&self, version: Stamp, count: usize) -> Result<Vec<ChangeKey>, StorageError>;

    /// The version up to which the requests of all changes are in pages; `None` if there are no pages.
    ///
    /// # Errors
    /// If the storage fails.
    fn paged_through(&self) -> Result<Option<Stamp>, StorageError>;

    /// Notes [`Storage::paged_through`].
    ///
    /// # Errors
    /// If the storage fails.
    fn write_paged_through(&mut self, version: Stamp) -> Result<(), StorageError>;

    /// The pages of a sender's requests from one on, each with its number, at most `count` of them.
    ///
    /// # Errors
    /// If the storage fails.
    fn request_pages(
        &self,
        sender: u64,
        page: u64,
        count: usize,
    ) -> Result<Vec<(u64, Vec<u8>)>, StorageError>;

    /// Adds or replaces a page of a sender's requests, by the sender and its number. `latest` is the newest version in it:
    /// the page goes with the change that made it.
    ///
    /// # Errors
    /// If the storage fails.
    fn write_request_page(
        &mut self,
        page: (u64, u64),
        latest: Stamp,
        bytes: &[u8],
    ) -> Result<(), StorageError>;

    /// Removes the oldest changes before a version, as many as are within `most` and one in any case, and the
    /// checkpoints and pages of requests that are older than what is left, but never the latest checkpoint. Returns whether changes before the version are left.
    ///
    /// # Errors
    /// If the storage fails.
    fn forget_before(&mut self, version: Stamp, most: Amount) -> Result<bool, StorageError>;

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

    /// The persons that are not to be reached, and since when.
    ///
    /// # Errors
    /// If the storage fails.
    fn silent(&self) -> Result<Vec<(String, Stamp)>, StorageError>;

    /// Notes since when a person is not to be reached, or that it is.
    ///
    /// # Errors
    /// If the storage fails.
    fn write_silence(&mut self, person: &str, since: Option<Stamp>) -> Result<(), StorageError>;

    /// Returns how many bytes the object takes on the disk, without looking at its rows.
    ///
    /// # Errors
    /// If the storage fails.
    fn stored_bytes(&self) -> Result<u64, StorageError>;
}

/// The storage failed, or what it holds cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// What went wrong, as a sentence.
    Failed(String),
    /// The disk takes no row of that size.
    RowTooLarge,
    /// The disk is full. The transaction was rolled back, and what was stored before can be read.
    Full,
    /// This release cannot read what is stored; with the reason as a sentence. Trying again does not help.
    Unreadable(String),
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StorageError::Failed(why) | StorageError::Unreadable(why) => write!(f, "{why}"),
            StorageError::RowTooLarge => write!(f, "the disk takes no row of that size"),
            StorageError::Full => write!(f, "the disk is full"),
        }
    }
}

impl std::error::Error for StorageError {}

/// Cuts bytes into views of at most `limit` bytes; at least one, so that nothing is stored as an empty part.
pub fn cut(bytes: &[u8], limit: usize) -> Vec<&[u8]> {
    if bytes.is_empty() { vec![bytes] } else { bytes.chunks(limit.max(1)).collect() }
}

/// Where a removal of changes before `version` ends that is to stay within `most`: the version up to which changes go, and
/// whether there are more. `oldest_first` are the sizes of these changes, one more of them than `most` allows.
pub fn removal_end(
    oldest_first: impl IntoIterator<Item = (Stamp, usize)>,
    version: Stamp,
    most: Amount,
) -> (Stamp, bool) {
    let mut sum = Amount::default();
    for (change, bytes) in oldest_first {
        let is_first = sum.changes == 0;
        sum.changes = sum.changes.saturating_add(1);
        sum.bytes = sum.bytes.saturating_add(bytes);
        if !is_first && (sum.changes > most.changes || sum.bytes > most.bytes) {
            return (change, true);
        }
    }
    (version, false)
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
