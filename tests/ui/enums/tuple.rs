use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind", content = "value")]
enum Mark {
    None,
    At(u32, u32),
}

fn main() {}
