//! When the value is stored whole, and what is known beside it.

use crate::codec::{decode_own_value, encode_value};
use crate::entity::Entity;
use crate::message::{Meta, text, whole_number};
use crate::object::quota::Written;
use crate::object::{Limits, Present, unreadable};
use crate::storage::{Storage, StorageError, cut};
use crate::time::Stamp;
use crate::value::{MapBuilder, get};

/// Below this, parts are not made smaller to please a disk that refuses them.
const MIN_PART_BYTES: usize = 1024;

/// How far one version is from another: what the changes between them came to, as stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Distance {
    pub bytes: usize,
    pub changes: usize,
}

impl Distance {
    pub fn add(&mut self, bytes: usize) {
        *self = self.and(Distance { bytes, changes: 1 });
    }

    fn and(self, other: Distance) -> Distance {
        Distance {
            bytes: self.bytes.saturating_add(other.bytes),
            changes: self.changes.saturating_add(other.changes),
        }
    }
}

/// The latest checkpoint, and how far from it the entity is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Latest {
    /// The version that it is of.
    pub version: Stamp,
    /// Bytes of the value then.
    pub value_bytes: usize,
    /// From it to the current version.
    pub since: Distance,
    /// To it from the checkpoint before it that stays.
    pub from_kept: Distance,
    /// Whether it has to stay, because it is the last one of an earlier schema.
    pub must_stay: bool,
}

impl Latest {
    /// Whether the changes since have grown so far that storing the value again costs little beside them, or that
    /// reading them back would hold up waking.
    pub fn is_due(&self) -> bool {
        const MIN_BYTES: usize = 64 << 10;
        const MIN_CHANGES: usize = 512;
        // A change is read back in about the time in which so many bytes of the value are.
        const CHANGE_COSTS: usize = 4096;
        self.since.bytes > MIN_BYTES.max(self.value_bytes / 2)
            || self.since.changes > MIN_CHANGES.max(self.value_bytes / CHANGE_COSTS)
    }

    /// Whether it stays when the next one is written. Without it the way back from there to a former value would take
    /// longer than reading the value.
    fn stays(&self) -> bool {
        let way = self.from_kept.and(self.since);
        self.must_stay
            || way.bytes > most_bytes(self.value_bytes)
            || way.changes > most_changes(self.value_bytes)
    }
}

/// The most bytes of changes between two checkpoints that stay: so that the way back to a former value takes about as
/// long as reading the value, and what stays whole takes about as much as the changes.
pub fn most_bytes(value_bytes: usize) -> usize {
    const MIN_BYTES: usize = 64 << 10;
    MIN_BYTES.max(value_bytes)
}

/// The most changes between two checkpoints that stay: as [`most_bytes`], with what a change takes beside its bytes. A
/// value that stays for so many changes comes to at most 1 KiB for each, up to 10 MB.
pub fn most_changes(value_bytes: usize) -> usize {
    const MIN_CHANGES: usize = 1024;
    const MAX_CHANGES: usize = 10_000;
    (value_bytes / 1024).clamp(MIN_CHANGES, MAX_CHANGES)
}

/// What a checkpoint says beside the value.
pub struct Head {
    /// Name of the entity's type.
    pub name: String,
    /// Meta of the version.
    pub meta: Meta,
    /// Which snapshot it belongs to.
    pub snapshot: u64,
    /// The distance from the checkpoint before it that stays.
    pub from_kept: Distance,
    /// What persons wrote on the day of the version.
    pub written: Written,
}

impl Head {
    /// The bytes to store.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, StorageError> {
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let map = MapBuilder::new()
            .put("type", self.name.as_str())
            .put("meta", self.meta.to_value())
            .put("snapshot", self.snapshot)
            .put("bytes", number(self.from_kept.bytes))
            .put("changes", number(self.from_kept.changes))
            .put("written", self.written.to_value());
        encode_value(&map.finish()).map_err(unreadable)
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// If a field is missing.
    pub fn decode(bytes: &[u8]) -> Result<Head, StorageError> {
        let map = decode_own_value(bytes).map_err(unreadable)?;
        let missing = || unreadable("the head of a checkpoint lacks a field");
        let number = |key| get(&map, key).and_then(whole_number).ok_or_else(missing);
        let size = |key| number(key).map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        Ok(Head {
            name: text(&map, "type").ok_or_else(missing)?.to_owned(),
            meta: Meta::from_value(get(&map, "meta").ok_or_else(missing)?).map_err(unreadable)?,
            snapshot: number("snapshot")?,
            from_kept: Distance { bytes: size("bytes")?, changes: size("changes")? },
            written: Written::from_value(get(&map, "written")),
        })
    }
}

impl<T: Entity> Present<T> {
    /// Stores the value whole, which these bytes are, as of the current version. The checkpoint before it goes, unless
    /// it has to stay.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn write_checkpoint(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        value: &[u8],
    ) -> Result<(), StorageError> {
        let (former, version) = (self.checkpoint, self.meta.modified);
        let stays = former.stays();
        let from_kept = if stays { former.since } else { former.from_kept.and(former.since) };
        let mut head = Head {
            name: T::ENTITY.to_owned(),
            meta: self.meta.clone(),
            snapshot: self.snapshot,
            from_kept,
            written: self.usage.written(storage)?.clone(),
        };
        in_parts(value, limits, |parts| {
            let chunks = if parts.len() > 1 { parts.len() } else { 0 };
            head.meta.chunks = u32::try_from(chunks).unwrap_or(u32::MAX);
            storage.write_checkpoint(version, &head.encode()?, parts)
        })?;
        if !stays && former.version != version {
            storage.remove_checkpoint(former.version)?;
        }
        self.usage.stored(value.len());
        self.meta.chunks = head.meta.chunks;
        self.checkpoint =
            Latest { version, value_bytes: value.len(), from_kept, ..Latest::default() };
        Ok(())
    }
}

/// Stores bytes in one row, or cut into several where they do not fit; into smaller ones where the disk refuses those.
///
/// # Errors
/// If `store` fails.
pub fn in_parts(
    bytes: &[u8],
    limits: &Limits,
    mut store: impl FnMut(&[&[u8]]) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let mut limit = limits.part_bytes;
    loop {
        match store(&cut(bytes, limit)) {
            Err(StorageError::RowTooLarge) if limit > MIN_PART_BYTES => {
                limit = (limit / 4).max(MIN_PART_BYTES);
            }
            done => return done,
        }
    }
}
