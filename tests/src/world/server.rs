//! The objects: what `runtime/src/server` does around the machines, on a virtual clock.

use std::collections::BTreeMap;

use temporal_entity::Stamp;
use temporal_entity_core::codec::{MAX_MESSAGE_BYTES, encode};
use temporal_entity_core::field::write;
use temporal_entity_core::message::{
    Delivery, EntityRef, Envelope, Method, Reason, Reply, Request, Sender,
};
use temporal_entity_core::object::{Delivered, EntityMachine, Limits};
use temporal_entity_core::person::{CallFailure, PersonEffect, PersonMachine, SocketId};
use temporal_entity_core::storage::MemoryStorage;

use crate::notes::Page;

use super::{Event, Link, World};

/// An entity's object. Between any two things that it does it can be ended, and is read from its disk again.
pub struct EntityObject {
    pub storage: MemoryStorage,
    machine: Option<EntityMachine<Page>>,
    /// Tells what an ended machine asked for from what its successor did.
    life: u32,
    alarm: Option<Stamp>,
}

impl EntityObject {
    /// An object with an empty page.
    pub fn create(entity: &EntityRef, now: Stamp) -> EntityObject {
        let mut object =
            EntityObject { storage: MemoryStorage::default(), machine: None, life: 0, alarm: None };
        let mut request = Request::new(1, Method::Post, entity.clone());
        request.value = Some(write(&Page { title: "new".to_owned(), ..Page::default() }));
        let sender = Sender::new("maker".to_owned(), "maker".to_owned());
        let reply = object.request(entity, now, Envelope { sender, request });
        assert_eq!(reply.status, 201);
        object
    }

    fn machine(&mut self, entity: &EntityRef) -> (&mut EntityMachine<Page>, &mut MemoryStorage) {
        // Small parts, so that checkpoints are cut.
        let limits = Limits { part_bytes: 100, ..Limits::default() };
        let load = || EntityMachine::load(&self.storage, &entity.id, limits).expect("a disk");
        (self.machine.get_or_insert_with(load), &mut self.storage)
    }

    fn request(&mut self, entity: &EntityRef, now: Stamp, envelope: Envelope) -> Reply {
        let (machine, storage) = self.machine(entity);
        machine.request(storage, now, envelope).expect("a disk")
    }

    /// Forgets what is not stored.
    fn end(&mut self) {
        self.machine = None;
        self.life += 1;
    }
}

/// A Person's object.
pub struct PersonObject {
    name: String,
    interests: BTreeMap<(String, EntityRef), Option<u32>>,
    machine: Option<PersonMachine>,
    wake: u32,
}

impl PersonObject {
    pub fn new(name: &str) -> PersonObject {
        PersonObject { name: name.to_owned(), interests: BTreeMap::new(), machine: None, wake: 0 }
    }
}

/// A socket between a hub and a Person.
pub struct Socket {
    pub browser: usize,
    pub life: u32,
    pub person: String,
    /// Whether the server has it.
    pub accepted: bool,
    /// Whether it was cut: nothing gets through any more.
    pub cut: bool,
}

impl World {
    pub(super) fn call(
        &mut self,
        person: String,
        wake: u32,
        call: u64,
        entity: &EntityRef,
        body: &[u8],
    ) {
        let failed = || Err(CallFailure::Unavailable("trouble".to_owned()));
        let answer = if self.goes_wrong(20) {
            failed()
        } else {
            let envelope = Envelope::decode(body, MAX_MESSAGE_BYTES).expect("an envelope");
            assert_eq!(envelope.sender.person, person);
            let object = self.entities.get_mut(entity).expect("an entity");
            let reply = object.request(entity, self.now, envelope);
            let answer = encode(&reply.to_value()).expect("a reply");
            self.set_alarm(entity);
            self.send_pushes(entity);
            // It was carried out, and nobody hears of it.
            if self.goes_wrong(20) { failed() } else { Ok(answer) }
        };
        self.after(20, Event::Answer { person, wake, call, answer });
    }

    fn set_alarm(&mut self, entity: &EntityRef) {
        let now = self.now;
        let object = self.entities.get_mut(entity).expect("an entity");
        if let Some(at) = object.machine.as_mut().and_then(|machine| machine.poll_alarm(now)) {
            object.alarm = Some(at);
            self.at(at, Event::Alarm(entity.clone()));
        }
    }

    fn send_pushes(&mut self, entity: &EntityRef) {
        loop {
            let ended = self.goes_wrong(30);
            let object = self.entities.get_mut(entity).expect("an entity");
            if ended {
                object.end();
            }
            let life = object.life;
            let next = object.machine.as_mut().and_then(EntityMachine::poll_delivery);
            let Some((person, delivery)) = next else { return };
            let delivery = Box::new(Delivery::clone(&delivery));
            self.after(20, Event::Push { entity: entity.clone(), life, person, delivery });
        }
    }

