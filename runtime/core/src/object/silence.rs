//! Persons that are not to be reached, and when they are given up.
//!
//! Nobody can tell the browsers of such a Person that they are not subscribed any more. But a hub opens its connection anew
//! every day and subscribes again, and so hears of what it missed: whoever was silent for longer has no browser that
//! believes it is subscribed.

use crate::entity::Entity;
use crate::object::subscribers::Standing;
use crate::object::{Delivered, EntityMachine};
use crate::storage::{Storage, StorageError};
use crate::time::Stamp;

/// A Person that is not to be reached for so long, in microseconds, is removed: two days, twice the life of a
/// connection.
const SILENT_FOR: u64 = 2 * 86_400 * 1_000_000;

/// The persons that subscribed, and those of them that are not to be reached, with the time since when.
pub(super) type Stored = (Vec<String>, Vec<(String, Stamp)>);

/// What is stored of the subscribers.
pub(super) fn subscribers(storage: &impl Storage) -> Result<Stored, StorageError> {
    let persons = storage.subscribers()?;
    let silent = if persons.is_empty() { Vec::new() } else { storage.silent()? };
    Ok((persons, silent))
}

impl<T: Entity> EntityMachine<T> {
    /// The delivery to `person` that led to the version `through` was taken. Nearly always that is nothing to store, so
    /// the host needs no transaction for it. If it is, nothing was done and this is false: then it is for
    /// [`EntityMachine::delivered`].
    pub fn taken(&mut self, person: &str, through: Stamp) -> bool {
        let is_silent = self.subscribers.silent_since(person).is_some();
        if !is_silent {
            self.subscribers.delivered(person, through, Delivered::Taken);
        }
        !is_silent
    }

    /// What became of the delivery to `person` that led to the version `through`.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn delivered(
        &mut self,
        storage: &mut impl Storage,
        now: Stamp,
        person: &str,
        through: Stamp,
        outcome: Delivered,
    ) -> Result<(), StorageError> {
        match self.subscribers.delivered(person, through, outcome) {
            Standing::Same => Ok(()),
            Standing::Unwanted => self.remove_subscriber(storage, person),
            Standing::Back => self.end_silence(storage, person),
            Standing::Silent => match self.subscribers.silent_since(person) {
                Some(since) if now.since(since) < SILENT_FOR => Ok(()),
                Some(_) => self.remove_subscriber(storage, person),
                None => {
                    storage.write_silence(person, Some(now))?;
                    self.subscribers.note_silence(person, Some(now));
                    Ok(())
                }
            },
        }
    }

    /// Removes a subscriber, if it is one.
    pub(super) fn remove_subscriber(
        &mut self,
        storage: &mut impl Storage,
        person: &str,
    ) -> Result<(), StorageError> {
        self.end_silence(storage, person)?;
        if self.subscribers.remove(person) {
            storage.remove_subscriber(person)?;
            self.thin();
        }
        Ok(())
    }

    /// A person was heard of.
    pub(super) fn end_silence(
        &mut self,
        storage: &mut impl Storage,
        person: &str,
    ) -> Result<(), StorageError> {
        if self.subscribers.silent_since(person).is_some() {
            storage.write_silence(person, None)?;
            self.subscribers.note_silence(person, None);
        }
        Ok(())
    }
}
