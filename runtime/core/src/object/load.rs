//! Waking up: what is known about the latest checkpoint, and the last change. The rest is read when it is needed
//! (`held`).

use std::cell::OnceCell;

use crate::entity::Entity;
use crate::message::Meta;
use crate::object::checkpoint::{Distance, Head, Latest};
use crate::object::log::{Log, LoggedChange};
use crate::object::quota::Usage;
use crate::object::retain::Retention;
use crate::object::{Contents, Present};
use crate::storage::{CheckpointHead, Storage, StorageError};
use crate::time::Stamp;

/// Reads what an object holds.
///
/// # Errors
/// If the storage fails.
pub fn load<T: Entity>(storage: &impl Storage) -> Result<Contents<T>, StorageError> {
    match read(storage) {
        Err(StorageError::Unreadable(why)) => Ok(Contents::Unreadable(why)),
        read => read,
    }
}

fn read<T: Entity>(storage: &impl Storage) -> Result<Contents<T>, StorageError> {
    let Some(CheckpointHead { version, head, bytes }) = storage.latest_head()? else {
        return Ok(Contents::Absent);
    };
    let Head { name, mut meta, mut snapshot, from_kept, .. } = Head::decode(&head)?;
    if name != T::ENTITY {
        return Ok(Contents::Foreign(name));
    }
    let stored_schema = meta.schema_version;
    let known = T::CONFIG.version;
    if stored_schema > known {
        return Err(StorageError::Unreadable(format!(
            "{name}: schema version {stored_schema} wrote this, and the code knows up to {known}: deploy the later one"
        )));
    }
    let behind = storage.amount_behind(version)?;
    let since = Distance { bytes: behind.bytes, changes: behind.changes };
    let mut log = Log::default();
    if let Some((at, stored)) = storage.changes_before(Stamp::END_OF_TIME.after(), 1)?.pop() {
        let change = LoggedChange::decode(at, &stored)?;
        if at > version {
            meta = Meta { compacted: meta.compacted, ..change.meta.clone() };
            snapshot = change.snapshot;
        }
        // What an earlier schema changed means nothing in the present one.
        if change.meta.schema_version == known {
            log.push(change, stored.len());
        }
    }
    if log.last().is_none() {
        log = Log::at(meta.modified);
    }
    meta.schema_version = known;
    let present = Present {
        value: OnceCell::new(),
        meta,
        snapshot,
        log,
        all_recent: false,
        checkpoint: Latest { version, value_bytes: bytes, since, from_kept, must_stay: false },
        stored_schema,
        replay: None,
        retention: Retention::default(),
        usage: Usage::default(),
    };
    if stored_schema != known {
        // Before anybody is answered it is known that the steps lead to the present schema.
        present.value(storage)?;
    }
    Ok(Contents::Present(Box::new(present)))
}
