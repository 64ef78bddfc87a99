//! The systems under measure, and what they have in common.

use serde_json::{Map, Value, json};
use tungstenite::Message;

use crate::client::Socket;
use crate::workerd::Workerd;

/// One edit: a field of a record gets a new value.
#[derive(Clone, Copy)]
pub struct Edit {
    /// Number of the record.
    pub record: usize,
    /// The new quantity, another one for each edit.
    pub quantity: u64,
}

/// What comes down a socket.
#[derive(Clone, Copy, Debug)]
pub enum Down {
    /// To a writer: an edit was stored and made this version.
    Stored(u64),
    /// To a reader: it is at this version now.
    Pushed(u64),
}

/// A server with one entity, its readers and its writers.
pub trait Contender: Sync {
    /// Opens the socket of a person who hears of every change.
    fn reader(&self, number: usize) -> Socket;

    /// Opens the socket of a person who only writes.
    fn writer(&self, number: usize) -> Socket;

    /// The version that writers begin with.
    fn first_version(&self) -> u64;

    /// The frame of an edit, made by someone who holds this version.
    fn edit(&self, held: u64, edit: Edit) -> Message;

    /// Understands a frame.
    fn read(&self, frame: &Message) -> Down;

    /// The process under measure.
    fn server(&self) -> &Workerd;

    /// What the entity's object has done since it was created.
    fn done(&self) -> Done;

    /// Bytes of the memory of its wasm, if it has any.
    fn wasm_bytes(&self) -> Option<u64>;
}

/// What an object has done.
#[derive(Clone, Copy)]
pub struct Done {
    /// Rows that were written.
    pub rows: u64,
    /// Bytes of the database.
    pub bytes: u64,
    /// Calls that it made to other objects.
    pub calls: u64,
}

/// Records of about a hundred bytes, so many of them.
pub fn records(count: usize) -> Map<String, Value> {
    let record = |number: usize| {
        let note = format!("a note about record {number}, as long as most are");
        let record = json!({
            "name": format!("record {number}"), "note": note,
            "quantity": 0, "price": 9.75, "done": false,
        });
        (record_id(number), record)
    };
    (0..count).map(record).collect()
}

/// The id of a record.
pub fn record_id(number: usize) -> String {
    format!("r{number:04}")
}
