//! The Persons' objects: what `runtime/src/server/person_object.rs` does around the machine, on a virtual clock.

use std::collections::BTreeMap;

use temporal_entity_core::codec::MAX_MESSAGE_BYTES;
use temporal_entity_core::message::{Delivery, EntityRef, Envelope, Method, batch};
use temporal_entity_core::object::Delivered;
use temporal_entity_core::person::{
    CallFailure, CreatedInHour, PersonEffect, PersonMachine, SocketId, SocketLimits,
};

use super::entity::PATIENCE;
use super::event::{Event, Link};
use super::mishap::Mishap;
use super::{MILLI, SECOND, World};

/// Close code of a socket whose Person failed.
const SERVER_FAILED: u16 = 1011;

/// Small, so that an attacker comes to them. Honest browsers read at once.
pub const LIMITS: SocketLimits = SocketLimits {
    message_bytes: MAX_MESSAGE_BYTES,
    requests_per_second: 100,
    person_requests_per_second: 300,
    bytes_per_second: 4 << 20,
    unread_bytes: 64 << 10,
    subscriptions: 60,
    new_entities_per_hour: 1_000,
};

/// A Person's object.
pub struct PersonObject {
    name: String,
    /// What is stored.
    pub interests: BTreeMap<(String, EntityRef), Option<u32>>,
    /// On which day each browser was connected last.
    days: BTreeMap<String, u32>,
    created: CreatedInHour,
    pub machine: Option<PersonMachine>,
    wake: u32,
}

impl PersonObject {
    pub fn new(name: &str) -> PersonObject {
        PersonObject {
            name: name.to_owned(),
            interests: BTreeMap::new(),
            days: BTreeMap::new(),
            created: CreatedInHour::default(),
            machine: None,
            wake: 0,
        }
    }
}

/// A socket between a hub and a Person.
pub struct Socket {
    pub browser: usize,
    pub life: u32,
    pub person: String,
    /// Whether the server has it.
    pub accepted: bool,
    /// Whether what the hub sends is lost.
    pub cut_up: bool,
    /// Whether what the server sends is lost.
    pub cut_down: bool,
    /// Bytes that were sent and not read.
    pub unread: usize,
}

/// Whether a call ends a subscription. Here such a one never comes late: behind a `subscribe` of the same person it would
/// end that one, and nobody would notice. (An entity that looked whether somebody still wants it could not be fooled.)
fn leaves(body: &[u8]) -> bool {
    let body = body.to_vec();
    let bodies = batch::split(body).expect("a body");
    bodies.into_iter().any(|body| {
        let asked = Envelope::decode(&body, MAX_MESSAGE_BYTES).expect("an envelope");
        asked.request.method == Method::Unsubscribe
    })
}

impl World {
    /// A push reaches a Person.
    pub(super) fn push(&mut self, person: &str, delivery: &Delivery) -> Delivered {
        if self.goes_wrong(Mishap::PushLost) {
            return Delivered::Failed;
        }
        let bytes = delivery.encode().expect("a push");
        let (now, mut outcome) = (self.now, Delivered::Failed);
        self.with_person(person, |machine| outcome = machine.deliver(now, &bytes));
        // What it said is an answer only once everything was carried out.
        let ended = self.persons[person].machine.is_none();
        if ended || self.goes_wrong(Mishap::OutcomeLost) { Delivered::Failed } else { outcome }
    }

    pub(super) fn answer(
        &mut self,
        person: &str,
        wake: u32,
        call: u64,
        answer: Result<Vec<u8>, CallFailure>,
    ) {
        if self.persons.get(person).is_some_and(|object| object.wake == wake) {
            self.with_person(person, |machine| machine.answered(call, answer));
        }
    }