    pub(super) fn push(
        &mut self,
        entity: EntityRef,
        life: u32,
        person: String,
        delivery: &Delivery,
    ) {
        let through = delivery.push.meta.modified;
        let mut outcome = Delivered::Failed;
        if !self.goes_wrong(50) {
            let bytes = delivery.encode().expect("a push");
            self.with_person(&person, |machine| outcome = machine.deliver(&bytes));
            // What it said is an answer only once everything was carried out.
            if self.persons[&person].machine.is_none() || self.goes_wrong(20) {
                outcome = Delivered::Failed;
            }
        }
        self.after(20, Event::Outcome { entity, life, person, through, outcome });
    }

    pub(super) fn outcome(
        &mut self,
        entity: &EntityRef,
        life: u32,
        person: &str,
        through: Stamp,
        outcome: Delivered,
    ) {
        let object = self.entities.get_mut(entity).expect("an entity");
        if object.life != life {
            return;
        }
        let (machine, storage) = object.machine(entity);
        machine.delivered(storage, person, through, outcome).expect("a disk");
        self.set_alarm(entity);
        self.send_pushes(entity);
    }

    pub(super) fn alarm(&mut self, entity: &EntityRef) {
        let object = self.entities.get_mut(entity).expect("an entity");
        if object.alarm != Some(self.now) {
            return;
        }
        object.alarm = None;
        object.machine(entity).0.woken();
        self.set_alarm(entity);
        self.send_pushes(entity);
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
        if self.goes_wrong(100) {
            return self.at(self.now, Event::HubNotices(id, 1006));
        }
        let Some(socket) = self.sockets.get_mut(&id).filter(|socket| !socket.cut) else { return };
        socket.accepted = true;
        let (person, browser) = (socket.person.clone(), socket.browser);
        let browser = self.browsers[browser].name.clone();
        self.with_person(&person, |machine| machine.opened(id, &browser, None));
    }

    pub(super) fn frame_to_server(&mut self, id: SocketId, frame: &[u8]) {
        let Some(socket) = self.sockets.get(&id).filter(|s| s.accepted && !s.cut) else { return };
        let person = socket.person.clone();
        self.with_person(&person, |machine| machine.frame(id, frame));
    }

    pub(super) fn server_notices(&mut self, id: SocketId) {
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        (socket.cut, socket.accepted) = (true, false);
        let person = socket.person.clone();
        self.with_person(&person, |machine| machine.closed(id));
    }

    /// Gives a Person an input, and carries out what it asks for.
    fn with_person(&mut self, person: &str, input: impl FnOnce(&mut PersonMachine)) {
        self.wake(person);
        let object = self.persons.get_mut(person).expect("a person");
        input(object.machine.as_mut().expect("it is awake"));
        loop {
            if self.goes_wrong(3) {
                self.end_person(person);
            }
            let object = self.persons.get_mut(person).expect("a person");
            let wake = object.wake;
            let next = object.machine.as_mut().and_then(PersonMachine::poll_effect);
            let Some(effect) = next else { return };
            match effect {
                PersonEffect::Send { socket, bytes } => {
                    self.over(Link::Down(socket), Event::ToHub(socket, bytes));
                }
                PersonEffect::Close { socket, code, .. } => {
                    if let Some(closed) = self.sockets.get_mut(&socket) {
                        closed.accepted = false;
                    }
                    self.over(Link::Down(socket), Event::HubNotices(socket, code));
                }
                PersonEffect::Call { call, entity, body } => {
                    let person = person.to_owned();
                    self.after(20, Event::Call { person, wake, call, entity, body });
                }
                PersonEffect::Remember { browser, entity, handle } => {
                    object.interests.insert((browser, entity), handle);
                }
                PersonEffect::Forget { browser, entity } => {
                    object.interests.remove(&(browser, entity));
                }
            }
        }
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
        let mut machine = PersonMachine::new(&object.name, interests, Limits::default());
        for (id, socket) in &self.sockets {
            if socket.person == person && socket.accepted {
                machine.woke(*id, &self.browsers[socket.browser].name, None);
            }
        }
        object.machine = Some(machine);
    }

    /// A Person's object loses its memory; its sockets stay.
    pub(super) fn end_person(&mut self, person: &str) {
        let object = self.persons.get_mut(person).expect("a person");
        object.machine = None;
        object.wake += 1;
    }

    pub(super) fn end_entity(&mut self, entity: &EntityRef) {
        self.entities.get_mut(entity).expect("an entity").end();
    }

    /// The value that everybody has to see in the end; an error where there is none.
    pub(super) fn truth(&mut self, entity: &EntityRef) -> Result<Reply, Reason> {
        let sender = Sender::new("maker".to_owned(), "maker".to_owned());
        let request = Request::new(2, Method::Get, entity.clone());
        let object = self.entities.get_mut(entity).expect("an entity");
        let reply = object.request(entity, self.now, Envelope { sender, request });
        match reply.reason {
            Some(reason) => Err(reason),
            None => Ok(reply),
        }
    }
}
