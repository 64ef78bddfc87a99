//! A deprecated field still travels, without a warning in generated code.
#![deny(warnings)]

use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    #[deprecated = "use the title"]
    name: String,
}

fn main() {
    assert!(CardDiff::default().name.is_none());
}
