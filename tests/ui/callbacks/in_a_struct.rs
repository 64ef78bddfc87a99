use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
struct Address {
    #[entity(normalize = "trim", validate = check)]
    city: String,
}

fn main() {}
