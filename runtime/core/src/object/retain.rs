//! Letting go of the past that an entity is not asked to keep.
//!
//! Two steps: `meta.compacted` says from where on the past is kept, and what is stored of before is deleted, a bounded
//! number of changes at a time. Writes delete twice what they add until nothing is left; where nobody writes, the alarm
//! of the object does it.

use crate::entity::{Entity, Retain};
use crate::message::{Reply, Token};
use crate::object::log::LoggedChange;
use crate::object::past::end_of_snapshot;
use crate::object::request::malformed_token;
use crate::object::{Limits, Present};
use crate::storage::{Amount, Storage, StorageError};
use crate::time::Stamp;

/// How often a write looks whether something can go, in microseconds: an hour.
const EVERY: u64 = 3_600_000_000;

/// What is kept whatever the entity says, in microseconds: a day, in which requests are remembered.
const AT_LEAST: u64 = 86_400_000_000;

/// How much later than it may a part of the past goes where nobody writes, in microseconds: six hours. Until then more
/// has become due, so that an object is woken four times a day at most.
const LATE: u64 = 6 * EVERY;

/// How long an object sleeps between two deletions where nobody writes, in microseconds: a minute.
const PAUSE: u64 = 60_000_000;

/// The most that is deleted at once where nobody writes.
const AT_ONCE: Amount = Amount { changes: 2048, bytes: 8 << 20 };

/// So many writes delete together: a deletion by itself costs as much as a few changes in it.
const TOGETHER: usize = 32;

/// Or so many bytes that they wrote.
const TOGETHER_BYTES: usize = 1 << 20;

/// The most steps of a search among versions, each of which halves what is left of 64 bits.
const SEARCH_STEPS: usize = 64;

/// What is still to be let go. In memory alone: it is looked for again after waking.
#[derive(Debug, Default)]
pub struct Retention {
    /// When it was last looked whether something can go.
    looked: Option<Stamp>,
    /// Whether changes before `compacted` are stored.
    has_backlog: bool,
    /// What was written since the last deletion.
    written: Amount,
    /// When something of the past has to go though nobody writes.
    due: Option<Stamp>,
    /// Whether an alarm for it may be missing.
    wants_alarm: bool,
}

impl Retention {
    /// When to be woken for it, if an alarm may be missing.
    pub fn next_alarm(&mut self, now: Stamp) -> Option<Stamp> {
        if !std::mem::take(&mut self.wants_alarm) {
            return None;
        }
        if self.has_backlog {
            Some(now.plus(PAUSE))
        } else {
            self.due.map(|due| due.max(now.plus(PAUSE)))
        }
    }

    /// Whether an alarm that is set is that of the retention.
    pub fn is_at(&self, alarm: Stamp) -> bool {
        self.due == Some(alarm)
    }

    /// Says that no other alarm can be set, so that one of its own may be.
    pub fn begin(&mut self) {
        self.wants_alarm = true;
    }

    /// Counts a write.
    pub fn wrote(&mut self, bytes: usize) {
        let Amount { changes, bytes: sum } = self.written;
        self.written =
            Amount { changes: changes.saturating_add(1), bytes: sum.saturating_add(bytes) };
    }
}

