//! Bounds on what an entity stores: all of its bytes, and those that one person writes in a day.
//!
//! A write is refused before it begins, by what is stored already. So the last write that a quota admits can pass it by
//! its own size; [`RESERVE_BYTES`] has room for that.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use ciborium::Value;

use crate::entity::Entity;
use crate::message::{Reason, Reply, whole_number};
use crate::object::log::LoggedChange;
use crate::object::{Limits, Present, checkpoint::Head};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// What the platform lets one object store, in bytes.
pub const OBJECT_BYTES: u64 = 10_000_000_000;

/// What no quota gives away of [`OBJECT_BYTES`]: room for the last write, which with its checkpoints takes 80 MB at the
/// most, and after it for deletions, for the end of subscriptions and sessions, and for a compaction.
pub const RESERVE_BYTES: u64 = 200_000_000;

/// The largest quota.
pub const MOST_QUOTA_BYTES: u64 = OBJECT_BYTES.saturating_sub(RESERVE_BYTES);

/// What one person may write to one entity in a day, in bytes as stored. Ten edits of 200 bytes in every second of the
/// day come to 173 MB, so nobody who types reaches it. Whoever replaces a value of 8 MB again and again
/// is stopped after 14 times, and needs three days and more to fill the default quota alone.
pub const DAILY_BYTES: u64 = 200_000_000;

/// The most persons whose bytes of a day are told apart. With more of them the smallest amount is inherited, so nobody's
/// is ever forgotten; one who wrote less than [`DAILY_BYTES`] is refused only if all together wrote 64 times as much.
const MOST_PERSONS: usize = 64;

/// After so many writes, or bytes, the size of the database is asked for again: what rows take beside their bytes is not
/// in the running sum.
const MEASURED_EVERY: u32 = 256;
const MEASURED_AFTER_BYTES: u64 = 1 << 20;

const DAY: u64 = 86_400_000_000;

/// How near an entity is to its quotas. All of it is known by what is stored.
#[derive(Debug, Default)]
pub struct Usage {
    stored: Option<Stored>,
    written: OnceCell<Written>,
}

/// How much the database takes.
#[derive(Clone, Copy, Debug)]
struct Stored {
    measured: u64,
    /// Bytes and number of writes since.
    added: u64,
    writes: u32,
}

impl Stored {
    fn bytes(self) -> u64 {
        self.measured.saturating_add(self.added)
    }

    fn is_stale(self) -> bool {
        self.writes >= MEASURED_EVERY || self.added >= MEASURED_AFTER_BYTES
    }
}

/// What persons wrote within one day of UTC. It is stored with each checkpoint; what was written since is summed up from
/// the changes behind it, which are bounded as those that waking reads. So it costs no row, and no change that is let go
/// of is missed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    day: u64,
    by: BTreeMap<String, u64>,
}

impl Written {
    /// Adds a change.
    pub fn add(&mut self, at: Stamp, person: &str, bytes: usize) {
        let day = at.micros() / DAY;
        if day != self.day {
            *self = Written { day, by: BTreeMap::new() };
        }
        let sum = self.of(at, person).saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if !self.by.contains_key(person)
            && self.by.len() >= MOST_PERSONS
            && let Some(smallest) = self.smallest()
        {
            self.by.remove(&smallest);
        }
        self.by.insert(person.to_owned(), sum);
    }

    /// Returns what a person wrote on the day of `now`, or more where too many persons did.
    pub fn of(&self, now: Stamp, person: &str) -> u64 {
        if now.micros() / DAY != self.day {
            return 0;
        }
        let inherited = || match self.by.len() >= MOST_PERSONS {
            true => self.by.values().min().copied().unwrap_or_default(),
            false => 0,
        };
        self.by.get(person).copied().unwrap_or_else(inherited)
    }

    fn smallest(&self) -> Option<String> {
        self.by.iter().min_by_key(|(_, bytes)| **bytes).map(|(person, _)| person.clone())
    }

    /// The form in the head of a checkpoint.
    pub fn to_value(&self) -> Value {
        let by = self.by.iter().map(|(person, bytes)| {
            Value::Array(vec![Value::Text(person.clone()), Value::Integer((*bytes).into())])
        });
        Value::Array(std::iter::once(Value::Integer(self.day.into())).chain(by).collect())
    }

    /// Reads the form in the head of a checkpoint. A release before this one wrote none, and what is not understood
    /// counts as nothing.
    pub fn from_value(value: Option<&Value>) -> Written {
        let mut items = value.and_then(Value::as_array).into_iter().flatten();
        let day = items.next().and_then(whole_number).unwrap_or_default();
        let person = |item: &Value| match item.as_array().map(Vec::as_slice) {
            Some([Value::Text(person), bytes]) => Some((person.clone(), whole_number(bytes)?)),
            _ => None,
        };
        Written { day, by: items.filter_map(person).take(MOST_PERSONS).collect() }
    }
}

