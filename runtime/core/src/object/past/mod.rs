//! Reading the past.
//!
//! Every change is stored with what undoes it, and now and then the value is stored whole: a former value is the next
//! one that is whole, with the changes between them taken back. Where nobody needs it in its type that is done on bytes.

mod history;
mod transition;
mod walk;

use std::cell::OnceCell;

use ciborium::Value;

use crate::codec::with_short_times;
use crate::entity::Entity;
use crate::field::Patch;
use crate::message::{Meta, PastQuery, Reason, Reply, Request, Token};
use crate::object::checkpoint::{Head, most_bytes, most_changes};
use crate::object::former::{Former, as_written};
use crate::object::held::MAX_PATCHES;
use crate::object::log::LoggedChange;
use crate::object::plan::Checked;
use crate::object::request::{deleted, internal, malformed_token};
use crate::object::{Present, unreadable};
use crate::patch::{apply_encoded, empty};
use crate::schema::encode_typed;
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

pub use self::walk::end_of_snapshot;
use self::walk::{Changes, Outline, Read, Snapshot, Snapshots, Walk};

/// The largest value of which there may be several in one piece each. The memory of wasm is not moved: for a large piece
/// there is often no room between others.
const MAX_JOINED: usize = 4 << 20;

impl<T: Entity> Present<T> {
    /// `get` with `asOf`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn read_as_of(
        &mut self,
        storage: &impl Storage,
        request: &Request,
    ) -> Result<Reply, StorageError> {
        let Token::At(instant) = request.past.as_of else {
            return Ok(malformed_token("asOf"));
        };
        if request.if_modified_since != Token::Missing {
            let message = "`asOf` and `ifModifiedSince` do not go together";
            return Ok(Reply::refusal(400, Reason::Malformed, message));
        }
        let (mut snapshots, outline) = match self.snapshot_as_of(storage, instant)? {
            Ok(found) => found,
            Err(refusal) => return Ok(*refusal),
        };
        let end = outline.meta.modified;
        let snapshot = self.opened(storage, &mut snapshots, outline)?;
        let (encoded, meta) = match self.encoded_as_of(storage, end)? {
            Some(encoded) => (encoded, snapshot.meta),
            None => {
                let former = self.former(storage, end)?;
                let (value, snapshot) = self.in_present_schema(former, snapshot)?;
                (encode_typed(&value, self.room()).map_err(unreadable)?, snapshot.meta)
            }
        };
        Ok(Reply { encoded: Some(encoded), ..Reply::ok(200).with_meta(&meta) })
    }

    /// `changes`: the diff between the values as of two instants, in either order.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn read_changes(
        &self,
        storage: &impl Storage,
        query: &PastQuery,
    ) -> Result<Reply, StorageError> {
        let (from, to) = match (query.from, query.to) {
            (Token::Malformed, _) => return Ok(malformed_token("from")),
            (_, Token::Malformed) => return Ok(malformed_token("to")),
            (Token::At(from), Token::At(to)) => (from, to),
            _ => {
                let message = "`changes` needs the instants `from` and `to`";
                return Ok(Reply::refusal(400, Reason::Malformed, message));
            }
        };
        let (before, after) = (self.value_as_of(storage, from)?, self.value_as_of(storage, to)?);
        let ((before, earlier), (after, meta)) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (Err(refusal), Ok(_)) | (Ok(_), Err(refusal)) => return Ok(*refusal),
            (Err(first), Err(second)) => {
                // That there was nothing says more than that it was deleted, and the later deletion more than the other.
                let says_less = first.reason == Some(Reason::Deleted)
                    && (second.reason != Some(Reason::Deleted) || from <= to);
                return Ok(if says_less { *second } else { *first });
            }
        };
        let since = earlier.modified;
        let diff = difference(&before, &after);
        Ok(Reply { since: Some(since), diff: Some(diff), ..Reply::ok(200).with_meta(&meta) })
    }

    /// The value as of an instant, and the meta of its snapshot.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn value_as_of(
        &self,
        storage: &impl Storage,
        instant: Stamp,
    ) -> Result<Checked<(T, Meta)>, StorageError> {
        let meta = match self.snapshot_as_of(storage, instant)? {
            Ok((_, outline)) => outline.meta,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let value = self.former(storage, meta.modified)?.into_value()?;
        Ok(Ok((value, Meta { schema_version: T::CONFIG.version, ..meta })))
    }

    /// The snapshot as of an instant, and the snapshots of which it is the first.
    ///
    /// # Errors
    /// If the storage fails.
    fn snapshot_as_of<'a, S: Storage>(
        &self,
        storage: &'a S,
        instant: Stamp,
    ) -> Result<Checked<(Snapshots<'a, S>, Outline)>, StorageError> {
        let floor = self.meta.compacted;
        if let Some(floor) = floor.filter(|floor| instant < *floor) {
            return Ok(Err(Box::new(compacted(floor))));
        }
        let end = if instant >= self.meta.valid_from {
            Some(self.meta.modified)
        } else {
            end_of_snapshot(storage, instant, floor)?
        };
        let Some(end) = end else { return Ok(Err(Box::new(not_yet()))) };
        let mut snapshots = Snapshots::before(storage, end.after(), floor)?;
        let Some(outline) = snapshots.next()? else {
            return Ok(Err(Box::new(internal())));
        };
        if outline.meta.deleted {
            // A deletion changes no value: there is nothing else to bring into the present schema.
            let snapshot = self.opened(storage, &mut snapshots, outline)?;
            let meta = Meta { schema_version: T::CONFIG.version, ..snapshot.meta };
            return Ok(Err(Box::new(deleted(&meta))));
        }
        Ok(Ok((snapshots, outline)))
    }

    /// The snapshot that was found last, with what it changed.
    ///
    /// # Errors
    /// If the storage fails.
    fn opened<S: Storage>(
        &self,
        storage: &S,
        snapshots: &mut Snapshots<'_, S>,
        outline: Outline,
    ) -> Result<Snapshot, StorageError> {
        if outline.is_first {
            return Ok(Snapshot::of(outline));
        }
        let Some(Changes { since, diff, undo }) = snapshots.changes(self.most_composed())? else {
            return self.by_its_values(storage, outline);
        };
        let previous_values = since.map(|_| Box::new(undo.clone()));
        let meta = Meta { previous_values, ..outline.meta };
        Ok(Snapshot { meta, since, diff, undo, is_by_values: false })
    }

    /// As many changes of a snapshot are composed as are about as far apart as two checkpoints are.
    fn most_composed(&self) -> Read {
        let bytes = self.checkpoint.value_bytes;
        Read { changes: most_changes(bytes), bytes: most_bytes(bytes) }
    }

    /// A snapshot of very many changes: what it changed is what its value and the one before it differ in. So it takes
    /// what it takes to read the two, and not longer for more changes.
    ///
    /// # Errors
    /// If the storage fails.
    fn by_its_values(
        &self,
        storage: &impl Storage,
        outline: Outline,
    ) -> Result<Snapshot, StorageError> {
        let Outline { meta, .. } = outline;
        let first = storage.changes_from(meta.valid_from, 1)?.pop();
        let first = first.map(|(version, bytes)| LoggedChange::decode_head(version, &bytes));
        let Some(since) = first.transpose()?.and_then(|first| first.since) else {
            return Err(unreadable(format!(
                "the snapshot of {} has no beginning",
                meta.valid_from
            )));
        };
        let after = self.former(storage, meta.modified)?.into_value()?;
        let before = self.former(storage, since)?.into_value()?;
        let (diff, undo) = (difference(&before, &after), difference(&after, &before));
        let previous_values = Some(Box::new(undo.clone()));
        let meta = Meta { schema_version: T::CONFIG.version, previous_values, ..meta };
        Ok(Snapshot { meta, since: Some(since), diff, undo, is_by_values: true })
    }

    /// The value of a version that there was, in the schema that wrote it.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn former(&self, storage: &impl Storage, end: Stamp) -> Result<Former<T>, StorageError> {
        let (mut former, whole_at) = match storage.checkpoint_from(end)? {
            Some(checkpoint) => {
                let version = checkpoint.version;
                let schema = Head::decode(&checkpoint.head)?.meta.schema_version;
                (Former::read(checkpoint, schema)?, version)
            }
            None if self.stored_schema == T::CONFIG.version => {
                (Former::Typed(self.value(storage)?.copy()), self.meta.modified)
            }
            None => (as_written(storage)?.0, self.meta.modified),
        };
        walk_back(storage, whole_at, end, |change| {
            former.apply(LoggedChange::decode_undo(change)?).map(|()| true)
        })?;
        Ok(former)
    }

    /// The bytes of the value of a version that there was. `None` if it takes another value of its type, or steps to the
    /// present schema.
    ///
    /// # Errors
    /// If the storage fails.
    fn encoded_as_of(
        &mut self,
        storage: &impl Storage,
        end: Stamp,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let is_large = self.room() > MAX_JOINED;
        let is_next = self.checkpoint.version < end && self.stored_schema == T::CONFIG.version;
        match is_next && (is_large || self.value.get().is_some()) {
            true => self.encoded_in_place(storage, end),
            false if is_large => Ok(None),
            false => self.former_encoded(storage, end),
        }
    }

    /// As [`Present::encoded_as_of`], made of the bytes of another version: nothing becomes a value of its type.
    ///
    /// # Errors
    /// If the storage fails.
    fn former_encoded(
        &self,
        storage: &impl Storage,
        end: Stamp,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let known = T::CONFIG.version;
        let (bytes, whole_at) = match storage.checkpoint_from(end)? {
            Some(checkpoint) => {
                if Head::decode(&checkpoint.head)?.meta.schema_version != known {
                    return Ok(None);
                }
                let version = checkpoint.version;
                (checkpoint.into_value(), version)
            }
            None if self.stored_schema == known => (self.encoded(storage)?, self.meta.modified),
            None => return Ok(None),
        };
        let (mut undo, mut size) = (Vec::new(), 0_usize);
        let is_there = walk_back(storage, whole_at, end, |change| {
            size = size.saturating_add(change.len());
            let fits = size <= MAX_PATCHES;
            if fits {
                undo.push(LoggedChange::decode_undo(change)?);
            }
            Ok(fits)
        })?;
        let former = match (is_there, undo.as_slice()) {
            (false, _) => None,
            (true, []) => Some(bytes),
            (true, undo) => apply_encoded(&T::KIND, &bytes, undo, bytes.len().saturating_add(size)),
        };
        Ok(former.map(with_short_times))
    }

    /// As [`Present::encoded_as_of`]: the present value is taken back to the former one and brought here again, so that
    /// there are never two of them.
    ///
    /// # Errors
    /// If the storage fails.
    fn encoded_in_place(
        &mut self,
        storage: &impl Storage,
        end: Stamp,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        self.value(storage)?;
        // Until it is as it was it has no place here: who needs it after an error reads it again.
        let Some(mut value) = self.value.take() else { return Ok(None) };
        let mut redo = Vec::new();
        walk_back(storage, self.meta.modified, end, |change| {
            let undo = LoggedChange::decode_undo(change)?;
            redo.push(value.apply(<T as Entity>::Diff::from_value(undo).map_err(unreadable)?));
            Ok(true)
        })?;
        let encoded = encode_typed(&value, self.room()).map_err(unreadable)?;
        while let Some(change) = redo.pop() {
            value.apply(change);
        }
        self.value = OnceCell::from(value);
        Ok(Some(encoded))
    }

    /// A value and the snapshot that ends with it, as the present schema has them: what an earlier one wrote is brought
    /// there, what its changes replaced as well.
    ///
    /// # Errors
    /// If a step of the migration fails.
    fn in_present_schema(
        &self,
        former: Former<T>,
        mut snapshot: Snapshot,
    ) -> Result<(T, Snapshot), StorageError> {
        // Two values are compared in the present schema.
        let is_earlier = snapshot.meta.schema_version != T::CONFIG.version;
        if let Former::Tree(tree, schema) = &former
            && is_earlier
        {
            snapshot.meta.schema_version = T::CONFIG.version;
            if snapshot.since.is_some() {
                let mut before = Former::<T>::Tree(tree.clone(), *schema);
                before.apply(snapshot.undo)?;
                let (before, after) = (before.into_value()?, former.into_value()?);
                snapshot.undo = difference(&after, &before);
                snapshot.diff = difference(&before, &after);
                snapshot.meta.previous_values = Some(Box::new(snapshot.undo.clone()));
                return Ok((after, snapshot));
            }
        }
        Ok((former.into_value()?, snapshot))
    }
}

