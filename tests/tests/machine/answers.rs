//! What the model answers, in the order of the checks. Where the design leaves a choice, there are several outcomes.

use temporal_entity::Stamp;
use temporal_entity_core::message::{Envelope, Method, Reason, Request, Token};
use temporal_entity_core::patch::empty;

use crate::expect::{Effect, Expected, Outcome};
use crate::model::{Memory, Model, Version, is_write, same_content};

fn malformed() -> Vec<Outcome> {
    Expected::refusal(400, Reason::Malformed).only()
}

pub fn absent() -> Vec<Outcome> {
    Expected::refusal(404, Reason::Absent).only()
}

impl Model {
    /// The answers to a request that are right.
    pub fn answers(&self, now: Stamp, envelope: &Envelope) -> Vec<Outcome> {
        let fresh = || self.fresh(now, envelope);
        let request = &envelope.request;
        if !is_write(request.method) {
            return fresh();
        }
        match self.made_by(envelope, now) {
            None => fresh(),
            Some((version, memory)) => {
                let again = match same_content(&version.request, request) {
                    true => self.again(version, request),
                    false => malformed(),
                };
                match memory {
                    Memory::Surely => again,
                    _ => again.into_iter().chain(fresh()).collect(),
                }
            }
        }
    }

    /// To a request that made `version` before: as then.
    fn again(&self, version: &Version, request: &Request) -> Vec<Outcome> {
        let status = if version.since.is_none() { 201 } else { 200 };
        let plain = Expected::ok(status).about(version);
        let held = match request.if_unmodified_since {
            Token::At(held) => Some(held),
            _ => version.since,
        };
        let Some(held) = held.and_then(|held| self.version(held)) else { return plain.only() };
        let led = Expected::ok(status).leading(held, version).only();
        match self.knows(held.meta.modified) {
            Memory::Surely => led,
            _ => led.into_iter().chain(plain.only()).collect(),
        }
    }

    fn fresh(&self, now: Stamp, envelope: &Envelope) -> Vec<Outcome> {
        let Envelope { sender, request } = envelope;
        match request.method {
            Method::Post => self.post(now, envelope),
            Method::Unsubscribe => {
                Expected::ok(200).and(match self.subscribers.contains(&sender.person) {
                    true => Effect::Unsubscribes(sender.person.clone()),
                    false => Effect::Nothing,
                })
            }
            Method::Subscribe => self.subscribe(envelope),
            _ => match self.current() {
                None => absent(),
                Some(current) => match request.method {
                    Method::Get if request.past.as_of != Token::Missing => self.get_as_of(request),
                    Method::Get => self.get(current, request),
                    Method::History => self.history(current, request),
                    Method::Changes => self.changes(request),
                    Method::PatchDiff => self.patch(now, envelope, current),
                    Method::Delete => self.delete(now, envelope, current, true),
                    _ => self.delete(now, envelope, current, false),
                },
            },
        }
    }

    fn post(&self, now: Stamp, envelope: &Envelope) -> Vec<Outcome> {
        if let Some(current) = self.current() {
            let reason = if current.meta.deleted { Reason::Deleted } else { Reason::Exists };
            return Expected::refusal(409, reason).about(current).only();
        }
        let Some(mut value) = envelope.request.value.clone() else { return malformed() };
        if self.kind.conform(&mut value).is_err() {
            return Expected::refusal(400, Reason::Shape).only();
        }
        if self.is_too_large(&value) {
            return Expected::refusal(413, Reason::TooLarge).only();
        }
        let version = self.accepted(now, envelope, value, false, (empty(), empty()));
        Expected::ok(201).about(&version).and(Effect::Accepts(Box::new(version)))
    }

    /// `get`, of what exists.
    fn get(&self, current: &Version, request: &Request) -> Vec<Outcome> {
        if current.meta.deleted {
            return Expected::refusal(404, Reason::Deleted).about(current).only();
        }
        let held = match request.if_modified_since {
            Token::Malformed => return malformed(),
            Token::Missing => None,
            Token::At(held) => self.version(held),
        };
        let whole = Expected::ok(200).whole(current).only();
        let Some(held) = held else { return whole };
        if held.meta.modified == current.meta.modified {
            return Expected::ok(304).only();
        }
        let led = Expected::ok(200).leading(held, current).only();
        match self.knows(held.meta.modified) {
            Memory::Surely => led,
            _ => led.into_iter().chain(whole).collect(),
        }
    }

    /// `get`, and the person is told from then on: also of what is deleted.
    fn subscribe(&self, envelope: &Envelope) -> Vec<Outcome> {
        let Some(current) = self.current() else { return absent() };
        let person = &envelope.sender.person;
        let answers = self.get(current, &envelope.request).into_iter();
        let subscribes = |Outcome { reply, .. }| {
            let hears = reply.status < 400 || reply.status == 404;
            let effect = match hears && !self.subscribers.contains(person) {
                true => Effect::Subscribes(person.clone()),
                false => Effect::Nothing,
            };
            Outcome { reply, effect }
        };
        answers.map(subscribes).collect()
    }

    fn delete(
        &self,
        now: Stamp,
        envelope: &Envelope,
        current: &Version,
        delete: bool,
    ) -> Vec<Outcome> {
        let held = match envelope.request.if_unmodified_since {
            Token::Malformed => return malformed(),
            Token::Missing => current.meta.modified,
            Token::At(held) => held,
        };
        match (delete, current.meta.deleted) {
            (true, true) => return self.deleted_again(held, current),
            (false, false) => {
                return Expected::refusal(400, Reason::NotDeleted).about(current).only();
            }
            _ => {}
        }
        if held != current.meta.modified {
            return self.behind(held, current);
        }
        let version =
            self.accepted(now, envelope, current.value.clone(), delete, (empty(), empty()));
        Expected::ok(200).leading(current, &version).and(Effect::Accepts(Box::new(version)))
    }

    /// 200, nothing new.
    fn deleted_again(&self, held: Stamp, current: &Version) -> Vec<Outcome> {
        let plain = Expected::ok(200).about(current).only();
        let Some(version) = self.version(held) else { return plain };
        let led = Expected::ok(200).leading(version, current).only();
        match self.knows(held) {
            Memory::Surely => led,
            _ => led.into_iter().chain(plain).collect(),
        }
    }

    /// To a write that needs the current version and names another.
    pub fn behind(&self, held: Stamp, current: &Version) -> Vec<Outcome> {
        let unknown = Expected::refusal(412, Reason::UnknownVersion).whole(current).only();
        let Some(version) = self.version(held) else { return unknown };
        let conflict = Expected::refusal(409, Reason::Conflict).leading(version, current).only();
        match self.knows(held) {
            Memory::Surely => conflict,
            _ => conflict.into_iter().chain(unknown).collect(),
        }
    }
}
