//! The entity machine: one entity's value, its versions and its subscribers.
//!
//! The host opens a transaction, hands in a request, and carries out what comes back: the reply, then the
//! deliveries. On an error it rolls back, drops the machine and loads it again.

mod callbacks;
mod checkpoint;
mod former;
mod held;
mod idle;
mod known;
mod line_gate;
mod lines;
mod load;
mod log;
mod past;
mod ping;
mod plan;
mod quota;
mod replay;
mod request;
mod retain;
mod silence;
mod subscribers;

use std::cell::OnceCell;
use std::rc::Rc;

use ciborium::Value;

use crate::codec::{MAX_MESSAGE_BYTES, encode_value};
use crate::entity::Entity;
use crate::field::read;
use crate::message::{Delivery, EntityRef, Meta};
use crate::schema::ShapeError;
use crate::storage::{MAX_PART_BYTES, Storage, StorageError};
use crate::time::Stamp;

use self::checkpoint::{Latest, in_parts};
use self::former::Former;
pub use self::line_gate::{
    LineGate, LineLimits, LineOutcome, LineRefused, LineUnread, TICKET_SECONDS,
};
use self::lines::Lines;
pub use self::lines::{LineEffect, LineId};
pub use self::log::{Log, LoggedChange};
use self::ping::Pings;
use self::quota::Usage;
pub use self::quota::{DAILY_BYTES, MOST_QUOTA_BYTES, disk_full};
use self::replay::Replay;
pub use self::request::failed;
use self::retain::Retention;
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
    /// From how many readers on an entity is crowded, in place of what its type says; a type without lines has none.
    pub lines: Option<u32>,
    /// After how many seconds subscribers are asked again, in place of what its type says; a type without ping has none.
    pub ping: Option<u32>,
    /// How many bytes an entity may store, in place of what its type says.
    pub quota_bytes: Option<u64>,
    /// How many bytes, as stored, one person may write to an entity in a day.
    pub daily_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            message_bytes: MAX_MESSAGE_BYTES,
            value_bytes: MAX_VALUE_BYTES,
            part_bytes: MAX_PART_BYTES,
            lines: None,
            ping: None,
            quota_bytes: None,
            daily_bytes: DAILY_BYTES,
        }
    }
}

/// The most bytes that the value of an entity may take.
const MAX_VALUE_BYTES: usize = 16_000_000;

/// The machine of one entity of type `T`.
pub struct EntityMachine<T: Entity> {
    entity: EntityRef,
    limits: Limits,
    contents: Contents<T>,
    subscribers: Subscribers,
    lines: Lines,
    /// When the object will be woken, if that is known.
    alarm: Option<Stamp>,
    pings: Pings,
    /// The fingerprint of the schema, once a request named one.
    schema: Option<u64>,
}

/// What the object holds.
enum Contents<T> {
    /// Nothing: the entity was never created.
    Absent,
    /// An entity of another type, which is named.
    Foreign(String),
    /// Something that this release cannot read, for this reason.
    Unreadable(String),
    /// The entity, deleted or not.
    Present(Box<Present<T>>),
}

/// An entity that was created.
struct Present<T> {
    /// The value, once somebody needed it in its type.
    value: OnceCell<T>,
    meta: Meta,
    /// Which snapshot the current one is: the first one is 1.
    snapshot: u64,
    log: Log,
    /// Whether the log holds all that it may: of an entity that woke up it begins with the last change.
    all_recent: bool,
    checkpoint: Latest,
    /// The schema version that wrote what is stored; an earlier one until the first write.
    stored_schema: u32,
    /// Which requests were carried out; `None` before the first write.
    replay: Option<Replay>,
    retention: Retention,
    usage: Usage,
}

