use serde::{Deserialize, Serialize};
use temporal_entity::EntityField;

#[derive(Serialize, Deserialize, EntityField)]
struct Votes(#[entity(merge = "counter")] i64);

fn main() {}
