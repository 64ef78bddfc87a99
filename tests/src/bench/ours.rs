//! Ours: one Person for each reader and writer, and a `Doc`.

use std::sync::Mutex;

use serde_json::json;
use temporal_entity_core::codec::encode;
use temporal_entity_core::message::{Downstream, EntityRef, Method, Reply, Request};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use tungstenite::Message;

use super::contender::{Contender, Done, Down, Edit, record_id, records};
use crate::client::{Session, Socket, open, patch, request};
use crate::workerd::{BENCH, Workerd};

/// How readers hear of changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Through their Persons.
    Persons,
    /// By direct lines.
    Lines,
}

/// The example's worker with one document.
pub struct Ours {
    server: Workerd,
    way: Way,
    /// The first sockets of readers who have direct lines.
    beside: Mutex<Vec<Socket>>,
    doc: EntityRef,
    created: u64,
}

impl Ours {
    /// Starts it with a document of so many records.
    pub fn start(count: usize, way: Way) -> Ours {
        let lines = if way == Way::Lines { "2" } else { "never" };
        let server = Workerd::start(BENCH, &[("ENVIRONMENT", "test"), ("LINES", lines)]);
        let doc = EntityRef::new("Doc", "doc").expect("it is a name and an id");
        let value = tree(&json!({ "records": records(count) }));
        let posted = Session::login(&server, "author").connect("browser").post(&doc, value);
        let created = posted.meta.expect("the document is new").modified.micros();
        Ours { server, way, beside: Mutex::default(), doc, created }
    }

    fn connect(&self, person: &str) -> Socket {
        self.connected(&Session::login(&self.server, person))
    }

    fn connected(&self, session: &Session) -> Socket {
        let mut socket = socket(session, "");
        next(&mut socket);
        socket
    }

    /// The direct line of a session, whose first socket is kept.
    fn line(&self, session: &Session) -> Socket {
        let mut first = self.connected(session);
        let ticket = request(Method::Line, &self.doc);
        send(&mut first, &ticket);
        let ticket = match next(&mut first) {
            Downstream::Reply(Reply { ticket: Some(ticket), .. }) => ticket,
            other => panic!("no ticket: {other:?}"),
        };
        self.beside.lock().expect("no thread failed").push(first);
        socket(session, &format!("&ticket={ticket}"))
    }
}

impl Contender for Ours {
    fn reader(&self, number: usize) -> Socket {
        let session = Session::login(&self.server, &format!("reader {number}"));
        let mut socket = match self.way {
            Way::Persons => self.connected(&session),
            Way::Lines => self.line(&session),
        };
        // As the hub does, whose handles take up to three bytes.
        let handle = Some(u32::from(u16::MAX));
        let subscribe = Request { handle, ..request(Method::Subscribe, &self.doc) };
        send(&mut socket, &subscribe);
        match next(&mut socket) {
            Downstream::Reply(reply) if reply.status == 200 => socket,
            other => panic!("not subscribed: {other:?}"),
        }
    }

    fn writer(&self, number: usize) -> Socket {
        self.connect(&format!("writer {number}"))
    }

    fn first_version(&self) -> u64 {
        self.created
    }

    fn edit(&self, held: u64, edit: Edit) -> Message {
        let held = Stamp::from_micros(held).expect("versions are stamps");
        let record = json!({ record_id(edit.record): { "quantity": edit.quantity } });
        let edit: Request = patch(&self.doc, held, tree(&json!({ "records": record })));
        Message::binary(encode(&edit.to_value()).expect("a request has a CBOR form"))
    }

    fn read(&self, frame: &Message) -> Down {
        match decode(frame) {
            Downstream::Reply(reply) if reply.is_success() => {
                Down::Stored(reply.meta.expect("a write is answered with meta").modified.micros())
            }
            Downstream::Short(push) => Down::Pushed(push.meta.modified.micros()),
            other => panic!("an edit failed: {other:?}"),
        }
    }

    fn server(&self) -> &Workerd {
        &self.server
    }

    fn done(&self) -> Done {
        Done {
            rows: self.server.rows_written(&self.doc),
            bytes: self.server.stored_bytes(&self.doc),
            calls: self.server.calls_made(&self.doc),
        }
    }

    fn wasm_bytes(&self) -> Option<u64> {
        Some(self.server.wasm_bytes(&self.doc))
    }
}

/// JSON as a value of ours.
pub fn tree(json: &serde_json::Value) -> Value {
    Value::serialized(json).expect("JSON has a CBOR form")
}

fn socket(Session { origin, cookie, .. }: &Session, more: &str) -> Socket {
    let headers = [("origin", origin.as_str()), ("cookie", cookie.as_str())];
    open(origin, &format!("/connect?browser=browser{more}"), &headers)
        .unwrap_or_else(|status| panic!("the connection was refused with {status}"))
}

fn send(socket: &mut Socket, request: &Request) {
    let request = encode(&request.to_value()).expect("a request has a CBOR form");
    socket.send(Message::binary(request)).expect("the server takes frames");
}

fn next(socket: &mut Socket) -> Downstream {
    decode(&socket.read().expect("the server sends frames"))
}

fn decode(frame: &Message) -> Downstream {
    let Message::Binary(bytes) = frame else { panic!("not a binary frame: {frame:?}") };
    Downstream::decode(bytes).expect("the server sends messages")
}
