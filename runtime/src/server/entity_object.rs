//! The entity half of an object: its machine, its disk, and one transaction per request.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{Delivery, Envelope, batch};
use temporal_entity_core::object::{Delivered, EntityMachine, Limits, failed};
use temporal_entity_core::storage::StorageError;
use temporal_entity_core::time::Stamp;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::Headers;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Response, State};

use super::answer::Refusal;
use super::calls::{header, path, replying};
use super::js;
use super::lines::Lines;
use super::memory::{self, Holder, Place};
use super::outbox::{Outbox, Sent};
use super::settings::{self, Environment};
use super::sql::{SqlStorage, Tables};
use super::transaction::{set_alarm, transaction};

/// What the sender adds to a message on its way through the Person.
const ENVELOPE_BYTES: usize = 1024;

/// One entity in its object.
pub(super) struct EntityObject<T: Entity> {
    pub state: State,
    pub env: Env,
    /// The entity's id, which is the object's name; empty for an object that was not reached by a name.
    pub id: String,
    pub limits: Limits,
    pub sql: SqlStorage,
    storage: worker::Storage,
    /// `None` until the first request, and after one that failed. A cache of what is stored, no more.
    pub(super) machine: RefCell<Option<EntityMachine<T>>>,
    /// The direct lines; `None` until the first event after waking.
    pub(super) lines: RefCell<Option<Lines>>,
    /// Whether the lines were sent something in this turn of the event loop.
    pub(super) lines_rest: Cell<bool>,
    /// For what happens later.
    pub(super) this: Weak<EntityObject<T>>,
    place: Place,
    outbox: Rc<Outbox>,
    environment: Environment,
    /// Under test: the time that the last request brought with it.
    clock: Cell<Option<Stamp>>,
}

impl<T: Entity> EntityObject<T> {
    pub fn new(state: State, env: Env, tables: Tables) -> Rc<EntityObject<T>> {
        let storage = state.storage();
        // Two handles to the same state, of which `State` gives one.
        let raw = JsValue::from(state._inner());
        let state = State::from(raw.clone().unchecked_into::<DurableObjectState>());
        let object = format!("{} {}", T::ENTITY, state.id());
        Rc::new_cyclic(|weak: &Weak<EntityObject<T>>| EntityObject {
            place: Place::new(object, weak.clone()),
            outbox: Outbox::new(env.clone(), raw.unchecked_into(), {
                let object = weak.clone();
                move |sent, outcome| {
                    if let Some(object) = object.upgrade() {
                        object.settle(sent, outcome);
                    }
                }
            }),
            id: state.id().name().unwrap_or_default(),
            limits: settings::limits(&env),
            sql: SqlStorage::new(storage.sql(), tables),
            storage,
            machine: RefCell::default(),
            lines: RefCell::default(),
            lines_rest: Cell::default(),
            this: weak.clone(),
            environment: Environment::of(&env),
            clock: Cell::default(),
            state,
            env,
        })
    }

