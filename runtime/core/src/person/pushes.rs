//! What entities push, on its way to the browsers that want it.

use crate::message::{Delivery, EntityRef, PushFrames};
use crate::object::Delivered;
use crate::person::queue::{Held, MAX_HELD};
use crate::person::{PersonEffect, PersonMachine};
use crate::time::Stamp;

impl PersonMachine {
    /// A delivery from an entity's object; the answer is its acknowledgement.
    pub fn deliver(&mut self, now: Stamp, bytes: &[u8]) -> Delivered {
        let Ok(Delivery { push, skip }) = Delivery::decode(bytes) else { return Delivered::Failed };
        let entity = push.entity.clone();
        if !self.wanted(&entity) && self.expected(now, &entity) {
            return Delivered::Taken;
        }
        if !self.wanted(&entity) {
            for browser in self.interests.remove_all(&entity) {
                let entity = entity.clone();
                self.effects.push_back(PersonEffect::Forget { browser, entity });
            }
            return Delivered::Unwanted;
        }
        match self.queues.get_mut(&entity) {
            // An answer is on its way, and may be of an earlier version than this push.
            Some(queue) if !queue.in_flight.is_empty() && queue.held.len() < MAX_HELD => {
                let (version, delivery) = (push.meta.modified, bytes.to_vec());
                queue.held.push(Held { version, delivery });
            }
            _ => self.send_push(&entity, Delivery { push, skip }),
        }
        Delivered::Taken
    }

    pub(super) fn send_held(&mut self, entity: &EntityRef, held: &Held) {
        if let Ok(delivery) = Delivery::decode(&held.delivery) {
            self.send_push(entity, delivery);
        }
    }

    fn send_push(&mut self, entity: &EntityRef, Delivery { push, skip }: Delivery) {
        let mut frames = PushFrames::new(push);
        for (socket, known) in &self.sockets {
            if skip.as_ref() != Some(&known.browser)
                && let Some(handle) = self.interests.wants(&known.browser, entity)
                && let Ok(bytes) = frames.of(handle)
            {
                self.effects.push_back(PersonEffect::Send {
                    socket: *socket,
                    bytes,
                    answers: None,
                });
            }
        }
    }
}
