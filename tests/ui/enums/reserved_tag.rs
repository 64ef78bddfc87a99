use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "$kind")]
enum Mark {
    Circle { radius: f64 },
}

fn main() {}
