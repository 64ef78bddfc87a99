//! The recent changes of an entity: what answers a reader who holds an older version, what recognises a repeated
//! request, and what is stored for every change.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::RangeInclusive;

use ciborium::Value;

use crate::codec::{decode_own_value, encode_value, split_item};
use crate::message::{Content, Meta, Sender, whole_number};
use crate::object::replay::sender_key;
use crate::object::unreadable;
use crate::patch::{Series, empty, is_empty, settle};
use crate::storage::{ChangeKey, StorageError};
use crate::time::Stamp;

/// The most changes that are kept in memory.
pub const MAX_CHANGES: usize = 256;

/// Items of a stored change before its diff and its undo.
const HEAD_ITEMS: usize = 11;

/// The most bytes of changes that are kept in memory, as stored.
pub const MAX_BYTES: usize = 256 << 10;

/// One accepted change.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedChange {
    /// The version before; `None` for the creation.
    pub since: Option<Stamp>,
    /// Meta of the version that it made.
    pub meta: Meta,
    /// Which snapshot it belongs to: the first one is 1.
    pub snapshot: u64,
    /// The browser that sent it.
    pub browser: String,
    /// The request's id within that browser.
    pub request: u64,
    /// What the request wrote, as `Request::content` tells it.
    pub content: Content,
    /// From `since` to the new version.
    pub diff: Value,
    /// From the new version back.
    pub undo: Value,
}

/// The `span` numbers of its sender's that a request takes, of which `id` is the last.
pub fn numbers(id: u64, span: u64) -> RangeInclusive<u64> {
    id.saturating_sub(span.saturating_sub(1))..=id
}

impl LoggedChange {
    /// Whether `sender` made this change by a request with one of the numbers, or with edits of which one is.
    pub fn is_by(&self, sender: &Sender, numbers: &RangeInclusive<u64>) -> bool {
        let own = self.numbers();
        own.start() <= numbers.end()
            && numbers.start() <= own.end()
            && self.browser == sender.browser
            && self.meta.person == sender.person
    }

    /// The numbers of the sender's that the request took.
    pub fn numbers(&self) -> RangeInclusive<u64> {
        numbers(self.request, self.content.span())
    }

    /// Where the disk finds it.
    pub fn key(&self) -> ChangeKey {
        ChangeKey {
            version: self.meta.modified,
            sender: sender_key(&self.meta.person, &self.browser),
            request: self.request,
        }
    }

    /// The bytes to store. A list without names: there is one for every edit, and it is kept.
    ///
    /// # Errors
    /// If a value has no CBOR form.
    pub fn encode(&self) -> Result<Vec<u8>, StorageError> {
        let meta = &self.meta;
        let valid_from = Some(meta.valid_from).filter(|from| *from != meta.modified);
        let stamp = |stamp: Option<Stamp>| stamp.map_or(Value::Null, Stamp::to_value);
        let text = |text: &str| Value::Text(text.to_owned());
        let mut bytes = encode_value(&Value::Array(vec![
            stamp(self.since),
            stamp(valid_from),
            text(&meta.person),
            meta.impersonator.as_deref().map_or(Value::Null, text),
            Value::Bool(meta.deleted),
            meta.schema_version.into(),
            meta.chunks.into(),
            self.snapshot.into(),
            text(&self.browser),
            self.request.into(),
            // A hash is not negative.
            match self.content {
                Content::Digest(digest) => Value::Bytes(digest.to_vec()),
                Content::Hash(hash) => hash.into(),
                Content::Edits(count) => 0_i64.saturating_sub_unsigned(count).into(),
            },
        ]))
        .map_err(unreadable)?;
        // The two that may be large are not copied for it: of a list of up to 23 the first byte tells how many there are.
        for patch in [&self.diff, &self.undo] {
            bytes.extend(encode_value(patch).map_err(unreadable)?);
        }
        if let Some(length) = bytes.first_mut() {
            *length = length.saturating_add(2);
        }
        Ok(bytes)
    }

    /// Reads what was stored for the version `modified`.
    ///
    /// # Errors
    /// If it is no change.
    pub fn decode(modified: Stamp, bytes: &[u8]) -> Result<LoggedChange, StorageError> {
        let stored = decode_own_value(bytes).map_err(unreadable)?;
        LoggedChange::read(modified, stored).ok_or_else(|| unreadable("a change is none"))
    }

    /// The version before a stored change; `None` for the creation.
    ///
    /// # Errors
    /// If it is no change.
    pub fn since(bytes: &[u8]) -> Result<Option<Stamp>, StorageError> {
        let (since, _) = split_item(bytes.get(1..).unwrap_or_default()).map_err(unreadable)?;
        Ok(Stamp::from_value(&decode_own_value(since).map_err(unreadable)?))
    }

