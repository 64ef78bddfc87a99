//! The ping: now and then an entity asks the Persons of its subscribers whether any browser still wants it.
//!
//! It is a push that changes nothing, from the present version to itself. So a Person answers it as any other, whoever no
//! longer wants the entity is removed, and a browser that is behind sees a gap, and asks.

use std::rc::Rc;

use crate::entity::Entity;
use crate::message::{Delivery, EntityRef, Meta, Push};
use crate::object::EntityMachine;
use crate::patch::empty;
use crate::time::Stamp;

/// When subscribers are asked next. In memory alone: the object's alarm is what is stored, and whoever is read anew when it
/// comes asks everybody who was not heard of since.
#[derive(Debug, Default)]
pub(super) struct Pings {
    /// When it is due, if that is known.
    due: Option<Stamp>,
    /// Whether an alarm for it is missing.
    wants_alarm: bool,
}

impl Pings {
    /// The first subscriber came, so no alarm can be set. With every other one it is set already.
    pub fn begin(&mut self) {
        self.wants_alarm = true;
    }

    /// The object's alarm came, so none is set any more. Returns whether a ping is due.
    pub fn woken(&mut self, now: Stamp) -> bool {
        self.wants_alarm = true;
        let is_later = self.due.is_some_and(|due| due > now);
        if !is_later {
            self.due = None;
        }
        !is_later
    }

    /// Whether an alarm that is set is that of the ping.
    pub fn is_at(&self, alarm: Stamp) -> bool {
        self.due == Some(alarm)
    }
}

impl<T: Entity> EntityMachine<T> {
    /// When to be woken for the next ping, if nothing else sets an alarm; `None` if none is needed.
    pub(super) fn next_ping(&mut self, now: Stamp) -> Option<Stamp> {
        let every = self.ping_every()?;
        if self.subscribers.len() == 0 {
            self.pings = Pings::default();
        }
        if !std::mem::take(&mut self.pings.wants_alarm) {
            return None;
        }
        let due = self.pings.due.filter(|due| *due > now).unwrap_or_else(|| now.plus(every));
        self.pings.due = Some(due);
        self.pings.due
    }

    /// Microseconds from one ping to the next; `None` for an entity without.
    pub(super) fn ping_every(&self) -> Option<u64> {
        let seconds = match (T::CONFIG.ping, self.limits.ping) {
            (0, _) => 0,
            (usual, setting) => setting.unwrap_or(usual),
        };
        (seconds > 0).then(|| u64::from(seconds).saturating_mul(1_000_000))
    }
}

/// What is sent as a ping.
pub(super) fn delivery(entity: &EntityRef, meta: &Meta, line: bool) -> Rc<Delivery> {
    let meta = Meta { previous_values: None, ..meta.clone() };
    let push = Push { entity: entity.clone(), since: meta.modified, meta, diff: empty(), line };
    Rc::new(Delivery { push, skip: None })
}
