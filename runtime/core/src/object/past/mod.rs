//! Reading the past.
//!
//! Every change is stored with what undoes it, and now and then the value is stored whole: a former value is the next
//! one that is whole, with the changes between them taken back.

mod history;
mod transition;
mod walk;

use ciborium::Value;

use crate::entity::Entity;
use crate::message::{Meta, PastQuery, Reason, Reply, Request, Token};
use crate::object::checkpoint::Head;
use crate::object::former::{Former, as_written};
use crate::object::plan::Checked;
use crate::object::request::{deleted, internal, malformed_token};
use crate::object::{Present, unreadable};
use crate::patch::empty;
use crate::schema::encode_typed;
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

use self::walk::{Snapshot, Snapshots, Walk, end_of_snapshot};

impl<T: Entity> Present<T> {
    /// `get` with `asOf`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn read_as_of(
        &self,
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
        Ok(match self.value_as_of(storage, instant)? {
            Ok((value, meta)) => {
                let encoded = encode_typed(&value, self.room());
                let encoded = Some(encoded.map_err(unreadable)?);
                Reply { encoded, ..Reply::ok(200).with_meta(&meta) }
            }
            Err(refusal) => *refusal,
        })
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
        let meta = Meta { previous_values: None, ..meta };
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
        let Some(snapshot) = Snapshots::before(storage, end.after(), floor)?.next()? else {
            return Ok(Err(Box::new(internal())));
        };
        if snapshot.meta.deleted {
            // A deletion changes no value: there is nothing else to bring into the present schema.
            let meta = Meta { schema_version: T::CONFIG.version, ..snapshot.meta };
            return Ok(Err(Box::new(deleted(&meta))));
        }
        let former = self.former(storage, end)?;
        let (value, snapshot) = self.in_present_schema(former, snapshot)?;
        Ok(Ok((value, snapshot.meta)))
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
        if whole_at == end {
            return Ok(former);
        }
        let mut walk = Walk::before(storage, whole_at.after(), None);
        loop {
            match walk.next()? {
                Some(change) if change.meta.modified > end => former.apply(change.undo)?,
                Some(change) if change.meta.modified == end => return Ok(former),
                _ => return Err(unreadable(format!("the way back to {end} has a gap"))),
            }
        }
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
        if let Former::Tree(tree, schema) = &former {
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
