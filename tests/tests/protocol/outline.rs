//! The worked example of a fingerprint, computed as the document says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use temporal_entity::__private::Published;
use temporal_entity::temporal_entity;

use super::document;

/// The card of the document's examples.
#[temporal_entity(version = 1, access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    #[entity(merge = "counter")]
    votes: i64,
    labels: BTreeMap<String, String>,
}

#[test]
fn the_fingerprint_of_the_example_is_computed_from_the_document_alone() {
    let (_, text) = document();
    let (_, example) = text.split_once("```outline\n").expect("an outline");
    let (outline, after) = example.split_once("```").expect("its end");

    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in outline.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let fingerprint = (hash >> 53) ^ (hash % (1 << 53));
    let says = format!("Its hash is {hash:#x}, and its fingerprint {fingerprint}.");
    assert!(after.trim_start().starts_with(&says), "the document has to say: {says}");
    assert!(text.contains(&format!("\"schema\": {fingerprint}, \"ifModifiedSince\"")));

    // What the code publishes of that type.
    let published = Published::of::<Card>();
    assert_eq!(published.outline(), outline);
    assert_eq!(published.fingerprint(), fingerprint);
}
