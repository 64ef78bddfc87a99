use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
struct Label(#[serde(skip)] String);

fn main() {}
