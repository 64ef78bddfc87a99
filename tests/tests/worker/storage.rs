//! What is stored: values of any size, what an edit costs, and that types do not share objects.

use serde_json::json;
use temporal_entity_core::message::{EntityRef, Method};
use temporal_entity_core::time::Stamp;
use temporal_entity_core::value::{Value, get};

use crate::common::{
    assert_refused, card_value, cbor, field, meta, new_card, person, posted_card, server, titled,
    unique, version,
};

#[test]
fn a_value_larger_than_a_row_is_stored_in_chunks_and_read_back() {
    const BYTES: usize = 3_000_000;
    let server = server();
    let mut ada = person(&server, "ada");
    let card = new_card();
    let mut value = card_value("Large");
    let body: String = ('a'..='z').cycle().take(BYTES).collect();
    replace(&mut value, "body", body.as_str().into());
    let posted = ada.post(&card, value);
    assert_eq!((posted.status, meta(&posted).chunks), (201, 2));

    server.evict(&card);
    let read = ada.get(&card, None);
    assert_eq!((read.status, meta(&read).chunks), (200, 2));
    assert!(field(&read, "body").as_text() == Some(body.as_str()), "the body changed");

    // Shrinking it: once the whole is stored again it is in one piece.
    let mut held = version(&read);
    for text in ["short", &body[..BYTES / 2], "short again"] {
        let shrunk = ada.patch(&card, held, cbor(json!({ "body": text })));
        assert_eq!(shrunk.status, 200, "{:?}", shrunk.message);
        held = version(&shrunk);
    }
    server.evict(&card);
    let read = ada.get(&card, None);
    assert_eq!((field(&read, "body"), meta(&read).chunks), (&"short again".into(), 0));
}

fn replace(value: &mut Value, key: &str, by: Value) {
    let entries = value.as_map_mut().unwrap();
    entries.iter_mut().find(|(name, _)| name.as_text() == Some(key)).unwrap().1 = by;
}

#[test]
fn a_value_that_grows_past_the_limit_is_refused_and_stays() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, mut held) = posted_card(&mut ada);
    let large = "x".repeat(7_000_000);
    for field in ["title", "body"] {
        let grown = ada.patch(&card, held, cbor(json!({ field: large })));
        assert_eq!(grown.status, 200, "{:?}", grown.message);
        held = version(&grown);
    }
    let refused = ada.patch(&card, held, cbor(json!({ "assignee": large })));
    assert_refused(&refused, 413, "tooLarge");
    assert_eq!(ada.get(&card, Some(held)).status, 304);
    assert_eq!(ada.patch(&card, held, titled("short")).status, 200);
}

#[test]
fn two_types_under_one_id_are_two_objects() {
    let server = server();
    let mut ada = person(&server, "ada");
    let id = unique("same");
    let card = EntityRef::new("Card", id.as_str()).unwrap();
    let board = EntityRef::new("Board", id.as_str()).unwrap();
    assert_eq!(ada.post(&card, card_value("A card")).status, 201);
    assert_refused(&ada.get(&board, None), 404, "absent");
    let posted = ada.post(&board, cbor(json!({ "title": "A board", "cards": {} })));
    assert_eq!(posted.status, 201);
    ada.simply(Method::Delete, &card);
    assert_eq!(field(&ada.get(&board, None), "title"), &Value::from("A board"));
}

#[test]
fn an_edit_writes_at_most_two_rows() {
    const EDITS: u64 = 300;
    let server = server();
    let (mut ada, mut ben) = (person(&server, "ada"), person(&server, "ben"));
    let doc = EntityRef::new("Doc", unique("doc")).unwrap();
    let record = |number| {
        let note = "a note of forty characters, more or less";
        json!({ "name": format!("record {number}"), "note": note, "quantity": 0, "price": 1.5, "done": false })
    };
    let records: serde_json::Map<_, _> =
        (0..150).map(|number| (format!("r{number}"), record(number))).collect();
    let posted = ada.post(&doc, cbor(json!({ "records": records })));
    assert_eq!(posted.status, 201, "{posted:?}");
    ben.subscribe(&doc, None);
    let before = server.rows_written(&doc);
    let mut held: Stamp = version(&posted);
    for number in 1..=EDITS {
        let diff = json!({ "records": { format!("r{}", number % 150): { "quantity": number } } });
        held = version(&ada.patch(&doc, held, cbor(diff)));
    }
    while ben.push().meta.modified != held {}
    let written = server.rows_written(&doc) - before;
    assert!(written <= 2 * EDITS, "{written} rows for {EDITS} edits");
    let read = ada.get(&doc, None);
    let last = get(get(&field(&read, "records").clone(), "r0").unwrap(), "quantity").cloned();
    assert_eq!(last, Some(Value::from(EDITS)));
}

#[test]
fn nothing_is_written_by_reading() {
    let server = server();
    let mut ada = person(&server, "ada");
    let (card, first) = posted_card(&mut ada);
    ada.subscribe(&card, None);
    let before = server.rows_written(&card);
    for held in [None, Some(first), Some(first.plus(1))] {
        ada.get(&card, held);
        ada.subscribe(&card, held);
    }
    ada.patch(&card, first, titled("Paint the shed"));
    assert_eq!(server.rows_written(&card), before);
}
