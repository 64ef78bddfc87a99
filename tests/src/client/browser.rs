//! One browser's socket: requests with their replies, and the pushes that come in between.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{
    Downstream, EntityRef, Method, Push, Reply, Request, ShortPush, Token,
};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use tungstenite::Message;

use crate::client::Socket;

/// A connected browser.
pub struct Browser {
    socket: Socket,
    /// Pushes that came before a reply that was waited for.
    pushes: VecDeque<Push>,
    /// The entities that it subscribed to, each by its handle; `None` if it is a client that gives none.
    handles: Option<Vec<EntityRef>>,
}

/// What comes down a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A message of ours, and its bytes on the socket.
    Message(Box<Downstream>, usize),
    /// The server closed the socket: with this code and reason.
    Closed(u16, String),
    /// The connection broke without a word.
    Lost,
}

impl Browser {
    /// A browser that gives handles.
    pub(super) fn new(socket: Socket) -> Browser {
        Browser { socket, pushes: VecDeque::new(), handles: Some(Vec::new()) }
    }

    /// The same as a client that knows nothing of handles.
    pub(super) fn without_handles(self) -> Browser {
        Browser { handles: None, ..self }
    }

    /// Takes the first frame, which says who is logged in.
    pub fn welcome(&mut self) -> String {
        welcomed(self.event())
    }

    /// The next that comes down.
    pub fn event(&mut self) -> Event {
        match self.socket.read() {
            Ok(Message::Binary(bytes)) => {
                let message = match Downstream::decode(&bytes).expect("the server sends messages") {
                    Downstream::Short(push) => Downstream::Push(self.named(push)),
                    message => message,
                };
                Event::Message(Box::new(message), bytes.len())
            }
            Ok(Message::Close(Some(frame))) => {
                // Answers the close, as browsers do; the server may be gone already.
                let _ = self.socket.flush();
                Event::Closed(frame.code.into(), frame.reason.to_string())
            }
            Ok(other) => panic!("the server sends binary frames, not {other:?}"),
            Err(tungstenite::Error::Io(error)) if is_timeout(&error) => {
                panic!("nothing came down the socket")
            }
            Err(_) => Event::Lost,
        }
    }

    fn named(&self, push: ShortPush) -> Push {
        let handles = self.handles.as_ref().expect("no push in the short form without a handle");
        let entity = handles.get(push.handle as usize).expect("a handle that was given");
        push.of(entity.clone())
    }

    /// The handle of an entity; a new one if it has none yet.
    fn handle(&mut self, entity: &EntityRef) -> Option<u32> {
        let handles = self.handles.as_mut()?;
        let known = handles.iter().position(|known| known == entity);
        let at = known.unwrap_or_else(|| {
            handles.push(entity.clone());
            handles.len() - 1
        });
        u32::try_from(at).ok()
    }

    /// The bytes of the next frame, which is a message, for a test that need not understand a large one.
    pub fn frame(&mut self) -> Vec<u8> {
        match self.socket.read() {
            Ok(Message::Binary(bytes)) => bytes.to_vec(),
            other => panic!("the server sends binary frames, not {other:?}"),
        }
    }

    /// Sends a frame, whatever it is. A socket that broke says so when it is read.
    pub fn send_frame(&mut self, frame: Message) {
        let _ = self.socket.send(frame);
    }

    /// Sends bytes as a binary frame.
    pub fn send_bytes(&mut self, bytes: Vec<u8>) {
        self.send_frame(Message::Binary(bytes.into()));
    }

    /// Sends a request without waiting for the reply.
    pub fn send(&mut self, request: &Request) {
        self.send_bytes(encode(&request.to_value()).expect("a request has a CBOR form"));
    }

    /// Sends a request and waits for its reply.
    pub fn ask(&mut self, request: &Request) -> Reply {
        self.send(request);
        let reply = self.reply();
        assert_eq!(reply.id, Some(request.id), "a reply to another request");
        reply
    }

