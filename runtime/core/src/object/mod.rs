//! The entity machine: one entity's value, its versions and its subscribers.
//!
//! The host opens a transaction, hands in a request, and carries out what comes back: the reply, then the
//! deliveries. On an error it rolls back, drops the machine and loads it again.

mod idle;
mod log;
mod past;
mod plan;
mod request;
mod stored;
mod subscribers;

use ciborium::Value;

use crate::codec::{MAX_MESSAGE_BYTES, decode_own_value, encode_value};
use crate::entity::Entity;
use crate::field::{Patch, read, write};
use crate::message::{Delivery, EntityRef, Meta};
use crate::schema::ShapeError;
use crate::storage::{MAX_PART_BYTES, Storage, StorageError, cut};
use crate::time::Stamp;

pub use self::log::{Log, LoggedChange};
use self::stored::Head;
pub use self::subscribers::Delivered;
use self::subscribers::Subscribers;

/// Bounds on what an entity accepts and stores.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest message, in bytes.
    pub message_bytes: usize,
    /// The largest value, in bytes of CBOR.
    pub value_bytes: usize,
    /// The largest part that is stored in one row, in bytes.
    pub part_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            message_bytes: MAX_MESSAGE_BYTES,
            value_bytes: 16_000_000,
            part_bytes: MAX_PART_BYTES,
        }
    }
}

/// The machine of one entity of type `T`.
pub struct EntityMachine<T: Entity> {
    entity: EntityRef,
    limits: Limits,
    contents: Contents<T>,
    subscribers: Subscribers,
    /// When the object will be woken, if that is known.
    alarm: Option<Stamp>,
}

/// What the object holds.
enum Contents<T> {
    /// Nothing: the entity was never created.
    Absent,
    /// An entity of another type, which is named.
    Foreign(String),
    /// The entity, deleted or not.
    Present(Box<Present<T>>),
}

/// An entity that was created.
struct Present<T> {
    value: T,
    meta: Meta,
    log: Log,
    checkpoint: CheckpointState,
}

/// When the value was last stored whole, and what came after.
#[derive(Clone, Copy, Default)]
struct CheckpointState {
    /// Bytes of the value then.
    value_bytes: usize,
    /// Bytes of the changes stored since.
    bytes_since: usize,
    /// Number of the changes stored since.
    changes_since: usize,
}

impl CheckpointState {
    /// Whether the changes since have grown so far that storing the value again costs little beside them, or
    /// that reading them back would hold up waking.
    fn is_due(&self) -> bool {
        const MIN_BYTES: usize = 64 << 10;
        const MAX_CHANGES: usize = 1000;
        let worthwhile = MIN_BYTES.max(self.value_bytes / 2);
        self.bytes_since > worthwhile || self.changes_since > MAX_CHANGES
    }

    fn add(&mut self, bytes: usize) {
        self.bytes_since = self.bytes_since.saturating_add(bytes);
        self.changes_since = self.changes_since.saturating_add(1);
    }
}

impl<T: Entity> EntityMachine<T> {
    /// Reads the entity `id`: its checkpoint, and the changes behind it.
    ///
    /// # Errors
    /// If the storage fails, or holds what this version cannot read.
    pub fn load(
        storage: &impl Storage,
        id: &str,
        limits: Limits,
    ) -> Result<EntityMachine<T>, StorageError> {
        let entity =
            EntityRef::new(T::ENTITY, id).map_err(|error| StorageError::Failed(error.0))?;
        let contents = load_contents(storage)?;
        let version = match &contents {
            Contents::Present(present) => present.meta.modified,
            Contents::Absent | Contents::Foreign(_) => Stamp::default(),
        };
        let subscribers = Subscribers::load(storage.subscribers()?, version);
        Ok(EntityMachine { entity, limits, contents, subscribers, alarm: None })
    }

    /// When the object has to be woken even if nobody asks for anything; the host looks after every step, and stores
    /// it with what the step wrote. So a push is told in the end although the object was ended before it was sent,
    /// or the person could not be reached.
    pub fn poll_alarm(&mut self, now: Stamp) -> Option<Stamp> {
        // Pushes are told within a moment, and an object stays in memory for ten seconds after its last request: so
        // the alarm nearly always finds it awake and with nothing to do, and it costs one row for all the edits
        // within that time. Who cannot be reached is tried again at twice the time since the change, and has to
        // come by itself after the last try.
        const FIRST_WAIT: u64 = 8_000_000;
        const LAST_TRY: u64 = 7_200_000_000;
        let Contents::Present(present) = &self.contents else { return None };
        let passed = now.since(present.meta.modified);
        let is_set = self.alarm.is_some_and(|at| at > now);
        if is_set || self.subscribers.are_current() || passed > LAST_TRY {
            return None;
        }
        self.alarm = Some(now.plus(passed.max(FIRST_WAIT)));
        self.alarm
    }

