//! The browser half of `temporal-entity`, as one wasm module for two places.
//!
//! - In every tab it holds the stores: [`open`] is what a generated `openCard(id)` calls, [`Store`] what it returns,
//!   `TemporalStore<Card, CardDiff>` in TypeScript.
//! - In the SharedWorker it is the hub, which keeps the one WebSocket of the browser, the confirmed values and the
//!   edits that are not confirmed.
//!
//! Both are machines of `temporal-entity-core` without IO. Ports, channels, the socket and timers belong to a small
//! shell in TypeScript (`ts/tab.ts` and `ts/hub.ts`), which talks to the wasm in bytes: a SharedWorker must listen
//! before it waits for anything, which a wasm module, loaded by waiting, cannot do.

mod hub;
mod js;
#[doc(hidden)] // for the tests in `ts/`, which run in a JavaScript engine
pub mod js_value;
mod live;
mod problem;
mod store;
mod tab;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{EntityRef, Malformed};
use temporal_entity_core::schema::Published;
use wasm_bindgen::prelude::*;

pub use hub::Hub;
pub use store::Store;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = temporal_entity_core::typescript::TYPES;

/// The store of the entity `id` of the type `T`.
///
/// # Errors
/// If the id is no string, empty, too long, or has control characters.
pub fn open<T: Entity>(id: &JsValue) -> Result<Store, JsValue> {
    open_as(id, const { &Published::of::<T>() })
}

/// Not generic, so that a page loads it once.
fn open_as(id: &JsValue, shape: &'static Published) -> Result<Store, JsValue> {
    let id = id.as_string().ok_or_else(|| Malformed::new("the id must be a string"));
    let entity = id.and_then(|id| EntityRef::new(shape.name, id)).map_err(problem::malformed)?;
    Ok(Store::new(entity, shape))
}