    /// Sends a message that need not be a request, and waits for the reply.
    pub fn ask_value(&mut self, message: &Value) -> Reply {
        self.send_bytes(encode(message).expect("a tree has a CBOR form"));
        self.reply()
    }

    /// The next reply.
    pub fn reply(&mut self) -> Reply {
        loop {
            match self.event() {
                Event::Message(message, _) => match *message {
                    Downstream::Reply(reply) => return reply,
                    Downstream::Push(push) => self.pushes.push_back(push),
                    other => panic!("not a reply: {other:?}"),
                },
                other => panic!("the socket ended before the reply: {other:?}"),
            }
        }
    }

    /// The next push.
    pub fn push(&mut self) -> Push {
        if let Some(push) = self.pushes.pop_front() {
            return push;
        }
        match self.event() {
            Event::Message(message, _) => match *message {
                Downstream::Push(push) => push,
                other => panic!("not a push: {other:?}"),
            },
            other => panic!("the socket ended before the push: {other:?}"),
        }
    }

    /// The version of the next push, under whichever handle: of a browser that subscribed with an earlier socket.
    pub fn raw_push(&mut self) -> Stamp {
        match Downstream::decode(&self.frame()).expect("the server sends messages") {
            Downstream::Push(push) => push.meta.modified,
            Downstream::Short(push) => push.meta.modified,
            other => panic!("not a push: {other:?}"),
        }
    }

    /// Whether no push came before the last reply.
    pub fn no_pushes(&self) -> bool {
        self.pushes.is_empty()
    }

    /// What the server says when it closes the socket: code and reason. Messages before that are skipped.
    pub fn closed(&mut self) -> (u16, String) {
        loop {
            match self.event() {
                Event::Message(..) => {}
                Event::Closed(code, reason) => return (code, reason),
                Event::Lost => panic!("the connection broke without a close frame"),
            }
        }
    }

    /// `post`.
    pub fn post(&mut self, entity: &EntityRef, value: Value) -> Reply {
        self.ask(&Request { value: Some(value), ..request(Method::Post, entity) })
    }

    /// `get`; what is held may be nothing.
    pub fn get(&mut self, entity: &EntityRef, held: Option<Stamp>) -> Reply {
        self.ask(&Request { if_modified_since: held.into(), ..request(Method::Get, entity) })
    }

    /// `patchDiff`.
    pub fn patch(&mut self, entity: &EntityRef, held: Stamp, diff: Value) -> Reply {
        self.ask(&patch(entity, held, diff))
    }

    /// `delete`, `patchUndelete` or `unsubscribe`.
    pub fn simply(&mut self, method: Method, entity: &EntityRef) -> Reply {
        self.ask(&request(method, entity))
    }

    /// `subscribe`; what is held may be nothing.
    pub fn subscribe(&mut self, entity: &EntityRef, held: Option<Stamp>) -> Reply {
        let mut subscribe = request(Method::Subscribe, entity);
        subscribe.handle = self.handle(entity);
        subscribe.if_modified_since = held.into();
        self.ask(&subscribe)
    }
}

/// Who is logged in, as the first frame says.
pub(super) fn welcomed(event: Event) -> String {
    match event {
        Event::Message(message, _) => match *message {
            Downstream::Welcome { person } => person,
            other => panic!("not a welcome: {other:?}"),
        },
        other => panic!("not a welcome: {other:?}"),
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

/// A request with an id that no other request of this process has, so that none is taken for a repetition.
pub fn request(method: Method, entity: &EntityRef) -> Request {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Request::new(NEXT.fetch_add(1, Ordering::Relaxed), method, entity.clone())
}

/// A `patchDiff`.
pub fn patch(entity: &EntityRef, held: Stamp, diff: Value) -> Request {
    let if_unmodified_since = Token::At(held);
    Request { if_unmodified_since, diff: Some(diff), ..request(Method::PatchDiff, entity) }
}
