//! No name of a field stands in the way of the methods of a diff.
#![deny(warnings)]

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use temporal_entity::{Change, Patch, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    #[entity(merge = "counter")]
    votes: i64,
    votes_add: String,
    labels: BTreeSet<String>,
    labels_insert: bool,
    r#type: Option<u32>,
    // The diff has methods of these names.
    default: u8,
    compose: u8,
    is_empty: u8,
    // And these are names of methods elsewhere.
    new: u8,
    diff: u8,
    apply: u8,
    into: u8,
    clone: u8,
}

fn main() {
    // What a field is called comes first.
    let diff = CardDiff::default().votes_add("title").labels_insert(true).r#type(3).diff(1);
    assert!(matches!(diff.votes_add, Some(Change::Set(text)) if text == "title"));
    let diff = CardDiff::default().votes(1).into(2).clone(3).new(4).apply(5);
    assert!(!diff.is_empty());
    let diff = CardDiff { default: Some(Change::Set(1)), compose: None, ..diff };
    let diff = diff.compose(CardDiff { is_empty: Some(Change::Set(1)), ..CardDiff::default() });
    assert!(diff.labels_remove("a").labels.is_some());
    let _ = |card: Card| (card.votes, card.votes_add, card.labels, card.labels_insert, card.r#type);
    let _ = |card: Card| (card.default, card.compose, card.is_empty, card.new, card.diff);
    let _ = |card: Card| (card.apply, card.into, card.clone);
}