    /// The time of [`EntityMachine::poll_alarm`] has come: pushes may be due.
    pub fn woken(&mut self) {
        self.alarm = None;
        if let Contents::Present(present) = &self.contents
            && let Some(last) = present.log.last()
        {
            self.subscribers.remind(last);
        }
    }

    /// The next push that can be sent, and the person whose object is to have it.
    pub fn poll_delivery(&mut self) -> Option<(String, Delivery)> {
        match &self.contents {
            Contents::Present(present) => self.subscribers.poll(&self.entity, &present.log),
            Contents::Absent | Contents::Foreign(_) => None,
        }
    }

    /// What became of the delivery to `person` that led to the version `through`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn delivered(
        &mut self,
        storage: &mut impl Storage,
        person: &str,
        through: Stamp,
        outcome: Delivered,
    ) -> Result<(), StorageError> {
        if self.subscribers.delivered(person, through, outcome) {
            storage.remove_subscriber(person)?;
            self.subscribers.remove(person);
        }
        Ok(())
    }
}

fn load_contents<T: Entity>(storage: &impl Storage) -> Result<Contents<T>, StorageError> {
    let parts = storage.checkpoint()?;
    let Some((head, value)) = parts.split_first() else {
        return Ok(Contents::Absent);
    };
    let head = Head::decode(head)?;
    if head.name != T::ENTITY {
        return Ok(Contents::Foreign(head.name));
    }
    let value = value.concat();
    let tree = decode_own_value(&value).map_err(unreadable)?;
    let mut present = Box::new(Present {
        value: read::<T>(tree).map_err(unreadable)?,
        checkpoint: CheckpointState { value_bytes: value.len(), ..CheckpointState::default() },
        log: Log::default(),
        meta: head.meta,
    });
    let stored_at = present.meta.modified;
    let recent = storage.recent_from(log::MAX_CHANGES, log::MAX_BYTES)?.unwrap_or(stored_at);
    for (version, bytes) in storage.changes_from(recent.min(stored_at))? {
        let stored = decode_own_value(&bytes).map_err(unreadable)?;
        let change = LoggedChange::from_value(&stored).map_err(unreadable)?;
        if version > stored_at {
            let diff = <T as Entity>::Diff::from_value(change.diff.clone()).map_err(unreadable)?;
            present.value.apply(diff);
            present.meta = change.meta.clone();
            present.checkpoint.add(bytes.len());
        }
        present.log.push(change, bytes.len());
    }
    Ok(Contents::Present(present))
}

fn unreadable(error: impl std::fmt::Display) -> StorageError {
    StorageError::Failed(format!("the stored entity cannot be read: {error}"))
}

impl<T: Entity> Present<T> {
    /// Stores a change that was applied, and the value where a checkpoint is due.
    fn store(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        change: LoggedChange,
    ) -> Result<(), StorageError> {
        let bytes = change.encode()?;
        self.meta = change.meta.clone();
        self.checkpoint.add(bytes.len());
        storage.append_change(change.meta.modified, &cut(&bytes, limits.part_bytes))?;
        self.log.push(change, bytes.len());
        if self.checkpoint.is_due() {
            let value = encode_value(&write(&self.value)).map_err(unreadable)?;
            self.write_checkpoint(storage, limits, &value)?;
        }
        Ok(())
    }

    fn write_checkpoint(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        value: &[u8],
    ) -> Result<(), StorageError> {
        let parts = cut(value, limits.part_bytes);
        self.meta.chunks =
            if parts.len() > 1 { u32::try_from(parts.len()).unwrap_or(0) } else { 0 };
        let head = Head { name: T::ENTITY.to_owned(), meta: self.meta.clone() }.encode()?;
        let all: Vec<&[u8]> = std::iter::once(head.as_slice()).chain(parts).collect();
        storage.write_checkpoint(&all)?;
        self.checkpoint =
            CheckpointState { value_bytes: value.len(), ..CheckpointState::default() };
        Ok(())
    }
}

/// A typed value from a tree that came from outside: its shape is checked, with the place of what is wrong.
fn read_checked<T: Entity>(mut value: Value) -> Result<T, ShapeError> {
    T::KIND.conform(&mut value)?;
    read(value)
}
