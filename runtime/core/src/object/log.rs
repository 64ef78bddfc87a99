//! The recent changes of an entity: what answers a reader who holds an older version, what recognises a repeated
//! request, and what is stored for every change.

use std::collections::VecDeque;

use ciborium::Value;

use crate::codec::encode_value;
use crate::message::{Malformed, Meta, Sender, text, whole_number};
use crate::patch::{compose, empty, settle};
use crate::storage::StorageError;
use crate::time::Stamp;
use crate::value::{MapBuilder, get};

/// The most changes that are kept in memory.
pub const MAX_CHANGES: usize = 256;

/// The most bytes of changes that are kept in memory, as stored.
pub const MAX_BYTES: usize = 256 << 10;

/// One accepted change.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedChange {
    /// The version before; `None` for the creation.
    pub since: Option<Stamp>,
    /// Meta of the version that it made.
    pub meta: Meta,
    /// The browser that sent it.
    pub browser: String,
    /// The request's id within that browser.
    pub request: u64,
    /// What the request wrote, as [`Request::content`](crate::message::Request::content) tells it.
    pub content: u64,
    /// From `since` to the new version.
    pub diff: Value,
    /// From the new version back.
    pub undo: Value,
}

impl LoggedChange {
    /// Whether `sender` made this change by its request `id`.
    pub fn is_request(&self, sender: &Sender, id: u64) -> bool {
        self.request == id && self.browser == sender.browser && self.meta.person == sender.person
    }

    /// The bytes to store.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, StorageError> {
        let map = MapBuilder::new()
            .put_some("since", self.since.map(Stamp::to_value))
            .put("meta", self.meta.to_value())
            .put("browser", self.browser.as_str())
            .put("request", self.request)
            .put("content", self.content)
            .put("diff", self.diff.clone())
            .put("undo", self.undo.clone());
        encode_value(&map.finish()).map_err(|error| StorageError::Failed(error.to_string()))
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// If a field is missing.
    pub fn from_value(stored: &Value) -> Result<LoggedChange, Malformed> {
        let missing = || Malformed::new("a stored change lacks a field");
        Ok(LoggedChange {
            since: get(stored, "since").and_then(Stamp::from_value),
            meta: Meta::from_value(get(stored, "meta").ok_or_else(missing)?)?,
            browser: text(stored, "browser").ok_or_else(missing)?.to_owned(),
            request: get(stored, "request").and_then(whole_number).ok_or_else(missing)?,
            content: get(stored, "content").and_then(hash).ok_or_else(missing)?,
            diff: get(stored, "diff").cloned().ok_or_else(missing)?,
            undo: get(stored, "undo").cloned().ok_or_else(missing)?,
        })
    }
}

/// The recent changes in order, bounded by [`MAX_CHANGES`] and [`MAX_BYTES`].
#[derive(Debug, Default)]
pub struct Log {
    changes: VecDeque<(LoggedChange, usize)>,
    bytes: usize,
}

impl Log {
    /// Adds the latest change, which took `bytes` to store, and lets go of the oldest ones beyond the bounds.
    /// The latest stays, however large it is.
    pub fn push(&mut self, change: LoggedChange, bytes: usize) {
        self.changes.push_back((change, bytes));
        self.bytes = self.bytes.saturating_add(bytes);
        while self.changes.len() > 1 && (self.changes.len() > MAX_CHANGES || self.bytes > MAX_BYTES)
        {
            if let Some((_, bytes)) = self.changes.pop_front() {
                self.bytes = self.bytes.saturating_sub(bytes);
            }
        }
    }

    /// The latest change.
    pub fn last(&self) -> Option<&LoggedChange> {
        self.changes.back().map(|(change, _)| change)
    }

    /// The changes since `version` in order; `None` if that version is not known.
    pub fn since(&self, version: Stamp) -> Option<impl Iterator<Item = &LoggedChange>> {
        let known = |change: &LoggedChange| change.meta.modified == version;
        let from = match self.changes.iter().rposition(|(change, _)| known(change)) {
            Some(at) => at.saturating_add(1),
            // The oldest change kept still knows the version that it was made on.
            None => self.changes.front().filter(|(c, _)| c.since == Some(version)).map(|_| 0)?,
        };
        Some(self.changes.iter().skip(from).map(|(change, _)| change))
    }

    /// The minimal diff since `version`; `None` if that version is not known.
    pub fn diff_since(&self, version: Stamp) -> Option<Value> {
        self.since(version).map(compose_changes)
    }

    /// What leads back to `version`; `None` if that version is not known.
    pub fn undo_since(&self, version: Stamp) -> Option<Value> {
        let changes = self.since(version)?;
        Some(changes.fold(empty(), |undo, change| compose(change.undo.clone(), undo)))
    }

    /// The minimal diff from `version` to `through`, which is known; `None` if `version` is not, or not before.
    pub fn diff_between(&self, version: Stamp, through: Stamp) -> Option<Value> {
        let known = self.since(version).filter(|_| version < through);
        known.map(|changes| compose_changes(changes.take_while(|c| c.meta.modified <= through)))
    }

    /// The change that `sender` made by its request `id`, if it is remembered.
    pub fn find_request(&self, sender: &Sender, id: u64) -> Option<&LoggedChange> {
        self.changes.iter().rev().map(|(change, _)| change).find(|c| c.is_request(sender, id))
    }
}

/// The minimal diff of successive changes. It costs what they changed, not what the entity holds.
pub fn compose_changes<'a>(changes: impl Iterator<Item = &'a LoggedChange>) -> Value {
    let (mut diff, mut undo) = (empty(), empty());
    let mut count: usize = 0;
    for change in changes {
        diff = compose(diff, change.diff.clone());
        undo = compose(change.undo.clone(), undo);
        count = count.saturating_add(1);
    }
    // A single change was settled when it was made.
    if count > 1 { settle(diff, &undo) } else { diff }
}

/// A number of 64 bits, all of which count.
fn hash(value: &Value) -> Option<u64> {
    value.as_integer()?.try_into().ok()
}
