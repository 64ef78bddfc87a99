//! What a generated Durable Object class is made of. Not for people.

pub use worker::Env;
pub use worker::wasm_bindgen::{self, JsValue};
pub use worker::web_sys::{Request, WebSocket};
pub use worker::worker_sys::DurableObjectState;
