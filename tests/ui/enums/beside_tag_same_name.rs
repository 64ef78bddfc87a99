use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Mark {
    None,
    At(Place),
}

#[derive(Serialize, Deserialize, EntityField)]
struct Place {
    kind: String,
}

fn main() {}
