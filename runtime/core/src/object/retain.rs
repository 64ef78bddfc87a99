//! Letting go of the past that an entity is not asked to keep.

use crate::entity::{Entity, Retain};
use crate::object::log::LoggedChange;
use crate::object::{Limits, Present};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// How often a write looks whether something can go, in microseconds: an hour.
const EVERY: u64 = 3_600_000_000;

/// What is kept whatever the entity says, in microseconds: a day, in which requests are remembered.
const AT_LEAST: u64 = 86_400_000_000;

/// The most changes that go at once.
const AT_ONCE: usize = 10_000;

/// The most steps of a search among versions, each of which halves what is left of 64 bits.
const SEARCH_STEPS: usize = 64;

impl<T: Entity> Present<T> {
    /// Looks with a write, once an hour, whether an hour or more of the past can go; stores the value whole if so, for that
    /// says from where on the past is kept.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn retain(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        now: Stamp,
    ) -> Result<(), StorageError> {
        let looked = self.retained_at.is_some_and(|at| now.since(at) < EVERY && now >= at);
        if T::CONFIG.retain == Retain::All || looked {
            return Ok(());
        }
        self.retained_at = Some(now);
        let Some(horizon) = self.horizon(storage, now)? else { return Ok(()) };
        // Whoever is woken often does not store the value each time for a few minutes more that can go.
        let began = self.meta.compacted.unwrap_or_default();
        if horizon.since(began) < EVERY {
            return Ok(());
        }
        self.meta.compacted = Some(horizon);
        self.store_whole(storage, limits)?;
        storage.forget_before(horizon, AT_ONCE)
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
