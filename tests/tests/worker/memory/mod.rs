//! Large entities and many of them, and how much memory they take: an isolate has 128 MB for wasm and JavaScript
//! together.

mod large;
mod many;

use temporal_entity_core::codec::encode_value;
use temporal_entity_core::message::{EntityRef, Reply};
use temporal_entity_core::value::Value;
use temporal_entity_tests::workerd::Workerd;

/// Tells how far the memory has grown. wasm's is shared with nobody, and never shrinks.
struct Gauge<'a> {
    server: &'a Workerd,
    entity: &'a EntityRef,
}

impl Gauge<'_> {
    /// Prints the figures; that of wasm.
    fn read(&self, step: &str) -> u64 {
        let wasm = self.server.wasm_bytes(self.entity);
        let held = self.server.held_bytes(self.entity);
        let resident = self.server.resident_bytes();
        let mb = |bytes: u64| bytes as f64 / 1e6;
        println!(
            "{:>6.1} MB wasm, of which machines hold {:>5.1}; {:>6.1} MB resident: {step}",
            mb(wasm),
            mb(held),
            mb(resident)
        );
        wasm
    }
}

/// A record with a note of this many letters, in the order in which the type writes it.
fn record(number: usize, quantity: u64, letters: usize) -> Value {
    let key = |key: &str| Value::from(key);
    Value::Map(vec![
        (key("name"), Value::from(format!("record {number:06}"))),
        (key("note"), Value::from(format!("{number:0letters$}"))),
        (key("quantity"), Value::from(quantity)),
        (key("price"), Value::Float(9.75)),
        (key("done"), Value::Bool(false)),
    ])
}

fn record_id(number: usize) -> String {
    format!("r{number:06}")
}

/// A map of entries that come under the numbers of their records.
fn by_id(entries: impl IntoIterator<Item = (usize, Value)>) -> Value {
    let entry = |(number, value)| (Value::from(record_id(number)), value);
    Value::Map(entries.into_iter().map(entry).collect())
}

fn in_records(records: Value) -> Value {
    Value::Map(vec![(Value::from("records"), records)])
}

/// The bytes of the entries of a map, without its header: a large one is put together of such pieces.
fn entry_bytes(map: &Value) -> Vec<u8> {
    let entries = map.as_map().expect("a map").iter();
    let bytes = |value: &Value| encode_value(value).expect("a tree has a CBOR form");
    entries.flat_map(|(key, value)| [bytes(key), bytes(value)]).flatten().collect()
}

fn ok(reply: Reply) -> Reply {
    assert!(reply.is_success(), "{} {:?}", reply.status, reply.message);
    reply
}