    pub(super) fn accept(&mut self, id: SocketId) {
        if self.goes_wrong(Mishap::UpgradeFails) {
            return self.at(self.now, Event::HubNotices(id, 1006));
        }
        let Some(socket) = self.sockets.get(&id).filter(|socket| !socket.cut_up) else {
            return;
        };
        let (person, number) = (socket.person.clone(), socket.browser);
        let browser = self.browsers[number].name.clone();
        // One that sleeps finds the sockets that it had before this one.
        self.wake(&person);
        let mut closed = Vec::new();
        for (other, socket) in &mut self.sockets {
            if socket.browser == number {
                // Those before it are closed in the same turn, which nothing interrupts.
                if std::mem::replace(&mut socket.accepted, *other == id) && *other != id {
                    closed.push(*other);
                }
            }
        }
        let now = self.now;
        self.with_person(&person, |machine| machine.opened(now, id, &browser, None));
        if self.persons[&person].machine.is_none() {
            for other in closed {
                self.at(self.now, Event::HubNotices(other, 1006));
            }
        }
    }

    pub(super) fn frame_to_server(&mut self, id: SocketId, frame: &[u8]) {
        let Some(socket) = self.sockets.get(&id).filter(|s| s.accepted && !s.cut_up) else {
            return;
        };
        let person = socket.person.clone();
        self.watch_up(id, frame);
        let now = self.now;
        self.with_person(&person, |machine| machine.frame(now, id, frame));
    }

    pub(super) fn server_notices(&mut self, id: SocketId) {
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        (socket.cut_up, socket.cut_down, socket.unread) = (true, true, 0);
        if std::mem::take(&mut socket.accepted) {
            let (now, person) = (self.now, socket.person.clone());
            self.with_person(&person, |machine| machine.closed(now, id));
        }
    }

    /// Gives a Person an input, and carries out what it asks for.
    fn with_person(&mut self, person: &str, input: impl FnOnce(&mut PersonMachine)) {
        self.wake(person);
        let object = self.persons.get_mut(person).expect("a person");
        input(object.machine.as_mut().expect("it is awake"));
        self.watch_person(person);
        loop {
            if self.goes_wrong(Mishap::PersonEnds) {
                // It does not hibernate in the middle of something: then its process is gone, and its sockets with it.
                let object = self.persons.get_mut(person).expect("a person");
                let machine = object.machine.as_mut();
                let unsent = machine.is_some_and(|machine| machine.poll_effect().is_some());
                self.end_person(person);
                if unsent {
                    self.close_sockets(person);
                }
            }
            let object = self.persons.get_mut(person).expect("a person");
            let Some(effect) = object.machine.as_mut().and_then(PersonMachine::poll_effect) else {
                return;
            };
            self.person_effect(person, effect);
        }
    }

    fn person_effect(&mut self, person: &str, effect: PersonEffect) {
        match effect {
            PersonEffect::Send { socket, bytes, answers } => {
                let sent = self.sent_if_read(person, socket, bytes, answers);
                if let Some(bytes) = sent {
                    self.watch_down(socket, &bytes);
                    self.over(Link::Down(socket), Event::ToHub(socket, bytes));
                }
            }
            PersonEffect::Close { socket, code, .. } => self.close_socket(socket, code),
            PersonEffect::Call { call, entity, body } if entity.id == person => {
                let answer = self.carry_out(person, &entity, &body);
                let object = self.persons.get_mut(person).expect("a person");
                if let (Ok(answer), Some(machine)) = (answer, &mut object.machine) {
                    machine.answered(call, Ok(answer));
                    self.send_pushes(&entity);
                }
            }
            PersonEffect::Call { call, entity, body } => self.send_call(person, call, entity, body),
            PersonEffect::Ticket { socket, id, entity } => {
                let ticket = self.sign(self.sockets[&socket].browser, &entity);
                let object = self.persons.get_mut(person).expect("a person");
                if let Some(machine) = &mut object.machine {
                    machine.ticket(socket, id, ticket.map_err(|refusal| *refusal));
                }
            }
            PersonEffect::Remember { .. } | PersonEffect::Forget { .. }
                if self.goes_wrong(Mishap::InterestFails) =>
            {
                self.fail_person(person);
            }
            PersonEffect::Remember { browser, entity, handle } => {
                let object = self.persons.get_mut(person).expect("a person");
                object.interests.insert((browser, entity), handle);
            }
            PersonEffect::Forget { browser, entity } => {
                let object = self.persons.get_mut(person).expect("a person");
                object.interests.remove(&(browser, entity));
            }
            PersonEffect::ForgetBrowser { browser } => {
                let object = self.persons.get_mut(person).expect("a person");
                object.interests.retain(|(other, _), _| *other != browser);
                object.days.remove(&browser);
            }
            PersonEffect::Seen { browser, day } => {
                let object = self.persons.get_mut(person).expect("a person");
                object.days.insert(browser, day);
            }
            PersonEffect::Created(created) => {
                self.persons.get_mut(person).expect("a person").created = created;
            }
        }
    }

