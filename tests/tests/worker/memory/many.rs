//! Many objects in one isolate, of which none is in use for long.

use temporal_entity_core::codec::{encode, encode_value};
use temporal_entity_core::message::{EntityRef, Method};
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, request};

use super::{Gauge, by_id, entry_bytes, in_records, record};
use crate::common::{own_server, person, unique};

const OBJECTS: usize = 500;

const BYTES: usize = 1_000_000;

/// Letters in a note, with which a record is ten kilobytes: what is measured is the memory of many values, and smaller
/// records only take longer.
const LETTERS: usize = 9_935;

/// How far wasm's memory may grow: what machines may hold, and what one request takes beside it. All values together
/// are half a gigabyte.
const WASM_MAX: u64 = 100_000_000;

/// A document, as its reader has it.
struct Doc {
    entity: EntityRef,
    value: Vec<u8>,
}

impl Doc {
    /// The one with this number: its first record says so, and the others are the same in all.
    fn new(number: usize, others: &[u8], count: usize) -> Doc {
        let empty = encode_value(&in_records(by_id([]))).unwrap();
        // A map with a length of one byte in place of the empty one.
        let mut value = empty[..empty.len() - 1].to_vec();
        value.extend([0xb8, u8::try_from(count).unwrap()]);
        value.extend(entry_bytes(&by_id([(0, record(number, number as u64, LETTERS))])));
        value.extend(others);
        Doc { entity: EntityRef::new("Doc", unique("doc")).unwrap(), value }
    }

    fn post(&self, browser: &mut Browser) {
        let mut message = encode(&request(Method::Post, &self.entity).to_value()).unwrap();
        // One entry more: the value, whose bytes are there already.
        message[0] += 1;
        message.extend(encode_value(&Value::from("value")).unwrap());
        message.extend(&self.value);
        browser.send_bytes(message);
        let reply = browser.reply();
        assert_eq!(reply.status, 201, "{:?}", reply.message);
    }

    fn assert_there(&self, browser: &mut Browser) {
        browser.send(&request(Method::Get, &self.entity));
        assert!(browser.frame().ends_with(&self.value), "{} changed", self.entity);
    }
}

#[test]
fn five_hundred_objects_of_1_mb_share_a_bounded_memory() {
    let server = own_server();
    let mut ada = person(&server, "ada");
    let one = entry_bytes(&by_id([(1, record(1, 0, LETTERS))])).len();
    let count = BYTES / one;
    let others = entry_bytes(&by_id((1..count).map(|number| (number, record(number, 0, LETTERS)))));
    let docs: Vec<_> = (0..OBJECTS).map(|number| Doc::new(number, &others, count)).collect();
    let gauge = Gauge { server: &server, entity: &docs[0].entity };
    gauge.read("at first");
    docs.iter().for_each(|doc| doc.post(&mut ada));
    gauge.read("all written");
    docs.iter().for_each(|doc| doc.assert_there(&mut ada));
    gauge.read("all read");
    // Evicted ones are no better: what Rust holds for them is freed late.
    for doc in docs.iter().take(OBJECTS / 5) {
        doc.assert_there(&mut ada);
        server.evict(&doc.entity);
        doc.assert_there(&mut ada);
    }
    let wasm = gauge.read("some evicted, and read again");
    assert!(wasm < WASM_MAX, "wasm's memory grew to {wasm}");
}
