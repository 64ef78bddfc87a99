use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[serde(rename = "home address")]
struct Address {
    city: String,
}

fn main() {}
