//! The stored changes, from one version back, one by one or taken together as snapshots.

use std::collections::VecDeque;

use ciborium::Value;

use crate::message::Meta;
use crate::object::log::LoggedChange;
use crate::patch::{compose, empty, settle};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// After so many changes a page of the history ends with the snapshot that it has come to, and says where to go on.
const MAX_STEPS: usize = 20_000;

/// The number of the snapshot that an entity begins with.
const FIRST: u64 = 1;

/// Changes that are read from the disk at once.
const BATCH: usize = 128;

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
    steps: usize,
}

impl<'a, S: Storage> Walk<'a, S> {
    /// The changes before a version, down to the `floor`.
    pub fn before(storage: &'a S, version: Stamp, floor: Option<Stamp>) -> Walk<'a, S> {
        let before = Some(version);
        Walk { storage, read: VecDeque::new(), before, floor, batch: 2, steps: 0 }
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
            self.batch = self.batch.saturating_mul(2).min(BATCH);
            self.read = read.into();
        }
        let Some((version, bytes)) = self.read.front() else { return Ok(None) };
        let began = LoggedChange::valid_from(*version, bytes)?;
        Ok(Some(began).filter(|began| self.floor.is_none_or(|floor| *began >= floor)))
    }

    /// The next change.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn next(&mut self) -> Result<Option<LoggedChange>, StorageError> {
        let next = self.step()?;
        next.map(|(version, bytes)| LoggedChange::decode(version, &bytes)).transpose()
    }

    /// The next change as it is stored, with the version that it made.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn step(&mut self) -> Result<Option<(Stamp, Vec<u8>)>, StorageError> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        self.steps = self.steps.saturating_add(1);
        Ok(self.read.pop_front())
    }
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
}

/// Changes that were composed: two to the power of the rank of them.
struct Run {
    rank: u32,
    diff: Value,
    undo: Value,
}

impl Run {
    fn after(self, earlier: Run) -> Run {
        Run {
            rank: self.rank.saturating_add(1),
            diff: compose(earlier.diff, self.diff),
            undo: compose(self.undo, earlier.undo),
        }
    }
}

/// Runs of successive changes, the latest first. Two of one rank become one, so that no change is composed with all the
/// others one by one, and few are held at a time.
struct Runs(Vec<Run>);

impl Runs {
    /// Adds the change before all that are there.
    fn add(&mut self, diff: Value, undo: Value) {
        let mut run = Run { rank: 0, diff, undo };
        while let Some(later) = self.0.pop_if(|later| later.rank == run.rank) {
            run = later.after(run);
        }
        self.0.push(run);
    }

    /// What all of them do, and what undoes it.
    fn finish(mut self) -> (Value, Value) {
        let Some(mut all) = self.0.pop() else { return (empty(), empty()) };
        // A single change was settled when it was made.
        if self.0.is_empty() && all.rank == 0 {
            return (all.diff, all.undo);
        }
        while let Some(later) = self.0.pop() {
            all = later.after(all);
        }
        (settle(all.diff.clone(), &all.undo), settle(all.undo, &all.diff))
    }
}

/// The snapshots of an entity, from the newest back.
pub struct Snapshots<'a, S> {
    walk: Walk<'a, S>,
    valid_to: Option<Stamp>,
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
        let walk = Walk::before(storage, version, floor);
        let mut snapshots = Snapshots { walk, valid_to: None };
        let Some((later, bytes)) = storage.changes_from(version, 1)?.pop() else {
            return Ok(snapshots);
        };
        // It tells when the one before it ended, and whether it began already before the version.
        let cut = LoggedChange::valid_from(later, &bytes)?;
        snapshots.valid_to = Some(cut);
        while snapshots.walk.peek()? == Some(cut) {
            snapshots.walk.step()?;
        }
        Ok(snapshots)
    }

    /// Whether this request has gone back as far as one may.
    pub fn is_far(&self) -> bool {
        self.walk.steps >= MAX_STEPS
    }

    /// The next snapshot.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn next(&mut self) -> Result<Option<Snapshot>, StorageError> {
        let Some((version, bytes)) = self.walk.step()? else { return Ok(None) };
        let head = LoggedChange::decode_head(version, &bytes)?;
        if head.snapshot == FIRST {
            return self.first(head).map(Some);
        }
        let last = LoggedChange::decode(version, &bytes)?;
        let mut since = last.since;
        let mut runs = Runs(vec![Run { rank: 0, diff: last.diff, undo: last.undo }]);
        while self.walk.peek()? == Some(last.meta.valid_from)
            && let Some(earlier) = self.walk.next()?
        {
            since = earlier.since;
            runs.add(earlier.diff, earlier.undo);
        }
        let (diff, undo) = runs.finish();
        let previous_values = since.map(|_| Box::new(undo.clone()));
        let meta = Meta { valid_to: self.valid_to, previous_values, ..last.meta };
        self.valid_to = Some(meta.valid_from);
        Ok(Some(Snapshot { meta, since, diff, undo }))
    }
}

impl<S: Storage> Snapshots<'_, S> {
    /// The first snapshot, whose changes lead from nothing that anybody could have: they are not read.
    fn first(&mut self, last: LoggedChange) -> Result<Snapshot, StorageError> {
        while self.walk.peek()?.is_some() {
            self.walk.step()?;
        }
        let meta = Meta { valid_to: self.valid_to, ..last.meta };
        Ok(Snapshot { meta, since: None, diff: empty(), undo: empty() })
    }
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
    let Some((mut end, bytes)) = storage.changes_before(instant.after(), 1)?.pop() else {
        return Ok(None);
    };
    let began = LoggedChange::valid_from(end, &bytes)?;
    if floor.is_some_and(|floor| began < floor) {
        return Ok(None);
    }
    // What was made in it later still belongs to it.
    let mut count = 2;
    loop {
        let batch = storage.changes_from(end.after(), count)?;
        let is_last = batch.len() < count;
        count = count.saturating_mul(2).min(BATCH);
        for (version, bytes) in batch {
            if LoggedChange::valid_from(version, &bytes)? != began {
                return Ok(Some(end));
            }
            end = version;
        }
        if is_last {
            return Ok(Some(end));
        }
    }
}
