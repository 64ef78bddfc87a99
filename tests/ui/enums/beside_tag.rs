use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Mark {
    None,
    Label(String),
}

fn main() {}
