//! The host of an entity's object: what a generated Durable Object class delegates to.

use std::rc::Rc;

use temporal_entity_core::entity::Entity;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Method, Request, Response, Result, State, WebSocket};

use super::answer::{self, Refusal, answer};
use super::apart::apart;
use super::calls::{header, path, small};
use super::class::{self, JsValue};
use super::entity_object::EntityObject;
use super::sockets::{answer_close, attachment, binary};
use super::sql::Tables;
use super::under_test;

/// Runs the object of an entity of type `T`. Its methods are what the platform calls.
pub struct EntityHost<T: Entity> {
    object: Rc<EntityObject<T>>,
}

impl<T: Entity> EntityHost<T> {
    /// The host of one object. Nothing is read yet.
    pub fn new(state: DurableObjectState, env: Env) -> EntityHost<T> {
        EntityHost { object: EntityObject::new(State::from(state), env, Tables::Entity) }
    }

    /// Answers a request of a Person's object: a response, or the promise of one.
    ///
    /// # Errors
    /// If the platform fails; what the entity refuses is a reply.
    pub fn fetch(&self, request: class::Request) -> std::result::Result<JsValue, JsValue> {
        if let Some(message) = small(&request.headers(), header::MESSAGE)? {
            self.object.take_time(&request.headers());
            return self.object.message(message);
        }
        let object = Rc::clone(&self.object);
        Ok(answer::later(async move { serve(&object, request).await }))
    }

    /// Sees to it that everybody was told of the last change.
    ///
    /// # Errors
    /// If the storage fails: the platform then calls again after a while.
    pub fn alarm(&self) -> std::result::Result<(), JsValue> {
        Ok(self.object.alarm()?)
    }

    /// A frame on a direct line.
    pub fn frame(&self, socket: class::WebSocket, message: &JsValue) {
        self.object.line_frame(&WebSocket::from(socket), binary(message));
    }

    /// A browser closed a direct line.
    pub fn closed(&self, socket: class::WebSocket, code: u16, reason: &str) {
        let socket = WebSocket::from(socket);
        self.object.line_closed(&socket);
        answer_close(&socket, code, reason);
    }

    /// A direct line broke.
    pub fn broke(&self, socket: class::WebSocket) {
        self.object.line_closed(&WebSocket::from(socket));
    }
}

async fn serve<T: Entity>(object: &EntityObject<T>, request: class::Request) -> Result<Response> {
    let headers = request.headers();
    let mut request = Request::from(request);
    if request.method() == Method::Get && request.path() == path::LINE {
        return match attachment(&request)? {
            Some(attachment) => answer(object.open_line(attachment)),
            None => Refusal::new(400, "the session and the browser are missing").response(),
        };
    }
    if request.method() != Method::Post {
        return Refusal::new(405, "an object takes POST alone").response();
    }
    let body = request.bytes().await?;
    object.take_time(&headers);
    match request.path().as_str() {
        path::ALARM => apart(under_test::alarm(&object.state, &object.env)).await,
        path => object.serve(path, body),
    }
}
