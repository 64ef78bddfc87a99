use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(content = "value")]
enum Mark {
    Circle { radius: f64 },
}

fn main() {}
