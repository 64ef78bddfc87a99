//! A raw identifier has its plain name on the wire.
use serde::{Deserialize, Serialize};
use temporal_entity::{Change, Patch, temporal_entity};

#[temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
struct Card {
    r#type: String,
}

fn main() {
    let diff = CardDiff {
        r#type: Some(Change::Set("bug".into())),
    };
    let wire = diff.to_value();
    let (key, _) = &wire.as_map().unwrap()[0];
    assert_eq!(key.as_text(), Some("type"));
    drop(Card { r#type: String::new() });
}
