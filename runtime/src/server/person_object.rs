//! The proxy half of a Person's object: the sockets of its browsers, and what the machine asks for them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{EntityRef, Reason, Reply};
use temporal_entity_core::object::{Delivered, TICKET_SECONDS};
use temporal_entity_core::person::{PersonEffect, PersonMachine, SocketId, Unread};
use temporal_entity_core::storage::StorageError;
use temporal_entity_core::time::Stamp;
use worker::{Env, Response, State, WebSocket, WebSocketPair};

use super::answer::Refusal;
use super::calls::{self, path};
use super::entity_object::EntityObject;
use super::js;
use super::lines::LINE_SECONDS;
use super::settings;
use super::sockets::{Attachment, Sockets, answer_pings};
use super::sql::Tables;
use super::ticket::Ticket;

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

struct Proxy {
    machine: PersonMachine,
    sockets: Sockets,
    /// Tells the calls of this machine from those of one before it: each counts from zero.
    wake: u32,
    /// When the last ticket was issued.
    issued: Stamp,
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
    #[inline(never)]
    pub fn connect(self: &Rc<Self>, attachment: Attachment) -> Result<Response, Refusal> {
        if attachment.session.person != self.entity.id {
            return Err(Refusal::new(403, "the session is another person's"));
        }
        let pair = WebSocketPair::new()?;
        let now = self.entity.now();
        self.input(|proxy| proxy.open(now, &self.entity.state, pair.server, attachment))
            .unwrap_or_else(|| Err(Refusal::new(500, "the server failed: connect again")))?;
        Ok(Response::from_websocket(pair.client)?)
    }

    /// Hands a frame to the machine, `None` if it is of text, unless the session is over.
    pub fn frame(self: &Rc<Self>, socket: &WebSocket, frame: Option<&[u8]>) {
        let now = self.entity.now();
        self.input(|proxy| {
            proxy.end_expired_sessions(now);
            if let Some(id) = proxy.sockets.id_of(socket) {
                match frame {
                    Some(bytes) => proxy.machine.frame(now, id, bytes),
                    None => proxy.machine.text_frame(now, id),
                }
            }
        });
    }

    /// A browser's socket is gone.
    pub fn closed(self: &Rc<Self>, socket: &WebSocket) {
        let now = self.entity.now();
        self.input(|proxy| {
            if let Some(id) = proxy.sockets.forget(socket) {
                proxy.machine.closed(now, id);
            }
        });
    }

    /// Hands a push to the browsers that want it.
    #[inline(never)]
    pub fn deliver(self: &Rc<Self>, push: &[u8]) -> Delivered {
        let now = self.entity.now();
        let delivered = self.input(|proxy| {
            proxy.end_expired_sessions(now);
            proxy.machine.deliver(now, push)
        });
        delivered.unwrap_or(Delivered::Failed)
    }

    /// Closes the sockets of a session that was ended, and its direct lines to entities.
    pub async fn log_out(self: &Rc<Self>, session: &str) -> Result<(), Refusal> {
        self.input(|proxy| {
            let ended = proxy.sockets.of_session(session);
            proxy.end(&ended);
        });
        let entity = &self.entity;
        let failed = |error: String| {
            worker::console_error!("{} {}: {error}", T::ENTITY, entity.id);
            Refusal::new(503, "the direct lines could not be closed: try again")
        };
        let lines = entity.sql.lines_of(session).map_err(|error| failed(error.to_string()))?;
        for line in lines {
            let body = calls::post(session.as_bytes());
            calls::to_entity(&entity.env, &line, path::LOGOUT, &body).await.map_err(failed)?;
            let forgotten = entity.sql.forget_line(session, &line);
            forgotten.map_err(|error| failed(error.to_string()))?;
        }
        Ok(())
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
        machine.has_created(sql.created()?);
        machine.seen(self.entity.now(), sql.browsers()?);
        let wake = self.wakes.get().wrapping_add(1);
        self.wakes.set(wake);
        Ok(Proxy { machine, sockets, wake, issued: Stamp::default() })
    }

