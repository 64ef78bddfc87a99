//! What entities answered, on its way to who asked.

use crate::codec::encode_value;
use crate::message::{EntityRef, Method, Reason, Reply, batch};
use crate::object::failed;
use crate::person::pushes::leads_to;
use crate::person::queue::{Held, Waiting};
use crate::person::{CallFailure, PersonEffect, PersonMachine};
use crate::storage::StorageError;

impl PersonMachine {
    /// The answer to a call: the bytes of a [`Reply`], or of a [`batch`] of them, or why there is none.
    pub fn answered(&mut self, call: u64, answer: Result<Vec<u8>, CallFailure>) {
        let Some(entity) = self.calls.remove(&call) else { return };
        let Some(queue) = self.queues.get_mut(&entity) else { return };
        if let Err(CallFailure::Unavailable(_) | CallFailure::Full) = &answer
            && queue.spare()
        {
            return self.call_next(&entity);
        }
        let mut held = std::mem::take(&mut queue.held);
        let asked = queue.in_flight.len();
        let answers = match answer.map(batch::split) {
            Ok(Ok(replies)) if !replies.is_empty() => replies.into_iter().map(Ok).collect(),
            // Nothing that can be read: so nobody has an answer.
            Ok(_) => vec![Ok(Vec::new()); asked],
            Err(failure) => vec![Err(failure); asked],
        };
        for answer in answers {
            self.answer_next(&entity, &mut held, answer);
        }
        for held in &held {
            self.send_held(&entity, held, false);
        }
        if let Some(queue) = self.queues.get_mut(&entity) {
            queue.put_back();
        }
        self.call_next(&entity);
    }

    /// The answer to the first of the requests under way. The pushes of versions up to its own go before it.
    fn answer_next(
        &mut self,
        entity: &EntityRef,
        held: &mut Vec<Held>,
        answer: Result<Vec<u8>, CallFailure>,
    ) {
        let Some(queue) = self.queues.get_mut(entity) else { return };
        let Some(asked) = queue.in_flight.pop_front() else { return };
        match self.waiting.get_mut(&asked.browser) {
            Some(load) if load.requests > 1 => load.remove(asked.bytes),
            _ => drop(self.waiting.remove(&asked.browser)),
        }
        self.waiting_in_all.remove(asked.bytes);
        let (bytes, reply) = readable(answer, entity, &asked);
        // After 503 nobody knows whether it was created.
        if asked.method == Method::Post && !matches!(reply.status, 201 | 503) {
            self.created.give_back();
        }
        self.settle_interest(entity, &asked, &reply);
        let version = reply.meta.as_ref().map(|meta| meta.modified).unwrap_or_default();
        let leads_to = leads_to(&asked, &reply);
        for before in held.extract_if(.., |held| held.version <= version) {
            self.send_held(entity, &before, leads_to >= Some(before.version));
        }
        if self.sockets.contains_key(&asked.socket) {
            if let Some(version) = leads_to {
                self.interests.tell(&asked.browser, asked.socket, entity, version);
            }
            let (socket, answers) = (asked.socket, Some(asked.id));
            self.effects.push_back(PersonEffect::Send { socket, bytes, answers });
        }
    }

    /// Keeps or drops what a `subscribe` asked for, now that its answer is known.
    fn settle_interest(&mut self, entity: &EntityRef, asked: &Waiting, reply: &Reply) {
        if asked.method != Method::Subscribe || !asked.newly {
            return;
        }
        if reply.is_success() || reply.reason == Some(Reason::Deleted) {
            // Unless it unsubscribed before the answer came.
            return self.remember(&asked.browser, entity);
        }
        // The same browser may have asked again, by a newer socket: then the interest is for that one to settle.
        let queue = self.queues.get_mut(entity);
        let again = queue.and_then(|queue| queue.next_subscribe(&asked.browser));
        match again {
            Some(next) => next.newly = true,
            None => drop(self.interests.remove(&asked.browser, entity)),
        }
    }
}

/// The frame for the browser, and what it says. Bytes that are no reply become a refusal.
fn readable(
    answer: Result<Vec<u8>, CallFailure>,
    entity: &EntityRef,
    asked: &Waiting,
) -> (Vec<u8>, Reply) {
    let refusal = match answer {
        Ok(bytes) => match Reply::decode_head(&bytes).ok() {
            Some(reply) => return (bytes, reply),
            None => Reply::refusal(500, Reason::Internal, "the entity's answer was no reply"),
        },
        Err(CallFailure::UnknownType) => {
            let name = &entity.name;
            Reply::refusal(404, Reason::UnknownType, format!("there is no entity type {name:?}"))
        }
        Err(CallFailure::Unbound(binding)) => {
            let message = format!("the server has no binding {binding:?}: add it to its settings");
            Reply::refusal(500, Reason::Unbound, message)
        }
        Err(CallFailure::Full) => failed(asked.id, asked.method, &StorageError::Full),
        Err(CallFailure::Unavailable(why)) => {
            let message = format!("no answer from the entity ({why}): repeat with the same id");
            Reply::refusal(503, Reason::Unavailable, message)
        }
    };
    let refusal = Reply { id: Some(asked.id), ..refusal };
    (encode_value(&refusal.to_value()).unwrap_or_default(), refusal)
}
