//! Reading the past: snapshots one after the other, from the newest back.
//!
//! Every change is stored with what undoes it, so a former value is the present one with the changes since taken back.

use std::collections::VecDeque;

use ciborium::Value;

use crate::codec::{decode_own_value, encode_value};
use crate::entity::Entity;
use crate::field::Patch;
use crate::message::{Meta, PastQuery, Reason, Reply, Request, Token};
use crate::object::log::LoggedChange;
use crate::object::plan::Checked;
use crate::object::request::{deleted, malformed_token};
use crate::object::{Present, unreadable, write};
use crate::patch::{compose, empty, settle};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;
use crate::value::{as_map, get};

/// Snapshots in a page of the history, unless the request says otherwise.
const PAGE: u64 = 50;

/// The most snapshots in a page of the history.
const MAX_PAGE: u64 = 200;

/// Bytes after which a page of the history ends, whatever is in it: a message must not grow with what was changed.
const PAGE_BYTES: usize = 1 << 20;

/// The most changes that one request goes back. A page of the history then ends early, and says where to go on.
const MAX_STEPS: usize = 20_000;

/// Changes that are read from the disk at once.
const BATCH: usize = 128;

/// The changes of an entity, from the newest back.
struct Walk<'a, S> {
    storage: &'a S,
    read: VecDeque<LoggedChange>,
    /// What was read last; `None` once the beginning was.
    before: Option<Stamp>,
    steps: usize,
}

impl<'a, S: Storage> Walk<'a, S> {
    fn next(&mut self) -> Result<Option<LoggedChange>, StorageError> {
        if self.read.is_empty()
            && let Some(before) = self.before
        {
            let batch = self.storage.changes_before(before, BATCH)?;
            self.before =
                batch.last().map(|(version, _)| *version).filter(|_| batch.len() == BATCH);
            for (_, bytes) in batch {
                let change = decode_own_value(&bytes).map_err(unreadable)?;
                self.read.push_back(LoggedChange::from_value(&change).map_err(unreadable)?);
            }
        }
        self.steps = self.steps.saturating_add(1);
        Ok(self.read.pop_front())
    }
}

/// A snapshot: the changes that were made within the granularity of its first, taken together.
struct Snapshot {
    /// With `validTo`, and with `previousValues` unless it is the first.
    meta: Meta,
    /// From the snapshot before.
    diff: Value,
    /// Back to the snapshot before.
    undo: Value,
}

/// The snapshots of an entity, from the newest back.
struct Snapshots<'a, S> {
    walk: Walk<'a, S>,
    next: Option<LoggedChange>,
    valid_to: Option<Stamp>,
}

