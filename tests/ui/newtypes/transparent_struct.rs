use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(transparent)]
struct Label {
    text: String,
}

fn main() {}
