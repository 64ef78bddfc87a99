//! The sockets of a Person's browsers. What must outlive the object's memory is in each one's attachment.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use temporal_entity_core::person::SocketId;
use worker::js_sys::{Reflect, Uint8Array};
use worker::wasm_bindgen::JsValue;
use worker::{Request, Result, State, WebSocket, WebSocketRequestResponsePair};

use super::calls::header;
use super::session::Session;

/// Close code for a session that is over; the browser must log in again.
const SESSION_OVER: u16 = 4401;

/// Close code of a browser that is done (RFC 6455).
const CLOSE_NORMAL: u16 = 1000;

/// `readyState` of a socket that can still send.
const OPEN: u16 = 1;

/// `readyState` of a socket of which both sides have closed.
const CLOSED: u16 = 3;

/// The property of a socket in JavaScript that has its number here: so that an event finds its socket among twenty
/// thousand without comparing it with each. It is an index, for which no text is made.
const NUMBER: u32 = 0;

/// Whose socket it is: checked when it was opened, so that no frame needs to say it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attachment {
    pub session: Session,
    pub browser: String,
    /// Of a direct line on which the browser has subscribed: how.
    #[serde(default)]
    pub subscribed: Option<Subscribed>,
    /// Of a direct line: when its ticket was issued, in microseconds. It tells a ticket that was used.
    #[serde(default)]
    pub issued: Option<u64>,
}

/// How a browser has subscribed on a direct line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Subscribed {
    /// The handle that it has given the entity.
    pub handle: Option<u32>,
}

struct Entry {
    socket: WebSocket,
    attachment: Attachment,
    /// The most bytes that can wait to be read: what the socket said last, and what was sent since.
    at_most: Cell<usize>,
}

impl Entry {
    /// How many bytes of what was sent wait for the browser to read them.
    fn unread(&self) -> usize {
        raw(&self.socket).buffered_amount() as usize
    }

    fn ready_state(&self) -> u16 {
        raw(&self.socket).ready_state()
    }

    /// Sends a frame. A socket that cannot take it is closing, and its `close` event is under way.
    fn send(&self, frame: &Uint8Array) {
        let socket = raw(&self.socket);
        if let Err(error) = socket.send_with_array_buffer_view(frame) {
            worker::console_warn!("a frame was not sent: {}", super::js::sentence(error));
        }
    }
}

/// The open sockets by number.
#[derive(Default)]
pub(super) struct Sockets {
    open: BTreeMap<SocketId, Entry>,
    /// Sockets that were closed from here. What their browsers do not read is still kept for them.
    closing: BTreeMap<SocketId, Entry>,
    /// When there are so many of those, it is looked which are gone.
    look_at: usize,
    next: SocketId,
    /// The most bytes that can wait to be read in all: the sum of each one's `at_most`.
    at_most: Cell<usize>,
    /// No session ends before, in seconds.
    first_end: Cell<u64>,
}

impl Sockets {
    /// The sockets that were open before the object hibernated, under new numbers.
    pub fn found(state: &State) -> Sockets {
        let mut sockets = Sockets::default();
        for socket in state.get_websockets() {
            let Ok(Some(attachment)) = socket.deserialize_attachment::<Attachment>() else {
                continue;
            };
            let entry = Entry { socket, attachment, at_most: Cell::default() };
            let state = entry.ready_state();
            if state != CLOSED {
                let id = sockets.insert(entry);
                sockets.measure(id);
                if state != OPEN {
                    sockets.retire(id);
                }
            }
        }
        sockets
    }

    /// Takes a socket that was just accepted.
    pub fn add(&mut self, socket: WebSocket, attachment: Attachment) -> Result<SocketId> {
        socket.serialize_attachment(&attachment)?;
        Ok(self.insert(Entry { socket, attachment, at_most: Cell::default() }))
    }

    /// The number that the next socket gets.
    pub fn next_id(&self) -> SocketId {
        self.next
    }

    fn insert(&mut self, entry: Entry) -> SocketId {
        let id = self.next;
        self.next = id.wrapping_add(1);
        // It fails only for what cannot have properties, which a socket can.
        let _ = Reflect::set_u32(raw(&entry.socket), NUMBER, &id.into());
        let ends = entry.attachment.session.expires;
        let first = if self.open.is_empty() { ends } else { self.first_end.get().min(ends) };
        self.first_end.set(first);
        self.open.insert(id, entry);
        id
    }

    /// The number of a socket; `None` if it was closed from here.
    pub fn id_of(&self, socket: &WebSocket) -> Option<SocketId> {
        let id = number_of(socket)?;
        self.open.get(&id).filter(|entry| entry.socket == *socket).map(|_| id)
    }

