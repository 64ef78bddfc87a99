//! Calls from one object, or from the Worker, to another object.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::person::CallFailure;
use worker::Env;
use worker::js_sys::futures::JsFuture;
use worker::js_sys::{Promise, Reflect, Uint8Array};
use worker::wasm_bindgen::{self, JsCast, JsValue, prelude::wasm_bindgen};
use worker::web_sys::{Headers, RequestInit, Response as Answer};

use super::js::{sentence, within};
use super::sql::FULL;
use super::types;

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
    /// The upgrade of a browser's direct line to an entity.
    pub const LINE: &str = "/line";
    /// The end of a session, which the body names: its direct lines to an entity, or all that a Person holds.
    pub const LOGOUT: &str = "/logout";
    /// Under test: the rows read and written, the bytes of the database, and the pushes sent.
    pub const ROWS: &str = "/debug/rows";
    /// Under test: the memory of the isolate's wasm, and what its machines hold of it.
    pub const MEMORY: &str = "/debug/memory";
    /// Under test: when the object will be woken by itself.
    pub const ALARM: &str = "/debug/alarm";
}

/// The headers with which the Worker tells a Person whose socket it opens, an entity what changed, and a test an
/// entity the time.
pub(super) mod header {
    /// The session, encoded.
    pub const SESSION: &str = "x-session";
    /// The browser's id.
    pub const BROWSER: &str = "x-browser";
    /// When the ticket of a direct line was issued, in microseconds.
    pub const ISSUED: &str = "x-ticket-issued";
    /// A small push, encoded. The platform's logs leave out what is in a header of such a name.
    pub const PUSH: &str = "x-secret-push";
    /// A small request to an entity, or a small reply of it, encoded.
    pub const MESSAGE: &str = "x-secret-message";
    /// Under test: the time, in microseconds.
    pub const NOW: &str = "x-test-now";
}

/// Status of the answer to a push that no browser of the person wants.
pub(super) const UNWANTED: u16 = 410;

/// How long an object may take. One that panicked in a build that aborts never answers a body.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

#[wasm_bindgen]
extern "C" {
    /// The namespace of a class. [`worker::ObjectNamespace`] looks at its type by name each time.
    pub(super) type Objects;

    #[wasm_bindgen(method, catch, js_name = getByName)]
    pub(super) fn get_by_name(this: &Objects, name: &str) -> Result<ObjectStub, JsValue>;

    /// The stub of an object. [`worker::Stub`] goes through `worker::Request` and `worker::Response`, which copy
    /// every part of both; a push to a hundred persons is worth the shorter way.
    pub(super) type ObjectStub;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &ObjectStub, url: &str, init: &RequestInit) -> Result<Promise, JsValue>;

    /// The same with an address that JavaScript has already.
    #[wasm_bindgen(method, catch, js_name = fetch)]
    pub(super) fn fetch_at(
        this: &ObjectStub,
        url: &JsValue,
        init: &RequestInit,
    ) -> Result<Promise, JsValue>;
}

/// Posts an envelope to the object of `entity` and returns its reply.
pub(super) async fn ask(
    env: &Env,
    entity: &EntityRef,
    envelope: Vec<u8>,
) -> Result<Vec<u8>, CallFailure> {
    if !types::is_entity(&entity.name) {
        return Err(CallFailure::UnknownType);
    }
    let binding = format!("{}Object", entity.name);
    let objects = objects(env, &binding);
    if objects.is_undefined() {
        return Err(CallFailure::Unbound(binding));
    }
    let request = carrying(header::MESSAGE, &envelope);
    // Of a large one JavaScript has its copy, and the object that is asked wants the room in the same memory.
    let small = Some(envelope).filter(|envelope| is_small(envelope));
    let answer = async {
        let (status, reply) = exchange(&objects, &entity.id, &request?).await?;
        match (reply, small) {
            // An object of a release that looks for a body alone found none, and did nothing.
            (None, Some(envelope)) => exchange(&objects, &entity.id, &post(&envelope)).await,
            (reply, _) => Ok((status, reply)),
        }
    };
    match answer_within(answer).await {
        Ok((200, reply)) => Ok(reply.unwrap_or_default()),
        Ok((status, _)) => {
            Err(CallFailure::Unavailable(format!("the object of {entity} answered {status}")))
        }
        Err(why) if why.contains(FULL) => Err(CallFailure::Full),
        Err(why) => Err(CallFailure::Unavailable(format!("the object of {entity}: {why}"))),
    }
}

