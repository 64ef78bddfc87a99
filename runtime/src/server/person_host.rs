//! The host of a Person's object: what the generated Durable Object class of the entity with
//! `role = "person"` delegates to.

use std::rc::Rc;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::object::Delivered;
use worker::{
    Env, Error, Method, Request, Response, Result, Socket, State, WebSocket,
    WebSocketIncomingMessage,
};

use super::answer::{Refusal, answer};
use super::apart::apart;
use super::calls::{self, UNWANTED, header, path};
use super::person_object::PersonObject;
use super::sockets::{self, attachment};
use super::under_test;

/// Runs the object of a Person of type `T`. Its methods are those of [`worker::DurableObject`].
pub struct PersonHost<T: Entity> {
    object: Rc<PersonObject<T>>,
}

impl<T: Entity> PersonHost<T> {
    /// The host of one object. Nothing is read yet.
    pub fn new(state: State, env: Env) -> PersonHost<T> {
        PersonHost { object: PersonObject::new(state, env) }
    }

    /// Answers the Worker (`/connect`, `/logout`), entities (`/deliver`) and other Persons (`/message`).
    ///
    /// # Errors
    /// If the platform fails; what the Person refuses is a reply.
    pub async fn fetch(&self, mut request: Request) -> Result<Response> {
        let path = request.path();
        match (request.method(), path.as_str()) {
            (Method::Get, path::CONNECT) => match attachment(&request)? {
                Some(attachment) => answer(self.object.connect(attachment)),
                None => Refusal::new(400, "the session and the browser are missing").response(),
            },
            (Method::Post, path::DELIVER) => {
                let push = calls::carried(&mut request, header::PUSH).await?.bytes;
                match self.object.deliver(&push) {
                    Delivered::Taken => Response::empty(),
                    Delivered::Unwanted => Refusal::new(UNWANTED, "no browser wants it").response(),
                    Delivered::Failed => Refusal::new(500, "the push was not taken").response(),
                }
            }
            (Method::Post, path::LOGOUT) => {
                let session = request.text().await?;
                match apart(self.object.log_out(&session)).await {
                    Ok(()) => Response::empty(),
                    Err(refusal) => refusal.response(),
                }
            }
            (Method::Post, path::ALARM) => {
                let object = &self.object.entity;
                apart(under_test::alarm(&object.state, &object.env)).await
            }
            (Method::Post, path) => {
                let carried = calls::carried(&mut request, header::MESSAGE).await?;
                self.object.entity.serve(path, carried)
            }
            _ => Refusal::new(405, "an object takes POST alone").response(),
        }
    }

    /// As [`EntityHost::alarm`](super::entity_host::EntityHost::alarm).
    ///
    /// # Errors
    /// As there.
    pub async fn alarm(&self) -> Result<Response> {
        self.object.entity.alarm()
    }

    /// A frame from a browser.
    ///
    /// # Errors
    /// None: what is wrong with a frame, the browser is told.
    pub async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<()> {
        self.object.frame(&socket, &message);
        Ok(())
    }

    /// A browser closed its socket.
    ///
    /// # Errors
    /// None.
    pub async fn websocket_close(
        &self,
        socket: WebSocket,
        code: usize,
        reason: String,
        _was_clean: bool,
    ) -> Result<()> {
        self.object.closed(&socket);
        sockets::answer_close(&socket, code, &reason);
        Ok(())
    }

    /// A browser's socket broke.
    ///
    /// # Errors
    /// None.
    pub async fn websocket_error(&self, socket: WebSocket, error: Error) -> Result<()> {
        worker::console_debug!("a socket broke: {error}");
        self.object.closed(&socket);
        Ok(())
    }

    /// Refuses a TCP connection.
    ///
    /// # Errors
    /// If the connection cannot be closed.
    pub async fn connect(&self, mut socket: Socket) -> Result<()> {
        socket.close().await
    }
}