impl<T: Entity> Present<T> {
    /// Lets go with a write what is due; it looks for that once an hour. Returns whether an alarm may be missing now.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn retain(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        now: Stamp,
    ) -> Result<bool, StorageError> {
        let looks = self.looks(now);
        // The snapshot before this one has ended.
        let ends = self.retention.due.is_none() && self.meta.valid_from == self.meta.modified;
        if looks {
            self.look(storage, limits, now)?;
        } else if ends {
            self.retention.due = self.keeps().map(|keep| now.plus(keep).plus(LATE));
        }
        let Retention { has_backlog, written, .. } = &mut self.retention;
        if !*has_backlog {
            *written = Amount::default();
        } else if written.changes >= TOGETHER || written.bytes >= TOGETHER_BYTES {
            let twice = written.changes.saturating_mul(2);
            *written = Amount::default();
            self.forget(storage, Amount { changes: twice, bytes: usize::MAX })?;
        }
        Ok(looks || ends)
    }

    /// Lets go of what is due when the alarm of the object came.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn retain_at_rest(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        now: Stamp,
    ) -> Result<(), StorageError> {
        self.retention.wants_alarm = true;
        let is_due = self.retention.due.is_some_and(|due| due <= now);
        if is_due || self.looks(now) {
            self.look(storage, limits, now)?;
        }
        if self.retention.has_backlog { self.forget(storage, AT_ONCE) } else { Ok(()) }
    }

    /// `compact`: lets go of the snapshots that ended by an instant, but never of the last day.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn compact(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        now: Stamp,
        before: Token,
    ) -> Result<Reply, StorageError> {
        let Token::At(before) = before else { return Ok(malformed_token("before")) };
        let horizon = snapshot_at(storage, before.min(now.minus(AT_LEAST)))?;
        let is_later = |horizon: &Stamp| self.meta.compacted.is_none_or(|floor| *horizon > floor);
        if let Some(horizon) = horizon.filter(is_later)
            && !storage.changes_before(horizon, 1)?.is_empty()
        {
            self.let_go(storage, limits, horizon)?;
            self.retention.wants_alarm = self.retention.has_backlog;
        }
        Ok(Reply::ok(200).with_meta(&self.meta))
    }

    fn looks(&self, now: Stamp) -> bool {
        self.retention.looked.is_none_or(|at| now.since(at) >= EVERY || now < at)
    }

    /// Looks for what can go, and lets go of it if it is an hour or more of the past, or late: the value is stored whole
    /// for it, because that says from where on the past is kept.
    fn look(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        now: Stamp,
    ) -> Result<(), StorageError> {
        self.retention.looked = Some(now);
        self.retention.due = None;
        if let Some(floor) = self.meta.compacted {
            self.retention.has_backlog = !storage.changes_before(floor, 1)?.is_empty();
        }
        let Some((began, due)) = self.oldest(storage)? else { return Ok(()) };
        self.retention.due = Some(due);
        let horizon = self.horizon(storage, now)?.filter(|horizon| *horizon > began);
        if let Some(horizon) = horizon
            && (horizon.since(began) >= EVERY || now >= due)
        {
            self.let_go(storage, limits, horizon)?;
            self.retention.due = self.oldest(storage)?.map(|(_, due)| due);
        }
        Ok(())
    }

    /// How long a snapshot stays that ended; `None` if it stays for good.
    fn keeps(&self) -> Option<u64> {
        match T::CONFIG.retain {
            Retain::All => None,
            Retain::Seconds(seconds) => {
                Some(u64::from(seconds).saturating_mul(1_000_000).max(AT_LEAST))
            }
            Retain::Snapshots(count) => (self.snapshot > u64::from(count)).then_some(AT_LEAST),
        }
    }

    /// When the oldest snapshot began, and when it has to go though nobody writes; `None` if it stays until somebody does.
    fn oldest(&self, storage: &impl Storage) -> Result<Option<(Stamp, Stamp)>, StorageError> {
        let Some(keep) = self.keeps() else { return Ok(None) };
        let floor = self.meta.compacted.unwrap_or_default();
        let Some((first, bytes)) = storage.changes_from(floor, 1)?.pop() else { return Ok(None) };
        let began = LoggedChange::valid_from(first, &bytes)?;
        let stays = match T::CONFIG.retain {
            Retain::Snapshots(count) => {
                self.latest_but(storage, count)?.is_none_or(|wanted| wanted <= began)
            }
            _ => began == self.meta.valid_from,
        };
        if stays {
            return Ok(None);
        }
        let end = end_of_snapshot(storage, began, None)?.unwrap_or(began);
        let Some((next, _)) = storage.changes_from(end.after(), 1)?.pop() else { return Ok(None) };
        Ok(Some((began, next.plus(keep).plus(LATE))))
    }

    /// Lets go of what was before a snapshot began.
    fn let_go(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        horizon: Stamp,
    ) -> Result<(), StorageError> {
        self.meta.compacted = Some(horizon);
        if self.stored_schema == T::CONFIG.version {
            self.store_whole(storage, limits)?;
        } else {
            // Until the first write of this schema what is stored is in the form of the earlier one.
            self.store_as_written(storage, limits)?;
        }
        self.forget(storage, AT_ONCE)
    }

    fn forget(&mut self, storage: &mut impl Storage, most: Amount) -> Result<(), StorageError> {
        let Some(floor) = self.meta.compacted else { return Ok(()) };
        self.retention.has_backlog = storage.forget_before(floor, most)?;
        Ok(())
    }

    /// When the first snapshot began that has to stay; `None` if all have to.
    fn horizon(&self, storage: &impl Storage, now: Stamp) -> Result<Option<Stamp>, StorageError> {
        let ago = |micros| now.minus(micros);
        let Some(protected) = snapshot_at(storage, ago(AT_LEAST))? else { return Ok(None) };
        let first = match T::CONFIG.retain {
            Retain::All => None,
            Retain::Seconds(seconds) => {
                let micros = u64::from(seconds).saturating_mul(1_000_000);
                snapshot_at(storage, ago(micros))?
            }
            Retain::Snapshots(count) => self.latest_but(storage, count)?,
        };
        Ok(first.map(|first| first.min(protected)))
    }

    /// When the first of the latest `count` snapshots began; `None` if there are no others.
    fn latest_but(
        &self,
        storage: &impl Storage,
        count: u32,
    ) -> Result<Option<Stamp>, StorageError> {
        let wanted = self.snapshot.saturating_sub(u64::from(count.max(1))).saturating_add(1);
        if wanted <= 1 {
            return Ok(None);
        }
        if wanted == self.snapshot {
            return Ok(Some(self.meta.valid_from));
        }
        // Between the two is always one of the snapshot that is wanted, for they are counted without gaps.
        let (mut low, mut high) = (Stamp::default(), self.meta.modified);
        for _ in 0..SEARCH_STEPS {
            let middle = low.plus(high.since(low) / 2);
            match change_at(storage, middle)? {
                Some(change) if change.snapshot == wanted => {
                    return Ok(Some(change.meta.valid_from));
                }
                Some(change) if change.snapshot > wanted => high = middle,
                _ => low = middle,
            }
        }
        Ok(None)
    }
}

/// When the snapshot began that was valid at an instant; `None` before the first.
fn snapshot_at(storage: &impl Storage, at: Stamp) -> Result<Option<Stamp>, StorageError> {
    Ok(change_at(storage, at)?.map(|change| change.meta.valid_from))
}

/// The latest change that was made at an instant or before; without what it changed.
fn change_at(storage: &impl Storage, at: Stamp) -> Result<Option<LoggedChange>, StorageError> {
    let found = storage.changes_before(at.after(), 1)?;
    found.first().map(|(version, bytes)| LoggedChange::decode_head(*version, bytes)).transpose()
}
