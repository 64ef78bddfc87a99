//! The types of entities in the world: the same fields, with different options.

// The builders of their diffs are not used.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use temporal_entity::{Stamp, temporal_entity};
use temporal_entity_core::entity::Entity;
use temporal_entity_core::field::write;
use temporal_entity_core::message::{Delivery, EntityRef, Envelope, Reply, Request, Sender};
use temporal_entity_core::object::{Delivered, EntityMachine, Limits, LineEffect, LineId};
use temporal_entity_core::schema::fingerprint;
use temporal_entity_core::storage::{MemoryStorage, StorageError};
use temporal_entity_core::value::Value;
use temporal_entity_tests::faulty::Faulty;
use temporal_entity_tests::notes::{Page, Place, Step};

/// The disk of an entity.
pub type Disk = Faulty<MemoryStorage>;

macro_rules! like_page {
    ($(#[$doc:meta])* $name:ident: $($options:tt)*) => {
        $(#[$doc])*
        #[temporal_entity(version = 1, access = "signed-in", $($options)*)]
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            pub title: String,
            pub lines: BTreeMap<String, i64>,
            pub place: Option<Place>,
            #[entity(merge = "counter")]
            pub total: i64,
            #[entity(merge = "text")]
            pub story: String,
            #[entity(key = "id")]
            pub steps: Vec<Step>,
            pub marks: BTreeSet<String>,
            pub list: Vec<String>,
        }
    };
}

like_page! {
    /// Several snapshots come to be while one person works; in some worlds it asks who is still there.
    Draft: granularity = "second", ping = "1m"
}

like_page! {
    /// Every edit is a snapshot, and few are kept.
    Scrap: granularity = 0, retain = 20, lines = "never"
}

/// Reads the machine of an entity, by its id.
type Load = fn(&Disk, &str, Limits) -> Result<Box<dyn Machine>, StorageError>;

/// A type of entities.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Reads a machine from its disk.
    pub load: Load,
    /// The fingerprint of its shape.
    pub fingerprint: fn() -> u64,
    /// The value of a new one.
    pub blank: fn() -> Value,
}

/// All of them.
pub const KINDS: [Kind; 3] = [kind::<Page>(), kind::<Draft>(), kind::<Scrap>()];

const fn kind<T: Entity + Default>() -> Kind {
    Kind {
        name: T::ENTITY,
        load: |disk, id, limits| Ok(Box::new(EntityMachine::<T>::load(disk, id, limits)?)),
        fingerprint: fingerprint::<T>,
        blank: || write(&T::default()),
    }
}

/// The type of an entity.
pub fn kind_of(entity: &EntityRef) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == entity.name).expect("a type of this world")
}

/// An entity machine, whatever its type.
pub trait Machine {
    /// Answers a request.
    fn request(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        asked: Envelope,
    ) -> Result<Reply, StorageError>;
    /// The same in bytes.
    fn respond(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        asked: Envelope,
    ) -> Result<Vec<u8>, StorageError>;
    /// Takes what became of a push.
    fn delivered(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        person: &str,
        through: Stamp,
        outcome: Delivered,
    ) -> Result<(), StorageError>;
    /// The alarm came.
    fn woken(&mut self, disk: &mut Disk, now: Stamp) -> Result<(), StorageError>;
    /// When to be woken.
    fn poll_alarm(&mut self, now: Stamp) -> Option<Stamp>;
    /// The next push.
    fn poll_delivery(&mut self) -> Option<(String, Delivery)>;
    /// A direct line opened.
    fn line_opened(&mut self, line: LineId, sender: Sender);
    /// A direct line was found after waking.
    fn line_woke(&mut self, line: LineId, sender: Sender, handle: Option<u32>);
    /// A direct line closed.
    fn line_closed(&mut self, line: LineId);
    /// Answers a request on a direct line.
    fn line_request(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        line: LineId,
        request: Request,
    ) -> Result<(Vec<u8>, bool), StorageError>;
    /// The next frame for a direct line.
    fn poll_line(&mut self) -> Option<LineEffect>;
    /// Whether it can be dropped.
    fn is_idle(&self) -> bool;
    /// Whether all lines were sent what they are to have.
    fn lines_are_current(&self) -> bool;
    /// What it takes.
    fn memory_bytes(&self) -> usize;
}

impl<T: Entity> Machine for EntityMachine<T> {
    fn request(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        asked: Envelope,
    ) -> Result<Reply, StorageError> {
        EntityMachine::request(self, disk, now, asked)
    }

    fn respond(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        asked: Envelope,
    ) -> Result<Vec<u8>, StorageError> {
        EntityMachine::respond(self, disk, now, asked)
    }

    fn delivered(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        person: &str,
        through: Stamp,
        outcome: Delivered,
    ) -> Result<(), StorageError> {
        EntityMachine::delivered(self, disk, now, person, through, outcome)
    }

    fn woken(&mut self, disk: &mut Disk, now: Stamp) -> Result<(), StorageError> {
        EntityMachine::woken(self, disk, now)
    }

    fn poll_alarm(&mut self, now: Stamp) -> Option<Stamp> {
        EntityMachine::poll_alarm(self, now)
    }

    fn poll_delivery(&mut self) -> Option<(String, Delivery)> {
        EntityMachine::poll_delivery(self).map(|(to, delivery)| (to, Delivery::clone(&delivery)))
    }

    fn line_opened(&mut self, line: LineId, sender: Sender) {
        EntityMachine::line_opened(self, line, sender);
    }

    fn line_woke(&mut self, line: LineId, sender: Sender, handle: Option<u32>) {
        EntityMachine::line_woke(self, line, sender, handle);
    }

    fn line_closed(&mut self, line: LineId) {
        EntityMachine::line_closed(self, line);
    }

    fn line_request(
        &mut self,
        disk: &mut Disk,
        now: Stamp,
        line: LineId,
        request: Request,
    ) -> Result<(Vec<u8>, bool), StorageError> {
        EntityMachine::line_request(self, disk, now, line, request)
    }

    fn poll_line(&mut self) -> Option<LineEffect> {
        EntityMachine::poll_line(self)
    }

    fn lines_are_current(&self) -> bool {
        EntityMachine::lines_are_current(self)
    }

    fn is_idle(&self) -> bool {
        EntityMachine::is_idle(self)
    }

    fn memory_bytes(&self) -> usize {
        EntityMachine::memory_bytes(self)
    }
}
