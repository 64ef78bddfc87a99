//! The sockets of a Person's browsers. What must outlive the object's memory is in each one's attachment.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use temporal_entity_core::person::SocketId;
use worker::js_sys::Uint8Array;
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

/// Whose socket it is: checked when it was opened, so that no frame needs to say it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attachment {
    pub session: Session,
    pub browser: String,
    /// Of a direct line on which the browser has subscribed: how.
    #[serde(default)]
    pub subscribed: Option<Subscribed>,
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
        AsRef::<worker::web_sys::WebSocket>::as_ref(&self.socket).buffered_amount() as usize
    }

    /// Sends a frame of so many bytes. A socket that cannot take it is closing, and its `close` event is under way.
    fn send(&self, frame: &Uint8Array, bytes: usize) {
        self.at_most.set(self.at_most.get().saturating_add(bytes));
        let socket = AsRef::<worker::web_sys::WebSocket>::as_ref(&self.socket);
        if let Err(error) = socket.send_with_array_buffer_view(frame) {
            worker::console_warn!("a frame was not sent: {}", super::js::sentence(error));
        }
    }
}

/// The open sockets by number.
#[derive(Default)]
pub(super) struct Sockets {
    open: BTreeMap<SocketId, Entry>,
    next: SocketId,
}

impl Sockets {
    /// The sockets that were open before the object hibernated, under new numbers.
    pub fn found(state: &State) -> Sockets {
        let mut sockets = Sockets::default();
        for socket in state.get_websockets() {
            let is_open =
                AsRef::<worker::web_sys::WebSocket>::as_ref(&socket).ready_state() == OPEN;
            if let Ok(Some(attachment)) = socket.deserialize_attachment::<Attachment>()
                && is_open
            {
                sockets.insert(socket, attachment);
            }
        }
        sockets
    }

    /// Takes a socket that was just accepted.
    pub fn add(&mut self, socket: WebSocket, attachment: Attachment) -> Result<SocketId> {
        socket.serialize_attachment(&attachment)?;
        Ok(self.insert(socket, attachment))
    }

    fn insert(&mut self, socket: WebSocket, attachment: Attachment) -> SocketId {
        let id = self.next;
        self.next = id.wrapping_add(1);
        let at_most = Cell::new(usize::MAX);
        self.open.insert(id, Entry { socket, attachment, at_most });
        id
    }

    /// The number of a socket; `None` if it was closed from here.
    pub fn id_of(&self, socket: &WebSocket) -> Option<SocketId> {
        let mut entries = self.open.iter();
        entries.find(|(_, entry)| entry.socket == *socket).map(|(id, _)| *id)
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

    /// The sockets of which the session is over.
    pub fn expired(&self, now_seconds: u64) -> Vec<SocketId> {
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
            entry.at_most.set(entry.unread());
        }
        entry.at_most.get()
    }

    /// Sends a frame.
    pub fn send(&self, id: SocketId, frame: &[u8]) {
        if let Some(entry) = self.open.get(&id) {
            entry.send(&Uint8Array::from(frame), frame.len());
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
            entry.send(frame, bytes);
        }
    }

    /// Closes a socket because its session is over.
    pub fn end_session(&mut self, id: SocketId) {
        self.close(id, SESSION_OVER, "the session is over: log in again");
    }

    /// Closes a socket and forgets it.
    pub fn close(&mut self, id: SocketId, code: u16, reason: &str) {
        // Closing one that the browser is closing already throws, and is done.
        if let Some(entry) = self.open.remove(&id)
            && let Err(error) = entry.socket.close(Some(code), Some(reason))
        {
            worker::console_debug!("a socket was closed already: {error}");
        }
    }

    /// Forgets a socket that the browser closed.
    pub fn forget(&mut self, id: SocketId) {
        self.open.remove(&id);
    }
}

/// Whose socket is to be opened: the Worker says it in headers of its own request.
pub(super) fn attachment(request: &Request) -> Result<Option<Attachment>> {
    let session = request.headers().get(header::SESSION)?;
    let browser = request.headers().get(header::BROWSER)?;
    let session = session.as_deref().and_then(Session::decode);
    let attachment = |(session, browser)| Attachment { session, browser, subscribed: None };
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
