//! What entities push, on its way to the browsers that want it.

use crate::message::{Delivery, EntityRef, PushFrames, Reply, Request, Token};
use crate::object::Delivered;
use crate::person::queue::{Held, MAX_HELD};
use crate::person::{PersonEffect, PersonMachine};
use crate::time::Stamp;

impl PersonMachine {
    /// A delivery from an entity's object; the answer is its acknowledgement.
    pub fn deliver(&mut self, bytes: &[u8]) -> Delivered {
        let Ok(Delivery { push, .. }) = Delivery::decode(bytes) else { return Delivered::Failed };
        let entity = push.entity.clone();
        if !self.wanted(&entity) {
            for browser in self.interests.remove_all(&entity) {
                let entity = entity.clone();
                self.effects.push_back(PersonEffect::Forget { browser, entity });
            }
            return Delivered::Unwanted;
        }
        match self.queues.get_mut(&entity) {
            // An answer is on its way, and may be of an earlier version than this push.
            Some(queue) if queue.in_flight.is_some() && queue.held.len() < MAX_HELD => {
                let (version, delivery) = (push.meta.modified, bytes.to_vec());
                queue.held.push(Held { version, delivery });
            }
            // Whose change it is was answered, and is told no more of it, or was not, and has to be.
            _ => self.send_push(&entity, Delivery { push, skip: None }),
        }
        Delivered::Taken
    }

    /// Sends a push that was held until the answer to a request. `answered`: that answer leads as far.
    pub(super) fn send_held(&mut self, entity: &EntityRef, held: &Held, answered: bool) {
        if let Ok(Delivery { push, skip }) = Delivery::decode(&held.delivery) {
            self.send_push(entity, Delivery { push, skip: skip.filter(|_| answered) });
        }
    }

    /// What is kept for later: requests, and pushes that wait. For tests, which look whether it is bounded.
    #[doc(hidden)]
    pub fn kept_len(&self) -> usize {
        let queues = self.queues.values();
        let kept = queues.map(|queue| queue.waiting.len().saturating_add(queue.held.len()));
        kept.fold(self.calls.len(), usize::saturating_add)
    }

    /// Sends a push to all who want it, but for those who were told of a later version: a push can be overtaken by an
    /// answer that leads further, and can come twice.
    fn send_push(&mut self, entity: &EntityRef, Delivery { push, skip }: Delivery) {
        let version = push.meta.modified;
        let mut frames = PushFrames::new(push);
        for (socket, known) in &self.sockets {
            if skip.as_ref() != Some(&known.browser)
                && let Some(handle) = self.interests.tell(&known.browser, *socket, entity, version)
                && let Ok(bytes) = frames.of(handle)
            {
                self.effects.push_back(PersonEffect::Send { socket: *socket, bytes });
            }
        }
    }
}

/// The version that whoever is answered so has, or knows to be missing: then nothing is left to tell of those before.
pub fn leads_to(request: &Request, reply: &Reply) -> Option<Stamp> {
    if let (304, Token::At(held)) = (reply.status, request.if_modified_since) {
        return Some(held);
    }
    let of_the_past = !request.method.writes() && request.past.as_of != Token::Missing;
    let leads = reply.is_success() || (reply.status == 409 && reply.diff.is_some());
    reply.meta.as_ref().filter(|_| leads && !of_the_past).map(|meta| meta.modified)
}
