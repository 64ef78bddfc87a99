//! The direct lines of an entity's object: sockets of browsers that hibernate, each with what it needs in its attachment.

use std::time::Duration;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{Request, Sender};
use temporal_entity_core::object::{
    EntityMachine, LineEffect, LineGate, LineOutcome, LineRefused, LineUnread,
};
use temporal_entity_core::time::Stamp;
use worker::{Delay, Response, WebSocket, WebSocketPair};

use super::answer::Refusal;
use super::entity_object::EntityObject;
use super::js;
use super::settings;
use super::sockets::{Attachment, Sockets, answer_pings};

/// The most lines of one object. The platform takes 32,768 sockets, and throws past that where nobody catches.
const MAX_LINES: usize = 20_000;

/// How long a line is open at most: a day. It costs as much as some tens of pushes to open one.
pub(super) const LINE_SECONDS: u64 = 24 * 3_600;

/// Close code of a line of which the browser does not read what it is sent.
const CLOSE_UNREAD: u16 = 4408;

/// Close code of a line whose browser opened a newer one to the same entity.
const CLOSE_REPLACED: u16 = 4409;

/// Close code of a line whose time is over: the browser asks its Person again.
const CLOSE_OVER: u16 = 4411;

/// From so many frames on, what comes next waits until the turn is over. Fewer are sent sooner than a timer is made.
const MANY: usize = 16;

/// Close code of a line on which something else came than it takes (RFC 6455).
const CLOSE_POLICY: u16 = 1008;

/// The direct lines of one object.
pub(super) struct Lines {
    sockets: Sockets,
    gate: LineGate,
}

impl<T: Entity> EntityObject<T> {
    /// Opens a line for a browser whose ticket the Worker has checked.
    #[inline(never)]
    pub fn open_line(&self, mut attachment: Attachment) -> Result<Response, Refusal> {
        if T::CONFIG.lines == 0 {
            return Err(Refusal::new(404, "this type of entity has no direct lines"));
        }
        let until = js::now_seconds().saturating_add(LINE_SECONDS);
        attachment.session.expires = attachment.session.expires.min(until);
        let issued = attachment.issued.and_then(Stamp::from_micros);
        let issued = issued.ok_or_else(|| Refusal::new(403, "a direct line needs a ticket"))?;
        let pair = WebSocketPair::new()?;
        let (id, older) = self.with_lines(|Lines { sockets, gate }| {
            if sockets.len() >= MAX_LINES {
                let sentence = format!("there are {MAX_LINES} direct lines already");
                return Err(Refusal::new(429, sentence));
            }
            let who = (attachment.session.person.as_str(), attachment.browser.as_str());
            let id = sockets.next_id();
            let older = gate.open(js::now(), id, who, issued).map_err(refusal)?;
            if let Some(older) = older {
                let reason = "the browser opened a newer line to this entity";
                sockets.close(older, CLOSE_REPLACED, reason);
            }
            self.state.accept_web_socket(&pair.server);
            answer_pings(&self.state)?;
            let added = sockets.add(pair.server, attachment.clone());
            if added.is_err() {
                gate.closed(id);
            }
            Ok((added?, older))
        })?;
        let sender = sender(&attachment);
        self.with_machine(|machine| {
            // In this order the person is a reader all the time.
            machine.line_opened(id, sender);
            older.into_iter().for_each(|older| machine.line_closed(older));
        });
        Ok(Response::from_websocket(pair.client)?)
    }