/// Sends a message to an object; its status, and its reply unless there is none at all.
async fn exchange(
    objects: &Objects,
    name: &str,
    request: &RequestInit,
) -> Result<(u16, Option<Vec<u8>>), JsValue> {
    let answer = send(objects, name, path::MESSAGE, request).await?;
    let reply = match answer.headers().get(header::MESSAGE)? {
        Some(small) => Some(decoded(&small)),
        None => {
            let body = JsFuture::from(answer.array_buffer()?).await?;
            Some(Uint8Array::new(&body).to_vec()).filter(|body| !body.is_empty())
        }
    };
    Ok((answer.status(), reply))
}

/// Whether there is such a type of entity, and its objects can be reached.
pub(super) fn has_class(env: &Env, entity: &EntityRef) -> bool {
    types::is_entity(&entity.name)
        && !objects(env, &format!("{}Object", entity.name)).is_undefined()
}

/// Sends a request to the object of `entity`.
pub(super) async fn to_entity(
    env: &Env,
    entity: &EntityRef,
    path: &str,
    request: &RequestInit,
) -> Result<Answer, String> {
    let objects = objects(env, &format!("{}Object", entity.name));
    answer_within(async { send(&objects, &entity.id, path, request).await }).await
}

/// Sends a request to the object of `person`.
pub(super) async fn to_person(
    env: &Env,
    person: &str,
    path: &str,
    request: &RequestInit,
) -> Result<Answer, String> {
    let answer = async { send(&objects(env, PERSON_BINDING), person, path, request).await };
    answer_within(answer).await
}

/// A POST with this body.
pub(super) fn post(body: &[u8]) -> RequestInit {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&Uint8Array::from(body));
    init
}

/// The most bytes of a message that goes in a header. To make a body and to read it costs more than the rest of a call.
const SMALL: usize = 4 << 10;

fn is_small(message: &[u8]) -> bool {
    message.len() <= SMALL
}

/// A request that carries a message: a small one in the header of this name.
pub(super) fn carrying(header: &str, message: &[u8]) -> Result<RequestInit, JsValue> {
    if !is_small(message) {
        return Ok(post(message));
    }
    let headers = Headers::new()?;
    headers.set(header, &URL_SAFE_NO_PAD.encode(message))?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    Ok(init)
}

/// The small message that a request carries in the header of this name.
pub(super) fn small(headers: &Headers, header: &str) -> Result<Option<Vec<u8>>, JsValue> {
    Ok(headers.get(header)?.map(|message| decoded(&message)))
}

/// A response that carries a reply to whoever has sent a small message, and so reads a small one in a header as well.
pub(super) fn replying(reply: &[u8]) -> Result<Answer, JsValue> {
    if !is_small(reply) {
        // A copy: workerd read a view of wasm's memory after it was used for something else, until August 2026.
        return Answer::new_with_opt_buffer_source(Some(&Uint8Array::from(reply)));
    }
    let answer = Answer::new()?;
    answer.headers().set(header::MESSAGE, &URL_SAFE_NO_PAD.encode(reply))?;
    Ok(answer)
}

/// The message in a header. One that does not decode is none, as a machine then says.
fn decoded(header: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(header).unwrap_or_default()
}

/// A request to upgrade to a WebSocket, with these headers besides.
pub(super) fn upgrade(
    headers: &[(&str, &str)],
    more: &[(&str, &str)],
) -> Result<RequestInit, JsValue> {
    let all = Headers::new()?;
    all.set("upgrade", "websocket")?;
    for (name, value) in headers.iter().chain(more) {
        all.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_headers(&all);
    Ok(init)
}

async fn send(
    objects: &Objects,
    name: &str,
    path: &str,
    init: &RequestInit,
) -> Result<Answer, JsValue> {
    let answer = objects.get_by_name(name)?.fetch(&address(path), init)?;
    Ok(JsFuture::from(answer).await?.into())
}

/// The namespace of a binding; undefined if there is none.
pub(super) fn objects(env: &Env, binding: &str) -> Objects {
    Reflect::get(env, &binding.into()).unwrap_or_default().unchecked_into()
}

/// The address of a path. The host says nothing: the stub knows the object.
pub(super) fn address(path: &str) -> String {
    format!("https://object{path}")
}

async fn answer_within<R>(answer: impl Future<Output = Result<R, JsValue>>) -> Result<R, String> {
    match within(ANSWER_WITHIN, answer).await {
        Some(answer) => answer.map_err(sentence),
        None => Err(format!("no answer for {} s", ANSWER_WITHIN.as_secs())),
    }
}
