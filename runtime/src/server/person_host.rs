//! The host of a Person's object: what the generated Durable Object class of the entity with
//! `role = "person"` delegates to.

use std::rc::Rc;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::object::Delivered;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Method, Request, Response, Result, State, WebSocket, web_sys};

use super::answer::{self, Refusal, answer};
use super::apart::apart;
use super::calls::{UNWANTED, header, path, small};
use super::class::{self, JsValue};
use super::person_object::PersonObject;
use super::sockets::{answer_close, attachment, binary};
use super::under_test;

/// Runs the object of a Person of type `T`. Its methods are what the platform calls.
pub struct PersonHost<T: Entity> {
    object: Rc<PersonObject<T>>,
}

impl<T: Entity> PersonHost<T> {
    /// The host of one object. Nothing is read yet.
    pub fn new(state: DurableObjectState, env: Env) -> PersonHost<T> {
        PersonHost { object: PersonObject::new(State::from(state), env) }
    }

    /// Answers the Worker (`/connect`, `/logout`), entities (`/deliver`) and other Persons (`/message`): a response, or the
    /// promise of one.
    ///
    /// # Errors
    /// If the platform fails; what the Person refuses is a reply.
    pub fn fetch(&self, request: class::Request) -> std::result::Result<JsValue, JsValue> {
        let headers = request.headers();
        if let Some(push) = small(&headers, header::PUSH)? {
            return match self.object.deliver(&push) {
                // Most are, and have no use for what a builder would set.
                Delivered::Taken => web_sys::Response::new().map(JsValue::from),
                other => Ok(answer::given(delivered(other)?)),
            };
        }
        if let Some(message) = small(&headers, header::MESSAGE)? {
            return self.object.entity.message(message);
        }
        let object = Rc::clone(&self.object);
        Ok(answer::later(async move { serve(&object, request.into()).await }))
    }

    /// As [`EntityHost::alarm`](super::entity_host::EntityHost::alarm).
    ///
    /// # Errors
    /// As there.
    pub fn alarm(&self) -> std::result::Result<(), JsValue> {
        Ok(self.object.entity.alarm()?)
    }

    /// A frame from a browser.
    pub fn frame(&self, socket: class::WebSocket, frame: &JsValue) {
        self.object.frame(&WebSocket::from(socket), binary(frame).as_deref());
    }

    /// A browser closed its socket.
    pub fn closed(&self, socket: class::WebSocket, code: u16, reason: &str) {
        let socket = WebSocket::from(socket);
        self.object.closed(&socket);
        answer_close(&socket, code, reason);
    }

    /// A browser's socket broke.
    pub fn broke(&self, socket: class::WebSocket) {
        self.object.closed(&WebSocket::from(socket));
    }
}

async fn serve<T: Entity>(object: &Rc<PersonObject<T>>, mut request: Request) -> Result<Response> {
    let path = request.path();
    match (request.method(), path.as_str()) {
        (Method::Get, path::CONNECT) => match attachment(&request)? {
            Some(attachment) => answer(object.connect(attachment)),
            None => Refusal::new(400, "the session and the browser are missing").response(),
        },
        (Method::Post, path::DELIVER) => delivered(object.deliver(&request.bytes().await?)),
        (Method::Post, path::LOGOUT) => {
            let session = request.text().await?;
            match apart(object.log_out(&session)).await {
                Ok(()) => Response::empty(),
                Err(refusal) => refusal.response(),
            }
        }
        (Method::Post, path::ALARM) => {
            apart(under_test::alarm(&object.entity.state, &object.entity.env)).await
        }
        (Method::Post, path) => {
            let body = request.bytes().await?;
            object.entity.serve(path, body)
        }
        _ => Refusal::new(405, "an object takes POST alone").response(),
    }
}

/// The answer to a push.
fn delivered(outcome: Delivered) -> Result<Response> {
    match outcome {
        Delivered::Taken => Response::empty(),
        Delivered::Unwanted => Refusal::new(UNWANTED, "no browser wants it").response(),
        Delivered::Failed | Delivered::Unanswered => {
            Refusal::new(500, "the push was not taken").response()
        }
    }
}
