//! What an application holds: a store of one entity.

use js_sys::{Array, Function, Promise};
use temporal_entity_core::message::{EntityRef, Method};
use temporal_entity_core::schema::Published;
use wasm_bindgen::prelude::*;

use crate::js_value::{from_js, set_named};
use crate::problem;
use crate::tab::{self, Tab};

/// A store by Svelte's contract, `TemporalStore<V, D>` in TypeScript. It is a handle: all stores of one entity in a
/// tab are the same store, which lives as long as somebody subscribes, and a little longer.
#[wasm_bindgen(js_name = __TemporalStore, skip_typescript)]
pub struct Store {
    entity: EntityRef,
    shape: &'static Published,
}

impl Store {
    pub(crate) fn new(entity: EntityRef, shape: &'static Published) -> Store {
        Store { entity, shape }
    }
}

#[wasm_bindgen(js_class = __TemporalStore)]
impl Store {
    /// Id of the entity.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.entity.id.clone()
    }

    /// Calls `run` with the value at once and after every change; returns a function that ends it.
    pub fn subscribe(&self, run: Function) -> Function {
        let number = tab::with(|tab| tab.subscribe(&self.entity, self.shape, run));
        let entity = self.entity.clone();
        let leave = move || tab::with(|tab| tab.unsubscribe(&entity, number));
        Closure::<dyn Fn()>::new(leave).into_js_value().unchecked_into()
    }

    /// The value with the edits that are not confirmed; `undefined` while there is none.
    pub fn get(&self) -> JsValue {
        tab::with(|tab| tab.get(&self.entity, self.shape))
    }

    /// Puts `value` in place of the value; only what differs is sent.
    ///
    /// # Errors
    /// If it does not have the shape of the entity, or there is no value yet.
    pub fn set(&self, value: &JsValue) -> Result<(), JsValue> {
        tab::with(|tab| tab.set(&self.entity, self.shape, value))
    }

    /// Sets what `change` makes of the value.
    ///
    /// # Errors
    /// What `change` throws, and as [`Store::set`].
    pub fn update(&self, change: &Function) -> Result<(), JsValue> {
        self.set(&change.call1(&JsValue::UNDEFINED, &self.get())?)
    }

    /// Changes parts of the value.
    ///
    /// # Errors
    /// If the diff does not fit the entity, or there is no value yet.
    pub fn patch(&self, diff: &JsValue) -> Result<(), JsValue> {
        tab::with(|tab| tab.patch(&self.entity, self.shape, diff))
    }

    /// Makes the entity with its first value.
    pub fn post(&self, value: &JsValue) -> Promise {
        match from_js(&self.shape.kind, value) {
            Ok(value) => {
                tab::with(|tab| tab.call(&self.entity, self.shape, Method::Post, Some(value)))
            }
            Err(shape) => Promise::reject(&problem::misshapen(&shape)),
        }
    }

    /// Deletes the entity.
    pub fn delete(&self) -> Promise {
        tab::with(|tab| tab.call(&self.entity, self.shape, Method::Delete, None))
    }

    /// Brings the deleted entity back.
    pub fn undelete(&self) -> Promise {
        tab::with(|tab| tab.call(&self.entity, self.shape, Method::PatchUndelete, None))
    }

    /// Makes the entity with its first value as soon as the server says that it does not exist.
    ///
    /// # Errors
    /// If the value does not have the shape of the entity.
    #[wasm_bindgen(js_name = createIfAbsent)]
    pub fn create_if_absent(&self, first: &JsValue) -> Result<(), JsValue> {
        let first = from_js(&self.shape.kind, first).map_err(|shape| problem::misshapen(&shape))?;
        tab::with(|tab| tab.create_if_absent(&self.entity, self.shape, first));
        Ok(())
    }

    /// Lets go of a refused edit, or of all.
    pub fn dismiss(&self, id: Option<f64>) {
        tab::with(|tab| tab.dismiss(&self.entity, id.map(|id| id as u64)));
    }

    /// What is known about the value.
    #[wasm_bindgen(getter)]
    pub fn meta(&self) -> JsValue {
        tab::with(|tab| tab.meta(&self.entity))
    }

    /// How the store is doing.
    #[wasm_bindgen(getter)]
    pub fn status(&self) -> js_sys::Object {
        let status = tab::with(|tab: &Tab| tab.status(&self.entity));
        let object = js_sys::Object::new();
        set_named(&object, "state", &JsValue::from_str(status.state.name()));
        set_named(&object, "connected", &status.connected.into());
        set_named(&object, "pending", &status.pending.into());
        set_named(&object, "signedOut", &status.signed_out.into());
        if let Some(person) = &status.person {
            set_named(&object, "person", &JsValue::from_str(person));
        }
        if let Some(problem) = &status.problem {
            set_named(&object, "problem", &problem::object(problem));
        }
        let problems = status.problems.iter();
        let problems: Array =
            problems.map(|refusal| problem::refused(&self.shape.kind, refusal)).collect();
        set_named(&object, "problems", &problems);
        object
    }
}
