use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Mark {
    Circle {
        #[entity(merge = "counter")]
        count: i64,
    },
}

fn main() {}
