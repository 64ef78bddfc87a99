//! Calls from one object, or from the Worker, to another object.

use std::time::Duration;

use temporal_entity_core::message::{Delivery, EntityRef};
use temporal_entity_core::object::Delivered;
use temporal_entity_core::person::CallFailure;
use worker::js_sys::futures::JsFuture;
use worker::js_sys::{Promise, Uint8Array};
use worker::wasm_bindgen::{self, JsValue, prelude::wasm_bindgen};
use worker::web_sys::{Headers, RequestInit, Response};
use worker::{Env, ObjectNamespace};

use super::js::{sentence, within};

/// The binding of the Persons' objects.
pub(super) const PERSON_BINDING: &str = "PersonObject";

/// The paths that an object serves.
pub(super) mod path {
    /// A request to an entity, in its envelope.
    pub const MESSAGE: &str = "/message";
    /// A push to a Person.
    pub const DELIVER: &str = "/deliver";
    /// The upgrade of a browser's socket.
    pub const CONNECT: &str = "/connect";
    /// The end of a session, which the body names.
    pub const LOGOUT: &str = "/logout";
    /// Under test: the rows read and written, and the bytes of the database.
    pub const ROWS: &str = "/debug/rows";
    /// Under test: the memory of the isolate's wasm, and what its machines hold of it.
    pub const MEMORY: &str = "/debug/memory";
    /// Under test: when the object will be woken by itself.
    pub const ALARM: &str = "/debug/alarm";
}

/// The headers with which the Worker tells a Person whose socket it opens, and a test tells an entity the time.
pub(super) mod header {
    /// The session, encoded.
    pub const SESSION: &str = "x-session";
    /// The browser's id.
    pub const BROWSER: &str = "x-browser";
    /// Under test: the time, in microseconds.
    pub const NOW: &str = "x-test-now";
}

/// Status of the answer to a push that no browser of the person wants.
pub(super) const UNWANTED: u16 = 410;

/// How long an object may take. One that panicked in a build that aborts never answers.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

#[wasm_bindgen]
extern "C" {
    /// The stub of an object. [`worker::Stub`] goes through `worker::Request` and `worker::Response`, which copy
    /// every part of both; a push to a hundred persons is worth the shorter way.
    type ObjectStub;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &ObjectStub, url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

/// Posts an envelope to the object of `entity` and returns its reply.
pub(super) async fn ask(
    env: &Env,
    entity: &EntityRef,
    envelope: Vec<u8>,
) -> Result<Vec<u8>, CallFailure> {
    let Ok(objects) = env.durable_object(&format!("{}Object", entity.name)) else {
        return Err(CallFailure::UnknownType);
    };
    let request = post(&envelope);
    // JavaScript has its copy, and the object that is asked wants the room in the same memory.
    drop(envelope);
    let answer = async {
        let response = send(&objects, &entity.id, path::MESSAGE, &request).await?;
        let body = JsFuture::from(response.array_buffer()?).await?;
        Ok((response.status(), Uint8Array::new(&body).to_vec()))
    };
    match answer_within(answer).await {
        Ok((200, reply)) => Ok(reply),
        Ok((status, _)) => {
            Err(CallFailure::Unavailable(format!("the object of {entity} answered {status}")))
        }
        Err(why) => Err(CallFailure::Unavailable(format!("the object of {entity}: {why}"))),
    }
}

/// Posts a push to the object of `person`.
pub(super) async fn deliver(env: &Env, person: &str, delivery: &Delivery) -> Delivered {
    let Ok(push) = delivery.encode() else {
        return Delivered::Failed;
    };
    let answer = to_person(env, person, path::DELIVER, &post(&push)).await;
    match answer.map(|response| response.status()) {
        Ok(200) => Delivered::Taken,
        Ok(UNWANTED) => Delivered::Unwanted,
        Ok(status) => {
            worker::console_error!("a push to {person:?} was answered {status}");
            Delivered::Failed
        }
        Err(why) => {
            worker::console_error!("a push to {person:?} failed: {why}");
            Delivered::Failed
        }
    }
}

/// Sends a request to the object of `person`.
pub(super) async fn to_person(
    env: &Env,
    person: &str,
    path: &str,
    request: &RequestInit,
) -> Result<Response, String> {
    let answer = async { send(&env.durable_object(PERSON_BINDING)?, person, path, request).await };
    answer_within(answer).await
}

/// A POST with this body.
pub(super) fn post(body: &[u8]) -> RequestInit {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&Uint8Array::from(body));
    init
}

/// A request to upgrade to a WebSocket, with these headers besides.
pub(super) fn upgrade(headers: &[(&str, &str)]) -> Result<RequestInit, JsValue> {
    let all = Headers::new()?;
    all.set("upgrade", "websocket")?;
    for (name, value) in headers {
        all.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_headers(&all);
    Ok(init)
}

async fn send(
    objects: &ObjectNamespace,
    name: &str,
    path: &str,
    init: &RequestInit,
) -> Result<Response, JsValue> {
    let stub = objects.get_by_name(name)?;
    let url = format!("https://object{path}");
    let answer = stub.into_rpc::<ObjectStub>().fetch(&url, init)?;
    Ok(JsFuture::from(answer).await?.into())
}

async fn answer_within<R>(answer: impl Future<Output = Result<R, JsValue>>) -> Result<R, String> {
    match within(ANSWER_WITHIN, answer).await {
        Some(answer) => answer.map_err(sentence),
        None => Err(format!("no answer for {} s", ANSWER_WITHIN.as_secs())),
    }
}
