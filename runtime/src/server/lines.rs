//! The direct lines of an entity's object: sockets of browsers that hibernate, each with what it needs in its attachment.

use std::time::Duration;

use temporal_entity_core::entity::Entity;
use temporal_entity_core::message::{Request, Sender};
use temporal_entity_core::object::{EntityMachine, LineEffect};
use worker::{Delay, Response, WebSocket, WebSocketPair};

use super::answer::Refusal;
use super::entity_object::EntityObject;
use super::js;
use super::sockets::{Attachment, Sockets, answer_pings};

/// The most lines of one object. The platform takes 32,768 sockets, and throws past that where nobody catches.
const MAX_LINES: usize = 20_000;

/// How long a line is open at most: a day. It costs as much as some tens of pushes to open one.
pub(super) const LINE_SECONDS: u64 = 24 * 3_600;

/// Close code of a line of which the browser does not read what it is sent.
const CLOSE_UNREAD: u16 = 4408;

/// Close code of a line whose time is over: the browser asks its Person again.
const CLOSE_OVER: u16 = 4411;

/// Bytes that all lines together may have waiting to be read, each its part, but at least [`LEAST_UNREAD`].
const MOST_UNREAD: usize = 32 << 20;

/// What waits for a browser that reads, and whose network is slow for a moment.
const LEAST_UNREAD: usize = 16 << 10;

/// From so many frames on, what comes next waits until the turn is over. Fewer are sent sooner than a timer is made.
const MANY: usize = 16;

/// Close code of a line on which something else came than it takes (RFC 6455).
const CLOSE_POLICY: u16 = 1008;

impl<T: Entity> EntityObject<T> {
    /// Opens a line for a browser whose ticket the Worker has checked.
    #[inline(never)]
    pub fn open_line(&self, mut attachment: Attachment) -> Result<Response, Refusal> {
        if T::CONFIG.lines == 0 {
            return Err(Refusal::new(404, "this type of entity has no direct lines"));
        }
        let until = js::now_seconds().saturating_add(LINE_SECONDS);
        attachment.session.expires = attachment.session.expires.min(until);
        let pair = WebSocketPair::new()?;
        let id = self.with_lines(|lines| {
            if lines.len() >= MAX_LINES {
                let sentence = format!("there are {MAX_LINES} direct lines already");
                return Err(Refusal::new(429, sentence));
            }
            self.state.accept_web_socket(&pair.server);
            answer_pings(&self.state)?;
            Ok(lines.add(pair.server, attachment.clone())?)
        })?;
        let sender = sender(&attachment);
        self.with_machine(|machine| machine.line_opened(id, sender));
        Ok(Response::from_websocket(pair.client)?)
    }

    /// A frame came on a line; `None` if it is of text.
    pub fn line_frame(&self, socket: &WebSocket, frame: Option<Vec<u8>>) {
        self.end_old_lines();
        let Some(id) = self.with_lines(|lines| lines.id_of(socket)) else { return };
        let request =
            frame.and_then(|frame| Request::decode(&frame, self.limits.message_bytes).ok());
        let Some(request) = request else {
            let reason = "a direct line takes requests in CBOR alone";
            self.with_lines(|lines| lines.close(id, CLOSE_POLICY, reason));
            return self.line_gone(id);
        };
        let handle = request.handle;
        let now = self.now();
        let answered =
            self.step(|machine, storage| machine.line_request(storage, now, id, request));
        match answered {
            Ok((reply, subscribed)) => self.with_lines(|lines| {
                if subscribed && let Err(error) = lines.subscribed(id, handle) {
                    worker::console_error!("{} {}: {error}", T::ENTITY, self.id);
                }
                lines.send(id, &reply);
            }),
            Err(error) => {
                worker::console_error!("{} {}: {error}", T::ENTITY, self.id);
                self.with_lines(|lines| lines.close(id, CLOSE_OVER, "the server failed"));
            }
        }
        self.send_pushes();
    }

    /// A browser closed a line.
    pub fn line_closed(&self, socket: &WebSocket) {
        let Some(id) = self.with_lines(|lines| lines.id_of(socket)) else { return };
        self.with_lines(|lines| lines.forget(id));
        self.line_gone(id);
    }

    /// Closes the lines of a session that was ended.
    pub fn end_lines(&self, session: &str) {
        let ended = self.with_lines(|lines| lines.of_session(session));
        for id in ended {
            self.with_lines(|lines| lines.end_session(id));
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
            let let_go = self.with_lines(|lines| match effect {
                LineEffect::Send { line, frame } => {
                    let bound = MOST_UNREAD.checked_div(lines.len()).unwrap_or(0);
                    let bound = bound.max(LEAST_UNREAD);
                    if lines.unread(line, bound) > bound {
                        lines.close(line, CLOSE_UNREAD, "what was sent is not read");
                        return Some(line);
                    }
                    lines.send_shared(line, frame, &mut shared);
                    sent = sent.saturating_add(1);
                    None
                }
                LineEffect::Close { line, code, reason } => {
                    lines.close(line, code, reason);
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
        let all: Vec<_> = self.with_lines(|lines| lines.all().map(|(id, _)| id).collect());
        for id in all {
            self.with_lines(|lines| lines.close(id, CLOSE_OVER, "the server failed"));
        }
    }

    fn next_line_effect(&self) -> Option<LineEffect> {
        self.machine.borrow_mut().as_mut()?.poll_line()
    }

    /// Nobody is sent anything after the session, or the line's own time, is over. No timer looks: an entity that nobody
    /// edits tells nothing.
    fn end_old_lines(&self) {
        let expired = self.with_lines(|lines| lines.expired(js::now_seconds()));
        for id in expired {
            self.with_lines(|lines| lines.close(id, CLOSE_OVER, "the line's time is over"));
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
    fn with_lines<R>(&self, with: impl FnOnce(&mut Sockets) -> R) -> R {
        let mut lines = self.lines.borrow_mut();
        with(lines.get_or_insert_with(|| match T::CONFIG.lines {
            // The sockets of a Person are those of its browsers.
            0 => Sockets::default(),
            _ => Sockets::found(&self.state),
        }))
    }

    /// Tells a machine that was just read of the lines that are open.
    pub(super) fn introduce_lines(&self, machine: &mut EntityMachine<T>) {
        self.with_lines(|lines| {
            for (id, attachment) in lines.all() {
                let sender = sender(attachment);
                match &attachment.subscribed {
                    Some(subscribed) => machine.line_woke(id, sender, subscribed.handle),
                    None => machine.line_opened(id, sender),
                }
            }
        });
    }
}

fn sender(attachment: &Attachment) -> Sender {
    let Attachment { session, browser, .. } = attachment;
    let impersonator = session.impersonator.clone();
    Sender { impersonator, ..Sender::new(session.person.clone(), browser.clone()) }
}