    fn send_call(&mut self, person: &str, call: u64, entity: EntityRef, body: Vec<u8>) {
        let (person, wake) = (person.to_owned(), self.persons[person].wake);
        if leaves(&body) {
            return self.after(20, Event::Call { person, wake, call, entity, body, echo: false });
        }
        if self.goes_wrong(Mishap::CallTwice) {
            let (person, entity, body) = (person.clone(), entity.clone(), body.clone());
            self.after(5000, Event::Call { person, wake, call, entity, body, echo: true });
        }
        let mut travel = self.chance.below(20 * MILLI);
        if self.goes_wrong(Mishap::CallSlow) {
            travel = 7 * SECOND + self.chance.below(7 * SECOND);
        }
        let echo = travel > PATIENCE;
        if echo {
            let (person, why) = (person.clone(), "no answer for 10 s".to_owned());
            let answer = Err(CallFailure::Unavailable(why));
            self.at(self.now.plus(PATIENCE), Event::Answer { person, wake, call, answer });
        }
        let event = Event::Call { person, wake, call, entity, body, echo };
        self.at(self.now.plus(travel), event);
    }

    fn close_socket(&mut self, id: SocketId, code: u16) {
        if let Some(closed) = self.sockets.get_mut(&id) {
            closed.accepted = false;
        }
        self.over(Link::Down(id), Event::HubNotices(id, code));
    }

    fn wake(&mut self, person: &str) {
        let object = self.persons.get_mut(person).expect("a person");
        if object.machine.is_some() {
            return;
        }
        let kept = |((browser, entity), handle): (&(String, EntityRef), &Option<u32>)| {
            (browser.clone(), entity.clone(), *handle)
        };
        let interests = object.interests.iter().map(kept).collect();
        let mut machine = PersonMachine::new(&object.name, interests, LIMITS);
        for (id, socket) in &self.sockets {
            if socket.person == person && socket.accepted {
                machine.woke(*id, &self.browsers[socket.browser].name, None);
            }
        }
        let days = object.days.clone().into_iter().collect();
        machine.has_created(object.created);
        machine.seen(self.now, days);
        object.machine = Some(machine);
        if self.traced {
            eprintln!("{} {person} wakes up", self.now);
        }
        self.told.retain(|(socket, _), _| self.sockets[socket].person != person);
    }

    /// A Person's object loses its memory, and with it that of its own entity; its sockets stay.
    pub(super) fn end_person(&mut self, person: &str) {
        self.forget_person(person);
        let own = self.entities.iter_mut().find(|(entity, _)| entity.id == person);
        if let Some((_, object)) = own {
            object.end();
        }
    }

    pub(super) fn forget_person(&mut self, person: &str) {
        let object = self.persons.get_mut(person).expect("a person");
        object.machine = None;
        object.wake += 1;
    }

    /// After a fault of the storage nobody knows what the browsers were told: they come again.
    fn fail_person(&mut self, person: &str) {
        self.forget_person(person);
        self.close_sockets(person);
    }

    pub(super) fn close_sockets(&mut self, person: &str) {
        let open = self.sockets.iter().filter(|(_, s)| s.person == person && s.accepted);
        let open: Vec<SocketId> = open.map(|(id, _)| *id).collect();
        for id in open {
            self.close_socket(id, SERVER_FAILED);
        }
    }
}
