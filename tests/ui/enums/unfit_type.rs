use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Mark {
    None,
    Circle { radius: std::time::SystemTime },
}

fn main() {}