    /// Notes in the attachment how the browser of a direct line has subscribed.
    pub fn subscribed(&mut self, id: SocketId, handle: Option<u32>) -> Result<()> {
        let Some(entry) = self.open.get_mut(&id) else { return Ok(()) };
        entry.attachment.subscribed = Some(Subscribed { handle });
        entry.socket.serialize_attachment(&entry.attachment)
    }

    /// How many are open.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whose a socket is.
    pub fn attachment(&self, id: SocketId) -> Option<&Attachment> {
        self.open.get(&id).map(|entry| &entry.attachment)
    }

    /// Every socket, and whose it is.
    pub fn all(&self) -> impl Iterator<Item = (SocketId, &Attachment)> {
        self.open.iter().map(|(id, entry)| (*id, &entry.attachment))
    }

    /// The sockets of which the session has this id.
    pub fn of_session(&self, session: &str) -> Vec<SocketId> {
        self.with(|attachment| attachment.session.id == session)
    }

    /// The sockets of which the session is over. All are looked at only when one may be.
    pub fn expired(&self, now_seconds: u64) -> Vec<SocketId> {
        if now_seconds < self.first_end.get() {
            return Vec::new();
        }
        let ends = self.open.values().map(|entry| entry.attachment.session.expires);
        self.first_end.set(ends.filter(|end| *end > now_seconds).min().unwrap_or(u64::MAX));
        self.with(|attachment| attachment.session.is_over(now_seconds))
    }

    fn with(&self, matches: impl Fn(&Attachment) -> bool) -> Vec<SocketId> {
        let found = self.open.iter().filter(|(_, entry)| matches(&entry.attachment));
        found.map(|(id, _)| *id).collect()
    }

    /// How many bytes of what was sent wait for the browser to read them: exactly if they are more than `bound`, and
    /// otherwise at most so many. The socket is asked where they can be more, which is seldom: for a frame to a thousand,
    /// a thousand questions would be a good part of the cost.
    pub fn unread(&self, id: SocketId, bound: usize) -> usize {
        let Some(entry) = self.open.get(&id) else { return 0 };
        if entry.at_most.get() > bound {
            self.measure(id);
        }
        entry.at_most.get()
    }

    /// The same of all sockets together, those included that were closed from here and of which the platform still keeps
    /// what was sent.
    pub fn unread_of_all(&mut self, bound: usize) -> usize {
        if self.at_most.get() > bound {
            self.measure_where(|_| true);
        }
        self.at_most.get()
    }

    /// The same of all sockets of one person, exactly.
    pub fn unread_of(&mut self, person: &str) -> usize {
        self.measure_where(|attachment| attachment.session.person == person)
    }

    /// Asks the sockets that match how much waits for them; how much in all. Sockets that are gone are forgotten.
    fn measure_where(&mut self, matches: impl Fn(&Attachment) -> bool) -> usize {
        let all = self.open.iter().chain(&self.closing);
        let ids = all.filter(|(_, entry)| matches(&entry.attachment)).map(|(id, _)| *id);
        let ids: Vec<_> = ids.collect();
        let sum = ids.iter().fold(0, |sum: usize, id| sum.saturating_add(self.measure(*id)));
        self.drop_closed();
        sum
    }

    /// Asks a socket how much waits for it.
    fn measure(&self, id: SocketId) -> usize {
        let Some(entry) = self.open.get(&id).or_else(|| self.closing.get(&id)) else { return 0 };
        let unread = entry.unread();
        let others = self.at_most.get().saturating_sub(entry.at_most.replace(unread));
        self.at_most.set(others.saturating_add(unread));
        unread
    }

    /// Notes that so many bytes more wait for a socket.
    fn sent(&self, entry: &Entry, bytes: usize) {
        entry.at_most.set(entry.at_most.get().saturating_add(bytes));
        self.at_most.set(self.at_most.get().saturating_add(bytes));
    }

    /// Takes a socket from the open ones. It is remembered as long as something waits for it.
    fn retire(&mut self, id: SocketId) -> Option<&Entry> {
        let entry = self.open.remove(&id)?;
        self.closing.insert(id, entry);
        if self.closing.len() > self.look_at {
            let closing: Vec<_> = self.closing.keys().copied().collect();
            closing.into_iter().filter(|other| *other != id).for_each(|id| _ = self.measure(id));
            self.closing.retain(|other, entry| *other == id || entry.at_most.get() > 0);
            self.look_at = self.closing.len().saturating_mul(2).max(16);
        }
        self.closing.get(&id)
    }

    /// Forgets closed sockets for which nothing waits.
    fn drop_closed(&mut self) {
        self.closing.retain(|_, entry| entry.at_most.get() > 0 && entry.ready_state() != CLOSED);
        let all = self.open.values().chain(self.closing.values());
        self.at_most.set(all.fold(0, |sum, entry| sum.saturating_add(entry.at_most.get())));
    }

