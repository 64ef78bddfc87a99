//! What entities push, on its way to the browsers that want it.

use crate::message::{Delivery, EntityRef, PushFrames, Reason, Reply};
use crate::object::Delivered;
use crate::person::queue::{Held, MAX_HELD, Waiting};
use crate::person::{GRACE, PersonEffect, PersonMachine, SocketId};
use crate::time::Stamp;

impl PersonMachine {
    /// A delivery from an entity's object; the answer is its acknowledgement.
    pub fn deliver(&mut self, now: Stamp, bytes: &[u8]) -> Delivered {
        let Ok(Delivery { push, .. }) = Delivery::decode(bytes) else { return Delivered::Failed };
        let entity = push.entity.clone();
        if !self.wanted(&entity) && self.expected(now, &entity) {
            return Delivered::Taken;
        }
        self.forget_gone(now, &entity);
        if !self.wanted(&entity) {
            return Delivered::Unwanted;
        }
        let mut asking = Vec::new();
        if let Some(queue) =
            self.queues.get_mut(&entity).filter(|queue| queue.held.len() < MAX_HELD)
        {
            // Their answers are on the way, and may be of an earlier version than this push. The others need not wait; and
            // if this object is ended meanwhile, those who have no answer ask again, and nobody else lacks anything.
            asking.extend(queue.in_flight.iter().map(|asked| asked.socket));
            if !asking.is_empty() {
                let (version, delivery) = (push.meta.modified, bytes.to_vec());
                queue.held.push(Held { version, delivery });
            }
        }
        // Whose change it is was answered, and is told no more of it, or was not, and has to be.
        self.send_push(&entity, Delivery { push, skip: None }, &asking);
        Delivered::Taken
    }

    /// Ends the interests in an entity of browsers that are gone and not waited for any more.
    fn forget_gone(&mut self, now: Stamp, entity: &EntityRef) {
        let wants = |browser: &String| self.interests.wants(browser, entity).is_some();
        let here = self.sockets.values().filter(|socket| wants(&socket.browser)).count();
        if self.interests.browsers_len(entity) <= here {
            return;
        }
        for browser in self.interests.browsers(entity) {
            let left = self.left.get(&browser);
            let waited_for = left.is_some_and(|left| now.since(*left) < GRACE);
            if !waited_for && self.sockets.values().all(|socket| socket.browser != browser) {
                self.forget(&browser, entity);
            }
        }
    }

    /// Sends a push that was held until the answer to a request. `answered`: that answer leads as far.
    pub(super) fn send_held(&mut self, entity: &EntityRef, held: &Held, answered: bool) {
        if let Ok(Delivery { push, skip }) = Delivery::decode(&held.delivery) {
            self.send_push(entity, Delivery { push, skip: skip.filter(|_| answered) }, &[]);
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
    fn send_push(
        &mut self,
        entity: &EntityRef,
        Delivery { push, skip }: Delivery,
        not_to: &[SocketId],
    ) {
        let version = push.meta.modified;
        let mut frames = PushFrames::new(push);
        for (socket, known) in &self.sockets {
            if skip.as_ref() != Some(&known.browser)
                && !not_to.contains(socket)
                && let Some(handle) = self.interests.tell(&known.browser, *socket, entity, version)
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

/// The version that whoever is answered so has, or knows to be missing: then nothing is left to tell of those before.
pub fn leads_to(asked: &Waiting, reply: &Reply) -> Option<Stamp> {
    // A conflict with its diff says where that leads away from.
    if reply.status == 304 {
        return asked.holds;
    }
    let deleted = reply.reason == Some(Reason::Deleted);
    let leads = reply.is_success() || deleted || (reply.status == 409 && reply.since.is_some());
    reply.meta.as_ref().filter(|_| leads && !asked.of_the_past).map(|meta| meta.modified)
}
