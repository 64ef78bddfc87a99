//! The hand-written floors of `tests/bench-floor`.

use serde_json::{Value, json};
use tungstenite::Message;

use super::contender::{Contender, Done, Down, Edit, record_id, records};
use crate::client::{Socket, open, send};
use crate::workerd::{FLOOR, Workerd};

/// One of the two.
pub struct Floor {
    server: Workerd,
    class: &'static str,
}

impl Floor {
    /// Starts it with an entity of so many records.
    pub fn start(class: &'static str, count: usize) -> Floor {
        let server = Workerd::start(FLOOR, &[]);
        let floor = Floor { server, class };
        let body = Value::Object(records(count)).to_string();
        let answer = send("PUT", &floor.entity(), &[], &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        floor
    }

    fn entity(&self) -> String {
        format!("{}/{}/doc", self.server.origin(), self.class)
    }

    fn connect(&self, person: &str) -> Socket {
        let path = format!("/{}/doc/{person}", self.class);
        open(&self.server.origin(), &path, &[]).expect("the floor takes every socket")
    }
}

impl Contender for Floor {
    fn reader(&self, number: usize) -> Socket {
        self.connect(&format!("reader-{number}"))
    }

    fn writer(&self, number: usize) -> Socket {
        self.connect(&format!("writer-{number}/deaf"))
    }

    fn first_version(&self) -> u64 {
        0
    }

    fn edit(&self, _held: u64, edit: Edit) -> Message {
        let edit = json!({ record_id(edit.record): { "quantity": edit.quantity } });
        Message::text(edit.to_string())
    }

    fn read(&self, frame: &Message) -> Down {
        let text = frame.to_text().expect("the floor sends text");
        let down: Value = serde_json::from_str(text).expect("the floor sends JSON");
        let stored = down["stored"].as_u64().map(Down::Stored);
        let pushed = down["version"].as_u64().map(Down::Pushed);
        stored.or(pushed).expect("the floor sends answers and pushes")
    }

    fn server(&self) -> &Workerd {
        &self.server
    }

    fn done(&self) -> Done {
        let answer = send("GET", &self.entity(), &[], "");
        let told: Value = serde_json::from_str(&answer.body).expect("the floor tells its rows");
        let figure = |name| told[name].as_u64().expect("the floor tells what it did");
        Done { rows: figure("written"), bytes: figure("stored"), calls: figure("calls") }
    }

    fn wasm_bytes(&self) -> Option<u64> {
        None
    }
}
