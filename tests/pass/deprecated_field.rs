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

#[allow(deprecated)] // Whoever wrote the field before still does.
fn main() {
    let card = Card {
        title: "a".into(),
        name: "a".into(),
    };
    assert_eq!(card.title, card.name);
    assert!(CardDiff::default().name.is_none());
}
