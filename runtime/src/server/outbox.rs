//! Pushes on their way to Persons' objects.
//!
//! Each is a call, and an entity may have a thousand subscribers: so a call takes as few steps between wasm and
//! JavaScript as it can. It has no future and no timer, and all to whom the same is sent share one request.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use temporal_entity_core::message::Delivery;
use temporal_entity_core::object::Delivered;
use temporal_entity_core::time::Stamp;
use worker::Env;
use worker::js_sys::Promise;
use worker::wasm_bindgen::closure::Closure;
use worker::wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen};
use worker::web_sys::{RequestInit, Response};
use worker::worker_sys::DurableObjectState;

use super::calls::{self, ObjectStub, Objects, PERSON_BINDING, UNWANTED, header, path};
use super::js;

/// After so many microseconds the alarm gives up a push. Less than it waits at first, so that the first one can.
const ANSWERED_WITHIN: u64 = 5_000_000;

#[wasm_bindgen]
extern "C" {
    /// A function that takes the number of a call and what became of it.
    type Handler;

    /// The same for one call.
    #[wasm_bindgen(method, js_name = bind)]
    fn of_call(this: &Handler, context: &JsValue, call: u32) -> Handler;

    /// The promise of a response.
    type Answer;

    #[wasm_bindgen(method, js_name = then)]
    fn then(this: &Answer, answered: &Handler, failed: &Handler) -> Promise;
}

/// A push under way.
pub(super) struct Sent {
    pub person: String,
    /// The version that it leads to.
    pub through: Stamp,
    /// When it was sent.
    at: Stamp,
}

/// The most stubs that are kept; others are made for each push. An entity with more readers mostly has direct lines.
const MAX_STUBS: usize = 256;

/// Is told what became of a push.
type Report = dyn Fn(&Sent, Delivered);

/// The pushes under way of one object.
pub(super) struct Outbox {
    this: Weak<Outbox>,
    env: Env,
    state: DurableObjectState,
    report: Box<Report>,
    under_way: RefCell<BTreeMap<u32, Sent>>,
    next_call: Cell<u32>,
    count: Cell<u64>,
    /// Of the persons that were sent something since the object woke.
    stubs: RefCell<BTreeMap<String, ObjectStub>>,
    /// What was sent last, which the next person may be sent too.
    last: RefCell<Option<(Rc<Delivery>, RequestInit)>>,
    /// Made when the first push is sent.
    means: OnceCell<Means>,
}

/// What every call takes.
struct Means {
    persons: Objects,
    address: JsValue,
    answered: Closure<dyn Fn(u32, JsValue)>,
    failed: Closure<dyn Fn(u32, JsValue)>,
}

impl Outbox {
    /// Nothing is under way yet.
    pub fn new(
        env: Env,
        state: DurableObjectState,
        report: impl Fn(&Sent, Delivered) + 'static,
    ) -> Rc<Outbox> {
        Rc::new_cyclic(|this: &Weak<Outbox>| Outbox {
            this: this.clone(),
            env,
            state,
            report: Box::new(report),
            under_way: RefCell::default(),
            next_call: Cell::default(),
            count: Cell::default(),
            stubs: RefCell::default(),
            last: RefCell::default(),
            means: OnceCell::new(),
        })
    }

    /// How many were sent since the object woke.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// Sends a push now. What becomes of it is reported later, never from within.
    pub fn send(&self, person: String, delivery: &Rc<Delivery>, now: Stamp) {
        let means = self.means.get_or_init(|| self.means());
        // A push that cannot be sent takes the way of one that failed.
        let answer = self.begin(means, &person, delivery);
        let answer = answer.unwrap_or_else(|error| Promise::reject(&error));
        let call = self.next_call.get();
        self.next_call.set(call.wrapping_add(1));
        self.count.set(self.count.get().saturating_add(1));
        let sent = Sent { person, through: delivery.push.meta.modified, at: now };
        self.under_way.borrow_mut().insert(call, sent);
        let of_call = |handler: &JsValue| {
            handler.unchecked_ref::<Handler>().of_call(&JsValue::UNDEFINED, call)
        };
        let (answered, failed) = (of_call(means.answered.as_ref()), of_call(means.failed.as_ref()));
        let done = answer.unchecked_ref::<Answer>().then(&answered, &failed);
        if let Err(error) = self.state.wait_until(&done) {
            worker::console_error!("a push is not waited for: {}", js::sentence(error));
        }
    }

