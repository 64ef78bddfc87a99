//! The tab: one machine for all stores of the page, and the bridge to the TypeScript shell, which owns the port to
//! the hub and the BroadcastChannels.
//!
//! Whatever is called here may call back: a subscriber sets a value, a getter of a value that is being read reads
//! another store. So no borrow lasts while JavaScript runs, and effects and subscribers are taken out of their
//! queues one by one by the outermost call alone, which keeps their order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use temporal_entity_core::local::{Problem, Topic};
use temporal_entity_core::message::{EntityRef, Meta, Method, Reason};
use temporal_entity_core::patch;
use temporal_entity_core::schema::{Published, ShapeError};
use temporal_entity_core::sorted::Sorted;
use temporal_entity_core::store::{StoreStatus, TabEffect, TabMachine};
use temporal_entity_core::value::Value;
use wasm_bindgen::prelude::*;

use crate::js::{Host, report, set_timeout};
use crate::js_value::{apply_js, diff_js, patch_from_js, plain, share};
use crate::live::{Entities, Lapse};
use crate::problem;

/// How long an entity without subscribers stays live, at least. Svelte and others read a store by subscribing and
/// leaving at once, and going from one view to the next should not load the same entity again.
const LINGER_MILLIS: u32 = 2_000;

/// How many seeds there are: as many as `Math.random` makes.
const SEEDS: f64 = 9_007_199_254_740_992.0;

thread_local! {
    static TAB: Tab = Tab::new();
}

/// The tab that this code runs in.
pub fn with<R>(run: impl FnOnce(&Tab) -> R) -> R {
    TAB.with(run)
}

/// See the [module](self).
pub struct Tab {
    machine: RefCell<TabMachine>,
    entities: RefCell<Entities>,
    /// The promises of calls that are not answered.
    calls: RefCell<Sorted<u32, Settle>>,
    host: RefCell<Option<Host>>,
    /// In development: freezes a value before it is published.
    freeze: RefCell<Option<Function>>,
    /// Whether effects are being carried out.
    carrying_out: Cell<bool>,
    /// Whether subscribers are being called.
    calling: Cell<bool>,
}

struct Settle {
    resolve: Function,
    reject: Function,
}

impl Tab {
    fn new() -> Tab {
        Tab {
            machine: RefCell::new(TabMachine::new((js_sys::Math::random() * SEEDS) as u64)),
            entities: RefCell::default(),
            calls: RefCell::default(),
            host: RefCell::default(),
            freeze: RefCell::default(),
            carrying_out: Cell::new(false),
            calling: Cell::new(false),
        }
    }

    /// Calls `run` with the value at once and after every change; the number to unsubscribe with.
    pub fn subscribe(&self, entity: &EntityRef, shape: &'static Published, run: Function) -> u32 {
        self.hold(entity, shape);
        let number = self.entities.borrow_mut().subscribe(entity, run.clone());
        let snapshot = self.entities.borrow().snapshot(entity);
        call(&run, &snapshot);
        number
    }

    /// Ends a subscription; again is no harm.
    pub fn unsubscribe(&self, entity: &EntityRef, number: u32) {
        let last = self.entities.borrow_mut().unsubscribe(entity, number);
        let shape = self.entities.borrow().shape(entity);
        if let (true, Some(shape)) = (last, shape) {
            self.hold(entity, shape);
        }
    }

    /// The value as it was published last.
    pub fn get(&self, entity: &EntityRef, shape: &'static Published) -> JsValue {
        self.hold(entity, shape);
        self.entities.borrow().snapshot(entity)
    }

    /// Puts `new` in place of the value.
    pub fn set(
        &self,
        entity: &EntityRef,
        shape: &'static Published,
        new: &JsValue,
    ) -> Result<(), JsValue> {
        self.change(entity, shape, |view| diff_js(&shape.kind, view, new))
    }

    /// Changes parts of the value.
    pub fn patch(
        &self,
        entity: &EntityRef,
        shape: &'static Published,
        diff: &JsValue,
    ) -> Result<(), JsValue> {
        self.change(entity, shape, |view| patch_from_js(&shape.kind, diff, view))
    }

    /// Makes the edit that `read` finds for the value that is shown.
    fn change(
        &self,
        entity: &EntityRef,
        shape: &'static Published,
        read: impl FnOnce(&Value) -> Result<Option<Value>, ShapeError>,
    ) -> Result<(), JsValue> {
        let view = self.view(entity);
        // Where there is none, the machine knows why.
        let patch = view.map_or_else(|| Ok(Some(patch::empty())), |view| read(&view));
        self.edit(entity, shape, patch)
    }

