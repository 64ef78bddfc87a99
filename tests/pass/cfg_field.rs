//! A field that is not compiled is no field.
use serde::{Deserialize, Serialize};
use temporal_entity::temporal_entity;

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    #[cfg(any())]
    #[entity(validate = nowhere)]
    gone: Nowhere,
    #[cfg_attr(all(), serde(rename = "kept"))]
    other: u8,
}

fn main() {
    let _ = Card { title: String::new(), other: 1 };
    let CardDiff { title: _, other: _ } = CardDiff::default();
}