impl<T: Entity> EntityMachine<T> {
    /// Reads the entity `id`: its checkpoint, and the changes behind it. If this release cannot read what is stored, the
    /// machine refuses every request and says why.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn load(
        storage: &impl Storage,
        id: &str,
        limits: Limits,
    ) -> Result<EntityMachine<T>, StorageError> {
        let entity =
            EntityRef::new(T::ENTITY, id).map_err(|error| StorageError::Failed(error.0))?;
        let contents = load::load(storage)?;
        let version = match &contents {
            Contents::Present(present) => present.meta.modified,
            _ => Stamp::default(),
        };
        let (persons, silent) = silence::subscribers(storage)?;
        let subscribers = Subscribers::load(persons, silent, version);
        let lines = Lines::default();
        Ok(EntityMachine {
            entity,
            limits,
            contents,
            subscribers,
            lines,
            alarm: None,
            pings: Pings::default(),
            schema: None,
        })
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
        let Contents::Present(present) = &mut self.contents else { return None };
        let passed = now.since(present.meta.modified);
        let set = self.alarm.filter(|at| *at > now);
        let behind = !self.subscribers.are_current() && passed <= LAST_TRY;
        let retention = &mut present.retention;
        let is_none = set.is_none_or(|set| retention.is_at(set));
        let again = (behind && (is_none || set.is_some_and(|set| self.pings.is_at(set))))
            .then(|| now.plus(passed.max(FIRST_WAIT)));
        let retain = retention.next_alarm(now);
        let ping = if is_none { self.next_ping(now) } else { None };
        // Whichever comes first: the others are looked at then.
        let wanted = again.into_iter().chain(ping).chain(retain).min()?;
        if set.is_some_and(|set| set <= wanted) {
            return None;
        }
        self.alarm = Some(wanted);
        self.alarm
    }

    /// The time of [`EntityMachine::poll_alarm`] has come: pushes may be due, a ping, or something of the past is to go.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn woken(&mut self, storage: &mut impl Storage, now: Stamp) -> Result<(), StorageError> {
        self.alarm = None;
        if self.ping_every().is_some() && self.pings.woken(now) {
            self.subscribers.ask_silent();
        }
        let Contents::Present(present) = &mut self.contents else { return Ok(()) };
        if let Some(last) = present.log.last() {
            self.subscribers.remind(last.change());
        }
        present.retain_at_rest(storage, &self.limits, now)
    }

    /// The next push that can be sent, and the person whose object is to have it. Those to whom the same is sent one
    /// after the other share one, so that a host can see it and encode it once.
    pub fn poll_delivery(&mut self) -> Option<(String, Rc<Delivery>)> {
        let line = self.is_crowded();
        let Contents::Present(present) = &self.contents else { return None };
        self.subscribers.poll(&self.entity, (&present.meta, &present.log), line)
    }
}

fn unreadable(error: impl std::fmt::Display) -> StorageError {
    StorageError::Unreadable(format!("the stored entity cannot be read: {error}"))
}

impl<T: Entity> Present<T> {
    /// An entity that is created with this value. Nothing is stored yet.
    fn new(value: T, meta: Meta) -> Present<T> {
        Present {
            value: OnceCell::from(value),
            meta,
            snapshot: 1,
            log: Log::default(),
            all_recent: true,
            checkpoint: Latest::default(),
            stored_schema: T::CONFIG.version,
            replay: None,
            retention: Retention::default(),
            usage: Usage::none(),
        }
    }

    /// Stores a change that was applied, and the value where a checkpoint is due.
    fn store(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
        change: LoggedChange,
    ) -> Result<(), StorageError> {
        let is_first = self.stored_schema != T::CONFIG.version;
        if is_first {
            // What is read later is read from what this writes.
            self.value(storage)?;
            self.leave_schema(storage, limits)?;
        }
        let bytes = change.encode()?;
        self.meta = change.meta.clone();
        self.snapshot = change.snapshot;
        in_parts(&bytes, limits, |parts| storage.append_change(change.key(), parts))?;
        self.checkpoint.since.add(bytes.len());
        self.retention.wrote(bytes.len());
        self.usage.changed(&change, bytes.len());
        self.remember(storage, &change)?;
        self.log.push(change, bytes.len());
        if is_first || self.checkpoint.is_due() {
            self.store_whole(storage, limits)
        } else {
            Ok(())
        }
    }

    /// Stores the value as it is now.
    fn store_whole(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
    ) -> Result<(), StorageError> {
        let value = self.encoded(storage)?;
        self.write_checkpoint(storage, limits, &value)
    }

    /// Before the first write of this schema: the last value that an earlier one wrote stays, whole, so that the past
    /// before it is read from there.
    fn leave_schema(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
    ) -> Result<(), StorageError> {
        if self.meta.modified != self.checkpoint.version {
            self.store_as_written(storage, limits)?;
        }
        self.checkpoint.must_stay = true;
        self.stored_schema = T::CONFIG.version;
        Ok(())
    }

    /// Stores the value whole in the form of the earlier schema that wrote it.
    fn store_as_written(
        &mut self,
        storage: &mut impl Storage,
        limits: &Limits,
    ) -> Result<(), StorageError> {
        let (former, head) = former::as_written::<T>(storage)?;
        if let Former::Tree(tree, _) = former {
            let value = encode_value(&tree).map_err(unreadable)?;
            let (meta, snapshot) = (self.meta.clone(), self.snapshot);
            self.meta = Meta { compacted: meta.compacted, ..head.meta };
            self.snapshot = head.snapshot;
            self.write_checkpoint(storage, limits, &value)?;
            (self.meta, self.snapshot) = (meta, snapshot);
        }
        Ok(())
    }
}

/// A typed value from a tree that came from outside: its shape is checked, with the place of what is wrong.
fn read_checked<T: Entity>(mut value: Value) -> Result<T, ShapeError> {
    T::KIND.conform(&mut value)?;
    read(value)
}