    fn carry_out(
        self: &Rc<Self>,
        proxy: &mut Proxy,
        effect: PersonEffect,
    ) -> Result<(), StorageError> {
        match effect {
            PersonEffect::Send { socket, bytes, answers } => {
                let unread = Unread {
                    here: proxy.sockets.unread(socket, proxy.machine.unread_bound()),
                    of_all: proxy.sockets.unread_of_all(proxy.machine.unread_room()),
                };
                if let Some(bytes) = proxy.machine.unread(socket, unread, bytes, answers) {
                    proxy.sockets.send(socket, &bytes);
                }
            }
            PersonEffect::Close { socket, code, reason } => {
                proxy.sockets.close(socket, code, reason);
            }
            PersonEffect::Ticket { socket, id, entity } => {
                let ticket = self.ticket(proxy, socket, entity)?;
                proxy.machine.ticket(socket, id, ticket);
            }
            PersonEffect::Remember { browser, entity, handle } => {
                self.entity.sql.remember(&browser, &entity, handle)?;
            }
            PersonEffect::Forget { browser, entity } => {
                self.entity.sql.drop_interest(&browser, &entity)?;
            }
            PersonEffect::ForgetBrowser { browser } => self.entity.sql.drop_browser(&browser)?,
            PersonEffect::Seen { browser, day } => {
                self.entity.sql.remember_browser(&browser, day)?
            }
            PersonEffect::Created(created) => self.entity.sql.remember_created(created)?,
            PersonEffect::Call { call, entity, body } if self.is_own(&entity) => {
                let reply = self.entity.answer(body);
                proxy.machine.answered(call, Ok(reply));
                self.entity.send_pushes();
            }
            PersonEffect::Call { call, entity, body } => self.call(proxy.wake, call, entity, body),
        }
        Ok(())
    }

    /// A ticket for a direct line of the browser of a socket. The line is remembered first, so that it ends with the
    /// session.
    fn ticket(
        &self,
        proxy: &mut Proxy,
        socket: SocketId,
        entity: EntityRef,
    ) -> Result<Result<String, Reply>, StorageError> {
        let refusal = |sentence: &str| Ok(Err(Reply::refusal(429, Reason::TooMany, sentence)));
        if entity.name == T::ENTITY || !calls::has_class(&self.entity.env, &entity) {
            let sentence = format!("{:?} is no type with direct lines", entity.name);
            return Ok(Err(Reply::refusal(404, Reason::UnknownType, sentence)));
        }
        let Some(Attachment { session, browser, .. }) = proxy.sockets.attachment(socket) else {
            return refusal("the socket is closed");
        };
        let keys = settings::session_keys(&self.entity.env)
            .map_err(|error| StorageError::Failed(error.to_string()))?;
        // No two have the same instant: it is by which the entity tells them apart.
        proxy.issued = Stamp::next(Some(proxy.issued), js::now());
        let issued = proxy.issued;
        let now = issued.micros() / 1_000_000;
        let until = now.saturating_add(TICKET_SECONDS).saturating_add(LINE_SECONDS);
        let most = settings::person_lines(&self.entity.env);
        if !self.entity.sql.remember_line(&session.id, &entity, now, until, most)? {
            return refusal("the person has too many direct lines");
        }
        let ticket = Ticket {
            entity,
            browser: browser.clone(),
            person: session.person.clone(),
            session: session.id.clone(),
            issued,
        };
        Ok(Ok(ticket.sign(&keys)))
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
        now: Stamp,
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
        if self.machine.admit(now).is_err() {
            return Err(Refusal::new(429, "the person connects too often: wait a while"));
        }
        let who = attachment.clone();
        state.accept_web_socket(&socket);
        answer_pings(state)?;
        let id = self.sockets.add(socket, attachment)?;
        self.machine.opened(now, id, &who.browser, who.session.impersonator.as_deref());
        Ok(())
    }

    /// A socket outlives the cookie that opened it, so the end of the session is looked at here.
    fn end_expired_sessions(&mut self, now: Stamp) {
        let expired = self.sockets.expired(now.micros() / 1_000_000);
        self.end(&expired);
    }

    fn end(&mut self, sockets: &[SocketId]) {
        for socket in sockets {
            self.sockets.end_session(*socket);
            self.machine.closed(js::now(), *socket);
        }
    }
}
