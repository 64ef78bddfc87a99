//! The host of an entity's object: what a generated Durable Object class delegates to.

use std::rc::Rc;

use temporal_entity_core::entity::Entity;
use worker::{
    Env, Error, Method, Request, Response, Result, Socket, State, WebSocket,
    WebSocketIncomingMessage,
};

use super::answer::{Refusal, answer};
use super::apart::apart;
use super::calls::{carried, header, path};
use super::entity_object::EntityObject;
use super::sockets::{answer_close, attachment};
use super::sql::Tables;
use super::under_test;

/// Runs the object of an entity of type `T`. Its methods are those of [`worker::DurableObject`].
pub struct EntityHost<T: Entity> {
    object: Rc<EntityObject<T>>,
}

impl<T: Entity> EntityHost<T> {
    /// The host of one object. Nothing is read yet.
    pub fn new(state: State, env: Env) -> EntityHost<T> {
        EntityHost { object: EntityObject::new(state, env, Tables::Entity) }
    }

    /// Answers a request of a Person's object.
    ///
    /// # Errors
    /// If the platform fails; what the entity refuses is a reply.
    pub async fn fetch(&self, mut request: Request) -> Result<Response> {
        if request.method() == Method::Get && request.path() == path::LINE {
            return match attachment(&request)? {
                Some(attachment) => answer(self.object.open_line(attachment)),
                None => Refusal::new(400, "the session and the browser are missing").response(),
            };
        }
        if request.method() != Method::Post {
            return Refusal::new(405, "an object takes POST alone").response();
        }
        let carried = carried(&mut request, header::MESSAGE).await?;
        self.object.take_time(&request);
        match request.path().as_str() {
            path::ALARM => apart(under_test::alarm(&self.object.state, &self.object.env)).await,
            path => self.object.serve(path, carried),
        }
    }

    /// Sees to it that everybody was told of the last change.
    ///
    /// # Errors
    /// If the storage fails: the platform then calls again after a while.
    pub async fn alarm(&self) -> Result<Response> {
        self.object.alarm()
    }

    /// A frame on a direct line.
    ///
    /// # Errors
    /// None.
    pub async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<()> {
        self.object.line_frame(&socket, &message);
        Ok(())
    }

    /// A browser closed a direct line.
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
        self.object.line_closed(&socket);
        answer_close(&socket, code, &reason);
        Ok(())
    }

    /// A direct line broke.
    ///
    /// # Errors
    /// None.
    pub async fn websocket_error(&self, socket: WebSocket, _error: Error) -> Result<()> {
        self.object.line_closed(&socket);
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