    /// A frame came on a line; `None` if it is of text.
    pub fn line_frame(&self, socket: &WebSocket, frame: Option<Vec<u8>>) {
        self.end_old_lines();
        let paced = self.with_lines(|Lines { sockets, gate }| {
            let id = sockets.id_of(socket)?;
            Some((id, gate.frame(js::now(), id, frame.as_deref().unwrap_or_default())))
        });
        let Some((id, paced)) = paced else { return };
        if paced != LineOutcome::Passes {
            return self.refuse_on_line(id, paced);
        }
        let request =
            frame.and_then(|frame| Request::decode(&frame, self.limits.message_bytes).ok());
        let Some(request) = request else {
            let reason = "a direct line takes requests in CBOR alone";
            return self.refuse_on_line(id, LineOutcome::Close(CLOSE_POLICY, reason));
        };
        let waits = self.with_lines(|Lines { sockets, gate }| {
            gate.request(request.id, sockets.unread(id, gate.unread_bound()))
        });
        if waits != LineOutcome::Passes {
            return self.refuse_on_line(id, waits);
        }
        let (handle, now) = (request.handle, self.now());
        let answered =
            self.step(|machine, storage| machine.line_request(storage, now, id, request));
        match answered {
            Ok((reply, subscribed)) => {
                let room = self.with_lines(|Lines { sockets, gate }| {
                    if subscribed && let Err(error) = sockets.subscribed(id, handle) {
                        worker::console_error!("{} {}: {error}", T::ENTITY, self.id);
                    }
                    let room = gate.answer(reply.len(), unread(sockets, gate, id, reply.len()));
                    // There is no reply on a line that is about to be closed.
                    if room == LineOutcome::Passes && !reply.is_empty() {
                        sockets.send(id, &reply);
                    }
                    room
                });
                self.refuse_on_line(id, room);
            }
            Err(error) => {
                worker::console_error!("{} {}: {error}", T::ENTITY, self.id);
                self.close_line(id, CLOSE_OVER, "the server failed");
            }
        }
        self.send_pushes();
    }

    /// Does what the gate says in place of what was asked.
    fn refuse_on_line(&self, id: u32, outcome: LineOutcome) {
        match outcome {
            LineOutcome::Passes => {}
            LineOutcome::Close(code, reason) => self.line_lost(id, code, reason),
            LineOutcome::Instead(refusal) => {
                let waits = self.with_lines(|Lines { sockets, gate }| {
                    let waits = gate.request(0, sockets.unread(id, gate.unread_bound()));
                    if !matches!(waits, LineOutcome::Close(..)) {
                        sockets.send(id, &refusal);
                    }
                    waits
                });
                if let LineOutcome::Close(code, reason) = waits {
                    self.line_lost(id, code, reason);
                }
            }
        }
    }

    fn line_lost(&self, id: u32, code: u16, reason: &str) {
        self.close_line(id, code, reason);
        self.line_gone(id);
    }

    fn close_line(&self, id: u32, code: u16, reason: &str) {
        self.with_lines(|Lines { sockets, gate }| {
            gate.closed(id);
            sockets.close(id, code, reason);
        });
    }

    /// A browser closed a line.
    pub fn line_closed(&self, socket: &WebSocket) {
        let gone = self.with_lines(|Lines { sockets, gate }| {
            let id = sockets.forget(socket)?;
            gate.closed(id);
            Some(id)
        });
        if let Some(id) = gone {
            self.line_gone(id);
        }
    }

    /// Closes the lines of a session that was ended.
    pub fn end_lines(&self, session: &str) {
        let ended = self.with_lines(|lines| lines.sockets.of_session(session));
        for id in ended {
            self.with_lines(|Lines { sockets, gate }| {
                gate.closed(id);
                sockets.end_session(id);
            });
            self.line_gone(id);
        }
    }

    /// Sends what the machine has for the lines: at once, and then not before everything else was done that had come
    /// meanwhile. So under a load one frame tells of many edits, and without one nothing waits.
    pub(super) fn send_to_lines(&self) {
        if self.lines_rest.get() || self.send_what_is_due() < MANY {
            return;
        }
        self.lines_rest.set(true);
        let this = self.this.clone();
        self.state.wait_until(async move {
            Delay::from(Duration::ZERO).await;
            if let Some(object) = this.upgrade() {
                object.lines_rest.set(false);
                object.send_to_lines();
            }
        });
    }

    /// Sends all that is due, and returns how many frames that were.
    fn send_what_is_due(&self) -> usize {
        // There is nothing to do for most objects, most of the time.
        let mut looked = false;
        let mut shared = None;
        let mut sent = 0_usize;
        while let Some(effect) = self.next_line_effect() {
            if !looked {
                self.end_old_lines();
                looked = true;
            }
            let let_go = self.with_lines(|Lines { sockets, gate }| match effect {
                LineEffect::Send { line, frame } => {
                    let bound = gate.unread_bound();
                    if sockets.unread(line, bound) > bound {
                        gate.closed(line);
                        sockets.close(line, CLOSE_UNREAD, "what was sent is not read");
                        return Some(line);
                    }
                    sockets.send_shared(line, frame, &mut shared);
                    sent = sent.saturating_add(1);
                    None
                }
                LineEffect::Close { line, code, reason } => {
                    gate.closed(line);
                    sockets.close(line, code, reason);
                    None
                }
            });
            if let Some(line) = let_go {
                self.with_machine(|machine| machine.line_closed(line));
            }
        }
        sent
    }

