//! An entity on a disk, asked one thing after the other.

use temporal_entity::{Entity, Stamp};
use temporal_entity_core::message::{
    EntityRef, Envelope, Meta, Method, Reply, Request, Sender, Token,
};
use temporal_entity_core::object::{DAILY_BYTES, EntityMachine, Limits};
use temporal_entity_core::patch::apply;
use temporal_entity_core::storage::{MemoryStorage, StorageError};
use temporal_entity_core::value::Value;
use temporal_entity_tests::notation::{BASE, parse};

/// Parts of values are small, so that they come in several.
const LIMITS: Limits = Limits {
    part_bytes: 1000,
    message_bytes: 8 << 20,
    value_bytes: 1 << 20,
    lines: None,
    ping: None,
    quota_bytes: None,
    daily_bytes: DAILY_BYTES,
};

/// A disk, its clock, and the number of the next request.
#[derive(Clone, Default)]
pub struct Desk {
    pub disk: MemoryStorage,
    /// Seconds.
    pub now: u64,
    pub requests: u64,
}

/// The instant of a second.
pub fn at(seconds: u64) -> Stamp {
    Stamp::from_micros(BASE + seconds * 1_000_000).expect("an instant")
}

impl Desk {
    /// Reads the entity from the disk.
    pub fn load<T: Entity>(&self) -> Result<EntityMachine<T>, StorageError> {
        EntityMachine::load(&self.disk, "a", LIMITS)
    }

    /// Asks a machine.
    pub fn ask<T: Entity>(
        &mut self,
        machine: &mut EntityMachine<T>,
        person: &str,
        method: Method,
        fill: impl FnOnce(&mut Request),
    ) -> Reply {
        self.requests += 1;
        let mut request =
            Request::new(self.requests, method, EntityRef::new(T::ENTITY, "a").expect("a name"));
        fill(&mut request);
        let envelope = Envelope { sender: Sender::new(person, "laptop"), request };
        machine.request(&mut self.disk, at(self.now), envelope).expect("a disk")
    }

    /// Asks a machine that is read for it.
    pub fn once<T: Entity>(
        &mut self,
        person: &str,
        method: Method,
        fill: impl FnOnce(&mut Request),
    ) -> Reply {
        let mut machine = self.load::<T>().expect("an entity");
        self.ask(&mut machine, person, method, fill)
    }

    /// Creates the entity.
    pub fn post<T: Entity>(&mut self, value: &str) -> Reply {
        let reply = self.once::<T>("ada", Method::Post, |request| {
            request.value = Some(parse(value));
        });
        assert_eq!(reply.status, 201, "{reply:?}");
        reply
    }

    /// Changes the current version.
    pub fn edit<T: Entity>(&mut self, person: &str, diff: &str) -> Reply {
        let version = self.current::<T>().0.modified;
        self.once::<T>(person, Method::PatchDiff, |request| {
            request.if_unmodified_since = Token::At(version);
            request.diff = Some(parse(diff));
        })
    }

    /// The current version.
    pub fn current<T: Entity>(&mut self) -> (Meta, Value) {
        let reply = self.once::<T>("ada", Method::Get, |_| {});
        (reply.meta.expect("a meta"), reply.value.expect("a value"))
    }

    /// The entity as it was.
    pub fn as_of<T: Entity>(&mut self, instant: Stamp) -> Reply {
        self.once::<T>("ada", Method::Get, |request| request.past.as_of = Token::At(instant))
    }

    /// All snapshots, the newest first.
    pub fn history<T: Entity>(&mut self) -> Vec<Meta> {
        let reply = self.once::<T>("ada", Method::History, |request| {
            request.past.limit = Some(200);
        });
        assert_eq!(reply.before, None, "one page");
        reply.history.expect("a history")
    }

    /// Walks the history back by `previousValues`, and compares each value with what `asOf` gives.
    pub fn check_history<T: Entity>(&mut self) {
        let (_, mut value) = self.current::<T>();
        let history = self.history::<T>();
        for (newer, older) in history.iter().zip(history.iter().skip(1)) {
            assert_eq!(older.valid_to, Some(newer.valid_from), "no gaps");
            assert!(older.modified < newer.modified);
            let previous = newer.previous_values.as_deref().expect("what was before");
            apply(&mut value, previous).expect("it fits");
            let reply = self.as_of::<T>(older.valid_from);
            assert_eq!(reply.value.as_ref(), Some(&value), "as of {}", older.valid_from);
            assert_eq!(reply.meta.as_ref(), Some(older));
        }
    }
}