    /// Serves the paths that every entity has.
    pub fn serve(&self, path: &str, body: Vec<u8>) -> worker::Result<Response> {
        match path {
            path::MESSAGE => {
                let reply = self.answer(body);
                self.send_pushes();
                Response::from_bytes(reply)
            }
            path::LOGOUT => {
                self.end_lines(&String::from_utf8_lossy(&body));
                Response::empty()
            }
            path::ROWS if self.is_under_test() => {
                let (rows, stored) = (self.sql.rows(), self.storage.sql().database_size());
                let (read, written, calls) = (rows.read, rows.written, self.outbox.count());
                Response::ok(format!(
                    r#"{{"read":{read},"written":{written},"stored":{stored},"calls":{calls}}}"#
                ))
            }
            path::MEMORY if self.is_under_test() => {
                let (wasm, held) = (memory::wasm_bytes(), memory::held_bytes());
                Response::ok(format!(r#"{{"wasm":{wasm},"held":{held}}}"#))
            }
            _ => Refusal::new(404, "an object serves no such path").response(),
        }
    }

    /// Answers a small message, which came in a header: nothing else has one, whatever the path.
    pub fn message(&self, message: Vec<u8>) -> Result<JsValue, JsValue> {
        let reply = self.answer(message);
        self.send_pushes();
        replying(&reply).map(JsValue::from)
    }

    fn is_under_test(&self) -> bool {
        self.environment == Environment::Test
    }

    /// Under test a request may say what time it is. Transcripts with times of their own are repeated so.
    pub fn take_time(&self, headers: &Headers) {
        if self.is_under_test() {
            let now = headers.get(header::NOW).ok().flatten();
            let now = now.and_then(|micros| micros.parse().ok()).and_then(Stamp::from_micros);
            self.clock.set(now);
        }
    }

    pub fn now(&self) -> Stamp {
        self.clock.get().unwrap_or_else(js::now)
    }

    /// Carries out the requests of a body, each in a transaction of its own, and returns the body of their replies.
    ///
    /// One that fails leaves the others as they are. There is no await between them, so the platform holds the body
    /// back until all that they wrote is on disk.
    pub fn answer(&self, body: Vec<u8>) -> Vec<u8> {
        batch::answer_each(body, |envelope| self.answer_one(envelope))
    }

    fn answer_one(&self, envelope: Vec<u8>) -> Vec<u8> {
        let limit = self.limits.message_bytes.saturating_add(ENVELOPE_BYTES);
        let decoded = Envelope::decode(&envelope, limit);
        // A large one leaves its room to what is made of it.
        drop(envelope);
        let reply = match decoded {
            Ok(envelope) => {
                let (id, method) = (envelope.request.id, envelope.request.method);
                match self.step(|machine, storage| machine.respond(storage, self.now(), envelope)) {
                    Ok(reply) => return reply,
                    Err(error) => {
                        worker::console_error!("{} {}: {error}", T::ENTITY, self.id);
                        failed(id, method, &error)
                    }
                }
            }
            Err(bad) => bad.reply(),
        };
        // An empty answer is no reply: the Person then tells the browser that nobody answered.
        reply.encode().unwrap_or_default()
    }

    /// Sends every push that is due, all persons side by side; what comes due meanwhile goes out as soon as the
    /// one before was taken. Returns at once.
    pub fn send_pushes(&self) {
        self.send_to_lines();
        let mut now = None;
        while let Some((person, delivery)) = self.next_push() {
            self.outbox.send(person, &delivery, *now.get_or_insert_with(js::now));
        }
        self.outbox.flush();
    }

    /// Notes what became of a push, and sends what is due now.
    fn settle(&self, sent: &Sent, outcome: Delivered) {
        let Sent { person, through, .. } = sent;
        let noted = if outcome == Delivered::Taken && self.taken(person, *through) {
            Ok(())
        } else {
            let now = self.now();
            self.step(|machine, storage| machine.delivered(storage, now, person, *through, outcome))
        };
        if let Err(error) = noted {
            worker::console_error!("{} {}: {error}", T::ENTITY, self.id);
        }
        self.send_pushes();
    }

    /// Notes that a push was taken, if that is nothing to store. A machine that is read again has nothing under way.
    fn taken(&self, person: &str, through: Stamp) -> bool {
        let mut machine = self.machine.borrow_mut();
        machine.as_mut().is_none_or(|machine| machine.taken(person, through))
    }

    /// The alarm came: somebody may not have been told of the last change.
    ///
    /// # Errors
    /// If the storage fails: the platform then calls again after a while.
    pub fn alarm(&self) -> worker::Result<()> {
        self.outbox.give_up_overdue();
        let woken = self.step(|machine, storage| machine.woken(storage, self.now()));
        woken
            .map_err(|error| worker::Error::from(format!("{} {}: {error}", T::ENTITY, self.id)))?;
        self.send_pushes();
        Ok(())
    }

    fn next_push(&self) -> Option<(String, Rc<Delivery>)> {
        self.machine.borrow_mut().as_mut()?.poll_delivery()
    }

    /// Runs one step of the machine as one transaction. If it fails, what it wrote is rolled back and the machine
    /// forgotten, so that the next step reads again what is really stored.
    pub(super) fn step<R>(
        &self,
        step: impl FnOnce(&mut EntityMachine<T>, &mut SqlStorage) -> Result<R, StorageError>,
    ) -> Result<R, StorageError> {
        // Out of its cell while the step runs: a callback that panics leaves none behind.
        let machine = self.machine.take();
        if machine.is_none() {
            self.place.make_way();
        }
        let lines_lack = machine.as_ref().is_some_and(|machine| !machine.lines_are_current());
        let done = transaction(&self.storage, || {
            let mut storage = self.sql.clone();
            let mut machine = match machine {
                Some(machine) => machine,
                None => {
                    let mut machine = EntityMachine::load(&storage, &self.id, self.limits)?;
                    self.introduce_lines(&mut machine);
                    machine
                }
            };
            let output = step(&mut machine, &mut storage)?;
            if let Some(at) = machine.poll_alarm(self.now()) {
                set_alarm(&self.storage, at)?;
            }
            Ok((machine, output))
        });
        match done {
            Ok((machine, output)) => {
                let bytes = machine.memory_bytes();
                self.machine.replace(Some(machine));
                self.place.used(bytes);
                Ok(output)
            }
            Err(error) => {
                self.place.leave();
                self.sql.forget();
                if lines_lack {
                    self.give_up_lines();
                }
                Err(error)
            }
        }
    }
}

impl<T: Entity> Holder for EntityObject<T> {
    fn let_go(&self) -> bool {
        let Ok(mut machine) = self.machine.try_borrow_mut() else { return false };
        let goes = machine.as_ref().is_none_or(EntityMachine::is_idle);
        if goes {
            machine.take();
        }
        goes
    }

    fn forget(&self) {
        if let Ok(mut machine) = self.machine.try_borrow_mut() {
            machine.take();
        }
    }
}
