//! Waking up: the latest checkpoint, the changes behind it, and the recent ones before it.

use crate::entity::Entity;
use crate::message::Meta;
use crate::object::checkpoint::{Head, Latest};
use crate::object::former::Former;
use crate::object::log::{self, Log, LoggedChange};
use crate::object::{Contents, Present};
use crate::storage::{Storage, StorageError};

/// Reads what an object holds.
///
/// # Errors
/// If the storage fails, or holds what this release cannot read.
pub fn load<T: Entity>(storage: &impl Storage) -> Result<Contents<T>, StorageError> {
    let Some(checkpoint) = storage.latest_checkpoint()? else {
        return Ok(Contents::Absent);
    };
    let Head { name, mut meta, mut snapshot, from_kept } = Head::decode(&checkpoint.head)?;
    if name != T::ENTITY {
        return Ok(Contents::Foreign(name));
    }
    let stored_schema = meta.schema_version;
    let known = T::CONFIG.version;
    if stored_schema > known {
        return Err(StorageError::Failed(format!(
            "{name}: schema version {stored_schema} wrote this, and the code knows up to {known}: deploy the later one"
        )));
    }
    let mut latest = Latest {
        version: checkpoint.version,
        value_bytes: checkpoint.parts.iter().map(Vec::len).sum(),
        from_kept,
        ..Latest::default()
    };
    let recent = storage.recent_from(log::MAX_CHANGES, log::MAX_BYTES)?;
    let from = recent.unwrap_or(latest.version).min(latest.version);
    let mut former = Former::read(checkpoint, stored_schema)?;
    let mut log = Log::default();
    for (version, bytes) in storage.changes_from(from, usize::MAX)? {
        let change = LoggedChange::decode(version, &bytes)?;
        if version > latest.version {
            former.apply(change.diff.clone())?;
            meta = Meta { compacted: meta.compacted, ..change.meta.clone() };
            snapshot = change.snapshot;
            latest.since.add(bytes.len());
        }
        // What an earlier schema changed means nothing in the present one.
        if change.meta.schema_version == known {
            log.push(change, bytes.len());
        }
    }
    if log.last().is_none() {
        log = Log::at(meta.modified);
    }
    meta.schema_version = known;
    Ok(Contents::Present(Box::new(Present {
        value: former.into_value()?,
        meta,
        snapshot,
        log,
        checkpoint: latest,
        stored_schema,
        senders: None,
        retained_at: None,
    })))
}