    /// When the snapshot of a stored change began: without reading what it changed, which may be large.
    ///
    /// # Errors
    /// If it is no change.
    pub fn valid_from(modified: Stamp, bytes: &[u8]) -> Result<Stamp, StorageError> {
        // Behind the byte that tells how many items there are, the first is `since`, the second `validFrom`.
        let (_, items) = split_item(bytes.get(1..).unwrap_or_default()).map_err(unreadable)?;
        let (valid_from, _) = split_item(items).map_err(unreadable)?;
        let valid_from = decode_own_value(valid_from).map_err(unreadable)?;
        Ok(Stamp::from_value(&valid_from).unwrap_or(modified))
    }

    /// Returns who made a stored change, without reading what it changed.
    ///
    /// # Errors
    /// If it is no change.
    pub fn person(bytes: &[u8]) -> Result<String, StorageError> {
        let person = LoggedChange::decode_item(bytes, 2)?;
        person.into_text().map_err(|_| unreadable("a change is none"))
    }

    /// As [`LoggedChange::decode`], without what it changed.
    ///
    /// # Errors
    /// If it is no change.
    pub fn decode_head(modified: Stamp, bytes: &[u8]) -> Result<LoggedChange, StorageError> {
        let (mut items, mut rest) = (Vec::new(), bytes.get(1..).unwrap_or_default());
        for _ in 0..HEAD_ITEMS {
            let (item, behind) = split_item(rest).map_err(unreadable)?;
            items.push(decode_own_value(item).map_err(unreadable)?);
            rest = behind;
        }
        items.extend([empty(), empty()]);
        let change = LoggedChange::read(modified, Value::Array(items));
        change.ok_or_else(|| unreadable("a change is none"))
    }

    /// What a stored change changed, and nothing else of it.
    ///
    /// # Errors
    /// If it is no change.
    pub fn decode_diff(bytes: &[u8]) -> Result<Value, StorageError> {
        LoggedChange::decode_item(bytes, HEAD_ITEMS)
    }

    /// What undoes a stored change, and nothing else of it.
    ///
    /// # Errors
    /// If it is no change.
    pub fn decode_undo(bytes: &[u8]) -> Result<Value, StorageError> {
        LoggedChange::decode_item(bytes, HEAD_ITEMS.saturating_add(1))
    }

    fn decode_item(bytes: &[u8], number: usize) -> Result<Value, StorageError> {
        // The first byte tells how many items there are.
        let mut rest = bytes.get(1..).unwrap_or_default();
        for _ in 0..number {
            rest = split_item(rest).map_err(unreadable)?.1;
        }
        let (item, _) = split_item(rest).map_err(unreadable)?;
        decode_own_value(item).map_err(unreadable)
    }

    fn read(modified: Stamp, stored: Value) -> Option<LoggedChange> {
        let fields: [Value; 13] = stored.into_array().ok()?.try_into().ok()?;
        let [
            since,
            valid_from,
            person,
            impersonator,
            deleted,
            schema_version,
            chunks,
            snapshot,
            browser,
            request,
            content,
            diff,
            undo,
        ] = fields;
        let small = |value: &Value| whole_number(value).and_then(|number| number.try_into().ok());
        let meta = Meta {
            valid_from: Stamp::from_value(&valid_from).unwrap_or(modified),
            modified,
            person: person.into_text().ok()?,
            impersonator: impersonator.into_text().ok(),
            deleted: deleted.as_bool()?,
            schema_version: small(&schema_version)?,
            chunks: small(&chunks)?,
            ..Meta::default()
        };
        Some(LoggedChange {
            since: Stamp::from_value(&since),
            meta,
            snapshot: whole_number(&snapshot)?,
            browser: browser.into_text().ok()?,
            request: whole_number(&request)?,
            content: match content {
                Value::Bytes(digest) => Content::Digest(digest.try_into().ok()?),
                content => match i128::from(content.as_integer()?) {
                    count @ ..0 => Content::Edits(count.unsigned_abs().try_into().ok()?),
                    hash => Content::Hash(hash.try_into().ok()?),
                },
            },
            diff,
            undo,
        })
    }
}

/// A recent change. One that is large is kept as its bytes: as a tree it would take several times as much.
#[derive(Debug)]
pub struct Recent {
    /// The change; of a large one without its two patches.
    change: LoggedChange,
    /// The diff and the undo of a large one.
    large: Option<[Vec<u8>; 2]>,
    /// What it took to store.
    bytes: usize,
}

impl Recent {
    fn new(mut change: LoggedChange, bytes: usize) -> Recent {
        const LARGE: usize = 64 << 10;
        let mut large = None;
        if bytes > LARGE
            && let (Ok(diff), Ok(undo)) = (encode_value(&change.diff), encode_value(&change.undo))
        {
            (change.diff, change.undo) = (empty(), empty());
            large = Some([diff, undo]);
        }
        Recent { change, large, bytes }
    }

    /// The change but for its patches.
    pub fn change(&self) -> &LoggedChange {
        &self.change
    }

