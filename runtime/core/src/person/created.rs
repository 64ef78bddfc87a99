//! How many entities a person created within the hour.
//!
//! The count is on disk before an entity is created, so that it outlives the memory of the Person's object. Places are
//! written down ahead: one at first, then as many as were used since the object woke, up to [`MOST_AHEAD`]. So a thousand
//! new entities cost some twenty rows, and places that are lost with the memory are never more than those that were used.

use crate::time::Stamp;

const HOUR: u64 = 3_600_000_000;

/// The most places that are written down ahead.
const MOST_AHEAD: u32 = 64;

/// The count as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreatedInHour {
    /// The number of the hour since the epoch.
    pub hour: u64,
    /// How many places of that hour are taken.
    pub count: u32,
}

/// Counts the entities that a person creates.
#[derive(Debug, Default)]
pub struct Created {
    stored: CreatedInHour,
    /// Entities of this hour that were created, or whose `post` is under way.
    used: u32,
    /// The same, since the object woke.
    since_waking: u32,
}

impl Created {
    /// The count after waking: what was written down ahead counts as used.
    pub fn load(stored: CreatedInHour) -> Created {
        Created { stored, used: stored.count, since_waking: 0 }
    }

    /// Takes a place, if there is one. Returns what has to be stored before the entity is created, if anything.
    ///
    /// # Errors
    /// If the places of this hour are used up.
    pub fn take(&mut self, now: Stamp, most: u32) -> Result<Option<CreatedInHour>, ()> {
        let hour = now.micros().checked_div(HOUR).unwrap_or(0);
        // A clock that is set back opens no new hour.
        if hour > self.stored.hour {
            *self = Created::load(CreatedInHour { hour, count: 0 });
        }
        if self.used >= most {
            return Err(());
        }
        self.used = self.used.saturating_add(1);
        if self.used <= self.stored.count {
            return Ok(None);
        }
        let ahead = self.since_waking.clamp(1, MOST_AHEAD);
        self.since_waking = self.since_waking.saturating_add(ahead);
        self.stored.count = self.stored.count.saturating_add(ahead).min(most).max(self.used);
        Ok(Some(self.stored))
    }

    /// A `post` created nothing: its place is free again.
    pub fn give_back(&mut self) {
        self.used = self.used.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: u64) -> Stamp {
        Stamp::default().plus(500_000 * HOUR).plus(hours.saturating_mul(HOUR))
    }

    #[test]
    fn so_many_are_admitted_in_an_hour_and_few_rows_are_written() {
        let mut created = Created::default();
        let rows = (0..1_000).filter(|_| created.take(at(0), 1_000).unwrap().is_some()).count();
        assert!(rows <= 25, "{rows}");
        assert_eq!(created.take(at(0), 1_000), Err(()));
        created.give_back();
        assert_eq!(created.take(at(0), 1_000), Ok(None));
        assert!(created.take(at(1), 1_000).is_ok());
    }

    #[test]
    fn the_count_outlives_the_memory_and_loses_no_more_than_was_used() {
        let (mut stored, mut admitted) = (CreatedInHour::default(), 0);
        // The object loses its memory after each three.
        while let Some(places) = {
            let mut created = Created::load(stored);
            let mut places = 0;
            for _ in 0..3 {
                if let Ok(written) = created.take(at(0), 1_000) {
                    stored = written.unwrap_or(stored);
                    places += 1;
                }
            }
            Some(places).filter(|places| *places > 0)
        } {
            admitted += places;
        }
        assert!((500..=1_000).contains(&admitted), "{admitted}");
    }

    #[test]
    fn one_at_a_time_costs_a_place_each() {
        let mut stored = CreatedInHour::default();
        let admitted = (0..2_000)
            .filter(|_| match Created::load(stored).take(at(0), 1_000) {
                Ok(written) => {
                    stored = written.unwrap_or(stored);
                    true
                }
                Err(()) => false,
            })
            .count();
        assert_eq!(admitted, 1_000);
    }
}