impl Usage {
    /// The usage of an entity that is created.
    pub fn none() -> Usage {
        Usage { stored: None, written: OnceCell::from(Written::default()) }
    }

    /// Notes what persons wrote, as it was read on the way to the value.
    pub fn found(&self, written: Written) {
        self.written.get_or_init(|| written);
    }

    /// Counts bytes that were stored.
    pub fn stored(&mut self, bytes: usize) {
        if let Some(stored) = &mut self.stored {
            stored.added = stored.added.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
            stored.writes = stored.writes.saturating_add(1);
        }
    }

    /// Counts a change that was stored, for the person who made it. Where nobody asked yet what persons wrote, it is
    /// among the changes behind the checkpoint when somebody does. The creation never is, so it does not count.
    pub fn changed(&mut self, change: &LoggedChange, bytes: usize) {
        self.stored(bytes);
        if change.since.is_some()
            && let Some(written) = self.written.get_mut()
        {
            written.add(change.meta.modified, &change.meta.person, bytes);
        }
    }

    /// Returns what persons wrote today.
    ///
    /// # Errors
    /// If the storage fails, or holds what this release cannot read.
    pub fn written(&self, storage: &impl Storage) -> Result<&Written, StorageError> {
        if let Some(written) = self.written.get() {
            return Ok(written);
        }
        let mut written = Written::default();
        if let Some(head) = storage.latest_head()? {
            written = Head::decode(&head.head)?.written;
            for (version, bytes) in storage.changes_from(head.version.after(), usize::MAX)? {
                written.add(version, &LoggedChange::person(&bytes)?, bytes.len());
            }
        }
        Ok(self.written.get_or_init(|| written))
    }

    fn stored_bytes(&mut self, storage: &impl Storage, quota: u64) -> Result<u64, StorageError> {
        let known = self.stored.filter(|known| !known.is_stale() && known.bytes() < quota);
        if let Some(known) = known {
            return Ok(known.bytes());
        }
        let measured = storage.stored_bytes()?;
        self.stored = Some(Stored { measured, added: 0, writes: 0 });
        Ok(measured)
    }
}

/// Returns the quota of an entity, in bytes.
fn quota<T: Entity>(limits: &Limits) -> u64 {
    limits.quota_bytes.unwrap_or(T::CONFIG.quota).min(MOST_QUOTA_BYTES)
}

/// Refuses the creation of an entity in an object that is full of something else.
///
/// # Errors
/// If the storage fails.
pub fn refuse_creation<T: Entity>(
    storage: &impl Storage,
    limits: &Limits,
) -> Result<Option<Reply>, StorageError> {
    let (stored, quota) = (storage.stored_bytes()?, quota::<T>(limits));
    Ok((stored >= quota).then(|| full(stored, quota)))
}

impl<T: Entity> Present<T> {
    /// Refuses a write that a quota does not admit.
    ///
    /// # Errors
    /// If the storage fails, or holds what this release cannot read.
    pub fn refuse_beyond_quota(
        &mut self,
        storage: &impl Storage,
        limits: &Limits,
        now: Stamp,
        person: &str,
    ) -> Result<Option<Reply>, StorageError> {
        let quota = quota::<T>(limits);
        let stored = self.usage.stored_bytes(storage, quota)?;
        if stored >= quota {
            return Ok(Some(full(stored, quota)));
        }
        // The day of the version that the write would make.
        let at = now.max(self.meta.modified);
        let written = self.usage.written(storage)?.of(at, person);
        let daily = limits.daily_bytes;
        Ok((written >= daily).then(|| {
            let sentence = format!(
                "{person} has stored {written} bytes in this entity today, of {daily} that one person may: \
                 go on after midnight UTC, or ask the operator for more"
            );
            Reply::refusal(413, Reason::Full, sentence)
        }))
    }
}

fn full(stored: u64, quota: u64) -> Reply {
    let sentence = format!(
        "the entity has stored {stored} bytes, and its quota is {quota}: let go of its past with `compact`, or ask \
         the operator for more"
    );
    Reply::refusal(413, Reason::Full, sentence)
}

/// The reply to a write that the disk did not take. It was rolled back.
pub fn disk_full() -> Reply {
    let sentence = "the disk is full, and nothing was changed: ask the operator to make room";
    Reply::refusal(413, Reason::Full, sentence)
}