    /// Whether it is an edit, and neither a deletion nor the undoing of one.
    pub fn edits(&self) -> bool {
        self.change.since.is_none() || self.large.is_some() || !is_empty(&self.change.diff)
    }

    fn diff(&self) -> Cow<'_, Value> {
        self.patch(0, &self.change.diff)
    }

    fn undo(&self) -> Cow<'_, Value> {
        self.patch(1, &self.change.undo)
    }

    fn patch<'a>(&'a self, which: usize, tree: &'a Value) -> Cow<'a, Value> {
        match self.large.as_ref().and_then(|large| large.get(which)) {
            // What was encoded here is decoded here. If it were not, nobody must take it for a patch: null is none.
            Some(bytes) => Cow::Owned(decode_own_value(bytes).unwrap_or(Value::Null)),
            None => Cow::Borrowed(tree),
        }
    }
}

/// The recent changes in order, bounded by `MAX_CHANGES` and `MAX_BYTES`.
#[derive(Debug, Default)]
pub struct Log {
    /// The version before the first of the changes.
    base: Option<Stamp>,
    changes: VecDeque<Recent>,
    bytes: usize,
}

impl Log {
    /// A log without changes of an entity at `version`.
    pub fn at(version: Stamp) -> Log {
        Log { base: Some(version), ..Log::default() }
    }

    /// Adds the latest change, which took `bytes` to store, and lets go of the oldest ones beyond the bounds.
    /// The latest stays, however large it is.
    pub fn push(&mut self, change: LoggedChange, bytes: usize) {
        if self.changes.is_empty() {
            self.base = change.since;
        }
        self.changes.push_back(Recent::new(change, bytes));
        self.bytes = self.bytes.saturating_add(bytes);
        while self.changes.len() > 1 && (self.changes.len() > MAX_CHANGES || self.bytes > MAX_BYTES)
        {
            if let Some(oldest) = self.changes.pop_front() {
                self.base = Some(oldest.change.meta.modified);
                self.bytes = self.bytes.saturating_sub(oldest.bytes);
            }
        }
    }

    /// About what the changes take in memory: a tree takes its bytes so many times, a large change is its bytes.
    pub fn memory_bytes(&self, of_a_tree: usize) -> usize {
        let recent = |recent: &Recent| match recent.large {
            Some(_) => recent.bytes,
            None => recent.bytes.saturating_mul(of_a_tree),
        };
        self.changes.iter().map(recent).fold(0, usize::saturating_add)
    }

    /// The latest change.
    pub fn last(&self) -> Option<&Recent> {
        self.changes.back()
    }

    /// The changes since `version` in order; `None` if that version is not known.
    pub fn since(&self, version: Stamp) -> Option<impl Iterator<Item = &Recent>> {
        let known = |recent: &Recent| recent.change.meta.modified == version;
        let from = match self.changes.iter().rposition(known) {
            Some(at) => at.saturating_add(1),
            None if self.base == Some(version) => 0,
            None => return None,
        };
        Some(self.changes.iter().skip(from))
    }

    /// The minimal diff since `version`; `None` if that version is not known.
    pub fn diff_since(&self, version: Stamp) -> Option<Value> {
        self.since(version).map(compose_changes)
    }

    /// What leads back to `version`; `None` if that version is not known.
    pub fn undo_since(&self, version: Stamp) -> Option<Value> {
        let mut undo = Series::backward();
        self.since(version)?.for_each(|recent| undo.add(recent.undo().into_owned()));
        Some(undo.finish())
    }

    /// The minimal diff from `version` to `through`, which is known; `None` if `version` is not, or not before.
    pub fn diff_between(&self, version: Stamp, through: Stamp) -> Option<Value> {
        let known = self.since(version).filter(|_| version < through)?;
        Some(compose_changes(known.take_while(|recent| recent.change.meta.modified <= through)))
    }

    /// A change that `sender` made by a request with one of these numbers, if one is remembered; without its patches.
    pub fn find_request(
        &self,
        sender: &Sender,
        numbers: &RangeInclusive<u64>,
    ) -> Option<&LoggedChange> {
        self.changes.iter().rev().map(Recent::change).find(|change| change.is_by(sender, numbers))
    }
}

/// The minimal diff of successive changes. It costs what they changed, not what the entity holds.
pub fn compose_changes<'a>(changes: impl Iterator<Item = &'a Recent>) -> Value {
    let mut changes = changes.peekable();
    let Some(first) = changes.next() else { return empty() };
    let diff = first.diff().into_owned();
    // A single change was settled when it was made.
    if changes.peek().is_none() {
        return diff;
    }
    let (mut diffs, mut undos) = (Series::forward(), Series::backward());
    diffs.add(diff);
    undos.add(first.undo().into_owned());
    for change in changes {
        diffs.add(change.diff().into_owned());
        undos.add(change.undo().into_owned());
    }
    settle(diffs.finish(), &undos.finish())
}
