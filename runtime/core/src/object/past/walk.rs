//! The stored changes, from one version back, one by one or taken together as snapshots.

use std::collections::VecDeque;

use ciborium::Value;

use crate::message::Meta;
use crate::object::log::LoggedChange;
use crate::patch::{Series, empty, settle};
use crate::steps;
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// The number of the snapshot that an entity begins with.
const FIRST: u64 = 1;

/// Changes that are read from the disk at once.
const BATCH: usize = 128;

/// Bytes of changes that are read from the disk at once, as far as the size of those before tells.
const BATCH_BYTES: usize = 1 << 20;

/// The most steps of a search among versions, each of which halves what is left of 64 bits.
const SEARCH_STEPS: usize = 64;

/// How much was read from the disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Read {
    /// Changes.
    pub changes: usize,
    /// Their bytes.
    pub bytes: usize,
}

impl Read {
    fn add(&mut self, bytes: usize) {
        steps::count(1);
        self.changes = self.changes.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Whether this is more than `other` in one of the two.
    pub fn exceeds(self, other: Read) -> bool {
        self.changes > other.changes || self.bytes > other.bytes
    }
}

/// The changes of an entity, from the newest back.
pub struct Walk<'a, S> {
    storage: &'a S,
    read: VecDeque<(Stamp, Vec<u8>)>,
    /// What was read last; `None` once the beginning was.
    before: Option<Stamp>,
    /// When the oldest snapshot began that is kept.
    floor: Option<Stamp>,
    /// How many are read next: a few at first, because a few are mostly enough, and each may be large.
    batch: usize,
    sum: Read,
}

impl<'a, S: Storage> Walk<'a, S> {
    /// The changes before a version, down to the `floor`.
    pub fn before(storage: &'a S, version: Stamp, floor: Option<Stamp>) -> Walk<'a, S> {
        let (read, sum) = (VecDeque::new(), Read::default());
        Walk { storage, read, before: Some(version), floor, batch: 2, sum }
    }

    /// When the snapshot began that the next change belongs to.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn peek(&mut self) -> Result<Option<Stamp>, StorageError> {
        if self.read.is_empty()
            && let Some(before) = self.before
        {
            let read = self.storage.changes_before(before, self.batch)?;
            self.before = read.last().map(|(version, _)| *version);
            self.before = self.before.filter(|_| read.len() == self.batch);
            let mut bytes = 0_usize;
            for (_, change) in &read {
                self.sum.add(change.len());
                bytes = bytes.saturating_add(change.len());
            }
            // Large changes are read in small batches, because a batch is in memory as a whole.
            let fit = BATCH_BYTES.saturating_mul(read.len()).checked_div(bytes).unwrap_or(BATCH);
            self.batch = self.batch.saturating_mul(2).min(BATCH).min(fit.max(1));
            self.read = read.into();
        }
        let Some((version, bytes)) = self.read.front() else { return Ok(None) };
        let began = LoggedChange::valid_from(*version, bytes)?;
        Ok(Some(began).filter(|began| self.floor.is_none_or(|floor| *began >= floor)))
    }

    /// The next change as it is stored, with the version that it made.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn step(&mut self) -> Result<Option<(Stamp, Vec<u8>)>, StorageError> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        Ok(self.read.pop_front())
    }

    /// Leaves out the changes from a version on, without reading those that were not read yet.
    fn skip_to(&mut self, version: Stamp) {
        while self.read.pop_front_if(|(at, _)| *at >= version).is_some() {}
        if self.read.is_empty() {
            self.before = self.before.map(|before| before.min(version));
        }
    }
}

/// The facts about a snapshot that need no reading of what it changed.
pub struct Outline {
    /// With `validTo`, without `previousValues`.
    pub meta: Meta,
    /// Whether it is the first one, whose changes lead from nothing that anybody could have.
    pub is_first: bool,
}

/// A snapshot: the changes that were made within the granularity of its first, taken together.
pub struct Snapshot {
    /// With `validTo`, and with `previousValues` unless it is the first.
    pub meta: Meta,
    /// The last version of the snapshot before.
    pub since: Option<Stamp>,
    /// From the snapshot before.
    pub diff: Value,
    /// Back to the snapshot before.
    pub undo: Value,
    /// Whether the values tell what it changed, because its changes are too many.
    pub is_by_values: bool,
}

impl Snapshot {
    /// The first snapshot, or one of which nobody asks what it changed.
    pub fn of(outline: Outline) -> Snapshot {
        let (diff, undo) = (empty(), empty());
        Snapshot { meta: outline.meta, since: None, diff, undo, is_by_values: false }
    }
}

/// The snapshots of an entity, from the newest back.
pub struct Snapshots<'a, S> {
    walk: Walk<'a, S>,
    valid_to: Option<Stamp>,
    /// The last change of the snapshot that was given last, and when that snapshot began.
    last: Option<(Stamp, Vec<u8>, Stamp)>,
}

