use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[entity(dif = Moves)]
struct Address {
    city: String,
}

fn main() {}