/// Goes back from one version to an earlier one. `step` is given each change on the way as it is stored, the latest first,
/// and says whether to go on; whether it always did.
fn walk_back(
    storage: &impl Storage,
    from: Stamp,
    to: Stamp,
    mut step: impl FnMut(&[u8]) -> Result<bool, StorageError>,
) -> Result<bool, StorageError> {
    let mut walk = Walk::before(storage, from.after(), None);
    let mut at = from;
    while at > to {
        // The change that made `to` may be gone: the one after it tells that it was there.
        let next = walk.step()?.filter(|(version, _)| *version == at);
        let Some((_, change)) = next else {
            return Err(unreadable(format!("the way back to {to} has a gap")));
        };
        if !step(&change)? {
            return Ok(false);
        }
        let Some(before) = LoggedChange::since(&change)? else { break };
        at = before;
    }
    match at == to {
        true => Ok(true),
        false => Err(unreadable(format!("the way back misses {to}"))),
    }
}

/// What leads from one value to another, empty if they are the same.
pub fn difference<T: Entity>(from: &T, to: &T) -> Value {
    from.diff(to).map_or_else(empty, |change| change.to_value())
}

fn not_yet() -> Reply {
    Reply::refusal(404, Reason::Absent, "the entity did not exist yet at that instant")
}

fn compacted(floor: Stamp) -> Reply {
    let message = format!("the past is kept from {floor} on");
    Reply::refusal(404, Reason::Compacted, message)
}
