//! The proxy half of a Person's object: the sockets of its browsers, and what the machine asks for them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::EntityRef;
use temporal_entity_core::object::Delivered;
use temporal_entity_core::person::{PersonEffect, PersonMachine, SocketId};
use temporal_entity_core::storage::StorageError;
use worker::{
    Env, Response, State, WebSocket, WebSocketIncomingMessage, WebSocketPair,
    WebSocketRequestResponsePair,
};

use super::answer::Refusal;
use super::calls;
use super::entity_object::EntityObject;
use super::js;
use super::settings;
use super::sockets::{Attachment, Sockets};
use super::sql::Tables;

/// Far more browsers than a person has, and far fewer sockets than the platform takes.
const MAX_SOCKETS: usize = 256;

/// Close code after a fault of the server (RFC 6455): the browser comes again and asks for what it missed.
const SERVER_FAILED: u16 = 1011;

/// One Person in its object: an entity like any other, and the proxy of its browsers.
pub(super) struct PersonObject<T: Entity> {
    pub entity: Rc<EntityObject<T>>,
    /// `None` until the first event after waking, and after a fault.
    proxy: RefCell<Option<Proxy>>,
    wakes: Cell<u32>,
}

/// A text frame with which a browser asks whether the connection still works. The platform answers it without waking
/// the object.
const PING: &str = "ping";

/// The answer to it.
const PONG: &str = "pong";

struct Proxy {
    machine: PersonMachine,
    sockets: Sockets,
    /// Tells the calls of this machine from those of one before it: each counts from zero.
    wake: u32,
}

impl<T: Entity> PersonObject<T> {
    pub fn new(state: State, env: Env) -> Rc<PersonObject<T>> {
        Rc::new(PersonObject {
            entity: EntityObject::new(state, env, Tables::Person),
            proxy: RefCell::default(),
            wakes: Cell::default(),
        })
    }

    /// Upgrades a request that the Worker has checked.
    pub fn connect(self: &Rc<Self>, attachment: Attachment) -> Result<Response, Refusal> {
        if attachment.session.person != self.entity.id {
            return Err(Refusal::new(403, "the session is another person's"));
        }
        let pair = WebSocketPair::new()?;
        self.input(|proxy| proxy.open(&self.entity.state, pair.server, attachment))
            .unwrap_or_else(|| Err(Refusal::new(500, "the server failed: connect again")))?;
        Ok(Response::from_websocket(pair.client)?)
    }

    /// Hands a frame to the machine, unless the session is over.
    pub fn frame(self: &Rc<Self>, socket: &WebSocket, message: &WebSocketIncomingMessage) {
        let now = self.entity.now();
        self.input(|proxy| {
            proxy.end_expired_sessions();
            if let Some(id) = proxy.sockets.id_of(socket) {
                match message {
                    WebSocketIncomingMessage::Binary(bytes) => proxy.machine.frame(now, id, bytes),
                    WebSocketIncomingMessage::String(_) => proxy.machine.text_frame(id),
                }
            }
        });
    }

    /// A browser's socket is gone.
    pub fn closed(self: &Rc<Self>, socket: &WebSocket) {
        let now = self.entity.now();
        self.input(|proxy| {
            if let Some(id) = proxy.sockets.id_of(socket) {
                proxy.sockets.forget(id);
                proxy.machine.closed(now, id);
            }
        });
    }

    /// Hands a push to the browsers that want it.
    pub fn deliver(self: &Rc<Self>, push: &[u8]) -> Delivered {
        let now = self.entity.now();
        let delivered = self.input(|proxy| {
            proxy.end_expired_sessions();
            proxy.machine.deliver(now, push)
        });
        delivered.unwrap_or(Delivered::Failed)
    }

    /// Closes the sockets of a session that was ended.
    pub fn log_out(self: &Rc<Self>, session: &str) {
        self.input(|proxy| {
            let ended = proxy.sockets.of_session(session);
            proxy.end(&ended);
        });
    }

    /// Gives the proxy an input and carries out what its machine then asks for; `None` after a fault.
    fn input<R>(self: &Rc<Self>, input: impl FnOnce(&mut Proxy) -> R) -> Option<R> {
        match self.advance(input) {
            Ok(output) => Some(output),
            Err(error) => {
                self.fail(&error);
                None
            }
        }
    }