impl<'a, S: Storage> Snapshots<'a, S> {
    /// Of the entity on `storage`, whose version is `newest`.
    fn new(storage: &'a S, newest: Stamp) -> Snapshots<'a, S> {
        let before = Some(Stamp::next(Some(newest), newest));
        let walk = Walk { storage, read: VecDeque::new(), before, steps: 0 };
        Snapshots { walk, next: None, valid_to: None }
    }

    /// Goes on behind the snapshot that ended with a version, if there is that version: without reading what came later.
    fn skip_to(&mut self, version: Stamp) -> Result<(), StorageError> {
        let start = Stamp::next(Some(version), version);
        let found = self.walk.storage.changes_before(start, 1)?;
        if found.first().is_some_and(|(found, _)| *found == version) {
            self.walk.before = Some(start);
            // Its own snapshot was in the page before; it tells when the one before it ended.
            self.next()?;
        }
        Ok(())
    }

    /// Whether this request has gone back as far as one may.
    fn is_far(&self) -> bool {
        self.walk.steps >= MAX_STEPS
    }

    fn next(&mut self) -> Result<Option<Snapshot>, StorageError> {
        let last = match self.next.take() {
            Some(change) => Some(change),
            None => self.walk.next()?,
        };
        let Some(last) = last else { return Ok(None) };
        let (mut diff, mut undo, mut since) = (last.diff, last.undo, last.since);
        let mut several = false;
        while let Some(earlier) = self.walk.next()? {
            if earlier.meta.valid_from != last.meta.valid_from {
                self.next = Some(earlier);
                break;
            }
            diff = compose(earlier.diff, diff);
            undo = compose(undo, earlier.undo);
            since = earlier.since;
            several = true;
        }
        if several {
            let settled = settle(undo.clone(), &diff);
            diff = settle(diff, &undo);
            undo = settled;
        }
        let previous_values = since.map(|_| Box::new(undo.clone()));
        let meta = Meta { valid_to: self.valid_to, previous_values, ..last.meta };
        self.valid_to = Some(meta.valid_from);
        Ok(Some(Snapshot { meta, diff, undo }))
    }
}

impl<T: Entity> Present<T> {
    fn snapshots<'a, S: Storage>(&self, storage: &'a S) -> Snapshots<'a, S> {
        Snapshots::new(storage, self.meta.modified)
    }

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
        let mut snapshots = self.snapshots(storage);
        let mut value = self.value.copy();
        while let Some(snapshot) = snapshots.next()? {
            if snapshot.meta.valid_from <= instant {
                return Ok(match snapshot.meta.deleted {
                    true => deleted(&snapshot.meta),
                    false => Reply {
                        value: Some(write(&value)),
                        ..Reply::ok(200).with_meta(&snapshot.meta)
                    },
                });
            }
            if snapshots.is_far() {
                return Ok(too_far());
            }
            let undo = <T as Entity>::Diff::from_value(snapshot.undo).map_err(unreadable)?;
            value.apply(undo);
        }
        Ok(not_yet())
    }

    /// `history`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn read_history(
        &self,
        storage: &impl Storage,
        query: &PastQuery,
    ) -> Result<Reply, StorageError> {
        let range = match Range::of(query) {
            Ok(range) => range,
            Err(refusal) => return Ok(*refusal),
        };
        let limit = query.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut snapshots = self.snapshots(storage);
        if let Some(cursor) = range.before {
            snapshots.skip_to(cursor)?;
        }
        let (mut metas, mut last) = (Vec::new(), None);
        let (mut more, mut bytes) = (false, 0_usize);
        while let Some(snapshot) = snapshots.next()? {
            if range.from.is_some_and(|from| snapshot.meta.valid_from < from) {
                break;
            }
            more = metas.len() >= limit || bytes > PAGE_BYTES || snapshots.is_far();
            if more {
                break;
            }
            last = Some(snapshot.meta.modified);
            if range.holds(&snapshot.meta) && query.asks_for(&snapshot) {
                let size = encode_value(&snapshot.meta.to_value()).map_or(0, |bytes| bytes.len());
                bytes = bytes.saturating_add(size);
                metas.push(snapshot.meta);
            }
        }
        let before = last.filter(|_| more);
        Ok(Reply { history: Some(metas), before, ..Reply::ok(200).with_meta(&self.meta) })
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
        let (mut later, mut earlier): (Option<Meta>, Option<Meta>) = (None, None);
        let (mut forward, mut back) = (empty(), empty());
        let mut snapshots = self.snapshots(storage);
        while let Some(snapshot) = snapshots.next()? {
            if later.is_none() && snapshot.meta.valid_from <= from.max(to) {
                later = Some(snapshot.meta.clone());
            }
            if later.is_some() && snapshot.meta.valid_from <= from.min(to) {
                earlier = Some(snapshot.meta);
                break;
            }
            if later.is_some() {
                forward = compose(snapshot.diff, forward);
                back = compose(back, snapshot.undo);
            }
            if snapshots.is_far() {
                return Ok(too_far());
            }
        }
        let (Some(later), Some(earlier)) = (later, earlier) else { return Ok(not_yet()) };
        if let Some(gone) = [&later, &earlier].into_iter().find(|meta| meta.deleted) {
            return Ok(deleted(gone));
        }
        let (diff, since, meta) = if from <= to {
            (settle(forward, &back), earlier.modified, later)
        } else {
            (settle(back, &forward), later.modified, earlier)
        };
        Ok(Reply { since: Some(since), diff: Some(diff), ..Reply::ok(200).with_meta(&meta) })
    }
}

/// The part of the history that is asked for.
struct Range {
    from: Option<Stamp>,
    to: Option<Stamp>,
    before: Option<Stamp>,
}

impl Range {
    fn of(query: &PastQuery) -> Checked<Range> {
        let instant = |token, name| match token {
            Token::At(stamp) => Ok(Some(stamp)),
            Token::Missing => Ok(None),
            Token::Malformed => Err(Box::new(malformed_token(name))),
        };
        Ok(Range {
            from: instant(query.from, "from")?,
            to: instant(query.to, "to")?,
            before: instant(query.before, "before")?,
        })
    }

    fn holds(&self, meta: &Meta) -> bool {
        self.to.is_none_or(|to| meta.valid_from < to)
            && self.before.is_none_or(|before| meta.modified < before)
    }
}

impl PastQuery {
    /// Whether a snapshot is one of those that are asked for.
    fn asks_for(&self, snapshot: &Snapshot) -> bool {
        let by = self.person.as_ref().is_none_or(|person| snapshot.meta.person == *person);
        by && self.field.as_ref().is_none_or(|field| changes_field(snapshot, field))
    }
}

/// Whether a snapshot changed what is under these keys; the first one changed everything.
fn changes_field(snapshot: &Snapshot, field: &str) -> bool {
    let Some(previous) = snapshot.meta.previous_values.as_deref() else { return true };
    let mut place = previous;
    for key in field.split('.') {
        match get(place, key) {
            Some(inner) => place = inner,
            // What a patch replaces, or changes in a way of its own, is changed with all that is in it.
            None => return as_map(place).is_none(),
        }
    }
    true
}

fn not_yet() -> Reply {
    Reply::refusal(404, Reason::Absent, "the entity did not exist yet at that instant")
}

fn too_far() -> Reply {
    let message =
        format!("that is more than {MAX_STEPS} changes ago: ask for the history in pages");
    Reply::refusal(413, Reason::TooLarge, message)
}
