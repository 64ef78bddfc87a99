//! An entity as large as one may be: made in pieces that fit into messages, edited, read, and read as it was.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method, Token};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::Value;
use temporal_entity_tests::client::{Browser, request};

use super::{Gauge, by_id, entry_bytes, in_records, ok, record, record_id};
use crate::common::{card_value, cbor, own_server, person, unique, version};

/// What of an entity of 16 MB is sent in one message.
const PIECE: usize = 996_000;

/// How many there are.
const PIECES: usize = 16;

/// Moments of the past that are read.
const MOMENTS: usize = 10;

/// Letters in a note, with which a record is a hundred bytes.
const LETTERS: usize = 36;

/// How far wasm's memory may grow. An isolate has 128 MB, of which JavaScript takes what is on its way in messages. Pieces
/// of 4 MB take 130: while a patch is applied, it is a tree, a typed diff and bytes.
const RECORDS_MAX: u64 = 110_000_000;
const TEXTS_MAX: u64 = 110_000_000;

/// Asks for the whole value, now or as of an instant. Only its bytes are looked at: as a tree it would be a hundred
/// times the work.
fn read(browser: &mut Browser, entity: &EntityRef, as_of: Option<Stamp>) -> Vec<u8> {
    let mut get = request(Method::Get, entity);
    get.past.as_of = as_of.map_or(Token::Missing, Token::At);
    browser.send(&get);
    browser.frame()
}

#[test]
fn an_entity_of_16_mb_in_records() {
    let server = own_server();
    // Two persons, so that each edit is a snapshot.
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let doc = EntityRef::new("Doc", unique("doc")).unwrap();
    let gauge = Gauge { server: &server, entity: &doc };
    gauge.read("at first");
    let new = |number| (number, record(number, 0, LETTERS));
    let piece = PIECE / entry_bytes(&by_id([new(0)])).len();
    let mut held = version(&ok(ada.post(&doc, in_records(by_id((0..piece).map(new))))));
    gauge.read("posted 1 MB");
    for number in 1..PIECES {
        let put = |(number, record)| (number, Value::Array(vec![Value::from(0), record]));
        let more = (number * piece..(number + 1) * piece).map(new).map(put);
        held = version(&ok(ada.patch(&doc, held, in_records(by_id(more)))));
        if number % 5 == 0 {
            gauge.read("5 MB more");
        }
    }
    let mut past = vec![(held, 0)];
    let edit = |record, quantity: usize| {
        cbor(json!({ "records": { record_id(record): { "quantity": quantity } } }))
    };
    for number in 1..=MOMENTS {
        let writer = if number % 2 == 0 { &mut ada } else { &mut ben };
        held = version(&ok(writer.patch(&doc, held, edit(number, number))));
        past.push((held, number));
    }
    gauge.read("edited");
    server.evict(&doc);
    ok(ben.patch(&doc, held, edit(0, 1)));
    gauge.read("woken for an edit");

    let rest = entry_bytes(&by_id((MOMENTS + 1..PIECES * piece).map(new)));
    let mut check = |as_of, edits: usize, first: u64| {
        let quantity = |n| {
            if n == 0 {
                first
            } else if n <= edits {
                n as u64
            } else {
                0
            }
        };
        let edited = (0..=MOMENTS).map(|n| (n, record(n, quantity(n), LETTERS)));
        let frame = read(&mut ada, &doc, as_of);
        let before = frame.strip_suffix(rest.as_slice()).expect("what nobody edited");
        assert!(before.ends_with(&entry_bytes(&by_id(edited))), "as of {edits} edits");
    };
    check(None, MOMENTS, 1);
    gauge.read("read whole");
    past.into_iter().for_each(|(instant, edits)| check(Some(instant), edits, 0));
    let wasm = gauge.read("read as it was");
    assert!(wasm < RECORDS_MAX, "wasm's memory grew to {wasm}");
}

#[test]
fn an_entity_of_16_mb_in_texts() {
    let server = own_server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let card = EntityRef::new("Card", unique("card")).unwrap();
    let gauge = Gauge { server: &server, entity: &card };
    gauge.read("at first");
    let mut held = version(&ok(ada.post(&card, card_value("Large"))));
    let text: String = ('a'..='z').cycle().take(7_900_000).collect();
    for field in ["title", "assignee"] {
        held = version(&ok(ada.patch(&card, held, cbor(json!({ field: text })))));
        gauge.read("7.9 MB more");
    }
    let mut past = vec![(held, 0)];
    for number in 1..=MOMENTS {
        let writer = if number % 2 == 0 { &mut ada } else { &mut ben };
        held = version(&ok(writer.patch(&card, held, cbor(json!({ "votes": number })))));
        past.push((held, number));
    }
    gauge.read("edited");
    server.evict(&card);
    let mut check = |as_of, votes: usize| {
        let frame = read(&mut ben, &card, as_of);
        let fields = [
            (Value::from("votes"), Value::from(votes as u64)),
            (Value::from("assignee"), Value::from(text.as_str())),
            (Value::from("checklist"), Value::Array(vec![])),
            (Value::from("labels"), Value::Map(vec![])),
        ];
        assert!(frame.ends_with(&entry_bytes(&Value::Map(fields.into()))), "as of {votes} votes");
        assert!(frame.len() > 2 * text.len());
    };
    check(None, MOMENTS);
    gauge.read("woken and read whole");
    past.into_iter().for_each(|(instant, votes)| check(Some(instant), votes));
    let wasm = gauge.read("read as it was");
    assert!(wasm < TEXTS_MAX, "wasm's memory grew to {wasm}");
}