    /// Nobody knows any more what the lines were not sent: they are closed, and their browsers ask.
    pub(super) fn give_up_lines(&self) {
        let all: Vec<_> = self.with_lines(|lines| lines.sockets.all().map(|(id, _)| id).collect());
        for id in all {
            self.close_line(id, CLOSE_OVER, "the server failed");
        }
    }

    fn next_line_effect(&self) -> Option<LineEffect> {
        self.machine.borrow_mut().as_mut()?.poll_line()
    }

    /// Nobody is sent anything after the session, or the line's own time, is over. No timer looks: an entity that nobody
    /// edits tells nothing.
    fn end_old_lines(&self) {
        let expired = self.with_lines(|lines| lines.sockets.expired(js::now_seconds()));
        for id in expired {
            self.close_line(id, CLOSE_OVER, "the line's time is over");
            self.with_machine(|machine| machine.line_closed(id));
        }
    }

    fn line_gone(&self, id: u32) {
        self.with_machine(|machine| machine.line_closed(id));
        self.send_pushes();
    }

    fn with_machine(&self, change: impl FnOnce(&mut EntityMachine<T>)) {
        // One that is not in memory finds the lines when it is read.
        if let Some(machine) = self.machine.borrow_mut().as_mut() {
            change(machine);
        }
    }

    /// The lines; those that were open before the object hibernated are found first.
    fn with_lines<R>(&self, with: impl FnOnce(&mut Lines) -> R) -> R {
        let mut lines = self.lines.borrow_mut();
        with(lines.get_or_insert_with(|| {
            let sockets = match T::CONFIG.lines {
                // The sockets of a Person are those of its browsers.
                0 => Sockets::default(),
                _ => Sockets::found(&self.state),
            };
            let mut gate = LineGate::new(js::now(), settings::line_limits(&self.env));
            for (id, Attachment { session, browser, issued, .. }) in sockets.all() {
                gate.woke(id, &session.person, browser, issued.and_then(Stamp::from_micros));
            }
            Lines { sockets, gate }
        }))
    }

    /// Tells a machine that was just read of the lines that are open.
    pub(super) fn introduce_lines(&self, machine: &mut EntityMachine<T>) {
        self.with_lines(|lines| {
            for (id, attachment) in lines.sockets.all() {
                let sender = sender(attachment);
                match &attachment.subscribed {
                    Some(subscribed) => machine.line_woke(id, sender, subscribed.handle),
                    None => machine.line_opened(id, sender),
                }
            }
        });
    }
}

/// What waits to be read on other lines, where the size of an answer makes that a question.
fn unread(sockets: &mut Sockets, gate: &LineGate, id: u32, bytes: usize) -> LineUnread {
    let person = sockets.attachment(id).map(|attachment| attachment.session.person.clone());
    match person {
        Some(person) if !LineGate::is_small(bytes) => LineUnread {
            of_person: sockets.unread_of(&person),
            of_all: sockets.unread_of_all(gate.unread_room()),
        },
        _ => LineUnread { of_person: 0, of_all: 0 },
    }
}

fn refusal(refused: LineRefused) -> Refusal {
    match refused {
        LineRefused::Used => Refusal::new(403, "the ticket was used: ask for another one"),
        LineRefused::TooMany => Refusal::new(429, "the person has too many lines to this entity"),
        LineRefused::TooFast => Refusal::new(429, "the person opens lines too fast"),
    }
}

fn sender(attachment: &Attachment) -> Sender {
    let Attachment { session, browser, .. } = attachment;
    let impersonator = session.impersonator.clone();
    Sender { impersonator, ..Sender::new(session.person.clone(), browser.clone()) }
}