impl<'a, S: Storage> Snapshots<'a, S> {
    /// Those whose last version is before `version`, down to the `floor`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn before(
        storage: &'a S,
        version: Stamp,
        floor: Option<Stamp>,
    ) -> Result<Snapshots<'a, S>, StorageError> {
        let later = storage.changes_from(version, 1)?.pop();
        // It tells when the one before it ended, and whether it began already before the version.
        let cut =
            later.map(|(later, bytes)| LoggedChange::valid_from(later, &bytes)).transpose()?;
        let walk = Walk::before(storage, cut.map_or(version, |cut| cut.min(version)), floor);
        Ok(Snapshots { walk, valid_to: cut, last: None })
    }

    /// How much was read so far.
    pub fn read(&self) -> Read {
        self.walk.sum
    }

    /// The next snapshot. Of the changes of the one before it none is read that was not asked for.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn next(&mut self) -> Result<Option<Outline>, StorageError> {
        if let Some((.., began)) = self.last.take() {
            self.walk.skip_to(began);
        }
        let Some((version, bytes)) = self.walk.step()? else { return Ok(None) };
        let head = LoggedChange::decode_head(version, &bytes)?;
        let began = head.meta.valid_from;
        let meta = Meta { valid_to: self.valid_to.replace(began), ..head.meta };
        self.last = Some((version, bytes, began));
        Ok(Some(Outline { meta, is_first: head.snapshot == FIRST }))
    }

    /// What the snapshot changed that [`Snapshots::next`] gave last; `None` if its changes are more than `most`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn changes(&mut self, most: Read) -> Result<Option<Changes>, StorageError> {
        let Some((version, bytes, began)) = &self.last else { return Ok(None) };
        let (began, mut sum) = (*began, Read::default());
        // The walk goes back in time.
        let (mut diffs, mut undos) = (Series::backward(), Series::forward());
        sum.add(bytes.len());
        let last = LoggedChange::decode(*version, bytes)?;
        let mut since = last.since;
        diffs.add(last.diff);
        undos.add(last.undo);
        let mut is_single = true;
        while self.walk.peek()? == Some(began)
            && let Some((version, bytes)) = self.walk.step()?
        {
            sum.add(bytes.len());
            if sum.exceeds(most) {
                return Ok(None);
            }
            let earlier = LoggedChange::decode(version, &bytes)?;
            since = earlier.since;
            diffs.add(earlier.diff);
            undos.add(earlier.undo);
            is_single = false;
        }
        let (mut diff, mut undo) = (diffs.finish(), undos.finish());
        // A single change was settled when it was made.
        if !is_single {
            (diff, undo) = (settle(diff.clone(), &undo), settle(undo, &diff));
        }
        Ok(Some(Changes { since, diff, undo }))
    }
}

/// The changes of a snapshot, composed.
pub struct Changes {
    /// The last version of the snapshot before.
    pub since: Option<Stamp>,
    /// From the snapshot before.
    pub diff: Value,
    /// Back to the snapshot before.
    pub undo: Value,
}

/// The last version of the snapshot that was valid at an instant; `None` before the first that is kept.
///
/// # Errors
/// If the storage fails.
pub fn end_of_snapshot(
    storage: &impl Storage,
    instant: Stamp,
    floor: Option<Stamp>,
) -> Result<Option<Stamp>, StorageError> {
    let Some((end, bytes)) = storage.changes_before(instant.after(), 1)?.pop() else {
        return Ok(None);
    };
    let began = LoggedChange::valid_from(end, &bytes)?;
    if floor.is_some_and(|floor| began < floor) {
        return Ok(None);
    }
    // Changes made in the snapshot after that instant belong to it. Mostly they are few.
    let mut low = end;
    for (version, bytes) in storage.changes_from(end.after(), 2)? {
        if LoggedChange::valid_from(version, &bytes)? != began {
            return Ok(Some(low));
        }
        low = version;
    }
    // Snapshots follow each other, so that halving what is left finds where this one ends, however many changes it has.
    let Some((mut high, bytes)) = storage.changes_before(Stamp::END_OF_TIME.after(), 1)?.pop()
    else {
        return Ok(Some(low));
    };
    if LoggedChange::valid_from(high, &bytes)? == began {
        return Ok(Some(high));
    }
    for _ in 0..SEARCH_STEPS {
        let middle = low.plus(high.since(low) / 2);
        if middle <= low {
            break;
        }
        match storage.changes_before(middle.after(), 1)?.pop() {
            Some((version, bytes)) if LoggedChange::valid_from(version, &bytes)? == began => {
                low = middle;
            }
            _ => high = middle,
        }
    }
    Ok(storage.changes_before(low.after(), 1)?.pop().map(|(version, _)| version))
}