    /// What the machine shows; held, because reading what a user handed in may run a getter that comes back here.
    fn view(&self, entity: &EntityRef) -> Option<Rc<Value>> {
        self.machine.borrow().held_view(entity)
    }

    /// Carries out a local edit. One that is refused takes back what a user may have written into the published
    /// value before handing it in.
    fn edit(
        &self,
        entity: &EntityRef,
        shape: &'static Published,
        patch: Result<Option<Value>, ShapeError>,
    ) -> Result<(), JsValue> {
        self.hold(entity, shape);
        self.entities.borrow_mut().written(entity);
        let edited = match patch {
            Ok(None) => Ok(()),
            Ok(Some(patch)) => {
                let edited = self.machine.borrow_mut().edit(entity, patch);
                edited.map_err(|refusal| problem::error(&refusal))
            }
            Err(shape) => Err(problem::misshapen(&shape)),
        };
        if edited.is_err() {
            self.republish(entity);
        }
        self.settle();
        edited
    }

    /// Sends a request that is answered.
    pub fn call(
        &self,
        entity: &EntityRef,
        shape: &Published,
        method: Method,
        value: Option<Value>,
    ) -> Promise {
        if self.host.borrow().is_none() {
            let why = "the tab is not connected: call `connect` and wait for it first";
            let problem = Problem::new(503, Reason::Unavailable.name(), why);
            return Promise::reject(&problem::error(&problem));
        }
        let call = self.machine.borrow_mut().call(topic(entity, shape), method, value);
        let promise = Promise::new(&mut |resolve, reject| {
            self.calls.borrow_mut().insert(call, Settle { resolve, reject });
        });
        self.settle();
        promise
    }

    /// Creates the entity as soon as the server says that it does not exist.
    pub fn create_if_absent(&self, entity: &EntityRef, shape: &'static Published, first: Value) {
        self.hold(entity, shape);
        self.machine.borrow_mut().create_if_absent(entity, first);
        self.settle();
    }

    /// Lets go of a refused edit, or of all.
    pub fn dismiss(&self, entity: &EntityRef, id: Option<u64>) {
        self.machine.borrow_mut().dismiss(entity, id);
        self.settle();
    }

    /// What is known about the value.
    pub fn meta(&self, entity: &EntityRef) -> JsValue {
        let meta = self.machine.borrow().meta(entity).map(Meta::to_value);
        meta.as_ref().map(plain).unwrap_or_default()
    }

    /// How the store is doing.
    pub fn status(&self, entity: &EntityRef) -> StoreStatus {
        self.machine.borrow().status(entity)
    }

    fn attach(&self, host: Host) {
        *self.host.borrow_mut() = Some(host);
        self.machine.borrow_mut().attached();
        self.settle();
    }

    fn receive(&self, bytes: &[u8]) {
        self.machine.borrow_mut().receive(bytes);
        self.settle();
    }

    fn hub_lost(&self) {
        self.machine.borrow_mut().hub_lost();
        self.settle();
    }

    fn resumed(&self) {
        self.machine.borrow_mut().resumed();
        self.settle();
    }

    /// Makes sure that the entity is live, for as long as somebody subscribes and a while longer.
    fn hold(&self, entity: &EntityRef, shape: &'static Published) {
        let held = self.entities.borrow_mut().hold(entity, shape);
        if held.lingers {
            linger(entity.clone());
        }
        if held.opened {
            self.machine.borrow_mut().open(topic(entity, shape));
            self.settle();
        }
    }

    fn lapse(&self, entity: EntityRef) {
        if self.status(&entity).pending > 0 {
            // The hub may end before they are confirmed, and then only this tab has them.
            return linger(entity);
        }
        let lapse = self.entities.borrow_mut().lapse(&entity);
        match lapse {
            Lapse::Stays => {}
            Lapse::Again => linger(entity),
            Lapse::Closed => {
                self.machine.borrow_mut().close(&entity);
                self.settle();
            }
        }
    }

    /// Carries out what the machine wants, and then calls the subscribers.
    fn settle(&self) {
        if !self.carrying_out.replace(true) {
            while let Some(effect) = self.next_effect() {
                self.carry_out(effect);
            }
            self.carrying_out.set(false);
        }
        // Only now, so that a subscriber finds every store as it will stay.
        if !self.carrying_out.get() && !self.calling.replace(true) {
            while let Some((run, snapshot)) = self.next_call() {
                call(&run, &snapshot);
            }
            self.calling.set(false);
        }
    }

