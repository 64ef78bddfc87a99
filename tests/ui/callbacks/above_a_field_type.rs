use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
#[entity(validate = check)]
struct Address {
    city: String,
}

fn main() {}