    /// Nobody else is to be sent what was sent last.
    pub fn flush(&self) {
        self.last.take();
    }

    fn begin(
        &self,
        means: &Means,
        person: &str,
        delivery: &Rc<Delivery>,
    ) -> Result<Promise, JsValue> {
        let mut last = self.last.borrow_mut();
        let request = match last.take() {
            Some((same, request)) if Rc::ptr_eq(&same, delivery) => request,
            _ => calls::carrying(
                header::PUSH,
                &delivery.encode().map_err(|error| error.to_string())?,
            )?,
        };
        let (_, request) = last.insert((Rc::clone(delivery), request));
        let mut stubs = self.stubs.borrow_mut();
        if let Some(stub) = stubs.get(person) {
            return stub.fetch_at(&means.address, request);
        }
        let stub = means.persons.get_by_name(person)?;
        let answer = stub.fetch_at(&means.address, request);
        if stubs.len() < MAX_STUBS {
            stubs.insert(person.to_owned(), stub);
        }
        answer
    }

    fn means(&self) -> Means {
        let with = |handle: fn(&Outbox, u32, JsValue)| {
            let this = self.this.clone();
            Closure::own_assert_unwind_safe(move |call: u32, what: JsValue| {
                if let Some(outbox) = this.upgrade() {
                    handle(&outbox, call, what);
                }
            })
        };
        Means {
            persons: calls::objects(&self.env, PERSON_BINDING),
            address: JsValue::from_str(&calls::address(path::DELIVER)),
            answered: with(Outbox::answered),
            failed: with(Outbox::failed),
        }
    }

    fn answered(&self, call: u32, response: JsValue) {
        match response.unchecked_into::<Response>().status() {
            200 => self.settle(call, Delivered::Taken),
            UNWANTED => self.settle(call, Delivered::Unwanted),
            status => self.fail(call, Delivered::Failed, &format!("was answered {status}")),
        }
    }

    fn failed(&self, call: u32, thrown: JsValue) {
        self.fail(call, Delivered::Failed, &format!("failed: {}", js::sentence(thrown)));
    }

    fn fail(&self, call: u32, outcome: Delivered, why: &str) {
        if let Some(sent) = self.under_way.borrow().get(&call) {
            worker::console_error!("a push to {:?} {why}", sent.person);
        }
        self.settle(call, outcome);
    }

    /// Reports what became of a push. One that was given up already is left.
    fn settle(&self, call: u32, outcome: Delivered) {
        let Some(sent) = self.under_way.borrow_mut().remove(&call) else { return };
        if outcome != Delivered::Taken {
            // The person may be gone; and the platform advises against a stub that failed once.
            self.stubs.borrow_mut().remove(&sent.person);
        }
        (self.report)(&sent, outcome);
    }

    /// Gives up what was not answered in time. The object's alarm looks, which is set while somebody is behind: a timer
    /// would have to be set for every edit, and an object that has one cannot hibernate.
    pub fn give_up_overdue(&self) {
        let now = js::now();
        let is_overdue = |sent: &Sent| now.since(sent.at) >= ANSWERED_WITHIN;
        let overdue: Vec<_> = {
            let under_way = self.under_way.borrow();
            let overdue = under_way.iter().filter(|(_, sent)| is_overdue(sent));
            overdue.map(|(call, _)| *call).collect()
        };
        for call in overdue {
            self.fail(call, Delivered::Unanswered, "was not answered in time");
        }
    }
}
