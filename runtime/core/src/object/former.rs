//! A value that is read from the disk: in its type, or as a tree where an earlier schema wrote it.

use ciborium::Value;

use crate::codec::{decode_own_value, decode_typed};
use crate::entity::Entity;
use crate::field::{Patch, read};
use crate::object::callbacks::migrate;
use crate::object::checkpoint::Head;
use crate::object::log::LoggedChange;
use crate::object::unreadable;
use crate::patch;
use crate::storage::{Checkpoint, Storage, StorageError};

/// A value of the current schema, or of an earlier one.
pub enum Former<T> {
    /// Of the current one.
    Typed(T),
    /// The tree of a value, and the schema version that wrote it.
    Tree(Value, u32),
}

impl<T: Entity> Former<T> {
    /// The value of a checkpoint that schema version `schema` wrote.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(checkpoint: Checkpoint, schema: u32) -> Result<Former<T>, StorageError> {
        if schema == T::CONFIG.version {
            decode_typed(checkpoint.parts).map(Former::Typed).map_err(unreadable)
        } else {
            let tree = decode_own_value(&checkpoint.parts.concat()).map_err(unreadable)?;
            Ok(Former::Tree(tree, schema))
        }
    }

    /// Applies a stored diff, or what undoes one.
    ///
    /// # Errors
    /// If it does not fit.
    pub fn apply(&mut self, patch: Value) -> Result<(), StorageError> {
        match self {
            Former::Typed(value) => {
                value.apply(<T as Entity>::Diff::from_value(patch).map_err(unreadable)?);
            }
            Former::Tree(tree, _) => {
                patch::apply(tree, &patch).map_err(|misfit| unreadable(misfit.to_string()))?;
            }
        }
        Ok(())
    }

    /// The value in the current schema.
    ///
    /// # Errors
    /// If a step of the migration fails.
    pub fn into_value(self) -> Result<T, StorageError> {
        match self {
            Former::Typed(value) => Ok(value),
            Former::Tree(tree, schema) => read(migrate::<T>(tree, schema)?).map_err(unreadable),
        }
    }
}

/// The current value as an earlier schema wrote it, with the meta of its version.
///
/// # Errors
/// If the storage fails, or holds something else.
pub fn as_written<T: Entity>(storage: &impl Storage) -> Result<(Former<T>, Head), StorageError> {
    let checkpoint = storage.latest_checkpoint()?.ok_or_else(|| unreadable("it is gone"))?;
    let mut head = Head::decode(&checkpoint.head)?;
    let behind = checkpoint.version.after();
    let mut former = Former::read(checkpoint, head.meta.schema_version)?;
    let mut last = None;
    // One at a time leaves its room to the next.
    for (version, bytes) in storage.changes_from(behind, usize::MAX)? {
        former.apply(LoggedChange::decode_diff(&bytes)?)?;
        head.written.add(version, &LoggedChange::person(&bytes)?, bytes.len());
        last = Some((version, bytes));
    }
    if let Some((version, bytes)) = last {
        let last = LoggedChange::decode_head(version, &bytes)?;
        (head.snapshot, head.meta) = (last.snapshot, last.meta);
    }
    Ok((former, head))
}