    /// Sends a frame.
    pub fn send(&self, id: SocketId, frame: &[u8]) {
        if let Some(entry) = self.open.get(&id) {
            self.sent(entry, frame.len());
            entry.send(&Uint8Array::from(frame));
        }
    }

    /// As [`Sockets::send`], of a frame that goes to many: JavaScript has one copy of it, kept in `shared`.
    pub fn send_shared(
        &self,
        id: SocketId,
        frame: Rc<[u8]>,
        shared: &mut Option<(Rc<[u8]>, Uint8Array)>,
    ) {
        let Some(entry) = self.open.get(&id) else { return };
        let bytes = frame.len();
        if shared.as_ref().is_none_or(|(before, _)| !Rc::ptr_eq(before, &frame)) {
            *shared = Some((Rc::clone(&frame), Uint8Array::from(&*frame)));
        }
        if let Some((_, frame)) = shared {
            self.sent(entry, bytes);
            entry.send(frame);
        }
    }

    /// Closes a socket because its session is over.
    pub fn end_session(&mut self, id: SocketId) {
        self.close(id, SESSION_OVER, "the session is over: log in again");
    }

    /// Closes a socket and forgets it.
    pub fn close(&mut self, id: SocketId, code: u16, reason: &str) {
        // Closing one that the browser is closing already throws, and is done.
        if let Some(entry) = self.retire(id)
            && let Err(error) = entry.socket.close(Some(code), Some(reason))
        {
            worker::console_debug!("a socket was closed already: {error}");
        }
    }

    /// Forgets a socket that is gone, also one that was closed from here. Returns its number, if it was open.
    pub fn forget(&mut self, socket: &WebSocket) -> Option<SocketId> {
        let id = number_of(socket)?;
        let is_this = |entry: &&Entry| entry.socket == *socket;
        let found = self.open.get(&id).filter(is_this).is_some();
        if !found {
            self.closing.get(&id).filter(is_this)?;
        }
        let entry = self.open.remove(&id).or_else(|| self.closing.remove(&id))?;
        self.at_most.set(self.at_most.get().saturating_sub(entry.at_most.get()));
        found.then_some(id)
    }
}

fn raw(socket: &WebSocket) -> &worker::web_sys::WebSocket {
    socket.as_ref()
}

fn number_of(socket: &WebSocket) -> Option<SocketId> {
    let number = Reflect::get_u32(raw(socket), NUMBER).ok()?.as_f64()?;
    (number.fract() == 0.0 && (0.0..=f64::from(SocketId::MAX)).contains(&number))
        .then_some(number as SocketId)
}

/// Whose socket is to be opened: the Worker says it in headers of its own request.
pub(super) fn attachment(request: &Request) -> Result<Option<Attachment>> {
    let session = request.headers().get(header::SESSION)?;
    let browser = request.headers().get(header::BROWSER)?;
    let session = session.as_deref().and_then(Session::decode);
    let issued = request.headers().get(header::ISSUED)?.and_then(|issued| issued.parse().ok());
    let attachment = |(session, browser)| Attachment { session, browser, subscribed: None, issued };
    Ok(session.zip(browser).map(attachment))
}

/// A text frame with which a browser asks whether the connection still works. The platform answers it without waking
/// the object.
const PING: &str = "ping";

/// The answer to it.
const PONG: &str = "pong";

/// Has the platform answer the pings on all sockets of an object.
pub(super) fn answer_pings(state: &State) -> Result<()> {
    let pair = WebSocketRequestResponsePair::new(PING, PONG)?;
    state.set_websocket_auto_response(&pair);
    Ok(())
}

/// The bytes of a frame that came; `None` of one of text.
pub(super) fn binary(frame: &JsValue) -> Option<Vec<u8>> {
    (!frame.is_string()).then(|| Uint8Array::new(frame).to_vec())
}

/// Answers a browser's close frame. For a socket that can hibernate nobody else does, and until then the browser
/// waits for the answer.
pub(super) fn answer_close(socket: &WebSocket, code: u16, reason: &str) {
    let code = if is_sendable(code) { code } else { CLOSE_NORMAL };
    if let Err(error) = socket.close(Some(code), Some(reason)) {
        worker::console_debug!("a socket was closed already: {error}");
    }
}

/// The others are reserved: 1005 stands for a frame without a code, 1006 for a connection that broke.
fn is_sendable(code: u16) -> bool {
    matches!(code, CLOSE_NORMAL | 3000..=4999)
}

#[cfg(test)]
mod tests {
    use super::is_sendable;

    #[test]
    fn reserved_codes_are_not_sent_back() {
        assert!([1000, 3000, 4401, 4999].into_iter().all(is_sendable));
        assert!(![0, 999, 1001, 1005, 1006, 1015, 2999, 5000].into_iter().any(is_sendable));
    }
}
