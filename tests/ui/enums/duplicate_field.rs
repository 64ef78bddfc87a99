use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(tag = "kind")]
enum Mark {
    Circle {
        #[serde(rename = "size")]
        radius: f64,
        size: f64,
    },
}

fn main() {}
