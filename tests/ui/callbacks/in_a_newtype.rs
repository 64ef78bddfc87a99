use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
struct Label(#[entity(normalize = "trim")] String);

fn main() {}