    fn advance<R>(self: &Rc<Self>, input: impl FnOnce(&mut Proxy) -> R) -> Result<R, StorageError> {
        let mut proxy = match self.proxy.take() {
            Some(proxy) => proxy,
            None => self.wake()?,
        };
        let output = input(&mut proxy);
        // An effect can answer a call on the spot and so bring more of them: the loop ends when none is left.
        while let Some(effect) = proxy.machine.poll_effect() {
            self.carry_out(&mut proxy, effect)?;
        }
        self.proxy.replace(Some(proxy));
        Ok(output)
    }

    /// The proxy as it was before the object lost its memory.
    fn wake(&self) -> Result<Proxy, StorageError> {
        let (sql, limits) = (&self.entity.sql, settings::socket_limits(&self.entity.env));
        let sockets = Sockets::found(&self.entity.state);
        let mut machine = PersonMachine::new(&self.entity.id, sql.interests()?, limits);
        for (socket, who) in sockets.all() {
            machine.woke(socket, &who.browser, who.session.impersonator.as_deref());
        }
        let wake = self.wakes.get().wrapping_add(1);
        self.wakes.set(wake);
        Ok(Proxy { machine, sockets, wake })
    }

    fn carry_out(
        self: &Rc<Self>,
        proxy: &mut Proxy,
        effect: PersonEffect,
    ) -> Result<(), StorageError> {
        match effect {
            PersonEffect::Send { socket, bytes, answers } => {
                let waiting = proxy.sockets.unread(socket);
                if let Some(bytes) = proxy.machine.unread(socket, waiting, bytes, answers) {
                    proxy.sockets.send(socket, &bytes);
                }
            }
            PersonEffect::Close { socket, code, reason } => {
                proxy.sockets.close(socket, code, reason);
            }
            PersonEffect::Remember { browser, entity, handle } => {
                self.entity.sql.remember(&browser, &entity, handle)?;
            }
            PersonEffect::Forget { browser, entity } => {
                self.entity.sql.drop_interest(&browser, &entity)?;
            }
            PersonEffect::Call { call, entity, body } if self.is_own(&entity) => {
                let reply = self.entity.answer(body);
                proxy.machine.answered(call, Ok(reply));
                self.entity.send_pushes();
            }
            PersonEffect::Call { call, entity, body } => self.call(proxy.wake, call, entity, body),
        }
        Ok(())
    }

    fn is_own(&self, entity: &EntityRef) -> bool {
        entity.name == T::ENTITY && entity.id == self.entity.id
    }

    fn call(self: &Rc<Self>, wake: u32, call: u64, entity: EntityRef, body: Vec<u8>) {
        let person = Rc::clone(self);
        self.entity.state.wait_until(async move {
            let answer = calls::ask(&person.entity.env, &entity, body).await;
            person.input(|proxy| {
                if proxy.wake == wake {
                    proxy.machine.answered(call, answer);
                }
            });
        });
    }

    /// After a fault of the storage nobody knows what the browsers were told: they come again.
    fn fail(&self, error: &StorageError) {
        worker::console_error!("{} {}: {error}", T::ENTITY, self.entity.id);
        self.entity.sql.forget();
        self.proxy.take();
        let mut sockets = Sockets::found(&self.entity.state);
        let all: Vec<SocketId> = sockets.all().map(|(id, _)| id).collect();
        for id in all {
            sockets.close(id, SERVER_FAILED, "the server failed: connect again");
        }
    }
}

impl Proxy {
    fn open(
        &mut self,
        state: &State,
        socket: WebSocket,
        attachment: Attachment,
    ) -> Result<(), Refusal> {
        // Beyond its own limit the platform does not refuse a socket, it throws where nobody catches. Those count that
        // were closed from here and whose browser did not hear of it: what it does not read is still kept for it.
        if state.get_websockets().len() >= MAX_SOCKETS {
            let sentence = format!("there are {MAX_SOCKETS} connections already: close some");
            return Err(Refusal::new(429, sentence));
        }
        let who = attachment.clone();
        state.accept_web_socket(&socket);
        let pair = WebSocketRequestResponsePair::new(PING, PONG).map_err(worker::Error::from)?;
        state.set_websocket_auto_response(&pair);
        let id = self.sockets.add(socket, attachment)?;
        self.machine.opened(id, &who.browser, who.session.impersonator.as_deref());
        Ok(())
    }

    /// A socket outlives the cookie that opened it, so the end of the session is looked at here.
    fn end_expired_sessions(&mut self) {
        let expired = self.sockets.expired(js::now_seconds());
        self.end(&expired);
    }

    fn end(&mut self, sockets: &[SocketId]) {
        for socket in sockets {
            self.sockets.end_session(*socket);
            self.machine.closed(js::now(), *socket);
        }
    }
}
