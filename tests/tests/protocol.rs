//! The examples of `docs/protocol.md` are what the code reads and writes.
//!
//! With `UPDATE_EXPECT=1` their bytes are written anew.

#[path = "protocol/behaviour.rs"]
mod behaviour;
#[path = "protocol/outline.rs"]
mod outline;

use std::path::{Path, PathBuf};

use expect_test::expect_file;
use temporal_entity_core::codec::{MAX_MESSAGE_BYTES, decode, encode};
use temporal_entity_core::message::{Downstream, Request};
use temporal_entity_core::patch::apply;
use temporal_entity_core::value::{Value, same};
use temporal_entity_tests::notation::{from_hex, parse, to_hex};

/// What the patches of the examples are patches of.
const CARD: &str = r#"{
    "title": "Old", "labels": {"old": "blue"}, "assignee": "ada", "body": "Paint the house",
    "links": ["a", "b", "c", "d"], "watchers": 258(["bob", "eve"]), "votes": 3,
    "steps": [{"id": "s1", "done": false}, {"id": "s2", "done": true}, {"id": "s4", "done": true}],
    "rows": [{"nr": 7, "done": false}],
    "any": {"size": {"width": 2}, "note": "x", "points": [[1, 2], [2, 3]]}
}"#;

/// The document, and where it is.
fn document() -> (PathBuf, String) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.md");
    let text = std::fs::read_to_string(&file).unwrap();
    (file, text)
}

#[test]
fn examples_are_what_the_code_says() {
    let (file, text) = document();
    let mut count = 0;
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, block)) = rest.split_once("```cbor ") {
        let (block, after) = block.split_once("```").unwrap();
        let (kind, example) = block.split_once('\n').unwrap();
        let (notation, hex) = example.split_once("--\n").unwrap();
        let bytes = encode(&parse(notation)).unwrap();
        check(kind, &bytes);
        if !hex.is_empty() {
            assert_eq!(
                decode(&from_hex(hex), MAX_MESSAGE_BYTES),
                Ok(parse(notation)),
                "{notation}"
            );
        }
        out += &format!("{before}```cbor {kind}\n{notation}--\n{}```", lines(&bytes));
        rest = after;
        count += 1;
    }
    assert!(count >= 12, "{count} examples");
    expect_file![file].assert_eq(&(out + rest));
}

fn check(kind: &str, bytes: &[u8]) {
    match kind {
        "request" => {
            let request = Request::decode(bytes, MAX_MESSAGE_BYTES).unwrap();
            assert_eq!(encode(&request.to_value()).unwrap(), bytes);
        }
        "downstream" => {
            assert_eq!(Downstream::decode(bytes).unwrap().encode().unwrap(), bytes);
        }
        "patch" => {
            let patch = decode(bytes, MAX_MESSAGE_BYTES).unwrap();
            let mut card = parse(CARD);
            let before = card.clone();
            let undo = apply(&mut card, &patch).unwrap();
            assert_ne!(card, before, "{patch:?} changes something");
            apply(&mut card, &undo).unwrap();
            assert!(same(&card, &before));
        }
        "value" => assert!(matches!(decode(bytes, MAX_MESSAGE_BYTES), Ok(Value::Map(_)))),
        other => panic!("no such kind: {other}"),
    }
}

fn lines(bytes: &[u8]) -> String {
    let line = |bytes: &[u8]| {
        let pairs: Vec<_> = bytes.chunks(1).map(to_hex).collect();
        pairs.join(" ") + "\n"
    };
    bytes.chunks(32).map(line).collect()
}