    fn next_effect(&self) -> Option<TabEffect> {
        self.machine.borrow_mut().poll_effect()
    }

    fn next_call(&self) -> Option<(Function, JsValue)> {
        self.entities.borrow_mut().next_call()
    }

    fn carry_out(&self, effect: TabEffect) {
        match effect {
            TabEffect::Send(bytes) => self.on_host(|host| host.send(bytes.as_slice().into())),
            TabEffect::OpenChannel(name) => self.on_host(|host| host.open_channel(&name)),
            TabEffect::CloseChannel(name) => self.on_host(|host| host.close_channel(&name)),
            TabEffect::Changed { entity, patch: Some(patch) } => self.follow(&entity, &patch),
            TabEffect::Changed { entity, patch: None } => self.republish(&entity),
            TabEffect::Answered { call, result } => self.answer(call, result),
        }
    }

    /// Before there is a host nothing is lost: attaching opens every entity again.
    fn on_host(&self, run: impl FnOnce(&Host) -> Result<(), JsValue>) {
        let host = self.host.borrow().clone();
        if let Some(Err(exception)) = host.map(|host| run(&host)) {
            report(&exception);
        }
    }

    /// Publishes the value with a change in it.
    fn follow(&self, entity: &EntityRef, patch: &Value) {
        let shape = self.entities.borrow().shape(entity);
        let Some(Published { kind, .. }) = shape else { return };
        let Some(view) = self.view(entity) else { return self.republish(entity) };
        let before = self.entities.borrow().snapshot(entity);
        let trust = self.entities.borrow_mut().trust(entity);
        let snapshot = apply_js(kind, &before, patch, &view, trust);
        self.publish(entity, snapshot);
    }

    /// Publishes the value as the machine has it, keeping what is the same.
    fn republish(&self, entity: &EntityRef) {
        let shape = self.entities.borrow().shape(entity);
        let Some(Published { kind, .. }) = shape else { return };
        let before = self.entities.borrow().snapshot(entity);
        let view = self.view(entity);
        let snapshot = view.map(|view| share(kind, &before, &view)).unwrap_or_default();
        self.publish(entity, snapshot);
    }

    fn publish(&self, entity: &EntityRef, snapshot: JsValue) {
        let freeze = self.freeze.borrow().clone();
        if let Some(freeze) = freeze {
            call(&freeze, &snapshot);
        }
        self.entities.borrow_mut().publish(entity, snapshot);
    }

    fn answer(&self, call: u32, result: Result<Meta, Problem>) {
        let settle = self.calls.borrow_mut().remove(&call);
        let Some(Settle { resolve, reject }) = settle else { return };
        match result {
            Ok(meta) => self::call(&resolve, &plain(&meta.to_value())),
            Err(refusal) => self::call(&reject, &problem::error(&refusal)),
        }
    }
}

/// The entity in the shape that this page was built for.
fn topic(entity: &EntityRef, shape: &Published) -> Topic {
    Topic::new(entity.clone(), Some(shape.fingerprint()))
}

/// Calls a function of the user's; an exception is the page's affair and stops nobody else.
fn call(run: &Function, argument: &JsValue) {
    if let Err(exception) = run.call1(&JsValue::UNDEFINED, argument) {
        report(&exception);
    }
}

fn linger(entity: EntityRef) {
    let lapse = Closure::once_into_js(move || with(|tab| tab.lapse(entity)));
    set_timeout(lapse.unchecked_ref(), LINGER_MILLIS);
}

/// Called by the shell when the port to the hub is new: at the start, and whenever the hub or the page came back.
#[wasm_bindgen(js_name = __temporalAttach, skip_typescript)]
pub fn attach(host: Host) {
    with(|tab| tab.attach(host));
}

/// Called by the shell in development, with what freezes a value.
#[wasm_bindgen(js_name = __temporalFreeze, skip_typescript)]
pub fn freeze(freeze: Function) {
    with(|tab| *tab.freeze.borrow_mut() = Some(freeze));
}

/// Called by the shell with what came on the port or on a channel.
#[wasm_bindgen(js_name = __temporalReceive, skip_typescript)]
pub fn receive(bytes: &[u8]) {
    with(|tab| tab.receive(bytes));
}

/// Called by the shell when the hub is dead or does not answer.
#[wasm_bindgen(js_name = __temporalHubLost, skip_typescript)]
pub fn hub_lost() {
    with(Tab::hub_lost);
}

/// Called by the shell when the page was away and may have missed something.
#[wasm_bindgen(js_name = __temporalResumed, skip_typescript)]
pub fn resumed() {
    with(Tab::resumed);
}
