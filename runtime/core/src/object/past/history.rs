//! `history`: snapshots one after the other, from the newest back.

use crate::codec::encode_value;
use crate::entity::Entity;
use crate::message::{PastQuery, Reason, Reply, Token};
use crate::object::Present;
use crate::object::checkpoint::most_bytes;
use crate::object::former::Former;
use crate::object::past::transition::{Transitions, changes_field};
use crate::object::past::walk::{Read, Snapshot, Snapshots, end_of_snapshot};
use crate::object::plan::Checked;
use crate::object::request::malformed_token;
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// Snapshots in a page of the history, unless the request says otherwise.
const PAGE: u64 = 50;

/// The most snapshots in a page of the history.
const MAX_PAGE: u64 = 200;

/// The most snapshots of an earlier schema in a page of the history.
const MAX_TRANSLATED: usize = 50;

/// The most that is read for a page of the history, which ends with the snapshot that this is passed in.
const PAGE_READS: Read = Read { changes: 4096, bytes: 4 << 20 };

/// Bytes after which a page of the history ends, whatever is in it: a message must not grow with what was changed.
const PAGE_BYTES: usize = 1 << 20;

impl<T: Entity> Present<T> {
    /// `history`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn read_history(
        &self,
        storage: &impl Storage,
        query: &PastQuery,
    ) -> Result<Reply, StorageError> {
        if let Some(name) = query.malformed {
            let what = if name == "limit" { "a whole number" } else { "a string" };
            let message = format!("`{name}` must be {what}");
            return Ok(Reply::refusal(400, Reason::Malformed, message));
        }
        let range = match Range::of(query) {
            Ok(range) => range,
            Err(refusal) => return Ok(*refusal),
        };
        let mut transitions = match Transitions::of(query) {
            Ok(transitions) => transitions,
            Err(refusal) => return Ok(*refusal),
        };
        let limit = query.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let start = self.start(storage, &range)?;
        let mut snapshots = Snapshots::before(storage, start, self.meta.compacted)?;
        let mut earlier = EarlierSchema { at: None, count: 0 };
        let mut wholes = 0_usize;
        let (mut metas, mut last) = (Vec::new(), None);
        let (mut more, mut bytes) = (false, 0_usize);
        while let Some(outline) = snapshots.next()? {
            if range.from.is_some_and(|from| outline.meta.valid_from < from) {
                break;
            }
            let enough = metas.len() >= limit || bytes > PAGE_BYTES;
            // One that is far by itself is in a page all the same, or the next one would not get further.
            let is_far = wholes > PAGE_READS.bytes || snapshots.read().exceeds(PAGE_READS);
            more = enough || (last.is_some() && (is_far || earlier.is_far()));
            if more {
                break;
            }
            last = Some(outline.meta.modified);
            let by = query.person.as_ref().is_none_or(|person| outline.meta.person == *person);
            if !by && query.was.is_none() && query.became.is_none() {
                continue;
            }
            let schema = outline.meta.schema_version;
            let snapshot = self.opened(storage, &mut snapshots, outline)?;
            if snapshot.is_by_values || schema != T::CONFIG.version {
                // Two values are read, each with the changes that lie between it and a checkpoint.
                let bytes = self.checkpoint.value_bytes;
                let way = bytes.saturating_add(most_bytes(bytes));
                wholes = wholes.saturating_add(way.saturating_mul(2));
            }
            let snapshot = earlier.translate(self, storage, snapshot)?;
            let is_one =
                by && query.field.as_ref().is_none_or(|field| changes_field(&snapshot, field));
            // Asked of every snapshot, because it follows the value of the field.
            if transitions.has(self, storage, &snapshot, is_one)? && is_one {
                let size = encode_value(&snapshot.meta.to_value()).map_or(0, |bytes| bytes.len());
                bytes = bytes.saturating_add(size);
                metas.push(snapshot.meta);
            }
        }
        let before = last.filter(|_| more);
        Ok(Reply { history: Some(metas), before, ..Reply::ok(200).with_meta(&self.meta) })
    }

    /// The version before which the history that is asked for ends.
    fn start(&self, storage: &impl Storage, range: &Range) -> Result<Stamp, StorageError> {
        let mut start = self.meta.modified.after();
        if let Some(to) = range.to.filter(|to| *to <= self.meta.valid_from) {
            // The snapshot that was valid just before is the last one that began before.
            let end = end_of_snapshot(storage, to.minus(1), self.meta.compacted)?;
            start = end.filter(|_| to > Stamp::default()).map_or(Stamp::default(), Stamp::after);
        }
        Ok(range.before.map_or(start, |before| start.min(before)))
    }
}

/// Brings the snapshots of an earlier schema into the present one, each from the value that it left.
struct EarlierSchema<T> {
    /// The value of a version, for the next snapshot.
    at: Option<(Stamp, Former<T>)>,
    /// How many were translated.
    count: usize,
}

impl<T: Entity> EarlierSchema<T> {
    /// Whether a page has as many as one may: each takes as long as the whole value.
    fn is_far(&self) -> bool {
        self.count >= MAX_TRANSLATED
    }

    fn translate(
        &mut self,
        present: &Present<T>,
        storage: &impl Storage,
        snapshot: Snapshot,
    ) -> Result<Snapshot, StorageError> {
        if snapshot.meta.schema_version == T::CONFIG.version {
            return Ok(snapshot);
        }
        self.count = self.count.saturating_add(1);
        let end = snapshot.meta.modified;
        let former = match self.at.take() {
            // Not what the schema after this one made of it.
            Some((version, former @ Former::Tree(_, schema)))
                if version == end && schema == snapshot.meta.schema_version =>
            {
                former
            }
            _ => present.former(storage, end)?,
        };
        if let (Former::Tree(tree, schema), Some(since)) = (&former, snapshot.since) {
            let mut before = Former::Tree(tree.clone(), *schema);
            before.apply(snapshot.undo.clone())?;
            self.at = Some((since, before));
        }
        Ok(present.in_present_schema(former, snapshot)?.1)
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
}
